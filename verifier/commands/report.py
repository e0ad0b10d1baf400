"""`verify report --out DIR`: the pages that carry what is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, QuietOption, case_path
from verifier.errors import UsageError

FORMATS = ("html", "pdf", "json", "csv", "case", "geojson", "certificate")


def report(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write into.", show_default=False)],
    case: CaseOption = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="html, pdf, json, csv, case (CASE/UCO), geojson, certificate (draft with blanks); comma-separated.",
        ),
    ] = "html,json",
    exhibit: Annotated[list[str] | None, typer.Option(help="Only this exhibit (beginning of its id); repeat.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the page: en or fa.")] = "en",
    quiet: QuietOption = False,
) -> None:
    """Write the report of a case."""
    chosen = tuple(dict.fromkeys(name.strip().lower() for name in formats.split(",") if name.strip()))
    unknown = [name for name in chosen if name not in FORMATS]
    if unknown or not chosen:
        raise UsageError(
            f"There is no report format {', '.join(unknown) or '(none)'}; choose from {', '.join(FORMATS)}."
        )
    from verifier.commands.console import Narrator, say
    from verifier.commands.opening import reading
    from verifier.vault import Vault
    from verifier.visible import visible
    from verifier.workflow.report import report as write

    root = case_path(case)
    with reading(root) as store, Narrator(quiet=quiet) as progress:
        ids = [store.exhibit(prefix).id for prefix in exhibit or []]
        written = write(store, Vault(root), out, formats=chosen, exhibits=ids, lang=lang, progress=progress)
    for path in written:
        say(f"Wrote {visible(str(path), 1000)}")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(report)
