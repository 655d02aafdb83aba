"""From bytes to documents: encodings, layouts, furniture, and files that cannot be read."""

import codecs
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import loaders
from qa.config import default_corpus
from qa.errors import (
    DocumentError,
    EmptyDocument,
    MissingExtra,
    UndecodableText,
    UnsupportedFormat,
)
from qa.loaders import markdown, plain
from qa.loaders.encoding import decode
from qa.split import split
from qa.text import CLOSERS, fold, has_content
from qa.types import Block

SHORT = "什么是新市民?\n新市民是指进城务工人员和新就业的大学毕业生。\n"
LONG = "".join(
    f"{place}. 新市民在城镇常住,微乐贷的平均额度达到{place}万元,服务个体工商户。\n\n"
    for place in range(400)
)
TRADITIONAL = "什麼是新市民?\n新市民是指進城務工人員和新就業的大學畢業生,貸款額度是多少。\n"


def shown(text: str, blocks: tuple[Block, ...]) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in blocks]


def of_plain(text: str) -> list[tuple[str, str]]:
    return shown(text, plain.blocks(text))


def of_markdown(text: str) -> list[tuple[str, str]]:
    return shown(text, markdown.blocks(text))


# The article


def test_the_raw_page_gives_the_paragraphs_of_the_markdown(data: Path) -> None:
    raw = split(loaders.load_file(data / "article-raw.txt"))
    clean = split(loaders.load_file(default_corpus() / "article.md"))
    assert [(one.text, one.kind, one.section) for one in raw] == [
        (one.text, one.kind, one.section) for one in clean
    ]


@pytest.mark.parametrize("name", ["article-raw.txt", "article.md"])
def test_the_article_has_its_title_byline_and_headings_and_no_furniture(
    name: str, data: Path
) -> None:
    folder = data if name == "article-raw.txt" else default_corpus()
    document = loaders.load_file(folder / name)
    assert document.title == "以科技为媒绘就普惠生态美景!金融机构保障3亿新市民金融服务畅通"
    found = split(document)
    assert [one.text for one in found if one.kind != "text"] == [
        document.title,
        "2022年05月23日 16:52 柒财经",
        "利用科技力量 多维度评估新市民信用水平",
        "开辟行业新蓝海 落实“金融为民”服务宗旨",
    ]
    texts = [one.text for one in found]
    assert texts.count(document.title) == 1
    assert not {"01", "02"} & set(texts)
    assert not any("新浪首页" in text or "自媒体联盟" in text for text in texts)
    assert texts[2].startswith("“独在异乡为异客")
    assert texts[-1].endswith("内蒙古锡林浩特的理疗师等。")


# Encodings


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gb18030", b""),
        ("utf-16-le", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_every_encoding_gives_the_same_text(text: str, encoding: str, mark: bytes) -> None:
    assert decode(mark + text.encode(encoding), "name.txt") == text


@pytest.mark.parametrize("repeats", [1, 200], ids=["short", "long"])
@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8", "utf-16-le"])
def test_traditional_text_in_every_encoding(repeats: int, encoding: str) -> None:
    text = TRADITIONAL * repeats
    assert decode(text.encode(encoding), "name.txt") == text


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
@pytest.mark.parametrize("shift", [0, 1])
def test_a_long_legacy_file_is_read_wherever_its_characters_begin(
    encoding: str, shift: int
) -> None:
    text = "a" * shift + TRADITIONAL * 1_000
    assert decode(text.encode(encoding), "name.txt") == text


def test_a_nul_in_utf8_text_does_not_turn_it_into_other_text() -> None:
    for text in ("新市民\0是什么?", "ab\0c"):
        try:
            assert decode(text.encode(), "name.txt") == text
        except UndecodableText as error:
            assert "name.txt" in str(error)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xffa",
        b"\xff\xff\xff\xff",
        bytes(range(128, 256)) * 3,
        codecs.BOM_UTF8 + b"\xff\xfe\xfd",
        codecs.BOM_UTF16_LE + b"a",
    ],
    ids=["png", "ones", "all", "utf8-mark", "half-utf16"],
)
def test_what_is_no_text_is_named_with_the_way_out(data: bytes) -> None:
    with pytest.raises(UndecodableText, match=r"^name\.txt: .*save it as UTF-8"):
        decode(data, "name.txt")


# Plain text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("gap", [1, 2, 3], ids=["lines", "blank", "blanks"])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000", "    ", "\t"])
def test_paragraph_styles_give_the_same_blocks(end: str, gap: int, indent: str) -> None:
    lines = ["一个题目", "第一段的内容在这里。", "第二段也有它自己的内容。"]
    assert of_plain((end * gap).join(indent + line for line in lines)) == [
        ("title", "一个题目"),
        ("text", "第一段的内容在这里。"),
        ("text", "第二段也有它自己的内容。"),
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    first = (
        "新市民是指因本人创业就业、子女上学、投靠\n"
        "子女等原因来到城镇常住,未获得当地户籍或\n"
        "获得当地户籍不满三年的各类群体,包括进城\n"
        "务工人员、新就业大中专毕业生等。"
    )
    second = (
        "消费金融所具备的小额分散优势,与新市民工\n"
        "作生活涉及的消费场景紧密关联,是一种近距\n"
        "离触达新市民的新金融业态。"
    )
    assert of_plain(f"{first}\n\n{second}\n") == [("text", first), ("text", second)]
    indented = f"\u3000\u3000{first}\n\u3000\u3000{second}"
    assert of_plain(indented) == [("text", first), ("text", second)]


@pytest.mark.parametrize(
    "byline",
    [
        "2022年05月23日 16:52 柒财经",
        "2022-05-23",
        "来源:柒财经",
        "作者：张三",
        "By: Jane Doe",
        "May 23, 2022 Example News",
    ],
)
def test_the_line_of_date_and_source_below_the_title(byline: str) -> None:
    assert of_plain(f"一个题目\n{byline}\n\n内容在这里。") == [
        ("title", "一个题目"),
        ("byline", byline),
        ("text", "内容在这里。"),
    ]


def test_a_sentence_with_a_date_is_no_byline() -> None:
    found = of_plain("一个题目\n2022年5月23日,通知发布了。\n后来又有了很多新的变化和发展。")
    assert ("text", "2022年5月23日,通知发布了。") in found


def test_numbered_headings_and_bare_section_numbers() -> None:
    body = "这一段有足够多的内容,所以在它上面的短行是一个小标题而不是别的什么东西,读者也这样看。"
    found = of_plain(f"一个题目\n{body}\n一、开头\n{body}\n02\n中间部分\n{body}")
    assert [text for kind, text in found if kind == "heading"] == ["一、开头", "中间部分"]
    assert "02" not in [text for _, text in found]


@pytest.mark.parametrize("title", ["中小学", "大中小企业"])
def test_a_title_of_everyday_words_is_no_navigation(title: str) -> None:
    assert of_plain(f"{title}\n\n这是第一段的内容,比题目长。\n")[0] == ("title", title)


def test_what_stands_between_two_titles_is_kept() -> None:
    found = of_plain("一个题目\n第一句话在这里。\n一个题目\n第二句话在这里。")
    assert ("text", "第一句话在这里。") in found


def test_a_text_of_one_line_is_a_paragraph() -> None:
    assert of_plain("微乐贷") == [("text", "微乐贷")]


def test_a_page_of_nothing_but_navigation_words_is_kept() -> None:
    assert of_plain("新浪首页 语音播报 返回顶部")[0][1] == "新浪首页 语音播报 返回顶部"


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


@given(st.lists(st.one_of(SENTENCES, OTHER_LINES), max_size=10).map("\n".join))
def test_no_sentence_of_a_plain_text_is_lost(text: str) -> None:
    assert_no_sentence_is_lost(text, of_plain(text))


@given(st.lists(st.one_of(SENTENCES, OTHER_LINES), max_size=10).map("\n".join))
def test_no_sentence_of_a_markdown_text_is_lost(text: str) -> None:
    assert_no_sentence_is_lost(text, of_markdown(text))


# Markdown


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_markdown_layout(end: str) -> None:
    text = end.join(
        [
            "---",
            "layout: page",
            "tags: [a, b]",
            "---",
            "# 一个题目 #",
            "",
            "*2022年05月23日 16:52 柒财经*",
            "",
            "第一段。",
            "",
            "小节甲",
            "------",
            "",
            "- 条目一",
            "- 条目二",
            "  1. 里面",
            "",
            "> 引用的话。",
            "",
            "### 小节乙",
            "",
            "**粗**的 `码` 和 [链](http://example.com)。",
        ]
    )
    assert of_markdown(text) == [
        ("title", "一个题目"),
        ("byline", "2022年05月23日 16:52 柒财经"),
        ("text", "第一段。"),
        ("heading", "小节甲"),
        ("text", "条目一"),
        ("text", "条目二"),
        ("text", "里面"),
        ("text", "引用的话。"),
        ("heading", "小节乙"),
        ("text", "**粗**的 `码` 和 [链](http://example.com)。"),
    ]


def test_heading_levels() -> None:
    text = "题\n===\n\n## 二\n\n甲。\n\n乙\n---\n"
    assert [(block.kind, block.level) for block in markdown.blocks(text)] == [
        ("title", 0),
        ("heading", 2),
        ("text", 0),
        ("heading", 2),
    ]


def test_a_table_gives_its_rows_and_no_rule() -> None:
    assert of_markdown("| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |\n") == [
        ("text", "| 甲 | 乙 |"),
        ("text", "| 丙 | 丁 |"),
    ]


def test_a_code_fence_is_one_paragraph_without_its_fence() -> None:
    assert of_markdown("```python\nx = '# 甲'\ny = 2\n```\n\n乙。") == [
        ("text", "x = '# 甲'\ny = 2"),
        ("text", "乙。"),
    ]


def test_a_code_fence_that_is_never_closed_loses_no_line() -> None:
    assert of_markdown("```\n甲。\n乙。") == [("text", "甲。\n乙。")]


def test_html_stays_as_it_is_written() -> None:
    assert of_markdown("<div>\n<b>甲</b>&amp;\n</div>\n\n乙 <i>丙</i> &lt;。") == [
        ("text", "<div>\n<b>甲</b>&amp;\n</div>"),
        ("text", "乙 <i>丙</i> &lt;。"),
    ]


def test_a_row_of_very_many_cells_is_text() -> None:
    row = "|甲" * 2_000
    assert of_markdown(f"{row}\n{'|-' * 2_000}\n") == [("text", f"{row}\n{'|-' * 2_000}")]


def test_a_note_in_the_form_of_a_link_definition_is_kept() -> None:
    assert "数据来自年报。" in "".join(
        block for _, block in of_markdown("甲。\n\n[注]: 数据来自年报。")
    )


def test_text_between_two_rules_at_the_start_is_no_front_matter() -> None:
    assert ("text", "第一段说了很多。") in of_markdown("---\n\n第一段说了很多。\n\n---\n\n第二段。")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_front_matter_without_its_end_is_text_and_read_at_once(end: str) -> None:
    lines = [f"第{number}条: 这是一句话。" for number in range(200)]
    read = "".join(
        text for _, text in of_markdown(end.join(["---", *(f"a{one}" for one in lines)]))
    )
    assert all(one in read for one in lines)
    assert of_markdown(end.join(["---", "a: b", "c: d", "---", "甲。"])) == [("text", "甲。")]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("# 题 #", "题"),
        ("# 题 ##  ", "题"),
        ("# 题#", "题#"),
        ("# 题 \\#", "题 \\#"),
        ("# C# #", "C#"),
    ],
)
def test_hashes_that_close_a_heading_are_not_shown(line: str, heading: str) -> None:
    assert of_markdown(f"{line}\n\n甲。") == [("title", heading), ("text", "甲。")]


def test_a_heading_with_very_many_blanks_is_read_at_once() -> None:
    line = f"题{' ' * 1_000_000}目"
    assert of_markdown(f"# {line}\n") == [("title", line)]


def test_a_wrapped_markdown_paragraph_is_one_and_sentence_lines_are_several() -> None:
    assert of_markdown("甲在\n第二行。\n\n丙。\n丁。") == [
        ("text", "甲在\n第二行。"),
        ("text", "丙。"),
        ("text", "丁。"),
    ]


# Files and folders


def test_files_that_cannot_be_read_are_named_and_the_others_loaded(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("新市民是什么?", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.md").write_text(" \n\u3000\n---\n", encoding="utf-8")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\0")
    (tmp_path / "slides.pptx").write_bytes(b"PK\3\4")
    (tmp_path / "README").write_text("甲。", encoding="utf-8")
    loaded = loaders.load_paths([tmp_path, tmp_path / "absent.txt"])
    assert [document.id for document in loaded.documents] == ["good.txt"]
    absent = str(tmp_path / "absent.txt")
    problems = {problem.source: problem for problem in loaded.problems}
    assert {name: type(problem) for name, problem in problems.items()} == {
        "README": UnsupportedFormat,
        absent: DocumentError,
        "blank.md": EmptyDocument,
        "empty.txt": EmptyDocument,
        "picture.txt": UndecodableText,
        "slides.pptx": UnsupportedFormat,
    }
    assert str(problems[absent]) == f"{absent}: there is no such file or folder; check the path"
    assert "'.pptx'" in str(problems["slides.pptx"])
    assert "save it as .pdf" in str(problems["slides.pptx"])
    assert "expected one of .txt" in str(problems["README"])
    assert "'(none)'" in str(problems["README"])
    assert "at least one sentence" in str(problems["empty.txt"])


def test_a_path_with_a_nul_character_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("新市民是什么?", encoding="utf-8")
    loaded = loaders.load_paths(["bad\0name.txt", tmp_path])
    assert len(loaded.documents) == len(loaded.problems) == 1


@pytest.mark.parametrize("text", ["渡口的木船" * 200, "第一段。\n\n" * 5_000, "a" * 100_000])
def test_a_text_given_as_a_path_is_told_to_be_none(text: str) -> None:
    (problem,) = loaders.load_paths([text]).problems
    assert "there is no such file or folder; check the path" in str(problem)
    assert len(str(problem)) < 300


def test_a_link_to_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("新市民是什么?", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "gone")
    loaded = loaders.load_paths([tmp_path / "link.txt", tmp_path / "good.txt"])
    assert [Path(problem.source).name for problem in loaded.problems] == ["link.txt"]
    assert [document.source for document in loaded.documents] == ["good.txt"]


def test_a_folder_is_read_with_all_below_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/乙.md", "a/甲.TXT", ".hidden.txt", ".git/c.txt", "questions.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"这是{name}。", encoding="utf-8")
    loaded = loaders.load_paths([tmp_path])
    assert [document.source for document in loaded.documents] == ["a/乙.md", "a/甲.TXT", "b.txt"]
    assert loaded.problems == ()


def test_files_of_the_same_name_get_ids_of_their_own(tmp_path: Path) -> None:
    for folder in ("one", "two", "three"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(f"在{folder}。", encoding="utf-8")
    paths = [tmp_path / folder for folder in ("one", "two", "three")]
    documents = loaders.load_paths(paths).documents
    assert len({document.id for document in documents}) == 3
    assert [document.text for document in documents] == ["在one。", "在two。", "在three。"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "甲.txt"
    path.write_text("只有一次。", encoding="utf-8")
    assert len(loaders.load_paths([path, tmp_path, str(path)]).documents) == 1


def test_a_file_of_several_documents_gives_them_all_and_no_single_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"text": "甲。"}, {"text": "乙。"}]', encoding="utf-8")
    assert [one.id for one in loaders.load_paths([path]).documents] == ["a.json#1", "a.json#2"]
    with pytest.raises(DocumentError, match="holds 2 documents; load it with load_paths"):
        loaders.load_file(path)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("portal-gb18030.html", "lxml.etree", "html"),
        ("hand-made.epub", "lxml.etree", "epub"),
        ("pandoc.docx", "docx", "docx"),
        ("chromium.pdf", "pypdfium2", "pdf"),
    ],
)
def test_a_missing_package_is_named_with_its_pip_line_and_the_others_are_loaded(
    name: str, module: str, extra: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    documents = data / "documents"
    with pytest.raises(MissingExtra, match=rf"pip install 'article-qa\[{extra}\]'"):
        loaders.load_file(documents / name)
    loaded = loaders.load_paths([documents / name, documents / "old-street.md"])
    assert [one.source for one in loaded.documents] == ["old-street.md"]
    (problem,) = loaded.problems
    assert problem.source == name
    assert f"pip install 'article-qa[{extra}]'" in str(problem)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (problem,) = loaders.load_paths([tmp_path / "pipe.txt"]).problems
    assert "it is no file" in str(problem)


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    (problem,) = loaders.load_paths([tmp_path]).problems
    assert str(problem) == (
        "large.txt: it has 200 MB, at most 100 MB are read; cut it into smaller files"
    )


def test_a_text_longer_than_a_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("甲。\n" * 3_500_000, encoding="utf-8")
    (problem,) = loaders.load_paths([tmp_path]).problems
    assert "10,500,000 characters, at most 10,000,000" in str(problem)


@pytest.mark.parametrize("kind", ["txt", "md", "html", "jsonl", "csv"])
def test_a_million_blank_lines_are_no_text(kind: str, tmp_path: Path) -> None:
    (tmp_path / f"blank.{kind}").write_bytes(b"\n" * 1_000_000)
    (problem,) = loaders.load_paths([tmp_path]).problems
    assert isinstance(problem, EmptyDocument)


def test_a_text_in_memory_goes_by_its_name() -> None:
    document = loaders.from_text("某/名", "没有题目,只有内容。")
    assert (document.id, document.source, document.title) == ("某/名", "某/名", "某/名")


@pytest.mark.parametrize("text", ["", " \n", "————————", "*****\n\n…………。"])
def test_a_text_without_letters_or_digits_is_empty(text: str) -> None:
    with pytest.raises(EmptyDocument, match=r"^空: "):
        loaders.from_text("空", text)
