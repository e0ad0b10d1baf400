from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.hashing.drawn_clips import clip, filmed
from verifier.hashing.clips import windows as clip_windows
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.match import ClipIndex, match_one
from verifier.hashing.clips.pair import stretches
from verifier.hashing.clips.windows import around, long_stretches, windows
from verifier.records import Medium, Relation


@pytest.fixture(scope="module")
def long() -> ClipFeatures:
    return clip("long", filmed(1, 60) + filmed(2, 60))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_windows, "MOST_CELLS", 100)
    monkeypatch.setattr(clip_windows, "WINDOW", 100)
    monkeypatch.setattr(clip_windows, "SHARED", 24)


@pytest.mark.usefixtures("small")
def test_windows_cover_every_frame_and_share_some() -> None:
    for count in (1, 99, 100, 101, 177, 1000):
        spans = list(windows(count))
        assert spans[0][0] == 0 and spans[-1][1] == count
        assert all(after[0] == before[1] - 24 for before, after in pairwise(spans))


def test_a_part_keeps_times_hashes_and_points(long: ClipFeatures) -> None:
    part = long.part(100, 180)
    assert len(part) == 80
    assert part.frames.times[0] == long.frames.times[100]
    assert np.array_equal(part.frames.wide[part.frames.run], long.frames.wide[long.frames.run[100:180]])
    assert np.array_equal(part.small, long.small[100:180])
    assert part.sift is not None and long.sift is not None
    assert 0 < len(part.sift) < len(long.sift)
    described = int(np.flatnonzero(long.sift.frame >= 100)[0])
    assert int(part.sift.frame[0]) + 100 == int(long.sift.frame[described])
    assert np.array_equal(part.sift.picture(0).descriptors, long.sift.picture(described).descriptors)
    assert around(part, 30.0) is part


@pytest.mark.usefixtures("small")
def test_a_stretch_across_windows_is_one(long: ClipFeatures) -> None:
    query = clip("query", filmed(1, 60)[40:200])
    whole = [one for one in stretches(query, long) if one.is_same_footage]
    found = [one for one in long_stretches(query, long) if one.is_same_footage]
    assert len(whole) == len(found) == 1
    assert found[0].query_range == pytest.approx(whole[0].query_range, abs=0.5)
    assert found[0].known_range == pytest.approx((10, 50), abs=0.5)


@pytest.mark.usefixtures("small")
def test_a_crop_of_a_long_clip_is_found_by_points(long: ClipFeatures) -> None:
    crop = [frame[40:220, 60:380] for frame in filmed(2, 60)[80:130]]
    (match,) = match_one("query", clip("query", crop), None, ClipIndex({"long": long}))
    assert match.relation is Relation.CLIP
    (segment,) = [one for one in match.segments if one.medium is Medium.VIDEO]
    assert segment.left == pytest.approx((80, 92.5), abs=1.0)
