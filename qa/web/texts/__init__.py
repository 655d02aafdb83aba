"""Every string of the interface, in each of its languages."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from qa.text import Language
from qa.web.texts import en, hans, hant

__all__ = ["GRADIO_LOCALES", "TEXTS", "as_language", "choose_language", "in_every_language"]

TEXTS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {"zh-Hans": hans.STRINGS, "zh-Hant": hant.STRINGS, "en": en.STRINGS}
)

GRADIO_LOCALES: Mapping[str, Language] = MappingProxyType(
    {
        "en": "en",
        "zh": "zh-Hans",
        "zh-CN": "zh-Hans",
        "zh-SG": "zh-Hans",
        "zh-TW": "zh-Hant",
        "zh-HK": "zh-Hant",
        "zh-MO": "zh-Hant",
    }
)
"""The browser locales that gradio is told about, and what each of them reads."""


def as_language(name: object) -> Language | None:
    """Return the language of that name, None if the interface has none."""
    return next((language for language in TEXTS if language == name), None)


def choose_language(accepted: str) -> Language:
    """Return the interface language for an ``Accept-Language`` header.

    The first language that exists here wins, English when none does.
    """
    for part in accepted.split(","):
        tag = part.split(";")[0].strip().lower()
        if tag == "zh" or tag.startswith("zh-"):
            subtags = set(tag.split("-"))
            traditional = subtags & {"hant", "tw", "hk", "mo"} and "hans" not in subtags
            return "zh-Hant" if traditional else "zh-Hans"
        if tag == "en" or tag.startswith("en-"):
            return "en"
    return "en"


def in_every_language(key: str) -> str:
    """Return HTML with a text in all languages; the style sheet shows the one chosen.

    For the first paint, before the server has been asked anything.
    """
    return "".join(
        f'<span class="by-language" lang="{language}">{escape(texts[key])}</span>'
        for language, texts in TEXTS.items()
    )
