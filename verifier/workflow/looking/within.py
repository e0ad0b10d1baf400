"""Exhibits of a place, a time, or taken in since a moment.

A place or time that is asked for is read as a claim's is. It is met by what is claimed of an exhibit and by what stands
in it: a position within the place, a clock within the time. A clock of unknown zone is allowed every zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from verifier.dossier import CaseDossier
from verifier.errors import UsageError
from verifier.findings.claims import ReadClaim, bounds_of, region_of
from verifier.findings.facts import QUESTIONS
from verifier.findings.usable import usable
from verifier.geo.letters import folded
from verifier.geo.place import ReadPlace, metres_from_place, read_place
from verifier.geo.position import Position
from verifier.geo.region import Region
from verifier.geo.spoken_time import Interval, TimeNotUnderstood, read_time
from verifier.geo.timezone import EASTMOST, WESTMOST, instant_of
from verifier.instants import shifted
from verifier.records import Claim, Moment
from verifier.store.search.view import Line, Searching
from verifier.workflow.looking.wanted import Wanted
from verifier.workflow.progress import Clock

HOME_ZONE = "Asia/Tehran"  # of a day that is asked for without a zone
_CLOCKS = frozenset(
    key for name in ("captured_at", "created_at", "gps_time") for key in (*QUESTIONS[name].keys, *QUESTIONS[name].also)
)


def within(
    bare: CaseDossier,
    view: Searching,
    wanted: Wanted,
    lines: Mapping[str, Line],
    claims: Mapping[str, list[Claim]],
    clock: Clock,
) -> set[str]:
    """The exhibits that meet the place, the time and the moment that are wanted. Raises UsageError.

    `bare` is the case without exhibits: its settings and hand-overs.
    """
    left = set(lines)
    since = _since(wanted.since)
    if since is not None:
        left = {key for key in left if lines[key].taken_in_at >= since}
    if wanted.place is None and wanted.time is None:
        return left
    known = {claim.id: bounds_of(claim, bare) for some in claims.values() for claim in some}
    read = {key: [known[claim.id] for claim in some] for key, some in claims.items()}
    if wanted.place is not None:
        left &= _at_place(view, wanted.place, read, region_of(bare))
    if wanted.time is not None:
        left &= _at_time(view, wanted.time, clock, read)
    return left


def _since(words: str | None) -> str | None:
    """RFC 3339 UTC of the moment after which an exhibit is new; None where nothing was asked."""
    if words is None:
        return None
    asked = instant_of(words)
    if asked is None:
        try:
            asked = read_time(words, HOME_ZONE).earliest
        except TimeNotUnderstood as error:
            raise UsageError(f"--since is not understood: {error}.") from error
    if asked is None:
        raise UsageError(f"--since needs a beginning, and {words} has none.")
    return asked.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _at_place(view: Searching, words: str, claims: Mapping[str, list[ReadClaim]], region: Region) -> set[str]:
    """Exhibits that are claimed to be there in these words or within these bounds, or that have a position there."""
    asked = read_place(words, region=region)
    plain = folded(words)
    met: dict[str, bool] = {}

    def is_met(claim: ReadClaim) -> bool:
        key = claim.claim.id
        if key not in met:
            met[key] = plain in folded(claim.claim.place or "") or _is_within(claim.place, asked)
        return met[key]

    found = {key for key, some in claims.items() if any(is_met(one) for one in some)}
    for key, positions in view.positions().items():
        if any(_holds(asked, latitude, longitude) for latitude, longitude in positions):
            found.add(key)
    if not found and not asked.candidates:
        raise UsageError(f"No place is known as {words}, and nothing is claimed in these words.")
    return found


def _is_within(place: ReadPlace | None, asked: ReadPlace) -> bool:
    """Whether the middle of what is claimed lies in what is asked for; a claim of a whole country is in no city."""
    return place is not None and any(
        _holds(asked, one.place.latitude_degrees, one.place.longitude_degrees)
        and any(one.radius_metres <= other.radius_metres for other in asked.candidates)
        for one in place.candidates
    )


def _holds(asked: ReadPlace, latitude: float, longitude: float) -> bool:
    if not (-90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0) or (latitude == 0.0 and longitude == 0.0):
        return False
    spot = Position(latitude_degrees=latitude, longitude_degrees=longitude)
    return any(metres_from_place(one.place, spot, one.radius_metres) <= 0.0 for one in asked.candidates)


def _at_time(view: Searching, words: str, clock: Clock, claims: Mapping[str, list[ReadClaim]]) -> set[str]:
    """Exhibits that are claimed to be of that time, or with a clock within it."""
    try:
        asked = read_time(words, HOME_ZONE, instant_of(clock()))
    except TimeNotUnderstood as error:
        raise UsageError(f"--time is not understood: {error}.") from error
    found = {key for key, some in claims.items() if any(_overlaps(asked, *_ends(one.interval)) for one in some)}
    for key, reading in view.moments():
        if key not in found and reading.key in _CLOCKS and reading.subject is None and usable(reading.value):
            found.update([key] if any(_overlaps(asked, *ends) for ends in _instants(reading.value)) else ())
    return found


def _ends(interval: Interval | None) -> tuple[datetime | None, datetime | None]:
    """Of a claim without a time nothing is known: it overlaps nothing."""
    if interval is None:
        return datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    return interval.earliest, interval.latest


def _instants(value: object) -> Iterator[tuple[datetime, datetime]]:
    if not isinstance(value, Moment):
        return
    instant = value.instant
    if instant is not None:
        yield instant, instant
        return
    naive = datetime.fromisoformat(value.wall[:19]).replace(tzinfo=UTC)
    yield shifted(naive, -EASTMOST), shifted(naive, -WESTMOST)


def _overlaps(asked: Interval, begin: datetime | None, end: datetime | None) -> bool:
    starts_before_end = asked.latest is None or begin is None or begin < asked.latest
    return starts_before_end and (asked.earliest is None or end is None or end >= asked.earliest)
