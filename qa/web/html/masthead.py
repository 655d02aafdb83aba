"""The parts of the page that are there from the first paint, in every language at once."""

from qa.text import Language
from qa.web.texts import TEXTS, in_every_language

__all__ = ["folder_html", "masthead_html", "navigator_html"]

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
        f'<a class="skip" href="#question">{in_every_language("skip_to_question")}</a>'
        f'<a class="skip" href="#article">{in_every_language("skip_to_article")}</a>'
        f'<header class="masthead"><h1>{in_every_language("name")}</h1>'
        f"<p>{in_every_language('tagline')}</p>{_menu_html(kept)}"
        f'<div class="languages" role="group" aria-label="{_spoken("language")}">{languages}</div>'
        f'<button type="button" class="open" data-open>{in_every_language("article")}</button>'
        f'<span class="for-ears" id="send-label">{in_every_language("send")}</span>'
        f'<span class="for-ears" id="copied-label">{in_every_language("copied")}</span>'
        f'<div class="away" role="alert" hidden>{in_every_language("away")}</div>'
        '<div class="for-ears" id="live" role="status" aria-live="polite"></div></header>'
    )


def _menu_html(kept: str) -> str:
    """Return the menu of conversations, and of the ways to take this one along."""
    find = _spoken("find_conversation")
    return (
        f'<details class="menu" data-delete="{_spoken("begin_anew")}">'
        f"<summary>{in_every_language('keep')}</summary><div>"
        f'<button type="button" data-new>{in_every_language("new_conversation")}</button>'
        '<section class="conversations" hidden>'
        f"<h2>{in_every_language('earlier_conversations')}</h2>"
        f'<input type="search" hidden aria-label="{find}" placeholder="{find}"><ul></ul></section>'
        f'{kept}<button type="button" data-anew>{in_every_language("begin_anew")}</button>'
        f"</div></details>{_editor_html()}"
    )


def _editor_html() -> str:
    """Return what a question is changed with, of which the page takes a copy."""
    buttons = "".join(
        f'<button type="button" data-done="{does}">{in_every_language(key)}</button>'
        for does, key in (("cancel", "cancel"), ("ask", "send"))
    )
    return (
        f'<template id="editor"><div class="editor"><textarea rows="2" '
        f'aria-label="{_spoken("edit")}"></textarea><div class="quiet">{buttons}</div></div>'
        "</template>"
    )


def folder_html() -> str:
    """Return the button that chooses a whole folder."""
    return f'<button type="button" data-folder>{in_every_language("choose_folder")}</button>'


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
