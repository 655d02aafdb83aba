"""No regular expression of the package takes time that doubles with each character more.

Where what is repeated can be taken apart in two ways (``(?:哈+)+``, ``(?:总共|总|共)*``), each
further repetition doubles the ways that are tried before a match fails.
"""

import importlib
import pkgutil
import random
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

import qa
from qa.question.about_article import asked_about
from qa.question.intent import intent
from qa.question.topic import analyse
from qa.text.words import load_words

Node = Any
"""Of a pattern taken apart: the parser's own types are not public."""
PARSER: Any = importlib.import_module("re._parser")
CONSTANTS: Any = importlib.import_module("re._constants")
REPEATS = (CONSTANTS.MAX_REPEAT, CONSTANTS.MIN_REPEAT, CONSTANTS.POSSESSIVE_REPEAT)
pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="needs a clock of the process"
)

GROUPS = (CONSTANTS.SUBPATTERN, CONSTANTS.ASSERT, CONSTANTS.ASSERT_NOT)
OF_CLASS = {
    CONSTANTS.CATEGORY_DIGIT: "17",
    CONSTANTS.CATEGORY_SPACE: " ",
    CONSTANTS.CATEGORY_WORD: "a1字",
}
ANY = "a1字 ,."
ENDS = "x字\0"
TIMES = 30
"""Ways of taking it apart beyond any time: 2 to the power of this."""
TRIALS = 100
SECONDS = 2.0
"""Of the processor, for what takes less than a thousandth."""


class TooLongError(Exception):
    pass


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(qa.__path__, "qa."):
        if not found.name.endswith("__main__"):
            try:
                yield importlib.import_module(found.name)
            except ImportError:  # an extra that is not installed
                continue


def patterns(value: object) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of text in a module's constant."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from patterns(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset) and len(value) < 1_000:
        for one in value:
            yield from patterns(one)


def inside(what: Node, given: Node) -> list[Node]:
    """Return the sequences that a part of a pattern is made of."""
    if what in REPEATS:
        return [given[2]]
    if what in GROUPS:
        return [given[-1]]
    if what is CONSTANTS.ATOMIC_GROUP:
        return [given]
    return list(given[1]) if what is CONSTANTS.BRANCH else []


def loops(sequence: Node, before: Sequence[Node] = ()) -> Iterator[tuple[list[Node], Node]]:
    """Yield what is repeated in a pattern, with what comes before it."""
    for place, (what, given) in enumerate(sequence):
        ahead = [*before, *list(sequence)[:place]]
        if what in REPEATS and given[1] > 5:
            yield ahead, given[2]
        for one in inside(what, given):
            yield from loops(one, ahead)


def sample(sequence: Node, chance: random.Random) -> str:
    """Return a text that a part of a pattern matches, its assertions left aside."""
    made = ""
    for what, given in sequence:
        if what is CONSTANTS.LITERAL:
            made += chr(given)
        elif what is CONSTANTS.IN and given[0][0] is not CONSTANTS.NEGATE:
            kind, value = chance.choice(given)
            if kind is CONSTANTS.RANGE:
                made += chr(chance.choice(value))
            else:
                made += chr(value) if isinstance(value, int) else OF_CLASS.get(value, ",")[0]
        elif what in (CONSTANTS.IN, CONSTANTS.ANY, CONSTANTS.NOT_LITERAL):
            made += chance.choice(ANY)
        elif what in REPEATS:
            fewest = given[0]
            for _ in range(chance.randint(fewest, min(int(given[1]), fewest + 2))):
                made += sample(given[2], chance)
        elif what not in (CONSTANTS.ASSERT, CONSTANTS.ASSERT_NOT) and inside(what, given):
            made += sample(chance.choice(inside(what, given)), chance)
    return made


def hostile(pattern: re.Pattern[str], chance: random.Random) -> Iterator[str]:
    """Yield texts that repeat what a pattern repeats and end in what it does not match."""
    for before, repeated in loops(PARSER.parse(pattern.pattern, pattern.flags)):
        for trial in range(TRIALS):
            unit = sample(repeated, chance)
            if unit and trial % 4 == 0:
                unit = chance.choice(unit)
            elif trial % 4 == 1:
                unit += sample(repeated, chance)
            start = sample(before, chance) if trial % 2 else ""
            yield f"{start}{unit[:12] * TIMES}{chance.choice(ENDS)}"


@contextmanager
def limited() -> Iterator[None]:
    """Stop what is inside, a search that hangs too, when it has taken its time."""

    def stop(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def first_hanging(pattern: re.Pattern[str]) -> str | None:
    """Return a text that a pattern is not done with in time; None if there is none."""
    for text in hostile(pattern, random.Random(1)):
        try:
            with limited():
                pattern.search(text)
                pattern.fullmatch(text)
        except TooLongError:
            return text
    return None


def test_no_pattern_tries_twice_as_much_for_each_repetition() -> None:
    named = {
        one: f"{module.__name__}.{name}"
        for module in modules()
        for name, value in vars(module).items()
        for one in patterns(value)
    }
    assert len(named) > 300
    hanging = {f"{name} {one.pattern[:20]}": first_hanging(one) for one, name in named.items()}
    assert not {name: text for name, text in hanging.items() if text is not None}


@pytest.mark.parametrize("end", ["", "那微乐贷呢", "有几段", "x"])
@pytest.mark.parametrize(
    "repeated",
    (
        "哦|哈|嗯|好哦|哈哦|嗯呢|好吧|明白|谢谢|你们好~吧|你来|你现在|麻烦你|总共|教练|请|bye "
        "|qwerty|mnbvcxz"
    ).split("|"),
)
def test_sounds_around_a_question_take_no_time(repeated: str, end: str) -> None:
    for typed in (repeated * TIMES + end, end + repeated * TIMES, f"微乐贷{repeated * TIMES}笑"):
        with limited():
            intent(typed)
            asked_about(typed)
            analyse(typed)


@pytest.mark.parametrize("repeated", ["山他", "哪山", "他山哪"])
def test_a_long_question_is_segmented_once(repeated: str) -> None:
    load_words()
    with limited():
        analyse(repeated * 200)
