"""How a record's field becomes a column of a kind that every database has, and comes back.

Text, integer, real and binary columns hold what their name says, so that a stranger can read the tables. Whatever has
an inner structure (a value with its basis, a list of names, measures) is canonical JSON in a text column. Three
things are normalised because a database would change or refuse them: minus zero, text that is not Unicode, and NUL in
text, which becomes `\\x00`.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias, TypeVar

import sqlalchemy

from verifier.canonical import from_plain, to_plain
from verifier.records import Reading

T = TypeVar("T")
Cell: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = dict[str, Cell]

MOST_BYTES = 64 << 10  # of one cell
WIDE_INTEGERS = frozenset({"device", "inode", "modified_ns"})  # may not fit 64 bits with a sign: digits in text
_ROOM = MOST_BYTES - 128  # for a value's JSON, so that the mark of a cut fits as well
_WIDEST_CHARACTER = 12  # what JSON may make of one: two escaped halves of a surrogate pair
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class NotStorable(ValueError):
    """A record holds what no database keeps faithfully; the message is a sentence for a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of a record in a table."""

    name: str
    kind: type[sqlalchemy.types.TypeEngine[Any]]
    nullable: bool
    to_cell: Callable[[Any], Cell]
    from_cell: Callable[[Any], Any]


def columns_of(record: type) -> tuple[Column, ...]:
    """A column for every field of the record class, in the order of its fields."""
    if record not in _COLUMNS:
        _COLUMNS[record] = _columns(record)
    return _COLUMNS[record]


_COLUMNS: dict[type, tuple[Column, ...]] = {}


def _columns(record: type) -> tuple[Column, ...]:
    hints = typing.get_type_hints(record)
    return tuple(_column(item.name, hints[item.name]) for item in dataclasses.fields(record))


def to_row(record: object) -> Row:
    """The cells of a record. Raises `NotStorable`."""
    row: Row = {}
    for column in columns_of(type(record)):
        value = getattr(record, column.name)
        if value is None and column.nullable:
            row[column.name] = None
            continue
        row[column.name] = column.to_cell(value)
    return row


def from_cells(record: type[T], cells: Sequence[Any]) -> T:
    """The record from its cells, in the order of its fields. Raises ValueError or TypeError on what no record made."""
    return record(
        **{
            column.name: None if cell is None and column.nullable else column.from_cell(cell)
            for column, cell in zip(columns_of(record), cells, strict=True)
        }
    )


def bounded_value(reading: Reading) -> Reading:
    """The reading with a value that a cell can hold: long text is cut visibly, `nan` and `inf` become words."""
    value = reading.value
    if isinstance(value, float) and not math.isfinite(value):
        return dataclasses.replace(reading, value=str(value))
    if isinstance(value, str) and len(value) * _WIDEST_CHARACTER > _ROOM and len(json.dumps(value)) > _ROOM:
        size = len(value.encode("utf-8", "surrogatepass"))
        kept = value[:_ROOM]
        while (length := len(json.dumps(kept))) > _ROOM:
            kept = kept[: len(kept) * _ROOM // length]
        return dataclasses.replace(reading, value=f"{kept}… [cut here; {size} bytes in all]")
    return reading


def _column(name: str, hint: Any) -> Column:  # noqa: ANN401
    nullable = False
    inner = hint
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        if len(options) == 1:
            inner, nullable = options[0], True
    kind, to_cell, from_cell = _forms(name, inner)
    return Column(name=name, kind=kind, nullable=nullable, to_cell=to_cell, from_cell=from_cell)


def _forms(name: str, hint: Any) -> tuple[Any, Callable[[Any], Cell], Callable[[Any], Any]]:  # noqa: ANN401
    if name in WIDE_INTEGERS:
        return sqlalchemy.Text, str, int
    if hint is str:
        return sqlalchemy.Text, stored_text, _exactly(str)
    if hint is bytes:
        return sqlalchemy.LargeBinary, _bytes, _exactly(bytes)
    if hint is bool:
        return sqlalchemy.Integer, int, _from_flag
    if hint is int:
        return sqlalchemy.BigInteger, _integer, _exactly(int)
    if hint is float:
        return sqlalchemy.REAL, _real, _exactly(float)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return sqlalchemy.Text, _enum, hint
    return sqlalchemy.Text, _json, lambda cell: from_plain(hint, json.loads(cell))


def _exactly(kind: type) -> Callable[[Any], Any]:
    def check(cell: Any) -> Any:  # noqa: ANN401
        if type(cell) is not kind:
            raise ValueError(f"expected {kind.__name__}, found {type(cell).__name__}")
        return cell

    return check


def _from_flag(cell: object) -> bool:
    if cell not in (0, 1):
        raise ValueError("neither yes nor no")
    return bool(cell)


def _enum(value: Enum) -> str:
    return str(value.value)


def stored_text(value: str) -> str:
    """The text as a cell holds it."""
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError:  # half a surrogate pair: shown as its escape, because UTF-8 has no form for it
        value = value.encode("utf-8", "backslashreplace").decode("utf-8")
        size = len(value)
    if "\0" in value:  # no text of PostgreSQL holds one
        value = value.replace("\0", "\\x00")
        size = len(value.encode("utf-8"))
    if size > MOST_BYTES:
        raise NotStorable(f"a text of {size} bytes is longer than the {MOST_BYTES} that are kept")
    return value


def _bytes(value: bytes) -> bytes:
    if len(value) > MOST_BYTES:
        raise NotStorable(f"{len(value)} bytes are more than the {MOST_BYTES} that are kept")
    return bytes(value)


def _integer(value: int) -> int:
    if not _LEAST <= value <= _MOST:
        raise NotStorable("an integer does not fit in 64 bits")
    return int(value)


def _real(value: float) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise NotStorable("a number is not finite")
    return number + 0.0  # minus zero becomes zero, as SQLite would make it


def _json(value: object) -> str:
    try:
        text = json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise NotStorable("a number is not finite") from error
    if len(text) > MOST_BYTES:
        raise NotStorable(f"{len(text)} bytes of JSON are more than the {MOST_BYTES} that are kept")
    return text
