"""Sentences lose nothing, folding serves search only, tokens are those of the search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.expected import expected_pattern
from qa.text import fold, has_content, language, query_tokens, sentences, strip, tokens

# Every character, lone surrogates too, with those that end or join sentences made frequent.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("。！？!?….”’」）\"' \n\r\t\u3000\u2028\x85\ufeff甲乙aB3.,"),
    ),
    max_size=60,
)


def cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@given(ANY_TEXT)
def test_sentences_lose_only_blanks(text: str) -> None:
    position = 0
    for span in sentences(text):
        assert position <= span.start < span.end <= len(text)
        between = strip(text, position, span.start)
        assert between.start == between.end
        assert strip(text, span.start, span.end) == span
        position = span.end
    rest = strip(text, position, len(text))
    assert rest.start == rest.end


@given(ANY_TEXT)
def test_every_sentence_but_the_first_has_content(text: str) -> None:
    assert all(has_content(sentence) for sentence in cut(text)[1:])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲来了。乙走了!丙呢?", ["甲来了。", "乙走了!", "丙呢?"]),
        ("“每逢佳节倍思亲。”诗人写道。", ["“每逢佳节倍思亲。”", "诗人写道。"]),
        ("（真的！）」好……", ["（真的！）」", "好……"]),
        ("对吗？！对。", ["对吗？！", "对。"]),
        ("价格是3.14元。涨了1,000.50元", ["价格是3.14元。", "涨了1,000.50元"]),
        ("版本v1.2.3已发布。", ["版本v1.2.3已发布。"]),
        ("The U.S. Army came. It left.", ["The U.S. Army came.", "It left."]),
        ("J. R. Smith spoke, e.g. twice.", ["J. R. Smith spoke, e.g. twice."]),
        ("Mr. Smith met Dr. Jones. They spoke.", ["Mr. Smith met Dr. Jones.", "They spoke."]),
        ('He said "No." 后来走了。', ['He said "No."', "后来走了。"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("\u3000\u3000缩进。\r\n\r\n又一段。", ["缩进。", "又一段。"]),
        ("好。。。”", ["好。。。”"]),
        ("甲说。\n”", ["甲说。\n”"]),
        ("", []),
        (" \n\u3000\ufeff", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＰＰ１２３％", "app123%"),
        ("銀行貸款", "银行贷款"),
        ("发展", "发展"),
        ("STRASSE straße", "strasse strasse"),
        ("㈱①", "(株)1"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_no_text_breaks_the_search_copy(text: str) -> None:
    folded = fold(text)
    assert folded.encode("utf-8").decode("utf-8") == folded
    for token in [*tokens(text), *query_tokens(text)]:
        assert token
        assert not token.isspace()
    expected_pattern(text)
    assert language(text) in ("zh-Hans", "zh-Hant", "en")


def test_lone_surrogates_nul_and_emoji_are_no_words() -> None:
    assert tokens("\ud83d银\0行😀🏦") == ["银", "行"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("微乐贷", ["微", "乐", "贷", "微乐", "乐贷"]),
        ("6万元", ["60000", "元"]),
        ("达1,000.50元", ["达", "1000.50", "元"]),
        ("1,234,567人", ["1234567", "人"]),
        ("360数科App", ["360", "数", "科", "数科", "app"]),
        ("２０２２年", ["2022", "年"]),
        ("GDP don't", ["gdp", "don't"]),
        ("銀行", ["银", "行", "银行"]),
        ("本法第13条", ["本", "法", "第", "本法", "法第", "13", "第13", "第13条", "条"]),
        ("5月45%", ["5月", "月", "45", "45%"]),
        ("甲,乙", ["甲", "乙"]),
        ("COVID-19", ["covid", "19"]),
        ("。!?", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("请问新市民有多少?", ["新", "市", "民", "有", "新市", "市民", "民有"]),
        ("谁发布了通知?", ["发", "布", "了", "通", "知", "发布", "布了", "了通", "通知"]),
        ("How many people are there in China?", ["people", "china"]),
        ("什么", ["什", "么", "什么"]),
        ("乐乐乐", ["乐", "乐乐"]),
        ("", []),
    ],
)
def test_query_tokens_have_no_question_words_and_no_doubles(
    question: str, expected: list[str]
) -> None:
    assert query_tokens(question) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("何为新市民?", "zh-Hans"),
        ("何為新市民?", "zh-Hant"),
        ("微樂貸 is what?", "zh-Hant"),
        ("What is this?", "en"),
        ("123", "en"),
        ("", "en"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(
    ("question", "answers", "other"),
    [
        ("什么时候发布?", "2022年5月", "城市"),
        ("额度是多少?", "平均6万", "很高"),
        ("為什麼?", "因为贵", "贵"),
        ("When was it?", "in 2022", "in spring"),
    ],
)
def test_expected_words(question: str, answers: str, other: str) -> None:
    pattern = expected_pattern(question)
    assert pattern is not None
    assert pattern.search(answers)
    assert not pattern.search(other)


def test_a_question_for_nothing_special_expects_no_kind_of_words() -> None:
    assert expected_pattern("谁参加了会议?") is None


@pytest.mark.parametrize("numeral", ["1", "三", "〇1"])
def test_a_very_long_number_is_looked_through_at_once(numeral: str) -> None:
    pattern = expected_pattern("什么时候发布?")
    assert pattern is not None
    number = numeral * 500_000
    assert not pattern.search(f"{number}元")
    assert pattern.search(f"{number}元，{numeral * 3} 日")
