"""A still picture out of hostile bytes: Pillow with an allow-list, a pixel limit, and no plugin tried by accident.

Stored size, orientation and display size are three facts and stay apart. JPEG, PNG, WebP and AVIF come turned as
stored, with an orientation to apply; TIFF and HEIC come upright from their decoders, so their stored size and turn are
read from the file (an iPhone's HEIC also states an Exif orientation, which must *not* be applied a second time).
"""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import cv2
import numpy as np
import PIL
import pillow_heif
from PIL import Image, ImageCms, ImageFile, TiffImagePlugin, UnidentifiedImageError

from verifier.errors import Corrupt, Unsupported
from verifier.instruments import Picture, Showing, Source
from verifier.media.preview import embedded_jpeg
from verifier.media.structure.heif import stored_geometry

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_PIXELS = 178_956_970  # 2^29 / 3: half a GiB of RGB, where Pillow itself calls a picture a bomb
LARGE_SIDE = 2048  # a JPEG longer than this is decoded at a reduced scale
LEAST_REDUCED_SIDE = 1024
GREY_SHORT_SIDE = 480
GREY_LONG_SIDE = 1280

MANY_PIXELS = 1 << 25  # a still of more is reduced after decoding, so that colour and grey fit beside it
MOST_COUNTED_BYTES = 64 << 20
MOST_SCANS = 200  # of a progressive JPEG; encoders write about ten, and each costs a pass over the whole picture

_FORMATS: dict[str, tuple[str, ...]] = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/tiff": ("TIFF",),
    "image/bmp": ("BMP",),
    "image/avif": ("AVIF",),
    "image/heic": ("HEIF",),
    "image/heif": ("HEIF",),
    "image/vnd.adobe.photoshop": ("PSD",),
    "image/jp2": ("JPEG2000",),
    "image/j2c": ("JPEG2000",),
    "image/x-icon": ("ICO",),
}
RAW_TYPES = frozenset(
    {
        "image/x-canon-cr2", "image/x-canon-cr3", "image/x-nikon-nef", "image/x-sony-arw", "image/x-adobe-dng",
        "image/x-panasonic-rw2", "image/x-fuji-raf", "image/x-olympus-orf", "image/x-pentax-pef", "image/x-samsung-srw",
    }
)  # fmt: skip

_PLAIN_INSIDE = frozenset({"image/x-adobe-dng", "image/x-nikon-nef", "image/x-sony-arw", "image/x-pentax-pef"})

_ROTATIONS = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}

# What Pillow and its plugins raise on bytes that break the rules; MemoryError is not among them and goes up.
DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, AttributeError, EOFError, OverflowError,
    ZeroDivisionError, AssertionError, NotImplementedError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip

_MANY_VARIANTS = frozenset({"image/tiff", "image/vnd.adobe.photoshop", "image/bmp", *RAW_TYPES})

Image.MAX_IMAGE_PIXELS = None  # our own limit, which does not depend on warnings, stands in `_opened`
ImageFile.LOAD_TRUNCATED_IMAGES = False
pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.THUMBNAILS = False
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False
pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A decoded still: what is known of it, its picture, and what is wrong with it (None: nothing found)."""

    showing: Showing
    picture: Picture
    flaw: str | None = None


def versions() -> dict[str, str]:
    """Versions of the decoders of stills."""
    return {"pillow": PIL.__version__, "libheif": str(pillow_heif.libheif_version())}


def show(source: Source, media_type: str) -> Still:
    """Decode the still (the first frame of an animation). Raises Corrupt or Unsupported.

    A picture that breaks off is decoded as far as it goes; its `flaw` says so, and `picture.damaged` is True. Of a raw
    file, the largest JPEG that the camera put inside is shown; sizes are then the preview's.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _show(source, media_type, partial=False)
        except DECODER_ERRORS as error:
            flaw = reason(error)
        try:
            with _tolerant():
                still = _show(source, media_type, partial=True)
        except UnidentifiedImageError:
            if media_type in _MANY_VARIANTS:
                raise Unsupported("a variant that the decoder does not know, or a broken header") from None
            raise Corrupt("the header is not one of its format") from None
        except DECODER_ERRORS:
            raise Corrupt(f"the picture cannot be decoded: {flaw}") from None
    grey, colour = _what_is_there(still.picture.grey, still.picture.colour)
    picture = Picture(grey=grey, colour=colour, damaged=True)
    return Still(showing=still.showing, picture=picture, flaw=f"the picture is incomplete: {flaw}")


LEAST_THERE = 0.1  # of rows or columns: below this, what was decoded is shown as it is
LEAST_MISSING = 0.04
LAST_BLOCKS = 18  # rows: the last row of blocks is decoded in part, and its colour is spread by one row more


def _what_is_there(grey: NDArray[np.uint8], colour: NDArray[np.uint8] | None) -> tuple[
    NDArray[np.uint8], NDArray[np.uint8] | None
]:  # fmt: skip
    """A broken-off picture without the one-coloured band that a decoder puts where nothing was decoded.

    What is missing would otherwise count as what the picture shows. The band lies at one side: the last rows as
    stored, wherever the orientation has turned them.
    """
    best = (0.0, 0, 0)  # (share, quarter turns that bring the band down, rows)
    for turns in range(4):
        turned = np.rot90(grey, turns)
        varied = np.flatnonzero(np.ptp(turned.astype(np.int16), axis=1) > 2)
        if varied.size:
            rows = int(varied[-1]) + 1
            best = max(best, (1 - rows / turned.shape[0], turns, rows))
    share, turns, rows = best
    if share < LEAST_MISSING or share > 1 - LEAST_THERE:
        return grey, colour
    rows = max(1, rows - LAST_BLOCKS)
    share = 1 - rows / np.rot90(grey, turns).shape[0]
    kept = _upper(grey, turns, rows)
    if colour is None:
        return kept, None
    return kept, _upper(colour, turns, round((1 - share) * np.rot90(colour, turns).shape[0]))


def _upper(plane: NDArray[np.uint8], turns: int, rows: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(np.rot90(plane, turns)[:rows], -turns))


def reason(error: BaseException) -> str:
    """One line of at most 200 characters that names no path."""
    text = " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror:
        text = error.strerror
    if "<_io." in text or "object at 0x" in text:
        text = "not recognised by its decoder"
    return (text or type(error).__name__)[:200]


class _tolerant:  # noqa: N801 - reads as a word
    """Let Pillow fill what is missing of a truncated picture; only ever tried after the strict way has failed."""

    def __enter__(self) -> None:
        ImageFile.LOAD_TRUNCATED_IMAGES = True

    def __exit__(self, *_: object) -> None:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _show(source: Source, media_type: str, *, partial: bool) -> Still:
    with source.open() as stream:
        image = _chosen(stream, source.size, media_type)
        with image:
            stored, orientation, turn = _geometry(image, source)
            _reduce(image)
            _count_scans(image, source)
            image.load()
            grey, colour = _planes(image, turn)
    showing = Showing(still=True, stored_width=stored[0], stored_height=stored[1], orientation=orientation)
    return Still(showing=showing, picture=Picture(grey=grey, colour=colour))


def _chosen(stream: BinaryIO, size: int, media_type: str) -> Image.Image:
    """The picture opened by the one decoder that fits; of a raw file, its preview, else its first plain thumbnail."""
    if media_type in RAW_TYPES:
        try:
            return _opened(embedded_jpeg(stream, size, media_type), ("JPEG", "MPO"))
        except Unsupported:
            if media_type not in _PLAIN_INSIDE:
                raise
            stream.seek(0)
            return _opened(stream, ("TIFF",))
    if media_type in _FORMATS:
        return _opened(stream, _FORMATS[media_type])
    raise Unsupported(f"no decoder for {media_type}")


def _opened(stream: object, formats: tuple[str, ...]) -> Image.Image:
    image = Image.open(stream, formats=formats)  # type: ignore[arg-type]
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise Unsupported(f"{image.width} × {image.height} pixels are more than this version decodes")
    if image.width < 1 or image.height < 1:
        raise Corrupt("the picture has no pixels")
    return image


def _geometry(image: Image.Image, source: Source) -> tuple[tuple[int, int], int, int]:
    """Stored size, the orientation that shows it upright, and what of it is still to be done once decoded.

    libheif, and Pillow's reader of TIFF, turn a picture themselves and then say that it was never turned.
    """
    if image.format == "HEIF":
        stored, orientation = stored_geometry(source.head) or (image.size, 1)
        return stored, orientation, 1
    orientation = _orientation(image)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        width, height = (image.tag_v2.get(tag) for tag in (256, 257))
        if isinstance(width, int) and isinstance(height, int):
            return (width, height), orientation, 1
        return image.size, orientation, 1
    return image.size, orientation, orientation


def _orientation(image: Image.Image) -> int:
    """Exif orientation 1..8; anything else is 1."""
    try:
        value = image.getexif().get(0x0112, 1)
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _reduce(image: Image.Image) -> None:
    """Ask a large JPEG's decoder for 1/2, 1/4 or 1/8 of the size."""
    longest = max(image.size)
    if image.format not in ("JPEG", "MPO") or longest <= LARGE_SIDE:
        return
    divisor = next((scale for scale in (8, 4, 2) if longest / scale >= LEAST_REDUCED_SIDE), 1)
    image.draft(image.mode, (image.width // divisor, image.height // divisor))


def _count_scans(image: Image.Image, source: Source) -> None:
    """Refuse a progressive JPEG that repeats its scans: 100 kB can cost minutes. FF DA occurs only as a marker."""
    if not image.info.get("progressive"):
        return
    with source.open() as stream:
        scans = stream.read(MOST_COUNTED_BYTES).count(b"\xff\xda")
    if scans > MOST_SCANS:
        raise Unsupported(f"a progressive JPEG of {scans} scans is more than this version decodes")


def _planes(image: Image.Image, orientation: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Upright grey plane within the agreed size, and upright colour."""
    shown = _as_shown(_lessened(image))
    grey = shown if shown.mode == "L" else shown.convert("L")
    grey = grey.resize(grey_size(*grey.size), Image.Resampling.BOX) if grey.size != grey_size(*grey.size) else grey
    colour = shown if shown.mode == "RGB" else shown.convert("RGB")
    return _upright(grey, orientation), _upright(colour, orientation)


def _upright(image: Image.Image, orientation: int) -> NDArray[np.uint8]:
    """An array of its own, turned as the Exif orientation says; OpenCV turns it in a third of Pillow's time."""
    if orientation == 1:
        return np.array(image)
    plane = np.asarray(image)
    if orientation in (2, 4):
        return np.asarray(cv2.flip(plane, 1 if orientation == 2 else 0), np.uint8)
    if orientation in (5, 7):
        plane = np.asarray(cv2.transpose(plane), np.uint8)
        return np.asarray(cv2.rotate(plane, cv2.ROTATE_180), np.uint8) if orientation == 7 else plane
    return np.asarray(cv2.rotate(plane, _ROTATIONS[orientation]), np.uint8)


def _lessened(image: Image.Image) -> Image.Image:
    """A very large still by area averages of whole pixels; others as they are."""
    if image.width * image.height <= MANY_PIXELS:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        image = _from_deep(np.asarray(image))
    elif image.mode in ("1", "P", "PA"):
        image = image.convert("L" if image.mode == "1" else "RGBA" if "transparency" in image.info else "RGB")
    factor = math.ceil(math.sqrt(image.width * image.height / MANY_PIXELS))
    return image.reduce(factor)


def grey_size(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of the grey plane of a still: short side at most 480, long side at most 1280, never enlarged."""
    scale = min(1.0, GREY_SHORT_SIDE / min(width, height), GREY_LONG_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _as_shown(image: Image.Image) -> Image.Image:
    """`L` or `RGB`: what a person would see, transparent parts on white."""
    if image.mode in ("L", "RGB"):
        return _flattened(image) if "transparency" in image.info else image
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa", "P"):
        return _flattened(image)
    if image.mode == "LAB":
        laboratory, screen = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, laboratory, screen, outputMode="RGB")
        if converted is None:
            raise Unsupported("the colours cannot be converted")
        return converted
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(np.asarray(image))
    return image.convert("RGB")  # CMYK, YCbCr, HSV


def _flattened(image: Image.Image) -> Image.Image:
    if image.mode == "P" and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    if layered.getchannel("A").getextrema()[0] == 255:
        return layered.convert("RGB")
    page = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    page.alpha_composite(layered)
    return page.convert("RGB")


def _from_deep(values: NDArray[np.generic]) -> Image.Image:
    """16-bit by its full range; 32-bit and floating point by the range that is used (finite values only)."""
    if values.dtype.itemsize == 2:
        high = values.view(np.uint8).reshape(*values.shape, 2)[..., 1 if values.dtype.str[0] in "<|=" else 0]
        return Image.fromarray(np.ascontiguousarray(high))
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    least, most = float(numbers.min()), float(numbers.max())
    if least >= 0 and most <= 255:
        return Image.fromarray(numbers.astype(np.uint8))
    if least >= 0 and most <= 65535 and values.dtype.kind in "iu":
        return Image.fromarray((numbers / 257).astype(np.uint8))
    return Image.fromarray(((numbers - least) * (255 / (most - least))).astype(np.uint8))
