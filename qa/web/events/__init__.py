"""What happens on the page: a question is asked, an article is added."""
