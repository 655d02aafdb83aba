"""A question, analysed once: every stage takes from it what it needs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from qa.question.about_article import About, asked_about
from qa.question.division import asks_for_division, named_division
from qa.question.expected import expected_pattern
from qa.question.follow_up import more_asked, stand_alone
from qa.question.forms import AskedItem, asked_item, asks_for_all, asks_whether, either_or
from qa.question.names import Name, names_in
from qa.text import Language, fold, language, query_tokens, without_question_words
from qa.text.numbers import AskedNumber, Conflict, Mention, asked_numbers, canonical, conflicts
from qa.text.scales import opposites
from qa.text.times import full_year
from qa.text.words import words_of
from qa.types import Integers

__all__ = ["Question"]

_SHORT_YEAR = re.compile(
    r"(?<![\d.,:/第前后近过满期历共约每这那国绪熙正隆庆光丰治武乐祯观])(?<![昭令]和)(?<!平成)"
    r"(\d\d)年(?![来前后内间以之级限期多半余\d?？]|的历史|$)"
)
"""What may name a year by its last two figures."""

_TELLING = ("n", "v", "a", "i", "j", "l", "m", "t", "eng")
"""Parts of speech, as jieba names them, of words that tell what a question is about."""
_SAYING_LITTLE = frozenset("是有在")


@dataclass(frozen=True)
class Question:
    """A stand-alone question, what was typed for it, and what it asks, by rule.

    ``text`` is what is searched and ``asked`` what was typed, before it took anything from the
    questions before it; ``more`` tells how many times more of the same was asked for since.
    Each property is worked out when it is first needed, and once.
    """

    text: str
    asked: str = ""
    more: int = 0

    @classmethod
    def in_conversation(
        cls,
        asked: str,
        history: Sequence[str],
        answer_to: Callable[[str], str] | None = None,
    ) -> "Question":
        """Return what was typed with what it takes from the questions before it, oldest first.

        ``answer_to`` is as for :func:`qa.question.follow_up.stand_alone`.
        """
        return cls(stand_alone(asked, history, answer_to), asked, more_asked(asked, history))

    def with_full_years(self, frequencies: Callable[[Sequence[str]], Integers]) -> "Question":
        """Return the question with its years in four figures, 98年 as 1998年.

        Only where the documents have such a year, and the two figures in no number of their own.
        """
        text, folded = self.text, self.folded
        found = list(_SHORT_YEAR.finditer(folded)) if len(text) == len(folded) else []
        for short in reversed(found):
            year = full_year(short[1])
            held = [] if year is None else frequencies([year, short[1]]).astype(bool).tolist()
            if held == [True, False]:
                text = f"{text[: short.start()]}{year}{text[short.end(1) :]}"
        return (
            self if text == self.text else replace(self, text=text, asked=self.asked or self.text)
        )

    @cached_property
    def folded(self) -> str:
        """The text as it is searched, its numbers as they were written."""
        return fold(self.text)

    @cached_property
    def language(self) -> Language:
        """The script it is written in."""
        return language(self.text)

    def is_in_language_of(self, text: str) -> bool:
        """Tell whether it and a text are both Chinese, in whatever script, or neither is."""
        return (self.language == "en") == (language(text) == "en")

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Its distinct search tokens, without what only asks."""
        return tuple(query_tokens(self.text))

    @cached_property
    def content(self) -> str:
        """The search copy with blanks for what only asks."""
        return canonical(without_question_words(self.text))

    @cached_property
    def content_words(self) -> tuple[str, ...]:
        """The words of :attr:`content` that tell what it is about."""
        return tuple(
            word.text
            for word in words_of(self.content)
            if word.tag.startswith(_TELLING) and word.text not in _SAYING_LITTLE
        )

    @cached_property
    def about(self) -> About | None:
        """What it asks about the article itself."""
        return asked_about(self.text)

    @cached_property
    def expected(self) -> re.Pattern[str] | None:
        """What an answer usually contains, such as a date or a number."""
        return expected_pattern(self.text)

    @cached_property
    def whether(self) -> bool:
        """Whether it asks for yes or no."""
        return asks_whether(self.text)

    @cached_property
    def sides(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """The two sides that it asks to choose from: 收费还是免费."""
        return either_or(self.text)

    @cached_property
    def for_all(self) -> bool:
        """Whether it asks for several things, or for how something is done."""
        return asks_for_all(self.text)

    @cached_property
    def item(self) -> AskedItem | None:
        """The item that it asks for by its number: 第二步."""
        return asked_item(self.text)

    @cached_property
    def division(self) -> Mention | None:
        """The division of a text that it names: 第13条."""
        return named_division(self.text)

    @cached_property
    def for_division(self) -> bool:
        """Whether it asks for a division as a whole."""
        return asks_for_division(self.text)

    @cached_property
    def numbers(self) -> tuple[AskedNumber, ...]:
        """The numbers that an answer has to agree with."""
        return asked_numbers(self.text)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names in it."""
        return tuple(names_in(self.text))

    def conflicts_with(self, passage: str) -> tuple[Conflict, ...]:
        """Return what a passage has others of the same kind for: numbers, and words of a scale.

        What names several to choose from is answered by one of them, and whether something grew
        by a passage that says it fell.
        """
        if self.sides is not None:
            return ()
        words = () if self.whether else opposites(self.text, passage)
        return (*conflicts(self.numbers, passage), *words)
