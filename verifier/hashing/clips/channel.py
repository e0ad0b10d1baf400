"""What sound says beside the pictures of two clips."""

from __future__ import annotations

from verifier.hashing.clips.pair import Stretch
from verifier.hashing.sound.landmarks import LEAST_HASHES_HEARD, Landmarks
from verifier.hashing.sound.match import SoundSegment
from verifier.hashing.sound.speed import SPEEDS, at_speed
from verifier.records import Medium, Scalar, Segment

SAME_INSTANT_SECONDS = 0.35  # within which sound and pictures say one offset
UNIT_SPEED = 0.02  # how far a speed may be from 1 to be called so
SAME_SPEED = 0.04  # between pictures and sound, share of it


def channel(
    strong: list[Stretch], landmarks: Landmarks | None, known: Landmarks | None, heard: list[SoundSegment]
) -> tuple[str, tuple[Segment, ...]]:
    """What sound says beside the pictures."""
    sounds = tuple(sound_segment(one) for one in heard)
    if any(agrees(one, stretch) for one in heard for stretch in strong):
        return "pictures and sound agree", sounds
    if heard:
        return "pictures match; sound matches at another time", sounds
    if landmarks is None or known is None:
        return "pictures match; one of them has no sound", sounds
    if landmarks.is_silent or known.is_silent:
        return "pictures match; one of them is silent", sounds
    if min(len(landmarks.frame), len(known.frame)) < LEAST_HASHES_HEARD:
        return "pictures match; too little sound to compare", sounds
    if any(abs(stretch.line.speed - 1) > UNIT_SPEED for stretch in strong):
        return "pictures match at another speed; sound does not match at that speed", sounds
    return "pictures match, sound differs", sounds


def agrees(sound: SoundSegment, stretch: Stretch) -> bool:
    """Whether sound and pictures say one speed and one time."""
    speed = stretch.line.speed
    if abs(sound.speed / speed - 1) > SAME_SPEED:
        return False
    begin = max(sound.query_range[0], stretch.query_range[0])
    end = min(sound.query_range[1], stretch.query_range[1])
    middle = (begin + end) / 2
    heard = sound.known_range[0] + sound.speed * (middle - sound.query_range[0])
    return abs(heard - speed * middle - stretch.line.shift) <= SAME_INSTANT_SECONDS * max(1.0, speed)


def told(heard: list[SoundSegment]) -> dict[str, Scalar]:
    """How fast the sound of one runs in the other, where not equally, and what became of its pitch."""
    other = next((one for one in heard if abs(one.speed - 1) > UNIT_SPEED), None)
    if other is None:
        return {}
    return {
        "sound_speed": round(other.speed, 3),
        "sound_pitch": "moved with the speed" if other.is_pitched else "kept",
    }


def at_speeds_of(
    strong: list[Stretch], landmarks: Landmarks | None, known: Landmarks | None, name: str
) -> list[SoundSegment]:
    """Sound in common at the speeds other than 1 at which pictures agree; a speed in use stands for those near it."""
    if landmarks is None or known is None:
        return []
    found: list[SoundSegment] = []
    for speed in sorted({round(one.line.speed, 2) for one in strong if abs(one.line.speed - 1) > UNIT_SPEED}):
        usual = [other for other in (*SPEEDS, 2 / 3, 4 / 3) if abs(other / speed - 1) < UNIT_SPEED]
        for tried in dict.fromkeys([*usual, speed]):
            for is_pitched in (False, True):
                found = found or at_speed(landmarks, known, name, tried, is_pitched=is_pitched)
    return found


def sound_segment(segment: SoundSegment) -> Segment:
    """As it stands in a match."""
    return Segment(
        left=rounded((max(0.0, segment.query_range[0]), segment.query_range[1])),
        right=rounded((max(0.0, segment.known_range[0]), segment.known_range[1])),
        speed=round(segment.speed, 3),
        medium=Medium.AUDIO,
    )


def rounded(span: tuple[float, float]) -> tuple[float, float]:
    """Seconds, to hundredths."""
    return round(span[0], 2), round(span[1], 2)
