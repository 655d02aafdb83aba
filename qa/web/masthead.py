"""The parts of the page that are there from the first paint, in every language at once."""

from qa.text import Language
from qa.web.texts import TEXTS, in_every_language

__all__ = ["masthead_html", "navigator_html"]

_LANGUAGES: tuple[tuple[Language, str, str], ...] = (
    ("zh-Hans", "简", "简体中文"),
    ("zh-Hant", "繁", "繁體中文"),
    ("en", "EN", "English"),
)
_KEPT = (("copy", "copy_markdown"), ("markdown", "download_markdown"), ("json", "download_json"))


def masthead_html() -> str:
    """Return name, language switch, menu of things to keep, and the live region."""
    languages = "".join(
        f'<button type="button" data-language="{language}" lang="{language}" '
        f'title="{name}" aria-label="{name}">{sign}</button>'
        for language, sign, name in _LANGUAGES
    )
    kept = "".join(
        f'<button type="button" data-form="{form}">{in_every_language(key)}</button>'
        for form, key in _KEPT
    )
    return (
        f'<header class="masthead"><h1>{in_every_language("name")}</h1>'
        f"<p>{in_every_language('tagline')}</p>"
        f'<details class="menu"><summary>{in_every_language("keep")}</summary>'
        f"<div>{kept}</div></details>"
        f'<div class="languages" role="group" aria-label="{_spoken("language")}">{languages}</div>'
        f'<button type="button" class="open" data-open>{in_every_language("article")}</button>'
        f'<span class="for-ears" id="send-label">{in_every_language("send")}</span>'
        f'<span class="for-ears" id="copied-label">{in_every_language("copied")}</span>'
        '<div class="for-ears" id="live" role="status" aria-live="polite"></div></header>'
    )


def navigator_html() -> str:
    """Return the strip beside the article and the buttons that walk through passages."""
    return (
        f'<div id="strip" aria-hidden="true" title="{_spoken("bearing")}"></div>'
        '<div class="walk" hidden><button type="button" data-step="-1">'
        f'<span class="for-ears">{in_every_language("previous_passage")}</span>‹</button>'
        '<output aria-hidden="true"></output>'
        '<button type="button" data-step="1">'
        f'<span class="for-ears">{in_every_language("next_passage")}</span>›</button></div>'
    )


def _spoken(key: str) -> str:
    """Return a text for an attribute, which cannot change with the language: in all of them."""
    return " · ".join(texts[key] for texts in TEXTS.values())
