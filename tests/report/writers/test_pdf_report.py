"""The paper form: standards, reproducible bytes, the document inside, inert evidence."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from tests.report.sample_case import PICTURE, case
from verifier.custody.seal import Checkpoint, new_key, sign
from verifier.report.writers import json_report, pdf_report
from verifier.workflow.report import WRITERS, Order


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_same_case_same_bytes(tmp_path: Path, lang: str) -> None:
    first = pdf_report.render(case(), lambda _: PICTURE, tmp_path, lang)
    assert first == pdf_report.render(case(), lambda _: PICTURE, tmp_path, lang)
    assert not list(tmp_path.iterdir())


def test_it_declares_its_standards_and_carries_the_document(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(pdf_report.render(case(), lambda _: PICTURE, tmp_path))) as pdf:
        metadata = str(pdf.Root.Metadata.read_bytes(), "utf-8")
        assert "<pdfaid:part>3</pdfaid:part>" in metadata and "<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert pdf.Root.MarkInfo.Marked
        inside = pdf.attachments["report.json"].get_file().read_bytes()
        assert json.loads(inside) == json.loads(json_report.render(case()))
        assert "/JavaScript" not in str(pdf.Root.get("/Names", {})) and "/OpenAction" not in pdf.Root
        embedded = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
        assert any("Vazirmatn" in name for name in embedded)


def test_a_sealed_case_is_printed_with_its_checkpoint(tmp_path: Path) -> None:
    checkpoint = sign(Checkpoint(origin="verify/case/1", size=3, root="a" * 64), "oak", new_key())
    sealed = replace(case(2), custody_checkpoint=checkpoint)
    with pikepdf.open(io.BytesIO(pdf_report.render(sealed, lambda _: PICTURE, tmp_path, "fa"))) as pdf:
        inside = json.loads(pdf.attachments["report.json"].get_file().read_bytes())
        assert inside["case"]["custody"]["checkpoint"] == checkpoint
    annex = pdf_report.render_annex(sealed, lambda _: PICTURE, tmp_path, "fa")
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(annex)).pages)
    assert "verify/case/1" in re.sub(r"[^\w/]", "", told)


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_the_brief_and_the_annex_are_files_of_their_own(tmp_path: Path, lang: str) -> None:
    order = Order(case=case(3), pictures=lambda _: PICTURE, lang=lang, workspace=tmp_path)
    assert set(WRITERS["pdf"](order)) == {"report.pdf"}
    made = WRITERS["pdf"](replace(order, annex=True))
    assert set(made) == {"report.pdf", "annex.pdf"}
    told = {name: "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
            for name, content in made.items()}  # fmt: skip
    identity = sorted(case(3).exhibits)[0]
    assert "verify audit --case CASE" in told["report.pdf"] and identity not in squeezed(told["report.pdf"])
    assert identity in squeezed(told["annex.pdf"])


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\u2060-\u2069]", "", text)
