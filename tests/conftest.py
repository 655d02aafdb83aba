"""Real parts, made once and shared: the bundled model and the chatbot on the article."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import chromium, opened
from hypothesis import HealthCheck, settings

from qa import loaders
from qa.assembly import calibration_of, reader_of
from qa.chatbot import Chatbot
from qa.config import INT8, Config, default_corpus
from qa.embed import Progress, SentenceTransformerEmbedder, model_folder
from qa.index.local import LocalIndex
from qa.sharing import shared_embedder
from qa.types import Floats

if TYPE_CHECKING:
    from engines import Engine
    from playwright.sync_api import Browser, Page

    from qa.web import Server

if "PYTEST_XDIST_WORKER" in os.environ:
    # Threads of several processes that wait for each other take longer than one thread each.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# What they assert is told like what a test does.
pytest.register_assert_rewrite("engines", "layouts", "terminal")

# A busy machine makes a correct example slow, not wrong.
settings.register_profile("tests", deadline=None)
# For --hypothesis-profile=long.
settings.register_profile(
    "long", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck)
)
settings.load_profile("tests")

BotMaker = Callable[[Mapping[str, str]], Chatbot]


def bundled() -> Path:
    folder = model_folder(Config().model)
    assert folder is not None
    return folder


def linked_model(folder: Path) -> Path:
    """Return a copy of the bundled model that shares its weights."""
    folder.mkdir()
    for path in sorted(bundled().rglob("*")):
        copy = folder / path.relative_to(bundled())
        if path.is_dir():
            copy.mkdir()
        elif path.suffix == ".safetensors":
            copy.symlink_to(path)
        else:
            shutil.copyfile(path, copy)
    return folder


class CountingEmbedder:
    """The real model, and what it was given to embed."""

    def __init__(self, model: SentenceTransformerEmbedder, fingerprint: str = "") -> None:
        self._model = model
        self.name = model.name
        self.fingerprint = fingerprint or model.fingerprint
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def windows(self, text: str, context: str = "") -> list[str]:
        return self._model.windows(text, context)

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        self.embedded += texts
        return self._model.encode_documents(texts, progress)

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        self.asked += questions
        return self._model.encode_queries(questions)


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


# Not for the whole session: playwright keeps an event loop running beside everything else.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A running browser; tests that need one are skipped where there is none."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def server(browser: "Browser") -> Iterator["Server"]:
    """The web chat on the article, for tests in a browser."""
    from qa.web import serve

    served = serve(lambda: Chatbot.from_paths([default_corpus()]), port=0, block=False)
    yield served
    served.close()


@pytest.fixture
def desktop(browser: "Browser", server: "Server") -> Iterator["Page"]:
    """A page of the web chat, ready for questions."""
    with opened(browser, server.url) as shown:
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
def article_bot(embedder: SentenceTransformerEmbedder) -> Chatbot:
    """The chatbot on the folder with the article."""
    config = Config()
    loaded = loaders.load_paths([default_corpus()])
    return Chatbot(
        LocalIndex.build(loaded.documents, embedder),
        embedder,
        calibration_of(config),
        config,
        reader=reader_of(config),
    )


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
    from terminal import ARTICLE

    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "山.md").write_text(ARTICLE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def milvus_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a real Milvus server, started once."""
    pytest.importorskip("milvus", reason="the server for tests: pip install milvus==2.3.5")
    from milvus_server import Server

    server = Server(tmp_path_factory.mktemp("milvus"))
    request.addfinalizer(server.stop)
    server.start()
    return server.uri


@pytest.fixture(
    params=["folder", "int8", "lite", pytest.param("server", marks=pytest.mark.cluster)],
)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> "Engine":
    """An empty index of each engine."""
    from engines import Engine

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
