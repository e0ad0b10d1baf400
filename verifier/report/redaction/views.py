"""A file as every text that somebody could read out of it: unpacked, decoded, unescaped, joined, turned round.

A writer that tells a secret seldom tells it plainly: it stands escaped in HTML, as `\\u06f1` in JSON, as base64 in a
picture, in a compressed stream of a PDF. Each view is folded to one form (compatibility forms, case, digits, hidden
characters), and so is what is searched for.
"""

from __future__ import annotations

import bz2
import codecs
import contextlib
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from verifier.report.redaction.decodings import decoded
from verifier.report.redaction.escapes import of_programs, unescaped
from verifier.report.redaction.letters import folded

LEAST = 4  # letters of a text
DEEPEST = 6
DEEPEST_TURNED = 1  # layers at which what is encoded is also looked for backwards
MOST_UNPACKED_BYTES = 256 << 20
MOST_MEMBERS = 2_000
ROT47 = {code: 33 + (code - 33 + 47) % 94 for code in range(33, 127)}
LONG_RUN = re.compile(r"[A-Za-z0-9+/]{400,}={0,2}")  # a picture or font; it is read decoded
PATH = re.compile(r"[MmLl][\d\s.,MmLlZzHhVvCc-]{200,}")  # a drawn line: its numbers are places on paper
TAG = re.compile(r"<[^<>]{0,4096}>")
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

    `is_binary` where it is bytes that were read as text; `is_drawing` where its numbers are places on paper;
    `is_turned` where it is read backwards or with its letters exchanged; `is_glued` where tags were taken out, so that
    two numbers may have become one.
    """

    text: str
    is_binary: bool
    is_drawing: bool = False
    is_turned: bool = False
    is_glued: bool = False


def views(content: bytes) -> Iterator[View]:
    """Every view of a file. Raises `Unreadable` where it holds more than can be looked through."""
    budget = [MOST_UNPACKED_BYTES]
    for part, depth in _unpacked(content, 0, budget):
        yield from _texts(part, depth, budget)


def plain_views(content: bytes) -> Iterator[View]:
    """The views of a text of ours, which holds nothing packed."""
    yield from _readings(*_as_text(content))


def _texts(content: bytes, depth: int, budget: list[int]) -> Iterator[View]:
    text, is_binary = _as_text(content)
    if content.startswith(DRAWN):
        yield from (replace(view, is_drawing=True) for view in _readings(text, is_binary))
    else:
        yield from _readings(text, is_binary)
    if is_binary and not content.startswith(DRAWN):
        legacy = b"\n".join(LEGACY.findall(content))
        for codec in ("cp1256", "iso8859-6"):
            yield from _readings(legacy.decode(codec, "replace"), True)
        for codec, pattern in (*WIDE, *WIDER):
            found = [match[0].decode(codec, "replace") for match in pattern.finditer(content)]
            yield from _readings("\n".join(found), False)
    if depth < DEEPEST:
        turned = decoded(content[::-1], is_text=False) if depth < DEEPEST_TURNED and not is_binary else ()
        for inner in (*decoded(content, is_text=not is_binary), *turned):
            budget[0] -= len(inner)
            if budget[0] < 0:
                raise Unreadable("it unpacks to more than can be looked through")
            for part, deeper in _unpacked(inner, depth + 1, budget):
                yield from _texts(part, deeper, budget)


def _as_text(content: bytes) -> tuple[str, bool]:
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
    if len(text) < LEAST:
        return
    plain = PATH.sub(" ", LONG_RUN.sub(" ", text))
    seen: set[str] = set()
    once = unescaped(plain)
    further = [once, unescaped(once), *of_programs(plain)]
    if "<" in once:
        further.append(TAG.sub(" ", once))
    if not is_binary:
        further.append(_read_twice(plain))
    glued = [unescaped(TAG.sub("", plain)), TAG.sub("", once)] if "<" in once else []
    for number, reading in enumerate((plain, *further, *glued)):
        form = folded(reading)
        if form not in seen:
            seen.add(form)
            yield View(form, is_binary, is_glued=number > len(further))
    for reading in (plain[::-1], once[::-1]) if once != plain else (plain[::-1],):
        yield View(folded(reading), is_binary, is_turned=True)
    if not is_binary:
        yield View(folded(codecs.encode(plain, "rot13")), is_binary, is_turned=True)
        yield View(folded(plain.translate(ROT47)), is_binary, is_turned=True)


def _read_twice(text: str) -> str:
    """UTF-8 that was taken for Windows-1252 and written as UTF-8 again, mended."""
    return "".join(
        run if run.isascii() else run.encode("cp1252", "ignore").decode("utf-8", "ignore") for run in text.split("\n")
    )


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
    elif content[:6] == b"\xfd7zXZ\x00" or content[:3] == b"\x5d\x00\x00":
        with contextlib.suppress(lzma.LZMAError, EOFError):
            inner = iter([lzma.LZMADecompressor().decompress(content, MOST_UNPACKED_BYTES)])
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
