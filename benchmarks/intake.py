"""Taking in: how fast, how much memory, and what a kill leaves.

    python -m benchmarks.intake files [--files 100000]     take in only: files a second, memory, where the time goes
    python -m benchmarks.intake whole [--files 100000]     the whole `verify ingest`: files a second, parent's memory
    python -m benchmarks.intake kills [--kills 50] [--files 4000]   kill -9 at random; nothing lost or twice

Each prints a Markdown table. A tenth of the files are tiny photos, a fifth have the bytes of an earlier one.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from PIL import Image

from verifier.evidence.acquire import Acquirer
from verifier.evidence.vault import Vault
from verifier.evidence.walk import Found, walk
from verifier.store import Store

VERIFY = [sys.executable, "-m", "verifier"]


def plant(folder: Path, count: int) -> Counter[str]:
    """Small files in folders of 500; digests with how often each occurs."""
    chance = random.Random(7)
    digests: Counter[str] = Counter()
    kept: list[bytes] = []
    for number in range(count):
        if kept and number % 5 == 4:
            content = chance.choice(kept)
        elif number % 10 == 0:
            content = photo(number)
        else:
            content = b"%d\n" % number + chance.randbytes(chance.choice([100, 700, 3000]))
        if len(kept) < 200:
            kept.append(content)
        place = folder / f"{number // 500:04d}"
        if number % 500 == 0:
            place.mkdir(parents=True)
        (place / f"{number:06d}.{'jpg' if number % 10 == 0 else 'bin'}").write_bytes(content)
        digests[hashlib.sha256(content).hexdigest()] += 1
    return digests


def photo(number: int) -> bytes:
    """A JPEG of 64 × 48, another one for each number."""
    chance = random.Random(number)
    picture = Image.new("RGB", (8, 6))
    picture.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(48)])
    stream = io.BytesIO()
    picture.resize((64, 48), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def resident_mb(process: int | str = "self") -> float:
    """Resident memory of a process, MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


# ---------------------------------------------------------------- taking in alone


def files(work: Path, count: int) -> None:
    digests = plant(work / "evidence", count)
    vault = Vault(work / "case")
    vault.root.mkdir()
    spent: Counter[str] = Counter()
    at_ten_thousand = 0.0
    taken = 0
    started, cpu = time.perf_counter(), time.process_time()
    entries = [entry for entry in walk([os.fsencode(work / "evidence")]) if isinstance(entry, Found)]
    spent["walk"] = time.perf_counter() - started
    settle = vault.settle

    def timed(pending):  # type: ignore[no-untyped-def]
        begun = time.perf_counter()
        settle(pending)
        spent["make durable and rename"] += time.perf_counter() - begun

    vault.settle = timed  # type: ignore[method-assign]
    for batch in Acquirer(vault).acquire(entries, at=lambda: "2026-01-01T00:00:00Z"):
        taken += len(batch.taken)
        if at_ten_thousand == 0.0 and taken >= min(10_000, count):
            at_ten_thousand = resident_mb()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    at_end = resident_mb()
    spent["open, read, digest, write"] = seconds - sum(spent.values())
    assert taken == count
    assert not any(vault.audit(digests))
    print(f"\n{count:,} files, {len(digests):,} different, taken in only\n")
    print("| what | value |\n|---|---|")
    print(f"| files a second (wall) | {count / seconds:,.0f} |")
    print(f"| CPU a file | {cpu / count * 1000:.2f} ms |")
    for what, share in spent.most_common():
        print(f"| of the wall time: {what} | {share / seconds:.0%} |")
    print(f"| memory after 10,000 / at the end | {at_ten_thousand:.0f} MB / {at_end:.0f} MB |")


# ---------------------------------------------------------------- the whole command


def whole(work: Path, count: int, more: list[str]) -> None:
    plant(work / "evidence", count)
    case = work / "case"
    given = ["--case", str(case), "--quiet", "--operator", "bench", *more]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen([*VERIFY, "ingest", str(work / "evidence"), *given], stdout=subprocess.DEVNULL)
    memory: list[tuple[float, float]] = []
    own = 0.0
    while process.poll() is None:
        memory.append((time.perf_counter() - started, resident_mb(process.pid)))
        own = cpu_seconds(process.pid) or own
        time.sleep(0.5)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert process.returncode in (0, 1), process.returncode
    print(f"\n{count:,} files, the whole command {' '.join(more)}\n")
    print("| what | value |\n|---|---|")
    print(f"| files a second (wall) | {count / seconds:,.0f} |")
    print(f"| CPU a file, all processes | {cpu / count * 1000:.2f} ms |")
    print(f"| of that the parent's | {own / count * 1000:.2f} ms |")
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        when, size = memory[int(len(memory) * share)]
        print(f"| parent's memory after {when:,.0f} s | {size:.0f} MB |")
    print(f"| most of the parent's memory | {max(size for _, size in memory):.0f} MB |")
    stages(case)


def stages(case: Path) -> None:
    """Where the wall time went, by the clock of the custody log."""
    with Store.open(case, writing=False) as store:
        log = [(event.action, datetime.fromisoformat(event.at)) for event in store.custody()]
    spent: Counter[str] = Counter()
    for (_, begun), (action, ended) in itertools.pairwise(log):
        spent[action] += (ended - begun).total_seconds()
    for action, seconds in spent.most_common():
        print(f"| wall: {action} | {seconds:,.1f} s |")


def cpu_seconds(process: int) -> float:
    """Processor time of one process alone; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- killed


def kills(work: Path, count: int, wanted: int) -> None:
    digests = plant(work / "evidence", count)
    case = work / "case"
    chance = random.Random(3)
    ingest = [*VERIFY, "ingest", str(work / "evidence"), "--case", str(case), "--quiet", "--operator", "bench"]
    killed = audits = 0
    started = time.perf_counter()
    while True:
        process = subprocess.Popen(ingest, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        try:
            process.wait(chance.uniform(0.4, 5.0) if killed < wanted else None)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        assert process.stderr is not None
        complaint = process.stderr.read().decode()
        if process.wait() in (0, 1):
            break
        assert process.returncode == -signal.SIGKILL, complaint
        if (case / "case.db").exists():
            audit = subprocess.run([*VERIFY, "audit", "--case", str(case)], capture_output=True, check=False)
            assert audit.returncode == 0, audit.stdout.decode() + audit.stderr.decode()
            audits += 1
    prove(work, case, digests, count)
    print(f"\nkill -9 of `verify ingest` and its workers at random moments, {count:,} files\n")
    print("| what | value |\n|---|---|")
    print(f"| kills | {killed} |\n| audits passed right after a kill | {audits} |")
    print(f"| files, different ones | {count:,}, {len(digests):,} |\n| lost, twice, half | 0, 0, 0 |")
    print(f"| seconds | {time.perf_counter() - started:,.0f} |")


def prove(work: Path, case: Path, digests: Counter[str], count: int) -> None:
    """Everything is there once: each path one acquisition, each digest one exhibit and one object, each run one."""
    subprocess.run([*VERIFY, "audit", "--case", str(case)], check=True, capture_output=True)
    out = work / "report"
    command = [*VERIFY, "report", "--case", str(case), "--out", str(out), "--format", "json"]
    subprocess.run(command, check=True, capture_output=True)
    report = json.loads((out / "report.json").read_text())
    exhibits = {exhibit["id"]: exhibit for exhibit in report["exhibits"]}
    assert len(exhibits) == len(report["exhibits"])
    assert set(exhibits) == set(digests)
    paths = Counter(acquisition["path"] for exhibit in exhibits.values() for acquisition in exhibit["acquisitions"])
    assert len(paths) == count and set(paths.values()) == {1}, (len(paths), paths.most_common(3))
    for name, times in digests.items():
        assert len(exhibits[name]["acquisitions"]) == times
        runs = Counter((run["instrument"], run["version"]) for run in exhibits[name]["runs"])
        assert not runs or max(runs.values()) == 1, (name, runs)
    objects = {path.name for path in (case / "objects").rglob("*") if path.is_file()}
    assert objects == set(digests)
    assert not any((case / "tmp").iterdir())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["files", "whole", "kills"])
    parser.add_argument("--files", type=int)
    parser.add_argument("--option", action="append", default=[], help="of `whole`: an option for the command")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    options = parser.parse_args()
    few = 10 if options.quick else 1
    work = Path(tempfile.mkdtemp(prefix="intake-"))
    try:
        if options.what == "files":
            files(work, options.files or 100_000 // few)
        elif options.what == "whole":
            whole(work, options.files or 100_000 // few, options.option)
        else:
            kills(work, options.files or 4_000 // few, options.kills // few)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
