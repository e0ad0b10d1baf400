"""Tracks that are handed over as files say where a device was, and nothing of any picture."""

from __future__ import annotations

import pytest

from tests.metadata.reading import read, values
from verifier.geo.track_file import ANALYSER
from verifier.media.sniff import sniff
from verifier.records import Moment, Reading

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
GPX = (
    XML
    + b"""<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="35.70" lon="51.40"><time>2026-01-08T14:30:00Z</time></trkpt>
<trkpt lat="35.71" lon="51.41"><ele>1200</ele><time>2026-01-08T14:35:00Z</time></trkpt>
<trkpt lat="-33.4" lon="-70.6"><time>2026-01-08T14:36:00Z</time></trkpt>
</trkseg></trk></gpx>"""
)
KML = (
    XML
    + b"""<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><LineString><coordinates>
51.40,35.70,0 51.41,35.71,0</coordinates></LineString></Placemark></Document></kml>"""
)


def test_a_gpx_says_when_where_and_what_no_vehicle_does() -> None:
    records, refusal = read(ANALYSER, GPX)
    assert not refusal
    found = values(records)
    assert (found["track:form"], found["track:points"], found["track:points_with_time"]) == ("gpx", 3, 3)
    first, last = found["track:first_time"], found["track:last_time"]
    assert isinstance(first, Moment) and isinstance(last, Moment)
    assert (first.iso(), last.iso()) == ("2026-01-08T14:30:00Z", "2026-01-08T14:36:00Z")
    assert found["track:longest_gap_seconds"] == 300 and found["track:impossible_steps"] == 1
    assert (found["track:southernmost"], found["track:easternmost"]) == (-33.4, 51.41)
    assert all(record.subject is None for record in records if isinstance(record, Reading))


def test_a_kml_without_times_says_places_only() -> None:
    found = values(read(ANALYSER, KML)[0])
    assert (found["track:points"], found["track:points_with_time"]) == (2, 0) and "track:first_time" not in found


def test_the_files_are_met_by_the_reader() -> None:
    for content in (GPX, KML):
        kind, media_type = sniff(content, len(content), b"")[:2]
        assert kind in ANALYSER.accepts and media_type in (ANALYSER.media_types or ())


@pytest.mark.parametrize("content", [XML + b"<svg><a/></svg>", XML + b"<a>gpx</a>"])
def test_other_xml_says_nothing(content: bytes) -> None:
    assert read(ANALYSER, content) == ([], "")


@pytest.mark.parametrize(
    "content",
    [GPX[:-40], XML + b"<gpx></gpx>", b'<!DOCTYPE a [<!ENTITY b "c">]><gpx>&b;</gpx>', XML + b"<x><gpx/></x>"],
)
def test_a_damaged_track_is_a_fault(content: bytes) -> None:
    records, refusal = read(ANALYSER, content)
    assert records == [] and refusal
