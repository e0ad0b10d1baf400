"""What every verb has in common: where the case is, what time it is, how the case and its settings are opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from verifier.records import CustodyEvent
    from verifier.settings import Settings
    from verifier.store import Store

CaseOption = Annotated[
    str | None,
    typer.Option("--case", help="The case folder (else $VERIFY_CASE, else ./case).", show_default=False),
]
ObjectsOption = Annotated[
    str | None,
    typer.Option(help="Where a new case keeps evidence: s3://BUCKET/PREFIX (else in its folder).", show_default=False),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        help="Examine on the workers of a Dask cluster: tls://HOST:PORT, tcp://HOST:PORT.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
WeakerOption = Annotated[
    bool,
    typer.Option(
        "--weaker-sandbox",
        help="Open hostile files although a layer of the sandbox is not in force. Log and reports say so.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but results and errors.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")]

SECONDS_TO_WAIT_FOR_ANOTHER = 5.0


def case_path(given: str | Path | None) -> Path:
    """`--case`, else `$VERIFY_CASE`, else `./case`; made absolute so that a later change of folder cannot matter.

    The address of a case in PostgreSQL stands for its folder on this machine: `./SCHEMA.case`.
    """
    words = str(given or os.environ.get("VERIFY_CASE") or "case")
    return joined(words) if words.startswith("postgresql:") else Path(words).absolute()


def joined(address: str) -> Path:
    """The folder on this machine of a case in PostgreSQL, made when the case is first named here."""
    from dataclasses import replace

    from verifier.errors import UsageError
    from verifier.storage import read_storage, write_storage
    from verifier.store import OBJECTS, Store
    from verifier.store.postgres.engine import place_of
    from verifier.visible import visible

    folder = Path(f"{place_of(address).schema}.case").absolute()
    storage = read_storage(folder)
    if storage.database is None:
        if Store.exists(folder):
            raise UsageError(f"{visible(str(folder))} is a case of its own; work in another folder.")
        storage = replace(storage, database=address)
        write_storage(folder, storage)
    if storage.database != address:
        raise UsageError(f"{visible(str(folder))} belongs to {storage.database}; work in another folder.")
    if storage.objects is None and Store.exists(folder):
        with Store.open(folder, writing=False) as store:
            kept = store.setting(OBJECTS)
        if isinstance(kept, str):
            write_storage(folder, replace(storage, objects=kept))
    return folder


def now() -> str:
    """The clock of this computer, RFC 3339 UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clock() -> Callable[[], str]:
    """The clock handed to the workflow."""
    return now


def place_objects(case: Path, objects: str | None) -> None:
    """Have a case that is about to be made keep its objects there. Raises UsageError where it keeps them elsewhere."""
    from dataclasses import replace

    from verifier.errors import UsageError
    from verifier.evidence.bucket import Bucket
    from verifier.storage import read_storage, write_storage
    from verifier.store import Store

    storage = read_storage(case)
    if objects is None or storage.objects == objects:
        return
    if Store.exists(case):
        place = storage.objects or "in its folder"
        raise UsageError(f"This case keeps its objects {place}; that is settled when a case is made.")
    Bucket(objects)
    write_storage(case, replace(storage, objects=objects))


def settings_of(case: Path) -> Settings:
    """The case's own `verify.toml`, or defaults."""
    from verifier.settings import read_settings

    return read_settings(case / "verify.toml")


def reading(case: Path) -> Store:
    """The case opened to be read. Raises `IntegrityBroken` where its log does not fit its head."""
    store = auditing(case)
    with ExitStack() as undo:
        undo.callback(store.close)
        store.fit()
        warn_of_audit(store)
        undo.pop_all()
    return store


def auditing(case: Path) -> Store:
    """The case opened to be read even where its log does not fit its head: an audit says what is broken."""
    from verifier.store import Store

    return Store.open(case, writing=False)


def writing(case: Path) -> Store:
    """The case opened to be written; waits a little for another verify to finish, then refuses."""
    from verifier.store import Store

    store = Store.open(case, writing=True, wait_seconds=SECONDS_TO_WAIT_FOR_ANOTHER)
    with ExitStack() as undo:
        undo.callback(store.close)
        warn_of_audit(store)
        undo.pop_all()
    return store


def warn_of_audit(store: Store) -> None:
    """Say on standard error, before anything else, that the last audit found something broken."""
    last = failed_audit(store)
    if last is None:
        return
    typer.echo(
        f"The last audit of this case ({last.at}, custody event {last.seq}) found that something in it is not what it "
        "was. Do not rely on what follows before that is explained: verify audit names every place.",
        err=True,
    )


def failed_audit(store: Store) -> CustodyEvent | None:
    """The event of the last audit, if it found something broken."""
    from verifier.report.custody_history import AUDIT, found_broken

    last = store.last_event(AUDIT, "case")
    return last if last is not None and found_broken(last) else None


def operator_of(given: str | None, settings: Settings, *, ask: bool = False) -> str | None:
    """Given, configured, or asked for on a terminal; never the system's user name, which could betray a person."""
    import sys

    named = given or os.environ.get("VERIFY_OPERATOR") or settings.operator
    if named or not ask or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return named or None
    typer.echo("Who takes this in? A name or pseudonym for the custody log (Enter: not stated).", err=True)
    return typer.prompt("Operator", default="", show_default=False, err=True).strip() or None
