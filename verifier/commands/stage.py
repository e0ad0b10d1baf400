"""`verify stage ID STAGE`: where an exhibit stands in people's work."""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, case_path, clock, operator_of, settings_of


def stage(
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The beginning of the exhibit's id.")],
    reached: Annotated[
        str,
        typer.Argument(metavar="STAGE", help="received, triaged, analysed, second-reviewed, finalised or excluded"),
    ],
    reason: Annotated[str | None, typer.Option(help="Why; an exhibit is excluded for a reason.")] = None,
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym; it is signed with this.")] = None,
) -> None:
    """Move an exhibit on in people's work. Every earlier stage stays in the log."""
    from verifier.commands.console import say, short
    from verifier.commands.opening import writing
    from verifier.records import Standing
    from verifier.workflow.people.conclude import stand

    root = case_path(case)
    with writing(root) as store:
        said = Standing(
            id="",
            exhibit=store.exhibit(exhibit).id,
            stage=reached,
            reason=reason,
            by=operator_of(operator, settings_of(root)) or "",
            at="",
        )
        known = stand(store, said, clock=clock())
    say(f"{short(known.exhibit)} is {known.stage}, says {known.by}.")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(stage)
