"""What a search of a bank found, as it is stored: readings of the exhibit, and back.

A reading's value is canonical JSON without any hash; its location names the bank, its revision and its digest, so that
"no match" can be held against exactly what was searched. A hit can also stand as a match with what the bank's item is
dated by, which is how time claims learn of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from verifier import canonical
from verifier.records import Match, Medium, Reading, Relation, Segment, Tier, Transform

INSTRUMENT = "bank-search"
MATCH_KEY, SEARCHED_KEY = "bank:match", "bank:searched"
METHOD = "bank-hashes/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Seconds of the exhibit and of the item; a picture's side is None."""

    own: tuple[float, float] | None
    item: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankHit:
    """One item that an exhibit resembles. `distance`: bits of 256 (the median along a clip); 0 for the same bytes."""

    item: str
    relation: str  # "same-bytes", or a Relation: same-picture, clip, same-scene
    tier: Tier
    distance: int
    mirrored: bool = False
    rotation_degrees: int = 0
    earliest: str | None = None  # ISO days
    latest: str | None = None
    stretches: tuple[Stretch, ...] = ()
    is_clip: bool = False  # whether the item is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What was searched. `radius`: bits; `comparable`: whether the exhibit has anything that a bank could know."""

    items: int
    hashes: int
    radius: int
    comparable: bool
    earliest: str | None = None
    latest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """One bank's answer for one exhibit. `bank`: name, revision and digest in words."""

    bank: str
    scope: Scope
    hits: tuple[BankHit, ...]


def label(name: str, revision: int, digest: str) -> str:
    """How a bank is named wherever an answer of it stands."""
    return f"{name} revision {revision} (SHA-256 {digest[:16]})"


def iso(day: date | None) -> str | None:
    """A day as ISO text."""
    return None if day is None else day.isoformat()


def readings(answers: Iterable[Searched]) -> tuple[Reading, ...]:
    """Readings of the exhibit that was searched for."""
    found: list[Reading] = []
    for answer in answers:
        found.append(Reading(key=SEARCHED_KEY, value=_text(answer.scope), location=answer.bank))
        found += [Reading(key=MATCH_KEY, value=_text(hit), location=answer.bank) for hit in answer.hits]
    return tuple(found)


def answers(found: Iterable[Reading]) -> tuple[Searched, ...]:
    """What one exhibit's readings by `INSTRUMENT` say of banks. Raises ValueError for one not written by `readings`."""
    scopes: dict[str, Scope] = {}
    hits: dict[str, list[BankHit]] = {}
    for reading in found:
        bank, value = reading.location, json.loads(str(reading.value))
        if reading.key == SEARCHED_KEY:
            scopes[bank] = canonical.from_plain(Scope, value)
        elif reading.key == MATCH_KEY:
            hits.setdefault(bank, []).append(canonical.from_plain(BankHit, value))
    return tuple(
        Searched(bank=bank, scope=scope, hits=tuple(sorted(hits.get(bank, []), key=_order)))
        for bank, scope in sorted(scopes.items())
    )


def _text(value: object) -> str:
    return canonical.encode(value).decode("utf-8")


def _order(hit: BankHit) -> tuple[bool, bool, int, str]:
    return (hit.tier is Tier.REVIEW, hit.tier is not Tier.CERTAIN, hit.distance, hit.item)


def as_match(exhibit: str, bank: str, hit: BankHit, *, is_clip: bool) -> Match:
    """The hit as a link to something that is no exhibit, `bank:NAME:ITEM`. `public_by` is the item's latest day."""
    other = f"bank:{bank.split(' ')[0]}:{hit.item}"
    left, right = sorted((exhibit, other))
    is_left = left == exhibit
    medium = Medium.VIDEO if is_clip or hit.is_clip else Medium.IMAGE
    segments = tuple(
        Segment(
            left=stretch.own if is_left else stretch.item,
            right=stretch.item if is_left else stretch.own,
            speed=1.0,
            medium=medium,
        )
        for stretch in hit.stretches
    )
    because: dict[str, str | int | float | bool | None] = {"bank": bank, "distance_bits": hit.distance}
    if hit.latest is not None:
        because["public_by"] = hit.latest
    return Match(
        left=left,
        right=right,
        relation=Relation.SAME_STREAMS if hit.relation == "same-bytes" else Relation(hit.relation),
        medium=medium,
        method=METHOD,
        score=round(1 - hit.distance / 256, 4),
        tier=hit.tier,
        transform=Transform(mirrored=hit.mirrored, rotation_degrees=float(hit.rotation_degrees)),
        segments=segments,
        because=because,
    )
