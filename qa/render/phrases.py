"""The words around an answer, in each language an answer is shown in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qa.text import Language

__all__ = ["LABELS", "Labels"]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words around an answer in one language."""

    sure: str
    unsure: str
    absent: str
    absent_so_far: str
    confidence: str
    place: str
    page: str
    title: str
    byline: str
    heading: str
    nearest: str
    more: str
    more_nearest: str
    show: str
    elsewhere: str
    own_words: str
    examples: str


LABELS: Mapping[Language, Labels] = MappingProxyType(
    {
        "zh-Hans": Labels(
            sure="确定",
            unsure="不太确定",
            absent="文中没有提到",
            absent_so_far="读过的部分没有提到",
            confidence="把握 {percent}%",
            place="第 {number} 段",
            page="第 {page} 页",
            title="标题",
            byline="署名",
            heading="小标题",
            nearest="下面是最接近的段落，它们并没有回答这个问题",
            more="另外 {count} 段",
            more_nearest="另外 {count} 段（同样没有回答）",
            show="在文中查看",
            elsewhere="另见：{places}",
            own_words="下面都是文章的原话",
            examples="可以这样问",
        ),
        "zh-Hant": Labels(
            sure="確定",
            unsure="不太確定",
            absent="文中沒有提到",
            absent_so_far="讀過的部分沒有提到",
            confidence="把握 {percent}%",
            place="第 {number} 段",
            page="第 {page} 頁",
            title="標題",
            byline="署名",
            heading="小標題",
            nearest="下面是最接近的段落，它們並沒有回答這個問題",
            more="另外 {count} 段",
            more_nearest="另外 {count} 段（同樣沒有回答）",
            show="在文中查看",
            elsewhere="另見：{places}",
            own_words="下面都是文章的原話",
            examples="可以這樣問",
        ),
        "en": Labels(
            sure="Sure",
            unsure="Not quite sure",
            absent="The article does not say",
            absent_so_far="What was read so far does not say",
            confidence="confidence {percent}%",
            place="Paragraph {number}",
            page="page {page}",
            title="Title",
            byline="Byline",
            heading="Heading",
            nearest="These are the nearest passages; they do not answer the question",
            more="More passages ({count})",
            more_nearest="More passages ({count}); they do not answer either",
            show="Show in the article",
            elsewhere="Also in: {places}",
            own_words="In the article's own words",
            examples="For example",
        ),
    }
)
