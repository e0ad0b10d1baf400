"""`verify ingest PATH…`: take evidence in, examine it, compare it, check its claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.bank import AgainstOption, opened
from verifier.commands.opening import (
    CaseOption,
    ClusterOption,
    JsonOption,
    ObjectsOption,
    QuietOption,
    WeakerOption,
    case_path,
    clock,
    operator_of,
    place_objects,
    settings_of,
)
from verifier.confinement import weaker_sentence
from verifier.errors import EXIT_DONE, EXIT_FAULTS, PathNotFound, UsageError

if TYPE_CHECKING:
    from verifier.evidence.vault import Vault
    from verifier.executors.cluster import ClusterExecutor
    from verifier.executors.local import LocalExecutor
    from verifier.findings.examined import Examination
    from verifier.settings import Settings
    from verifier.workflow.banks.keep import OpenBank
    from verifier.workflow.ingest import IngestOptions, Tally


MOST_TOLD = 2_000  # exhibits of a case that is told of at the end: it is read once more for that


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Folders and single files.", show_default=False)],
    case: CaseOption = None,
    objects: ObjectsOption = None,
    cluster: ClusterOption = None,
    batch: Annotated[
        Path | None, typer.Option(help="A TOML note on this hand-over: channel, relay chain, claims, consent …")
    ] = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of a new case.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="Workers (default: one a core).")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Look at key frames of videos only.")] = False,
    reference: Annotated[
        bool, typer.Option("--reference", help="Record digests without keeping a copy. Preserves nothing.")
    ] = False,
    makernotes: Annotated[bool, typer.Option("--makernotes", help="Decode maker notes as well (slow).")] = False,
    c2pa_trust: Annotated[Path | None, typer.Option(help="PEM file of C2PA trust anchors.")] = None,
    exiftool: Annotated[
        bool, typer.Option("--exiftool", help="Let ExifTool, if installed, read a second time. Needs --weaker-sandbox.")
    ] = False,
    only: Annotated[
        str | None, typer.Option(help="Names of instruments, with commas: run these alone, the others another day.")
    ] = None,
    retry_faults: Annotated[bool, typer.Option("--retry-faults", help="Try again what failed before.")] = False,
    against: AgainstOption = None,
    no_dedup: Annotated[bool, typer.Option("--no-dedup", help="Do not compare at the end.")] = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not check claims at the end.")] = False,
    weaker_sandbox: WeakerOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take folders and files in, examine what is new, compare it and check its claims. Run again at any time."""
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise PathNotFound(path)
    if cluster is not None and reference:
        raise UsageError("Workers of a cluster read what the case keeps: --cluster does not go with --reference.")
    root = case_path(case)
    settings = settings_of(root)
    banks = opened(against, settings, root)
    place_objects(root, objects)
    options = _options(settings, batch, operator, reference, fast, makernotes, c2pa_trust, retry_faults, only, quiet)
    weaker = weaker_sandbox or settings.weaker_sandbox
    tally, missing, whole = run_through(
        root,
        paths,
        options,
        settings,
        title,
        jobs,
        weaker,
        exiftool,
        not no_dedup,
        not no_check,
        banks,
        quiet,
        cluster,
    )
    _tell(root, tally, missing, whole, as_json)
    raise typer.Exit(EXIT_FAULTS if whole.not_fully_examined else EXIT_DONE)


def _options(
    settings: Settings,
    batch: Path | None,
    operator: str | None,
    reference: bool,
    fast: bool,
    makernotes: bool,
    c2pa_trust: Path | None,
    retry_faults: bool,
    only: str | None,
    quiet: bool,
) -> IngestOptions:
    from verifier.settings import read_batch, read_pem
    from verifier.workflow.ingest import IngestOptions

    note = read_batch(batch) if batch is not None else None
    named = operator or (note.operator if note is not None else None)
    trust = c2pa_trust or (Path(settings.c2pa_trust) if settings.c2pa_trust else None)
    return IngestOptions(
        batch=note,
        operator=operator_of(named, settings, ask=not quiet),
        reference=reference,
        fast=fast,
        makernotes=makernotes or settings.makernotes,
        c2pa_trust=read_pem(trust) if trust is not None else None,
        retry_faults=retry_faults,
        only=frozenset(name.strip() for name in only.split(",")) if only is not None else None,
    )


def run_through(
    root: Path,
    paths: list[Path],
    options: IngestOptions,
    settings: Settings,
    title: str | None,
    jobs: int | None,
    weaker: bool,
    exiftool: bool,
    dedup: bool,
    check: bool,
    banks: list[OpenBank],
    quiet: bool,
    cluster: str | None = None,
) -> tuple[Tally, tuple[str, ...], Examination]:
    """Take in what lies at the paths, examine whatever is pending, compare and check."""
    import os

    from verifier.commands.console import Narrator
    from verifier.commands.opening import now, writing
    from verifier.evidence.vault import Vault
    from verifier.store import Store
    from verifier.workflow.ingest import Work, examined
    from verifier.workflow.ingest import ingest as run_ingest
    from verifier.workflow.sandboxing import admit

    if not Store.exists(root):
        Store.create(root, title=title or settings.title or root.name, at=now(), tool_version=_version())
        _warn_of_folder(root, quiet=quiet)
    workers = jobs or settings.workers or os.cpu_count() or 1
    vault = Vault(root)
    with (
        writing(root) as store,
        _executor(cluster, vault, workers, weaker=weaker) as executor,
        Narrator(quiet=quiet) as progress,
    ):
        work = Work(
            store=store, vault=vault, executor=executor, clock=clock(), progress=progress, reads_here=cluster is None
        )
        missing = admit(
            executor.layers,
            store,
            weaker=weaker,
            outside=("exiftool",) if exiftool else (),
            actor=options.actor,
            clock=clock(),
        )
        tally = run_ingest([os.fsencode(path.absolute()) for path in paths], work, options)
        if exiftool:
            from verifier.workflow.second_reading import read_again

            read_again(store, vault, actor=options.actor, clock=clock(), progress=progress)
        if dedup:
            from verifier.workflow.dedup import dedup as run_dedup

            run_dedup(store, vault, actor=options.actor, clock=clock(), progress=progress,
                                 retry_faults=options.retry_faults)  # fmt: skip
        if banks:
            from verifier.workflow.banks.search import search_banks

            search_banks(store, vault, banks, actor=options.actor, clock=clock(), progress=progress,
                                retry_faults=options.retry_faults)  # fmt: skip
        if check:
            from verifier.workflow.check import check as run_checks

            run_checks(store, actor=options.actor, clock=clock(), progress=progress)
        return tally, missing, examined(store)


def _executor(cluster: str | None, vault: Vault, workers: int, *, weaker: bool) -> LocalExecutor | ClusterExecutor:
    objects, passing = vault.furnish()
    if cluster is None:
        from verifier.executors.local import LocalExecutor

        return LocalExecutor(workers=workers, vault_root=objects, readable=(passing,), weaker=weaker)
    from verifier.executors.bench import Place
    from verifier.executors.cluster import ClusterExecutor
    from verifier.storage import read_storage

    bucket = read_storage(vault.root).objects
    return ClusterExecutor(cluster, Place(objects=bucket, folder=None if bucket else str(vault.root)), weaker=weaker)


def _warn_of_folder(root: Path, *, quiet: bool) -> None:
    """Once, when a case is made; `verify doctor --case` says it at any time."""
    from verifier.commands.console import warn
    from verifier.workflow.dwelling import warnings

    for state in () if quiet else warnings(root):
        warn(f"verify: the folder of this case: {state.sentence}")


def _version() -> str:
    from verifier import __version__

    return __version__


def _tell(root: Path, tally: Tally, missing: tuple[str, ...], whole: Examination, as_json: bool) -> None:
    from verifier.commands.console import examined_text, pairs, say, say_json, size_text
    from verifier.commands.opening import reading
    from verifier.commands.status import tell as tell_status
    from verifier.visible import visible
    from verifier.workflow.standing import standing

    if as_json:
        say_json(
            {
                "case": str(root),
                "new": tally.new,
                "again": tally.again,
                "known": tally.known,
                "members": tally.members,
                "skipped": tally.skipped,
                "bytes": tally.bytes,
                "examined": tally.examined,
                "not_fully_examined": whole.not_fully_examined,
                "faults": whole.faults,
                "weaker_sandbox": list(missing),
            }
        )
        return
    rows: dict[str, object] = {
        "New exhibits": f"{tally.new} ({size_text(tally.bytes)})",
        "Same bytes at another path": tally.again,
        "Known, unchanged": tally.known,
        "Skipped": f"{tally.skipped}" + (" (each with its reason in the report)" if tally.skipped else ""),
    }
    if tally.members:
        rows["Found inside archives"] = tally.members
    rows["Not fully examined"] = examined_text(whole)
    rows["Case"] = visible(str(root))
    pairs(rows)
    say("")
    if whole.exhibits > MOST_TOLD:
        say(f"Next: verify status --case {visible(str(root))}")
    else:
        with reading(root) as store:
            tell_status(standing(store), root, heads=False)
    if missing:  # the last word, so that nobody overlooks it
        say(f"\n{weaker_sentence(missing)}")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(ingest)
