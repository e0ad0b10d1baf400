"""False accusations: every check over 1,000 truthful synthetic cases; and, so that silence is no merit, planted lies.

A "contradicts" against a claim is false here by construction. One against a device's own clock (codes `clock.*`) is
true where that device's clock was set wrong, and false elsewhere.

A "supports" is untrue where what it rests on is a value with a known problem, or the country's offset for a city.

Run: OMP_NUM_THREADS=1 python -m benchmarks.accusations [cases] [number of the first]
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from benchmarks.truthful import RATES, truthful_case
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.executors.registry import load
from verifier.findings.claims import claims_of
from verifier.findings.judge import judge, prepare
from verifier.findings.place.distance import is_fresh
from verifier.findings.place.fixes import fixes_of
from verifier.findings.time.existence import bounds_of_existence
from verifier.findings.time.testimony import clocks_of
from verifier.findings.usable import reason_against
from verifier.geo.timezone import zones_at
from verifier.records import Finding, FindingOutcome, Moment, Scalar

CASES = 1_000
FAR = ("مشهد", "تبریز", "شیراز", "زاهدان", "رشت", "اهواز")


def is_true(finding: Finding, case: CaseDossier) -> bool:
    """Whether a contradiction is true in a truthful case: only that a clock which was set wrong is wrong."""
    return finding.code.startswith("clock.") and f"truth.wrong_clock.{finding.exhibit}" in case.settings


def is_untrue_support(finding: Finding, case: CaseDossier) -> bool:
    """Whether it supports by a value that stands there and must not be used, or by what holds for a whole country."""
    if finding.outcome is not FindingOutcome.SUPPORTS:
        return False
    if finding.code == "place.offset_fits_claim":
        return True
    dossier = case.exhibits[finding.exhibit]
    unusable = {
        said.reading.key
        for said in dossier.readings
        if isinstance(said.reading.value, Moment) and reason_against(said.reading.value) is not None
    }
    return any(reason.split(" ")[0].rstrip(":") in unusable for reason in finding.because)


def is_against_claim(finding: Finding) -> bool:
    """A contradiction of a claim, not of a device's own clock."""
    return finding.outcome is FindingOutcome.CONTRADICTS and not finding.code.startswith("clock.")


def lying(case: CaseDossier, number: int) -> CaseDossier:
    """The same case in which every claim names a far city and a time 45 days too late."""
    words = FAR[number % len(FAR)]
    exhibits = {}
    for key, dossier in case.exhibits.items():
        claims = []
        for claim, read in zip(sorted(dossier.claims, key=lambda c: c.id), claims_of(dossier, case), strict=True):
            late = (read.interval.earliest if read.interval else None) or datetime.fromisoformat(case.created_at)
            day = (late + timedelta(days=46)).date()
            claims.append(replace(claim, place=words, time=f"{day:%Y-%m-%d}"))
        exhibits[key] = replace(dossier, claims=tuple(claims))
    return replace(case, exhibits=exhibits)


def could_be_caught(dossier: ExhibitDossier, case: CaseDossier) -> tuple[bool, bool]:
    """Whether a fresh position, and a firm bound of another's clock within 40 days, stand against the lie."""
    fixes = [fix for fix in fixes_of(dossier) if fix.is_own]
    fresh = bool(fixes) and is_fresh(clocks_of(dossier, zones_at(fixes[0].position)))
    posted = [b for b in bounds_of_existence(dossier, case) if b.is_firm and b.basis != "acquisition"]
    return fresh, bool(posted)


def _print_supports(untrue: list[tuple[int, str, Scalar]]) -> None:
    print(f"Supports by a value that must not be used: **{len(untrue)}**.\n")
    for number, code, basis in untrue[:20]:
        print(f"- case {number}: {code} ({basis})")


def main(cases: int, begin: int) -> None:  # noqa: C901 - one loop and its tables
    checks = load().checks
    codes: Counter[tuple[str, str]] = Counter()
    exhibits, true, false = 0, 0, []
    unsupported: list[tuple[int, str, Scalar]] = []
    chances, caught = Counter[str](), Counter[str]()
    for number in range(begin, begin + cases):
        case = prepare(truthful_case(number))
        for findings in judge(case, checks).values():
            exhibits += 1
            for finding in findings:
                codes[(finding.code, finding.outcome.value)] += 1
                if is_untrue_support(finding, case):
                    unsupported.append((number, finding.code, finding.values.get("basis")))
                if finding.outcome is FindingOutcome.CONTRADICTS:
                    if is_true(finding, case):
                        true += 1
                    else:
                        false.append((number, finding.code, finding.statement))
        lie = lying(case, number)
        for key, findings in judge(lie, checks).items():
            if not lie.exhibits[key].claims:
                continue
            found = {finding.question.value for finding in findings if is_against_claim(finding)}
            for name, possible, question in zip(
                ("place, fresh position", "time, dated by a sidecar or a copy's"),
                could_be_caught(lie.exhibits[key], lie),
                ("place", "time"),
                strict=True,
            ):
                chances[name] += possible
                caught[name] += possible and question in found
    print(f"{cases:,} truthful cases, {exhibits:,} exhibits; checks: {', '.join(sorted(checks))}.\n")
    print(f"False contradictions: **{len(false)}**. (True ones, of clocks that were set wrong: {true}.)\n")
    _print_supports(unsupported)
    for number, code, statement in false[:20]:
        print(f"- case {number}: {code}: {statement}")
    print("The same cases with every claim moved to a far city and 46 days later:\n")
    print("| lie about | exhibits with such evidence | contradicted |\n|---|---|---|")
    for name in chances:
        print(f"| {name} | {chances[name]:,} | {caught[name] / chances[name]:.1%} |")
    print("\nFindings on the truthful cases:\n\n| code | outcome | findings |\n|---|---|---|")
    for (code, outcome), count in sorted(codes.items()):
        print(f"| {code} | {outcome} | {count:,} |")
    print("\nRates: " + "; ".join(f"{name} {rate:.1%}" for name, rate in RATES.items()) + ".")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
