"""Stills: sizes and turns kept apart, every mode shown, damage said."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.media.making import exhibit, scene, still, stored
from verifier.errors import Corrupt, Unsupported
from verifier.media import image
from verifier.media.source import VaultSource
from verifier.media.structure.heif import stored_geometry


def show(folder: Path, content: bytes, media_type: str | None = None) -> image.Still:
    return image.show(VaultSource(stored(folder, content)), media_type or exhibit(content).media_type)


def marked(width: int = 60, height: int = 40) -> Image.Image:
    """Black with a white upper left quarter, so that every turn can be told."""
    picture = Image.new("L", (width, height), 0)
    picture.paste(255, (0, 0, width // 2, height // 2))
    return picture


def white_corner(grey: np.ndarray) -> tuple[str, str]:
    rows, columns = grey.shape
    corners = {
        ("upper", "left"): grey[: rows // 2, : columns // 2].mean(),
        ("upper", "right"): grey[: rows // 2, columns // 2 :].mean(),
        ("lower", "left"): grey[rows // 2 :, : columns // 2].mean(),
        ("lower", "right"): grey[rows // 2 :, columns // 2 :].mean(),
    }
    return max(corners, key=lambda name: corners[name])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_undone_and_the_stored_size_kept(tmp_path: Path, form: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # orientation -> Pillow transpose that makes the stored picture
    stream, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    picture = marked()
    if orientation in undo:
        picture = picture.transpose(Image.Transpose(undo[orientation]))
    picture.save(stream, form, exif=exif.tobytes())
    shown = show(tmp_path, stream.getvalue())
    assert (shown.showing.stored_width, shown.showing.stored_height) == picture.size
    assert shown.showing.orientation == orientation
    assert shown.picture.grey.shape == (40, 60)
    assert white_corner(shown.picture.grey) == ("upper", "left")
    assert shown.picture.colour is not None and shown.picture.colour.shape == (40, 60, 3)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "1"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "I;16"),
        ("TIFF", "CMYK"), ("TIFF", "LAB"), ("TIFF", "F"), ("TIFF", "I"), ("JPEG", "CMYK"), ("JPEG", "L"), ("GIF", "P"),
        ("WEBP", "RGBA"), ("TIFF", "YCbCr"),
    ],
)  # fmt: skip
def test_every_mode_shows_the_same_picture(tmp_path: Path, form: str, mode: str) -> None:
    plain = Image.fromarray(scene(64, 48)).convert("L")
    wide = np.asarray(plain)
    if mode == "I;16":
        picture = Image.fromarray(wide.astype(np.uint16) * 257)
    elif mode == "F":
        picture = Image.fromarray(wide.astype(np.float32) * 3 - 100)
    elif mode == "I":
        picture = Image.fromarray(wide.astype(np.int32) * 257)
    elif mode == "LAB":
        from PIL import ImageCms

        picture = ImageCms.profileToProfile(
            plain.convert("RGB"), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
    elif mode == "1":
        picture = plain.convert("1")
    else:
        picture = plain.convert("RGB").convert(mode)
    stream = io.BytesIO()
    picture.save(stream, form)
    grey = show(tmp_path, stream.getvalue()).picture.grey
    assert grey.dtype == np.uint8
    assert np.corrcoef(grey.ravel(), wide.ravel())[0, 1] > {"1": 0.3, "P": 0.9}.get(mode, 0.99)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (20, 20), (10, 20, 30, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 10, 20))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    grey = show(tmp_path, stream.getvalue()).picture.grey
    assert (grey[:, :10] == 0).all() and (grey[:, 10:] == 255).all()


@pytest.mark.parametrize(
    ("size", "grey", "colour"),
    [
        ((100, 80), (80, 100), (80, 100)),
        ((1000, 500), (480, 960), (500, 1000)),
        ((2000, 1000), (480, 960), (1000, 2000)),
        ((2400, 1200), (480, 960), (600, 1200)),  # 1/2
        ((5000, 500), (128, 1280), (125, 1250)),  # 1/4
        ((500, 5000), (1280, 128), (1250, 125)),
        ((8200, 600), (75, 1025), (75, 1025)),  # 1/8
    ],
)
def test_sizes_of_planes(tmp_path: Path, size: tuple[int, int], grey: tuple, colour: tuple) -> None:
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 100, 50)).save(stream, "JPEG")
    shown = show(tmp_path, stream.getvalue())
    assert (shown.showing.stored_width, shown.showing.stored_height) == size
    assert shown.picture.colour is not None
    assert shown.picture.colour.shape[:2] == colour
    expected = image.grey_size(colour[1], colour[0])[::-1]
    assert shown.picture.grey.shape == expected
    assert all(abs(got - wanted) <= max(2, 0.03 * wanted) for got, wanted in zip(expected, grey, strict=True))


def test_a_broken_end_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    content = still("JPEG", 400, 300, quality=95)
    whole, half = show(tmp_path, content), show(tmp_path, content[: len(content) // 2])
    assert whole.flaw is None and not whole.picture.damaged
    assert half.flaw is not None and "truncated" in half.flaw and half.picture.damaged
    assert (half.picture.grey[:100] == whole.picture.grey[:100]).all()
    assert not (half.picture.grey[-50:] == whole.picture.grey[-50:]).all()
    assert show(tmp_path, content).flaw is None, "being tolerant once must not last"


def test_no_flaw_names_a_path(tmp_path: Path) -> None:
    content = still("PNG", 200, 200)
    for end in range(20, len(content), len(content) // 30):
        try:
            said = show(tmp_path, content[:end]).flaw or ""
        except (Corrupt, Unsupported) as error:
            said = str(error)
        assert str(tmp_path) not in said and "0x" not in said


def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    png = still("PNG")[:16] + header + struct.pack(">I", 0) + still("PNG")[33:]
    with pytest.raises((Unsupported, Corrupt)):
        show(tmp_path, png)
    content = still("JPEG", 200, 200, progressive=True)
    last = content.rindex(b"\xff\xda")
    with pytest.raises(Unsupported, match="scans is more"):
        show(tmp_path, content[:-2] + content[last:-2] * 300 + content[-2:])


def test_a_decoder_is_never_chosen_by_content_against_the_media_type(tmp_path: Path) -> None:
    with pytest.raises(Corrupt):
        show(tmp_path, still("PNG"), "image/jpeg")
    with pytest.raises(Unsupported):
        show(tmp_path, still("PNG"), "application/postscript")


def test_the_largest_preview_of_a_raw_file_is_shown(tmp_path: Path) -> None:
    small, large = still("JPEG", 16, 12), still("JPEG", 160, 120)
    first = 8 + 2 + 4 * 12 + 4
    entries = [(0x0201, 4, 1, first), (0x0202, 4, 1, len(small)), (0x014A, 4, 1, first + len(small)), (0xC612, 1, 4, 1)]
    directory = struct.pack("<H", 4) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    at = first + len(small) + 2 + 2 * 12 + 4
    below = (
        struct.pack("<H", 2) + struct.pack("<HHII", 0x0111, 4, 1, at) + struct.pack("<HHII", 0x0117, 4, 1, len(large))
    )
    raw = b"II*\0\x08\0\0\0" + directory + small + below + bytes(4) + large
    shown = show(tmp_path, raw, "image/x-adobe-dng")
    assert (shown.showing.stored_width, shown.showing.stored_height) == (160, 120)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ([], ((400, 300), 1)),
        ([b"\x00\x00\x00\x09irot\x01"], ((400, 300), 8)),
        ([b"\x00\x00\x00\x09irot\x02"], ((400, 300), 3)),
        ([b"\x00\x00\x00\x09irot\x03"], ((400, 300), 6)),
        ([b"\x00\x00\x00\x09imir\x01"], ((400, 300), 2)),
        ([b"\x00\x00\x00\x09imir\x00"], ((400, 300), 4)),
    ],
)
def test_the_turn_of_heic_is_read_from_its_properties(properties: list[bytes], expected: tuple) -> None:
    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", 8 + len(body)) + name + body

    sizes = [box(b"ispe", bytes(4) + struct.pack(">II", 1, 1)), box(b"ispe", bytes(4) + struct.pack(">II", 400, 300))]
    places = bytes([2, *range(3, 3 + len(properties))])
    association = bytes(4) + struct.pack(">IHBBHB", 2, 6, 1, 1, 7, len(places)) + places
    meta = bytes(4) + box(b"pitm", bytes(4) + struct.pack(">H", 7))
    meta += box(b"iprp", box(b"ipco", b"".join(sizes + properties)) + box(b"ipma", association))
    assert stored_geometry(box(b"ftyp", b"heic\0\0\0\0") + box(b"meta", meta)) == expected
    assert stored_geometry(meta[:20]) is None


@pytest.mark.samples
def test_an_iphone_picture_is_upright_and_its_stored_size_known(samples: Path) -> None:
    (path,) = samples.rglob("iphone_15_pro.heic")
    shown = image.show(VaultSource(path), "image/heic")
    assert (shown.showing.stored_width, shown.showing.stored_height, shown.showing.orientation) == (4032, 3024, 6)
    assert shown.picture.grey.shape == (640, 480)
