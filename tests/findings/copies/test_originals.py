"""Recordings and composites: what joins, what is made of pieces, and that no order of links changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest

from tests.report.sample_case import case, exhibit
from verifier.dossier import CaseDossier
from verifier.findings.copies.originals import recordings_of
from verifier.records import (
    Event,
    Fact,
    Kind,
    Match,
    Medium,
    Moment,
    Recordings,
    Relation,
    Segment,
    Sourced,
    Tier,
    Transform,
    Value,
    Verdict,
    Zone,
)  # fmt: skip

VIDEOS = {"a": 20.0, "b": 20.0, "c": 12.0, "e": 6.0, "f": 6.0}
PHOTOS = ("p", "q", "r", "s")
NAMES = dict(zip(sorted(exhibit(number).exhibit.id for number in range(9)), [*VIDEOS, *PHOTOS], strict=True))
IDS = {name: key for key, name in NAMES.items()}


def fact(question: str, value: Value) -> Fact:
    return Fact(question=question, best=Sourced(value=value, basis="made", location="here"))


def known(
    *links: Match, cuts: dict[str, tuple[float, ...]] | None = None, facts: dict[str, dict[str, Value]] | None = None,
    verdicts: tuple[Verdict, ...] = (),
) -> CaseDossier:  # fmt: skip
    exhibits = {}
    for number in range(9):
        name = NAMES[exhibit(number).exhibit.id]
        kind = Kind.VIDEO if name in VIDEOS else Kind.PHOTO
        values: dict[str, Value] = {"width": 1000, "height": 1000, **((facts or {}).get(name, {}))}
        if name in VIDEOS:
            values["duration_s"] = VIDEOS[name]
        events = tuple(Event(kind="cut", start_seconds=at, end_seconds=at) for at in (cuts or {}).get(name, ()))
        dossier = exhibit(number, kind, "video/mp4" if kind is Kind.VIDEO else "image/jpeg")
        exhibits[dossier.exhibit.id] = replace(
            dossier, facts={key: fact(key, value) for key, value in values.items()}, events=events
        )
    return replace(case(2), exhibits=exhibits, matches=links, groups=(), verdicts=verdicts)


def link(
    one: str, other: str, relation: Relation = Relation.SAME_PICTURE, tier: Tier = Tier.CERTAIN, *,
    at: tuple[float, float, float] | None = None, coverage: tuple[float, float] | None = None, score: float = 0.9,
) -> Match:  # fmt: skip
    """`at`: where the stretch begins in `one`, where in `other`, and its length. `coverage`: of `one` and `other`."""
    is_turned = IDS[one] > IDS[other]
    left, right = sorted((IDS[one], IDS[other]))
    segments: tuple[Segment, ...] = ()
    if at is not None:
        spans: list[tuple[float, float] | None] = [
            (begin, begin + at[2]) if name in VIDEOS else None for name, begin in ((one, at[0]), (other, at[1]))
        ]
        first, second = reversed(spans) if is_turned else spans
        segments = (Segment(left=first, right=second, speed=1.0, medium=Medium.VIDEO),)
    shares = None if coverage is None else (coverage[::-1] if is_turned else coverage)
    laid = None if shares is None else Transform(coverage_left=shares[0], coverage_right=shares[1])
    return Match(left=left, right=right, relation=relation, medium=Medium.VIDEO if at else Medium.IMAGE, method="m",
                 score=score, tier=tier, segments=segments, transform=laid)  # fmt: skip


def clip(one: str, other: str, start: float, there: float, length: float, tier: Tier = Tier.LIKELY) -> Match:
    return link(one, other, Relation.CLIP, tier, at=(start, there, length))


def said(one: str, other: str, decision: str) -> Verdict:
    left, right = sorted((IDS[one], IDS[other]))
    return Verdict(left=left, right=right, decision=decision, note="", by="A", at="1")


def together(found: Recordings) -> set[str]:
    return {"".join(sorted(NAMES[key] for key in one.members)) for one in found.recordings if len(one.members) > 1}


def composites(found: Recordings) -> set[str]:
    return {NAMES[one.exhibit] for one in found.composites}


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("tier", list(Tier))
def test_only_copies_join_pictures_and_only_when_sure(relation: Relation, tier: Tier) -> None:
    joins = {Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE}
    wanted = {"pq"} if relation in joins and tier is not Tier.REVIEW else set()
    assert together(recordings_of(known(link("p", "q", relation, tier)))) == wanted


def test_a_long_original_with_two_excerpts_is_one_recording() -> None:
    found = recordings_of(known(clip("a", "e", 2, 0, 6), clip("a", "f", 11, 0, 6)))
    (one,) = [item for item in found.recordings if len(item.members) > 1]
    assert together(found) == {"aef"} and not composites(found)
    assert NAMES[one.best] == "a" and [NAMES[key] for key in one.copies] == ["a"]
    assert {(NAMES[e.exhibit], NAMES[e.of]) for e in one.excerpts} == {("e", "a"), ("f", "a")}
    assert one.excerpts[0].segments[0].left == (0.0, 6.0)  # the excerpt's own time stands left
    assert one.weakest is not None and one.weakest.relation == "clip"


def test_a_compilation_is_told_by_its_cuts_and_joins_none_of_its_sources() -> None:
    links = (clip("c", "e", 0, 0, 6), clip("c", "f", 6, 0, 6))
    found = recordings_of(known(*links, cuts={"c": (6.0,)}))
    assert together(found) == set() and composites(found) == {"c"}
    assert [NAMES[part.exhibit] for part in found.composites[0].parts] == ["e", "f"]
    assert found.composites[0].parts[1].segments[0].left == (6.0, 12.0)
    assert not composites(recordings_of(known(*links)))  # without cuts it may be a long original


def test_one_source_that_ends_at_a_cut_stays_open() -> None:
    found = recordings_of(known(clip("c", "e", 6, 0, 6), cuts={"c": (6.0,)}))
    assert together(found) == set() and composites(found) == set()


def test_a_split_screen_and_a_picture_in_a_picture_are_composites() -> None:
    def within(other: str, share: float) -> Match:
        laid = link("c", other, Relation.CLIP, at=(0, 0, 6), coverage=(share, 1.0))
        return replace(laid, medium=Medium.VIDEO)

    assert composites(recordings_of(known(within("e", 0.25), within("f", 0.25)))) == {"c"}
    copy = link("c", "a", Relation.ALTERED_PICTURE, at=(0, 0, 12), coverage=(1.0, 1.0))
    found = recordings_of(known(copy, within("e", 0.1)))
    assert composites(found) == {"c"}  # and not what it was laid over
    crops = {name: {"width": 480, "height": 480} for name in "ef"}
    assert composites(recordings_of(known(within("e", 0.25), within("f", 0.25), facts=crops))) == set()


def test_what_is_made_of_pieces_bears_no_witness_against_its_source() -> None:
    def placed(source: str, start: float) -> Match:  # of a video in a part of the compilation's picture
        return replace(clip("c", source, start, 0, 6), transform=None)

    links = (placed("e", 0), placed("f", 6), clip("a", "c", 2, 0, 6), clip("a", "e", 2, 0, 6))
    small = replace(links[2], transform=Transform(coverage_left=0.5, coverage_right=0.5))
    found = recordings_of(known(*links[:2], small, links[3], cuts={"c": (6.0,)}))
    assert composites(found) == {"c"} and together(found) == {"ae"}


def test_a_copy_of_a_compilation_is_one_as_well() -> None:
    links = (clip("a", "e", 0, 0, 6), clip("a", "f", 6, 0, 6), link("a", "b"))
    assert composites(recordings_of(known(*links, cuts={"a": (6.0, 12.0)}))) == {"a", "b"}


def test_two_excerpts_that_go_on_where_the_other_ends_are_one_recording() -> None:
    assert together(recordings_of(known(clip("a", "b", 14, 0, 6)))) == {"ab"}
    assert together(recordings_of(known(clip("a", "b", 8, 8, 6)))) == set()  # both go on, differently


def test_a_still_joins_the_one_video_that_shows_the_very_frame() -> None:
    still = clip("p", "a", 0, 3, 0.25, Tier.CERTAIN)
    other = replace(clip("p", "b", 0, 5, 0.25, Tier.CERTAIN), score=0.8)
    assert together(recordings_of(known(still, other))) == {"ap"}
    assert together(recordings_of(known(replace(still, tier=Tier.LIKELY)))) == set()
    taken = {"p": {"make": "Oak", "captured_at": Moment(text="t", wall="2026-01-08T15:42:10", zone=Zone.LOCAL)}}
    assert together(recordings_of(known(still, facts=taken))) == set()  # a camera took it: no frame of a video


def test_photographs_of_one_camera_at_two_moments_are_never_one_recording() -> None:
    def taken(second: int) -> dict[str, Value]:
        return {"make": "Oak", "captured_at": Moment(text="t", wall=f"2026-01-08T15:42:{second}", zone=Zone.LOCAL)}

    links = (link("p", "q"), link("q", "r", Relation.ALTERED_PICTURE, score=0.8))
    assert together(recordings_of(known(*links, facts={"p": taken(10), "r": taken(35)}))) == {"pq"}
    assert together(recordings_of(known(*links, facts={"p": taken(10), "r": taken(11)}))) == {"pqr"}
    dated_anew = recordings_of(known(link("p", "q"), facts={"p": taken(10), "q": taken(50)}))
    assert together(dated_anew) == {"pq"}  # the very picture under another date is a copy all the same


def test_a_collage_is_a_composite_and_a_picture_with_two_crops_is_not() -> None:
    links = tuple(link("s", name, coverage=(0.24, 1.0)) for name in "pqr")
    found = recordings_of(known(*links))
    assert composites(found) == {"s"} and together(found) == set()
    assert [part.coverage for part in found.composites[0].parts] == [0.24] * 3
    alone = replace(link("s", "p", Relation.ALTERED_PICTURE, coverage=(0.24, 1.0)), because={"inset": True})
    assert together(recordings_of(known(alone))) == set()  # of a collage, or a screen: it stays open
    small = {name: {"width": 490, "height": 490} for name in "pqr"}
    assert together(recordings_of(known(*links[:2], facts=small))) == {"pqs"}


def test_a_verdict_outranks_and_holds_for_certain_copies() -> None:
    links = (link("p", "q"), link("q", "r", Relation.ALTERED_PICTURE), link("p", "r", Relation.ALTERED_PICTURE))
    assert together(recordings_of(known(*links))) == {"pqr"}
    assert together(recordings_of(known(*links, verdicts=(said("p", "r", "different"),)))) == {"pq"}
    assert together(recordings_of(known(verdicts=(said("p", "s", "same"),)))) == {"ps"}


def shuffled(links: Iterable[Match], seed: int) -> tuple[Match, ...]:
    mixed = list(links)
    Random(seed).shuffle(mixed)
    return tuple(mixed)


@pytest.mark.parametrize("seed", range(12))
def test_no_order_of_links_changes_recordings(seed: int) -> None:
    links = (
        clip("c", "e", 0, 0, 6), clip("c", "f", 6, 0, 6), clip("a", "e", 3, 0, 6), link("a", "b"), link("p", "q"),
        link("q", "r", Relation.ALTERED_PICTURE), link("s", "r", coverage=(0.3, 1.0)),
        clip("p", "a", 0, 4, 0.25, Tier.CERTAIN), clip("p", "b", 0, 4, 0.25, Tier.CERTAIN),
    )  # fmt: skip
    cuts = {"c": (6.0,)}
    first, other = recordings_of(known(*links, cuts=cuts)), recordings_of(known(*shuffled(links, seed), cuts=cuts))
    assert first == other
    everyone = sorted(key for one in first.recordings for key in one.members)
    assert len(everyone) == len(set(everyone)) and set(everyone).isdisjoint(c.exhibit for c in first.composites)
    assert set(everyone) | {c.exhibit for c in first.composites} == set(NAMES)


@pytest.mark.parametrize("seed", range(60))
def test_a_look_at_one_exhibit_decides_as_a_look_at_all(seed: int) -> None:
    """Random links of every kind and verdicts: what touches an exhibit is the same without its whole case."""
    chance = Random(seed)
    names = [*VIDEOS, *PHOTOS]
    links = []
    for one, other in (chance.sample(names, 2) for _ in range(chance.randrange(2, 9))):
        at = (
            (chance.uniform(0, 3), chance.uniform(0, 3), chance.uniform(2, 6)) if {one, other} & VIDEOS.keys() else None
        )
        relation = Relation.CLIP if at else chance.choice([Relation.SAME_PICTURE, Relation.SAME_SCENE])
        links.append(link(one, other, relation, chance.choice(list(Tier)), at=at))
    verdicts = tuple(
        said(*chance.sample(names, 2), chance.choice(["same", "different"])) for _ in range(chance.randrange(3))
    )
    whole = known(*links, verdicts=verdicts)
    everything = recordings_of(whole)
    for key in IDS.values():
        near = recordings_of(whole, {key})
        assert [one for one in near.recordings if key in one.members] == [
            one for one in everything.recordings if key in one.members
        ]
        assert [one for one in near.composites if one.exhibit == key] == [
            one for one in everything.composites if one.exhibit == key
        ]
