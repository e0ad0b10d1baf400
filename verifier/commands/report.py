"""`verify report --out DIR`: the pages that carry what is known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, QuietOption, case_path, clock, operator_of, settings_of
from verifier.errors import EXIT_FAULTS, EXIT_INTEGRITY, UsageError

FORMATS = ("html", "pdf", "json", "csv", "case", "geojson", "certificate", "exchange")


def report(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write into.", show_default=False)],
    case: CaseOption = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="html, pdf, json, csv, case (CASE/UCO), geojson, certificate (draft with blanks), exchange (all of "
            "verify export --as); comma-separated.",
        ),
    ] = "html,json",
    exhibit: Annotated[list[str] | None, typer.Option(help="Only this exhibit (beginning of its id); repeat.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the page: en or fa.")] = "en",
    annex: Annotated[
        bool, typer.Option("--annex", help="The annex on paper as well: annex.pdf. report.html always has it, folded.")
    ] = False,
    redacted: Annotated[
        bool, typer.Option("--redacted", help="Leave out whatever names people, devices, files or exact places.")
    ] = False,
    coordinates: Annotated[
        str, typer.Option(help="With --redacted: none, province, or 0 to 3 decimals of a degree.")
    ] = "none",
    times: Annotated[
        str | None, typer.Option(help="With --redacted: exact, day or year (day; year with --unlinkable).")
    ] = None,
    digests: Annotated[
        str, typer.Option(help="With --redacted: commit (that an exhibit exists is secret) or keep its SHA-512.")
    ] = "commit",
    keep_pictures: Annotated[
        str, typer.Option(metavar="none|coarse", help="With --redacted: no pictures, or a dozen grey points each.")
    ] = "none",
    unlinkable: Annotated[
        bool,
        typer.Option("--unlinkable", help="With --redacted: sizes, lengths, times and scores too coarse to match."),
    ] = False,
    operator: Annotated[str | None, typer.Option(help="With --redacted: who gives it out, for the log.")] = None,
    quiet: QuietOption = False,
) -> None:
    """Write the report of a case: the brief, and behind it every exhibit in full.

    Ends with 3 where the last audit found something broken, and says so on the first page; writes nothing where the
    records, seals or derivatives themselves are not what was written.
    """
    chosen = tuple(dict.fromkeys(name.strip().lower() for name in formats.split(",") if name.strip()))
    unknown = [name for name in chosen if name not in FORMATS]
    if unknown or not chosen:
        raise UsageError(
            f"There is no report format {', '.join(unknown) or '(none)'}; choose from {', '.join(FORMATS)}."
        )
    if annex and "pdf" not in chosen:
        chosen = (*chosen, "pdf")
    if redacted:
        policy = (coordinates, times or ("year" if unlinkable else "day"), digests, keep_pictures)
        root, ids = case_path(case), exhibit or []
        _redacted(root, out, chosen, ids, lang, policy, operator, unlinkable=unlinkable, annex=annex, quiet=quiet)
        return
    if unlinkable:
        raise UsageError("--unlinkable makes a redacted report coarser; give --redacted as well.")
    from verifier.commands.console import Narrator, fault_text, say
    from verifier.commands.opening import failed_audit, reading
    from verifier.evidence.vault import Vault
    from verifier.visible import visible
    from verifier.workflow.report import report as write

    root = case_path(case)
    with reading(root) as store, Narrator(quiet=quiet) as progress:
        ids = [store.exhibit(prefix).id for prefix in exhibit or []]
        written = write(
            store, Vault(root), out, formats=chosen, exhibits=ids, lang=lang, progress=progress, annex=annex
        )
        is_broken = failed_audit(store) is not None
    for path in written.files:
        say(f"Wrote {visible(str(path), 1000)}")
    if written.faults:
        kinds = Counter(fault.kind.value for fault in written.faults)
        say(f"Could not be written (a section says so in its place): {fault_text(kinds)}")
    if is_broken:
        raise typer.Exit(EXIT_INTEGRITY)
    if written.faults:
        raise typer.Exit(EXIT_FAULTS)


def _redacted(
    root: Path,
    out: Path,
    formats: tuple[str, ...],
    exhibits: list[str],
    lang: str,
    chosen: tuple[str, str, str, str],
    operator: str | None,
    *,
    unlinkable: bool,
    annex: bool,
    quiet: bool,
) -> None:
    from verifier.commands.console import Narrator, say
    from verifier.commands.opening import failed_audit, writing
    from verifier.evidence.vault import Vault
    from verifier.report.redaction.policy import Policy
    from verifier.visible import visible
    from verifier.workflow.progress import NOT_STATED
    from verifier.workflow.redact import redacted_report

    coordinates, times, digests, pictures = chosen
    if pictures not in ("none", "coarse"):
        raise UsageError(f"Pictures are left out (none) or made coarse, not {pictures}.")
    try:
        policy = Policy(
            coordinates=coordinates,
            times=times,
            digests=digests,
            pictures=pictures == "coarse",
            unlinkable=unlinkable,
        )
    except ValueError as error:
        raise UsageError(f"{error}.") from error
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store, Narrator(quiet=quiet) as progress:
        done = redacted_report(
            store, Vault(root), out.absolute(), formats=formats, exhibits=[store.exhibit(one).id for one in exhibits],
            lang=lang, policy=policy, actor=actor, clock=clock(), progress=progress, annex=annex,
        )  # fmt: skip
        is_broken = failed_audit(store) is not None
    for path in done.files:
        say(f"Wrote {visible(str(path), 1000)}")
    say(f"Searched every file for {done.searched} secret values of the case in every writing: none was found.")
    if done.too_short or done.in_our_words:
        say(f"Not searched for: {done.too_short} too short to be told from chance, {done.in_our_words} that are words "
            "of the report itself.")  # fmt: skip
    say("A recipient checks it with: sha256sum --check SHA256SUMS")
    if is_broken:
        raise typer.Exit(EXIT_INTEGRITY)


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(report)
