"""What many exhibits would repeat word for word is said once, in a list of notes, and elsewhere stands as its number.

A sentence or caveat that occurs more than `MOST` times in a case becomes a note; what occurs less often stays in place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from verifier.dossier import CaseDossier
from verifier.report.blocks import Cell
from verifier.report.language import Language
from verifier.report.sentences import caveat, plain, statement
from verifier.report.told import phrased

MOST = 2


@dataclass(frozen=True, slots=True)
class Note:
    """One text that holds of several exhibits."""

    number: int
    text: Cell
    count: int


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """The notes of a report, by their text as a reader sees it."""

    notes: Mapping[str, Note] = field(default_factory=dict)

    def number(self, text: Cell) -> int | None:
        """The number of the note that says this; None where it is said in its place."""
        known = self.notes.get(plain(text))
        return known.number if known is not None else None

    def in_order(self) -> tuple[Note, ...]:
        """All notes by number."""
        return tuple(sorted(self.notes.values(), key=lambda note: note.number))


def said_once(case: CaseDossier, words: Language) -> SaidOnce:
    """The notes of a case in a language: statements first, then caveats and what is noted of groups."""
    statements: Counter[str] = Counter()
    others: Counter[str] = Counter()
    cells: dict[str, Cell] = {}

    def count(counter: Counter[str], texts: Iterable[Cell]) -> None:
        for text in texts:
            key = plain(text)
            counter[key] += 1
            cells.setdefault(key, text)

    for dossier in case.exhibits.values():
        count(statements, (statement(finding, words) for finding in dossier.findings))
        count(others, (told for finding in dossier.findings if (told := caveat(finding, words))))
    for group in case.groups:
        count(others, (phrased(note, words, 400) for note in group.notes))
    repeated = [(text, number) for text, number in sorted(statements.items()) if number > MOST]
    repeated += [(text, number) for text, number in sorted(others.items()) if number > MOST and text not in statements]
    return SaidOnce(
        {text: Note(at, cells[text], number) for at, (text, number) in enumerate(repeated, start=1) if text}
    )
