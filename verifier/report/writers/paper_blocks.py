"""Blocks as plain JSON values for typst, which sets them as data and can obey none of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from verifier.report.blocks import (
    Block,
    Bullets,
    Card,
    Cell,
    Chip,
    Commands,
    Drawing,
    Entry,
    Exact,
    Inline,
    Picture,
    Pictures,
    Ref,
    Report,
    Section,
    Shown,
    Soft,
    Table,
    Text,
    Word,
)

Plain = dict[str, Any]
# after such a sign, or within so long a run of letters, a line may end
BREAKABLE = re.compile(r"[/_.@:,=-](?=\w)|\w{20}(?=\w)")
MOST_ROWS = 400  # of one table on paper; report.json inside the PDF has them all


class Paper:
    """Turns blocks into values; drawings and pictures become files in `root`."""

    def __init__(self, root: Path, known: frozenset[str], picture: Callable[[str], bytes | None]) -> None:
        self._root = root
        self._known = known
        self._picture = picture
        self._number = 0

    def report(self, pages: Report) -> Plain:
        """All pages."""
        return {
            "heading": self.cell(pages.title),
            "banner": self._blocks((*pages.notices, pages.banner)),
            "note": pages.note,
            "tiles": [[count, name] for count, name, _ in pages.tiles],
            "brief": [self.section(section) for section in pages.brief],
            "front": [self.section(section) for section in pages.front],
            "entries": [self._entry(entry) for entry in pages.entries],
            "back": [self.section(section) for section in pages.back],
            "foot": self.cell(pages.foot),
        }

    def _entry(self, entry: Entry) -> Plain:
        return {
            "id": entry.id[:12],
            "title": self.cell(entry.title),
            "line": self.cell(entry.line),
            "banner": [self._inline(chip) for chip in entry.banner],
            "picture": None if entry.picture is None else self._figure(entry.picture),
            "box": self._blocks(entry.box),
            "sections": [self.section(section) for section in entry.sections if not section.screen_only],
        }

    def cell(self, cell: Cell) -> list[list[Any]]:
        """Inlines as pairs of a letter and a text."""
        return [self._inline(part) for part in cell]

    def _inline(self, part: Inline) -> list[Any]:
        if isinstance(part, Word):
            return ["w", part.text]
        if isinstance(part, Exact):
            return ["m" if part.mono else "e", part.text]
        if isinstance(part, Shown):
            return ["l" if part.is_english else "s", BREAKABLE.sub("\\g<0>\u200b", part.text)]
        if isinstance(part, Chip):
            return ["c", part.text, part.kind]
        if isinstance(part, Ref) and part.name:
            return ["n", part.id[:12], part.id in self._known, BREAKABLE.sub("\\g<0>\u200b", part.name)]
        if isinstance(part, Ref):
            return ["r", part.id[:12], part.id in self._known]
        if isinstance(part, Soft):
            return ["f", self.cell(part.parts)]
        return ["b"]

    def _blocks(self, blocks: tuple[Block, ...]) -> list[Plain]:
        kept = [block for block in blocks if not (isinstance(block, Section) and block.screen_only)]
        return [made for block in kept if (made := self.block(block)) is not None]

    def block(self, block: Block) -> Plain | None:
        """One block; None for a picture that cannot be printed."""
        if isinstance(block, Text):
            return {"is": "text", "kind": block.kind, "parts": self.cell(block.parts)}
        if isinstance(block, Bullets):
            return {"is": "bullets", "items": [self.cell(item) for item in block.items]}
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Commands):
            return {"is": "commands", "lines": list(block.lines)}
        if isinstance(block, Drawing):
            path = self._file("svg", block.svg.encode("utf-8"))
            return {"is": "drawing", "path": path, "alt": block.alternative, "wide": block.wide}
        if isinstance(block, Card):
            figure = None if block.picture is None else self._figure(block.picture)
            return {"is": "card", "picture": figure, "lines": [self.cell(line) for line in block.lines]}
        if isinstance(block, Pictures):
            made = [figure for item in block.items if (figure := self._figure(item)) is not None]
            return {"is": "pictures", "items": made} if made else None
        return self.section(block)

    def _table(self, table: Table) -> Plain:
        rows = [[self.cell(cell) for cell in row] for row in table.rows[:MOST_ROWS]]
        return {
            "is": "table",
            "columns": list(table.columns),
            "widths": list(table.widths),
            "labelled": table.labelled,
            "rows": rows,
            "more": len(table.rows) - len(rows),
        }

    def section(self, section: Section) -> Plain:
        """A part with its title."""
        return {"is": "section", "title": section.title, "blocks": self._blocks(section.blocks)}

    def _figure(self, picture: Picture) -> Plain | None:
        content = self._picture(picture.derivative)
        if content is None:
            return None
        path = self._file("png", content)
        return {"path": path, "alt": picture.alternative, "caption": self.cell(picture.caption)}

    def _file(self, suffix: str, content: bytes) -> str:
        self._number += 1
        name = f"d{self._number}.{suffix}"
        (self._root / name).write_bytes(content)
        return name
