"""Bad input by kind: bytes that are broken, lie, or try to make a decoder do something. Made here, never fetched.

`kinds()` gives name -> bytes. Names say what is wrong. What concerns names, links and special files in a folder is not
here: a worker sees bytes only.
"""

# ruff: noqa: E501 - a kind a line
from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.media.making import clip, still, tone

Kinds = dict[str, Callable[[], bytes]]


def kinds() -> Kinds:
    """Every kind of bad input, made when called."""
    return {**_plain(), **_cut(), **_disguised(), **_playlists(), **_pictures(), **_exif(), **_boxes(), **_others()}


# ---------------------------------------------------------------- bytes without sense


def _plain() -> Kinds:
    noise = random.Random(1).randbytes
    return {
        "empty": lambda: b"",
        "one byte": lambda: b"\xff",
        "two bytes": lambda: b"\xff\xd8",
        "jpeg: start of image only": lambda: b"\xff\xd8\xff",
        "random bytes": lambda: noise(100_000),
        "all zeros": lambda: bytes(1 << 20),
        "all ones": lambda: b"\xff" * (1 << 20),
        "jpeg: random after the header": lambda: still()[:200] + noise(50_000),
        "mp4: random after ftyp": lambda: clip()[:32] + noise(50_000),
        "matroska: random after the header": lambda: clip("matroska")[:60] + noise(50_000),
        "trailing megabyte": lambda: still() + noise(1 << 20),
    }


def _cut() -> Kinds:
    made: Kinds = {}
    for form in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "HEIF"):
        for share in (0.1, 0.5, 0.95):
            made[f"{form.lower()} cut at {share:.0%}"] = lambda form=form, share=share: _part(still(form), share)
    for form in ("mp4", "matroska", "avi", "mov", "mpegts"):
        codec = "libx264" if form == "mpegts" else "mpeg4"
        sound = "mp3" if form == "avi" else "aac"
        for share in (0.05, 0.5, 0.95):
            made[f"{form} cut at {share:.0%}"] = lambda form=form, share=share, codec=codec, sound=sound: _part(
                clip(form, codec=codec, sound=sound), share
            )
    for form, codec in (("wav", "pcm_s16le"), ("mp3", "mp3"), ("flac", "flac")):
        made[f"{form} cut in half"] = lambda form=form, codec=codec: _part(tone(form, codec), 0.5)
    for form in ("JPEG", "PNG", "WEBP", "HEIF"):
        made[f"{form.lower()} with flipped bits"] = lambda form=form: _flipped(still(form))
    made["mp4 with flipped bits"] = lambda: _flipped(clip())
    made["mp4: h264 with flipped bits in its frames"] = lambda: _flipped(clip(codec="libx264", seconds=3), start=2000)
    return made


def _part(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def _flipped(content: bytes, start: int = 0, count: int = 40) -> bytes:
    chance, broken = random.Random(len(content)), bytearray(content)
    for _ in range(count):
        broken[chance.randrange(min(start, len(broken) - 1), len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def _disguised() -> Kinds:
    page = b"<html><script>alert(1)</script><img src=http://example.invalid/x.png></html>"
    return {
        "jpeg and zip in one": lambda: still() + _zip({"a.txt": b"a"}),
        "gif and script in one": lambda: b"GIF89a/*" + still("GIF")[8:] + b"*/=1;alert(1)//",
        "pdf and jpeg in one": lambda: b"%PDF-1.4\n" + still(),
        "html as a picture": lambda: page,
        "svg as a picture": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        "postscript as a picture": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        "mvg as a picture": lambda: b"push graphic-context\nimage over 0,0 0,0 '|id'\npop graphic-context\n",
        "text as a picture": lambda: b"this is no picture\n" * 50,
    }


def _playlists() -> Kinds:
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n{}#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n"
    texts = {
        "hls to a sibling": hls.format("", "sibling.ts"),
        "hls to the outside": hls.format("", "/etc/passwd"),
        "hls to the network": hls.format("", "http://127.0.0.1:9/x.ts"),
        "hls with a key address": hls.format('#EXT-X-KEY:METHOD=AES-128,URI="/etc/passwd"\n', "x.ts"),
        "ffconcat": "ffconcat version 1.0\nfile /etc/passwd\n",
        "ffconcat after blank lines": "\n\n  ffconcat version 1.0\nfile sibling.mp4\n",
        "dash": "<?xml version='1.0'?><MPD><Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
        "pls": "[playlist]\nFile1=/etc/passwd\nNumberOfEntries=1\n",
        "asx": "<ASX version='3.0'><Entry><Ref href='file:///etc/passwd'/></Entry></ASX>",
        "rtsp redirect": "RTSPtext rtsp://127.0.0.1/x\n",
        "smil": "<smil><body><video src='/etc/passwd'/></body></smil>",
        "subtitles": "1\n00:00:00,000 --> 00:00:02,000\n<font>x</font>\n",
    }
    made: Kinds = {f"playlist: {name}": lambda text=text: text.encode() for name, text in texts.items()}
    made["playlist: hls with binary after it"] = lambda: texts["hls to a sibling"].encode() + clip()
    return made


# ---------------------------------------------------------------- pictures


def _png(*chunks: tuple[bytes, bytes], width: int = 8, height: int = 8, depth: int = 8, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), *chunks, (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _rows(width: int, height: int) -> tuple[bytes, bytes]:
    return b"IDAT", zlib.compress(bytes((width + 1) * height))


def _pictures() -> Kinds:
    good = _rows(8, 8)
    return {
        "png: bad checksum": lambda: _png(good)[:-8] + b"\x00\x00\x00\x00" + _png(good)[-4:],
        "png: no picture data": lambda: _png(),
        "png: chunk length beyond the file": lambda: _png(good)[:33] + b"\x7f\xff\xff\xffIDAT" + bytes(50),
        "png: two thousand million pixels a side": lambda: _png(good, width=2**31 - 1, height=2**31 - 1),
        "png: 30000 x 30000": lambda: _png((b"IDAT", zlib.compress(bytes(10_000))), width=30_000, height=30_000),
        "png: 12000 x 12000 of 16 bits, compressed zeros": lambda: _png(
            (b"IDAT", zlib.compress(bytes((2 * 12_000 + 1) * 12_000), 1)), width=12_000, height=12_000, depth=16
        ),
        "png: compressed text bomb": lambda: _png((b"zTXt", b"a\0\0" + zlib.compress(bytes(200 << 20), 1)), good),
        "png: colour profile bomb": lambda: _png((b"iCCP", b"a\0\0" + zlib.compress(bytes(200 << 20), 1)), good),
        "png: zero width": lambda: _png(good, width=0),
        "png: ten thousand text chunks": lambda: _png(*[(b"tEXt", b"a\0b")] * 10_000, good),
        "jpeg: 65535 x 65535": lambda: _resized_jpeg(65535, 65535),
        "jpeg: one row of 65535": lambda: _resized_jpeg(65535, 1),
        "jpeg: two thousand scans": _many_scans,
        "jpeg: marker of length 0": lambda: b"\xff\xd8\xff\xe1\x00\x00" + still()[2:],
        "jpeg: marker of length 1": lambda: b"\xff\xd8\xff\xe1\x00\x01" + still()[2:],
        "jpeg: marker longer than the file": lambda: b"\xff\xd8\xff\xe1\xff\xff" + still()[2:600],
        "jpeg: no end": lambda: still()[:-2],
        "jpeg: garbage maker note": lambda: _with_app1(b"Exif\0\0" + _tiff([(0x927C, 7, 4000, 26)]) + bytes(4000)),
        "tiff: strips outside the file": lambda: _tiff(_tiff_picture(offset=1 << 30)),
        "tiff: 100000 x 100000": lambda: _tiff(_tiff_picture(width=100_000, height=100_000)),
        "bmp: negative size": lambda: _bmp(-100, -100),
        "bmp: 60000 x 60000": lambda: _bmp(60_000, 60_000),
        "gif: twenty thousand frames": _many_frames,
        "gif: 65535 x 65535": lambda: (
            b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;"
        ),
        "webp: size lies": lambda: still("WEBP")[:4] + b"\xff\xff\xff\x7f" + still("WEBP")[8:],
        "psd: 30000 x 30000": lambda: (
            b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 30_000, 30_000, 8, 3) + bytes(14)
        ),
        "heic: box sizes lie": lambda: still("HEIF").replace(b"\x00\x00\x00", b"\x7f\xff\xff", 6),
        "jxl: header only": lambda: b"\xff\x0a" + bytes(100),
    }


def _resized_jpeg(width: int, height: int) -> bytes:
    content = bytearray(still())
    at = content.index(b"\xff\xc0") + 5
    struct.pack_into(">HH", content, at, height, width)
    return bytes(content)


def _many_scans() -> bytes:
    """A progressive JPEG of 64 megapixels that repeats one scan: little to read, much to decode."""
    image = Image.fromarray(np.zeros((8000, 8000), np.uint8))
    stream = io.BytesIO()
    image.save(stream, "JPEG", progressive=True, quality=30)
    content = stream.getvalue()
    start = content.rindex(b"\xff\xda")
    return content[:-2] + content[start:-2] * 2000 + content[-2:]


def _many_frames() -> bytes:
    frames = [Image.fromarray(np.full((8, 8), value % 7 * 30, np.uint8)) for value in range(40)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:], duration=10)
    content = stream.getvalue()
    start = content.index(b"\x21\xf9")
    return content[:start] + content[start:-1] * 500 + b";"


def _bmp(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 1 << 20, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)
    )


# ---------------------------------------------------------------- Exif and XMP


def _tiff(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    """Little-endian TIFF of one directory at 8; entries are tag, type, count, value."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


def _tiff_picture(width: int = 8, height: int = 8, offset: int = 8) -> list[tuple[int, int, int, int]]:
    return [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, offset), (278, 4, 1, height), (279, 4, 1, 64),
    ]  # fmt: skip


def _with_app1(payload: bytes) -> bytes:
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", min(65535, len(payload) + 2)) + payload[:65533] + still()[2:]


def _exif_of(*entries: tuple[int, int, int, int], extra: bytes = b"", following: int = 0) -> Callable[[], bytes]:
    return lambda: _with_app1(b"Exif\0\0" + _tiff(list(entries), following) + extra)


def _gps(latitude: bytes, reference: bytes = b"N\0\0\0") -> Callable[[], bytes]:
    """A GPS directory at 26 whose rationals follow it."""
    (letter,) = struct.unpack("<I", reference)
    directory = (
        struct.pack("<H", 2) + struct.pack("<HHII", 1, 2, 2, letter) + struct.pack("<HHII", 2, 5, 3, 56) + bytes(4)
    )
    return lambda: _with_app1(b"Exif\0\0" + _tiff([(0x8825, 4, 1, 26)]) + directory + latitude)


def _exif() -> Kinds:
    def rationals(*numbers: int) -> bytes:
        return struct.pack(f"<{len(numbers)}I", *numbers)

    def date(text: bytes) -> Callable[[], bytes]:
        return _exif_of((0x0132, 2, len(text), 26), extra=text)

    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9)
    )
    xmp = b"http://ns.adobe.com/xap/1.0/\0"
    return {
        "exif: directory that points to itself": _exif_of((0x0112, 3, 1, 1), following=8),
        "exif: two directories that point to each other": lambda: _with_app1(
            b"Exif\0\0" + _tiff([(0x0112, 3, 1, 1)], following=26) + struct.pack("<H", 0) + struct.pack("<I", 8)
        ),
        "exif: 65535 entries": lambda: _with_app1(b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(2000)),
        "exif: offset beyond everything": lambda: _with_app1(b"Exif\0\0II*\0\xff\xff\xff\xff"),
        "exif: count that overflows": _exif_of((0x010F, 2, 0xFFFFFFFF, 26)),
        "exif: type 0": _exif_of((0x010F, 0, 1, 0)),
        "exif: type 255": _exif_of((0x010F, 255, 9, 0)),
        "exif: thumbnail outside": _exif_of((0x0201, 4, 1, 1 << 30), (0x0202, 4, 1, 1 << 30)),
        "exif: orientation 77": _exif_of((0x0112, 3, 1, 77)),
        "exif: text of 60000 bytes": lambda: _with_app1(b"Exif\0\0" + _tiff([(0x010E, 2, 60_000, 26)]) + b"A" * 60_000),
        "exif: control, markup and bidi text": date(b"\x1b[31m<script>=cmd()\xe2\x80\xaegpj.exe\x00\xff\xfe"),
        "exif: date of zeros": date(b"0000:00:00 00:00:00\0"),
        "exif: year 9999": date(b"9999:12:31 23:59:59\0"),
        "exif: 30 February": date(b"2023:02:30 12:00:00\0"),
        "exif: second 60": date(b"2016:12:31 23:59:60\0"),
        "exif: blank date": date(b"                   \0"),
        "gps: denominators of 0": _gps(rationals(35, 0, 41, 0, 30, 0)),
        "gps: 0/0": _gps(rationals(0, 0, 0, 0, 0, 0)),
        "gps: out of range": _gps(rationals(4_000_000_000, 1, 99, 1, 99, 1)),
        "gps: bad reference": _gps(rationals(35, 1, 41, 1, 30, 1), b"Q\0\0\0"),
        "gps: null island": _gps(rationals(0, 1, 0, 1, 0, 1)),
        "xmp: external entity": lambda: _with_app1(
            xmp
            + b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&e;</x:xmpmeta>"
        ),
        "xmp: billion laughs": lambda: _with_app1(
            xmp + bomb + b"]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&j;</x:xmpmeta>"
        ),
        "xmp: ten thousand levels": lambda: _with_app1(xmp + b"<a>" * 10_000),
        "xmp: sixty kilobytes of nothing": lambda: _with_app1(xmp + b" " * 60_000),
        "xmp: provenance that phones home": lambda: _with_app1(
            xmp
            + b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
            b"<rdf:Description xmlns:dcterms='http://purl.org/dc/terms/' dcterms:provenance='http://127.0.0.1:9/m'/>"
            b"</rdf:RDF></x:xmpmeta>"
        ),
        "jumbf: boxes that lie": lambda: (
            b"\xff\xd8\xff\xeb\x00\x20JP\0\1\0\0\0\1\x7f\xff\xff\xffjumb" + bytes(12) + still()[2:]
        ),
        "iptc: garbage": lambda: (
            b"\xff\xd8\xff\xed\x00\x30Photoshop 3.0\x008BIM\x04\x04\0\0\xff\xff\xff\xff" + bytes(20) + still()[2:]
        ),
        "mpf: garbage": lambda: b"\xff\xd8\xff\xe2\x00\x20MPF\0II*\0\x08\0\0\0\xff\xff" + bytes(14) + still()[2:],
        "icc: garbage": lambda: b"\xff\xd8\xff\xe2\x00\x20ICC_PROFILE\0\1\1" + b"\xff" * 16 + still()[2:],
    }


# ---------------------------------------------------------------- boxes and other containers


def _box(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", 8 + len(body) if size is None else size) + name + body


FTYP = _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")


def _patched(name: bytes, at: int, value: bytes, content: bytes | None = None) -> Callable[[], bytes]:
    """A clip in which bytes of the first box of that name, counted from its type, are replaced."""

    def make() -> bytes:
        whole = bytearray(content or clip())
        start = whole.index(name) + 4 + at
        whole[start : start + len(value)] = value
        return bytes(whole)

    return make


def _nested(levels: int) -> bytes:
    content = b""
    for _ in range(levels):
        content = _box(b"udta", content)
    return content


def _boxes() -> Kinds:
    many = _box(b"trak", _box(b"tkhd", bytes(84)))
    return {
        "mp4: no moov": lambda: FTYP + _box(b"mdat", bytes(10_000)),
        "mp4: moov cut": lambda: (whole := clip())[: whole.index(b"moov") + 100],
        "mp4: mdat zeroed": lambda: (
            (whole := clip())[:40] + bytes(whole.index(b"moov") - 44) + whole[whole.index(b"moov") - 4 :]
        ),
        "mp4: box of size 0 in the middle": lambda: FTYP + _box(b"free", bytes(100), 0) + clip()[32:],
        "mp4: box of size 4": lambda: FTYP + _box(b"moov", bytes(100), 4),
        "mp4: box of size 2^63": lambda: FTYP + b"\0\0\0\1moov" + struct.pack(">Q", 1 << 63) + bytes(100),
        "mp4: box of size 2^32-1": lambda: FTYP + _box(b"moov", bytes(100), 0xFFFFFFFF),
        "mp4: twenty thousand nested boxes": lambda: FTYP + _box(b"moov", _nested(20_000)),
        "mp4: five thousand tracks": lambda: FTYP + _box(b"moov", many * 5000),
        "mp4: timescale 0": _patched(b"mvhd", 12, bytes(4)),
        "mp4: media timescale 0": _patched(b"mdhd", 12, bytes(4)),
        "mp4: duration 2^32-1": _patched(b"mvhd", 16, b"\xff" * 4),
        "mp4: media duration 2^32-1": _patched(b"mdhd", 16, b"\xff" * 4),
        "mp4: creation time 0": _patched(b"mvhd", 4, bytes(8)),
        "mp4: creation time at its most": _patched(b"mvhd", 4, b"\xff" * 8),
        "mp4: stts counts overflow": _patched(b"stts", 4, b"\xff" * 8),
        "mp4: stsz counts overflow": _patched(b"stsz", 8, b"\xff" * 4),
        "mp4: sizes of samples beyond the file": _patched(b"stsz", 12, b"\x7f\xff\xff\xff" * 3),
        "mp4: offsets beyond the file": _patched(b"stco", 8, b"\x7f\xff\xff\xff"),
        "mp4: 65535 x 65535": lambda: _patched(b"mp4v", 24, b"\xff\xff\xff\xff")(),
        "mp4: rotation by nonsense": _patched(b"tkhd", 40, b"\x7f" * 36),
        "mp4: place of nonsense": lambda: (
            clip() + _box(b"moov", _box(b"udta", _box(b"\xa9xyz", b"\0\x10\x15\xc7+999.9-999.9//")))
        ),
        "mp4: external reference": lambda: clip().replace(b"url \0\0\0\1", b"url \0\0\0\0", 1),
        "mp4: file reference alias": lambda: clip().replace(b"\0\0\0\x0curl \0\0\0\1", b"\0\0\0\x0calis\0\0\0\0", 1),
        "mov: reference movie": lambda: _box(
            b"moov", _box(b"rmra", _box(b"rmda", _box(b"rdrf", b"\0\0\0\0url \0\0\0\x0cfile:///etc")))
        ),
        "matroska: unknown sizes": lambda: (
            b"\x1aE\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xff" + b"\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff" * 100
        ),
        "matroska: deep nesting": lambda: clip("matroska")[:40] + b"\x18S\x80g\xff" * 5000,
        "matroska: duration that is no number": lambda: clip("matroska").replace(
            b"D\x89\x88", b"D\x89\x88\x7f\xf8\0\0\0\0\0\0", 1
        ),
        "avi: size 0": lambda: (whole := clip("avi", sound="mp3"))[:4] + bytes(4) + whole[8:],
        "avi: frame rate 1/0": lambda: clip("avi", sound="mp3").replace(b"strhvids", b"strhvids" + bytes(24), 1),
        "wav: size lies": lambda: (
            (whole := tone())[:4] + b"\xff\xff\xff\x7f" + whole[8:40] + b"\xff\xff\xff\x7f" + whole[44:]
        ),
        "wav: 0 channels": lambda: (whole := tone())[:22] + bytes(2) + whole[24:],
        "wav: 65535 channels at 4 GHz": lambda: (whole := tone())[:22] + b"\xff" * 6 + whole[28:],
        "transport stream: sync bytes only": lambda: (b"G" + bytes(187)) * 500,
        "asf: header only": lambda: bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\xff" * 200,
        "flv: header only": lambda: b"FLV\x01\x05\0\0\0\x09" + b"\xff" * 300,
        "ogg: pages without end": lambda: b"OggS\0\2" + bytes(20) + b"\xff" * 5000,
        "mp3: sync words only": lambda: b"\xff\xfb\x90\x00" * 5000,
        "aac: sync words only": lambda: b"\xff\xf1\x50\x80\x02\x1f\xfc" * 3000,
        "gpmf: deep": lambda: b"DEVC\0\1\xff\xff" * 3000,
    }


def _zip(members: dict[str, bytes], level: int = 9) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _others() -> Kinds:
    return {
        "zip: bomb": lambda: _zip({f"{number}": bytes(50 << 20) for number in range(4)}, 1),
        "zip: nested": lambda: _zip({"a.zip": _zip({"b.zip": _zip({"c.txt": b"c"})})}),
        "zip: climbs out": lambda: _zip({"../../outside.jpg": still(), "/etc/x.jpg": still(), "a\\..\\b.jpg": still()}),
        "zip: directory lies": lambda: _zip({"a": b"a"})[:-10] + b"\xff" * 10,
        "zip: twenty thousand members": lambda: _zip({f"{number}.jpg": b"" for number in range(20_000)}, 1),
        "gzip: bomb": lambda: gzip.compress(bytes(200 << 20), 1),
        "json: deep": lambda: b"[" * 100_000,
        "json: numbers without end": lambda: b'{"a":' + b"9" * 200_000 + b"}",
        "json: broken": lambda: b'{"title": "x", "photoTakenTime": {"timestamp": "9e999"}, ',
        "xml: external entity": lambda: (
            b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><gpx>&e;</gpx>"
        ),
        "gpx: deep": lambda: b"<gpx>" + b"<trk>" * 50_000,
        "csv: formulas": lambda: b"name,time\n=cmd|' /C calc'!A0,@SUM(1)\n" * 100,
        "text: utf-16": lambda: "یادداشت ".encode("utf-16") * 100,
        "text: a megabyte in one line": lambda: b"a," * (1 << 19),
        "pdf: header only": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 4,
    }
