"""Signs of what last wrote a file, each with the reading or name that bears it; `lineage` adds them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from verifier.findings.origin.build import ALWAYS_NOTE
from verifier.findings.own import Own, name_ref, ref, wall
from verifier.metadata.software import named
from verifier.records import Reading


class Writer(StrEnum):
    """What can have written a file last."""

    CAMERA = "camera"
    EDITOR = "editor"
    ENCODER = "encoder"
    MUXER = "muxer"
    PLATFORM = "platform"
    SCREEN = "screen"
    GENERATOR = "generator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign; a weak one never decides alone."""

    writer: Writer
    what: str
    because: str
    weak: bool = False


SOFTWARE = (
    "exif:Software", "exif:ProcessingSoftware", "xmp:CreatorTool", "xmp:photoshop:History", "iptc:OriginatingProgram",
    "png:tEXt.Software", "quicktime:com.apple.quicktime.software", "quicktime:©swr", "quicktime:©too", "avi:ISFT",
    "matroska:WritingApp", "matroska:MuxingApp", "asf:WM/ToolName", "container:tag.encoder", "container:tag.software",
    "jpeg:comment", "mp4:free_text", "mp4:handler.video", "mp4:handler.audio", "mp4:stsd.compressor", "gif:comment",
)  # fmt: skip
_PLATFORM_TAGS = (*SOFTWARE, "iptc:SpecialInstructions", "quicktime:©cmt")
_GENERATOR_TAGS = (
    *SOFTWARE, "xmp:Iptc4xmpExt:DigitalSourceType", "xmp:photoshop:Credit", "iptc:Credit", "c2pa:generator",
    "c2pa:digital_source_type", "c2pa:software_agent",
)  # fmt: skip
_GENERATOR_KEYS = (
    "png:tEXt.parameters", "png:iTXt.parameters", "png:tEXt.prompt", "png:tEXt.workflow", "png:tEXt.sd-metadata",
    "png:tEXt.invokeai_metadata", "png:tEXt.Dream",
)  # fmt: skip
_MAKER = (
    "exif:Make", "quicktime:com.apple.quicktime.make", "quicktime:com.android.manufacturer", "quicktime:©mak",
    "avi:exif.make", "h264:MDPM.make", "gopro:FIRM", "avi:strd", "sony:manufacturer", "nikon:Make", "gpmf:model",
    "quicktime:make", "xmp:tiff:Make", "avi:strd.make", "file:recorder_header", "gpmf:device", "tags:maker",
)  # fmt: skip
_MODEL = (
    "exif:Model",
    "quicktime:com.apple.quicktime.model",
    "quicktime:com.android.model",
    "quicktime:©mod",
    "quicktime:model",
    "sony:modelName",
    "nikon:Model",
    "h264:MDPM.model",
    "avi:strd.model",
    "xmp:tiff:Model",
)
CAMERA_NAMES = (*_MAKER, *_MODEL)  # every place where a file's own bytes may name its camera
_HANDLERS = ("mp4:handler.video", "mp4:handler.audio")  # copied along by many programs


# Where a sidecar names the camera of the exhibit that it speaks of.
MAKERS_OF_SIDECARS = frozenset(
    {"sony:modelName", "sony:manufacturer", "xmp:tiff:Make", "xmp:tiff:Model", "nikon:Make", "nikon:Model"}
)

# Formats that programs write and cameras do not.
_CONVERTED = {
    "image/webp": "WebP", "image/png": "PNG", "image/gif": "GIF", "image/bmp": "BMP", "image/avif": "AVIF",
    "image/vnd.adobe.photoshop": "PSD", "video/webm": "WebM", "video/x-matroska": "Matroska", "video/x-flv": "Flash",
}  # fmt: skip


def signs(view: Own) -> list[Sign]:
    """Every sign, strongest kinds first."""
    return [
        *_generators(view), *_screens(view), *_editors(view), *_changes(view), *_platforms(view), *_tools(view),
        *_cameras(view),
    ]  # fmt: skip


def _sign(writer: Writer, what: str, reading: Reading, *, weak: bool = False) -> Sign:
    return Sign(writer=writer, what=what, because=ref(reading), weak=weak)


def _texts(view: Own, keys: tuple[str, ...]) -> Iterator[tuple[Reading, str]]:
    for reading in view.all(*keys):
        if isinstance(reading.value, str):
            yield reading, reading.value


def _generators(view: Own) -> Iterator[Sign]:
    for reading, text in _texts(view, _GENERATOR_TAGS):
        name = named("generators", text)
        if name:
            yield _sign(Writer.GENERATOR, name, reading)
    for reading in view.all(*_GENERATOR_KEYS):
        yield _sign(Writer.GENERATOR, "settings of an image generator", reading)


def _screens(view: Own) -> Iterator[Sign]:
    for name in view.names:
        if name.role in ("screenshot", "screen-recording"):
            weak = name.confidence == "low"
            yield Sign(writer=Writer.SCREEN, what=f"{name.origin}, {name.role}", because=name_ref(name), weak=weak)
    for reading, text in _texts(view, (*SOFTWARE, "exif:UserComment", "png:tEXt.Title", "png:tEXt.Comment")):
        what = named("screens", text)
        if what:
            yield _sign(Writer.SCREEN, what, reading)
    system = view.first("quicktime:com.apple.quicktime.software")
    model = view.text("quicktime:com.apple.quicktime.model")
    if system is not None and (str(system.value).startswith(("macOS", "Mac OS X")) or model.startswith("Mac")):
        yield _sign(Writer.SCREEN, "macOS wrote it: of a screen, of a webcam, or an export", system, weak=True)


def _editors(view: Own) -> Iterator[Sign]:
    for reading, text in _texts(view, SOFTWARE):
        program = named("editors", text)
        if program:
            yield _sign(Writer.EDITOR, program, reading)
    for key, readings in view.by_key.items():
        if key.startswith("xmp:xmpMM:History[") and key.endswith(".softwareAgent"):
            yield _sign(Writer.EDITOR, str(readings[0].value), readings[0])
    for name in view.names:
        if name.role == "editor":
            yield Sign(writer=Writer.EDITOR, what=name.origin, because=name_ref(name), weak=name.confidence != "high")


def _changes(view: Own) -> Iterator[Sign]:
    """What a later program does without naming itself."""
    for tag, stored in (("exif:ExifImageWidth", "photo:width"), ("exif:ExifImageLength", "photo:height")):
        said, pixels = view.first(tag), view.first(stored)
        sides = {view.text("photo:width"), view.text("photo:height")}
        if said is not None and pixels is not None and str(said.value) not in sides and view.text(tag) not in ("", "0"):
            yield _sign(Writer.EDITOR, "its pixels are not as many as the camera wrote: resized or cropped", said)
            break
    taken, changed = view.moment("exif:DateTimeOriginal"), view.moment("exif:DateTime")
    if taken and changed and (wall(changed[0]) - wall(taken[0])).total_seconds() > 2:
        yield _sign(Writer.EDITOR, "saved again after the capture", changed[1], weak=True)
    maker = view.first("exif:Make")
    if maker is not None and str(maker.value).split(" ")[0].upper() in ALWAYS_NOTE and not view.first("exif:MakerNote"):
        yield _sign(Writer.EDITOR, "the block of data that this maker always writes is missing", maker, weak=True)
    progressive = view.first("jpeg:progressive")
    if progressive is not None and progressive.value is True:
        yield _sign(Writer.ENCODER, "a progressive JPEG, which cameras do not write", progressive, weak=True)


def _platforms(view: Own) -> Iterator[Sign]:
    for name in view.names:
        if name.role in ("messenger", "platform", "downloader"):
            weak = name.confidence == "low"
            yield Sign(writer=Writer.PLATFORM, what=name.origin, because=name_ref(name), weak=weak)
    for reading, text in _texts(view, _PLATFORM_TAGS):
        what = named("platforms", text)
        if what:
            yield _sign(Writer.PLATFORM, what, reading)
    for reading in view.beside:
        if reading.key in ("yt-dlp:webpage_url", "telegram:message_id", "whatsapp:date", "auto-archiver:url"):
            yield _sign(Writer.PLATFORM, "a sidecar says that it came from there", reading)
    brands = view.first("mp4:compatible_brands")
    if brands is not None and "dash" in str(brands.value).split(","):
        yield _sign(Writer.PLATFORM, "DASH segments, as platforms deliver them", brands, weak=True)


def _tools(view: Own) -> Iterator[Sign]:
    encoder = view.first("sei:encoder")
    if encoder is not None:
        yield _sign(Writer.ENCODER, str(encoder.value).split(" - options")[0][:60], encoder)
    for reading, text in _texts(view, SOFTWARE):
        tool = named("tools", text)
        if tool and not (reading.key == "mp4:stsd.compressor" and encoder is not None):
            encodes = reading.key in ("mp4:stsd.compressor", "jpeg:comment")
            yield _sign(Writer.ENCODER if encodes else Writer.MUXER, tool, reading, weak=reading.key in _HANDLERS)
    kind, maker = _CONVERTED.get(view.dossier.exhibit.media_type), view.first(*_MAKER)
    if kind is not None and maker is not None:
        yield _sign(Writer.ENCODER, f"converted to {kind}, which cameras do not write", maker)
    handler = view.first("mp4:handler.video")
    if handler is not None and handler.value == "VideoHandler":
        yield _sign(Writer.MUXER, "FFmpeg's name of a handler", handler, weak=True)


def _cameras(view: Own) -> Iterator[Sign]:
    maker, model = view.first(*_MAKER), view.text(*_MODEL)
    if maker is not None:
        what = f"{maker.value} {model}".strip() if isinstance(maker.value, str) else "a camera maker's block"
        yield _sign(Writer.CAMERA, what, maker, weak=model.startswith(("Mac", "iMac")))
    for reading, text in _texts(view, ("avi:ISFT", "quicktime:©inf", "quicktime:©fmt")):
        if named("cameras", text):
            yield _sign(Writer.CAMERA, text.strip()[:60], reading)
    note = view.first("exif:MakerNote")
    if note is not None:
        yield _sign(Writer.CAMERA, "the maker's own block of data", note)
    handler = view.first("mp4:handler.video")
    if handler is not None and str(handler.value) in ("Core Media Video", "VideoHandle", "GoPro AVC", "GoPro H.265"):
        yield _sign(Writer.CAMERA, "a handler's name that phones and cameras write", handler, weak=True)
    timed = view.first("quicktime:timed")
    if timed is not None:
        yield _sign(Writer.CAMERA, "metadata that an Apple camera records with the pictures", timed, weak=True)
    android = view.first("quicktime:com.android.version")
    if android is not None:
        yield _sign(Writer.CAMERA, "Android's recorder", android, weak=True)
    for name in view.names:
        if name.role == "camera":
            yield Sign(writer=Writer.CAMERA, what=name.origin, because=name_ref(name), weak=True)
