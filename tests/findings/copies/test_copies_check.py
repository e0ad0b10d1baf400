"""What copies say of one another: each rule speaks where it should and is silent elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.copies.copies_check import CHECK, DIFFERS, DROPPED, SAME_SOUND, SILENT
from verifier.records import Exhibit, Finding, FindingOutcome, Kind, Match, Medium, Relation, Scalar, Segment, Tier

ONE, OTHER = "a" * 64, "b" * 64
LINK = Match(
    left=ONE,
    right=OTHER,
    relation=Relation.SAME_PICTURE,
    medium=Medium.VIDEO,
    method="clips",
    score=1.0,
    tier=Tier.CERTAIN,
    segments=(Segment(left=(1.0, 5.0), right=(0.0, 4.0), speed=1.0, medium=Medium.VIDEO),),
)


def found(link: Match, own: str = ONE) -> list[Finding]:
    exhibits = {
        name: ExhibitDossier(
            exhibit=Exhibit(id=name, sha512="0" * 128, size=1, kind=Kind.VIDEO, media_type="video/mp4")
        )
        for name in (ONE, OTHER)
    }
    case = CaseDossier(
        id="c", title="c", created_at="2026-01-01T00:00:00Z", tool_name="verify", tool_version="0", custody_size=0,
        custody_root="0" * 64, custody_checkpoint=None, exhibits=exhibits, matches=(link,),
    )  # fmt: skip
    return list(CHECK.check(exhibits[own], case))


def said(**because: Scalar) -> Match:
    return replace(LINK, because=because)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (said(channels="sound_differs"), DIFFERS),
        (said(channels="one_silent"), SILENT),
        (said(channels="pictures_and_sound_agree", missing_in_left="14.0-21.0"), DROPPED),
        (replace(said(channels="sound_alike_pictures_not_found"), relation=Relation.SAME_AUDIO, medium=Medium.AUDIO),
         SAME_SOUND),
    ],
)  # fmt: skip
def test_each_rule_speaks_and_accuses_nobody(link: Match, code: str) -> None:
    (finding,) = found(link)
    assert finding.code == code and finding.outcome is FindingOutcome.NOTES and finding.caveat
    assert OTHER[:12] in finding.statement


def test_the_ranges_are_told_from_either_side() -> None:
    link = said(channels="sound_differs")
    assert "1.0–5.0 s here, 0.0–4.0 s there" in found(link)[0].statement
    assert "0.0–4.0 s here, 1.0–5.0 s there" in found(link, OTHER)[0].statement


@pytest.mark.parametrize(
    "link",
    [
        said(channels="pictures_and_sound_agree"),
        said(channels="too_little_sound"),
        replace(said(channels="sound_differs"), tier=Tier.REVIEW),
        replace(said(channels="sound_differs"), relation=Relation.SAME_SCENE),
    ],
)
def test_it_is_silent_where_nothing_can_be_said(link: Match) -> None:
    assert found(link) == []


def test_a_stretch_is_told_only_of_the_copy_that_lacks_it() -> None:
    assert found(said(missing_in_left="14.0-21.0"), OTHER) == []
