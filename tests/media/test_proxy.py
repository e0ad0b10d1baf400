"""Clips of one recording by the real FFmpeg: what is shown, when, how covered, and how far it says it is."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.media.making import clip
from tests.media.test_side import frames, run, shade_clip
from verifier.errors import Corrupt, Unsupported
from verifier.media.proxy import COMMON_RATE, LONGER, MOST_RATE, Wanted, proxy, rate_of


def shown(path: Path, wanted: Wanted, *, has_sound: bool = False, progress: int | None = None) -> bytes:
    return proxy(str(path), "video/mp4", wanted, has_pictures=True, has_sound=has_sound, rate=10.0, run=run,
                 progress=progress)  # fmt: skip


def test_a_second_of_the_clip_is_a_second_of_the_recording(tmp_path: Path) -> None:
    path = shade_clip(tmp_path / "c.mp4")
    told, tell = os.pipe()
    pictures, has_sound = frames(shown(path, Wanted(sharp=True), progress=tell))
    os.close(tell)
    assert len(pictures) == 40 and not has_sound
    for number in (0, 9, 10, 25, 39):
        assert abs(pictures[number].mean() - (30 + 50 * (number // 10))) < 6, number
    assert b"progress=end" in os.read(told, 1 << 16)
    os.close(told)
    later, _ = frames(shown(path, Wanted(start=2.0, seconds=1.0)))
    assert len(later) == 10 and abs(later[0].mean() - 130) < 6 and abs(later[-1].mean() - 130) < 6


def test_grey_blurred_and_muted_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    path.write_bytes(clip(seconds=0.3, size=(160, 120)))
    for wanted in (Wanted(), Wanted(sharp=True), Wanted(colour=True), Wanted(sound=True)):
        pictures, has_sound = frames(shown(path, wanted, has_sound=True))
        first = pictures[0].astype(int)
        assert has_sound is wanted.sound
        assert (int(np.ptp(first, axis=2).max()) > 30) is wanted.colour
        fine = float(np.abs(np.diff(first.mean(axis=2), axis=1)).mean())
        assert (fine > 1.0) is wanted.sharp, (wanted, fine)
        assert wanted.is_look is (wanted != Wanted())


def test_no_more_dots_than_a_clip_has(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    path.write_bytes(clip(seconds=0.1, size=(720, 1280)))
    pictures, _ = frames(shown(path, Wanted(sharp=True)))
    assert pictures[0].shape[0] == LONGER and pictures[0].shape[1] == 480


def test_sound_alone_is_played_only_where_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    path.write_bytes(clip(seconds=0.5))
    with pytest.raises(Unsupported, match="not asked for"):
        proxy(str(path), "video/mp4", Wanted(), has_pictures=False, has_sound=True, rate=25.0, run=run)
    made = proxy(str(path), "video/mp4", Wanted(sound=True), has_pictures=False, has_sound=True, rate=25.0, run=run)
    assert made[4:8] == b"ftyp"


def test_what_cannot_be_decoded_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    path.write_bytes(b"no recording at all")
    with pytest.raises(Corrupt):
        shown(path, Wanted())
    with pytest.raises(Unsupported, match="no demuxer"):
        proxy(str(path), "text/html", Wanted(), has_pictures=True, has_sound=False, rate=25.0, run=run)


@pytest.mark.parametrize(
    ("stated", "rate"),
    [(None, COMMON_RATE), (0.0, COMMON_RATE), (29.97, 29.97), (240.0, MOST_RATE), (1e9, COMMON_RATE), (0.01, 25.0)],
)
def test_the_rate_is_its_own_within_bounds(stated: float | None, rate: float) -> None:
    assert rate_of(stated) == rate
