"""A redacted case whose numbers are too coarse to lay two reports, or a report and a file, side by side by them.

Sizes, widths, heights and lengths to one digit; frame rates whole; times within a recording to ten seconds; scores to a
tenth; of transforms only whether one is mirrored.
"""

from __future__ import annotations

from dataclasses import replace

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.records import Event, Excerpt, Fact, Match, Observation, Part, Recordings, Segment, Transform, Value

ONE_DIGIT = frozenset({"width", "height", "duration_s"})
WHOLE = frozenset({"frame_rate"})
STEP_SECONDS = 10.0
LIMIT = (
    "Sizes, widths, heights and lengths are told to one digit, frame rates whole, times within a recording to ten "
    "seconds, scores to a tenth, so that reports of one exhibit are harder to lay side by side."
)


def unlinkable(case: CaseDossier) -> CaseDossier:
    """The redacted case with its numbers made coarse."""
    return replace(
        case,
        exhibits={key: _exhibit(dossier) for key, dossier in case.exhibits.items()},
        matches=tuple(map(_match, case.matches)),
        originals=None if case.originals is None else _originals(case.originals),
        limits=(*case.limits[:1], LIMIT, *case.limits[1:]),
    )


def one_digit(number: float) -> float:
    """A number to its first digit: 1920 is 2000."""
    return float(f"{number:.0e}")


def _exhibit(dossier: ExhibitDossier) -> ExhibitDossier:
    return replace(
        dossier,
        exhibit=replace(dossier.exhibit, size=int(one_digit(dossier.exhibit.size))),
        facts={question: _fact(fact) for question, fact in dossier.facts.items()},
        events=tuple(map(_event, dossier.events)),
        runs=tuple(replace(run, elapsed_seconds=0.0) for run in dossier.runs),
        observations=tuple(map(_observation, dossier.observations)),
    )


def _fact(fact: Fact) -> Fact:
    return replace(fact, best=replace(fact.best, value=_value(fact.question, fact.best.value)), others=())


def _value(question: str, value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if question in ONE_DIGIT:
        return type(value)(one_digit(value))
    return type(value)(round(value)) if question in WHOLE else value


def _event(event: Event) -> Event:
    score = None if event.score is None else round(event.score, 1)
    return replace(
        event, start_seconds=_stepped(event.start_seconds), end_seconds=_stepped(event.end_seconds), score=score
    )


def _observation(said: Observation) -> Observation:
    start = None if said.start_seconds is None else _stepped(said.start_seconds)
    end = None if said.end_seconds is None else _stepped(said.end_seconds)
    return replace(said, start_seconds=start, end_seconds=end)


def _match(match: Match) -> Match:
    mirrored = None if match.transform is None else Transform(mirrored=match.transform.mirrored)
    segments = tuple(map(_segment, match.segments))
    return replace(match, score=round(match.score, 1), transform=mirrored, segments=segments)


def _segment(segment: Segment) -> Segment:
    return replace(
        segment, left=_span(segment.left), right=_span(segment.right), speed=round(segment.speed, 1) or segment.speed
    )


def _originals(known: Recordings) -> Recordings:
    """Excerpts and parts with coarse times, as in the matches they come from."""
    return Recordings(
        recordings=tuple(replace(one, excerpts=tuple(map(_excerpt, one.excerpts))) for one in known.recordings),
        composites=tuple(replace(made, parts=tuple(map(_part, made.parts))) for made in known.composites),
    )


def _excerpt(said: Excerpt) -> Excerpt:
    return replace(said, segments=tuple(map(_segment, said.segments)))


def _part(said: Part) -> Part:
    coverage = None if said.coverage is None else round(said.coverage, 1)
    return replace(said, segments=tuple(map(_segment, said.segments)), coverage=coverage)


def _span(span: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if span is None else (_stepped(span[0]), _stepped(span[1]))


def _stepped(seconds: float) -> float:
    return round(seconds / STEP_SECONDS) * STEP_SECONDS
