"""`verify evidence A B --out DIR`: the pictures that show why two exhibits are linked, or are not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, case_path, reading


def evidence(
    one: Annotated[str, typer.Argument(metavar="A", help="The beginning of one exhibit's id.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The beginning of the other's.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write into.", show_default=False)],
    case: CaseOption = None,
) -> None:
    """Write pictures of a pair: laid on one another, what differs, where they match; of clips a contact sheet.

    They are made from reduced grey pictures and are no evidence themselves. Ends with 1 where nothing can be laid.
    """
    from verifier.commands.console import say, short
    from verifier.evidence.vault import Vault
    from verifier.visible import visible
    from verifier.workflow.looking.evidence import write_pair

    root = case_path(case)
    with reading(root) as store:
        known, written = write_pair(store, Vault(root), one, other, out)
    if known is not None:
        say(f"{short(known.left)} and {short(known.right)}: {known.relation.value}, {known.tier.value}")
    else:
        say("No comparison linked these two.")
    for path in written:
        say(visible(str(path), 400))
    if not written:
        say("Nothing of one could be laid on the other.")
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(evidence)
