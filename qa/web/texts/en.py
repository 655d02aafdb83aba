"""The strings of the interface in English."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["STRINGS"]

STRINGS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Ask the article",
        "tagline": "Every word from the source",
        "language": "Language of the interface",
        "loading": (
            "The model is loading, a few seconds. You can ask now; the answer comes as soon as "
            "it is ready."
        ),
        "opening": "Opening the article…",
        "ready": "Ready",
        "welcome": "Ask this article a question",
        "welcome_several": "Ask these articles a question",
        "welcome_hint": (
            "Answers are the article's own words, with the answering sentence marked. What it "
            "does not say, you are told plainly."
        ),
        "welcome_own": "Ask an article of your own",
        "examples": "For example",
        "question": "Question",
        "placeholder": "Type a question, then Enter",
        "send": "Send",
        "you": "You asked",
        "reply": "Answer",
        "waiting": "Searching…",
        "waiting_for_model": "The model is still loading; the answer comes right after…",
        "too_long": (
            "This question has {length} characters; at most {limit} are accepted. It is back "
            "in the box: shorten it and send it again."
        ),
        "broken": (
            "This question failed because of an error inside the program. It is back in the "
            "box: try again or put it differently."
        ),
        "busy": (
            "Too many people are asking right now, so this question was not taken. It is still "
            "in the box: try again in a moment."
        ),
        "busy_adding": (
            "Too many people are here right now, so nothing was added. Try again in a moment."
        ),
        "no_chatbot": "The article could not be opened: {message}",
        "conversation": "Conversation",
        "carried": "Carried over from before: “{topic}”",
        "completed": "Searched as: “{question}”",
        "ask_alone": "Ask again without it",
        "also": "Also answered in other places ({count})",
        "copy": "Copy",
        "copied": "Copied",
        "copy_passage": "Copy this passage with its place",
        "helpful": "Helpful",
        "not_helpful": "Not helpful",
        "right_passage": "This is the right one",
        "marked_right": "Noted as the right one",
        "which_right": (
            "Thank you. If you know the right passage, choose “This is the right one” there."
        ),
        "none_right": "The article does not answer it",
        "thanks": "Thank you, noted.",
        "feedback": "Is this answer helpful?",
        "keep": "Keep",
        "copy_markdown": "Copy as Markdown",
        "download_markdown": "Download Markdown",
        "download_json": "Download JSON",
        "file_name": "conversation",
        "contents": "Contents",
        "article": "Article",
        "documents": "Article being read",
        "own": "yours",
        "close": "Close the article",
        "previous_passage": "Previous passage (Alt+↑)",
        "next_passage": "Next passage (Alt+↓)",
        "bearing": (
            "The darker, the more a paragraph bears on the question; a dot marks what was quoted"
        ),
        "scope": "Where to look",
        "ask_this": "This article",
        "ask_all": "All {count} articles",
        "add": "Add an article",
        "add_close": "Done",
        "add_hint": "Drop files anywhere on the page, choose them, or paste text below.",
        "add_hint_touch": "Choose files, or paste text below.",
        "private": "Only you can see it; it is deleted after you close the page.",
        "choose_files": "Choose files",
        "paste_name": "Name (optional)",
        "paste_text": "Paste text",
        "paste_add": "Add this text",
        "pasted": "Pasted text",
        "remove": "Remove this article",
        "queued": "“{name}” waits for another article…",
        "reading": "Reading “{name}”…",
        "embedding": "Taking in “{name}”… {percent}%",
        "embedding_long": "Taking in “{name}”… {percent}%, {minutes} min left",
        "added": "“{name}” is here, {count} paragraphs; ask it now.",
        "removed": "“{name}” is gone.",
        "too_many": "At most {limit} articles can be added; remove one first.",
        "too_long_article": (
            "“{name}” has {length} characters; one article may have {limit}. Keep only the "
            "part you need."
        ),
        "too_large": "“{name}” has {size} MB; one file may have {limit} MB.",
        "nothing_pasted": "There is no text yet; paste it first.",
        "unsupported": "“{name}” is of a kind that cannot be read.",
        "undecodable": (
            "“{name}” is no text, or in an unknown encoding; save it as UTF-8 and try again."
        ),
        "empty_article": "There is no text in “{name}”.",
        "not_read": "“{name}” could not be read: {message}",
        "unreadable": "“{name}” could not be read because of an error inside the program.",
        "crowded": "There are too many articles on this machine for now; try again later.",
    }
)
