"""What AVI headers say: size, length, codec, and the dates and names that cameras put there (RIFF, OpenDML)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.containers.isobmff import Bytes
from verifier.metadata.moments import build, from_text
from verifier.records import Exhibit, Kind, Moment, Reading, Record, Value

MOST_CHUNKS = 2_000
DEEPEST = 6
LONGEST_TEXT = 1024
_LISTS = frozenset({b"hdrl", b"strl", b"INFO", b"exif", b"odml", b"Tdat"})
_CODECS = {
    "mjpg": "mjpeg", "dmb1": "mjpeg", "h264": "h264", "avc1": "h264", "x264": "h264", "xvid": "mpeg4",
    "divx": "mpeg4", "dx50": "mpeg4", "fmp4": "mpeg4", "mp4v": "mpeg4", "div3": "msmpeg4v3", "mp43": "msmpeg4v3",
    "mp42": "msmpeg4v2", "mpg4": "msmpeg4v1", "cvid": "cinepak", "iv32": "indeo3", "iv50": "indeo5", "dvsd": "dvvideo",
    "wmv1": "wmv1", "wmv2": "wmv2", "wmv3": "wmv3", "mpg2": "mpeg2video", "mpg1": "mpeg1video", "hevc": "hevc",
    "ffv1": "ffv1", "huff": "huffyuv", "hfyu": "huffyuv", "lags": "lagarith", "msvc": "msvideo1", "cram": "msvideo1",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ASCTIME = re.compile(r"(?:[a-z]{3}\s+)?([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d\d):(\d\d)\s+(\d{4})", re.IGNORECASE)
_SLASHED = re.compile(
    r"(\d{4})/\s*(\d{1,2})/\s*(\d{1,2})/?\s+(\d{1,2}):\s*(\d{1,2})(?::\s*(\d{1,2}))?\s*([AP]M)?", re.I
)
_EXIF_DATE = re.compile(rb"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")
_NAMES = {b"ecor": "exif.make", b"emdl": "exif.model", b"etim": "exif.time", b"erel": "exif.related", b"strn": "strn"}


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `avi:*`. Raises Corrupt where the list of headers is not there."""
    with source.open() as stream:
        data = Bytes(stream, source.size)
        headers = 0
        for name, path, at, length in chunks(data):
            headers += name in (b"avih", b"strh")
            yield from _chunk(name, path, data.at(at, min(length, 1 << 16)))
    if not headers:
        raise Corrupt("no AVI header was found")


def chunks(data: Bytes) -> Iterator[tuple[bytes, str, int, int]]:
    """(type, path, offset and bytes of payload) of every chunk outside the picture lists. Bounded, no recursion."""
    stack = [(12, data.size, "")]
    seen = 0
    while stack:
        at, end, path = stack.pop()
        while at + 8 <= end and seen < MOST_CHUNKS:
            seen += 1
            head = data.at(at, 12)
            if len(head) < 8:
                break
            name, length = struct.unpack_from("<4sI", head)
            start, at = at + 8, at + 8 + length + (length & 1)
            if name == b"LIST" and head[8:12] in _LISTS and len(stack) < DEEPEST:
                stack.append((at, end, path))
                at, end = start + 4, min(start + length, end)
                path = f"{path}/{head[8:12].decode('latin-1')}".strip("/")
            elif name != b"LIST":
                where = f"{path}/{name.decode('latin-1')}".strip("/")
                yield name, where, start, max(0, min(length, end - start))


def _chunk(name: bytes, path: str, body: bytes) -> Iterator[Reading]:
    if name == b"avih" and len(body) >= 40:
        yield from _main_header(body, path)
    elif name == b"strh" and len(body) >= 48:
        yield from _stream_header(body, path)
    elif name == b"IDIT":
        yield Reading(key="avi:IDIT", value=date(_text(body)) or _text(body), location=path)
    elif name == b"strd":
        yield from _stream_data(body, path)
    elif path.startswith("INFO/"):
        text = _text(body)
        if text:
            key = f"avi:{name.decode('latin-1')}"
            value: Value = (date(text) or text) if name == b"ICRD" else text
            yield Reading(key=key, value=value, location=path)
    elif name in _NAMES and _text(body):
        yield Reading(key=f"avi:{_NAMES[name]}", value=_text(body), location=path)


def _text(body: bytes) -> str:
    return body.split(b"\x00")[0].decode("utf-8", "backslashreplace").strip()[:LONGEST_TEXT]


def _main_header(body: bytes, path: str) -> Iterator[Reading]:
    micros, _, _, _, frames, _, streams, _, width, height = struct.unpack_from("<10I", body)
    yield from (
        Reading(key=f"avi:{key}", value=value, location=path)
        for key, value in (("width", width), ("height", height), ("frames", frames), ("streams", streams))
        if value
    )
    if micros and frames and micros * frames < 366 * 86400 * 1_000_000:
        yield Reading(key="avi:duration_s", value=round(micros * frames / 1e6, 6), location=path)
        yield Reading(key="avi:frame_rate", value=round(1e6 / micros, 4), location=path)


def _stream_header(body: bytes, path: str) -> Iterator[Reading]:
    kind, handler = body[:4], body[4:8].decode("latin-1").strip("\x00 ")
    if kind == b"vids" and handler.isprintable() and handler:
        yield Reading(key="avi:handler", value=handler, location=path)
        if handler.lower() in _CODECS:
            yield Reading(key="avi:video_codec", value=_CODECS[handler.lower()], location=path)


def _stream_data(body: bytes, path: str) -> Iterator[Reading]:
    """Camera makers keep a whole Exif directory, or their own, in `strd`: its first date is the moment of capture."""
    found = _EXIF_DATE.search(body)
    moment = from_text(found.group().decode()) if found else None
    if moment is not None:
        yield Reading(key="avi:strd.DateTimeOriginal", value=moment, location=path)
    yield Reading(key="avi:strd", value=len(body), location=path)


def date(text: str) -> Moment | None:
    """A date as `asctime`, `2009/10/27 12:14:34`, `2005/11/28/ 09:19`, `2001/ 1/27  1:42PM`, or ISO; zone unknown."""
    asc = _ASCTIME.fullmatch(text)
    if asc is not None and asc.group(1).lower() in _MONTHS:
        _, day, hour, minute, second, year = asc.groups()
        month = _MONTHS.index(asc.group(1).lower()) + 1
        return build(text, f"{year}-{month:02d}-{int(day):02d}T{int(hour):02d}:{minute}:{second}", None)
    slashed = _SLASHED.fullmatch(text)
    if slashed is not None:
        year, month_text, day, hour, minute, second, half = slashed.groups()
        number = int(hour) % 12 + (12 if half.upper() == "PM" else 0) if half else int(hour)
        wall = f"{year}-{int(month_text):02d}-{int(day):02d}T{number:02d}:{int(minute):02d}:{int(second or 0):02d}"
        return build(text, wall, None)
    return from_text(text)


ANALYSER = Analyser(
    name="avi",
    version=1,
    accepts=frozenset({Kind.VIDEO}),
    media_types=frozenset({"video/x-msvideo"}),
    analyse=analyse,
    limits=Limits(seconds=10.0, seconds_per_megabyte=0.01, memory_bytes=512 << 20),
)
