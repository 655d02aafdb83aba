"""Whether the server is there and answers, for whoever looks after it: ``/healthz``."""

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from qa.web.service import Service

__all__ = ["tell_health"]


def tell_health(page: gr.Blocks, service: Service) -> None:
    """Let a launched page answer ``GET /healthz`` with its state, without a login.

    The status is 200 when questions are answered at once, otherwise 503.
    """

    async def health(_request: Request) -> JSONResponse:
        is_ready = service.state == "ready"
        return JSONResponse({"state": service.state}, status_code=200 if is_ready else 503)

    # Before the other routes, of which one takes any name of a page.
    page.app.router.routes.insert(0, Route("/healthz", health))
