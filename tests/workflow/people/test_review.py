"""An answer on two recordings holds for all their copies, and for what was made one by answers before it."""

from __future__ import annotations

from verifier.workflow.people.review import Answered, Between


def between(left: str, right: str) -> Between:
    return Between(recordings=(left, right))


def test_an_answer_holds_either_way_round_and_for_what_became_one() -> None:
    answered = Answered()
    answered.keep(between("a", "b"), "same")
    answered.keep(between("b", "c"), "different")
    assert answered.holds(between("b", "a")) and answered.holds(between("c", "a"))
    assert not answered.holds(between("a", "d"))


def test_the_same_said_again_comes_to_an_end() -> None:
    answered = Answered()
    for pair in (between("a", "b"), between("a", "b"), between("b", "a"), between("b", "c"), between("c", "a")):
        answered.keep(pair, "same")
    assert answered.holds(between("a", "c")) and not answered.holds(between("a", "d"))
