"""GIF's own words (GIF89a): comments, application extensions, how many pictures, what follows the trailer."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.chunks import gif_blocks, sub_blocks
from verifier.records import Exhibit, Kind, Reading, Record

MOST_COMMENTS = 100
MOST_TEXT_BYTES = 2000
_TRAILER = b"\x3b"


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of the blocks. Raises Corrupt where the file ends before its trailer."""
    pictures = comments = 0
    seen: set[bytes] = set()
    end = 13
    with source.open() as stream:
        head = stream.read(13)
        if head[:6] not in (b"GIF87a", b"GIF89a") or len(head) < 13:
            raise Corrupt("no GIF header")
        if head[10] & 0x80:
            end += 3 << ((head[10] & 7) + 1)
        yield Reading(key="gif:version", value=head[3:6].decode("ascii"), location="byte 3")
        for name, at, length in gif_blocks(stream):
            end = at + length
            pictures += name == b"image"
            if name == b"comment" and comments < MOST_COMMENTS:
                comments += 1
                stream.seek(at)
                text = sub_blocks(stream.read(min(length, MOST_TEXT_BYTES + 16)))
                shown = text[:MOST_TEXT_BYTES].decode("utf-8", "replace")
                yield Reading(key="gif:comment", value=shown, location=f"comment at byte {at - 2}")
            elif name.startswith(b"app:") and name not in seen and len(seen) < MOST_COMMENTS:
                seen.add(name)
                shown = name[4:].decode("latin-1").rstrip("\x00")
                yield Reading(key="gif:application", value=shown, location=f"extension at byte {at - 14}")
        stream.seek(end)
        trailer = stream.read(1)
    yield Reading(key="gif:pictures", value=pictures, location="image descriptors")
    if trailer != _TRAILER:
        raise Corrupt("the GIF ends before its trailer")
    if source.size > end + 1:
        yield Reading(key="gif:trailing_bytes", value=source.size - end - 1, location=f"byte {end + 1}")


ANALYSER = Analyser(
    name="gif", version=1, accepts=frozenset({Kind.PHOTO}), analyse=analyse, media_types=frozenset({"image/gif"})
)
