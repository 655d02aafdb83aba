"""PDF: characters at places on pages, put together to paragraphs and tables."""

from qa.loaders.pdf.reading import read

__all__ = ["read"]
