"""A case made fit to be given away: what could name a person, a device, a place or a file is left out or made coarse.

Redaction is done on the dossier, before any writer sees it, so every format is redacted by construction, and it works
by allow-list: a field that nobody has thought of is absent. The pages are then searched for every secret of the case
(`redaction_scan`), because this module may be wrong. Pure: the same case, policy and salt give the same answer.

A redacted report obeys the schema of the full one. Fields that the schema lets be absent are absent (null, empty
lists); ids keep their form and become salted commitments: `id` is SHA-256(nonce ‖ SHA-256 of the exhibit), with a nonce
for each exhibit, so that one exhibit can be opened to a court without opening the others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from verifier.canonical import to_plain
from verifier.dossier import CaseDossier, ExhibitDossier, Made, Said
from verifier.findings.copies.originals import recordings_of
from verifier.findings.summary import summary_of
from verifier.records import (
    Event,
    Exhibit,
    Fact,
    Fault,
    Finding,
    Group,
    Match,
    Reading,
    Run,
    Segment,
    Sourced,
    Transform,
    Value,
)
from verifier.report.custody_history import BROKEN, History
from verifier.report.redaction.originals import renamed
from verifier.report.redaction.people import People
from verifier.report.redaction.policy import Policy, coarse_fact_time, coarse_instant, coarse_position
from verifier.report.redaction.unlinkable import unlinkable

NUMBER_FACTS = frozenset({"width", "height", "orientation", "rotation_degrees", "frame_rate"})
CODEC_FACTS = frozenset({"video_codec", "audio_codec"})
TIME_FACTS = frozenset({"captured_at", "created_at", "gps_time"})
PLAIN_READINGS = frozenset({"c2pa:state"})
ROOMS = frozenset(
    {"exif", "xmp", "iptc", "quicktime", "container", "stream", "picture", "gpmf", "png", "avi", "matroska"}
)
WORD = re.compile(r"[a-z0-9][a-z0-9_.-]{0,15}")
LIMIT = (
    "This is a redacted report: file names, places finer than chosen, people, devices, sidecars, claims, free text and "
    "fingerprints are left out, ids and digests are salted commitments that are new in every redacted report."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What redaction did: how many things of a kind were left out, and the keys that stay with the case."""

    left_out: Mapping[str, int]
    exhibits: Mapping[str, str]  # exhibit to its new id
    people: Mapping[str, str]  # name to pseudonym
    pictures: Mapping[str, str] = field(default_factory=dict)  # new id to the derivative it is made from


def nonce_of(salt: bytes, exhibit: str) -> bytes:
    """What opens the commitment to one exhibit, 32 bytes."""
    return hmac.digest(salt, b"nonce/" + exhibit.encode(), "sha256")


def committed(salt: bytes, exhibit: str) -> str:
    """The id of an exhibit in a redacted report."""
    return hashlib.sha256(nonce_of(salt, exhibit) + bytes.fromhex(exhibit)).hexdigest()


def redact(case: CaseDossier, policy: Policy, salt: bytes) -> tuple[CaseDossier, Ledger]:
    """The case as others may see it, and the ledger that stays here."""
    hidden, ledger = _Redaction(case, policy, salt).done()
    return (unlinkable(hidden) if policy.unlinkable else hidden), ledger


class _Redaction:
    """One redaction: the salt and policy at hand, and a count of what was left out."""

    def __init__(self, case: CaseDossier, policy: Policy, salt: bytes) -> None:
        self._case, self._policy, self._salt = case, policy, salt
        self._left_out: Counter[str] = Counter()
        self._pictures: dict[str, str] = {}
        self._ids = {key: committed(salt, key) for key in _every_exhibit(case)}
        self._people = People(case, policy, salt, self._ids, self._left_out)

    def done(self) -> tuple[CaseDossier, Ledger]:
        case = self._case
        exhibits = sorted(
            (self._exhibit(dossier) for dossier in case.exhibits.values()), key=lambda dossier: dossier.exhibit.id
        )
        self._count("batches", case.batches)
        self._count("skipped entries", case.skipped)
        self._count("custody events", case.custody)
        self._count("limits", case.limits)
        redacted = replace(
            case,
            id=self._short("case", case.id),
            title="Redacted report",
            created_at=coarse_instant(case.created_at, self._policy),
            custody_root=self._secret_or("root", case.custody_root),
            custody_checkpoint=None,
            exhibits={dossier.exhibit.id: dossier for dossier in exhibits},
            batches=(),
            matches=tuple(
                sorted(map(self._match, case.matches), key=lambda m: (m.left, m.right, m.relation, m.medium))
            ),
            groups=tuple(sorted(map(self._group, case.groups), key=lambda group: group.id)),
            originals=renamed(recordings_of(case), self._ids, self._short, self._segment),
            totals=to_plain(summary_of(case)),
            verdicts=self._people.verdicts(),
            incidents=self._people.incidents(),
            skipped=(),
            custody=(),
            limits=(LIMIT, *self._sentences()),
            settings={
                "redacted": self._policy.stated(),
                **_settings(self._policy),
                **({BROKEN: True} if History(case).is_broken else {}),
            },
        )
        ledger = Ledger(
            left_out=dict(sorted(self._left_out.items())),
            exhibits=dict(self._ids),
            people=self._people.pseudonyms(),
            pictures=dict(self._pictures),
        )
        return redacted, ledger

    def _sentences(self) -> list[str]:
        told = [f"Left out: {count} {kind}." for kind, count in sorted(self._left_out.items()) if count]
        return [*told, f"Redacted by the policy: {self._policy.stated()}."]

    def _count(self, kind: str, things: Iterable[object]) -> None:
        self._left_out[kind] += sum(1 for _ in things)

    def _short(self, kind: str, value: str) -> str:
        return hmac.digest(self._salt, f"{kind}/{value}".encode("utf-8", "surrogatepass"), "sha256").hex()[:16]

    def _secret_or(self, kind: str, digest: str) -> str:
        if self._policy.digests == "keep":
            return digest
        return hmac.digest(self._salt, f"{kind}/{digest}".encode(), "sha256").hex()

    # ------------------------------------------------------------ exhibits

    def _exhibit(self, dossier: ExhibitDossier) -> ExhibitDossier:
        for kind, things in (
            ("acquisitions", dossier.acquisitions), ("readings", dossier.readings), ("claims", dossier.claims),
            ("derivatives", dossier.derivatives),
        ):  # fmt: skip
            self._count(kind, things)
        key = dossier.exhibit.id
        return ExhibitDossier(
            exhibit=self._identity(dossier.exhibit),
            facts=self._facts(dossier.facts),
            readings=tuple(self._reading(said) for said in dossier.readings if said.reading.key in PLAIN_READINGS
                           and isinstance(said.reading.value, str) and WORD.fullmatch(said.reading.value)),
            derivatives=self._thumbnail(dossier.derivatives),
            events=tuple(_event(event) for event in dossier.events),
            faults=tuple(_fault(fault) for fault in dossier.faults),
            runs=tuple(self._run(run) for run in dossier.runs),
            findings=tuple(self._finding(finding) for finding in dossier.findings),
            assessments=self._people.assessments(key),
            observations=self._people.observations(key),
            standings=self._people.standings(key),
            worksheets=self._people.worksheets(key),
        )  # fmt: skip

    def _identity(self, exhibit: Exhibit) -> Exhibit:
        sha512, size = exhibit.sha512, exhibit.size
        if self._policy.digests == "commit":
            sha512 = hashlib.sha512(nonce_of(self._salt, exhibit.id) + bytes.fromhex(exhibit.sha512)).hexdigest()
            size = _two_digits(exhibit.size)
        return replace(exhibit, id=self._ids[exhibit.id], sha512=sha512, size=size)

    def _facts(self, facts: Mapping[str, Fact]) -> dict[str, Fact]:
        kept: dict[str, Fact] = {}
        for question, fact in facts.items():
            value = self._fact_value(question, fact.best.value)
            if value is not None:
                kept[question] = _fact(question, value, fact.best.basis)
        latitude, longitude = facts.get("position_latitude"), facts.get("position_longitude")
        if latitude is not None and longitude is not None:
            point = coarse_position(latitude.best.value, longitude.best.value, self._policy)
            if point is not None:
                kept["position_latitude"] = _fact("position_latitude", point[0], latitude.best.basis)
                kept["position_longitude"] = _fact("position_longitude", point[1], longitude.best.basis)
        self._left_out["facts"] += len(facts) - len(kept)
        return kept

    def _fact_value(self, question: str, value: Value) -> Value:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if question in NUMBER_FACTS and is_number:
            return value
        if question == "duration_s" and isinstance(value, int | float):
            return value if self._policy.digests == "keep" else float(round(value))
        if question in CODEC_FACTS and isinstance(value, str) and WORD.fullmatch(value):
            return value
        return coarse_fact_time(value, self._policy) if question in TIME_FACTS else None

    def _reading(self, said: Said) -> Said:
        reading = Reading(key=said.reading.key, value=said.reading.value, location="file")
        return Said(reading=reading, instrument=said.instrument, exhibit=self._ids[said.exhibit])

    def _thumbnail(self, derivatives: tuple[Made, ...]) -> tuple[Made, ...]:
        made = next((item for item in derivatives if item.recipe.startswith("thumbnail/")), None)
        if made is None or not self._policy.pictures:
            return ()
        identity = hmac.digest(self._salt, b"picture/" + made.id.encode(), "sha256").hex()
        self._pictures[identity] = made.id
        return (
            Made(id=identity, recipe="thumbnail/coarse", media_type="image/png", offset_seconds=None,
                 instrument=made.instrument),
        )  # fmt: skip

    def _run(self, run: Run) -> Run:
        return replace(
            run,
            exhibit=self._ids[run.exhibit],
            origin="",
            parameters_digest=self._secret_or("parameters", run.parameters_digest),
            elapsed_seconds=round(run.elapsed_seconds, 1),
        )

    def _finding(self, finding: Finding) -> Finding:
        return Finding(
            exhibit=self._ids[finding.exhibit],
            question=finding.question,
            outcome=finding.outcome,
            code=finding.code,
            statement=f"{finding.outcome.value.replace('_', ' ')} ({finding.code}); its values are left out.",
        )

    # ------------------------------------------------------------ likeness

    def _match(self, match: Match) -> Match:
        left, right = self._ids[match.left], self._ids[match.right]
        transform, segments = match.transform, tuple(map(self._segment, match.segments))
        if left > right:
            left, right = right, left
            transform = _turned(transform)
            segments = tuple(replace(s, left=s.right, right=s.left, speed=1.0 / (s.speed or 1.0)) for s in segments)
        return replace(match, left=left, right=right, transform=transform, segments=segments, because={}, evidence=())

    def _segment(self, segment: Segment) -> Segment:
        return replace(segment, left=_seconds(segment.left), right=_seconds(segment.right))

    def _group(self, group: Group) -> Group:
        return Group(
            id=self._short("group", group.id),
            members=tuple(sorted(self._ids[member] for member in group.members)),
            best=self._ids[group.best],
            earliest=self._ids[group.earliest] if group.earliest is not None else None,
            reason="copies of one picture or recording",
        )


def _settings(policy: Policy) -> dict[str, str]:
    """The policy for the pages' first lines, which say it in the reader's language."""
    return {
        "redacted.coordinates": policy.coordinates,
        "redacted.times": policy.times,
        "redacted.digests": policy.digests,
        "redacted.pictures": "coarse" if policy.pictures else "none",
    }


def _match_order(match: Match) -> tuple[str, str, str, str]:
    return (match.left, match.right, match.relation.value, match.medium.value)


def _every_exhibit(case: CaseDossier) -> set[str]:
    """Every exhibit that anything kept speaks of, also those outside a narrowed report."""
    found = set(case.exhibits)
    found.update(side for match in case.matches for side in (match.left, match.right))
    found.update(side for verdict in case.verdicts for side in (verdict.left, verdict.right))
    found.update(member for group in case.groups for member in (*group.members, group.best))
    found.update(group.earliest for group in case.groups if group.earliest is not None)
    found.update(member for incident in case.incidents for member in incident.members)
    if case.originals is not None:
        found.update(member for one in case.originals.recordings for member in one.members)
        found.update(excerpt.of for one in case.originals.recordings for excerpt in one.excerpts)
        found.update(made.exhibit for made in case.originals.composites)
        found.update(part.exhibit for made in case.originals.composites for part in made.parts)
    for dossier in case.exhibits.values():
        found.update(said.exhibit for said in dossier.readings)
    return found


def _fact(question: str, value: Value, basis: str) -> Fact:
    room = basis.split(":", 1)[0]
    return Fact(question=question, best=Sourced(value=value, basis=room if room in ROOMS else "other", location=""))


def _event(event: Event) -> Event:
    return replace(event, measures={})


def _fault(fault: Fault) -> Fault:
    return replace(fault, detail=f"{fault.kind.value}; its words are left out")


def _two_digits(count: int) -> int:
    """A size to two digits: the exact one would tell a known file."""
    step = int(10 ** max(0, len(str(count)) - 2))
    return round(count / step) * step


def _seconds(span: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if span is None else (float(round(span[0])), float(round(span[1])))


def _turned(transform: Transform | None) -> Transform | None:
    """The transform the other way round: a mirrored picture turns back the way it came."""
    if transform is None:
        return None
    return Transform(
        mirrored=transform.mirrored,
        rotation_degrees=transform.rotation_degrees if transform.mirrored else -transform.rotation_degrees % 360.0,
        scale=1.0 / transform.scale if transform.scale else None,
        coverage_left=transform.coverage_right,
        coverage_right=transform.coverage_left,
    )
