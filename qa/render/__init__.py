"""Answers as text, for people: Markdown, plain text, and the phrases around them."""
