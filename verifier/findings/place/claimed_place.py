"""What the words of a claimed place leave open, told before anything is held against them.

An order of coordinates that may be the other one, a name of several places, two places that cannot both be meant, a
name that lies elsewhere than the position beside it, and words that no place bears.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.claims import BEARS_CLAIMS, ReadClaim, claims_of
from verifier.geo.told_place import is_ambiguous, told_place, told_places
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Scalar

ORDER, APART, OFF = "place.claim_order_suspected", "place.claim_places_apart", "place.claim_name_off_position"
SEVERAL, KEPT = "place.claim_several_places", "place.claim_words_kept"

_SENTENCES = {
    ORDER: "“{place}” ({label}) lies outside the case's region as it is written, and inside with longitude first: "
    "both orders are allowed for.",
    APART: "“{place}” ({label}) names places that lie apart: {places}. All are allowed for, and none contradicts.",
    OFF: "“{place}” ({label}): the name lies far from the position beside it. Both are allowed for: {places}.",
    SEVERAL: "“{place}” ({label}) is the name of {candidates} places: {places}.",
    KEPT: "“{place}” ({label}) was understood as {understood}; these words were kept as words: {unplaced}.",
}
_CAVEATS = {
    ORDER: "GeoJSON, WKT and some maps write the longitude first.",
    APART: "A list, a road between two towns, or a street that bears a town's name.",
    OFF: "A slip of the pen in one of them, or a name that the gazetteer holds elsewhere.",
    SEVERAL: "Name the province or county, or give coordinates.",
    KEPT: "They may narrow the place; add them to a gazetteer of the case.",
}


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """What each claim's place leaves open."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return
    for claim in claims_of(dossier, case):
        if claim.place is not None and claim.place.candidates:
            yield from _told(dossier.exhibit.id, claim)


def _told(exhibit: str, claim: ReadClaim) -> Iterator[Finding]:
    place = claim.place
    if place is None:
        return
    codes = {"order_suspected": ORDER, "places_apart": APART, "name_off_position": OFF}
    found = [codes[note] for note in place.notes if note in codes]
    if not found and is_ambiguous(place.candidates):
        found.append(SEVERAL)
    if place.unplaced:
        found.append(KEPT)
    values: dict[str, Scalar] = {
        "claim": claim.claim.id,
        "place": place.text,
        "candidates": len(place.candidates),
        "places": told_places(place.candidates),
        "understood": told_place(place.candidates[0].place),
        "unplaced": ", ".join(place.unplaced) or None,
    }
    for code in found:
        yield Finding(
            exhibit=exhibit,
            question=Question.PLACE,
            outcome=FindingOutcome.NOTES,
            code=code,
            statement=_SENTENCES[code].format(**values, label=claim.label),
            because=(f"claim {claim.claim.id}",),
            caveat=_CAVEATS[code],
            values=values,
        )


CHECK = Check(name="claimed-place-words", version=1, codes=(ORDER, APART, OFF, SEVERAL, KEPT), check=check)
