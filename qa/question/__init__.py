"""What a question asks: its tokens, subject and kind, and what it takes from earlier ones."""
