"""JSON, JSON lines and CSV: which fields are read, and what is said when none is."""

import json
from typing import Any

import pytest

from qa.errors import DocumentError
from qa.loaders import records
from qa.loaders.content import Content

BODY = "第一段在这里，讲渡口的木船。\n第二段在这里，讲撑船的人。"


def of_json(value: Any) -> list[Content]:  # noqa: ANN401
    return list(records.read_json(json.dumps(value).encode(), "data.json"))


def shown(content: Content) -> list[tuple[str, str]]:
    return [(block.kind, content.text[block.start : block.end]) for block in content.blocks]


@pytest.mark.parametrize("field", [*records.TEXTS, "TEXT", "Content", " 正文 ", "ｂｏｄｙ"])
def test_every_name_of_a_text_is_known(field: str) -> None:
    (content,) = of_json([{field: BODY}])
    assert [text for _, text in shown(content)] == BODY.split("\n")


def test_a_name_longer_than_any_known_one_is_no_field() -> None:
    (content,) = of_json([{f"text{' ' * 1_000}": "别的。", "text": BODY}])
    assert content.text == BODY


def test_title_date_and_source_come_first() -> None:
    record = {"来源": "江口晚报", "标题": "渡口", "日期": "2024-03-16", "正文": BODY, "点击": 5}
    (content,) = of_json(record)
    assert shown(content)[:2] == [("title", "渡口"), ("byline", "2024-03-16 江口晚报")]
    assert content.title == "渡口"
    assert content.text.endswith(BODY)


def test_a_title_that_the_text_repeats_stands_there_once() -> None:
    (content,) = of_json({"title": "渡口的船", "text": f"渡口的船\n\n{BODY}"})
    assert [text for _, text in shown(content)].count("渡口的船") == 1


def test_a_list_of_paragraphs_is_a_text() -> None:
    (content,) = of_json({"paragraphs": ["第一段在这里。", "第二段在这里。", 3]})
    assert [text for _, text in shown(content)] == ["第一段在这里。", "第二段在这里。"]


@pytest.mark.parametrize("name", ["articles", "data", "文章"])
def test_a_list_inside_an_object(name: str) -> None:
    assert len(of_json({"count": 2, name: [{"text": BODY}, {"text": BODY}]})) == 2


def test_a_list_inside_several_objects() -> None:
    assert len(of_json({"data": {"total": 2, "list": [{"text": BODY}, {"text": BODY}]}})) == 2
    assert len(of_json({"data": {"page": 1}, "items": [{"text": BODY}, {"text": BODY}]})) == 2


def test_a_table_kept_by_its_columns() -> None:
    table = {"标题": {"4": "渡口", "7": "木船"}, "正文": {"4": BODY, "7": f"{BODY}\n第三段。"}}
    assert [content.title for content in of_json(table)] == ["渡口", "木船"]


def test_articles_inside_an_object_by_their_names() -> None:
    (content,) = of_json({"article": {"title": "渡口", "text": BODY}})
    assert content.title == "渡口"
    assert len(of_json({"甲": {"text": BODY}, "乙": {"text": BODY}, "count": 2})) == 2


@pytest.mark.parametrize("value", [{"text": {}}, {}, [{"a": None}, {}], {"a": [[], {}]}])
def test_objects_that_hold_nothing_are_refused(value: object) -> None:
    with pytest.raises(DocumentError, match="no record has a text"):
        of_json(value)


@pytest.mark.parametrize("sign", ["\u2028", "\x85"])
def test_a_line_of_json_ends_at_a_line_feed_only(sign: str) -> None:
    lines = "\r\n".join(f'{{"text": "第{n}段。{sign}还有。"}}' for n in range(2))
    contents = list(records.read_json_lines(lines.encode(), "data.jsonl"))
    assert [content.text for content in contents] == [f"第{n}段。{sign}还有。" for n in range(2)]


def test_a_list_of_strings() -> None:
    assert [content.text for content in of_json(["第一篇。", "第二篇。"])] == [
        "第一篇。",
        "第二篇。",
    ]


def test_records_go_by_their_own_id_or_their_number() -> None:
    found = of_json([{"id": "甲", "text": BODY}, {"text": BODY}, {"id": 7, "text": BODY}])
    assert [content.name for content in found] == ["甲", "2", "7"]


def test_records_without_a_text_are_left_out() -> None:
    assert [one.name for one in of_json([{"text": ""}, {"text": None}, {"text": BODY}])] == ["3"]


@pytest.mark.parametrize("data", [b"{", b"[1, 2", b'"text"', b"5", b"null", b"[" * 100_000])
def test_what_is_no_data_is_named(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^data\.json: "):
        list(records.read_json(data, "data.json"))


def test_json_lines_without_one_that_can_be_read_name_the_first() -> None:
    with pytest.raises(DocumentError, match=r"^data\.jsonl: line 2: it is no JSON"):
        list(records.read_json_lines(b'\n{"text": }\n{', "data.jsonl"))


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (1, "line 2: it is no JSON (Expecting"),
        (3, "line 4: it is no JSON (Expecting"),
        (5, "and 2 lines more"),
    ],
)
def test_a_bad_line_costs_itself_and_is_told(bad: int, told: str) -> None:
    lines = ['{"text": "甲乙丙。"}', *['{"text": }'] * bad, '{"text": "丁戊己。"}']
    contents = list(records.read_json_lines("\n".join(lines).encode(), "data.jsonl"))
    assert [one.text for one in contents] == ["甲乙丙。", "丁戊己。"]
    assert [one.name for one in contents] == ["1", str(bad + 2)]
    assert told in contents[0].problem


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_tables_in_every_encoding_and_with_every_delimiter(delimiter: str, encoding: str) -> None:
    header = delimiter.join(["标题", "内容"])
    row = delimiter.join(["渡口", '"第一段,在这里；完。\n第二段""在这里""。"'])
    (content,) = records.read_csv(f"{header}\r\n{row}\r\n".encode(encoding), "data.csv")
    assert shown(content) == [
        ("title", "渡口"),
        ("text", "第一段,在这里；完。"),
        ("text", '第二段"在这里"。'),
    ]


def test_rows_longer_and_shorter_than_the_header() -> None:
    data = "title,text\n渡口,甲乙丙。,多余\n只有标题\n".encode()
    assert [one.title for one in records.read_csv(data, "data.csv")] == ["渡口"]


def of_csv(text: str, encoding: str = "utf-8") -> list[tuple[str, str]]:
    (content,) = records.read_csv(text.encode(encoding), "data.csv")
    return shown(content)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_without_a_text_is_a_paragraph_a_row(encoding: str) -> None:
    table = "码头,班次（每天）,票价（元）\r\n东渡,8,2\r\n西渡,12,3\r\n"
    assert of_csv(table, encoding) == [
        ("text", "码头：东渡；班次（每天）：8；票价（元）：2"),
        ("text", "码头：西渡；班次（每天）：12；票价（元）：3"),
    ]


def test_a_table_has_a_title_above_its_names() -> None:
    assert of_csv("各码头班次,,\n码头,班次,票价\n东渡,8,2\n") == [
        ("text", "各码头班次"),
        ("text", "码头：东渡；班次：8；票价：2"),
    ]


def test_a_short_cell_called_text_is_a_cell_of_its_row() -> None:
    assert of_csv("项目,内容\n退票,开船前一小时\n改签,当天一次\n") == [
        ("text", "项目：退票；内容：开船前一小时"),
        ("text", "项目：改签；内容：当天一次"),
    ]


@pytest.mark.parametrize(
    "names", [("问题", "答案"), ("Question", "Answer"), ("q", "a"), ("标题", "回答")]
)
def test_questions_stand_above_their_answers(names: tuple[str, str]) -> None:
    table = f'{",".join(names)}\n几点开船？,早上六点。\n能带狗吗？,"可以，\n要拴绳。"\n'
    assert of_csv(table) == [
        ("text", "几点开船？\n早上六点。"),
        ("text", "能带狗吗？\n可以，\n要拴绳。"),
    ]


def test_a_question_is_a_heading_above_a_long_answer() -> None:
    long = "渡口的木船每天早上六点开出第一班。" * 20
    (content,) = of_json([{"question": "几点开船？", "answer": f"{long}\n{long}"}])
    assert shown(content) == [("heading", "几点开船？"), ("text", long), ("text", long)]


def test_instructions_and_what_was_put_out() -> None:
    made = [
        {"instruction": "几点开船？", "input": "", "output": "早上六点。"},
        {"instruction": "把它译成中文：", "input": "ferry", "output": "渡船"},
    ]
    (content,) = of_json(made)
    assert [text for _, text in shown(content)] == [
        "几点开船？\n早上六点。",
        "把它译成中文： ferry\n渡船",
    ]
    lines = "\n".join(json.dumps(one) for one in made).encode()
    first, _ = records.read_json_lines(lines, "data.jsonl")
    assert shown(first) == [("text", "几点开船？\n早上六点。")]


def test_objects_without_a_text_are_a_paragraph_each() -> None:
    made = [
        {"码头": "东渡", "船": ["木船", "快艇"], "票价": {"平日": 2, "假日": 3}, "备注": None},
        {"码头": "西渡", "船": []},
    ]
    (content,) = of_json(made)
    assert [text for _, text in shown(content)] == [
        "码头：东渡；船：木船、快艇；票价：平日 2，假日 3",
        "码头：西渡",
    ]


def test_html_in_a_text_is_read_as_what_it_shows() -> None:
    html = "<h2>班次</h2><p>早上六点&nbsp;开船。<br></p><ul><li>票价2元</li></ul><script>x</script>"
    (content,) = of_json({"title": "渡口", "content": html})
    assert shown(content) == [
        ("title", "渡口"),
        ("heading", "班次"),
        ("text", "早上六点\xa0开船。"),
        ("text", "票价2元"),
    ]
    (answer,) = of_json([{"question": "几点？", "answer": "<p>六点。</p>"}])
    assert shown(answer) == [("text", "几点？\n六点。")]


def test_signs_of_less_and_more_are_no_html() -> None:
    (content,) = of_json({"text": "若 a<b 且 b>c，则 <x> 可取。"})
    assert content.text == "若 a<b 且 b>c，则 <x> 可取。"
