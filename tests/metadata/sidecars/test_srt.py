"""Subtitles of drones: the clock and the position of a recording's frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.metadata.sidecars.srt import ANALYSER
from verifier.records import Moment, Reading, Record, Value

NEW = (
    '<font size="28">FrameCnt: {n}, DiffTime: 33ms\n2023-05-04 10:11:1{n}.123\n[iso: 100] [fnum: 2.8] '
    "[latitude: 35.7000{n}] [longitude: 51.33800] [rel_alt: 30.100 abs_alt: 1230.500]</font>"
)
AIR = "[iso : 110] [latitude : 35.7000{n}] [longtitude : 51.33800] [altitude: 1.0]\n2019-07-01 10:11:1{n},123,456"
CLASSIC = "HOME(51.3380,35.7001) 2017.08.05 14:11:5{n}\nGPS(51.3380,35.7000{n},16) BAROMETER:1.9\nISO:100 Shutter:60"
MAVIC = "F/2.8, SS 206.14, ISO 150, EV 0, GPS (51.3380, 35.7000{n}, 15), D 24.64m, H 14.80m"


def told(*words: str, end: str = "\n") -> list[Record]:
    cues = [f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},500\n{text.format(n=n)}\n" for n, text in enumerate(words)]
    records, refusal = read(ANALYSER, "\n".join(cues).replace("\n", end).encode(), media_type="text/plain")
    assert not refusal
    return records


def iso(value: Value) -> str:
    assert isinstance(value, Moment)
    return value.iso()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("form", "first", "last"),
    [
        (NEW, "2023-05-04T10:11:10.123", "2023-05-04T10:11:12.123"),
        (AIR, "2019-07-01T10:11:10.123456", "2019-07-01T10:11:12.123456"),
        (CLASSIC, "2017-08-05T14:11:50", "2017-08-05T14:11:52"),
        (MAVIC, None, None),
    ],
)
def test_forms(form: str, first: str | None, last: str | None, end: str) -> None:
    records = told(form, form, form, end=end)
    found = values(records)
    assert (found["srt:first_fix_latitude"], found["srt:first_fix_longitude"]) == (35.7, 51.338)
    assert (found["srt:last_fix_latitude"], found["srt:last_fix_longitude"]) == (35.70002, 51.338)
    assert (found["srt:cues"], found["srt:duration_s"]) == (3, 3.5)
    assert [iso(found[key]) if key in found else None for key in ("srt:date", "srt:last_date")] == [first, last]
    assert found.get("srt:first_fix_altitude_m") == (1230.5 if form is NEW else None)
    assert {record.subject for record in records if isinstance(record, Reading)} == {"ext:mp4"}


@pytest.mark.parametrize(
    "words",
    [
        "[latitude: 0.00000] [longitude: 0.00000]",  # no fix
        "[latitude: 135.0] [longitude: 51.3]",
        "GPS(37.8757,-122.3061,0.0M) BAROMETER:36.9M",  # which comes first differs between models
        "[latitude: 35.7]",
    ],
)
def test_what_is_no_position(words: str) -> None:
    assert not {key for key in values(told(words)) if "fix" in key}


def test_other_subtitles_are_silent() -> None:
    assert told("Hello, said the GPS.", "2023-05-04 10:11:12") == []


@given(st.text(max_size=200))
def test_any_words(words: str) -> None:
    told("GPS(1.0,2.0,3) " + words.replace("{", "").replace("}", ""))
