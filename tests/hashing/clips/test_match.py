from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.hashing.drawn_clips import Frames, card, clip, filmed
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.match import ClipIndex, match_all, match_one
from verifier.hashing.clips.relations import swapped
from verifier.records import Match, Medium, Relation, Tier

FOOTAGE = (Relation.CLIP, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE)


@pytest.fixture(scope="module")
def index() -> ClipIndex:
    known = {f"k{seed}": clip(f"k{seed}", filmed(seed, 14)) for seed in range(1, 5)}
    known["stands"] = clip("stands", filmed(9, 14, moving=False))
    return ClipIndex(known)


def asked(index: ClipIndex, frames: Frames) -> dict[str, Match]:
    """Matches of a query `~`, which is the right one of every pair."""
    found = match_one("~", clip("~", frames), None, index)
    assert all(match.right == "~" for match in found)
    return {match.left: match for match in found}


def footage(matches: dict[str, Match]) -> dict[str, Match]:
    return {name: match for name, match in matches.items() if match.relation in FOOTAGE}


def test_a_part_is_a_clip_from_when_to_when(index: ClipIndex) -> None:
    found = footage(asked(index, filmed(2, 14)[16:40]))
    assert list(found) == ["k2"]
    match = found["k2"]
    assert match.relation is Relation.CLIP and match.tier is Tier.CERTAIN and match.medium is Medium.VIDEO
    (segment,) = match.segments
    assert segment.left == pytest.approx((4, 10), abs=0.3) and segment.right == pytest.approx((0, 6), abs=0.3)
    assert segment.speed == 1


def test_the_whole_is_the_same_picture(index: ClipIndex) -> None:
    smaller = [cv2.resize(frame, (240, 136), interpolation=cv2.INTER_AREA) for frame in filmed(3, 14)]
    assert footage(asked(index, smaller))["k3"].relation is Relation.SAME_PICTURE


def test_a_mirrored_copy_is_found_and_said_to_be_mirrored(index: ClipIndex) -> None:
    match = footage(asked(index, [frame[:, ::-1] for frame in filmed(1, 14)]))["k1"]
    assert match.transform is not None and match.transform.mirrored


def test_a_crop_is_found_by_local_features(index: ClipIndex) -> None:
    found = footage(asked(index, [frame[30:192, 90:378] for frame in filmed(4, 14)]))
    assert list(found) == ["k4"]
    assert found["k4"].because["found_by"] == "local"
    assert found["k4"].transform is not None and found["k4"].transform.coverage_right == pytest.approx(1, abs=0.05)


def set_in(frames: Frames, grounds: Frames) -> Frames:
    """Half as wide and paler, over other pictures."""
    made = []
    for frame, ground in zip(frames, grounds, strict=True):
        whole = ground // 2
        whole[20:155, 210:450] = cv2.resize(frame, (240, 135), interpolation=cv2.INTER_AREA) // 2 + 120
        made.append(whole)
    return made


def test_a_picture_within_a_picture_is_altered_and_a_crop_is_not(index: ClipIndex) -> None:
    within = footage(asked(index, set_in(filmed(4, 14), filmed(40, 14))))
    assert within["k4"].relation is Relation.ALTERED_PICTURE
    cropped = footage(asked(index, [frame[30:220, 60:400] for frame in filmed(4, 14)]))
    assert cropped["k4"].relation is Relation.SAME_PICTURE


def test_bars_alter_nothing(index: ClipIndex) -> None:
    barred = [cv2.copyMakeBorder(frame, 60, 60, 0, 0, cv2.BORDER_CONSTANT, value=4) for frame in filmed(1, 14)]
    assert footage(asked(index, barred))["k1"].relation is Relation.SAME_PICTURE


def test_a_turned_copy_names_the_turn_from_left_to_right(index: ClipIndex) -> None:
    match = footage(asked(index, [np.rot90(frame, -1) for frame in filmed(2, 14)]))["k2"]
    assert match.transform is not None
    assert match.transform.rotation_degrees == pytest.approx(90, abs=2)  # clockwise


def test_a_compilation_names_every_part(index: ClipIndex) -> None:
    frames = filmed(1, 14)[4:20] + filmed(30, 3) + filmed(3, 14)[24:40]
    found = footage(asked(index, frames))
    assert sorted(found) == ["k1", "k3"]
    assert found["k3"].segments[0].right == pytest.approx((7, 11), abs=0.4)


def test_a_stretch_left_out_is_told(index: ClipIndex) -> None:
    frames = filmed(2, 14)
    match = footage(asked(index, frames[:20] + frames[36:]))["k2"]
    begin, end = (float(part) for part in str(match.because["missing_in_right"]).split("-"))
    assert begin == pytest.approx(5, abs=0.4) and end == pytest.approx(9, abs=0.4)


def test_a_faster_copy_names_its_speed(index: ClipIndex) -> None:
    frames = filmed(3, 14)
    faster = [frames[min(len(frames) - 1, round(number * 1.5))] for number in range(round(len(frames) / 1.5))]
    match = footage(asked(index, faster))["k3"]
    assert match.segments[0].speed == pytest.approx(1 / 1.5, rel=0.05)  # right seconds for one of the left


def test_one_fixed_camera_at_another_time_is_no_clip(index: ClipIndex) -> None:
    found = asked(index, filmed(9, 14, moving=False, start=60, crowd=50))
    assert not footage(found)
    assert found["stands"].relation is Relation.SAME_SCENE and found["stands"].tier is Tier.REVIEW
    assert found["stands"].because["time"] == "not_determined"


def test_the_same_time_of_a_fixed_camera_is_a_clip(index: ClipIndex) -> None:
    found = footage(asked(index, filmed(9, 14, moving=False)[8:40]))
    assert found["stands"].segments[0].left == pytest.approx((2, 10), abs=0.4)


def test_a_shared_title_card_joins_nothing() -> None:
    clips = {
        name: clip(name, card("EVIDENCE", 4) + filmed(seed, 8)) for name, seed in (("a", 21), ("b", 22), ("c", 23))
    }
    found = list(match_all(clips))
    assert not [match for match in found if match.relation in FOOTAGE or match.tier is not Tier.REVIEW]


def test_black_and_flat_clips_match_nothing() -> None:
    black: Frames = [np.zeros((270, 480), np.uint8)] * 20
    grey: Frames = [np.full((270, 480), 99, np.uint8)] * 20
    assert not list(match_all({"a": clip("a", black), "b": clip("b", black), "c": clip("c", grey)}))


def test_every_pair_once_whatever_the_order() -> None:
    clips = {name: clip(name, filmed(5, 8)) for name in "bac"}
    pairs = [(match.left, match.right) for match in match_all(clips)]
    assert sorted(pairs) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [(m.left, m.right) for m in match_all(clips, fresh=["c"])] == [("a", "c"), ("b", "c")]


def test_swapping_twice_gives_the_match_again(index: ClipIndex) -> None:
    for match in asked(index, [np.rot90(frame, -1) for frame in filmed(2, 14)]).values():
        again = swapped(swapped(match))
        assert again.segments == match.segments and (again.left, again.right) == (match.left, match.right)
        assert dict(again.because) == dict(match.because)


def test_an_empty_clip_is_compared_with_nothing(index: ClipIndex) -> None:
    one_frame: ClipFeatures = clip("~", filmed(2, 0.25))
    assert not footage({match.left: match for match in match_one("~", one_frame, None, index)})
