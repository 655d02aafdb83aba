"""The structured endpoint for programs: ``/ask``."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse

from qa.arguments import check_history
from qa.errors import QAError
from qa.web.service import Service
from qa.web.visit.keeping import clean

__all__ = ["ask_endpoint", "name_bad_arguments", "require_all_values"]

_BAD_ARGUMENTS = "is not a valid key-word argument"


def ask_endpoint(
    service: Service,
) -> Callable[[str | None, list[str] | None, int | None], dict[str, Any]]:
    """Return the function behind ``/ask``."""

    def ask(
        question: str | None = None,
        history: list[str] | None = None,
        k: int | None = None,
    ) -> dict[str, Any]:
        """Answer a question with passages of the article, verbatim.

        Args:
            question: What is asked, at most 2,000 characters.
            history: Earlier questions of the conversation, oldest first, at most 100.
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
            longest = service.ready_chatbot().config.max_question_characters
            check_history(earlier, longest)
            found = service.ask(clean(question), [clean(one) for one in earlier], k)
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return found.to_dict()

    return ask


def name_bad_arguments(_request: Request, error: Exception) -> JSONResponse:
    """Return what is wrong with a call that names an argument which ``/ask`` does not have.

    Any other mistake is one of the program and stays what it is.
    """
    if _BAD_ARGUMENTS not in str(error):
        raise error
    named = str(error).split("`")[1]
    detail = f"{named}: not known; expected question, history and k"
    return JSONResponse({"detail": detail}, status_code=422)


def require_all_values(page: gr.Blocks) -> None:
    """Let a page say what is missing in a call; gradio itself only writes it into its log."""
    check = page.validate_inputs

    def checked(block_fn: Any, inputs: list[Any]) -> None:  # noqa: ANN401 - as gradio has it
        try:
            check(block_fn, inputs)
        except ValueError as error:
            wanted = len(block_fn.inputs)
            named = " (question, history, k)" if block_fn.api_name == "ask" else ""
            raise gr.Error(
                f"data: expected {wanted} values{named}, got {len(inputs)}", print_exception=False
            ) from error

    changed: Any = page
    changed.validate_inputs = checked
