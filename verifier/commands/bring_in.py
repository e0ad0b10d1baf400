"""`verify import`: the package of another case, merged into this one; or the office's sheet, read back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import (
    CaseOption,
    JsonOption,
    QuietOption,
    WeakerOption,
    case_path,
    clock,
    operator_of,
    settings_of,
)
from verifier.errors import EXIT_FAULTS

if TYPE_CHECKING:
    from verifier.workflow.handing.bring_in import BroughtIn
    from verifier.workflow.handing.differing import Difference

MOST_TOLD = 200
SENTENCES = {
    "log-parts": "The log of {subject} is not one with what is known of it here ({ours}; {theirs}): two copies of that "
    "case were worked on, or one of the logs was rewritten. Both are kept.",
    "exhibit-described": "Exhibit {subject} is described in two ways: here {ours}; there {theirs}. This case's stays.",
    "verdict": "Of the pair {subject} people decided {ours} here and {theirs} there; the newer word counts, both stay.",
    "stage": "Exhibit {subject} is {ours} here and {theirs} there; the newer word counts, both stay.",
    "assessed-by-both": "Both cases hold an assessment of {subject}, by {ours} and by {theirs}: have them reviewed.",
    "same-id": "Two words bear the id of one {subject}, by {ours} and by {theirs}; the newer counts, both stay.",
}


def bring_in(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR|FILE", help="A package that verify export made; or a sheet: .csv, .tsv or .xlsx."),
    ],
    case: CaseOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Of a sheet: file what it says without asking.")] = False,
    root_told: Annotated[
        list[str] | None,
        typer.Option("--root", metavar="HEX", help="The root that its sender told you by another way; repeat."),
    ] = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    no_examine: Annotated[
        bool, typer.Option("--no-examine", help="Do not examine, compare and check what came; verify ingest will.")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="Workers (default: one a core).")] = None,
    weaker_sandbox: WeakerOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check a package and merge it into the case: exhibits, acquisitions, and what people said, side by side.

    Its log is kept whole beside this case's and is audited with it. Done twice, it changes nothing; interrupted, it
    goes on. Ends with 3 where the package is not whole.

    Of a sheet that verify export --as wrote (csv, xlsx), shows what was changed and files that: stages, claims, notes.
    """
    from verifier.commands.sheet_in import is_sheet, sheet_in

    if is_sheet(folder):
        sheet_in(case_path(case), folder, operator, yes=yes, as_json=as_json)
        return
    from verifier.commands.console import Narrator, say
    from verifier.commands.opening import writing
    from verifier.evidence.vault import Vault
    from verifier.workflow.handing.bring_in import bring_in as run_import
    from verifier.workflow.integrity.held import read_root
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    roots = [read_root(one).root for one in root_told or ()]
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store, Narrator(quiet=quiet) as progress:
        done = run_import(
            store, Vault(root), folder.absolute(), actor=actor, clock=clock(), progress=progress, roots=roots
        )
    not_examined = None if no_examine else _examine(root, operator, jobs, weaker_sandbox, quiet)
    _tell(done, not_examined, is_told=bool(roots), as_json=as_json)
    if no_examine and not as_json and not done.is_known:
        say("What came is examined, compared and checked by the next: verify ingest")
    if not_examined:
        raise typer.Exit(EXIT_FAULTS)


def _examine(root: Path, operator: str | None, jobs: int | None, weaker: bool, quiet: bool) -> int:
    """Examine, compare and check as `verify ingest` does; how many exhibits of the case are not fully examined."""
    from verifier.commands.ingest import run_through
    from verifier.workflow.ingest import IngestOptions

    settings = settings_of(root)
    options = IngestOptions(operator=operator_of(operator, settings), makernotes=settings.makernotes)
    weak = weaker or settings.weaker_sandbox
    _, _, whole = run_through(root, [], options, settings, None, jobs, weak, False, True, True, [], quiet)
    return whole.not_fully_examined


def _tell(done: BroughtIn, not_examined: int | None, *, is_told: bool, as_json: bool) -> None:
    from verifier.canonical import to_plain
    from verifier.commands.console import say, say_json
    from verifier.visible import visible

    if as_json:
        say_json(
            {
                "origin": done.origin,
                "events": done.events,
                "root": done.root,
                "known": done.is_known,
                **{name: done.counts.get(name, 0) for name in ("exhibits", "acquisitions", "skipped", "said")},
                "differences": [to_plain(one) for one in done.differences],
                "not_fully_examined": not_examined,
            }
        )
        return
    named = f"the package of {visible(done.origin, 120)} ({done.events} events, root {done.root})"
    if done.is_known:
        say(f"Nothing was changed: all of {named} is here already.")
        return
    counts = done.counts
    say(f"Brought in {named}: {counts['exhibits']} new exhibits, {counts['acquisitions']} acquisitions, "
        f"{counts['said']} words of people.")  # fmt: skip
    if not is_told:
        say("Whether it is what its sender packed, only its root can tell: ask for it by another way (--root).")
    for one in done.differences[:MOST_TOLD]:
        say(_sentence(one))
    if len(done.differences) > MOST_TOLD:
        say(f"… and {len(done.differences) - MOST_TOLD} differences more (--json names all).")


def _sentence(one: Difference) -> str:
    from verifier.visible import visible

    return SENTENCES[one.kind].format(
        subject=visible(one.subject, 200), ours=visible(one.ours, 200), theirs=visible(one.theirs, 200)
    )


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command(name="import")(bring_in)
