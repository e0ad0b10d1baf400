"""How far outside a country a position lies, as the country's name is used in claims, not as one atlas draws it.

distance = least over the country's outline, those of its territories, and circles round its towns that the outline
leaves out; 0 wherever a territory without an ISO code or a disputed one is concerned. A border drawn one way by one
atlas must not contradict a witness who draws it another way.
"""

from __future__ import annotations

from functools import cache

from verifier.geo.gazetteer import built_in
from verifier.geo.outlines import OUTLINE_METRES, country_at, metres_outside, outlines
from verifier.geo.place_record import Place
from verifier.geo.position import Position, metres_between

# ISO 3166-1 territories that are often named by their state, and disputed areas that either name is used for
PARTS = {
    "AU": ("CC", "CX", "NF", "HM"),
    "CN": ("HK", "MO", "TW"),
    "DK": ("GL", "FO"),
    "FI": ("AX",),
    "FR": ("GF", "GP", "MQ", "RE", "YT", "NC", "PF", "BL", "MF", "PM", "WF", "TF"),
    "GB": ("AI", "BM", "FK", "GG", "GI", "GS", "IM", "IO", "JE", "KY", "MS", "PN", "SH", "TC", "VG"),
    "IL": ("PS",),
    "MA": ("EH",),
    "NL": ("AW", "BQ", "CW", "SX"),
    "NO": ("SJ", "BV"),
    "NZ": ("CK", "NU", "TK"),
    "PS": ("IL",),
    "RS": ("XK",),
    "US": ("AS", "GU", "MP", "PR", "UM", "VI"),
}
ISLAND_METRES = 20_000.0  # round a town at sea that the outline leaves out
DISPUTED_METRES = 200_000.0  # round a town that the outline gives to another country
NAMESAKES = frozenset({"GE", "LU", "NE"})  # also a first-level division of another country: Georgia, Luxembourg, Niger


def is_drawn(country: Place) -> bool:
    """Whether the outline of a country's entry can be relied on: there is one, and it holds the entry's own point."""
    return country.country in outlines() and metres_outside(country.country, country.position) <= OUTLINE_METRES


def metres_from_country(code: str, position: Position) -> float:
    """Least distance in metres to what the country's name is used for, less `OUTLINE_METRES`; 0 inside.

    Raises KeyError for a code without an outline.
    """
    away = min(metres_outside(each, position) for each in (code, *PARTS.get(code, ())) if each in outlines())
    away = max(0.0, away - OUTLINE_METRES)
    if away and _is_uncoded(position):
        return 0.0
    for place, reach in _left_out(code):
        away = min(away, max(0.0, metres_between(place.position, position) - place.radius_metres - reach))
    return away


def _is_uncoded(position: Position) -> bool:
    return any(metres_outside(code, position) <= OUTLINE_METRES for code in outlines() if code.startswith("?"))


@cache
def _left_out(code: str) -> tuple[tuple[Place, float], ...]:
    """The country's towns that lie outside its own outline, each with the metres around it that are still its."""
    return tuple(
        (place, ISLAND_METRES if country_at(place.position) in (None, code) and not _is_uncoded(place.position)
         else DISPUTED_METRES)
        for place in built_in().places
        if place.country == code and place.level != "country" and metres_outside(code, place.position) > OUTLINE_METRES
    )  # fmt: skip
