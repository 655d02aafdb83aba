"""From bytes to text: which encoding a file is in."""

import codecs
import re
from encodings import normalize_encoding

from qa.errors import UndecodableText
from qa.loaders.repair import decode_broken

__all__ = ["decode", "decode_markup"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tried in this order, since what is valid in one of them may be nonsense in the next.
_LEGACY = ["gb18030", "big5", "big5hkscs", "utf_16_le", "utf_16_be", "cp1252"]
_CHINESE = ("gb18030", "big5hkscs")
_SAMPLE_BYTES = 65_536
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,20})""")
_DECLARATION_BYTES = 4_096
# A newer encoding reads all that an older one of the same family does, and more.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs"}
# What Python calls encodings as well, and no page is written in.
_NO_CHARSETS = frozenset(["undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape"])
_LARGEST_BROKEN_SHARE = 0.005
# One broken place of a short text: what is put into a character breaks all of its bytes.
_FEW_BROKEN = 4
_SOUND_A_BROKEN = 10
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, source: str) -> str:
    """Return the text of ``data`` without a byte order mark; ``source`` names it in errors.

    Raises:
        UndecodableText: if it is text in no known encoding, or no text at all.

    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _nearly(data, encoding) or _strictly(data, encoding, source)
    # Text in UTF-16 is nearly half NULs where it is Latin, and seldom valid UTF-8 elsewhere.
    if data.count(0) <= 0.3 * len(data):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            if nearly := _nearly(data, "utf-8"):
                return nearly
    # Broken bytes hide which encoding it is.
    found = _detect(data) or _detect_broken(data, source)
    return _nearly(data, found) or _strictly(data, found, source)


def decode_markup(data: bytes, source: str) -> str:
    """Return the text of a page: UTF-8 if it is that, else what it declares, else a guess.

    Raises:
        UndecodableText: if it is text in no known encoding.

    """
    declared = _declared(data)
    # A browser saves a page as UTF-8 and leaves the old declaration in it.
    for encoding in ("utf-8", declared):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        return decode(data, source)
    except UndecodableText:
        return _decode_nearly(data, declared, source)


def _declared(data: bytes) -> str:
    """Return the encoding that a page declares, or a larger one of the same family."""
    found = _DECLARED.search(data[:_DECLARATION_BYTES])
    name = found.group(1).decode("ascii").lower() if found else "utf-8"
    return "utf-8" if normalize_encoding(name) in _NO_CHARSETS else _SUPERSETS.get(name, name)


def _decode_nearly(data: bytes, encoding: str, source: str) -> str:
    """Decode a page with a few broken bytes, as a browser does."""
    try:
        text = data.decode(encoding, errors="replace")
    except LookupError:
        text = data.decode("utf-8", errors="replace")
    if text.count("\ufffd") > _LARGEST_BROKEN_SHARE * len(text):
        raise UndecodableText(source, f"it is no {encoding} text; save it as UTF-8 and try again")
    return text


def _nearly(data: bytes, encoding: str) -> str:
    """Return text with a few broken bytes, each shown as \ufffd; "" where it is none.

    A file may have been cut in the middle of a character, or lost a byte on its way. What is
    sound has to outnumber by far what is broken, or it would be any bytes at all.
    """
    text = data.decode(encoding, errors="replace")
    broken = text.count("\ufffd")
    if not broken:
        return text
    sound = sum(map(str.isalnum, _NOT_ASCII.findall(text)))
    few = broken <= max(_FEW_BROKEN, _LARGEST_BROKEN_SHARE * len(text))
    if not few or sound < _SOUND_A_BROKEN * broken:
        return ""
    return decode_broken(data, encoding) if encoding in _CHINESE else text


def _detect(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    wide = b"\0" in data
    names = [name for name in _LEGACY if name.startswith("utf_16") == wide]
    match = from_bytes(_sample(data), cp_isolation=names).best()
    return None if match is None else match.encoding


def _detect_broken(data: bytes, source: str) -> str:
    """Return the encoding of legacy text with a few broken bytes: the one most like text."""
    from charset_normalizer import from_bytes

    found: list[tuple[float, float, str]] = []
    for name in _CHINESE:
        nearly = _nearly(data, name)
        if not nearly:
            continue
        whole = nearly.replace("\ufffd", "").encode(name)
        match = from_bytes(_sample(whole), cp_isolation=[name]).best()
        if match is not None:
            found.append((match.chaos, -match.coherence, name))
    if not found:
        raise UndecodableText(
            source,
            "this is no text in UTF-8, UTF-16, GB18030 or Big5; save it as UTF-8 and try again",
        )
    return min(found)[2]


def _sample(data: bytes) -> bytes:
    """Return the beginning of ``data``, cut where no encoding has a character in two parts."""
    if len(data) <= _SAMPLE_BYTES:
        return data
    line_end = data.rfind(b"\n", 0, _SAMPLE_BYTES)
    if line_end > 0 and b"\0" not in data[:_SAMPLE_BYTES]:
        return data[: line_end + 1]
    for end in range(_SAMPLE_BYTES, _SAMPLE_BYTES - 4, -1):
        try:
            data[:end].decode("gb18030")
        except UnicodeDecodeError:
            continue
        return data[:end]
    return data[:_SAMPLE_BYTES]


def _strictly(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableText(
            source,
            f"it looks like {encoding} text but byte {error.start} does not fit; "
            "save it as UTF-8 text and try again",
        ) from error
