"""A phrase read: every sequence of items that accounts for all words is resolved, and what they mean stands together.

Several readings that cost the same stand as one stretch from the earliest to the latest, with a note.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from verifier.geo.timezone import TEHRAN
from verifier.geo.words_of_time.calendars import Days
from verifier.geo.words_of_time.context import JALALI_ZONES, Context
from verifier.geo.words_of_time.errors import TimeNotUnderstood, few
from verifier.geo.words_of_time.lexicon import WEEKDAYS
from verifier.geo.words_of_time.moments import Moment, Structure
from verifier.geo.words_of_time.prayers import prayer_bounds
from verifier.geo.words_of_time.walls import is_eve, walls
from verifier.geo.words_of_time.zones import Zone, bounds

Told = tuple[str, str]  # a code and its value: what a check tells as a finding of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One meaning in UTC. `until` is where a range ends that ends with this."""

    earliest: datetime | None
    latest: datetime | None
    until: datetime
    precision: str
    calendar: str
    zone: str | None
    notes: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()


def resolve(said: Structure, at: Context) -> list[Reading]:
    """Every reading of a structure. Raises TimeNotUnderstood."""
    calendar = next((moment.value("calendar") for moment in said.moments if moment.value("calendar")), None)
    at = replace(at, calendar="jalali" if calendar in ("imperial", "kurdish") else calendar)
    zones = [zone for moment in said.moments for zone in moment.zones]
    if said.joiner == "to":
        found = _range(said.moments, at, zones)
    elif said.joiner:
        found = [_hull(chain) for chain in _chains(said.moments, at, zones)]
    else:
        found = _moment(said.moments[0], at, zones)
    if said.open_end:
        found = [replace(one, latest=None, notes=(*one.notes, "its end is told in words that were not understood"))
                 for one in found]  # fmt: skip
    return found


# ---------------------------------------------------------------- several moments


def _range(moments: list[Moment], at: Context, zones: list[Zone]) -> list[Reading]:
    found = []
    for first, last in _chains(moments, at, zones):
        if last.until is None or (first.earliest is not None and first.earliest > last.until):
            continue
        notes = tuple(dict.fromkeys((*first.notes, *last.notes)))
        found.append(
            replace(first, latest=last.until, until=last.until, precision="range", calendar=last.calendar, notes=notes,
                    told=(*first.told, *last.told))
        )  # fmt: skip
    if not found:
        raise TimeNotUnderstood("it ends before it begins")
    return found


def _chains(moments: list[Moment], at: Context, zones: list[Zone]) -> list[list[Reading]]:
    """Moments one after the other. One without a day takes its neighbour's; one without a year follows or precedes."""
    anchor = next((i for i in reversed(range(len(moments))) if any(s.has_year for s in moments[i].specs)), None)
    if anchor is None:
        anchor = next((i for i, moment in enumerate(moments) if moment.says_day), None)
    if anchor is None:
        raise TimeNotUnderstood("it names an hour but no day")
    chains = [([reading], [days], [days]) for days, reading in _dated(moments[anchor], at, zones)]
    for moment in moments[anchor + 1 :]:
        chains = few(
            [
                ([*chain, reading], first, [days])
                for chain, first, last in chains
                for days, reading in _following(moment, at, zones, last[0], chain[-1])
            ]
        )
    for moment in reversed(moments[:anchor]):
        chains = few(
            [
                ([reading, *chain], [days], last)
                for chain, first, last in chains
                for days, reading in _preceding(moment, at, zones, first[0], chain[0])
            ]
        )
    return [chain for chain, _, _ in chains]


Dated = tuple[Days | None, Reading]


def _following(moment: Moment, at: Context, zones: list[Zone], days: Days | None, before: Reading) -> Iterable[Dated]:
    if moment.says_day:
        return _dated(moment, at, zones, begin=days.first if days else None)
    if days is None:
        raise TimeNotUnderstood("it names an hour but no day")
    found = _dated(moment, at, zones, inherited=days)
    later = [one for one in found if before.earliest is None or one[1].until >= before.earliest]
    if later:
        return later
    next_day = replace(days, first=days.first + timedelta(days=1), after=days.after + timedelta(days=1))
    return _dated(moment, at, zones, inherited=next_day)


def _preceding(moment: Moment, at: Context, zones: list[Zone], days: Days | None, after: Reading) -> Iterable[Dated]:
    """ "from 20:00 to 2 on 9 January" may begin in the evening before as well."""
    if moment.says_day:
        return _dated(moment, at, zones, before=days.first if days else None)
    if days is None:
        raise TimeNotUnderstood("it names an hour but no day")
    found = list(_dated(moment, at, zones, inherited=days))
    day_before = replace(days, first=days.first - timedelta(days=1), after=days.after - timedelta(days=1))
    earlier = [one for one in found if one[1].earliest is None or one[1].earliest <= after.until]
    return earlier or list(_dated(moment, at, zones, inherited=day_before))


def _dated(
    moment: Moment,
    at: Context,
    zones: list[Zone],
    *,
    inherited: Days | None = None,
    begin: date | None = None,
    before: date | None = None,
) -> list[Dated]:
    if "ago" in moment.single:
        return [(None, _ago(moment, at))]
    candidates = [inherited] if inherited is not None else days_meant(moment, at, begin, before)
    return [(days, reading) for days in few(candidates) for reading in _on_days(moment, days, at, zones)]


def _hull(chain: list[Reading]) -> Reading:
    """A list as one stretch; "after 8 and before 10 January" is what both bounds leave."""
    first = chain[0]
    notes = tuple(dict.fromkeys(note for one in chain for note in one.notes))
    told = tuple(dict.fromkeys(one for reading in chain for one in reading.told))
    starts, ends = [one.earliest for one in chain], [one.latest for one in chain]
    known_starts, known_ends = [s for s in starts if s is not None], [e for e in ends if e is not None]
    is_bracket = len(chain) == 2 and len(known_starts) == len(known_ends) == 1
    is_bracket = is_bracket and starts.index(None) != ends.index(None)
    earliest = min(known_starts) if is_bracket or len(known_starts) == len(chain) else None
    latest = max(known_ends) if is_bracket or len(known_ends) == len(chain) else None
    if earliest is not None and latest is not None and earliest > latest:
        raise TimeNotUnderstood("it ends before it begins")
    return replace(first, earliest=earliest, latest=latest, until=max(one.until for one in chain), precision="range",
                   notes=notes, told=told)  # fmt: skip


# ---------------------------------------------------------------- one moment


def _moment(moment: Moment, at: Context, zones: list[Zone]) -> list[Reading]:
    if not moment.says_day:
        raise TimeNotUnderstood("it names a time of day but no day")
    return [reading for _, reading in _dated(moment, at, zones)]


def days_meant(moment: Moment, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
    """Every stretch of days that a moment's words may mean, less those after the claim where others are not."""
    lists = [_not_later(spec.days(at, begin, before), at, begin) for spec in moment.specs]
    if len(lists) == 1:
        return lists[0]
    pairs = [(one, other) for one in lists[0] for other in lists[1]]
    same = [one for one, other in pairs if one.first == other.first and one.after == other.after]
    if same:
        return same
    near = [(one, other) for one, other in pairs if one.first < other.after and other.first < one.after] or pairs
    return [
        replace(one, first=min(one.first, other.first), after=max(one.after, other.after), precision="range").noted(
            f"the two dates differ: {one.first.isoformat()} and {other.first.isoformat()}"
        )
        for one, other in near
    ]


def _not_later(found: list[Days], at: Context, begin: date | None) -> list[Days]:
    today = at.today
    if today is None or begin is not None:
        return found
    past = [days for days in found if days.first <= today]
    if not past or len(past) == len(found):
        return found
    later = " or ".join(sorted({days.first.isoformat() for days in found if days.first > today}))
    return [days.noted(f"{later} lies after the claim was made and is not what is meant") for days in past]


def _on_days(moment: Moment, days: Days, at: Context, zones: list[Zone]) -> list[Reading]:
    """The moment's hours on these days, in UTC."""
    told = list(_weekday_told(moment, days))
    if days.counted:
        told.append(("counted", ""))
    names, notes = _zone_names(days, at, zones, told)
    notes = [*days.notes, *notes]
    if "prayer" in moment.single:
        name, relation = moment.value("prayer")
        if (days.after - days.first).days > 7:
            raise TimeNotUnderstood("it names a time of day but no day")
        last = days.after - timedelta(days=1)
        place = replace(at, zone=names[0]) if len(names) == 1 and names[0] is not None else at
        ends = prayer_bounds(name, relation, days.first, place)[0], prayer_bounds(name, relation, last, place)[1]
        notes.append("the call to prayer is counted from the sun at the place, by every authority's rule")
        return [_opened(moment, days, ends, ends[1], "hours", names, notes, told)]
    found = []
    for start, end, until, precision, more in walls(moment, days):
        earliest = min(bounds(start, name)[0] for name in names)
        latest = max(bounds(end, name)[1] for name in names)
        ends_at = max(bounds(until, name)[1] for name in names)
        found.append(_opened(moment, days, (earliest, latest), ends_at, precision, names, [*notes, *more], told))
    return found


def _opened(
    moment: Moment,
    days: Days,
    ends: tuple[datetime, datetime],
    until: datetime,
    precision: str,
    names: tuple[str | None, ...],
    notes: list[str],
    told: list[Told],
) -> Reading:
    """With "before", "after", "since" or "until": the end that is open, and a day that is named left out."""
    earliest: datetime | None = ends[0]
    latest: datetime | None = ends[1]
    opener = moment.value("opener") or ("since" if "onward" in moment.single or moment.since else None)
    is_hours = precision in ("minute", "hours")
    if opener is not None:
        precision = "range"
    if opener == "before":
        is_wide = moment.loose or moment.about or (is_hours and "clock" not in moment.single)
        named = until if is_wide else ends[0]
        earliest, latest = None, named
    elif opener == "until":
        earliest, latest = None, until if is_hours else ends[1]
    elif opener == "since":
        latest = None
    elif opener == "after":
        earliest, latest = (ends[0] if is_hours or moment.loose or moment.about else ends[1]), None
    return Reading(
        earliest=earliest,
        latest=latest,
        until=until,
        precision=precision,
        calendar=days.calendar,
        zone=names[0] if len(names) == 1 else None,
        notes=tuple(dict.fromkeys(notes)),
        told=tuple(told),
    )


def _weekday_told(moment: Moment, days: Days) -> Iterable[Told]:
    said = moment.value("weekday")
    if said is None or not moment.dates or (days.after - days.first).days != 1:
        return
    number = said[0]
    if number != days.first.weekday() and not (is_eve(moment) and number == (days.first.weekday() + 1) % 7):
        yield "weekday", f"that day was a {WEEKDAYS[days.first.weekday()].title()}, not a {WEEKDAYS[number].title()}"


def _zone_names(
    days: Days, at: Context, zones: list[Zone], told: list[Told]
) -> tuple[tuple[str | None, ...], list[str]]:
    """The zones to allow for, and what was assumed."""
    known: tuple[str | None, ...] = tuple(dict.fromkeys(name for zone in zones for name in zone.names))
    if zones and all(zone.is_place for zone in zones) and known != (at.zone,):
        known = tuple(dict.fromkeys((at.zone, *known))) if at.zone is not None else ()
    unknown = [zone.text for zone in zones if not zone.names and not zone.is_local]
    if unknown:
        told.append(("zone", unknown[0]))
        return (None,), ["a zone is named that was not understood: every zone on Earth is allowed for"]
    if known:
        note = ["the zone's name stands for several: all are allowed for"] if len(known) > 1 else []
        return known, note
    if at.zone is not None:
        return (at.zone,), []
    if days.calendar == "jalali":
        return JALALI_ZONES, [
            "no zone is stated: the calendar is kept in Iran and Afghanistan, whose clocks are allowed for"
        ]
    return (None,), ["no zone is known: every zone on Earth is allowed for"]


def _ago(moment: Moment, at: Context) -> Reading:
    """ "3 hours ago": a quarter more or less, and an hour at the least."""
    if at.reference is None:
        raise TimeNotUnderstood("it is counted from a time that is not known: say when the claim was made")
    low, high = moment.value("ago")
    spread = max(1.0 if low >= 1 else 0.25, high / 4)
    try:
        earliest = at.reference - timedelta(hours=high + spread)
        latest = at.reference - timedelta(hours=max(0.0, low - spread))
    except OverflowError as error:
        raise TimeNotUnderstood("no calendar reaches that far") from error
    note = f"counted from {at.reference:%Y-%m-%d %H:%M} UTC, when it was said"
    return Reading(earliest=earliest, latest=latest, until=latest, precision="hours",
                   calendar="jalali" if at.zone == TEHRAN else "gregorian", zone=at.zone, notes=(note,),
                   told=(("counted", ""),))  # fmt: skip
