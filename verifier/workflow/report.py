"""Write the reports of a case into a folder, and nothing outside it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from verifier import guarded
from verifier.dossier import CaseDossier
from verifier.evidence.vault import Vault
from verifier.guarded import UNGUARDED, Guard
from verifier.records import Fault
from verifier.store import Store
from verifier.visible import visible
from verifier.workflow.gather import gather
from verifier.workflow.gathering.narrowed import decided, only
from verifier.workflow.integrity.look import look_first
from verifier.workflow.integrity.prove import with_proofs
from verifier.workflow.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a writer of one format is given."""

    case: CaseDossier
    pictures: Callable[[str], bytes]  # content of a derivative by id
    lang: str
    workspace: Path  # where a writer may keep passing files
    guard: Guard = UNGUARDED
    annex: bool = False  # whether the annex is written on paper too


def _json(order: Order) -> Mapping[str, bytes]:
    from verifier.report.writers import json_report

    return {"report.json": json_report.render(order.case, order.lang, order.guard)}


def _html(order: Order) -> Mapping[str, bytes]:
    from verifier.report.writers import html_report

    return {"report.html": html_report.render(order.case, order.pictures, order.lang, order.guard)}


def _pdf(order: Order) -> Mapping[str, bytes]:
    from verifier.report.writers import pdf_report

    told = (order.case, order.pictures, order.workspace, order.lang, order.guard)
    made = {"report.pdf": pdf_report.render(*told)}
    return made | {"annex.pdf": pdf_report.render_annex(*told)} if order.annex else made


def _csv(order: Order) -> Mapping[str, bytes]:
    from verifier.report.writers import csv_tables

    return csv_tables.render(order.case, order.lang)


def _case(order: Order) -> Mapping[str, bytes]:
    from verifier.report.writers import case_uco

    return {"report.case.jsonld": case_uco.render(order.case)}


def _geojson(order: Order) -> Mapping[str, bytes]:
    from verifier.report.maps.drawn import drawn_of
    from verifier.report.maps.geojson import geojson
    from verifier.report.maps.kml import kml
    from verifier.report.maps.map import map_svg

    things = drawn_of(order.case)
    title = visible(order.case.title)
    return {
        "places.geojson": geojson(things).encode("utf-8"),
        "places.kml": kml(things, title).encode("utf-8"),
        "places.svg": map_svg(things, title).encode("utf-8"),
    }


def _certificate(order: Order) -> Mapping[str, bytes]:
    from verifier.report.writers import certificate

    return certificate.render(order.case, order.workspace)


def _exchange(order: Order) -> Mapping[str, bytes]:
    from verifier.workflow.handing.forms import files_of

    return files_of(order.case, order.lang)


# each writer imports its own engine: a JSON report needs neither templates nor typst
WRITERS: Mapping[str, Callable[[Order], Mapping[str, bytes]]] = {
    "json": _json,
    "html": _html,
    "pdf": _pdf,
    "csv": _csv,
    "case": _case,
    "geojson": _geojson,
    "certificate": _certificate,
    "exchange": _exchange,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Files of a report, and what could not be written."""

    files: tuple[Path, ...]
    faults: tuple[Fault, ...] = ()


def report(
    store: Store,
    vault: Vault,
    out: Path,
    *,
    formats: Sequence[str],
    exhibits: Sequence[str],
    lang: str,
    progress: Progress,
    alone: bool = False,
    annex: bool = False,
) -> Written:
    """The written files. `exhibits` (whole ids) narrows the report; none means all. `alone`: nothing is told of others.
    With `annex`, its PDF as well.

    A section that cannot be written says so in its place; a format that cannot is left out; both are faults, and
    report.json tells them, of what they are about. Raises `IntegrityBroken` where records, seals or derivatives are not
    what was written; then nothing is.
    """
    look_first(store, vault)
    guard = Guard("report", seconds=guarded.SECTION_SECONDS)
    known = gather(store, alone=frozenset(exhibits) if alone and exhibits else None)
    case = decided(with_proofs(store, known, whole=not exhibits), guard)
    if exhibits and not alone:
        case = only(case, frozenset(exhibits))
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    order = Order(case=case, pictures=vault.read_derivative, lang=lang, workspace=out, guard=guard, annex=annex)
    written: list[Path] = []
    last = sorted(formats, key=lambda name: name == "json")  # it tells what the others could not write
    for done, name in enumerate(last):
        progress("write", done, len(formats), name)
        told = replace(order, case=_with_faults(case, guard)) if name == "json" else order
        nothing: Mapping[str, bytes] = {}
        made = guard.attempt(
            (), partial(WRITERS[name], told), nothing, instrument=f"report:{name}", seconds=guarded.SEARCH_SECONDS
        )
        written += [_write(out / file_name, content) for file_name, content in made.items()]
    return Written(files=tuple(written), faults=guard.all())


def _with_faults(case: CaseDossier, guard: Guard) -> CaseDossier:
    """The case with what its report could not say: of an exhibit among its faults, of the whole among the limits."""
    if not guard.faults:
        return case
    exhibits = {
        key: replace(dossier, faults=(*dossier.faults, *guard.faults[key])) if key in guard.faults else dossier
        for key, dossier in case.exhibits.items()
    }
    limits = [f"{fault.instrument} could not be written: {fault.detail}" for fault in guard.faults.get("", ())]
    return replace(case, exhibits=exhibits, limits=(*case.limits, *limits))


def _write(path: Path, content: bytes) -> Path:
    """All or nothing: a report that was interrupted never looks whole."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        temporary.chmod(0o600)
        os.replace(temporary, path)  # noqa: PTH105
    finally:
        temporary.unlink(missing_ok=True)
    return path
