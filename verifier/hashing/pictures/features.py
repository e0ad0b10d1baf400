"""What is known of one picture for comparing it: hashes, local features, and its small grey self."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verifier.hashing import local_features, pdq
from verifier.hashing.local_features import LocalFeatures
from verifier.media import plane
from verifier.records import Fingerprint, Moment

LEAST_POINTS = 20  # with fewer a picture can be compared by its hash only


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureFeatures:
    """`hashes`: PDQ of the whole and of its content boxes, with quality. `grey_content`: the grey/2 derivative.

    `captured`: the moment of capture, where what states it was read; two moments may tell two frames of one fixed
    camera from two copies of one picture. `original_width`: of the upright picture as decoded, for true scales.
    """

    hashes: tuple[Fingerprint, ...]
    local: LocalFeatures
    grey_content: bytes
    captured: Moment | None = None
    original_width: int | None = None

    def grey(self) -> NDArray[np.uint8]:
        """The grey picture that the local features were taken from. Raises Corrupt."""
        return plane.unpack(self.grey_content)

    @property
    def worthy(self) -> tuple[Fingerprint, ...]:
        """The hashes of enough quality to be compared."""
        return tuple(one for one in self.hashes if (one.quality or 0) >= pdq.LEAST_QUALITY)

    @property
    def is_comparable(self) -> bool:
        """Whether "no match" would mean anything: a flat or dark picture is not comparable."""
        return bool(self.worthy) or len(self.local) >= LEAST_POINTS


def assemble(
    fingerprints: Iterable[Fingerprint],
    derivatives: Mapping[str, bytes],
    captured: Moment | None = None,
    original_width: int | None = None,
) -> PictureFeatures | None:
    """Features from what is stored of one exhibit: its fingerprints, and content by recipe. None where incomplete.

    Raises Corrupt where the content is not what the recipe says.
    """
    if local_features.RECIPE not in derivatives or local_features.GREY_RECIPE not in derivatives:
        return None
    hashes = tuple(one for one in fingerprints if one.algorithm == pdq.ALGORITHM and one.offset_seconds is None)
    return PictureFeatures(
        hashes=hashes,
        local=local_features.decode(derivatives[local_features.RECIPE]),
        grey_content=derivatives[local_features.GREY_RECIPE],
        captured=captured,
        original_width=original_width,
    )
