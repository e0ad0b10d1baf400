from __future__ import annotations

import numpy as np
import pytest

from tests.hashing.drawn_clips import Frames, clip, filmed
from verifier.findings.copies.groups import joins
from verifier.hashing.clips.evidence import Side, compared
from verifier.hashing.clips.tracks import best_path
from verifier.records import Match, Relation, Tier


def pair(left: Frames, right: Frames) -> Match | None:
    return compared(Side(name="a", clip=clip("a", left), sound=None), Side(name="b", clip=clip("b", right), sound=None))


def spans(match: Match | None) -> list[tuple[float, float, float, float, float]]:
    assert match is not None
    found = [(*one.left, *one.right, one.speed) for one in match.segments if one.left and one.right]
    return sorted(found)


def test_the_best_path_takes_the_line_that_agrees_and_none_where_none_does() -> None:
    scores = np.array([[1, 1, 1, -2, -2, -2, -2, -2], [-2, -2, -2, -2, -2, 1, 1, 1]], np.float32)
    assert best_path(scores, np.array([0.8, 0.8], np.float32)).tolist() == [1, 1, 1, 0, 0, 2, 2, 2]


def test_a_line_that_is_only_a_little_better_for_a_moment_is_not_worth_the_change() -> None:
    scores = np.array([[1] * 9, [0.9] * 4 + [1.1] + [0.9] * 4], np.float32)
    assert set(best_path(scores, np.array([0.8, 0.8], np.float32)).tolist()) == {1}


def test_backwards_is_found_with_its_times() -> None:
    frames = filmed(2, 10)
    (segment,) = spans(pair(frames, frames[4:32][::-1]))
    assert segment[:2] == pytest.approx((1, 8), abs=0.5)
    assert segment[2:4] == pytest.approx((7, 0), abs=0.5) and segment[4] == -1


def test_a_boomerang_has_both_its_halves() -> None:
    frames = filmed(3, 10)
    forth = frames[4:28]
    found = spans(pair(frames, forth + forth[::-1]))
    assert {round(one[4], 1) for one in found} == {1.0, -1.0}
    assert sorted(min(one[2:4]) for one in found) == pytest.approx([0, 6], abs=0.6)


def test_jump_cuts_are_pieces_of_speed_one() -> None:
    frames = filmed(4, 14)
    found = spans(pair(frames, frames[4:16] + frames[19:31] + frames[40:52]))
    assert [one[4] for one in found] == [1, 1, 1]
    assert [one[2] for one in found] == pytest.approx([0, 3, 6], abs=0.5)


def test_a_freeze_ends_one_stretch_and_begins_another() -> None:
    frames = filmed(5, 12)
    found = spans(pair(frames, frames[:20] + [frames[20]] * 12 + frames[20:]))
    assert [one[4] for one in found] == [1, 1]
    assert found[1][2] - found[1][0] == pytest.approx(3, abs=0.2)


def test_an_intro_that_two_share_joins_nothing() -> None:
    intro = filmed(6, 5)
    match = pair(intro + filmed(31, 6), intro + filmed(32, 6))
    assert match is not None and match.relation is Relation.CLIP and match.tier is Tier.REVIEW
    assert match.because["why"] == "shared_opening" and not joins(match)


def test_who_is_left_and_who_came_first_changes_nothing() -> None:
    whole, part = clip("x", filmed(2, 12)), clip("y", filmed(2, 12)[10:40])
    one = compared(Side(name="a", clip=whole, sound=None), Side(name="b", clip=part, sound=None))
    other = compared(Side(name="b", clip=part, sound=None), Side(name="a", clip=whole, sound=None))
    renamed = compared(Side(name="b", clip=whole, sound=None), Side(name="a", clip=part, sound=None))
    assert one is not None and renamed is not None
    assert one == other
    assert (one.relation, one.tier) == (renamed.relation, renamed.tier)
    assert [(part.left, part.right) for part in one.segments] == [(part.right, part.left) for part in renamed.segments]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 12])
def test_clips_of_no_length_to_three_seconds_are_compared_without_a_fault(count: int) -> None:
    if count:
        pair(filmed(2, 3)[:count], filmed(2, 12))
        pair(filmed(2, 3)[:count], filmed(2, 3)[:count])
