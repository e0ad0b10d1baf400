"""Small grey pictures to recognise an exhibit by: one of a still, up to six spread over a recording.

They are derivatives, never evidence. How long a recording is becomes known only at its end (headers lie), so candidates
are thinned out as it goes: memory holds at most twelve small pictures whatever the duration.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from verifier.instruments import Parameters, Picture, Showing, Sound, Viewer
from verifier.media.encode import SMALL_MEDIA_TYPE, jpeg, small
from verifier.records import Derivative, Exhibit, Kind, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONG_SIDE = 160
UNBLURRED_SIDE = 1280
UNBLURRED = "unblurred"  # the parameter that asks for one picture at a useful size instead of small ones
GREY = "grey"  # beside it: without colour
MOST_KEYFRAMES = 6
_MOST_CANDIDATES = 2 * MOST_KEYFRAMES


class _Album:
    """Candidates at regular distances; when there are too many, every second goes."""

    def __init__(self, still: bool) -> None:
        self._still = still
        self._stride = 1
        self._seen = 0
        self._kept: list[tuple[float | None, NDArray[np.uint8]]] = []
        self._spare: tuple[float | None, NDArray[np.uint8]] | None = None  # where everything is damaged

    def see(self, picture: Picture) -> None:
        if picture.damaged and not self._still:
            if self._spare is None:
                self._spare = (picture.offset_seconds, small(picture.grey, LONG_SIDE))
            return
        if self._seen % self._stride == 0:
            self._kept.append((picture.offset_seconds, small(picture.grey, LONG_SIDE)))
            if len(self._kept) > _MOST_CANDIDATES:
                self._kept = self._kept[::2]
                self._stride *= 2
        self._seen += 1

    def hear(self, sound: Sound) -> None:
        """Nothing to see."""

    def conclude(self) -> Iterator[Record]:
        kept = self._kept or ([self._spare] if self._spare is not None else [])
        if not kept:
            return
        _, best = max(kept, key=lambda candidate: float(candidate[1].std()))  # black frames have no contrast
        yield _derivative("thumbnail/1", None, best)
        if self._still:
            return
        count = min(MOST_KEYFRAMES, len(kept))
        for index in range(count):
            offset, grey = kept[(2 * index + 1) * len(kept) // (2 * count)]
            yield _derivative("keyframes/1", offset, grey)


def _derivative(recipe: str, offset_seconds: float | None, grey: NDArray[np.uint8]) -> Derivative:
    content = jpeg(grey)
    return Derivative(
        id=hashlib.sha256(content).hexdigest(),
        recipe=recipe,
        media_type=SMALL_MEDIA_TYPE,
        content=content,
        offset_seconds=offset_seconds,
    )


class _Window:
    """One picture at a size at which a person can see it: a still in colour, of a recording its clearest grey frame."""

    def __init__(self, *, is_grey: bool) -> None:
        self._is_grey = is_grey
        self._best: NDArray[np.uint8] | None = None
        self._contrast = -1.0
        self._offset: float | None = None

    def see(self, picture: Picture) -> None:
        contrast = float(picture.grey.std()) - (256.0 if picture.damaged else 0.0)
        if self._best is None or contrast > self._contrast:
            self._best = picture.grey if picture.colour is None or self._is_grey else picture.colour
            self._contrast, self._offset = contrast, picture.offset_seconds

    def hear(self, sound: Sound) -> None:
        """Nothing to see."""

    def conclude(self) -> Iterator[Record]:
        if self._best is not None:
            content = jpeg(small(self._best, UNBLURRED_SIDE))
            yield Derivative(
                id=hashlib.sha256(content).hexdigest(),
                recipe="unblurred/1",
                media_type=SMALL_MEDIA_TYPE,
                content=content,
                offset_seconds=self._offset,
            )


def _begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Album | _Window:
    if parameters.get(UNBLURRED) is True:
        return _Window(is_grey=parameters.get(GREY) is True)
    return _Album(showing.still)


VIEWER = Viewer(
    name="thumbnail",
    version=1,
    accepts=frozenset({Kind.PHOTO, Kind.VIDEO}),
    begin=_begin,
)
