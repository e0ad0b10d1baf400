"""What the store costs: taking in, recording, asking what is pending, the dossier and the audit of a large case.

    python benchmarks/store.py [exhibits]        # default 100000, a tenth of them photos; scratch in a temporary folder

Prints a Markdown table. Memory is the resident set of this process alone; CPU seconds are its own.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from verifier.instruments import Outcome
from verifier.records import Acquisition, Exhibit, Fingerprint, Kind, Reading, Record, Run
from verifier.store import Store

AT = "2026-01-02T03:04:05.678Z"
PARAMETERS = hashlib.sha256(b"{}").hexdigest()
TAKEN_A_TIME, OUTCOMES_A_COMMIT = 512, 64


def exhibit(number: int) -> Exhibit:
    content = str(number).encode()
    photo = number % 10 == 0
    return Exhibit(
        id=hashlib.sha256(content).hexdigest(),
        sha512=hashlib.sha512(content).hexdigest(),
        size=len(content),
        kind=Kind.PHOTO if photo else Kind.OTHER,
        media_type="image/jpeg" if photo else "application/octet-stream",
    )


def acquisition(item: Exhibit, number: int) -> Acquisition:
    name = b"IMG_%07d.jpg" % number
    return Acquisition(
        exhibit=item.id,
        path=b"/evidence/disk/folder %d/" % (number // 1000) + name,
        name=name,
        size=item.size,
        modified_ns=1_700_000_000_000_000_000 + number,
        device=66,
        inode=number,
        acquired_at=AT,
        batch="batch-1",
        operator="Oak",
    )


def instruments(item: Exhibit) -> list[tuple[str, int]]:
    return [
        (name, 1) for name in (("digests", "exif", "pdq", "phash", "xmp") if item.kind is Kind.PHOTO else ("digests",))
    ]


def outcome(item: Exhibit, names: tuple[str, ...]) -> Outcome:
    records: dict[str, tuple[Record, ...]] = dict.fromkeys(names, ())
    if item.kind is Kind.PHOTO:
        records["exif"] = tuple(
            Reading(key=f"exif:Tag{at}", value=f"value {at}", location=f"IFD0 {at:#06x}") for at in range(20)
        )
        bits = hashlib.sha256(item.id.encode()).digest()
        records["pdq"] = (Fingerprint(algorithm="pdq", bits=bits, quality=90),)
        records["phash"] = (Fingerprint(algorithm="phash", bits=bits[:8], quality=90),)
    runs = tuple(
        Run(
            exhibit=item.id,
            instrument=name,
            version=1,
            origin="built-in 0.1.0",
            parameters_digest=PARAMETERS,
            elapsed_seconds=0.001,
            result="done",
        )
        for name in names
    )
    return Outcome(exhibit=item.id, runs=runs, records=records)


def resident_mebibytes() -> float:
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


class Stage:
    """One measured stage: seconds on the wall and of the processor, and memory after it."""

    def __init__(self, name: str, count: int) -> None:
        self.name, self.count = name, count

    def __enter__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *error: object) -> None:
        wall, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        rate, memory = self.count / cpu, resident_mebibytes()
        print(f"| {self.name} | {self.count:,} | {wall:.1f} | {cpu:.1f} | {rate:,.0f} | {memory:.0f} |", flush=True)


def take_in(store: Store, first: int, last: int) -> None:
    for start in range(first, last, TAKEN_A_TIME):
        some = [
            (item := exhibit(number), acquisition(item, number))
            for number in range(start, min(last, start + TAKEN_A_TIME))
        ]
        paths = [(one.path, one.size, one.modified_ns or 0) for _, one in some]
        assert not store.known(paths, preserved=True)
        store.take_in(some, [], batch=None, actor="Oak", at=AT)


def examine(store: Store) -> int:
    waiting: list[Outcome] = []
    done = 0
    for item, names in pending(store):
        waiting.append(outcome(item, names))
        done += 1
        if len(waiting) == OUTCOMES_A_COMMIT:
            store.record(waiting, actor="Oak", at=AT)
            waiting = []
    store.record(waiting, actor="Oak", at=AT)
    return done


def pending(store: Store) -> Iterator[tuple[Exhibit, tuple[str, ...]]]:
    return store.pending(instruments, parameters_digest=PARAMETERS, retry_faults=False)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print("| stage | exhibits | wall s | CPU s | exhibits per CPU s | resident MiB after |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case"
        Store.create(case, title="Benchmark", at=AT, tool_version="0")
        first = max(1, count // 10)
        with Store.open(case, writing=True) as store:
            for name, begin, end in (("first tenth", 0, first), ("the rest", first, count)):
                with Stage(f"take in, {name}", end - begin):
                    take_in(store, begin, end)
                with Stage(f"record, {name}", end - begin):
                    assert examine(store) == end - begin
            with Stage("pending, nothing left", count):
                assert not list(pending(store))
            with Stage("fingerprints of one kind", first):
                assert sum(1 for _ in store.fingerprints("pdq")) == first
        with Stage("open to write (follows the whole log)", count), Store.open(case, writing=True) as store:
            events = store.custody_size()
        with Store.open(case, writing=False) as store:
            with Stage("audit of every cell", count):
                assert not list(store.audit())
            with Stage("dossier of one exhibit", 1):
                store.exhibit_dossier(exhibit(0).id)
            with Stage("dossier of the case", count):
                dossier = store.dossier()
                assert len(dossier.exhibits) == count
        size = (case / "case.db").stat().st_size
    print(f"\n{events:,} custody events; the database has {size / 1e6:.0f} MB, {size / count:.0f} bytes an exhibit.")
    print(
        f"Largest resident set: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (the case dossier)."
    )


if __name__ == "__main__":
    main()
