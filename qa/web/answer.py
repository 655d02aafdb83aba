"""An answer as HTML: the answering words, inside their sentence, inside their passage."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from qa.labels import LABELS, Labels
from qa.refusal import reason_in
from qa.render import (
    certainty,
    certainty_word,
    elsewhere,
    escape_html,
    marked_html,
    paragraph_anchor,
    percent,
    place,
    shown_passages,
)
from qa.text import Language, has_content, language
from qa.types import Answer, Passage
from qa.web.texts import TEXTS

__all__ = ["NONE_RIGHT", "Look", "answer_html"]

NONE_RIGHT = -1

_AT_A_GLANCE = 16
_SHORT = 40


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


def answer_html(answer: Answer, look: Look) -> str:
    """Return an answer as HTML: what answers is open, the other passages are folded.

    The place of each passage is a link to ``?p=NUMBER``; what a page needs to find the
    paragraph and its marks is in ``data-`` attributes (offsets in characters of the text).
    """
    degree = certainty(answer)
    shown = [(rank, passage) for rank, passage in enumerate(shown_passages(answer))]
    also = [(rank, one) for rank, one in shown[1:] if answer.answered and one.answers]
    others = [(rank, one) for rank, one in shown[1:] if (rank, one) not in also]
    parts = [_lead(answer, look)]
    reason = reason_in(look.language, answer)
    if reason:
        parts.append(f'<p class="reason">{escape_html(reason)}</p>')
    if shown and not answer.answered:
        parts.append(f'<p class="nearest">{escape_html(look.labels.nearest)}</p>')
    parts += [_passage_html(answer, rank, one, look) for rank, one in shown[:1]]
    if also:
        title = look.texts["also"].format(count=len(also))
        parts.append(f'<h3 class="also">{escape_html(title)}</h3>')
        parts += [_passage_html(answer, rank, one, look) for rank, one in also]
    if others:
        more = look.labels.more if answer.answered else look.labels.more_nearest
        folded = "".join(_passage_html(answer, rank, one, look) for rank, one in others)
        summary = escape_html(more.format(count=len(others)))
        parts.append(
            f'<details class="more" data-keep="more"><summary>{summary}</summary>{folded}</details>'
        )
    parts.append(_judgement(answer, look))
    choosing = " choosing" if look.is_choosing else ""
    return f'<div class="answer {degree}{choosing}">{"".join(parts)}</div>'


def _lead(answer: Answer, look: Look) -> str:
    """Return the words that answer, large, and how certain they are."""
    first = shown_passages(answer)[0] if answer.passages else None
    span = None if first is None else first.answer or first.highlight
    words = ""
    if answer.answered and first is not None and span is not None:
        text = span.of(first.text).strip()
        if text and text != first.text.strip():
            size = "glance" if len(text) <= _AT_A_GLANCE else "short" if len(text) <= _SHORT else ""
            words = (
                f'<p class="lead {size}" lang="{language(text)}" dir="auto">{escape_html(text)}</p>'
            )
    return words + _certainty_html(answer, look)


def _certainty_html(answer: Answer, look: Look) -> str:
    word = escape_html(certainty_word(answer, look.labels))
    if not has_content(answer.asked or answer.question):
        return ""
    if not answer.answered:
        return f'<p class="certainty">{word}</p>'
    number = escape_html(look.labels.confidence.format(percent=percent(answer)))
    return (
        f'<details class="certainty" data-keep="certainty"><summary title="{number}">{word}'
        f"</summary><span>{number}</span></details>"
    )


def _passage_html(answer: Answer, rank: int, passage: Passage, look: Look) -> str:
    paragraph = passage.paragraph
    labels = look.labels
    where = place(paragraph, labels, with_title=look.with_title)
    cited = " ".join(place(paragraph, labels, with_title=True).split())
    data = {
        "document": paragraph.document_id,
        "paragraph": paragraph_anchor(paragraph),
        "cite": cited,
    }
    if passage.highlight:
        data["start"], data["end"] = str(passage.highlight.start), str(passage.highlight.end)
    if passage.answer:
        data["from"], data["to"] = str(passage.answer.start), str(passage.answer.end)
    attributes = "".join(f' data-{name}="{escape_html(value)}"' for name, value in data.items())
    query = {"d": paragraph.document_id} if look.with_title else {}
    link = urlencode({**query, "p": paragraph.position + 1}, errors="replace")
    also = escape_html(elsewhere(passage, labels, with_title=look.with_title))
    whole = " whole" if rank == 0 and answer.answered and _is_whole(passage) else ""
    return (
        f'<section class="passage{whole}"{attributes}><div class="head">'
        f'<a class="place" data-keep="place{rank}" href="?{escape_html(link)}" '
        f'title="{escape_html(labels.show)}">{escape_html(where)}</a>'
        f"{_tools(rank, passage, look)}</div>"
        f'<blockquote lang="{language(passage.text)}">{marked_html(passage)}</blockquote>'
        + (f'<p class="elsewhere">{also}</p>' if also else "")
        + "</section>"
    )


def _is_whole(passage: Passage) -> bool:
    """Tell whether the passage is nothing but its answering sentence."""
    if passage.answer is not None or passage.highlight is None:
        return False
    return passage.highlight.of(passage.text).strip() == passage.text.strip()


def _tools(rank: int, passage: Passage, look: Look) -> str:
    texts = look.texts
    buttons = [
        f'<button type="button" data-copy data-keep="copy{rank}" '
        f'data-done="{escape_html(texts["copied"])}" '
        f'aria-label="{escape_html(texts["copy_passage"])}">{escape_html(texts["copy"])}</button>'
    ]
    if passage.paragraph.document_id in look.judged:
        if look.right == rank:
            buttons.append(f'<span class="noted">{escape_html(texts["marked_right"])}</span>')
        elif look.right is None:
            buttons.append(
                f'<button type="button" data-right="{rank}" data-keep="right{rank}">'
                f"{escape_html(texts['right_passage'])}</button>"
            )
    return f'<div class="tools quiet">{"".join(buttons)}</div>'


def _judgement(answer: Answer, look: Look) -> str:
    """Return the thumbs, or what follows from them; nothing where nobody wants to know."""
    if not answer.passages or answer.passages[0].paragraph.document_id not in look.judged:
        return ""
    texts = look.texts
    if look.is_choosing:
        none_right = (
            f' <button type="button" data-right="{NONE_RIGHT}" data-keep="none">'
            f"{escape_html(texts['none_right'])}</button>"
            if answer.answered
            else ""
        )
        return f'<p class="judged quiet">{escape_html(texts["which_right"])}{none_right}</p>'
    if look.liked is not None or look.right is not None:
        return f'<p class="judged">{escape_html(texts["thanks"])}</p>'
    buttons = "".join(
        f'<button type="button" data-vote="{vote}" data-keep="{key}">'
        f"{sign}<span>{escape_html(texts[key])}</span></button>"
        for vote, key, sign in (("yes", "helpful", _THUMB_UP), ("no", "not_helpful", _THUMB_DOWN))
    )
    return (
        f'<div class="judge quiet" role="group" aria-label="{escape_html(texts["feedback"])}">'
        f"{buttons}</div>"
    )


_THUMB = (
    '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"{turned}>'
    '<path fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round" '
    'd="M2 7h2.5v6.5H2zM4.500 7 7 2c1.200 0 1.800.9 1.600 2L8.200 6.200h4.300c1 0 1.600.9 '
    '1.300 1.800l-1.400 4.500c-.2.600-.7 1-1.300 1H4.500"/></svg>'
)
_THUMB_UP = _THUMB.format(turned="")
_THUMB_DOWN = _THUMB.format(turned=' style="transform: rotate(180deg)"')
