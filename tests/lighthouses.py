"""Articles made up for many people at once: each has its own, with questions about nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

__all__ = ["MOST", "Question", "article_of", "questions_about", "ship_of", "write_articles"]

COLOURS = "青白赤玄紫银金碧丹苍"
COASTS = "礁沙岬湾屿滩岩洲渚崖港浦汀矶岛澳峡湖泽堤"
NAMES = [colour + coast for colour, coast in product(COLOURS, COASTS)]
MOST = len(NAMES)
"""Articles that differ; more people than that share some."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the paragraph of the articles that answers it."""

    text: str
    paragraph: str


def article_of(number: int) -> str:
    """Return the id of the article of a number."""
    return f"{_lighthouse(number)}.md"


def questions_about(number: int) -> tuple[Question, ...]:
    """Return the questions that the article of a number answers, each by a paragraph."""
    name = _lighthouse(number)
    height, year, years = 20 + number % MOST, 1700 + number % MOST, 3 + number % 40
    return (
        Question(f"{name}有多高？", f"{name}高{height}米，站在塔顶能看到两个县。"),
        Question(f"{name}建于哪一年？", f"{name}建于{year}年，起初烧的是鲸油。"),
        Question(f"{name}的守塔人守了几年？", f"{name}的守塔人姓周，已经守了{years}年。"),
    )


def write_articles(folder: Path, count: int) -> None:
    """Write the articles of the numbers below ``count``."""
    for number in range(min(count, MOST)):
        text = "\n\n".join(question.paragraph for question in questions_about(number))
        whole = f"# {_lighthouse(number)}\n\n{text}\n"
        (folder / article_of(number)).write_text(whole, encoding="utf-8")


def ship_of(number: int) -> Iterator[tuple[str, str, Question]]:
    """Yield the name and text of an own article and what to ask of it, never the same twice."""
    name = f"{NAMES[number % MOST]}号渡船"
    voyage = 1
    while True:
        answer = f"{name}第{voyage}次出海时，船长是周海平，带了{number + voyage}名水手。"
        text = f"{name}航海日志{voyage}\n\n{name}的船票每张12元。\n\n{answer}\n"
        yield f"{name}{voyage}", text, Question(f"{name}第{voyage}次出海带了多少名水手？", answer)
        voyage += 1


def _lighthouse(number: int) -> str:
    return f"{NAMES[number % MOST]}灯塔"
