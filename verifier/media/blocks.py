"""The metadata blocks that a still carries, as raw bytes with their place: Exif, XMP, IPTC, Photoshop, C2PA.

Where a block lies is a matter of containers and belongs here; what it says belongs to `metadata`. Every container is
walked by its own lengths (no decoder runs, no picture is touched), so blocks that a decoder would not look at – after a
PNG's picture, behind a broken Exif header, in a JPEG XL box – are found as well, and broken files give what they have.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from verifier.instruments import Source
from verifier.media.chunks import gif_blocks, iso_boxes, photoshop_resources, png_chunks, riff_chunks, sub_blocks
from verifier.media.heif_items import C2PA_UUID, XMP_UUID, canon_blocks, metadata_items, uuid_box
from verifier.media.segments import Segment, segments
from verifier.media.tiff import Tiff

MOST_BLOCK_BYTES = 16 << 20
MOST_SCANNED_BYTES = 4 << 20
MOST_TEXT_BYTES = 1 << 20

EXIF, XMP, XMP_EXTENSION, IPTC, PHOTOSHOP, C2PA, ICC = (
    "exif", "xmp", "xmp-extension", "iptc", "photoshop", "c2pa", "icc",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One block: what it is, its bytes, where a person finds it, and its offset in the file (None: put together).

    An Exif block begins with its TIFF header. `whole` says that the file itself is the TIFF structure (`content` is
    then empty). `directory` names the first directory where it is not IFD0 (Canon CR3).
    """

    kind: str
    content: bytes = field(repr=False)
    place: str
    offset: int | None = None
    whole: bool = False
    directory: str = "IFD0"


def blocks(source: Source, media_type: str) -> list[Block]:
    """Every block of a still, in file order. An unknown container gives none; see `scan` for the last resort."""
    with source.open() as stream:
        walk = _WALKS.get(media_type, _tiff if media_type in TIFF_TYPES else None)
        return [] if walk is None else list(walk(stream, source.size))


TIFF_TYPES = frozenset(
    {
        "image/tiff", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-sony-arw", "image/x-adobe-dng",
        "image/x-panasonic-rw2", "image/x-olympus-orf", "image/x-pentax-pef", "image/x-samsung-srw",
    }
)  # fmt: skip


def scan(source: Source, start: int = 0) -> Iterator[Block]:
    """Last resort for broken files: the first Exif block and XMP packet of the first 4 MiB, found by their signs."""
    with source.open() as stream:
        stream.seek(start)
        data = stream.read(MOST_SCANNED_BYTES)
    found = re.search(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)", data)
    if found:
        yield Block(EXIF, data[found.end() :][: 1 << 18], f"byte {start + found.end()}", start + found.end())
    begin = data.find(b"<x:xmpmeta")
    end = data.find(b"</x:xmpmeta>", begin)
    if 0 <= begin < end:
        yield Block(XMP, data[begin : end + 12], f"byte {start + begin}", start + begin)


# ---------------------------------------------------------------- JPEG

_XMP_SIGN = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\x00"
_EXIF_SIGN = re.compile(rb"(?i)exif[\x00-\xff]\x00?")


def _jpeg(stream: BinaryIO, size: int) -> Iterator[Block]:
    exif: Block | None = None
    photoshop: list[Segment] = []
    for segment in segments(stream, size):
        payload, place = segment.payload, f"{segment.name} at byte {segment.offset}"
        if segment.marker == 0xE1 and payload[:4].upper() == b"EXIF":
            content = _tiff_start(payload)
            if exif is not None and not content[:4].startswith((b"II*\x00", b"MM\x00*")):
                # an Exif block of more than 64 KiB goes on in the next segment
                exif = Block(EXIF, exif.content + payload[6:], exif.place)
                continue
            if exif is not None:
                yield exif
            exif = Block(EXIF, content, place, segment.offset + 4 + len(payload) - len(content))
        elif segment.marker == 0xE1 and payload.startswith(_XMP_MORE):
            yield Block(XMP_EXTENSION, payload[len(_XMP_MORE) :], place, segment.offset + 4 + len(_XMP_MORE))
        elif segment.marker == 0xE1 and (payload.startswith(_XMP_SIGN) or b"<x:xmpmeta" in payload[:1024]):
            skipped = len(_XMP_SIGN) if payload.startswith(_XMP_SIGN) else payload.find(b"<")
            yield Block(XMP, payload[skipped:], place, segment.offset + 4 + skipped)
        elif segment.marker == 0xED:
            photoshop.append(segment)
        elif segment.marker == 0xEB and payload[:2] == b"JP":
            yield Block(C2PA, payload[:64], place, segment.offset)
        elif segment.marker == 0xE2 and payload.startswith(b"ICC_PROFILE\x00"):
            yield Block(ICC, payload[14:], place, segment.offset + 18)
    if exif is not None:
        yield exif
    yield from _from_app13(photoshop)


def _tiff_start(payload: bytes) -> bytes:
    """What follows the Exif sign; some writers leave out or double its zeros."""
    for skip in (6, 5, 4, 7, 8):
        if payload[skip : skip + 4] in (b"II*\x00", b"MM\x00*"):
            return payload[skip:]
    return payload[6:]


def _from_app13(found: list[Segment]) -> Iterator[Block]:
    content = b""
    place = ""
    for segment in found:
        for sign in (b"Photoshop 3.0\x00", b"Adobe_Photoshop2.5:"):
            if segment.payload.startswith(sign):
                body = segment.payload[len(sign) :]
                content += body if sign[:5] == b"Photo" else body[1:]
                place = place or f"APP13 at byte {segment.offset}"
    if content:
        yield from _photoshop(content[:MOST_BLOCK_BYTES], place)


def _photoshop(content: bytes, place: str, at: int | None = None) -> Iterator[Block]:
    yield Block(PHOTOSHOP, content, place, at)
    for number, offset, body in photoshop_resources(content):
        inside, where = f"{place}, resource 0x{number:04X}", None if at is None else at + offset
        if number == 0x0404:
            yield Block(IPTC, body, inside, where)
        elif number in (0x0422, 0x0423) and body[:4] in (b"II*\x00", b"MM\x00*"):
            yield Block(EXIF, body, inside, where)
        elif number == 0x0424:
            yield Block(XMP, body, inside, where)


# ---------------------------------------------------------------- PNG, WebP, GIF, PSD


def _png(stream: BinaryIO, size: int) -> Iterator[Block]:
    for name, at, length in png_chunks(stream):
        if name not in (b"eXIf", b"zxIf", b"iTXt", b"tEXt", b"zTXt", b"caBX", b"iCCP"):
            continue
        stream.seek(at)
        content = stream.read(min(length, MOST_BLOCK_BYTES))
        place = f"{name.decode()} at byte {at - 8}"
        if name == b"eXIf":
            start = 6 if content.startswith(b"Exif\x00\x00") else 0
            yield Block(EXIF, content[start:], place, at + start)
        elif name == b"caBX":
            yield Block(C2PA, content[:64], place, at)
        elif name == b"iCCP":
            yield Block(ICC, content, place, at)
        else:
            yield from _png_text_block(name, content, place)


def _png_text_block(name: bytes, content: bytes, place: str) -> Iterator[Block]:
    keyword, text = png_text(name, content, MOST_BLOCK_BYTES)
    if keyword == "XML:com.adobe.xmp":
        yield Block(XMP, text, place)
    elif keyword.lower().startswith("raw profile type "):
        yield from _raw_profile(keyword[17:].lower(), text, place)


def png_text(name: bytes, content: bytes, most: int) -> tuple[str, bytes]:
    """Keyword and text of a tEXt, zTXt or iTXt chunk, decompressed to at most `most` bytes."""
    keyword, _, rest = content.partition(b"\x00")
    word = keyword[:80].decode("latin-1")
    if name == b"tEXt":
        return word, rest
    if name == b"zTXt":
        return word, _inflated(rest[1:], most)
    compressed = rest[:1] == b"\x01"
    parts = rest[2:].split(b"\x00", 2)
    text = parts[2] if len(parts) == 3 else b""
    return word, _inflated(text, most) if compressed else text


def _inflated(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""


def _raw_profile(kind: str, text: bytes, place: str) -> Iterator[Block]:
    """ImageMagick's hexadecimal profiles: a name, a length, then hexadecimal lines."""
    parts = text.strip().split(b"\n", 2)
    if len(parts) < 2:
        return
    digits = re.sub(rb"[^0-9a-fA-F]", b"", b"".join(parts[2:]) if len(parts) > 2 else b"")
    content = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    if kind in ("exif", "app1") and content.startswith(_XMP_SIGN):
        yield Block(XMP, content[len(_XMP_SIGN) :], place)
    elif kind in ("exif", "app1"):
        start = 6 if content[:4] == b"Exif" else 0
        yield Block(EXIF, content[start:], place)
    elif kind == "xmp":
        yield Block(XMP, content, place)
    elif kind in ("iptc", "8bim"):
        sign = b"Photoshop 3.0\x00"
        body = content[len(sign) :] if content.startswith(sign) else content
        if body[:4] == b"8BIM":
            yield from _photoshop(body, place)
        elif body[:1] == b"\x1c":
            yield Block(IPTC, body, place)


def _webp(stream: BinaryIO, size: int) -> Iterator[Block]:
    for name, at, length in riff_chunks(stream):
        kind = {b"EXIF": EXIF, b"XMP": XMP, b"C2PA": C2PA, b"ICCP": ICC}.get(name.rstrip(b" \x00"))
        if kind is None:
            continue
        stream.seek(at)
        content = stream.read(min(length, MOST_BLOCK_BYTES))
        start = len(content) - len(_tiff_start(content)) if kind == EXIF and content[:4] == b"Exif" else 0
        yield Block(
            kind,
            content[start:],
            f"{name[:3].decode() if kind == XMP else name.decode()} chunk at byte {at - 8}",
            at + start,
        )


def _gif(stream: BinaryIO, size: int) -> Iterator[Block]:
    for name, at, length in gif_blocks(stream):
        if name not in (b"app:XMP DataXMP", b"app:ICCRGBG1012", b"app:C2PA_GIF\x01\x00\x00"):
            continue
        stream.seek(at)
        content = stream.read(min(length, MOST_BLOCK_BYTES))
        place = f"application extension at byte {at - 14}"
        if name.startswith(b"app:XMP"):
            # the packet lies bare, followed by a trailer of 257 bytes that leads readers of sub-blocks out
            yield Block(XMP, content[: content.rfind(b">") + 1] if b">" in content else content, place, at)
        else:
            yield Block(ICC if b"ICC" in name else C2PA, sub_blocks(content), place, at)


def _psd(stream: BinaryIO, size: int) -> Iterator[Block]:
    stream.seek(26)
    colours = int.from_bytes(stream.read(4), "big")
    stream.seek(30 + colours)
    length = int.from_bytes(stream.read(4), "big")
    content = stream.read(min(length, MOST_BLOCK_BYTES))
    yield from _photoshop(content, "image resources", 34 + colours)


# ---------------------------------------------------------------- HEIF, AVIF, CR3, JPEG XL


def _heif(stream: BinaryIO, size: int) -> Iterator[Block]:
    for item in metadata_items(stream, size):
        place = f"item at byte {item.offset}"
        if item.type == b"Exif":
            start = 4 + int.from_bytes(item.content[:4], "big")
            if item.content[start : start + 2] not in (b"II", b"MM"):  # the stated distance is often wrong
                found = re.search(rb"II\*\x00|MM\x00\*", item.content[:64])
                start = found.start() if found else start
            yield Block(EXIF, item.content[start:], place, item.offset + start)
        elif item.content_type == "application/rdf+xml" or b"<x:xmpmeta" in item.content[:256]:
            yield Block(XMP, item.content, place, item.offset)
    yield from _uuids(stream, size)


def _uuids(stream: BinaryIO, size: int) -> Iterator[Block]:
    for wanted, kind in ((XMP_UUID, XMP), (C2PA_UUID, C2PA)):
        box = uuid_box(stream, size, wanted)
        if box is not None:
            yield Block(kind, box[1] if kind == XMP else box[1][:64], f"uuid box at byte {box[0] - 24}", box[0])


def _cr3(stream: BinaryIO, size: int) -> Iterator[Block]:
    names = {b"CMT1": "IFD0", b"CMT2": "ExifIFD", b"CMT3": "MakerNote", b"CMT4": "GPS"}
    for name, at, content in canon_blocks(stream, size):
        yield Block(EXIF, content, f"{name.decode()} at byte {at - 8}", at, directory=names[name])
    yield from _uuids(stream, size)


def _jxl(stream: BinaryIO, size: int) -> Iterator[Block]:
    for name, at, length in iso_boxes(stream, size):
        if name not in (b"Exif", b"xml ", b"jumb"):
            continue
        stream.seek(at)
        content = stream.read(min(length, MOST_BLOCK_BYTES))
        place = f"{name.decode().strip()} box at byte {at - 8}"
        if name == b"Exif":
            start = 4 + int.from_bytes(content[:4], "big")
            yield Block(EXIF, content[start:], place, at + start)
        elif name == b"jumb":
            yield Block(C2PA, content[:64], place, at)
        else:
            yield Block(XMP, content, place, at)


# ---------------------------------------------------------------- TIFF and raw

_TIFF_BLOCKS = {0x02BC: XMP, 0x83BB: IPTC, 0x8649: PHOTOSHOP, 0x8773: ICC, 0xCD41: C2PA}


def _tiff(stream: BinaryIO, size: int) -> Iterator[Block]:
    yield Block(EXIF, b"", "the file", 0, whole=True)
    structure = Tiff(stream, 0, size)
    for entry in structure.directories().entries:
        kind = _TIFF_BLOCKS.get(entry.tag)
        if entry.directory == "IFD0" and kind is not None:
            content = structure.raw(entry, MOST_BLOCK_BYTES)
            place = f"IFD0 0x{entry.tag:04X}"
            if kind == PHOTOSHOP:
                yield from _photoshop(content, place, entry.offset)
            elif kind == IPTC and content[:1] != b"\x1c" and structure.order == "<" and entry.type == 4:
                yield Block(kind, _swapped(content), place)  # some writers swap it as 32-bit numbers
            else:
                yield Block(kind, content, place, entry.offset)
        elif entry.directory == "IFD0" and entry.tag == 0x002E:  # Panasonic's JpgFromRaw carries the camera's Exif
            yield from _inner_jpeg(stream, entry.offset, min(entry.length, size - entry.offset))


def _swapped(content: bytes) -> bytes:
    return b"".join(content[at : at + 4][::-1] for at in range(0, len(content), 4))


def _inner_jpeg(stream: BinaryIO, start: int, length: int) -> Iterator[Block]:
    for segment in segments(stream, start + max(length, 0), start):
        if segment.marker == 0xE1 and segment.payload[:4] == b"Exif":
            content = _tiff_start(segment.payload)
            yield Block(EXIF, content, f"inner JPEG, APP1 at byte {segment.offset}", segment.offset + 10)
        elif segment.marker == 0xE1 and segment.payload.startswith(_XMP_SIGN):
            yield Block(XMP, segment.payload[len(_XMP_SIGN) :], f"inner JPEG, APP1 at byte {segment.offset}")


def _raf(stream: BinaryIO, size: int) -> Iterator[Block]:
    stream.seek(84)
    head = stream.read(8)
    start, length = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    if len(head) == 8 and 0 < start < size:
        yield from _inner_jpeg(stream, start, min(length, size - start))


# ---------------------------------------------------------------- videos and sounds


def _movie(stream: BinaryIO, size: int) -> Iterator[Block]:
    """XMP and C2PA of MP4 and QuickTime: `uuid` boxes, and QuickTime's `XMP_` among the user data."""
    yield from _uuids(stream, size)
    for name, at, length in iso_boxes(stream, size):
        if name != b"moov":
            continue
        for inner, inner_at, inner_length in iso_boxes(stream, at + length, at):
            if inner != b"udta":
                continue
            for kind, start, count in iso_boxes(stream, inner_at + inner_length, inner_at):
                if kind == b"XMP_":
                    stream.seek(start)
                    content = stream.read(min(count, MOST_BLOCK_BYTES))
                    yield Block(XMP, content, f"moov/udta/XMP_ at byte {start}", start)


def _riff(stream: BinaryIO, size: int) -> Iterator[Block]:
    """XMP (`_PMX`) and C2PA chunks of AVI and WAVE."""
    for name, at, length in riff_chunks(stream):
        kind = {b"_PMX": XMP, b"C2PA": C2PA}.get(name)
        if kind is not None:
            stream.seek(at)
            yield Block(kind, stream.read(min(length, MOST_BLOCK_BYTES)), f"{name.decode()} chunk at byte {at - 8}", at)


_WALKS: dict[str, Callable[[BinaryIO, int], Iterator[Block]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
    "image/vnd.adobe.photoshop": _psd,
    "image/heic": _heif,
    "image/heif": _heif,
    "image/avif": _heif,
    "image/x-canon-cr3": _cr3,
    "image/jxl": _jxl,
    "image/x-fuji-raf": _raf,
    "video/mp4": _movie,
    "video/quicktime": _movie,
    "video/3gpp": _movie,
    "video/3gpp2": _movie,
    "audio/mp4": _movie,
    "video/x-msvideo": _riff,
    "audio/x-wav": _riff,
}
