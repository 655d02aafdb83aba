"""From bytes to text in every encoding, or a message that names the way out."""

import codecs

import pytest

from qa.errors import UndecodableText
from qa.loaders.encoding import decode

SHORT = "什么是新市民?\n新市民是指进城务工人员和新就业的大学毕业生。\n"
LONG = "".join(
    f"{place}. 新市民在城镇常住,微乐贷的平均额度达到{place}万元,服务个体工商户。\n\n"
    for place in range(400)
)
TRADITIONAL = "什麼是新市民?\n新市民是指進城務工人員和新就業的大學畢業生,貸款額度是多少。\n"


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gb18030", b""),
        ("utf-16-le", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_every_encoding_gives_the_same_text(text: str, encoding: str, mark: bytes) -> None:
    assert decode(mark + text.encode(encoding), "name.txt") == text


@pytest.mark.parametrize("repeats", [1, 200], ids=["short", "long"])
@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8", "utf-16-le"])
def test_traditional_text_in_every_encoding(repeats: int, encoding: str) -> None:
    text = TRADITIONAL * repeats
    assert decode(text.encode(encoding), "name.txt") == text


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
@pytest.mark.parametrize("shift", [0, 1])
def test_a_long_legacy_file_is_read_wherever_its_characters_begin(
    encoding: str, shift: int
) -> None:
    text = "a" * shift + TRADITIONAL * 1_000
    assert decode(text.encode(encoding), "name.txt") == text


BROKEN = "磨坊在水渠的尽头，石磨一共两盘，一盘磨麦，一盘磨豆。" * 12 + "\n守磨坊的人姓邱。\n"
TURNED = "磨坊在水渠的盡頭，石磨一共兩盤，一盤磨麥，一盤磨豆。" * 12 + "\n守磨坊的人姓邱。\n"


@pytest.mark.parametrize(
    ("text", "encoding"), [(BROKEN, "utf-8"), (BROKEN, "gb18030"), (TURNED, "big5")]
)
@pytest.mark.parametrize("place", [7, 100, 251])
def test_one_broken_place_costs_no_more_than_its_surroundings(
    text: str, encoding: str, place: int
) -> None:
    data = text.encode(encoding)
    for broken in (
        data[:place] + b"\xff" + data[place:],
        data[:place] + data[place + 1 :],
        data[:place] + b"\xff" + data[place + 1 :],
    ):
        found = decode(broken, "name.txt")
        assert found[-150:] == text[-150:]
        assert found[:2] == text[:2]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(BROKEN, "utf-8"), (BROKEN, "gb18030"), (TURNED, "big5"), (BROKEN, "utf-16")],
)
def test_a_file_cut_inside_a_character_is_read_up_to_there(text: str, encoding: str) -> None:
    assert decode(text[:300].encode(encoding)[:-1], "name.txt") == f"{text[:299]}\ufffd"


def test_much_that_is_broken_is_no_text() -> None:
    data = b"\xff".join(bytes([byte]) for byte in BROKEN.encode("gb18030"))
    with pytest.raises(UndecodableText):
        decode(data, "name.txt")


def test_a_nul_in_utf8_text_does_not_turn_it_into_other_text() -> None:
    for text in ("新市民\0是什么?", "ab\0c"):
        try:
            assert decode(text.encode(), "name.txt") == text
        except UndecodableText as error:
            assert "name.txt" in str(error)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xffa",
        b"\xff\xff\xff\xff",
        bytes(range(128, 256)) * 3,
        codecs.BOM_UTF8 + b"\xff\xfe\xfd",
        codecs.BOM_UTF16_LE + b"a",
    ],
    ids=["png", "ones", "all", "utf8-mark", "half-utf16"],
)
def test_what_is_no_text_is_named_with_the_way_out(data: bytes) -> None:
    with pytest.raises(UndecodableText, match=r"^name\.txt: .*save it as UTF-8"):
        decode(data, "name.txt")
