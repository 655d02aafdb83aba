"""An answer as HTML: the answering words, inside their sentence, inside their passage."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from qa.render.formats import (
    certainty,
    certainty_word,
    deciding,
    elsewhere,
    escape_html,
    is_list,
    paragraph_anchor,
    percent,
    place,
    remark,
    shown_passages,
)
from qa.render.markup import marked_html, part_html
from qa.render.phrases import LABELS
from qa.text import Language, language
from qa.types import Answer, Passage, Span
from qa.web.html.source import source_link
from qa.web.look import NONE_RIGHT, Look

__all__ = ["answer_html", "questions_html", "suggestions_html"]

_AT_A_GLANCE = 16
_SHORT = 28
"""Characters up to which the answering words stand on their own; longer ones are only marked."""


def answer_html(answer: Answer, look: Look) -> str:
    """Return an answer as HTML: what answers is open, the other passages are folded.

    The place of each passage is a link to ``?p=ANCHOR``; what a page needs to find the
    paragraph and its marks is in ``data-`` attributes (offsets in characters of the text).
    """
    degree = certainty(answer)
    shown = [(rank, passage) for rank, passage in enumerate(shown_passages(answer))]
    also = [(rank, one) for rank, one in shown[1:] if answer.answered and one.answers]
    others = [(rank, one) for rank, one in shown[1:] if (rank, one) not in also]
    told = remark(answer, look.language)
    reason = f'<p class="reason">{escape_html(told)}</p>' if told else ""
    if is_list(answer):
        return _list_html(answer, reason, look)
    parts = [_lead(answer, look), reason]
    if shown and not answer.answered:
        parts.append(f'<p class="nearest">{escape_html(look.labels.nearest)}</p>')
    parts.append(suggestions_html(answer.suggestions, look.language))
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
    return f'<div class="answer {degree} {answer.kind}{choosing}">{"".join(parts)}</div>'


def suggestions_html(questions: Sequence[str], shown: Language) -> str:
    """Return questions to try as buttons; "" if there are none."""
    return questions_html(questions, LABELS[shown].examples, "examples")


def questions_html(questions: Sequence[str], title: str, kind: str) -> str:
    """Return questions under a title as buttons that ask them; "" if there are none."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" data-ask="{escape_html(question)}" '
        f'lang="{language(question)}">{escape_html(question)}</button></li>'
        for question in questions
    )
    return f'<div class="{kind}"><h3>{escape_html(title)}</h3><ul>{buttons}</ul></div>'


def _list_html(answer: Answer, reason: str, look: Look) -> str:
    """Return lines of the article one below the other, headings standing out."""
    told = reason or f'<p class="own-words">{escape_html(look.labels.own_words)}</p>'
    lines = "".join(
        _passage_html(answer, rank, one, look) for rank, one in enumerate(answer.passages)
    )
    return f'<div class="answer {answer.kind} lines">{told}{lines}</div>'


def _lead(answer: Answer, look: Look) -> str:
    """Return the words that answer, large if they are short, and how certain they are.

    Of a list all items.
    """
    found = deciding(answer) if answer.answered else []
    words = ""
    for passage, sentence in found:
        span = sentence if len(found) > 1 else passage.answer or sentence
        text = span.of(passage.text).strip()
        is_lead = len(found) > 1 or (len(text) <= _SHORT and text != passage.text.strip())
        if text and is_lead:
            size = "glance" if len(text) <= _AT_A_GLANCE else "short" if len(text) <= _SHORT else ""
            words += (
                f'<p class="lead {size}" lang="{language(text)}" dir="auto">'
                f"{_lead_html(passage, span)}</p>"
            )
    return words + _certainty_html(answer, look)


def _lead_html(passage: Passage, span: Span) -> str:
    own = span.of(passage.text)
    start = span.start + len(own) - len(own.lstrip())
    return part_html(passage.paragraph, Span(start, start + len(own.strip())))


def _certainty_html(answer: Answer, look: Look) -> str:
    word = escape_html(certainty_word(answer, look.labels))
    if answer.kind != "passages":
        return ""
    if not answer.answered:
        return f'<p class="certainty">{word}</p>'
    number = escape_html(look.labels.confidence.format(percent=percent(answer)))
    return (
        f'<details class="certainty" data-keep="certainty"><summary title="{number}">'
        f"<strong>{word}</strong></summary><span>{number}</span></details>"
    )


def _passage_html(answer: Answer, rank: int, passage: Passage, look: Look) -> str:
    paragraph = passage.paragraph
    labels = look.labels
    # In a list the heading stands above.
    placed = replace(paragraph, section="") if is_list(answer) else paragraph
    where = place(placed, labels, with_title=look.with_title)
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
    link = urlencode(
        {**query, "p": paragraph_anchor(paragraph).removeprefix("p")}, errors="replace"
    )
    also = escape_html(elsewhere(passage, labels, with_title=look.with_title))
    whole = " whole" if rank == 0 and answer.answered and _is_whole(passage) else ""
    quoted = marked_html(passage)
    if is_list(answer):
        whole = f" {paragraph.kind}"
        quoted = part_html(paragraph, passage.highlight or Span(0, len(passage.text)))
    return (
        f'<section class="passage{whole}"{attributes}><div class="head">'
        f'<a class="place" data-keep="place{rank}" href="?{escape_html(link)}" '
        f'title="{escape_html(labels.show)}">{escape_html(where)}</a>'
        f"{_tools(rank, passage, look)}</div>"
        f'<blockquote lang="{language(passage.text)}">{quoted}</blockquote>'
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
    link = escape_html(source_link(passage))
    buttons = [
        f'<a href="{link}" target="_blank" rel="noopener noreferrer" data-keep="source{rank}">'
        f"{escape_html(texts['source_page'])}</a>"
        if link
        else "",
        f'<button type="button" data-copy data-keep="copy{rank}" '
        f'data-done="{escape_html(texts["copied"])}" '
        f'aria-label="{escape_html(texts["copy_passage"])}">{escape_html(texts["copy"])}</button>',
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
