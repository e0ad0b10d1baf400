"""Whether what a person files can be: a moment within the recording, a stage that nothing stands in the way of.

A filing that cannot be is refused with a sentence before it is stored. A length that is not known refuses nothing.
"""

from __future__ import annotations

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


def check_moment(dossier: ExhibitDossier, said: Observation) -> None:
    """Raises UsageError where the observed moment does not lie in the exhibit."""
    times = [seconds for seconds in (said.start_seconds, said.end_seconds) if seconds is not None]
    length = length_seconds(dossier) if times and dossier.exhibit.kind in MOVING else None
    if length is not None and max(times) > length + SLACK_SECONDS:
        raise UsageError(f"The recording is {length:.1f} s long: {max(times):.1f} s does not lie in it.")


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
