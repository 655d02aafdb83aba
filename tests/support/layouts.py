"""What a layout shows, and lines of every kind, none of whose sentences may be lost."""

from hypothesis import strategies as st

from qa.text import CLOSERS, fold, has_content
from qa.types import Block


def shown(text: str, blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in blocks]


SENTENCES = st.builds(
    lambda body, end, close: body + end + close,
    st.one_of(
        st.sampled_from(
            [
                "返回顶部",
                "01",
                "2022年05月23日 柒财经",
                "来源:柒财经",
                "第一章 开头",
                "题",
                "[注]: 甲",
                "--- 甲",
                "# 甲",
                "|甲|",
                "甲" * 100,
            ]
        ),
        st.text(st.sampled_from("甲乙丙一二01 ,、:“(<*_#>|-`[]"), min_size=1, max_size=30),
    ),
    st.sampled_from("。！？!?"),
    st.sampled_from(["", "”", "）", '"']),
)
OTHER_LINES = st.sampled_from(
    ["", "", "题", "01", "返回顶部 新浪首页", "2022年05月23日 柒财经", "---", "===", "```", "<div>"]
)


def assert_no_sentence_is_lost(text: str, found: list[tuple[str, str]]) -> None:
    kept = "\n".join(block for _, block in found)
    for line in text.split("\n"):
        # Markers of Markdown at the start belong to the layout, so the end is looked for.
        letters = line.strip().lstrip("#>-*_|`0123456789. \t")
        if has_content(letters) and line.rstrip(CLOSERS + " ").endswith(
            ("。", "！", "？", "!", "?")
        ):
            # A title that stands there twice is kept once, in either width.
            assert fold(letters) in fold(kept)
