"""What clocks and bounds say of one claimed time, as findings; `timeline` decides which are asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from verifier.calendars import jalali_text
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.claims import ReadClaim
from verifier.findings.time.existence import MARGIN, Bound, bounds_of_pieces
from verifier.findings.time.lent_clocks import LentClocks
from verifier.findings.time.testimony import Clock, agreeing_clocks, corroborated
from verifier.geo.timezone import TEHRAN, zone
from verifier.instants import in_zone
from verifier.lengths import time_length, told
from verifier.records import Finding, FindingOutcome, Question, Scalar

CLOCKS_MARGIN = timedelta(hours=12)  # people call the small hours the night of the day before
FITS, MISSES = "time.clock_fits_claim", "time.clock_off_claim"
EXISTED, COPY_EXISTED, SOFTLY = "time.existed_before_claim", "time.copy_existed_before_claim", "time.said_before_claim"
TWO_CLOCKS, TWO_CAMERAS = "time.two_clocks_contradict_claim", "time.two_cameras_contradict_claim"
PART_EXISTED = "time.part_existed_before_claim"
UNREAD, UNTESTED = "time.claim_not_read", "time.claim_not_tested"
WEAKEST_IS_LINK = " The weakest link is the match with that copy: look at both."
CLOCKS_CAN_BE_WRONG = "A device's clock can be wrong by any amount, and tags can be edited."


def stamp(instant: datetime) -> str:
    """ "2026-01-08 17:00:00 UTC"."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def said_by(clock: Clock) -> str:
    if clock.earliest == clock.latest:
        return stamp(clock.earliest)
    return f"{clock.moment.wall} on a clock of unknown zone ({stamp(clock.earliest)} to {stamp(clock.latest)})"


def _span_text(claim: ReadClaim) -> str:
    interval = claim.interval
    assert interval is not None  # noqa: S101 - told by the callers
    first = stamp(interval.earliest) if interval.earliest else "any time"
    last = stamp(interval.latest) if interval.latest else "any time"
    jalali = f"; {jalali_text(in_zone(interval.earliest, zone(TEHRAN)))} in Iran" if interval.earliest else ""
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


def not_read(dossier: ExhibitDossier, claim: ReadClaim) -> Finding:
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=FindingOutcome.NOT_ASSESSED,
        code=UNREAD,
        statement=(
            f"“{claim.claim.time}” ({claim.label}) was not understood as a time: {'; '.join(claim.time_problems)}."
        ),
        values={"claim": claim.claim.id, "time": claim.claim.time},
    )


def against_claim(
    dossier: ExhibitDossier,
    claim: ReadClaim,
    clocks: tuple[Clock, ...],
    bounds: tuple[Bound, ...],
    lent: tuple[LentClocks, ...] = (),
) -> Iterator[Finding]:
    """Bounds, then its own clocks, then those of certain copies of the same recording."""
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
    for lender in lent:
        other = agreeing_clocks(lender.clocks)
        away = _away(claim, other[0]) if other else timedelta(0)
        if pair is None and other is not None and away > CLOCKS_MARGIN:
            yield _two_clocks(dossier, claim, other, away, lender)
            tested = True
            break
        usable = [clock for clock in lender.clocks if not clock.is_reset]
        if not tested and usable:
            tested = True
            yield _clock_finding(dossier, claim, usable[0], lender)
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
    return told(time_length(duration.total_seconds()))


def _away(claim: ReadClaim, clock: Clock) -> timedelta:
    """How far what the recording can show by this clock lies from the claim's interval, zero where they touch."""
    interval = claim.interval
    assert interval is not None  # noqa: S101
    first, last = clock.span
    if interval.latest is not None and first > interval.latest:
        return first - interval.latest
    if interval.earliest is not None and last < interval.earliest:
        return interval.earliest - last
    return timedelta(0)


def _is_within(claim: ReadClaim, clock: Clock) -> bool:
    """Whether the written instant itself lies in the claim: then it does as the begin and as the end of a recording."""
    interval = claim.interval
    assert interval is not None  # noqa: S101
    return (interval.earliest is None or clock.earliest >= interval.earliest) and (
        interval.latest is None or clock.latest <= interval.latest
    )


def _clock_finding(
    dossier: ExhibitDossier, claim: ReadClaim, clock: Clock, lender: LentClocks | None = None
) -> Finding:
    away = _away(claim, clock)
    sharp = clock.is_tied and _is_within(claim, clock)
    of_copy = f", from copy {lender.loan.lender[:12]}" if lender else ""
    if away:
        later = (
            claim.interval is not None and claim.interval.latest is not None and clock.earliest > claim.interval.latest
        )
        word = "after" if later else "before"
        code, outcome = MISSES, FindingOutcome.NOTES
        statement = f"{clock.basis}{of_copy} says {said_by(clock)}, {_length(away)} {word} {_span_text(claim)}."
    else:
        code = FITS
        outcome = FindingOutcome.SUPPORTS if sharp else FindingOutcome.NOTES
        statement = f"{clock.basis}{of_copy} says {said_by(clock)}, within {_span_text(claim)}."
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=outcome,
        code=code,
        statement=statement,
        because=(_reference(clock, lender), *((lender.reason,) if lender else ())),
        caveat=CLOCKS_CAN_BE_WRONG + (WEAKEST_IS_LINK if lender else ""),
        values={
            **_values(claim),
            "clock": clock.moment.iso(),
            "basis": clock.basis,
            "seconds_away": round(away.total_seconds()),
            **(lender.values if lender else {}),
        },
    )


def _reference(clock: Clock, lender: LentClocks | None) -> str:
    return f"{clock.basis} ({clock.location})" + (f" of {lender.loan.lender[:12]}" if lender else "")


def _two_clocks(
    dossier: ExhibitDossier,
    claim: ReadClaim,
    pair: tuple[Clock, Clock],
    away: timedelta,
    lender: LentClocks | None = None,
) -> Finding:
    satellite, device = pair
    of_copy = f" of copy {lender.loan.lender[:12]}" if lender else ""
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=FindingOutcome.CONTRADICTS,
        code=TWO_CLOCKS,
        statement=(
            f"{satellite.basis} ({stamp(satellite.earliest)}) and {device.basis} ({device.moment.iso()}){of_copy} "
            f"agree with one another and lie {_length(away)} from {_span_text(claim)}."
        ),
        because=(f"claim {claim.claim.id}",),
        contrary=(
            _reference(satellite, lender),
            _reference(device, lender),
            *((lender.reason,) if lender else ()),  # the weakest reason comes last
        ),
        caveat="Both tags can be written by an editor; compare them with the sidecar and other exhibits of the device."
        + (WEAKEST_IS_LINK if lender else ""),
        values={
            **_values(claim),
            "satellite": satellite.moment.iso(),
            "device": device.moment.iso(),
            "seconds_away": round(away.total_seconds()),
            **(lender.values if lender else {}),
        },
    )


def pieces(dossier: ExhibitDossier, claim: ReadClaim, case: CaseDossier) -> Iterator[Finding]:
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
            values={
                **_values(claim),
                "existed_by": bound.latest.isoformat(),
                "shared": shared,
                "from": bound.exhibit,
                "basis": bound.basis,
                "seconds_before": round((earliest - bound.latest).total_seconds()),
            },
        )
        return


def two_cameras(
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
        values={
            **_values(claim),
            "mine": mine.moment.iso(),
            "other": other.moment.iso(),
            "from": exhibit,
            "seconds_away": round(away.total_seconds()),
        },
    )
