"""Articles made up for many people at once: each has its own, with questions about nothing else.

No two names share a character, and neighbours are places of another kind with other things told
of them: so an answer from another article is a wrong one, with a reader or without.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MOST", "Question", "article_of", "questions_about", "ship_of", "write_articles"]

NAMES = (
    "熊猫 孔雀 骆驼 企鹅 蝴蝶 海豚 松鼠 狐狸 鹦鹉 蜻蜓 麒麟 凤凰 鲸鱼 牡丹 玫瑰 茉莉 "
    "芍药 葡萄 石榴 枇杷 荔枝 樱桃 珊瑚 玛瑙 琥珀 翡翠 蝙蝠 蜘蛛 蟋蟀 螳螂 蚂蚁 鸳鸯 "
    "鹧鸪 鸬鹚 蜈蚣 蚯蚓 螃蟹 橄榄 柠檬 菠萝 芙蓉 蘑菇 芝麻 高粱 苜蓿 菖蒲 芦苇 梧桐 "
    "银杏 槐花 杨柳 竹笋 月亮 星辰 雷电 云雾 冰霜 春秋 西北 红蓝 黄绿 黑白 紫青 丝绸 "
    "棉布 笔墨 琴棋 诗词 歌舞 锣鼓 笛箫 唢呐 船帆 街巷 门窗 桌椅 碗筷 刀剑 弓箭 盔甲 "
    "旗帜 蜡烛 香炉 油盐 酱醋 豆腐 糖果 馒头 算盘 磁针 罗伞 蓑衣 斗笠 扁担 犁耙 镰锄 "
    "磨坊 风箱 陶瓷 砖瓦 木梯 绳索 渔网 锚链 沙漏 眼镜 手套 围巾 草帽 腰带 纽扣 梳篦 "
    "脸谱 皮影 剪纸 粽叶 元宵 腊肉 泡菜 辣椒 板栗 柿饼 山楂 蜂蜜 牛奶 鸡蛋 羊毛 马鞍 "
    "驴背 兔耳 虎牙 豹纹 狮鬃 象鼻 猴王 鹿角 鹤羽 鹰爪 燕窝 雁阵 鸽哨 喜鹊 乌鸦 麦穗 "
    "稻谷 玉米 冬瓜 姜片 蒜苗 荷塘 梅岭 桂林 枣庄 梨膏 橘子 椰壳 榕须 樟脑 檀烟 琉璃 "
    "珍珠 珐琅 金箔 锡罐 铅坠 晨曦 彩虹 潮汐 漩涡 溪涧 峡湾 沼泽 戈壁 雪崩 火焰 岩浆 "
    "温泉 彗尾 日晷 天秤 摇篮 陀螺 魔方 拼图 邮票 信封 代数 拓扑 琶音 节拍 指挥 评弹 "
    "相声 杂技 戏法 对联 楹柱 匾额 帷幕 地毯"
).split()
MOST = len(NAMES)
"""Articles that differ; more people than that share some."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the paragraph of the articles that answers it."""

    text: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place, and what is asked of one: ``{0}`` stands for its name, ``{1}`` a number."""

    name: str
    questions: tuple[Question, ...]


KINDS = (
    Kind(
        "灯塔",
        (
            Question("{0}有多高？", "{0}高{1}米，站在塔顶能看到两个县。"),
            Question("{0}起初烧的是什么油？", "{0}起初烧的是鲸油，一夜要添{1}次。"),
            Question("{0}的守塔人守了几年？", "{0}的守塔人姓周，已经守了{1}年。"),
        ),
    ),
    Kind(
        "水库",
        (
            Question("{0}最深的地方有多深？", "{0}最深的地方有{1}米，底下淹着一座旧石牌坊。"),
            Question("{0}每年放几次水？", "{0}每年放{1}次水，浇的是下游的稻田。"),
            Question("{0}的闸门是谁修的？", "{0}的闸门是工程师沈文修的，用了{1}吨钢。"),
        ),
    ),
    Kind(
        "茶园",
        (
            Question("{0}有多少亩？", "{0}一共{1}亩，都在山的阴面。"),
            Question("{0}什么时候开始采摘？", "{0}清明前{1}天开始采摘，只要一芽一叶。"),
            Question("{0}的茶卖到哪里？", "{0}的茶卖到泉州，一斤要{1}元。"),
        ),
    ),
    Kind(
        "剧院",
        (
            Question("{0}能坐多少人？", "{0}能坐{1}人，最后一排也听得清。"),
            Question("{0}的第一场戏演的是什么？", "{0}的第一场戏演的是《白蛇传》，连演了{1}天。"),
            Question("{0}的票价是多少？", "{0}的票价是{1}元，学生减半。"),
        ),
    ),
    Kind(
        "车站",
        (
            Question("{0}有几个站台？", "{0}有{1}个站台，最长的停得下两列火车。"),
            Question("{0}的末班车几点开？", "{0}的末班车晚上十一点开，到省城要{1}分钟。"),
            Question("{0}的候车室是谁设计的？", "{0}的候车室是建筑师林秋设计的，挂着{1}盏吊灯。"),
        ),
    ),
    Kind(
        "酒厂",
        (
            Question("{0}有多少口窖池？", "{0}有{1}口窖池，最老的是明代的。"),
            Question("{0}用什么粮食酿酒？", "{0}用糯米酿酒，一缸要{1}斤。"),
            Question("{0}的酿酒师傅姓什么？", "{0}的酿酒师傅姓郑，收过{1}个徒弟。"),
        ),
    ),
    Kind(
        "书院",
        (
            Question("{0}藏书多少卷？", "{0}藏书{1}卷，有一半是抄本。"),
            Question("{0}的第一任山长是谁？", "{0}的第一任山长是顾言，讲学{1}年。"),
            Question("{0}的学生每月领多少米？", "{0}的学生每月领{1}斗米，冬天另给炭火。"),
        ),
    ),
    Kind(
        "铁桥",
        (
            Question("{0}全长多少米？", "{0}全长{1}米，桥面铺的是枕木。"),
            Question("{0}用了多少颗铆钉？", "{0}用了{1}万颗铆钉，没有一处焊接。"),
            Question("{0}多久刷一次漆？", "{0}每{1}个月刷一次漆，刷的是灰色。"),
        ),
    ),
    Kind(
        "矿井",
        (
            Question("{0}出产什么矿石？", "{0}出产锑矿石，一天能运出{1}车。"),
            Question("{0}的竖井通到地下多少米？", "{0}的竖井通到地下{1}米，罐笼下去要四分钟。"),
            Question("{0}有多少名矿工？", "{0}有{1}名矿工，分成三班。"),
        ),
    ),
    Kind(
        "钟楼",
        (
            Question("{0}的大钟重多少斤？", "{0}的大钟重{1}百斤，敲一下能响很久。"),
            Question("{0}一天敲几次钟？", "{0}一天敲{1}次钟，正午那次最长。"),
            Question("{0}的钟声能传多远？", "{0}的钟声顺风能传{1}里，逆风只到城门。"),
        ),
    ),
)


def article_of(number: int) -> str:
    """Return the id of the article of a number."""
    return f"{_place(number)}.md"


def questions_about(number: int) -> tuple[Question, ...]:
    """Return the questions that the article of a number answers, each by a paragraph."""
    name, amount = _place(number), 20 + number % MOST
    return tuple(
        Question(one.text.format(name), one.paragraph.format(name, amount + place))
        for place, one in enumerate(_kind(number).questions)
    )


def write_articles(folder: Path, count: int) -> None:
    """Write the articles of the numbers below ``count``."""
    for number in range(min(count, MOST)):
        text = "\n\n".join(question.paragraph for question in questions_about(number))
        whole = f"# {_place(number)}\n\n{text}\n"
        (folder / article_of(number)).write_text(whole, encoding="utf-8")


def ship_of(number: int) -> Iterator[tuple[str, str, Question]]:
    """Yield the name and text of an own article and what to ask of it, never the same twice."""
    name = f"{NAMES[number % MOST]}号渡船"
    voyage = 1
    while True:
        answer = f"{name}第{voyage}次出海时，船长是周海平，带了{number + voyage}名水手。"
        text = f"{name}航海日志{voyage}\n\n{name}的船票每张12元。\n\n{answer}\n"
        yield f"{name}{voyage}", text, Question(f"{name}第{voyage}次出海带了多少名水手？", answer)
        voyage += 1


def _kind(number: int) -> Kind:
    return KINDS[number % MOST % len(KINDS)]


def _place(number: int) -> str:
    return f"{NAMES[number % MOST]}{_kind(number).name}"
