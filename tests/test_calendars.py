"""The civil calendar of Iran."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.calendars import gregorian_to_jalali, jalali_month_days, jalali_text, jalali_to_gregorian
from verifier.geo.timezone import TEHRAN, zone


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 10, 7), date(2025, 12, 28)),
        ((1404, 10, 18), date(2026, 1, 8)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1398, 8, 24), date(2019, 11, 15)),
        ((1401, 6, 26), date(2022, 9, 17)),
        ((1357, 11, 22), date(1979, 2, 11)),
    ],
)
def test_known_days(jalali: tuple[int, int, int], gregorian: date) -> None:
    assert jalali_to_gregorian(*jalali) == gregorian
    assert gregorian_to_jalali(gregorian) == jalali


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_there_and_back(day: date) -> None:
    year, month, number = gregorian_to_jalali(day)
    assert 1 <= number <= jalali_month_days(year, month)
    assert jalali_to_gregorian(year, month, number) == day


def test_text_is_on_the_clocks_of_the_zone() -> None:
    assert jalali_text(datetime(2026, 1, 8, 17, 15, tzinfo=UTC).astimezone(zone(TEHRAN))) == "18 Dey 1404, 20:45"
    assert jalali_text(datetime(2026, 1, 7, 20, 30, tzinfo=UTC).astimezone(zone(TEHRAN))) == "18 Dey 1404, 00:00"


@pytest.mark.parametrize(("year", "month", "day"), [(1404, 12, 30), (1404, 0, 1), (1404, 1, 32), (2026, 1, 1)])
def test_days_that_are_none(year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match=r"Jalali|Esfand|Farvardin"):
        jalali_to_gregorian(year, month, day)
