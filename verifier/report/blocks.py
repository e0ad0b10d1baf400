"""What a page is made of, whatever prints it: sections of tables, texts and drawings, whose words are of few kinds.

Both the HTML page and the paper form print the same blocks, so neither can leave out what the other tells. Evidence
reaches a page only as `Shown` or `Exact`: hidden characters spelt out, isolated for direction, never markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from verifier.visible import visible


@dataclass(frozen=True, slots=True)
class Word:
    """Our own words, in the language of the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence or a person's words, as they may be looked at; keeps its own direction.

    `is_english` is a sentence of ours that may begin with evidence: it reads left to right whatever it begins with.
    """

    text: str
    is_english: bool = False


@dataclass(frozen=True, slots=True)
class Exact:
    """A date, range, number, digest, coordinate or code: left to right in every language."""

    text: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """An exhibit, by its id or a name; a link where the report has it."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A status as a word; `kind` chooses a colour, which never tells anything alone."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Soft:
    """A quieter line below: reasons, caveats."""

    parts: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A new line."""


Inline: TypeAlias = Word | Shown | Exact | Ref | Chip | Soft | Break
Cell: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `kind` is "", "soft", "warning", "final" or "redacted"."""

    parts: Cell
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; with `labelled`, the first cell of a row names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    labelled: bool = False
    widths: tuple[int, ...] = ()  # shares of the line on paper; none: by content


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to type, as they are; ours, with nothing of the evidence but digests and numbers."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG of our own making that loads nothing, with the sentence that stands for it."""

    svg: str
    alternative: str
    wide: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A derivative to look at: always grey and blurred until a person asks."""

    derivative: str
    alternative: str
    caption: Cell = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures beside each other."""

    items: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A picture with lines beside it."""

    picture: Picture | None
    lines: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part. `folded` ones wait for a click on screen; `screen_only` ones are left to report.json on paper."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    folded: bool = False
    screen_only: bool = False
    count: int | None = None


Block: TypeAlias = Text | Bullets | Table | Commands | Drawing | Pictures | Card | Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One exhibit's part of the report: the box on one screen, then its sections."""

    id: str
    title: Cell
    line: Cell  # one neutral sentence
    banner: tuple[Chip, ...]
    picture: Picture | None
    box: tuple[Block, ...]
    sections: tuple[Section, ...]
    traits: tuple[tuple[str, str], ...] = ()  # what a reader may filter and sort by


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it, in order: the brief, and the annex (`front`, `entries`, `back`)."""

    title: Cell
    banner: Text
    note: str
    front: tuple[Section, ...]
    entries: tuple[Entry, ...]
    back: tuple[Section, ...]
    foot: Cell
    tiles: tuple[tuple[str, str, str], ...] = field(default=())  # number, what it counts, key of the list of it
    brief: tuple[Section, ...] = ()
    notices: tuple[Text, ...] = ()  # what must be known before reading on: that it is redacted, and how


DASH = Word("–")


def shown(value: object, longest: int = 300) -> Cell:
    """A text from outside, or a dash where there is none."""
    return (DASH,) if value is None or value == "" else (Shown(visible(str(value), longest)),)


def english(value: object, longest: int = 300) -> Cell:
    """A sentence of ours that was stored in English, or a dash where there is none."""
    return (DASH,) if value is None or value == "" else (Shown(visible(str(value), longest), is_english=True),)


def exact(value: object, mono: bool = False) -> Cell:
    """A value that reads left to right, or a dash."""
    return (DASH,) if value is None or value == "" else (Exact(visible(str(value), 300), mono),)


def joined(cells: Sequence[Cell], between: str = "; ") -> Cell:
    """Cells in one line."""
    parts: list[Inline] = []
    for index, cell in enumerate(cells):
        if index:
            parts.append(Word(between))
        parts.extend(cell)
    return tuple(parts)


def lines(cells: Sequence[Cell]) -> Cell:
    """Cells under each other."""
    parts: list[Inline] = []
    for index, cell in enumerate(cells):
        if index:
            parts.append(Break())
        parts.extend(cell)
    return tuple(parts)
