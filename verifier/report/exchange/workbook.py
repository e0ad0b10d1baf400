"""Sheets as XLSX, and a workbook that comes back. What comes in is hostile: its size is bounded before it is opened."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from defusedxml.common import DefusedXmlException
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from verifier.errors import UsageError

LARGEST_BYTES = 64 << 20  # of all members together, unpacked
MOST_MEMBERS = 500
LONGEST_CELL = 32_767  # what a spreadsheet holds in a cell
_WIDTH, _WIDE = 14, 40
_TEXT = "@"  # the number format of text: what is typed there stays as it was typed
_PROPERTIES = (  # in place of what names the moment of saving
    b'<?xml version="1.0"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>verify</dc:creator></cp:coreProperties>'
)


def render(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    writable: Sequence[str] = (),
    right_to_left: bool = False,
) -> bytes:
    """One sheet of inert cells with a heading that stays in view; the columns that people may write into are marked.

    Text is stored as text, and marked so, whatever it begins with: no cell is a formula. The bytes are the same for
    the same rows.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet("exhibits")
    page.sheet_view.rightToLeft = right_to_left
    page.freeze_panes = "B2"
    for number, name in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(number)].width = _WIDE if name in writable else _WIDTH
    page.append([_heading(page, name, name in writable) for name in columns])
    for row in rows:
        page.append([_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return _steady(out.getvalue())


def _heading(page: object, name: str, is_writable: bool) -> WriteOnlyCell:
    made = WriteOnlyCell(page, value=name)
    made.font = Font(bold=True)
    if is_writable:
        made.fill = PatternFill("solid", fgColor="FFF2CC")
    return made


def _cell(page: object, value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value:
        return None
    made = WriteOnlyCell(page)
    made._value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_CELL]  # `value` would make a formula of "="
    made.data_type = "s"
    made.number_format = _TEXT
    return made


def _steady(content: bytes) -> bytes:
    """The same archive without the moments of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = _PROPERTIES if name == "docProps/core.xml" else old.read(name)
            new.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read(content: bytes, most_rows: int) -> list[list[str]]:
    """The rows of the first sheet as text; formulas as the values that were saved with them. Raises UsageError."""
    _check(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        page = book[book.sheetnames[0]]
        page.reset_dimensions()
        rows = list(_texts(page.iter_rows(values_only=True), most_rows))
        book.close()
    except UsageError:
        raise
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, DefusedXmlException, KeyError,
            ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, RecursionError) as error:  # fmt: skip
        raise UsageError("This workbook cannot be read: it is damaged, protected or no .xlsx file.") from error
    return rows


def _check(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > LARGEST_BYTES:
                raise UsageError(f"This workbook unpacks to more than {LARGEST_BYTES >> 20} MB.")
            if any(one.flag_bits & 1 for one in members):
                raise UsageError("This workbook is protected by a password; save it without one.")
            if any(b"<!DOCTYPE" in archive.read(one) for one in members if one.filename.endswith((".xml", ".rels"))):
                raise UsageError("This workbook declares a document type, as no spreadsheet does; it is not read.")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise UsageError("This is no workbook (.xlsx); an older .xls or another file is not read.") from error


def _texts(rows: Iterator[Sequence[object]], most_rows: int) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if number > most_rows:
            raise UsageError(f"The sheet has more than {most_rows} rows.")
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
