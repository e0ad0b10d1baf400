"""PNG's own words (W3C PNG, third edition): text chunks, time chunk, the order of its chunks, what follows IEND.

Image generators write their prompts here (`parameters`, `prompt`, `workflow`), screenshots their tool, GIMP a comment.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.carriers import png_text
from verifier.media.structure.chunks import PNG_SIGNATURE, png_chunks
from verifier.metadata.dates import exif_moment, iso_moment
from verifier.records import Exhibit, Kind, Moment, Reading, Record, Value, Zone

MOST_TEXT_BYTES = 2000
MOST_TEXTS = 500
MOST_ORDER = 40
_CHECKED_BYTES = 1 << 20
_READ_ELSEWHERE = ("XML:com.adobe.xmp", "Raw profile type ")
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of text and time chunks. Raises Corrupt where the file ends before IEND or a chunk is damaged."""
    order: list[str] = []
    damaged: list[str] = []
    texts = end = 0
    complete = False
    with source.open() as stream:
        if stream.read(8) != PNG_SIGNATURE:
            raise Corrupt("no PNG signature")
        for name, at, length in png_chunks(stream):
            word = name.decode("latin-1")
            end = at + length + 4
            if not order or order[-1] != word:
                order.append(word)
            complete = complete or (name == b"IEND" and end <= source.size)
            if end > source.size or name == b"IDAT" or length > _CHECKED_BYTES:
                continue
            stream.seek(at)
            content, check = stream.read(length), stream.read(4)
            if zlib.crc32(name + content) != int.from_bytes(check, "big"):
                damaged.append(f"{word} at byte {at - 8}")
            if name in _TEXTS and texts < MOST_TEXTS:
                texts += 1
                yield from _text(name, content, at)
            elif name == b"tIME" and length == 7:
                yield from _time(content, at)
    yield Reading(key="png:chunk_order", value=" ".join(order[:MOST_ORDER]), location="chunk headers")
    if complete and source.size > end:
        yield Reading(key="png:trailing_bytes", value=source.size - end, location=f"byte {end}")
    if damaged:
        yield Reading(key="png:wrong_checksum", value=", ".join(damaged[:8]), location="chunk CRC")
        raise Corrupt(f"the checksum of {len(damaged)} chunks is wrong")
    if not complete:
        raise Corrupt("the PNG ends before its IEND chunk")


def _text(name: bytes, content: bytes, at: int) -> Iterator[Reading]:
    keyword, text = png_text(name, content, 1 << 20)
    if keyword.startswith(_READ_ELSEWHERE):
        return
    code = "utf-8" if name == b"iTXt" else "latin-1"
    shown = text[:MOST_TEXT_BYTES].decode(code, "replace")
    shown += f" … ({len(text)} bytes)" if len(text) > MOST_TEXT_BYTES else ""
    value: Value = iso_moment(shown) or exif_moment(shown) or shown
    yield Reading(key=f"png:{name.decode()}.{keyword}", value=value, location=f"{name.decode()} at byte {at - 8}")


def _time(content: bytes, at: int) -> Iterator[Reading]:
    year, (month, day, hour, minute, second) = int.from_bytes(content[:2], "big"), content[2:]
    wall = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"
    value: Value = wall
    try:
        value = Moment(text=wall, wall=wall, zone=Zone.UTC)
    except ValueError:
        yield Reading(key="png:problem", value="tIME is no possible date", location=f"tIME at byte {at - 8}")
    yield Reading(key="png:tIME", value=value, location=f"tIME at byte {at - 8}")


ANALYSER = Analyser(
    name="png", version=1, accepts=frozenset({Kind.PHOTO}), analyse=analyse, media_types=frozenset({"image/png"})
)
