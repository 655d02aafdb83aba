"""PDFs of difficult layouts, printed by a browser, with what a reader reads in them.

``PYTHONPATH=tests python -m support.made_pdfs`` prints those in ``tests/data/pdfs``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from support.browser import chromium

__all__ = ["FOLDER", "PDFS", "MadePdf"]

FOLDER = Path(__file__).parents[1] / "data" / "pdfs"

TEXTS = (
    "石盘村去年秋天修好了通往县城的水泥路，全长十一公里，路面宽五米半，两边都装了护栏，"
    "夜里还有路灯，村里人去县城赶集的时间从两个小时缩短到了二十五分钟。",
    "修路一共花了六百四十万元，其中县交通局出资四百万元，镇里出资一百五十万元，"
    "剩下的九十万元由村民和在外务工的人捐助，捐款名单刻在村口的石碑上。",
    "路通以后，村里的核桃和花椒不再靠人背下山，收购的卡车可以直接开到晒场，"
    "每斤核桃比往年多卖八角钱，全村一年多收入三十七万元，二十六户人家买了三轮车。",
    "村小学的孩子也换了新的去处，从前要走六里山路到邻村上学，如今校车每天早上七点二十分在"
    "老槐树下停靠，下午四点四十分送回来，家长再也不用轮流接送。",
    "村支书何长水说，下一步要把路再往山里修三公里，接上林场的防火道，预计明年五月动工，"
    "十月完工，届时林场的木材和山货也能从这条路运出去。",
    "县交通局的工程师提醒，重车不要超过二十吨，雨季山坡容易落石，遇到暴雨红色预警时，"
    "路口的栏杆会放下来，请大家耐心等候，不要强行通过。",
)
FIGURE = "图1 新修的水泥路和从前的山路"
HEAD = ("设备", "含义", "处理办法")
ROWS = (
    (
        "红色指示灯常亮",
        "滤芯已经用完，水的流量会越来越小，继续使用时过滤的效果没有保证",
        "关闭总阀，拆下旧滤芯，装上同一型号的新滤芯，再按住复位键五秒",
    ),
    (
        "黄色指示灯闪烁",
        "进水压力低于零点一兆帕",
        "检查进水阀是否全部打开；如果楼里停水，等来水后会自动恢复，不需要重新启动",
    ),
    ("蜂鸣器连续响三声", "机箱内部漏水", "立即关闭总阀并拔掉电源，联系售后，电话是四位数的短号"),
)  # fmt: skip


@dataclass(frozen=True)
class MadePdf:
    """A layout as HTML, and the paragraphs in the order in which they are read."""

    name: str
    html: str
    paragraphs: Sequence[str]

    @property
    def path(self) -> Path:
        """Where it was printed to."""
        return FOLDER / f"{self.name}.pdf"


def _page(style: str, inner: str) -> str:
    return (
        '<!DOCTYPE html><meta charset="utf-8"><style>@page { size: A4; margin: 2cm }'
        "body { font: 10.5pt/1.7 'Noto Serif CJK SC'; margin: 0; text-align: justify }"
        "p { margin: 0; text-indent: 2em } figure { margin: 0; text-align: center }"
        "figure div { background: #ccd; height: 4cm } figcaption { font-size: 9pt }"
        f"table {{ border-collapse: collapse; width: 100% }} td, th {{ border: 1px solid; "
        f"padding: 3pt; text-align: left; vertical-align: top; width: 33% }}{style}</style>{inner}"
    )


def _body(texts: Sequence[str] = TEXTS) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


_FIGURE = f"<figure><div></div><figcaption>{FIGURE}</figcaption></figure>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    names = "".join(f"<th>{name}</th>" for name in head)
    listed = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{names}</tr>{listed}</table>"


def _read(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(
        "；".join(f"{name}：{value}" for name, value in zip(head, row, strict=True)) for row in rows
    )


def _between(table: str, style: str = "") -> str:
    """Return a page with a table between two paragraphs."""
    return _page(style, f"{_body(TEXTS[:1])}{table}{_body(TEXTS[1:2])}")


_TABLE, _READ_ROWS = _table(HEAD, ROWS), _read(HEAD, ROWS)
_BARE = "td, th { border: 0; width: auto } "
SALES = ("产品", "2023年收入", "2024年收入", "2025年收入")
SOLD = (
    ("遵义红", "1.2亿元", "1.4亿元", "1.5亿元"),
    ("湄潭翠芽", "3.1亿元", "3.3亿元", "3.6亿元"),
    ("都匀毛尖", "2.0亿元", "2.2亿元", "2.1亿元"),
)
STAFF = ("编号", "姓名", "部门", "电话")
PEOPLE = tuple(
    (f"A{n:03}", f"张{'伟芳娜敏静'[n % 5]}", ("财务部", "研发部", "市场部")[n % 3], f"6120{n:04}")
    for n in range(90)
)
FORM = (("民族", "汉", "籍贯", "四川"), ("学历", "本科", "特长", "书法"))

PDFS = (
    MadePdf(
        "figure-across",
        _page(
            "div.c { columns: 2; column-gap: 1cm; column-fill: balance }"
            "figure { column-span: all; margin: 1em 0 }",
            f'<div class="c">{_body(TEXTS[:3])}{_FIGURE}{_body(TEXTS[3:])}</div>',
        ),
        (*TEXTS[:3], FIGURE, *TEXTS[3:]),
    ),
    MadePdf(
        "figure-in-column",
        _page(
            "div.c { columns: 2; column-gap: 1cm } figure { break-inside: avoid }",
            f'<div class="c">{_body(TEXTS[:2])}{_FIGURE}{_body(TEXTS[2:])}</div>',
        ),
        (*TEXTS[:2], FIGURE, *TEXTS[2:]),
    ),
    MadePdf(
        "three-columns",
        _page(
            "div.c { columns: 3; column-gap: 0.7cm }", f'<div class="c">{_body(TEXTS * 2)}</div>'
        ),
        TEXTS * 2,
    ),
    MadePdf("vertical", _page("html { writing-mode: vertical-rl }", _body()), TEXTS),
    MadePdf(
        "long-cells",
        _between(_TABLE),
        (TEXTS[0], *_READ_ROWS, TEXTS[1]),
    ),
    MadePdf(
        "long-cells-without-rules",
        _between(_TABLE, "td, th { border: 0 }"),
        (TEXTS[0], *_READ_ROWS, TEXTS[1]),
    ),
    MadePdf(
        "cells-in-the-middle",
        _between(_TABLE, "td, th { border: 0; vertical-align: middle }"),
        (TEXTS[0], *_READ_ROWS, TEXTS[1]),
    ),
    MadePdf(
        "narrow-columns",
        _between(
            _table(SALES, SOLD), f"{_BARE} td, th {{ padding: 1pt 4pt }} table {{ width: auto }}"
        ),
        (TEXTS[0], *_read(SALES, SOLD), TEXTS[1]),
    ),
    MadePdf(
        "table-over-pages",
        _between(_table(STAFF, PEOPLE)),
        (TEXTS[0], *_read(STAFF, PEOPLE), TEXTS[1]),
    ),
    MadePdf(
        "table-over-pages-without-rules",
        _between(_table(STAFF, PEOPLE), _BARE),
        (TEXTS[0], *_read(STAFF, PEOPLE), TEXTS[1]),
    ),
    MadePdf(
        "form-without-rules",
        _between(
            _table(("姓名", "张三", "性别", "男"), FORM),
            f"{_BARE} th {{ font-weight: 400 }} table {{ width: auto }}",
        ),
        (TEXTS[0], "姓名张三性别男", *map("".join, FORM), TEXTS[1]),
    ),
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser:
        page = browser.new_page()
        for one in PDFS:
            page.set_content(one.html)
            page.pdf(path=one.path, prefer_css_page_size=True)


if __name__ == "__main__":
    main()
