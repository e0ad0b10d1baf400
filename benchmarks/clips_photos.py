"""Photos that are frames of the recordings, as they come back: screenshots, crops, mirrored, with a banner, filmed."""

from __future__ import annotations

import zlib

import attacks_clips as attacks
import cv2
import numpy as np
from clips_sources import RATE, Recording

from verifier.hashing import local_features, pdq
from verifier.hashing.pictures.features import PictureFeatures, assemble
from verifier.instruments import Picture, Showing
from verifier.records import Derivative, Exhibit, Fingerprint, Kind

SHOWING = Showing(still=True, stored_width=1, stored_height=1)
EXHIBIT = Exhibit(id="0" * 64, sha512="0" * 128, size=1, kind=Kind.PHOTO, media_type="image/png")

KINDS = {
    "frame": lambda frame: frame,
    "frame, small": lambda frame: attacks.scaled(frame, 0.6),
    "frame, mirrored": attacks.mirror,
    "frame, cropped 25 %": attacks.cropped(0.25),
    "frame, banner": attacks.banner,
    "screenshot": lambda frame: screenshot(frame),
    "photo of a screen": attacks.screen_recording,
    "recompressed": lambda frame: recompressed(frame, 20),
    "small and recompressed": lambda frame: recompressed(attacks.scaled(frame, 0.4), 25),
    "cropped 40 %": attacks.cropped(0.4),
    "crop and banner": lambda frame: attacks.banner(np.ascontiguousarray(attacks.cropped(0.2)(frame))),
    "letterboxed": attacks.letterbox,
    "blurred fill": attacks.blurred_fill,
    "gamma": attacks.gamma,
    "turned": attacks.turned,
    "collage": lambda frame: collage(frame),
}


def recompressed(frame: np.ndarray, quality: int) -> np.ndarray:
    """Through a JPEG of that quality, before the one that every photo goes through."""
    return cv2.imdecode(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def collage(frame: np.ndarray) -> np.ndarray:
    """Beside another picture, on a light ground."""
    ground = np.full((480, 480), 200, np.uint8)
    small = attacks.scaled(frame, min(300 / frame.shape[1], 300 / frame.shape[0]))
    ground[10 : 10 + small.shape[0], 10 : 10 + small.shape[1]] = small
    cloud = np.random.default_rng(5).random((20, 30)).astype(np.float32)
    other = cv2.resize(cloud, (440, 150), interpolation=cv2.INTER_CUBIC)
    ground[320:470, 20:460] = np.clip(255 * other, 0, 255)
    return ground


def screenshot(frame: np.ndarray) -> np.ndarray:
    """A phone's screen around it."""
    ground = np.full((640, 320), 22, np.uint8)
    small = attacks.scaled(frame, min(320 / frame.shape[1], 420 / frame.shape[0]))
    top, left = 120, (320 - small.shape[1]) // 2
    ground[top : top + small.shape[0], left : left + small.shape[1]] = small
    cv2.putText(ground, "12:41", (20, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 230, 2)
    cv2.putText(ground, "shared a video", (20, 90), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 200, 1)
    cv2.putText(ground, "1,204 likes", (20, 600), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 200, 1)
    return ground


def features(grey: np.ndarray) -> PictureFeatures:
    """Through the very viewers that run in the product, after JPEG."""
    stored = cv2.imdecode(cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 75])[1], cv2.IMREAD_GRAYSCALE)
    records = []
    for viewer in (pdq.VIEWER, local_features.VIEWER):
        viewing = viewer.begin(EXHIBIT, SHOWING, {})
        viewing.see(Picture(grey=stored, colour=np.repeat(stored[..., None], 3, axis=2)))
        records += list(viewing.conclude())
    contents = {record.recipe: record.content for record in records if isinstance(record, Derivative)}
    found = assemble([record for record in records if isinstance(record, Fingerprint)], contents)
    assert found is not None
    return found


def photographed(half: str, attacked: list[Recording], each: int) -> list[tuple[str, str, float, PictureFeatures]]:
    """(kind, source, time, features): every other photo at an eventful second, the others at any."""
    found = []
    for place, kind in enumerate(KINDS):
        for number in range(each):
            source = attacked[(place * 2 + number) % len(attacked)]
            chance = np.random.default_rng(zlib.crc32(f"{half} x {kind} {number}".encode()))
            any_time = float(chance.uniform(0.3, source.seconds - 0.3))
            when = any_time if number % 2 else eventful_second(source, chance)
            frame = KINDS[kind](source.frames[round(when * RATE)])
            found.append((kind, source.name, when, features(np.ascontiguousarray(frame))))
    return found


def eventful_second(source: Recording, chance: np.random.Generator) -> float:
    """A time at which the picture is unlike the usual one: an empty fixed view could be of any day."""
    small = source.frames[:, ::8, ::8].astype(np.float32)
    apart = np.percentile(np.abs(small - np.median(small, axis=0)), 97, axis=(1, 2))
    good = np.flatnonzero(apart >= np.percentile(apart, 60))
    return float(chance.choice(good)) / RATE
