"""The metadata blocks that an exhibit carries, as raw bytes with their place: Exif, XMP, IPTC, Photoshop, C2PA.

Where a block lies is a matter of containers and belongs here; what it says belongs to `metadata`. Every container is
walked by its own lengths (no decoder runs, no picture is touched), so blocks that a decoder would not look at – after a
PNG's picture, behind a broken Exif header, in a JPEG XL box – are found as well, and broken files give what they have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from verifier.instruments import Source
from verifier.media.structure import box_carriers, carriers
from verifier.media.structure.block import EXIF, XMP, Block

MOST_BYTES_IN_ALL = 64 << 20
MOST_BLOCKS = 512
MOST_SCANNED_BYTES = 4 << 20

TIFF_TYPES = frozenset(
    {
        "image/tiff", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-sony-arw", "image/x-adobe-dng",
        "image/x-panasonic-rw2", "image/x-olympus-orf", "image/x-pentax-pef", "image/x-samsung-srw",
    }
)  # fmt: skip


_WALKS: dict[str, Callable[[BinaryIO, int], Iterator[Block]]] = {
    "image/jpeg": carriers.jpeg,
    "image/png": carriers.png,
    "image/webp": carriers.webp,
    "image/gif": carriers.gif,
    "image/vnd.adobe.photoshop": carriers.psd,
    "image/heic": box_carriers.heif,
    "image/heif": box_carriers.heif,
    "image/avif": box_carriers.heif,
    "image/x-canon-cr3": box_carriers.cr3,
    "image/jxl": box_carriers.jxl,
    "image/x-fuji-raf": box_carriers.raf,
    "image/x-minolta-mrw": box_carriers.mrw,
    "video/mp4": box_carriers.movie,
    "video/quicktime": box_carriers.movie,
    "video/3gpp": box_carriers.movie,
    "video/3gpp2": box_carriers.movie,
    "audio/mp4": box_carriers.movie,
    "video/x-msvideo": box_carriers.riff,
    "audio/x-wav": box_carriers.riff,
}


def blocks(source: Source, media_type: str) -> list[Block]:
    """Every block of a still, in file order. An unknown container gives none; see `scan` for the last resort."""
    walk = _WALKS.get(media_type, box_carriers.tiff if media_type in TIFF_TYPES else None)
    if walk is None:
        return []
    found: list[Block] = []
    held = 0
    with source.open() as stream:
        for block in walk(stream, source.size):
            found.append(block)
            held += len(block.content)
            if held > MOST_BYTES_IN_ALL or len(found) >= MOST_BLOCKS:
                break
    return found


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
