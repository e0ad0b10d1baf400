"""A recording's length by its packets, and what edit lists hide: also of files whose headers say other things."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from tests.media.making import clip
from tests.metadata.reading import Held, box, full, hdlr, mdhd, mvhd, read, tkhd, values
from verifier.errors import Corrupt
from verifier.instruments import Picture
from verifier.media.frames import watch
from verifier.media.measure import measured
from verifier.media.probe import opened
from verifier.media.structure.movie import data_without_index, edits
from verifier.metadata.containers import boxes, container


def elst(*entries: tuple[int, int]) -> bytes:
    return full("elst", struct.pack(">I", len(entries)), *(struct.pack(">Iii", *entry, 1 << 16) for entry in entries))


def track(*entries: tuple[int, int], kind: bytes = b"vide", length: int = 12000) -> bytes:
    return box("trak", tkhd(), box("edts", elst(*entries)), box("mdia", mdhd(length=length), hdlr(kind)))


def movie(*tracks: bytes) -> bytes:
    return box("ftyp", b"isom", bytes(4)) + box("mdat", bytes(32)) + box("moov", mvhd(length=4000), *tracks)


@pytest.mark.parametrize(
    ("form", "codec", "sound"),
    [("mp4", "mpeg4", "aac"), ("matroska", "mpeg4", "aac"), ("mpegts", "libx264", "mp2"), ("avi", "mpeg4", "mp3"),
     ("flv", "flv1", None)],
)  # fmt: skip
def test_every_container_is_measured(form: str, codec: str, sound: str | None) -> None:
    media_type = {"mp4": "video/mp4", "matroska": "video/x-matroska", "mpegts": "video/mp2t", "avi": "video/x-msvideo",
                  "flv": "video/x-flv"}[form]  # fmt: skip
    found = measured(Held(clip(form, codec=codec, sound=sound, seconds=3.0)), media_type)
    assert found is not None
    assert found.seconds == pytest.approx(3.0, abs=0.2)
    assert not found.broken


def test_a_clock_that_starts_at_an_hour_is_no_hour_of_pictures() -> None:
    content = clip("matroska", seconds=4.0, sound=None, times=[3600 + number / 10 for number in range(40)])
    found = values(read(container.ANALYSER, content)[0])
    assert found["container:measured_duration_s"] == pytest.approx(4.0, abs=0.2)
    assert found["container:stated_duration_s"] == pytest.approx(3604, abs=0.2)


def test_a_header_that_agrees_is_not_doubted() -> None:
    found = values(read(container.ANALYSER, clip("mp4", seconds=2.0, sound_delay_seconds=1.0))[0])
    assert "container:measured_duration_s" not in found


def test_a_recording_without_index_says_what_is_lost_and_what_can_be_done() -> None:
    whole = clip("mp4", seconds=1.0)
    content = whole[: whole.index(b"moov") - 4]
    records, _ = read(boxes.ANALYSER, content)
    assert values(records)["mp4:index_missing_bytes"] > 0  # type: ignore[operator]
    with pytest.raises(Corrupt, match=r"moov.*repair"):
        list(watch(Held(content), "video/mp4"))
    with pytest.raises(Corrupt, match=r"moov.*repair"), opened(Held(content), "video/mp4"):
        pass


def test_an_index_that_is_there_is_not_missed() -> None:
    content = clip("mp4", seconds=1.0)
    assert data_without_index(io.BytesIO(content), len(content)) is None
    parts = clip("mp4", seconds=1.0, options={"movflags": "frag_keyframe+empty_moov"})
    assert data_without_index(io.BytesIO(parts), len(parts)) is None


@pytest.mark.parametrize(
    ("entries", "hidden"),
    [
        (((4000, 6000),), 8.0),
        (((12000, 0),), 0.0),
        (((3000, -1), (12000, 0)), 0.0),
        (((0, 0),), 0.0),
        (((2000, 0), (2000, 8000)), 8.0),
        (((4000, 0), (4000, 2000)), 6.0),
        (((99000, 11000),), 11.0),
    ],
)
def test_what_an_edit_list_hides(entries: tuple[tuple[int, int], ...], hidden: float) -> None:
    content = movie(track(*entries))
    (edit,) = edits(io.BytesIO(content), len(content))
    assert edit.hidden_seconds == pytest.approx(hidden)


def test_a_hidden_part_is_told_and_priming_is_not() -> None:
    found = values(read(boxes.ANALYSER, movie(track((4000, 6000)), track((11900, 50), kind=b"soun")))[0])
    assert found["mp4:hidden_s.video"] == 8.0
    assert found["mp4:shown_s.video"] == "6.000–10.000"
    assert "mp4:hidden_s.audio" not in found


def test_every_prefix_of_an_index_is_read_or_passed_over() -> None:
    content = movie(track((4000, 6000)), track((11900, 50), kind=b"soun"))
    for end in range(len(content)):
        edits(io.BytesIO(content[:end]), end)
        data_without_index(io.BytesIO(content[:end]), end)
    for at in range(len(content)):
        changed = content[:at] + b"\xff" + content[at + 1 :]
        edits(io.BytesIO(changed), len(changed))


def test_hidden_pictures_are_looked_at_as_well() -> None:
    content = bytearray(clip("mp4", seconds=4.0, sound=None))
    at = content.index(b"elst")
    scale = struct.unpack_from(">I", content, content.index(b"mvhd") + 16)[0]
    media_scale = struct.unpack_from(">I", content, content.index(b"mdhd") + 16)[0]
    struct.pack_into(">Ii", content, at + 12, scale, 2 * media_scale)
    shown = [item for item in watch(Held(bytes(content)), "video/mp4") if isinstance(item, Picture)]
    assert shown[-1].offset_seconds == pytest.approx(3.75, abs=0.3)
    assert len(shown) >= 14


@pytest.mark.samples
def test_the_reported_recordings(samples: Path) -> None:
    folder = samples / "reported" / "15-lengths-and-turns" / "in"
    recorder = values(read(container.ANALYSER, (folder / "recorder.webm").read_bytes())[0])
    assert recorder["container:measured_duration_s"] == pytest.approx(4.0, abs=0.05)
    turned = values(read(boxes.ANALYSER, (folder / "turn_in_mvhd.mp4").read_bytes())[0])
    assert turned["mp4:rotation_degrees"] == 90
    _, refusal = read(container.ANALYSER, (folder / "unfinished.mp4").read_bytes())
    assert "moov" in refusal
    trimmed = (samples / "reported" / "11-edit-list" / "in" / "shown_4_of_12.mp4").read_bytes()
    found = values(read(boxes.ANALYSER, trimmed)[0])
    assert (found["mp4:inside_s.video"], found["mp4:shown_s.video"]) == (12.0, "6.000–10.000")
    last = [item for item in watch(Held(trimmed), "video/mp4") if isinstance(item, Picture)][-1]
    assert last.offset_seconds > 11
