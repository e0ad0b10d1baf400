"""What waits for a person is asked once a pair of recordings, and what was answered is asked no more."""

from __future__ import annotations

import pytest

from tests.findings.copies.test_recordings import IDS, NAMES, link, made
from verifier.findings.summary import summary_of, undecided, undecided_links
from verifier.records import Match, Relation, Tier, Verdict


def review(one: str, other: str) -> Match:
    return link(one, other, Relation.SAME_SCENE, tier=Tier.REVIEW)


def said(one: str, other: str, decision: str) -> Verdict:
    left, right = sorted((IDS[one], IDS[other]))
    return Verdict(left=left, right=right, decision=decision, note="", by="R", at="2026-02-01T10:00:00Z")


def asked(*links: Match, verdicts: tuple[Verdict, ...] = ()) -> set[str]:
    return {"".join(sorted(NAMES[key] for key in (match.left, match.right))) for match in undecided(
        made(*links, verdicts=verdicts))}  # fmt: skip


COPIES = link("a", "b", Relation.SAME_PICTURE)


@pytest.mark.parametrize(
    ("links", "verdicts", "count"),
    [
        ((review("a", "c"),), (), 1),
        ((review("a", "c"), review("b", "c")), (), 2),  # two recordings beside a third
        ((COPIES, review("a", "c"), review("b", "c")), (), 1),  # one recording beside another
        ((COPIES, review("a", "b")), (), 0),  # joined already
        ((COPIES, review("a", "c"), review("b", "c")), (said("a", "c", "different"),), 0),
        ((COPIES, review("a", "c"), review("b", "c")), (said("b", "c", "unsure"),), 0),
        ((review("a", "c"), review("b", "c")), (said("a", "c", "different"),), 1),
        ((review("a", "c"), review("b", "c")), (said("a", "c", "same"),), 1),  # b beside what is one now
        ((review("a", "c"), link("a", "c", Relation.SAME_SCENE)), (), 0),  # an instrument said more of the same pair
    ],
)
def test_a_pair_of_recordings_is_asked_once(
    links: tuple[Match, ...], verdicts: tuple[Verdict, ...], count: int
) -> None:
    assert len(asked(*links, verdicts=verdicts)) == count
    assert summary_of(made(*links, verdicts=verdicts)).links_waiting == count


def test_the_strongest_link_stands_for_all() -> None:
    some = undecided_links(made(COPIES, review("a", "c"), review("b", "c")))
    assert [len(links) for links in some] == [2]
    assert some[0][0] == undecided(made(COPIES, review("a", "c"), review("b", "c")))[0]
