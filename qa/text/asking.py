"""Words that only ask, in Chinese; in the search copy's form: simplified, lower case."""

__all__ = ["ASKING", "alternatives"]

ASKING = (
    "请问|请教|想问|告诉我|能不能|可不可以|能否|是否|是不是|有没有|为什么|为何|"
    "为啥|凭什么|怎么样|怎么办(?!理)|怎么|怎样|如何|什么时候|什么时间|何时|"
    "几时|啥时候|哪一年|哪年|哪一天|哪天|什么样|什么|何为|何谓|何种|何处|何地|"
    "何人|啥|哪一个|哪个|哪些|哪家|哪种|哪里|哪儿|哪位|哪一|哪|谁|多少|多大|"
    "多久|多长|多高|多远|多深|吗|呢|吧|啊|呀|嘛|么"
)
"""Alternatives of a regular expression, without groups that hold others."""


def alternatives(*lists: str) -> str:
    """Return the alternatives of several lists as one, a longer one before what it begins with."""
    return "|".join(sorted("|".join(lists).split("|"), key=len, reverse=True))
