"""Which of the mentioned places lies in which: "A, B" is a B inside A, and a B that is only far away is no place here.

Rule. Of all places of all mentions those stand that all other mentions lie around. Where some mention lies elsewhere,
the largest bare town is the place; a far name with a kind (street, square, gate, quarter), or of a smaller place, only
bears that name and is kept as words; two large far places stand both, and neither anchors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from verifier.geo.letters import solid
from verifier.geo.named.between import ROAD, stretches
from verifier.geo.named.containment import OWN_TOWN_METRES, RANK, is_around
from verifier.geo.named.mentions import Mention
from verifier.geo.named.words import KINDS, LEVELS, word_classes
from verifier.geo.place_record import Place
from verifier.geo.position import metres_between

LARGE_PEOPLE = 300_000  # a bare name of such a town is that town, not a street that bears its name
_OF_LEVEL = {"county": ("county", "city"), "province": ("province",), "country": ("country",), "village": ("city",),
             "city": ("city", "county")}  # fmt: skip

Placed = tuple[Mention, tuple[Place, ...]]  # a mention with those of its places that fit its kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """A place that stands, the larger ones around it, and the mention that it is of."""

    place: Place
    around: tuple[Place, ...]
    mention: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Nesting:
    """The places that stand; `kept` are mentions kept as words; `is_apart`: two of them cannot both be meant as one."""

    stand: tuple[Nested, ...]
    kept: tuple[str, ...]
    is_apart: bool = False


def nested(mentions: tuple[Mention, ...]) -> Nesting:
    """Apply the rule of this module. Of one place or another none anchors: either may be a further namesake."""
    found = _nested(mentions)
    return replace(found, is_apart=True) if any(mention.is_either for mention in mentions) else found


def _nested(mentions: tuple[Mention, ...]) -> Nesting:
    denied = [mention.told for mention in mentions if mention.around == "not"]
    fitted = [(mention, _fitting(mention)) for mention in map(_as_road, mentions) if mention.around != "not"]
    placed = _towns_first([(mention, places) for mention, places in fitted if places])
    unplaced = [*denied, *(mention.told for mention, places in fitted if not places)]
    if not placed:
        return Nesting(stand=(), kept=tuple(unplaced))
    if len(placed) == 1:
        mention, places = placed[0]
        alone = _alone(mention, places)
        if not alone:
            return Nesting(stand=(), kept=(*unplaced, mention.told))
        stand = tuple(Nested(place=place, around=(), mention=mention) for place in alone)
        return Nesting(stand=stand, kept=tuple(unplaced), is_apart=bool(denied) or mention.around == "road")
    placed = _bare_before_containers(placed)
    circles, ends = stretches(placed)
    if circles:
        stand = tuple(Nested(place=place, around=(), mention=ends[0]) for place in circles)
        return Nesting(stand=stand, kept=tuple(unplaced), is_apart=True)
    listed = any(mention.around in ("road", "list") for mention, _ in placed)
    whole = None if listed and _are_apart(placed) else _consistent(placed, listed=listed)
    if whole:
        far = _far_towns(placed, whole)
        return Nesting(stand=(*whole, *far), kept=tuple(unplaced), is_apart=bool(denied or far))
    return _conflict(placed, unplaced, listed=listed)


def _as_road(mention: Mention) -> Mention:
    """ "Qom highway", of which no gazetteer holds a highway of that name, is a road to the town."""
    if mention.kind != "highway" or not any(place.level == "city" for place in mention.places):
        return mention
    if any(place.level in ("own", "district") and place.kind in ("highway", "") for place in mention.places):
        return mention
    return replace(mention, kind="", around=ROAD)


def _fitting(mention: Mention) -> tuple[Place, ...]:
    """The places of a mention that are of its kind: a street is no town; a level narrows where it can."""
    if mention.kind == "quarter":
        return tuple(
            p for p in mention.places if p.level in ("own", "district") or (p.level == "city" and not p.is_notable)
        )
    if mention.kind in KINDS:
        held = tuple(place for place in mention.places if place.level in ("own", "district"))
        same = tuple(place for place in held if place.kind in (mention.kind, ""))
        return same or held
    if mention.kind in LEVELS:
        levels = _OF_LEVEL[mention.kind]
        for level in levels:
            held = tuple(place for place in mention.places if place.level == level)
            if held:
                return held
    return mention.places


def _towns_first(placed: list[Placed]) -> list[Placed]:
    """A bare name of a large town, province or country around another mention is that, not a street of that name."""
    found = []
    listed = any(mention.around in ("list", "road") for mention, _ in placed)
    for mention, places in placed:
        towns = [place for place in places if place.level == "city" and place.people >= LARGE_PEOPLE]
        others = [place for other, held in placed if other is not mention for place in held]
        held = any(_holds_centre(town, place) for town in towns for place in others)
        large = [place for place in places if place.level in ("province", "country")]
        is_container = any(is_around(one, place) for one in large for place in others if place.level != one.level)
        if not mention.kind and (is_container or (towns and (listed or held))):
            places = tuple(place for place in places if place.level != "district")
        found.append((mention, places))
    return found


def _bare_before_containers(placed: list[Placed]) -> list[Placed]:
    """ "Isfahan, Iran": beside nothing but a country or province, a name is read as one that stands alone."""
    large = [all(place.level in ("province", "country") for place in places) for _, places in placed]
    if large.count(False) != 1:
        return placed
    return [
        (mention, places if is_large else _alone(mention, places) or places)
        for (mention, places), is_large in zip(placed, large, strict=True)
    ]


def _far_towns(placed: list[Placed], whole: list[Nested]) -> list[Nested]:
    """Large towns of bare names that are neither here nor around it: "Tehran, Shiraz" may be two towns, or a street."""
    here = [place for one in whole for place in (one.place, *one.around)]
    found = []
    for mention, places in placed:
        if mention.kind in KINDS or mention.is_loose:
            continue
        large = [place for place in places if place.level == "city" and place.people >= LARGE_PEOPLE]
        far = [town for town in large if not any(_holds_centre(town, p) or _holds_centre(p, town) for p in here)]
        if len(far) == len(large):
            found += [Nested(place=town, around=(), mention=mention) for town in far]
    if found:
        found += [Nested(place=place, around=(), mention=whole[0].mention) for place in whole[0].around]
    return found


def _alone(mention: Mention, places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Of a name that stands alone: a town of the name goes before quarters that bear it, unless "street" … is said."""
    if any(word_classes().get(word) in KINDS for word in mention.words.split()):
        return places
    if any(
        place.level in ("city", "province", "country")
        and (place.people >= LARGE_PEOPLE or (place.is_notable and _is_main_name(mention, place)))
        for place in places
    ):
        return tuple(place for place in places if place.level != "district")
    return places


def _is_main_name(mention: Mention, place: Place) -> bool:
    """Whether the words are the place's own name today: a former one of a small town hides no quarter that bears it."""
    words = solid(mention.words)
    return mention.is_loose or words in (solid(place.name), solid(place.persian))


def _consistent(placed: list[Placed], *, listed: bool = False) -> list[Nested]:
    """The places of the most specific mention that all others lie around; none where there is no such mention.

    Of two towns that touch, the smaller in the larger stands alone; where neither holds the other's centre, or both are
    listed ("Vanak or Vali-e Asr"), both stand.
    """
    found: list[list[Nested]] = []
    for mention, places in placed:
        others = [held for other, held in placed if other is not mention]
        stand = []
        for place in places:
            around = [min(found, key=lambda p: RANK[p.level]) for found in
                      ([p for p in held if is_around(p, place)] for held in others) if found]  # fmt: skip
            if len(around) == len(others):
                stand.append(Nested(place=place, around=tuple(around), mention=mention))
        if stand:
            found.append(_most_specific(stand))
    if not found:
        return []
    found.sort(key=lambda stand: (RANK[stand[0].place.level], max(one.place.people for one in stand)))
    best = list(found[0])
    for stand in found[1:]:
        if RANK[stand[0].place.level] == RANK[best[0].place.level]:
            best += [one for one in stand if listed or not any(_holds_centre(one.place, other.place) for other in best)]
    return best


def _most_specific(stand: list[Nested]) -> list[Nested]:
    """Quarters and towns of the mention, the quarters first; a larger place only where there are none of these.

    Where quarters lie in their own town that is named, those that merely lie in its province are left out.
    """
    stand = sorted(stand, key=lambda one: RANK[one.place.level])
    least = RANK[stand[0].place.level]
    stand = [one for one in stand if RANK[one.place.level] <= max(least, RANK["city"])]
    own = [one for one in stand if any(place.name == one.place.city for place in one.around)]
    return [one for one in stand if one in own or one.place.level != "district"] if own else stand


def _holds_centre(large: Place, small: Place) -> bool:
    return metres_between(large.position, small.position) <= large.radius_metres


def _weight(mention: Mention, places: tuple[Place, ...]) -> tuple[bool, bool, int]:
    """What makes a mention the place of the others: no kind of street, a level that is said, the most people."""
    towns = [place.people for place in places if place.level in ("city", "county", "country")]
    is_street = mention.kind in KINDS
    return (not is_street and not mention.is_loose, any(p.level == "city" and p.is_notable for p in places),
            max(towns, default=0))  # fmt: skip


def _conflict(placed: list[Placed], unplaced: list[str], *, listed: bool) -> Nesting:
    """Some mention lies elsewhere: the heaviest with what agrees with it; the rest is kept as words or stands too."""
    order = sorted(placed, key=lambda pair: _weight(*pair), reverse=True)
    group = [order[0]]
    for pair in order[1:]:
        if _consistent([*group, pair]):
            group.append(pair)
    stand = _consistent(group, listed=listed) if len(group) > 1 else [
        Nested(place=place, around=(), mention=order[0][0]) for place in _alone(*order[0])
    ]  # fmt: skip
    kept, apart = list(unplaced), False
    for mention, places in placed:
        if any(mention is one for one, _ in group):
            continue
        inside = [(place, town) for place in places for town in order[0][1] if is_around(town, place)]
        if inside:  # "Vanak, Tajrish, Tehran": two quarters of one town
            stand += [Nested(place=place, around=(town,), mention=mention) for place, town in inside]
            continue
        sure = any(place.people >= LARGE_PEOPLE for place in order[0][1])
        if not sure and mention.kind not in KINDS and not mention.is_loose:
            apart = True  # neither is so large that the other must be a street or quarter which bears its name
            near = [place for place in places if listed and _is_near(place, stand)]
            far = near or [place for place in places if place.level != "district"]
            stand += [Nested(place=place, around=(), mention=mention) for place in far]
            continue
        large = [p for p in places if p.level != "district" and (p.people >= LARGE_PEOPLE or p.level == "country")]
        said = mention.kind in LEVELS
        if mention.kind not in KINDS and not mention.is_loose and (large or said or listed):
            apart = True
            near = [place for place in places if listed and _is_near(place, stand)]
            far = near or large or [place for place in places if place.level != "district"] or list(places)
            stand += [Nested(place=place, around=(), mention=mention) for place in far]
        else:
            kept.append(mention.told)
    return Nesting(stand=tuple(stand), kept=tuple(kept), is_apart=apart)


def _is_near(place: Place, stand: Iterable[Nested]) -> bool:
    return any(metres_between(place.position, one.place.position) <= OWN_TOWN_METRES for one in stand)


def _are_apart(placed: list[Placed]) -> bool:
    """Whether two towns are listed: "Tehran and Karaj", "the road from Qom to Kashan"."""
    towns = [m for m, places in placed if m.kind not in KINDS and any(p.level == "city" for p in places)]
    return len(towns) > 1
