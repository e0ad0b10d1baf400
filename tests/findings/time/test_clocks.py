"""Every rule of the clocks with a dossier in which it speaks and one in which it is silent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.metadata.dossiers import about, at, case, dossier, said
from verifier.dossier import ExhibitDossier, Said
from verifier.findings.time.clocks import CHECK
from verifier.records import Finding, FindingOutcome, Kind, Reading

SIDE = "c" * 64
TAKEN = "exif:DateTimeOriginal"
KEY = "quicktime:com.apple.quicktime.creationdate"
MVHD = "mp4:mvhd.creation_time"


def findings(one: ExhibitDossier, *others: ExhibitDossier) -> dict[str, Finding]:
    return {finding.code: finding for finding in CHECK.check(one, case(one, *others))}


def tags(**values: str) -> list[Said]:
    names = {"taken": TAKEN, "made": "exif:DateTimeDigitized", "changed": "exif:DateTime", "gps": "exif:GPSDateTime",
             "key": KEY, "mvhd": MVHD, "tkhd": "mp4:tkhd.creation_time", "idit": "avi:IDIT"}  # fmt: skip
    return [said(names[name], at(text)) for name, text in values.items()]


def epoch_ns(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


SPEAKS: list[tuple[str, FindingOutcome, ExhibitDossier]] = [
    ("clock.gps_agrees", FindingOutcome.SUPPORTS,
     dossier(*tags(taken="2023-05-06T10:00:00", gps="2023-05-06T06:29:10Z"))),
    ("clock.gps_differs", FindingOutcome.INCONCLUSIVE,
     dossier(*tags(taken="2023-05-06T10:07:00", gps="2023-05-06T06:29:10Z"))),
    ("clock.offset_differs", FindingOutcome.INCONCLUSIVE,
     dossier(*tags(taken="2023-05-06T10:00:00+02:00", gps="2023-05-06T06:30:00Z"))),
    ("clock.digitised_differs", FindingOutcome.NOTES,
     dossier(*tags(taken="2023-05-06T10:00:00", made="2023-05-07T10:00:00"))),
    ("clock.modified_later", FindingOutcome.NOTES,
     dossier(*tags(taken="2023-05-06T10:00:00", changed="2023-05-06T11:00:00"))),
    ("clock.modified_earlier", FindingOutcome.INCONCLUSIVE,
     dossier(*tags(taken="2023-05-06T10:00:00", changed="2023-05-06T09:00:00"))),
    ("clock.container_agrees", FindingOutcome.SUPPORTS,
     dossier(*tags(key="2023-05-06T11:25:40+03:00", mvhd="2023-05-06T08:25:57Z"), said("mp4:duration_s", 4.0))),
    ("clock.container_local", FindingOutcome.NOTES,
     dossier(*tags(key="2023-05-06T11:25:40+03:00", mvhd="2023-05-06T11:25:42Z"))),
    ("clock.container_later", FindingOutcome.NOTES,
     dossier(*tags(key="2023-05-06T11:25:40+03:00", mvhd="2023-06-06T11:25:42Z"))),
    ("clock.container_earlier", FindingOutcome.INCONCLUSIVE,
     dossier(*tags(key="2023-05-06T11:25:40+03:00", mvhd="2023-05-01T00:00:00Z"))),
    ("clock.tracks_differ", FindingOutcome.NOTES,
     dossier(*tags(mvhd="2023-05-06T08:25:57Z", tkhd="2023-05-01T08:25:57Z"))),
    ("clock.epoch_1970", FindingOutcome.NOTES,
     dossier(*tags(mvhd="2023-05-06T08:25:57Z"), said("mp4:mvhd.creation_time_epoch_1970", True))),
    ("clock.reset", FindingOutcome.INCONCLUSIVE, dossier(*tags(taken="2000-01-01T00:03:10"))),
    ("clock.future", FindingOutcome.CONTRADICTS, dossier(*tags(taken="2024-06-04T00:00:00"))),
    ("clock.name_agrees", FindingOutcome.SUPPORTS,
     dossier(*tags(taken="2023-05-06T10:00:01"), name="IMG_20230506_100000.jpg")),
    ("clock.name_differs", FindingOutcome.INCONCLUSIVE,
     dossier(*tags(taken="2023-05-06T10:20:01"), name="IMG_20230506_100000.jpg")),
    ("clock.name_before_capture", FindingOutcome.INCONCLUSIVE,
     dossier(*tags(taken="2023-05-06T10:00:00"), name="IMG-20230503-WA0001.jpg")),
    ("clock.file_time_agrees", FindingOutcome.NOTES,
     dossier(*tags(taken="2023-05-06T10:00:00"), modified_ns=epoch_ns("2023-05-06T06:30:04"))),
    ("clock.file_time_before_capture", FindingOutcome.INCONCLUSIVE,
     dossier(*tags(taken="2023-05-06T10:00:00"), modified_ns=epoch_ns("2023-05-01T06:30:04"))),
    ("clock.after_upload", FindingOutcome.CONTRADICTS,
     dossier(*tags(taken="2023-05-06T10:00:00"), about("yt-dlp:timestamp", at("2023-05-01T00:00:00Z"), ".", SIDE))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "outcome", "one"), SPEAKS, ids=[row[0] for row in SPEAKS])
def test_each_rule_speaks(code: str, outcome: FindingOutcome, one: ExhibitDossier) -> None:
    found = findings(one)
    assert code in found, sorted(found)
    assert found[code].outcome is outcome
    assert found[code].because
    assert found[code].caveat


QUIET = dossier(
    *tags(taken="2023-05-06T10:00:00", made="2023-05-06T10:00:00", changed="2023-05-06T10:00:00"), name="holiday.jpg"
)


def test_every_rule_is_silent_on_an_ordinary_photo() -> None:
    assert findings(QUIET) == {}


def test_every_code_has_a_dossier_here() -> None:
    assert {row[0] for row in SPEAKS} == set(CHECK.codes)


@pytest.mark.parametrize("apart", ["2023-05-06T06:28:05Z", "2023-05-06T06:31:55Z", "2023-05-05T20:15:00Z"])
def test_any_quarter_of_an_hour_within_two_minutes_is_a_zone(apart: str) -> None:
    assert "clock.gps_agrees" in findings(dossier(*tags(taken="2023-05-06T10:00:00", gps=apart)))


def test_a_constant_error_of_one_device_is_counted() -> None:
    def shot(identifier: str, taken: str, gps: str) -> ExhibitDossier:
        return dossier(
            said("exif:Make", "Canon", exhibit=identifier),
            said("exif:Model", "S90", exhibit=identifier),
            said(TAKEN, at(taken), exhibit=identifier),
            said("exif:GPSDateTime", at(gps), exhibit=identifier),
            identifier=identifier,
        )

    one = shot("a" * 64, "2023-05-05T08:00:00", "2023-05-06T06:07:00Z")
    two = shot("b" * 64, "2023-05-05T09:00:00", "2023-05-06T07:07:10Z")
    finding = findings(one, two)["clock.gps_differs"]
    assert finding.values["same_difference"] == 1
    assert "1 of 1 other exhibits" in finding.statement


def test_a_container_in_local_time_without_offset_agrees_by_a_zone() -> None:
    found = findings(
        dossier(*tags(idit="2023-05-06T10:00:00", mvhd="2023-05-06T06:30:20Z"), said("mp4:duration_s", 18.0))
    )
    assert found["clock.container_agrees"].values["offset_minutes"] == 210


def test_a_pixel_s_name_is_utc() -> None:
    agrees = dossier(*tags(taken="2023-05-06T10:00:00+03:30"), name="PXL_20230506_063001000.jpg")
    assert "clock.name_agrees" in findings(agrees)
    local = dossier(*tags(taken="2023-05-06T10:00:00"), name="PXL_20230506_063001000.jpg")
    assert findings(local)["clock.name_agrees"].statement.endswith("if the clock ran +210 minutes from UTC.")
    wrong = dossier(*tags(taken="2023-05-06T10:00:00+03:30"), name="PXL_20230506_100001000.jpg")
    assert "clock.name_differs" in findings(wrong)


def test_a_recording_s_name_is_its_start_and_its_container_its_end() -> None:
    video = dossier(
        *tags(mvhd="2023-05-06T06:50:00Z"),
        said("mp4:duration_s", 1200.0),
        name="VID_20230506_100000.mp4",
        kind=Kind.VIDEO,
        media_type="video/mp4",
    )
    assert "clock.name_agrees" in findings(video)
    odd = dossier(*tags(mvhd="2023-05-06T06:57:00Z"), said("mp4:duration_s", 1200.0), name="VID_20230506_100000.mp4")
    assert "clock.name_differs" in findings(odd)


@pytest.mark.parametrize(
    "name", ["IMG-20230506-WA0001.jpg", "IMG-20230505-WA0001.jpg", "signal-2023-05-06-09-59-00.jpg", "IMG_4120.JPG"]
)
def test_messages_of_the_same_day_accuse_nobody(name: str) -> None:
    assert findings(dossier(*tags(taken="2023-05-06T10:00:00"), name=name)) == {}


@pytest.mark.parametrize("taken", ["2024-06-01T12:00:00", "2024-06-02T20:00:00", "2024-06-02T11:00:00+14:00"])
def test_a_day_s_mistake_of_a_zone_is_not_the_future(taken: str) -> None:
    assert "clock.future" not in findings(dossier(*tags(taken=taken)))


def test_an_upload_on_the_same_day_is_not_before_the_capture() -> None:
    for key, value in (
        ("yt-dlp:timestamp", at("2023-05-06T02:00:00Z")),
        ("yt-dlp:upload_date", "2023-05-05"),
        ("whatsapp:date", at("2023-05-05T23:00:00")),
        ("yt-dlp:upload_date", "not a day"),
    ):
        one = dossier(*tags(taken="2023-05-06T10:00:00"), about(key, value, ".", SIDE))
        assert "clock.after_upload" not in findings(one)


@pytest.mark.parametrize(
    ("key", "location", "gps", "outcome"),
    [
        ("yt-dlp:timestamp", "info.json [exact name]", None, FindingOutcome.CONTRADICTS),
        ("yt-dlp:timestamp", "info.json [stem, from the sidecar's own]", None, FindingOutcome.INCONCLUSIVE),
        ("yt-dlp:timestamp", "info.json [exact name]", "2023-05-06T06:30:00Z", FindingOutcome.INCONCLUSIVE),
        ("whatsapp:date", "line 2 [exact name]", None, FindingOutcome.CONTRADICTS),
        ("snapchat:date", "entry 2 [exact name]", None, FindingOutcome.INCONCLUSIVE),
    ],
)
def test_only_a_firm_bound_about_this_very_file_contradicts(
    key: str, location: str, gps: str | None, outcome: FindingOutcome
) -> None:
    reading = Reading(key=key, value=at("2023-05-01T00:00:00Z"), location=location, subject="picture.jpg")
    readings = tags(taken="2023-05-06T10:00:00", **({"gps": gps} if gps else {}))
    one = dossier(*readings, Said(reading=reading, instrument="sidecar", exhibit=SIDE))
    assert findings(one)["clock.after_upload"].outcome is outcome


def test_what_a_sidecar_says_is_not_taken_for_the_file_s_own_clock() -> None:
    one = dossier(about(TAKEN, at("2030-01-01T00:00:00"), ".", SIDE), said("exif:Make", "x"))
    assert findings(one) == {}


def test_an_edit_may_put_another_medium_into_a_message() -> None:
    posted = about("telegram:date", at("2019-11-16T06:41:12Z"), ".", SIDE)
    edited = about("telegram:edited", at("2023-05-07T05:30:00Z"), ".", SIDE)
    one = dossier(*tags(taken="2023-05-06T10:00:00+03:30"), posted, edited)
    assert "clock.after_upload" not in findings(one)
    assert findings(dossier(*tags(taken="2023-05-06T10:00:00+03:30"), posted))["clock.after_upload"].outcome is (
        FindingOutcome.CONTRADICTS
    )
    early = about("telegram:edited", at("2023-05-01T05:30:00Z"), ".", SIDE)
    after = findings(dossier(*tags(taken="2023-05-06T10:00:00+03:30"), posted, early))["clock.after_upload"]
    assert (after.outcome, after.values["posted"]) == (FindingOutcome.CONTRADICTS, "telegram:edited")


def test_a_scheduled_stream_is_dated_by_its_page_and_not_firm() -> None:
    posted = about("yt-dlp:timestamp", at("2023-05-01T00:00:00Z"), ".", SIDE)
    scheduled = about("yt-dlp:release_timestamp", at("2023-05-06T06:00:00Z"), ".", SIDE)
    one = dossier(*tags(taken="2023-05-06T10:00:00+03:30"), posted, scheduled)
    assert findings(one)["clock.after_upload"].outcome is FindingOutcome.INCONCLUSIVE
