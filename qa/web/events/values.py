"""What came with an event, whoever sent it: values of the kind expected, or none."""

import gradio as gr

__all__ = ["accepted_languages", "number_of", "session", "text_of", "value_of"]


def value_of(event: gr.EventData, name: str) -> object:
    """Return a value of the event's data, None if there is none of that name."""
    return getattr(event, name, None)


def text_of(event: gr.EventData, name: str) -> str:
    """Return a text of the event's data, "" if there is none."""
    value = value_of(event, name)
    return value if isinstance(value, str) else ""


def number_of(event: gr.EventData, name: str) -> int:
    """Return a whole number of the event's data, -1 if there is none."""
    value = value_of(event, name)
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def session(request: gr.Request) -> str:
    """Return the connection that a request belongs to."""
    return str(request.session_hash or "")


def accepted_languages(request: gr.Request) -> str:
    """Return the ``Accept-Language`` header of a request."""
    return str(request.headers.get("accept-language", ""))
