"""Every row of the tables decides something that no other row would."""

from __future__ import annotations

import pytest

from verifier.hashing.clips.rules import PHOTO_RULES, RULES, Measures, PhotoMeasures, Verdict, decided, decided_photo
from verifier.records import Relation, Tier

MOST = {"share_left": 0.9, "share_right": 0.8}
CASES = {
    "shared_opening": Measures(grade=2, is_shared_opening=True),
    "shared_ending": Measures(grade=2, is_shared_ending=True),
    "altered": Measures(grade=2, is_altered=True, **MOST),
    "altered_faint": Measures(grade=1, is_altered=True, **MOST),
    "whole": Measures(grade=2, **MOST),
    "whole_faint": Measures(grade=1, **MOST),
    "part": Measures(grade=2, share_left=0.9, share_right=0.3),
    "part_faint": Measures(grade=1, share_left=0.9, share_right=0.3),
    "dim_altered": Measures(is_faint=True, is_altered=True, **MOST),
    "dim_whole": Measures(is_faint=True, **MOST),
    "dim_part": Measures(is_faint=True, share_left=0.9, share_right=0.3),
    "view_at_sound": Measures(is_view_at_sound=True, sound_significance=50.0, sound_moments=9),
    "sound": Measures(sound_significance=50.0, sound_moments=9),
    "sound_faint": Measures(sound_significance=8.0, sound_moments=9),
    "view_moving": Measures(view_frames=9, is_view_moving=True),
    "view_still": Measures(view_frames=9),
    "points": Measures(wide_inliers=20),
    "overlay": Measures(small_inliers=14, small_pairings=2),
    "sound_chance": Measures(sound_significance=4.0, sound_moments=2),
}
PHOTOS = {
    "frame": PhotoMeasures(grade=2),
    "frame_faint": PhotoMeasures(grade=1),
    "another_moment": PhotoMeasures(is_another_moment=True, is_scene=True, is_same_view=True),
    "stands_alike": PhotoMeasures(is_like_the_frame=True, is_same_view=True),
    "view_only": PhotoMeasures(is_same_view=True, is_scene=True),
    "scene": PhotoMeasures(is_scene=True),
}


def test_every_row_has_a_case() -> None:
    assert list(CASES) == [rule.code for rule in RULES]
    assert list(PHOTOS) == [rule.code for rule in PHOTO_RULES]


@pytest.mark.parametrize("code", CASES)
def test_a_row_decides_and_without_it_the_answer_is_another(code: str) -> None:
    said = decided(CASES[code])
    assert said is not None and said.code == code
    assert decided(CASES[code], tuple(rule for rule in RULES if rule.code != code)) != said


@pytest.mark.parametrize("code", PHOTOS)
def test_a_row_for_photos_decides_and_without_it_the_answer_is_another(code: str) -> None:
    said = decided_photo(PHOTOS[code])
    assert said is not None and said.code == code
    assert decided_photo(PHOTOS[code], tuple(rule for rule in PHOTO_RULES if rule.code != code)) != said


def test_nothing_measured_is_nothing_said() -> None:
    assert decided(Measures()) is None and decided_photo(PhotoMeasures()) is None


@pytest.mark.parametrize("measures", [Measures(sound_significance=2.0, sound_moments=9), Measures(small_inliers=30)])
def test_what_chance_gives_is_not_told(measures: Measures) -> None:
    assert decided(measures) is None


def test_one_note_in_common_is_at_most_for_review() -> None:
    said = decided(Measures(sound_significance=40.0, sound_moments=2))
    assert said == Verdict("sound_chance", Relation.SAME_AUDIO, Tier.REVIEW)
