"""What happens to a question: it is put into the conversation, answered, gone on from."""

import logging
import re
from collections.abc import Iterator

from qa.chatbot import Chatbot, Inquiry
from qa.chatbot.suggestions import follow_ups
from qa.errors import QAError, QuestionTooLong
from qa.types import Answer
from qa.web.texts import TEXTS
from qa.web.visit.conversation import KEPT_TURNS, LONGEST_KEPT, Turn
from qa.web.visit.keeping import read_turns, stands
from qa.web.visit.visits import Visit

__all__ = ["again", "answer", "go_on"]

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[0-9-]{1,64}")

ASKED_AGAIN = 20
"""Questions that a browser kept which are asked again, the last ones."""

_BEGINNING = 200


def again(visit: Visit, name: str, kept: str) -> Iterator[None]:
    """Take over what a browser kept of a conversation; yield at each step.

    ``name`` is what it calls the conversation, ``kept`` a JSON list of turns, as
    :mod:`qa.web.visit.keeping` reads them. Those whose answer was not kept, or does not stand any
    more, are asked again. What was asked meanwhile comes after them. Nothing is done where the
    conversation has its name.
    """
    conversation = visit.conversation
    if conversation.id or not _NAME.fullmatch(name):
        return
    conversation.id = name
    listed = read_turns(kept)[-KEPT_TURNS:]
    turns = conversation.take_over(listed)
    if not turns:
        yield
        return
    if not visit.library.documents:
        yield
        visit.library.wait_for_documents()
    for turn, one in zip(turns, listed, strict=True):
        if one.answer is not None and stands(one.answer, visit.library):
            turn.answer, turn.history = one.answer, list(one.history)
    unanswered = [turn for turn in turns if turn.answer is None]
    for turn in unanswered[:-ASKED_AGAIN]:
        conversation.drop(turn.number)
    yield
    for turn in unanswered[-ASKED_AGAIN:]:
        _find(visit, turn)
        yield
    for turn in turns:
        if turn.answer is not None and not turn.bearing:
            turn.bearing = _quoted(visit.library.chatbot(turn.scope), turn.answer)
    yield


def answer(
    visit: Visit, question: str, *, alone: bool = False, instead_of: int | None = None
) -> Iterator[Turn]:
    """Put a question into the conversation, then its answer, then what bears on it.

    ``instead_of`` is the number of a turn whose place it takes, if that is there. Yields the turn
    after each. Nothing is raised: whatever goes wrong becomes the turn's problem, and the question
    goes back to the box.
    """
    conversation = visit.conversation
    if len(question) > LONGEST_KEPT:
        yield _refuse(visit, question, alone=alone)
        return
    turn = None if instead_of is None else conversation.begin_again(instead_of, question)
    if turn is None:
        turn = conversation.begin(question, visit.scope, alone=alone)
    yield turn
    _find(visit, turn)
    if turn.problem:
        conversation.unsent = question
    yield turn


def _refuse(visit: Visit, question: str, *, alone: bool) -> Turn:
    """Return the turn of a question that is far too long to be kept: its beginning, and why."""
    turn = visit.conversation.begin(f"{question[:_BEGINNING]}…", visit.scope, alone=alone)
    told = TEXTS[visit.language or "en"]["too_long"]
    turn.problem = told.format(length=len(question), limit=visit.library.longest_question)
    return turn


def go_on(visit: Visit) -> Iterator[None]:
    """Find questions to go on with after the last answer; yield when there are some.

    They are asked silently, one after the other, until there are enough or somebody asks.
    """
    turns = visit.conversation.turns
    reader = visit.language or "en"
    last = turns[-1] if turns else None
    if last is None or last.answer is None or reader in last.next or not last.answer.passages:
        return
    last.next[reader] = ()
    answers = [turn.answer for turn in turns if turn.answer is not None and turn.answer.passages]
    found: list[str] = []
    try:
        chatbot = visit.library.chatbot(last.scope)
        for question in follow_ups(chatbot, answers, reader):
            found.append(question)
            if visit.conversation.turns[-1:] != [last]:
                break
    except (QAError, KeyError):
        # The article may have been removed meanwhile.
        logger.info("no questions to go on with for an article that is gone")
    last.next[reader] = tuple(found)
    if found:
        yield


def _find(visit: Visit, turn: Turn) -> None:
    """Put the answer into a turn, or what went wrong."""
    question = turn.question
    texts = TEXTS[visit.language or "en"]
    try:
        if not visit.library.has(turn.scope):
            turn.problem = texts["article_gone"]
            return
        chatbot = visit.library.chatbot(turn.scope)
        inquiry = chatbot.inquire(question, turn.history)
        turn.bearing = _bearing(chatbot, inquiry)
        turn.answer = inquiry.answer
    except QuestionTooLong as error:
        turn.problem = texts["too_long"].format(length=error.length, limit=error.limit)
    except QAError as error:
        turn.problem = str(error)
    except Exception:  # a dead input would be worse than any error
        logger.exception("a question could not be answered")
        turn.problem = texts["broken"]


def _bearing(chatbot: Chatbot, inquiry: Inquiry) -> tuple[float, ...]:
    """Return how strongly each paragraph of the first passage's article bears on the question."""
    passages = inquiry.answer.passages
    if not passages or inquiry.answer.kind == "about":
        return _quoted(chatbot, inquiry.answer)
    bearing = chatbot.bearing(inquiry, passages[0].paragraph.document_id)
    return tuple(round(float(one), 2) for one in bearing)


def _quoted(chatbot: Chatbot, answer: Answer) -> tuple[float, ...]:
    """Return 1 for each paragraph of the first passage's article that is a passage, else 0."""
    if not answer.passages:
        return ()
    document_id = answer.passages[0].paragraph.document_id
    own = [one.paragraph for one in answer.passages]
    quoted = {one.position for one in own if one.document_id == document_id}
    try:
        count = len(chatbot.paragraphs(document_id))
    except KeyError:
        # The article is not here any more; its answer is shown as it was kept.
        return ()
    return tuple(float(place in quoted) for place in range(count))
