"""The same answer through the Model Context Protocol, asked by a real client of it."""

import json
import sys
from typing import Any

import pytest

from qa.errors import MissingExtra, QAError
from qa.web import serve
from support.models import BotMaker
from support.waiting import run_apart

pytest.importorskip("mcp", reason="the extra mcp is not installed: pip install 'article-qa[mcp]'")


def test_the_one_tool_answers_with_passages(make_bot: BotMaker) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    bot = make_bot({"灯塔": "灯塔高三十二米。\n\n守护人叫陈阿福。\n"})
    served = serve(lambda: bot, port=0, block=False, mcp=True)

    async def use() -> tuple[list[str], Any]:
        async with (
            streamable_http_client(f"{served.url}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            result = await session.call_tool(tools[0].name, {"question": "守护人叫什么？"})
            return [tool.name for tool in tools], result

    try:
        names, result = run_apart(use())
    finally:
        served.close()
    assert names == ["ask"]
    assert not result.isError
    assert result.structuredContent == bot.ask("守护人叫什么？").to_dict()
    assert json.loads(result.content[0].text) == result.structuredContent


def test_it_does_not_go_together_with_a_login(make_bot: BotMaker) -> None:
    with pytest.raises(QAError, match="MCP clients cannot log in"):
        serve(
            lambda: make_bot({"灯塔": "灯塔。\n"}), port=0, block=False, mcp=True, auth=("a", "b")
        )


def test_without_its_package_the_pip_line_is_told(
    make_bot: BotMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(MissingExtra, match=r"pip install 'article-qa\[mcp\]'"):
        serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False, mcp=True)
