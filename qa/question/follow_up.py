"""From a follow-up and the questions before it to a question that stands alone. By rule.

What the conversation is about is followed from question to question. A follow-up takes

- the subject, when it asks something else of it: 那利率呢? → 微乐贷 那利率呢? So does a common
  noun that is in no list of what is asked of subjects, after a name: 利息呢?
- the whole question, when it goes on with it: 为什么? 第二个呢? 2021年呢?
- the question with another subject, when it names one: 那小赢卡贷呢? → 小赢卡贷的额度是多少?
- the question with another value of a kind that it names: 2020年呢? in the place of 2019年

and a question with a subject of its own takes nothing. One that asks for more of the same
(还有吗?) is the question before, of which other passages are wanted.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from qa.question.about_article import asked_about
from qa.question.intent import intent
from qa.question.topic import (
    Topic,
    analyse,
    is_entity_like,
    is_group,
    is_name,
    names_one,
    within_noun,
)
from qa.question.values import Value, changed, value_of
from qa.text import HAN, fold, has_content

__all__ = ["asks_for_more", "more_asked", "stand_alone", "topic"]

_LONGEST_CHAIN = 20
_LONGEST_FOLLOW_UP = 200
"""Characters; what is longer tells its subject itself."""
_LONGEST_NAME = 24
"""Characters of a follow-up that only names something: 那小赢卡贷呢?"""
_LONGEST_CARRIED = 60
"""Characters of a question that goes along whole."""
_LONGEST_REFERENT = 30
"""Characters of an earlier answer that a pronoun may stand for."""

_ASKS_WHY = re.compile(r"为什么|为何|为啥|凭什么|原因|理由|怎么会|\bwhy\b|\bhow (?:come|so)\b")
_GOES_ON = re.compile(
    r"怎么说|举.{0,2}例|比如|例如|具体|详细|什么意思|还有|其他|其它|其余|别的|另[一外]|剩下|其中|前者|后者|"
    r"第[一二三四五六七八九十\d]+|最后一|下一|上一|结果|后来|之后|当时|那时|那年|相?比[呢较]|"
    r"\b(?:others?|another|else|more|former|latter|rest|first|second|third|fourth|last|next|then)\b"
)
_PERSON = re.compile(r"[他她]|\b(?:he|him|his|she|her|hers)\b")
_ASKS_WHO = re.compile(r"谁|哪位|何人|叫什么|\bwho(?:m|se)?\b")
_PLACE = re.compile(r"[那这](?:里|儿|边)|当地|\bthere\b")
_ASKS_WHERE = re.compile(r"哪里|哪儿|在哪|何处|何地|什么地方|\bwhere\b")
_STARTS_AFTER_SUBJECT = re.compile(
    r"^(?:最|.了(?=多少|几|什么|哪)|都(?=[有是在能可会要包分用由被需])|也|又(?!名)|还|"
    r"要|能|会(?!计|议|员)|可以|需要?|必须|应该?|得|有(?=哪|什么|多少|几|没有)|是(?=由|谁|哪|什么时候|怎么|不是|否)|和(?=哪|谁)|一共|总共|每[天年月次])"
)
_STARTS_ASKING = re.compile(
    r"^(?:什么时候|何时|多久|怎么|如何|在?哪里|在哪|哪[一]?年|为什么|为何|为啥)"
)
_COMPARES = re.compile(r"[和跟与比]|than\b")
_HAS_HAN = re.compile(f"[{HAN}]")
_FEW_CHARACTERS = 3
"""Own characters of a question that may still lack its subject: 怎么还款?"""
_MORE = re.compile(
    r"(?:那么?|请|文中|文章里?)?"
    r"(?:(?:还|再)?有没有(?:别的|其[他它余]的?|更多的?)?|还有(?:别的|其[他它余]的?|更多的?|吗|没有?|哪些|什么)*|"
    r"其[他它余]的?|别的|更多的?|(?:再|多)(?:来|给|说|讲|找)?(?:一|几)?[点些个条段]|就这些|没有?别的了?)"
    r"(?:段落|内容|说法|地方|信息)?(?:了|呢|吗|么|嘛|吧|没有?)*"
    r"|(?:(?:and|is there|are there|do you have|show(?: me)?|give me|tell me)\s+)*"
    r"(?:any(?:thing)?|something|what|some|nothing)?\s*(?:else|more|others?)(?:\s+please)?"
    r"|is that all|go on"
)
_EDGES = re.compile(r"^[\s,，、。.!！…]+|[\s?？!！。.…~～]+$")
_ONLY_LINKS = ("呢", "吗", "么", "嘛", "怎么样", "如何")
_TITLED = re.compile(r"[《〈]")


@dataclass(frozen=True, slots=True)
class _Thread:
    """What a conversation is about: its latest question, standing alone, and its subject.

    ``added`` is the value at the end of the question that stands in the place of no other.
    """

    question: str
    subject: str
    added: str = ""

    @property
    def whole(self) -> str:
        """The question, unless it is too long to go along."""
        fits = len(self.question) <= _LONGEST_CARRIED
        return analyse(self.question).text if fits else self.subject


def stand_alone(
    question: str, history: Sequence[str], answer_to: Callable[[str], str] | None = None
) -> str:
    """Return ``question`` with what it takes from ``history``, oldest first, if anything.

    Only the latest twenty questions are looked at. ``answer_to`` gives the answering words
    to an earlier question ("" if not known); it is called where a pronoun stands for them:
    谁创办了公司? 他哪年出生?
    """
    if len(question) > _LONGEST_FOLLOW_UP:
        return question
    thread = _Thread("", "")
    for asked in [one for one in history if has_content(one)][-_LONGEST_CHAIN:]:
        thread = _followed(asked[:_LONGEST_FOLLOW_UP], thread, answer_to)
    if not thread.question or _is_aside(question, thread):
        return question
    return _followed(question, thread, answer_to).question


def asks_for_more(question: str) -> bool:
    """Tell whether only more of the same is asked for, as by 还有别的吗?."""
    return _MORE.fullmatch(_EDGES.sub("", fold(question))) is not None


def more_asked(question: str, history: Sequence[str]) -> int:
    """Return how many times in a row more was asked for, now included; 0 if it is not now."""
    if not asks_for_more(question):
        return 0
    asked = [one[:_LONGEST_FOLLOW_UP] for one in (*history, question)]
    asked = [one for one in asked if analyse(one).pieces and intent(one) is None]
    more = list(takewhile(asks_for_more, reversed(asked)))
    return len(more) if len(more) < len(asked) else 0


def topic(question: str) -> str:
    """Return what a question is about, as typed: its subject, or else all that it says."""
    about = analyse(question)
    return about.subject or _content(about)


def _followed(question: str, thread: _Thread, answer_to: Callable[[str], str] | None) -> _Thread:
    """Return the conversation after one more question."""
    if _is_aside(question, thread) or (thread.question and asks_for_more(question)):
        return thread
    if thread.subject and _is_of_text(question):
        return _Thread(f"{thread.subject} {question}", thread.subject)
    about = analyse(question)
    value = _named_value(about) if thread.question else None
    replaced = _with_value(question, value, thread) if value is not None else None
    if replaced is not None:
        return replaced
    if not thread.question or _stands_alone(about, thread):
        return _Thread(question, topic(question))
    if not (value is not None and value.kind) and _names_another(about, thread):
        return _replaced(about, thread)
    subject, carried = thread.subject, thread.subject
    if _stands_for_answer(about, thread):
        answer = answer_to(thread.question) if answer_to is not None else ""
        if 0 < len(answer) <= _LONGEST_REFERENT:
            subject, carried = answer, f"{subject} {answer}".strip()
    elif (value is not None and value.kind) or _goes_on(about, thread):
        carried = thread.whole
    if not carried or fold(carried) in fold(question):
        return _Thread(question, subject)
    added = question if value is not None and carried == thread.whole else ""
    return _Thread(f"{carried} {question}", subject, added)


def _named_value(about: Topic) -> Value | None:
    """Return the value that a follow-up names, if it asks nothing of it."""
    asks = any(piece.role == "ask" and piece.text not in _ONLY_LINKS for piece in about.pieces)
    value = None if asks or about.has("predicate", "pronoun") else value_of(about.text)
    if value is None or value.kind:
        return value
    return value if about.has("own") and not about.has("attribute") else None


def _with_value(question: str, value: Value, thread: _Thread) -> _Thread | None:
    """Return the last question with another value in the place of one; None if there is none."""
    changed_to = changed(thread.question, value)
    if changed_to is not None:
        subject = changed(thread.subject, value) or thread.subject
        added = question if thread.added and thread.question.endswith(thread.added) else ""
        if added and changed(thread.added, value) is None:
            added = thread.added
        return _Thread(changed_to, subject, added and changed_to[-len(added) :])
    before = value_of(analyse(thread.added).text) if thread.added else None
    if before is None or (before.kind != value.kind and before.kind and value.kind):
        return None
    kept = thread.question.removesuffix(thread.added)
    return _Thread(f"{kept}{question}", thread.subject, question)


def _is_aside(question: str, thread: _Thread) -> bool:
    """Tell whether a question leaves the subject: a greeting, or about the article itself."""
    if not analyse(question).pieces or intent(question) is not None:
        return True
    about = asked_about(question)
    if about is None or about.named:
        return False
    of_text = about.facet in ("outline", "title", "author", "date") and not about.explicit
    return not (thread.question and (about.loose or (of_text and _TITLED.search(thread.question))))


def _is_of_text(question: str) -> bool:
    """Tell whether a question that is no aside asks of its subject what is asked of a text."""
    about = asked_about(question)
    return about is not None and not about.named


def _stands_alone(about: Topic, thread: _Thread) -> bool:
    """Tell whether a question names a subject of its own."""
    points = about.first("pronoun")
    if points is not None and not _is_named_before(about, points):
        return False
    if not about.has("own") or _lacks_subject(about):
        return False
    return not (about.linked and _only_names(about))


def _lacks_subject(about: Topic) -> bool:
    """Tell whether a question starts with what follows a subject and names nothing (能贷多久?)."""
    folded = fold(about.text)
    own = [piece.text for piece in about.pieces if piece.role == "own"]
    if any(is_entity_like(word) for word in own):
        return False
    points, named = about.first("points"), about.first("own")
    if points is not None and named is not None and points < named:
        return True
    if _starts_with(_STARTS_AFTER_SUBJECT, folded):
        return True
    return bool(_STARTS_ASKING.search(folded)) and len("".join(own)) <= _FEW_CHARACTERS


def _starts_with(words: re.Pattern[str], folded: str) -> bool:
    """Tell whether a text starts with one of some words, and not with a noun that does: 比亚迪."""
    found = words.match(folded)
    return found is not None and (found.end() > 1 or not within_noun(folded, 0, 1))


def _is_named_before(about: Topic, place: int) -> bool:
    """Tell whether what a pronoun stands for is named in front of it."""
    return any(
        piece.role == "own" and piece.end <= place and is_name(about.text[piece.start : piece.end])
        for piece in about.pieces
    )


def _only_names(about: Topic) -> bool:
    """Tell whether a question names something and asks nothing of it (小赢卡贷呢?)."""
    asks = any(piece.role == "ask" and piece.text not in ("呢", "吗") for piece in about.pieces)
    return not asks and not about.has("predicate", "attribute") and len(about.text) <= _LONGEST_NAME


def _names_another(about: Topic, thread: _Thread) -> bool:
    """Tell whether a follow-up only names another subject (那小赢卡贷呢?)."""
    return (
        bool(about.subject)
        and bool(thread.subject)
        and about.linked
        and _only_names(about)
        and not about.has("pronoun", "points", "time")
        and not is_group(about.subject)
        and not _starts_with(_COMPARES, fold(about.text))
        and not _is_of(about, thread)
        and _fits(about, thread)
    )


def _is_of(about: Topic, thread: _Thread) -> bool:
    """Tell whether what is named is something of the last subject, which is a name (利息呢?)."""
    new, old = about.subject, thread.subject
    if not new or not old or is_group(new) or (_HAS_HAN.match(new[-1]) and new[-1] == old[-1]):
        return False
    return names_one(new, about.text) is False and names_one(old, thread.question) is True


def _fits(about: Topic, thread: _Thread) -> bool:
    """Tell whether what is named may take the place of the last subject.

    In English a noun of fewer words may not, as what is said of the subject may be among its
    words: Is parking free? And breakfast?
    """
    chinese = _HAS_HAN.search(about.text) is not None
    return (
        chinese
        or names_one(about.subject, about.text) is True
        or len(about.subject.split()) == len(thread.subject.split())
    )


def _replaced(about: Topic, thread: _Thread) -> _Thread:
    """Return the last question, asked of another subject."""
    if thread.subject not in thread.question:
        return _Thread(about.text, about.subject)
    return _Thread(thread.question.replace(thread.subject, about.subject, 1), about.subject)


def _stands_for_answer(about: Topic, thread: _Thread) -> bool:
    """Tell whether a pronoun stands for the answer to the last question, not its subject."""
    folded, before = fold(about.text), fold(thread.question)
    return bool(
        (_PERSON.search(folded) and _ASKS_WHO.search(before))
        or (_PLACE.search(folded) and _ASKS_WHERE.search(before))
    )


def _goes_on(about: Topic, thread: _Thread) -> bool:
    """Tell whether a follow-up takes the whole last question, not only its subject."""
    folded = fold(about.text)
    if not thread.subject or _GOES_ON.search(folded):
        return True
    if _ASKS_WHY.search(folded):
        return not about.has("own", "predicate")
    if about.linked and about.has("own") and _only_names(about):
        return not _is_of(about, thread)
    return not about.has("own", "attribute", "predicate", "pronoun", "points")


def _content(about: Topic) -> str:
    """Return the words that neither ask nor join."""
    return " ".join(
        about.text[piece.start : piece.end]
        for piece in about.pieces
        if piece.role in ("own", "attribute", "predicate", "time")
    )
