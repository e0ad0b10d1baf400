"""Claimed time against the interval of all clocks, and against the bounds by which the content existed.

Only three things contradict a claim: a firm bound (uploaded, taken in, signed by a listed signer) more than a day
before the claimed time; the same of a certain, whole copy; and a satellite time with which the device's own clock
agrees. A camera's clock alone may be wrong by any amount and is only told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.geo.calendar import jalali_text
from verifier.geo.claims import BEARS_CLAIMS, ReadClaim, claims_of, instant_of
from verifier.geo.fixes import fixes_of
from verifier.geo.spoken_time import read_time
from verifier.geo.testimony import (
    MARGIN,
    POSTED,
    Bound,
    Clock,
    agreeing_clocks,
    bounds_of_existence,
    bounds_of_pieces,
    clocks_of,
    corroborated,
)
from verifier.geo.timezone import zones_at
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Scalar

CLOCKS_MARGIN = timedelta(hours=12)  # people call the small hours the night of the day before
MOST_EVENTS = 100
EVENT_PREFIX = "event."  # case settings `event.0.name`, `.earliest`, `.latest`, `.place`, `.source`

BOUNDS = "time.bounds"
FITS, MISSES = "time.clock_fits_claim", "time.clock_off_claim"
EXISTED, COPY_EXISTED, SOFTLY = "time.existed_before_claim", "time.copy_existed_before_claim", "time.said_before_claim"
TWO_CLOCKS, TWO_CAMERAS = "time.two_clocks_contradict_claim", "time.two_cameras_contradict_claim"
PART_EXISTED = "time.part_existed_before_claim"
UNREAD, UNTESTED, EVENT = "time.claim_not_read", "time.claim_not_tested", "time.known_event"
_CLOCKS_CAN_BE_WRONG = "A device's clock can be wrong by any amount, and tags can be edited."


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """The bounds of the time, each with its reason; then each claim against them, and against known events."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return
    clocks = clocks_of(dossier, _zones(dossier))
    bounds = bounds_of_existence(dossier, case)
    yield _bounded(dossier, clocks, bounds)
    for claim in claims_of(dossier, case):
        if claim.claim.time is None and claim.claim.earliest is None and claim.claim.latest is None:
            continue
        if claim.interval is None:
            yield _not_read(dossier, claim)
            continue
        yield from _against_claim(dossier, claim, clocks, bounds)
        yield from _pieces(dossier, claim, case)
        yield from _two_cameras(dossier, claim, case, clocks)
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
        parts.append(f"{best.basis} says {_said(best)}; not before that only if this clock was right.")
        values |= {
            "clock_earliest": best.earliest.isoformat(),
            "clock_latest": best.latest.isoformat(),
            "clock_basis": best.basis,
        }
        if firm is not None and best.earliest > firm.latest:
            parts.append("That is after the time by which it existed, so that clock was wrong.")
            values["clock_is_late"] = True
    for clock in clocks:
        if clock.is_reset:
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
        caveat=_CLOCKS_CAN_BE_WRONG + " A bound is as good as the sidecar, platform or operator that it rests on.",
        values=values,
    )


def stamp(instant: datetime) -> str:
    """ "2026-01-08 17:00:00 UTC"."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _said(clock: Clock) -> str:
    if clock.earliest == clock.latest:
        return stamp(clock.earliest)
    return f"{clock.moment.wall} on a clock of unknown zone ({stamp(clock.earliest)} to {stamp(clock.latest)})"


def _span_text(claim: ReadClaim) -> str:
    interval = claim.interval
    assert interval is not None  # noqa: S101 - told by the callers
    first = stamp(interval.earliest) if interval.earliest else "any time"
    last = stamp(interval.latest) if interval.latest else "any time"
    jalali = f"; {jalali_text(interval.earliest)} in Iran" if interval.earliest else ""
    return f"“{interval.text}” ({claim.label}: {first} to {last}{jalali})"


def _values(claim: ReadClaim) -> dict[str, Scalar]:
    interval = claim.interval
    assert interval is not None  # noqa: S101
    return {
        "claim": claim.claim.id,
        "time": interval.text,
        "earliest": interval.earliest.isoformat() if interval.earliest else None,
        "latest": interval.latest.isoformat() if interval.latest else None,
        "zone": interval.zone,
        "assumed": "; ".join(interval.notes) or None,
    }


def _not_read(dossier: ExhibitDossier, claim: ReadClaim) -> Finding:
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=FindingOutcome.NOT_ASSESSED,
        code=UNREAD,
        statement=f"“{claim.claim.time}” ({claim.label}) was not understood as a time: {'; '.join(claim.problems)}.",
        values={"claim": claim.claim.id, "time": claim.claim.time},
    )


def _against_claim(
    dossier: ExhibitDossier, claim: ReadClaim, clocks: tuple[Clock, ...], bounds: tuple[Bound, ...]
) -> Iterator[Finding]:
    interval = claim.interval
    assert interval is not None  # noqa: S101
    tested = False
    if interval.earliest is not None:
        yield from _existence(dossier, claim, bounds, interval.earliest)
    for clock in [clock for clock in clocks if not clock.is_reset][:3]:
        tested = True
        yield _clock_finding(dossier, claim, clock)
    pair = agreeing_clocks(clocks)
    if pair is not None:
        away = _away(claim, pair[0])
        if away > CLOCKS_MARGIN:
            yield _two_clocks(dossier, claim, pair, away)
    if not tested:
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.TIME,
            outcome=FindingOutcome.INCONCLUSIVE,
            code=UNTESTED,
            statement=f"{_span_text(claim)} could not be held against a clock: the exhibit states no usable one.",
            caveat="Messengers and platforms remove times; their absence means nothing.",
            values=_values(claim),
        )


def _existence(
    dossier: ExhibitDossier, claim: ReadClaim, bounds: tuple[Bound, ...], earliest: datetime
) -> Iterator[Finding]:
    """The earliest firm bound before the claim contradicts it; else the earliest one before it is told."""
    before = [bound for bound in bounds if earliest > bound.latest]
    firm = [bound for bound in before if bound.is_firm and earliest - bound.latest > MARGIN]
    chosen = min(firm or before, key=lambda bound: (bound.latest, bound.loan is not None, bound.basis), default=None)
    if chosen is None:
        return
    lead = earliest - chosen.latest
    code = (COPY_EXISTED if chosen.loan else EXISTED) if firm else SOFTLY
    outcome = FindingOutcome.CONTRADICTS if firm else FindingOutcome.NOTES
    link = "the match with that copy and what dates it" if chosen.loan else "what dates it"
    yield Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=outcome,
        code=code,
        statement=(
            f"It existed by {stamp(chosen.latest)}: {chosen.reason}. "
            f"That is {_length(lead)} before the earliest moment of {_span_text(claim)}."
        ),
        because=(f"claim {claim.claim.id}",) if firm else (f"{chosen.basis} of {chosen.exhibit[:12]}",),
        contrary=(f"{chosen.basis} of {chosen.exhibit[:12]}",) if firm else (),
        caveat=f"The weakest link is {link}; a sidecar can be edited, and a day is allowed for zones and live streams.",
        values={
            **_values(claim),
            "existed_by": chosen.latest.isoformat(),
            "basis": chosen.basis,
            "from": chosen.exhibit,
            "copy": chosen.loan.lender if chosen.loan else None,
            "relation": chosen.loan.relation.value if chosen.loan else None,
            "seconds_before": round(lead.total_seconds()),
        },
    )


def _length(duration: timedelta) -> str:
    if duration >= timedelta(days=2):
        return f"{duration.days:,} days"
    return f"{duration.total_seconds() / 3600:.1f} hours"


def _away(claim: ReadClaim, clock: Clock) -> timedelta:
    """How far the clock's interval lies from the claim's, zero where they touch."""
    interval = claim.interval
    assert interval is not None  # noqa: S101
    if interval.latest is not None and clock.earliest > interval.latest:
        return clock.earliest - interval.latest
    if interval.earliest is not None and clock.latest < interval.earliest:
        return interval.earliest - clock.latest
    return timedelta(0)


def _clock_finding(dossier: ExhibitDossier, claim: ReadClaim, clock: Clock) -> Finding:
    away = _away(claim, clock)
    sharp = clock.earliest == clock.latest
    if away:
        later = (
            claim.interval is not None and claim.interval.latest is not None and clock.earliest > claim.interval.latest
        )
        word = "after" if later else "before"
        code, outcome = MISSES, FindingOutcome.NOTES
        statement = f"{clock.basis} says {_said(clock)}, {_length(away)} {word} {_span_text(claim)}."
    else:
        code = FITS
        outcome = FindingOutcome.SUPPORTS if sharp else FindingOutcome.NOTES
        statement = f"{clock.basis} says {_said(clock)}, within {_span_text(claim)}."
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=outcome,
        code=code,
        statement=statement,
        because=(f"{clock.basis} ({clock.location})",),
        caveat=_CLOCKS_CAN_BE_WRONG,
        values={
            **_values(claim),
            "clock": clock.moment.iso(),
            "basis": clock.basis,
            "seconds_away": round(away.total_seconds()),
        },
    )


def _two_clocks(dossier: ExhibitDossier, claim: ReadClaim, pair: tuple[Clock, Clock], away: timedelta) -> Finding:
    satellite, device = pair
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=FindingOutcome.CONTRADICTS,
        code=TWO_CLOCKS,
        statement=(
            f"{satellite.basis} ({stamp(satellite.earliest)}) and {device.basis} ({device.moment.iso()}) agree "
            f"with one another and lie {_length(away)} from {_span_text(claim)}."
        ),
        because=(f"claim {claim.claim.id}",),
        contrary=(f"{satellite.basis} ({satellite.location})", f"{device.basis} ({device.location})"),
        caveat="Both tags can be written by an editor; compare them with the sidecar and other exhibits of the device.",
        values={
            **_values(claim),
            "satellite": satellite.moment.iso(),
            "device": device.moment.iso(),
            "seconds_away": round(away.total_seconds()),
        },
    )


def _pieces(dossier: ExhibitDossier, claim: ReadClaim, case: CaseDossier) -> Iterator[Finding]:
    """A part that existed before the claimed time says that this part is older, and nothing of the rest."""
    earliest = claim.interval.earliest if claim.interval else None
    for bound, shared in bounds_of_pieces(dossier, case) if earliest is not None else ():
        if earliest is None or earliest - bound.latest <= MARGIN:
            continue
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.TIME,
            outcome=FindingOutcome.NOTES,
            code=PART_EXISTED,
            statement=(
                f"Of this exhibit, {shared} existed by {stamp(bound.latest)} ({bound.what}, {bound.basis} of "
                f"{bound.exhibit[:12]}), {_length(earliest - bound.latest)} before {_span_text(claim)}."
            ),
            because=(f"{bound.basis} of {bound.exhibit[:12]}",),
            caveat="It speaks of that part alone; the rest may be of the claimed time.",
            values={**_values(claim), "existed_by": bound.latest.isoformat(), "shared": shared, "from": bound.exhibit},
        )
        return


def _two_cameras(
    dossier: ExhibitDossier, claim: ReadClaim, case: CaseDossier, clocks: tuple[Clock, ...]
) -> Iterator[Finding]:
    found = corroborated(dossier, case, clocks)
    if found is None:
        return
    mine, other, exhibit = found
    away = _away(claim, mine)
    if away <= CLOCKS_MARGIN or _away(claim, other) <= CLOCKS_MARGIN:
        return
    yield Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=FindingOutcome.CONTRADICTS,
        code=TWO_CAMERAS,
        statement=(
            f"{mine.basis} ({stamp(mine.earliest)}) agrees with {other.basis} ({stamp(other.earliest)}) of another "
            f"recording of the same event, {exhibit[:12]}; both lie {_length(away)} or so from {_span_text(claim)}."
        ),
        because=(f"claim {claim.claim.id}",),
        contrary=(f"{mine.basis} ({mine.location})", f"{other.basis} of {exhibit[:12]}"),
        caveat="The weakest link is that both recordings are of one event; listen to both.",
        values={**_values(claim), "mine": mine.moment.iso(), "other": other.moment.iso(), "from": exhibit},
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
                    values={"event": name, "basis": bound.basis, "at": bound.latest.isoformat()},
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
    version=1,
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
