"""What happens when the page is opened, a question is asked or a document is chosen."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import gradio as gr

from qa.web.article import article_html, choose_document
from qa.web.chat import Conversation, answer, clean, conversation_html
from qa.web.service import Service
from qa.web.texts import choose_language

__all__ = ["Handlers"]

SECONDS_BETWEEN_LOOKS = 0.1

# What a component is given: a value, or gr.skip() to leave it as it is.
Update = Any


class Handlers:
    """The page's event handlers; none of them raises because of what a person did.

    Gradio sends the last thing that a generator yielded once more when it ends, which would
    undo what another event has shown since; so each of them yields nothing new at its end.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def open_page(
        self, conversation: Conversation, request: gr.Request
    ) -> AsyncIterator[tuple[Update, ...]]:
        """Yield conversation pane, state, choice of documents and article as they become ready."""
        service = self._service
        conversation.language = choose_language(_accepted_languages(request))
        wanted = dict(request.query_params).get("d", "")
        shown, has_article = None, False
        while shown not in ("ready", "failed"):
            if service.state != shown:
                shown = service.state
                pane: tuple[Update, Update] = (gr.skip(), gr.skip())
                if service.chatbot is not None and not has_article:
                    pane, has_article = self._article_pane(wanted, conversation), True
                yield conversation_html(service, conversation), conversation, *pane
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        yield (gr.skip(),) * 4

    def reply(
        self, question: str, conversation: Conversation, request: gr.Request
    ) -> Iterator[tuple[Update, Update, Update]]:
        """Yield conversation pane, state and box: with the question, then with its answer.

        The box is emptied first and left alone afterwards, so that the next question can be
        typed meanwhile.
        """
        conversation.language = conversation.language or choose_language(
            _accepted_languages(request)
        )
        cleaned = clean(question)
        box: Update = ""
        for _ in answer(self._service, conversation, cleaned) if cleaned.strip() else ():
            yield conversation_html(self._service, conversation), conversation, box
            box = gr.skip()
        yield gr.skip(), gr.skip(), gr.skip()

    def reply_to_button(
        self, conversation: Conversation, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Update, Update]]:
        """Do as :meth:`reply` does for the question of a button; the box keeps its text."""
        for pane, state, _ in self.reply(str(event.question), conversation, request):
            yield pane, state

    def settle(self, typed: str, conversation: Conversation) -> tuple[Update, Update]:
        """Return conversation pane and box as they are after a question.

        Two events that end together may arrive in either order, so the pane is sent again.
        A question that failed goes back into the box, unless something else is in it by now.
        """
        unsent, conversation.unsent = conversation.unsent, ""
        box = unsent if unsent and not typed.strip() else gr.skip()
        return conversation_html(self._service, conversation), box

    def turn_to(self, conversation: Conversation, event: gr.EventData) -> tuple[Update, Update]:
        """Show the document of a passage."""
        return self._article_pane(str(event.document), conversation)

    def choose(self, document_id: str, conversation: Conversation) -> tuple[Update, Update]:
        """Show the document that was picked from the list."""
        return self._article_pane(document_id, conversation)

    def _article_pane(self, wanted: str, conversation: Conversation) -> tuple[Update, Update]:
        """Return the choice of documents (hidden when there is one) and the document's HTML."""
        chatbot = self._service.chatbot
        if chatbot is None:
            return gr.skip(), gr.skip()
        documents = chatbot.documents
        document = choose_document(documents, wanted)
        picker = gr.Dropdown(
            choices=[(one.title, one.id) for one in documents],
            value=document.id,
            visible=len(documents) > 1,
        )
        return picker, article_html(chatbot, document, conversation.language or "en")


def _accepted_languages(request: gr.Request) -> str:
    return str(request.headers.get("accept-language", ""))
