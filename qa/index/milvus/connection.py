"""One Milvus server: connecting, retrying through a failover, errors a user understands."""

import contextlib
import io
import logging
import re
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from qa.errors import IndexUnavailable, MissingExtra

if TYPE_CHECKING:
    from pymilvus import MilvusClient

__all__ = ["CONSISTENCY", "Connection", "Row"]

CONSISTENCY = "Strong"
"""Every read sees every write that has returned, whichever process made it."""

Row = Mapping[str, Any]

_FIRST_VERSION_WITH_WORDS = (2, 5)
_CONNECT_SECONDS = 10.0
_LITE_PAUSE_SECONDS = 0.2
_PAGE = 1_000
_LONGEST_PAUSE_SECONDS = 2.0

# What no waiting puts right: an absent collection and requests that the server rejects.
_COLLECTION_NOT_FOUND = 100
_REJECTED = range(1100, 1200)


class Connection:
    """A connected client whose calls are repeated while the server is failing over.

    ``matches_words`` tells whether the server has BM25 (2.5 and later). A call is tried for
    ``patience`` seconds at most; what then still fails is an :class:`IndexUnavailable`.

    Raises:
        MissingExtra: if pymilvus (or milvus-lite, for a file) is not installed.
        IndexUnavailable: if nothing answers at ``uri``.

    """

    def __init__(self, uri: str, token: str = "", *, patience: float = 60.0) -> None:
        self.uri = uri
        self._patience = patience
        self._client = _connect(uri, token)
        self.version = "Lite" if _is_file(uri) else str(self.call("get_server_version"))
        self.matches_words = _is_file(uri) or _numbers(self.version) >= _FIRST_VERSION_WITH_WORDS

    def call(self, method: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Return what the client's ``method`` returns, tried again while it may recover.

        Only calls whose repetition changes nothing may be made this way.

        Raises:
            IndexUnavailable: if it failed for good, or for longer than ``patience``.

        """

        def request(seconds: float) -> Any:  # noqa: ANN401
            return getattr(self._client, method)(*arguments, timeout=seconds, **options)

        return self._repeated(method, request)

    def query(
        self, collection: str, condition: str, fields: Sequence[str], limit: int | None = None
    ) -> list[Row]:
        """Return the fields of the rows that fulfil a condition, up to 16,384 of them."""
        options = {} if limit is None else {"limit": limit}
        rows = self.call(
            "query",
            collection,
            filter=condition,
            output_fields=list(fields),
            consistency_level=CONSISTENCY,
            **options,
        )
        return list(rows)

    def query_all(self, collection: str, condition: str, fields: Sequence[str]) -> list[Row]:
        """Return the fields of all rows that fulfil a condition, read in pages."""

        def request(seconds: float) -> list[Row]:
            pages = self._client.query_iterator(
                collection,
                batch_size=_PAGE,
                filter=condition,
                output_fields=list(fields),
                consistency_level=CONSISTENCY,
                timeout=seconds,
            )
            rows: list[Row] = []
            try:
                while page := pages.next():
                    rows += page
            finally:
                pages.close()
            return rows

        return cast("list[Row]", self._repeated("query_iterator", request))

    def _repeated(self, name: str, request: Callable[[float], Any]) -> Any:  # noqa: ANN401
        """Return what ``request`` returns; it is given the seconds that are left for it."""
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        deadline = time.monotonic() + self._patience
        pause = 0.1
        while True:
            try:
                return request(max(deadline - time.monotonic(), 1.0))
            except (MilvusException, RpcError) as error:
                if _is_permanent(error) or time.monotonic() + pause > deadline:
                    raise IndexUnavailable(self.uri, name, _reason(error)) from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def schema(self, description: str = "") -> Any:  # noqa: ANN401
        """Return an empty collection schema."""
        return self._client.create_schema(
            auto_id=False, enable_dynamic_field=False, description=description
        )

    def index_parameters(self) -> Any:  # noqa: ANN401
        """Return an empty list of indexes to make."""
        return self._client.prepare_index_params()

    def close(self) -> None:
        """Let go of the connection; a file of Milvus Lite stays locked until the process ends."""
        self._client.close()


def _connect(uri: str, token: str) -> "MilvusClient":
    if find_spec("pymilvus") is None:
        raise MissingExtra("pymilvus", "milvus")
    if _is_file(uri) and find_spec("milvus_lite") is None:
        raise MissingExtra("milvus-lite", "milvus-lite")
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # Milvus Lite finds its version by the old way of setuptools, which warns of it.
        warnings.simplefilter("ignore")
        from pymilvus import MilvusClient
        from pymilvus.exceptions import MilvusException

        # Failed calls are raised, or repeated; the log would show each one as a traceback.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        deadline = time.monotonic() + _CONNECT_SECONDS
        while True:
            try:
                return MilvusClient(uri, token=token, timeout=_CONNECT_SECONDS)
            except MilvusException as error:
                # Milvus Lite waits half a second for its process, which a busy machine exceeds.
                if not _is_file(uri) or time.monotonic() > deadline:
                    raise IndexUnavailable(uri, "connect", _reason(error)) from error
            time.sleep(_LITE_PAUSE_SECONDS)


def _is_file(uri: str) -> bool:
    return not uri.startswith(("http://", "https://"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))


def _is_permanent(error: Exception) -> bool:
    code = getattr(error, "code", None)
    rejected = isinstance(code, int) and (code == _COLLECTION_NOT_FOUND or code in _REJECTED)
    return rejected or bool(getattr(error, "is_input_error", False))


def _reason(error: Exception) -> str:
    message = getattr(error, "message", "") or str(error)
    return " ".join(str(message).split())[:300]
