"""What shows that an exhibit stands in the log: the lines that its entry, and then its event, carry the digests of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from verifier.dossier import TakenIn
from verifier.records import Acquisition, Exhibit
from verifier.store.schema import RECORD_TABLES, entries
from verifier.store.selecting import ROWS_A_FETCH
from verifier.store.taking import TAKEN_IN
from verifier.store.writing import NUMBERS_A_STATEMENT, entry_line, in_chunks, row_line, superseded_line


def taken_in(connection: Connection, only: str | None = None) -> dict[str, list[TakenIn]]:
    """Every act of taking in, by exhibit, each with the lines of its rows in the order of its digest.

    `only`: of that exhibit, in work that does not grow with the case.
    """
    of_taking = select(entries.c.number, entries.c.seq, entries.c.subject).where(entries.c.kind == TAKEN_IN)
    if only is not None:  # an act of taking in is never superseded: by the index on what is living
        of_taking = of_taking.where(entries.c.superseded.is_(None), entries.c.subject == only)
    lines: dict[int, list[str]] = defaultdict(list)
    for record in (Acquisition, Exhibit):  # in order of the tables' names
        table = RECORD_TABLES[record]
        names = [column.name for column in table.columns if column.name not in {"entry", "position"}]
        wanted = select(table).order_by(table.c.entry, table.c.position)
        if only is not None:
            wanted = wanted.where(table.c.entry.in_(of_taking.with_only_columns(entries.c.number)))
        for row in connection.execute(wanted, execution_options={"yield_per": ROWS_A_FETCH}).mappings():
            line = row_line(table.name, row["position"], {name: row[name] for name in names})
            lines[row["entry"]].append(_text(line))
    found: dict[str, list[TakenIn]] = defaultdict(list)
    for number, seq, subject in connection.execute(of_taking.order_by(entries.c.number)):
        found[str(subject)].append(TakenIn(event=seq, entry=number, rows=tuple(lines[number])))
    return found


def acts_on(connection: Connection) -> dict[str, list[int]]:
    """The events that wrote an entry of which an exhibit (or any other thing) is the subject, by subject, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    wanted = select(entries.c.subject, entries.c.seq).where(entries.c.subject.is_not(None)).distinct()
    for subject, seq in connection.execute(wanted.order_by(entries.c.seq)):
        found[str(subject)].append(int(seq))
    return found


def record_lines(connection: Connection, events: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The lines that an event's records digest covers, by event: entries that it wrote, then those it superseded."""
    lines: dict[int, list[str]] = defaultdict(list)
    columns = entries.c
    for some in in_chunks(sorted(events), NUMBERS_A_STATEMENT):
        written = select(entries).where(columns.seq.in_(some)).order_by(columns.seq, columns.number)
        for row in connection.execute(written).mappings():
            line = entry_line(row["number"], row["kind"], row["subject"], row["instrument"], row["rows"], row["digest"])
            lines[row["seq"]].append(_text(line))
        gone = select(columns.superseded, columns.number, columns.digest).where(columns.superseded.in_(some))
        for seq, number, digest in connection.execute(gone.order_by(columns.superseded, columns.number)):
            lines[seq].append(_text(superseded_line(number, digest)))
    return {seq: tuple(told) for seq, told in lines.items()}


def _text(line: bytes) -> str:
    return line.decode("utf-8").removesuffix("\n")
