"""How question and passages lie in the reader's input; every token at its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.layout import CLOSE, OPEN, Layout, Tokens, lay_out

NOTHING = Tokens((), (), ())


def tokens(first: int, count: int) -> Tokens:
    return Tokens(
        tuple(range(first, first + count)), tuple(range(count)), tuple(range(1, count + 1))
    )


def test_the_context_stands_once_before_the_passages_that_share_it() -> None:
    question, one, two = tokens(10, 2), tokens(20, 3), tokens(30, 1)
    title = tokens(90, 1)
    (layout,) = lay_out(question, [one, two], [title, title], 40, 4)
    assert layout.ids == (OPEN, 10, 11, CLOSE, 90, CLOSE, 20, 21, 22, CLOSE, 30, CLOSE)
    assert [(window.marker, window.first, window.last) for window in layout.windows] == [
        (5, 6, 9),
        (9, 10, 11),
    ]


def test_another_context_is_shown_again() -> None:
    layouts = lay_out(tokens(10, 1), [tokens(20, 1)] * 2, [tokens(90, 1), tokens(91, 1)], 40, 4)
    assert layouts[0].ids == (OPEN, 10, CLOSE, 90, CLOSE, 20, CLOSE, 91, CLOSE, 20, CLOSE)


def test_what_does_not_fit_begins_a_sequence_with_question_and_context_again() -> None:
    passages = [tokens(100, 30), tokens(200, 30)]
    first, second = lay_out(tokens(10, 2), passages, [tokens(90, 2)] * 2, 50, 4)
    assert first.ids[:7] == second.ids[:7] == (OPEN, 10, 11, CLOSE, 90, 91, CLOSE)
    assert [window.passage for window in (*first.windows, *second.windows)] == [0, 1]


def test_no_passages_are_no_sequences() -> None:
    assert lay_out(tokens(10, 2), [], [], 50, 4) == []


@given(
    asked=st.integers(0, 60),
    lengths=st.lists(st.integers(1, 300), min_size=1, max_size=5),
    context=st.integers(0, 60),
    longest=st.integers(80, 160),
    overlap=st.integers(0, 20),
)
def test_every_token_of_every_passage_is_read(
    asked: int, lengths: list[int], context: int, longest: int, overlap: int
) -> None:
    passages = [tokens(1_000 * (place + 1), length) for place, length in enumerate(lengths)]
    contexts = [tokens(500, context) if context else NOTHING] * len(passages)
    layouts = lay_out(tokens(10, asked), passages, contexts, longest, overlap)
    read: dict[int, set[int]] = {place: set() for place in range(len(passages))}
    for layout in layouts:
        check_windows(layout)
        assert len(layout.ids) <= longest
        for window in layout.windows:
            read[window.passage].update(window.tokens.ids)
    assert [read[place] for place in read] == [set(passage.ids) for passage in passages]


def check_windows(layout: Layout) -> None:
    assert layout.ids[0] == OPEN
    for window in layout.windows:
        assert layout.ids[window.marker] == CLOSE
        assert layout.ids[window.first : window.last] == window.tokens.ids
        assert layout.ids[window.last] == CLOSE


@pytest.mark.parametrize("overlap", [0, 10])
def test_windows_of_a_long_passage_overlap(overlap: int) -> None:
    layouts = lay_out(tokens(10, 2), [tokens(100, 150)], [NOTHING], 100, overlap)
    windows = [window for layout in layouts for window in layout.windows]
    assert len(windows) == 2
    assert windows[1].tokens.starts[0] == windows[0].tokens.ends[-1] - overlap
