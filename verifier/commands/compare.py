"""`verify compare A B --out side.mp4`: two exhibits side by side in one derived clip."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, WeakerOption, case_path, clock, operator_of, settings_of
from verifier.confinement import weaker_sentence


def compare(
    one: Annotated[str, typer.Argument(metavar="A", help="The beginning of one exhibit's id; shown left.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The beginning of the other's; shown right.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The clip to write, e.g. side.mp4", show_default=False)],
    colour: Annotated[bool, typer.Option("--colour", help="In colour; photos stay grey.")] = False,
    sound: Annotated[bool, typer.Option("--sound", help="With sound: A in the left ear, B in the right.")] = False,
    case: CaseOption = None,
    weaker_sandbox: WeakerOption = False,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
) -> None:
    """Write a clip with both exhibits side by side, from where a comparison found them alike. Grey and muted.

    The clip is derived and no evidence; that it was made is noted in the custody log.
    """
    from verifier.commands.console import say, short
    from verifier.commands.opening import writing
    from verifier.evidence.vault import Vault
    from verifier.visible import visible
    from verifier.workflow.looking.side_by_side import compare as run_compare
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    settings = settings_of(root)
    actor = operator_of(operator, settings) or NOT_STATED
    with writing(root) as store:
        shown = run_compare(
            store,
            Vault(root),
            one,
            other,
            out.absolute(),
            colour=colour,
            sound=sound,
            weaker=weaker_sandbox or settings.weaker_sandbox,
            actor=actor,
            clock=clock(),
        )
    how = "aligned by a stored link" if shown.is_aligned else "from their beginnings: no link aligns them"
    say(
        f"{visible(str(out), 400)}: {short(shown.left)} from {shown.left_start:.1f} s, {short(shown.right)} from "
        f"{shown.right_start:.1f} s, {shown.seconds:.1f} s long, {how}. Derived, no evidence."
    )
    if shown.missing:
        say(weaker_sentence(shown.missing))


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(compare)
