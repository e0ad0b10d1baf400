"""One grey picture as bytes that are read without a decoder library: a PNG of one fixed shape, read by a few lines.

What a worker hands over for comparing is read in the parent, and a worker may have been taken over. So only this is
read: 8-bit grey, no interlace, one IDAT, every row filtered by "up", sizes that are made. Any viewer shows it.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from verifier.errors import Corrupt

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEDIA_TYPE = "image/png"
MOST_PIXELS = 1 << 22
LONGEST_SIDE = 4096
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">II5B")
_GREY = (8, 0, 0, 0, 0)  # bits, colour, compression, filter, interlace
_UP = 2
_LEVEL = 6


def pack(grey: NDArray[np.uint8]) -> bytes:
    """A grey plane, uint8 (rows, columns), as PNG. Raises ValueError for another shape or a size that is not read."""
    if grey.ndim != 2 or grey.dtype != np.uint8 or not _is_made(*grey.shape[::-1]):
        raise ValueError(f"a plane of shape {grey.shape} cannot be kept")
    rows, columns = grey.shape
    filtered = np.full((rows, columns + 1), _UP, np.uint8)
    filtered[0, 1:] = grey[0]
    np.subtract(grey[1:], grey[:-1], out=filtered[1:, 1:])  # modulo 256
    body = zlib.compress(filtered.tobytes(), _LEVEL)
    header = _HEADER.pack(columns, rows, *_GREY)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def unpack(content: bytes) -> NDArray[np.uint8]:
    """The plane that `pack` wrote. Raises Corrupt on anything else; no more is inflated than the size says."""
    if content[:8] != _SIGNATURE:
        raise Corrupt("not a grey plane")
    header, at = _part(content, 8, b"IHDR")
    body, at = _part(content, at, b"IDAT")
    nothing, at = _part(content, at, b"IEND")
    if len(header) != _HEADER.size or nothing or at != len(content):
        raise Corrupt("not a grey plane")
    columns, rows, *rest = _HEADER.unpack(header)
    if tuple(rest) != _GREY or not _is_made(columns, rows):
        raise Corrupt("a grey plane of a size or kind that is never made")
    length = rows * (columns + 1)
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(body, length + 1)
    except zlib.error:
        raise Corrupt("a grey plane is damaged") from None
    if len(inflated) != length or not inflater.eof or inflater.unused_data:
        raise Corrupt("a grey plane is not as long as it says")
    filtered = np.frombuffer(inflated, np.uint8).reshape(rows, columns + 1)
    if (filtered[:, 0] != _UP).any():
        raise Corrupt("a grey plane is not filtered as it is written")
    return np.cumsum(filtered[:, 1:], axis=0, dtype=np.uint8)


def _is_made(columns: int, rows: int) -> bool:
    return 0 < columns <= LONGEST_SIDE and 0 < rows <= LONGEST_SIDE and columns * rows <= MOST_PIXELS


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _part(content: bytes, at: int, name: bytes) -> tuple[bytes, int]:
    """The content of the chunk that must stand here, and where the next one begins."""
    if len(content) < at + 12:
        raise Corrupt("a grey plane is cut off")
    length, found = struct.unpack_from(">I4s", content, at)
    end = at + 12 + length
    if found != name or end > len(content):
        raise Corrupt("not a grey plane")
    body = content[at + 8 : end - 4]
    if struct.unpack_from(">I", content, end - 4)[0] != zlib.crc32(found + body):
        raise Corrupt("a grey plane is damaged")
    return body, end
