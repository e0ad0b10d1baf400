"""Sheets as XLSX, and a workbook that comes back. What comes in is hostile: its size is bounded before it is opened."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from verifier.errors import UsageError
from verifier.report.maps.kml import escaped

LARGEST_BYTES = 64 << 20  # of all members together, unpacked
MOST_MEMBERS = 500
LONGEST_CELL = 32_767  # what a spreadsheet holds in a cell
_DATE = (2000, 1, 1, 0, 0, 0)  # of every member: when it was written is in the custody log
_WIDTH, _WIDE = 14, 40
_PLAIN, _SAID, _HEADING, _MARKED = range(4)  # places of the formats in `_STYLES`
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="exhibits" sheetId="1" r:id="rId1"/></sheets>'
    "</workbook>"
)
_BOOK_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_STYLES = (  # number format 49 is text: what is typed there stays as it was typed
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill>'
    '<patternFill patternType="solid"><fgColor rgb="FFFFF2CC"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def render(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    writable: Sequence[str] = (),
    right_to_left: bool = False,
) -> bytes:
    """One sheet of inert cells with a heading that stays in view; the columns that people may write into are marked.

    Text is stored as text, and marked so, whatever it begins with: no cell is a formula. The bytes are the same for the
    same rows. It is made in memory: `openpyxl` would write the sheet into the computer's folder for passing files.
    """
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{_WIDE if name in writable else _WIDTH}" customWidth="1"/>'
        for number, name in enumerate(columns, 1)
    )
    heading = "".join(_cell(name, _MARKED if name in writable else _HEADING) for name in columns)
    page = (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView rightToLeft="{int(right_to_left)}" workbookViewId="0">'
        '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData><row>{heading}</row>"
        + "".join(f"<row>{''.join(_cell(value, _SAID) for value in row)}</row>" for row in rows)
        + "</sheetData></worksheet>"
    )
    members = {
        "[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _BOOK_RELS, "xl/styles.xml": _STYLES, "xl/worksheets/sheet1.xml": page,
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cell(value: object, style: int) -> str:
    if value is None or value == "":
        return f'<c s="{_SAID}"/>'
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<c s="{_PLAIN}"><v>{value!r}</v></c>'
    text = escaped(str(value)[:LONGEST_CELL])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def read(content: bytes, most_rows: int) -> list[list[str]]:
    """The rows of the first sheet as text; formulas as the values that were saved with them. Raises UsageError."""
    _check(content)
    try:
        with warnings.catch_warnings(action="ignore"):  # of styles and rules that no cell depends on
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
