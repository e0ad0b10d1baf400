"""What a name in a ZIP archive says: by the Unicode path field, else by the flag, else the bytes and how they read.

APPNOTE 6.3: names are UTF-8 where bit 11 of the flags is set, else code page 437. Info-ZIP's field 0x7075 repeats a
name in UTF-8 and holds the CRC of the name that it replaces, so that a name changed by a program that did not know the
field does not keep the old one. Windows writes names in the code page of its user and says nothing of which.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator

UNICODE_PATH = 0x7075
_LABELLED = "cp437"  # what the format says of a name without flag
_EUROPEAN = "cp850"
_ARABIC = "windows-1256"  # Arabic and Persian Windows
_MIXED = re.compile(r"[A-Za-z][\u0600-\u06ff]|[\u0600-\u06ff][A-Za-z]")


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """(identifier, body) of each extra field; ends quietly at the first impossible one."""
    at = 0
    while at + 4 <= len(extra):
        identifier, length = struct.unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            return
        yield identifier, extra[at + 4 : at + 4 + length]
        at += 4 + length


def name_of(raw: bytes, extra: bytes) -> bytes:
    """The name by the Unicode path field where its CRC fits and it is UTF-8; else the bytes as they are."""
    for identifier, body in extra_fields(extra):
        if identifier != UNICODE_PATH or len(body) < 6 or body[0] != 1:
            continue
        (check,) = struct.unpack_from("<I", body, 1)
        if check == zlib.crc32(raw) and _decoded(body[5:], "utf-8") is not None:
            return body[5:]
    return raw


def readings_of(name: bytes) -> list[tuple[str, str]]:
    """(code page, text) of a name that is not UTF-8: as Arabic script where every letter then is, and as labelled."""
    if _decoded(name, "utf-8") is not None:
        return []
    found = []
    arabic = _decoded(name, _ARABIC)
    if arabic is not None and _is_arabic(arabic):
        found.append((_ARABIC, arabic))
    for page in (_LABELLED, _EUROPEAN):
        text = _decoded(name, page)
        if text is not None and text not in (known for _, known in found):
            found.append((page, text))
    return found


def _is_arabic(text: str) -> bool:
    """Whether all letters beyond ASCII are Arabic and no word mixes them with Latin ones, as a misread umlaut would."""
    letters = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
    arabic = all(unicodedata.name(letter, "").startswith("ARABIC") for letter in letters)
    return bool(letters) and arabic and not _MIXED.search(text)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
