"""The conversation pane as HTML."""

from qa.errors import QAError
from qa.render.formats import escape_html, paragraph_anchor
from qa.text import Language
from qa.types import Answer
from qa.web.html.answer import answer_html, questions_html, suggestions_html
from qa.web.look import Look
from qa.web.service import Service
from qa.web.texts import TEXTS, in_every_language
from qa.web.visit.conversation import Turn
from qa.web.visit.library import OWN
from qa.web.visit.visits import Visit

__all__ = ["conversation_html", "first_paint_html"]


def first_paint_html() -> str:
    """Return the pane before the server knows who is looking."""
    return f'<div class="welcome"><p class="loading">{in_every_language("opening")}</p></div>'


def conversation_html(service: Service, visit: Visit) -> str:
    """Return the whole conversation, or the welcome when nothing was asked yet.

    Questions to start with follow until the article being read was asked something.
    """
    interface = visit.language or "en"
    label = escape_html(TEXTS[interface]["conversation"])
    turns = visit.conversation.turns
    listed = "".join(_turn_html(turn, service, visit, interface) for turn in turns)
    listed += _next_html(visit, interface)
    parts = [] if turns else [_welcome_html(service, visit, interface)]
    keep = f' data-conversation="{visit.conversation.id}"' if service.is_kept else ""
    parts.append(f'<ol class="turns"{keep} lang="{interface}" aria-label="{label}">{listed}</ol>')
    if visit.conversation.notice:
        notice = escape_html(visit.conversation.notice)
        held = visit.conversation.held
        anyway = (
            f' <button type="button" data-ask="{escape_html(held)}" data-anyway>'
            f"{escape_html(TEXTS[interface]['ask_anyway'])}</button>"
            if held
            else ""
        )
        parts.append(f'<p class="problem notice quiet" role="alert">{notice}{anyway}</p>')
    if turns and not any(turn.scope == visit.scope for turn in turns):
        examples = _examples_html(visit, interface)
        parts.append(f'<div class="suggested" lang="{interface}">{examples}</div>')
    return "".join(parts)


def _welcome_html(service: Service, visit: Visit, interface: Language) -> str:
    texts = TEXTS[interface]
    welcome = "welcome_several" if len(visit.library.documents) > 1 else "welcome"
    parts = [
        f"<h2>{escape_html(texts[welcome])}</h2>",
        f'<p class="hint">{escape_html(texts["welcome_hint"])}</p>',
        f'<p class="own"><button type="button" data-own aria-controls="adding" data-keep="own">'
        f"{escape_html(texts['welcome_own'])}</button></p>",
    ]
    if service.state == "failed":
        known = isinstance(service.error, QAError)
        message = str(service.error) if known else texts["broken"]
        shown = escape_html(texts["no_chatbot"].format(message=message))
        parts.append(f'<p class="problem" role="alert">{shown}</p>')
    elif service.state != "ready":
        key = "loading" if service.state == "loading" else "opening"
        parts.append(f'<p class="loading" role="status">{escape_html(texts[key])}</p>')
    else:
        parts.append(_examples_html(visit, interface))
    return f'<div class="welcome" lang="{interface}">{"".join(parts)}</div>'


def _examples_html(visit: Visit, interface: Language) -> str:
    return suggestions_html(visit.library.suggestions(visit.reading, interface), interface)


def _next_html(visit: Visit, interface: Language) -> str:
    """Return the questions to go on with after the last answer."""
    last = visit.conversation.turns[-1] if visit.conversation.turns else None
    if last is None or last.scope != visit.scope:
        return ""
    questions = last.next.get(interface, ())
    shown = questions_html(questions, TEXTS[interface]["next"], "next")
    return f'<li class="next-questions">{shown}</li>' if shown else ""


def _turn_html(turn: Turn, service: Service, visit: Visit, interface: Language) -> str:
    texts = TEXTS[interface]
    bearing = ""
    if turn.answer is not None:
        state, reply = "answered", _reply_html(turn, turn.answer, service, visit, interface)
        bearing = _bearing_attributes(turn, turn.answer)
    elif turn.problem:
        state = "failed"
        reply = f'<p class="problem" role="alert">{escape_html(turn.problem)}</p>'
    else:
        state = "waiting"
        waiting = texts["waiting" if service.state == "ready" else "waiting_for_model"]
        reply = f'<p class="loading">{escape_html(waiting)}</p>'
    return (
        f'<li class="turn" data-turn="{turn.number}" data-state="{state}" '
        f'data-scope="{escape_html(turn.scope or "")}"{" data-alone" * turn.alone}{bearing}>'
        f'<div class="asked"><h2 class="for-ears">{escape_html(texts["you"])}</h2>'
        f'<div class="bubble">{_turn_menu_html(turn, visit, interface)}'
        f'<p dir="auto">{escape_html(turn.question)}</p></div>'
        f"{_carried_html(turn, interface)}</div>"
        f'<div class="reply"><span class="for-ears">{escape_html(texts["reply"])}</span>'
        f"{reply}</div></li>"
    )


def _turn_menu_html(turn: Turn, visit: Visit, interface: Language) -> str:
    """Return what can be done with a question, behind one button."""
    texts = TEXTS[interface]
    entries = [("edit", texts["edit"]), ("drop", texts["drop"])]
    if turn.scope != OWN and not visit.library.is_own(turn.scope or ""):
        entries.insert(1, ("link", texts["copy_link"]))
    buttons = "".join(
        f'<button type="button" data-{name}>{escape_html(label)}</button>'
        for name, label in entries
    )
    label = escape_html(texts["turn_menu"].format(question=turn.question[:60]))
    return (
        f'<details class="menu"><summary data-keep="menu" aria-label="{label}">⋯</summary>'
        f"<div>{buttons}</div></details>"
    )


def _reply_html(
    turn: Turn, answer: Answer, service: Service, visit: Visit, interface: Language
) -> str:
    library = visit.library
    judged: frozenset[str] = frozenset()
    if service.feedback is not None and visit.may_judge(turn):
        judged = frozenset(passage.paragraph.document_id for passage in answer.passages)
    look = Look(interface, len(library.documents) > 1, judged, turn.liked, turn.right)
    if look not in turn.html:
        turn.html[look] = answer_html(library.named(answer), look)
    return turn.html[look]


def _bearing_attributes(turn: Turn, answer: Answer) -> str:
    if not turn.bearing:
        return ""
    document_id = answer.passages[0].paragraph.document_id
    quoted = " ".join(
        paragraph_anchor(passage.paragraph)
        for passage in answer.passages
        if answer.answered and passage.answers and passage.paragraph.document_id == document_id
    )
    strengths = " ".join(f"{strength:g}" for strength in turn.bearing)
    return (
        f' data-bearing="{strengths}" data-quoted="{quoted}" '
        f'data-bearing-on="{escape_html(document_id)}"'
    )


def _carried_html(turn: Turn, interface: Language) -> str:
    """Return what a question took over from the ones before it, and the way to do without."""
    if turn.answer is None or turn.answer.question.strip() == turn.question.strip():
        return ""
    texts = TEXTS[interface]
    searched = turn.answer.question.strip()
    topic = searched.removesuffix(turn.question.strip()).strip()
    if topic and topic != searched:
        line = texts["carried"].format(topic=topic)
    else:
        line = texts["completed"].format(question=searched)
    return (
        f'<div class="carried quiet"><span>{escape_html(line)}</span>'
        f'<button type="button" data-ask="{escape_html(turn.question)}" data-alone '
        f'data-keep="alone">{escape_html(texts["ask_alone"])}</button></div>'
    )
