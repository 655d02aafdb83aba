"""What the tests of the command line share: an article, typing, and reading what was printed."""

import io
import json

import pytest

ARTICLE = (
    "# 山中一日\n\n黄山的温泉水温常年保持在42度。\n\n## 交通\n\n从县城坐23路公交车可以到达山门。\n"
)
WATER = "黄山的温泉水温常年保持在42度。"
BUS = "从县城坐23路公交车可以到达山门。"

Captured = pytest.CaptureFixture[str]


def type_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def json_lines(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def passages(answer: dict[str, object]) -> list[dict[str, object]]:
    found = answer["passages"]
    assert isinstance(found, list)
    return found
