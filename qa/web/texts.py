"""Every string of the interface, in each of its languages."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from qa.text import Language

__all__ = ["GRADIO_LOCALES", "TEXTS", "choose_language", "in_every_language"]

TEXTS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "zh-Hans": {
            "name": "问文章",
            "tagline": "每个字都出自原文",
            "loading": "正在载入模型，几秒钟就好。现在就可以提问，准备好后马上回答。",
            "opening": "正在打开文章……",
            "ready": "已就绪",
            "welcome": "问这篇文章一个问题",
            "welcome_several": "问这些文章一个问题",
            "welcome_hint": "回答是文章里的原话，并标出答案所在的那一句；"
            "文中没有提到的，会直接告诉你。",
            "examples": "可以这样问",
            "question": "问题",
            "placeholder": "输入问题，按 Enter 发送",
            "send": "发送",
            "you": "你问",
            "reply": "回答",
            "waiting": "正在查找……",
            "waiting_for_model": "模型还在载入，准备好后马上回答……",
            "too_long": "这个问题有 {length} 个字符，最多可以有 {limit} 个。"
            "它还在输入框里，请缩短后再发送。",
            "broken": "这个问题没有处理成功，是程序内部出了错。"
            "问题还在输入框里，可以再试一次或换个问法。",
            "no_chatbot": "文章没能打开：{message}",
            "contents": "目录",
            "article": "文章",
            "documents": "选择文章",
            "close": "关闭文章",
            "conversation": "对话",
        },
        "zh-Hant": {
            "name": "問文章",
            "tagline": "每個字都出自原文",
            "loading": "正在載入模型，幾秒鐘就好。現在就可以提問，準備好後馬上回答。",
            "opening": "正在打開文章……",
            "ready": "已就緒",
            "welcome": "問這篇文章一個問題",
            "welcome_several": "問這些文章一個問題",
            "welcome_hint": "回答是文章裡的原話，並標出答案所在的那一句；"
            "文中沒有提到的，會直接告訴你。",
            "examples": "可以這樣問",
            "question": "問題",
            "placeholder": "輸入問題，按 Enter 送出",
            "send": "送出",
            "you": "你問",
            "reply": "回答",
            "waiting": "正在查找……",
            "waiting_for_model": "模型還在載入，準備好後馬上回答……",
            "too_long": "這個問題有 {length} 個字元，最多可以有 {limit} 個。"
            "它還在輸入框裡，請縮短後再送出。",
            "broken": "這個問題沒有處理成功，是程式內部出了錯。"
            "問題還在輸入框裡，可以再試一次或換個問法。",
            "no_chatbot": "文章沒能打開：{message}",
            "contents": "目錄",
            "article": "文章",
            "documents": "選擇文章",
            "close": "關閉文章",
            "conversation": "對話",
        },
        "en": {
            "name": "Ask the article",
            "tagline": "Every word comes from the source",
            "loading": "The model is loading, a few seconds. You can ask now; "
            "the answer comes as soon as it is ready.",
            "opening": "Opening the article…",
            "ready": "Ready",
            "welcome": "Ask this article a question",
            "welcome_several": "Ask these articles a question",
            "welcome_hint": "Answers are the article's own words, with the answering sentence "
            "marked. What it does not say, you are told plainly.",
            "examples": "For example",
            "question": "Question",
            "placeholder": "Type a question, press Enter to send",
            "send": "Send",
            "you": "You asked",
            "reply": "Answer",
            "waiting": "Searching…",
            "waiting_for_model": "The model is still loading; the answer comes right after…",
            "too_long": "This question has {length} characters; at most {limit} are accepted. "
            "It is back in the box: shorten it and send it again.",
            "broken": "This question failed because of an error inside the program. "
            "It is back in the box: try again or put it differently.",
            "no_chatbot": "The article could not be opened: {message}",
            "contents": "Contents",
            "article": "Article",
            "documents": "Choose an article",
            "close": "Close the article",
            "conversation": "Conversation",
        },
    }
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
    """Return HTML with a text in all languages; the style sheet shows the browser's.

    For the first paint, before the server has been asked anything.
    """
    return "".join(
        f'<span class="by-language" lang="{language}">{escape(texts[key])}</span>'
        for language, texts in TEXTS.items()
    )
