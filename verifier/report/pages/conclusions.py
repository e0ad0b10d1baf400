"""What people concluded on each question of an exhibit, and the strongest reason against.

A level is never computed from findings: it stands where a person put it, with a second person's beside it, or "no
person has concluded".
"""

from __future__ import annotations

from dataclasses import dataclass

from verifier.dossier import ExhibitDossier
from verifier.findings.issues import issues_of
from verifier.records import Assessment, Finding, FindingOutcome, Question

# What is asked of every exhibit, in the order of the judges' guide; content and alteration stand in one line.
ASKED: tuple[tuple[str, tuple[Question, ...]], ...] = (
    ("provenance", (Question.PROVENANCE, Question.INTEGRITY)),
    ("source", (Question.SOURCE,)),
    ("time", (Question.TIME,)),
    ("place", (Question.PLACE,)),
    ("content_alteration", (Question.CONTENT, Question.ALTERATION)),
    ("audio", (Question.AUDIO,)),
)
FINAL = "finalised"
EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """Where people stand on one question. `state`: none, single, agreed, disagreed or resolved."""

    state: str
    first: Assessment | None = None
    second: Assessment | None = None
    resolution: Assessment | None = None

    @property
    def newest(self) -> Assessment | None:
        """The assessment whose level counts; of two that disagree neither does."""
        if self.state == "disagreed":
            return None
        return self.resolution or self.first


def concluded(dossier: ExhibitDossier, question: Question) -> Concluded:
    """The newest first assessment of a question with its review and its resolution, as far as they may be seen."""
    known = sorted((a for a in dossier.assessments if a.question is question), key=lambda a: (a.at, a.id))
    firsts = [a for a in known if a.review_of is None and a.resolves is None]
    if not firsts:
        return Concluded(state="none")
    first = firsts[-1]
    second = next((a for a in reversed(known) if a.review_of == first.id), None)
    if second is None:
        return Concluded(state="single", first=first)
    settled = next((a for a in reversed(known) if a.resolves == first.id), None)
    if settled is not None:
        return Concluded(state="resolved", first=first, second=second, resolution=settled)
    return Concluded(state="agreed" if first.level == second.level else "disagreed", first=first, second=second)


def stage(dossier: ExhibitDossier) -> str:
    """How far people's work on an exhibit has come; "received" where nobody said."""
    newest = max(dossier.standings, key=lambda s: (s.at, s.id), default=None)
    return newest.stage if newest is not None else "received"


def findings_on(dossier: ExhibitDossier, *questions: Question) -> tuple[Finding, ...]:
    """The findings on some questions, those that argue against first."""
    order = list(FindingOutcome)
    rank = {FindingOutcome.CONTRADICTS: -1}
    return tuple(
        sorted(
            (finding for finding in dossier.findings if finding.question in questions),
            key=lambda f: (
                rank.get(f.outcome, order.index(f.outcome)),
                f.code,
                sorted(map(str, f.values.items())),
            ),
        )
    )


def strongest_against(dossier: ExhibitDossier) -> Finding | None:
    """What argues most against what is claimed or written: a contradiction, else a reason to doubt."""
    return next((issue.lead for issue in issues_of(dossier.findings) if issue.is_against), None)
