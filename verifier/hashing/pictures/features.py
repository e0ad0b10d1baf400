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

SHAPE_TOLERANCE = 0.05  # of the aspect ratio's logarithm: rounding of a long, narrow picture's sides
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
    stored_size: tuple[int, int] | None = None,
) -> PictureFeatures | None:
    """Features from what is stored of one exhibit: its fingerprints, and content by recipe. None where incomplete.

    `stored_size`: width and height of the exhibit, before it is turned upright. Raises Corrupt
    where the content is not what the recipe says.
    """
    if local_features.RECIPE not in derivatives or local_features.GREY_RECIPE not in derivatives:
        return None
    hashes = tuple(one for one in fingerprints if one.algorithm == pdq.ALGORITHM and one.offset_seconds is None)
    local = local_features.decode(derivatives[local_features.RECIPE])
    return PictureFeatures(
        hashes=hashes,
        local=local,
        grey_content=derivatives[local_features.GREY_RECIPE],
        captured=captured,
        original_width=None if stored_size is None else upright_width(stored_size, (local.width, local.height)),
    )


def upright_width(stored: tuple[int, int], shown: tuple[int, int]) -> int | None:
    """The width of a picture of the `stored` size as `shown` upright at another size; None where the sizes disagree.

    Whichever side order has the shape of what is shown: orientation is read from pixels, not from what tags say.
    """
    shape = shown[0] / shown[1]
    lying, turned = (abs(np.log(side / other / shape)) for side, other in (stored, stored[::-1]))
    if min(lying, turned) > SHAPE_TOLERANCE:
        return None
    return stored[0] if lying <= turned else stored[1]
