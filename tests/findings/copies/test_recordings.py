"""Copies and pieces count once; a compilation joins nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report.sample_case import case, exhibit
from verifier.dossier import CaseDossier
from verifier.findings.copies.recordings import distinct
from verifier.records import Fact, Kind, Match, Medium, Relation, Segment, Sourced, Tier, Verdict

SECONDS = {"a": 10.0, "b": 10.0, "c": 12.0, "p": 7.0}
NAMES = dict(zip(sorted(exhibit(number).exhibit.id for number in range(5)), "abcpf", strict=True))
IDS = {name: key for key, name in NAMES.items()}


def link(one: str, other: str, relation: Relation = Relation.CLIP, seconds: float | None = 3.0,
         tier: Tier = Tier.LIKELY) -> Match:  # fmt: skip
    left, right = sorted((IDS[one], IDS[other]))
    span = None if seconds is None else (0.0, seconds)
    segment = Segment(left=span, right=(0.0, seconds or 1.0), speed=1.0, medium=Medium.VIDEO)
    return Match(left=left, right=right, relation=relation, medium=Medium.VIDEO, method="m", score=0.9, tier=tier,
                 segments=(segment,))  # fmt: skip


def made(*links: Match, verdicts: tuple[Verdict, ...] = ()) -> CaseDossier:
    exhibits = {}
    for number in range(5):
        dossier = exhibit(number, Kind.VIDEO, "video/mp4")
        seconds = SECONDS.get(NAMES[dossier.exhibit.id])
        fact = Fact(question="duration_s", best=Sourced(value=seconds, basis="mp4", location="moov"))
        exhibits[dossier.exhibit.id] = replace(dossier, facts={"duration_s": fact} if seconds else {})
    return replace(case(2), exhibits=exhibits, matches=links, groups=(), verdicts=verdicts)


def counted(known: CaseDossier) -> set[str]:
    return {"".join(sorted(NAMES[key] for key in some)) for some in distinct(known.exhibits, known)}


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ((), {"a", "b", "c", "p", "f"}),
        ((link("a", "b", Relation.SAME_PICTURE),), {"ab", "c", "p", "f"}),
        ((link("a", "b", Relation.SAME_EVENT),), {"a", "b", "c", "p", "f"}),
        ((link("a", "b", Relation.SAME_PICTURE, tier=Tier.REVIEW),), {"a", "b", "c", "p", "f"}),
        ((link("a", "p", seconds=6.5),), {"ap", "b", "c", "f"}),  # a piece
        ((link("a", "c"),), {"ac", "b", "p", "f"}),  # they share a stretch: not two
        ((link("a", "c"), link("b", "c", seconds=4.0)), {"a", "bc", "p", "f"}),  # c is a compilation of a and b
        ((link("a", "c"), link("b", "c"), link("a", "p", seconds=6.5), link("p", "c", seconds=5.0)), {"acp", "b", "f"}),
        (
            (link("a", "f", seconds=None), link("c", "f", seconds=None)),
            {"af", "b", "c", "p"},
        ),  # a photo bridges nothing
    ],
)
def test_what_is_one_recording(links: tuple[Match, ...], expected: set[str]) -> None:
    assert counted(made(*links)) == expected


def test_a_person_decides() -> None:
    left, right = sorted((IDS["a"], IDS["b"]))
    said = Verdict(left=left, right=right, decision="different", note="", by="R", at="2026-02-01T10:00:00Z")
    assert "ab" not in counted(made(link("a", "b", Relation.SAME_PICTURE), verdicts=(said,)))
    assert "ab" in counted(made(verdicts=(replace(said, decision="same"),)))
