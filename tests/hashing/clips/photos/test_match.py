from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.hashing.drawn_clips import EXHIBIT, SHOWING, clip, filmed
from verifier.hashing import local_features, pdq
from verifier.hashing.clips.match import ClipIndex
from verifier.hashing.clips.photos.match import match_photo
from verifier.hashing.pictures.features import PictureFeatures, assemble
from verifier.instruments import Picture
from verifier.records import Derivative, Fingerprint, Relation, Tier


def photo(grey: np.ndarray) -> PictureFeatures:
    """Features of a still, from the viewers of the product."""
    records = []
    for viewer in (pdq.VIEWER, local_features.VIEWER):
        viewing = viewer.begin(EXHIBIT, SHOWING, {})
        viewing.see(Picture(grey=np.ascontiguousarray(grey), colour=np.repeat(grey[..., None], 3, axis=2)))
        records += list(viewing.conclude())
    content = {record.recipe: record.content for record in records if isinstance(record, Derivative)}
    found = assemble([record for record in records if isinstance(record, Fingerprint)], content)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def index() -> ClipIndex:
    known = {f"k{seed}": clip(f"k{seed}", filmed(seed, 14)) for seed in range(1, 4)}
    known["stands"] = clip("stands", filmed(9, 14, moving=False))
    return ClipIndex(known)


@pytest.mark.parametrize("kind", ["as it is", "mirrored", "cropped", "small", "turned", "barred"])
def test_a_frame_is_found_with_its_time_and_has_no_range_itself(index: ClipIndex, kind: str) -> None:
    frame = filmed(2, 14)[23]
    changed = {
        "as it is": frame,
        "mirrored": frame[:, ::-1],
        "cropped": frame[30:230, 60:420],
        "small": cv2.resize(frame, (300, 169), interpolation=cv2.INTER_AREA),
        "turned": np.rot90(frame),
        "barred": np.pad(frame, ((105, 105), (0, 0)), constant_values=4),
    }[kind]
    (match,) = [one for one in match_photo("a", photo(changed), index) if one.relation is Relation.CLIP]
    assert (match.left, match.right, match.tier) == ("a", "k2", Tier.CERTAIN)
    (segment,) = match.segments
    assert segment.left is None and segment.right is not None
    assert segment.right[0] - 0.6 <= 5.75 <= segment.right[1] + 0.6
    assert match.transform is not None and match.transform.mirrored is (kind == "mirrored")


def test_under_a_banner_it_is_likely_at_most_and_its_time_is_right(index: ClipIndex) -> None:
    frame = filmed(1, 14)[31].copy()
    frame[208:258] = 40
    cv2.putText(frame, "BREAKING NEWS", (20, 245), cv2.FONT_HERSHEY_DUPLEX, 1.2, 245, 2)
    (match,) = [one for one in match_photo("a", photo(frame), index) if one.relation is Relation.CLIP]
    assert (match.right, match.tier) == ("k1", Tier.LIKELY)
    assert match.segments[0].right is not None
    assert match.segments[0].right[0] - 0.6 <= 7.75 <= match.segments[0].right[1] + 0.6


def test_between_described_frames_the_laying_is_followed_to_the_instant(index: ClipIndex) -> None:
    clip_features = index.clips["k2"]
    assert clip_features.sift is not None
    described = set(clip_features.sift.frame.tolist())
    number = next(number for number in range(20, 50) if not {number - 1, number, number + 1} & described)
    cut = filmed(2, 14)[number][20:250, 30:450]
    (match,) = [one for one in match_photo("a", photo(cut), index) if one.relation is Relation.CLIP]
    assert match.segments[0].right is not None
    assert match.segments[0].right[0] - 0.3 <= number / 4 <= match.segments[0].right[1] + 0.3


def test_the_photo_may_be_the_right_one_of_the_pair(index: ClipIndex) -> None:
    (match,) = [m for m in match_photo("z", photo(filmed(3, 14)[40]), index) if m.relation is Relation.CLIP]
    assert (match.left, match.right) == ("k3", "z")
    assert match.segments[0].right is None and match.segments[0].left is not None


def test_a_photo_of_a_fixed_view_at_another_time_is_for_a_person(index: ClipIndex) -> None:
    later = filmed(9, 14, moving=False, start=60, crowd=50)[20]
    assert all(match.tier is Tier.REVIEW for match in match_photo("a", photo(later), index))


def test_a_strange_photo_is_nowhere(index: ClipIndex) -> None:
    assert not match_photo("a", photo(filmed(44, 2)[4]), index)


def test_a_flat_photo_is_nowhere(index: ClipIndex) -> None:
    assert not match_photo("a", photo(np.full((270, 480), 120, np.uint8)), index)
