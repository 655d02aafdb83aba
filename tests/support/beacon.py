"""A short article to chat about in the tests of the web layer, and a chatbot with a bug."""

from collections.abc import Sequence

from qa.chatbot import Chatbot, Inquiry
from qa.types import Answer

TEXT = (
    "灯塔简史\n\n"
    "青石灯塔建于1887年，由工程师林若海设计。它高三十二米。\n\n"
    "灯塔的守护人叫陈阿福，他每天傍晚六点点灯。\n\n"
    "何为“雾号”？其是指大雾时代替灯光的汽笛，每隔一分钟响一次。\n"
)
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> **x** {{x}} ${x}"


def fragile_bot() -> Chatbot:
    """Return a chatbot with a bug, and a question that shows the history it was given."""
    texts = {"灯塔": TEXT, "附录": f"{HOSTILE}\n\n灯塔的颜色是{HOSTILE}白色。\n"}
    bot = Chatbot.from_texts(texts)
    sound = bot.inquire

    def inquire(question: str, history: Sequence[str] = (), k: int | None = None) -> Inquiry:
        if question == "坏掉":
            raise RuntimeError("a bug")
        if question == "历史":
            return Inquiry(Answer(" / ".join(history), answered=False, confidence=0.0))
        return sound(question, history, k)

    bot.inquire = inquire
    return bot
