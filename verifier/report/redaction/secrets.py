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
from dataclasses import dataclass, fields

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.geo.coordinates import geohash, grid_reference, plus_code
from verifier.geo.position import Position
from verifier.metadata.sidecars.telling import BESIDE, EXPORT, EXTENSION, STEM, TITLED, base_name
from verifier.records import Acquisition, Claim, Fingerprint, Moment, Value, Worksheet
from verifier.report.redaction.policy import Policy, coarse_fact_time, coarse_instant

PIECE = 32  # letters of a longer text that are searched for on their own
PHONE = re.compile(r"(?<![\w.])(?:\+|00)?[\d۰-۹٠-٩][\d۰-۹٠-٩\s().-]{7,18}[\d۰-۹٠-٩](?![\w.])")
ADDRESS = re.compile(r"[\w.+-]{2,}@[\w.-]{3,}")
LINK = re.compile(r"(?:https?://|www\.|t\.me/)[^\s\"'<>]{4,}", re.IGNORECASE)
HANDLE = re.compile(r"(?<!\w)@\w{4,}")
PUBLIC_KEYS = re.compile(r"[a-z0-9_]+:[A-Za-z0-9_.:-]+")
TECHNICAL = frozenset({"video_codec", "audio_codec", "width", "height", "orientation", "rotation_degrees",
                       "frame_rate", "duration_s"})  # fmt: skip
DIGEST = re.compile(r"[0-9a-f]{32,128}")
DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
CODECS = frozenset({"video_codec", "audio_codec"})
CODEC = re.compile(r"[a-z0-9][a-z0-9_.-]{0,15}")
TIMES = frozenset({"captured_at", "created_at", "gps_time"})
TOLD_NUMBERS = frozenset({"width", "height", "orientation", "rotation_degrees", "frame_rate"})
PEOPLE = frozenset({"analyst", "operator", "claimant", "relay"})
NAME_PART = re.compile(r"[^\W\d_]{3,}")
OURS_TO_TELL = frozenset({"c2pa:state"})


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be found. `identity` is of a person, device or file: searched for even when short."""

    kind: str
    text: str
    identity: bool = False


def secrets_of(
    case: CaseDossier, policy: Policy, fingerprints: Iterable[Fingerprint] = (), more: Mapping[str, str] | None = None
) -> frozenset[Secret]:
    """The secrets of a whole case. `more` are further values by kind, such as where its folder lies."""
    found: set[Secret] = set()
    for kind, text, identity in _all(case, policy):
        found.update(_parts(kind, text, identity))
    for item in fingerprints:
        if len(item.bits) >= 8:
            found.add(Secret("fingerprint", item.bits[:32].hex()))
            found.add(Secret("fingerprint", base64.b64encode(item.bits[:30]).decode("ascii").rstrip("=")))
    for kind, text in (more or {}).items():
        found.update(_parts(kind, text, True))
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


def _parts(kind: str, text: str, identity: bool) -> Iterator[Secret]:
    """A text as what is searched for: itself or pieces of it, and every number, address and link inside."""
    text = text.strip()
    if kind in PEOPLE and not DIGEST.fullmatch(text):  # a first or a last name alone, whatever stands between
        yield from (Secret(kind, part, True) for part in NAME_PART.findall(text.replace("\u200c", " ")))
    if len(text) <= 2 * PIECE:
        yield Secret(kind, text, identity)
    else:
        yield from (Secret(kind, text[at : at + PIECE]) for at in range(0, len(text) - PIECE + 1, PIECE))
    for pattern, what in ((PHONE, "telephone number"), (ADDRESS, "address"), (LINK, "link"), (HANDLE, "handle")):
        for match in pattern.finditer(text[:100_000]):
            piece = match.group(0)
            if what != "telephone number" or (not kind.startswith("position") and _can_be_called(piece)):
                yield Secret(what, piece if len(piece) <= 2 * PIECE else piece[: 2 * PIECE])


def _can_be_called(piece: str) -> bool:
    """Whether digits can be a telephone number: enough, not all alike, and not a date with an hour behind it.

    Numbers have 15 digits at most (E.164), 17 with `00` before them; a file's time in nanoseconds has 19, and the nine
    zeros that one of whole seconds ends with stand in the list of offsets of every PDF.
    """
    digits = "".join(character for character in piece if character.isdigit())
    return 9 <= len(digits) <= 17 and len(set(digits)) >= 4 and not DATE.match(digits)


def _all(case: CaseDossier, policy: Policy) -> Iterator[tuple[str, str, bool]]:
    yield "case id", case.id, True
    yield "case title", case.title, True
    if case.custody_checkpoint:
        yield "checkpoint", case.custody_checkpoint, False
    yield from (("setting", str(value), False) for value in case.settings.values() if isinstance(value, str))
    for skipped in case.skipped:
        yield from _path(skipped.path)
    yield from _batches(case)
    for event in case.custody:
        yield "operator", event.actor, True
        yield "custody digest", event.digest, False
    if policy.digests == "commit":
        yield "custody root", case.custody_root, False
    for match in case.matches:
        yield from (("match", value, False) for value in match.because.values() if isinstance(value, str))
        yield from (("derivative", item, False) for item in match.evidence)
    for group in case.groups:
        yield from (("group", text, False) for text in (group.reason, *group.notes))
    for verdict in case.verdicts:
        yield "analyst", verdict.by, True
        yield "note", verdict.note, False
    for incident in case.incidents:
        yield "analyst", incident.by, True
        yield "incident", incident.title, True
        yield from (("incident", text, False) for text in (incident.place, incident.note, *incident.independence)
                    if text)  # fmt: skip
    for key, dossier in case.exhibits.items():
        yield from _exhibit(key, dossier, policy)


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
    yield from _facts(dossier, policy)
    for said in dossier.readings:
        if said.reading.key not in OURS_TO_TELL:
            kind = "sidecar" if said.exhibit != key or said.reading.subject else "reading"
            yield from ((kind, text, False) for text in _value(said.reading.value, policy))
            if said.reading.subject:
                yield from (("sidecar", text, True) for text in _subject(said.reading.subject))
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


def _facts(dossier: ExhibitDossier, policy: Policy) -> Iterator[tuple[str, str, bool]]:
    facts = dossier.facts
    for question, fact in facts.items():
        if question in TECHNICAL or question.startswith("position_"):
            continue
        for sourced in (fact.best, *fact.others):
            for text in _value(sourced.value, policy):
                yield ("device serial" if question == "serial" else f"fact {question}"), text, question == "serial"
    made = [str(facts[name].best.value) for name in ("make", "model", "serial") if name in facts]
    if len(made) > 1:
        yield "device", " ".join(made[:2]), True
        yield "device", " ".join(made), True
    latitude, longitude = facts.get("position_latitude"), facts.get("position_longitude")
    if latitude is not None and longitude is not None:
        pairs = [(latitude.best.value, longitude.best.value)]
        pairs += [(one.value, other.value) for one, other in zip(latitude.others, longitude.others, strict=False)]
        for north, east in pairs:
            yield from _position(north, east, policy)


def _value(value: Value, policy: Policy) -> Iterator[str]:
    if isinstance(value, Moment):
        if policy.times != "exact":
            yield value.wall[:19]
            yield value.wall[:19].replace("T", " ")
            yield value.text
    elif isinstance(value, str):
        yield value
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
    for degrees in (float(latitude), float(longitude)):
        if not float(degrees * 1000).is_integer():  # a whole or coarse number is no secret of its own
            scaled = abs(degrees) * 10_000
            for near in {math.floor(scaled), round(scaled)}:
                yield "position", f"{near / 10_000:.4f}", False
                yield "position", f"{near / 10_000:.4f}".replace(".", ","), False
            for scale in (1e5, 1e6, 1e7):  # whole numbers, as in location histories
                for near in {math.floor(abs(degrees) * scale), round(abs(degrees) * scale)}:
                    yield "position whole", str(near), False
            minutes = abs(degrees) % 1 * 60
            for pattern in ("{}°{}", "{}° {}", "{} {}", "{}:{}"):  # degrees and minutes with a fraction
                yield "position", pattern.format(int(abs(degrees)), f"{math.floor(minutes * 100) / 100:05.2f}"), False
                yield "position", pattern.format(int(abs(degrees)), f"{math.floor(minutes * 100) / 100:.2f}"), False
            whole = (int(abs(degrees)), int(minutes), int(minutes % 1 * 60))
            for pattern in ("{}°{}'{}", "{}° {}' {}", "{} deg {}' {}", "{}°{:02d}'{:02d}"):
                yield "position", pattern.format(*whole), False
    yield "position", plus_code(point), False
    yield "position", grid_reference(point).replace(" ", ""), False
    yield "position", geohash(point.latitude_degrees, point.longitude_degrees, 8), False
