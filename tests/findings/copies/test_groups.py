"""Groups of copies: what joins, what never does, and what a person's verdict does."""

from __future__ import annotations

from verifier.findings.copies.groups import Copy, groups
from verifier.records import Match, Medium, Relation, Tier, Verdict

COPIES = {name: Copy(pixels=100, size=index) for index, name in enumerate("abcdef")}


def link(left: str, right: str, relation: Relation = Relation.SAME_PICTURE, tier: Tier = Tier.CERTAIN) -> Match:
    left, right = sorted((left, right))
    return Match(
        left=left, right=right, relation=relation, medium=Medium.IMAGE, method="m", score=1.0, tier=tier
    )  # fmt: skip


def said(left: str, right: str, decision: str, at: str = "1") -> Verdict:
    return Verdict(left=left, right=right, decision=decision, note="", by="A", at=at)


def test_a_group_is_a_recording_of_two_and_more_and_counts_its_links() -> None:
    links = [link("a", "b"), link("b", "c", Relation.CLIP), link("c", "d"), link("a", "c", tier=Tier.REVIEW)]
    (group,) = groups([("a", "b", "c"), ("d",), ("e",)], links, [], COPIES)
    assert group.members == ("a", "b", "c") and group.reason == "1 × clip, 1 × same-picture"


def test_what_a_person_said_is_counted_and_what_was_refused_is_not() -> None:
    (group,) = groups(
        [("a", "b", "c")], [link("a", "b")], [said("a", "b", "different"), said("a", "c", "same")], COPIES
    )
    assert group.reason == "1 × verdict"


def test_best_and_earliest_have_reasons() -> None:
    copies = {
        "a": Copy(pixels=100, facts=1, existed_by="2026-01-09T00:00:00Z", existed_because="uploaded"),
        "b": Copy(pixels=400, facts=5, existed_by="2026-01-08T00:00:00Z", existed_because="message"),
        "c": Copy(pixels=400, facts=9, existed_by=None),
    }
    (group,) = groups([("a", "b", "c")], [link("a", "b"), link("b", "c")], [], copies)
    assert group.best == "c" and group.earliest == "b"
    assert "metadata" in group.notes[0] and "message" in group.notes[1]


def earliest(**copies: Copy) -> str | None:
    (group,) = groups([tuple(copies)], [link("a", name) for name in copies if name != "a"], [], copies)
    return group.earliest


def test_earliest_is_named_only_where_dates_separate_by_more_than_their_error() -> None:
    sunday = Copy(existed_by="2026-01-05T12:00:00Z", existed_first="2026-01-03T10:00:00Z")  # a day, somewhere on Earth
    assert earliest(a=sunday, b=Copy(existed_by="2026-01-05T13:00:00Z")) == "a"
    assert earliest(a=sunday, b=sunday) is None
    assert earliest(a=Copy(existed_by="2026-01-04T09:00:00Z"), b=sunday) is None  # within that day
    assert earliest(a=Copy(existed_by="2026-01-05T12:00:00Z"), b=Copy(existed_by="2026-01-05T12:01:00Z")) is None
    assert earliest(a=Copy(), b=Copy()) is None
    assert earliest(a=Copy(existed_by="2019-01-05T12:00:00Z"), b=Copy()) == "a"


def test_a_hand_over_orders_its_copies_only_against_dated_ones() -> None:
    handed = Copy(existed_by="2026-01-05T12:00:00Z", by_hand_over=True)
    assert earliest(a=handed, b=Copy()) is None
    assert earliest(a=handed, b=handed) is None
    assert earliest(a=handed, b=Copy(existed_by="2026-03-05T12:00:00Z", by_hand_over=True)) == "a"
    assert earliest(a=handed, b=Copy(existed_by="2019-01-05T12:00:00Z")) == "b"
