"""What a page of the desk costs its server at 1,000 and at 20,000 exhibits: processor time and time until the answer.

Run: OMP_NUM_THREADS=1 python -m benchmarks.desk [COUNT …]

The cases are made of records alone (a page of lists, exhibits, pairs and recordings opens no media): 70 readings, a
thumbnail, fingerprints and three findings each, a link of tier review to the next one, recordings of four copies.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from verifier.canonical import digest
from verifier.evidence.vault import Vault
from verifier.instruments import Outcome
from verifier.records import (
    Acquisition,
    Derivative,
    Exhibit,
    Finding,
    FindingOutcome,
    Fingerprint,
    Group,
    Kind,
    Match,
    Medium,
    Moment,
    Question,
    Reading,
    Relation,
    Run,
    Tier,
    Zone,
)
from verifier.store import Store

AT = "2026-01-09T08:30:00.000Z"
READINGS, A_RECORDING, ROUNDS, A_COMMIT = 70, 4, 20, 500
GOALS = {1_000: 60, 20_000: 120}  # milliseconds of the server's processor time a page
TICKS = os.sysconf("SC_CLK_TCK")


def exhibit(number: int) -> Exhibit:
    content = str(number).encode()
    return Exhibit(
        id=hashlib.sha256(content).hexdigest(), sha512=hashlib.sha512(content).hexdigest(), size=2_000_000 + number,
        kind=Kind.PHOTO, media_type="image/jpeg",
    )  # fmt: skip


def outcome(number: int, thumbnail: Derivative) -> Outcome:
    key = exhibit(number).id
    moment = Moment(
        text="2026:01:08 17:02:03", wall=f"2026-01-08T17:{number % 60:02d}:03", zone=Zone.OFFSET, offset_minutes=210
    )
    records = {
        "exif": (
            Reading(key="exif:DateTimeOriginal", value=moment, location="Exif 0x9003"),
            *(Reading(key=f"exif:Tag{item}", value=f"value {item}", location="IFD0") for item in range(READINGS)),
        ),
        "thumbnail": (thumbnail,),
        "pdq": (Fingerprint(algorithm="pdq", bits=hashlib.sha256(key.encode()).digest(), quality=90),),
    }
    runs = tuple(
        Run(exhibit=key, instrument=name, version=1, origin="made", parameters_digest="0" * 64, elapsed_seconds=0.1,
            result="done")
        for name in (*records, *(f"other-{item}" for item in range(12)))
    )  # fmt: skip
    return Outcome(exhibit=key, runs=runs, records=records)


def links(count: int) -> Iterator[Match]:
    for number in range(count - 1):
        left, right = sorted((exhibit(number).id, exhibit(number + 1).id))
        is_copy = (number + 1) % A_RECORDING != 0
        yield Match(
            left=left, right=right, relation=Relation.SAME_PICTURE if is_copy else Relation.SAME_SCENE,
            medium=Medium.IMAGE, method="made/1", score=0.9, tier=Tier.CERTAIN if is_copy else Tier.REVIEW,
            because={"inliers": 40, "distance": 12},
        )  # fmt: skip


def findings(number: int) -> list[Finding]:
    outcomes = (FindingOutcome.NOTES, FindingOutcome.SUPPORTS, FindingOutcome.CONTRADICTS)
    chosen = outcomes if number % 50 == 0 else outcomes[:2]
    return [
        Finding(exhibit=exhibit(number).id, question=Question.TIME, outcome=one, code="clock.offset_differs",
                statement="The clock was an hour off.", because=("exif:DateTimeOriginal",), values={"hours": 1.0})
        for one in chosen
    ]  # fmt: skip


def make(case: Path, count: int) -> None:
    """A case of so many exhibits."""
    Store.create(case, title="Benchmark", at=AT, tool_version="0")
    content = b"\xff\xd8\xff" + b"\0" * 3000
    thumbnail = Derivative(
        id=hashlib.sha256(content).hexdigest(), recipe="thumbnail/1", media_type="image/jpeg", content=content
    )
    Vault(case).keep_derivatives([thumbnail])
    with Store.open(case, writing=True) as store:
        for first in range(0, count, A_COMMIT):
            numbers = range(first, min(count, first + A_COMMIT))
            taken = [
                (exhibit(n), Acquisition(exhibit=exhibit(n).id, path=b"/phone/%d.jpg" % n, name=b"IMG_%d.jpg" % n,
                                         size=exhibit(n).size, modified_ns=n, device=1, inode=n, acquired_at=AT))
                for n in numbers
            ]  # fmt: skip
            store.take_in(taken, [], batch=None, actor="made", at=AT)
            store.record([outcome(n, thumbnail) for n in numbers], actor="made", at=AT)
        groups = []
        for first in range(0, count, A_RECORDING):
            members = tuple(sorted(exhibit(n).id for n in range(first, min(count, first + A_RECORDING))))
            if len(members) > 1:
                groups.append(
                    Group(id=digest(members)[:16], members=members, best=members[0], earliest=None, reason="made")
                )
        store.compared(tuple(links(count)), groups, actor="made", at=AT, detail={})
        judged = {exhibit(n).id: findings(n) for n in range(count)}
        store.judged(judged, actor="made", at=AT, detail={})


class Asked:
    """A desk in a process of its own, and what it costs."""

    def __init__(self, case: Path) -> None:
        command = [sys.executable, "-m", "verifier", "desk", "--case", str(case), "--no-open", "--operator", "made"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        address = urlsplit(self.process.stdout.readline().strip())
        self.line = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=3600)
        self.cookie = ""
        self.get(f"/?{address.query}")

    def get(self, path: str, body: bytes | None = None) -> tuple[int, dict[str, str], str]:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request("GET" if body is None else "POST", path, body, headers)
        answer = self.line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        known = {name.lower(): value for name, value in answer.getheaders()}
        if "set-cookie" in known:
            self.cookie = known["set-cookie"].split(";")[0]
        return answer.status, known, text

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def measure(asked: Asked, paths: list[str]) -> tuple[float, float]:
    """Milliseconds of processor time and until the answer, a page."""
    for path in paths:
        status, _, text = asked.get(path)
        assert status == 200, (path, status, text[-500:])
    processor, wall = asked.processor_seconds(), time.monotonic()
    for number in range(ROUNDS):
        asked.get(paths[number % len(paths)])
    return ((asked.processor_seconds() - processor) / ROUNDS * 1e3, (time.monotonic() - wall) / ROUNDS * 1e3)


def main(counts: list[int]) -> None:
    for count in counts:
        print("| exhibits | page | CPU ms | goal | ms until the answer |\n|---|---|---|---|---|")
        with tempfile.TemporaryDirectory() as folder:
            case = Path(folder) / "case"
            make(case, count)
            began = time.monotonic()
            asked = Asked(case)
            try:
                first = time.monotonic() - began
                while 'http-equiv="refresh"' in (text := asked.get("/")[2]):
                    time.sleep(0.2)
                whole = time.monotonic() - began
                for path in ("/timeline", "/incidents"):
                    while 'http-equiv="refresh"' in (later := asked.get(path)[2]) or "is being counted" in later:
                        time.sleep(0.2)
                form = re.findall(r'name="form" value="([^"]+)"', text)[0]
                recordings = list(dict.fromkeys(re.findall(r'"(/recording/[0-9a-f]+)"', text)))
                some = [exhibit(number).id for number in range(0, count, max(1, count // 10))]
                pairs = [sorted((exhibit(n).id, exhibit(n + 1).id)) for n in range(3, count - 1, max(1, count // 10))]
                goal = GOALS.get(count, 0)
                for name, paths in (
                    ("start", ["/"]),
                    ("exhibits", [f"/exhibits?{urlencode({'after': key})}" for key in sorted(some)[:-1]]),
                    ("exhibit", [f"/exhibit/{key}" for key in some]),
                    ("pair", [f"/pair/{left}/{right}" for left, right in pairs]),
                    ("recording", recordings),
                    ("conclude", [f"/exhibit/{key}/conclude" for key in some]),
                    ("timeline", ["/timeline", "/timeline?after=24"]),
                    ("map", ["/map", "/map?at=35.7,51.4,1"]),
                    ("incidents", ["/incidents"]),
                    ("list of pairs", ["/list/pairs", f"/list/pairs?from={count // 10}"]),
                ):
                    processor, wall = measure(asked, paths)
                    print(f"| {count:,} | {name} | {processor:.0f} | {goal} | {wall:.0f} |", flush=True)
                wall = time.monotonic()
                processor = asked.processor_seconds()
                for left, right in pairs[:10]:
                    body = urlencode({"form": form, "decision": "same", "seen": "0"}).encode()
                    status, _, text = asked.get(f"/pair/{left}/{right}/verdict", body)
                    assert status == 303, text
                spent = (asked.processor_seconds() - processor) / len(pairs[:10]) * 1e3
                wall = (time.monotonic() - wall) / len(pairs[:10]) * 1e3
                print(f"| {count:,} | a verdict filed | {spent:.0f} | – | {wall:.0f} |")
                print(f"\n{count:,} exhibits: address after {first:.1f} s, all laid out after {whole:.1f} s.\n")
            finally:
                asked.process.kill()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(GOALS))
