"""Embeddings of the bundled model, and windows of what is longer than it reads."""

import json
import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.config import Config
from qa.embedding import sentence_transformer as embed
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.errors import ModelError
from qa.text import TERMINATORS, strip
from support.models import BotMaker, bundled, linked_model

TAIL = "松花湖畔的守林人李长河每天清晨都会记录冰面的厚度。"
FILLER = "".join(
    f"第{place}批新市民在城镇常住,金融机构为他们提供了服务。" for place in range(1, 120)
)


def weights_of_questions(embedder: SentenceTransformerEmbedder) -> Mapping[str, torch.Tensor]:
    encoder = embedder._question_encoder(1)
    assert encoder is not None
    return encoder.torch_weights()


def test_vectors_are_unit_rows_of_single_precision(embedder: SentenceTransformerEmbedder) -> None:
    for vectors in (
        embedder.encode_documents(["新市民", "微乐贷的额度", "ok"]),
        embedder.encode_queries(["何为新市民?", "a", "额度"]),
    ):
        assert vectors.shape == (3, 384)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_nothing_to_embed_gives_no_rows(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.encode_documents([]).shape == (0, 384)


def test_documents_keep_their_order_whatever_their_lengths(
    embedder: SentenceTransformerEmbedder,
) -> None:
    texts = ["短", FILLER[:300], "中等长度的一句话。", FILLER[:120], "又短", FILLER[300:500]]
    together = embedder.encode_documents(texts)
    alone = np.concatenate([embedder.encode_documents([text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-4)


def test_progress_ends_with_all_done(embedder: SentenceTransformerEmbedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.encode_documents(["甲"] * 300, lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (300, 300)


def test_what_embeds_articles_and_questions_keeps_its_weights_once(
    embedder: SentenceTransformerEmbedder,
) -> None:
    own = SentenceTransformerEmbedder(Config().model)
    texts = ["何为新市民？", FILLER[:300]]
    own.encode_queries(["?"])
    assert own.encode_documents(texts) == pytest.approx(embedder.encode_documents(texts), abs=1e-6)
    places = {one.data_ptr() for one in weights_of_questions(own).values()}
    model = cast("Any", own.load()[0]).auto_model
    kept_twice = [name for name, one in model.named_parameters() if one.data_ptr() not in places]
    # The table of words is float16 for questions; nothing asks for the pooler.
    assert kept_twice == [
        "embeddings.word_embeddings.weight", "pooler.dense.weight", "pooler.dense.bias",
    ]  # fmt: skip


def test_questions_and_documents_have_prompts_of_their_own(
    embedder: SentenceTransformerEmbedder,
) -> None:
    asked, told = embedder.encode_queries(["新市民"]), embedder.encode_documents(["新市民"])
    assert not np.allclose(asked, told)


@pytest.mark.parametrize("text", ["\ud83d新市民", "新\0市民", "😀" * 40, "\u200b", ""], ids=repr)
def test_odd_text_is_embedded_all_the_same(
    text: str, embedder: SentenceTransformerEmbedder
) -> None:
    assert np.isfinite(embedder.encode_queries([text])).all()
    assert np.isfinite(embedder.encode_documents(embedder.windows(text * 50, "题"))).all()


def n_tokens(embedder: SentenceTransformerEmbedder, window: str) -> int:
    return len(embedder.load().tokenizer("passage: " + window, verbose=False)["input_ids"])


def places(text: str, windows: list[str], prefix: str) -> list[tuple[int, int]]:
    """Return where the windows stand; each starts after the one before it."""
    found: list[tuple[int, int]] = []
    for window in windows:
        assert window.startswith(prefix)
        part = window.removeprefix(prefix)
        start = text.index(part, found[-1][0] + 1 if found else 0)
        found.append((start, start + len(part)))
    return found


def test_a_short_text_is_one_window_with_its_context(
    embedder: SentenceTransformerEmbedder,
) -> None:
    assert embedder.windows("新市民。", "题目\n小节") == ["题目\n小节\n新市民。"]
    assert embedder.windows("新市民。") == ["新市民。"]


def test_windows_of_a_long_text_fit_overlap_and_end_with_sentences(
    embedder: SentenceTransformerEmbedder,
) -> None:
    context = "一个相当长的题目\n和它的小节"
    windows = embedder.windows(FILLER, context)
    assert len(windows) > 3
    limit = embedder.load().max_seq_length
    assert limit is not None
    assert all(n_tokens(embedder, window) <= limit for window in windows)
    spans = places(FILLER, windows, context + "\n")
    assert spans[0][0] == 0
    assert spans[-1][1] == len(FILLER)
    for (_, end), (start, _) in pairwise(spans):
        assert start < end
        assert FILLER[end - 1] in TERMINATORS
        assert FILLER[start - 1] in TERMINATORS


LONG_TEXTS = st.builds(
    lambda pieces, repeats: "".join(pieces) * repeats,
    st.lists(
        st.one_of(
            st.sampled_from(
                ["新市民在城镇常住,", "微乐贷。", "😀", "𠮷", "hello world ", "1,234.5", "\n", "。"]
            ),
            st.text(max_size=8),
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(min_value=30, max_value=150),
)


@settings(max_examples=25)
@given(text=LONG_TEXTS)
def test_windows_cover_any_text_and_fit(text: str, embedder: SentenceTransformerEmbedder) -> None:
    limit = embedder.load().max_seq_length
    assert limit is not None
    windows = embedder.windows(text, "题目")
    assert all(n_tokens(embedder, window) <= limit for window in windows)
    if len(windows) > 1:
        position = 0
        for window in windows:
            part = window.removeprefix("题目\n")
            gap = strip(text, position, len(text)).start
            # The next window begins at most where all before it ended, but for blanks.
            start = text.rfind(part, 0, gap + len(part))
            assert start >= 0
            position = max(position, start + len(part))
        assert strip(text, position, len(text)).start == strip(text, position, len(text)).end


def test_a_long_paragraph_is_found_by_its_tail_and_stays_one_passage(make_bot: BotMaker) -> None:
    paragraph = FILLER + TAIL
    assert len(paragraph) > 3_000
    others = [f"另外一件与城市建设有关的事情是第{place}号工程。" for place in range(8)]
    bot = make_bot({"长文": "\n".join([*others[:4], paragraph, *others[4:]])})
    answer = bot.ask("松花湖的守林人每天记录什么?")
    first = answer.passages[0]
    assert first.text == paragraph
    assert first.highlight is not None
    assert first.highlight.of(first.text) == TAIL
    assert [passage.text for passage in answer.passages].count(paragraph) == 1


def test_a_long_paragraph_has_a_window_close_to_its_tail(
    embedder: SentenceTransformerEmbedder,
) -> None:
    windows = embedder.windows(FILLER + TAIL)
    cosines = embedder.encode_queries([TAIL]) @ embedder.encode_documents(windows).T
    assert int(np.argmax(cosines)) == len(windows) - 1


def test_the_name_of_the_bundled_model_resolves_and_a_hub_name_does_not(tmp_path: Path) -> None:
    assert (bundled() / "modules.json").is_file()
    assert model_folder(str(tmp_path)) == tmp_path
    assert model_folder("some-owner/some-model") is None


def test_the_fingerprint_follows_the_files_of_the_model_but_not_its_calibration(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    copy = linked_model(tmp_path / "copy")
    assert SentenceTransformerEmbedder(str(copy)).fingerprint == embedder.fingerprint
    (copy / "calibration.json").write_text("{}", encoding="utf-8")
    assert SentenceTransformerEmbedder(str(copy)).fingerprint == embedder.fingerprint
    settings_file = copy / "config_sentence_transformers.json"
    changed = json.loads(settings_file.read_text(encoding="utf-8"))
    changed["prompts"]["query"] = "question: "
    settings_file.write_text(json.dumps(changed), encoding="utf-8")
    assert SentenceTransformerEmbedder(str(copy)).fingerprint != embedder.fingerprint


def test_an_absent_model_folder_is_named(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    with pytest.raises(ModelError, match=r"there is no folder .*absent; give the folder of a"):
        SentenceTransformerEmbedder(absent).load()


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model", encoding="utf-8")
    with pytest.raises(ModelError, match=rf"{tmp_path.name}.* could not be loaded .*give the"):
        SentenceTransformerEmbedder(str(tmp_path)).load()


def test_too_little_memory_is_not_taken_for_a_broken_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sentence_transformers.SentenceTransformer", full)
    with pytest.raises(ModelError, match=r"not enough memory .*; close other programs"):
        SentenceTransformerEmbedder(Config().model).load()


def test_a_model_with_broken_weights_is_named(tmp_path: Path) -> None:
    copy = linked_model(tmp_path / "copy")
    weights = copy / "model.safetensors"
    weights.unlink()
    weights.write_bytes(os.urandom(64))
    with pytest.raises(ModelError, match=r"model\.safetensors is not as it was written"):
        SentenceTransformerEmbedder(str(copy)).load()


@pytest.mark.parametrize("half", [True, False])
def test_many_texts_in_the_faster_number_format_have_the_same_vectors(
    half: bool, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"第{place}号工程在第{place}街开工,花了{place * 3}天。" for place in range(12)]
    single = embedder.encode_documents(texts)
    monkeypatch.setattr(embed, "_MANY_TEXTS", len(texts))
    monkeypatch.setattr(embedder, "_prefers_bfloat16", half)
    found = embedder.encode_documents(texts)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    assert (found * single).sum(axis=1) == pytest.approx(1, abs=5e-4)
    assert np.array_equal(found, single) is not half


def test_the_number_format_is_found_out_once_by_measuring(
    embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[bool] = []

    def seconds(texts: list[str], *, half: bool) -> float:
        measured.append(half)
        return 1.0 if half else 2.0

    monkeypatch.setattr(embed, "_MANY_TEXTS", 3)
    monkeypatch.setattr(embedder, "_prefers_bfloat16", None)
    monkeypatch.setattr(embedder, "_seconds", seconds)
    for _ in range(2):
        embedder.encode_documents(["甲", "乙", "丙"])
    assert sorted(measured) == [False, True]
    assert embedder._prefers_bfloat16 is True
