"""`verify dedup`: compare everything with everything; groups and links."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verifier.commands.bank import AgainstOption, opened
from verifier.commands.opening import (
    CaseOption,
    JsonOption,
    QuietOption,
    WeakerOption,
    case_path,
    clock,
    operator_of,
    settings_of,
)
from verifier.errors import EXIT_DONE, EXIT_FAULTS

if TYPE_CHECKING:
    from verifier.evidence.vault import Vault
    from verifier.workflow.embed import Model

SCOPE = (
    "Scope: hashes are compared exactly, within 48 bits of 256; search by local features is not exhaustive. "
    "What was not found may still be there."
)
MODEL_RESIDENT_BYTES = 8 << 30  # a worker is not replaced only because the model it holds is large


def dedup(
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Compare everything anew, not only what is new.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Look with local features at every clip, not only at leads (slow).")
    ] = False,
    embedder: Annotated[
        Path | None, typer.Option(help="Your own ONNX embedding model: it proposes pairs, verification decides.")
    ] = None,
    weaker_sandbox: WeakerOption = False,
    retry_faults: Annotated[bool, typer.Option("--retry-faults", help="Compare again what failed before.")] = False,
    against: AgainstOption = None,
    review: Annotated[
        bool, typer.Option("--review", help="Then walk through the links that wait for a person, and decide.")
    ] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the links as CSV on standard output.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Compare every exhibit with every other, incrementally; show recordings, composites and the links between them."""
    from verifier.commands.console import Narrator, fault_text, say, say_json
    from verifier.commands.opening import writing
    from verifier.evidence.vault import Vault
    from verifier.findings.summary import undecided
    from verifier.report.document import alike
    from verifier.workflow.banks.search import search_banks
    from verifier.workflow.check import check as run_checks
    from verifier.workflow.dedup import dedup as run_dedup
    from verifier.workflow.gather import gather
    from verifier.workflow.progress import NOT_STATED
    from verifier.workflow.sandboxing import admit

    root = case_path(case)
    settings = settings_of(root)
    actor = operator_of(operator, settings) or NOT_STATED
    banks = opened(against, settings, root)
    weaker = weaker_sandbox or settings.weaker_sandbox
    with (
        writing(root) as store,
        Narrator(quiet=quiet) as progress,
        _model(embedder, Vault(root), weaker=weaker) as model,
    ):
        if model is not None:
            admit(model.executor.layers, store, weaker=weaker, actor=actor, clock=clock())
        compared = run_dedup(
            store,
            Vault(root),
            actor=actor,
            clock=clock(),
            progress=progress,
            deep=deep,
            everything=everything,
            embedder=model,
            retry_faults=retry_faults,
        )
        faults = compared.faults
        if banks:
            faults += search_banks(store, Vault(root), banks, actor=actor, clock=clock(), progress=progress,
                                   retry_faults=retry_faults).faults  # fmt: skip
            faults += run_checks(store, actor=actor, clock=clock(), progress=progress).faults
        case_now = gather(store, lazily=True)
        known, waiting = alike(case_now), len(undecided(case_now))
        names = {
            key: name.decode("utf-8", "replace") for key, name in store.tallies.first_names(_spoken_of(known)).items()
        }
    if review:
        _review(root, actor)
        return
    if as_json:
        say_json({name: known[name] for name in ("groups", "recordings", "composites", "matches")})
    elif as_csv:
        _csv(known["matches"])
    else:
        _tell(known, names, waiting, root)
        if faults:
            say("Could not be compared (see the report): " + fault_text(faults))
    raise typer.Exit(EXIT_FAULTS if faults else EXIT_DONE)


@contextmanager
def _model(path: Path | None, vault: Vault, *, weaker: bool) -> Iterator[Model | None]:
    """The model with a worker of its own, which may read it, its note and our derivatives. Raises BadSettings."""
    if path is None:
        yield None
        return
    import importlib.util

    from verifier.errors import BadSettings
    from verifier.executors.local import LocalExecutor
    from verifier.workflow.embed import Model, model_digest

    if importlib.util.find_spec("onnxruntime") is None:
        raise BadSettings(path, "onnxruntime is not installed: pip install verifier[onnx]")
    digest = model_digest(path)
    note = path.with_name(path.name + ".json")
    with LocalExecutor(
        workers=1,
        vault_root=vault.derivatives,
        readable=(path, note) if note.exists() else (path,),
        instruments="verifier.executors.models",
        most_resident_bytes=MODEL_RESIDENT_BYTES,
        weaker=weaker,
    ) as executor:
        yield Model(path=path, digest=digest, executor=executor)


def _review(root: Path, actor: str) -> None:
    """The walk, and groups anew by what was decided."""
    from verifier.commands.console import Narrator
    from verifier.commands.opening import writing
    from verifier.commands.review_walk import walk
    from verifier.evidence.vault import Vault
    from verifier.workflow.dedup import dedup as run_dedup

    with writing(root) as store:
        if walk(store, Vault(root), actor):
            run_dedup(store, Vault(root), actor=actor, clock=clock(), progress=Narrator(quiet=True))


def _spoken_of(known: dict[str, Any]) -> list[str]:
    """Exhibits that a link, a group or a composite names."""
    found = {str(match[side]) for match in known["matches"] for side in ("left", "right")}
    found |= {str(member) for group in known["groups"] for member in group["members"]}
    found |= {str(part["exhibit"]) for made in known["composites"] for part in made["parts"]}
    return sorted(found | {str(made["exhibit"]) for made in known["composites"]})


def _csv(matches: list[dict[str, object]]) -> None:
    import csv
    import sys

    columns = ("left", "right", "relation", "medium", "tier", "score", "method")
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    writer.writerows([[match[column] for column in columns] for match in matches])


def _tell(known: dict[str, Any], names: dict[str, str], waiting: int, root: Path) -> None:
    from verifier.commands.console import say, short, table
    from verifier.visible import visible

    grouped = set()
    for number, group in enumerate(known["groups"], start=1):
        members = [str(member) for member in group["members"]]
        grouped.update(members)
        say(f"Recording {number}: {len(members)} copies and excerpts ({group['reason']})")
        marks = {str(group["best"]): "best generation", str(group["earliest"]): "earliest known"}
        rows = [(short(member), names.get(member, ""), marks.get(member, "")) for member in members]
        table(("Exhibit", "Name", ""), rows)
        say("")
    for made in known["composites"]:
        parts = ", ".join(visible(names.get(part["exhibit"], part["exhibit"][:12]), 40) for part in made["parts"])
        say(
            f"Composite: {visible(names.get(made['exhibit'], ''), 40)} holds parts of {parts or 'others'} "
            "and joins none.\n"
        )
    others = [match for match in known["matches"] if not {match["left"], match["right"]} <= grouped]
    if others:
        say("Links between different recordings, and with composites")
        table(
            ("Left", "", "Relation", "How sure", "Right", ""),
            [
                (
                    short(str(match["left"])),
                    visible(names.get(str(match["left"]), ""), 28),
                    match["relation"],
                    match["tier"],
                    short(str(match["right"])),
                    visible(names.get(str(match["right"]), ""), 28),
                )
                for match in others
            ],
        )
    if waiting:
        say(f"{waiting} pairs wait for a person: verify dedup --review --case {visible(str(root))}")
    say(SCOPE)
    if not known["matches"]:
        say("No two exhibits of this case were found alike.")
    say(f"\nNext: verify report --case {visible(str(root))} --out REPORT")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(dedup)
