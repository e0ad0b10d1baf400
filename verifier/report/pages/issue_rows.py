"""The findings of one exhibit as issues, each once: the lead, its further reasons, what may be wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.dossier import ExhibitDossier
from verifier.findings.issues import UNTOLD, Issue, Severity, issues_of
from verifier.findings.stated import states_container_time, states_position, states_sound, states_time
from verifier.records import Finding, Kind
from verifier.report.blocks import Cell, Chip, Exact, Inline, Soft, Table, Text, Word, joined, lines
from verifier.report.pages.report_index import MEDIA, ReportIndex
from verifier.report.phrases import number
from verifier.report.sentences import caveat, statement
from verifier.report.told import phrased

MOST_REASONS, MOST_OF_ONE = 6, 6  # of a finding; findings of an issue
FINGERPRINTS = frozenset({"pdq", "phash", "sift", "clip-frames", "streams", "sound-landmarks", "pictures-alike"})
CHIPS = {
    Severity.CONTRADICTS: "contradicts", Severity.DOUBTS: "inconclusive", Severity.SUPPORTS: "supports",
    Severity.NOTES: "notes",
}  # fmt: skip


def issue_table(desk: ReportIndex, dossier: ExhibitDossier) -> Table | None:
    """Every issue in a row, the strongest first; what could not be told is a line of its own (`untold_line`)."""
    rows = tuple(
        (_matter(desk, issue), _findings(desk, issue))
        for issue in issues_of(dossier.findings)
        if issue.subject != UNTOLD and not all(_is_in_the_table_of_times(finding) for finding in issue.findings)
    )
    columns = (desk.w("column", "outcome"), desk.w("column", "statement"))
    return Table(columns, rows, widths=(3, 13)) if rows else None


def _is_in_the_table_of_times(finding: Finding) -> bool:
    """Whether a bound says no more than the table of times, and the acts of custody, say already."""
    return finding.code == "time.bounds" and not (finding.values.get("reset") or finding.values.get("clock_is_late"))


def _matter(desk: ReportIndex, issue: Issue) -> Cell:
    chip = Chip(CHIPS[issue.severity], desk.w("severity", issue.severity.value))
    return (chip, Soft((Word(desk.matter(issue.subject)),)))


def _findings(desk: ReportIndex, issue: Issue) -> Cell:
    told = [finding_cell(desk, finding) for finding in issue.findings[:MOST_OF_ONE]]
    left = len(issue.findings) - len(told)
    if left > 0:
        told.append((Word(desk.words.word("text", "and_more", count=number(left, desk.words))),))
    return lines(told)


def finding_cell(desk: ReportIndex, finding: Finding) -> Cell:
    """The sentence, then quietly: why, what argues against it, what may be wrong with it; notes by their numbers."""
    said = statement(finding, desk.words)
    at = desk.said.number(said)
    parts: list[Inline] = list(said if at is None else (*_label(desk, finding), Word(" "), *note_mark(desk, at)))
    quiet: list[Cell] = []
    for key, reasons in (("because", finding.because), ("contrary", finding.contrary)):
        if reasons:
            listed = joined([phrased(reason, desk.words, 200) for reason in reasons[:MOST_REASONS]], desk.semicolon)
            more = (Word(" …"),) if len(reasons) > MOST_REASONS else ()
            quiet.append((Word(desk.w("column", key) + ": "), *listed, *more))
    doubt = caveat(finding, desk.words)
    if doubt:
        known = desk.said.number(doubt)
        quiet.append(doubt if known is None else note_mark(desk, known))
    return (*parts, Soft(joined(quiet, " · "))) if quiet else tuple(parts)


def _label(desk: ReportIndex, finding: Finding) -> Cell:
    """A few words in place of a sentence that stands among the notes."""
    known = desk.words.words["short"].get(finding.code) or desk.words.words["untold"].get(finding.code)
    if known:
        return (Word(str(known)),)
    return (Word(f"{desk.w('question', finding.question.value)}: {desk.w('outcome', finding.outcome.value)}"),)


def note_mark(desk: ReportIndex, at: int) -> Cell:
    """A note by its number."""
    return (Word(f"[{desk.w('column', 'note_mark')} "), Exact(number(at, desk.words)), Word("]"))


def untold_line(desk: ReportIndex, dossier: ExhibitDossier) -> Text | None:
    """All that could not be told of an exhibit on one line: each matter with its reason in brackets."""
    found = [finding for issue in issues_of(dossier.findings) if issue.subject == UNTOLD for finding in issue.findings]
    topics = [*(topic(desk, finding) for finding in found), *_not_stated(desk, dossier, found)]
    if not topics:
        return None
    return Text((Word(f"{desk.w('text', 'untested_short')} {desk.comma.join(dict.fromkeys(topics))}"),), "soft")


def topic(desk: ReportIndex, finding: Finding) -> str:
    """What could not be told, and in brackets why; the question for a rule that has no words of its own."""
    known = desk.words.words["untold"].get(finding.code)
    return str(known) if known else desk.w("question", finding.question.value)


def _not_stated(desk: ReportIndex, dossier: ExhibitDossier, found: Sequence[Finding]) -> list[str]:
    """What the bytes of a picture or recording do not state, where no finding says so already."""
    if dossier.exhibit.kind.value not in MEDIA:
        return []
    told = {finding.code for finding in found}
    missing = []
    if not states_time(dossier):
        missing.append("when_captured" if states_container_time(dossier) else "when")
    if not states_position(dossier) and "place.no_position" not in told:
        missing.append("where")
    if dossier.exhibit.kind is Kind.VIDEO and not states_sound(dossier):
        missing.append("sound")
    if not any(run.instrument in FINGERPRINTS and run.result == "done" for run in dossier.runs):
        missing.append("compared")
    return [desk.w("unstated", key) for key in missing]
