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
        "keep": "Chats",
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
        "ask_own": "Your {count} articles",
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
        "not_ready": (
            "“{name}” has not been read yet, so it cannot be asked. Your question is still in the "
            "box: press Enter when it is there."
        ),
        "ask_anyway": "Ask the articles that are here",
        "dismiss": "Dismiss",
        "begin_anew": "Delete this conversation",
        "away": "The connection to the server is lost; trying again. Your questions are kept.",
        "article_gone": "The article that was asked is not here any more; add it again to ask it.",
        "queued": "“{name}” waits for another article…",
        "reading": "Reading “{name}”…",
        "embedding": "Taking in “{name}”… {percent}%",
        "embedding_long": "Taking in “{name}”… {percent}%, {minutes} min left",
        "embedding_takes": "“{name}”, {count} paragraphs: taking it in needs less than a minute.",
        "embedding_takes_long": (
            "“{name}”, {count} paragraphs: taking it in needs about {minutes} min."
        ),
        "read_can_be_asked": ". Ask what is read already.",
        "stop": "Stop",
        "stopping": "Stopping to read “{name}”…",
        "stopped": "“{name}” was stopped and nothing of it kept; add it again if you want it.",
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
        "readable": "What can be read: {kinds}",
        "undecodable": (
            "“{name}” is no text, or in an unknown encoding; save it as UTF-8 and try again."
        ),
        "no_article": (
            "Only a title and menu words were found in “{name}”: its text may be loaded later by "
            "the page's program, or be in a frame or a picture. Open it in a browser, save it as "
            "a complete page (a frame: by itself) and try again, or paste the text."
        ),
        "read_in_part": "“{name}” was read only in part. Check it, and paste what is missing.",
        "empty_article": "There is no text in “{name}”.",
        "not_read": "“{name}” could not be read: {message}",
        "problem_protected": "it has a password or is protected; save it without",
        "problem_scanned": (
            "its pages are pictures, or glyphs without characters; run text recognition (OCR) on it"
        ),
        "problem_size": "it is too large or holds too much; cut it into smaller files",
        "problem_extra": "what reads this kind of file is not installed here",
        "problem_fields": "no field in it can be taken for a text",
        "problem_broken": "it is incomplete or damaged; save it again and retry",
        "problem_empty": "there is no text in it",
        "problem_other": "it cannot be opened",
        "unreadable": "“{name}” could not be read because of an error inside the program.",
        "crowded": "There are too many articles on this machine for now; try again later.",
        "new_conversation": "New conversation",
        "earlier_conversations": "Earlier conversations",
        "find_conversation": "Find a conversation",
        "edit": "Edit and ask again",
        "drop": "Delete this turn",
        "copy_link": "Copy a link to this question",
        "turn_menu": "What can be done with “{question}”",
        "cancel": "Cancel",
        "save": "Save",
        "next": "You can go on with",
        "skip_to_question": "Skip to the question box",
        "skip_to_article": "Skip to the article",
        "undo": "Undo",
        "rename": "Rename",
        "replace": "Replace by a new copy",
        "own_menu": "What can be done with this article",
        "replacing": "The next article you add takes the place of “{name}”.",
        "which_files": "Which files can be read",
        "choose_folder": "Choose a folder",
        "keep_own": "Keep them in this browser after the page is closed (up to {limit} characters)",
        "not_kept": "Your articles are too long to be kept in this browser.",
        "source_page": "Source page",
    }
)
