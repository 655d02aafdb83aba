"""Saved web pages: which part is the article, and what in it is text, heading or row."""

from qa.loaders.html.reading import read

__all__ = ["read"]
