"""What the header boxes of a movie and its tracks say: times, lengths, sizes, turns, codecs (ISO 14496-12, 8)."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from verifier.metadata.containers.isobmff import Box, Bytes, Tree, label
from verifier.metadata.moments import from_mac
from verifier.records import Reading

# FFmpeg's names of the sample descriptions met in the field (libavformat/isom_tags.c).
CODECS = {
    b"avc1": "h264", b"avc2": "h264", b"avc3": "h264", b"avc4": "h264", b"hvc1": "hevc", b"hev1": "hevc",
    b"dvh1": "hevc", b"dvhe": "hevc", b"mp4v": "mpeg4", b"s263": "h263", b"h263": "h263", b"H263": "h263",
    b"jpeg": "mjpeg", b"mjpa": "mjpeg", b"mjpb": "mjpegb", b"MJPG": "mjpeg", b"dmb1": "mjpeg", b"vp08": "vp8",
    b"vp09": "vp9", b"av01": "av1", b"vvc1": "vvc", b"SVQ1": "svq1", b"SVQ3": "svq3", b"cvid": "cinepak",
    b"rle ": "qtrle", b"rpza": "rpza", b"smc ": "smc", b"apch": "prores", b"apcn": "prores", b"apcs": "prores",
    b"apco": "prores", b"ap4h": "prores", b"ap4x": "prores", b"dvc ": "dvvideo", b"dvcp": "dvvideo",
    b"dvsd": "dvvideo", b"raw ": "rawvideo", b"png ": "png", b"m2v1": "mpeg2video", b"mx5n": "mpeg2video",
    b"XVID": "mpeg4", b"DIVX": "mpeg4", b"3IVD": "mpeg4", b"CFHD": "cfhd", b"AVdn": "dnxhd", b"tscc": "tscc",
    b"icod": "aic", b"v210": "v210", b"2vuy": "rawvideo", b"yuv2": "rawvideo",
}  # fmt: skip
SOUND_CODECS = {
    b"mp4a": "aac", b"ac-3": "ac3", b"ec-3": "eac3", b"samr": "amr_nb", b"sawb": "amr_wb", b"alac": "alac",
    b"Opus": "opus", b"fLaC": "flac", b".mp3": "mp3", b"sowt": "pcm_s16le", b"twos": "pcm_s16be", b"raw ": "pcm_u8",
    b"lpcm": "pcm_s16le", b"ulaw": "pcm_mulaw", b"alaw": "pcm_alaw", b"ima4": "adpcm_ima_qt", b"QDM2": "qdm2",
    b"in24": "pcm_s24be", b"fl32": "pcm_f32be", b"MAC3": "mace3", b"MAC6": "mace6", b"sqcp": "qcelp",
    b"Qclp": "qcelp", b"QDMC": "qdmc",
}  # fmt: skip
# Objects of an `esds` that are not what the four letters suggest (ISO 14496-1, table 5).
_OBJECTS = {
    0x20: "mpeg4", 0x21: "h264", 0x23: "hevc", 0x60: "mpeg2video", 0x61: "mpeg2video", 0x6A: "mpeg1video",
    0x6C: "mjpeg", 0x40: "aac", 0x66: "aac", 0x67: "aac", 0x68: "aac", 0x69: "mp3", 0x6B: "mp3", 0xDD: "vorbis",
    0xA5: "ac3", 0xA6: "eac3", 0xA9: "dts", 0xE1: "qcelp",
}  # fmt: skip
HANDLERS = {b"vide": "video", b"soun": "audio", b"meta": "metadata", b"tmcd": "timecode", b"text": "text"}
LONGEST_SECONDS = 366 * 86400.0
MOST_EDITS = 8


@dataclass(slots=True)
class Track:
    """What later steps need of one track."""

    path: str
    handler: bytes = b""
    codec: bytes = b""
    timescale: int = 0
    duration_seconds: float | None = None
    number: int = 0  # track id
    movie_matrix: tuple[int, int, int, int] = (1, 0, 0, 1)  # [[a b] [c d]] of the movie header
    boxes: dict[str, Box] = field(default_factory=dict)  # by path below the track


def tracks(tree: Tree) -> list[Track]:
    """The tracks of `moov`, each with its boxes by path below it."""
    found: dict[str, Track] = {}
    for box in tree.boxes:
        if not box.path.startswith("moov/trak["):
            continue
        head, _, rest = box.path[5:].partition("/")
        track = found.setdefault(head, Track(path=f"moov/{head}"))
        if rest:
            track.boxes.setdefault(rest, box)
    return list(found.values())


def times(data: bytes, path: str, name: str) -> Iterator[Reading]:
    """Creation and modification of an mvhd, tkhd or mdhd; zero is told as zero, not as a date."""
    if len(data) < 12:
        return
    wide = data[0] == 1
    if wide and len(data) < 20:
        return
    for tag, count in zip(("creation_time", "modification_time"), struct.unpack_from(">QQ" if wide else ">II", data, 4),
                          strict=True):  # fmt: skip
        key = f"mp4:{name}.{tag}"
        if count == 0:
            yield Reading(key=f"{key}_zero", value=True, location=path)
            continue
        moment, since_1970 = from_mac(count)
        yield Reading(key=key, value=moment or f"{count} seconds since 1904", location=path)
        if moment and since_1970:
            yield Reading(key=f"{key}_epoch_1970", value=True, location=path)


def seconds(data: bytes) -> tuple[int, float | None]:
    """(timescale, duration in seconds or None) of an mvhd or mdhd."""
    try:
        scale, length = struct.unpack_from(">IQ", data, 20) if data[0] == 1 else struct.unpack_from(">II", data, 12)
    except (struct.error, IndexError):
        return 0, None
    unknown = length in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0)
    value = None if unknown or not scale else length / scale
    return scale, value if value is not None and value < LONGEST_SECONDS else None


def is_empty(data: bytes) -> bool:
    """Whether an mvhd states a length of zero: no media is there, or its length stands in fragments."""
    return bool(data) and not any(data[24:32] if data[0] == 1 else data[16:20]) and len(data) >= 32


def movie(tree: Tree, data: Bytes) -> Iterator[Reading]:
    """The movie header."""
    box = tree.first("moov/mvhd")
    if box is None:
        return
    body = data.payload(box, 128)
    yield from times(body, box.path, "mvhd")
    scale, length = seconds(body)
    yield Reading(key="mp4:mvhd.timescale", value=scale, location=box.path)
    if length is not None:
        yield Reading(key="mp4:mvhd.duration_s", value=round(length, 6), location=box.path)


def matrix_of(tree: Tree, data: Bytes) -> tuple[int, int, int, int]:
    """[[a b] [c d]] of the movie header, which every track's own is multiplied by; upright where it is none."""
    box = tree.first("moov/mvhd")
    body = data.payload(box, 128) if box is not None else b""
    try:
        a, b, _, c, d = struct.unpack_from(">5i", body, 48 if body[0] == 1 else 36)
    except (struct.error, IndexError):
        return 1, 0, 0, 1
    return (a, b, c, d) if a * d != b * c else (1, 0, 0, 1)


def track(tree: Track, data: Bytes) -> Iterator[Reading]:
    """Everything of one track; fills in what later steps need."""
    handler = tree.boxes.get("mdia/hdlr")
    if handler is not None:
        yield from _handler(tree, data.payload(handler, 512), handler.path)
    kind = HANDLERS.get(tree.handler, label(tree.handler) or "unknown")
    header = tree.boxes.get("tkhd")
    if header is not None:
        body = data.payload(header, 128)
        yield from times(body, header.path, "tkhd")
        yield from _placement(tree, body, header.path)
    media = tree.boxes.get("mdia/mdhd")
    if media is not None:
        body = data.payload(media, 64)
        yield from times(body, media.path, "mdhd")
        tree.timescale, tree.duration_seconds = seconds(body)
        if tree.duration_seconds is not None:
            yield Reading(key=f"mp4:mdhd.duration_s.{kind}", value=round(tree.duration_seconds, 6), location=media.path)
        yield from _language(body, media.path)
    yield from _description(tree, data, kind)
    yield from _edits(tree, data)
    yield from _rate(tree, data, kind)


def _handler(tree: Track, body: bytes, path: str) -> Iterator[Reading]:
    tree.handler = body[8:12]
    name = body[24:]
    if name and name[0] == len(name[1:].rstrip(b"\x00")) and name[0] and (body[4:8] == b"mhlr" or name[0] < 32):
        name = name[1:]  # QuickTime writes the length before the text
    text = name.split(b"\x00")[0].decode("utf-8", "backslashreplace").strip()
    if text:
        kind = HANDLERS.get(tree.handler, label(tree.handler))
        yield Reading(key=f"mp4:handler.{kind}", value=text, location=path)


def _placement(tree: Track, body: bytes, path: str) -> Iterator[Reading]:
    """Track number, the turn of its matrix, and the size it is shown in."""
    wide = bool(body) and body[0] == 1
    try:
        (tree.number,) = struct.unpack_from(">I", body, 20 if wide else 12)
        a, b, _, c, d = struct.unpack_from(">5i", body, 52 if wide else 40)
        width, height = struct.unpack_from(">II", body, 88 if wide else 76)
    except struct.error:
        return
    if tree.handler != b"vide":
        return
    yield Reading(key="mp4:tkhd.rotation_degrees", value=_turn(a, b), location=path)
    if a * d - b * c < 0:
        yield Reading(key="mp4:tkhd.mirrored", value=True, location=path)
    yield from _whole_turn((a, b, c, d), tree.movie_matrix, path)
    yield Reading(key="mp4:tkhd.width", value=round(width / 65536, 3), location=path)
    yield Reading(key="mp4:tkhd.height", value=round(height / 65536, 3), location=path)


def _turn(a: int, b: int) -> int | float:
    turn = round(math.degrees(math.atan2(b, a)), 2) % 360 if (a, b) != (0, 0) else 0.0
    return int(turn) if turn == int(turn) else turn


def _whole_turn(track: tuple[int, int, int, int], movie: tuple[int, int, int, int], path: str) -> Iterator[Reading]:
    """The track's matrix times the movie's (row vectors: the track's comes first); a mirror image is turned back first.

    A mirrored picture is told as mirrored left to right, then turned, as pictures are shown.
    """
    (a, b, c, d), (e, f, g, h) = track, movie
    a, b, c, d = a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
    mirrored = a * d - b * c < 0
    where = f"{path} and moov/mvhd"
    yield Reading(key="mp4:rotation_degrees", value=_turn(-a, -b) if mirrored else _turn(a, b), location=where)
    if mirrored:
        yield Reading(key="mp4:mirrored", value=True, location=where)


def _language(body: bytes, path: str) -> Iterator[Reading]:
    at = 32 if body[:1] == b"\x01" else 20
    packed = int.from_bytes(body[at : at + 2], "big")
    if packed >= 0x400 and packed != 0x7FFF:
        code = "".join(chr((packed >> shift & 31) + 0x60) for shift in (10, 5, 0))
        if code.isalpha() and code != "und":
            yield Reading(key="mp4:mdhd.language", value=code, location=path)


def _description(tree: Track, data: Bytes, kind: str) -> Iterator[Reading]:
    box = tree.boxes.get("mdia/minf/stbl/stsd")
    if box is None:
        return
    body = data.payload(box, 1 << 14)
    if len(body) < 16:
        return
    tree.codec = body[12:16]
    yield Reading(key=f"mp4:stsd.{kind}", value=label(tree.codec), location=box.path)
    if int.from_bytes(body[4:8], "big") > 1:
        yield Reading(key=f"mp4:stsd.{kind}.descriptions", value=int.from_bytes(body[4:8], "big"), location=box.path)
    if tree.handler == b"vide" and len(body) >= 44:
        width, height = struct.unpack_from(">HH", body, 40)
        if width and height:
            yield Reading(key="mp4:width", value=width, location=box.path)
            yield Reading(key="mp4:height", value=height, location=box.path)
        named = body[59 : 59 + min(31, body[58])] if len(body) > 90 else b""
        compressor = named.rstrip(b"\x00").decode("utf-8", "backslashreplace").strip()
        if compressor.isprintable() and compressor:
            yield Reading(key="mp4:stsd.compressor", value=compressor, location=box.path)
    codec = _codec(tree, body)
    if codec is not None:
        yield Reading(key=f"mp4:{kind}_codec", value=codec, location=box.path)


def _codec(tree: Track, body: bytes) -> str | None:
    table = CODECS if tree.handler == b"vide" else SOUND_CODECS if tree.handler == b"soun" else {}
    codec = table.get(tree.codec)
    if tree.codec in (b"mp4a", b"mp4v"):
        at = body.find(b"esds")
        config = body.find(b"\x04", at + 8) if at > 0 else -1  # DecoderConfigDescriptor
        if config > 0:
            start = config + 1
            while start < len(body) - 1 and start < config + 5 and body[start] & 0x80:
                start += 1
            return _OBJECTS.get(body[start + 1] if start + 1 < len(body) else -1, codec)
    return codec


def _edits(tree: Track, data: Bytes) -> Iterator[Reading]:
    box = tree.boxes.get("edts/elst")
    if box is None:
        return
    body = data.payload(box, 4096)
    if len(body) < 8:
        return
    wide, entries = body[0] == 1, int.from_bytes(body[4:8], "big")
    size, form = (20, ">Qq") if wide else (12, ">Ii")
    yield Reading(key="mp4:elst.entries", value=entries, location=box.path)
    parts = []
    for index in range(min(entries, MOST_EDITS, (len(body) - 8) // size)):
        length, start = struct.unpack_from(form, body, 8 + index * size)
        parts.append(f"{length}@{start}")
    if parts:
        yield Reading(key="mp4:elst", value=" ".join(parts), location=box.path)


def _rate(tree: Track, data: Bytes, kind: str) -> Iterator[Reading]:
    """Samples a second from `stts`: for pictures, the frame rate."""
    box = tree.boxes.get("mdia/minf/stbl/stts")
    if box is None or tree.handler != b"vide" or not tree.timescale:
        return
    body = data.payload(box, 1 << 18)
    entries = min(int.from_bytes(body[4:8], "big"), (len(body) - 8) // 8)
    if entries <= 0:
        return
    pairs = struct.unpack_from(f">{entries * 2}I", body, 8)
    frames, ticks = sum(pairs[::2]), sum(a * b for a, b in zip(pairs[::2], pairs[1::2], strict=True))
    if frames and ticks:
        yield Reading(key=f"mp4:samples.{kind}", value=frames, location=box.path)
        yield Reading(key="mp4:frame_rate", value=round(frames * tree.timescale / ticks, 4), location=box.path)
    if entries > 1:
        yield Reading(key="mp4:frame_rate_varies", value=len(set(pairs[1::2])) > 1, location=box.path)
