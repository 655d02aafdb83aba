"""The lists of a text and the lines that a paragraph completes, worked out by hand."""

from pathlib import Path

from qa import loaders
from qa.answering.surroundings import Outline
from qa.question.forms import AskedItem

PERMIT = """居住证办理说明

在本市连续居住满六个月的人可以申领居住证。

申请需要以下材料：

（一）本人身份证原件和复印件；

（二）近期一寸免冠照片两张；

（三）房屋租赁合同或者产权证。

办理流程

第一步：在社区服务站领取登记表。

第二步：把登记表和材料交到派出所窗口。

居住证每年签注一次，工本费二十元，首次申领免费。
"""
MANUAL = """# 净水壶说明

## 安装

1. 关闭总阀。
2. 接好蓝色软管。
3. 打开总阀。

## 指示灯

| 颜色 | 含义 |
| --- | --- |
| 绿 | 正常 |
| 红 | 到期 |

## 多久换滤芯？

半年一次。
"""
TALK = """对话木匠

记者：您是哪一年开始学木工的？

贺师傅：一九八三年，跟着姑父。

厂里很冷。

记者：最难的是什么？

贺师傅：耐得住。
"""


def outline(text: str) -> Outline:
    return Outline.of(loaders.from_text("a", text))


def texts(listed: Outline, number: int) -> list[str]:
    return [one.text[:5] for one in listed.listings[number].shown()]


def test_lists_with_their_lead_in_their_order() -> None:
    listed = outline(PERMIT)
    assert texts(listed, 0) == ["申请需要以", "（一）本人", "（二）近期", "（三）房屋"]
    assert texts(listed, 1) == ["办理流程", "第一步：在", "第二步：把"]
    assert len(listed.listings) == 2


def test_an_item_of_a_number_and_the_last_one() -> None:
    steps = outline(PERMIT).listings[1]
    assert steps.item(AskedItem(2, "步", ""))[0].text.startswith("第二步")
    assert steps.item(AskedItem(-1, "步", ""))[0].text.startswith("第二步")
    assert steps.item(AskedItem(3, "步", "")) == []


def test_markdown_lists_tables_and_headings_that_ask(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(MANUAL, encoding="utf-8")
    listed = Outline.of(loaders.load_file(path))
    assert [one.kind for one in listed.listings] == ["plain digit", "row"]
    steps, table = listed.listings
    assert steps.item(AskedItem(3, "步", ""))[0].text == "3. 打开总阀。"
    assert table.item(AskedItem(2, "行", ""))[0].text == "| 红 | 到期 |"
    heading, answer = listed.paragraphs[-2:]
    assert listed.following(heading) == [answer]
    assert listed.above(answer) == "多久换滤芯？"


def test_what_follows_a_question_up_to_the_next() -> None:
    listed = outline(TALK)
    asks = listed.paragraphs[1]
    assert [one.text for one in listed.following(asks)] == [
        "贺师傅：一九八三年，跟着姑父。",
        "厂里很冷。",
    ]
    assert listed.above(listed.paragraphs[2]) == asks.text


def test_items_without_marks_end_where_their_form_does() -> None:
    listed = outline(
        "开业公告\n\n请带以下物品：\n\n身份证\n\n水杯\n\n毛巾\n\n下午三点开门迎客，欢迎大家。"
    )
    assert texts(listed, 0) == ["请带以下物", "身份证", "水杯", "毛巾"]
    said = outline("他的话\n\n他只说了一句：\n\n“我不走。”\n\n后来他搬到了南方。\n\n再没有回来。")
    assert texts(said, 0) == ["他只说了一", "“我不走。"]
