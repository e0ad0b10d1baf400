"""Where in a picture something is seen: one rule for every x and y, in options and in sheets.

A number from 0 to 1 is a share of the width or height, from the upper left; a whole number above 1 counts pixels of the
upright frame.
"""

from __future__ import annotations

import math

MOST_PIXELS = 1_000_000
RULE = "a share from 0 to 1 of the width or height, or a whole number of pixels above 1"


def frame_coordinate(name: str, value: object) -> float | None:
    """A coordinate in a picture; None where there is none. Raises ValueError with a sentence."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} is {RULE}")
    if not 0 <= value <= MOST_PIXELS or (value > 1 and value != int(value)):
        raise ValueError(f"{name} is {RULE}, not {value:g}")
    return float(value)
