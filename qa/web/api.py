"""The structured endpoint for programs: ``/ask``."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from qa.errors import QAError
from qa.web.chat import clean
from qa.web.service import Service

__all__ = ["ask_endpoint"]


def ask_endpoint(
    service: Service,
) -> Callable[[str, list[str] | None, int | None], dict[str, Any]]:
    """Return the function behind ``/ask``."""

    def ask(
        question: str,
        history: list[str] | None = None,
        k: int | None = None,
    ) -> dict[str, Any]:
        """Answer a question with passages of the article, verbatim.

        Args:
            question: What is asked, at most 2,000 characters.
            history: Earlier questions of the conversation, oldest first.
            k: Number of passages wanted.

        """
        earlier = [] if history is None else history
        if not isinstance(question, str):
            raise gr.Error("question: expected a text", print_exception=False)
        if not isinstance(earlier, list) or not all(isinstance(one, str) for one in earlier):
            raise gr.Error("history: expected a list of texts", print_exception=False)
        if k is not None and (not isinstance(k, int) or isinstance(k, bool)):
            raise gr.Error("k: expected a whole number", print_exception=False)
        try:
            found = service.ask(clean(question), [clean(one) for one in earlier], k)
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return found.to_dict()

    return ask
