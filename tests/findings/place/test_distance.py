"""Claimed places against positions and offsets: each code speaks in one dossier and is silent in another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.geo.dossiers import (
    MASHHAD,
    ONE,
    OTHER,
    PUNAK,
    case,
    claim,
    dossier,
    match,
    position,
    said,
    tehran,
    utc,
)  # fmt: skip
from verifier.dossier import CaseDossier
from verifier.findings.judge import judge
from verifier.findings.place.distance import CHECK
from verifier.records import Claim, Finding, FindingOutcome, Relation, Tier, Transform


def findings(of: CaseDossier, exhibit: str = ONE) -> dict[str, Finding]:
    return {finding.code: finding for finding in judge(of, {"place": CHECK})[exhibit]}


def test_a_recorded_position_is_told_with_its_precision_and_the_nearest_place() -> None:
    told = findings(case(dossier([*position(PUNAK), said("exif:GPSHPositioningError", 12.0)])))
    finding = told["place.recorded_position"]
    assert "within 12 m" in finding.statement
    assert "Punak" in finding.statement
    assert finding.values["zone"] == "Asia/Tehran"
    assert finding.values["precision"] == "vicinity"
    assert "place.no_position" not in told
    assert (
        "precision that is not stated" in findings(case(dossier(position(PUNAK))))["place.recorded_position"].statement
    )


def test_no_position_is_told_and_never_held_against_anybody() -> None:
    told = findings(case(dossier(claims=[claim("Tehran, Punak")])))
    assert told["place.no_position"].outcome is FindingOutcome.INCONCLUSIVE
    assert told["place.claim_not_tested"].outcome is FindingOutcome.INCONCLUSIVE
    assert "place.recorded_position" not in told


def test_a_position_in_the_claimed_place_supports_it() -> None:
    told = findings(case(dossier(position(PUNAK), [claim("تهران، پونک")])))
    assert told["place.position_fits_claim"].outcome is FindingOutcome.SUPPORTS
    assert "place.position_contradicts_claim" not in told


def test_a_position_in_another_city_contradicts_with_its_distance() -> None:
    told = findings(case(dossier(position(MASHHAD), [claim("تهران، پونک")])))
    finding = told["place.position_contradicts_claim"]
    assert finding.outcome is FindingOutcome.CONTRADICTS
    assert finding.contrary
    assert 700_000 < int(str(finding.values["metres_outside"])) < 800_000
    assert "place.position_fits_claim" not in told


@pytest.mark.parametrize(
    ("words", "point"),
    [
        ("Tehran, Punak", (35.7575, 51.4103)),  # 7 km away, in the same city
        ("Punak", MASHHAD),  # a bare district: other cities may have one
        ("Paris", PUNAK),  # a bare foreign name: smaller namesakes are not held
        ("Hoseynabad", MASHHAD),
    ],
)
def test_what_is_not_sure_is_noted_only(words: str, point: tuple[float, float]) -> None:
    told = findings(case(dossier(position(point), [claim(words)])))
    assert told["place.position_off_claim"].outcome is FindingOutcome.NOTES
    assert "place.position_contradicts_claim" not in told


def test_provinces_and_countries_contradict_beyond_their_margins() -> None:
    assert "place.position_contradicts_claim" in findings(case(dossier(position(MASHHAD), [claim("استان فارس")])))
    assert "place.position_contradicts_claim" in findings(case(dossier(position((48.85, 2.35)), [claim("Iran")])))
    assert "place.position_fits_claim" in findings(case(dossier(position(MASHHAD), [claim("ایران")])))
    basra = (30.51, 47.78)  # 20 km from the border
    assert "place.position_contradicts_claim" not in findings(case(dossier(position(basra), [claim("Iran")])))


def test_coordinates_as_a_claim() -> None:
    near = Claim(
        id="k", exhibit=ONE, batch=None, by="x", latitude_degrees=35.76, longitude_degrees=51.33, radius_metres=500
    )
    assert "place.position_fits_claim" in findings(case(dossier(position(PUNAK), [near])))
    absurd = replace(near, latitude_degrees=95.0)
    told = findings(case(dossier(position(PUNAK), [absurd])))
    assert "a latitude lies between" in told["place.claim_not_read"].statement


def test_words_that_are_no_place_are_not_assessed() -> None:
    told = findings(case(dossier(position(PUNAK), [claim("Xyzzyplugh")])))
    assert told["place.claim_not_read"].outcome is FindingOutcome.NOT_ASSESSED
    assert "place.claim_not_read" not in findings(case(dossier(position(PUNAK), [claim("Tehran")])))


def test_a_receiver_without_a_fix_contradicts_nobody() -> None:
    readings = [
        said("gpmf:first_fix_latitude", MASHHAD[0]),
        said("gpmf:first_fix_longitude", MASHHAD[1]),
        said("gpmf:first_fix_lock", 0),
    ]
    told = findings(case(dossier(readings, [claim("Tehran")])))
    assert "place.position_contradicts_claim" not in told
    assert "had no fix yet" in told["place.recorded_position"].statement


def test_what_a_sidecar_says_of_the_place_contradicts_nobody() -> None:
    """A message's location is where its sender chose to be, and Takeout's may have been set by hand."""
    sidecar = [
        said("takeout:geoData.latitude", MASHHAD[0], OTHER),
        said("takeout:geoData.longitude", MASHHAD[1], OTHER),
    ]
    told = findings(case(dossier(sidecar, [claim("Tehran")])))
    assert told["place.position_off_claim"].outcome is FindingOutcome.NOTES


def test_a_copy_lends_its_position_visibly_and_only_a_certain_one_contradicts() -> None:
    other = dossier(position(MASHHAD, OTHER), exhibit=OTHER)
    mine = dossier(claims=[claim("Tehran, Punak")])
    told = findings(case(mine, other, matches=(match(),)))
    assert "from copy bbbbbbbbbbbb" in told["place.position_contradicts_claim"].statement
    likely = findings(case(mine, other, matches=(match(tier=Tier.LIKELY),)))
    assert "place.position_off_claim" in likely
    cropped = match(transform=Transform(coverage_left=0.4, coverage_right=1.0))
    assert "place.position_contradicts_claim" not in findings(case(mine, other, matches=(cropped,)))
    for relation in (Relation.SAME_SCENE, Relation.SHARED_OVERLAY, Relation.SAME_EVENT, Relation.ALTERED_PICTURE):
        assert "place.no_position" in findings(case(mine, other, matches=(match(relation=relation),)))


def test_offsets_are_held_against_the_rules_of_that_time() -> None:
    """+04:30 was Iran's summer offset until 2022 and is not since."""
    winter = dossier([said("exif:DateTimeOriginal", tehran("2026-01-08T15:42:10"))], [claim("Tehran")])
    assert findings(case(winter))["place.offset_fits_claim"].outcome is FindingOutcome.NOTES  # says nothing of a city
    country = dossier([said("exif:DateTimeOriginal", tehran("2026-01-08T15:42:10"))], [claim("Iran")])
    assert findings(case(country))["place.offset_fits_claim"].outcome is FindingOutcome.SUPPORTS
    summer_2022 = dossier([said("exif:DateTimeOriginal", tehran("2022-07-01T15:42:10", 270))], [claim("Tehran")])
    assert "place.offset_fits_claim" in findings(case(summer_2022))
    summer_2025 = dossier([said("exif:DateTimeOriginal", tehran("2025-07-01T15:42:10", 270))], [claim("Tehran")])
    told = findings(case(summer_2025))
    assert told["place.offset_differs_from_claim"].outcome is FindingOutcome.NOTES
    assert "place.offset_fits_claim" not in told
    berlin = dossier([said("exif:DateTimeOriginal", tehran("2026-01-08T15:42:10", 60))], [claim("Berlin, Germany")])
    assert findings(case(berlin))["place.offset_fits_claim"].outcome is FindingOutcome.NOTES


def test_positions_that_disagree_are_told() -> None:
    two = [*position(PUNAK), said("quicktime:©xyz", "+36.3340+059.5205/")]
    assert "km apart" in findings(case(dossier(two)))["place.positions_disagree"].statement
    same = [*position(PUNAK), said("quicktime:©xyz", "+35.7617+051.3306/")]
    assert "place.positions_disagree" not in findings(case(dossier(same)))


def test_a_gazetteer_of_the_case_is_used() -> None:
    own = {"gazetteer.0": "name,latitude,longitude,radius_metres\nXyzzyplugh,35.7617,51.3306,300\n"}
    told = findings(case(dossier(position(PUNAK), [claim("Xyzzyplugh")]), settings=own))
    assert "place.position_fits_claim" in told


def test_a_stale_position_of_the_same_region_contradicts_nobody() -> None:
    """A phone may store its last known position: only a satellite time of the moment shows that the fix is fresh."""
    karaj = (35.84, 50.94)
    taken = said("exif:DateTimeOriginal", tehran("2026-01-08T15:42:10"))
    stale = dossier([*position(karaj), taken], [claim("Tehran, Pasdaran")])
    assert findings(case(stale))["place.position_off_claim"].outcome is FindingOutcome.NOTES
    old_fix = said("exif:GPSDateTime", utc("2026-01-08T09:02:00"))
    assert "place.position_off_claim" in findings(case(replace(stale, readings=(*stale.readings, old_fix))))
    fresh_fix = said("exif:GPSDateTime", utc("2026-01-08T12:12:08"))
    told = findings(case(replace(stale, readings=(*stale.readings, fresh_fix))))
    assert told["place.position_contradicts_claim"].outcome is FindingOutcome.CONTRADICTS


def test_a_position_over_a_likely_link_supports_nothing() -> None:
    for tier, outcome in ((Tier.CERTAIN, FindingOutcome.SUPPORTS), (Tier.LIKELY, FindingOutcome.NOTES)):
        lender = dossier(position(PUNAK, OTHER), exhibit=OTHER)
        told = findings(case(dossier(claims=[claim("تهران، پونک")]), lender, matches=(match(tier=tier),)))
        assert told["place.position_fits_claim"].outcome is outcome


def test_a_collage_lends_no_position() -> None:
    lender = dossier(position(PUNAK, OTHER), exhibit=OTHER)
    part = match(transform=Transform(coverage_left=1.0, coverage_right=0.2))
    assert "place.no_position" in findings(case(dossier(), lender, matches=(part,)))
