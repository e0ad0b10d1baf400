"""The region of a case: where its places are looked for first, and what tells a swapped order of coordinates."""

from __future__ import annotations

from dataclasses import dataclass

from verifier.geo.outlines import metres_outside, outlines
from verifier.geo.position import Position

BORDER_METRES = 50_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A country by its ISO 3166-1 alpha-2 code."""

    country: str = "IR"

    def holds(self, position: Position) -> bool:
        """Whether a position lies in the country or near its border; never where its outline is not known."""
        return self.country in outlines() and metres_outside(self.country, position) <= BORDER_METRES


HOME = Region()
