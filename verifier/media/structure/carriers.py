"""Where JPEG, PNG, WebP, GIF and Photoshop files carry metadata blocks; each walk yields them in file order."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from verifier.media.structure.block import (
    C2PA,
    EXIF,
    ICC,
    IPTC,
    MOST_BLOCK_BYTES,
    XMP,
    XMP_EXTENSION,
    XMP_MORE,
    XMP_SIGN,
    Block,
    from_photoshop,
    tiff_start,
)
from verifier.media.structure.chunks import gif_blocks, png_chunks, riff_chunks, sub_blocks
from verifier.media.structure.segments import Segment, segments

# ---------------------------------------------------------------- JPEG


def jpeg(stream: BinaryIO, size: int) -> Iterator[Block]:
    exif: Block | None = None
    photoshop: list[Segment] = []
    for segment in segments(stream, size):
        payload, place = segment.payload, f"{segment.name} at byte {segment.offset}"
        if segment.marker == 0xE1 and payload[:4].upper() == b"EXIF":
            content = tiff_start(payload)
            if exif is not None and not content[:4].startswith((b"II*\x00", b"MM\x00*")):
                # an Exif block of more than 64 KiB goes on in the next segment
                exif = Block(EXIF, exif.content + payload[6:], exif.place)
                continue
            if exif is not None:
                yield exif
            exif = Block(EXIF, content, place, segment.offset + 4 + len(payload) - len(content))
        elif segment.marker == 0xE1 and payload.startswith(XMP_MORE):
            yield Block(XMP_EXTENSION, payload[len(XMP_MORE) :], place, segment.offset + 4 + len(XMP_MORE))
        elif segment.marker == 0xE1 and (payload.startswith(XMP_SIGN) or b"<x:xmpmeta" in payload[:1024]):
            skipped = len(XMP_SIGN) if payload.startswith(XMP_SIGN) else payload.find(b"<")
            yield Block(XMP, payload[skipped:], place, segment.offset + 4 + skipped)
        elif segment.marker == 0xED:
            photoshop.append(segment)
        elif segment.marker == 0xEB and payload[:2] == b"JP":
            yield Block(C2PA, payload[:64], place, segment.offset)
        elif segment.marker == 0xE2 and payload.startswith(b"ICC_PROFILE\x00"):
            yield Block(ICC, payload[14:], place, segment.offset + 18)
    if exif is not None:
        yield exif
    yield from _app13(photoshop)


def _app13(found: list[Segment]) -> Iterator[Block]:
    content = b""
    place = ""
    for segment in found:
        for sign in (b"Photoshop 3.0\x00", b"Adobe_Photoshop2.5:"):
            if segment.payload.startswith(sign):
                body = segment.payload[len(sign) :]
                content += body if sign[:5] == b"Photo" else body[1:]
                place = place or f"APP13 at byte {segment.offset}"
    if content:
        yield from from_photoshop(content[:MOST_BLOCK_BYTES], place)


# ---------------------------------------------------------------- PNG, WebP, GIF, PSD


def png(stream: BinaryIO, size: int) -> Iterator[Block]:
    for name, at, length in png_chunks(stream):
        if name not in (b"eXIf", b"zxIf", b"iTXt", b"tEXt", b"zTXt", b"caBX", b"iCCP"):
            continue
        stream.seek(at)
        content = stream.read(min(length, MOST_BLOCK_BYTES))
        place = f"{name.decode()} at byte {at - 8}"
        if name in (b"eXIf", b"zxIf"):
            if name == b"zxIf":  # a draft of libpng's: one byte, then four of length, then deflated
                content = _inflated(content[5:], MOST_BLOCK_BYTES)
            start = 6 if content.startswith(b"Exif\x00\x00") else 0
            yield Block(EXIF, content[start:], place, at + start)
        elif name == b"caBX":
            yield Block(C2PA, content[:64], place, at)
        elif name == b"iCCP":
            yield Block(ICC, content, place, at)
        else:
            yield from _png_text_block(name, content, place)


def _png_text_block(name: bytes, content: bytes, place: str) -> Iterator[Block]:
    if not content[:80].startswith(b"XML:com.adobe.xmp\x00") and content[:17].lower() != b"raw profile type ":
        return
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
    if kind in ("exif", "app1") and content.startswith(XMP_SIGN):
        yield Block(XMP, content[len(XMP_SIGN) :], place)
    elif kind in ("exif", "app1"):
        start = 6 if content[:4] == b"Exif" else 0
        yield Block(EXIF, content[start:], place)
    elif kind == "xmp":
        yield Block(XMP, content, place)
    elif kind in ("iptc", "8bim"):
        sign = b"Photoshop 3.0\x00"
        body = content[len(sign) :] if content.startswith(sign) else content
        if body[:4] == b"8BIM":
            yield from from_photoshop(body, place)
        elif body[:1] == b"\x1c":
            yield Block(IPTC, body, place)


def webp(stream: BinaryIO, size: int) -> Iterator[Block]:
    for name, at, length in riff_chunks(stream):
        kind = {b"EXIF": EXIF, b"XMP": XMP, b"C2PA": C2PA, b"ICCP": ICC}.get(name.rstrip(b" \x00"))
        if kind is None:
            continue
        stream.seek(at)
        content = stream.read(min(length, MOST_BLOCK_BYTES))
        start = len(content) - len(tiff_start(content)) if kind == EXIF and content[:4] == b"Exif" else 0
        yield Block(
            kind,
            content[start:],
            f"{name[:3].decode() if kind == XMP else name.decode()} chunk at byte {at - 8}",
            at + start,
        )


def gif(stream: BinaryIO, size: int) -> Iterator[Block]:
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


def psd(stream: BinaryIO, size: int) -> Iterator[Block]:
    stream.seek(26)
    colours = int.from_bytes(stream.read(4), "big")
    stream.seek(30 + colours)
    length = int.from_bytes(stream.read(4), "big")
    content = stream.read(min(length, MOST_BLOCK_BYTES))
    yield from from_photoshop(content, "image resources", 34 + colours)
