"""An absence is not said where the thing stands in any place that is read; the same for a camera in test_lineage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.metadata.dossiers import about, at, dossier, said
from verifier.dossier import ExhibitDossier
from verifier.findings import facts
from verifier.findings.stated import states_position, states_sound, states_time
from verifier.records import Fault, FaultKind, Kind

WHEN = at("2023-05-04T10:11:12+03:30")
TIMES = sorted(
    {*facts.QUESTIONS["captured_at"].keys, *facts.QUESTIONS["captured_at"].also, *facts.QUESTIONS["gps_time"].keys}
)
POSITIONS = [stem + end for stem, *ends in facts._POSITIONS for end in ends[:2]] + [*facts.ISO6709, *facts.ECHOES]
PLAIN = (
    said("mp4:major_brand", "isom"), said("mp4:mvhd.creation_time", at("2023-05-04T06:41:12Z")),
    said("exif:ExposureTime", "1/60"), said("container:duration_s", 4.0), said("exif:GPSVersionID", "2.2.0.0"),
)  # fmt: skip


def clip(*readings) -> ExhibitDossier:
    return dossier(*PLAIN, *readings, name="a.mp4", kind=Kind.VIDEO, media_type="video/mp4")


def test_an_ordinary_file_states_neither() -> None:
    assert not states_time(clip())
    assert not states_position(clip())
    assert not states_sound(clip())


@pytest.mark.parametrize("key", TIMES)
def test_a_time_of_capture_anywhere_is_one(key: str) -> None:
    assert states_time(clip(said(key, WHEN)))
    assert states_time(clip(said(key, "2023:05:04 10:11:12")))  # also one that was withheld and stands as text


@pytest.mark.parametrize("key", POSITIONS)
def test_a_position_anywhere_is_one(key: str) -> None:
    assert states_position(clip(said(key, 35.7)))


@pytest.mark.parametrize("key", ["exif:problem", "novatek:blocks_not_understood", "xmp:photoshop:City", "iptc:City"])
def test_a_position_that_was_withheld_or_is_only_a_name_is_no_absence(key: str) -> None:
    assert states_position(clip(said(key, "x")))


def test_what_a_sidecar_says_is_no_absence() -> None:
    assert states_time(clip(about("sony:CreationDate", WHEN, "a.mp4", "c" * 64)))
    assert states_position(clip(about("takeout:geoData.latitude", 35.7, "a.mp4", "c" * 64)))


@pytest.mark.parametrize(
    "reading",
    [
        said("mp4:audio_codec", "aac"), said("container:audio_codec", "aac"), said("mp4:handler.audio", "SoundHandle"),
        said("container:streams", "video,audio"),
    ],
)  # fmt: skip
def test_a_track_of_sound_that_cannot_be_decoded_is_one(reading) -> None:
    assert states_sound(clip(reading))


def test_nothing_is_absent_from_what_could_not_be_read() -> None:
    damaged = replace(clip(), faults=(Fault(kind=FaultKind.CORRUPT, detail="cut", instrument="boxes"),))
    assert states_time(damaged) and states_position(damaged) and states_sound(damaged)
    absent = replace(clip(), faults=(Fault(kind=FaultKind.ABSENT, detail="needs c2pa", instrument="c2pa"),))
    assert not states_time(absent)
