"""What is told where no passage answers: why not, what to do instead, counts.

Only here does the chat speak with words of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from qa.errors import QuestionTooLong
from qa.question.analysis import Question
from qa.question.follow_up import asks_for_more
from qa.question.intent import Intent
from qa.question.names import names_in
from qa.question.terms import Terms
from qa.question.topic import analyse
from qa.text import HAN, Language, has_content, language, tokens, without_question_words
from qa.text.folding import fold
from qa.text.numbers import mentions
from qa.text.words import Word, tag_of, words_of
from qa.types import Answer, AnswerKind, Counts, Difference, Extent

__all__ = [
    "counted",
    "missing_words",
    "not_said",
    "reason_in",
    "refuse",
    "refuse_blank",
    "searched_so_far",
]

_SHOWN_MISSING = 4
_LOOKED_FOR = ("n", "v", "a", "i", "j", "l", "s", "t", "z", "b", "eng")
"""Parts of speech, as jieba names them, of words that a reader may look for."""
_IN_NAMES = ("n", "v", "a", "s", "i", "l")
_NOT_LOOKED_FOR = frozenset(
    "小时 分钟 全文 文章 本文 原文 正文 文中 内容 总结 概括 概述 归纳 总的来说 介绍 说明 简述 列举 "
    "列出 说出 解释 分析 回答 翻译 告诉 告知 知道 请问 请教 想问 想知道 看看 说说 讲讲 "
    "谈谈 提到 提及 指出 叫做 称为 问题 答案 一下 简单 简要 详细 具体 主要 大概 大致 分别 "
    "到底 究竟 关于 有关 相关 方面 情况 意思 含义 是否 是不是 有没有 能不能 可不可以 能否 "
    "可以 能够 可能 应该 应当 需要 认为 觉得 以为 希望 什么样 怎么样 怎样 如何 为什么 "
    "多少 几个 哪些 哪里 时候 时间 地方 东西 事情 原因 理由 今天 昨天 明天 现在 目前 今年 "
    "去年 明年 如今 当时 之前 之后 以前 以后 后来 最近 没有 不是 就是 还有 发生 出现 存在 "
    "属于 进行 包括 作者 作用 第一 如下 以下 以上 没提 不到 是什么 的话 据说 听说 一个 "
    "一些 一样 一起 一共 总共 总计 合计 共计 通常 一般".split()
)
"""Words that ask, speak of asking and of articles, or are too general to look for."""
_HALF_LATIN = re.compile(f"([{HAN}]+)([a-zA-Z]{{2,}})|([a-zA-Z]{{2,}})([{HAN}]+)")
_JOINING = frozenset("能会可要想给首了是")
"""In no name, but beside one: 能贷, 首诗."""
_LATIN = re.compile(rf"[^\W{HAN}]+(?:['’.-][^\W{HAN}]+)*")

_NOTHING_ASKED: Mapping[Language, str] = {
    "zh-Hans": "没有看到问题，请输入一个问题。",
    "zh-Hant": "沒有看到問題，請輸入一個問題。",
    "en": "There is no question; type one.",
}
_TOLD: Mapping[AnswerKind, Mapping[Language, str]] = {
    "blank": _NOTHING_ASKED,
    "help": {
        "zh-Hans": "这里用文章里的原话回答问题，并标出原话在哪一段。文章没有说的，会直接告诉你。",
        "zh-Hant": "這裡用文章裡的原話回答問題，並標出原話在哪一段。文章沒有說的，會直接告訴你。",
        "en": "Questions are answered here with the article's own passages, and where they stand. "
        "What the article does not say, you are told plainly.",
    },
    "task": {
        "zh-Hans": "这里只找出文章里的原话，不写作、不翻译，也不执行指令。请问文章里的内容。",
        "zh-Hant": "這裡只找出文章裡的原話，不寫作、不翻譯，也不執行指令。請問文章裡的內容。",
        "en": "This chat only finds passages of the article; it does not write, translate or "
        "follow other instructions. Ask something about what the article says.",
    },
    "nonsense": {
        "zh-Hans": "看不出这是什么问题。这里只找出文章里的原话，请就文章的内容提一个问题。",
        "zh-Hant": "看不出這是什麼問題。這裡只找出文章裡的原話，請就文章的內容提一個問題。",
        "en": "This does not look like a question. This chat only finds passages of the article; "
        "ask something about what it says.",
    },
}
_SEVERAL: Mapping[Language, str] = {
    "zh-Hans": "这里有 {articles:,} 篇文章。请只问其中一篇，或在问题里用书名号写出它的标题。",
    "zh-Hant": "這裡有 {articles:,} 篇文章。請只問其中一篇，或在問題裡用書名號寫出它的標題。",
    "en": "There are {articles:,} articles here. Ask one of them alone, or name its title in 《》.",
}
_SIZE: Mapping[Language, str] = {
    "zh-Hans": "正文有 {paragraphs:,} 段、{characters:,} 字（不算标点和标题），{headings}小标题。",
    "zh-Hant": "正文有 {paragraphs:,} 段、{characters:,} 字（不算標點和標題），{headings}小標題。",
    "en": "Paragraphs: {paragraphs:,}. Words or Chinese characters: {characters:,} "
    "(without punctuation and titles). Headings: {headings}.",
}
_HEADINGS: Mapping[Language, tuple[str, str]] = {
    "zh-Hans": ("没有", "有 {:,} 个"),
    "zh-Hant": ("沒有", "有 {:,} 個"),
    "en": ("0", "{:,}"),
}
_PARAGRAPH: Mapping[Language, str] = {
    "zh-Hans": "正文第 {paragraph:,} 段，共 {paragraphs:,} 段",
    "zh-Hant": "正文第 {paragraph:,} 段，共 {paragraphs:,} 段",
    "en": "Paragraph {paragraph:,} of {paragraphs:,} of the body",
}
_NOT_SAID: Mapping[Language, tuple[str, str]] = {
    "zh-Hans": (
        "文中没有提到“{}”，所以没有找到能回答这个问题的段落。",
        "文中有与此相近的段落，但没有一段回答了这个问题。",
    ),
    "zh-Hant": (
        "文中沒有提到「{}」，所以沒有找到能回答這個問題的段落。",
        "文中有與此相近的段落，但沒有一段回答了這個問題。",
    ),
    "en": (
        "The article does not mention “{}”, and no passage answers the question.",
        "There are passages on something close, but none of them answers the question.",
    ),
}
_NO_MORE: dict[Language, str] = {
    "zh-Hans": "除了前面的段落，文中没有别的段落回答这个问题。",
    "zh-Hant": "除了前面的段落，文中沒有別的段落回答這個問題。",
    "en": "Apart from the passages before, none answers the question.",
}

_OTHER_NAMED: dict[Language, str] = {
    "zh-Hans": "最相近的一段说的是“{}”，不是“{}”，所以没有回答这个问题。",
    "zh-Hant": "最相近的一段說的是「{}」，不是「{}」，所以沒有回答這個問題。",
    "en": "The nearest passage is about “{}”, not “{}”, so it does not answer the question.",
}

_SO_FAR: Mapping[Language, tuple[str, str]] = {
    "zh-Hans": (
        "这篇文章还没有读完，只读了前 {read:,} 段（共 {total:,} 段）；下面只出自这一部分。",
        "这篇文章还没有读完，只读了前 {read:,} 段（共 {total:,} 段），其中没有一段回答了这个问题。"
        "读完后可以再问一次。",
    ),
    "zh-Hant": (
        "這篇文章還沒有讀完，只讀了前 {read:,} 段（共 {total:,} 段）；下面只出自這一部分。",
        "這篇文章還沒有讀完，只讀了前 {read:,} 段（共 {total:,} 段），其中沒有一段回答了這個問題。"
        "讀完後可以再問一次。",
    ),
    "en": (
        "Only the first {read:,} of {total:,} paragraphs have been read so far; this is from "
        "them alone.",
        "Only the first {read:,} of {total:,} paragraphs have been read so far, and none of them "
        "answers the question. Ask again when all are read.",
    ),
}
"""What is told with an answer, and in place of one, by an article that is still being read in."""


def refuse_blank(typed: str, longest: int) -> Answer | None:
    """Return the answer to what holds no word; None to a question.

    Raises:
        QuestionTooLong: if it has more than ``longest`` characters.

    """
    if len(typed) > longest:
        raise QuestionTooLong(len(typed), longest)
    if has_content(typed):
        return None
    # What holds no word is in no language.
    reason = f"{_NOTHING_ASKED['en']} {_NOTHING_ASKED['zh-Hans']}"
    return Answer(typed.strip(), False, 0.0, reason=reason, asked=typed, kind="blank")


def refuse(typed: str, intent: Intent) -> Answer:
    """Return the answer to what is no question for an article."""
    reason = _TOLD[intent][language(typed)]
    return Answer(typed.strip(), False, 0.0, reason=reason, asked=typed, kind=intent)


def not_said(
    question: Question,
    missing: tuple[str, ...] = (),
    differs: tuple[Difference, ...] = (),
) -> str:
    """Return the reason not to answer a question, naming what differs or occurs nowhere."""
    typed = question.asked or question.text
    return _not_said(question.text, typed, missing, differs, language(typed))


def reason_in(shown: Language, answer: Answer) -> str:
    """Return the reason of an answer in the language it is shown in; "" if there is none."""
    if answer.answered:
        return ""
    if answer.kind in _TOLD:
        return _TOLD[answer.kind][shown]
    if answer.extent is not None:
        return searched_so_far(answer.extent, shown, answered=False)
    if answer.counts is not None:
        return counted(answer.counts, shown)
    asked = answer.asked or answer.question
    return _not_said(answer.question, asked, answer.missing, answer.differs, shown)


def searched_so_far(extent: Extent, shown: Language, *, answered: bool) -> str:
    """Say how much of an article was searched for an answer, or in vain."""
    told = _SO_FAR[shown][0 if answered else 1]
    return told.format(read=extent.read, total=extent.total)


def counted(counts: Counts, shown: Language) -> str:
    """Say how much text there is, or which paragraph of how many it is."""
    if counts.articles > 1:
        return _SEVERAL[shown].format(articles=counts.articles)
    if counts.paragraph:
        return _PARAGRAPH[shown].format(paragraph=counts.paragraph, paragraphs=counts.paragraphs)
    none, some = _HEADINGS[shown]
    headings = some.format(counts.headings) if counts.headings else none
    return _SIZE[shown].format(
        paragraphs=counts.paragraphs, characters=counts.characters, headings=headings
    )


def _not_said(
    question: str,
    asked: str,
    missing: tuple[str, ...],
    differs: tuple[Difference, ...],
    shown: Language,
) -> str:
    if asked != question and asks_for_more(asked):
        return _NO_MORE[shown]
    separator = {"zh-Hans": "”“", "zh-Hant": "」「", "en": "”, “"}[shown]
    if differs:
        first = differs[0]
        return _OTHER_NAMED[shown].format(separator.join(first.said), first.asked)
    # An English question need not share a word with a Chinese article.
    if language(asked) == "en" or not missing:
        return _NOT_SAID[shown][1]
    return _NOT_SAID[shown][0].format(separator.join(missing))


def missing_words(terms: Terms) -> tuple[str, ...]:
    """Return the words and names of a question that occur nowhere, longest first.

    They are whole words, as the question has them; what only asks is none of them. A number
    occurs if the documents have it in any form.
    """
    if terms.known.all():
        return ()
    text, folded = terms.question.text, terms.question.folded
    shown = text if len(text) == len(folded) else folded
    known = dict(zip(terms.tokens, map(bool, terms.known), strict=True))
    numbers = [(one.start, one.end) for one in mentions(shown)]
    words: set[str] = set()
    for start, end in _whole_words(shown, folded, numbers, known):
        own = tokens(folded[start:end])
        if (start, end) in numbers and any(map(_has_figures, own)):
            # The unit may have another name: 10小时 is 10个小时.
            own = [token for token in own if _has_figures(token)]
        if not _is_known(own, known):
            words.add(_missing_part(shown[start:end], known))
    return tuple(sorted(words, key=lambda word: (-len(word), word))[:_SHOWN_MISSING])


def _has_figures(token: str) -> bool:
    return any(one.isdigit() for one in token)


def _is_known(own: Sequence[str], known: Mapping[str, bool]) -> bool:
    return all(known.get(token, True) for token in own if len(token) > 1)


def _is_cut_wrong(folded: str, start: int, end: int, known: Mapping[str, bool]) -> bool:
    """Tell whether a word of two characters is none, but the halves of two: 数科|贷后.

    The documents have a pair that overlaps it. A word that the dictionary has is only given up
    where the other side has such a pair as well, or no word at all.
    """
    word = folded[start:end]
    if not re.fullmatch(f"[{HAN}]{{2,3}}", word):
        return False
    beside = [folded[max(start - 1, 0) : start + 1], folded[end - 1 : end + 1]]
    overlap = [known.get(pair) if len(pair) == 2 else None for pair in beside]
    if tag_of(word) is not None:
        return len(word) == 2 and True in overlap and False not in overlap
    within = [word[:2], word[1:]] if len(word) > 2 else []
    return (
        True in overlap or any(known.get(pair) for pair in within) or not _JOINING.isdisjoint(word)
    )


def _missing_part(word: str, known: Mapping[str, bool]) -> str:
    """Return what is missing of a word half in Latin letters: CEO of 乐信CEO."""
    halves = _HALF_LATIN.fullmatch(word)
    parts = [part for part in halves.groups() if part] if halves else []
    missing = [part for part in parts if not _is_known(tokens(part), known)]
    return missing[0] if len(missing) == 1 else word


def _whole_words(
    shown: str, folded: str, numbers: Sequence[tuple[int, int]], known: Mapping[str, bool]
) -> Iterator[tuple[int, int]]:
    """Yield where the numbers, names and other words of a question are that may be missing."""
    if not re.search(f"[{HAN}]", folded):
        words = [match.span() for match in _LATIN.finditer(folded)]
    else:
        words = [(one.start, one.end) for one in names_in(shown)]
        segmented = words_of(folded)
        words += _subject(folded, segmented)
        words += [
            (start, end)
            for start, end in _other_words(folded, segmented)
            if not _is_cut_wrong(folded, start, end, known)
        ]
    taken: list[tuple[int, int]] = []
    for start, end in [*numbers, *words]:
        if all(end <= first or start >= last for first, last in taken):
            taken.append((start, end))
    return iter(taken)


def _subject(folded: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return where the subject is, if the segmenter cut one character off a name: 海底捞."""
    subject = fold(analyse(folded).subject)
    start = folded.find(subject)
    end = start + len(subject)
    held = [word for word in words if start <= word.start and word.end <= end]
    whole = len(held) == 2 and (held[0].start, held[1].end) == (start, end)
    if not whole or min(len(word.text) for word in held) > 1:
        return []
    return [(start, end)] if all(word.tag.startswith(_IN_NAMES) for word in held) else []


def _other_words(folded: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    asking = without_question_words(folded)
    return [
        (word.start, word.end)
        for word in _joined(words)
        if len(word.text) > 1
        and word.tag.startswith(_LOOKED_FOR)
        and word.text not in _NOT_LOOKED_FOR
        and asking[word.start : word.end] == word.text
    ]


def _joined(words: Sequence[Word]) -> Iterator[Word]:
    """Yield words, those that touch a Latin one joined with it: 腾讯QQ."""
    before: Word | None = None
    for word in words:
        if before is not None and "eng" in (before.tag, word.tag) and _is_nominal(before, word):
            word = Word(before.start, word.end, before.text + word.text, "eng")
        elif before is not None:
            yield before
        before = word
    if before is not None:
        yield before


def _is_nominal(*words: Word) -> bool:
    return all(word.tag.startswith(("n", "eng")) for word in words)
