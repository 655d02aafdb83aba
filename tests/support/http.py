"""Requests that are not given up before a busy machine has answered."""

from functools import partial

import httpx

from support.waiting import PATIENCE

__all__ = ["get", "options", "post", "request", "stream"]

get = partial(httpx.get, timeout=PATIENCE)
options = partial(httpx.options, timeout=PATIENCE)
post = partial(httpx.post, timeout=PATIENCE)
request = partial(httpx.request, timeout=PATIENCE)
stream = partial(httpx.stream, timeout=PATIENCE)
