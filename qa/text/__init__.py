"""Pure functions on text: sentences, the folded search copy, tokens, numbers, scripts.

Folding and tokens serve search only; whatever is shown comes from the unaltered text.
"""

from qa.text.folding import fold, simplified, without_surrogates
from qa.text.scripts import HAN, Language, language, same_language
from qa.text.sentences import (
    BLANKS,
    CLOSERS,
    INVISIBLE,
    TERMINATORS,
    ends_sentence,
    has_content,
    lines,
    sentences,
    strip,
)
from qa.text.tokens import (
    FUNCTION_CHARACTERS,
    QUESTION_WORDS_EN,
    query_tokens,
    search_copy,
    tokens,
    without_question_words,
)

__all__ = [
    "BLANKS",
    "CLOSERS",
    "FUNCTION_CHARACTERS",
    "HAN",
    "INVISIBLE",
    "QUESTION_WORDS_EN",
    "TERMINATORS",
    "Language",
    "ends_sentence",
    "fold",
    "has_content",
    "language",
    "lines",
    "query_tokens",
    "same_language",
    "search_copy",
    "sentences",
    "simplified",
    "strip",
    "tokens",
    "without_question_words",
    "without_surrogates",
]
