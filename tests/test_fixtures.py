"""The project's own media are all there, unchanged, listed, small, and what the truth says of them."""

from __future__ import annotations

import hashlib
import io
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fixtures.edits import bannered, blurred_sides, painted_out, phone_screen
from fixtures.figures import crowd
from fixtures.scenes import Camera, Place
from fixtures.sounds import RATE, reports, street
from fixtures.writing import clip, pictures_of, sound_of
from verifier.media.sniff import sniff
from verifier.records import Kind

MOST_BYTES = 8_000_000


@pytest.fixture(scope="module")
def truth(fixtures: Path) -> dict[str, Any]:
    return tomllib.loads((fixtures / "TRUTH.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def provenance(fixtures: Path) -> dict[str, dict[str, Any]]:
    listed = tomllib.loads((fixtures / "PROVENANCE.toml").read_text(encoding="utf-8"))
    return {entry["path"]: entry for entry in listed["file"]}


def present(fixtures: Path) -> set[str]:
    return {path.relative_to(fixtures).as_posix() for path in (fixtures / "demo").rglob("*") if path.is_file()}


def test_every_file_is_listed_and_every_listed_file_is_there(fixtures: Path, provenance: dict[str, Any]) -> None:
    assert present(fixtures) == set(provenance)


def test_digests_sizes_and_licences(fixtures: Path, provenance: dict[str, dict[str, Any]]) -> None:
    for path, entry in provenance.items():
        content = (fixtures / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], path
        assert len(content) == entry["size"], path
        assert entry["licence"] == "CC0-1.0"
        assert entry["how"]


def test_the_whole_is_small(fixtures: Path) -> None:
    assert sum(path.stat().st_size for path in fixtures.rglob("*") if path.is_file()) <= MOST_BYTES


def test_truth_speaks_only_of_what_is_there(fixtures: Path, truth: dict[str, Any]) -> None:
    named = [entry[side] for section in ("pair", "relative") for entry in truth[section] for side in ("left", "right")]
    named += [
        entry["path"] for section in ("impulses", "contradiction", "notice", "claim", "odd") for entry in truth[section]
    ]
    named += truth["truthful"]["paths"]
    files = {path.removeprefix("demo/") for path in present(fixtures)}
    assert set(named) <= files


def test_nobody_who_tells_the_truth_is_said_to_lie(truth: dict[str, Any]) -> None:
    assert not {entry["path"] for entry in truth["contradiction"]} & set(truth["truthful"]["paths"])


def test_same_bytes(fixtures: Path, truth: dict[str, Any]) -> None:
    one, other = truth["same_bytes"][0]["paths"]
    assert (fixtures / "demo" / one).read_bytes() == (fixtures / "demo" / other).read_bytes()


def test_the_playlist_is_a_trap_and_is_seen_as_text(fixtures: Path) -> None:
    """Opened by its name it really shows another file; by its bytes it is no video."""
    import av

    path = fixtures / "demo" / "phone" / "VID_0001.mp4"
    with av.open(str(path)) as container:
        assert container.format.name == "concat"
        assert next(container.decode(video=0)).width == 640
    content = path.read_bytes()
    assert sniff(content, len(content))[0] not in (Kind.VIDEO, Kind.AUDIO, Kind.PHOTO)


def test_two_cameras_hear_one_event(fixtures: Path, truth: dict[str, Any]) -> None:
    [pair] = [entry for entry in truth["relative"] if entry["relation"] == "same-event"]
    left = sound_of((fixtures / "demo" / pair["left"]).read_bytes())
    right = sound_of((fixtures / "demo" / pair["right"]).read_bytes())
    count = 1 << 20
    product = np.fft.rfft(left, count) * np.conj(np.fft.rfft(right, count))
    lag = int(np.argmax(np.fft.irfft(product, count)))
    assert lag / RATE == pytest.approx(pair["sound_offset_seconds"], abs=0.005)


def test_drawing_again_gives_the_same_pictures_and_sounds() -> None:
    """Seeds decide everything; no clock, no global randomness."""
    first, second = (Camera(x=700, seed=2).see(Place(11), crowd(5, 6), 1.5, (240, 180)) for _ in range(2))
    assert np.array_equal(np.asarray(first), np.asarray(second))
    assert np.array_equal(street(3, 1.0), street(3, 1.0))
    assert np.abs(reports(3, 2.0, [0.5])).argmax() == pytest.approx(0.5 * RATE, abs=0.004 * RATE)


def test_encoding_again_gives_the_same_bytes() -> None:
    pictures = [Camera(x=700).see(Place(11), crowd(5, 3), index / 20, (160, 96)) for index in range(6)]
    first, second = (clip(pictures, street(1, 0.3), camera=True) for _ in range(2))
    assert first == second
    assert b"x264" not in first and b"Lavf" not in first
    assert len(pictures_of(first)) == 6
    assert sniff(first[:65536], len(first))[0] is Kind.VIDEO
    assert io.BytesIO(first).read(8)[4:] == b"ftyp"


def test_edits_change_what_they_say_and_nothing_else() -> None:
    picture = Camera(x=700).see(Place(11), crowd(5, 3), 1.0, (320, 240))
    before = np.asarray(picture)
    banner = np.asarray(bannered(picture, "headline"))
    assert np.array_equal(before[60:190, :200], banner[60:190, :200])
    assert not np.array_equal(before[210:], banner[210:])
    painted = np.asarray(painted_out(picture, (0.4, 0.6, 0.6, 0.9), 0.2))
    differs = np.argwhere((before != painted).any(axis=2))
    assert differs.min(axis=0)[0] >= 0.6 * 240 and differs.max(axis=0)[1] <= 0.6 * 320
    assert phone_screen(picture, channel="a", words="b", clock="c", views="d").size == (540, 1170)
    assert blurred_sides(picture, (480, 240)).size == (480, 240)
