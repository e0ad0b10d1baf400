"""`verify status`: where a case stands: what came, what are copies, what contradicts, what waits, what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.dossier import CaseDossier

MOST_LINES = 6  # of a list; the rest is counted
SENTENCE_LETTERS = 110


def status(case: CaseOption = None, as_json: JsonOption = False) -> None:
    """Say where the case stands: totals, recordings, contradictions, what waits for you, and what to type next."""
    from verifier.commands.console import say_json
    from verifier.commands.opening import reading
    from verifier.workflow.gather import gather

    root = case_path(case)
    with reading(root) as store:
        known = gather(store, lazily=True)
        if as_json:
            say_json(document(known))
            return
        tell(known, root)


def document(case: CaseDossier) -> dict[str, object]:
    """The same as JSON: the summary of report.json, and the lists behind its numbers."""
    from verifier.canonical import to_plain
    from verifier.findings.copies.originals import recordings_of
    from verifier.findings.summary import summary_of, waiting

    originals = recordings_of(case)
    return {
        "summary": to_plain(summary_of(case)),
        "recordings": to_plain(originals.recordings),
        "composites": to_plain(originals.composites),
        "contradictions": [
            {"exhibit": key, "name": name, "code": code, "statement": sentence}
            for key, name, code, sentence in contradictions(case)
        ],
        "links_waiting": [
            {"left": match.left, "right": match.right, "relation": match.relation.value} for match in waiting(case)
        ],
        "assessments_waiting": [{"exhibit": key, "question": question} for key, question in unreviewed(case)],
        "not_fully_examined": [
            {"exhibit": key, "name": name_of(case, key), "reasons": sorted({fault.detail for fault in dossier.faults})}
            for key, dossier in case.exhibits.items()
            if dossier.faults
        ],
    }


def tell(case: CaseDossier, root: Path, *, heads: bool = True) -> None:
    """The answers in at most some thirty lines; without `heads` the totals of files are left to who calls."""
    from verifier.commands.console import pairs, say
    from verifier.findings.copies.originals import recordings_of
    from verifier.findings.summary import summary_of, waiting

    counted, originals = summary_of(case), recordings_of(case)
    copied = [one for one in originals.recordings if len(one.members) > 1]
    totals = {
        "Received": f"{_count(counted.files_received, 'file')}, {_count(counted.exhibits, 'exhibit')} (equal files "
        f"count once); {counted.skipped} skipped",
        "Recordings": f"{counted.recordings} different ones; {len(copied)} of them in several copies or excerpts",
        "Composites": f"{counted.composites} made of parts of several recordings",
        "Not fully examined": str(counted.not_fully_examined),
    }
    pairs(totals if heads else {name: totals[name] for name in ("Recordings", "Composites")})
    told = [f"{name}: {sentence}" for _, name, _, sentence in contradictions(case)]
    _list(f"What contradicts ({counted.contradictions})", told)
    copies = sorted(copied, key=lambda one: (-len(one.members), one.id))
    _list(
        f"What are copies ({len(copied)})",
        [f"{name_of(case, one.best)}: {_count(len(one.members) - 1, 'other copy or excerpt')}" for one in copies],
    )
    links, people = waiting(case), unreviewed(case)
    waits = [f"{_count(len(links), 'pair')} that may be alike: verify dedup --review"] if links else []
    waits += [f"{name_of(case, key)}: a second person on {question}" for key, question in people]
    _list("What waits for a person", waits or ["Nothing."])
    say("\nNext")
    for line in _next(case, root, bool(links)):
        say(f"  {line}")


def contradictions(case: CaseDossier) -> list[tuple[str, str, str, str]]:
    """(exhibit, name, code, sentence) of every finding that contradicts, firm ones first."""
    from verifier.findings.rank import severity
    from verifier.records import FindingOutcome
    from verifier.report.language import language
    from verifier.report.sentences import plain, statement

    words = language("en")
    found = [
        (severity(finding), key, finding)
        for key, dossier in case.exhibits.items()
        for finding in dossier.findings
        if finding.outcome is FindingOutcome.CONTRADICTS
    ]
    found.sort(key=lambda entry: (entry[0], entry[1], entry[2].code))
    return [(key, name_of(case, key), finding.code, plain(statement(finding, words))) for _, key, finding in found]


def unreviewed(case: CaseDossier) -> list[tuple[str, str]]:
    """(exhibit, question) of first assessments that nobody has filed beside; what they say stays hidden."""
    from verifier.records import Question
    from verifier.workflow.people.conclude import waiting_for_review

    return [
        (key, question.value)
        for key, dossier in case.exhibits.items()
        if dossier.assessments
        for question in Question
        if waiting_for_review(dossier, question) is not None
    ]


def name_of(case: CaseDossier, key: str) -> str:
    """The file's name as it was handed over, safe to show; the beginning of its id where it has none."""
    from verifier.visible import visible

    taken = case.exhibits[key].acquisitions if key in case.exhibits else ()
    if not taken:
        return key[:12]
    name = taken[0].name
    return visible(name.decode("utf-8", "replace") if isinstance(name, bytes) else name, 40)


def _next(case: CaseDossier, root: Path, links: bool) -> list[str]:
    from verifier.visible import visible

    said = f" --case {visible(str(root))}"
    lines = [f"verify dedup --review{said}"] if links else []
    first = contradictions(case)[:1]
    lines += [f"verify show {key[:8]}{said}" for key, _, _, _ in first]
    return [*lines, f"verify report{said} --out REPORT"]


def _list(title: str, lines: list[str]) -> None:
    from verifier.commands.console import say

    if not lines:
        return
    say(f"\n{title}")
    for line in lines[:MOST_LINES]:
        say(f"  {line if len(line) <= SENTENCE_LETTERS + 40 else line[: SENTENCE_LETTERS + 39] + '…'}")
    if len(lines) > MOST_LINES:
        say(f"  … and {len(lines) - MOST_LINES} more")


def _count(number: int, word: str) -> str:
    plural = word.replace("copy or excerpt", "copies or excerpts") if "copy" in word else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(status)
