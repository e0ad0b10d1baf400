"""Which copies may lend an exhibit their evidence, and how sure that is.

What was known of a copy by a date was known of the content. It holds only where the whole of this exhibit is in the
copy: a compilation that holds a piece of an old clip is not itself old, and the rest of it owes the old clip nothing.

Clocks and positions are those of one recording: they are lent only between copies of which each is whole in the other.
Nothing is lent between a photo and a recording, from a picture in which this one is only a part, over a likely link
whose capture times exclude each other, or over a link that a person's last verdict refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.copies.groups import latest_decisions
from verifier.findings.remembered import remembered
from verifier.findings.time.device_clocks import Clock, clocks_of
from verifier.records import Kind, Match, Medium, Relation, Tier

RECORDING_SHARE = 0.5  # of a copy's length: one that was trimmed is still of the same recording
COMPOSITE_SHARE = 0.5  # of the lender's picture; less is a part of another picture
CLOCKS_APART = timedelta(hours=24)
WHOLE_SHARE = 0.9  # of this exhibit's length or picture that must be in the copy
_COPY = {Relation.SAME_STREAMS, Relation.SAME_PICTURE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """One exhibit's evidence lent to another, through one match."""

    lender: str
    relation: Relation
    is_certain: bool
    method: str
    is_same_recording: bool = False  # each is whole in the other, so clocks and positions are those of both
    public_by: str | None = None  # of a bank's item


@remembered
def loans_of(exhibit: str, case: CaseDossier) -> tuple[Loan, ...]:
    """Every copy that holds the whole of this exhibit, in order of id. A person's "different" ends a loan."""
    refused = _refused(case)
    loans = [
        loan
        for match in matches_of(exhibit, case)
        if (match.left, match.right) not in refused
        for loan in _loan(exhibit, match, case)
    ]
    best: dict[str, Loan] = {}
    for loan in sorted(loans, key=lambda loan: (loan.lender, not loan.is_certain, loan.relation.value, loan.method)):
        best.setdefault(loan.lender, loan)
    return tuple(best.values())


@remembered
def _refused(case: CaseDossier) -> set[tuple[str, str]]:
    """Pairs of which a person decided last that they differ."""
    decided = latest_decisions(case.verdicts)
    return {(min(pair), max(pair)) for pair, decision in decided.items() if decision == "different"}


def pieces_of(exhibit: str, case: CaseDossier) -> tuple[tuple[str, str], ...]:
    """(other exhibit, what is shared, in words) where only a part of this one, or its unaltered picture, is there."""
    whole = {loan.lender for loan in loans_of(exhibit, case)}
    refused = _refused(case)
    found: dict[str, str] = {}
    for match in matches_of(exhibit, case):
        is_left = match.left == exhibit
        other = match.right if is_left else match.left
        if other in whole or match.tier is Tier.REVIEW or (match.left, match.right) in refused:
            continue
        if match.relation is Relation.CLIP:
            found.setdefault(other, f"a part of it ({_ranges(match, is_left=is_left)})")
        elif match.relation is Relation.ALTERED_PICTURE:
            found.setdefault(other, "the picture before a region was changed")
    return tuple(sorted(found.items()))


def _ranges(match: Match, *, is_left: bool) -> str:
    sides = [segment.left if is_left else segment.right for segment in match.segments]
    told = [f"{side[0]:.1f}–{side[1]:.1f} s" for side in sorted({side for side in sides if side is not None})]
    return ", ".join(told[:4]) or "of unknown extent"


def matches_of(exhibit: str, case: CaseDossier) -> tuple[Match, ...]:
    """The case's matches that touch an exhibit."""
    return _index(case).get(exhibit, ())


@remembered
def _index(case: CaseDossier) -> dict[str, tuple[Match, ...]]:
    """Matches by exhibit, once for a case: it is judged exhibit after exhibit."""
    found: dict[str, list[Match]] = {}
    for match in case.matches:
        found.setdefault(match.left, []).append(match)
        found.setdefault(match.right, []).append(match)
    return {key: tuple(matches) for key, matches in found.items()}


def _loan(exhibit: str, match: Match, case: CaseDossier) -> list[Loan]:
    if match.tier is Tier.REVIEW or match.medium is Medium.AUDIO:
        return []
    is_left = match.left == exhibit
    lender = match.right if is_left else match.left
    mine, other = case.exhibits.get(exhibit), case.exhibits.get(lender)
    if match.relation not in _COPY and not (
        match.relation is Relation.CLIP and _is_contained(mine, match, is_left=is_left)
    ):
        return []
    if _is_photo_in_video(match, mine, other) or _is_composite(match, is_left=is_left):
        return []
    is_certain = match.tier is Tier.CERTAIN and _is_whole(mine, match, is_left=is_left)
    if not is_certain and mine is not None and other is not None and clocks_exclude(mine, other):
        return []
    public_by = match.because.get("public_by")
    return [
        Loan(
            lender=lender,
            relation=match.relation,
            is_certain=is_certain,
            method=match.method,
            public_by=str(public_by) if public_by is not None else None,
            is_same_recording=match.relation in _COPY
            and _is_whole(mine, match, is_left=is_left)
            and _is_whole(other, match, is_left=not is_left, share=RECORDING_SHARE),
        )
    ]


def _is_photo_in_video(match: Match, mine: ExhibitDossier | None, other: ExhibitDossier | None) -> bool:
    kinds = {dossier.exhibit.kind for dossier in (mine, other) if dossier is not None}
    sides = [side is None for segment in match.segments for side in (segment.left, segment.right)]
    return (Kind.PHOTO in kinds and len(kinds) > 1) or (any(sides) and not all(sides))


def _is_composite(match: Match, *, is_left: bool) -> bool:
    """Whether what matched is only a part of the lender's picture: a collage, a screenshot, a picture in a picture."""
    if match.transform is None:
        return False
    share = match.transform.coverage_right if is_left else match.transform.coverage_left
    return share is not None and share < COMPOSITE_SHARE


def clocks_exclude(one: ExhibitDossier, other: ExhibitDossier) -> bool:
    """Whether both state usable capture times, and none of the one can be the time of any of the other."""
    mine, theirs = _capture_times(one), _capture_times(other)
    return bool(mine and theirs) and not any(_may_be_one(a, b) for a in mine for b in theirs)


@remembered
def _capture_times(dossier: ExhibitDossier) -> list[Clock]:
    return [clock for clock in clocks_of(dossier) if clock.question != "created_at" and not clock.is_reset]


def _may_be_one(one: Clock, other: Clock) -> bool:
    return one.span[0] - CLOCKS_APART <= other.span[1] and other.span[0] - CLOCKS_APART <= one.span[1]


def _is_contained(dossier: ExhibitDossier | None, match: Match, *, is_left: bool) -> bool:
    """Whether this side of a clip is the piece: a photo, or a recording nearly all of which is in the other."""
    if not match.segments:
        return False
    sides = [segment.left if is_left else segment.right for segment in match.segments]
    if all(side is None for side in sides):
        return True
    return _share(dossier, match, is_left=is_left) >= WHOLE_SHARE


def _is_whole(dossier: ExhibitDossier | None, match: Match, *, is_left: bool, share: float = WHOLE_SHARE) -> bool:
    """Whether what matched is all of this side: its whole length, and its picture but for a trimmed edge."""
    if match.segments and _share(dossier, match, is_left=is_left) < share:
        sides = [segment.left if is_left else segment.right for segment in match.segments]
        if not all(side is None for side in sides):
            return False
    coverage = None
    if match.transform is not None:
        coverage = match.transform.coverage_left if is_left else match.transform.coverage_right
    return coverage is None or coverage >= 0.7


def _share(dossier: ExhibitDossier | None, match: Match, *, is_left: bool) -> float:
    """How much of this side's length the picture segments cover, 0..1; 0 where its length is not known."""
    fact = dossier.facts.get("duration_s") if dossier else None
    if fact is None or not isinstance(fact.best.value, int | float) or fact.best.value <= 0:
        return 0.0
    spans = sorted(
        (min(side), max(side))  # a stretch that is played backwards ends at its smaller end
        for segment in match.segments
        if segment.medium is not Medium.AUDIO
        for side in [segment.left if is_left else segment.right]
        if side is not None
    )
    covered, reached = 0.0, 0.0
    for start, end in spans:
        start = max(start, reached)
        if end > start:
            covered += end - start
            reached = end
    return min(1.0, covered / float(fact.best.value))
