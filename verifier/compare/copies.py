"""Links become groups: which exhibits are copies of one picture or recording, which is best, which known earliest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.copies import groups as grouping
from verifier.findings.copies.originals import recordings_of
from verifier.findings.time.existence import ACQUISITION, HAND_OVER, own_bounds
from verifier.guarded import UNGUARDED, Guard
from verifier.records import Group, Match, Moment, Recordings


def groups(case: CaseDossier, matches: Collection[Match], guard: Guard = UNGUARDED) -> tuple[Group, ...]:
    """Groups over all links and verdicts of a case whose facts are established.

    An exhibit whose facts cannot be weighed is grouped without them, and that is a fault of it.
    """
    linked = {name for match in matches if grouping.joins(match) for name in (match.left, match.right)}
    linked |= {name for verdict in case.verdicts for name in (verdict.left, verdict.right)}
    asked = {name: case.exhibits[name] for name in sorted(linked) if name in case.exhibits}
    known = replace(case, exhibits=asked, matches=tuple(matches), groups=(), originals=None)
    decided = guard.attempt(sorted(asked), lambda: recordings_of(known), Recordings(recordings=(), composites=()))
    together = [recording.members for recording in decided.recordings]
    copies = {
        name: guard.attempt((name,), partial(_copy_of, name, case), grouping.Copy())
        for members in together
        if len(members) > 1
        for name in members
    }
    return guard.attempt(sorted(copies), lambda: grouping.groups(together, matches, case.verdicts, copies), ())


def _copy_of(name: str, case: CaseDossier) -> grouping.Copy:
    return _copy(case.exhibits[name], case)


def _copy(dossier: ExhibitDossier, case: CaseDossier) -> grouping.Copy:
    bounds = [
        bound
        for bound in own_bounds(dossier, case)
        if bound.basis != ACQUISITION and (bound.is_firm or bound.basis == HAND_OVER)
    ]
    first = min(bounds, key=lambda bound: bound.latest, default=None)
    return grouping.Copy(
        pixels=int(_number(dossier, "width") * _number(dossier, "height")),
        seconds=_number(dossier, "duration_s"),
        facts=len(dossier.facts),
        size=dossier.exhibit.size,
        existed_by=_text(first.latest) if first else None,
        existed_because=first.what if first else None,
        existed_first=_text(first.first) if first and first.first else None,
        by_hand_over=first is not None and first.basis == HAND_OVER,
    )


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _number(dossier: ExhibitDossier, question: str) -> float:
    fact = dossier.facts.get(question)
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) else 0.0


def captured(dossier: ExhibitDossier) -> Moment | None:
    """The moment of capture, where what states it was read."""
    fact = dossier.facts.get("captured_at")
    return fact.best.value if fact is not None and isinstance(fact.best.value, Moment) else None


def stored_size(dossier: ExhibitDossier) -> tuple[int, int] | None:
    """Width and height in pixels, as stored; None where they are not known."""
    width, height = int(_number(dossier, "width")), int(_number(dossier, "height"))
    return (width, height) if width > 0 and height > 0 else None
