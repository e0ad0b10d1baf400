"""The command line's front: the verbs, in the order of the work.

Importing this loads typer and nothing heavier: every verb imports what it needs when it is run.
"""

from __future__ import annotations

import typer

from verifier.commands import (
    assess,
    audit,
    bank,
    bring_in,
    check,
    claim,
    compare,
    dedup,
    desk,
    doctor,
    evidence,
    export,
    find,
    geolocate,
    incident,
    ingest,
    listing,
    match,
    notes,
    observe,
    recover,
    report,
    seal,
    show,
    stage,
    status,
    sun,
    verdict,
    worker,
)
from verifier.commands.outermost import Corridor

app = typer.Typer(
    cls=Corridor,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Take in photos and videos as evidence, find every copy, test claims, and report. "
    "Instruments report; people conclude.",
    epilog="Begin with: verify ingest FOLDER    then: verify report --out REPORT",
)


def _version(wanted: bool) -> None:
    if wanted:
        from verifier import __version__

        typer.echo(f"verify {__version__}")
        raise typer.Exit


@app.callback()
def front(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Options before the verb."""


for verb in (
    ingest,
    status,
    listing,
    find,
    dedup,
    match,
    bank,
    evidence,
    compare,
    verdict,
    claim,
    check,
    assess,
    observe,
    incident,
    stage,
    geolocate,
    notes,
    sun,
    report,
    audit,
    seal,
    export,
    bring_in,
    recover,
    show,
    desk,
    doctor,
    worker,
):
    verb.register(app)
