"""Answers made by hand, and what a browser would show of their HTML."""

from html.parser import HTMLParser

from qa.types import Answer, Paragraph, Passage, Span

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> **粗** _斜_ `码` $$x$$ # 题 & &amp; "
    "[链](http://example.com) ~~删~~ |表|格| www.example.com {{x}} ${y} \\ 1) 甲"
)


class Reader(HTMLParser):
    """Collects what a browser would show, and which elements it would make."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "br":
            self.handle_data("\n")
            return
        self._open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        for tag in dict.fromkeys(self._open):
            self.texts[tag][-1] += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def passage(
    text: str,
    highlight: Span | None = None,
    answer: Span | None = None,
    *,
    position: int = 11,
    document_id: str = "a.md",
    section: str = "第一节",
    answers: bool = False,
) -> Passage:
    paragraph = Paragraph(
        document_id, "题目", "a.md", section, position, 0, len(text), text, number=position + 1
    )
    return Passage(paragraph, 1.0, highlight, answer, answers)


def answered(*passages: Passage, confidence: float = 0.9, question: str = "谁?") -> Answer:
    return Answer(question, True, confidence, passages, asked=question)


def refused(*passages: Passage, reason: str = "没有提到。") -> Answer:
    return Answer("谁?", False, 0.1, passages, reason=reason, asked="谁?")
