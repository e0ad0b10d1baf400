"""How long `verify --help` takes beside importing typer and rich, and which heavy modules it loads (none)."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

HEAVY = {"numpy", "cv2", "av", "scipy", "sqlalchemy", "faiss", "PIL", "jinja2"}
ROUNDS = 15


def seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    ours = [sys.executable, "-m", "verifier", "--help"]
    bare = [sys.executable, "-c", "import typer, rich"]
    seconds(ours), seconds(bare)
    pairs = [(seconds(ours), seconds(bare)) for _ in range(ROUNDS)]
    ratio = statistics.median(a / b for a, b in pairs)
    traced = subprocess.run([sys.executable, "-X", "importtime", *ours[1:]], capture_output=True, text=True, check=True)
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in traced.stderr.splitlines()} & HEAVY
    table = (
        "## Start-up (`python -m benchmarks.startup`)\n\n"
        "| | median wall, s |\n|---|---|\n"
        f"| `verify --help` | {statistics.median(a for a, _ in pairs):.3f} |\n"
        f"| `python -c 'import typer, rich'` | {statistics.median(b for _, b in pairs):.3f} |\n\n"
        f"Ratio, pair by pair, median of {ROUNDS}: **{ratio:.2f}** (goal ≤ 1.6). "
        f"Heavy modules loaded: {', '.join(sorted(loaded)) or 'none'}.\n"
    )
    print(table)
    (Path(__file__).parent / "results" / "01-startup.md").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
