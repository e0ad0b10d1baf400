"""`verify geolocate ID WORKSHEET`: file what a person matched between an exhibit and the ground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path, clock, operator_of, settings_of
from verifier.errors import PathNotFound, UsageError


def geolocate(
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The beginning of the exhibit's id.")],
    worksheet: Annotated[Path, typer.Argument(metavar="WORKSHEET", help="TOML: camera, radius_metres, [[feature]] …")],
    by: Annotated[str, typer.Option("--by", help="Who matched it; a pseudonym will do.", show_default=False)],
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    as_json: JsonOption = False,
) -> None:
    """File a geolocation worksheet as its author's claim of a place, to be held against everything else."""
    if not worksheet.is_file():
        raise PathNotFound(worksheet)
    from verifier.canonical import to_plain
    from verifier.commands.console import pairs, say, say_json
    from verifier.commands.opening import writing
    from verifier.geo.coordinates import decimal
    from verifier.geo.place import describe
    from verifier.geo.worksheet import claim_of, read_worksheet
    from verifier.workflow.say import claim as keep
    from verifier.workflow.telling import NOT_STATED

    try:
        sheet = read_worksheet(worksheet.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise UsageError(f"{worksheet.name}: {error}.") from error
    root = case_path(case)
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store:
        chosen = store.exhibit(exhibit).id
        known = keep(store, claim_of(sheet, chosen, by), actor=actor, clock=clock()).claim
    if as_json:
        say_json(to_plain(known))
        return
    pairs(
        {
            "Claim": known.id,
            "Exhibit": chosen,
            "By": known.by,
            "Camera": decimal(sheet.position, 5),
            "Precision": f"{sheet.precision} (± {sheet.radius_metres:g} m)",
            "Near": describe(sheet.position) or "no named place within 50 km",
            "Matched": f"{len(sheet.features)} features, {len(sheet.absent)} absent, {len(sheet.excluded)} excluded",
        }
    )
    say("\nNext: verify check")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(geolocate)
