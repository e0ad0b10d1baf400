"""What sound says beside the pictures of two clips."""

from __future__ import annotations

from verifier.hashing.clips.pair import Stretch
from verifier.hashing.sound.chance import Coincidence, coincidence
from verifier.hashing.sound.landmarks import Landmarks
from verifier.hashing.sound.match import SoundSegment
from verifier.hashing.sound.speed import SPEEDS, at_speed
from verifier.records import Medium, Scalar, Segment

SAME_INSTANT_SECONDS = 0.35  # within which sound and pictures say one offset
UNIT_SPEED = 0.02  # how far a speed may be from 1 to be called so
SAME_SPEED = 0.04  # between pictures and sound, share of it
SAME_SIGNIFICANCE = 4.0  # -log10 of chance at the time of the pictures: the same sound
LEAST_PEAKS = 60  # of the pictures' stretches: with fewer there is too little sound to say that it differs
MOST_SHARE_OF_OTHERS = 0.12  # of the peaks met beyond chance; more may be the same sound under noise

# What sound says beside the pictures.
AGREE, DIFFERS, UNDETERMINED = "pictures_and_sound_agree", "sound_differs", "sound_not_determined"
ONE_WITHOUT, ONE_SILENT, TOO_LITTLE = "one_without_sound", "one_silent", "too_little_sound"
OTHER_TIME, OTHER_SPEED = "sound_at_another_time", "sound_differs_at_that_speed"
SOUND_ONLY, PICTURES_NOT_FOUND, VIEW_AT_SOUND = "sound_only", "sound_alike_pictures_not_found", "sound_and_view_alike"


def channel(
    strong: list[Stretch], landmarks: Landmarks | None, known: Landmarks | None, heard: list[SoundSegment]
) -> tuple[str, tuple[Segment, ...]]:
    """What sound says beside the pictures: a code, and the stretches of sound in common.

    "sound_differs" is said only where both have usable sound at the very time of the pictures, were compared there, and
    have no more in common than chance gives; a chant or gunfire has landmarks in common at many times.
    """
    sounds = tuple(sound_segment(one) for one in heard)
    if any(agrees(one, stretch) for one in heard for stretch in strong):
        return AGREE, sounds
    if landmarks is None or known is None:
        return ONE_WITHOUT, sounds
    if landmarks.is_silent or known.is_silent:
        return ONE_SILENT, sounds
    straight = [one for one in strong if abs(one.line.speed - 1) <= UNIT_SPEED]
    if not straight:
        return OTHER_TIME if heard else OTHER_SPEED, sounds
    found = [one for stretch in straight if (one := _at_pictures(stretch, landmarks, known)) is not None]
    if any(one.significance >= SAME_SIGNIFICANCE for one in found):
        return AGREE, sounds
    if sum(one.peaks for one in found) < LEAST_PEAKS:
        return TOO_LITTLE, sounds
    if max(one.share for one in found) > MOST_SHARE_OF_OTHERS:
        return UNDETERMINED, sounds
    return OTHER_TIME if heard else DIFFERS, sounds


def _at_pictures(stretch: Stretch, landmarks: Landmarks, known: Landmarks) -> Coincidence | None:
    """What the two sounds have in common at the time of the pictures."""
    return coincidence(landmarks, known, stretch.query_range, stretch.line.shift, SAME_INSTANT_SECONDS)


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
        "sound_pitch": "pitch_moved" if other.is_pitched else "pitch_kept",
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
