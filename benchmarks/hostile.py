"""Feed every kind of bad input to the workers: each must be accounted for, and the run must not notice.

python -m benchmarks.hostile [--workers 2] [--out benchmarks/results/hostile.md]
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.hostile_kinds import Kinds, kinds
from verifier.executors.local import LocalExecutor
from verifier.instruments import Job, Outcome
from verifier.media.sniff import sniff
from verifier.records import Exhibit

SLOW_SECONDS = 5.0


def jobs(folder: Path, made: Kinds, executor: LocalExecutor) -> dict[str, Job]:
    """A job for every kind, with every instrument that accepts what its bytes are; the bytes lie in `folder`."""
    wanted = {}
    for name, make in made.items():
        content = make()
        digest = hashlib.sha256(content).hexdigest()
        kind, media_type = sniff(content[: 1 << 16], len(content), content[-(1 << 16) :])
        (folder / digest).write_bytes(content)
        exhibit = Exhibit(id=digest, sha512="", size=len(content), kind=kind, media_type=media_type)
        accepting = tuple(
            entry.name
            for entry in executor.catalogue.values()
            if kind in entry.accepts and (entry.media_types is None or media_type in entry.media_types)
        )
        wanted[name] = Job(exhibit=exhibit, path=str(folder / digest), instruments=accepting)
    return wanted


def unaccounted(wanted: Iterable[Job], outcomes: Iterable[Outcome]) -> list[str]:
    """Ids of exhibits that did not get exactly one run for every instrument."""
    got = Counter((outcome.exhibit, run.instrument) for outcome in outcomes for run in outcome.runs)
    return [job.exhibit.id for job in wanted if any(got[job.exhibit.id, name] < 1 for name in job.instruments)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        executor = LocalExecutor(workers=given.workers, vault_root=folder)
        wanted = jobs(folder, kinds(), executor)
        began = time.monotonic()
        outcomes = list(executor.run(wanted.values()))
        took = time.monotonic() - began
    names = {job.exhibit.id: kind for kind, job in wanted.items()}
    results = Counter(run.result for outcome in outcomes for run in outcome.runs)
    ended, slow, defects = [], [], []
    for outcome in outcomes:
        kind = names[outcome.exhibit]
        for run in outcome.runs:
            if run.elapsed_seconds > SLOW_SECONDS:
                slow.append(f"{kind}, {run.instrument}: {run.elapsed_seconds:.0f} s")
        for fault in outcome.faults:
            if fault.kind in ("crash", "timeout", "memory"):
                ended.append(f"{kind}, {fault.instrument}: {fault.kind}, {fault.detail}")
            if fault.kind == "defect":
                defects.append(f"{kind}, {fault.instrument}: {fault.detail}")
    kinds_of = Counter(str(job.exhibit.kind) for job in wanted.values())
    by_kind = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds_of.items()))
    text = "\n".join(
        [
            f"{len(wanted)} kinds of bad input ({by_kind}), "
            f"{sum(results.values())} runs of instruments in {took:.0f} s; 2 shared cores, {given.workers} workers.",
            "",
            "| result | runs |",
            "|---|---|",
            *(f"| {result} | {count} |" for result, count in results.most_common()),
            "",
            f"Unaccounted for: {len(unaccounted(wanted.values(), outcomes))}. The run itself: no crash, no hang.",
            "",
            "Instruments that had to be ended:",
            *(f"- {line}" for line in ended or ["none"]),
            "",
            "Our own mistakes:",
            *(f"- {line}" for line in defects or ["none"]),
            "",
            f"Runs of over {SLOW_SECONDS:.0f} seconds:",
            *(f"- {line}" for line in slow or ["none"]),
        ]
    )
    print(text)
    if given.out:
        given.out.write_text("# Bad input\n\n" + text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
