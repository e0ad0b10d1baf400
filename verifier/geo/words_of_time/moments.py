"""Sequences of items as moments: what stands between the joints ("to", "and", "or"), checked for what cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from verifier.geo.words_of_time.clocks import ClockRange, Part
from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.items import Item
from verifier.geo.words_of_time.relative import WeekdaySpec
from verifier.geo.words_of_time.specs import Figures, Named, Several, Spec, Year
from verifier.geo.words_of_time.zones import Zone

MOST_MOMENTS = 8
BOUNDED_BY_FROM = ("date", "weekday", "clock", "part", "prayer", "about")
SINGLE = frozenset({"clock", "prayer", "weekday", "opener", "calendar", "ago", "onward", "bare day"})


class Ungrammatical(Exception):
    """These items make no time phrase; another sequence may."""


@dataclass(slots=True)
class Moment:
    """What is said between two joints."""

    dates: list[Item] = field(default_factory=list)
    parts: list[Item] = field(default_factory=list)
    single: dict[str, Item] = field(default_factory=dict)
    zones: list[Zone] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    about: bool = False
    since: bool = False  # "from" before it
    loose: bool = False  # the opener stands before words that are not understood: it may bound those
    equal: bool = False

    def value(self, kind: str) -> Any:  # noqa: ANN401 - what an item says depends on its kind
        return self.single[kind].value if kind in self.single else None

    @property
    def says_day(self) -> bool:
        return bool(self.dates) or bool(self.single.keys() & {"weekday", "ago", "bare day"})

    @property
    def says_time(self) -> bool:
        return self.says_day or bool(self.parts) or bool(self.single.keys() & {"clock", "prayer"})

    @property
    def specs(self) -> list[Spec]:
        if self.dates:
            return [item.value for item in self.dates]
        said = self.value("weekday")
        return [WeekdaySpec(said[0], said[1])] if said else []


@dataclass(slots=True)
class Structure:
    """Moments and how they are joined: "" for one, "to" for a range, "and" or "or" for a list."""

    moments: list[Moment]
    joiner: str
    unread: list[str]
    open_end: bool = False  # "from 18 Dey to the end of the protests"


def structure(items: tuple[Item, ...]) -> Structure:
    """The moments of a sequence. Raises Ungrammatical."""
    segments: list[list[Item]] = [[]]
    joins: list[str] = []
    between = any(item.kind == "between" for item in items)
    for item in items:
        if item.kind == "join":
            joins.append("to" if between and item.value == "and" else item.value)
            segments.append([])
        else:
            segments[-1].append(item)
    moments = [_moment(segment) for segment in segments]
    places = [item.value for item in items if item.kind == "place"]
    if places and not any(moment.says_time for moment in moments):
        raise TimeNotUnderstood(f"the only date stands in the name of a place, {places[0]}")
    if len(moments) > MOST_MOMENTS:
        raise Ungrammatical
    said = _joined(moments, joins, between)
    _lend_months(said.moments)
    return said


def _lend_months(moments: list[Moment]) -> None:
    """A bare day takes the month of the next moment that names one, else of the one before. Raises Ungrammatical."""
    for index, moment in enumerate(moments):
        bare = moment.single.pop("bare day", None)
        if bare is None:
            continue
        others = [other for one in (*moments[index + 1 :], *reversed(moments[:index])) for other in one.dates]
        lender = next((other.value for other in others if isinstance(other.value, Named) and other.value.day), None)
        has_hours = bool(moment.parts) or "clock" in moment.single
        if lender is None or moment.dates or moment.unread or not has_hours:
            raise Ungrammatical
        moment.dates.append(replace(bare, kind="date", value=replace(lender, day=bare.value, portion=None)))


def _joined(moments: list[Moment], joins: list[str], between: bool) -> Structure:
    kept, kinds, unread, open_end = [moments[0]], list[str](), list(moments[0].unread), False
    for moment, join in zip(moments[1:], joins, strict=True):
        unread += moment.unread
        if moment.says_time and kept[-1].says_time:
            kept.append(moment)
            kinds.append(join)
        elif moment.says_time:  # nothing but words that are not understood before the joint
            if join == "or":
                raise Ungrammatical
            if join == "to" and "opener" not in moment.single:  # "تا ۱۸ دی"
                moment.single["opener"] = Item("opener", "until", 0, 0, 0.0)
            kept[-1] = moment
        elif not moment.unread or join == "or":
            raise Ungrammatical
        elif join in ("to", "dash"):
            open_end = open_end or (join == "to" and kept[-1].says_time)
    if not kept[-1].says_time:
        raise Ungrammatical
    spans = [kind for kind in kinds if kind in ("to", "dash")]
    if (spans and len(kinds) > 1) or (between and not spans and not kept[0].says_time):
        raise Ungrammatical
    if "comma" in kinds and not all(moment.says_day for moment in kept):
        raise Ungrammatical
    joiner = "to" if spans else "or" if "or" in kinds else "and" if kinds else ""
    return Structure(kept, joiner, unread, open_end)


def _moment(items: list[Item]) -> Moment:
    moment = Moment()
    for item in items:
        if item.kind in SINGLE:
            if item.kind in moment.single:
                raise Ungrammatical
            moment.single[item.kind] = item
            if item.kind == "weekday" and item.value[2] is not None:
                moment.parts.append(replace(item, kind="part", value=Part(item.value[2])))
        elif item.kind == "date":
            moment.dates.append(_spanned(item) if any(other.kind == "between" for other in items) else item)
        elif item.kind == "part":
            moment.parts.append(item)
        elif item.kind == "zone":
            moment.zones.append(item.value)
        elif item.kind in ("unknown", "place"):
            moment.unread.append(item.value)
        elif item.kind == "equal":
            moment.equal = True
        elif item.kind == "about":
            moment.about = True
        elif item.kind == "from":
            following = next((other for other in items if other.start >= item.end and other.kind != "noise"), None)
            bounds_time = following is not None and following.kind in BOUNDED_BY_FROM
            moment.since = moment.since or (bounds_time and not moment.says_time)
    moment.since = moment.since and not any(_is_range(item) for item in items)
    _check(moment, items)
    return moment


def _spanned(item: Item) -> Item:
    """ "between 8 and 9 January": the "and" is a "to"."""
    spec = item.value
    is_pair = isinstance(spec, Several) and spec.joiner == "and" and len(spec.specs) == 2
    return replace(item, value=replace(spec, joiner="to")) if is_pair else item


def _is_range(item: Item) -> bool:
    """Whether the item has both ends of its own: "from 18 to 20 Dey", "from 5 to 7"."""
    if item.kind == "date":
        return isinstance(item.value, Several) and item.value.joiner in ("to", "dash")
    return isinstance(item.value, ClockRange) or (isinstance(item.value, Part) and item.value.last is not None)


def _join_year(moment: Moment) -> None:
    """ "Thu Jan 8 20:30:00 2026": a year that stands apart from its day."""
    if len(moment.dates) != 2:
        return
    for one, other in (moment.dates, reversed(moment.dates)):
        is_year = isinstance(other.value, Year) and other.value.portion is None
        if is_year and isinstance(one.value, Named) and one.value.year is None and one.value.day is not None:
            moment.dates = [replace(one, value=replace(one.value, year=other.value.year))]
            return


def _check(moment: Moment, items: list[Item]) -> None:
    _join_year(moment)
    if len(moment.dates) > 2 or len(moment.parts) > 2 or len(moment.zones) > 2:
        raise Ungrammatical
    if len(moment.dates) == 2 and not (moment.equal or _calendars_differ(*moment.dates)):
        raise Ungrammatical
    if "prayer" in moment.single and ("clock" in moment.single or moment.parts):
        raise Ungrammatical
    if "ago" in moment.single and (moment.dates or "clock" in moment.single or moment.parts):
        raise Ungrammatical
    opener = moment.single.get("opener")
    if opener is None:
        return
    behind = [item for item in items if item.start >= opener.end and item.kind not in ("noise", "about")]
    if behind and behind[0].kind in ("unknown", "place"):
        if any(item.kind in ("date", "clock", "part", "weekday", "prayer") for item in behind):
            moment.loose = True
        else:  # "18 Dey 1404 after the match": nothing of the time hangs on it
            del moment.single["opener"]
            moment.unread.append(str(opener.value))
    elif not behind:
        raise Ungrammatical


def _calendars_differ(one: Item, other: Item) -> bool:
    """Whether two whole dates stand side by side, as "18 Dey 1404 (8 January 2026)"."""
    names = []
    for spec in (one.value, other.value):
        if isinstance(spec, Figures) and len(spec.parts) == 3:
            names.append({"figures", "1" if any(1200 <= part.value < 1500 for part in spec.parts) else "2"})
        elif isinstance(spec, Named) and spec.day is not None:
            names.append({calendar for calendar, _ in spec.months})
        else:
            return False
    return not names[0] & names[1] or names[0] != names[1]
