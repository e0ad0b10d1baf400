"""A shadow's answer as a picture (SVG): the sun through the day, what was measured, and when or where it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from verifier.geo.position import Position
from verifier.geo.sky.shadow import Places, Shadow, Times
from verifier.geo.sky.sun import sampled, sun_position
from verifier.geo.timezone import offset_at
from verifier.report.maps.geojson import mask_rings
from verifier.report.maps.kml import escaped
from verifier.report.maps.map import map_svg

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720.0, 320.0, 44.0, 40.0, 34.0
LOWEST_DEGREES, HIGHEST_DEGREES = -20.0, 90.0


def day_picture(
    position: Position, earliest: datetime, latest: datetime, shadow: Shadow, found: Times, zone: str | None
) -> str:
    """The day's curve, the measured band shaded, the fitting stretches drawn thick; clocks of `zone`, else UTC."""
    times = sampled(earliest, latest)
    altitude, _ = sun_position(times, position.latitude_degrees, position.longitude_degrees)
    span = max(float(times[-1] - times[0]), 1.0)

    def across(unix: float) -> float:
        return round(LEFT + (unix - float(times[0])) / span * (WIDTH - LEFT - 10), 1)

    def down(degrees: float) -> float:
        within = min(max(degrees, LOWEST_DEGREES), HIGHEST_DEGREES)
        share = (within - LOWEST_DEGREES) / (HIGHEST_DEGREES - LOWEST_DEGREES)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    parts = [_head(f"Sun over {position.latitude_degrees:.4f}, {position.longitude_degrees:.4f}")]
    if shadow.altitude_degrees is not None:
        low, high = shadow.altitude_degrees
        parts.append(
            f'<rect x="{LEFT:g}" y="{down(high):g}" width="{WIDTH - LEFT - 10:g}" '
            f'height="{down(low) - down(high):.1f}" '
            f'fill="#c9a400" fill-opacity="0.25"><title>measured: {low:.1f}° to {high:.1f}°</title></rect>'
        )
    for degrees in range(-15, 91, 15):
        stroke = "#333" if degrees == 0 else "#d5dbe0"
        parts.append(f'<path d="M{LEFT:g} {down(degrees):g}H{WIDTH - 10:g}" stroke="{stroke}" stroke-width="0.6"/>')
        parts.append(f'<text x="{LEFT - 5:g}" y="{down(degrees) + 3:g}" text-anchor="end">{degrees}°</text>')
    parts += _hours(earliest, latest, zone, across)
    line = " ".join(f"{across(float(t)):g},{down(float(a)):g}" for t, a in zip(times, altitude, strict=True))
    parts.append(f'<polyline points="{line}" fill="none" stroke="#7d8a94" stroke-width="1.2"/>')
    for start, end in found.intervals:
        inside = (times >= start.timestamp()) & (times <= end.timestamp())
        ends = np.array([start.timestamp(), end.timestamp()])
        moments = np.sort(np.concatenate([ends, times[inside]]))
        heights, _ = sun_position(moments, position.latitude_degrees, position.longitude_degrees)
        thick = " ".join(f"{across(float(t)):g},{down(float(a)):g}" for t, a in zip(moments, heights, strict=True))
        parts.append(f'<polyline points="{thick}" fill="none" stroke="#a8541a" stroke-width="4"/>')
    words = "fits" if found.intervals else f"no time fits; nearest miss {found.nearest_miss_degrees:.1f}°"
    parts.append(f'<text x="{LEFT:g}" y="18" font-size="12">{escaped(words)}</text></svg>')
    return "\n".join(parts)


def _head(title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" '
        f'height="{HEIGHT:g}" role="img" font-family="DejaVu Sans, sans-serif" font-size="10">'
        f'<title>{escaped(title)}</title><rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#fff"/>'
    )


def _hours(earliest: datetime, latest: datetime, zone: str | None, across: object) -> list[str]:
    """Ticks at whole hours of the zone's clocks, at most a dozen."""
    assert callable(across)  # noqa: S101 - ours
    shift = offset_at(zone, earliest) if zone else timedelta(0)
    step = max(1, round((latest - earliest).total_seconds() / 3600 / 12))
    local = (earliest + shift).replace(minute=0, second=0, microsecond=0)
    parts: list[str] = []
    while local <= latest + shift and len(parts) < 40:
        at = local - shift
        if at >= earliest and local.hour % step == 0:
            x = across(at.timestamp())
            parts.append(f'<path d="M{x:g} {TOP:g}V{HEIGHT - BOTTOM:g}" stroke="#e3e7ea" stroke-width="0.5"/>')
            parts.append(f'<text x="{x:g}" y="{HEIGHT - BOTTOM + 14:g}" text-anchor="middle">{local:%H:%M}</text>')
        local += timedelta(hours=1)
    day = (earliest + shift).astimezone(UTC)
    parts.append(f'<text x="{LEFT:g}" y="{HEIGHT - 8:g}">{day:%Y-%m-%d}, clocks of {escaped(zone or "UTC")}</text>')
    return parts


def places_picture(places: Places, title: str) -> str:
    """A map with the cells that fit shaded."""
    return map_svg((), title, mask=tuple(mask_rings(places)), box=_drawn_box(places))


def _drawn_box(places: Places) -> tuple[float, float, float, float]:
    """The box of the map: of the whole breadth where the places lie on both sides of the date line."""
    south, west, north, east = places.box
    return (south, west, north, east) if east <= 180.0 else (south, -180.0, north, 180.0)
