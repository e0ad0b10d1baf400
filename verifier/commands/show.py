"""`verify show ID`: one exhibit on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from verifier.commands.opening import CaseOption, JsonOption, WeakerOption, case_path, clock, operator_of, settings_of
from verifier.confinement import weaker_sentence
from verifier.errors import UsageError

MOST_READINGS = 40


def show(
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The beginning of its id, or its name.")],
    case: CaseOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every finding, link, fact and fault, and the first readings.")
    ] = False,
    readings: Annotated[bool, typer.Option("--readings", help="The same with every reading.")] = False,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Write its picture, unblurred, to --out. The custody log says so.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The picture to write, e.g. seen.jpg")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: the picture may be graphic, and I want it.")] = False,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym; --reveal is signed with this.")] = None,
    weaker_sandbox: WeakerOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show one exhibit: what it is, its recording, the strongest reasons against and for it, times, what to do next."""
    if reveal:
        _reveal(exhibit, case_path(case), out, yes, operator, weaker_sandbox)
        return
    if out is not None or yes:
        raise UsageError("--out and --yes belong to --reveal.")
    from verifier.commands.console import say, say_json
    from verifier.commands.first_screen import first_screen
    from verifier.commands.opening import reading
    from verifier.guarded import UNGUARDED
    from verifier.report.document import document
    from verifier.workflow.gather import gather
    from verifier.workflow.gathering.naming import naming
    from verifier.workflow.gathering.narrowed import decided, only

    with reading(case_path(case)) as store:
        chosen = store.exhibit(exhibit).id
        whole = decided(gather(store, lazily=True), UNGUARDED, frozenset({chosen}))
        known = document(only(whole, frozenset({chosen})))
        name = naming(store, {*_spoken_of(known)})
    shown = known["exhibits"][0]
    if as_json:
        say_json(shown | {part: known[part] for part in ("matches", "recordings", "composites")})
        return
    belongs = _belongs(chosen, known, name)
    if everything or readings:
        _tell(shown, known["matches"], belongs, readings)
        return
    for line in first_screen(whole.exhibits[chosen], whole, belongs, name):
        say(line)


def _reveal(exhibit: str, root: Path, out: Path | None, yes: bool, operator: str | None, weaker: bool) -> None:
    from verifier.commands.console import say
    from verifier.commands.opening import writing
    from verifier.evidence.vault import Vault
    from verifier.executors.local import LocalExecutor
    from verifier.visible import visible
    from verifier.workflow.looking.reveal import reveal as run_reveal
    from verifier.workflow.people.conclude import must_sign
    from verifier.workflow.sandboxing import admit

    if out is None:
        raise UsageError("Say where to write the picture: --out seen.jpg.")
    if not yes and not _agrees():
        raise UsageError("Nothing was shown, and nothing written. Say yes on a terminal, or give --yes.")
    settings = settings_of(root)
    weaker, actor = weaker or settings.weaker_sandbox, operator_of(operator, settings) or ""
    vault = Vault(root)
    with writing(root) as store:
        objects, passing = vault.furnish()
        with LocalExecutor(workers=1, vault_root=objects, readable=(passing,), weaker=weaker) as executor:
            must_sign(actor)
            missing = admit(executor.layers, store, weaker=weaker, actor=actor, clock=clock())
            made = run_reveal(store, vault, executor, exhibit, out.absolute(), actor=actor, clock=clock())
    at = "" if made.offset_seconds is None else f", its frame at {made.offset_seconds:.1f} s"
    say(f"{visible(str(out), 400)}{at}. Derived, no evidence. That you looked stands in the custody log.")
    if missing:
        say(weaker_sentence(missing))


def _agrees() -> bool:
    """Whether somebody at a terminal wants to see it; without a terminal nobody can say so."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm("The picture may be graphic, and that you look is noted. Show it?", default=False, err=True)


def _spoken_of(known: dict[str, Any]) -> Iterator[str]:
    for made in known["composites"]:
        yield from (part["exhibit"] for part in made["parts"])
    yield from (one["best"] for one in known["recordings"])


def _belongs(chosen: str, known: dict[str, Any], name: Callable[[str], str]) -> str:
    """Which recording an exhibit is of, in words."""
    for made in known["composites"]:
        if made["exhibit"] == chosen:
            parts = ", ".join(name(part["exhibit"]) for part in made["parts"])
            return f"none: it is made of parts of {parts or 'several'}"
    for one in known["recordings"]:
        excerpts = [excerpt["exhibit"] for excerpt in one["excerpts"]]
        count = len(one["copies"]) + len(excerpts)
        if chosen in one["copies"] or chosen in excerpts:
            what = "excerpt" if chosen in excerpts else "copy"
            best = "this is the best copy" if one["best"] == chosen else f"best copy: {name(one['best'])}"
            if count == 1:
                return "its own; no other exhibit was joined with it"
            return f"{what}, one of {count} of one recording; {best}"
    return "-"


def _tell(exhibit: dict[str, Any], matches: list[dict[str, Any]], recording: str, all_readings: bool) -> None:
    from verifier.commands.console import pairs, say, short, size_text, table

    pairs(
        {
            "Exhibit": exhibit["id"],
            "Kind": f"{exhibit['kind']} ({exhibit['media_type']}), {size_text(exhibit['size'])}",
            "Recording": recording,
            "SHA-512": exhibit["sha512"],
        }
    )
    say("\nTaken in")
    table(
        ("Path", "File time", "Taken in", "Inside"),
        [
            (a["path"], a["modified_at"] or "-", a["acquired_at"], short(a["inside"] or "-"))
            for a in exhibit["acquisitions"]
        ],
    )
    known = [(name, fact) for name, fact in exhibit["facts"].items() if fact is not None]
    if known:
        say("\nFacts")
        table(("What", "Value", "From", "Others disagree"), [_fact_row(name, fact) for name, fact in known])
    if exhibit["findings"]:
        say("\nFindings (an instrument's sentence; you conclude)")
        table(
            ("Question", "Outcome", "Statement"),
            [(f["question"], f["outcome"], f["statement"]) for f in exhibit["findings"]],
        )
    if matches:
        say("\nAlike")
        table(
            ("Exhibit", "Relation", "Tier", "Score"),
            [
                (short(m["right"] if m["left"] == exhibit["id"] else m["left"]), m["relation"], m["tier"], m["score"])
                for m in matches
            ],
        )
    if exhibit["faults"]:
        say("\nNot fully examined, because")
        table(("Instrument", "Why", "Detail"), [(f["instrument"], f["kind"], f["detail"]) for f in exhibit["faults"]])
    said = exhibit["readings"] if all_readings else exhibit["readings"][:MOST_READINGS]
    if said:
        say("\nReadings")
        table(("Key", "Value", "Where"), [(r["key"], r["value"], r["location"]) for r in said])
        if len(said) < len(exhibit["readings"]):
            say(f"… and {len(exhibit['readings']) - len(said)} more: verify show {short(exhibit['id'])} --readings")


def _fact_row(name: str, fact: dict[str, Any]) -> tuple[object, ...]:
    if name == "position":
        value = f"{fact['latitude']}, {fact['longitude']}"
        others = [f"{o['latitude']}, {o['longitude']}" for o in fact["others"]]
    else:
        value = str(fact["value"])
        others = [str(o["value"]) for o in fact["others"]]
    differing = [other for other in others if other != value]
    return (name, value, fact["basis"], "; ".join(differing) or "-")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(show)
