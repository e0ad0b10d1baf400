"""How lengths of time and distances are rounded for people: the one place, so that no two sentences differ.

Time: one decimal of the largest of days (from 3), hours (from 2), minutes (from 2), else whole seconds; minutes are
whole. Distance: whole metres below one kilometre, else kilometres with one decimal. Both are read off with thousands
apart; a language may put its own digits and unit words.
"""

from __future__ import annotations

DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS = 86_400, 3_600, 60


def time_length(seconds: float) -> tuple[str, str]:
    """(amount, unit) of a length of time; the unit is days, hours, minutes or seconds."""
    amount = abs(seconds)
    if amount >= 3 * DAY_SECONDS:
        return f"{amount / DAY_SECONDS:,.1f}", "days"
    if amount >= 2 * HOUR_SECONDS:
        return f"{amount / HOUR_SECONDS:,.1f}", "hours"
    if amount >= 2 * MINUTE_SECONDS:
        return f"{amount / MINUTE_SECONDS:,.0f}", "minutes"
    return f"{amount:,.0f}", "seconds"


def distance(metres: float) -> tuple[str, str]:
    """(amount, unit) of a distance; the unit is m or km. 999.6 m is 1.0 km."""
    if round(metres) < 1000:
        return f"{metres:,.0f}", "m"
    return f"{metres / 1000:,.1f}", "km"


def told(amount_and_unit: tuple[str, str]) -> str:
    """In English; one of a unit is singular."""
    amount, unit = amount_and_unit
    return f"{amount} {unit.removesuffix('s') if amount == '1' else unit}"
