"""Blocks as HTML. Everything is escaped here and nowhere else; there is no way to pass markup through a value.

Ends that HTML lets one leave out (`</td>`, `</tr>`, `</li>` …) are left out: a page of a thousand exhibits has half a
million of them.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from verifier.report.blocks import (
    Block,
    Bullets,
    Card,
    Cell,
    Chip,
    Commands,
    Drawing,
    Exact,
    Inline,
    Picture,
    Pictures,
    Ref,
    Section,
    Shown,
    Soft,
    Table,
    Text,
    Word,
)
from verifier.report.language import Language
from verifier.report.phrases import number

Sources = Callable[[str], str | None]  # a derivative's id -> a data: address, or None where it is left out
NARROW = 3  # tables of so many columns need no sideways scrolling
KINDS = {"", "soft", "warning", "final", "redacted"}


class Writer:
    """Writes blocks; `known` are the exhibits that the page has an anchor for."""

    def __init__(
        self,
        known: frozenset[str],
        sources: Sources,
        evidence: Sources,
        words: Language,
        *,
        address: Callable[[str], str] = lambda exhibit: f"#x{exhibit[:12]}",
        is_styled: bool = True,
    ) -> None:
        """`address`: where an exhibit of `known` is told of. `is_styled`: columns have widths, as style attributes."""
        self._known = known
        self._sources = sources
        self._evidence = evidence
        self._words = words
        self._reveal = escape(words.word("exhibit", "reveal"))
        self._number = 0
        self._address, self._is_styled = address, is_styled

    def cell(self, cell: Cell) -> str:
        """Inlines, one after another."""
        return "".join([self._inline(part) for part in cell])

    def _inline(self, part: Inline) -> str:
        if isinstance(part, Word):
            return escape(part.text)
        if isinstance(part, Exact):
            return f"<bdi dir=ltr{' class=id' if part.mono else ''}>{escape(part.text)}</bdi>"
        if isinstance(part, Shown):
            return f"<bdi{' dir=ltr' if part.is_english else ''}>{escape(part.text)}</bdi>"
        if isinstance(part, Chip):
            return f'<bdi class="chip {escape(part.kind)}">{escape(part.text)}</bdi>'
        if isinstance(part, Ref):
            short = escape(part.id[:12])
            if part.name:
                name = f"<bdi>{escape(part.name)}</bdi>"
                return f'<a href="#x{short}">{name}</a>' if part.id in self._known else name
            if part.id in self._known:
                return f'<a class=id href="{escape(self._address(part.id))}"><bdi dir=ltr>{short}</bdi></a>'
            return f"<bdi dir=ltr class=id>{short}</bdi>"
        if isinstance(part, Soft):
            return f"<small>{self.cell(part.parts)}</small>"
        return "<br>"

    def blocks(self, blocks: tuple[Block, ...], level: int) -> str:
        """Blocks under each other; `level` is that of the next heading."""
        return "".join([self.block(block, level) for block in blocks])

    def block(self, block: Block, level: int) -> str:
        """One block."""
        if isinstance(block, Text):
            kind = f' class="{block.kind}"' if block.kind in KINDS - {""} else ""
            return f"<p{kind}>{self.cell(block.parts)}</p>"
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Bullets):
            return f"<ul>{''.join([f'<li>{self.cell(item)}' for item in block.items])}</ul>"
        if isinstance(block, Commands):
            return f'<pre dir="ltr" tabindex="0">{escape(chr(10).join(block.lines))}</pre>'
        if isinstance(block, Drawing):
            wide = ' class="wide"' if block.wide else ""
            return f'<figure{wide} role="img" dir="ltr" aria-label="{escape(block.alternative)}">{block.svg}</figure>'
        if isinstance(block, Card):
            return self._card(block)
        if isinstance(block, Pictures):
            return (
                f'<div class="pictures">{"".join([self.picture(item, self._evidence) for item in block.items])}</div>'
            )
        return self.section(block, level)

    def _card(self, card: Card) -> str:
        picture = self.picture(card.picture) if card.picture is not None else ""
        beside = "".join([f"<p>{self.cell(line)}</p>" for line in card.lines])
        return f'<div class="card">{picture or "<div class=picture></div>"}<div>{beside}</div></div>'

    def _table(self, table: Table) -> str:
        head = "".join([f"<th scope=col>{escape(column)}" for column in table.columns])
        rows: list[str] = []
        for row in table.rows:
            cells = [self.cell(cell) for cell in row]
            first = "<th scope=row>" if table.labelled else "<td>"
            rows.append(f"<tr>{first}{'<td>'.join(cells)}")
        shares = table.widths if self._is_styled else ()
        widths = "".join([f'<col style="width:{100 * share // sum(shares)}%">' for share in shares])
        made = f"<table>{widths}<thead><tr>{head}<tbody>{''.join(rows)}</table>"
        return f'<div class="scroll" tabindex="0">{made}</div>' if len(table.columns) > NARROW else made

    def picture(self, picture: Picture, sources: Sources | None = None) -> str:
        """Grey and blurred until its box is ticked; without a source, nothing."""
        source = (sources or self._sources)(picture.derivative)
        if source is None:
            return ""
        self._number += 1
        name = f"p{self._number}"
        caption = f"<figcaption>{self.cell(picture.caption)}</figcaption>" if picture.caption else ""
        return (
            f'<figure class="picture"><input type="checkbox" id="{name}"><label for="{name}">{self._reveal}</label>'
            f'<img src="{escape(source)}" alt="{escape(picture.alternative)}" loading="lazy" decoding="async">'
            f"{caption}</figure>"
        )

    def section(self, section: Section, level: int) -> str:
        """A folded part is a `details`, which works without a script."""
        count = f' <span class="count">{number(section.count, self._words)}</span>' if section.count else ""
        body = self.blocks(section.blocks, min(level + 1, 6))
        if section.folded:
            head = f"<summary>{escape(section.title)}{count}</summary>"
            return f'<details class="{escape(section.key)}">{head}{body}</details>'
        return f"<h{level}>{escape(section.title)}{count}</h{level}>{body}"
