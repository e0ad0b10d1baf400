"""Which copy can have been made from which: only where a loss points one way, and never further."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.findings.copies.generations import CAMERA_LOST, REWRITTEN, SHORTER, SMALLER, Kept, Step, in_rows, steps
from verifier.records import Relation

SAME, CLIP = Relation.SAME_PICTURE, Relation.CLIP
CAMERA, PLATFORM, SCREEN = "lineage.camera_original", "lineage.platform_copy", "lineage.screen"


def pair(one: Kept, other: Kept, relation: Relation = SAME) -> tuple[Step, ...]:
    return steps([("a", "b", relation)], {"a": one, "b": other})


def test_a_smaller_copy_hangs_below_the_larger_one() -> None:
    assert pair(Kept(pixels=400), Kept(pixels=100)) == (Step(copy="b", source="a", because=(SMALLER,)),)
    assert pair(Kept(pixels=100), Kept(pixels=400)) == (Step(copy="a", source="b", because=(SMALLER,)),)


def test_a_camera_file_comes_before_what_a_messenger_wrote() -> None:
    (step,) = pair(Kept(pixels=100, writer=CAMERA), Kept(pixels=100, writer=PLATFORM))
    assert step == Step(copy="b", source="a", because=(CAMERA_LOST,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Kept(pixels=100), Kept(pixels=100)),  # nothing differs
        (Kept(pixels=100), Kept(pixels=98)),  # rounding
        (Kept(pixels=0), Kept(pixels=100)),  # unknown is not smaller
        (Kept(pixels=100, seconds=20), Kept(pixels=100, seconds=10)),  # length alone
        (Kept(pixels=100, writer=CAMERA), Kept(pixels=400, writer=PLATFORM)),  # one loss each way: enlarged?
        (Kept(pixels=400, seconds=10), Kept(pixels=100, seconds=20)),  # it has more time and fewer pixels
        (Kept(pixels=400, writer=SCREEN), Kept(pixels=100)),  # the screen's pixels, not the picture's
    ],
)
def test_what_does_not_point_one_way_is_not_ordered(one: Kept, other: Kept) -> None:
    assert pair(one, other) == () and pair(other, one) == ()


def test_length_is_told_beside_a_reason_but_not_of_a_part() -> None:
    long, short = Kept(pixels=400, seconds=20), Kept(pixels=100, seconds=10)
    assert pair(long, short)[0].because == (SMALLER, SHORTER)
    assert pair(long, short, CLIP)[0].because == (SMALLER,)
    assert pair(Kept(pixels=100, seconds=20), Kept(pixels=400, seconds=10), CLIP)[0].source == "b"


def test_a_still_can_be_made_from_a_recording_and_never_the_other_way() -> None:
    still, moving = Kept(pixels=900), Kept(pixels=400, seconds=9)
    assert pair(still, moving, CLIP) == ()
    assert pair(Kept(pixels=100), moving, CLIP)[0].source == "b"


def test_a_step_needs_a_link_and_leads_from_the_most_complete_source() -> None:
    kept = {"a": Kept(pixels=900), "b": Kept(pixels=400), "c": Kept(pixels=100), "d": Kept(pixels=50)}
    known = steps([("a", "b", SAME), ("a", "c", SAME), ("b", "c", SAME), ("c", "d", SAME)], kept)
    assert [(step.copy, step.source) for step in known] == [("b", "a"), ("c", "a"), ("d", "c")]
    assert in_rows("abcd", known) == ((("a", 0), ("b", 1), ("c", 1), ("d", 2)), ())


def test_the_rest_is_named_as_not_ordered() -> None:
    kept = {"a": Kept(pixels=900), "b": Kept(pixels=400), "c": Kept(pixels=400)}
    known = steps([("a", "b", SAME), ("b", "c", SAME)], kept)
    assert in_rows("abc", known) == ((("a", 0), ("b", 1)), ("c",))


@given(
    st.lists(
        st.builds(
            Kept,
            pixels=st.integers(0, 130),
            seconds=st.sampled_from([0.0, 5.0, 10.0]),
            writer=st.sampled_from(["", CAMERA, *sorted(REWRITTEN)]),
        ),
        min_size=5,
        max_size=5,
    ),
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from([SAME, CLIP])), max_size=20),
)
def test_no_copy_is_its_own_source_and_every_member_has_one_place(
    known: list[Kept], links: list[tuple[str, str, Relation]]
) -> None:
    found = steps([link for link in links if link[0] != link[1]], dict(zip("abcde", known, strict=True)))
    rows, loose = in_rows("abcde", found)
    assert sorted([member for member, _ in rows] + list(loose)) == list("abcde")
