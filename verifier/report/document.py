"""The dossier as the JSON document that others rely on (`verify-report/1`); every other format is a view of it.

A value that is not known is `null`, never a guess and never an empty string. Times are RFC 3339, degrees WGS 84,
lengths metres, durations seconds. Lists are ordered by what they are, never by when they were made, so two runs over
the same evidence differ only in times, durations and ids of runs.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from verifier.canonical import to_plain
from verifier.confinement import weaker_sentence
from verifier.dossier import CaseDossier, ExhibitDossier, Proof, Said
from verifier.findings.copies.generations import steps_of
from verifier.findings.copies.originals import recordings_of
from verifier.findings.summary import summary_of
from verifier.guarded import UNGUARDED, Guard
from verifier.records import (
    Acquisition,
    Event,
    Fact,
    Fault,
    Finding,
    Match,
    Moment,
    Segment,
    Skipped,
    Sourced,
    Value,
    Worksheet,
)
from verifier.report.custody_history import History
from verifier.report.language import Language, language
from verifier.report.sentences import caveat, plain, statement

SCHEMA = "verify-report/1"
Plain = dict[str, Any]

# CONTRACT's questions, in its order. `position` is put together from three facts of one basis.
FACTS = (
    "captured_at", "created_at", "gps_time", "make", "model", "software", "serial", "lens", "width", "height",
    "orientation", "rotation_degrees", "duration_s", "video_codec", "audio_codec", "frame_rate",
)  # fmt: skip
POSITION = ("position_latitude", "position_longitude", "position_altitude_m")
TIMES = {"captured_at", "created_at", "gps_time"}


def document(case: CaseDossier, lang: str = "en", guard: Guard = UNGUARDED) -> Plain:
    """The whole report of a case as plain JSON values; sentences are in the language `lang`.

    An exhibit that cannot be written stands there with its identity and the fault (`guard`).
    """
    case = replace(case, originals=recordings_of(case))  # decided once
    history, words = History(case), language(lang)
    return {
        "schema": SCHEMA,
        "case": {
            "id": case.id,
            "title": case.title,
            "created_at": case.created_at,
            "tool": {"name": case.tool_name, "version": case.tool_version},
            "custody": {
                "size": case.custody_size,
                "root": case.custody_root,
                "checkpoint": case.custody_checkpoint,
            },
        },
        "batches": [to_plain(batch) for batch in case.batches],
        "exhibits": [_written(exhibit, history, words, guard) for _, exhibit in sorted(case.exhibits.items())],
        **alike(case),
        "summary": to_plain(summary_of(case)),
        "proofs": [_proof(proof) for proof in case.proofs],
        "verdicts": [to_plain(v) for v in sorted(case.verdicts, key=lambda v: (v.left, v.right, v.at))],
        "skipped": [_skipped(skipped) for skipped in sorted(case.skipped, key=lambda s: (s.path, s.at))],
        "incidents": [to_plain(incident) for incident in sorted(case.incidents, key=lambda i: i.id)],
        "limits": [*([weaker_sentence(case.unprotected)] if case.unprotected else []), *case.limits],
    }


def alike(case: CaseDossier) -> Plain:
    """What the report says of likeness: links, groups, recordings and composites."""
    return {
        "matches": [match_document(match) for match in sorted(case.matches, key=_match_order)],
        "groups": _groups(case),
        **to_plain(recordings_of(case)),
    }


def recordings_by_exhibit(known: Plain) -> dict[str, str]:
    """The recording of each exhibit that belongs to one, of a document: its copies and excerpts, not composites."""
    return {
        member: recording["id"]
        for recording in known["recordings"]
        for member in (*recording["copies"], *(excerpt["exhibit"] for excerpt in recording["excerpts"]))
    }


def _groups(case: CaseDossier) -> list[Plain]:
    """Groups, each with what its copies can have been made from; who is not named there has no known order."""
    steps = steps_of(case)
    return [
        to_plain(group) | {"generations": [to_plain(steps[name]) for name in sorted(group.members) if name in steps]}
        for group in sorted(case.groups, key=lambda group: group.id)
    ]


def _without(record: object, *left_out: str, **renamed: str) -> Plain:
    """A record as JSON, without the fields its place in the document already tells, some under the contract's name."""
    plain: Plain = to_plain(record)
    return {renamed.get(name, name): value for name, value in plain.items() if name not in left_out}


def _finding(finding: Finding, words: Language) -> Plain:
    said = {"statement": plain(statement(finding, words)), "caveat": plain(caveat(finding, words)) or None}
    return _without(finding, "exhibit") | said


def _match_order(match: Match) -> tuple[str, str, str, str]:
    return (match.left, match.right, match.medium.value, match.relation.value)


def _written(dossier: ExhibitDossier, history: History, words: Language, guard: Guard) -> Plain:
    identity = dossier.exhibit.id
    failed: Plain = {}
    plain = guard.attempt((identity,), lambda: _exhibit(dossier, history, words), failed, instrument="report:json")
    if plain:
        return plain
    told = [fault for fault in guard.faults[identity] if fault.instrument == "report:json"]
    return _exhibit(ExhibitDossier(exhibit=dossier.exhibit, faults=(*dossier.faults, *told)), history, words)


def _exhibit(dossier: ExhibitDossier, history: History, words: Language) -> Plain:
    exhibit = dossier.exhibit
    acquisitions = sorted(dossier.acquisitions, key=lambda a: (a.path, a.acquired_at))
    return {
        "id": exhibit.id,
        "sha512": exhibit.sha512,
        "size": exhibit.size,
        "kind": exhibit.kind.value,
        "media_type": exhibit.media_type,
        "names": list(dict.fromkeys(_text(a.name) for a in acquisitions)),
        "acquisitions": [_acquisition(a) for a in acquisitions],
        "facts": facts(dossier.facts),
        "c2pa": c2pa(dossier.readings, dossier.faults),
        "readings": [_reading(said) for said in sorted(dossier.readings, key=_reading_order)],
        "claims": [
            _without(
                claim,
                "exhibit",
                latitude_degrees="latitude",
                longitude_degrees="longitude",
                radius_metres="radius_m",
            )
            for claim in sorted(dossier.claims, key=lambda c: c.id)
        ],
        "findings": [_finding(finding, words) for finding in dossier.findings],
        "faults": [to_plain(fault) for fault in sorted(dossier.faults, key=lambda f: (f.instrument, f.kind, f.detail))],
        "runs": [
            {"instrument": r.instrument, "version": r.version, "result": r.result, "elapsed_s": r.elapsed_seconds}
            for r in sorted(dossier.runs, key=lambda r: (r.instrument, r.version))
        ],
        "events": [_event(event) for event in sorted(dossier.events, key=lambda e: (e.start_seconds, e.kind))],
        "assessments": [
            _without(a, "exhibit") for a in sorted(dossier.assessments, key=lambda a: (a.question, a.at, a.id))
        ],
        "observations": [
            _without(o, "exhibit", start_seconds="start_s", end_seconds="end_s")
            for o in sorted(dossier.observations, key=lambda o: (o.start_seconds or 0.0, o.id))
        ],
        "standings": [_without(s, "exhibit") for s in sorted(dossier.standings, key=lambda s: (s.at, s.id))],
        "worksheets": [worksheet_document(w) for w in sorted(dossier.worksheets, key=lambda w: (w.at, w.id))],
        "custody": {
            "fixity": [to_plain(look) for look in history.of(dossier)],
            "taken_in": [to_plain(act) for act in dossier.taken_in],
            "acts": list(dossier.acts),
        },
    }


def _proof(proof: Proof) -> Plain:
    """How a reader gets from an event of the log to the root that is stated or sealed."""
    plain = _without(proof, is_sealed="sealed")
    plain["path"] = [{"side": side, "hash": sibling} for side, sibling in proof.path]
    return plain


def worksheet_document(worksheet: Worksheet) -> Plain:
    """A geolocation worksheet, as it stands in the report."""
    plain = _without(
        worksheet,
        "exhibit",
        latitude_degrees="latitude",
        longitude_degrees="longitude",
    )
    plain["features"] = [
        _without(f, latitude_degrees="latitude", longitude_degrees="longitude", offset_seconds="offset_s")
        for f in worksheet.features
    ]
    return plain


def _reading_order(said: Said) -> tuple[str, str, str]:
    return (said.instrument, said.reading.key, said.reading.location)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _maybe_bytes(name: bytes) -> Plain:
    """For names that are not UTF-8, their bytes: the text alone could not be found on the disk again."""
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return {"path_b64": base64.b64encode(name).decode("ascii")}
    return {}


def _acquisition(acquisition: Acquisition) -> Plain:
    return {
        "path": _text(acquisition.path),
        "name": _text(acquisition.name),
        "modified_at": _file_time(acquisition.modified_ns),
        "acquired_at": acquisition.acquired_at,
        "batch": acquisition.batch,
        "operator": acquisition.operator,
        "inside": acquisition.inside,
        "preserved": acquisition.preserved,
        **_maybe_bytes(acquisition.path),
    }


def _file_time(nanoseconds: int | None) -> str | None:
    if nanoseconds is None:
        return None
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{rest:09d}Z" if rest else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def plain_value(value: Value) -> object:
    """A reading's value: a time as RFC 3339 text, what is no finite number as text, all else as it is."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value.iso() if isinstance(value, Moment) else value


def facts(known: Mapping[str, Fact]) -> Plain:
    """Every question of the contract: its best value with its basis and all others, or null."""
    answers: Plain = {question: _fact(question, known.get(question)) for question in FACTS}
    answers["position"] = _position(known)
    return answers


def _sourced(question: str, sourced: Sourced) -> Plain:
    plain: Plain = {"value": plain_value(sourced.value), "basis": sourced.basis, "location": sourced.location}
    if question in TIMES:
        plain["zone"] = sourced.value.zone.value if isinstance(sourced.value, Moment) else None
    return plain


def _fact(question: str, fact: Fact | None) -> Plain | None:
    if fact is None:
        return None
    return _sourced(question, fact.best) | {"others": [_sourced(question, other) for other in fact.others]}


def _position(known: Mapping[str, Fact]) -> Plain | None:
    latitude, longitude, altitude = (known.get(question) for question in POSITION)
    if latitude is None or longitude is None:
        return None
    others = []
    for index, other in enumerate(latitude.others):
        if index < len(longitude.others):
            others.append({"latitude": other.value, "longitude": longitude.others[index].value, "basis": other.basis})
    return {
        "latitude": latitude.best.value,
        "longitude": longitude.best.value,
        "altitude_m": altitude.best.value if altitude is not None else None,
        "basis": latitude.best.basis,
        "others": others,
    }


def c2pa(readings: Iterable[Said], faults: Iterable[Fault] = ()) -> Plain:
    """What the C2PA reader said. `state` is `none` where the kind can carry no manifest, `unreadable` after a fault."""
    said: dict[str, list[object]] = {}
    for item in readings:
        if item.reading.key.startswith("c2pa:"):
            said.setdefault(item.reading.key.removeprefix("c2pa:"), []).append(plain_value(item.reading.value))
    first = {key: values[0] for key, values in said.items()}
    unsaid = "unreadable" if any(fault.instrument == "c2pa" for fault in faults) else "none"
    return {
        "state": first.get("state", unsaid),
        "codes": sorted(str(code) for code in said.get("code", [])),
        "signer": first.get("signer"),
        "signed_at": first.get("signed_at"),
        "generator": first.get("generator"),
    }


def _reading(said: Said) -> Plain:
    plain: Plain = {
        "key": said.reading.key,
        "value": plain_value(said.reading.value),
        "location": said.reading.location,
        "instrument": said.instrument,
    }
    if said.reading.subject is not None:
        plain["subject"] = said.reading.subject
    return plain | {"exhibit": said.exhibit}


def _event(event: Event) -> Plain:
    return {
        "kind": event.kind,
        "start_s": event.start_seconds,
        "end_s": event.end_seconds,
        "score": event.score,
        **{name: value for name, value in event.measures.items() if name not in {"kind", "start_s", "end_s", "score"}},
    }


def _range(span: tuple[float, float] | None) -> list[float] | None:
    return None if span is None else [round(span[0], 3), round(span[1], 3)]


def _segments(segments: Sequence[Segment]) -> list[Plain]:
    return [
        {"left": _range(s.left), "right": _range(s.right), "speed": round(s.speed, 4), "medium": s.medium.value}
        for s in segments
    ]


def match_document(match: Match) -> Plain:
    """One link, as it stands in the report."""
    return {
        "left": match.left,
        "right": match.right,
        "relation": match.relation.value,
        "medium": match.medium.value,
        "method": match.method,
        "score": round(match.score, 4),
        "tier": match.tier.value,
        "transform": to_plain(match.transform),
        "segments": _segments(match.segments),
        "because": dict(match.because),
    }


def _skipped(skipped: Skipped) -> Plain:
    return {"path": _text(skipped.path), "reason": skipped.reason, "at": skipped.at, **_maybe_bytes(skipped.path)}
