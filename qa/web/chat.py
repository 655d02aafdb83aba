"""The conversation: its turns, their HTML, and what happens to a question."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.errors import QAError, QuestionTooLong
from qa.labels import LABELS
from qa.render import escape_html, to_html
from qa.text import Language, language
from qa.types import Answer
from qa.web.service import Service
from qa.web.texts import TEXTS, in_every_language

__all__ = ["Conversation", "Turn", "answer", "clean", "conversation_html", "first_paint_html"]

logger = logging.getLogger(__name__)

HISTORY = 10
"""Earlier questions that a follow-up is understood from."""


@dataclass(slots=True)
class Turn:
    """One question and what became of it: an answer, a problem, or nothing yet.

    ``html`` is the answer as shown, written once.
    """

    question: str
    answer: Answer | None = None
    html: str = ""
    problem: str = ""


@dataclass(slots=True)
class Conversation:
    """What one browser session has asked; changed in place, never shared between sessions.

    ``unsent`` is a question that belongs back into the box.
    """

    language: Language | None = None
    turns: list[Turn] = field(default_factory=list)
    unsent: str = ""

    def earlier_questions(self, turn: Turn) -> list[str]:
        """Return the answered questions before ``turn``, oldest first."""
        earlier = self.turns[: next(i for i, one in enumerate(self.turns) if one is turn)]
        return [one.question for one in earlier if not one.problem][-HISTORY:]


def clean(question: str) -> str:
    """Return a question that can be written as UTF-8: a lone surrogate becomes "?"."""
    return question.encode("utf-8", "replace").decode("utf-8")


def answer(service: Service, conversation: Conversation, question: str) -> Iterator[None]:
    """Put a question into the conversation, then its answer; yields after each.

    Nothing is raised: whatever goes wrong becomes the turn's problem, and the question
    goes back to the box.
    """
    turn = Turn(question)
    conversation.turns.append(turn)
    yield
    interface = conversation.language or "en"
    texts = TEXTS[interface]
    try:
        found = service.ask(question, conversation.earlier_questions(turn))
        turn.html = to_html(found, LABELS[interface], with_title=_several(service))
        turn.answer = found
    except QuestionTooLong as error:
        turn.problem = texts["too_long"].format(length=error.length, limit=error.limit)
    except QAError as error:
        turn.problem = str(error)
    except Exception:  # a dead input would be worse than any error
        logger.exception("a question could not be answered")
        turn.problem = texts["broken"]
    if turn.problem:
        conversation.unsent = question
    yield


def first_paint_html() -> str:
    """Return the conversation pane before the server knows who is looking."""
    return f'<div class="welcome"><p class="loading">{in_every_language("opening")}</p></div>'


def conversation_html(service: Service, conversation: Conversation) -> str:
    """Return the whole conversation, or the welcome when nothing was asked yet."""
    interface = conversation.language or "en"
    texts = TEXTS[interface]
    turns = "".join(
        _turn_html(number, turn, service, interface)
        for number, turn in enumerate(conversation.turns, 1)
    )
    welcome = "" if turns else _welcome_html(service, interface)
    return (
        f'{welcome}<ol class="turns" lang="{interface}" role="log" aria-live="polite" '
        f'aria-label="{escape_html(texts["conversation"])}">{turns}</ol>'
    )


def _welcome_html(service: Service, interface: Language) -> str:
    texts = TEXTS[interface]
    parts = [
        f"<h2>{escape_html(texts['welcome_several' if _several(service) else 'welcome'])}</h2>",
        f'<p class="hint">{escape_html(texts["welcome_hint"])}</p>',
    ]
    if service.state == "failed":
        message = texts["no_chatbot"].format(message=_failure(service, texts["broken"]))
        parts.append(f'<p class="problem" role="alert">{escape_html(message)}</p>')
    elif service.state != "ready":
        key = "loading" if service.state == "loading" else "opening"
        parts.append(f'<p class="loading" role="status">{escape_html(texts[key])}</p>')
    elif service.suggestions:
        buttons = "".join(
            f'<li><button type="button" data-ask="{escape_html(question)}" '
            f'lang="{language(question)}">{escape_html(question)}</button></li>'
            for question in service.suggestions
        )
        parts.append(f"<h3>{escape_html(texts['examples'])}</h3><ul>{buttons}</ul>")
    return f'<div class="welcome" lang="{interface}">{"".join(parts)}</div>'


def _several(service: Service) -> bool:
    return service.chatbot is not None and len(service.chatbot.documents) > 1


def _failure(service: Service, generic: str) -> str:
    return str(service.error) if isinstance(service.error, QAError) else generic


def _turn_html(number: int, turn: Turn, service: Service, interface: Language) -> str:
    texts = TEXTS[interface]
    if turn.answer is not None:
        state, reply = "answered", turn.html
    elif turn.problem:
        state = "failed"
        reply = f'<p class="problem" role="alert">{escape_html(turn.problem)}</p>'
    else:
        state = "waiting"
        waiting = texts["waiting" if service.state == "ready" else "waiting_for_model"]
        reply = f'<p class="loading">{escape_html(waiting)}</p>'
    return (
        f'<li class="turn" data-turn="{number}" data-state="{state}">'
        f'<div class="asked"><span class="for-ears">{escape_html(texts["you"])}</span>'
        f'<p dir="auto">{escape_html(turn.question)}</p></div>'
        f'<div class="reply"><span class="for-ears">{escape_html(texts["reply"])}</span>'
        f"{reply}</div></li>"
    )
