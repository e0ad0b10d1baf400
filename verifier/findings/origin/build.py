"""What a camera's file must have beside a camera's name, and what of it is missing: tags alone are easily copied.

A photo: the maker's own block of data where that maker always writes one, the tags that every camera writes, tables
that are not a program's, as many pixels as a camera takes. A movie: the build that goes with the name. Each lack has a
code.
Rules that need the model's own size or tables are not here: no list of them is complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verifier.findings.own import Own, ref
from verifier.records import Kind

NO_NOTE, NO_EXPOSURE, PROGRAM_TABLES, FEW_PIXELS, SIZE_NOT_STATED, NO_STRUCTURE = (
    "no_maker_note", "no_exposure_tags", "tables_of_a_program", "few_pixels", "size_not_stated", "no_camera_structure",
)  # fmt: skip

# Makers whose cameras and phones put a block of data of their own into every photo (ExifTool's tables of maker notes).
ALWAYS_NOTE = frozenset(
    {
        "APPLE", "CANON", "NIKON", "PANASONIC", "OLYMPUS", "FUJIFILM", "PENTAX", "SONY", "LEICA", "RICOH", "CASIO",
        "OM", "SIGMA", "HASSELBLAD", "DJI", "GOPRO",
    }
)  # fmt: skip
LEAST_PIXELS = 900_000  # cameras of before 2000, and phones of before 2006, took fewer
_EXPOSURE = (
    ("exif:ExposureTime", "exif:ShutterSpeedValue"),
    ("exif:FNumber", "exif:ApertureValue"),
    ("exif:ISOSpeedRatings", "exif:PhotographicSensitivity"),
    ("exif:ExifVersion",),
)
_STRUCTURE = (
    "quicktime:timed", "quicktime:com.android.version", "gpmf:model", "gpmf:device", "gopro:FIRM", "nikon:Make",
    "sony:manufacturer", "h264:MDPM.make", "avi:strd", "avi:strd.make", "avi:exif.make", "avi:ISFT", "camm:fixes",
    "file:recorder_header", "tags:maker", "quicktime:©inf", "quicktime:©fmt",
)  # fmt: skip
_HANDLERS = ("Core Media Video", "VideoHandle", "GoPro AVC", "GoPro H.265")
_STILLS = frozenset({"image/jpeg", "image/heic", "image/heif", "image/tiff"})


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a camera's file has and this one has not; `because` where a reading shows it."""

    code: str
    because: str | None = None


def lacks(view: Own) -> list[Lack]:
    """Everything that is missing for "consistent with a camera original"; empty where it all fits."""
    exhibit = view.dossier.exhibit
    if exhibit.kind is Kind.PHOTO:
        return list(_still(view)) if exhibit.media_type in _STILLS else []
    return [] if _has_structure(view) else [Lack(NO_STRUCTURE)]


def _still(view: Own) -> Iterator[Lack]:
    maker, note = view.first("exif:Make", "xmp:tiff:Make"), view.first("exif:MakerNote")
    if note is None and maker is not None and str(maker.value).split(" ")[0].upper() in ALWAYS_NOTE:
        yield Lack(NO_NOTE, ref(maker))
    if sum(view.first(*keys) is None for keys in _EXPOSURE) >= 2:
        yield Lack(NO_EXPOSURE)
    if view.dossier.exhibit.media_type == "image/jpeg":
        yield from _tables(view, has_note=note is not None)
        if view.first("exif:ExifImageWidth", "exif:PixelXDimension") is None:
            yield Lack(SIZE_NOT_STATED)
    width, height = view.first("photo:width"), view.first("photo:height")
    if width is None or height is None or not isinstance(width.value, int) or not isinstance(height.value, int):
        yield Lack(FEW_PIXELS)
    elif width.value * height.value < LEAST_PIXELS:
        yield Lack(FEW_PIXELS, ref(width))


def _tables(view: Own, *, has_note: bool) -> Iterator[Lack]:
    """The tables of libjpeg: one camera in three writes them, but not with a JFIF header or without its own note."""
    standard = view.first("jpeg:quantisation.luma.standard")
    if standard is None:
        yield Lack(PROGRAM_TABLES)
    elif standard.value is True and (view.first("jpeg:jfif") is not None or not has_note):
        yield Lack(PROGRAM_TABLES, ref(standard))


def _has_structure(view: Own) -> bool:
    handler = view.first("mp4:handler.video", "mp4:handler.audio")
    return view.first(*_STRUCTURE) is not None or (handler is not None and str(handler.value) in _HANDLERS)
