"""What the clocks of an exhibit say of *when*, and which of them agree.

A camera's clock is testimony: it may be off by years, so it supports or it is noted, and never contradicts alone. A
satellite time with which the device agrees, or two cameras that agree on one event, are another matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.lending import loans_of, matches_of
from verifier.findings.time.local_makers import CONTAINER, as_local, writes_local_time
from verifier.geo.timezone import EASTMOST, WESTMOST, bounds_of_wall
from verifier.records import Moment, Relation, Sourced, Tier, Zone

AGREEMENT = timedelta(minutes=2)
EPOCHS = frozenset({"1904-01-01", "1970-01-01", "1980-01-01", "1980-01-06", "2000-01-01", "2002-12-08", "0001-01-01"})


_COPIES = {Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE, Relation.CLIP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time that a device wrote: the interval of UTC it may mean, and how it is tied to UTC."""

    moment: Moment
    basis: str
    location: str
    question: str  # captured_at | created_at | gps_time
    earliest: datetime
    latest: datetime

    @property
    def is_reset(self) -> bool:
        """A clock at or near a date that devices show when their battery was empty."""
        return self.moment.wall[:10] in EPOCHS or self.moment.wall[:4] < "1995"


def clocks_of(dossier: ExhibitDossier, zones: tuple[str, ...] = ()) -> tuple[Clock, ...]:
    """Every time that the established facts hold; local ones read in the given zones, else in any zone on Earth."""
    found = []
    is_local = writes_local_time(dossier)
    for question in ("captured_at", "created_at", "gps_time"):
        fact = dossier.facts.get(question)
        for sourced in (fact.best, *fact.others) if fact else ():
            if is_local and sourced.basis == CONTAINER and isinstance(sourced.value, Moment):
                sourced = replace(sourced, value=as_local(sourced.value))
            clock = _clock(sourced, question, zones)
            if clock is not None:
                found.append(clock)
    return tuple(found)


def _clock(sourced: Sourced, question: str, zones: tuple[str, ...]) -> Clock | None:
    if not isinstance(sourced.value, Moment):
        return None
    span = span_of(sourced.value, zones)
    if span is None:
        return None
    return Clock(
        moment=sourced.value,
        basis=sourced.basis,
        location=sourced.location,
        question=question,
        earliest=span[0],
        latest=span[1],
    )


def span_of(moment: Moment, zones: tuple[str, ...] = ()) -> tuple[datetime, datetime] | None:
    """Earliest and latest instant that a moment may mean."""
    if moment.zone is not Zone.LOCAL:
        return (moment.instant, moment.instant) if moment.instant is not None else None
    wall = datetime.fromisoformat(moment.wall[:19])
    if not timedelta(days=2) < wall.replace(tzinfo=UTC) - datetime.min.replace(tzinfo=UTC):
        return None
    if wall.year > 9990:
        return None
    spans = [bounds_of_wall(wall, zone) for zone in zones or (None,)]
    return min(span[0] for span in spans), max(span[1] for span in spans)


def agreeing_clocks(clocks: tuple[Clock, ...], within: timedelta = AGREEMENT) -> tuple[Clock, Clock] | None:
    """A satellite time and a device's own time that agree within minutes, any quarter-hour offset allowed for.

    None where there are no two such: a device whose clock is wrong does not agree.
    """
    satellite = next((clock for clock in clocks if clock.question == "gps_time" and not clock.is_reset), None)
    if satellite is None:
        return None
    for clock in clocks:
        if clock.question == "gps_time" or clock.is_reset:
            continue
        if clock.earliest == clock.latest:
            apart = abs(clock.earliest - satellite.earliest)
            if apart <= within:
                return satellite, clock
        elif _agrees_by_quarters(clock, satellite, within):
            return satellite, clock
    return None


def _agrees_by_quarters(clock: Clock, satellite: Clock, within: timedelta) -> bool:
    wall = datetime.fromisoformat(clock.moment.wall[:19]).replace(tzinfo=UTC)
    difference = wall - satellite.earliest
    if not WESTMOST - AGREEMENT <= difference <= EASTMOST + AGREEMENT:
        return False
    quarter = timedelta(minutes=15)
    rest = abs(difference - quarter * round(difference / quarter))
    return rest <= min(within, AGREEMENT)


def corroborated(
    dossier: ExhibitDossier, case: CaseDossier, clocks: tuple[Clock, ...]
) -> tuple[Clock, Clock, str] | None:
    """A clock tied to UTC, and the capture time of another camera's recording of the same event that agrees with it.

    The two recordings are of one event by their sound and no copies by their pictures; agreement is within two minutes
    and the recordings' lengths. One device's clock can be wrong, but two do not err alike. Returns
    the two clocks and the other exhibit.
    """
    own = [clock for clock in clocks if clock.earliest == clock.latest and not clock.is_reset]
    for key in _others_of_event(dossier.exhibit.id, case) if own else ():
        other = case.exhibits.get(key)
        if other is None:
            continue
        slack = AGREEMENT + timedelta(seconds=_seconds(dossier) + _seconds(other))
        for clock in clocks_of(other):
            if clock.question != "captured_at" or clock.earliest != clock.latest or clock.is_reset:
                continue
            for mine in own:
                if abs(mine.earliest - clock.earliest) <= slack:
                    return mine, clock, key
    return None


def _others_of_event(exhibit: str, case: CaseDossier) -> tuple[str, ...]:
    """Exhibits that share an event, or a sound for certain, with this one or a certain copy, and are no copy of it."""
    copies = {loan.lender for loan in loans_of(exhibit, case) if loan.is_certain}
    alike: set[str] = set()
    for match in matches_of(exhibit, case):
        if match.relation in _COPIES:
            alike |= {match.left, match.right}
    found = set()
    for own in (exhibit, *sorted(copies)):
        for match in matches_of(own, case):
            sure = match.tier is Tier.CERTAIN or (match.relation is Relation.SAME_EVENT and match.tier is Tier.LIKELY)
            if match.relation in (Relation.SAME_EVENT, Relation.SAME_AUDIO) and sure:
                found.add(match.right if match.left == own else match.left)
    return tuple(sorted(found - copies - alike - {exhibit}))


def _seconds(dossier: ExhibitDossier | None) -> float:
    fact = dossier.facts.get("duration_s") if dossier else None
    value = fact.best.value if fact else None
    return min(float(value), 3600.0) if isinstance(value, int | float) and value > 0 else 0.0
