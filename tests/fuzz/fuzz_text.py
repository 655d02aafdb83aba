"""Coverage-guided fuzzing of texts: ``python tests/fuzz/fuzz_text.py -runs=100000``.

The first byte of an input chooses what is done with the rest of it: the helpers, the splitter,
windows, or everything that shows an answer or an article. Needs ``pip install
'article-qa[fuzz]'``; what it finds goes into ``tests/test_fuzz.py`` as an example.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["qa", "support.shown", "support.soundness"]):
    from guided import run

    from qa import loaders
    from qa.errors import DocumentError
    from qa.loaders.content import Content
    from support.answers import HOSTILE
    from support.shown import assert_shown
    from support.soundness import assert_sound, assert_text_helpers, assert_windows

BETWEEN = "\x1e"
"""Stands between the text, the title and the question of what is shown."""


def one_input(data: bytes) -> None:
    """Do with a text what the first byte says; the next two are numbers."""
    if len(data) < 3:
        return
    way, first, second = data[0] % 4, data[1], data[2]
    # Bytes that are no UTF-8 become lone surrogates.
    text = data[3:].decode("utf-8", "surrogateescape")
    if way == 0:
        assert_text_helpers(text)
    elif way == 1:
        assert_windows(text, 2 + first, second)
    elif way == 2:
        _in_memory(text)
    else:
        shown, title, question = [*text.split(BETWEEN, 2), "", ""][:3]
        assert_shown(shown, title, question, first, second)


def _in_memory(text: str) -> None:
    try:
        document = loaders.from_text("a", text)
    except DocumentError:
        return
    assert document.text == text
    assert_sound((Content(document.text, document.blocks),))


def seeds() -> Iterator[bytes]:
    """Yield a Chinese and an English text, and one that tries to be more than a text."""
    for text in (
        "渡口的木船\n\n2021年3月4日 来源：江报\n\n一、班次\n\n木船早上六点开出第一班。“够了。”",
        "The ferry\n\nMr. Smith said: it leaves at 6. No. 4 is late...\n\nIt costs 1,200.50.",
        HOSTILE,
    ):
        for way in range(4):
            written = BETWEEN.join([text, text[:9], text[:12]]) if way == 3 else text
            yield bytes([way, 3, 9]) + written.encode()


if __name__ == "__main__":
    run(one_input, seeds())
