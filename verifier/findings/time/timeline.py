"""Claimed time against the interval of all clocks, and against the bounds by which the content existed.

Only three things contradict a claim: a firm bound (uploaded, taken in, signed by a listed signer) more than a day
before the claimed time; the same of a certain, whole copy; and a satellite time with which the device's own clock
agrees. A camera's clock alone may be wrong by any amount and is only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from verifier.dossier import CaseDossier, ExhibitDossier
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
from verifier.geo.spoken_time import read_time
from verifier.geo.timezone import instant_of, zones_at
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Scalar

MOST_EVENTS = 100
EVENT_PREFIX = "event."  # case settings `event.0.name`, `.earliest`, `.latest`, `.place`, `.source`

BOUNDS, EVENT = "time.bounds", "time.known_event"


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
        yield from against_claim(dossier, claim, clocks, bounds, lent)
        yield from pieces(dossier, claim, case)
        yield from two_cameras(dossier, claim, case, clocks)
    yield from _events(dossier, case)


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


def _events(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Uploads and messages that fall within a window the team supplied, such as a communications shutdown."""
    for name, earliest, latest, source in known_events(case):
        for bound in bounds_of_existence(dossier, case):
            posted = bound.basis in POSTED and bound.loan is None
            if posted and earliest <= bound.latest <= latest:
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


def known_events(case: CaseDossier) -> tuple[tuple[str, datetime, datetime, str | None], ...]:
    """Name, earliest, latest and source of each event in the case's settings whose bounds can be read."""
    numbers = sorted(
        {key.split(".")[1] for key in case.settings if key.startswith(EVENT_PREFIX) and key.count(".") == 2}
    )
    found = []
    for number in numbers[:MOST_EVENTS]:
        said = {
            part: case.settings.get(f"{EVENT_PREFIX}{number}.{part}")
            for part in ("name", "earliest", "latest", "source")
        }
        earliest, latest = _end(said["earliest"], last=False), _end(said["latest"], last=True)
        if earliest is not None and latest is not None and earliest <= latest:
            found.append(
                (str(said["name"] or number), earliest, latest, str(said["source"]) if said["source"] else None)
            )
    return tuple(found)


def _end(text: Scalar, *, last: bool) -> datetime | None:
    """One end of an event: an RFC 3339 time, or any date that can be read, taken widely."""
    if not isinstance(text, str):
        return None
    instant = instant_of(text)
    if instant is not None:
        return instant
    try:
        interval = read_time(text)
    except ValueError:
        return None
    return interval.latest if last else interval.earliest


CHECK = Check(
    name="claimed-time",
    version=2,
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
    ),
    check=check,
)
