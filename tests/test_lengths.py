"""Rounding for people: one place, no zero where there is something, singular for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.lengths import distance, time_length, told

UNIT = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1, "m": 1, "km": 1000}


@given(st.floats(0, 1e10), st.sampled_from([time_length, distance]))
def test_what_is_told_is_right_to_its_last_digit(value: float, rounds: object) -> None:
    amount, unit = rounds(value)
    step = (0.1 if "." in amount else 1) * UNIT[unit]
    assert abs(float(amount.replace(",", "")) * UNIT[unit] - value) <= step / 2 + 1e-6 * value
    assert float(amount.replace(",", "")) > 0 or value <= 0.5  # never "0.0 km"


@pytest.mark.parametrize(
    ("metres", "words"), [(0, "0 m"), (1.2, "1 m"), (40, "40 m"), (999.6, "1.0 km"), (3_510_000, "3,510.0 km")]
)
def test_distances(metres: float, words: str) -> None:
    assert told(distance(metres)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (-61, "61 seconds"), (150, "2 minutes"), (7200, "2.0 hours"), (207_748_800, "2,404.5 days")],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert told(time_length(seconds)) == words
