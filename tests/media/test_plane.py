"""The grey plane: our own few lines read what our own few lines write, and any viewer does."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.media.making import scene
from verifier.errors import Corrupt
from verifier.media import plane

GREY = np.ascontiguousarray(scene(70, 50)[..., 1])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 1 << 32))
@settings(max_examples=60, deadline=None)
def test_every_plane_survives_and_any_viewer_shows_it(rows: int, columns: int, seed: int) -> None:
    grey = np.random.default_rng(seed).integers(0, 256, (rows, columns), dtype=np.uint8)
    content = plane.pack(grey)
    assert np.array_equal(plane.unpack(content), grey)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content))), grey)


@given(st.binary(max_size=200))
def test_no_bytes_are_an_accident(content: bytes) -> None:
    with pytest.raises(Corrupt):
        plane.unpack(content)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    content = bytearray(plane.pack(GREY[:8, :8]))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Corrupt):
        plane.unpack(bytes(content))


def test_every_beginning_and_every_addition_is_refused() -> None:
    content = plane.pack(GREY)
    for end in range(len(content)):
        with pytest.raises(Corrupt):
            plane.unpack(content[:end])
    with pytest.raises(Corrupt):
        plane.unpack(content + b"x")


def made(columns: int, rows: int, body: bytes, *, rest: tuple[int, ...] = (8, 0, 0, 0, 0)) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">II5B", columns, rows, *rest)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        made(30_000, 30_000, bytes(1 << 20)),
        made(4096, 4096, bytes(1 << 20)),
        made(0, 8, b""),
        made(8, 8, b"\x02" * 72 + bytes(1 << 24)),  # inflates to more than it says
        made(8, 8, b"\x02" * 71),
        made(8, 8, bytes(72)),  # another filter
        made(8, 8, b"\x02" * 72, rest=(16, 0, 0, 0, 0)),
        made(8, 8, b"\x02" * 72, rest=(8, 2, 0, 0, 0)),
        made(8, 8, b"\x02" * 72, rest=(8, 0, 0, 0, 1)),
        cv2.imencode(".png", GREY)[1].tobytes(),
        cv2.imencode(".jpg", GREY)[1].tobytes(),
        cv2.imencode(".tiff", GREY)[1].tobytes(),
    ],
)
def test_what_is_never_written_is_not_read(content: bytes) -> None:
    with pytest.raises(Corrupt):
        plane.unpack(content)


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (4, 4, 3), (5000, 1)])
def test_what_is_not_read_is_not_written(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        plane.pack(np.zeros(shape, np.uint8))
