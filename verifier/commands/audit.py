"""`verify audit`: is everything still what it was?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path, clock, operator_of, settings_of
from verifier.errors import EXIT_INTEGRITY, CaseInUse, CaseUnwritable, DiskFull, IntegrityBroken, NewerCase

if TYPE_CHECKING:
    from verifier.store import Store
    from verifier.workflow.integrity.audit import AuditResult

NO_SEAL = (
    "No checkpoint: somebody who knows the format could have rewritten everything. Make one: verify seal --key FILE"
)

OWN_KEYS = (
    "Their keys were taken from the case itself, where whoever rewrote it could have put others: audit with a key that "
    "was handed over by another way (--key NAME=FILE)."
)

OWN_KEY = "from this same folder: it proves nothing against who can write here"


def audit(
    case: CaseOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="A public key that must have signed every checkpoint; repeat."),
    ] = None,
    held_root: Annotated[
        list[str] | None,
        typer.Option("--root", metavar="HEX", help="A root that somebody else kept: did the log ever have it? Repeat."),
    ] = None,
    held_checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="A checkpoint that somebody else kept, however old. Repeat."),
    ] = None,
    redacted: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A redacted report that was given out: is it still what it was? Repeat."),
    ] = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    no_record: Annotated[bool, typer.Option("--no-record", help="Do not put this audit into the log.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Re-hash every object, hold every record against the custody log, and the log against its head and seals.

    With --root and --checkpoint also against what somebody else kept: 0 it fits, 3 it does not, 2 it is neither.

    The audit itself becomes an event of the log, where the case can be written and its records are whole.
    """
    from verifier.canonical import to_plain
    from verifier.commands.console import Narrator, say, say_json, table, warn
    from verifier.evidence.vault import Vault
    from verifier.workflow.integrity.audit import audit as run_audit
    from verifier.workflow.integrity.held import read_checkpoint, read_root
    from verifier.workflow.integrity.seal import keys_of_case, public_key
    from verifier.workflow.redactions import broken_redaction

    root = case_path(case)
    keys = dict(public_key(one) for one in key or ())
    roots = [read_root(one) for one in held_root or ()]
    with _opened(root) as store, Narrator(quiet=quiet) as progress:
        known = keys or keys_of_case(store)
        kept = [*roots, *(read_checkpoint(path, known) for path in held_checkpoint or ())]
        result = run_audit(store, Vault(root), progress, keys, kept)
        given_out = [item for folder in redacted or () for item in broken_redaction(store, folder.absolute())]
    unrecorded = "--no-record" if no_record else _record(root, result, operator)
    broken = [*result.problems, *given_out]
    problems = [*broken, *(problem for one in result.held for problem in one.problems())]
    if as_json:
        say_json(
            {
                "objects": result.objects,
                "events": result.events,
                "checkpoints": result.checkpoints,
                "referenced": result.referenced,
                "intact": not problems,
                "recorded": not unrecorded,
                "keys": [to_plain(one) for one in result.keys],
                "held": [{**to_plain(one), "fits": one.fits} for one in result.held],
                "problems": [to_plain(problem) for problem in problems],
            }
        )
    elif broken:
        table(("Where", "What is broken"), [(p.where, p.what) for p in broken])
    if not as_json:
        _say_held(result)
    if result.problems and not as_json:
        say("\nThe case is NOT intact. Do not repair anything: keep it as it is and work from another copy.")
    elif not all(one.fits for one in result.held) and not as_json:
        say("Within itself this case is whole, which proves nothing against who could write to it. Keep it as it is.")
    elif not as_json:
        _say_intact(result, own_keys=not keys)
    if unrecorded and not no_record:
        warn(f"This audit does not stand in the log: {unrecorded}")
    if problems:
        raise typer.Exit(EXIT_INTEGRITY)


def _opened(root: Path) -> Store:
    """The case; one that names a newer layout than this version knows and has the tables of this one was changed."""
    from verifier.commands.opening import auditing
    from verifier.store.opening import has_our_tables

    try:
        return auditing(root)
    except NewerCase as error:
        if not has_our_tables(root):
            raise
        what = "case.db names a layout that this version does not know, and has exactly the tables of this version"
        raise IntegrityBroken(what) from error


def _say_held(result: AuditResult) -> None:
    """One sentence for each root and checkpoint that somebody else kept."""
    from verifier.commands.console import say
    from verifier.visible import visible

    for held in result.held:
        named = f"The {held.what} {visible(held.given, 80)}"
        if held.problem is not None:
            say(f"{named} does NOT fit this case: {held.problem}.")
            continue
        signed = f", signed by {', '.join(visible(name) for name in held.signed_by)}" if held.signed_by else ""
        more = "the whole log" if held.size == result.events else f"the first {held.size} of {result.events} events"
        say(f"{named}{signed} fits: it is that of {more}, so none of these was changed or removed since.")


def _say_intact(result: AuditResult, *, own_keys: bool) -> None:
    from verifier.commands.console import say
    from verifier.visible import visible

    say(f"Intact since it was taken in: {result.objects} objects, {result.events} custody events.")
    say(f"{result.checkpoints} checkpoints fit the log." if result.checkpoints else NO_SEAL)
    for used in result.keys if result.checkpoints else ():
        origin = f"{used.place}, {OWN_KEY}" if used.place is not None else "given with --key"
        say(f"Key {visible(used.name)} (SHA-256 {used.fingerprint[:16]}…): {origin}.")
    if result.checkpoints and own_keys:
        say(OWN_KEYS)
    for event, at in result.recoveries:
        say(f"This case was recovered at {at} (custody event {event}); its log says what was known of it before.")
    if result.referenced:
        say(f"{result.referenced} exhibits were recorded without a copy: their bytes are not here to be checked.")
    say("This shows that nothing changed in this case since then; it does not show where a file came from.")


def _record(root: Path, result: AuditResult, operator: str | None) -> str:
    """Put the audit into the log; where that cannot be, why, as a sentence."""
    from verifier.commands.opening import writing
    from verifier.workflow.integrity.audit import record_audit
    from verifier.workflow.progress import NOT_STATED

    if not result.is_log_sound:
        return "its records or seals are broken, or do not fit what others keep; nothing is added to a log that is so."
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    try:
        with writing(root) as store:
            record_audit(store, result, actor=actor, clock=clock())
    except (CaseInUse, CaseUnwritable, DiskFull) as error:
        return error.sentence
    return ""


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(audit)
