"""From files of labelled questions, or articles alone, to labelled articles.

Three forms are read: SQuAD (``data`` → ``paragraphs`` → ``qas``), whose long contexts are cut into
paragraphs here; the project's own ``questions.jsonl`` beside a folder of articles, whose
paragraphs are the ones that the chatbot searches; and articles that nobody has asked about, whose
questions are made by rule (:mod:`qa.training.questions.made`).
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import LabelError
from qa.text import language, sentences
from qa.training.data.packed import read_text
from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.questions.made import make
from qa.types import Document, Paragraph, Span

__all__ = ["Source", "cut", "from_articles", "from_entries", "from_jsonl", "from_squad"]

PARAGRAPH_CHARACTERS = 130
"""Length of a paragraph cut from a Chinese context, in characters."""

PARAGRAPH_CHARACTERS_ENGLISH = 400

MADE_PER_ARTICLE = 4
"""At most so many questions are made of an article."""

COMMON_ANSWER = 2
"""An answer found in more other paragraphs than this is the article's subject, not a rival."""


@dataclass(frozen=True, slots=True)
class Source:
    """The articles of one file, and how many of its questions could not be used."""

    articles: tuple[LabelledArticle, ...]
    unused: int = 0


def cut(text: str, characters: int | None = None) -> list[Span]:
    """Return paragraphs of about ``characters`` characters, each of whole sentences.

    They leave out only blanks. Without a length it depends on the language of the text.
    """
    if characters is None:
        english = language(text) == "en"
        characters = PARAGRAPH_CHARACTERS_ENGLISH if english else PARAGRAPH_CHARACTERS
    spans: list[Span] = []
    for sentence in sentences(text):
        if spans and sentence.end - spans[-1].start <= characters * 1.15:
            spans[-1] = Span(spans[-1].start, sentence.end)
        else:
            spans.append(sentence)
    if len(spans) > 1 and spans[-1].end - spans[-1].start < characters / 4:
        last = spans.pop()
        spans[-1] = Span(spans[-1].start, last.end)
    return spans


def from_squad(path: Path, collection: str) -> Source:
    """Read a file in SQuAD form, which may be packed by xz.

    Questions marked ``is_impossible`` (SQuAD 2.0) have no answer in their paragraph; those whose
    answer is not in the context are not used.

    Raises:
        LabelError: if the file has another form.

    """
    try:
        return from_entries(json.loads(read_text(path))["data"], collection)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise LabelError(
            f"{path} is not in SQuAD form ({error!r}); expected an object with "
            "data[].title, data[].paragraphs[].context and .qas[].question and .answers[]"
        ) from error


def from_entries(entries: Iterable[dict[str, Any]], collection: str) -> Source:
    """Return the articles of what stands under ``data`` in a file in SQuAD form."""
    read = [_squad_article(entry, collection) for entry in entries]
    return Source(
        articles=tuple(article for source in read for article in source.articles),
        unused=sum(source.unused for source in read),
    )


def _squad_article(entry: dict[str, Any], collection: str) -> Source:
    paragraphs: list[str] = []
    found: list[_Placed] = []
    unused = 0
    for part in entry["paragraphs"]:
        context = part["context"]
        spans = cut(context)
        first = len(paragraphs)
        paragraphs.extend(span.of(context) for span in spans)
        for labelled in part["qas"]:
            if labelled.get("is_impossible"):
                kind = labelled.get("kind", "")
                found.append(_Placed(labelled["question"].strip(), (), (), "", None, kind=kind))
                continue
            span = _locate(context, labelled.get("answers") or [])
            touched = [] if span is None else _touching(span, spans)
            if span is None or not touched:
                unused += 1
                continue
            positions = tuple(first + position for position in touched)
            found.append(
                _Placed(
                    labelled["question"].strip(),
                    positions[:1],
                    positions,
                    span.of(context),
                    _inside(span, spans[touched[0]]),
                    kind=labelled.get("kind", ""),
                )
            )
    questions = tuple(_question(one, paragraphs) for one in found)
    article = LabelledArticle(collection, entry["title"], tuple(paragraphs), questions)
    return Source((article,), unused)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A question with its paragraphs; ``touched`` also holds those with part of the answer."""

    text: str
    positives: tuple[int, ...]
    touched: tuple[int, ...]
    answer: str
    span: Span | None
    history: tuple[str, ...] = ()
    kind: str = ""


def _question(found: _Placed, paragraphs: Sequence[str]) -> LabelledQuestion:
    """Return the question, ignoring the paragraphs that may answer it by accident."""
    others = [
        position
        for position, paragraph in enumerate(paragraphs)
        if position not in found.touched and len(found.answer) > 1 and found.answer in paragraph
    ]
    rivals = [position for position in found.touched if position not in found.positives]
    ignored = rivals + (others if len(others) <= COMMON_ANSWER else [])
    return LabelledQuestion(
        found.text,
        found.positives,
        tuple(sorted(ignored)),
        found.span,
        history=found.history,
        kind=found.kind,
    )


def _inside(span: Span, paragraph: Span) -> Span | None:
    """Return ``span`` counted from the start of the paragraph, None if it reaches out of it."""
    if span.start < paragraph.start or span.end > paragraph.end:
        return None
    return Span(span.start - paragraph.start, span.end - paragraph.start)


def _locate(context: str, answers: Sequence[dict[str, Any]]) -> Span | None:
    """Return where the first answer stands; a wrong offset leads to the nearest occurrence."""
    if not answers or not answers[0]["text"]:
        return None
    text, start = answers[0]["text"], int(answers[0]["answer_start"])
    if not context.startswith(text, start):
        found = context.find(text)
        places = []
        while found >= 0:
            places.append(found)
            found = context.find(text, found + 1)
        if not places:
            return None
        start = min(places, key=lambda place: abs(place - start))
    return Span(start, start + len(text))


def _touching(span: Span, spans: Sequence[Span]) -> list[int]:
    """Return the positions of the spans that share characters with ``span``, most first."""
    shared = [min(span.end, other.end) - max(span.start, other.start) for other in spans]
    touched = [position for position, length in enumerate(shared) if length > 0]
    return sorted(touched, key=lambda position: -shared[position])


def from_jsonl(path: Path, folder: Path, collection: str) -> Source:
    """Read questions in the project's own form, one object a line, and their articles.

    Those without evidence are questions that their article does not answer.

    Raises:
        LabelError: if a line has another form, or its evidence is not in its article.

    """
    from qa.loaders import load_paths
    from qa.loaders.split import split

    documents = {document.source: document for document in load_paths([folder]).documents}
    found: dict[str, list[_Placed]] = {}
    paragraphs: dict[str, tuple[Paragraph, ...]] = {}
    for place, label in _labels(path):
        document = documents.get(label["source"])
        if document is None:
            raise LabelError(
                f"{place}: no article {label['source']!r} in {folder}; "
                f"expected one of {', '.join(sorted(documents)) or '(the folder is empty)'}"
            )
        parts = paragraphs.setdefault(document.source, split(document))
        positives = tuple(_positives(place, label["evidence"], document, parts))
        answer = label.get("answer") or ""
        answer = answer[0] if isinstance(answer, list) else answer
        start = parts[positives[0]].text.find(answer) if answer and positives else -1
        span = None if start < 0 else Span(start, start + len(answer))
        history, kind = tuple(label.get("history", ())), label.get("kind", "")
        one = _Placed(label["question"], positives, positives, answer, span, history, kind)
        found.setdefault(document.source, []).append(one)
    articles = tuple(
        _jsonl_article(collection, documents[source], paragraphs[source], questions)
        for source, questions in found.items()
    )
    return Source(articles)


def _jsonl_article(
    collection: str, document: Document, paragraphs: Sequence[Paragraph], found: Sequence[_Placed]
) -> LabelledArticle:
    texts = tuple(paragraph.text for paragraph in paragraphs)
    questions = tuple(_question(one, texts) for one in found)
    return LabelledArticle(collection, document.title, texts, questions)


def _labels(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each label with its place in the file, for messages."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path} cannot be read ({error}); expected UTF-8 JSON lines") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            label = json.loads(line)
            complete = {"question", "source", "evidence"} <= label.keys()
        except (ValueError, AttributeError) as error:
            raise LabelError(f"{place}: not a JSON object ({error})") from error
        if not complete:
            raise LabelError(
                f"{place}: found the keys {', '.join(sorted(label))}; "
                "expected question, source and evidence"
            )
        yield place, label


def _positives(
    place: str, evidence: Iterable[str], document: Document, paragraphs: Sequence[Paragraph]
) -> Iterator[int]:
    """Yield the position of each paragraph that holds evidence, once, in the order given."""
    seen: set[int] = set()
    for words in evidence:
        start = document.text.find(words)
        spans = [Span(paragraph.start, paragraph.end) for paragraph in paragraphs]
        touched = _touching(Span(start, start + len(words)), spans) if start >= 0 else []
        if not touched:
            raise LabelError(
                f"{place}: the evidence {words[:40]!r} is not in {document.source}; "
                "expected an exact substring of the article"
            )
        yield from (position for position in touched if position not in seen)
        seen.update(touched)


def from_articles(path: Path, collection: str, generator: random.Random) -> Source:
    """Make questions of the articles of a file or folder.

    An article that repeats a paragraph of an earlier one, as news do, is left out.

    Raises:
        QAError: if a file cannot be read.
        LabelError: if not one question could be made.

    """
    from qa.loaders import load_paths
    from qa.loaders.split import split

    seen: set[str] = set()
    articles: list[LabelledArticle] = []
    for document in load_paths([path]).documents:
        texts = tuple(one.text for one in split(document) if one.kind == "text")
        if seen.isdisjoint(texts):
            seen.update(texts)
            questions = tuple(_made(texts, generator))
            articles.append(LabelledArticle(collection, document.title, texts, questions))
    asked = tuple(one for one in articles if one.questions)
    if not asked:
        raise LabelError(
            f"no question could be made of {path}; expected articles in Chinese with figures, "
            "dates or names of people in office"
        )
    return Source(asked)


def _made(texts: Sequence[str], generator: random.Random) -> Iterator[LabelledQuestion]:
    found = [
        _Placed(made.text, (place,), (place,), made.answer.of(text), made.answer)
        for place, text in enumerate(texts)
        for made in make(text, generator)
    ]
    for one in generator.sample(found, min(MADE_PER_ARTICLE, len(found))):
        yield _question(one, texts)
