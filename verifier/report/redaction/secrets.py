"""Every secret value of a case: what a redacted report must not tell, in whatever writing.

This list is made from the whole dossier and knows nothing of how `redaction` works, for it is there to find out where
that fails. A value that is too short to be told from chance is not searched for (docs/redaction.md says where the line
lies) and is counted.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.geo.coordinates import geohash, grid_reference, plus_code
from verifier.geo.position import Position
from verifier.metadata.sidecars.telling import BESIDE, EXPORT, EXTENSION, STEM, TITLED, base_name
from verifier.records import Acquisition, Claim, Fingerprint, Moment, Value, Worksheet, Zone
from verifier.report.redaction.pieces import NAME_PART, PIECE, Form, Secret, pieces_of
from verifier.report.redaction.points import quadkey
from verifier.report.redaction.policy import Policy, coarse_fact_time, coarse_instant, coarse_position

COUNTED = re.compile(r"\d+ [a-z ]{1,40}")  # "1 same picture": a count of ours, which pages print as well
SHORT_ID = 12
LEAST_NUMBER = 1_000_000
MOST_NANOSECONDS = 4_102_444_800 * 10**9  # the year 2100
PUBLIC_KEYS = re.compile(r"[a-z0-9_]+:[A-Za-z0-9_.:-]+")
TECHNICAL = frozenset({"video_codec", "audio_codec", "width", "height", "orientation", "rotation_degrees",
                       "frame_rate", "duration_s"})  # fmt: skip
CODECS = frozenset({"video_codec", "audio_codec"})
CODEC = re.compile(r"[a-z0-9][a-z0-9_.-]{0,15}")
TIMES = frozenset({"captured_at", "created_at", "gps_time"})
TOLD_NUMBERS = frozenset({"width", "height", "orientation", "rotation_degrees", "frame_rate"})
NAMES_OF_PEOPLE = re.compile(  # readings whose value is somebody
    r"artist|author|creator|by-?line|owner|copyright|uploader|sender|photographer|contact|credit|person|from$|peer$|user",
    re.IGNORECASE,
)
OURS_TO_TELL = frozenset({"c2pa:state"})


Told = Iterator[tuple[str, str, bool]]


def secrets_of(
    case: CaseDossier, policy: Policy, fingerprints: Iterable[Fingerprint] = (), more: Mapping[str, str] | None = None
) -> frozenset[Secret]:
    """The secrets of a whole case. `more` are further values by kind, such as where its folder lies."""
    found: set[Secret] = set()
    for where, told in _all(case, policy):
        for kind, text, identity in told:
            found.update(replace(piece, where=where) for piece in pieces_of(kind, text, identity))
    for key, dossier in case.exhibits.items():
        found.update(_numbers_of(key, dossier, policy))
    for item in fingerprints:
        if len(item.bits) >= 8:
            found.add(Secret("fingerprint", item.bits[:32].hex()))
            found.add(Secret("fingerprint", base64.b64encode(item.bits[:30]).decode("ascii").rstrip("=")))
    for kind, text in (more or {}).items():
        found.update(pieces_of(kind, text, identity=True))
    return frozenset(secret for secret in found if secret.text.strip())


def told_of(case: CaseDossier, policy: Policy) -> frozenset[str]:
    """What the policy lets be told of this case: closed words and coarse times, which are no secrets even if they stand
    in a sidecar or a path as well (a folder `telegram`, a media type). Taken from the case, not from what was redacted.
    """
    told = {case.tool_name, case.tool_version, coarse_instant(case.created_at, policy)}
    told.update(match.method for match in case.matches)
    for dossier in case.exhibits.values():
        told.update((dossier.exhibit.media_type, dossier.exhibit.kind.value))
        told.update(run.instrument for run in dossier.runs)
        told.update(fault.instrument for fault in dossier.faults)
        told.update(said.instrument for said in dossier.readings)
        told.update(finding.code for finding in dossier.findings)
        told.update(observation.what for observation in dossier.observations)
        told.update(event.kind for event in dossier.events)
        for question, fact in dossier.facts.items():
            if question in TOLD_NUMBERS and isinstance(fact.best.value, float):
                told.update(_written(fact.best.value))
            if question in CODECS and isinstance(fact.best.value, str) and CODEC.fullmatch(fact.best.value):
                told.add(fact.best.value)
            if question in TIMES and isinstance(fact.best.value, Moment):
                coarse = coarse_fact_time(fact.best.value, policy)
                text = coarse.iso() if isinstance(coarse, Moment) else str(coarse)
                told.update((text, text.replace("T", " ")))
    return frozenset(word for word in told if word)


def _written(number: float) -> Iterator[str]:
    """A number that a page may print, as pages write it: a frame rate stands in readings and on the page."""
    yield repr(number)
    yield from (f"{number:.{digits}g}" for digits in range(1, 17))
    yield from (f"{number:.{digits}f}" for digits in range(7))


def _all(case: CaseDossier, policy: Policy) -> Iterator[tuple[str, Told]]:
    """Everything that is secret, by the exhibit or part of the case it is of."""
    yield "the case", _of_case(case, policy)
    yield "what was skipped", (told for skipped in case.skipped for told in _path(skipped.path))
    yield "a hand-over", _batches(case)
    for key, dossier in case.exhibits.items():
        exhibit = f"exhibit {key[:SHORT_ID]}"
        yield exhibit, _exhibit(key, dossier, policy)
        for question, told in _facts(dossier, policy):
            yield f"{exhibit}, {question}", told
        for said in dossier.readings:
            yield f"{exhibit}, {said.reading.key}", _reading(key, said, policy)


def _of_case(case: CaseDossier, policy: Policy) -> Told:
    yield "case id", case.id, True
    yield "case title", case.title, True
    if case.custody_checkpoint:
        yield "checkpoint", case.custody_checkpoint, False
    yield from (("setting", str(value), False) for value in case.settings.values() if isinstance(value, str))
    for event in case.custody:
        yield "operator", event.actor, True
        yield "custody digest", event.digest, False
    if policy.digests == "commit":
        yield "custody root", case.custody_root, False
    for match in case.matches:
        yield from (("match", value, False) for value in match.because.values() if isinstance(value, str))
        yield from (("derivative", item, False) for item in match.evidence)
    for group in case.groups:
        yield from (("group", text, False) for text in (group.reason, *group.notes) if not COUNTED.fullmatch(text))
    for verdict in case.verdicts:
        yield "analyst", verdict.by, True
        yield "note", verdict.note, False
    for incident in case.incidents:
        yield "analyst", incident.by, True
        yield "incident", incident.title, True
        yield from (("incident", text, False) for text in (incident.place, incident.note, *incident.independence)
                    if text)  # fmt: skip


def _batches(case: CaseDossier) -> Iterator[tuple[str, str, bool]]:
    for batch in case.batches:
        for name in (item.name for item in fields(batch)):
            value = getattr(batch, name)
            kind = {"relay_chain": "relay", "operator": "operator"}.get(name, f"batch {name.replace('_', ' ')}")
            for text in value if isinstance(value, tuple) else (value,):
                if text:
                    yield kind, text, name in ("relay_chain", "operator", "id")


def _exhibit(key: str, dossier: ExhibitDossier, policy: Policy) -> Iterator[tuple[str, str, bool]]:
    yield "exhibit digest", key, False
    if policy.digests == "commit":
        yield "exhibit digest", dossier.exhibit.sha512, False
    for acquisition in dossier.acquisitions:
        yield from _acquisition(acquisition)
    yield from (("derivative", made.id, False) for made in dossier.derivatives)
    for claim in dossier.claims:
        yield from _claim(claim, policy)
    for finding in dossier.findings:
        if finding.statement:
            yield "finding", finding.statement, False
        if finding.caveat:
            yield "finding", finding.caveat, False
        yield from (("finding", text, False) for text in (*finding.because, *finding.contrary)
                    if not PUBLIC_KEYS.fullmatch(text))  # fmt: skip
        for value in finding.values.values():
            yield from (("finding", text, False) for text in _value(value, policy))
    yield from (("fault", fault.detail, False) for fault in dossier.faults)
    for event in dossier.events:
        yield from (("event", value, False) for value in event.measures.values() if isinstance(value, str))
    yield from _people(dossier, policy)


def _reading(key: str, said: Said, policy: Policy) -> Told:
    if said.reading.key in OURS_TO_TELL:
        return
    kind = "sidecar" if said.exhibit != key or said.reading.subject else "reading"
    is_somebody = bool(NAMES_OF_PEOPLE.search(said.reading.key))
    for text in _value(said.reading.value, policy):
        yield kind, text, is_somebody
        if is_somebody and isinstance(said.reading.value, str):
            yield from ((kind, part, True) for part in NAME_PART.findall(text[: 2 * PIECE].replace("\u200c", " ")))
    if said.reading.subject:
        yield from (("sidecar", text, True) for text in _subject(said.reading.subject))


def _subject(subject: str) -> Iterator[str]:
    """The path or name that a sidecar gives, whole and its last part; an extension alone is nobody's."""
    if subject == BESIDE or subject.startswith(EXTENSION):
        return
    mark = next((mark for mark in (TITLED, STEM, EXPORT) if subject.startswith(mark)), "")
    path = subject.removeprefix(mark)
    name = base_name(path)
    yield from dict.fromkeys((path, name, name.rpartition(".")[0] or name))


def _acquisition(acquisition: Acquisition) -> Iterator[tuple[str, str, bool]]:
    yield from _path(acquisition.path)
    yield "file name", _text(acquisition.name), True
    for kind, text in (("operator", acquisition.operator), ("batch id", acquisition.batch)):
        if text:
            yield kind, text, True
    for number in (acquisition.modified_ns, acquisition.inode):
        if number is not None:
            yield "file system", str(number), False


def _path(path: bytes) -> Iterator[tuple[str, str, bool]]:
    text = _text(path)
    yield "path", text, True
    for part in re.split(r"[/\\]", text):
        yield "path part", part, True
        stem = part.rsplit(".", 1)[0]
        if stem != part:
            yield "file name", stem, True


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _facts(dossier: ExhibitDossier, policy: Policy) -> Iterator[tuple[str, Told]]:
    facts = dossier.facts
    for question, fact in facts.items():
        if question in TECHNICAL or question.startswith("position_"):
            continue
        texts = [text for sourced in (fact.best, *fact.others) for text in _value(sourced.value, policy)]
        kind = "device serial" if question == "serial" else f"fact {question}"
        yield question, iter([(kind, text, question == "serial") for text in texts])
    made = [str(facts[name].best.value) for name in ("make", "model", "serial") if name in facts]
    if len(made) > 1:
        yield "device", iter([("device", " ".join(made[:2]), True), ("device", " ".join(made), True)])
    yield "position", (told for pair in _pairs(dossier) for told in _position(*pair, policy))


def _pairs(dossier: ExhibitDossier) -> Iterator[tuple[Value, Value]]:
    """Every point that the exhibit's facts give."""
    latitude, longitude = dossier.facts.get("position_latitude"), dossier.facts.get("position_longitude")
    if latitude is not None and longitude is not None:
        yield latitude.best.value, longitude.best.value
        for one, other in zip(latitude.others, longitude.others, strict=False):
            yield one.value, other.value


def _numbers_of(key: str, dossier: ExhibitDossier, policy: Policy) -> Iterator[Secret]:
    """Points and times of an exhibit, to be compared as such."""
    exhibit = f"exhibit {key[:SHORT_ID]}"
    pairs = [(f"{exhibit}, position", pair) for pair in _pairs(dossier)]
    pairs += [(f"{exhibit}, claim", (claim.latitude_degrees, claim.longitude_degrees)) for claim in dossier.claims]
    for sheet in dossier.worksheets:
        pairs.append((f"{exhibit}, worksheet", (sheet.latitude_degrees, sheet.longitude_degrees)))
        pairs += [(f"{exhibit}, worksheet", (one.latitude_degrees, one.longitude_degrees)) for one in sheet.features]
    for where, (north, east) in pairs:
        if isinstance(north, bool) or not isinstance(north, int | float) or not isinstance(east, int | float):
            continue
        if abs(north) <= 90 and abs(east) <= 180 and (north, east) != (0, 0):
            told = coarse_position(north, east, policy)
            if told != (north, east):
                yield Secret("position", f"{north!r} {east!r}", form=Form.POINT, where=where)
            if told is not None:
                yield Secret("position", f"{told[0]!r} {told[1]!r}", form=Form.TOLD_POINT, where=where)
    if policy.times != "exact":
        for where, kind, moment in _moments(exhibit, dossier):
            yield Secret(kind, moment, form=Form.MOMENT, where=where)
            if policy.times == "year":
                yield Secret(kind, moment[:10], form=Form.DAY, where=where)


def _moments(exhibit: str, dossier: ExhibitDossier) -> Iterator[tuple[str, str, str]]:
    """Every time that is told of an exhibit: where from, its kind, and the time."""
    for question, fact in dossier.facts.items():
        for value in (fact.best.value, *(other.value for other in fact.others)):
            if isinstance(value, Moment):
                offset = "" if value.zone is Zone.LOCAL else f" {value.offset_minutes or 0}"
                yield f"{exhibit}, {question}", f"fact {question}", f"{value.wall[:19]}{offset}"
    for said in dossier.readings:
        if isinstance(said.reading.value, Moment):
            value = said.reading.value
            offset = "" if value.zone is Zone.LOCAL else f" {value.offset_minutes or 0}"
            yield f"{exhibit}, {said.reading.key}", "reading", f"{value.wall[:19]}{offset}"
    for acquisition in dossier.acquisitions:
        yield f"{exhibit}, taken in", "taken in", f"{acquisition.acquired_at[:19]} 0"
        if acquisition.modified_ns is not None and 0 < acquisition.modified_ns < MOST_NANOSECONDS:
            at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=acquisition.modified_ns // 10**9)
            yield f"{exhibit}, file system", "file system", f"{at:%Y-%m-%dT%H:%M:%S} 0"


def _value(value: Value, policy: Policy) -> Iterator[str]:
    if isinstance(value, Moment):
        if policy.times != "exact":
            yield value.wall[:19]
            yield value.wall[:19].replace("T", " ")
            yield value.text
            if not value.wall[11:19].startswith("00") and value.wall[17:19] != "00":
                hour = int(value.wall[11:13])
                yield value.wall[11:19]
                yield f"{hour % 12 or 12}{value.wall[13:19]} {'pm' if hour > 11 else 'am'}"
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool) and value >= LEAST_NUMBER:
        yield str(value)
    elif isinstance(value, float) and not value.is_integer() and len(f"{value:.10g}") >= 7:
        yield f"{value:.10g}"


def _claim(claim: Claim, policy: Policy) -> Iterator[tuple[str, str, bool]]:
    yield "claimant", claim.by, True
    for text in (claim.place, claim.time, claim.description):
        if text:
            yield "claim", text, False
    yield from _position(claim.latitude_degrees, claim.longitude_degrees, policy)


def _people(dossier: ExhibitDossier, policy: Policy) -> Iterator[tuple[str, str, bool]]:
    for assessment in dossier.assessments:
        yield "analyst", assessment.analyst, True
        yield from (("assessment", text, False) for text in (*assessment.because, *assessment.contrary)
                    if not PUBLIC_KEYS.fullmatch(text))  # fmt: skip
        if assessment.note:
            yield "assessment", assessment.note, False
    for observation in dossier.observations:
        yield "analyst", observation.by, True
        yield from (("observation", text, False)
                    for text in (observation.expert, observation.note, *observation.alternatives) if text)  # fmt: skip
    for standing in dossier.standings:
        yield "analyst", standing.by, True
        if standing.reason:
            yield "reason", standing.reason, False
    for worksheet in dossier.worksheets:
        yield from _worksheet(worksheet, policy)


def _worksheet(sheet: Worksheet, policy: Policy) -> Iterator[tuple[str, str, bool]]:
    yield "analyst", sheet.by, True
    yield from _position(sheet.latitude_degrees, sheet.longitude_degrees, policy)
    for text in (*sheet.negatives, *sheet.alternatives, sheet.note):
        if text:
            yield "worksheet", text, False
    for feature in sheet.features:
        yield from _position(feature.latitude_degrees, feature.longitude_degrees, policy)
        for text in (feature.description, feature.reference, feature.reference_date):
            if text:
                yield "worksheet", text, False


def _position(latitude: Value, longitude: Value, policy: Policy) -> Iterator[tuple[str, str, bool]]:
    """A point in the writings of the field, each finer than the policy lets it be told."""
    if isinstance(latitude, bool) or isinstance(longitude, bool):
        return
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return
    try:
        point = Position(latitude_degrees=float(latitude), longitude_degrees=float(longitude))
    except ValueError:
        return
    for degrees in (abs(float(latitude)), abs(float(longitude))):
        if not float(degrees * 1000).is_integer():  # a whole or coarse number is no secret of its own
            yield from _of_degrees(degrees)
    yield "position", plus_code(point), False
    yield "position", grid_reference(point).replace(" ", ""), False
    yield "position", plus_code(point)[4:], True
    for letters in (7, 8):
        yield "position", geohash(point.latitude_degrees, point.longitude_degrees, letters), letters == 7
    for zoom in range(17, 24):
        yield "position whole", quadkey((point.latitude_degrees, point.longitude_degrees), zoom), False


def _of_degrees(degrees: float) -> Told:
    """One angle as a number of its own: decimal, whole, in minutes and in seconds."""
    for near in {math.floor(degrees * 10_000), round(degrees * 10_000)}:
        yield "position", f"{near / 10_000:.4f}", False
        yield "position", f"{near / 10_000:.4f}".replace(".", ","), False
    for scale in (1e5, 1e6, 1e7):  # whole numbers, as in location histories
        for near in {math.floor(degrees * scale), round(degrees * scale)}:
            yield "position whole", str(near), False
    minutes = degrees % 1 * 60
    for pattern in ("{}°{}", "{}° {}", "{} {}", "{}:{}"):  # degrees and minutes with a fraction
        yield "position", pattern.format(int(degrees), f"{math.floor(minutes * 100) / 100:05.2f}"), False
        yield "position", pattern.format(int(degrees), f"{math.floor(minutes * 100) / 100:.2f}"), False
    whole = (int(degrees), int(minutes), int(minutes % 1 * 60))
    for pattern in ("{}°{}'{}", "{}° {}' {}", "{} deg {}' {}", "{}°{:02d}'{:02d}"):
        yield "position", pattern.format(*whole), False
