"""The certificate stays a draft: blanks are blank, nothing is signed, evidence text is inert."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf

from tests.report.sample_case import HOSTILE, case
from verifier.report.blocks import Exact, Section, Table
from verifier.report.writers import certificate


def tables(sections: tuple[Section, ...]) -> list[Table]:
    return [block for section in sections for block in section.blocks if isinstance(block, Table)]


def test_every_line_of_statement_and_declaration_is_blank() -> None:
    statement, declaration, schedule = tables(certificate.pages(case()).front)
    for table in (statement, declaration):
        assert len(table.rows) >= 4
        assert all(row[1] == (Exact(certificate.BLANK),) for row in table.rows)
    assert len(schedule.rows) == 12


def test_page_and_paper(tmp_path: Path) -> None:
    made = certificate.render(case(), tmp_path)
    assert made == certificate.render(case(), tmp_path)
    page = made["certificate-draft.html"].decode("utf-8")
    assert "DRAFT WITH BLANKS" in page and HOSTILE[0] not in page
    assert page.count("<article") == 0 and page.count("<script>") == 1
    with pikepdf.open(io.BytesIO(made["certificate-draft.pdf"])) as pdf:
        assert b"pdfuaid:part>1" in pdf.Root.Metadata.read_bytes()
        assert not pdf.attachments and "/AcroForm" not in pdf.Root
