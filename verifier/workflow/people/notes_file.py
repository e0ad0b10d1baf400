"""Notes as YAML or as one table for a spreadsheet, and back. The file comes from outside: it is read as hostile."""

from __future__ import annotations

import csv
import io
import json
import types
import typing
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import yaml

from verifier.errors import UsageError
from verifier.records import Question
from verifier.workflow.people.notes import FORMAT, KINDS, MOST_ROWS

LARGEST_BYTES = 16 << 20
DEEPEST = 12
LONGEST_CELL = 100_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "'")
HEADING = (
    "What people said of a case. Edit it, then: verify notes import FILE\n"
    "Leave `id` and `at` out for something new. Leaving a line out removes nothing.\n"
)


class _Reader(yaml.SafeLoader):
    """Plain values only: no tag, no alias (which can make a small file endless), no key twice, no time made a date."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise UsageError("A notes file has no aliases (&name, *name); write every value out.")
        self.depth += 1
        if self.depth > DEEPEST:
            raise UsageError("This file is nested too deeply for notes.")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        if len(set(map(str, keys))) != len(keys):
            raise UsageError(f"A field stands twice in line {node.start_mark.line + 1}.")
        return super().construct_mapping(node, deep=deep)


_Reader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":merge"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def to_yaml(notes: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Notes as YAML, in the order of the fields, empty fields left out."""
    plain = {kind: [_filled(row) for row in rows] for kind, rows in notes.items()}
    text = yaml.safe_dump({"format": FORMAT, **plain}, allow_unicode=True, sort_keys=False, width=100)
    return ("".join(f"# {line}\n" for line in HEADING.splitlines()) + text).encode("utf-8")


def from_yaml(content: bytes) -> dict[str, list[Mapping[str, Any]]]:
    """Notes by kind. Raises UsageError with one sentence."""
    try:
        known = yaml.load(_text(content), Loader=_Reader)  # noqa: S506 - a SafeLoader that allows less
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise UsageError(f"The notes cannot be read{where}: {' '.join(str(problem).split())}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError("The notes cannot be read: a value in them is none.") from error
    if not isinstance(known, dict) or known.pop("format", None) != FORMAT:
        raise UsageError(f"This is no notes file; its first line says format: {FORMAT}")
    for kind, rows in known.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UsageError(f"{kind} is a list of notes, each with its fields.")
    return {str(kind): rows for kind, rows in known.items()}


def to_csv(notes: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """One table: `kind` and every field; lists stand one a line in their cell. Formulas are made inert."""
    columns = _columns()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("kind", *columns))
    for kind, rows in notes.items():
        for row in rows:
            writer.writerow([kind, *[_cell(row.get(name)) for name in columns]])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def from_csv(content: bytes) -> dict[str, list[Mapping[str, Any]]]:
    """Notes by kind. Raises UsageError with one sentence."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(_text(content), newline=""), strict=True))
    except csv.Error as error:
        raise UsageError(f"The table cannot be read: {error}.") from error
    if not rows or rows[0][:1] != ["kind"] or len(rows) > MOST_ROWS:
        raise UsageError(f"This is no table of notes: its first column is kind, and it has at most {MOST_ROWS} rows.")
    columns = rows[0][1:]
    unknown = [name for name in columns if name not in _columns()]
    if unknown or len(set(columns)) != len(columns):
        raise UsageError(f"{unknown[0] if unknown else 'A column'} is no field of a note, or stands there twice.")
    found: dict[str, list[Mapping[str, Any]]] = {}
    for line, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        if row[0] not in KINDS:
            raise UsageError(f"Line {line}: {row[0] or 'nothing'} is no kind of note; there are {', '.join(KINDS)}.")
        if len(row) > len(columns) + 1:
            raise UsageError(f"Line {line} has more cells than there are columns.")
        filled = {name: cell for name, cell in zip(columns, row[1:], strict=False) if cell != ""}
        found.setdefault(row[0], []).append(_typed(row[0], filled, line))
    return found


def _text(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise UsageError("A notes file is smaller than 16 MB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("A notes file is UTF-8 text; save it as that.") from error


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _columns() -> list[str]:
    return list(dict.fromkeys(item.name for record in KINDS.values() for item in fields(record)))


def _cell(value: object) -> object:
    if value is None or value == []:
        return ""
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        simple = all(isinstance(item, str) and "\n" not in item for item in value)
        value = "\n".join(value) if simple else json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _typed(kind: str, row: Mapping[str, str], line: int) -> dict[str, Any]:
    """Cells as the types of the fields."""
    hints = typing.get_type_hints(KINDS[kind])
    known: dict[str, Any] = {}
    for name, cell in row.items():
        text = cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
        if name not in hints:
            raise UsageError(f"Line {line}: {kind} have no {name}.")
        options = set(_options(hints[name]))
        try:
            known[name] = _value(text, options)
        except ValueError as error:
            raise UsageError(f"Line {line}: {name} cannot be {text[:40]}.") from error
    return known


def _options(hint: Any) -> Iterable[Any]:  # noqa: ANN401
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return typing.get_args(hint)
    return (hint,)


def _value(text: str, options: set[Any]) -> Any:  # noqa: ANN401
    if str in options or Question in options:
        return text
    if int in options:
        return int(text)
    if float in options:
        return float(text)
    if text.startswith("["):
        return json.loads(text)
    return text.split("\n")
