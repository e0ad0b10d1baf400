"""Findings as rows: the sentence, why, what argues against it, what may be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.records import Finding
from verifier.report.blocks import Cell, Chip, Inline, Soft, Table, Word, joined
from verifier.report.pages.report_index import ReportIndex
from verifier.report.sentences import caveat, statement
from verifier.report.told import phrased

MOST_REASONS = 8
BANK = "bank."  # codes of what banks of earlier footage said


def findings_table(desk: ReportIndex, found: Sequence[Finding]) -> Table | None:
    """Findings with their reasons for and against and their caveat."""
    if not found:
        return None
    columns = tuple(desk.w("column", key) for key in ("outcome", "statement"))
    rows = tuple(
        ((Chip(f.outcome.value, desk.w("outcome", f.outcome.value)),), finding_cell(desk, f)) for f in found
    )  # fmt: skip
    return Table(columns, rows, widths=(2, 12))


def finding_cell(desk: ReportIndex, finding: Finding) -> Cell:
    """The sentence, why, what argues against it, what may be wrong with it."""
    parts: list[Inline] = list(statement(finding, desk.words))
    for key, reasons in (("because", finding.because), ("contrary", finding.contrary)):
        if reasons:
            listed = joined([phrased(reason, desk.words, 200) for reason in reasons[:MOST_REASONS]])
            more = (Word(" …"),) if len(reasons) > MOST_REASONS else ()
            parts.append(Soft((Word(desk.w("column", key) + ": "), *listed, *more)))
    doubt = caveat(finding, desk.words)
    if doubt:
        parts.append(Soft(doubt))
    return tuple(parts)
