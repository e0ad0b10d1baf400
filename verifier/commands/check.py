"""`verify check`: judge what is stored against what is claimed."""

from __future__ import annotations

from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path, clock, operator_of, settings_of
from verifier.errors import EXIT_DONE, EXIT_FAULTS


def check(
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Judge every exhibit anew, not only what is new and what that may touch.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Hold every stored reading against every claim; no media is opened."""
    from verifier.commands.console import Narrator, fault_text, pairs, say, say_json
    from verifier.commands.opening import writing
    from verifier.workflow.check import check as run_checks
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store, Narrator(quiet=quiet) as progress:
        checked = run_checks(store, actor=actor, clock=clock(), progress=progress, everything=everything)
    counts = checked.outcomes
    if as_json:
        say_json({**counts, "faults": dict(checked.faults)})
        raise typer.Exit(EXIT_FAULTS if checked.faults else EXIT_DONE)
    words = {
        "supports": "support a claim",
        "contradicts": "contradict a claim or each other",
        "notes": "notes",
        "inconclusive": "inconclusive",
        "not_assessed": "not assessed",
    }
    pairs({words[name]: counts.get(name, 0) for name in words})
    if checked.faults:
        say("Checks that failed on an exhibit: " + fault_text(checked.faults))
    say("\nNext: verify report --out REPORT")
    raise typer.Exit(EXIT_FAULTS if checked.faults else EXIT_DONE)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(check)
