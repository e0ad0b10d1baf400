"""What reports and checks see: everything known of a case, as plain frozen values. No store, no media, no files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    CustodyEvent,
    Event,
    Exhibit,
    Fact,
    Fault,
    Finding,
    Group,
    Incident,
    Match,
    Observation,
    Reading,
    Run,
    Scalar,
    Skipped,
    Standing,
    Verdict,
    Worksheet,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reading with the instrument that made it."""

    reading: Reading
    instrument: str
    exhibit: str  # whose bytes say so; a sidecar's readings stand in the dossier of their subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A derivative that lies in the vault, without its bytes."""

    id: str
    recipe: str
    media_type: str
    offset_seconds: float | None
    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitDossier:
    """Everything known of one exhibit."""

    exhibit: Exhibit
    acquisitions: tuple[Acquisition, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    readings: tuple[Said, ...] = ()
    derivatives: tuple[Made, ...] = ()
    events: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()
    runs: tuple[Run, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    observations: tuple[Observation, ...] = ()
    standings: tuple[Standing, ...] = ()
    worksheets: tuple[Worksheet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDossier:
    """Everything known of a case. `exhibits` is ordered by id."""

    id: str
    title: str
    created_at: str
    tool_name: str
    tool_version: str
    custody_size: int
    custody_root: str
    custody_checkpoint: str | None
    exhibits: Mapping[str, ExhibitDossier]
    batches: tuple[Batch, ...] = ()
    matches: tuple[Match, ...] = ()
    groups: tuple[Group, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    incidents: tuple[Incident, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    custody: tuple[CustodyEvent, ...] = ()
    limits: tuple[str, ...] = ()  # what this case's examination did not cover, in sentences
    settings: Mapping[str, Scalar] = field(default_factory=dict)
