"""What a worker hands over as a picture is looked at before it is decoded."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.media.making import scene
from verifier.errors import Corrupt
from verifier.media import derived, encode
from verifier.media.encode import decode_grey, encode_jpeg, encode_png, encode_webp, jpeg

COLOUR = scene(70, 50)
GREY = np.ascontiguousarray(COLOUR[..., 1])


@pytest.mark.parametrize("picture", [GREY, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize(
    ("write", "media_type"),
    [(encode_png, "image/png"), (encode_jpeg, "image/jpeg"), (jpeg, "image/jpeg"), (encode_webp, "image/webp")],
)
def test_what_our_encoders_write_is_read(write: object, media_type: str, picture: np.ndarray) -> None:
    content = write(picture)  # type: ignore[operator]
    assert derived.size(content, media_type) == derived.size(content) == (70, 50)
    assert decode_grey(content, media_type).shape == (50, 70)
    for other in {"image/png", "image/jpeg", "image/webp", "image/tiff"} - {media_type}:
        with pytest.raises(Corrupt):
            derived.size(content, other)


def test_a_lossless_webp_is_read() -> None:
    assert np.array_equal(decode_grey(encode_webp(GREY, 101), "image/webp"), GREY)


def saved(form: str, image: Image.Image | None = None, **options: object) -> bytes:
    stream = io.BytesIO()
    (image or Image.fromarray(COLOUR)).save(stream, form, **options)
    return stream.getvalue()


def by_cv2(suffix: str, picture: np.ndarray = COLOUR) -> bytes:
    done, content = cv2.imencode(suffix, picture)
    assert done
    return content.tobytes()


def png(columns: int, rows: int, *, depth: int = 8, colour: int = 0, body: bytes = b"", more: bytes = b"") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def chunk_of_text() -> bytes:
    content = b"Comment\0\0" + zlib.compress(bytes(1 << 20))
    return struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", zlib.crc32(b"zTXt" + content))


def refused() -> dict[str, bytes]:
    wide = png(30_000, 30_000, body=bytes(1 << 16))
    jpeg_wide = bytearray(encode_jpeg(GREY))
    at = jpeg_wide.index(b"\xff\xc0") + 5
    jpeg_wide[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return {
        "nothing": b"",
        "text": b"not a picture",
        "TIFF": saved("TIFF"),
        "GIF": saved("GIF"),
        "BMP": saved("BMP"),
        "PPM": saved("PPM"),
        "Radiance": by_cv2(".hdr", COLOUR.astype(np.float32)),
        "Sun raster": by_cv2(".ras"),
        "progressive JPEG": saved("JPEG", progressive=True),
        "CMYK JPEG": saved("JPEG", Image.fromarray(COLOUR).convert("CMYK")),
        "JPEG of 4 gigapixels": bytes(jpeg_wide),
        "JPEG of many scans": encode_jpeg(GREY) + b"\xff\xda" * 100,
        "cut JPEG": encode_jpeg(GREY)[:20],
        "PNG of 900 megapixels": wide,
        "PNG of 16 bits": png(8, 8, depth=16, body=bytes(8 * 17)),
        "PNG with a palette": saved("PNG", Image.fromarray(COLOUR).convert("P")),
        "PNG with a profile": saved("PNG", icc_profile=b"x" * 100),
        "PNG with compressed text": png(8, 8, body=bytes(72), more=chunk_of_text()),
        "cut PNG": encode_png(GREY)[:-4],
        "PNG and more": encode_png(GREY) + b"more",
        "empty PNG": png(0, 0),
        "animated WebP": saved("WEBP", save_all=True, append_images=[Image.fromarray(COLOUR[::-1])]),
        "WebP with alpha": saved("WEBP", Image.fromarray(COLOUR).convert("RGBA"), exif=b"Exif\0\0x"),
        "WebP and more": encode_webp(GREY) + b"more",
        "cut WebP": encode_webp(GREY)[:24],
        "too many bytes": encode_jpeg(GREY) + bytes(derived.MOST_BYTES),
    }


@pytest.mark.parametrize("name", refused())
def test_what_is_never_made_is_not_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode.cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(Corrupt):
        decode_grey(refused()[name])


@pytest.mark.parametrize("write", [encode_png, encode_jpeg, encode_webp])
def test_every_beginning_of_a_picture_is_a_sentence_or_a_picture(write: object) -> None:
    content = write(GREY)  # type: ignore[operator]
    for end in range(0, len(content), 7):
        try:
            decode_grey(content[:end])
        except Corrupt:
            continue


@pytest.mark.samples
def test_reported_pictures_are_refused(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode.cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    found = sorted((samples / "reported-security" / "derivatives").iterdir())
    assert len(found) >= 3
    for path in found:
        with pytest.raises(Corrupt):
            decode_grey(path.read_bytes())
