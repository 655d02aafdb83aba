"""Real parts, made once and shared: the bundled model and the chatbot on the article."""

import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from qa import loaders
from qa.chatbot import Chatbot, Inquiry
from qa.chatbot.build import calibration_of, reader_of
from qa.config import INT8, Config, default_corpus
from qa.embedding.cache import shared_embedder
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.index.local import LocalIndex
from support.browser import chromium, opened
from support.models import BotMaker, RememberingEmbedder
from support.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from qa.web import Server
    from qa.web.service import Service
    from support.engines import Engine

if "PYTEST_XDIST_WORKER" in os.environ:
    # Threads of several processes that wait for each other take longer than one thread each.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# What they assert is told like what a test does.
pytest.register_assert_rewrite("support.engines", "support.layouts", "support.terminal")

ArticleBotMaker = Callable[[], Chatbot]

# A busy machine makes a correct example slow, not wrong.
settings.register_profile("tests", deadline=None)
# For --hypothesis-profile=long.
settings.register_profile(
    "long", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the tests' own files."""
    return Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def article() -> str:
    """The text of the article."""
    return (default_corpus() / "article.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The bundled model, loaded once."""
    bundled = shared_embedder(Config())
    bundled.load()
    return bundled


@pytest.fixture(scope="session")
def remembering(embedder: SentenceTransformerEmbedder) -> RememberingEmbedder:
    """The bundled model for tests that embed the same texts again and again."""
    return RememberingEmbedder(embedder)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A running browser; tests that need one are skipped where there is none."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the web chat writes judgements to."""
    return tmp_path_factory.mktemp("feedback") / "feedback.jsonl"


@pytest.fixture(scope="session")
def slow_answer() -> threading.Event:
    """What the web chat waits for before it answers "慢慢来"; a test clears it, then sets it."""
    return threading.Event()


@pytest.fixture(scope="session")
def server(
    browser: "Browser",
    make_article_bot: ArticleBotMaker,
    feedback: Path,
    slow_answer: threading.Event,
) -> Iterator["Server"]:
    """The web chat on the article, for tests in a browser: with a bug, and a slow question."""
    from qa.web import serve

    bot = make_article_bot()
    sound = bot.inquire

    def inquire(question: str, history: Sequence[str] = (), k: int | None = None) -> Inquiry:
        if question == "坏掉":
            raise RuntimeError("a bug")
        if question == "慢慢来":
            slow_answer.wait(PATIENCE)
        return sound(question, history, k)

    bot.inquire = inquire
    served = serve(lambda: bot, port=0, block=False, feedback=feedback)
    served.service.wait()
    yield served
    served.close()


@pytest.fixture(scope="session")
def own_articles_server(
    browser: "Browser", make_article_bot: ArticleBotMaker
) -> Iterator["Server"]:
    """The web chat on the article, for tests that bring articles of their own."""
    from qa.web import serve

    served = serve(make_article_bot, port=0, block=False)
    yield served
    served.close()


@pytest.fixture
def page(browser: "Browser", own_articles_server: "Server") -> Iterator["Page"]:
    """A page of the web chat for articles of one's own."""
    with opened(browser, own_articles_server.url) as shown:
        yield shown


@pytest.fixture
def desktop(browser: "Browser", server: "Server") -> Iterator["Page"]:
    """A page of the web chat, ready for questions, that may use the clipboard."""
    with opened(browser, server.url, permissions=["clipboard-read", "clipboard-write"]) as shown:
        yield shown


@pytest.fixture(scope="session")
def make_bot(embedder: SentenceTransformerEmbedder) -> BotMaker:
    """Make a chatbot on texts (name to text) that shares the loaded model."""
    config = Config()
    calibration = calibration_of(config)

    def make(texts: Mapping[str, str]) -> Chatbot:
        documents = [loaders.from_text(name, text) for name, text in texts.items()]
        index = LocalIndex.build(documents, embedder)
        return Chatbot(index, embedder, calibration, config, reader=reader_of(config))

    return make


@pytest.fixture(scope="session")
def make_article_bot(embedder: SentenceTransformerEmbedder) -> ArticleBotMaker:
    """Make a chatbot on the folder with the article, whose index is built once."""
    config = Config()
    index = LocalIndex.build(loaders.load_paths([default_corpus()]).documents, embedder)
    calibration = calibration_of(config)
    return lambda: Chatbot(index, embedder, calibration, config, reader=reader_of(config))


@pytest.fixture(scope="session")
def article_bot(make_article_bot: ArticleBotMaker) -> Chatbot:
    """The chatbot on the folder with the article."""
    return make_article_bot()


@pytest.fixture
def shared_model(embedder: SentenceTransformerEmbedder) -> None:
    """Have the bundled model loaded: chatbots of the same settings share it."""


@pytest.fixture
def own_cache(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, shared_model: None
) -> None:
    """Let commands keep their indexes apart from the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cli-cache"))
    monkeypatch.delenv("QA_MODEL", raising=False)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with one short article, for commands."""
    from support.terminal import ARTICLE

    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "山.md").write_text(ARTICLE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def milvus_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a real Milvus server, started once."""
    pytest.importorskip("milvus", reason="the server for tests: pip install milvus==2.3.5")
    from support.milvus_server import Server

    server = Server(tmp_path_factory.mktemp("milvus"))
    request.addfinalizer(server.stop)
    server.start()
    return server.uri


@pytest.fixture(
    params=["folder", "int8", "lite", pytest.param("server", marks=pytest.mark.cluster)],
)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> "Engine":
    """An empty index of each engine."""
    from support.engines import Engine

    collection = f"test_{uuid.uuid4().hex[:12]}"
    if request.param in ("folder", "int8"):
        vectors = None if request.param == "folder" else INT8
        return Engine(str(tmp_path / "index"), collection, vectors=vectors)
    pytest.importorskip("pymilvus")
    if request.param == "lite":
        manager = pytest.importorskip("milvus_lite.server_manager").server_manager_instance
        place = str(tmp_path / "index.db")
        request.addfinalizer(lambda: manager.release_server(place))
        return Engine(place, collection)
    return Engine(request.getfixturevalue("milvus_server"), collection, matches_words=False)


@pytest.fixture
def service(make_bot: BotMaker, shared_model: None) -> "Service":
    """What is behind the page, on a short article, ready."""
    from qa.web.service import Service

    started = Service(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}))
    started.start()
    assert started.wait(PATIENCE)
    return started
