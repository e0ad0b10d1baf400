"""Suggestions of one event: joined by strong reasons only, never by a chain, the same however the case is ordered."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.findings.events import nearness
from verifier.findings.events.nearness import agreeing
from verifier.findings.events.suggest import Suggested, suggest
from verifier.findings.events.traces import trace_of
from verifier.records import (
    Claim,
    Exhibit,
    Fact,
    Incident,
    Kind,
    Match,
    Medium,
    Moment,
    Reading,
    Relation,
    Sourced,
    Tier,
    Verdict,
    Zone,
)

BEGIN = datetime(2026, 1, 8, 14, 0, tzinfo=UTC)


def name(number: int) -> str:
    return f"{number:064x}"


def filmed(
    number: int, minutes: float | None = None, east_metres: float | None = None, claims: tuple[Claim, ...] = ()
) -> ExhibitDossier:
    """An exhibit with a clock tied to UTC and a position in Tehran, where they are given."""
    facts = {}
    if minutes is not None:
        wall = f"{BEGIN + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S}"
        value = Moment(text=wall, wall=wall, zone=Zone.UTC)
        facts["captured_at"] = Fact(
            question="captured_at", best=Sourced(value=value, basis="exif:DateTimeOriginal", location="IFD0")
        )
    readings: tuple[Said, ...] = ()
    if east_metres is not None:
        pairs = (("latitude", 35.76), ("longitude", 51.33 + east_metres / 90_300))
        readings = tuple(
            Said(
                reading=Reading(key=f"exif:GPSPosition.{key}", value=value, location="GPS"), instrument="exif",
                exhibit=name(number),
            )
            for key, value in pairs
        )  # fmt: skip
    exhibit = Exhibit(id=name(number), sha512="0" * 128, size=1, kind=Kind.PHOTO, media_type="image/jpeg")
    return ExhibitDossier(exhibit=exhibit, facts=facts, readings=readings, claims=claims)


def case_of(
    *dossiers: ExhibitDossier, matches: tuple[Match, ...] = (), incidents: tuple[Incident, ...] = ()
) -> CaseDossier:
    return CaseDossier(
        id="c", title="c", created_at="2026-01-09T00:00:00Z", tool_name="verify", tool_version="0", custody_size=0,
        custody_root="", custody_checkpoint=None, matches=matches, incidents=incidents,
        exhibits={one.exhibit.id: one for one in sorted(dossiers, key=lambda one: one.exhibit.id)},
    )  # fmt: skip


def match(one: int, other: int, relation: Relation, tier: Tier = Tier.LIKELY) -> Match:
    left, right = sorted((name(one), name(other)))
    return Match(
        left=left, right=right, relation=relation, medium=Medium.IMAGE, method="test/1", score=0.9, tier=tier
    )  # fmt: skip


def together(found: Suggested) -> list[set[int]]:
    return [{int(member, 16) for member in one.members} for one in found.new]


def test_time_and_place_together_join() -> None:
    found = suggest(case_of(filmed(1, 0, 0), filmed(2, 5, 100), filmed(3, 5, 5_000), filmed(4, 600, 0)))
    assert together(found) == [{1, 2}]
    kinds = {(reason.kind, reason.joins) for reason in found.new[0].reasons}
    assert kinds == {("time", True), ("place", True)}
    assert all(reference for reason in found.new[0].reasons for reference in reason.references)
    assert found.new[0].earliest == "2026-01-08T14:00:00Z" and found.new[0].place is not None


@pytest.mark.parametrize("pair", [(filmed(1, 0), filmed(2, 0)), (filmed(1, None, 0), filmed(2, None, 0))])
def test_time_alone_and_place_alone_never_join(pair: tuple[ExhibitDossier, ExhibitDossier]) -> None:
    assert suggest(case_of(*pair)).new == ()


@pytest.mark.parametrize("relation", [Relation.SAME_AUDIO, Relation.SAME_SCENE, Relation.SAME_EVENT])
def test_a_match_joins_and_what_excludes_it_is_told(relation: Relation) -> None:
    found = suggest(case_of(filmed(1, 0, 0), filmed(2, 300, 9_000), matches=(match(1, 2, relation),)))
    assert together(found) == [{1, 2}]
    against = {reason.kind for reason in found.new[0].against}
    assert {"time", "place"} <= against
    text = " ".join(reason.text for reason in found.new[0].against)
    assert "exclude one another" in text and "km apart" in text


@pytest.mark.parametrize("relation", [Relation.SHARED_OVERLAY, Relation.CLIP])
def test_a_logo_or_a_piece_in_a_compilation_joins_nothing(relation: Relation) -> None:
    assert suggest(case_of(filmed(1), filmed(2), matches=(match(1, 2, relation),))).new == ()


def test_a_match_for_review_joins_nothing() -> None:
    assert suggest(case_of(filmed(1), filmed(2), matches=(match(1, 2, Relation.SAME_AUDIO, Tier.REVIEW),))).new == ()


def test_a_persons_different_ends_a_link() -> None:
    case = case_of(filmed(1), filmed(2), matches=(match(1, 2, Relation.SAME_AUDIO),))
    said = Verdict(left=name(1), right=name(2), decision="different", note="", by="Ana", at="2026-01-09T00:00:00Z")
    assert suggest(case).new
    assert suggest(replace(case, verdicts=(said,))).new == ()


def test_copies_are_one_recording_and_alone_no_event() -> None:
    copies = match(1, 2, Relation.SAME_PICTURE, Tier.CERTAIN)
    assert suggest(case_of(filmed(1, 0, 0), filmed(2, 0, 0), matches=(copies,))).new == ()
    (found,) = suggest(case_of(filmed(1, 0, 0), filmed(2), filmed(3, 2, 50), matches=(copies,))).new
    assert found.recordings == ((name(1), name(2)), (name(3),))


def test_one_sentence_about_a_whole_hand_over_joins_nothing() -> None:
    said = Claim(
        id="batch-1", exhibit=None, batch="1", by="note", latitude_degrees=35.76, longitude_degrees=51.33,
        earliest="2026-01-08T13:00:00Z", latest="2026-01-08T15:00:00Z",
    )  # fmt: skip
    assert suggest(case_of(filmed(1, claims=(said,)), filmed(2, claims=(said,)))).new == ()
    assert suggest(case_of(filmed(1, 0, 0, claims=(said,)), filmed(2, claims=(said,)))).new == ()
    own = replace(said, id="own", batch=None, exhibit=name(2))
    assert together(suggest(case_of(filmed(1, 0, 0), filmed(2, claims=(own,))))) == [{1, 2}]


def test_a_chain_of_neighbours_is_not_one_event() -> None:
    """Each is ten minutes and 300 m from the next; the first and the last have nothing in common."""
    found = suggest(case_of(*(filmed(number, 10 * number, 300 * number) for number in range(12))))
    assert all(max(some) - min(some) <= 2 for some in together(found))


def test_what_may_belong_to_an_incident() -> None:
    incident = Incident(id="abc", title="Punak", members=(name(1),), by="Ana", at="2026-01-09T00:00:00Z")
    found = suggest(case_of(filmed(1, 0, 0), filmed(2, 1, 10), filmed(3, 900, 90_000), incidents=(incident,)))
    assert found.new == ()
    assert [(one.incident, one.further) for one in found.belonging] == [("abc", (name(2),))]
    placed = replace(
        incident, members=(), place="35.76, 51.33", earliest="2026-01-08T14:00:00Z", latest="2026-01-08T14:10:00Z"
    )
    found = suggest(case_of(filmed(2, 1, 10), filmed(3, 900, 90_000), incidents=(placed,)))
    assert found.belonging[0].further == (name(2),)


def test_work_is_bounded_and_what_was_left_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four hundred at seven places within an hour: far fewer looks than the 79,800 pairs; a spent budget is told."""
    case = case_of(*(filmed(number, number % 50, 20_000 * (number % 7)) for number in range(400)))
    monkeypatch.setattr(nearness, "MOST_LOOKS", 8_000)
    assert suggest(case).is_complete
    monkeypatch.setattr(nearness, "MOST_LOOKS", 100)
    assert not suggest(case).is_complete


exhibits = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 120)), st.one_of(st.none(), st.integers(0, 3_000))),
    min_size=1, max_size=12,
)  # fmt: skip
links = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from(Relation), st.sampled_from(Tier)), max_size=12
)


@settings(max_examples=60, deadline=None)
@given(exhibits, links, st.randoms(use_true_random=False))
def test_every_recording_is_joined_to_the_centre_itself(
    told: list[tuple[int | None, int | None]],
    linked: list[tuple[int, int, Relation, Tier]],
    shuffle: random.Random,
) -> None:
    dossiers = [filmed(number, *said) for number, said in enumerate(told)]
    count = len(dossiers)
    matches = [match(a, b, relation, tier) for a, b, relation, tier in linked if a != b and max(a, b) < count]
    case = case_of(*dossiers, matches=tuple(matches))
    found = suggest(case)
    shuffle.shuffle(dossiers)
    shuffle.shuffle(matches)
    assert suggest(case_of(*dossiers, matches=tuple(matches))) == found
    seen: set[str] = set()
    for one in found.new:
        assert len(one.recordings) > 1 and not seen & set(one.members)
        seen |= set(one.members)
        centre = next(recording for recording in one.recordings if one.centre in recording)
        for recording in one.recordings:
            assert recording == centre or _is_joined(case, centre, recording)


def _is_joined(case: CaseDossier, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """By the documented rule, found by looking at all pairs."""
    strong = (Relation.SAME_AUDIO, Relation.SAME_SCENE, Relation.SAME_EVENT)
    if any(
        link.relation in strong
        and link.tier is not Tier.REVIEW
        and ({link.left, link.right} & set(one) and {link.left, link.right} & set(other))
        for link in case.matches
    ):
        return True
    left = [agreeing(trace_of(case.exhibits[a], case), trace_of(case.exhibits[b], case)) for a in one for b in other]
    kinds = {reason.kind for reasons in left for reason in reasons}
    return kinds == {"time", "place"}
