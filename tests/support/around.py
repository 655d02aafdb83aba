"""Small pages around a short article, and what is read of them."""

from qa.loaders import html
from qa.loaders.content import Content

TITLE = "旧粮站改成了木工坊"
TEXTS = (
    "河湾村的旧粮站空了十一年，去年冬天改成了木工坊。",
    "木工坊有六张工作台，周末教孩子们做板凳和风车。",
    "带头的是木匠孟广田，他十六岁就跟着父亲学手艺。",
    "修屋顶用了四千片旧瓦，是村民从自家院子里搬来的。",
    "今年立夏以前，粮站东边的晒场还要改成一个小剧场。",
)
SAID = "上个月带孩子去过，板凳做得很结实，下次还想去。"


def read(page: str) -> Content:
    (content,) = html.read(page.encode(), "page.html")
    return content


def shown(page: str) -> list[tuple[str, str]]:
    content = read(page)
    return [(block.kind, content.text[block.start : block.end]) for block in content.blocks]


def texts(page: str) -> list[str]:
    return [text for kind, text in shown(page) if kind in ("text", "heading")]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def page(inner: str, title: str = TITLE, name: str = "") -> str:
    head = f"<head><title>{name or title}</title></head>"
    return f"{head}<body><h1>{title}</h1>{inner}</body>"


def article(after: str = "", title: str = TITLE) -> str:
    return page(f'<div class="wrap"><div class="in">{paragraphs(*TEXTS)}</div>{after}</div>', title)
