"""Two cases of many exhibits made one, in either order, one of them killed again and again: is it the same case?

    python -m benchmarks.merging [--exhibits 2000] [--common 500] [--kills 20] [--out FILE.json]

Each case has as many exhibits as said, of which some are in both; each exhibit has a claim, every tenth a stage and an
observation, every twentieth pair a verdict. The import that is killed is a process of its own, ended with SIGKILL after
a random time.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.store.made import AT
from tests.workflow.handing.made import at, package, state
from verifier.evidence.acquire import Acquirer
from verifier.evidence.vault import Vault
from verifier.records import Claim, Member, Observation, Standing, Verdict
from verifier.store import Store
from verifier.workflow.handing.bring_in import bring_in
from verifier.workflow.integrity.audit import audit
from verifier.workflow.progress import silent

A_TIME = 250


def made(case: Path, numbers: range, who: str) -> None:
    """A case of these numbered exhibits."""
    Store.create(case, title=who, at=AT, tool_version="1")
    vault = Vault(case)
    vault.furnish()
    with Store.open(case, writing=True) as store:
        ids = []
        for start in range(0, len(numbers), A_TIME):
            some = numbers[start : start + A_TIME]
            members = [
                ("", Member(path=b"/%s/%d.jpg" % (who.encode(), n), content=b"exhibit %d " % n * 200)) for n in some
            ]
            taken = Acquirer(vault).acquire_members(members, at=at(1))
            store.take_in(taken, [], batch=None, actor=who, at=at(1))
            ids += [exhibit.id for exhibit, _ in taken]
        said: list[Claim | Standing | Observation | Verdict] = []
        for number, one in zip(numbers, ids, strict=True):
            said.append(
                Claim(id=f"{who}-{number}", exhibit=one, batch=None, by=who, description=f"said {number}", at=at(2))
            )
            if number % 10 == 0:
                said.append(
                    Standing(id=f"s-{who}-{number}", exhibit=one, stage="triaged", reason=None, by=who, at=at(3))
                )
                said.append(Observation(id=f"o-{number}", exhibit=one, what="smoke", by=who, at=at(4), note=who))
            if number % 20 == 0 and number + 1 in numbers:
                left, right = sorted((one, ids[number + 1 - numbers[0]]))
                said.append(Verdict(left=left, right=right, decision="same", note="", by=who, at=at(5)))
        for word in said:
            store.say([word], actor=who, at=at(6), action="say")


def killed(case: Path, folder: Path, kills: int, chance: random.Random) -> tuple[int, int]:
    """Import in a process that is killed so often before it may end: how often it was, and how often it ended early."""
    done = early = 0
    command = [sys.executable, "-m", "verifier", "import", str(folder), "--case", str(case), "--no-examine", "--quiet"]
    longest = 4.0
    while done < kills:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(chance.uniform(0.5, longest))
            early += 1
            if early > 3:
                break
            longest = max(1.0, longest * 0.7)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            done += 1
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return done, early


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--exhibits", type=int, default=2000)
    parser.add_argument("--common", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    told: dict[str, object] = {"exhibits": given.exhibits, "common": given.common}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        made(work / "a", range(given.exhibits), "a")
        made(work / "b", range(given.exhibits - given.common, 2 * given.exhibits - given.common), "b")
        for one in "ab":
            begun = time.process_time()
            package(work / one, work / f"p{one}")
            told[f"export of {one}, CPU s"] = round(time.process_time() - begun, 1)
        before = [state(work / "a"), state(work / "b")]
        shutil.copytree(work / "a", work / "killed")
        begun = time.process_time()
        for case, other in (("a", "pb"), ("b", "pa")):
            with Store.open(work / case, writing=True) as store:
                bring_in(store, Vault(work / case), work / other, actor="x", clock=lambda: at(50), progress=silent)
        told["two imports, CPU s"] = round(time.process_time() - begun, 1)
        told["killed"], told["ended before it was killed"] = killed(
            work / "killed", work / "pb", given.kills, random.Random(given.seed)
        )
        merged = [state(work / case) for case in ("a", "b", "killed")]
        told["either order the same"] = merged[0] == merged[1]
        told["killed and run again the same"] = merged[0] == merged[2]
        told["exhibits of the merged case"] = len(merged[0]["exhibits"])
        sets = [key for key, value in merged[0].items() if isinstance(value, set)]
        told["filings lost"] = sum(len((before[0][key] | before[1][key]) - merged[0][key]) for key in sets)
        begun = time.process_time()
        broken = 0
        for case in ("a", "b", "killed"):
            with Store.open(work / case, writing=False) as store:
                broken += len(audit(store, Vault(work / case), silent).problems)
        told["problems of three audits"] = broken
        told["three audits, CPU s"] = round(time.process_time() - begun, 1)
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    if given.out is not None:
        given.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    good = told["either order the same"] and told["killed and run again the same"]
    return 0 if good and not told["filings lost"] and not broken else 1


if __name__ == "__main__":
    raise SystemExit(main())
