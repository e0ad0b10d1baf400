"""Claimed times against clocks and bounds: each code speaks in one dossier and is silent in another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.geo.dossiers import (
    ONE,
    OTHER,
    PUNAK,
    case,
    claim,
    dossier,
    local,
    match,
    position,
    said,
    tehran,
    utc,
)  # fmt: skip
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.judge import judge
from verifier.findings.time.timeline import CHECK
from verifier.records import Batch, Finding, FindingOutcome, Kind, Medium, Relation, Segment, Tier, Verdict

CLAIM = claim("تهران، پونک", "عصر ۱۸ دی ۱۴۰۴، ساعت ۱۵ تا ۱۷")
TAKEN = said("exif:DateTimeOriginal", tehran("2026-01-08T15:42:10"))
SATELLITE = said("exif:GPSDateTime", utc("2026-01-08T12:12:08"))


def findings(of: CaseDossier, exhibit: str = ONE) -> dict[str, Finding]:
    return {finding.code: finding for finding in judge(of, [CHECK])[exhibit]}


def contradictions(of: CaseDossier, exhibit: str = ONE) -> list[str]:
    return [f.code for f in judge(of, [CHECK])[exhibit] if f.outcome is FindingOutcome.CONTRADICTS]


def test_every_exhibit_gets_bounds_with_reasons() -> None:
    finding = findings(case(dossier([TAKEN])))["time.bounds"]
    assert "existed by 2026-01-20 09:00:00 UTC: taken in" in finding.statement
    assert "exif:DateTimeOriginal says 2026-01-08 12:12:10 UTC" in finding.statement
    assert finding.values["not_after_basis"] == "acquisition"
    nothing = findings(case(replace(dossier(), acquisitions=())))["time.bounds"]
    assert nothing.outcome is FindingOutcome.INCONCLUSIVE


def test_the_notes_of_a_hand_over_bear_no_claims() -> None:
    posted = said("yt-dlp:timestamp", utc("2019-01-05T07:00:00"))
    for kind, silent in ((Kind.SIDECAR, True), (Kind.ARCHIVE, True), (Kind.AUDIO, False)):
        assert (findings(case(dossier([posted], [CLAIM], kind=kind))) == {}) is silent


def test_a_clock_within_the_claim_supports_it() -> None:
    told = findings(case(dossier([TAKEN], [CLAIM])))
    assert told["time.clock_fits_claim"].outcome is FindingOutcome.SUPPORTS
    assert "time.clock_off_claim" not in told


def test_a_wrong_clock_alone_is_noted_and_never_contradicts() -> None:
    wrong = said("exif:DateTimeOriginal", tehran("2024-03-01T10:00:00"))
    told = findings(case(dossier([wrong], [CLAIM])))
    assert told["time.clock_off_claim"].outcome is FindingOutcome.NOTES
    assert contradictions(case(dossier([wrong], [CLAIM]))) == []


def test_a_reset_clock_is_set_aside() -> None:
    reset = said("exif:DateTimeOriginal", local("2002-12-08T12:00:41"))
    told = findings(case(dossier([reset], [CLAIM])))
    assert "time.clock_off_claim" not in told
    assert "never set" in told["time.bounds"].statement
    assert told["time.claim_not_tested"].outcome is FindingOutcome.INCONCLUSIVE
    assert "time.claim_not_tested" not in findings(case(dossier([TAKEN], [CLAIM])))


def test_a_satellite_time_with_which_the_clock_agrees_contradicts_another_day() -> None:
    readings = [TAKEN, SATELLITE, *position(PUNAK)]
    other_day = claim("Tehran", "28 Dey 1404")
    assert contradictions(case(dossier(readings, [other_day]))) == ["time.two_clocks_contradict_claim"]
    assert contradictions(case(dossier(readings, [CLAIM]))) == []
    alone = dossier([SATELLITE, *position(PUNAK)], [other_day])
    assert contradictions(case(alone)) == []
    wrong = said("exif:DateTimeOriginal", tehran("2026-01-05T15:42:10"))
    assert contradictions(case(dossier([wrong, SATELLITE], [other_day]))) == []
    near = claim("Tehran", "19 Dey 1404")  # within a day of both clocks
    assert contradictions(case(dossier(readings, [near]))) == []


def test_a_local_clock_agrees_with_the_satellite_by_quarters_of_an_hour() -> None:
    other_day = claim("Tehran", "28 Dey 1404")
    for wall, agrees in (("2026-01-08T15:42:10", True), ("2026-01-08T15:49:40", False), ("2026-01-09T15:42:10", False)):
        readings = [said("exif:DateTimeOriginal", local(wall)), SATELLITE]
        assert bool(contradictions(case(dossier(readings, [other_day])))) is agrees, wall


@pytest.mark.parametrize(
    ("key", "value", "contradicts"),
    [
        ("yt-dlp:timestamp", utc("2026-01-07T07:00:00"), True),
        ("yt-dlp:upload_date", "20260105", True),
        ("telegram:date", utc("2026-01-06T12:00:00"), True),
        ("whatsapp:date", local("2026-01-05T12:00:00"), True),
        ("whatsapp:date", local("2026-01-07T12:00:00"), False),  # some zone brings it within a day
        ("yt-dlp:timestamp", utc("2026-01-07T20:00:00"), False),  # live streams are dated by their start
        ("yt-dlp:timestamp", utc("2026-01-09T20:00:00"), False),
        ("takeout:photoTakenTime", utc("2026-01-01T00:00:00"), False),  # a camera's clock, not a platform's
        ("yt-dlp:description", "20200101", False),
    ],
)
def test_public_before_it_was_claimed_to_happen(key: str, value: object, contradicts: bool) -> None:
    one = dossier([said(key, value, OTHER)], [CLAIM])  # type: ignore[arg-type]
    assert contradictions(case(one)) == (["time.existed_before_claim"] if contradicts else [])


@pytest.mark.parametrize(
    ("key", "value"),
    [("yt-dlp:was_live", True), ("yt-dlp:live_status", "was_live"), ("yt-dlp:edited", utc("2026-01-12T00:00:00"))],
)
def test_streams_and_edited_posts_are_soft(key: str, value: object) -> None:
    posted = said("yt-dlp:timestamp", utc("2026-01-05T07:00:00"), OTHER)
    one = dossier([posted, said(key, value, OTHER)], [CLAIM])  # type: ignore[arg-type]
    assert contradictions(case(one)) == []
    assert "time.said_before_claim" in findings(case(one))


def test_taken_in_before_it_was_claimed_to_happen() -> None:
    assert contradictions(case(dossier(claims=[CLAIM], acquired_at="2026-01-05T00:00:00Z"))) == [
        "time.existed_before_claim"
    ]


def test_a_copy_that_was_public_before_contradicts_visibly() -> None:
    old = dossier([said("yt-dlp:timestamp", utc("2019-11-17T11:20:00"), "d" * 64)], exhibit=OTHER)
    mine = dossier(claims=[CLAIM])
    told = findings(case(mine, old, matches=(match(),)))
    finding = told["time.copy_existed_before_claim"]
    assert finding.outcome is FindingOutcome.CONTRADICTS
    assert "from copy bbbbbbbbbbbb" in finding.statement
    assert "2,2" in finding.statement  # about 2,244 days
    assert "the match with that copy" in str(finding.caveat)
    assert contradictions(case(mine, old, matches=(match(tier=Tier.LIKELY),))) == []
    assert "time.said_before_claim" in findings(case(mine, old, matches=(match(tier=Tier.LIKELY),)))
    refused = Verdict(left=ONE, right=OTHER, decision="different", note="", by="a", at="2026-01-20T09:00:00Z")
    assert contradictions(replace(case(mine, old, matches=(match(),)), verdicts=(refused,))) == []


def test_a_compilation_owes_its_pieces_nothing_and_a_piece_owes_the_compilation_its_age() -> None:
    length = said("mp4:duration_s", 10.0)
    piece = (Segment(left=(0.0, 3.0), right=(0.0, 3.0), speed=1.0, medium=Medium.VIDEO),)
    mine = dossier([length], [CLAIM], kind=Kind.VIDEO)
    old = dossier(
        [said("yt-dlp:timestamp", utc("2019-11-17T11:20:00"), "d" * 64), said("mp4:duration_s", 3.0, OTHER)],
        exhibit=OTHER, kind=Kind.VIDEO,
    )  # fmt: skip
    clip = match(relation=Relation.CLIP, segments=piece)
    assert contradictions(case(mine, old, matches=(clip,))) == []
    part = findings(case(mine, old, matches=(clip,)))["time.part_existed_before_claim"]
    assert "a part of it (0.0–3.0 s)" in part.statement
    assert "time.part_existed_before_claim" not in findings(case(mine, old))
    whole = (Segment(left=(0.0, 9.8), right=(20.0, 29.8), speed=1.0, medium=Medium.VIDEO),)
    inside = match(relation=Relation.CLIP, segments=whole)
    assert contradictions(case(mine, old, matches=(inside,))) == ["time.copy_existed_before_claim"]
    sound = tuple(replace(segment, medium=Medium.AUDIO) for segment in whole)
    assert contradictions(case(mine, old, matches=(match(relation=Relation.CLIP, segments=sound),))) == []


def test_a_dated_bank_contradicts() -> None:
    bank = match(right="f" * 64, because={"public_by": "2022-09-20"})
    assert contradictions(case(dossier(claims=[CLAIM]), matches=(bank,))) == ["time.copy_existed_before_claim"]
    undated = match(right="f" * 64)
    assert contradictions(case(dossier(claims=[CLAIM]), matches=(undated,))) == []


def test_content_credentials_bound_only_when_the_signer_is_listed() -> None:
    signed = said("c2pa:signed_at", utc("2025-12-01T00:00:00"))
    for state, contradicts in (("trusted", True), ("valid", False), ("invalid", False)):
        one = dossier([signed, said("c2pa:state", state)], [CLAIM])
        assert bool(contradictions(case(one))) is contradicts, state


def test_what_a_batch_note_says_is_soft() -> None:
    one = dossier(claims=[CLAIM])
    one = replace(one, acquisitions=(replace(one.acquisitions[0], batch="b1"),))
    early = replace(case(one), batches=(Batch(id="b1", received_at="2026-01-02T00:00:00Z"),))
    assert findings(early)["time.said_before_claim"].outcome is FindingOutcome.NOTES
    assert contradictions(early) == []
    late = replace(case(one), batches=(Batch(id="b1", received_at="2026-01-12T00:00:00Z"),))
    assert "time.said_before_claim" not in findings(late)


def test_words_that_are_no_time_are_not_assessed() -> None:
    told = findings(case(dossier([TAKEN], [claim("Tehran", "30 Esfand 1404")])))
    assert "Esfand 1404 has 29 days" in told["time.claim_not_read"].statement
    assert "time.claim_not_read" not in findings(case(dossier([TAKEN], [CLAIM])))


def test_two_cameras_of_one_event_that_agree() -> None:
    other_day = claim("Tehran", "۱۷ دی ۱۴۰۴")
    mine = dossier([said("mp4:mvhd.creation_time", utc("2026-01-08T12:20:44"))], [other_day], kind=Kind.VIDEO)
    captured = said("quicktime:com.apple.quicktime.creationdate", tehran("2026-01-08T15:50:46"), OTHER)
    other = dossier([captured], exhibit=OTHER, kind=Kind.VIDEO)
    event = match(relation=Relation.SAME_EVENT)
    assert contradictions(case(mine, other, matches=(event,))) == ["time.two_cameras_contradict_claim"]
    assert contradictions(case(mine, other)) == []
    assert contradictions(case(mine, other, matches=(match(relation=Relation.SAME_SCENE),))) == []
    through_a_copy = (match(right="c" * 64), match(left=OTHER, right="c" * 64, relation=Relation.SAME_AUDIO))
    copy = dossier(exhibit="c" * 64, kind=Kind.VIDEO)
    assert contradictions(case(mine, other, copy, matches=through_a_copy)) == ["time.two_cameras_contradict_claim"]
    only_likely = (match(relation=Relation.SAME_AUDIO, tier=Tier.LIKELY),)
    assert contradictions(case(mine, other, matches=only_likely)) == []
    also_a_copy = (event, match(relation=Relation.CLIP))
    assert contradictions(case(mine, other, matches=also_a_copy)) == []
    late = said("quicktime:com.apple.quicktime.creationdate", tehran("2026-01-08T17:50:46"), OTHER)
    assert contradictions(case(mine, replace(other, readings=(late,)), matches=(event,))) == []
    true_day = replace(mine, claims=(claim("Tehran", "۱۸ دی ۱۴۰۴"),))
    assert contradictions(case(true_day, other, matches=(event,))) == []


def test_known_events() -> None:
    shutdown: dict[str, str | int | float | bool | None] = {
        "event.0.name": "communications shutdown",
        "event.0.earliest": "2026-01-08T18:00:00Z",
        "event.0.latest": "2026-01-28T00:00:00Z",
        "event.0.source": "monitor",
    }
    inside = dossier([said("telegram:date", utc("2026-01-09T12:00:00"), OTHER)])
    told = findings(case(inside, settings=shutdown))
    assert "falls within “communications shutdown”" in told["time.known_event"].statement
    before = dossier([said("telegram:date", utc("2026-01-08T12:00:00"), OTHER)])
    assert "time.known_event" not in findings(case(before, settings=shutdown))
    broken = {**shutdown, "event.0.earliest": "no date"}
    assert "time.known_event" not in findings(case(inside, settings=broken))


@pytest.mark.parametrize(
    ("earliest", "latest", "says"),
    [
        ("no date", "2026-01-28", "not a date"),
        (None, "2026-01-28", "an end of it is missing"),
        ("2026-03-01", "2026-01-28", "before its beginning"),
        ("9999-12-31T23:59:59", "2026-01-28", "neither calendar"),
        ("2026-01-08", "after 8 January 2026", "has no such end"),
    ],
)
def test_an_event_that_cannot_be_used_is_a_sentence(earliest: str | None, latest: str, says: str) -> None:
    posted = dossier([said("telegram:date", utc("2026-01-09T12:00:00"), OTHER)])
    settings = {"event.0.name": "shutdown", "event.0.earliest": earliest, "event.0.latest": latest}
    told = findings(case(posted, settings=settings))["time.known_event_not_read"]
    assert told.outcome is FindingOutcome.NOT_ASSESSED and says in told.statement
    assert "time.known_event_not_read" not in findings(case(dossier([TAKEN]), settings=settings))
    good = {**settings, "event.0.earliest": "2026-01-08", "event.0.latest": "2026-01-28"}
    assert "time.known_event_not_read" not in findings(case(posted, settings=good))


def of_batch(time: str, received: str | None = "2026-01-12T12:00:00Z") -> dict[str, Finding]:
    one = dossier([TAKEN], [replace(claim("Tehran", time), exhibit=None, batch="b1")])
    return findings(replace(case(one), batches=(Batch(id="b1", received_at=received),)))


@pytest.mark.parametrize(
    ("time", "code", "says", "silent"),
    [
        ("8 January 2062", "time.claim_after_it_was_said", "lies after 2026-01-12 12:00 UTC", "8 January 2026"),
        ("دیشب", "time.claim_counted_from", "when the hand-over was received", "18 Dey 1404"),
        ("18 Dey", "time.claim_counted_from", "counted from 2026-01-12 12:00 UTC", "18 Dey 1404"),
        ("۱۸ دی ۱۴۰۴ و باران می‌بارید", "time.claim_words_unused", "باران", "۱۸ دی ۱۴۰۴"),
        ("8 January 2026 at 8", "time.claim_has_readings", "has 2 readings", "8 January 2026 at 20"),
        ("Friday 18 Dey 1404", "time.claim_weekday_differs", "was a Thursday, not a Friday", "Thursday 18 Dey 1404"),
        ("18:00 XYT 8 January 2026", "time.claim_zone_unknown", "“XYT”", "18:00 CET 8 January 2026"),
    ],
)
def test_what_the_words_of_a_claim_leave_open_is_told(time: str, code: str, says: str, silent: str) -> None:
    told = of_batch(time)
    assert told[code].outcome is FindingOutcome.NOTES
    assert says in told[code].statement
    assert code not in of_batch(silent)


def test_words_without_a_year_are_counted_from_the_hand_over_then_the_claim_then_the_intake() -> None:
    def counted(one: ExhibitDossier, batches: tuple[Batch, ...] = ()) -> tuple[object, object]:
        found = findings(replace(case(one), batches=batches))["time.claim_counted_from"].values
        return str(found["counted_from"])[:10], found["counted_basis"]

    about = claim("Tehran", "دیشب")  # made on 20 January, in a case of 20 January
    one = dossier([TAKEN], [about])
    handed = replace(one, acquisitions=(replace(one.acquisitions[0], batch="b1"),))
    assert counted(handed, (Batch(id="b1", received_at="2026-01-12T12:00:00Z"),)) == ("2026-01-12", "received_at")
    assert counted(handed, (Batch(id="b1"),)) == ("2026-01-20", "claim")
    assert counted(replace(one, claims=(replace(about, at=None),))) == ("2026-01-20", "intake")


def test_an_exhibit_of_two_hand_overs_is_counted_from_both() -> None:
    one = dossier([TAKEN], [claim("Tehran", "yesterday")])
    came = tuple(replace(one.acquisitions[0], batch=name) for name in ("b1", "b2"))
    batches = (Batch(id="b1", received_at="2026-01-12T12:00:00Z"), Batch(id="b2", received_at="2026-01-15T12:00:00Z"))
    told = findings(replace(case(replace(one, acquisitions=came)), batches=batches))["time.claim_has_readings"]
    assert told.values["earliest"] == "2026-01-10T20:30:00+00:00"
    assert told.values["latest"] == "2026-01-14T20:30:00+00:00"


def test_a_namesake_by_another_spelling_widens_no_zone() -> None:
    told = findings(case(dossier([TAKEN], [claim("Abadan", "8 January 2026")])))["time.clock_fits_claim"]
    assert (told.values["earliest"], told.values["zone"]) == ("2026-01-07T20:30:00+00:00", "Asia/Tehran")


def test_each_field_that_is_not_understood_speaks_of_itself() -> None:
    time_only = findings(case(dossier([TAKEN], [claim("Tehran", "30 Esfand 1404")])))["time.claim_not_read"]
    both = replace(claim("Tehran", "30 Esfand 1404"), place="what is this place")
    assert "Esfand" in time_only.statement
    assert "place" not in findings(case(dossier([TAKEN], [both])))["time.claim_not_read"].statement
