"""What is typed and is no question for an article: a greeting, an order, nonsense. By rule.

Nothing is searched for it. A rule holds for the whole of what was typed or for how it begins,
so that a question that only mentions a greeting or a poem is a question.
"""

import re
from typing import Literal

from qa.question.lexicon import COURTESIES_EN, COURTESIES_ZH
from qa.text import HAN, fold, has_content

__all__ = ["Intent", "intent"]

Intent = Literal["help", "task", "nonsense"]

_LONGEST = 300
"""Characters of a greeting or nonsense; an order may be longer."""
_ASKS = re.compile(
    r"什么|啥|谁|哪|多少|几[个年次岁]|怎|如何|为何|多[久长大高]|吗|是否|有没有|是不是|[被已]翻?译|[?]"
)
_END = r"(?:[\s,.!?;:~…。、]|[吧吗呗啊呀呢哦]|好吗|可以吗|行吗|谢谢你?|please|thanks)*"

# What is repeated here is atomic, or can be taken apart in one way alone: each further sound of a
# long 哈哈哈 or 嗯嗯嗯 would double the ways, and the time, otherwise.
_SAID = rf"(?:{COURTESIES_ZH}|(?:{COURTESIES_EN})\b)"
_COURTESY = re.compile(rf"(?={_SAID})(?>(?:{_SAID}|[\s,.!?~…。、;:啊呀哦呢吧啦哈嘛])+)")
_ADDRESSED = re.compile(
    r"[你您妳](?:到底|究竟)?(?:是|叫)(?:谁|什么(?:东西|人|名字?|模型|程序|机器人)?|哪位|干什么的|干嘛的|做什么的|"
    r"(?:一个|个)?(?:机器人|人工智能|真人|人|ai|chatgpt|gpt|程序|大模型)[吗么]?)"
    r"|[你您妳](?:的名字(?:是|叫)什么|的?作用是什么|有什么(?:用|功能|作用)|怎么用|能帮我(?:做)?(?:什么|啥)|"
    r"都?(?:能|会|可以)(?:做|干|回答|帮我)?(?:些|点)?(?:什么|啥|哪些)(?:事情?|问题|用)?)"
    r"|(?:谁|哪家公司)(?:开发|创造|做)[的了出]?[你您妳]|[你您妳]是谁(?:开发|创造|做)(?:出来)?的"
    r"|我?(?:能|可以|该|应该)(?:怎么)?(?:问|提)[你您妳]?些?(?:什么|哪些|啥)(?:问题)?"
    r"|有?(?:什么|哪些)(?:可以|能)问的?"
    r"|(?:怎么|如何|怎样)(?:提问|问(?:[你您妳]|问题)|使用[你您妳])"
    r"|帮助|帮忙|帮帮我|使用帮助|自我介绍(?:一下)?|介绍(?:一下)?[你您妳](?:自己)?"
    r"|这(?:里|个页面|个网站|个聊天)(?:是|能)(?:什么(?:网站|工具|页面|聊天|地方)|干什么的?|做什么的?|干嘛的?)"
    r"|这是什么(?:网站|工具|页面|聊天|地方)"
    r"|who are you|what are you|are you (?:an? )?(?:human|robot|bot|ai|chatgpt|gpt|real)"
    r"|what(?:'s| is) your name|who made you|what can (?:you do|i ask(?: you)?|i do "
    r"here)(?: for me)?"
    r"|(?:how|what) (?:do|can) you (?:work|do|help)|how (?:do|can|should) i (?:ask|use "
    r"you)(?: questions?)?"
    r"|what should i ask|/?help(?: me)?"
)
_COURTEOUS = re.compile(rf"^(?>(?:{_SAID}|请问|请|[\s,.!。、])+)")
_CLOSING = re.compile(r"(?:[\s?!.,。、~…]|[啊呀呢吧])+$")

_POLITE = (
    r"^(?:请|麻烦|帮忙|帮我|给我|替我|为我|我要你|我想让你|[你您妳](?:要|必须)?|现在|从现在开始|从现在起|"
    r"能不能|能否|可不可以|可以|能|再|来|please|can you|could you|would you|i want you to|now|just|"
    r"[\s,.!。、:])*"
)
_A = "(?:(?:一|两|三|几|\\d)?[个首篇段份封张幅则些句副条支曲]|一下|点)"
_WORK = (
    "(?:诗词?|古诗|绝句|律诗|词|歌词?|散文|小说|故事|童话|作文|文章|文案|代码|程序|脚本|邮件|信|情书|画|图片?|"
    "段子|笑话|对联|剧本|演讲稿|论文|报告|ppt|简历|广告|标语|口号|日记|读后感|谜语|作业|计划书?|祝福语|新闻稿)"
)
_TOLD_STORY = ".{2,8}(?<!有趣|好听|好玩|好笑|感人|动人|搞笑|恐怖|可怕|幽默|简短|温馨)的故事"
"""The story of somebody or something is in the article, if it is any: 讲一下养蜂人的故事."""
_ORDERS = (
    rf"(?:写|作|创作|编写?|画|生成|做|撰写|仿写)出?{_A}.{{0,20}}?{_WORK}",
    "(?:写|创作|编写|撰写)(?:代码|程序|诗|作文|作业|小说|邮件|文案|论文|脚本)",
    rf"(?:讲|说|来|编|唱){_A}(?!{_TOLD_STORY}).{{0,10}}?(?:笑话|故事|段子|谜语|歌)(?:听听?)?|讲笑话|唱歌",
    "(?:把|将)?.{0,12}?(?:翻译|译)(?:成|为|一下|一遍|全文|这.{0,6})(?:.{0,8}(?:文|语|话))?|翻译",
    "[用以](?:英|日|法|德|俄|韩|中|西班牙|粤)[文语话](?:回答|回复|说|写|翻译)(?:一下|我)?",
    "(?:续写|改写|扩写|润色|仿写|重写|校对)(?:一下|它|全文|文章|上文|下文|这.{0,8})?",
    r"(?:扮演|充当|装作|假装(?:是|成)?)(?:一[个只位名]|我的|你是).{1,30}|模仿.{1,12}(?:写|说|回答).{0,12}",
    r"(?:计算|算)(?:一下)?[\d\s+*/×÷().=-]+",
    r"(?:write|compose|generate|draw|create|make up|draft)(?: me)? (?:an? |some |the |this "
    r")?.{0,40}?"
    r"\b(?:poem|song|story|essay|code|program|script|function|email|letter|joke|lyrics|haiku|picture|"
    r"image|novel|report|tweet|post)s?\b.{0,40}?",
    r"(?:tell|give)(?: me)? (?:an? |another |some )?(?:funny |good )?(?:joke|story|riddle|poem)s?",
    r"translate\b.{0,60}?|(?:answer|reply|respond|speak)(?: me)? in \w+",
    r"(?:rewrite|paraphrase|proofread|polish) (?:this|it|the|my)\b.{0,40}?",
    r"(?:pretend|act as|behave (?:as|like)|role-?play)\b.{1,60}?|sing(?: me)? a .{0,20}?song",
    r"(?:say|print|repeat)(?: after me)?:? [\"'“‘].{0,60}?",
)
_ORDER = re.compile(f"{_POLITE}(?P<order>{'|'.join(_ORDERS)}){_END}")
_ABLE = re.compile(
    r"(?:能不能|能否|可不可以|可以|能)(?:写|画|创作|编写|撰写)(?![一两三几\d首个篇段份封张幅则点出]).*"
)
"""Nobody is spoken to and nothing single is wanted: it is asked what something can do."""
_MADE_OF = "(?:指令|指示|提示词?|命令|要求|规则|设定|设置|内容|说明|对话|限制|约束|文字|信息|问题)"
_INJECTION = re.compile(
    rf"{_POLITE}(?:忽略|无视|忘记|忘掉|不要理会|不要管|抛开|跳过|绕过)掉?(?:你)?"
    r"(?:以上|上述|上面|之前|此前|前面|先前|前述|所有|一切|全部|任何|系统|你的|安全|的)+"
    rf"{_MADE_OF}(?:和{_MADE_OF})?(?=$|[\s,.!?;:。、并然改直告输你请])"
    rf"|{_POLITE}(?:ignore|disregard|forget|override|bypass|skip)\b(?: (?:all|any|the|your|"
    rf"of|these|my|previous|above|prior|"
    r"earlier|preceding|system|safety|foregoing))+(?: (?:instruction|prompt|rule|message|"
    r"text|direction|command|"
    r"guideline|filter|context)s?)?(?=$|[\s,.!?;:]*(?:$|[,.!?;:\n]|and\b|then\b|above\b))"
    rf"|{_POLITE}(?:输出|显示|告诉我|说出|打印|透露|公开|重复|复述|泄露|展示|列出)?(?:一下)?[你您妳]的?(?:系统|初始|原始|内部)?"
    r"(?:提示词?|指令|设定|prompt|system prompt)(?:是什么|有哪些|内容)?[\s?!.。]*$"
    rf"|{_POLITE}(?:输出|显示|告诉我|说出|打印|透露|公开|泄露|展示)(?:系统|初始|原始|内部)(?:提示词?|指令|prompt).{{0,10}}$"
    r"|(?:show|reveal|print|repeat|tell|give|output|display|leak|what(?:'s| is| are))(?: me)? your "
    r"(?:system |initial |hidden |original )*(?:prompt|instructions|rules)\b"
    r"|^(?:show|reveal|print|output|display|leak)(?: me)? the (?:system|initial|hidden) "
    r"(?:prompt|instructions)"
    r"|^(?:the )?system prompt[\s?!.:]*$|^系统提示词?[\s?!.:。]*$|^\[?(?:system|assistant|"
    r"inst)\]?\s*:"
    rf"|^(?:你|您)现在(?:是|开始是)(?:一[个只位名]|dan\b)[^?]*$|^(?:from now on,? )?you are "
    rf"now\b|\bdo anything now\b"
    r"|\bjailbreak mode\b|^(?:enter|enable|activate) (?:developer|dan|god|admin|debug) mode"
    r"|^(?:进入|开启|启用)(?:开发者|管理员|越狱|上帝|调试)模式[\s!.。]*$"
)
_MARKUP = re.compile(
    rf"<script\b[^>]*>[^{HAN}]*?(?:</script\s*>|$)|<style\b.*?</style\s*>|<!--.*?-->"
    rf"|</?[a-z][^<>{HAN}]*>|\{{\{{.*?\}}\}}|\$\{{.*?\}}|javascript:\S*",
    re.DOTALL,
)

_REPEATED = re.compile(r"(.)\1{3,}|(.{2,4})\2{2,}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_RUNS = "|".join(
    sorted(
        {
            row[start : start + size]
            for line in _ROWS
            for row in (line, line[::-1])
            for size in range(3, len(row) + 1)
            for start in range(len(row) - size + 1)
        },
        key=len,
        reverse=True,
    )
)
_KEYS = re.compile(rf"(?=.{{4}})(?>(?:{_RUNS})+)[a-z]?")
_UNSPOKEN = re.compile(r"[b-df-hj-np-tv-xz]{5,}")
_MIXED = re.compile(r"(?=.{6})(?:[a-z]+\d+){3,}[a-z]*|(?:\d+[a-z]+){3,}\d*")
_WORD = re.compile(r"[^\W_]+")


def intent(typed: str) -> Intent | None:
    """Return what was typed instead of a question for an article, None if it may be one.

    What has no letter or digit is neither. ``nonsense`` may still be a word of the article.
    """
    if not has_content(typed):
        return None
    folded = fold(typed).strip()
    if len(folded) <= _LONGEST:
        if _COURTESY.fullmatch(folded) or _is_addressed(folded):
            return "help"
        if _is_nonsense(folded):
            return "nonsense"
    return "task" if _is_task(folded) else None


def _is_addressed(folded: str) -> bool:
    """Tell whether it asks the chat about itself: 你是谁, how do you work."""
    bare = _CLOSING.sub("", folded)
    return any(
        _ADDRESSED.fullmatch(one) for one in (bare, _COURTEOUS.sub("", bare), bare.replace(" ", ""))
    )


def _is_task(folded: str) -> bool:
    """Tell whether it is an order, to do what a passage cannot do or to be something else."""
    if _INJECTION.search(folded):
        return True
    if "<" in folded or "{" in folded or folded.startswith("javascript:"):
        return not has_content(_MARKUP.sub("", folded))
    order = _ORDER.fullmatch(folded)
    asks = order is None or _ASKS.search(order["order"]) or _ABLE.fullmatch(folded)
    return not asks


def _is_nonsense(folded: str) -> bool:
    """Tell whether it is keys struck at random, or the same again and again."""
    words = _WORD.findall(folded)
    joined = "".join(words)
    if _REPEATED.fullmatch(joined):
        return True
    return joined.isascii() and all(
        _KEYS.fullmatch(word) or _UNSPOKEN.search(word) or _MIXED.fullmatch(word) for word in words
    )
