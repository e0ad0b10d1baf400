"""Magic bytes decide; text is never a recording."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.making import clip, still, tone
from verifier.media.sniff import leading_bytes, sniff
from verifier.records import Kind


def look(content: bytes) -> tuple[Kind, str]:
    return sniff(content[: 1 << 16], len(content), content[-(1 << 16) :])


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp"),
        ("TIFF", "image/tiff"), ("BMP", "image/bmp"), ("AVIF", "image/avif"), ("HEIF", "image/heic"),
    ],
)  # fmt: skip
def test_stills(form: str, media_type: str) -> None:
    assert look(still(form)) == (Kind.PHOTO, media_type)


@pytest.mark.parametrize(
    ("form", "codec", "sound", "media_type"),
    [
        ("mp4", "mpeg4", "aac", "video/mp4"),
        ("mov", "mpeg4", "aac", "video/quicktime"),
        ("3gp", "mpeg4", "aac", "video/3gpp"),
        ("matroska", "mpeg4", "aac", "video/x-matroska"),
        ("webm", "libvpx", None, "video/webm"),
        ("avi", "mpeg4", "mp3", "video/x-msvideo"),
        ("mpegts", "libx264", "aac", "video/mp2t"),
        ("flv", "flv", None, "video/x-flv"),
        ("asf", "wmv2", "mp3", "video/x-ms-asf"),
    ],
)
def test_recordings(form: str, codec: str, sound: str | None, media_type: str) -> None:
    assert look(clip(form, codec=codec, sound=sound)) == (Kind.VIDEO, media_type)


@pytest.mark.parametrize(
    ("form", "codec", "rate", "media_type"),
    [
        ("wav", "pcm_s16le", 16000, "audio/x-wav"),
        ("mp3", "mp3", 16000, "audio/mpeg"),
        ("adts", "aac", 16000, "audio/aac"),
        ("ogg", "libopus", 48000, "audio/ogg"),
        ("flac", "flac", 16000, "audio/flac"),
        ("mp4", "aac", 16000, "audio/mp4"),
        ("ipod", "aac", 16000, "audio/mp4"),
        ("asf", "mp3", 16000, "audio/x-ms-wma"),
        ("aiff", "pcm_s16be", 16000, "audio/x-aiff"),
    ],
)
def test_sounds(form: str, codec: str, rate: int, media_type: str) -> None:
    assert look(tone(form, codec, rate=rate)) == (Kind.AUDIO, media_type)


def test_a_quicktime_file_may_begin_with_any_of_its_boxes() -> None:
    whole = clip("mov", sound=None)
    without = whole[struct.unpack(">I", whole[:4])[0] :]
    for head in (without, box(b"wide", b"") + without, box(b"free", b"x" * 40) + without):
        assert look(head) == (Kind.VIDEO, "video/quicktime")


def test_a_broadcast_stream_with_time_codes() -> None:
    plain = clip("mpegts", codec="libx264", sound=None)
    stamped = b"".join(b"\x01\x02\x03\x04" + plain[at : at + 188] for at in range(0, len(plain) - 187, 188))
    assert look(stamped) == (Kind.VIDEO, "video/mp2t")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"II*\0\x10\0\0\0CR\x02\0" + bytes(64), "image/x-canon-cr2"),
        (box(b"ftyp", b"crx \0\0\0\1crx isom"), "image/x-canon-cr3"),
        (b"FUJIFILMCCD-RAW 0201" + bytes(64), "image/x-fuji-raf"),
        (b"IIU\0\x18\0\0\0" + bytes(64), "image/x-panasonic-rw2"),
        (b"IIRO\x08\0\0\0" + bytes(64), "image/x-olympus-orf"),
        (b"II*\0\x08\0\0\0\1\0\x12\xc6\1\0\4\0\0\0\1\4\0\0" + bytes(64), "image/x-adobe-dng"),
        (b"MM\0*\0\0\0\x08\0\2\1\x0f\0\2\0\0\0\x12\0\0\0\xa0\1\x4a\0\4\0\0\0\2NIKON" + bytes(9), "image/x-nikon-nef"),
        (b"\xff\x0a" + bytes(40), "image/jxl"),
        (b"8BPS\0\1" + bytes(40), "image/vnd.adobe.photoshop"),
    ],
)  # fmt: skip
def test_cameras_and_others(content: bytes, media_type: str) -> None:
    assert look(content) == (Kind.PHOTO, media_type)


def test_archives_and_documents() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        made.addfile(tarfile.TarInfo("a"), io.BytesIO())
    assert look(archive("a.jpg")) == (Kind.ARCHIVE, "application/zip")
    assert look(stream.getvalue()) == (Kind.ARCHIVE, "application/x-tar")
    assert look(b"\x1f\x8b\x08" + bytes(20)) == (Kind.ARCHIVE, "application/gzip")
    assert look(b"7z\xbc\xaf\x27\x1c" + bytes(20)) == (Kind.ARCHIVE, "application/x-7z-compressed")
    assert look(b"Rar!\x1a\x07\x01\x00" + bytes(20)) == (Kind.ARCHIVE, "application/vnd.rar")
    assert look(b"%PDF-1.7\n" + bytes(20)) == (Kind.DOCUMENT, "application/pdf")
    kind, media_type = look(archive("[Content_Types].xml", "word/document.xml"))
    assert kind is Kind.DOCUMENT and media_type.endswith("wordprocessingml.document")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', (Kind.SIDECAR, "application/json")),
        ("\ufeff[1, 2]", (Kind.SIDECAR, "application/json")),
        ("name,time\na,b\nc,d\n", (Kind.SIDECAR, "text/csv")),
        ("یک یادداشت درباره‌ی ویدیو", (Kind.SIDECAR, "text/plain")),
        ("<?xml version='1.0'?><gpx></gpx>", (Kind.SIDECAR, "application/gpx+xml")),
        ("<x:xmpmeta xmlns:x='adobe:ns:meta/'>", (Kind.SIDECAR, "application/rdf+xml")),
        ("<!DOCTYPE html><html>", (Kind.DOCUMENT, "text/html")),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", (Kind.DOCUMENT, "image/svg+xml")),
        ("#EXTM3U\n#EXTINF:2,\nx.ts\n", (Kind.DOCUMENT, "text/x-playlist")),
        ("  \nffconcat version 1.0\nfile x.mp4", (Kind.DOCUMENT, "text/x-playlist")),
        ("%!PS-Adobe-3.0", (Kind.DOCUMENT, "application/postscript")),
        ("-----BEGIN PGP SIGNATURE-----\n", (Kind.SIDECAR, "application/pgp-signature")),
    ],
)
def test_text(text: str, expected: tuple[Kind, str]) -> None:
    assert look(text.encode()) == expected


def test_text_in_other_codes() -> None:
    assert look("یادداشت ".encode("utf-16"))[0] is Kind.SIDECAR
    assert look("Привет, это заметка о видео 2024-01-02 12:00".encode("cp1251"))[0] in (Kind.SIDECAR, Kind.OTHER)
    long = ("é" * 40_000).encode()  # the head may end within a letter
    assert sniff(long[: (1 << 16) - 1], len(long))[0] is Kind.SIDECAR


def test_nothing_and_noise() -> None:
    assert look(b"") == (Kind.OTHER, "application/x-empty")
    assert look(bytes(5000)) == (Kind.OTHER, "application/octet-stream")
    assert look(b"DEVC\0\1\0\0" + bytes(64)) == (Kind.OTHER, "application/x-gpmf")


PRINTABLE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], include_characters="\n\t"))


@given(PRINTABLE)
def test_text_is_never_a_picture_or_a_recording(text: str) -> None:
    kind, _ = look(text.encode())
    assert kind not in (Kind.VIDEO, Kind.AUDIO) or text.encode()[:2] in (b"BM",)


@given(st.sampled_from(["#EXTM3U", "ffconcat version 1.0", "v=0\r\n", "[playlist]", "<ASX>"]), st.binary(max_size=400))
def test_a_playlist_is_one_whatever_follows(start: str, rest: bytes) -> None:
    kind, _ = look(start.encode() + b"\n" + rest)
    assert kind is Kind.DOCUMENT


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind(content: bytes) -> None:
    kind, media_type = look(content)
    assert isinstance(kind, Kind) and "/" in media_type


def raw(codec: str, form: str) -> bytes:
    return clip(form, codec=codec, sound=None, seconds=1.0)


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (raw("libx264", "h264"), (Kind.VIDEO, "video/h264")),
        (raw("libx265", "hevc"), (Kind.VIDEO, "video/h265")),
        (bytes.fromhex("000001b30a007823ffffe0a0") + bytes(64), (Kind.VIDEO, "video/mpv")),
        (raw("mpeg4", "m4v"), (Kind.VIDEO, "video/mp4v-es")),
        (raw("libvpx", "ivf"), (Kind.VIDEO, "video/x-ivf")),
        (tone("au", "pcm_s16be"), (Kind.AUDIO, "audio/basic")),
        (tone("adts", "aac"), (Kind.AUDIO, "audio/aac")),
        (tone("mp3", "mp3"), (Kind.AUDIO, "audio/mpeg")),
        (still("JPEG2000"), (Kind.PHOTO, "image/jp2")),
        (still("ICO", 32, 32), (Kind.PHOTO, "image/x-icon")),
        (b"\x7fELF" + bytes(100), (Kind.OTHER, "application/x-executable")),
    ],
    ids=lambda value: str(value[1]) if isinstance(value, tuple) else "",
)
def test_streams_without_a_container_and_rarer_kinds(content: bytes, answer: tuple[Kind, str]) -> None:
    assert look(content) == answer


@pytest.mark.parametrize("cut", [1, 4, 87, 187, 188 + 31])
def test_a_transport_stream_that_begins_inside_a_packet(cut: int) -> None:
    whole = clip("mpegts", codec="libx264")
    assert look(whole[cut:]) == (Kind.VIDEO, "video/mp2t")


def test_a_transport_stream_with_bytes_behind_or_before_each_packet() -> None:
    whole = clip("mpegts", codec="libx264")
    packets = [whole[at : at + 188] for at in range(0, len(whole) - 187, 188)]
    assert look(b"".join(packet + bytes(16) for packet in packets)) == (Kind.VIDEO, "video/mp2t")
    assert look(b"".join(bytes(4) + packet for packet in packets)[77:]) == (Kind.VIDEO, "video/mp2t")


@pytest.mark.parametrize("before", [bytes(1), bytes(16), bytes(5000), b"\x01garbage\x02" * 9, b"\xff" * 512])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_behind_bytes_that_do_not_belong_to_it(before: bytes, form: str) -> None:
    content = still(form, exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00") if form == "JPEG" else still(form)
    assert look(before + content) == look(content)
    assert leading_bytes((before + content)[: 1 << 16], len(before + content)) == len(before)
    assert leading_bytes(content[: 1 << 16], len(content)) == 0


def test_a_movie_behind_zeros() -> None:
    content = clip("mp4")
    assert look(bytes(16) + content) == (Kind.VIDEO, "video/mp4")
    assert leading_bytes((bytes(16) + content)[: 1 << 16], len(content) + 16) == 16


def test_a_picture_deep_inside_unknown_bytes_is_not_the_file() -> None:
    assert look(b"\x01\x02\x03\xfe" * 2000 + still("PNG")) == (Kind.OTHER, "application/octet-stream")


@given(st.binary(min_size=1, max_size=400))
def test_start_codes_alone_make_no_recording(body: bytes) -> None:
    kind, media_type = look(b"\x00\x00\x00\x01" + body.replace(b"\x00\x00\x01", b"\x01"))
    assert media_type not in ("video/h264", "video/h265"), (kind, body)
