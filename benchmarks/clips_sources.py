"""Recordings that clip matching is measured on, in two halves: real samples, drawn streets, photographs that a camera
wanders over. Grey, 15 frames a second, long side 480; each with its own sound.

The halves share no source but one: the only long recording of a fixed camera is cut into stretches of its own time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
import skimage.data

from fixtures import figures, scenes, sounds

RATE = 15
SIZE = (480, 270)
SOUND_RATE = 44_100


@dataclass(frozen=True, slots=True)
class Recording:
    """`frames`: uint8 (count, rows, columns) at 15 a second. `sound`: float32 mono at 44.1 kHz."""

    name: str
    frames: np.ndarray
    sound: np.ndarray
    view: str = ""  # recordings of one view, at different times, have the same

    @property
    def seconds(self) -> float:
        return len(self.frames) / RATE


def filmed(path: Path, begin: float, end: float) -> np.ndarray:
    """Frames of a real clip between two times."""
    found: list[np.ndarray] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            now = float(frame.time or 0)
            if now >= end:
                break
            scale = 480 / max(frame.width, frame.height)
            width, height = round(frame.width * scale / 2) * 2, round(frame.height * scale / 2) * 2
            while len(found) / RATE <= now - begin + 1e-6:
                found.append(frame.to_ndarray(format="gray", width=width, height=height))
    return np.stack(found)


def drawn(seed: int, seconds: float, *, kind: str, start: float = 0.0, people: int = 12) -> np.ndarray:
    """A street seen by a camera that stands (`fixed`), shakes in a hand (`hand`) or pans (`pan`)."""
    place = scenes.Place(seed, light=(scenes.DAY, scenes.DUSK)[seed % 2])
    crowd = figures.crowd(seed + 100 + int(start), people, around=(300, 2100))
    camera = {
        "fixed": scenes.Camera(x=1200, width=1000, seed=seed + int(start)),
        "hand": scenes.Camera(x=1100, width=900, shake=22, pan=12, seed=seed),
        "pan": scenes.Camera(x=500, width=800, pan=75, shake=8, seed=seed),
    }[kind]
    frames = []
    for number in range(round(seconds * RATE)):
        picture = camera.see(place, crowd, start + number / RATE if kind == "fixed" else number / RATE, SIZE)
        frames.append(np.asarray(picture.convert("L")))
    return np.stack(frames)


def wandered(photograph: np.ndarray, seed: int, seconds: float) -> np.ndarray:
    """A camera that wanders over a photograph and zooms, while things move across it."""
    grey = photograph if photograph.ndim == 2 else cv2.cvtColor(photograph[..., :3], cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    chance = np.random.default_rng(seed)
    phases = chance.uniform(0, 6, 6)
    things = chance.uniform(0, 1, (5, 4))
    frames = []
    for number in range(round(seconds * RATE)):
        now = number / RATE
        zoom = 0.55 + 0.12 * np.sin(0.5 * now + phases[0])
        across, down = width * zoom, min(height, width * zoom * 9 / 16)
        left = (width - across) * (0.5 + 0.45 * np.sin(0.33 * now + phases[1]))
        top = (height - down) * (0.5 + 0.45 * np.sin(0.41 * now + phases[2]))
        matrix = np.array([[SIZE[0] / across, 0, -left * SIZE[0] / across], [0, SIZE[1] / down, -top * SIZE[1] / down]])
        frame = cv2.warpAffine(grey, matrix, SIZE, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
        for x, y, size, speed in things:
            centre = int((x + 0.2 * (speed - 0.5) * now) % 1 * SIZE[0]), int((0.2 + 0.6 * y) * SIZE[1])
            cv2.ellipse(frame, centre, (int(8 + 22 * size), int(16 + 22 * y)), 0, 0, 360, int(40 + 180 * size), -1)
        frames.append(frame)
    return np.stack(frames)


def heard(seed: int, seconds: float) -> np.ndarray:
    """A street, voices, and in some a tune: nobody else's."""
    sound = sounds.street(seed, seconds) + 0.8 * sounds.chant(seed, seconds)
    if seed % 3 == 0:
        sound = sound + 0.5 * sounds.tune(seed, seconds)
    return np.clip(sound, -1, 1).astype(np.float32)


def recordings(half: str, samples: Path) -> list[Recording]:
    """The sources of one half: "tuning" or "test"."""
    videos = samples / "similarity" / "videos"
    street = videos / "street" / "one-by-one-person-detection.mp4"
    makers: dict[str, tuple[str, Callable[[], np.ndarray]]]
    if half == "tuning":
        makers = {
            "chair": ("", lambda: filmed(videos / "tmk/chair-orig-22-sd-bar.mp4", 2, 16)),
            "street-a": ("street", lambda: filmed(street, 0, 14)),
            "street-b": ("street", lambda: filmed(street, 20, 32)),
            "street-c": ("street", lambda: filmed(street, 42, 54)),
            "again": ("signer", lambda: filmed(videos / "asl/again.mkv", 0, 9)),
            "bird": ("signer", lambda: filmed(videos / "asl/bird.mkv", 0, 9)),
            "book": ("signer", lambda: filmed(videos / "asl/book.mkv", 0, 9)),
            "fixed-1": ("fixed-1", lambda: drawn(1, 12, kind="fixed")),
            "fixed-1-later": ("fixed-1", lambda: drawn(1, 12, kind="fixed", start=40)),
            "hand-2": ("", lambda: drawn(2, 12, kind="hand")),
            "pan-3": ("", lambda: drawn(3, 12, kind="pan")),
            "astronaut": ("", lambda: wandered(skimage.data.astronaut(), 4, 12)),
            "coffee": ("", lambda: wandered(skimage.data.coffee(), 5, 12)),
            "rocket": ("", lambda: wandered(skimage.data.rocket(), 6, 12)),
        }
    else:
        makers = {
            "pattern": ("", lambda: filmed(videos / "tmk/pattern-longer-no-bar.mp4", 0, 8)),
            "doorknob": ("", lambda: filmed(videos / "tmk/doorknob-hd-no-bar.mp4", 0, 4.2)),
            "street-d": ("street", lambda: filmed(street, 70, 84)),
            "street-e": ("street", lambda: filmed(street, 92, 104)),
            "street-f": ("street", lambda: filmed(street, 112, 124)),
            "brother": ("signer", lambda: filmed(videos / "asl/brother.mkv", 0, 9)),
            "milk": ("signer", lambda: filmed(videos / "asl/milk.mkv", 0, 9)),
            "night": ("signer", lambda: filmed(videos / "asl/night.mkv", 0, 9)),
            "fixed-11": ("fixed-11", lambda: drawn(11, 12, kind="fixed")),
            "fixed-11-later": ("fixed-11", lambda: drawn(11, 12, kind="fixed", start=40)),
            "hand-12": ("", lambda: drawn(12, 12, kind="hand")),
            "pan-13": ("", lambda: drawn(13, 12, kind="pan")),
            "chelsea": ("", lambda: wandered(skimage.data.chelsea(), 14, 12)),
            "camera": ("", lambda: wandered(skimage.data.camera(), 15, 12)),
            "hubble": ("", lambda: wandered(skimage.data.hubble_deep_field(), 16, 12)),
        }
    found = []
    for number, (name, (view, make)) in enumerate(makers.items()):
        frames = make()
        seed = (0 if half == "tuning" else 1000) + number
        found.append(Recording(name, frames, heard(seed, len(frames) / RATE), view))
    return found
