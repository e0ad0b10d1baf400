"""What sound says beside the pictures of two clips."""

from __future__ import annotations

from verifier.hashing.clip_pair import Stretch
from verifier.hashing.landmarks import LEAST_HASHES_HEARD, Landmarks
from verifier.hashing.sound_match import SoundSegment
from verifier.records import Medium, Segment

SAME_INSTANT_SECONDS = 0.35  # within which sound and pictures say one offset
UNIT_SPEED = 0.02  # how far a speed may be from 1 to be called so
SAME_SPEED = 0.04  # between pictures and sound, share


def channel(
    strong: list[Stretch], landmarks: Landmarks | None, known: Landmarks | None, heard: list[SoundSegment]
) -> tuple[str, tuple[Segment, ...]]:
    """What sound says beside the pictures."""
    sounds = tuple(sound_segment(one) for one in heard)
    agreeing = [
        one
        for one in heard
        for stretch in strong
        if abs(one.offset - (stretch.known_range[0] - stretch.query_range[0])) <= SAME_INSTANT_SECONDS
        or abs(stretch.line.speed - 1) > 0.02
    ]
    if agreeing:
        return "pictures and sound agree", sounds
    if heard:
        return "pictures match; sound matches at another time", sounds
    if landmarks is None or known is None:
        return "pictures match; one of them has no sound", sounds
    if landmarks.is_silent or known.is_silent:
        return "pictures match; one of them is silent", sounds
    if any(abs(stretch.line.speed - 1) > 0.02 for stretch in strong):
        return "pictures match at another speed; sound not compared", sounds
    if min(len(landmarks.frame), len(known.frame)) < LEAST_HASHES_HEARD:
        return "pictures match; too little sound to compare", sounds
    return "pictures match, sound differs", sounds


def sound_segment(segment: SoundSegment) -> Segment:
    return Segment(
        left=rounded((max(0.0, segment.query_range[0]), segment.query_range[1])),
        right=rounded((max(0.0, segment.known_range[0]), segment.known_range[1])),
        speed=1.0,
        medium=Medium.AUDIO,
    )


def rounded(span: tuple[float, float]) -> tuple[float, float]:
    return round(span[0], 2), round(span[1], 2)
