"""The tool for programs that speak the Model Context Protocol, by gradio's own server."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import gradio as gr

from qa.errors import MissingExtra

__all__ = ["answer_in_json", "require_mcp"]


def require_mcp() -> None:
    """Raise MissingExtra unless the package is there; gradio itself would go on without it."""
    try:
        found = find_spec("mcp") is not None
    except ValueError:
        found = False
    if not found:
        raise MissingExtra("mcp", "mcp")


def answer_in_json(page: gr.Blocks) -> None:
    """Let the tools of a launched page answer in JSON, as text and as structured content.

    Gradio would send text in Python's notation.
    """
    from mcp.types import CallToolRequest, CallToolResult, ServerResult, TextContent

    def as_json(data: Sequence[Any], root_url: str) -> list[TextContent]:
        return [TextContent(type="text", text=json.dumps(one, ensure_ascii=False)) for one in data]

    server: Any = page.mcp_server_obj
    server.postprocess_output_data = as_json
    handlers = server.mcp_server.request_handlers
    call = handlers[CallToolRequest]

    async def call_structured(request: CallToolRequest) -> ServerResult:
        replied: ServerResult = await call(request)
        result = replied.root
        if isinstance(result, CallToolResult) and not result.isError:
            (answer,) = result.content
            if isinstance(answer, TextContent):
                result.structuredContent = json.loads(answer.text)
        return replied

    handlers[CallToolRequest] = call_structured
