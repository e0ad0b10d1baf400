"""One exhibit on one screen: what it is, what argues against and for it, when, and what to type next.

At most five lines of findings, the strongest matter first and in full as far as they reach; what could not be tested is
one line more. Everything else stands behind `--all`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from verifier.visible import visible, visible_name

if TYPE_CHECKING:
    from verifier.dossier import CaseDossier, ExhibitDossier
    from verifier.findings.issues import Issue
    from verifier.records import Finding

COLUMNS = 80
FINDING_LINES, LEAD_LINES, UNTOLD_LINES = 5, 3, 2
BAR_CELLS = 28
LABEL_COLUMNS = 11
MARKS = {"contradicts": "✗", "doubts": "?", "supports": "✓", "notes": "·"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time on the first screen; None is an open end."""

    label: str
    begin: datetime | None
    end: datetime | None


def first_screen(dossier: ExhibitDossier, case: CaseDossier, recording: str, name: Callable[[str], str]) -> list[str]:
    """The lines, of 80 columns."""
    from verifier.findings.issues import issues_of

    issues = issues_of(finding for finding in dossier.findings if not _says_only_intake(finding))
    return [
        *_head(dossier, case, recording),
        *_findings([issue for issue in issues if issue.severity.value != "untold"], name),
        *_untold(issues),
        *_bars(_spans(dossier, case)),
        *_next(dossier, case),
    ]


def _says_only_intake(finding: Finding) -> bool:
    """A bound by our own intake alone: true of everything in the case, and known already."""
    from verifier.findings.time.existence import ACQUISITION

    values = finding.values
    return values.get("not_after_basis") == ACQUISITION and values.get("clock_earliest") is None


def _head(dossier: ExhibitDossier, case: CaseDossier, recording: str) -> Iterator[str]:
    from verifier.commands.console import size_text

    exhibit, taken = dossier.exhibit, dossier.acquisitions
    yield visible_name(taken[0].name, COLUMNS) if taken else exhibit.id[:12]
    others = len({item.name for item in taken}) - 1
    also = f"; {others} other name{'s' if others > 1 else ''}" if others > 0 else ""
    yield from _row(
        "Is", f"{exhibit.kind.value} ({exhibit.media_type}), {size_text(exhibit.size)}, {exhibit.id[:12]}{also}"
    )
    if recording != "-":
        yield from _row("Recording", recording)
    titles = {batch.id: batch.title or batch.channel or batch.id for batch in case.batches}
    came = [visible(titles.get(item.batch, item.batch), 60) for item in taken if item.batch is not None]
    if came:
        yield from _row("Came with", "; ".join(dict.fromkeys(came)))
    claimed = [_claim(claim.place, claim.time, claim.description) for claim in dossier.claims]
    if any(claimed):
        yield from _row("Claimed", "; ".join(dict.fromkeys(said for said in claimed if said)))
    if dossier.faults:
        kinds = sorted({fault.kind.value for fault in dossier.faults})
        yield from _row("Examined", f"not fully: {', '.join(kinds)}")
    stage = max(dossier.standings, key=lambda item: item.at).stage if dossier.standings else "received"
    said = f"; {len(dossier.assessments)} concluded" if dossier.assessments else "; no person has concluded"
    yield from _row("Work", stage + said)


def _claim(*parts: str | None) -> str:
    return ", ".join(f"“{visible(part, 80)}”" for part in parts if part)


def _findings(issues: list[Issue], name: Callable[[str], str]) -> Iterator[str]:
    from verifier.report.language import language
    from verifier.report.sentences import brief_statement, matter, plain, statement

    words = language("en")
    if not issues:
        return
    yield "Findings (an instrument's sentence; you conclude)"
    left = FINDING_LINES
    for number, issue in enumerate(issues):
        if not left:
            yield f"  and {len(issues) - number} more: --all"
            return
        more = f" (+{len(issue.reasons)} more)" if issue.reasons else ""
        brief, few = brief_statement(issue.lead, words), words.words["short"].get(issue.lead.code)
        said = plain(brief or statement(issue.lead, words), name) if few is None or brief else str(few)
        said = said if brief else f"{matter(issue.subject, words)}: {said}"
        most = min(left, LEAD_LINES if number == 0 else 1 if left < LEAD_LINES else 2)
        lines = _wrapped(said, COLUMNS - 4 - len(more), most)
        left -= len(lines)
        yield f"  {MARKS[issue.severity.value]} {lines[0]}" + (more if len(lines) == 1 else "")
        yield from (f"    {line}" + (more if at == len(lines) else "") for at, line in enumerate(lines[1:], 2))


def _untold(issues: tuple[Issue, ...]) -> Iterator[str]:
    from verifier.report.language import language

    words = language("en")
    for issue in issues:
        if issue.severity.value == "untold":
            told = dict.fromkeys(words.word("untold", finding.code) for finding in issue.findings)
            lines = _wrapped(f"Not tested: {'; '.join(told)}", COLUMNS - 4, UNTOLD_LINES)
            yield from (f"  {'- ' if not at else '  '}{line}" for at, line in enumerate(lines))


def _spans(dossier: ExhibitDossier, case: CaseDossier) -> list[Span]:
    """Claimed times, what clocks of the file say, and by when it existed: one of each, the first."""
    from verifier.findings.claims import claims_of
    from verifier.findings.time.existence import ACQUISITION
    from verifier.geo.timezone import instant_of
    from verifier.records import Moment

    found = [
        Span(label="Claimed", begin=claim.interval.earliest, end=claim.interval.latest)
        for claim in claims_of(dossier, case)
        if claim.interval is not None
    ][:1]
    bounds = next((finding.values for finding in dossier.findings if finding.code == "time.bounds"), {})
    begin, end = (instant_of(str(bounds.get(key) or "")) for key in ("clock_earliest", "clock_latest"))
    if begin is not None:
        found.append(Span(label="Its clock", begin=begin, end=end or begin))
    fact = dossier.facts.get("gps_time")
    satellite = fact.best.value if fact is not None else None
    if isinstance(satellite, Moment) and satellite.instant is not None:
        found.append(Span(label="Satellite", begin=satellite.instant, end=satellite.instant))
    latest = instant_of(str(bounds.get("not_after") or ""))
    if latest is not None and bounds.get("not_after_basis") != ACQUISITION:
        found.append(Span(label="Existed by", begin=None, end=latest))
    return found


def _bars(spans: list[Span]) -> Iterator[str]:
    ends = [moment for span in spans for moment in (span.begin, span.end) if moment is not None]
    if not ends:
        return
    first, last = min(ends), max(ends)
    for span in spans:
        yield f"{span.label:<{LABEL_COLUMNS}}|{_bar(span, first, last)}| {_said(span)}"


def _bar(span: Span, first: datetime, last: datetime) -> str:
    """Cells from the first to the last moment of all bars; an open end runs to the edge."""
    whole = (last - first).total_seconds()

    def cell(moment: datetime) -> int:
        return 0 if whole <= 0 else round((moment - first).total_seconds() / whole * (BAR_CELLS - 1))

    begin = 0 if span.begin is None else cell(span.begin)
    end = BAR_CELLS - 1 if span.end is None else cell(span.end)
    drawn = "═" * (end - begin + 1) if end > begin else "●"
    return (" " * begin + drawn).ljust(BAR_CELLS)[:BAR_CELLS]


def _said(span: Span) -> str:
    """Days of Iran; the hour as well where both ends lie on one day."""
    from verifier.geo.timezone import TEHRAN, zone
    from verifier.instants import in_zone

    begin, end = (None if moment is None else in_zone(moment, zone(TEHRAN)) for moment in (span.begin, span.end))
    if begin is None or end is None:
        moment = begin or end
        return f"{'' if moment is None else f'{moment:%Y-%m-%d %H:%M}'} Iran"
    if begin == end:
        return f"{begin:%Y-%m-%d %H:%M} Iran"
    if (end - begin).total_seconds() <= 86_400:
        return f"{begin:%Y-%m-%d %H:%M} – {end:%H:%M}"
    return f"{begin:%Y-%m-%d} – {end:%Y-%m-%d}"


def _next(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[str]:
    from verifier.findings.claims import BEARS_CLAIMS
    from verifier.findings.summary import undecided

    key = dossier.exhibit.id
    linked = [match for match in case.matches if key in (match.left, match.right)]
    waiting = [match for match in undecided(case) if key in (match.left, match.right)]
    yield "Next"
    if waiting:
        yield f"  verify dedup --review    {len(waiting)} pair{'s' if len(waiting) > 1 else ''} with it wait for you"
    if linked:
        best = max(linked, key=lambda match: match.score)
        other = best.right if best.left == key else best.left
        yield f"  verify compare {key[:8]} {other[:8]} --out side.mp4"
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        pass
    elif not dossier.claims:
        yield f"  verify claim {key[:8]} --by NAME --place … --time …"
    elif not dossier.assessments:
        yield f"  verify assess {key[:8]} --question … --level … --because … --operator …"
    yield f"  verify show {key[:8]} --all    every finding, link, fact and reading"


def _row(label: str, text: str) -> Iterator[str]:
    for at, line in enumerate(_wrapped(text, COLUMNS - LABEL_COLUMNS, 2)):
        yield f"{label if not at else '':<{LABEL_COLUMNS}}{line}"


def _wrapped(text: str, columns: int, most: int) -> list[str]:
    return textwrap.wrap(text, columns, max_lines=most, placeholder=" …", break_on_hyphens=False) or [""]
