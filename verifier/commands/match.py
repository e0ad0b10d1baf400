"""`verify match FILE`: one file against the case, without taking it in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path
from verifier.errors import PathNotFound


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
    from verifier.commands.opening import reading
    from verifier.vault import Vault
    from verifier.workflow.match import match as run_match

    root = case_path(case)
    with reading(root) as store, Narrator(quiet=quiet) as progress:
        answer = run_match(file, store, Vault(root), progress)
    if as_json:
        say_json(answer)
    else:
        _tell(answer)
    raise typer.Exit(0 if answer["matches"] or answer["known"] else 1)


def _tell(answer: dict[str, Any]) -> None:
    from verifier.commands.console import say, short, table

    if answer["known"]:
        say(f"The case holds these very bytes: exhibit {answer['id']}")
    if answer["matches"]:
        table(
            ("Exhibit", "Name", "Relation", "How sure", "Score", "From – to"),
            [
                (short(m["other"]), m["name"], m["relation"], m["tier"], m["score"], m["where"])
                for m in answer["matches"]
            ],
        )
    elif not answer["known"]:
        say("Nothing alike was found.")
    say(f"Searched: {answer['scope']}")
    for sentence in answer["limits"]:
        say(sentence)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(match)
