"""Chinese text of two bytes a character in which a few bytes are broken or lost.

After a lost byte the halves of characters pair up wrongly to the end of the line, into other
characters. Of all ways to cut a line into characters the one with most common ones is taken.
"""

from functools import lru_cache

__all__ = ["decode_broken"]

_BROKEN = "\ufffd"
# What a broken byte costs, in uncommon characters.
_BROKEN_COST = 8
# Bytes of broken lines that are looked at so closely: some seconds' work.
_MOST_BYTES = 2_000_000
# First bytes of the common characters and the punctuation, by encoding.
_COMMON = {
    "gb18030": (range(0xA1, 0xA4), range(0xB0, 0xD8)),
    "big5hkscs": (range(0xA1, 0xA4), range(0xA4, 0xC7)),
}


def decode_broken(data: bytes, encoding: str) -> str:
    """Return text in GB18030 or Big5, each broken byte shown as U+FFFD."""
    left = _MOST_BYTES
    shown: list[str] = []
    # No character ends with the byte of a line feed.
    for line in data.split(b"\n"):
        try:
            shown.append(line.decode(encoding))
        except UnicodeDecodeError:
            left -= len(line)
            text = _cut(line, encoding) if left > 0 else line.decode(encoding, errors="replace")
            shown.append(text)
    return "\n".join(shown)


def _cut(line: bytes, encoding: str) -> str:
    """Return the most likely characters of a line."""
    # Per byte: the least cost to get there, and the character that ends there.
    worst = (_BROKEN_COST * len(line) + 1, "")
    best = [(0, "")] + [worst] * len(line)
    lengths = [0] * (len(line) + 1)
    for place in range(len(line)):
        for length in (1, 2, 4):
            end = place + length
            if end > len(line):
                break
            found = _character(line[place:end], encoding)
            if found is not None and best[place][0] + found[0] <= best[end][0]:
                best[end] = (best[place][0] + found[0], found[1])
                lengths[end] = length
    shown: list[str] = []
    place = len(line)
    while place:
        shown.append(best[place][1])
        place -= lengths[place]
    return "".join(reversed(shown))


@lru_cache(maxsize=65_536)
def _character(data: bytes, encoding: str) -> tuple[int, str] | None:
    """Return what a character costs and the character; None if these bytes are none."""
    if len(data) == 1:
        return (0, chr(data[0])) if data[0] < 0x80 else (_BROKEN_COST, _BROKEN)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if len(text) > 1:
        return None
    common = any(data[0] in one for one in _COMMON[encoding]) and len(data) == 2
    return (0 if common and (encoding != "gb18030" or data[1] > 0xA0) else 1), text
