from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import Corrupt
from verifier.hashing.banks import vpdq
from verifier.hashing.bits import hamming
from verifier.hashing.clips.frames.hashes import frame_hash
from verifier.instruments import Picture, Showing
from verifier.media.frames import watch
from verifier.media.source import VaultSource

FRAMES = st.lists(
    st.builds(
        vpdq.VpdqFrame,
        bits=st.binary(min_size=32, max_size=32),
        quality=st.integers(0, 100),
        seconds=st.integers(0, 10**6).map(lambda milliseconds: milliseconds / 1000),
        number=st.none(),
    ),
    max_size=8,
)


@given(FRAMES)
def test_both_forms_are_read_again(frames: list[vpdq.VpdqFrame]) -> None:
    for text in (vpdq.write_text(frames), vpdq.write_json(frames)):
        again = vpdq.read(text)
        assert [(f.bits, f.quality, f.seconds) for f in again] == [(f.bits, f.quality, f.seconds) for f in frames]


def test_the_older_json_is_read() -> None:
    text = json.dumps({"0": {"quality": 90, "hash": "0f" * 32, "timestamp": 0.0}})
    (frame,) = vpdq.read(text)
    assert frame == vpdq.VpdqFrame(bits=bytes([15] * 32), quality=90, seconds=0.0, number=0)


@pytest.mark.parametrize(
    "text", ["nonsense", "0,50,zz,1", "0,101," + "0" * 64 + ",0", '["ab,1,2"]', "{", "[1]", "[" * 9000, "0,1,2,3,4"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Corrupt):
        vpdq.read(text)


@pytest.mark.samples
@pytest.mark.parametrize(
    "name", ["pattern-sd-grey-bar", "pattern-hd-no-bar", "chair-orig-22-sd-bar", "chair-22-with-large-logo-bar"]
)
def test_our_hashes_are_the_published_ones(samples: Path, name: str) -> None:
    """Within ten bits for nearly every frame of quality: decoders and reductions differ a little."""
    published = vpdq.read((samples / f"similarity/reference/vpdq/{name}.txt").read_text())
    source = VaultSource(samples / f"similarity/videos/tmk/{name}.mp4")
    near = []
    for shown in watch(source, "video/mp4"):
        if isinstance(shown, Showing):
            size = shown.stored_width, shown.stored_height
        if not isinstance(shown, Picture) or shown.offset_seconds is None:
            continue
        closest = min(published, key=lambda frame: abs(frame.seconds - shown.offset_seconds))
        bits, _, quality = frame_hash(shown.grey, *size)
        if abs(closest.seconds - shown.offset_seconds) < 0.002 and min(quality, closest.quality) >= 50:
            near.append(hamming(bits, closest.bits) <= 10)
    assert len(near) >= 5
    assert sum(near) >= 0.99 * len(near)
