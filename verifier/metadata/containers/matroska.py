"""What a Matroska or WebM file says before its pictures: date, programs, tags, tracks (RFC 9559, RFC 8794)."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.containers.isobmff import Bytes
from verifier.metadata.containers.sei import encoder_settings
from verifier.metadata.moments import from_text, from_unix
from verifier.records import Exhibit, Kind, Reading, Record, Value

MOST_ELEMENTS = 20_000
DEEPEST = 8
LONGEST_TEXT = 4096
FIRST_PICTURES = 1 << 16  # bytes of the first cluster
_EPOCH_2001 = 978_307_200  # Unix seconds
_MASTERS = {
    0x1A45DFA3: "EBML", 0x18538067: "Segment", 0x1549A966: "Info", 0x1654AE6B: "Tracks", 0xAE: "TrackEntry",
    0xE0: "Video", 0xE1: "Audio", 0x1254C367: "Tags", 0x7373: "Tag", 0x67C8: "SimpleTag",
}  # fmt: skip
_TEXTS = {0x4282: "DocType", 0x4D80: "MuxingApp", 0x5741: "WritingApp", 0x7BA9: "Title", 0x86: "CodecID",
          0x45A3: "TagName", 0x4487: "TagString", 0x536E: "Name"}  # fmt: skip
_NUMBERS = {0x2AD7B1: "TimestampScale", 0xB0: "PixelWidth", 0xBA: "PixelHeight", 0x83: "TrackType"}
_SKIPPED = {0x1F43B675: "Cluster", 0x1C53BB6B: "Cues", 0x1941A469: "Attachments", 0x1043A770: "Chapters"}
_DURATION, _DATE, _CLUSTER = 0x4489, 0x4461, 0x1F43B675
_CODECS = {
    "V_MPEG4/ISO/AVC": "h264", "V_MPEGH/ISO/HEVC": "hevc", "V_VP8": "vp8", "V_VP9": "vp9", "V_AV1": "av1",
    "V_MPEG4/ISO/ASP": "mpeg4", "V_MPEG4/ISO/SP": "mpeg4", "V_MPEG2": "mpeg2video", "V_MPEG1": "mpeg1video",
    "V_THEORA": "theora", "V_MJPEG": "mjpeg", "V_FFV1": "ffv1", "V_PRORES": "prores", "A_OPUS": "opus",
    "A_VORBIS": "vorbis", "A_AAC": "aac", "A_AC3": "ac3", "A_EAC3": "eac3", "A_FLAC": "flac", "A_MPEG/L3": "mp3",
    "A_MPEG/L2": "mp2", "A_DTS": "dts", "A_PCM/INT/LIT": "pcm_s16le",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    """One element that carries a value."""

    number: int
    path: str
    body: bytes


def elements(data: Bytes) -> Iterator[Element]:
    """Every known value in file order, and how the first cluster begins. Bounded, no recursion."""
    stack = [(0, data.size, "")]
    seen, pictures = 0, False
    while stack:
        at, end, path = stack.pop()
        while at < end and seen < MOST_ELEMENTS:
            seen += 1
            head = data.at(at, 12)
            number, width = _vint(head, keep_marker=True)
            length, wide = _vint(head[width:], keep_marker=False)
            if not width or not wide or width > 4:
                break
            start = at + width + wide
            unknown = length == (1 << 7 * wide) - 1
            stop = end if unknown else min(start + length, end)
            if number in _MASTERS and len(stack) < DEEPEST:
                if not unknown:
                    stack.append((stop, end, path))
                at, end, path = start, stop, f"{path}/{_MASTERS[number]}".strip("/")
                continue
            if number == _CLUSTER and not pictures:
                pictures = True
                yield Element(number, path, data.at(start, FIRST_PICTURES))
            if unknown and number in _SKIPPED:
                break  # a live recording: only the pictures say where a cluster ends
            if number in _TEXTS or number in _NUMBERS or number in (_DURATION, _DATE):
                yield Element(number, path, data.at(start, min(stop - start, LONGEST_TEXT)))
            at = stop


def _vint(raw: bytes, *, keep_marker: bool) -> tuple[int, int]:
    """(value, bytes) of a variable-size integer; (0, 0) where there is none."""
    if not raw or not raw[0]:
        return 0, 0
    width = 9 - raw[0].bit_length()
    if len(raw) < width:
        return 0, 0
    value = int.from_bytes(raw[:width], "big")
    return (value if keep_marker else value & (1 << 7 * width) - 1), width


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `matroska:*`. Raises Corrupt where no segment begins."""
    with source.open() as stream:
        found = list(elements(Bytes(stream, source.size)))
    if not any(item.path.startswith("Segment") for item in found):
        raise Corrupt("no Matroska segment was found")
    yield from _info(found)
    yield from _tracks(found)
    yield from _tags(found)
    first = next((item for item in found if item.number == _CLUSTER), None)
    settings = encoder_settings(first.body) if first is not None else None
    if settings:
        yield Reading(key="sei:encoder", value=settings, location="first 64 KiB of pictures")


def _reading(key: str, value: Value, where: str) -> Reading:
    return Reading(key=f"matroska:{key}", value=value, location=where)


def _info(found: list[Element]) -> Iterator[Reading]:
    scale, length = 1_000_000, None
    for item in found:
        if item.path not in ("EBML", "Segment/Info"):
            continue
        if item.number == _DATE and len(item.body) == 8:
            count = int.from_bytes(item.body, "big", signed=True)
            moment = from_unix(_EPOCH_2001 + count // 1_000_000_000, f"{count} nanoseconds since 2001")
            yield _reading("DateUTC", moment or f"{count} nanoseconds since 2001", item.path)
        elif item.number == _DURATION and len(item.body) in (4, 8):
            (length,) = struct.unpack(">f" if len(item.body) == 4 else ">d", item.body)
        elif item.number in _NUMBERS:
            scale = int.from_bytes(item.body[:8], "big") or scale
        elif item.number in _TEXTS and _text(item.body):
            yield _reading(_TEXTS[item.number], _text(item.body), item.path)
    if length is not None and math.isfinite(length) and 0 < length * scale / 1e9 < 366 * 86400:
        yield _reading("duration_s", round(length * scale / 1e9, 6), "Segment/Info")


def _text(body: bytes) -> str:
    return body.split(b"\x00")[0].decode("utf-8", "backslashreplace").strip()


def _tracks(found: list[Element]) -> Iterator[Reading]:
    told: set[str] = set()
    kind = 0
    for item in found:
        if not item.path.startswith("Segment/Tracks"):
            continue
        if item.number in _NUMBERS:
            value = int.from_bytes(item.body[:8], "big")
            name = _NUMBERS[item.number]
            kind = value if name == "TrackType" else kind
            key = {"PixelWidth": "width", "PixelHeight": "height"}.get(name)
            if key and key not in told and 0 < value < 1 << 20:
                told.add(key)
                yield _reading(key, value, item.path)
        elif item.number in _TEXTS and _text(item.body):
            text = _text(item.body)
            yield _reading(_TEXTS[item.number], text, item.path)
            key = "video_codec" if text.startswith("V_") else "audio_codec"
            if text in _CODECS and key not in told:
                told.add(key)
                yield _reading(key, _CODECS[text], item.path)


def _tags(found: list[Element]) -> Iterator[Reading]:
    name = ""
    for item in found:
        if not item.path.startswith("Segment/Tags"):
            continue
        if _TEXTS.get(item.number) == "TagName":
            name = _text(item.body)
        elif _TEXTS.get(item.number) == "TagString" and name:
            text = _text(item.body)
            dated = from_text(text) if "DATE" in name.upper() else None
            yield _reading(f"tag.{name[:128]}", dated or text, item.path)
            name = ""


ANALYSER = Analyser(
    name="matroska",
    version=1,
    accepts=frozenset({Kind.VIDEO, Kind.AUDIO}),
    media_types=frozenset({"video/x-matroska", "video/webm"}),
    analyse=analyse,
    limits=Limits(seconds=10.0, seconds_per_megabyte=0.01, memory_bytes=512 << 20),
)
