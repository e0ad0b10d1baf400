"""How bright a picture is, as a whole and in its upper third where the sky often is: what the daylight check rests on.

Measured on luma of ITU-R BT.601, 0..255. A camera's exposure, a street lamp or a white ceiling moves these numbers as
much as the sun does; they are readings, not judgements.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verifier.instruments import Parameters, Picture, Showing, Sound, Viewer
from verifier.records import Exhibit, Kind, Reading, Record

MOST_PICTURES = 20_000


class _Brightness:
    """Collects three numbers a picture; `conclude` gives their medians."""

    def __init__(self, *, still: bool) -> None:
        self._still = still
        self._rows: list[tuple[float, float, float]] = []

    def see(self, picture: Picture) -> None:
        """Medians of picture and upper third, and the upper third's spread of its middle 80 %; not of damaged ones."""
        if picture.damaged or picture.grey.size == 0 or len(self._rows) >= MOST_PICTURES:
            return
        upper = picture.grey[: max(1, picture.grey.shape[0] // 3)]
        low, middle, high = (float(value) for value in np.percentile(upper[::2, ::2], (10, 50, 90)))
        self._rows.append((float(np.median(picture.grey[::2, ::2])), middle, high - low))

    def hear(self, sound: Sound) -> None:
        """Sound has no light."""

    def conclude(self) -> Iterator[Record]:
        """Medians over all pictures, and for a clip the darkest and brightest picture's upper third too."""
        if not self._rows:
            return
        rows = np.array(self._rows)
        where = "picture" if self._still else f"median of {len(rows)} pictures"
        names = ("picture:median_luma", "picture:top_third_median_luma", "picture:top_third_spread")
        for name, value in zip(names, np.median(rows, axis=0), strict=True):
            yield Reading(key=name, value=round(float(value), 1), location=where)
        if not self._still:
            yield Reading(key="picture:top_third_least", value=round(float(rows[:, 1].min()), 1), location=where)
            yield Reading(key="picture:top_third_most", value=round(float(rows[:, 1].max()), 1), location=where)


def begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Brightness:
    """One watching of one exhibit."""
    return _Brightness(still=showing.still)


VIEWER = Viewer(name="brightness", version=1, accepts=frozenset({Kind.PHOTO, Kind.VIDEO}), begin=begin)
