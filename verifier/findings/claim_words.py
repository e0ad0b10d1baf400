"""What the words of a claimed time leave open, each a finding of its own: readings, words left over, zone, weekday."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import ExhibitDossier
from verifier.findings.claims import ReadClaim
from verifier.geo.spoken_time import Interval
from verifier.records import Finding, FindingOutcome, Question, Scalar

AFTER_SAID, COUNTED = "time.claim_after_it_was_said", "time.claim_counted_from"
UNUSED, READINGS = "time.claim_words_unused", "time.claim_has_readings"
WEEKDAY, ZONE = "time.claim_weekday_differs", "time.claim_zone_unknown"
CODES = (AFTER_SAID, COUNTED, UNUSED, READINGS, WEEKDAY, ZONE)
SAID_WHEN = {
    "received_at": "when the hand-over was received",
    "claim": "when the claim was made",
    "intake": "when it was taken in here",
}


def of_words(dossier: ExhibitDossier, claim: ReadClaim) -> Iterator[Finding]:
    """Everything that was assumed of the words, or not used. Silent where they say one thing in full."""
    interval = claim.interval
    if interval is None:
        return
    day = claim.reference.strftime("%Y-%m-%d %H:%M UTC") if claim.reference else ""
    when = SAID_WHEN.get(claim.reference_basis or "", "")
    if claim.reference is not None and interval.earliest is not None and interval.earliest > claim.reference:
        yield _finding(dossier, claim, interval, AFTER_SAID, f"lies after {day}, {when}")
    if interval.is_counted and claim.reference is not None:
        yield _finding(dossier, claim, interval, COUNTED, f"has no year of its own: it is counted from {day}, {when}")
    if interval.unread:
        words = " ".join(interval.unread)
        yield _finding(dossier, claim, interval, UNUSED, f"holds words that were not used: “{words}”", unused=words)
    if interval.readings > 1:
        said = f"has {interval.readings} readings, and all of them are allowed for"
        yield _finding(dossier, claim, interval, READINGS, said, readings=interval.readings)
    if interval.weekday is not None:
        yield _finding(dossier, claim, interval, WEEKDAY, f"names another day of the week: {interval.weekday}")
    if interval.zone_text is not None:
        said = f"names a zone that was not understood (“{interval.zone_text}”): every zone on Earth is allowed for"
        yield _finding(dossier, claim, interval, ZONE, said, zone_said=interval.zone_text)


CAVEATS = {
    AFTER_SAID: "A year or a month that was mistyped explains most of these; so does a calendar that was mistaken.",
    COUNTED: "Words like “yesterday” may have been passed on by others, and mean another day.",
    UNUSED: "If they carry time, write the claim anew without the others.",
    READINGS: "Ask which one is meant: a narrower claim can be tested more sharply.",
    WEEKDAY: "One of the two is a slip; nights are often named by the day that follows them.",
    ZONE: "Write it as an offset, like UTC+3:30.",
}


def _finding(
    dossier: ExhibitDossier, claim: ReadClaim, interval: Interval, code: str, said: str, **values: Scalar
) -> Finding:
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=FindingOutcome.NOTES,
        code=code,
        statement=f"“{interval.text}” ({claim.label}) {said}.",
        because=(f"claim {claim.claim.id}",),
        caveat=CAVEATS[code],
        values={
            "claim": claim.claim.id,
            "time": interval.text,
            "earliest": interval.earliest.isoformat() if interval.earliest else None,
            "latest": interval.latest.isoformat() if interval.latest else None,
            "counted_from": claim.reference.isoformat() if claim.reference else None,
            "counted_basis": claim.reference_basis,
            "weekday": interval.weekday_of_date,
            "weekday_said": interval.weekday_said,
            "assumed": "; ".join(interval.notes) or None,
            **values,
        },
    )
