"""What stands there and is not used: each kind is told once, becomes no fact, and contradicts nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geo.dossiers import ONE, case, claim, dossier, local, said, utc
from verifier.calendars import gregorian_to_jalali
from verifier.dossier import ExhibitDossier
from verifier.executors.registry import load
from verifier.findings.facts import establish, is_length
from verifier.findings.judge import judge
from verifier.findings.withheld import CHECK
from verifier.records import Finding, FindingOutcome, Kind, Moment, Value
from verifier.report.language import language
from verifier.report.sentences import plain, statement

TAKEN = "exif:DateTimeOriginal"
CHECKS = load().checks


def told(one: ExhibitDossier) -> list[Finding]:
    return list(judge(case(one), [CHECK])[ONE])


def untrue(one: ExhibitDossier) -> list[str]:
    outcomes = (FindingOutcome.CONTRADICTS,)
    return [finding.code for finding in judge(case(one), CHECKS)[ONE] if finding.outcome in outcomes]


@pytest.mark.parametrize(
    ("key", "value", "reason", "kind"),
    [
        (TAKEN, local("0001-01-01T00:00:00"), "unset_clock", Kind.PHOTO),
        (TAKEN, local("0112-03-04T05:06:07"), "before_cameras", Kind.PHOTO),
        (TAKEN, local("1989-12-31T23:59:59"), "before_cameras", Kind.PHOTO),
        (TAKEN, local("9999-12-31T23:59:59"), "after_clocks", Kind.PHOTO),
        (TAKEN, local("1970-01-01T02:00:00"), "unset_clock", Kind.PHOTO),
        (TAKEN, "2023:13:45 10:11:12", "no_date", Kind.PHOTO),
        ("quicktime:com.apple.quicktime.creationdate", "2023-05-04T10:11:12+2500", "offset_unusable", Kind.VIDEO),
        ("mp4:mvhd.creation_time", utc("1904-01-01T00:00:00"), "unset_clock", Kind.VIDEO),
        ("mp4:mvhd.creation_time", utc("1970-01-01T00:00:01"), "unset_clock", Kind.VIDEO),
        ("mp4:mvhd.creation_time_zero", True, "unset_clock", Kind.VIDEO),
        ("exif:GPSDateTime.withheld", "no_fix", "no_fix", Kind.PHOTO),
        ("exif:OffsetTimeOriginal.withheld", "offset_unusable", "offset_unusable", Kind.PHOTO),
        ("yt-dlp:timestamp", utc("1970-01-01T00:00:00"), "unset_clock", Kind.VIDEO),
    ],
)
def test_a_time_that_no_device_meant_is_told_and_no_fact(key: str, value: Value, reason: str, kind: Kind) -> None:
    one = dossier([said(key, value)], [claim("Tehran", "2023-05-04")], kind=kind)
    assert [(f.code, f.values["reason"]) for f in told(one)] == [("time.moment_withheld", reason)]
    assert not {"captured_at", "created_at", "gps_time"} & set(establish(one.readings, one.exhibit))
    assert untrue(one) == []
    for words in (language("en"), language("fa")):
        assert reason not in plain(statement(told(one)[0], words))


def test_a_digitised_time_after_the_hand_over_is_told_and_no_fact() -> None:
    one = dossier([said("exif:DateTimeDigitized", local("2026-03-01T00:00:00"))])  # taken in in January
    assert [f.values["reason"] for f in told(one)] == ["after_hand_over"]
    facts = judge(case(one), CHECKS)[ONE]
    assert "time.clock_off_claim" not in {f.code for f in facts}
    assert untrue(one) == []


@pytest.mark.parametrize("value", [local("2023-05-04T10:11:12"), "    :  :     :  :  ", "0000:00:00 00:00:00"])
def test_a_sound_time_and_a_blank_are_not_told(value: Value) -> None:
    assert told(dossier([said(TAKEN, value)])) == []


def test_two_tags_of_one_reading_are_told_once() -> None:
    unset = local("0001-01-01T00:00:00")
    assert len(told(dossier([said(TAKEN, unset), said("exif:DateTimeDigitized", unset)]))) == 1


@pytest.mark.parametrize(
    ("value", "calendar", "gregorian"),
    [
        (local("1402-02-14T10:11:12"), "solar_hijri", "2023-05-04T10:11:12"),
        ("1402:02:31 10:11:12", "solar_hijri", "2023-05-21T10:11:12"),  # no such day in the Gregorian calendar
        (local("2566-05-04T10:11:12"), "buddhist", "2023-05-04T10:11:12"),
        ("2567:02:29 10:11:12", "buddhist", "2024-02-29T10:11:12"),  # a leap day of theirs alone
    ],
)
def test_a_year_of_another_calendar_is_a_possibility(value: Value, calendar: str, gregorian: str) -> None:
    one = dossier([said(TAKEN, value)], [claim("Tehran", gregorian[:10])])
    (finding,) = told(one)
    assert (finding.code, finding.outcome) == ("time.other_calendar", FindingOutcome.INCONCLUSIVE)
    assert (finding.values["calendar"], finding.values["gregorian"]) == (calendar, gregorian)
    assert finding.values["claim"] == "c1"
    assert "captured_at" not in establish(one.readings, one.exhibit)
    codes = {f.code for f in judge(case(one), CHECKS)[ONE]}
    assert not {"clock.reset", "clock.future", "time.moment_withheld"} & codes
    assert untrue(one) == []


def test_the_hour_24_is_told_with_both_meanings() -> None:
    (finding,) = told(dossier([said(TAKEN, "2019:01:01 24:04:20")]))
    assert (finding.code, finding.outcome) == ("time.hour_24", FindingOutcome.INCONCLUSIVE)
    assert finding.values["same_day"] == "2019-01-01T00:04:20"
    assert finding.values["next_day"] == "2019-01-02T00:04:20"
    assert "24:04:20" in plain(statement(finding, language("en")))
    assert told(dossier([said(TAKEN, local("2019-01-01T23:04:20"))])) == []


def test_a_receiver_whose_week_counter_ran_over_is_told_and_no_clock() -> None:
    device = local("2023-05-04T10:11:12")
    rolled = datetime(2023, 5, 4, 6, 41, 10, tzinfo=UTC) - timedelta(weeks=1024)
    readings = [said(TAKEN, device), said("exif:GPSDateTime", utc(rolled.strftime("%Y-%m-%dT%H:%M:%S")))]
    one = dossier(readings, [claim("Tehran", "2023-05-04")])
    assert [f.values["reason"] for f in told(one)] == ["week_rollover"]
    assert "gps_time" not in establish(one.readings, one.exhibit)
    assert "clock.gps_differs" not in {f.code for f in judge(case(one), CHECKS)[ONE]}
    near = dossier([said(TAKEN, device), said("exif:GPSDateTime", utc("2023-05-04T06:41:10"))])
    assert told(near) == [] and "gps_time" in establish(near.readings, near.exhibit)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("exif:GPSPosition.withheld", "network", "network"),
        ("xmp:GPSPosition.withheld", "no_fix", "no_fix"),
        ("quicktime:©xyz", "+00.0000+000.0000/", "placeholder"),
        ("quicktime:©xyz", "+95.0000+051.0000/", "no_place"),
    ],
)
def test_a_position_with_a_problem_is_told(key: str, value: Value, reason: str) -> None:
    (finding,) = told(dossier([said(key, value)]))
    assert (finding.code, finding.values["reason"]) == ("place.position_withheld", reason)
    for words in (language("en"), language("fa")):
        assert plain(statement(finding, words))


def test_a_sound_position_is_not_told() -> None:
    assert told(dossier([said("quicktime:©xyz", "+35.6917+051.4167/")])) == []


def test_ffmpegs_word_gives_way_to_the_box_and_counts_once() -> None:
    box = (("latitude", 35.691667), ("longitude", 51.416667), ("altitude_m", 1200.0))
    readings = [said("container:tag.location", "+35.6917+051.4167/")]
    for name, value in box:
        one = said(f"mp4:loci.{name}", value)
        readings.append(replace(one, reading=replace(one.reading, location="moov/udta/loci")))
    facts = establish(readings, dossier(kind=Kind.VIDEO).exhibit)
    assert (facts["position_latitude"].best.value, facts["position_altitude_m"].best.value) == (35.691667, 1200.0)
    assert facts["position_latitude"].others == ()
    alone = establish(readings[:1], dossier(kind=Kind.VIDEO).exhibit)
    assert alone["position_latitude"].best.basis == "container:tag.location"


@pytest.mark.parametrize(
    ("value", "is_told"), [("12345", True), (7, True), ("6303 classic", False), ("SM-A525F", False)]
)
def test_a_bare_number_is_no_model(value: Value, is_told: bool) -> None:
    one = dossier([said("exif:Model", value)])
    assert [f.values["reason"] for f in told(one)] == (["model_is_number"] if is_told else [])
    assert ("model" in establish(one.readings, one.exhibit)) is not is_told


@pytest.mark.parametrize(
    ("seconds", "is_one"),
    [(2147483.648, False), (2**31, False), (2147483647.0, False), (4294967.295, False), (12.5, True), (0.0, True)],
)
def test_the_end_of_a_counter_is_no_length(seconds: float, is_one: bool) -> None:
    one = dossier([said("mp4:duration_s", seconds)], kind=Kind.VIDEO)
    assert is_length(seconds) is is_one
    assert [f.values["reason"] for f in told(one)] == ([] if is_one else ["length_unset"])
    assert ("duration_s" in establish(one.readings, one.exhibit)) is is_one


FIRST, LAST = datetime.fromisoformat("2000-01-02"), datetime.fromisoformat("2025-12-30")


def _in_calendar(day: datetime, calendar: str) -> str | None:
    """The day as a device set to that calendar writes it."""
    if calendar == "gregorian":
        return f"{day:%Y:%m:%d %H:%M:%S}"
    if calendar == "buddhist":
        return f"{day.year + 543:04d}:{day:%m:%d %H:%M:%S}"
    year, month, date = gregorian_to_jalali(day.date())
    return f"{year:04d}:{month:02d}:{date:02d} {day:%H:%M:%S}"


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(min_value=FIRST, max_value=LAST),
    st.sampled_from(["gregorian", "buddhist", "solar_hijri"]),
)
def test_a_truthful_claim_is_never_contradicted_whatever_the_calendar(day: datetime, calendar: str) -> None:
    text = _in_calendar(day, calendar)
    assert text is not None
    try:
        value: Value = Moment(text=text, wall=text[:10].replace(":", "-") + "T" + text[11:], zone=local(
            "2000-01-01T00:00:00").zone)  # fmt: skip
    except ValueError:
        value = text
    one = dossier([said(TAKEN, value)], [claim("Tehran", f"{day:%Y-%m-%d}")])
    assert untrue(one) == []
    assert ("time.other_calendar" in {f.code for f in told(one)}) is (calendar != "gregorian")
