"""A playlist or a reference makes FFmpeg decode another file. Here it must not.

Each case is first shown to work on a plain `av.open`, so that the refusal is not for another reason.
"""

from __future__ import annotations

import struct
from pathlib import Path

import av
import pytest

from tests.media.making import clip
from verifier.errors import Corrupt, Unsupported
from verifier.media import frames, probe
from verifier.media.sniff import sniff
from verifier.media.source import VaultSource
from verifier.records import Kind

SIBLING_SECONDS = 2.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sibling.mp4").write_bytes(clip(seconds=SIBLING_SECONDS, sound=None))
    (tmp_path / "sibling.ts").write_bytes(clip("mpegts", seconds=SIBLING_SECONDS, codec="libx264", sound=None))
    return tmp_path


def plainly_decoded(path: Path, **options: str) -> int:
    with av.open(str(path), options=options) as container:
        return sum(1 for _ in container.decode(video=0))


def refused_everywhere(path: Path) -> None:
    """Not a recording by its bytes, and not decoded even where it is claimed to be one."""
    head = path.read_bytes()
    kind, _ = sniff(head, len(head))
    assert kind in (Kind.DOCUMENT, Kind.SIDECAR)
    for media_type in probe.DEMUXERS:
        with pytest.raises((Corrupt, Unsupported)):
            list(frames.watch(VaultSource(path), media_type))
        try:
            facts = probe.probe(VaultSource(path), media_type)
        except Corrupt:
            continue
        assert facts.container == probe.whitelisted(probe.DEMUXERS[media_type]).split(",")[0]
        assert not [stream for stream in facts.streams if stream.kind == "video"]


@pytest.mark.parametrize("name", ["VID_0001.mp4", "evidence.ffconcat", "no_extension"])
def test_a_concat_script_does_not_show_its_neighbour(folder: Path, name: str) -> None:
    script = folder / name
    script.write_text("ffconcat version 1.0\nfile sibling.mp4\n")
    assert plainly_decoded(script) == 20
    assert plainly_decoded(script, protocol_whitelist="file") == 20  # the usual advice is not enough
    refused_everywhere(script)


def test_an_hls_playlist_does_not_show_its_neighbour(folder: Path) -> None:
    playlist = folder / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\nsibling.ts\n#EXT-X-ENDLIST\n")
    assert plainly_decoded(playlist) == 20
    refused_everywhere(playlist)


def test_our_options_and_not_another_obstacle_refuse_a_playlist(folder: Path) -> None:
    """With the demuxer left open, the whitelist alone refuses; without it, the same call decodes the neighbour."""
    script = folder / "VID_0002.mp4"
    script.write_text("ffconcat version 1.0\nfile sibling.mp4\n")
    with av.open(str(script)) as container:
        assert "concat" in container.format.name
    with pytest.raises(av.error.FFmpegError):
        av.open(str(script), options={"format_whitelist": probe.whitelisted("mov")})


def test_a_track_that_refers_outside_shows_nothing_of_it(folder: Path) -> None:
    """QuickTime's `dref` may name another file that holds the samples."""
    whole = (folder / "sibling.mp4").read_bytes()
    referring = folder / "referring.mov"
    referring.write_bytes(_with_external_reference(whole, b"sibling.mp4"))
    assert plainly_decoded(referring, enable_drefs="1") == 20
    head = referring.read_bytes()
    assert sniff(head, len(head))[0] is Kind.VIDEO
    with pytest.raises(Corrupt):
        list(frames.watch(VaultSource(referring), "video/quicktime"))


def _with_external_reference(whole: bytes, name: bytes) -> bytes:
    """The file's header alone, its data reference turned into an alias of `name` in the same folder."""
    offset, boxes = 0, {}
    while offset < len(whole):
        (size,) = struct.unpack_from(">I", whole, offset)
        boxes[whole[offset + 4 : offset + 8]] = whole[offset : offset + size]
        offset += size
    old = b"\x00\x00\x00\x0curl \x00\x00\x00\x01"
    moov = boxes[b"moov"]
    assert moov.count(old) == 1
    # an alias record, version 2 (Inside Macintosh: Files), as FFmpeg's mov_read_dref reads it
    body = b"\x00" * 4 + struct.pack(">HH", 150, 2) + b"\x00" * 2  # user type, size, version, kind
    body += bytes([0]) + b"\x00" * 27  # volume name
    body += b"\x00" * 12  # dates, file system, disk type
    body += bytes([len(name)]) + name.ljust(63, b"\x00")
    body += b"\x00" * 16
    body += struct.pack(">hh", 1, 1) + b"\x00" * 16  # levels up from, down to
    encoded = name + (b"\x00" if len(name) % 2 else b"")
    body += struct.pack(">hH", 2, len(name)) + encoded + struct.pack(">hH", -1, 0)
    new = struct.pack(">I4sI", 12 + len(body), b"alis", 0) + bytes(body)
    grown = moov.replace(old, new)
    delta = len(new) - len(old)
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = grown.index(kind) - 4
        (size,) = struct.unpack_from(">I", grown, at)
        grown = grown[:at] + struct.pack(">I", size + delta) + grown[at + 4 :]
    return boxes[b"ftyp"] + grown
