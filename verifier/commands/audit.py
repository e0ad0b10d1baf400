"""`verify audit`: is everything still what it was?"""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path
from verifier.errors import EXIT_INTEGRITY

NO_SEAL = (
    "No checkpoint: somebody who knows the format could have rewritten everything. Make one: verify seal --key FILE"
)


def audit(
    case: CaseOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="A public key that must have signed every checkpoint; repeat."),
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Re-hash every object, hold every record against the custody log, and the log against its head and seals."""
    from verifier.canonical import to_plain
    from verifier.commands.console import Narrator, say, say_json, table
    from verifier.commands.opening import reading
    from verifier.vault import Vault
    from verifier.workflow.audit import audit as run_audit
    from verifier.workflow.seal import public_key

    root = case_path(case)
    keys = dict(public_key(one) for one in key or ())
    with reading(root) as store, Narrator(quiet=quiet) as progress:
        result = run_audit(store, Vault(root), progress, keys)
    if as_json:
        say_json(
            {
                "objects": result.objects,
                "events": result.events,
                "checkpoints": result.checkpoints,
                "referenced": result.referenced,
                "intact": not result.problems,
                "problems": [to_plain(problem) for problem in result.problems],
            }
        )
    elif result.problems:
        table(("Where", "What is broken"), [(p.where, p.what) for p in result.problems])
        say("\nThe case is NOT intact. Do not repair anything: keep it as it is and work from another copy.")
    else:
        say(f"Intact since it was taken in: {result.objects} objects, {result.events} custody events.")
        say(f"{result.checkpoints} checkpoints fit the log." if result.checkpoints else NO_SEAL)
        if result.referenced:
            say(f"{result.referenced} exhibits were recorded without a copy: their bytes are not here to be checked.")
        say("This shows that nothing changed in this case since then; it does not show where a file came from.")
    if result.problems:
        raise typer.Exit(EXIT_INTEGRITY)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(audit)
