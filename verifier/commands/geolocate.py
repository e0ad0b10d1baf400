"""`verify geolocate ID`: file what a person matched between an exhibit and the ground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path, clock, operator_of, settings_of
from verifier.errors import PathNotFound, UsageError

ExhibitArgument = Annotated[str, typer.Argument(metavar="ID", help="The beginning of the exhibit's id.")]
SheetArgument = Annotated[
    Path | None,
    typer.Argument(metavar="[WORKSHEET]", help="TOML: camera, radius_metres, [[feature]] …; or the options."),
]
FeatureOption = Annotated[
    list[str] | None,
    typer.Option(metavar="'N|description|reference|date|seconds|x|y|LAT,LON'", help="One thing matched; repeat."),
]


def geolocate(
    exhibit: ExhibitArgument,
    worksheet: SheetArgument = None,
    by: Annotated[str | None, typer.Option("--by", help="Who matched it; a pseudonym will do.")] = None,
    camera: Annotated[
        str | None, typer.Option(help="Where the camera stood: 35.76,51.33 · DMS · MGRS · Plus code · geohash · geo:")
    ] = None,
    precision: Annotated[str, typer.Option(help="exact (10 m), vicinity (100 m), locality (1 km), city, …")] = "",
    feature: FeatureOption = None,
    bearing: Annotated[float | None, typer.Option(help="Where the camera looked, degrees from true north.")] = None,
    field_of_view: Annotated[float | None, typer.Option(help="How wide, degrees.")] = None,
    negative: Annotated[list[str] | None, typer.Option(help="Looked for and not there; repeat.")] = None,
    alternative: Annotated[list[str] | None, typer.Option(help="Another place and why it is not; repeat.")] = None,
    note: Annotated[str | None, typer.Option(help="In your own words.")] = None,
    shown: Annotated[bool, typer.Option("--show", help="Show the worksheets of this exhibit.")] = False,
    case: CaseOption = None,
    operator: Annotated[str | None, typer.Option(help="Your name or pseudonym for the custody log.")] = None,
    as_json: JsonOption = False,
) -> None:
    """File what you matched between an exhibit and the ground, with the camera's point, to be held against all else."""
    root = case_path(case)
    if shown:
        _show(root, exhibit, as_json=as_json)
        return
    if (worksheet is None) == (camera is None):
        raise UsageError("Give either a WORKSHEET file or --camera with --precision.")
    if worksheet is not None:
        if not by:
            raise UsageError("Say who matched it: --by NAME (a pseudonym will do).")
        _file_sheet(root, exhibit, worksheet, by, operator, as_json=as_json)
        return
    from verifier.commands.console import say, say_json, short
    from verifier.commands.opening import writing
    from verifier.records import Worksheet
    from verifier.report.document import worksheet_document
    from verifier.workflow.people.locate import doubts_of, locate, position_of, read_feature

    point = position_of(camera or "")
    with writing(root) as store:
        said = Worksheet(
            id="",
            exhibit=store.exhibit(exhibit).id,
            by=by or operator_of(operator, settings_of(root)) or "",
            at="",
            latitude_degrees=point.latitude_degrees,
            longitude_degrees=point.longitude_degrees,
            precision=precision,
            features=tuple(read_feature(text) for text in feature or ()),
            bearing_degrees=bearing,
            field_of_view_degrees=field_of_view,
            negatives=tuple(negative or ()),
            alternatives=tuple(alternative or ()),
            note=note,
        )
        known = locate(store, said, clock=clock())
    if as_json:
        say_json({**worksheet_document(known), "doubts": list(doubts_of(known))})
        return
    say(f"Filed worksheet {known.id} on {short(known.exhibit)}: {len(known.features)} features, {known.precision}.")
    for doubt in doubts_of(known):
        say(f"Look again: {doubt}.")
    say("Next: verify check")


def _show(root: Path, exhibit: str, *, as_json: bool) -> None:
    from verifier.commands.console import pairs, say, say_json
    from verifier.commands.opening import reading
    from verifier.report.document import worksheet_document

    with reading(root) as store:
        known = store.exhibit_dossier(store.exhibit(exhibit).id).worksheets
    if as_json:
        say_json({"worksheets": [worksheet_document(one) for one in known]})
        return
    if not known:
        say("No worksheet yet. File one with: verify geolocate ID --camera LAT,LON --precision … --feature …")
    for one in known:
        view = f"{one.bearing_degrees:g}°" if one.bearing_degrees is not None else "-"
        wide = f", {one.field_of_view_degrees:g}° wide" if one.field_of_view_degrees is not None else ""
        features = {
            f"Feature {item.number}": f"{item.description} ({item.reference}, {item.reference_date or 'no date'})"
            for item in one.features
        }
        pairs(
            {
                "Worksheet": one.id,
                "By": f"{one.by}, {one.at}",
                "Camera": f"{one.latitude_degrees:.6f}, {one.longitude_degrees:.6f} ({one.precision})",
                "View": view + wide,
                **features,
                "Not there": "; ".join(one.negatives) or "-",
                "Not this": "; ".join(one.alternatives) or "-",
                "Note": one.note or "-",
            }
        )


def _file_sheet(root: Path, exhibit: str, worksheet: Path, by: str, operator: str | None, *, as_json: bool) -> None:
    if not worksheet.is_file():
        raise PathNotFound(worksheet)
    from verifier.canonical import to_plain
    from verifier.commands.console import pairs, say, say_json
    from verifier.commands.opening import writing
    from verifier.geo.coordinates import decimal
    from verifier.geo.place import describe
    from verifier.geo.worksheet import claim_of, read_worksheet
    from verifier.workflow.people.say import claim as keep
    from verifier.workflow.progress import NOT_STATED

    try:
        sheet = read_worksheet(worksheet.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise UsageError(f"{worksheet.name}: {error}.") from error
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store:
        chosen = store.exhibit(exhibit).id
        known = keep(store, claim_of(sheet, chosen, by), actor=actor, clock=clock()).claim
    if as_json:
        say_json({**to_plain(known), "doubts": list(sheet.doubts)})
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
    for doubt in sheet.doubts:
        say(f"Look again: {doubt}.")
    say("\nNext: verify check")


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(geolocate)
