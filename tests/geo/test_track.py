"""Tracks in JSON, GPX and KML."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import Corrupt
from verifier.geo.track import fix_at, fix_at_instant, jumps, read_track

ROWS = [
    {
        "seconds": 0.0,
        "latitude": 35.70,
        "longitude": 51.30,
        "altitude_m": 1400.0,
        "utc": "2026-01-08T12:00:00Z",
        "lock": 3,
    },
    {"seconds": 10.0, "latitude": 35.71, "longitude": 51.30, "utc": "2026-01-08T12:00:10Z", "lock": 3},
    {"seconds": 20.0, "latitude": 0.0, "longitude": 0.0, "lock": 0},
    {"seconds": 30.0, "latitude": 95.0, "longitude": 0.0},
    {"seconds": 90.0, "latitude": 35.72, "longitude": 51.30, "lock": 3},
]
GPX = b"""<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>
<trkpt lat="35.70" lon="51.30"><ele>1400</ele><time>2026-01-08T12:00:00Z</time></trkpt>
<trkpt lat="35.71" lon="51.30"><time>2026-01-08T12:00:10Z</time></trkpt></trkseg></trk></gpx>"""
KML = b"""<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark>
<gx:Track><when>2026-01-08T12:00:00Z</when><when>2026-01-08T12:00:10Z</when>
<gx:coord>51.30 35.70 1400</gx:coord><gx:coord>51.30 35.71 1400</gx:coord></gx:Track></Placemark></Document></kml>"""
LINE = b"""<kml><LineString><coordinates>51.30,35.70,0 51.30,35.71</coordinates></LineString></kml>"""
BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><gpx><trkpt lat="&b;" lon="1"/></gpx>"""


def test_a_frames_fix_is_interpolated_within_its_gap_only() -> None:
    track = read_track(json.dumps(ROWS).encode())
    assert len(track) == 3  # 0,0 and what is no place are left out
    between = fix_at(track, 5.0)
    assert between is not None
    assert between.latitude_degrees == pytest.approx(35.705)
    assert fix_at(track, 10.0) is not None
    for outside in (-1.0, 50.0, 91.0):
        assert fix_at(track, outside) is None
    assert fix_at_instant(track, datetime(2026, 1, 8, 12, 0, 5, tzinfo=UTC)) == between


@pytest.mark.parametrize("content", [GPX, KML])
def test_gpx_and_kml_tracks_carry_time(content: bytes) -> None:
    track = read_track(content)
    between = fix_at_instant(track, datetime(2026, 1, 8, 12, 0, 5, tzinfo=UTC))
    assert between is not None
    assert between.latitude_degrees == pytest.approx(35.705)
    assert track[0].position.altitude_metres == 1400.0


def test_a_kml_line_has_places_without_time() -> None:
    assert [point.at for point in read_track(LINE)] == [None, None]


def test_impossible_steps_are_found() -> None:
    fast = [
        {"seconds": 0.0, "latitude": 35.70, "longitude": 51.30},
        {"seconds": 1.0, "latitude": 35.80, "longitude": 51.30},
    ]
    (jump,) = jumps(read_track(json.dumps(fast).encode()))
    assert jump.metres_per_second > 10_000
    assert jumps(read_track(json.dumps(ROWS[:1] + ROWS[4:]).encode())) == ()


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[", b"[]", b"<kml/>", b"<html/>", b"<gpx", BOMB, b"[1, 2]", b"\xff\xfe"]
)
def test_what_is_no_track_is_corrupt(content: bytes) -> None:
    with pytest.raises(Corrupt):
        read_track(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_corrupt(content: bytes) -> None:
    try:
        points = read_track(content)
    except Corrupt:
        points = ()
    assert len(points) <= 200


@given(st.integers(0, len(GPX)))
def test_any_cut_is_read_or_corrupt(end: int) -> None:
    try:
        read_track(GPX[:end])
    except Corrupt:
        return
    assert end >= len(GPX) - 1
