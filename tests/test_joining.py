"""Joining printed lines: Chinese without blanks, Latin with them, broken words whole."""

import pytest

from qa.loaders.joining import collapse, join


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["渡口的木船", "每天开出。"], "渡口的木船每天开出。"),
        (["the last", "boat"], "the last boat"),
        (["exam-", "ple"], "example"),
        (["exam\u2010", "ple"], "example"),
        (["self-", "Service"], "self- Service"),
        (["1990-", "2000"], "1990- 2000"),
        (["价格是", "25元"], "价格是25元"),
        (["用 app", "买票"], "用 app买票"),
        (["“好。”", "他说"], "“好。”他说"),
        (["  甲 ", "", " 乙"], "甲乙"),
        (["카페", "입니다"], "카페 입니다"),
        ([], ""),
    ],
)
def test_join(lines: list[str], whole: str) -> None:
    assert join(lines) == whole


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("渡口\n  的木船", "渡口的木船"),
        ("the\n  last\tboat", "the last boat"),
        ("渡口 的\u3000木船", "渡口 的\u3000木船"),
        ("票\nticket", "票 ticket"),
    ],
)
def test_collapse(text: str, shown: str) -> None:
    assert collapse(text) == shown
