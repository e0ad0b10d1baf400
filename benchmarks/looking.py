"""What `status`, `list`, `find` and `show` cost at 1,000 and at 20,000 exhibits: processor seconds of whole commands.

Run: OMP_NUM_THREADS=1 python -m benchmarks.looking [COUNT …]

The cases are those of `benchmarks.desk`: records alone, 70 readings an exhibit. `--help` is the yardstick: what any
command costs before it opens a case. The goal is 1 s for each, and .6 s for `show`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.desk import exhibit, make

ROUNDS = 3


def processor_seconds(*words: object) -> float:
    """Of one command and all its processes; what it says is thrown away."""
    command = [sys.executable, "-m", "verifier", *map(str, words)]
    before = os.times()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    after = os.times()
    assert done.returncode in (0, 1), done.stderr[-500:]
    return after.children_user + after.children_system - before.children_user - before.children_system


def main(counts: list[int]) -> None:
    print("| exhibits | command | CPU s | without `--help` |\n|---|---|---|---|")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            case = Path(folder) / "case"
            make(case, count)
            processor_seconds("check", "--quiet", "--case", case)  # as every case is after an ingest
            bare = min(processor_seconds("--help") for _ in range(ROUNDS))
            told = {
                "find, the first (the index is made)": ("find", "IMG_77"),
                "find": ("find", "IMG_77"),
                "find, a word of every exhibit": ("find", "clock"),
                "list": ("list",),
                "list --all --json": ("list", "--all", "--json"),
                "list --finding contradicts": ("list", "--finding", "contradicts"),
                "list --time": ("list", "--time", "2026-01-08"),
                "status": ("status",),
                "show": ("show", exhibit(count // 2).id[:12]),
                "show by name": ("show", f"IMG_{count // 2}.jpg"),
            }
            for name, words in told.items():
                rounds = 1 if name.startswith("find, the first") else ROUNDS
                cost = min(processor_seconds(*words, "--case", case) for _ in range(rounds))
                print(f"| {count:,} | {name} | {cost:.2f} | {cost - bare:.2f} |", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 20_000])
