"""Swapped and glossed forms of labelled questions."""

import random
import re

from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.questions.gloss import gloss
from qa.training.questions.swaps import Mention, mentions, swap
from qa.training.questions.variants import with_variants
from qa.types import Span


class TestSwaps:
    def test_mentions_have_kinds(self) -> None:
        found = {
            one.words: one.kind for one in mentions("1990年3月5日，王芳在上海买了《诗经》和3本书。")
        }
        assert found["1990年"] == "year"
        assert found["3月5日"] == "day"
        assert found["《诗经》"] == "title"
        assert found["3本"] == "number of 本"
        assert found["上海"] == "place"

    def test_mentions_of_traditional_text_are_its_own_words(self) -> None:
        text = "張偉在臺灣和廣東工作。"
        assert all(one.words in text for one in mentions(text))
        assert "廣東" in {one.words for one in mentions(text)}

    def test_a_swap_stays_in_its_kind_and_out_of_the_answering_sentence(self) -> None:
        known = [
            Mention("year", "1995年"),
            Mention("year", "1999年"),
            Mention("place", "上海"),
            Mention("year", "1990年"),
        ]
        found = list(swap("1990年谁当选?", [Mention("year", "1990年")], known, "到1999年为止"))
        assert found == ["1995年谁当选?"]

    def test_swapped_questions_differ_and_are_the_same_every_time(self) -> None:
        one = LabelledArticle(
            "one",
            "选举",
            ("1990年王芳当选。", "1995年李强当选。", "1999年选举取消。"),
            (LabelledQuestion("1990年谁当选?", (0,), answer=Span(5, 7)),),
        )
        first, second = (with_variants(one, random.Random(3)).questions[0] for _ in range(2))
        assert first == second
        # In 1995 somebody was elected too: that question has an answer.
        assert set(first.swapped) == {"1999年谁当选?"}


class TestGloss:
    def test_words_are_translated_numbers_kept_and_names_spelled(self) -> None:
        generator = random.Random(1)
        found = gloss("《诗经》的导演是谁?1990年越南有3000人?", generator)
        assert {"director", "direct"} & set(found.split())
        assert {"Vietnam", "Vietnamese"} & set(found.split())
        assert "1990" in found
        assert "3000" in found
        assert not re.search("[\u4e00-\u9fff]", found)
        assert "Wang Xiaoming" in gloss("王小明是谁?", generator)

    def test_a_question_that_is_not_chinese_has_none(self) -> None:
        assert gloss("Who is it?", random.Random(1)) == ""

    def test_traditional_script_reads_like_simplified(self) -> None:
        one, two = (gloss(text, random.Random(1)) for text in ("广东在哪里?", "廣東在哪裡?"))
        assert one == two
        assert one.lower().startswith("where")
