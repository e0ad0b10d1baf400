"""What Photoshop leaves beside a picture (Adobe Photoshop file format, image resources), in PSD, JPEG and TIFF alike.

The resources name the program that wrote them, its version, the caption's digest, the JPEG quality step, and keep a
thumbnail of what the document looked like when it was saved.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.block import PHOTOSHOP
from verifier.media.structure.blocks import blocks
from verifier.media.structure.chunks import photoshop_resources
from verifier.records import Derivative, Exhibit, Kind, Reading, Record, Scalar

MOST_THUMBNAIL_BYTES = 1 << 20
THUMBNAIL = "embedded-thumbnail/1"
_NAMES = {
    0x03ED: "ResolutionInfo", 0x03F3: "PrintFlags", 0x0404: "IPTC", 0x0406: "JPEGQuality", 0x0409: "ThumbnailBGR",
    0x040A: "CopyrightFlag", 0x040B: "URL", 0x040C: "Thumbnail", 0x040D: "GlobalAngle", 0x040F: "ICCProfile",
    0x0414: "IDsBaseValue", 0x041A: "Slices", 0x0421: "VersionInfo", 0x0422: "Exif", 0x0424: "XMP",
    0x0425: "IPTCDigest", 0x0428: "PixelAspectRatio", 0x043C: "MeasurementScale", 0x0BB7: "ClippingPath",
}  # fmt: skip
_MOST_RESOURCES = 500


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of the resources that say something about the file's making."""
    for block in blocks(source, exhibit.media_type):
        if block.kind != PHOTOSHOP:
            continue
        names = []
        for number, _, content in photoshop_resources(block.content):
            names.append(_NAMES.get(number, f"0x{number:04X}"))
            if len(names) > _MOST_RESOURCES:
                break
            place = f"resource 0x{number:04X}, {block.place}"
            for key, value in _said(number, content):
                yield Reading(key=f"psd:{key}", value=value, location=place)
            if number in (0x0409, 0x040C):
                yield from _thumbnail(content, place)
        yield Reading(key="psd:resources", value=" ".join(names[:_MOST_RESOURCES]), location=block.place)


def _said(number: int, content: bytes) -> Iterator[tuple[str, Scalar]]:
    if number == 0x0421 and len(content) >= 13:
        writer, at = _unicode(content, 5)
        reader, _ = _unicode(content, at)
        yield "WriterName", writer
        yield "ReaderName", reader
    elif number == 0x0425 and len(content) == 16:
        yield "IPTCDigest", content.hex()
    elif number == 0x0406 and len(content) >= 2:
        yield "JPEGQuality", struct.unpack_from(">h", content)[0] + 4  # as Photoshop shows it, 0..12
    elif number == 0x040B:
        yield "URL", content[:1000].decode("utf-8", "replace")
    elif number == 0x040A and content:
        yield "CopyrightFlag", bool(content[0])


def _unicode(content: bytes, at: int) -> tuple[str, int]:
    length = int.from_bytes(content[at : at + 4], "big")
    end = at + 4 + 2 * min(length, 200)
    return content[at + 4 : end].decode("utf-16-be", "replace").rstrip("\x00"), end


def _thumbnail(content: bytes, place: str) -> Iterator[Record]:
    if len(content) < 28:
        return
    form, width, height = struct.unpack_from(">III", content)
    picture = content[28:]
    yield Reading(key="psd:thumbnail.width", value=width, location=place)
    yield Reading(key="psd:thumbnail.height", value=height, location=place)
    if form == 1 and picture[:2] == b"\xff\xd8" and len(picture) <= MOST_THUMBNAIL_BYTES:
        yield Derivative(
            id=hashlib.sha256(picture).hexdigest(), recipe=THUMBNAIL, media_type="image/jpeg", content=picture
        )


ANALYSER = Analyser(
    name="psd",
    version=1,
    accepts=frozenset({Kind.PHOTO}),
    analyse=analyse,
    media_types=frozenset({"image/vnd.adobe.photoshop", "image/jpeg", "image/tiff"}),
)
