"""What files and people can say at its extremes, for every field that is read: dates, numbers, lengths, places."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

import verifier
from tests.geo.dossiers import ONE, OTHER, THIRD
from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.records import (
    Acquisition,
    Batch,
    Claim,
    Event,
    Exhibit,
    Kind,
    Match,
    Medium,
    Moment,
    Reading,
    Relation,
    Segment,
    Tier,
    Transform,
    Value,
    Zone,
)

_KEY = re.compile(r'"([a-z][a-z0-9-]*:[A-Za-z0-9_:.©-]+)"')
WALLS = (
    "0001-01-01T00:00:00", "0001-01-03T00:00:01", "1582-10-10T12:00:00", "1904-01-01T00:00:00", "1970-01-01T00:00:00",
    "2024-02-29T23:59:60"[:17] + "59", "2038-01-19T03:14:08.999999999", "9999-12-31T23:59:59", "9999-12-29T00:00:00",
)  # fmt: skip
NUMBERS: tuple[int | float, ...] = (
    0, -0.0, 1, -1, 0.5, 89.999999, 90, -90.0, 180, -180.0, 2**31, -(2**31), 2**32 - 1, 2**63 - 1, -(2**63), 1e308,
    -1e308, 5e-324, math.nan, math.inf, -math.inf,
)  # fmt: skip
TEXTS = ("", " ", "0", "-0", "0000-00-00", "0000:00:00 00:00:00", "9999-12-31", "00010101", "99991231", "nan", "x" * 9)
OFFSETS = (0, 210, 14 * 60, -12 * 60, 18 * 60, -18 * 60)


def moments() -> Iterator[Moment]:
    for wall in WALLS:
        yield Moment(text=wall, wall=wall, zone=Zone.UTC)
        yield Moment(text=wall, wall=wall, zone=Zone.LOCAL)
        for minutes in OFFSETS:
            yield Moment(text=wall, wall=wall, zone=Zone.OFFSET, offset_minutes=minutes)


INSTANTS = tuple(
    f"{wall[:19]}{zone}" for wall, zone in itertools.product(WALLS, ("Z", "+14:00", "-12:00", ""))
)  # fmt: skip
VALUES: tuple[Value, ...] = (*moments(), *NUMBERS, *TEXTS, *INSTANTS, True, False, None)


@cache
def keys() -> tuple[str, ...]:
    """Every key that stands in the text of a module that reads or judges."""
    house = Path(verifier.__file__).parent
    found: set[str] = set()
    for room in ("metadata", "geo", "hashing", "findings", "report"):
        for path in sorted((house / room).rglob("*.py")):
            found |= set(_KEY.findall(path.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def values() -> st.SearchStrategy[Value]:
    return st.sampled_from(VALUES)


def readings(exhibit: str) -> st.SearchStrategy[list[Said]]:
    said = st.builds(
        lambda key, value: Said(
            reading=Reading(key=key, value=value, location="here"), instrument="test", exhibit=exhibit
        ),
        st.sampled_from(keys()),
        values(),
    )
    return st.lists(said, max_size=24)


def told_beside(exhibit: str) -> st.SearchStrategy[list[Said]]:
    """What a sidecar says of it."""
    beside = [key for key in keys() if not key.startswith(("exif:", "mp4:", "quicktime:"))]
    said = st.builds(
        lambda key, value: Said(
            reading=Reading(key=key, value=value, location="line 1", subject="x"), instrument="test", exhibit=THIRD
        ),
        st.sampled_from(beside),
        values(),
    )
    return st.lists(said, max_size=6)


def claims() -> st.SearchStrategy[Claim]:
    numbers = st.sampled_from((None, 0.0, -0.0, 35.7, 90.0, -90.0, 180.0, -180.0))
    return st.builds(
        Claim,
        id=st.sampled_from(("c1", "c2")),
        exhibit=st.just(ONE),
        batch=st.none(),
        by=st.just("K"),
        place=st.sampled_from((None, "Tehran", "تهران", "")),
        time=st.sampled_from((None, *INSTANTS, *TEXTS, "18 Dey 1404", "1 January 1800", "31 December 2199", "2199")),
        earliest=st.sampled_from((None, *INSTANTS)),
        latest=st.sampled_from((None, *INSTANTS)),
        latitude_degrees=numbers,
        longitude_degrees=numbers,
        radius_metres=st.sampled_from((None, 0.0, 1e9)),
        at=st.sampled_from(INSTANTS),
    )


def events() -> st.SearchStrategy[Event]:
    number = st.sampled_from([one for one in NUMBERS if math.isfinite(one)])
    return st.builds(
        Event, kind=st.sampled_from(("cut", "impulse", "still")), start_seconds=number.map(float),
        end_seconds=number.map(float), score=number.map(float), measures=st.just({}),
    )  # fmt: skip


def acquisitions(exhibit: str) -> st.SearchStrategy[Acquisition]:
    return st.builds(
        Acquisition,
        exhibit=st.just(exhibit),
        path=st.just(b"x/IMG_99991231_235959.jpg"),
        name=st.sampled_from((b"IMG_99991231_235959.jpg", b"IMG-00010101-WA0001.jpg", b"VID_20380119_031408.mp4")),
        size=st.sampled_from((0, 1, 2**31, 2**63 - 1)),
        modified_ns=st.sampled_from((None, 0, -1, 2**63 - 1, -(2**63), 253402300799 * 10**9)),
        device=st.none(),
        inode=st.none(),
        acquired_at=st.sampled_from(INSTANTS),
        batch=st.sampled_from((None, "b1")),
    )


@st.composite
def dossiers(draw: st.DrawFn, exhibit: str) -> ExhibitDossier:
    kind = draw(st.sampled_from((Kind.PHOTO, Kind.VIDEO, Kind.AUDIO)))
    return ExhibitDossier(
        exhibit=Exhibit(
            id=exhibit, sha512="f" * 128, size=draw(st.sampled_from((0, 1, 2**31, 2**63 - 1))), kind=kind,
            media_type={Kind.PHOTO: "image/jpeg", Kind.VIDEO: "video/mp4", Kind.AUDIO: "audio/mp4"}[kind],
        ),
        acquisitions=tuple(draw(st.lists(acquisitions(exhibit), min_size=1, max_size=2))),
        readings=(*draw(readings(exhibit)), *draw(told_beside(exhibit))),
        claims=tuple(draw(st.lists(claims(), max_size=2, unique_by=lambda claim: claim.id))),
        events=tuple(draw(st.lists(events(), max_size=3))),
    )  # fmt: skip


def spans() -> st.SearchStrategy[tuple[float, float] | None]:
    end = st.sampled_from((0.0, -0.0, 0.01, 3.0, 2.0**31, 1e12))
    return st.one_of(st.none(), st.tuples(end, end))


def matches() -> st.SearchStrategy[Match]:
    share = st.sampled_from((None, 0.0, 0.5, 1.0))
    return st.builds(
        Match,
        left=st.just(ONE),
        right=st.just(OTHER),
        relation=st.sampled_from(Relation),
        medium=st.sampled_from(Medium),
        method=st.just("test/1"),
        score=st.sampled_from((0.0, -0.0, 1.0)),
        tier=st.sampled_from(Tier),
        transform=st.one_of(st.none(), st.builds(Transform, coverage_left=share, coverage_right=share)),
        segments=st.lists(
            st.builds(
                Segment, left=spans(), right=spans(), speed=st.sampled_from((0.5, 1.0, 2.0)),
                medium=st.sampled_from((Medium.VIDEO, Medium.AUDIO)),
            ),
            max_size=2,
        ).map(tuple),
        because=st.just({}),
    )  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> CaseDossier:
    return CaseDossier(
        id="case",
        title="x",
        created_at=draw(st.sampled_from(("2026-01-20T08:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"))),
        tool_name="verify",
        tool_version="0",
        custody_size=0,
        custody_root="",
        custody_checkpoint=None,
        exhibits={one: draw(dossiers(one)) for one in (ONE, OTHER)},
        batches=(Batch(id="b1", received_at=draw(st.sampled_from((None, *INSTANTS)))),),
        matches=tuple(draw(st.lists(matches(), max_size=2))),
        settings={"event.1.name": "e", "event.1.earliest": draw(st.sampled_from(INSTANTS)),
                  "event.1.latest": draw(st.sampled_from(INSTANTS))},
    )  # fmt: skip
