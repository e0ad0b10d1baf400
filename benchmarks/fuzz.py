"""Break the inputs of every parser of ours for a minute; keep what makes one stumble.

Run: python -m benchmarks.fuzz [SECONDS]
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from pathlib import Path

from tests.contracts.parsers import broken, parsers_once, tried

KEPT = Path(__file__).parent.parent / "tests" / "contracts" / "kept"


def main() -> None:
    """Print the table; findings become files that the tests try again."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    names = sorted(parsers_once())
    print("| parser | inputs | stumbles |\n|---|---|---|")
    whole = 0
    for name in names:
        chance, stumbles, count = random.Random(f"{name} {seconds}"), {}, 0
        end = time.monotonic() + seconds / len(names)
        while time.monotonic() < end:
            content = broken(chance.choice(parsers_once()[name].seeds), chance)
            count += 1
            said = tried(name, content)
            if said is not None:
                stumbles.setdefault(said.split(":")[0], content)
        for content in stumbles.values():
            KEPT.mkdir(exist_ok=True)
            mark = hashlib.sha256(content).hexdigest()[:8]
            (KEPT / f"{name.replace('/', '+')}-{mark}").write_bytes(content)
        whole += count
        print(f"| `{name}` | {count:,} | {', '.join(stumbles) or '0'} |", flush=True)
    print(f"\n{whole:,} inputs for {len(names)} parsers.")


if __name__ == "__main__":
    main()
