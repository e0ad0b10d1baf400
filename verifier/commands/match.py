"""`verify match FILE`: one file against the case, without taking it in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.canonical import to_plain
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
from verifier.confinement import weaker_sentence
from verifier.errors import PathNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verifier.hashing.banks.hits import Searched
    from verifier.records import Match
    from verifier.workflow.match import Answer

MOST_SHOWN = 12


def match(
    file: Annotated[Path, typer.Argument(help="A photo, video or sound file.", show_default=False)],
    case: CaseOption = None,
    against: AgainstOption = None,
    weaker_sandbox: WeakerOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Compare one file with the case without taking it in. Ends with 0 where something is alike, 1 where nothing is."""
    if not file.is_file():
        raise PathNotFound(file)
    from verifier.commands.console import Narrator, say_json
    from verifier.commands.opening import writing
    from verifier.evidence.vault import Vault
    from verifier.executors.local import LocalExecutor
    from verifier.report.document import match_document
    from verifier.workflow.match import match as run_match
    from verifier.workflow.progress import NOT_STATED
    from verifier.workflow.sandboxing import admit

    root = case_path(case)
    settings = settings_of(root)
    banks = opened(against, settings, root)
    weaker = weaker_sandbox or settings.weaker_sandbox
    with writing(root) as store, Narrator(quiet=quiet) as progress:  # the lock: the copy lies in the case's own folder
        vault = Vault(root)
        objects, passing = vault.furnish()
        with LocalExecutor(workers=1, vault_root=objects, readable=(passing,), weaker=weaker) as executor:
            actor = operator_of(None, settings) or NOT_STATED
            missing = admit(executor.layers, store, weaker=weaker, actor=actor, clock=clock())
            answer = run_match(file, store, vault, executor, progress, banks)
        names = {a.exhibit: a.name for dossier in store.dossier().exhibits.values() for a in dossier.acquisitions}
    limits = (*([weaker_sentence(missing)] if missing else []), *answer.limits)
    if as_json:
        say_json(
            {
                "id": answer.exhibit.id,
                "known": answer.known,
                "matches": [match_document(one) for one in answer.matches],
                "banks": [to_plain(one) for one in answer.banks],
                "scope": answer.scope,
                "limits": list(limits),
            }
        )
    else:
        _tell(answer, names, limits)
    is_found = answer.matches or answer.known or any(one.hits for one in answer.banks)
    raise typer.Exit(0 if is_found else 1)


def _tell(answer: Answer, names: Mapping[str, bytes], limits: Sequence[str]) -> None:
    from verifier.commands.console import say, short, shown, table

    identity = answer.exhibit.id
    if answer.known:
        say(f"The case holds these very bytes: exhibit {identity}")
    if answer.matches:
        others = [(one, one.right if one.left == identity else one.left) for one in answer.matches]
        table(
            ("Exhibit", "Name", "Relation", "How sure", "Seconds"),
            [
                (
                    short(other),
                    shown(names.get(other, b"-"), 40),
                    one.relation.value,
                    one.tier.value,
                    _seconds(one, identity),
                )
                for one, other in others
            ],
        )
    elif not answer.known and not any(one.hits for one in answer.banks):
        say("Nothing alike was found. That is no proof that there is nothing.")
    for searched in answer.banks:
        _tell_bank(searched)
    say(f"Searched: {answer.scope}")
    for sentence in limits:
        say(sentence)


def _seconds(match: Match, file: str) -> str:
    """Which seconds of the file (first) are which of the exhibit; a picture has none."""

    def side(span: tuple[float, float] | None) -> str:
        return "picture" if span is None else f"{span[0]:.1f}–{span[1]:.1f}"

    both = [(part.left, part.right) if match.left == file else (part.right, part.left) for part in match.segments[:2]]
    told = [f"{side(own)} ↔ {side(other)}" for own, other in both]
    return "; ".join(told) + (" …" if len(match.segments) > 2 else "")


def _tell_bank(searched: Searched) -> None:
    from verifier.commands.console import say, table

    covered = f"covering {searched.scope.earliest} to {searched.scope.latest}" if searched.scope.latest else "undated"
    if not searched.scope.comparable:
        say(f"Not comparable with bank {searched.bank}: no hash of enough quality.")
    elif not searched.hits:
        say(f"No match in {searched.scope.items} items of bank {searched.bank}, {covered}.")
    else:
        say(f"Bank {searched.bank}")
        table(
            ("Item", "Relation", "How sure", "Bits apart", "Dated on or before"),
            [
                (hit.item[:20], hit.relation, hit.tier.value, hit.distance, hit.latest or "-")
                for hit in searched.hits[:MOST_SHOWN]
            ],
        )


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(match)
