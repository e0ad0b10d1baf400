"""Tables for spreadsheets: complete, and no cell of them a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.sample_case import case
from verifier.report.writers.csv_tables import DANGEROUS, cell, render


def rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_subject_has_its_rows() -> None:
    tables = {name: rows(content) for name, content in render(case(5)).items()}
    assert len(tables["exhibits.csv"]) == len(tables["findings.csv"]) == len(tables["acquisitions.csv"]) == 5
    assert len(tables["matches.csv"]) == 1 and len(tables["skipped.csv"]) == 1
    assert tables["exhibits.csv"][0]["captured_at"] == "2026-01-08T18:04:11.25+03:30"
    assert tables["exhibits.csv"][0]["latitude"] == "35.70021"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "|calc"])
def test_a_formula_is_text(text: str) -> None:
    assert not str(cell(text)).lstrip().startswith(DANGEROUS)


@given(st.text(max_size=40))
def test_no_text_is_a_formula(text: str) -> None:
    assert not str(cell(text)).lstrip(" ").startswith(DANGEROUS)


def test_a_negative_number_stays_a_number() -> None:
    assert cell(-51.4) == -51.4 and cell(None) == ""
