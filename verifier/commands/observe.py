"""`verify observe ID`: what a person saw or heard, at which moment; no inference."""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, case_path, clock, operator_of, settings_of


def observe(
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The beginning of the exhibit's id.")],
    what: Annotated[str, typer.Option(help="weapon, force, vehicle, casualty, landmark, text, speech, sound, …")],
    at: Annotated[str | None, typer.Option(help="Moment within the exhibit: 0:14.2, or 0:14.2-0:16")] = None,
    least: Annotated[int | None, typer.Option(min=0, help="At least so many.")] = None,
    most: Annotated[int | None, typer.Option(min=0, help="At most so many.")] = None,
    alternative: Annotated[list[str] | None, typer.Option(help="What else it could be; repeat.")] = None,
    expert: Annotated[str | None, typer.Option(help="The expert who signs an identification.")] = None,
    note: Annotated[str | None, typer.Option(help="In your own words.")] = None,
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym; it is signed with this.")] = None,
) -> None:
    """File an observation. Numbers are least and most, and are never summed over copies."""
    from verifier.commands.console import say, short
    from verifier.commands.opening import writing
    from verifier.records import Observation
    from verifier.workflow.people.admissible import moments
    from verifier.workflow.people.conclude import observe as file
    from verifier.workflow.people.conclude import vocabulary

    start, end = moments(at)
    root = case_path(case)
    with writing(root) as store:
        said = Observation(
            id="",
            exhibit=store.exhibit(exhibit).id,
            what=what,
            by=operator_of(operator, settings_of(root)) or "",
            at="",
            start_seconds=start,
            end_seconds=end,
            least=least,
            most=most,
            alternatives=tuple(alternative or ()),
            expert=expert,
            note=note,
        )
        known = file(store, said, clock=clock())
    say(f"Filed: {vocabulary()[known.what]['en']} in {short(known.exhibit)}, says {known.by}.")
    if vocabulary()[known.what].get("expert") and known.expert is None:
        say("An expert is needed before this may be called an identification.")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(observe)
