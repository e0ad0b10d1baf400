"""`verify match FILE`: one file against the case, without taking it in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path
from verifier.errors import PathNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.workflow.match import Answer


def match(
    file: Annotated[Path, typer.Argument(help="A photo, video or sound file.", show_default=False)],
    case: CaseOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Compare one file with the case without taking it in. Ends with 0 where something is alike, 1 where nothing is."""
    if not file.is_file():
        raise PathNotFound(file)
    from verifier.commands.console import Narrator, say_json
    from verifier.commands.opening import writing
    from verifier.executors.local import LocalExecutor
    from verifier.report.document import match_document
    from verifier.vault import Vault
    from verifier.workflow.match import match as run_match

    root = case_path(case)
    with writing(root) as store, Narrator(quiet=quiet) as progress:  # the lock: the copy lies in the case's own folder
        vault = Vault(root)
        objects, passing = vault.furnish()
        with LocalExecutor(workers=1, vault_root=objects, readable=(passing,)) as executor:
            answer = run_match(file, store, vault, executor, progress)
        names = {a.exhibit: a.name for dossier in store.dossier().exhibits.values() for a in dossier.acquisitions}
    if as_json:
        say_json(
            {
                "id": answer.exhibit.id,
                "known": answer.known,
                "matches": [match_document(one) for one in answer.matches],
                "scope": answer.scope,
                "limits": list(answer.limits),
            }
        )
    else:
        _tell(answer, names)
    raise typer.Exit(0 if answer.matches or answer.known else 1)


def _tell(answer: Answer, names: Mapping[str, bytes]) -> None:
    from verifier.commands.console import say, short, shown, table

    identity = answer.exhibit.id
    if answer.known:
        say(f"The case holds these very bytes: exhibit {identity}")
    if answer.matches:
        others = [(one, one.right if one.left == identity else one.left) for one in answer.matches]
        table(
            ("Exhibit", "Name", "Relation", "How sure", "Score"),
            [
                (
                    short(other),
                    shown(names.get(other, b"-"), 40),
                    one.relation.value,
                    one.tier.value,
                    f"{one.score:.2f}",
                )
                for one, other in others
            ],
        )
    elif not answer.known:
        say("Nothing alike was found. That is no proof that there is nothing.")
    say(f"Searched: {answer.scope}")
    for sentence in answer.limits:
        say(sentence)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(match)
