"""Claimed place against every recorded position, and against the offsets of the clocks.

A claim is contradicted only by a position that lies outside every place its words can mean, by more than the radii of
both and a wide allowance, and only where the words name a place that the gazetteer is sure of. Everything nearer is
told with its distance. That nothing is recorded says nothing: platforms remove positions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.claims import BEARS_CLAIMS, ReadClaim, claims_of
from verifier.findings.lending import Loan, loans_of
from verifier.findings.place.fixes import Fix, fixes_of, values_of
from verifier.findings.stated import states_position
from verifier.findings.time.testimony import Clock, agreeing_clocks, clocks_of
from verifier.geo.gazetteer import Place, built_in
from verifier.geo.named.between import ROAD
from verifier.geo.place import describe, metres_from_place
from verifier.geo.position import HALF_EARTH_METRES, Position, metres_between, precision_word
from verifier.geo.timezone import TEHRAN, offset_at, zone_at, zones_at
from verifier.instruments import Check
from verifier.lengths import distance, told
from verifier.records import Finding, FindingOutcome, Question, Scalar, Zone

ALLOWANCE_METRES = 5_000.0  # a phone's cell-tower fix, and how loosely people bound a neighbourhood
STALE_METRES = 60_000.0  # a last known position, where no satellite time shows that the fix is of the moment
FRESH = timedelta(minutes=10)
PROVINCE_ALLOWANCE_METRES = 30_000.0
COUNTRY_ALLOWANCE_METRES = 30_000.0
AGREE_METRES = 1_000.0
MOST_FIXES = 20

POSITION, NO_POSITION, UNUSED = "place.recorded_position", "place.no_position", "place.position_unused"
INSIDE, OUTSIDE, NEAR = "place.position_fits_claim", "place.position_contradicts_claim", "place.position_off_claim"
UNREAD, UNTESTED = "place.claim_not_read", "place.claim_not_tested"
OFFSET_FITS, OFFSET_DIFFERS = "place.offset_fits_claim", "place.offset_differs_from_claim"
DISAGREE = "place.positions_disagree"

_TAGS_CAN_BE_WRITTEN = (
    "Position tags can be edited, and a phone may store its last known position or be misled by jammed satellites."
)


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """The recorded positions, and each claim held against them and against the clocks' offsets."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return
    own = fixes_of(dossier)[:MOST_FIXES]
    lent = [] if own else _lent(dossier, case)
    yield _summary(dossier, own, lent)
    yield from _disagreement(dossier, own)
    fresh = bool(own) and is_fresh(clocks_of(dossier, zones_at(own[0].position)))
    for claim in claims_of(dossier, case):
        if claim.place is None and not claim.place_problems:
            continue
        yield from _against_claim(dossier, claim, [(fix, None) for fix in own] or lent, fresh=fresh)
        yield from _offsets(dossier, claim)


def _lent(dossier: ExhibitDossier, case: CaseDossier) -> list[tuple[Fix, Loan | None]]:
    """Positions of copies of the same recording, where the exhibit has none of its own."""
    found: list[tuple[Fix, Loan | None]] = []
    for loan in loans_of(dossier.exhibit.id, case):
        lender = case.exhibits.get(loan.lender) if loan.is_same_recording else None
        found += [(fix, loan) for fix in (fixes_of(lender)[:3] if lender else ())]
    return found[:MOST_FIXES]


def _summary(dossier: ExhibitDossier, own: tuple[Fix, ...], lent: list[tuple[Fix, Loan | None]]) -> Finding:
    """The place as far as it is bounded at all: one position with its radius, or that there is none."""
    chosen, loan = (own[0], None) if own else lent[0] if lent else (None, None)
    if chosen is None and states_position(dossier):
        return Finding(
            exhibit=dossier.exhibit.id, question=Question.PLACE, outcome=FindingOutcome.INCONCLUSIVE, code=UNUSED
        )
    if chosen is None:
        return Finding(
            exhibit=dossier.exhibit.id,
            question=Question.PLACE,
            outcome=FindingOutcome.INCONCLUSIVE,
            code=NO_POSITION,
            statement="No position is recorded in it, its sidecars or its whole copies: the place is not bounded.",
            caveat="Messengers and platforms remove positions; their absence means nothing.",
        )
    position = chosen.position
    radius = position.radius_metres
    known = f"within {radius:,.0f} m" if radius is not None else "with a precision that is not stated"
    near = describe(position)
    shaky = " The receiver had no fix yet." if chosen.is_shaky else ""
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.PLACE,
        outcome=FindingOutcome.NOTES,
        code=POSITION,
        statement=(
            f"{chosen.basis} places it at {position.latitude_degrees:.6f}, {position.longitude_degrees:.6f}, {known}"
            f"{f', {near}' if near else ''}{_from_copy(loan)}.{shaky}"
        ),
        because=(_reference(chosen),),
        caveat=_TAGS_CAN_BE_WRITTEN,
        values={
            **values_of(chosen),
            "precision": precision_word(radius),
            "near": near,
            "zone": zone_at(position),
            "copy": loan.lender if loan else None,
            **_nearest(position),
        },
    )


def _nearest(position: Position) -> dict[str, Scalar]:
    """The nearest named place and how far its centre is, for a sentence in any language."""
    found = built_in().nearest(position, most=1)
    if not found:
        return {}
    place, metres = found[0]
    return {"near_name": place.persian or place.name, "metres_near": round(metres)}


def _reference(fix: Fix) -> str:
    return f"{fix.basis} ({fix.location}) of {fix.exhibit[:12]}"


def _from_copy(loan: Loan | None) -> str:
    return f", from copy {loan.lender[:12]} ({loan.relation.value}, {loan.method})" if loan else ""


def _disagreement(dossier: ExhibitDossier, own: tuple[Fix, ...]) -> Iterator[Finding]:
    """Two positions of one exhibit that are too far apart to be one place."""
    if len(own) < 2:
        return
    first = own[0]
    apart = [(metres_between(first.position, fix.position), fix) for fix in own[1:]]
    metres, other = max(apart, key=lambda pair: (pair[0], pair[1].basis))
    allowance = (first.position.radius_metres or 0.0) + (other.position.radius_metres or 0.0) + AGREE_METRES
    if metres > allowance:
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.PLACE,
            outcome=FindingOutcome.NOTES,
            code=DISAGREE,
            statement=f"{first.basis} and {other.basis} lie {told(distance(metres))} apart.",
            because=(_reference(first),),
            contrary=(_reference(other),),
            caveat="An editor may have changed one of them, or the camera moved while it recorded.",
            values={"metres": round(metres), "one": first.basis, "other": other.basis},
        )


def _against_claim(
    dossier: ExhibitDossier, claim: ReadClaim, fixes: list[tuple[Fix, Loan | None]], *, fresh: bool
) -> Iterator[Finding]:
    if claim.place is None or not claim.place.candidates:
        yield _not_read(dossier, claim)
        return
    if not fixes:
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.PLACE,
            outcome=FindingOutcome.INCONCLUSIVE,
            code=UNTESTED,
            statement=(
                f"“{claim.place.text}” ({claim.label}) could not be held against a position: no usable one is recorded."
            ),
            caveat="Messengers and platforms remove positions; their absence means nothing.",
            values={"claim": claim.claim.id, "place": claim.place.text},
        )
        return
    for fix, loan in _distinct(fixes):
        yield _verdict(dossier, claim, fix, loan, fresh=fresh)


def _not_read(dossier: ExhibitDossier, claim: ReadClaim) -> Finding:
    said = claim.claim.place or "its coordinates"
    why = "; ".join(claim.place_problems) or "no gazetteer at hand holds these words"
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.PLACE,
        outcome=FindingOutcome.NOT_ASSESSED,
        code=UNREAD,
        statement=f"“{said}” ({claim.label}) was not understood as a place: {why}.",
        caveat="Add the place to a gazetteer of the case, or give coordinates.",
        values={"claim": claim.claim.id, "place": claim.claim.place},
    )


def _distinct(fixes: list[tuple[Fix, Loan | None]]) -> list[tuple[Fix, Loan | None]]:
    """One of those that say the same place (within a metre or so)."""
    seen: dict[tuple[float, float], tuple[Fix, Loan | None]] = {}
    for fix, loan in fixes:
        key = (round(fix.position.latitude_degrees, 5), round(fix.position.longitude_degrees, 5))
        seen.setdefault(key, (fix, loan))
    return list(seen.values())


def _verdict(dossier: ExhibitDossier, claim: ReadClaim, fix: Fix, loan: Loan | None, *, fresh: bool) -> Finding:
    assert claim.place is not None  # noqa: S101 - told by the caller
    candidates = claim.place.candidates
    reach = [(metres_from_place(c.place, fix.position, c.radius_metres), c) for c in candidates]
    metres, nearest = min(reach, key=lambda pair: pair[0])
    certain = _certainly_outside(claim, fix, loan, fresh=fresh)
    if metres == 0.0:
        sure = (loan is None or loan.is_certain) and nearest.place.kind != ROAD
        code, outcome = INSIDE, FindingOutcome.SUPPORTS if sure else FindingOutcome.NOTES
        statement = f"{fix.basis}{_from_copy(loan)} lies in “{claim.place.text}” ({claim.label})."
    else:
        code, outcome = (OUTSIDE, FindingOutcome.CONTRADICTS) if certain else (NEAR, FindingOutcome.NOTES)
        statement = (
            f"{fix.basis}{_from_copy(loan)} lies {told(distance(metres))} outside “{claim.place.text}” ({claim.label})."
        )
    unplaced = ", ".join(claim.place.unplaced)
    values: dict[str, Scalar] = {
        **values_of(fix),
        "claim": claim.claim.id,
        "place": claim.place.text,
        "understood": nearest.place.title,
        "place_radius_metres": nearest.radius_metres if nearest.place.level != "country" else None,
        "metres_outside": round(metres),
        "candidates": len(candidates),
        "unplaced": unplaced or None,
    }
    left_out = f" Not placed: {unplaced}." if unplaced else ""
    reference = (_reference(fix),)
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.PLACE,
        outcome=outcome,
        code=code,
        statement=statement,
        because=reference if outcome is not FindingOutcome.CONTRADICTS else (f"claim {claim.claim.id}",),
        contrary=reference if outcome is FindingOutcome.CONTRADICTS else (),
        caveat=_TAGS_CAN_BE_WRITTEN + left_out,
        values=values,
    )


def _certainly_outside(claim: ReadClaim, fix: Fix, loan: Loan | None, *, fresh: bool) -> bool:
    """Whether no reading of the claim's words, generously taken, reaches the position."""
    assert claim.place is not None  # noqa: S101
    if fix.is_shaky or not fix.is_own or fix.position.ambiguous or (loan is not None and not loan.is_certain):
        return False
    known = any(candidate.anchor is not None for candidate in claim.place.candidates)
    for candidate in claim.place.candidates:
        anchor = candidate.anchor
        if anchor is None and known:  # a small namesake of a large city: it too must be out of reach
            anchor = candidate.place
        if anchor is None:
            return False
        radius = candidate.radius_metres if anchor is candidate.place else None
        allowance = allowance_metres(anchor) if fresh else max(STALE_METRES, allowance_metres(anchor))
        if metres_from_place(anchor, fix.position, radius) <= allowance:
            return False
    return bool(claim.place.candidates)


def is_fresh(clocks: tuple[Clock, ...]) -> bool:
    """Whether the satellites' time of the fix is that of the device's own clock, within minutes."""
    sharp = tuple(clock for clock in clocks if clock.question == "gps_time" or clock.length <= FRESH)
    return agreeing_clocks(sharp, within=FRESH) is not None  # within a long recording a fix may be old


def allowance_metres(place: Place) -> float:
    """How far beyond a place's circle a position may lie before a claim of it is contradicted."""
    if place.level == "country":
        return COUNTRY_ALLOWANCE_METRES
    if place.level == "province":
        return PROVINCE_ALLOWANCE_METRES
    return min(max(ALLOWANCE_METRES, place.radius_metres), HALF_EARTH_METRES)


def _offsets(dossier: ExhibitDossier, claim: ReadClaim) -> Iterator[Finding]:
    """A clock's stated offset against the one kept at the claimed place at that time."""
    if claim.place is None or claim.zone is None:
        return
    zones = zones_at(claim.place.candidates[0].place.position)
    for clock in clocks_of(dossier):
        if clock.moment.zone is not Zone.OFFSET or clock.moment.offset_minutes is None or clock.is_reset:
            continue
        stated = timedelta(minutes=clock.moment.offset_minutes)
        kept = {name: offset_at(name, clock.earliest) for name in (*zones, claim.zone)}
        fits = stated in kept.values()
        whole_country = all(candidate.place.level == "country" for candidate in claim.place.candidates)
        rare = fits and claim.zone == TEHRAN and stated != timedelta(0) and whole_country  # says nothing of a city
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.PLACE,
            outcome=FindingOutcome.SUPPORTS if rare else FindingOutcome.NOTES,
            code=OFFSET_FITS if fits else OFFSET_DIFFERS,
            statement=(
                f"{clock.basis} states UTC{_written(stated)}, "
                f"{'which is' if fits else 'not'} the offset kept at “{claim.place.text}” then "
                f"(UTC{_written(kept[claim.zone])}, {claim.zone})."
            ),
            because=(f"{clock.basis} ({clock.location})",),
            caveat=(
                "Few places keep this offset."
                if rare
                else "Many places share an offset, and a device may keep the zone of its home or of its maker."
            ),
            values={"claim": claim.claim.id, "stated": _written(stated), "kept": _written(kept[claim.zone])},
        )
        return  # one clock is enough: the others repeat it


def _written(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


CHECK = Check(
    name="claimed-place",
    version=4,
    codes=(
        POSITION,
        NO_POSITION,
        UNUSED,
        INSIDE,
        OUTSIDE,
        NEAR,
        UNREAD,
        UNTESTED,
        OFFSET_FITS,
        OFFSET_DIFFERS,
        DISAGREE,
    ),
    check=check,
)
