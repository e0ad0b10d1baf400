"""A mask of places for one instant, and for one local clock reading, beside ShadowFinder 0.7.1 in one run.

ShadowFinder pins old dependencies, so it runs in an environment of its own:
    OMP_NUM_THREADS=1 python benchmarks/shadow_places.py PYTHON_OF_AN_ENVIRONMENT_WITH_SHADOWFINDER
Its grid of time zones is made before its clock starts; ours is timed with and without its making.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from verifier.geo.sky.shadow import Shadow, places_of
from verifier.geo.sky.shadow_local import places_of_wall, zone_grid

BOX, STEP = (-60.0, -180.0, 85.0, 180.0), 0.5
HEIGHT, LENGTH, SHARE = 10.0, 15.0, 0.10
ROUNDS = 5
THEIRS = """
import sys, time, datetime, numpy as np
from shadowfinder import ShadowFinder
out, height, length, rounds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
finder = ShadowFinder(height, length, datetime.datetime(2026, 1, 8, 10, 0), "utc")
finder.generate_timezone_grid()
finder.find_shadows()
times = []
for _ in range(rounds):
    begin = time.process_time(); finder.find_shadows(); times.append(time.process_time() - begin)
utc = finder.location_likelihoods.copy()
finder.set_details(datetime.datetime(2026, 1, 8, 13, 30), height, length, "local")
begin = time.process_time(); finder.find_shadows(); local_seconds = time.process_time() - begin
np.savez(out, utc=utc, local=finder.location_likelihoods, utc_seconds=np.median(times), local_seconds=local_seconds)
"""


def band() -> Shadow:
    """Sun altitudes whose shadow is within ten per cent of the measured length."""
    low, high = (float(np.degrees(np.arctan(HEIGHT / (LENGTH * (1 + way * SHARE))))) for way in (1, -1))
    return Shadow(altitude_degrees=(low, high))


def timed(question: object, rounds: int) -> tuple[float, np.ndarray]:
    assert callable(question)
    seconds, answer = [], question()
    for _ in range(rounds):
        begin = time.process_time()
        answer = question()
        seconds.append(time.process_time() - begin)
    return float(np.median(seconds)), answer.fits


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "theirs.npz"
        command = [sys.argv[1], "-c", THEIRS, str(out), str(HEIGHT), str(LENGTH), str(ROUNDS)]
        subprocess.run(command, check=True, env={"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg", "PATH": "/usr/bin"})
        theirs = dict(np.load(out))
    at = datetime(2026, 1, 8, 10, tzinfo=UTC)
    wall = datetime(2026, 1, 8, 13, 30)  # noqa: DTZ001 - a wall clock
    zone_begin = time.process_time()
    zone_grid(BOX, STEP)
    zone_seconds = time.process_time() - zone_begin
    utc_seconds, utc = timed(lambda: places_of(at, at, band(), box=BOX, step_degrees=STEP), ROUNDS)
    local_seconds, local = timed(lambda: places_of_wall(wall, band(), box=BOX, step_degrees=STEP), ROUNDS)
    rows = []
    for name, key, own, seconds in (
        ("one instant", "utc", utc, utc_seconds),
        ("one local clock reading", "local", local, local_seconds),
    ):
        their_band = np.abs(theirs[key]) <= SHARE
        agreement = float((their_band == own).mean())
        union = float((their_band & own).sum() / (their_band | own).sum())
        their_seconds = float(theirs[f"{key}_seconds"])
        rows.append(
            f"| {name} | {their_seconds:.3f} | {seconds:.4f} | {their_seconds / seconds:.0f} × "
            f"| {agreement:.2%} | {union:.2%} |"
        )
    print(
        f"{utc.size:,} cells of {STEP}°; height {HEIGHT:g}, shadow {LENGTH:g}, band of ±{SHARE:.0%} of the length; "
        "CPU seconds.\n"
    )
    print(
        "| question | ShadowFinder 0.7.1 | own | ratio | cells that agree | band in common |\n|---|---|---|---|---|---|"
    )
    print("\n".join(rows))
    total = zone_seconds + local_seconds
    print(f"\nOwn grid of time zones: {zone_seconds:.2f} s once; with it the local question takes {total:.2f} s, "
          f"{float(theirs['local_seconds']) / total:.0f} × faster than theirs without its grid.")  # fmt: skip


if __name__ == "__main__":
    main()
