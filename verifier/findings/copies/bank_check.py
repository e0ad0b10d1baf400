"""What searching banks of earlier footage amounts to: matched by something dated, or not found in what was searched.

Nothing here ever says that an exhibit is new: no bank holds everything.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.hashing.banks.hits import INSTRUMENT, BankHit, Searched, answers
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Tier

MATCH, NO_MATCH, NOT_COMPARABLE = "bank.match", "bank.no_match", "bank.not_comparable"
MOST_TOLD = 8  # hits of one bank that get a finding of their own
_LINKS = {
    "same-bytes": "is, byte for byte,",
    "same-picture": "looks like",
    "clip": "has a part in common with",
    "same-scene": "shows the view of, at a time not determined,",
}


def searched(dossier: ExhibitDossier) -> tuple[Searched, ...]:
    """Every bank's stored answer for an exhibit. Raises ValueError where one was not written by `hits.readings`."""
    return answers(said.reading for said in dossier.readings if said.instrument == INSTRUMENT)


def _check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    for answer in searched(dossier):
        if not answer.scope.comparable:
            yield _not_comparable(dossier, answer)
        elif not answer.hits:
            yield _none(dossier, answer)
        for hit in answer.hits[:MOST_TOLD]:
            yield _hit(dossier, answer, hit, len(answer.hits))


def _hit(dossier: ExhibitDossier, answer: Searched, hit: BankHit, count: int) -> Finding:
    dated = f"dated on or before {hit.latest}" if hit.latest else "without a date"
    near = "" if hit.relation == "same-bytes" else f", {hit.distance} bits of 256 apart"
    laid = _laid(hit)
    sure = "" if hit.tier is not Tier.REVIEW else " To be looked at: the likeness is weak or its time is open."
    more = f" The bank holds {count - MOST_TOLD} more." if count > MOST_TOLD else ""
    return Finding(
        question=Question.PROVENANCE,
        outcome=FindingOutcome.NOTES if hit.tier is not Tier.REVIEW else FindingOutcome.INCONCLUSIVE,
        code=MATCH,
        statement=f"It {_LINKS[hit.relation]} material {dated} (bank {answer.bank}, item {hit.item[:16]}{near}{laid})."
        f"{sure}{more}",
        because=(f"bank:match {answer.bank} {hit.item}",),
        caveat=None
        if hit.relation == "same-bytes"
        else "A bank holds hashes, no pictures: nothing could be laid over one another. Ask its keeper to compare.",
        exhibit=dossier.exhibit.id,
        values={
            "bank": answer.bank,
            "item": hit.item,
            "latest": hit.latest,
            "bits": hit.distance,
            "relation": hit.relation,
        },
    )


def _laid(hit: BankHit) -> str:
    told = []
    if hit.mirrored:
        told.append("mirrored")
    if hit.rotation_degrees:
        told.append(f"turned by {hit.rotation_degrees}°")
    for stretch in hit.stretches[:3]:
        own = "this picture" if stretch.own is None else f"{stretch.own[0]:.1f}–{stretch.own[1]:.1f} s"
        item = "a picture" if stretch.item is None else f"{stretch.item[0]:.1f}–{stretch.item[1]:.1f} s of the item"
        told.append(f"{own} is {item}")
    return "; " + ", ".join(told) if told else ""


def _covered(answer: Searched) -> str:
    if answer.scope.earliest is None or answer.scope.latest is None:
        return "of dates not known"
    return f"covering {answer.scope.earliest} to {answer.scope.latest}"


def _none(dossier: ExhibitDossier, answer: Searched) -> Finding:
    return Finding(
        question=Question.PROVENANCE,
        outcome=FindingOutcome.INCONCLUSIVE,
        code=NO_MATCH,
        statement=f"No match in {answer.scope.items} items of bank {answer.bank}, {_covered(answer)}.",
        because=(f"bank:searched {answer.bank}",),
        caveat=f"Exact among {answer.scope.hashes} hashes within {answer.scope.radius} bits; crops, insets and screens "
        "filmed again lie farther apart. No bank holds everything.",
        exhibit=dossier.exhibit.id,
        values={
            "bank": answer.bank,
            "items": answer.scope.items,
            "hashes": answer.scope.hashes,
            "radius": answer.scope.radius,
            "earliest": answer.scope.earliest,
            "latest": answer.scope.latest,
        },
    )


def _not_comparable(dossier: ExhibitDossier, answer: Searched) -> Finding:
    return Finding(
        question=Question.PROVENANCE,
        outcome=FindingOutcome.NOT_ASSESSED,
        code=NOT_COMPARABLE,
        statement=f"It could not be held against bank {answer.bank}: it has no hash of enough quality.",
        because=(f"bank:searched {answer.bank}",),
        caveat="Dark and flat pictures have none, and sound alone is not kept in banks.",
        exhibit=dossier.exhibit.id,
        values={"bank": answer.bank},
    )


CHECK = Check(name="banks", version=1, codes=(MATCH, NO_MATCH, NOT_COMPARABLE), check=_check)
