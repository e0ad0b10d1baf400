"""`verify list`: the exhibits of a case, one a line, narrowed by what is known of them."""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.commands.choosing import (
    BatchOption,
    FindingOption,
    KindOption,
    PlaceOption,
    SinceOption,
    StageOption,
    TimeOption,
    UnexaminedOption,
)
from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path

MOST_ROWS = 40


def list_exhibits(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS]…", help="Only what these words are found in.")
    ] = None,
    case: CaseOption = None,
    kind: KindOption = None,
    batch: BatchOption = None,
    place: PlaceOption = None,
    time: TimeOption = None,
    finding: FindingOption = None,
    stage: StageOption = None,
    since: SinceOption = None,
    unexamined: UnexaminedOption = False,
    everything: Annotated[bool, typer.Option("--all", help=f"Every line, not the first {MOST_ROWS}.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """List exhibits: name, kind, what is claimed, what argues against, what was not examined, and the id to type."""
    from verifier.commands.choosing import as_plain, row_of
    from verifier.commands.console import Narrator, say, say_json, table
    from verifier.commands.opening import clock, reading
    from verifier.workflow.looking.listing import listing
    from verifier.workflow.looking.wanted import Wanted

    wanted = Wanted(
        words=words or (),
        kind=kind,
        batch=batch,
        place=place,
        time=time,
        finding=finding,
        stage=stage,
        since=since,
        unexamined=unexamined,
    )
    with reading(case_path(case)) as store, Narrator(quiet=quiet) as progress:
        found = listing(store, wanted, clock(), progress)
    if as_json:
        say_json({"exhibits": [as_plain(row) for row in found.rows], "of": found.exhibits})
        return
    shown = found.rows if everything else found.rows[:MOST_ROWS]
    if shown:
        table(("Name", "Kind", "Claimed", "To know", "Exhibit"), [row_of(row) for row in shown])
    more = len(found.rows) - len(shown)
    say(f"{len(found.rows):,} of {found.exhibits:,} exhibits" + (f"; {more:,} more with --all" if more else "") + ".")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command("list")(list_exhibits)
