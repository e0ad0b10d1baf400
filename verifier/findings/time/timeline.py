"""Claimed time against the interval of all clocks, and against the bounds by which the content existed.

Only three things contradict a claim: a firm bound (uploaded, taken in, signed by a listed signer) more than a day
before the claimed time; the same of a certain, whole copy; and a satellite time with which the device's own clock
agrees. A camera's clock alone may be wrong by any amount and is only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.claim_words import CODES as OF_WORDS
from verifier.findings.claim_words import of_words
from verifier.findings.claims import BEARS_CLAIMS, claims_of
from verifier.findings.codes import POSTED
from verifier.findings.place.fixes import fixes_of
from verifier.findings.time.claimed_time import (
    CLOCKS_CAN_BE_WRONG,
    COPY_EXISTED,
    EXISTED,
    FITS,
    MISSES,
    PART_EXISTED,
    SOFTLY,
    TWO_CAMERAS,
    TWO_CLOCKS,
    UNREAD,
    UNTESTED,
    against_claim,
    not_read,
    pieces,
    said_by,
    stamp,
    two_cameras,
)
from verifier.findings.time.existence import Bound, bounds_of_existence
from verifier.findings.time.lent_clocks import lent_clocks
from verifier.findings.time.testimony import Clock, clocks_of
from verifier.geo.spoken_time import TimeNotUnderstood, read_time
from verifier.geo.timezone import instant_of, zones_at
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Scalar

MOST_EVENTS = 100
EVENT_PREFIX = "event."  # case settings `event.0.name`, `.earliest`, `.latest`, `.place`, `.source`

BOUNDS, EVENT, EVENT_UNREAD = "time.bounds", "time.known_event", "time.known_event_not_read"


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """The bounds of the time, each with its reason; then each claim against them, and against known events."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return
    clocks = clocks_of(dossier, _zones(dossier))
    bounds = bounds_of_existence(dossier, case)
    lent = lent_clocks(dossier, case)
    yield _bounded(dossier, clocks, bounds)
    for claim in claims_of(dossier, case):
        if claim.claim.time is None and claim.claim.earliest is None and claim.claim.latest is None:
            continue
        if claim.interval is None:
            yield not_read(dossier, claim)
            continue
        yield from of_words(dossier, claim)
        yield from against_claim(dossier, claim, clocks, bounds, lent)
        yield from pieces(dossier, claim, case)
        yield from two_cameras(dossier, claim, case, clocks)
    yield from _events(dossier, case, bounds)


def _zones(dossier: ExhibitDossier) -> tuple[str, ...]:
    """The zones kept where the exhibit says it was."""
    fixes = fixes_of(dossier)
    return zones_at(fixes[0].position) if fixes else ()


def _bounded(dossier: ExhibitDossier, clocks: tuple[Clock, ...], bounds: tuple[Bound, ...]) -> Finding:
    """Not after when, why, and what the clocks say of the moment itself."""
    firm = min((bound for bound in bounds if bound.is_firm), key=lambda bound: bound.latest, default=None)
    usable = [clock for clock in clocks if not clock.is_reset]
    parts, values = [], dict[str, Scalar]()
    if firm is not None:
        parts.append(f"It existed by {stamp(firm.latest)}: {firm.reason}.")
        values |= {"not_after": firm.latest.isoformat(), "not_after_basis": firm.basis, "not_after_from": firm.exhibit}
    if usable:
        best = usable[0]
        parts.append(f"{best.basis} says {said_by(best)}; not before that only if this clock was right.")
        values |= {
            "clock_earliest": best.begin[0].isoformat(),
            "clock_latest": best.begin[1].isoformat(),
            "clock_basis": best.basis,
        }
        if firm is not None and best.begin[0] > firm.latest:
            parts.append("That is after the time by which it existed, so that clock was wrong.")
            values["clock_is_late"] = True
    for clock in clocks:
        if clock.is_reset:
            values |= {"reset_basis": clock.basis, "reset": clock.moment.wall}
            parts.append(f"{clock.basis} shows {clock.moment.wall}, as clocks do that were never set: not used.")
            break
    if not parts:
        parts.append("Nothing that was read bounds the time.")
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=FindingOutcome.NOTES if firm or usable else FindingOutcome.INCONCLUSIVE,
        code=BOUNDS,
        statement=" ".join(parts),
        because=(
            *((f"{firm.basis} of {firm.exhibit[:12]}",) if firm else ()),
            *(f"{clock.basis} ({clock.location})" for clock in usable[:3]),
        ),
        caveat=CLOCKS_CAN_BE_WRONG + " A bound is as good as the sidecar, platform or operator that it rests on.",
        values=values,
    )


def _events(dossier: ExhibitDossier, case: CaseDossier, bounds: tuple[Bound, ...]) -> Iterator[Finding]:
    """Uploads and messages that fall within a window the team supplied, such as a communications shutdown."""
    posted = [bound for bound in bounds if bound.basis in POSTED and bound.loan is None]
    if not posted:
        return
    for name, earliest, latest, source in known_events(case):
        for bound in posted:
            if earliest <= bound.latest <= latest:
                yield Finding(
                    exhibit=dossier.exhibit.id,
                    question=Question.TIME,
                    outcome=FindingOutcome.NOTES,
                    code=EVENT,
                    statement=(
                        f"{bound.basis} ({stamp(bound.latest)}) falls within “{name}” "
                        f"({stamp(earliest)} to {stamp(latest)})."
                    ),
                    because=(f"{bound.basis} of {bound.exhibit[:12]}", f"known event: {source or 'the case'}"),
                    caveat="Some networks, satellite links and people abroad are not touched by such an event.",
                    values={
                        "event": name,
                        "basis": bound.basis,
                        "at": bound.latest.isoformat(),
                        "earliest": earliest.isoformat(),
                        "latest": latest.isoformat(),
                    },
                )
                break
    for name, sentence in unread_events(case):
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.TIME,
            outcome=FindingOutcome.NOT_ASSESSED,
            code=EVENT_UNREAD,
            statement=f"The event “{name}” of the case's settings was not held against its upload: {sentence}.",
            caveat="Write both ends of an event as RFC 3339 times or as whole dates.",
            values={"event": name, "problem": sentence},
        )


def known_events(case: CaseDossier) -> tuple[tuple[str, datetime, datetime, str | None], ...]:
    """Name, earliest, latest and source of each event in the case's settings whose bounds can be read."""
    return tuple(
        (event.name, event.earliest, event.latest, event.source)
        for event in _stated_events(case)
        if event.earliest is not None and event.latest is not None and not event.problem
    )


def unread_events(case: CaseDossier) -> tuple[tuple[str, str], ...]:
    """Name and a sentence for each event whose bounds cannot be used."""
    return tuple((event.name, event.problem) for event in _stated_events(case) if event.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """An event as the case's settings state it; `problem` says why it cannot be used."""

    name: str
    earliest: datetime | None
    latest: datetime | None
    source: str | None
    problem: str = ""


def _stated_events(case: CaseDossier) -> Iterator[_Event]:
    numbers = {key.split(".")[1] for key in case.settings if key.startswith(EVENT_PREFIX) and key.count(".") == 2}
    for number in sorted(numbers, key=lambda text: (len(text), text))[:MOST_EVENTS]:
        said = {
            part: case.settings.get(f"{EVENT_PREFIX}{number}.{part}")
            for part in ("name", "earliest", "latest", "source")
        }
        name, source = str(said["name"] or number), str(said["source"]) if said["source"] else None
        try:
            earliest, latest = _end(said["earliest"], last=False), _end(said["latest"], last=True)
        except TimeNotUnderstood as error:
            yield _Event(name=name, earliest=None, latest=None, source=source, problem=str(error))
            continue
        problem = "its end lies before its beginning" if earliest > latest else ""
        yield _Event(name=name, earliest=earliest, latest=latest, source=source, problem=problem)


def _end(text: Scalar, *, last: bool) -> datetime:
    """One end of an event: an RFC 3339 time, or any date that can be read, taken widely. Raises TimeNotUnderstood."""
    if not isinstance(text, str):
        raise TimeNotUnderstood("an end of it is missing")
    instant = instant_of(text)
    if instant is not None:
        return instant
    interval = read_time(text)
    end = interval.latest if last else interval.earliest
    if end is None:
        raise TimeNotUnderstood(f"{text!r} has no such end")
    return end


CHECK = Check(
    name="claimed-time",
    version=3,
    codes=(
        BOUNDS,
        FITS,
        MISSES,
        EXISTED,
        COPY_EXISTED,
        SOFTLY,
        TWO_CLOCKS,
        TWO_CAMERAS,
        PART_EXISTED,
        UNREAD,
        UNTESTED,
        EVENT,
        EVENT_UNREAD,
        *OF_WORDS,
    ),
    check=check,
)
