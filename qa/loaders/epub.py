"""Electronic books: the chapters in the order they are read."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from qa.errors import DocumentError
from qa.loaders.content import Content, Part, assemble, mark_bylines, titled
from qa.loaders.encoding import decode_markup
from qa.loaders.extras import require
from qa.loaders.limits import bounds, check_size
from qa.loaders.markup import Element, bold_classes, find_parts, local_name, parse
from qa.loaders.packed import open_packed, read_member
from qa.text import BLANKS, fold

__all__ = ["read"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"


def read(data: bytes, source: str) -> Iterator[Content]:
    """Yield the document of a book.

    Raises:
        MissingExtra: if lxml is not installed.
        DocumentError: if it is protected, broken or too large.

    """
    require("lxml.etree", "lxml", "epub")
    packed = open_packed(data, source, ".epub")
    book = _Book(packed, source)
    package_name = book.package_name()
    package = book.xml(package_name)
    bold = bold_classes(book.styles())
    parts: list[Part] = []
    for name in _spine(package, package_name, source):
        if name in book.protected():
            raise DocumentError(source, "it is protected against copying and cannot be read")
        if book.has(name):
            parts += [found.part for found in find_parts(book.page(name), bold)]
    title = _metadata(package, "title")
    yield assemble(mark_bylines(_with_title(parts, title)), title=title)


class _Book:
    """The files of a book."""

    def __init__(self, packed: zipfile.ZipFile, source: str) -> None:
        self._packed = packed
        self._source = source
        self._members = {member.filename: member for member in packed.infolist()}
        self._parsed = 0

    def has(self, name: str) -> bool:
        return name in self._members

    def package_name(self) -> str:
        """Return the name of the file that lists all others."""
        for element in self.xml(_CONTAINER).iter("{*}rootfile"):
            name = element.get("full-path", "")
            if self.has(name):
                return str(name)
        raise DocumentError(self._source, "it is no whole .epub file (no list of its contents)")

    def protected(self) -> frozenset[str]:
        if not self.has(_ENCRYPTION):
            return frozenset()
        listed = self.xml(_ENCRYPTION).iter("{*}CipherReference")
        return frozenset(unquote(element.get("URI", "")) for element in listed)

    def styles(self) -> Iterator[str]:
        for name in self._members:
            if name.lower().endswith(".css"):
                yield self._bytes(name).decode("utf-8", errors="replace")

    def xml(self, name: str) -> Element:
        if not self.has(name):
            raise DocumentError(self._source, f"it is no whole .epub file (no {name} in it)")
        root = _parse_xml(self._bytes(name))
        if root is None:
            raise DocumentError(self._source, f"it is no whole .epub file ({name} is broken)")
        return root

    def page(self, name: str) -> Element:
        """Return the body of a chapter: XHTML, or what a browser would make of it."""
        data = self._bytes(name)
        root = _parse_xml(data)
        if root is None:
            root = parse(decode_markup(data, self._source), self._source, "epub")
        return next(root.iter("body", "{*}body"), root)

    def _bytes(self, name: str) -> bytes:
        data = read_member(self._packed, self._members[name], self._source)
        self._parsed += len(data)
        check_size(self._parsed, self._source, bounds().markup_bytes)
        return data


def _parse_xml(data: bytes) -> Element | None:
    etree = require("lxml.etree", "lxml", "epub")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    # An entity that was not resolved stands for a character; the HTML parser knows them all.
    unresolved = any(element.tag is etree.Entity for element in root.iter())
    return None if unresolved else root


def _spine(package: Element, package_name: str, source: str) -> Iterator[str]:
    """Yield the names of the chapters in reading order, without the table of contents."""
    folder = posixpath.dirname(package_name)
    names: dict[str, str] = {}
    for item in package.iter("{*}item"):
        if "nav" in item.get("properties", "").split():
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        names[item.get("id", "")] = path
    found = [
        names[one.get("idref", "")]
        for one in package.iter("{*}itemref")
        if one.get("idref", "") in names
    ]
    if not found:
        raise DocumentError(source, "it is no whole .epub file (it lists no chapter)")
    yield from dict.fromkeys(found)


def _metadata(package: Any, name: str) -> str:  # noqa: ANN401 - of lxml
    for element in package.iter("{*}metadata"):
        for child in element.iter():
            if local_name(child) == name and (child.text or "").strip(BLANKS):
                return str(child.text).strip(BLANKS)
    return ""


def _with_title(parts: list[Part], title: str) -> list[Part]:
    """Return the parts with the title marked, once where a title page repeats it."""
    named = fold(title)
    if not (parts and named and fold(parts[0].text) == named):
        return titled(parts)
    rest = parts[1:]
    if rest and fold(rest[0].text) == named:
        rest = rest[1:]
    return [replace(parts[0], kind="title", level=0), *rest]
