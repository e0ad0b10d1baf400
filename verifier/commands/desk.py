"""`verify desk`: the same work in a browser on this computer."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, WeakerOption, case_path, clock, operator_of, settings_of
from verifier.errors import ExtraMissing, UsageError

LIBRARIES = ("starlette", "uvicorn")
EXTRA = "desk"


def desk(
    case: CaseOption = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser; only print the address.")] = False,
    idle_minutes: Annotated[
        float, typer.Option(help="End when nobody has asked for a page for so long.", min=0.001)
    ] = 60.0,
    lang: Annotated[str, typer.Option(help="Language of the pages: en or fa.")] = "en",
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym; it signs what you file.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder outside the case that reports and packages are written into.")
    ] = None,
    weaker_sandbox: WeakerOption = False,
) -> None:
    """Open the case in a browser on this computer. The address holds a word that opens it once; Ctrl-C ends it."""
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise ExtraMissing("The desk", ", ".join(missing), EXTRA)
    from verifier.commands.opening import reading
    from verifier.commands.outermost import keep_defect
    from verifier.desk.server import listen
    from verifier.desk.serving import serve
    from verifier.report.language import codes

    if lang not in codes():
        raise UsageError(f"There is no language {lang}; choose from {', '.join(codes())}.")
    root = case_path(case)
    settings = settings_of(root)
    actor = operator_of(operator, settings) or ""
    with reading(root) as store, listen() as opened:

        def begun(address: str) -> None:
            sys.stdout.write(address + "\n")
            sys.stdout.flush()
            if not no_open:
                _open(address)

        serve(
            store,
            opened,
            begun,
            actor=actor,
            lang=lang,
            clock=clock(),
            keep_defect=keep_defect,
            weaker=weaker_sandbox or settings.weaker_sandbox,
            idle_seconds=idle_minutes * 60.0,
            out=_out(out, root),
        )


def _out(out: Path | None, root: Path) -> Path | None:
    """The folder, whole. Raises UsageError where there is none or where it is of the case."""
    if out is None:
        return None
    folder = out.resolve()
    if not folder.is_dir():
        raise UsageError(f"There is no folder {out}.")
    if folder == root.resolve() or root.resolve() in folder.parents:
        raise UsageError("What is handed on is not written into the case itself; name another folder.")
    return folder


def _open(address: str) -> None:
    """Ask this computer's browser; where there is none, the address was printed."""
    import webbrowser

    if not webbrowser.open(address):
        typer.echo("No browser could be opened; open the address above yourself.", err=True)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(desk)
