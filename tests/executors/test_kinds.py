"""Kinds that recorders and older programs write are decoded like any other, by the whole registry."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from tests.media.making import clip, exhibit, still, stored, tone
from verifier.executors.examine import Finished, examine
from verifier.executors.registry import load
from verifier.instruments import Job
from verifier.media.source import SourceBehind, VaultSource, from_beginning
from verifier.records import Derivative, Fingerprint, Reading


def answers(folder: Path, content: bytes) -> list[Finished]:
    registry, subject = load(), exhibit(content)
    names = tuple(instrument.name for instrument in registry.for_exhibit(subject.kind, subject.media_type))
    wanted = Job(exhibit=subject, path=str(stored(folder, content)), instruments=names)
    return [step for step in examine(wanted, VaultSource(wanted.path), registry) if isinstance(step, Finished)]


def dahua(*pictures: bytes) -> bytes:
    """Frames as libavformat's dhavdec reads them: head of 24 bytes, extensions (codec, size), picture, tail of 8."""
    frames = b""
    for number, picture in enumerate(pictures):
        extension = bytes([0x81, 0, 2, 25])  # H.264 at 25 pictures a second
        length = 24 + len(extension) + len(picture) + 8
        head = b"DHAV" + bytes([0xFD if number == 0 else 0xFC, 0, 0, 0]) + struct.pack("<II", number, length)
        head += struct.pack("<IH", 0x5A8A2A4C + number, 40 * number) + bytes([len(extension), 0])
        frames += head + extension + picture + b"dhav" + struct.pack("<I", length)
    return frames


def pictures_of(stream: bytes) -> list[bytes]:
    """An H.264 byte stream, one picture each."""
    import av

    with av.open(io.BytesIO(stream), format="h264") as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


H264 = clip("h264", codec="libx264", sound=None, seconds=1.0)


@pytest.mark.parametrize(
    "content",
    [
        H264,
        clip("hevc", codec="libx265", sound=None, seconds=1.0),
        clip("ivf", codec="libvpx", sound=None, seconds=1.0),
        clip("mpegts", codec="libx264", seconds=1.0)[87:],
        dahua(*pictures_of(H264)),
        tone("au", "pcm_s16be"),
        tone("adts", "aac"),
        still("JPEG2000", 96, 64),
        still("ICO", 64, 64),
        bytes(16) + still("JPEG"),
        b"\x07garbage" * 20 + still("PNG"),
        bytes(16) + clip("mp4", seconds=1.0),
    ],
    ids=["h264", "hevc", "ivf", "cut-ts", "dahua", "au", "adts", "jp2", "ico", "zeros", "garbage", "zeros-mp4"],
)
def test_every_instrument_is_done_and_something_was_seen_or_heard(tmp_path: Path, content: bytes) -> None:
    found = answers(tmp_path, content)
    assert found
    assert [(answer.instrument, answer.faults) for answer in found if answer.faults] == []
    made = [record for answer in found for record in answer.records]
    assert any(isinstance(record, Reading) for record in made)
    assert any(isinstance(record, Fingerprint | Derivative) for record in made)


def test_bytes_before_a_file_are_told_and_change_nothing_else(tmp_path: Path) -> None:
    plain, padded = answers(tmp_path, still()), answers(tmp_path, bytes(16) + still())
    of_padded = {answer.instrument: answer.records for answer in padded}
    for answer in plain:
        if answer.instrument != "leading":
            assert of_padded[answer.instrument] == answer.records, answer.instrument
    said = {item.key: item.value for item in of_padded["leading"] if isinstance(item, Reading)}
    assert said == {"file:leading_bytes": 16, "file:leading_kind": "zeros"}


def test_a_source_behind_bytes_reads_seeks_and_ends_like_a_file(tmp_path: Path) -> None:
    content = still("PNG")
    source = from_beginning(VaultSource(stored(tmp_path, bytes(16) + content)))
    assert isinstance(source, SourceBehind)
    assert (source.size, source.head) == (len(content), content[: 1 << 16])
    with source.open() as stream:
        assert stream.read() == content
        assert stream.seek(-4, 2) == len(content) - 4
        assert stream.read() == content[-4:]
        assert stream.seek(8) == 8 and stream.tell() == 8
        assert stream.read(8) == content[8:16]
        with pytest.raises(ValueError):
            stream.seek(-1)
    whole = VaultSource(stored(tmp_path, content))
    assert from_beginning(whole) is whole
