"""`verify notes export|import`: what people said, as one file that can be edited and read back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path, clock, operator_of, settings_of
from verifier.errors import PathNotFound, UsageError

if TYPE_CHECKING:
    from verifier.workflow.people.notes import Change

group = typer.Typer(no_args_is_help=True, help="What people said, as one file that can be edited and read back.")
OperatorOption = Annotated[str | None, typer.Option(help="Your name or pseudonym; it is signed with this.")]
LARGEST_BYTES = (16 << 20) + 1


@group.command(name="export")
def write(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="notes.yaml|notes.csv", help="File to write.")],
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """Write claims, verdicts, assessments, observations, incidents, stages and worksheets into one file."""
    from verifier.commands.console import say
    from verifier.commands.opening import writing
    from verifier.workflow.integrity.seal import keep
    from verifier.workflow.people.notes import notes
    from verifier.workflow.people.notes_file import to_csv, to_yaml
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    make = {"yaml": to_yaml, "csv": to_csv}[_kind(out)]
    with writing(root) as store:
        known = notes(store)
        keep(out.absolute(), make(known))
        count = sum(map(len, known.values()))
        actor = operator_of(operator, settings_of(root)) or NOT_STATED
        store.note("export notes", "case", {"notes": count}, actor=actor, at=clock()())
    say(f"Wrote {count} notes. Edit them, then: verify notes import {out.name}")


@group.command(name="import")
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A YAML or CSV file as export writes it.")],
    yes: Annotated[bool, typer.Option("--yes", help="File it without asking.")] = False,
    case: CaseOption = None,
    operator: OperatorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a file says that the case does not, and file it. Leaving a line out removes nothing."""
    from verifier.commands.console import say, say_json
    from verifier.commands.opening import writing
    from verifier.workflow.people.notes import apply, plan
    from verifier.workflow.people.notes_file import from_csv, from_yaml

    if not file.is_file():
        raise PathNotFound(file)
    with file.open("rb") as stream:
        content = stream.read(LARGEST_BYTES)
    said = {"yaml": from_yaml, "csv": from_csv}[_kind(file)](content)
    root = case_path(case)
    actor = operator_of(operator, settings_of(root)) or ""
    with writing(root) as store:
        changes = plan(store, said, operator=actor)
        if not as_json:
            _show(changes)
        filed = 0
        if changes and (yes or _agreed(len(changes))):
            filed = apply(store, changes, operator=actor, clock=clock())
    if as_json:
        say_json({"changes": [_plain(change) for change in changes], "filed": filed})
    elif not changes:
        say("The case says all of this already.")
    elif filed:
        say(f"Filed {filed} of {len(changes)}.")
    else:
        say("Nothing was changed. To file it, run the same command with --yes.")


def _kind(path: Path) -> str:
    ending = path.suffix.lower()
    if ending in (".yaml", ".yml"):
        return "yaml"
    if ending == ".csv":
        return "csv"
    raise UsageError(f"Notes are written as .yaml or .csv, not {ending or path.name}.")


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(f"File these {count}?", default=False, err=True)


def _plain(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "row": change.row,
        "is_new": change.before is None,
        "differences": {name: [old, new] for name, old, new in change.differences()},
    }


def _show(changes: list[Change]) -> None:
    from verifier.commands.console import table

    rows = [
        (f"{change.kind} {change.row}", "new" if change.before is None else "changed", name,
         "-" if old in (None, "", []) else old, "-" if new in (None, "", []) else new)
        for change in changes
        for name, old, new in change.differences()
    ]  # fmt: skip
    if rows:
        table(("Note", "", "Field", "The case says", "The file says"), rows)


def register(app: typer.Typer) -> None:
    """Hang the verbs on the app."""
    app.add_typer(group, name="notes")
