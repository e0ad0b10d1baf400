"""`verify verdict A B same|different|unsure`: a person decides of a pair."""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, case_path, clock, operator_of, settings_of


def verdict(
    one: Annotated[str, typer.Argument(metavar="A", help="The beginning of one exhibit's id.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The beginning of the other's.")],
    decision: Annotated[str, typer.Argument(help="same, different or unsure")],
    note: Annotated[str, typer.Option(help="Why.")] = "",
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
) -> None:
    """Decide of a pair. It outlives every new comparison, and joins or splits groups."""
    from verifier.commands.console import say, short
    from verifier.commands.opening import writing
    from verifier.workflow.people.say import verdict as keep
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store:
        known = keep(store, one, other, decision, note, actor=actor, clock=clock())
    say(f"Kept: {short(known.left)} and {short(known.right)} are {known.decision}, says {actor}.")
    say("Next: verify dedup, which joins and splits groups by it")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(verdict)
