"""Variants of questions, and batches of questions and paragraphs."""

import random
import re

import pytest

from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.questions.augment import VARIANTS, augment, keywords, other_script
from qa.training.retriever.batches import collate, epoch_of_groups
from qa.training.run.settings import RetrieverSettings
from support.labelled import ARTICLES, article

QUESTIONS = (
    "灯塔的守夜制度是怎么定的？",
    "光绪十三年(1887年)渡口换过哪些船工？",
    "2011年5月3日到9日之间，这条渡船停在哪里？",
    "目前離白鷺燈塔最近的碼頭是哪一個碼頭？",
    "How many ferries did the Town of Heron have in 1996?",
    "2.4亿元的修桥费用占多少比例？",
)


class TestAugment:
    @pytest.mark.parametrize("kind", VARIANTS)
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_digits_are_never_touched(self, kind: str, question: str) -> None:
        for seed in range(60):
            variant = VARIANTS[kind](question, random.Random(seed))
            assert re.findall(r"\d+", variant) == re.findall(r"\d+", question)
            if "十二" in question:
                assert "十二" in variant
            assert variant.strip()

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_same_generator_gives_the_same_variant(self, question: str) -> None:
        first = [augment(question, random.Random(seed), 0.5) for seed in range(20)]
        assert first == [augment(question, random.Random(seed), 0.5) for seed in range(20)]

    def test_a_share_of_zero_changes_nothing(self) -> None:
        assert all(augment(one, random.Random(1), 0.0) == one for one in QUESTIONS)

    def test_other_script_goes_both_ways(self) -> None:
        assert other_script("灯塔守夜制度") == "燈塔守夜制度"
        assert other_script("燈塔守夜制度") == "灯塔守夜制度"
        assert other_script("When?") == "When?"

    def test_keywords_keep_what_the_question_is_about(self) -> None:
        short = keywords("灯塔的守夜制度是什么？", random.Random(2)).replace(" ", "")
        assert short == "灯塔守夜制度"
        assert (
            keywords("How many ferries did Heron have?", random.Random(2)) == "ferries Heron have"
        )


class TestBatches:
    def test_an_epoch_asks_every_question_once(self) -> None:
        batches = epoch_of_groups([*ARTICLES, article("长线", 40)], RetrieverSettings(), 0)
        asked = [q.text for batch in batches for group in batch for q in group.questions]
        wanted = [q.text for one in [*ARTICLES, article("长线", 40)] for q in one.questions]
        assert sorted(asked) == sorted(wanted)

    def test_a_paragraph_is_in_a_batch_once_and_answers_its_questions(self) -> None:
        settings = RetrieverSettings(augmented_share=0.0, converted_share=0.0, repeats={"one": 2})
        known = [*ARTICLES, article("长线", 40)]
        for groups in epoch_of_groups(known, settings, 3):
            batch = collate(groups, settings, 0)
            assert len(set(batch.paragraphs)) == len(batch.paragraphs)
            for question, label in zip(batch.questions, batch.labels, strict=True):
                assert batch.paragraphs[label].startswith(question.split("个")[0])

    def test_hard_negatives_of_a_long_article_share_words_with_its_questions(self) -> None:
        texts = ("银行贷款额度二十万元。", *(f"天气很好{n}。" for n in range(30)), "银行贷款利率。")
        question = LabelledQuestion("银行贷款额度多少？", (0,))
        long = LabelledArticle("one", "题", texts, (question,))
        ((group,),) = epoch_of_groups([long], RetrieverSettings(), 0)
        assert group.positions[:2] == (0, 31)
        assert len(group.positions) == 8

    def test_articles_of_one_subject_are_never_in_one_batch(self) -> None:
        same = [article("铁路线", collection="a"), article("鐵路線", collection="b")]
        for batch in epoch_of_groups(same, RetrieverSettings(), 0):
            assert len({group.article.key for group in batch}) == len(batch)

    def test_every_answering_paragraph_has_its_row_and_ignores_the_others(self) -> None:
        question = LabelledQuestion("问", (0, 2), ignored=(3,))
        one = LabelledArticle("one", "题", ("甲。", "乙。", "丙。", "丁。"), (question,))
        settings = RetrieverSettings(augmented_share=0.0, converted_share=0.0)
        batch = collate(epoch_of_groups([one], settings, 0)[0], settings, 0)
        assert batch.labels == (0, 2)
        assert batch.ignored == ((2, 3), (0, 3))

    def test_the_seed_decides(self) -> None:
        def texts(seed: int) -> list[tuple[str, ...]]:
            settings = RetrieverSettings(seed=seed, paragraphs_per_batch=8)
            groups = epoch_of_groups(ARTICLES, settings, 0)
            return [collate(one, settings, step).questions for step, one in enumerate(groups)]

        assert texts(1) == texts(1)
        assert texts(1) != texts(2)
