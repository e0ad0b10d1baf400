"""Clocks of a certain copy of the same recording count for this one too; over no other link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.geo.dossiers import ONE, OTHER, case, claim, dossier, local, match, said, utc
from verifier.dossier import CaseDossier
from verifier.findings.judge import judge
from verifier.findings.lending import loans_of
from verifier.findings.time.timeline import CHECK
from verifier.records import Finding, FindingOutcome, Kind, Match, Relation, Segment, Tier, Transform, Verdict

LATE = claim("Tehran", "2023-05-04")
CLOCKS = [said("exif:DateTimeOriginal", local("2019-11-16T10:11:12"), OTHER),
          said("exif:GPSDateTime", utc("2019-11-16T06:41:10"), OTHER)]  # fmt: skip


def two(link: Match, *, kind: Kind = Kind.PHOTO, verdicts: tuple[Verdict, ...] = ()) -> CaseDossier:
    made = case(dossier(claims=[LATE]), dossier(CLOCKS, exhibit=OTHER, kind=kind), matches=(link,))
    return replace(made, verdicts=verdicts)


def contradictions(of: CaseDossier) -> list[Finding]:
    return [f for f in judge(of, [CHECK])[ONE] if f.outcome is FindingOutcome.CONTRADICTS]


def verdict(decision: str, at: str) -> Verdict:
    return Verdict(left=ONE, right=OTHER, decision=decision, note="", by="K-17", at=at)


def test_the_clocks_of_the_photograph_contradict_its_copy_with_the_link_as_weakest_reason() -> None:
    (finding,) = contradictions(two(match()))
    assert finding.code == "time.two_clocks_contradict_claim"
    assert finding.values["copy"] == OTHER
    assert "match with" in finding.contrary[-1]
    assert "weakest link" in str(finding.caveat)


def test_a_true_claim_is_supported_by_them() -> None:
    true = case(dossier(claims=[claim("Tehran", "2019-11-16")]), dossier(CLOCKS, exhibit=OTHER), matches=(match(),))
    assert contradictions(true) == []
    assert "time.clock_fits_claim" in {f.code for f in judge(true, [CHECK])[ONE]}


ASIDE = (Segment(left=None, right=(1.0, 2.0), speed=1.0, medium=match().medium),)


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        (match(tier=Tier.LIKELY), Kind.PHOTO),
        (match(tier=Tier.REVIEW), Kind.PHOTO),
        (match(relation=Relation.CLIP, segments=ASIDE), Kind.VIDEO),
        (match(segments=ASIDE), Kind.VIDEO),
        (match(relation=Relation.SAME_SCENE), Kind.PHOTO),
        (match(transform=Transform(coverage_left=1.0, coverage_right=0.2)), Kind.PHOTO),
    ],
    ids=["likely", "review", "photo in a video", "photo and video", "scene", "composite"],
)
def test_over_no_other_link(link: Match, kind: Kind) -> None:
    assert contradictions(two(link, kind=kind)) == []


def test_a_persons_last_verdict_decides() -> None:
    refused = verdict("different", "2026-01-02T00:00:00Z")
    assert contradictions(two(match(), verdicts=(refused,))) == []
    taken_back = (refused, verdict("same", "2026-01-03T00:00:00Z"))
    assert contradictions(two(match(), verdicts=taken_back)) != []


def test_likely_copies_whose_clocks_exclude_each_other_lend_nothing() -> None:
    own = [said("exif:DateTimeOriginal", local("2023-05-04T10:11:12"))]
    other = dossier(CLOCKS, exhibit=OTHER)
    apart = case(dossier(own), other, matches=(match(tier=Tier.LIKELY),))
    assert loans_of(ONE, apart) == ()
    together = case(dossier(), other, matches=(match(tier=Tier.LIKELY),))
    assert [loan.lender for loan in loans_of(ONE, together)] == [OTHER]


def test_a_creation_time_bounds_the_begin_by_the_length() -> None:
    """Written at the end of forty minutes, it does not deny a claim of their first."""
    created = [said("mp4:mvhd.creation_time", utc("2023-05-04T07:40:00")), said("mp4:duration_s", 2400.0)]
    early = claim("Tehran", "2023-05-04T10:35:00+03:30")
    told = {f.code: f for f in judge(case(dossier(created, [early], kind=Kind.VIDEO)), [CHECK])[ONE]}
    assert told["time.clock_fits_claim"].outcome is FindingOutcome.NOTES  # it may be the begin as well
    assert told["time.bounds"].values["clock_earliest"] == "2023-05-04T07:00:00+00:00"
    assert told["time.bounds"].values["clock_latest"] == "2023-05-04T07:40:00+00:00"


def test_two_tags_of_one_clock_reading_are_one_reason() -> None:
    taken = local("2023-05-04T10:11:12")
    readings = [said("exif:DateTimeOriginal", taken), said("exif:DateTimeDigitized", taken)]
    found = judge(case(dossier(readings, [LATE])), [CHECK])[ONE]
    assert [f.code for f in found].count("time.clock_fits_claim") == 1
