"""How fast stored exhibits are judged: exhibits a CPU second on one core, with every check of the house.

Run: OMP_NUM_THREADS=1 python -m benchmarks.judge
"""

from __future__ import annotations

import time
from dataclasses import replace

from benchmarks.truthful import truthful_case
from verifier.dossier import CaseDossier, Said
from verifier.executors.registry import load
from verifier.findings.judge import judge, prepare
from verifier.records import Claim, Reading

CASES, MORE_READINGS = 500, 60
GOAL = 500


def large_case() -> CaseDossier:
    """The exhibits of many truthful cases as one, each with a batch claim and as many readings as a phone photo."""
    exhibits, matches = {}, []
    batch = Claim(id="batch", exhibit=None, batch="b", by="batch", place="تهران، پونک", time="عصر ۱۸ دی ۱۴۰۴", at=None)
    for number in range(CASES):
        case = truthful_case(number)
        matches += case.matches
        for key, dossier in case.exhibits.items():
            more = tuple(
                Said(
                    reading=Reading(key=f"exif:Tag{item}", value=str(item), location="IFD0"),
                    instrument="exif", exhibit=key,
                )
                for item in range(MORE_READINGS)
            )  # fmt: skip
            light = tuple(
                Said(reading=Reading(key=name, value=value, location="picture"), instrument="brightness", exhibit=key)
                for name, value in (
                    ("picture:median_luma", 90.0), ("picture:top_third_median_luma", 180.0),
                    ("picture:top_third_spread", 40.0),
                )
            )  # fmt: skip
            exhibits[key] = replace(dossier, readings=dossier.readings + more + light, claims=(*dossier.claims, batch))
    return replace(truthful_case(0), exhibits=exhibits, matches=tuple(matches), created_at="2026-02-01T00:00:00Z")


def main() -> None:
    case = large_case()
    checks = load().checks
    judge(replace(case, exhibits=dict(list(case.exhibits.items())[:1])), checks)  # loads the gazetteer and the zones
    begin = time.process_time()
    prepared = prepare(case)
    facts_seconds = time.process_time() - begin
    count = len(case.exhibits)
    print(f"{count:,} exhibits with {MORE_READINGS} to {MORE_READINGS + 15} readings and two claims each.\n")
    print("| part | CPU ms an exhibit |\n|---|---|")
    print(f"| facts from readings | {facts_seconds * 1000 / count:.3f} |")
    for name, check in sorted(checks.items()):
        begin = time.process_time()
        judge(prepared, {name: check})
        print(f"| check {name} | {(time.process_time() - begin) * 1000 / count:.3f} |")
    begin = time.process_time()
    findings = judge(case, checks)
    seconds = time.process_time() - begin
    print(f"\n{sum(map(len, findings.values())):,} findings in {seconds:.2f} CPU s, facts included: "
          f"**{count / seconds:,.0f} exhibits a second** on one core (goal {GOAL}).")  # fmt: skip


if __name__ == "__main__":
    main()
