"""The paragraphs that searches found lately, so that their words are counted once."""

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass

from qa.index.milvus.connection import Row
from qa.index.milvus.documents import Documents
from qa.loaders.split import search_context
from qa.text import tokens
from qa.types import Paragraph

__all__ = ["CountedParagraph", "Recent"]

_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class CountedParagraph:
    """A paragraph that a search has found, with its search tokens counted."""

    paragraph: Paragraph
    tokens: Counter[str]


class Recent:
    """The last 50,000 paragraphs found, by number; may be asked from several threads at once."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._lock = threading.Lock()
        self._found: OrderedDict[int, CountedParagraph] = OrderedDict()

    def get(self, number: int) -> CountedParagraph | None:
        """Return the paragraph of a number, as it was last found; None if it was not."""
        with self._lock:
            return self._found.get(number)

    def remember(self, row: Row) -> CountedParagraph:
        """Return the paragraph that a row holds now."""
        number = int(row["number"])
        paragraph = self._documents.paragraph(row)
        with self._lock:
            known = self._found.pop(number, None)
            if known is None or known.paragraph != paragraph:
                searched = f"{search_context(paragraph)}\n{paragraph.text}"
                known = CountedParagraph(paragraph, Counter(tokens(searched)))
            self._found[number] = known
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return known
