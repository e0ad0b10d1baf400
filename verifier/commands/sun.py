"""`verify sun`: when, where, or whether a shadow fits; or the sun's day at a place. Needs no case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import JsonOption
from verifier.errors import UsageError

if TYPE_CHECKING:
    from verifier.workflow.sun_answer import Measured

MEASURE = "a number with its error, like 1.75±0.05 or 1.75+-0.05"


def sun(
    place: Annotated[
        str | None, typer.Option(help="A city, a district or coordinates; leave out to find places.")
    ] = None,
    time: Annotated[str | None, typer.Option(help="A day, a moment or an interval; Jalali or Gregorian.")] = None,
    height: Annotated[str | None, typer.Option(help=f"Of the object: {MEASURE}.")] = None,
    length: Annotated[
        str | None, typer.Option(help=f"Of its shadow along the ground, in the same unit: {MEASURE}.")
    ] = None,
    azimuth: Annotated[
        str | None,
        typer.Option(help="Of the shadow, degrees from true north, not magnetic: 20±10."),
    ] = None,
    slope: Annotated[str, typer.Option(help="Of the ground along the shadow, + where it rises away.")] = "0±1",
    lean: Annotated[str, typer.Option(help="Of the object, + where it leans towards its shadow.")] = "0±1",
    gap: Annotated[float | None, typer.Option(help="Minutes to a second shadow of the same object.")] = None,
    second_length: Annotated[str | None, typer.Option(help="Length of that second shadow.")] = None,
    turn: Annotated[str | None, typer.Option(help="Degrees by which the shadow turned clockwise until then.")] = None,
    box: Annotated[
        str | None,
        typer.Option(help="Where to look: SOUTH,WEST,NORTH,EAST (WEST above EAST: over the date line), or 'iran'."),
    ] = None,
    step: Annotated[float, typer.Option(help="Degrees between places.")] = 0.5,
    out: Annotated[Path | None, typer.Option(help="Write the picture (.svg) or the places (.geojson) here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the sun: when, where or whether a shadow fits, with intervals and never a single minute."""
    from verifier.commands.console import say, say_json
    from verifier.workflow.sun_answer import IRAN, Question, answer

    try:
        found = answer(
            Question(
                place=place,
                time=time,
                height=_measure(height),
                length=_measure(length),
                azimuth=_measure(azimuth),
                slope=_measured(slope),
                lean=_measured(lean),
                gap_minutes=gap,
                second_length=_measure(second_length),
                turn=_measure(turn),
                box=IRAN if box == "iran" else _box(box),
                step_degrees=step,
            )
        )
    except ValueError as error:
        raise UsageError(_sentence(str(error))) from error
    if out is not None:
        _write(out, found.picture, found.geojson)
    if as_json:
        say_json(found.values)
        return
    for line in found.lines:
        say(line)


def _measure(text: str | None) -> Measured | None:
    return None if text is None else _measured(text)


def _measured(text: str) -> Measured:
    from verifier.geo.letters import western_digits
    from verifier.workflow.sun_answer import Measured

    plain = western_digits(text).replace("+-", "±").replace("+/-", "±")
    value, _, error = plain.partition("±")
    try:
        return Measured(value=float(value), error=float(error or 0.0))
    except ValueError:
        raise UsageError(f"{text} is no measure; write {MEASURE}.") from None


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"{text} is no box; write SOUTH,WEST,NORTH,EAST in degrees, like 24,44,40,64.") from None
    return south, west, north, east


def _write(out: Path, picture: str | None, geojson: str | None) -> None:
    content = geojson if out.suffix in (".geojson", ".json") else picture if out.suffix == ".svg" else None
    if content is None:
        raise UsageError(f"This answer cannot be written to {out.name}; a picture is .svg, places are .geojson.")
    out.write_text(content, encoding="utf-8")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(sun)
