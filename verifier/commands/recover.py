"""`verify recover`: make a case again of what a lost database has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import (
    SECONDS_TO_WAIT_FOR_ANOTHER,
    CaseOption,
    JsonOption,
    QuietOption,
    case_path,
    now,
    operator_of,
    settings_of,
)
from verifier.errors import EXIT_INTEGRITY

if TYPE_CHECKING:
    from verifier.workflow.integrity.recover import Recovered

CANNOT = (
    "Not rebuilt, because only the database knew it: names, paths and dates of the files, when and in which hand-over "
    "they came, what was skipped or referenced without a copy, claims, readings, comparisons, findings, observations, "
    "reviews and conclusions, and every event of the old log."
)
NEXT = (
    "Take the original folders in again where they still exist (verify ingest FOLDER): names and paths come back "
    "beside the same bytes, and everything is examined anew."
)


def recover(
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the case, if its database is lost.")] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Rebuild what can be rebuilt where the database is lost or its log does not fit; say what cannot be.

    Nothing is deleted: what lay there is kept, unchanged, under custody/before-recovery-N. Ends with 3 where an object
    is not what it was.
    """
    from verifier import __version__
    from verifier.commands.console import Narrator
    from verifier.evidence.vault import Vault
    from verifier.workflow.integrity.recover import recover as run_recovery
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    settings = settings_of(root)
    with Narrator(quiet=quiet) as progress:
        done = run_recovery(
            root,
            Vault(root),
            title=title or settings.title or root.name,
            tool_version=__version__,
            actor=operator_of(operator, settings) or NOT_STATED,
            clock=now,
            progress=progress,
            wait_seconds=SECONDS_TO_WAIT_FOR_ANOTHER,
        )
    _tell(done, as_json=as_json)
    if done.broken:
        raise typer.Exit(EXIT_INTEGRITY)


def _tell(done: Recovered, *, as_json: bool) -> None:
    from verifier.canonical import to_plain
    from verifier.commands.console import say, say_json, table

    if as_json:
        say_json(
            {
                "kept_in": done.folder,
                "database": done.database,
                "old_events": done.old_events,
                "events": done.events,
                "exhibits": done.exhibits,
                "seals": done.seals,
                "broken": [to_plain(problem) for problem in done.broken],
            }
        )
        return
    if done.broken:
        table(("Where", "What is broken"), [(problem.where, problem.what) for problem in done.broken])
    say(f"What lay there is kept, unchanged, in {done.folder}.")
    stated = "of which nothing is known" if done.old_events is None else f"of {done.old_events} events by its head"
    if done.is_continued:
        say(f"The old database is whole in itself and goes on; its head did not fit or was missing (a log {stated}).")
        say("Whether its last events were cut off, only a seal or a copy held elsewhere can tell.")
    else:
        say(f"The old database is {done.database} (a log {stated}); a new one was made, with a new log.")
    say(f"{done.exhibits} exhibits were hashed again and taken in as recovered.")
    if done.seals:
        say(f"What {done.seals} files of old seals and time stamps say stands in the log.")
    if not done.is_continued:
        say(CANNOT)
        say(NEXT)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(recover)
