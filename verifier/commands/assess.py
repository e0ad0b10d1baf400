"""`verify assess` and `verify review`: conclusions, a second one filed blind, and what settles two that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import CaseOption, case_path, clock, operator_of, settings_of
from verifier.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.records import Assessment

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The beginning of the exhibit's id.")]
QuestionOption = Annotated[
    str, typer.Option("--question", "-q", help="time, place, source, provenance, content, alteration or audio")
]
LevelOption = Annotated[
    str, typer.Option("--level", "-l", help="established, probable, possible, not-established or contradicted")
]
BecauseOption = Annotated[list[str] | None, typer.Option(help="What it rests on: a finding's code, a reading; repeat.")]
ContraryOption = Annotated[list[str] | None, typer.Option(help="What argues against it; repeat.")]
IntervalOption = Annotated[
    str | None, typer.Option(help="For time: EARLIEST/LATEST, e.g. 2026-01-08T14:00Z/2026-01-08T16:30Z")
]
PrecisionOption = Annotated[
    str | None, typer.Option(help="For place: exact (10 m), vicinity (100 m), locality (1 km), city, province, country")
]
NoteOption = Annotated[str | None, typer.Option(help="In your own words.")]
ResolvesOption = Annotated[
    str | None,
    typer.Option(metavar="ID", help="The id of one of two reviewed assessments that differ; this settles it."),
]
OperatorOption = Annotated[str | None, typer.Option(help="Your name or pseudonym; it is signed with this.")]


def assess(
    exhibit: IdArgument,
    question: QuestionOption,
    level: LevelOption,
    because: BecauseOption = None,
    contrary: ContraryOption = None,
    interval: IntervalOption = None,
    precision: PrecisionOption = None,
    note: NoteOption = None,
    resolves: ResolvesOption = None,
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """File your conclusion on one question. It stays hidden until a second person has filed theirs."""
    from dataclasses import replace

    from verifier.commands.console import say, short
    from verifier.commands.opening import writing
    from verifier.workflow.people.conclude import assess as file

    root = case_path(case)
    with writing(root) as store:
        said = _said(
            store.exhibit(exhibit).id, root, question, level, because, contrary, interval, precision, note, operator
        )
        known = file(store, replace(said, resolves=resolves), clock=clock())
    if known.resolves is not None:
        say(f"Resolved: {known.question.value} of {short(known.exhibit)} is {known.level}, says {known.analyst}.")
        say("The two assessments that differ are kept beside it.")
        return
    say(f"Filed: {known.question.value} of {short(known.exhibit)} is {known.level}, says {known.analyst}.")
    say(f"Next: another person runs verify review {short(known.exhibit)} --question {known.question.value} …")


def review(
    exhibit: IdArgument,
    question: QuestionOption,
    level: LevelOption,
    because: BecauseOption = None,
    contrary: ContraryOption = None,
    interval: IntervalOption = None,
    precision: PrecisionOption = None,
    note: NoteOption = None,
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """File your own conclusion as the second person, without having seen the first; then both are shown."""
    from verifier.commands.console import say, table
    from verifier.commands.opening import writing
    from verifier.workflow.people.conclude import review as file

    root = case_path(case)
    with writing(root) as store:
        said = _said(
            store.exhibit(exhibit).id, root, question, level, because, contrary, interval, precision, note, operator
        )
        both = file(store, said, clock=clock())
    table(
        ("", "By", "Level", "Because", "Against", "Note"),
        [
            (which, a.analyst, a.level, "; ".join(a.because), "; ".join(a.contrary), a.note or "-")
            for which, a in (("first", both.first), ("second", both.second))
        ],
    )
    say(
        "Both agree."
        if both.agree
        else f"They differ. Both are kept. To settle it: verify assess … --resolves {both.first.id}"
    )


def _said(
    exhibit: str,
    root: Path,
    question: str,
    level: str,
    because: list[str] | None,
    contrary: list[str] | None,
    interval: str | None,
    precision: str | None,
    note: str | None,
    operator: str | None,
) -> Assessment:
    from verifier.records import Assessment, Question
    from verifier.workflow.people.admissible import bounds

    try:
        asked = Question(question)
    except ValueError as error:
        known = ", ".join(item.value for item in Question)
        raise UsageError(f"{question} is no question; choose from {known}.") from error
    earliest, latest = bounds(interval)
    return Assessment(
        id="",
        exhibit=exhibit,
        question=asked,
        level=level,
        analyst=operator_of(operator, settings_of(root)) or "",
        at="",
        earliest=earliest,
        latest=latest,
        precision=precision,
        because=tuple(because or ()),
        contrary=tuple(contrary or ()),
        note=note,
    )


def register(app: typer.Typer) -> None:
    """Hang the verbs on the app."""
    app.command()(assess)
    app.command()(review)
