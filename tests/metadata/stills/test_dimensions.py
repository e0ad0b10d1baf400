"""The stored size of every still format, from its header alone."""

from __future__ import annotations

import struct

import pytest

from tests.media.making import still
from tests.metadata import forging
from tests.metadata.reading import box, read, values
from verifier.metadata.stills.codestream import jxl_size
from verifier.metadata.stills.dimensions import ANALYSER


def size(content: bytes, media_type: str | None = None) -> tuple[object, object]:
    found = values(read(ANALYSER, content, media_type=media_type)[0])
    return found.get("photo:width"), found.get("photo:height")


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("GIF", {}), ("WEBP", {}),
        ("WEBP", {"lossless": True}), ("TIFF", {}), ("BMP", {}), ("AVIF", {}),
    ],
)  # fmt: skip
def test_what_pillow_wrote_is_what_we_read(form: str, options: dict[str, bool]) -> None:
    mode = "P" if form == "GIF" else "RGB"
    assert size(still(form, 80, 48, mode=mode, **options)) == (80, 48)


def test_a_webp_with_alpha_states_its_canvas() -> None:
    assert size(still("WEBP", 80, 48, mode="RGBA", exif=forging.exif(forging.MAIN))) == (80, 48)


def test_photoshop_and_sigma() -> None:
    assert size(forging.psd(width=20, height=10)) == (20, 10)
    assert size(b"FOVb" + bytes(24) + struct.pack("<II", 2268, 1512) + bytes(64)) == (2268, 1512)


def test_a_raw_file_is_as_large_as_its_full_picture() -> None:
    small = {0x00FE: (forging.LONG, 1), 0x0100: (forging.LONG, 160), 0x0101: (forging.LONG, 120)}
    inner = forging._directory("<", {0x00FE: (forging.LONG, 0), 0x0100: (forging.LONG, 6000),
                                     0x0101: (forging.LONG, 4000)}, 500)  # fmt: skip
    block = forging.exif(small | {0x014A: (forging.LONG, 500)})
    content = block.ljust(500, b"\x00") + inner
    assert size(content, "image/x-nikon-nef") == (6000, 4000)
    assert size(content, "image/tiff") == (6000, 4000)  # a raw file of a type we do not know


def test_the_first_page_of_a_tiff() -> None:
    first = forging.exif({0x0100: (forging.LONG, 30), 0x0101: (forging.LONG, 20)})
    assert size(first) == (30, 20)


def test_panasonics_sensor_borders() -> None:
    borders = {4: (forging.SHORT, 8), 5: (forging.SHORT, 10), 6: (forging.SHORT, 108), 7: (forging.SHORT, 210)}
    assert size(forging.exif(borders, magic=0x55), "image/x-panasonic-rw2") == (200, 100)


def test_minolta_and_fujifilm() -> None:
    header = b"\x00MRM" + bytes(4) + b"\x00PRD" + bytes(4) + bytes(8) + struct.pack(">HHHH", 1, 2, 100, 200)
    assert size(header + bytes(50)) == (200, 100)
    inner = still("JPEG", 80, 48)
    fuji = (b"FUJIFILMCCD-RAW ".ljust(84, b"\x00") + struct.pack(">II", 200, len(inner))).ljust(200, b"\x00") + inner
    assert size(fuji) == (80, 48)


def test_jpeg_xl_sizes() -> None:
    def stream(*fields: tuple[int, int]) -> bytes:
        bits = at = 0
        for value, width in fields:
            bits |= value << at
            at += width
        return b"\xff\x0a" + bits.to_bytes(16, "little")

    assert jxl_size(stream((1, 1), (9, 5), (1, 3)))[:2] == (80, 80)  # type: ignore[index]
    large = stream((0, 1), (1, 2), (1023, 13), (0, 3), (1, 2), (1279, 13))
    assert jxl_size(large)[:2] == (1280, 1024)  # type: ignore[index]
    boxed = b"\x00\x00\x00\x0cJXL \r\n\x87\n" + box("jxlp", bytes(4), large)
    assert size(boxed) == (1280, 1024)


def test_a_heif_states_its_turn_apart() -> None:
    """The encoder turns Exif's orientation 6 into an `irot` box; the stored size stays unturned."""
    content = still("HEIF", 80, 64, exif=forging.exif(forging.MAIN))
    found = values(read(ANALYSER, content)[0])
    assert (found["photo:width"], found["photo:height"]) == (80, 64)
    assert found["photo:rotation_degrees"] == 90


def test_no_size_is_refused() -> None:
    assert read(ANALYSER, forging.jpeg()[:20], media_type="image/jpeg")[1] == "the picture's size is not stated"
