"""A file as every text that somebody could read out of it: unpacked, decoded, unescaped, joined, turned round.

A writer that tells a secret seldom tells it plainly: it stands escaped in HTML, as `\\u06f1` in JSON, as base64 in a
picture, in a compressed stream of a PDF. Each view is folded to one form (compatibility forms, case, digits, hidden
characters), and so is what is searched for.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import contextlib
import gzip
import html
import io
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from verifier.report.redaction.letters import folded

DEEPEST = 4
MOST_UNPACKED_BYTES = 256 << 20
MOST_MEMBERS = 2_000
RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}(?:\\?\r?\n[ \t]?[A-Za-z0-9+/_-]+)*={0,2}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}[ :\n-]?){6,}")
LONG_RUN = re.compile(r"[A-Za-z0-9+/]{400,}={0,2}")  # a picture or font; it is read decoded
TAG = re.compile(r"<[^<>]{0,4096}>")
ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\u\{[0-9a-fA-F]{1,6}\}|\\x[0-9a-fA-F]{2}|\\[0-7]{3}|\\([/\"'()\\])")
ONE_BYTE = re.compile(r"\\x[0-9a-fA-F]{2}|\\[0-7]{3}")
BYTES_ESCAPED = re.compile(r"(?:\\x[89a-fA-F][0-9a-fA-F]|\\[23][0-7]{2})(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+")
CODE_POINT = re.compile(r"%u([0-9a-fA-F]{4})|[Uu]\+([0-9a-fA-F]{4,6})[ ,;]?")
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
STRETCH = re.compile(
    rb"(?:[\t\r\n\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){3,}"
)
WIDE = (  # UTF-16 of Latin, Greek, Cyrillic, Hebrew, Arabic (also its forms, U+FBxx to U+FExx) and punctuation
    ("utf-16-le", re.compile(rb"(?:[\x20-\xff]\x00|[\x00-\xff][\x01-\x06\x20\xfb-\xfe]){4,}")),
    ("utf-16-be", re.compile(rb"(?:\x00[\x20-\xff]|[\x01-\x06\x20\xfb-\xfe][\x00-\xff]){4,}")),
)
WIDER = (
    ("utf-32-le", re.compile(rb"(?:[\x00-\xff][\x00-\x06\xfb-\xfe]\x00\x00){4,}")),
    ("utf-32-be", re.compile(rb"(?:\x00\x00[\x00-\x06\xfb-\xfe][\x00-\xff]){4,}")),
)
BASE32 = re.compile(rb"[A-Z2-7]{16,}")
NUMBERED = re.compile(rb"\d{2,4}(?:[,; ]{1,2}\d{2,4}){4,}")  # the numbers of letters or bytes, as a list
LONGEST_COUNT = 16  # letters of the alphabet in their order that a text may hold
STREAM = re.compile(rb"stream\r?\n")
DRAWING = re.compile(rb"(?:^|\s)(?:BT|BDC|cm|re|Tf)\s")  # what paints a page of a PDF: its numbers are places on paper
DRAWN = b"\x00drawing\n"
CHUNK = re.compile(rb"zTXt|iTXt|iCCP")
LEGACY = re.compile(rb"[\x80-\xff\x20]{6,}")  # other letters than Latin in a code page of one byte


class Unreadable(ValueError):
    """A file that cannot be looked through whole, so that nothing can be said of it; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class View:
    """One text of a file, folded, its blanks single.

    `is_binary` where it is bytes that were read as text; `is_drawing` where its numbers are places on paper.
    """

    text: str
    is_binary: bool
    is_drawing: bool = False


def views(content: bytes) -> Iterator[View]:
    """Every view of a file. Raises `Unreadable` where it holds more than can be looked through."""
    budget = [MOST_UNPACKED_BYTES]
    for part, depth in _unpacked(content, 0, budget):
        yield from _texts(part, depth, budget)


def _texts(content: bytes, depth: int, budget: list[int]) -> Iterator[View]:
    text, is_binary = _decoded(content)
    if content.startswith(DRAWN):
        yield from (replace(view, is_drawing=True) for view in _readings(text, is_binary))
    else:
        yield from _readings(text, is_binary)
    if is_binary:
        legacy = b"\n".join(LEGACY.findall(content))
        for codec in ("cp1256", "iso8859-6"):
            yield from _readings(legacy.decode(codec, "replace"), True)
        for codec, pattern in (*WIDE, *WIDER):
            found = [match[0].decode(codec, "replace") for match in pattern.finditer(content)]
            yield from _readings("\n".join(found), False)
    if depth < DEEPEST:
        for inner in _encoded(content):
            budget[0] -= len(inner)
            if budget[0] < 0:
                raise Unreadable("it unpacks to more than can be looked through")
            for part, deeper in _unpacked(inner, depth + 1, budget):
                yield from _texts(part, deeper, budget)


def _decoded(content: bytes) -> tuple[str, bool]:
    """The text of a file; of bytes that are no text, the stretches that could be."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if (text or not content) and not CONTROL.search(content):
        return text, False
    return b"\n".join(STRETCH.findall(content)).decode("utf-8", "replace"), True


def _readings(text: str, is_binary: bool) -> Iterator[View]:
    """A text as it stands, unescaped once and twice, and without its tags; each forwards and backwards."""
    plain = LONG_RUN.sub(" ", text)
    seen: set[str] = set()
    once = unescaped(plain)
    turned = () if is_binary else (codecs.encode(plain, "rot13"), _read_twice(plain))
    for reading in (plain, once, unescaped(once), unescaped(TAG.sub("", plain)), TAG.sub("", once), *turned):
        form = folded(reading)
        if form not in seen:
            seen.add(form)
            yield View(form, is_binary)
            yield View(form[::-1], is_binary)


def _read_twice(text: str) -> str:
    """UTF-8 that was taken for Windows-1252 and written as UTF-8 again, mended."""
    return "".join(
        run if run.isascii() else run.encode("cp1252", "ignore").decode("utf-8", "ignore") for run in text.split("\n")
    )


def unescaped(text: str) -> str:
    """HTML entities, JSON and PDF escapes, percent signs and quoted-printable resolved once."""
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = BYTES_ESCAPED.sub(_unescape_bytes, text)
        text = ESCAPE.sub(_unescape, text)
    if "%u" in text or "U+" in text or "u+" in text:
        text = CODE_POINT.sub(lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)), text)
    if "=\n" in text or "=\r\n" in text:
        text = re.sub(r"=\r?\n", "", text)
    if "%" in text:
        text = urllib.parse.unquote(text, errors="replace")
    if "=" in text and re.search(r"=[0-9A-F]{2}=[0-9A-F]{2}", text):
        found = re.sub(r"((?:=[0-9A-F]{2})+)", lambda m: "%" + m[1][1:].replace("=", "%"), text)
        text = urllib.parse.unquote(found, errors="replace")
    return text


def _unescape_bytes(found: re.Match[str]) -> str:
    units = [
        bytes([int(one[2:], 16) if one[1] == "x" else int(one[1:], 8) & 0xFF]) for one in ONE_BYTE.findall(found[0])
    ]
    return b"".join(units).decode("utf-8", "replace")


def _unescape(found: re.Match[str]) -> str:
    whole = found[0]
    if found[1]:
        return found[1]
    if whole.startswith("\\u{"):
        code = int(whole[3:-1], 16)
        return chr(code) if code < 0x110000 else whole
    if whole.startswith("\\u"):
        units = bytes.fromhex(whole.replace("\\u", ""))
        return units.decode("utf-16-be", "replace")
    return chr(int(whole[2:], 16)) if whole.startswith("\\x") else chr(int(whole[1:], 8) & 0xFF)


def _encoded(content: bytes) -> Iterator[bytes]:
    """What base64 and hexadecimal runs hold, at every alignment; short ones put together, long ones alone."""
    gathered: list[list[bytes]] = [[], [], [], []]
    for found in RUN.finditer(content):
        run = re.sub(rb"[^A-Za-z0-9+/_-]", b"", found[0]).translate(bytes.maketrans(b"-_", b"+/"))
        for shift in range(4):
            piece = run[shift:]
            inner = binascii.a2b_base64(piece[: len(piece) // 4 * 4] + _rest(piece))
            if shift == 0 and (len(inner) > 256 or inner[:3] == b"BZh" or inner[:1] in (b"\x78", b"\x1f")):
                yield inner
            else:
                gathered[shift].append(inner)
    yield from (b"\n".join(pieces) for pieces in gathered if pieces)
    for found in BASE32.finditer(content):
        if len(found[0]) % 8 not in (1, 3, 6):
            with contextlib.suppress(binascii.Error):
                yield base64.b32decode(found[0] + b"=" * (-len(found[0]) % 8))
    for found in NUMBERED.finditer(content):
        numbers = [int(number) for number in re.findall(rb"\d+", found[0])]
        if len(numbers) > LONGEST_COUNT and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            continue  # the numbers of a PDF's marked pieces, one after another: no text runs through its alphabet
        yield (bytes(numbers) if max(numbers) < 256 else "".join(map(chr, numbers)).encode("utf-8", "replace"))
    both: list[list[bytes]] = [[], []]
    for found in HEX.finditer(content):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", found[0])
        for shift in (0, 1):
            piece = digits[shift:]
            both[shift].append(bytes.fromhex(piece[: len(piece) // 2 * 2].decode("ascii")))
    yield from (b"\n".join(pieces) for pieces in both if pieces)


def _rest(piece: bytes) -> bytes:
    left = piece[len(piece) // 4 * 4 :]
    return left + b"=" * (4 - len(left)) if len(left) > 1 else b""


def _unpacked(content: bytes, depth: int, budget: list[int]) -> Iterator[tuple[bytes, int]]:
    """A file and what is packed in it."""
    yield content, depth
    if depth >= DEEPEST:
        return
    inner: Iterator[bytes] = iter(())
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        inner = _members(content)
    elif content[:2] == b"\x1f\x8b":
        inner = iter([_gunzipped(content)])
    elif content[:3] == b"BZh":
        with contextlib.suppress(OSError, EOFError, ValueError):
            inner = iter([bz2.BZ2Decompressor().decompress(content, MOST_UNPACKED_BYTES)])
    elif content[:1] == b"\x78" and (inflated := _inflated(content)):
        inner = iter([inflated])
    elif content[:5] == b"%PDF-":
        inner = _of_pdf(content)
    elif content[:8] == b"\x89PNG\r\n\x1a\n":
        inner = _of_png(content)
    for part in inner:
        budget[0] -= len(part)
        if budget[0] < 0:
            raise Unreadable("it unpacks to more than can be looked through")
        yield from _unpacked(part, depth + 1, budget)


def _members(content: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_MEMBERS or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
                raise Unreadable("it unpacks to more than can be looked through")
            yield archive.comment
            for entry in entries:
                yield entry.filename.encode("utf-8", "surrogateescape") + b"\n" + entry.comment
                yield archive.read(entry)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as error:
        raise Unreadable("an archive in it cannot be opened") from error


def _gunzipped(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            return stream.read(MOST_UNPACKED_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("a compressed part of it cannot be opened") from error


def _inflated(content: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(content, MOST_UNPACKED_BYTES)
    except zlib.error:
        return None


def _of_pdf(content: bytes) -> Iterator[bytes]:
    """Every compressed stream of a PDF, and the text of its pages as a reader shows it, page by page."""
    for found in STREAM.finditer(content):
        stream = _inflated(content[found.end() :])
        if stream:
            yield DRAWN + stream if DRAWING.search(stream[:4096]) else stream
    yield _pages(content).encode("utf-8", "surrogatepass")


def _pages(content: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        pages = [page.extract_text() for page in reader.pages]
        about = [str(value) for value in (reader.metadata or {}).values()]
        outline = [str(item) for item in reader.outline]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error) as error:
        raise Unreadable("its pages cannot be read") from error
    return "\n".join([*pages, *about, *outline])


def _of_png(content: bytes) -> Iterator[bytes]:
    """The compressed texts of a PNG's chunks."""
    for found in CHUNK.finditer(content):
        after = content[found.end() : found.end() + (1 << 20)]
        for start in (match.end() for match in re.finditer(rb"\x00", after[:2048])):
            for skipped in (0, 1):
                text = _inflated(after[start + skipped :])
                if text:
                    yield text
