from __future__ import annotations

from tests.hashing.drawn_clips import filmed, seen


def kinds(frames: list) -> list[tuple[str, float]]:
    return [(event.kind, event.start_seconds) for event in seen(frames)[1]]


def test_a_cut_is_told_where_it_is() -> None:
    assert kinds(filmed(1, 5) + filmed(2, 5)) == [("cut", 4.75)]


def test_a_camera_that_moves_makes_no_cut() -> None:
    assert not kinds(filmed(3, 12))


def test_a_frozen_stretch_is_told() -> None:
    frames = filmed(4, 10)
    frozen = frames[:20] + [frames[19]] * 8 + frames[20:]
    (event,) = [event for event in seen(frozen)[1] if event.kind == "frozen"]
    assert event.start_seconds == 4.75 and event.end_seconds == 6.75


def test_a_stretch_shown_twice_is_told_with_its_first_time() -> None:
    frames = filmed(5, 14)
    (event,) = [event for event in seen(frames + frames[8:28])[1] if event.kind == "repeated"]
    assert abs(event.start_seconds - 14) <= 0.5 and abs(float(event.measures["first_shown_s"]) - 2) <= 0.5


def test_a_fixed_camera_repeats_nothing() -> None:
    assert not [kind for kind, _ in kinds(filmed(6, 14, moving=False)) if kind == "repeated"]
