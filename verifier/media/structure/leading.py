"""Bytes that stand before a file's own beginning: zeros of a recovery, the header of a recorder or a carrier.

Looked for only in what nothing else recognises. What follows must bear a strong signature, and after anything but
zeros it must begin within 4 KiB: pictures inside databases and disk images are not files.
"""

from __future__ import annotations

import re

MOST_FOREIGN_BYTES = 4096
# JPEG with JFIF or Exif, PNG, RIFF of WebP, WAVE or AVI, GIF; an ISO media file by its first box of 16 to 255 bytes.
_STRONG = re.compile(
    rb"\xff\xd8\xff[\xe0-\xe2][\s\S]{2}(?:JFIF\x00|Exif\x00|ICC_P)|\x89PNG\r\n\x1a\n|RIFF[\s\S]{4}(?:WEBP|WAVE|AVI )"
    rb"|GIF8[79]a"
    rb"|\x00\x00\x00[\x10-\xff]ftyp(?:isom|mp4|qt  |heic|mif1|avif|M4[AV] |3g|avc1|iso|MSNV|XAVC)"
)
_AFTER_ZEROS = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]")


def begins_at(head: bytes) -> int:
    """Offset of the file inside, or 0 where none is found."""
    zeros = len(head) - len(head.lstrip(b"\x00"))
    if zeros and _AFTER_ZEROS.match(head, zeros):
        return zeros
    found = _STRONG.search(head)
    if found is None:
        return 0
    only_zeros = not head[: found.start()].strip(b"\x00")
    return found.start() if only_zeros or found.start() <= MOST_FOREIGN_BYTES else 0
