"""`verify incident create|add|suggest|show`: exhibits that a person says show one event."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path, clock, operator_of, settings_of
from verifier.errors import UsageError

if TYPE_CHECKING:
    from verifier.findings.events.nearness import Reason
    from verifier.findings.events.suggest import Suggestion
    from verifier.records import CustodyEvent, Incident
    from verifier.store import Store

group = typer.Typer(no_args_is_help=True, help="Exhibits that a person says show one event.")
OperatorOption = Annotated[str | None, typer.Option(help="Your name or pseudonym; it is signed with this.")]
ExhibitOption = Annotated[list[str] | None, typer.Option("--exhibit", help="The beginning of an exhibit's id; repeat.")]
IndependentOption = Annotated[
    list[str] | None, typer.Option(help="Why two recordings are independent, in your words; repeat.")
]


@group.command()
def create(
    title: Annotated[str, typer.Argument(help="What the event is called.")],
    exhibit: ExhibitOption = None,
    place: Annotated[str | None, typer.Option(help="Where it was.")] = None,
    interval: Annotated[str | None, typer.Option(help="EARLIEST/LATEST")] = None,
    independent: IndependentOption = None,
    note: Annotated[str | None, typer.Option(help="In your own words.")] = None,
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """File a new incident."""
    from verifier.commands.console import say
    from verifier.commands.opening import writing
    from verifier.records import Incident
    from verifier.visible import visible
    from verifier.workflow.people.admissible import bounds
    from verifier.workflow.people.conclude import gather_incident

    root = case_path(case)
    earliest, latest = bounds(interval)
    with writing(root) as store:
        said = Incident(
            id="",
            title=title,
            members=tuple(sorted({store.exhibit(one).id for one in exhibit or ()})),
            by=operator_of(operator, settings_of(root)) or "",
            at="",
            place=place,
            earliest=earliest,
            latest=latest,
            independence=tuple(independent or ()),
            note=note,
        )
        known = gather_incident(store, said, clock=clock())
    say(f"Filed incident {known.id}: {visible(known.title)}, {len(known.members)} exhibits.")
    say(f"Next: verify incident add {known.id} --exhibit ID")


@group.command()
def add(
    incident: Annotated[str, typer.Argument(help="The incident's id.")],
    exhibit: ExhibitOption = None,
    independent: IndependentOption = None,
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """Add exhibits, or reasons why recordings are independent. The earlier form stays in the log."""
    from verifier.commands.console import say
    from verifier.commands.opening import writing
    from verifier.workflow.people.conclude import gather_incident

    root = case_path(case)
    with writing(root) as store:
        known = _incident(store, incident)
        more = {store.exhibit(one).id for one in exhibit or ()}
        said = replace(
            known,
            members=tuple(sorted({*known.members, *more})),
            independence=(*known.independence, *(independent or ())),
            by=operator_of(operator, settings_of(root)) or "",
        )
        filed = gather_incident(store, said, clock=clock())
    say(f"Incident {filed.id} has {len(filed.members)} exhibits.")


@group.command()
def show(
    incident: Annotated[str | None, typer.Argument(help="The incident's id; none means all.")] = None,
    case: CaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show incidents with how many independent recordings they have; copies count once."""
    from verifier.canonical import to_plain
    from verifier.commands.console import pairs, say, say_json, short
    from verifier.commands.opening import reading
    from verifier.findings.copies.recordings import recordings
    from verifier.workflow.gather import gather

    with reading(case_path(case)) as store:
        known = gather(store, lazily=True)
    chosen = [one for one in known.incidents if incident is None or one.id == incident]
    if incident is not None and not chosen:
        raise UsageError(f"There is no incident {incident}.")
    counted = [(one, recordings(one, known)) for one in chosen]
    if as_json:
        say_json(
            {"incidents": [to_plain(one) | {"recordings": [list(r) for r in distinct]} for one, distinct in counted]}
        )
        return
    for one, distinct in counted:
        pairs(
            {
                "Incident": f"{one.id}  {one.title}",
                "Place": one.place or "-",
                "Time": f"{one.earliest or '?'} to {one.latest or '?'}",
                "Exhibits": ", ".join(short(member) for member in one.members) or "-",
                "Recordings": f"{len(distinct)} (copies of one recording count once)",
                "Independent": "; ".join(one.independence) or "nobody has written down why",
            }
        )
        say("")


@group.command()
def suggest(
    case: CaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Suggest which exhibits may show one event, with what argues for and against. Files nothing: you conclude.

    Joined are a certain or likely match of sound or scene, or time and place together; time alone never joins.
    """
    from verifier.commands.console import say, say_json, warn
    from verifier.commands.opening import reading
    from verifier.findings.events.suggest import suggest as run_suggest
    from verifier.workflow.gather import gather
    from verifier.workflow.people.suggestions import refused_in

    root = case_path(case)
    with reading(root) as store:
        known = gather(store, lazily=True)
        found, refused = run_suggest(known), refused_in(known.custody)
    if as_json:
        say_json(
            {
                "suggestions": [_plain(one, root, refused) for one in found.new],
                "may_belong": [_plain(one, root, refused) for one in found.belonging],
                "complete": found.is_complete,
            }
        )
        return
    for one in (*found.belonging, *found.new)[:MOST_SHOWN]:
        _tell(one, root, refused)
    total = len(found.belonging) + len(found.new)
    if not total:
        say("Nothing suggests that exhibits show one event. That says nothing about whether they do.")
    elif total > MOST_SHOWN:
        say(f"{total - MOST_SHOWN} more: verify incident suggest --json")
    if total:
        say("Suggestions only: nothing was filed. Look and listen first, then run a command with your name.")
    if not found.is_complete:
        warn("There were too many pairs near in time and place: some were not looked at.")


MOST_SHOWN = 20
MOST_LINES = 12


def _command(one: Suggestion, root: Path) -> str:
    """What would file a suggestion, ready to be run once a person agrees and signs."""
    said = (
        ["verify", "incident", "add", one.incident] if one.incident else ["verify", "incident", "create", _title(one)]
    )
    for member in one.further:
        said += ["--exhibit", member[:16]]
    if not one.incident and one.place is not None:
        said += ["--place", one.place]
    if not one.incident and one.earliest is not None:
        said += ["--interval", f"{one.earliest}/{one.latest}"]
    return shlex.join([*said, "--operator", "YOUR-NAME", "--case", str(root)])


def _title(one: Suggestion) -> str:
    when = f" {one.earliest[:10]}" if one.earliest else ""
    return f"Suggested event{when} ({one.centre[:8]})"


def _plain(one: Suggestion, root: Path, refused: Mapping[str, CustodyEvent]) -> dict[str, object]:
    from verifier.canonical import to_plain
    from verifier.workflow.people.suggestions import name_of

    event = refused.get(name_of(one))
    return {
        "incident": one.incident,
        "exhibits": list(one.members),
        "recordings": [list(recording) for recording in one.recordings],
        "place": one.place,
        "earliest": one.earliest,
        "latest": one.latest,
        "reasons": [to_plain(reason) for reason in one.reasons],
        "against": [to_plain(reason) for reason in one.against],
        "refused": None if event is None else {"by": event.actor, "at": event.at, "reason": event.detail["reason"]},
        "command": _command(one, root),
    }


def _tell(one: Suggestion, root: Path, refused: Mapping[str, CustodyEvent]) -> None:
    from verifier.commands.console import pairs, say, short
    from verifier.visible import visible
    from verifier.workflow.people.suggestions import name_of

    head = (
        f"Exhibits that may belong to incident {one.incident}" if one.incident else "Exhibits that may show one event"
    )
    pairs(
        {
            head: ", ".join(short(member) for member in one.further),
            "Recordings": f"{len(one.recordings)} (copies count once); why any two are independent is for you to write",
            "Place": one.place or "-",
            "Time": f"{one.earliest} to {one.latest}" if one.earliest else "-",
        }
    )
    for title, reasons in (("For", one.reasons), ("Against", one.against)):
        for reason in reasons[:MOST_LINES]:
            say(f"  {title}: {_sentence(reason)}")
        if len(reasons) > MOST_LINES:
            say(f"  … and {len(reasons) - MOST_LINES} more reasons {title.lower()}: --json")
    if not one.against:
        say("  Against: nothing that was read. That proves nothing.")
    event = refused.get(name_of(one))
    if event is not None:
        say(f"  Refused by {visible(event.actor, 80)}: {visible(str(event.detail['reason']), 400)}")
    say(f"  {visible(_command(one, root), 100_000)}\n")


def _sentence(reason: Reason) -> str:
    from verifier.commands.console import short
    from verifier.visible import visible

    sides = " and ".join(short(side) for side in (reason.left, reason.right) if side)
    weight = "joins; " if reason.joins else ""
    return visible(f"{sides}: {reason.text} ({weight}{reason.kind}: {', '.join(reason.references)})", 600)


def _incident(store: Store, wanted: str) -> Incident:
    for known in store.dossier().incidents:
        if known.id == wanted:
            return known
    raise UsageError(f"There is no incident {wanted}.")


def register(app: typer.Typer) -> None:
    """Hang the verbs on the app."""
    app.add_typer(group, name="incident")
