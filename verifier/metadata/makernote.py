"""MakerNotes, decoded by ExifRead for Apple, Canon, Casio, DJI, Fujifilm, Nikon, Olympus and Sony – only when asked.

Serial numbers, counters and firmware hide here, in structures that no maker has published. Decoding costs about fifteen
times the rest of Exif, so it happens with the parameter `makernotes` alone. The library trusts counts that a file
states; it therefore reads through a stream that ends the reading when too much is asked of it.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from io import BytesIO

import exifread

from verifier.errors import Corrupt, Unsupported
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.block import EXIF, Block
from verifier.media.structure.blocks import blocks
from verifier.records import Exhibit, Kind, Reading, Record

WANTED = "makernotes"  # parameter
MOST_WHOLE_BYTES = 32 << 20
MOST_READS = 500_000  # about a second; the largest real notes need a tenth of it
MOST_TEXT = 300
MOST_TAGS = 2000

_ERRORS = (
    ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError, EOFError, OverflowError,
    ZeroDivisionError, NotImplementedError, RecursionError, struct.error,
)  # fmt: skip

logging.getLogger("exifread").addHandler(logging.NullHandler())  # what it cannot decode is told by us, not on a console


class _Metered(BytesIO):
    """Bytes that may be read a limited number of times."""

    left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise Corrupt("the MakerNote states counts that no camera writes")
        return super().read(size)


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """`makernote:<Tag>` of the first Exif block. Raises Corrupt or Unsupported where it cannot be decoded."""
    if not parameters.get(WANTED):
        return
    for block in blocks(source, exhibit.media_type):
        if block.kind == EXIF and block.directory == "IFD0":
            yield from _decoded(_content(source, block), block)
            return


def _content(source: Source, block: Block) -> bytes:
    if not block.whole:
        return block.content
    if source.size > MOST_WHOLE_BYTES:
        raise Unsupported(f"a raw file of more than {MOST_WHOLE_BYTES >> 20} MiB")
    with source.open() as stream:
        return stream.read()


def _decoded(content: bytes, block: Block) -> Iterator[Reading]:
    try:
        tags = exifread.process_file(_Metered(content), details=True, extract_thumbnail=False)
    except _ERRORS as error:
        raise Corrupt(f"the MakerNote cannot be decoded: {type(error).__name__}") from error
    names = [name for name in tags if name.startswith("MakerNote ")]
    for name in names[:MOST_TAGS]:
        text = str(tags[name].printable)
        shown = text[:MOST_TEXT] + (f" … ({len(text)} characters)" if len(text) > MOST_TEXT else "")
        place = f"ExifIFD 0x927C, tag 0x{tags[name].tag:04X}, {block.place}"
        yield Reading(key=f"makernote:{name.removeprefix('MakerNote ')}", value=shown, location=place)


ANALYSER = Analyser(name="makernote", version=1, accepts=frozenset({Kind.PHOTO}), analyse=analyse)
