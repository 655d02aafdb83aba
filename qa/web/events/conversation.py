"""What happens in the conversation: the page is opened, a question asked, an answer judged."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import gradio as gr

from qa.errors import QAError
from qa.types import Answer
from qa.web.events.chat import again, answer, go_on
from qa.web.events.values import accepted_languages, number_of, session, text_of, value_of
from qa.web.feedback import Feedback
from qa.web.html.panes import Panes, Updates
from qa.web.html.parts import Parts
from qa.web.look import NONE_RIGHT
from qa.web.service import Service
from qa.web.texts import TEXTS, as_language, choose_language
from qa.web.visit.conversation import LONGEST_KEPT, Conversation, Turn
from qa.web.visit.export import to_json, whole_markdown
from qa.web.visit.keeping import clean, record_of
from qa.web.visit.visits import Visit, Visits

__all__ = ["Handlers"]

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.1


class Handlers:
    """The conversation's event handlers; none of them raises because of what a person did.

    Each returns or yields what the parts that change are given. Gradio sends the last thing
    that a generator yielded once more when it ends, which would undo what another event has
    shown since; so each of them yields nothing new at its end.
    """

    def __init__(self, service: Service, visits: Visits, parts: Parts) -> None:
        self._service = service
        self._visits = visits
        self._parts = parts
        self._panes = Panes(service, parts)

    async def open_page(
        self, key: str, speaking: str, request: gr.Request
    ) -> AsyncIterator[Updates]:
        """Yield the panes as they become ready; ``key`` and language are the tab's own."""
        visit = self._enter(key, speaking, request)
        yield self._panes.form(visit)
        shown: tuple[str, bool] | None = None
        has_article = False
        while shown is None or not shown[1]:
            now = (self._service.state, self._service.settled)
            if now != shown:
                shown = now
                if self._service.chatbot is None or has_article:
                    yield self._panes.chat(visit)
                else:
                    has_article = True
                    yield self._whole(visit, request)
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        yield self._panes.nothing

    async def open_past_the_queue(self, key: str, speaking: str, request: gr.Request) -> Updates:
        """Return the panes of a page that was opened while too many waited.

        It is not told how far the model is, but opens when there is something to open.
        """
        visit = self._enter(key, speaking, request)
        while not self._service.settled:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        return self._panes.form(visit) | self._whole(visit, request)

    def leave_page(self, request: gr.Request) -> None:
        """Note that a tab was closed, or is being loaded again."""
        self._visits.leave(session(request))

    def reply(self, question: str, request: gr.Request) -> Iterator[Updates]:
        """Yield the conversation with the question, then with its answer, then with the strip.

        The box is emptied first and left alone afterwards, so that the next question can be
        typed meanwhile.
        """
        visit = self._visit(request)
        cleaned = clean(question)
        if visit.taking and cleaned.strip() and not visit.library.is_in_part(visit.scope or ""):
            # It would be answered by the articles that are there, and be about the new one.
            texts = TEXTS[visit.language or "en"]
            visit.conversation.hold(cleaned, texts["not_ready"].format(name=visit.taking[0].name))
            yield self._panes.chat(visit)
            yield self._panes.nothing
            return
        # One that is far too long is not kept here, so it stays there.
        emptied: Updates = {} if len(cleaned) > LONGEST_KEPT else {self._parts.box: ""}
        for _ in answer(visit, cleaned) if cleaned.strip() else ():
            yield self._panes.chat(visit) | emptied
            emptied = {}
        yield self._panes.nothing

    def take_over(
        self, key: str, speaking: str, name: str, kept: str, request: gr.Request
    ) -> Iterator[Updates]:
        """Yield the conversation as a browser kept it, as a page is opened."""
        visit = self._enter(key, speaking, request)
        yield from self._take_over(visit, str(name or ""), str(kept or ""))

    def resume(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """Yield another conversation that a browser kept, or a new one."""
        visit = self._visit(request)
        visit.conversation = Conversation()
        yield self._panes.chat(visit)
        yield from self._take_over(visit, text_of(event, "name"), text_of(event, "kept"))

    def _take_over(self, visit: Visit, name: str, kept: str) -> Iterator[Updates]:
        for _ in again(visit, name, kept) if self._service.is_kept else ():
            yield self._panes.chat(visit)
        yield self._panes.nothing

    def record(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Return what a browser is to keep of the turns that it names."""
        conversation = self._visit(request).conversation
        wanted = value_of(event, "turns")
        turns = [conversation.turn(one) for one in wanted] if isinstance(wanted, list) else []
        kept = {str(turn.number): record_of(turn) for turn in turns if turn is not None}
        return {self._parts.records: kept}

    def drop(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Take a turn out of the conversation."""
        visit = self._visit(request)
        visit.conversation.drop(number_of(event, "turn"))
        return self._panes.chat(visit)

    def reply_to_button(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """Do as :meth:`reply` does for the question of a button; the box keeps its text."""
        visit = self._visit(request)
        question = clean(text_of(event, "question"))
        alone, number = bool(value_of(event, "alone")), number_of(event, "instead")
        asked = answer(visit, question, alone=alone, instead_of=number if number > 0 else None)
        for _ in asked if question.strip() else ():
            yield self._panes.chat(visit)
        yield self._panes.nothing

    def go_on(self, request: gr.Request) -> Iterator[Updates]:
        """Yield the conversation with questions to go on with."""
        visit = self._visit(request)
        for _ in go_on(visit):
            yield self._panes.chat(visit)
        yield self._panes.nothing

    def settle(self, typed: str, request: gr.Request) -> Updates:
        """Return the box as it is after a question.

        A question that failed goes back into it, unless something else is in it by now.
        """
        conversation = self._visit(request).conversation
        unsent, conversation.unsent = conversation.unsent, ""
        return {self._parts.box: unsent if unsent and not typed.strip() else gr.skip()}

    def redraw(self, request: gr.Request) -> Updates:
        """Return the conversation to a browser that was given an older one after a newer one."""
        return self._panes.chat(self._visit(request))

    def turn_away(self, request: gr.Request) -> Updates:
        """Say that a question was not taken because too many wait already."""
        visit = self._visit(request)
        visit.conversation.heed()
        visit.conversation.notice = TEXTS[visit.language or "en"]["busy"]
        return self._panes.chat(visit)

    def speak(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Change the language of the interface."""
        visit = self._visit(request)
        visit.language = as_language(value_of(event, "language")) or visit.language
        return (
            self._panes.form(visit)
            | self._panes.article(visit, visit.reading)
            | self._panes.chat(visit)
        )

    def judge(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Write down a thumb, or the passage that is the right one."""
        visit = self._visit(request)
        turn = visit.conversation.turn(number_of(event, "turn"))
        feedback = self._service.feedback
        found = None if turn is None else turn.answer
        if feedback is None or turn is None or found is None or not visit.may_judge(turn):
            return self._panes.nothing
        rank = value_of(event, "rank")
        try:
            if rank is None:
                _judge_answer(turn, found, feedback, liked=bool(value_of(event, "liked")))
            elif isinstance(rank, int) and NONE_RIGHT <= rank < len(found.passages):
                _judge_passage(turn, found, feedback, rank)
        except OSError:
            logger.exception("feedback could not be written")
        return self._panes.chat(visit)

    def keep(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Return the conversation in the form that was asked for."""
        visit = self._visit(request)
        texts = TEXTS[visit.language or "en"]
        form = text_of(event, "form")
        try:
            chatbot = self._service.ready_chatbot()
        except QAError:
            return self._panes.nothing
        is_json = form == "json"
        kept = to_json(visit, chatbot) if is_json else whole_markdown(visit, chatbot)
        name = f"{texts['file_name']}.{'json' if is_json else 'md'}"
        return {self._parts.kept: {"form": form, "name": name, "text": clean(kept)}}

    def _enter(self, key: str, speaking: str, request: gr.Request) -> Visit:
        visit = self._visits.enter(session(request), str(key))
        visit.language = as_language(speaking) or choose_language(accepted_languages(request))
        return visit

    def _whole(self, visit: Visit, request: gr.Request) -> Updates:
        """Return the article that the address names, or else the one read before, and the chat."""
        wanted = dict(request.query_params).get("d", "")
        # In this order: what is suggested in the chat depends on the article being read.
        article = self._panes.article(visit, wanted or visit.reading)
        return article | self._panes.chat(visit)

    def _visit(self, request: gr.Request) -> Visit:
        visit = self._visits.of(session(request))
        visit.language = visit.language or choose_language(accepted_languages(request))
        return visit


def _judge_answer(turn: Turn, found: Answer, feedback: Feedback, *, liked: bool) -> None:
    if turn.liked is None:
        turn.liked = liked
        feedback.judge(found, turn.history, liked=liked)


def _judge_passage(turn: Turn, found: Answer, feedback: Feedback, rank: int) -> None:
    if turn.right is not None:
        return
    turn.right = rank
    if rank == NONE_RIGHT:
        feedback.mark_absent(found, turn.history)
    else:
        feedback.mark_right(found, turn.history, rank)
