"""What the brief tells of: recordings with their copies counted once, composites, and other exhibits that something is
against; each with its issues merged over its copies, when, where, and what people concluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from verifier.dossier import ExhibitDossier
from verifier.findings.copies.originals import recordings_of
from verifier.findings.issues import CLAIMED_PLACE, CLAIMED_TIME, POSITIONS, UNTOLD, Issue, issues_of, rank
from verifier.records import Finding, Moment, Question, Scalar, Zone
from verifier.report.blocks import Cell, Ref, Word
from verifier.report.pages.conclusions import Concluded, concluded
from verifier.report.pages.drawings import OWN_ACTS
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import local_interval, local_time
from verifier.visible import visible_name

NAME_LETTERS = 40
# what a copy answered is not untold of the recording: the subject whose issue answers a code
ANSWERED_BY = {
    "place.no_position": POSITIONS, "place.position_unused": POSITIONS,
    "place.claim_not_tested": CLAIMED_PLACE, "time.claim_not_tested": CLAIMED_TIME,
}  # fmt: skip
TOLD_OF_LINEAGE, NOTHING_OF_LINEAGE = "lineage.", frozenset({"lineage.undetermined", "lineage.no_camera_data"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One recording, composite or other exhibit; `number` is 0 for what is in no list of recordings."""

    number: int
    best: str
    members: tuple[str, ...]
    issues: tuple[Issue, ...]
    parts: int | None = None  # of a composite
    other: bool = False  # no picture, recording or sound

    @property
    def against(self) -> tuple[Issue, ...]:
        """The issues that argue against it, the strongest first."""
        return tuple(issue for issue in self.issues if issue.is_against)

    @property
    def untold(self) -> tuple[Finding, ...]:
        """What could not be told of any of its copies, one finding a code."""
        told = {issue.subject for issue in self.issues if issue.subject != UNTOLD}
        codes = {finding.code for issue in self.issues if issue.subject != UNTOLD for finding in issue.findings}
        written = any(code.startswith(TOLD_OF_LINEAGE) and code not in NOTHING_OF_LINEAGE for code in codes)
        lit = any(code.startswith("daylight.") for code in codes)
        left: dict[str, Finding] = {}
        for issue in self.issues:
            for finding in issue.findings if issue.subject == UNTOLD else ():
                is_answered = (
                    ANSWERED_BY.get(finding.code) in told
                    or (finding.code == "lineage.undetermined" and written)
                    or (finding.code == "daylight.cannot_tell" and lit)
                )
                if not is_answered:
                    left.setdefault(finding.code, finding)
        return tuple(left[code] for code in sorted(left))


def told_of(desk: ReportIndex) -> tuple[Told, ...]:
    """Recordings and composites of a report, numbered in the order of weight, then other exhibits with an issue."""
    case = desk.case
    known = recordings_of(case)
    found = [_told(desk, one.best, one.members) for one in known.recordings]
    found += [_told(desk, made.exhibit, (made.exhibit,), parts=len(made.parts)) for made in known.composites]
    found = [one for one in found if one is not None]
    within = {member for one in found if one is not None for member in one.members}
    others = [
        _told(desk, key, (key,), other=True) for key in case.exhibits if key not in within and not _is_media(desk, key)
    ]
    ordered = sorted((one for one in found if one is not None), key=lambda one: _weight(desk, one))
    return (
        *(_numbered(one, number) for number, one in enumerate(ordered, start=1)),
        *(one for one in others if one is not None and one.against),
    )


def _is_media(desk: ReportIndex, key: str) -> bool:
    return desk.case.exhibits[key].exhibit.kind.value in {"photo", "video", "audio"}


def _told(
    desk: ReportIndex, best: str, members: Iterable[str], *, parts: int | None = None, other: bool = False
) -> Told | None:
    kept = tuple(member for member in members if member in desk.case.exhibits)
    if not kept:
        return None
    first = best if best in kept else kept[0]
    findings = [finding for member in kept for finding in desk.case.exhibits[member].findings]
    return Told(number=0, best=first, members=kept, issues=issues_of(findings), parts=parts, other=other)


def _numbered(one: Told, number: int) -> Told:
    return Told(number=number, best=one.best, members=one.members, issues=one.issues, parts=one.parts)


def _weight(desk: ReportIndex, one: Told) -> tuple[object, ...]:
    """What comes first: what is contradicted, what people worked on, what came often, what is dated; then by id."""
    contradicted = [issue for issue in one.against if issue.severity.value == "contradicts"]
    worked = any(desk.case.exhibits[m].assessments or m in desk.incidents_of for m in one.members)
    strongest = rank(contradicted[0].lead) if contradicted else ()
    return not contradicted, strongest, not worked, -len(one.members), not when(desk, one), one.best


# ---------------------------------------------------------------- names


def name_of(dossier: ExhibitDossier, letters: int = NAME_LETTERS) -> str:
    """The first name that it came under, its middle left out where it is long; the beginning of its id without one."""
    first = next((taken.name for taken in dossier.acquisitions if taken.name), None)
    if first is None:
        return dossier.exhibit.id[:8]
    text = visible_name(first)
    return text if len(text) <= letters else f"{text[: letters * 3 // 5]}…{text[-(letters * 2 // 5 - 1) :]}"


def named(desk: ReportIndex, key: str) -> Cell:
    """An exhibit by its name, leading to where the annex has it."""
    dossier = desk.case.exhibits.get(key)
    return (Ref(key, name_of(dossier) if dossier is not None else key[:8]),)


# ---------------------------------------------------------------- when, where, concluded


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """One way in which a recording is dated: by people, by its clock, or by what shows that it existed."""

    kind: str  # people, clock or record
    earliest: str | None
    latest: str | None
    by: str | None = None


def when(desk: ReportIndex, one: Told) -> tuple[When, ...]:
    """What dates a recording, people first; a clock that was late or never set is left to the annex."""
    found: list[When] = []
    for member in _best_first(one):
        dossier = desk.case.exhibits[member]
        said = concluded(dossier, Question.TIME).newest
        if said is not None and (said.earliest or said.latest):
            found.append(When(kind="people", earliest=said.earliest, latest=said.latest, by=said.analyst))
    clocks, records = [], []
    for member in _best_first(one):
        for values in _bounds(desk, member):
            if values.get("clock_earliest") and not values.get("clock_is_late"):
                clocks.append(When(kind="clock", earliest=str(values["clock_earliest"]),
                                   latest=str(values.get("clock_latest") or values["clock_earliest"])))  # fmt: skip
            if values.get("not_after") and values.get("not_after_basis") not in OWN_ACTS:
                records.append(When(kind="record", earliest=None, latest=str(values["not_after"])))
        clocks += _stated(desk, member) if not clocks else []
    records.sort(key=lambda bound: str(bound.latest))
    return (*found[:1], *clocks[:1], *records[:1])


def _best_first(one: Told) -> Iterator[str]:
    yield one.best
    yield from (member for member in one.members if member != one.best)


def _bounds(desk: ReportIndex, member: str) -> Iterator[dict[str, Scalar]]:
    for finding in desk.case.exhibits[member].findings:
        if finding.code == "time.bounds":
            yield dict(finding.values)


def _stated(desk: ReportIndex, member: str) -> list[When]:
    """The clock reading of a file that no check could tie to the Earth; not one that the bounds call reset or late."""
    if any(values.get("reset") or values.get("clock_is_late") for values in _bounds(desk, member)):
        return []
    fact = desk.case.exhibits[member].facts.get("captured_at")
    value = fact.best.value if fact is not None else None
    if not isinstance(value, Moment) or (value.zone is not Zone.LOCAL and value.instant is None):
        return []
    text = value.wall[:19] if value.zone is Zone.LOCAL else value.iso()
    return [When(kind="clock", earliest=text, latest=text)]


def when_cell(desk: ReportIndex, known: When) -> Cell:
    """A dating on one line."""
    label = {"people": "by_people", "clock": "by_clock", "record": "existed_only"}[known.kind]
    if known.kind == "record" or known.earliest == known.latest:
        time = local_time(known.latest, desk.words)
    else:
        time = local_interval(known.earliest, known.latest, desk.words)
    return (Word(desk.w("text", label) + " "), *time)


def conclusions_of(desk: ReportIndex, one: Told) -> tuple[tuple[Question, Concluded], ...]:
    """What people concluded on each question of any copy."""
    found = []
    for question in Question:
        for member in _best_first(one):
            known = concluded(desk.case.exhibits[member], question)
            if known.state != "none":
                found.append((question, known))
                break
    return tuple(found)
