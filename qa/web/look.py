"""How an answer is shown to whoever reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from qa.render.phrases import LABELS, Labels
from qa.text import Language
from qa.web.texts import TEXTS

__all__ = ["NONE_RIGHT", "Look"]

NONE_RIGHT = -1


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer is shown: language, whether passages name their article, and feedback.

    ``judged`` are the ids of the articles whose passages may be judged; ``liked`` and
    ``right`` what was judged already (``NONE_RIGHT``: that no passage answers).
    """

    language: Language
    with_title: bool = False
    judged: frozenset[str] = frozenset()
    liked: bool | None = None
    right: int | None = None

    @property
    def is_choosing(self) -> bool:
        """Whether the right passage is asked for."""
        return self.liked is False and self.right is None

    @property
    def labels(self) -> Labels:
        """The words around an answer."""
        return LABELS[self.language]

    @property
    def texts(self) -> Mapping[str, str]:
        """The strings of the interface."""
        return TEXTS[self.language]
