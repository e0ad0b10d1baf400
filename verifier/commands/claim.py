"""`verify claim ID`: write down what somebody says of an exhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path, clock, operator_of, settings_of

if TYPE_CHECKING:
    from verifier.findings.claims import ReadClaim

MOST_TOLD = 3  # the rest is counted


def claim(
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The beginning of the exhibit's id.")],
    by: Annotated[str, typer.Option("--by", help="Who says so; a pseudonym will do.", show_default=False)],
    place: Annotated[str | None, typer.Option(help="Where: a name or coordinates, in any of the usual forms.")] = None,
    time: Annotated[
        str | None, typer.Option(help="When: a date, an interval, 'evening of 18 Dey 1404', '۱۸ دی ۱۴۰۴' …")
    ] = None,
    description: Annotated[str | None, typer.Option(help="What it is said to show.")] = None,
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a claim word for word, and say how its place and time were understood."""
    from verifier.canonical import to_plain
    from verifier.commands.console import pairs, say, say_json
    from verifier.commands.opening import writing
    from verifier.records import Claim
    from verifier.workflow.people.say import claim as keep
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store:
        chosen = store.exhibit(exhibit).id
        said = Claim(id="", exhibit=chosen, batch=None, by=by, place=place, time=time, description=description)
        understood = keep(store, said, actor=actor, clock=clock())
    known = understood.claim
    if as_json:
        say_json(
            to_plain(known)
            | _bounds(understood)
            | _points(understood)
            | {"place_understood": _place(understood), "time_understood": _time(understood)}
            | {"not_understood": list(understood.problems)}
        )
        return
    pairs(
        {
            "Claim": known.id,
            "Exhibit": chosen,
            "By": known.by,
            "Place": known.place or "-",
            "understood as": _place(understood) or "not known to the gazetteer; only its words are kept",
            "Time": known.time or "-",
            "understood as ": _time(understood) or "not bounded; only its words are kept",
        }
    )
    for problem in understood.problems:
        say(f"Not understood, kept word for word: {problem}.")
    say("\nNext: verify check")


def _place(understood: ReadClaim) -> str | None:
    if understood.place is None or not understood.place.candidates:
        return None
    from verifier.geo.told_place import told_place

    candidates, words = understood.place.candidates, understood.place.unplaced
    told = "; or ".join(
        f"{told_place(candidate.place)} within {candidate.radius_metres / 1000:g} km"
        for candidate in candidates[:MOST_TOLD]
    )
    more = f"; or {len(candidates) - MOST_TOLD} more places" if len(candidates) > MOST_TOLD else ""
    kept = f" (kept as words: {', '.join(words)})" if words else ""
    return told + more + kept


def _points(understood: ReadClaim) -> dict[str, Any]:
    """The candidates with their points, and what the words leave open, for JSON."""
    from verifier.geo.told_place import told_place

    if understood.place is None:
        return {"candidates": [], "words_kept": [], "place_notes": []}
    return {
        "candidates": [
            {
                "name": told_place(candidate.place),
                "level": candidate.place.level,
                "latitude": candidate.place.latitude_degrees,
                "longitude": candidate.place.longitude_degrees,
                "radius_metres": candidate.radius_metres,
                "source": candidate.place.source or None,
                "may_contradict": candidate.anchor is not None,
            }
            for candidate in understood.place.candidates
        ],
        "words_kept": list(understood.place.unplaced),
        "place_notes": list(understood.place.notes),
    }


def _bounds(understood: ReadClaim) -> dict[str, str | None]:
    """Both ends of the time as RFC 3339, None where it is open; nothing where the words were not understood."""
    interval = understood.interval
    if interval is None:
        return {}
    return {
        "earliest": interval.earliest.isoformat() if interval.earliest else None,
        "latest": interval.latest.isoformat() if interval.latest else None,
    }


def _time(understood: ReadClaim) -> str | None:
    interval = understood.interval
    if interval is None:
        return None
    bounds = [f"{end:%Y-%m-%d %H:%M} UTC" if end is not None else "?" for end in (interval.earliest, interval.latest)]
    notes = f" ({'; '.join(interval.notes)})" if interval.notes else ""
    return f"{bounds[0]} to {bounds[1]}{notes}"


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(claim)
