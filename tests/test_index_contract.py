"""What every index finds: the folder in both formats, Milvus Lite, a real Milvus server."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa import loaders
from qa.chatbot import Chatbot
from qa.config import Config, default_corpus
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.errors import EmptyCorpus, IndexMismatch
from qa.evaluate import evaluate, read_labels, score
from qa.index import access
from qa.index.local import LocalIndex
from qa.loaders.stream import Shard
from qa.reader.calibration import load_calibration
from qa.text import query_tokens
from support.engines import QUESTIONS, TEXTS, Engine, assert_same, documents_of, fill, ranked
from support.models import RememberingEmbedder, linked_model


def test_the_same_passages_with_the_same_scores(
    engine: Engine, remembering: RememberingEmbedder
) -> None:
    documents = documents_of(TEXTS)
    fill(engine, remembering, documents)
    index = engine.index(remembering)
    reference = LocalIndex.build(documents, remembering)
    assert len(index) == len(reference)
    assert_same(ranked(index, remembering), ranked(reference, remembering))
    asked = ["微乐", "百信", "weather", "无此", "的"]
    assert (
        index.document_frequencies(asked).tolist() == reference.document_frequencies(asked).tolist()
    )


def test_dense_search_is_exact(engine: Engine, remembering: RememberingEmbedder) -> None:
    documents = documents_of(
        {f"文{place}": f"第{place}号工程的长度是{place * 7}米。" for place in range(60)}
    )
    fill(engine, remembering, documents)
    index = engine.index(remembering)
    vectors = remembering.encode_queries(QUESTIONS)
    nothing: Sequence[Sequence[str]] = [[]] * len(QUESTIONS)
    found = index.candidates(vectors, nothing, 10)
    rows = remembering.encode_documents(
        [remembering.windows(one.text, one.title)[0] for one in documents]
    )
    for vector, candidates in zip(vectors, found, strict=True):
        cosines = np.round(rows @ vector, 6)
        best = np.argsort(-cosines, kind="stable")[:10]
        names = {index.paragraph(int(number)).document_id for number in candidates.numbers}
        assert names == {f"文{place}" for place in best}
        assert sorted(candidates.dense) == pytest.approx(sorted(cosines[best]), abs=1e-5)
        assert candidates.dense_mean == pytest.approx(cosines.mean(), abs=4e-4)
        assert candidates.dense_deviation == pytest.approx(cosines.std(), abs=4e-4)


def test_candidates_are_those_of_an_exact_index(
    engine: Engine, remembering: RememberingEmbedder
) -> None:
    if not engine.is_folder:
        pytest.skip("words are found by the engine's own analyser, or not at all")
    documents = list(loaders.load_paths([default_corpus()]).documents)
    fill(engine, remembering, documents)
    labels = read_labels(default_corpus() / "questions.jsonl")[::5]
    vectors = remembering.encode_queries([one.question for one in labels])
    queries = [query_tokens(one.question) for one in labels]
    index, reference = engine.index(remembering), LocalIndex.build(documents, remembering)
    for one, other in zip(
        index.candidates(vectors, queries, 10),
        reference.candidates(vectors, queries, 10),
        strict=True,
    ):
        places = [
            [(found.document_id, found.position) for found in map(own.paragraph, numbers.tolist())]
            for own, numbers in ((index, one.numbers), (reference, other.numbers))
        ]
        assert sorted(places[0]) == sorted(places[1])
        assert sorted(one.dense) == pytest.approx(sorted(other.dense), abs=1e-5)
        assert one.dense_mean == pytest.approx(other.dense_mean, abs=4e-4)
        assert one.dense_deviation == pytest.approx(other.dense_deviation, abs=4e-4)


def test_labelled_questions_are_answered_as_well(
    engine: Engine, remembering: RememberingEmbedder
) -> None:
    documents = list(loaders.load_paths([default_corpus()]).documents)
    fill(engine, remembering, documents)
    labels = read_labels(default_corpus() / "questions.jsonl")[::3]
    config = Config()
    calibration = load_calibration(model_folder(config.model))
    reports = [
        score(evaluate(Chatbot(index, remembering, calibration, config), labels))
        for index in (engine.index(remembering), LocalIndex.build(documents, remembering))
    ]
    assert reports[0].hit_at_1 == pytest.approx(reports[1].hit_at_1, abs=0.01)
    assert reports[0].refusal_recall == pytest.approx(reports[1].refusal_recall, abs=0.01)


def test_documents_and_paragraphs_come_back_as_they_were(
    engine: Engine, remembering: RememberingEmbedder
) -> None:
    documents = documents_of(TEXTS)
    fill(engine, remembering, documents)
    index = engine.index(remembering)
    assert sorted(index.document_ids()) == sorted(document.id for document in documents)
    assert index.document_count() == 4
    for document in documents:
        assert index.document(document.id) == document
    with pytest.raises(KeyError, match="戊"):
        index.document("戊")
    found = index.candidates(remembering.encode_queries(["问?"]), [["问"]], 100)[0]
    assert len(found.numbers) == len(index)
    for number in found.numbers.tolist():
        paragraph = engine.index(remembering).paragraph(number)
        text = TEXTS[paragraph.document_id]
        assert text[paragraph.start : paragraph.end] == paragraph.text
        assert paragraph == index.paragraph(number)


def test_documents_keep_their_places_when_more_are_asked_for(
    engine: Engine, remembering: RememberingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_FEW", 2)
    documents = [loaders.from_text(f"文{place}", f"第{place}篇。") for place in range(9, 0, -1)]
    fill(engine, remembering, documents)
    listed = access.DocumentList(engine.index(remembering))
    first = [listed[0].id, listed[1].id]
    names = [document.id for document in listed]
    assert sorted(names) == sorted(document.id for document in documents)
    assert names[:2] == first


def test_a_document_longer_than_a_value_comes_back_whole(
    engine: Engine, remembering: RememberingEmbedder
) -> None:
    # One paragraph that does not fit into a value of Milvus, and a document of several.
    text = "开头。\n" + "这一段很长，长得放不进一个值。" * 1_500 + "\n结尾说的是松花湖。"
    (document,) = documents_of({"长": text})
    fill(engine, remembering, [document])
    index = engine.index(remembering)
    assert index.document("长") == document
    found = index.candidates(remembering.encode_queries(["放不进值?"]), [["放不"]], 100)[0]
    shown = {index.paragraph(number).text for number in found.numbers.tolist()}
    assert shown == set(text.split("\n"))


def test_it_opens_again_with_the_same_answers(
    engine: Engine, remembering: RememberingEmbedder
) -> None:
    fill(engine, remembering, documents_of(TEXTS))
    first = ranked(engine.index(remembering), remembering)
    again = engine.index(remembering)
    assert_same(first, ranked(again, remembering))


def test_an_empty_index_is_said_to_be_empty(
    engine: Engine, remembering: RememberingEmbedder, shared_model: None
) -> None:
    store = engine.store(remembering)
    store.finish([], Shard().holds)
    store.close()
    assert len(engine.index(remembering)) == 0
    assert (
        engine.index(remembering)
        .candidates(remembering.encode_queries(["问?"]), [["问"]], 5)[0]
        .numbers.tolist()
        == []
    )
    with pytest.raises(EmptyCorpus, match="nothing to answer from"):
        Chatbot.open(engine.place, collection=engine.collection)


def test_vectors_of_another_dimension_are_refused(
    engine: Engine, remembering: RememberingEmbedder
) -> None:
    fill(engine, remembering, documents_of(TEXTS))
    with pytest.raises(IndexMismatch, match=r"384 numbers.* makes 7"):
        engine.index(remembering).candidates(np.ones((1, 7), np.float32), [["新"]], 5)


def test_another_model_is_named(
    engine: Engine, remembering: RememberingEmbedder, tmp_path: Path
) -> None:
    fill(engine, remembering, documents_of(TEXTS))
    copy = linked_model(tmp_path / "another-model")
    settings = copy / "config_sentence_transformers.json"
    settings.write_text(settings.read_text().replace("query: ", "question: "))
    other = SentenceTransformerEmbedder(str(copy))
    with pytest.raises(IndexMismatch) as caught:
        engine.index(other)
    for named in (remembering.name, remembering.fingerprint, other.name, other.fingerprint):
        assert named in str(caught.value)
