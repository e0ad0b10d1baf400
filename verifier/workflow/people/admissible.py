"""Whether what a person files can be: a moment within the recording, a stage that nothing stands in the way of.

A filing that cannot be is refused with a sentence before it is stored. A length that is not known refuses nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

from verifier.dossier import ExhibitDossier
from verifier.errors import UsageError
from verifier.findings.facts import establish
from verifier.records import Assessment, Kind, Observation

SLACK_SECONDS = 1.0  # a player shows the last frame a little after the length that the container states
REVIEWED = ("second-reviewed", "finalised")  # stages that say a second person has looked
MOVING = frozenset({Kind.VIDEO, Kind.AUDIO})


def length_seconds(dossier: ExhibitDossier) -> float | None:
    """How long the recording is, where that was read."""
    fact = establish(dossier.readings, dossier.exhibit).get("duration_s")
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def moments(text: str | None) -> tuple[float | None, float | None]:
    """`0:14.2` or `0:14.2-0:16` as seconds. Raises UsageError."""
    if text is None:
        return None, None
    ends = [_seconds(part, text) for part in text.replace("–", "-").split("-")]
    if len(ends) > 2:
        raise UsageError(f"{text} is no moment; write 0:14.2, or 0:14.2-0:16.")
    if len(ends) == 2 and ends[0] > ends[1]:
        raise UsageError(f"{text} ends before it begins.")
    return ends[0], ends[1] if len(ends) == 2 else None


def _seconds(part: str, whole: str) -> float:
    seconds = 0.0
    pieces = part.strip().split(":")
    try:
        for piece in pieces:
            if not piece or not 0 <= float(piece) < math.inf:
                raise ValueError(piece)
            seconds = seconds * 60 + float(piece)
    except ValueError as error:
        raise UsageError(f"{whole} is no moment; write 0:14.2, or 0:14.2-0:16.") from error
    return seconds


def bounds(interval: str | None) -> tuple[str | None, str | None]:
    """EARLIEST/LATEST as two RFC 3339 times in UTC; either may be empty. Raises UsageError."""
    if interval is None:
        return None, None
    ends = interval.split("/")
    if len(ends) != 2 or not any(ends):
        raise UsageError(f"{interval} is no interval; write EARLIEST/LATEST, either of them may be empty.")
    found: list[str | None] = []
    for end in ends:
        try:
            moment = datetime.fromisoformat(end) if end else None
        except ValueError as error:
            raise UsageError(f"{end} is no time; write it as 2026-01-08T14:00Z.") from error
        if moment is not None and moment.tzinfo is None:
            raise UsageError(f"{end} has no zone; add Z for UTC, or an offset such as +03:30.")
        found.append(moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None)
    if found[0] and found[1] and found[0] > found[1]:
        raise UsageError(f"{interval} ends before it begins.")
    return found[0], found[1]


def check_moment(dossier: ExhibitDossier, said: Observation) -> None:
    """Raises UsageError where the observed moment does not lie in the exhibit."""
    times = [seconds for seconds in (said.start_seconds, said.end_seconds) if seconds is not None]
    length = length_seconds(dossier) if times and dossier.exhibit.kind in MOVING else None
    if length is not None and max(times) > length + SLACK_SECONDS:
        raise UsageError(f"The recording is {length:.1f} s long: {max(times):.1f} s does not lie in it.")


def check_reasons(said: Assessment, dossier: ExhibitDossier, is_exhibit: Callable[[str], bool]) -> None:
    """Raises UsageError for a reason in which no word names something that exists.

    That is a code of a finding, the key of a reading or the instrument that read it (or the family before its colon or
    dot), a word for an observation that was filed, an id of a claim, observation or worksheet, or an exhibit's id.
    """
    known = _nameable(dossier)
    for reason in said.because:
        words = [word for word in (word.strip(_AROUND_WORDS).casefold() for word in reason.split()) if word]
        if not any(word in known or _begins_id(word, known) or _is_id(word, is_exhibit) for word in words):
            raise UsageError(
                f"{reason!r} names nothing that is known of this exhibit: --because names a finding's code, a reading, "
                "an observation, a claim or an exhibit's id (verify show ID lists them). Your own words go into --note."
            )


_AROUND_WORDS = "\"'()[]«»،,;:."
_ID_LETTERS = 8  # of a digest, to stand for it
_HEX = frozenset("0123456789abcdef")


def _nameable(dossier: ExhibitDossier) -> frozenset[str]:
    named = {finding.code for finding in dossier.findings}
    named |= {said.reading.key for said in dossier.readings} | {said.instrument for said in dossier.readings}
    named |= {name.partition(sign)[0] for name in tuple(named) for sign in ":." if sign in name}
    named |= {item.id for item in dossier.claims} | {item.id for item in dossier.observations}
    named |= {item.id for item in dossier.worksheets}
    named |= {item.what for item in dossier.observations} | {event.kind for event in dossier.events}
    return frozenset(name.casefold() for name in named if name)


def _begins_id(word: str, known: frozenset[str]) -> bool:
    return len(word) >= _ID_LETTERS and set(word) <= _HEX and any(name.startswith(word) for name in known)


def _is_id(word: str, is_exhibit: Callable[[str], bool]) -> bool:
    return len(word) >= _ID_LETTERS and set(word) <= _HEX and is_exhibit(word)


def check_stage(dossier: ExhibitDossier, stage: str) -> None:
    """Raises UsageError where a review is missing or a disagreement is open."""
    if stage not in REVIEWED:
        return
    alone, open_ = _unreviewed(dossier), _disagreements(dossier)
    if not any(item.review_of is not None for item in dossier.assessments):
        raise UsageError(f"No second person has filed an assessment of this exhibit: it cannot be {stage}.")
    if alone:
        asked = ", ".join(sorted({item.question.value for item in alone}))
        raise UsageError(f"A second person has still to review {asked}: this exhibit cannot be {stage} yet.")
    if open_:
        asked = ", ".join(sorted({item.question.value for item in open_}))
        raise UsageError(
            f"Two people differ about {asked}: settle it with verify assess … --resolves {open_[0].id[:8]} first."
        )


def _unreviewed(dossier: ExhibitDossier) -> list[Assessment]:
    """The newest first assessment of each question, where nobody has filed beside it."""
    reviewed = {item.review_of for item in dossier.assessments if item.review_of is not None}
    firsts = [item for item in dossier.assessments if item.review_of is None and item.resolves is None]
    newest: dict[str, Assessment] = {}
    for item in sorted(firsts, key=lambda item: (item.at, item.id)):
        newest[item.question.value] = item
    return [item for item in newest.values() if item.id not in reviewed]


def _disagreements(dossier: ExhibitDossier) -> list[Assessment]:
    """First assessments whose review says another level, and that nobody has resolved."""
    by_id = {item.id: item for item in dossier.assessments}
    resolved = {item.resolves for item in dossier.assessments if item.resolves is not None}
    return [
        by_id[item.review_of]
        for item in dossier.assessments
        if item.review_of in by_id and item.review_of not in resolved and by_id[item.review_of].level != item.level
    ]
