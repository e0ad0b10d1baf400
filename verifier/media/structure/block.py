"""One block of metadata as raw bytes with its place, and the two structures that several containers share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from verifier.media.structure.chunks import photoshop_resources

MOST_BLOCK_BYTES = 16 << 20

EXIF, XMP, XMP_EXTENSION, IPTC, PHOTOSHOP, C2PA, ICC = (
    "exif", "xmp", "xmp-extension", "iptc", "photoshop", "c2pa", "icc",
)  # fmt: skip
XMP_SIGN = b"http://ns.adobe.com/xap/1.0/\x00"
XMP_MORE = b"http://ns.adobe.com/xmp/extension/\x00"


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


def tiff_start(payload: bytes) -> bytes:
    """What follows the Exif sign; some writers leave out or double its zeros."""
    for skip in (6, 5, 4, 7, 8):
        if payload[skip : skip + 4] in (b"II*\x00", b"MM\x00*"):
            return payload[skip:]
    return payload[6:]


def from_photoshop(content: bytes, place: str, at: int | None = None) -> Iterator[Block]:
    yield Block(PHOTOSHOP, content, place, at)
    for number, offset, body in photoshop_resources(content):
        inside, where = f"{place}, resource 0x{number:04X}", None if at is None else at + offset
        if number == 0x0404:
            yield Block(IPTC, body, inside, where)
        elif number in (0x0422, 0x0423) and body[:4] in (b"II*\x00", b"MM\x00*"):
            yield Block(EXIF, body, inside, where)
        elif number == 0x0424:
            yield Block(XMP, body, inside, where)
