"""A sheet that comes back as a file: CSV as any spreadsheet saves it, or XLSX. It comes from outside: hostile."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from verifier.errors import PathNotFound, UsageError

LARGEST_BYTES = 32 << 20
MOST_ROWS = 100_001
LONGEST_CELL = 100_000
DELIMITERS = (",", ";", "\t")  # spreadsheets take that of the computer's language
ENDINGS = (".csv", ".tsv", ".xlsx")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def content_of(path: Path) -> bytes:
    """The bytes of a sheet. Raises UsageError."""
    if not path.is_file():
        raise PathNotFound(path)
    with path.open("rb") as stream:
        content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise UsageError(f"A sheet is smaller than {LARGEST_BYTES >> 20} MB.")
    return content


def rows_of(content: bytes) -> list[list[str]]:
    """Heading and rows as text; the kind of file is told by its first bytes. Raises UsageError."""
    if content.startswith(b"PK\x03\x04"):
        from verifier.report.exchange import workbook

        return workbook.read(content, MOST_ROWS)
    return _table(_text(content))


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            'This is neither a table in UTF-8 nor a workbook, or it is damaged: save it as "CSV UTF-8" or .xlsx.'
        ) from error


def _table(text: str) -> list[list[str]]:
    heading = text.split("\n", 1)[0].strip()
    found = [sign for sign in DELIMITERS if "exhibit" in (name.strip(' "').casefold() for name in heading.split(sign))]
    csv.field_size_limit(LONGEST_CELL)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=found[0] if found else ",", strict=True):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise UsageError(f"The sheet has more than {MOST_ROWS - 1} rows.")
    except csv.Error as error:
        raise UsageError(f"The table cannot be read: {error}.") from error
    return rows
