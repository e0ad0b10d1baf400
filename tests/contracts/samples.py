"""Small exhibits of many kinds, made in memory, that every instrument meets in its contract."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache

from PIL import Image

from tests.media.making import clip, scene, still, tone


@cache
def exhibits() -> dict[str, bytes]:
    """Name -> bytes. Every one is whole; truncations and flipped bits are the tests' work."""
    return {
        "jpeg": _described("JPEG", quality=80),
        "jpeg progressive": still("JPEG", progressive=True),
        "jpeg tiny": still("JPEG", 8, 8, quality=30),
        "jpeg cmyk": still("JPEG", mode="CMYK"),
        "png": _described("PNG"),
        "png tiny": still("PNG", 4, 4),
        "png grey with alpha": still("PNG", mode="LA"),
        "webp": _described("WEBP"),
        "gif": still("GIF", mode="P"),
        "tiff": still("TIFF", 32, 32),
        "bmp": still("BMP", 12, 12),
        "avif": still("AVIF", 48, 32, speed=10),
        "heic": still("HEIF", 48, 32),
        "mp4": clip("mp4"),
        "mp4 fragmented": clip("mp4", codec="libx264", sound=None, options={"movflags": "frag_keyframe+empty_moov"}),
        "mov": clip("mov"),
        "matroska": clip("matroska"),
        "avi": clip("avi", sound="mp3"),
        "transport stream": clip("mpegts", codec="libx264"),
        "asf": clip("asf", codec="wmv2", sound="mp3"),
        "wav": tone("wav"),
        "mp3": tone("mp3", "mp3"),
        "ogg": tone("ogg", "libopus", rate=48000),
        "flac": tone("flac", "flac"),
        "m4a": tone("mp4", "aac"),
        "json": json.dumps({"title": "IMG_0042.jpg", "photoTakenTime": {"timestamp": "1700000000"}}).encode(),
        "csv": b"name,time\nIMG_0042.jpg,2024-01-02T03:04:05Z\n",
        "text": "یک یادداشت: 12/3/2024, 14:05 - A: IMG-20240312-WA0001.jpg (file attached)\n".encode(),
        "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        b"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>",
        "sony": (
            b'<?xml version="1.0" encoding="UTF-8"?><NonRealTimeMeta xmlns="urn:schemas-professionalDisc:'
            b'nonRealTimeMeta:ver.2.00"><CreationDate value="2023-05-04T10:11:12+03:30"/>'
            b'<Device manufacturer="Sony" modelName="ILCE-7M4" serialNo="0123"/></NonRealTimeMeta>'
        ),
        "zip": _archive(),
        "telegram page": (
            b'<!DOCTYPE html><html><body><div class="page_wrap"><div class="history">'
            b'<div class="message" id="message1">'
            b'<div class="date details" title="05.03.2023 10:11:12 UTC+03:30"></div><a href="photos/photo_1.jpg"></a>'
            b"</div></div></div></body></html>"
        ),
        "nothing known": bytes(range(256)) * 4,
    }


def _described(form: str, **options: object) -> bytes:
    """A picture with Exif: maker, time, orientation, position."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x0132] = "Maker", "Model", 6, "2024:05:06 07:08:09"
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (35.0, 41.0, 30.0), "E", (51.0, 25.0, 12.0)
    stream = io.BytesIO()
    Image.fromarray(scene()).save(stream, form, exif=exif.tobytes(), **options)
    return stream.getvalue()


def _archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("chat/IMG-20240312-WA0001.jpg", still(width=16, height=16))
        archive.writestr("chat/_chat.txt", "12/3/2024, 14:05 - A: hello\n")
    return stream.getvalue()
