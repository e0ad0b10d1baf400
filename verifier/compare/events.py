"""Recordings that heard one event: their sound ran at one time, though it is no copy.

A time offset for a person to weigh, never the same footage: a song or a broadcast played at two places gives the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

import numpy as np

from verifier.audio.sync import Offset, Points, offset_between
from verifier.guarded import UNGUARDED, Guard
from verifier.hashing.sound.landmarks import FRAME_SECONDS, HIGHEST_BIN, LOWEST_BIN, Landmarks
from verifier.hashing.sound.match import SoundIndex
from verifier.records import Match, Medium, Relation, Segment, Tier

METHOD = "sound-sync/2"
MOST_VOTES = 2e10  # of all pairs that are compared in full, some minutes of work; beyond it sound must lead
MOST_LED = 16  # of one recording
HEARD_THE_SAME = "heard_the_same"  # at one time; a song or a broadcast played at two places would give the same
_Pair = tuple[str, str]


def same_events(
    sound: Mapping[str, Landmarks], fresh: Collection[str], explained: Collection[_Pair], *, deep: bool = False,
    guard: Guard = UNGUARDED,
) -> Iterator[Match]:  # fmt: skip
    """Pairs with at least one `fresh` recording whose sounds ran at one time, but for those `explained` already.

    All pairs are tried where that is some minutes of work, or if `deep`; else only those that share a few landmarks.
    """
    heard = {name: one for name, one in sound.items() if not one.is_silent and len(one.frame)}
    points = {name: _points(one) for name, one in heard.items()}
    for one, other in _pairs(heard, fresh, deep=deep):
        if (one, other) in explained:
            continue
        match = guard.attempt((one, other), partial(_compared, one, other, points), None)
        if match is not None:
            yield match


def _compared(one: str, other: str, points: Mapping[str, Points]) -> Match | None:
    found = offset_between(points[one], points[other])
    return _match(one, other, found) if found is not None else None


def _points(landmarks: Landmarks) -> Points:
    return Points(start=landmarks.start, frame=landmarks.frame, band=landmarks.bin, frame_seconds=FRAME_SECONDS)


def _pairs(heard: Mapping[str, Landmarks], fresh: Collection[str], *, deep: bool) -> Iterator[_Pair]:
    """Each once, the lesser id first."""
    own = sorted(name for name in fresh if name in heard)
    total = float(sum(len(one.frame) for one in heard.values()))
    votes = sum(len(heard[name].frame) for name in own) * total * 3 / (HIGHEST_BIN - LOWEST_BIN)
    index = None if deep or votes <= MOST_VOTES else SoundIndex(heard)
    seen: set[_Pair] = set()
    for name in own:
        others: Collection[str] = sorted(heard)
        if index is not None:
            hashes, when = heard[name].hashes()
            others = index.leads(hashes, when.astype(np.int64), MOST_LED + 1)
        for other in others:
            pair = (name, other) if name < other else (other, name)
            if name != other and pair not in seen:
                seen.add(pair)
                yield pair


def _match(one: str, other: str, found: Offset) -> Match:
    begin, end = found.first
    span = (round(max(0.0, begin), 2), round(end, 2))
    there = (round(max(0.0, begin + found.seconds), 2), round(end + found.seconds, 2))
    return Match(
        left=one,
        right=other,
        relation=Relation.SAME_EVENT,
        medium=Medium.AUDIO,
        method=METHOD,
        score=round(min(1.0, found.height / 20), 3),
        tier=Tier.REVIEW,
        segments=(Segment(left=span, right=there, speed=1.0, medium=Medium.AUDIO),),
        because={
            "offset_seconds": round(found.seconds, 3),
            "offset_uncertainty_seconds": round(found.uncertainty_seconds, 3),
            "points_in_common": found.common,
            "height": round(found.height, 1),
            "ratio": round(found.ratio, 2),
            "strength": "clear" if found.is_sure else "faint",
            "why": HEARD_THE_SAME,
        },
    )
