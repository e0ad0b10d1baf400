"""`verify import FILE.csv|.xlsx`: what the office wrote into its sheet, shown first and filed once somebody agrees."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from verifier.commands.opening import clock, operator_of, settings_of

if TYPE_CHECKING:
    from verifier.workflow.handing.sheet_in import Planned, Told

MOST_TOLD = 200
SENTENCES = {
    "unknown-exhibit": "Row {row}: no exhibit of this case is {subject}; the row is left.",
    "several-exhibits": "Row {row}: {subject} can mean several exhibits; the row is left. Write the whole id.",
    "no-exhibit": "Row {row} names no exhibit; it is left.",
    "changed-in-both": "Row {row}: the stage of {subject} was changed in the sheet and in the case ({detail}); "
    "it is not filed. Export the sheet anew, or use verify stage.",
    "refused": "Row {row}: not filed. {detail}",
    "cleared": "Row {row}: {subject} was emptied; an empty cell removes nothing.",
    "reason-alone": "Row {row}: a reason alone moves {subject} to no other stage; it is not filed.",
    "stage-twice": "Row {row}: another row moves {subject} already; this one's stage is not filed.",
    "not-understood": "Row {row}: not understood, kept word for word: {detail}.",
    "column-not-read": "The column {subject} is not read.",
}


def is_sheet(path: Path) -> bool:
    """Whether `verify import` is asked to read a sheet, and not a package."""
    from verifier.workflow.handing.sheet_file import ENDINGS

    return path.suffix.lower() in ENDINGS and not path.is_dir()


def sheet_in(root: Path, file: Path, operator: str | None, *, yes: bool, as_json: bool) -> None:
    """Show what a sheet says that the case does not, and file it."""
    from verifier.commands.console import say, say_json
    from verifier.commands.opening import writing
    from verifier.workflow.handing import sheet_file
    from verifier.workflow.handing.sheet_in import apply, plan

    content = sheet_file.content_of(file)
    rows = sheet_file.rows_of(content)
    actor = operator_of(operator, settings_of(root)) or ""
    with writing(root) as store:
        planned = plan(store, rows, operator=actor)
        if not as_json:
            _show(planned)
        filed = 0
        if planned.changes and (yes or _agreed(len(planned.changes))):
            filed = apply(store, planned, content, operator=actor, clock=clock())
    if as_json:
        say_json(_plain(planned, filed))
    elif not planned.changes:
        say(f"Nothing to file: {planned.rows} rows say what the case says.")
    elif filed:
        say(f"Filed {filed} of {len(planned.changes)}. Next: verify check")
    else:
        say("Nothing was changed. To file it, run the same command with --yes.")


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(f"File these {count}?", default=False, err=True)


def _sentence(told: Told) -> str:
    from verifier.visible import visible

    words = {"row": told.row, "subject": visible(told.subject, 120), "detail": visible(told.detail.rstrip("."), 300)}
    return SENTENCES[told.code].format(**words)


def _show(planned: Planned) -> None:
    from verifier.commands.console import say, short, table

    rows = [
        (row, short(str(getattr(change.after, "exhibit", ""))), change.kind, name, new)
        for row, change in planned.changes
        for name, _, new in change.differences()
        if name not in ("exhibit", "id") and new not in (None, "", [])
    ]
    if rows:
        table(("Row", "Exhibit", "Would be filed", "Field", "The sheet says"), rows)
    for told in planned.told[:MOST_TOLD]:
        say(_sentence(told))
    if len(planned.told) > MOST_TOLD:
        say(f"… and {len(planned.told) - MOST_TOLD} more such rows; --json tells all.")


def _plain(planned: Planned, filed: int) -> dict[str, object]:
    from verifier.canonical import to_plain

    return {
        "rows": planned.rows,
        "changes": [
            {
                "row": row,
                "kind": change.kind,
                "said": {name: new for name, _, new in change.differences() if name not in ("id",) and new != ""},
            }
            for row, change in planned.changes
        ],
        "told": [to_plain(told) for told in planned.told],
        "filed": filed,
    }
