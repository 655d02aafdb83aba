"""Files that are zip archives inside: opened within bounds, never unpacked to disk."""

import io
import lzma
import struct
import zipfile
import zlib

from qa.errors import DocumentError
from qa.loaders.limits import MAX_MEMBERS, bounds

__all__ = ["OLD_FORMAT", "check_markup", "open_packed", "read_member"]

OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of old office programs begin, and encrypted ones of new programs."""


_ENCRYPTED = 0x1
# What zipfile meets in a broken archive.
_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    IndexError,
    OverflowError,
)


def open_packed(data: bytes, source: str, kind: str) -> zipfile.ZipFile:
    """Return a zip archive after checking how much it claims to hold; ``kind`` is for errors.

    No member is ever read beyond the size that the archive claims for it.

    Raises:
        DocumentError: if it is none, or holds more than is read.

    """
    packed = _open(data, source, kind)
    members = packed.infolist()
    if len(members) > MAX_MEMBERS:
        raise DocumentError(
            source, f"it holds {len(members):,} files, at most {MAX_MEMBERS:,} are read"
        )
    size = sum(member.file_size for member in members)
    most = bounds().unpacked_bytes
    if size > most:
        raise DocumentError(
            source,
            f"unpacked it has {size / 2**20:,.0f} MB, at most {most / 2**20:,.0f} MB "
            "are read; cut it into smaller files",
        )
    return packed


def _open(data: bytes, source: str, kind: str) -> zipfile.ZipFile:
    # Archives from Chinese systems name their files in GB18030 without saying so.
    for encoding in ("utf-8", "gb18030", None):
        try:
            return zipfile.ZipFile(io.BytesIO(data), metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
        except _ERRORS as error:
            raise DocumentError(source, f"it is no whole {kind} file ({error})") from error
    raise DocumentError(source, f"it is no whole {kind} file (its file names are in no encoding)")


def check_markup(packed: zipfile.ZipFile, source: str) -> None:
    """Raise DocumentError if a packed file holds more XML than is parsed at once."""
    size = sum(
        one.file_size for one in packed.infolist() if one.filename.endswith((".xml", ".rels"))
    )
    most = bounds().markup_bytes
    if size > most:
        raise DocumentError(
            source,
            f"its text has {size / 2**20:,.0f} MB, at most {most / 2**20:,.0f} MB are "
            "read; cut it into smaller files",
        )


def read_member(packed: zipfile.ZipFile, member: zipfile.ZipInfo, source: str) -> bytes:
    """Return the bytes of one file in an archive.

    Raises:
        DocumentError: if it is encrypted or broken.

    """
    if member.flag_bits & _ENCRYPTED:
        raise DocumentError(source, "it is encrypted; save it without a password")
    try:
        return packed.read(member)
    except _ERRORS as error:
        raise DocumentError(source, f"it is broken ({error})") from error
