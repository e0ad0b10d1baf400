"""How the light rule fares on real pictures whose place and satellite time are in their own tags.

Run: python -m benchmarks.daylight FOLDER
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from verifier.findings.place.daylight import DAY_ABOVE_DEGREES, NIGHT_BELOW_DEGREES, is_black_sky, is_bright_sky
from verifier.geo.sky.sun import sun_position

PICTURES = {".jpg", ".jpeg", ".heic", ".png", ".webp", ".tif", ".tiff"}


def measured(picture: Image.Image) -> dict[str, float]:
    """The three readings of the brightness viewer."""
    grey = np.asarray(ImageOps.exif_transpose(picture).convert("L"))
    upper = grey[: max(1, grey.shape[0] // 3)]
    low, middle, high = (float(value) for value in np.percentile(upper[::2, ::2], (10, 50, 90)))
    return {
        "median_luma": float(np.median(grey[::2, ::2])),
        "top_third_median_luma": middle,
        "top_third_spread": high - low,
    }


def sun_of(picture: Image.Image) -> float | None:
    """Sun altitude at the picture's own place and satellite time; None where a tag is missing or a placeholder."""
    gps = picture.getexif().get_ifd(0x8825)
    if not all(tag in gps for tag in (1, 2, 3, 4, 7, 29)):
        return None
    try:
        north, east, clock = ([float(part) for part in gps[tag]] for tag in (2, 4, 7))
        latitude = (north[0] + north[1] / 60 + north[2] / 3600) * (-1 if gps[1] == "S" else 1)
        longitude = (east[0] + east[1] / 60 + east[2] / 3600) * (-1 if gps[3] == "W" else 1)
        day = datetime.strptime(gps[29], "%Y:%m:%d").replace(tzinfo=UTC).timestamp()
    except (ValueError, ZeroDivisionError, IndexError, TypeError):
        return None
    if latitude == 0 and longitude == 0:
        return None
    return float(sun_position(day + clock[0] * 3600 + clock[1] * 60 + clock[2], latitude, longitude)[0])


def main() -> None:
    pillow_heif.register_heif_opener()
    seen = bright = black = 0
    tested = judged = misfits = 0
    names = []
    for path in sorted(Path(sys.argv[1]).rglob("*")):
        if path.suffix.lower() not in PICTURES:
            continue
        try:
            with Image.open(path) as picture:
                light, sun = measured(picture), sun_of(picture)
        except (OSError, SyntaxError, ValueError):
            continue
        seen += 1
        is_bright, is_black = is_bright_sky(light), is_black_sky(light)
        bright, black = bright + is_bright, black + is_black
        if sun is None:
            continue
        tested += 1
        night, day = sun < NIGHT_BELOW_DEGREES, sun > DAY_ABOVE_DEGREES
        judged += (is_bright or is_black) and (night or day)
        if (is_bright and night) or (is_black and day):
            misfits += 1
            names.append(f"sun {sun:.0f}°, luma {light['median_luma']:.0f}")
    print("| pictures | bright above | black above | with place and satellite time | judged | misfits |")
    print("|---|---|---|---|---|---|")
    print(f"| {seen} | {bright} | {black} | {tested} | {judged} | {misfits} |")
    if names:
        print(f"\nMisfits: {'; '.join(names)}.")


if __name__ == "__main__":
    main()
