"""`verify claim ID`: write down what somebody says of an exhibit."""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path, clock, operator_of, settings_of


def claim(
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The beginning of the exhibit's id.")],
    by: Annotated[str, typer.Option("--by", help="Who says so; a pseudonym will do.", show_default=False)],
    place: Annotated[str | None, typer.Option(help="Where: a name or coordinates, in any of the usual forms.")] = None,
    time: Annotated[
        str | None, typer.Option(help="When: a date, an interval, 'evening of 18 Dey 1404', '۱۸ دی ۱۴۰۴' …")
    ] = None,
    description: Annotated[str | None, typer.Option(help="What it is said to show.")] = None,
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a claim word for word, and say how its place and time were understood."""
    from verifier.canonical import to_plain
    from verifier.commands.console import pairs, say, say_json
    from verifier.commands.opening import writing
    from verifier.records import Claim
    from verifier.workflow.say import claim as keep
    from verifier.workflow.telling import NOT_STATED

    root = case_path(case)
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store:
        chosen = store.exhibit(exhibit).id
        said = Claim(id="", exhibit=chosen, batch=None, by=by, place=place, time=time, description=description)
        known = keep(store, said, actor=actor, clock=clock())
    if as_json:
        say_json(to_plain(known))
        return
    pairs(
        {
            "Claim": known.id,
            "Exhibit": chosen,
            "By": known.by,
            "Place": known.place or "-",
            "Time": known.time or "-",
            "Understood as": f"{known.earliest or '?'} to {known.latest or '?'}" if known.time else "-",
        }
    )
    say("\nNext: verify check")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(claim)
