"""Sun altitude and azimuth against NREL's Solar Position Algorithm (pvlib, nrel_numpy) at random times and places.

Run: OMP_NUM_THREADS=1 python benchmarks/sun.py
"""

from __future__ import annotations

import time

import numpy as np
import pvlib
from pvlib import spa

from verifier.geo.sky.sun import sun_position

COUNT = 10_000
HECTOPASCAL, CELSIUS, REFRACTION = 1013.25, 12.0, 0.5667


def main() -> None:
    rng = np.random.default_rng(20260108)
    times = rng.uniform(631_152_000, 2_208_988_800, COUNT)  # 1990 to 2040
    latitudes, longitudes = np.degrees(np.arcsin(rng.uniform(-1, 1, COUNT))), rng.uniform(-180, 180, COUNT)
    begin = time.process_time()
    altitude, azimuth = sun_position(times, latitudes, longitudes)
    own_seconds = time.process_time() - begin
    begin = time.process_time()
    delta_t = spa.calculate_deltat(2026, 1)
    truth = np.array([
        spa.solar_position_numpy(
            np.array([unix]), latitude, longitude, 0.0, HECTOPASCAL, CELSIUS, delta_t, REFRACTION, 1
        )[2:5:2]
        for unix, latitude, longitude in zip(times, latitudes, longitudes, strict=True)
    ])[:, :, 0]  # fmt: skip
    spa_seconds = time.process_time() - begin
    apparent_zenith_up, spa_azimuth = truth[:, 0], truth[:, 1]
    up = apparent_zenith_up > 1.0
    error = np.abs(altitude - apparent_zenith_up)[up]
    turn = np.abs((azimuth - spa_azimuth + 180) % 360 - 180)[up]
    across = turn * np.cos(np.radians(altitude[up]))
    print(
        f"{COUNT:,} random times (1990–2040) and places, {int(up.sum()):,} with the sun above 1°; "
        f"pvlib {pvlib.__version__}.\n"
    )
    print("| against NREL SPA | mean | 99.9 % | max |\n|---|---|---|---|")
    for name, values in (
        ("altitude, °", error),
        ("azimuth, °", turn),
        ("azimuth on the sky (× cos altitude), °", across),
    ):
        print(f"| {name} | {values.mean():.4f} | {np.quantile(values, 0.999):.4f} | {values.max():.4f} |")
    print(f"\nMax angle between the two sun directions: {np.hypot(error, across).max():.4f}°.")
    steep = turn > 0.05
    if steep.any():
        print(
            f"{int(steep.sum())} azimuths differ by more than 0.05°, all with the sun above "
            f"{altitude[up][steep].min():.1f}° (near the zenith an azimuth is ill-defined)."
        )
    print(
        f"CPU: own {own_seconds * 1e6 / COUNT:.2f} µs a position, SPA {spa_seconds * 1e6 / COUNT:.0f} µs (one a call)."
    )


if __name__ == "__main__":
    main()
