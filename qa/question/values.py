"""Values of a kind that a follow-up may change in a question: years, places, groups, numbers.

By rule: 2020年呢? takes the place of 2019年, 二线城市呢? of 一线城市, 女生呢? of 男生.
"""

import re
from dataclasses import dataclass

from qa.text import HAN, fold
from qa.text.times import full_year

__all__ = ["Value", "changed", "value_of"]

_NUMERAL = "[一二两三四五六七八九十百\\d]"
_UNIT = "步骤|步|项|条|款|点|行|个|种|章|节|部分|阶段|季度|名|位|届|期|次|天|家|款"
_ORDINAL_EN = (
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d{1,3}(?:st|nd|rd|th)"
)
_PLACES = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|"
    "广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|"
    "广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|郑州|青岛|济南|大连|沈阳|哈尔滨|长春|厦门|福州|"
    "宁波|合肥|南昌|昆明|贵阳|南宁|海口|三亚|太原|石家庄|兰州|西宁|银川|乌鲁木齐|拉萨|呼和浩特|"
    "无锡|常州|温州|佛山|东莞|珠海|中山|台北|高雄"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekdays?|weekends?"
_KINDS: dict[str, str] = {
    "year": r"(?:\d{4}|[零〇一二三四五六七八九]{4})年度?|[今去前明后]年|\b(?:1[5-9]|20)\d\d\b",
    "month": rf"{_NUMERAL}{{1,2}}月份?|\b(?:{_MONTHS})\b",
    "quarter": r"第?[一二三四]季度|\bq[1-4]\b",
    "half": "[上下]半[年月场]",
    "weekday": rf"(?:周|星期|礼拜)[一二三四五六日天]|周末|工作日|节假日|平日|\b(?:{_DAYS})\b",
    "hour": "上午|下午|早上|早晨|中午|傍晚|晚上|夜里|夜间|白天"
    r"|\b(?:morning|afternoon|evening|night)\b",
    "place": f"(?:{_PLACES})[市省]?",
    "sex": "(?<![子妇美少])[男女](?:生|性|士|子|孩|童|职工|方|装|款)?(?![人儿朋])"
    r"|\b(?:wo)?men\b|\b(?:boy|girl)s?\b",
    "age": "未成年人|成年人|成人|大人|儿童|小孩|孩子|婴儿|幼儿|青少年|青年人?|中年人?|老年人|老人"
    r"|学生|\b(?:adult|child|kid|senior|student|teenager)s?\b|\bchildren\b",
    "stage": "贷[前中后]|[售产婚术课赛饭餐睡战会事]前|[售产婚术课赛饭餐睡战会事][中后]",
    "side": "国内|国外|境内|境外|海外|城市|城镇|农村|乡村|线上|线下|室内|室外|校内|校外|淡季|旺季"
    r"|企业|个人|单位|\b(?:on|off)line\b",
    "ordinal": rf"(?:倒数)?第{_NUMERAL}{{1,3}}(?:{_UNIT})?|最后一?(?:{_UNIT})"
    rf"|\b(?:{_ORDINAL_EN})\b",
}
_KIND = {kind: re.compile(pattern) for kind, pattern in _KINDS.items()}
_SHORT_YEAR = re.compile(r"(\d\d)年")
_FULL_YEAR = re.compile(r"(?:\d{4}|[零〇一二三四五六七八九]{4})年|\b(?:19|20)\d\d\b")
_ASKS = re.compile(r"(?:的话|怎么样|如何|呢|吗|嘛|么)+$|\s+ones?$")
_JOINS = re.compile(r"^(?:(?:in|for|on|at|with|of|from|the|to|by)\s+|在|对|换成|如果是|要是|是)+")
_ORDINAL_UNIT = re.compile(rf"(?:{_UNIT})$")
_LONGEST = 12

# One character that tells two names of a kind apart: 一线城市 and 二线城市, 小型车 and 大型车.
_CONTRASTS = (
    "零一二两三四五六七八九十百0123456789",
    "大中小特巨微",
    "男女",
    "新老旧",
    "高中低初",
    "前中后",
    "上中下",
    "东西南北中",
    "甲乙丙丁戊",
    "内外",
    "冷热温凉",
    "长中短",
    "单双三",
    "公私国民",
    "红黄蓝绿白黑橙紫灰",
    "abcdefgh",
)
_CLASS_ENDINGS = re.compile(
    "(?:户|城市|型|车|票|生|员|级|卡|贷|险|班|岗|区|市|省|县|国|银行|公司|集团|科技|大学|民|店|房|间|座|"
    "舱|档|版|套餐|会员|用户|客户|季|期|馆|线|路|号|款|队)$"
)
_BOUNDARY = "的和与跟在是对给有从到向比及或、，,。:： "


@dataclass(frozen=True, slots=True)
class Value:
    """What a follow-up names and nothing else; ``kind`` is "" where it is in no list."""

    text: str
    kind: str


def value_of(follow_up: str) -> Value | None:
    """Return the value that a follow-up names (那二线城市呢 → 二线城市), None if none."""
    folded = fold(follow_up)
    text = follow_up if len(folded) == len(follow_up) else folded
    ending = _ASKS.search(folded)
    end = ending.start() if ending else len(folded)
    joining = _JOINS.match(folded)
    start = joining.end() if joining else 0
    bare = folded[start:end].strip()
    if not bare or len(bare) > _LONGEST or not re.fullmatch(rf"[\w{HAN}·]+(?: \w+)?", bare):
        return None
    kind = next((name for name, pattern in _KIND.items() if pattern.fullmatch(bare)), "")
    if _SHORT_YEAR.fullmatch(bare):
        kind = "year"
    return Value(text[start:end].strip(), kind)


def changed(question: str, value: Value) -> str | None:
    """Return the question with the value in the place of the one of its kind.

    None where there is none, or more than one.
    """
    folded, new = fold(question), fold(value.text)
    if (short := _SHORT_YEAR.fullmatch(new)) and _FULL_YEAR.search(folded):
        # Beside 2023年 22年 is a year, beside 20年 what lasts as long.
        new = f"{full_year(short[1]) or short[1]}年"
        value = Value(new, value.kind)
    if len(folded) != len(question) or new in folded:
        return None
    if value.kind == "ordinal":
        return _other_ordinal(question, folded, value.text, new)
    if value.kind:
        spans = [one.span() for one in _KIND[value.kind].finditer(folded)]
        if len(spans) != 1:
            return None if spans else _alike(question, folded, value.text, new)
        start, end = spans[0]
        if folded[start:end].endswith("年") and new[-1:].isdigit():
            end -= 1
        return question[:start] + value.text + question[end:]
    return _alike(question, folded, value.text, new)


def _other_ordinal(question: str, folded: str, value: str, new: str) -> str | None:
    """Return the question with another number; 第二个 takes the unit of 第一步."""
    found = list(_KIND["ordinal"].finditer(folded))
    if len(found) != 1:
        return None
    start, end = found[0].span()
    unit, own = _ORDINAL_UNIT.search(found[0].group()), _ORDINAL_UNIT.search(new)
    if unit and (own is None or own.group() == "个"):
        end = start + unit.start()
        value = value[: own.start()] if own else value
    elif unit and own and unit.group()[0] != own.group()[0]:
        return None
    return question[:start] + value + question[end:]


def _alike(question: str, folded: str, value: str, new: str) -> str | None:
    """Return the question with the value in the place of the only words of its form.

    They end alike and differ in a character of a set (小型车, 大型车), or have an ending for
    things of a kind and stand apart (低保户, 五保户).
    """
    found = {
        start
        for start in range(len(folded) - len(new) + 1)
        if _is_alike(folded, start, new) and folded[start : start + len(new)] != new
    }
    if len(found) != 1:
        return None
    start = found.pop()
    return question[:start] + value + question[start + len(new) :]


def _is_alike(folded: str, start: int, new: str) -> bool:
    old = folded[start : start + len(new)]
    if len(new) < 2 or not all("\u4e00" <= one <= "\u9fff" or one.isalnum() for one in old):
        return False
    differing = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    if len(differing) == 1 and any(set(differing[0]) <= set(one) for one in _CONTRASTS):
        return True
    ending = _CLASS_ENDINGS.search(new)
    apart = start == 0 or folded[start - 1] in _BOUNDARY
    return bool(ending and old.endswith(ending.group()) and apart)
