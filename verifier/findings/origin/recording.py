"""What a recording's own header says against what is inside: seconds that no player shows, and another length."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import Own, own, ref
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Reading

HIDDEN, LENGTH = "recording.hidden", "recording.length_differs"
CODES = (HIDDEN, LENGTH)


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Findings about one recording."""
    view = own(dossier)
    yield from _hidden(view)
    yield from _length(view)


def _hidden(view: Own) -> Iterator[Finding]:
    """One finding for pictures, else for sound: both are trimmed together."""
    for kind in ("video", "audio"):
        hidden, inside = view.first(f"mp4:hidden_s.{kind}"), view.first(f"mp4:inside_s.{kind}")
        shown = view.first(f"mp4:shown_s.{kind}")
        if hidden is None or inside is None or shown is None:
            continue
        if _seconds(hidden) is None or _seconds(inside) is None:
            continue
        yield Finding(
            exhibit=view.dossier.exhibit.id,
            question=Question.ALTERATION,
            outcome=FindingOutcome.NOTES,
            code=HIDDEN,
            because=(ref(hidden), ref(inside), ref(shown)),
            values={
                "kind": kind,
                "hidden": f"{hidden.value:.1f}",
                "inside": f"{inside.value:.1f}",
                "shown": str(shown.value),
            },
        )
        return


def _length(view: Own) -> Iterator[Finding]:
    measured, stated = view.first("container:measured_duration_s"), view.first("container:stated_duration_s")
    if measured is None or stated is None or _seconds(measured) is None or _seconds(stated) is None:
        return
    yield Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.INTEGRITY,
        outcome=FindingOutcome.NOTES,
        code=LENGTH,
        because=(ref(stated), ref(measured)),
        values={"stated": f"{stated.value:.1f}", "measured": f"{measured.value:.1f}"},
    )


def _seconds(reading: Reading) -> float | None:
    value = reading.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


CHECK = Check(name="recording", version=1, codes=CODES, check=check)
