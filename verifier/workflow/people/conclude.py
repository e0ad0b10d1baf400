"""What people conclude: assessments, blind reviews, observations, incidents, standings. Each is a custody event.

No instrument may conclude. A second person files before seeing the first one's result, so that two results are two;
where they differ, both stay, and a resolution is a third.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from verifier.canonical import digest
from verifier.dossier import ExhibitDossier
from verifier.errors import AmbiguousExhibit, UnknownExhibit, UsageError
from verifier.records import Assessment, Incident, Observation, Question, Standing
from verifier.store import Store
from verifier.workflow.people.admissible import check_moment, check_reasons, check_stage
from verifier.workflow.progress import NOT_STATED, Clock

LEVELS = ("established", "probable", "possible", "not-established", "contradicted")
PRECISIONS = {
    "exact": "within 10 m",
    "vicinity": "within 100 m",
    "locality": "within 1 km",
    "city": "the city",
    "province": "the province",
    "country": "the country",
}
STAGES = ("received", "triaged", "analysed", "second-reviewed", "finalised", "excluded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A first assessment beside the second one, shown only once both are filed."""

    first: Assessment
    second: Assessment

    @property
    def agree(self) -> bool:
        """Whether both came to the same level."""
        return self.first.level == self.second.level


@cache
def vocabulary() -> dict[str, dict[str, Any]]:
    """The words for observations."""
    return tomllib.loads((files("verifier.workflow") / "vocabulary.toml").read_text(encoding="utf-8"))


def assess(store: Store, said: Assessment, *, clock: Clock) -> Assessment:
    """File a first assessment, or one that `resolves` two. Raises UsageError for an unknown word, or unsigned."""
    if said.resolves is not None:
        return _resolve(store, said, clock)
    known = _signed(store, said, clock)
    store.say([known], actor=known.analyst, at=clock(), action="assess")
    return known


def _resolve(store: Store, said: Assessment, clock: Clock) -> Assessment:
    """File the assessment that settles two that differ; both stay beside it."""
    dossier = store.exhibit_dossier(said.exhibit)
    pair = _pair(dossier, said.resolves or "")
    if pair.first.question is not said.question:
        raise UsageError(f"Those two assessments are about {pair.first.question.value}, not {said.question.value}.")
    if pair.agree:
        raise UsageError(f"Both assessments say {pair.first.level}: there is nothing to resolve.")
    if any(item.resolves == pair.first.id for item in dossier.assessments):
        raise UsageError("Those two assessments are resolved already.")
    known = _signed(store, replace(said, resolves=pair.first.id), clock)
    store.say([known], actor=known.analyst, at=clock(), action="resolve")
    return known


def _pair(dossier: ExhibitDossier, prefix: str) -> Reviewed:
    """The two assessments of which the id of one begins so. Raises UsageError."""
    by_id = {item.id: item for item in dossier.assessments}
    pairs = [
        Reviewed(first=by_id[item.review_of], second=item)
        for item in dossier.assessments
        if item.review_of in by_id and prefix and (item.id.startswith(prefix) or item.review_of.startswith(prefix))
    ]
    if len(pairs) != 1:
        raise UsageError(
            f"{len(pairs) or 'No'} reviewed assessments of this exhibit have an id that begins with "
            f"{prefix or 'nothing'}; `verify show ID --json` lists them."
        )
    return pairs[0]


def review(store: Store, said: Assessment, *, clock: Clock) -> Reviewed:
    """File a second assessment beside the newest first one on the same question; only then are both shown."""
    dossier = store.exhibit_dossier(said.exhibit)
    first = waiting_for_review(dossier, said.question)
    if first is None:
        raise UsageError(f"No assessment of {said.question.value} waits for a second person on this exhibit.")
    if same_person(first.analyst, said.analyst):
        raise UsageError("The same person cannot review an assessment of their own; another one must.")
    second = replace(_signed(store, said, clock), review_of=first.id)
    store.say([second], actor=second.analyst, at=clock(), action="review")
    return Reviewed(first=first, second=second)


def waiting_for_review(dossier: ExhibitDossier, question: Question) -> Assessment | None:
    """The newest first assessment of a question that nobody has filed beside yet."""
    return waiting_among(dossier.assessments, question)


def waiting_among(assessments: Iterable[Assessment], question: Question) -> Assessment | None:
    """The same among all assessments of one exhibit."""
    known = tuple(assessments)
    reviewed = {item.review_of for item in known if item.review_of is not None}
    waiting = [
        item
        for item in known
        if item.question is question and item.review_of is None and item.resolves is None and item.id not in reviewed
    ]
    return max(waiting, key=lambda item: item.at, default=None)


def blind(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """The assessments that may be seen: a first one stays hidden until a second one is filed beside it."""
    known = tuple(assessments)
    reviewed = {item.review_of for item in known if item.review_of is not None}
    return tuple(
        item for item in known if item.review_of is not None or item.resolves is not None or item.id in reviewed
    )


def observe(store: Store, said: Observation, *, clock: Clock) -> Observation:
    """File what was seen or heard. Raises UsageError for a word outside the vocabulary or impossible numbers."""
    words = vocabulary()
    if said.what not in words:
        raise UsageError(f"{said.what} is not a word of the vocabulary; choose from {', '.join(words)}.")
    if said.least is not None and said.most is not None and said.least > said.most:
        raise UsageError(f"At least {said.least} and at most {said.most} cannot both be.")
    if (said.least is not None or said.most is not None) and not words[said.what].get("counts"):
        raise UsageError(f"{said.what} is not counted; leave --least and --most out.")
    if said.start_seconds is not None and said.start_seconds < 0:
        raise UsageError("A time within an exhibit is not before its beginning.")
    must_sign(said.by)
    check_moment(store.exhibit_dossier(said.exhibit), said)
    known = replace(said, at=clock())
    if not known.id:  # else it is said anew
        known = replace(known, id=digest(known)[:16])
    store.say([known], actor=known.by, at=clock(), action="observe")
    return known


def gather_incident(store: Store, said: Incident, *, clock: Clock) -> Incident:
    """File, or file anew, that exhibits show one event. Raises UsageError."""
    must_sign(said.by)
    if not said.title.strip():
        raise UsageError("An incident has a title.")
    known = replace(said, at=clock())
    if not known.id:
        known = replace(known, id=digest(known)[:12])
    store.say([known], actor=known.by, at=clock(), action="incident")
    return known


def stand(store: Store, said: Standing, *, clock: Clock) -> Standing:
    """Move an exhibit on in people's work. Raises UsageError."""
    must_sign(said.by)
    if said.stage not in STAGES:
        raise UsageError(f"{said.stage} is no stage; choose from {', '.join(STAGES)}.")
    if said.stage == "excluded" and not said.reason:
        raise UsageError("An exhibit is excluded for a reason: give --reason.")
    dossier = store.exhibit_dossier(said.exhibit)
    if dossier.standings and max(dossier.standings, key=lambda item: item.at).stage == said.stage:
        raise UsageError(f"This exhibit is {said.stage} already.")
    check_stage(dossier, said.stage)
    known = replace(said, at=clock())
    known = replace(known, id=digest(replace(known, id=""))[:16])
    store.say([known], actor=known.by, at=clock(), action="stage")
    return known


def _signed(store: Store, said: Assessment, clock: Clock) -> Assessment:
    must_sign(said.analyst)
    if said.level not in LEVELS:
        raise UsageError(f"{said.level} is no level; choose from {', '.join(LEVELS)}.")
    if said.precision is not None and said.precision not in PRECISIONS:
        raise UsageError(f"{said.precision} is no precision; choose from {', '.join(PRECISIONS)}.")
    if not said.because and said.level != "not-established":
        raise UsageError("A conclusion rests on something: give at least one --because.")
    check_reasons(said, store.exhibit_dossier(said.exhibit), lambda prefix: _is_exhibit(store, prefix))
    known = replace(said, at=clock())
    return replace(known, id=digest(replace(known, id=""))[:16])


def _is_exhibit(store: Store, prefix: str) -> bool:
    try:
        store.exhibit(prefix)
    except (UnknownExhibit, AmbiguousExhibit):
        return False
    return True


def must_sign(name: str) -> None:
    """Raises UsageError where nobody has given a name."""
    if not name.strip() or name == NOT_STATED:
        raise UsageError("Somebody must sign this: give --operator NAME (a pseudonym will do).")


def same_person(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
