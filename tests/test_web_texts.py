"""The texts of the interface in every language, and which one a browser gets."""

import string

import pytest

from qa.web.texts import GRADIO_LOCALES, TEXTS, as_language, choose_language


def test_every_language_has_every_text() -> None:
    keys = {language: set(texts) for language, texts in TEXTS.items()}
    assert keys["zh-Hans"] == keys["zh-Hant"] == keys["en"]
    for key in keys["en"]:
        fields = {
            frozenset(field for _, field, _, _ in string.Formatter().parse(texts[key]) if field)
            for texts in TEXTS.values()
        }
        assert len(fields) == 1, key
    assert all(text.strip() for texts in TEXTS.values() for text in texts.values())
    assert set(GRADIO_LOCALES.values()) == set(TEXTS)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK;q=0.9", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-GB,en;q=0.5", "en"),
        ("de,zh-TW;q=0.5,en;q=0.3", "zh-Hant"),
        ("fr", "en"),
        ("", "en"),
        (",;,", "en"),
    ],
)
def test_choose_language(header: str, expected: str) -> None:
    assert choose_language(header) == expected


def test_a_language_by_its_name() -> None:
    assert as_language("zh-Hant") == "zh-Hant"
    assert as_language("fr") is None
    assert as_language(None) is None
