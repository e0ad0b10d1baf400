"""What cannot be in a geolocation worksheet: features far from the camera, and features that it did not look at."""

from __future__ import annotations

from verifier.geo.position import Position, bearing_between, metres_between
from verifier.geo.written.angles import swapped

FARTHEST_SEEN_METRES = 250_000.0  # a high mountain in clear air
NEAREST_BEARING_METRES = 5.0  # nearer than this, a bearing says nothing
VIEW_TOLERANCE_DEGREES = 5.0


def doubts(
    camera: Position,
    direction_degrees: float | None,
    field_degrees: float | None,
    features: list[tuple[int, Position]],
) -> tuple[str, ...]:
    """A sentence for each feature that is too far away, or outside the view."""
    found = []
    for number, point in features:
        metres = metres_between(camera, point)
        if metres > FARTHEST_SEEN_METRES:
            found.append(_far(number, camera, point, metres))
        elif direction_degrees is not None and metres > (camera.radius_metres or 0.0) + NEAREST_BEARING_METRES:
            found += _outside(number, bearing_between(camera, point), direction_degrees, field_degrees)
    return tuple(found)


def _far(number: int, camera: Position, point: Position, metres: float) -> str:
    told = f"feature {number} is {metres / 1000:,.0f} km from the camera"
    other = swapped(point)
    if other is not None and metres_between(camera, other) <= FARTHEST_SEEN_METRES:
        near = metres_between(camera, other) / 1000
        return (
            f"{told}; with latitude and longitude in the other order it is {near:,.1f} km from it: were they swapped?"
        )
    return f"{told}: too far to be seen"


def _outside(number: int, bearing: float, direction: float, field: float | None) -> list[str]:
    """The angle between the feature and the middle of the view against half of the view; without a field, behind."""
    off = abs((bearing - direction + 180.0) % 360.0 - 180.0)
    half = (field if field is not None else 180.0) / 2
    if off <= half + VIEW_TOLERANCE_DEGREES:
        return []
    where = "behind the camera" if off > 90.0 else "outside the view"
    view = f"{(direction - half) % 360:.0f}° to {(direction + half) % 360:.0f}°"
    return [f"feature {number} is {where}: it lies at {bearing:.0f}°, the view is {view}"]
