"""Labelled articles: the records, those held out, and the questions that come along."""
