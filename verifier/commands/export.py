"""`verify export`: a package that a stranger checks without this program, or one file in the form of another tool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path, clock, operator_of, settings_of
from verifier.errors import EXIT_FAULTS, EXIT_INTEGRITY, UsageError

Done = TypeVar("Done")

HOW = "A recipient checks it with: python3 -I verify_package.py DIR --root ROOT   (VERIFY.txt in it says more)"
TELL = "Tell them this root by another way than the package; without it a package is only held against itself:"


def export(
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="DIR|FILE", help="A new or empty folder; with --as, a new file.", show_default=False
        ),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="FORM",
            help="Not a package but one file: csv, xlsx (the sheet that verify import reads), kml, atlos, bayanat, "
            "benetech, uwazi, timemap; srt, vtt, elan (of one --exhibit).",
            show_default=False,
        ),
    ] = None,
    encrypt: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="Write the package as one encrypted file that only this public key's owner opens (age1… or ssh-…). "
            "Repeat it for others.",
            show_default=False,
        ),
    ] = None,
    case: CaseOption = None,
    exhibit: Annotated[list[str] | None, typer.Option(help="Only this exhibit (beginning of its id); repeat.")] = None,
    lang: Annotated[str, typer.Option(help="Language of report.json, subtitles and sheet: en or fa.")] = "en",
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a package (a BagIt bag): exhibits, records, report, the whole custody log with proofs, and its checker.
    With --as, a table or timeline for another tool instead.

    It is not redacted: it holds everything that is known of its exhibits. The export stands in the log. Ends with 3 and
    writes nothing where the case is not what was taken in, and with 3 where its last audit found something broken.
    """
    if form is not None and encrypt:
        raise UsageError("--encrypt is of a package; it does not go with --as.")
    asked = _Asked(
        root=case_path(case), to=to.absolute(), exhibits=tuple(exhibit or ()), lang=lang, operator=operator,
        as_json=as_json, quiet=quiet,
    )  # fmt: skip
    if encrypt:
        _encrypted(asked, encrypt)
    elif form is not None:
        _file(asked, form.strip().lower())
    else:
        _package(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What every kind of export is told."""

    root: Path
    to: Path
    exhibits: tuple[str, ...]  # beginnings of ids, or names
    lang: str
    operator: str | None
    as_json: bool
    quiet: bool


def _run(asked: _Asked, how: Callable[..., Done]) -> tuple[Done, bool]:
    """What was written, and whether the last audit of the case found something broken."""
    from verifier.commands.console import Narrator
    from verifier.commands.opening import failed_audit, writing
    from verifier.evidence.vault import Vault
    from verifier.workflow.progress import NOT_STATED

    with writing(asked.root) as store, Narrator(quiet=asked.quiet) as progress:
        done = how(
            store,
            Vault(asked.root),
            asked.to,
            exhibits=[store.exhibit(one).id for one in asked.exhibits],
            lang=asked.lang,
            actor=operator_of(asked.operator, settings_of(asked.root)) or NOT_STATED,
            clock=clock(),
            progress=progress,
        )
        return done, failed_audit(store) is not None


def _leave(*, is_broken: bool, has_faults: bool) -> None:
    if is_broken:
        raise typer.Exit(EXIT_INTEGRITY)
    if has_faults:
        raise typer.Exit(EXIT_FAULTS)


def _package(asked: _Asked) -> None:
    """A BagIt bag."""
    from verifier.canonical import to_plain
    from verifier.commands.console import say, say_json, size_text
    from verifier.visible import visible
    from verifier.workflow.handing.export import export as run_export

    done, is_broken = _run(asked, run_export)
    if asked.as_json:
        say_json(
            {
                "folder": str(done.folder), "exhibits": done.exhibits, "left_out": done.left_out,
                "objects": done.objects, "bytes": done.bytes, "head": to_plain(done.head),
            }
        )  # fmt: skip
    else:
        say(f"Wrote {visible(str(done.folder), 1000)}: {done.exhibits} exhibits, {size_text(done.bytes)}, "
            f"{done.head.size} events.")  # fmt: skip
        if done.left_out:
            say(f"{done.left_out} exhibits are left out; only their digests stand in it.")
        if done.objects < done.exhibits:
            say(f"{done.exhibits - done.objects} exhibits were recorded without a copy: their bytes are not in it.")
        say(HOW)
        say(TELL)
        say(done.head.root)
    _leave(is_broken=is_broken, has_faults=bool(done.faults))


def _file(asked: _Asked, form: str) -> None:
    """One file in the form of another tool."""
    from verifier.canonical import to_plain
    from verifier.commands.console import say, say_json, size_text
    from verifier.visible import visible
    from verifier.workflow.handing.forms import hand_out

    done, is_broken = _run(asked, partial(hand_out, form=form))
    if asked.as_json:
        say_json({name: str(value) if name == "path" else to_plain(value) for name, value in asdict(done).items()})
    else:
        say(f"Wrote {visible(str(done.path), 1000)}: {done.exhibits} exhibits, {size_text(done.bytes)}.")
        say(f"SHA-256 {done.sha256} (in the log)")
        say("It is not redacted; for that there is: verify report --redacted --format exchange")
        if form in ("csv", "xlsx"):
            say(f"Edit it, then: verify import {visible(done.path.name, 200)}")
    _leave(is_broken=is_broken, has_faults=False)


def _encrypted(asked: _Asked, keys: list[str]) -> None:
    """The package as one encrypted file."""
    from verifier.commands.console import say, say_json, size_text
    from verifier.visible import visible
    from verifier.workflow.handing.encrypted import export_encrypted

    done, is_broken = _run(asked, partial(export_encrypted, recipients=keys))
    packed = done.package
    if asked.as_json:
        say_json(
            {
                "file": str(done.path), "bytes": done.bytes, "sha256": done.sha256, "recipients": done.recipients,
                "exhibits": packed.exhibits, "left_out": packed.left_out, "objects": packed.objects,
                "root": packed.head.root,
            }
        )  # fmt: skip
    else:
        say(f"Wrote {visible(str(done.path), 1000)}: {packed.exhibits} exhibits, {size_text(done.bytes)}, "
            f"for {done.recipients} keys.")  # fmt: skip
        say("Its owner opens it with: age -d -i KEYFILE FILE | tar -x   and checks it as VERIFY.txt says.")
        say(TELL)
        say(packed.head.root)
    _leave(is_broken=is_broken, has_faults=bool(packed.faults))


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(export)
