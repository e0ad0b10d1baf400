"""One exhibit on one screen: 80 columns, five lines of findings at most, the gravest first, whatever stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.sample_case import case
from verifier.commands.first_screen import BAR_CELLS, FINDING_LINES, Span, _bar, first_screen
from verifier.dossier import CaseDossier
from verifier.records import Acquisition, Claim, Finding, FindingOutcome, Question

KNOWN = case(4)
KEY = sorted(KNOWN.exhibits)[0]
TITLE = "Findings (an instrument's sentence; you conclude)"


def screen(findings: tuple[Finding, ...] = (), *, claims: tuple[Claim, ...] = (), name: str = "a.jpg") -> list[str]:
    dossier = KNOWN.exhibits[KEY]
    taken = Acquisition(
        exhibit=KEY, path=name.encode(), name=name.encode(), size=1, modified_ns=None, device=None, inode=None,
        acquired_at="2026-01-10T00:00:00Z",
    )  # fmt: skip
    changed = replace(dossier, findings=findings, claims=claims, acquisitions=(taken,))
    whole: CaseDossier = replace(KNOWN, exhibits={**KNOWN.exhibits, KEY: changed})
    return first_screen(changed, whole, "its own; no other exhibit was joined with it", lambda key: key[:6])


def found(code: str, outcome: FindingOutcome, **values: object) -> Finding:
    return Finding(
        exhibit=KEY, question=Question.TIME, outcome=outcome, code=code, statement=f"Something of {code} is so. " * 4,
        values=values,
    )  # fmt: skip


def of_findings(lines: list[str]) -> list[str]:
    """The lines of findings alone."""
    begin = lines.index(TITLE) + 1
    end = next(at for at in range(begin, len(lines)) if not lines[at].startswith("  "))
    return [line for line in lines[begin:end] if line[2] in "✗?✓·" or line.startswith("    ")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["own.rule", "other.rule", "time.existed_before_claim", "clock.future", "lineage.edited"]),
            st.sampled_from(list(FindingOutcome)),
        ),
        max_size=20,
    ),
    st.text(min_size=1, max_size=200),
)
def test_it_is_one_screen_of_80_columns(codes: list[tuple[str, FindingOutcome]], name: str) -> None:
    findings = tuple(
        replace(found(code, outcome), statement=f"{number} {code}") for number, (code, outcome) in enumerate(codes)
    )
    lines = screen(findings, name=name.encode("utf-8", "replace").decode())
    assert len(lines) <= 28 and all("\n" not in line for line in lines)
    assert max(map(len, lines[1:])) <= 80 and lines[-1].startswith(f"  verify show {KEY[:8]} --all")
    if TITLE in lines:
        told = of_findings(lines)
        assert len([line for line in told if not line.startswith("    ")]) <= FINDING_LINES
        against = any(outcome is FindingOutcome.CONTRADICTS for _, outcome in codes)
        assert (told[0][2] == "✗") is against
    else:
        assert all(outcome in (FindingOutcome.NOT_ASSESSED, FindingOutcome.INCONCLUSIVE) for _, outcome in codes)


def test_what_contradicts_stands_first_and_in_three_lines() -> None:
    codes = [("own.a", FindingOutcome.SUPPORTS), ("own.b", FindingOutcome.NOTES), ("own.c", FindingOutcome.CONTRADICTS)]
    told = of_findings(screen(tuple(found(code, outcome) for code, outcome in codes)))
    assert (
        told[0].startswith("  ✗") and "own.c" in told[0] and told[1].startswith("    ") and len(told) <= FINDING_LINES
    )


def test_what_could_not_be_told_is_one_matter() -> None:
    lines = screen(
        (found("place.no_position", FindingOutcome.INCONCLUSIVE), found("own.x", FindingOutcome.NOT_ASSESSED))
    )
    assert TITLE not in lines
    assert sum(line.startswith("  - Not tested: ") for line in lines) == 1


def test_our_own_intake_is_no_news() -> None:
    bound = found(
        "time.bounds", FindingOutcome.NOTES, not_after="2026-01-10T00:00:00+00:00", not_after_basis="acquisition"
    )
    assert TITLE not in screen((bound,)) and not any(line.startswith("Existed by") for line in screen((bound,)))
    told = replace(bound, values={**bound.values, "not_after_basis": "telegram:date"})
    assert any(line.startswith("Existed by |") and "2026-01-10 03:30 Iran" in line for line in screen((told,)))


def test_a_claim_is_quoted_and_drawn() -> None:
    said = Claim(id="c", exhibit=KEY, batch=None, by="oak", place="پونک", time="2026-01-08", at="2026-01-10T00:00:00Z")
    lines = screen(claims=(said,))
    assert "Claimed    “پونک”, “2026-01-08”" in lines
    assert any(line.startswith("Claimed    |═") for line in lines)


@pytest.mark.parametrize(
    ("begin", "end", "drawn"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), "●" + " " * (BAR_CELLS - 1)),
        (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), " " * (BAR_CELLS - 1) + "●"),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), "═" * BAR_CELLS),
        (None, datetime(2026, 1, 1, 12, tzinfo=UTC), "═" * 15 + " " * 13),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), None, " " * 14 + "═" * 14),
    ],
)
def test_a_bar_reaches_from_end_to_end(begin: datetime | None, end: datetime | None, drawn: str) -> None:
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert _bar(Span(label="x", begin=begin, end=end), first, last) == drawn
