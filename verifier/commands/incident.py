"""`verify incident create|add|show`: exhibits that a person says show one event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path, clock, operator_of, settings_of
from verifier.errors import UsageError

if TYPE_CHECKING:
    from verifier.records import Incident
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
    from verifier.commands.assess import bounds
    from verifier.commands.console import say
    from verifier.commands.opening import writing
    from verifier.records import Incident
    from verifier.visible import visible
    from verifier.workflow.conclude import gather_incident

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
    from verifier.workflow.conclude import gather_incident

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
    from verifier.workflow.corroborate import recordings

    with reading(case_path(case)) as store:
        known = store.dossier()
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


def _incident(store: Store, wanted: str) -> Incident:
    for known in store.dossier().incidents:
        if known.id == wanted:
            return known
    raise UsageError(f"There is no incident {wanted}.")


def register(app: typer.Typer) -> None:
    """Hang the verbs on the app."""
    app.add_typer(group, name="incident")
