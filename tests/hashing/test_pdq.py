"""PDQ against published values, its dihedral variants, and its box variants."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

from verifier.hashing.bits import distances, hamming, stack
from verifier.hashing.luma import reduced
from verifier.hashing.pdq import BYTES, TURNS, VIEWER, Pdq, pdq
from verifier.instruments import Picture, Showing
from verifier.records import Exhibit, Fingerprint, Kind

EXHIBIT = Exhibit(id="0" * 64, sha512="0" * 128, size=1, kind=Kind.PHOTO, media_type="image/png")

# The first picture of Meta's regression set, as its README publishes it.
BRIDGE = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


def rgb(path: Path) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def turned(picture: np.ndarray, mirrored: bool, degrees: int) -> np.ndarray:
    picture = picture[:, ::-1] if mirrored else picture
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90))


@pytest.mark.samples
def test_the_published_hash_of_the_bridge(samples: Path) -> None:
    found = pdq(rgb(samples / "similarity/images/reg-test-input-dih/bridge-1-original.jpg"))
    assert found.bits.hex() == BRIDGE
    assert found.quality == 100


@pytest.mark.samples
def test_the_published_dihedral_copies_are_found_by_their_turn(samples: Path) -> None:
    folder = samples / "similarity/images/reg-test-input-dih"
    original = pdq(rgb(folder / "bridge-1-original.jpg"))
    turns = {
        "bridge-2-rotate-90": (False, 270),  # counted anticlockwise there
        "bridge-3-rotate-180": (False, 180),
        "bridge-4-rotate-270": (False, 90),
        "bridge-5-flipx": (True, 180),
        "bridge-6-flipy": (True, 0),
        "bridge-7-flip-plus-1": (True, 270),
        "bridge-8-flip-minus-1": (True, 90),
    }
    for name, (mirrored, degrees) in turns.items():
        copy = pdq(rgb(folder / f"{name}.jpg")).bits
        near = [turn for turn in TURNS if hamming(original.turned(turn), copy) <= 16]
        assert [(turn.mirrored, turn.rotation_degrees) for turn in near] == [(mirrored, degrees)], name


@pytest.mark.samples
def test_published_hashes_of_video_frames(samples: Path) -> None:
    """Most frames are equal to the bit; the rest differ by the colour conversion of another decoder."""
    name = "pattern-sd-grey-bar"
    rows = (samples / f"similarity/reference/vpdq/{name}.txt").read_text().splitlines()[:40]
    published = [(bytes.fromhex(row.split(",")[2]), int(row.split(",")[1])) for row in rows]
    found: list[Pdq] = []
    with av.open(str(samples / f"similarity/videos/tmk/{name}.mp4")) as container:
        for frame in container.decode(video=0):
            if len(found) == len(published):
                break
            found.append(pdq(frame.to_ndarray(format="rgb24")))
    apart = [hamming(mine.bits, bits) for mine, (bits, _) in zip(found, published, strict=True)]
    assert max(apart) <= 2
    assert apart.count(0) >= 30
    assert [mine.quality for mine in found] == [quality for _, quality in published]


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_variants_are_the_hashes_of_the_turned_picture(turn) -> None:
    picture = np.ascontiguousarray(data.astronaut()[:480, :384])
    laid = pdq(turned(picture, turn.mirrored, turn.rotation_degrees))
    assert hamming(pdq(picture).turned(turn), laid.bits) <= 16


def test_a_flat_picture_has_no_quality() -> None:
    assert pdq(np.full((300, 400), 90, np.uint8)).quality == 0


def test_grey_and_colour_of_one_grey_picture_agree() -> None:
    grey = data.camera()
    assert hamming(pdq(grey).bits, pdq(np.repeat(grey[..., None], 3, axis=2)).bits) <= 2


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(ValueError):
        pdq(np.zeros((0, 5), np.uint8))


def watch(picture: np.ndarray) -> list[Fingerprint]:
    showing = Showing(still=True, stored_width=picture.shape[1], stored_height=picture.shape[0])
    viewing = VIEWER.begin(EXHIBIT, showing, {})
    viewing.see(Picture(grey=cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), colour=picture))
    return [record for record in viewing.conclude() if isinstance(record, Fingerprint)]


def test_a_box_variant_finds_the_picture_between_bars() -> None:
    plain = reduced(data.astronaut())
    barred = cv2.copyMakeBorder(plain, 120, 120, 0, 0, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    full, *boxes = watch(barred)
    original = watch(plain)[0]
    assert hamming(original.bits, full.bits) > 60
    assert min(hamming(original.bits, box.bits) for box in boxes) <= 16
    assert {box.variant for box in boxes} <= {"box1", "box2", "box3"}


def test_the_same_picture_twice_says_the_same() -> None:
    assert watch(data.chelsea()) == watch(data.chelsea())


row = st.binary(min_size=BYTES, max_size=BYTES)


@settings(max_examples=50, deadline=None)
@given(row, row, row)
def test_distance_is_a_metric(a: bytes, b: bytes, c: bytes) -> None:
    assert hamming(a, a) == 0
    assert hamming(a, b) == hamming(b, a)
    assert hamming(a, c) <= hamming(a, b) + hamming(b, c)
    assert list(distances(np.frombuffer(a, np.uint8), stack([a, b, c], BYTES))) == [
        0, hamming(a, b), hamming(a, c),
    ]  # fmt: skip
