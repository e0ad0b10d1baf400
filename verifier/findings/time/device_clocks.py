"""The times that a device wrote, as intervals of UTC: what the camera's, container's and satellites' clocks say.

A time of capture is the begin of a recording. A container's creation time is its begin or its end, by the writer, so it
bounds the begin from both sides: not more than the length of the recording before it, and not after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from verifier.dossier import ExhibitDossier
from verifier.findings.facts import establish
from verifier.findings.remembered import remembered
from verifier.findings.time.local_makers import CONTAINER, as_local, writes_local_time
from verifier.findings.usable import reason_against
from verifier.geo.timezone import EASTMOST, WESTMOST, bounds_of_wall
from verifier.instants import shifted
from verifier.records import Fact, Moment, Sourced, Zone

AGREEMENT = timedelta(minutes=2)
QUARTER, DAYLIGHT = timedelta(minutes=15), timedelta(hours=1)
ANY_ZONE = timedelta(hours=20)  # a local time that may mean more than this was read in every zone on Earth
# Offsets that zones keep or kept since cameras write dates: whole hours, and these minutes (IANA time zone database).
KEPT_OFFSETS = frozenset(
    {timedelta(hours=hours) for hours in range(-12, 15)}
    | {timedelta(minutes=minutes) for minutes in (-570, -510, -270, -210, -150, 210, 270, 330, 345, 390, 510, 525, 570,
                                                  585, 630, 690, 765, 825)}
)  # fmt: skip
# Days that devices show whose battery was empty, beside what can be no time of capture at all.
EPOCHS = frozenset({"2000-01-01", "2002-12-08"})
LONGEST = timedelta(hours=24)  # that a recording's length widens a clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time that a device wrote: the interval of UTC it may mean, and how it is tied to UTC."""

    moment: Moment
    basis: str
    location: str
    question: str  # captured_at | created_at | gps_time
    earliest: datetime
    latest: datetime
    length: timedelta = timedelta()  # of the recording

    @property
    def is_reset(self) -> bool:
        """A clock at or near a date that devices show when their battery was empty."""
        day = self.moment.wall[:10]
        return day in EPOCHS or day < "1995" or reason_against(self.moment) is not None

    @property
    def wall(self) -> datetime:
        """What it shows, to be compared with others; tagged UTC only to have one type."""
        return datetime.fromisoformat(self.moment.wall[:19]).replace(tzinfo=UTC)

    @property
    def is_tied(self) -> bool:
        """Whether it is tied to UTC."""
        return self.moment.zone is not Zone.LOCAL

    @property
    def begin(self) -> tuple[datetime, datetime]:
        """The earliest and the latest begin of the recording that it allows."""
        back = self.length if self.question == "created_at" else timedelta()
        return shifted(self.earliest, -back), self.latest

    @property
    def span(self) -> tuple[datetime, datetime]:
        """All that the recording may show: from its earliest begin to its latest end."""
        return self.begin[0], shifted(self.latest, self.length)


@remembered
def clocks_of(dossier: ExhibitDossier, zones: tuple[str, ...] = ()) -> tuple[Clock, ...]:
    """Every time that the established facts hold; local ones read in the given zones, else in any zone on Earth.

    One clock reading counts once, however many tags repeat it.
    """
    found: list[Clock] = []
    facts = dossier.facts or establish(dossier.readings, dossier.exhibit)
    length = _length(facts)
    is_local = writes_local_time(dossier)
    for question in ("captured_at", "created_at", "gps_time"):
        fact = facts.get(question)
        for sourced in (fact.best, *fact.others) if fact else ():
            if is_local and sourced.basis == CONTAINER and isinstance(sourced.value, Moment):
                sourced = replace(sourced, value=as_local(sourced.value))
            clock = _clock(sourced, question, zones, length)
            if clock is not None and not any(_is_repeated(clock, other) for other in found):
                found.append(clock)
    return tuple(found)


def length_of(dossier: ExhibitDossier) -> timedelta:
    """Of the recording; none for a photo."""
    return _length(dossier.facts)


def _length(facts: Mapping[str, Fact]) -> timedelta:
    fact = facts.get("duration_s")
    value = fact.best.value if fact else None
    if not isinstance(value, int | float) or value <= 0:
        return timedelta()
    return timedelta(seconds=min(float(value), LONGEST.total_seconds()))


def _is_repeated(clock: Clock, other: Clock) -> bool:
    """Whether another tag holds the same reading of the device's clock: to the second, fractions left aside."""
    if clock.question != other.question:
        return False
    both_tied = clock.is_tied and other.is_tied
    if clock.moment.wall[:19] == other.moment.wall[:19] and not both_tied:
        return True
    return both_tied and abs(clock.earliest - other.earliest) < timedelta(seconds=2)


def _clock(sourced: Sourced, question: str, zones: tuple[str, ...], length: timedelta) -> Clock | None:
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
        length=length,
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
    """A satellite time and a device's own time that agree within minutes, the offset of a zone allowed for.

    A local time whose zone is known by a position agrees in that zone, or an hour from it; one of unknown zone at an
    offset that some zone keeps: any quarter of an hour would let a clock that is wrong by hours agree by chance.
    None where there are no two such: a device whose clock is wrong does not agree.
    """
    satellite = next((clock for clock in clocks if clock.question == "gps_time" and not clock.is_reset), None)
    if satellite is None:
        return None
    for clock in clocks:
        if clock.question == "gps_time" or clock.is_reset:
            continue
        if clock.is_tied:
            first, last = clock.span
            if shifted(first, -within) <= satellite.earliest <= shifted(last, within):
                return satellite, clock
        elif _agrees_in_a_zone(clock, satellite, within):
            return satellite, clock
    return None


def _agrees_in_a_zone(clock: Clock, satellite: Clock, within: timedelta) -> bool:
    difference = clock.wall - satellite.earliest
    if not WESTMOST - AGREEMENT <= difference <= EASTMOST + AGREEMENT:
        return False
    nearest = QUARTER * round(difference / QUARTER)
    if abs(difference - nearest) > min(within, AGREEMENT):
        return False
    if clock.latest - clock.earliest > ANY_ZONE:
        return nearest in KEPT_OFFSETS
    margin = min(within, AGREEMENT)
    return any(
        shifted(clock.earliest, shift - margin) <= satellite.earliest <= shifted(clock.latest, shift + margin)
        for shift in (-DAYLIGHT, timedelta(0), DAYLIGHT)
    )
