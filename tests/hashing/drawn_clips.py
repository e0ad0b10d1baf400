"""Drawn clips, four frames a second, straight into the viewer: a textured ground, a camera, things that move."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips import fingerprint as frames_fingerprint
from verifier.hashing.clips.features import ClipFeatures
from verifier.instruments import Picture, Showing
from verifier.records import Derivative, Event, Exhibit, Kind

SHOWING = Showing(still=False, stored_width=480, stored_height=270)
EXHIBIT = Exhibit(id="0" * 64, sha512="0" * 128, size=1, kind=Kind.VIDEO, media_type="video/mp4")
SIZE = (480, 270)
Frames = list[NDArray[np.uint8]]


@cache
def ground(seed: int) -> NDArray[np.uint8]:
    """uint8 (600, 1000): walls, windows and stains, by the seed."""
    chance = np.random.default_rng(seed)
    total = np.full((600, 1000), 128, np.float32)
    for cell, weight in ((140, 60), (40, 40), (9, 22), (3, 8)):
        coarse = chance.random((600 // cell + 3, 1000 // cell + 3)).astype(np.float32) - 0.5
        total += weight * cv2.resize(coarse, (1000, 600), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        x, y, w, h = (int(part) for part in chance.integers((0, 0, 8, 8), (980, 580, 70, 60)))
        cv2.rectangle(total, (x, y), (x + w, y + h), float(chance.integers(20, 235)), -1)
    return np.clip(total, 0, 255).astype(np.uint8)


def filmed(seed: int, seconds: float, *, moving: bool = True, start: float = 0.0, crowd: int | None = None) -> Frames:
    """A camera that wanders (`moving`) or stands, before blobs that walk; `crowd` chooses who walks."""
    chance = np.random.default_rng(1000 + (seed if crowd is None else crowd))
    walkers = chance.uniform(0, 1, (6, 5))
    noise = np.random.default_rng(seed + 77)
    frames = []
    for number in range(round(seconds * 4)):
        now = start + number / 4
        left = 250 + (230 * np.sin(0.23 * now + seed) if moving else 0)
        top = 160 + (140 * np.sin(0.31 * now + 2 * seed) if moving else 0)
        frame = ground(seed)[int(top) : int(top) + 270, int(left) : int(left) + 480].copy()
        for x, y, size, speed, shade in walkers:
            centre = (int((x + (0.04 + 0.12 * speed) * now) % 1.1 * 500) - 10, int(40 + 190 * y))
            cv2.ellipse(frame, centre, (int(14 + 20 * size), int(26 + 34 * size)), 0, 0, 360, int(20 + 215 * shade), -1)
        grain = noise.normal(0, 1.5, frame.shape)
        frames.append(np.clip(frame + grain, 0, 255).astype(np.uint8))
    return frames


def card(text: str, seconds: float) -> Frames:
    """A title card."""
    frame = np.full((270, 480), 30, np.uint8)
    cv2.rectangle(frame, (20, 20), (460, 250), 90, 4)
    for row in range(3):
        cv2.putText(frame, text, (40, 90 + 50 * row), cv2.FONT_HERSHEY_DUPLEX, 1.0, 225, 2)
    return [frame] * round(seconds * 4)


def seen(frames: Frames, step: float = 0.25) -> tuple[dict[str, bytes], list[Event]]:
    """Derivatives by recipe and events, from the very viewer of the product."""
    viewing = frames_fingerprint.VIEWER.begin(EXHIBIT, SHOWING, {})
    for number, frame in enumerate(frames):
        viewing.see(Picture(grey=np.ascontiguousarray(frame), offset_seconds=number * step, number=number))
    records = list(viewing.conclude())
    content = {record.recipe: record.content for record in records if isinstance(record, Derivative)}
    return content, [record for record in records if isinstance(record, Event)]


def clip(name: str, frames: Frames) -> ClipFeatures:
    """Features of frames."""
    return ClipFeatures(name, seen(frames)[0])
