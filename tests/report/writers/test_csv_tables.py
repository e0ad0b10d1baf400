"""Tables for spreadsheets: complete, and no cell of them a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.sample_case import case
from verifier.findings.copies.originals import recordings_of
from verifier.records import Medium, Relation, Tier
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


def test_copies_are_counted_by_recordings() -> None:
    known = case(5)
    copy = replace(known.matches[0], relation=Relation.SAME_STREAMS, medium=Medium.VIDEO, tier=Tier.CERTAIN)
    known = replace(known, matches=(copy,))
    tables = {name: rows(content) for name, content in render(known).items()}
    decided = recordings_of(known)
    members = [len(one.copies) + len(one.excerpts) for one in decided.recordings]
    shown = tables["recordings.csv"]
    assert len(shown) == sum(members)
    assert max(members) > 1
    assert {row["exhibit"]: row["recording"] for row in shown} == {
        row["id"]: row["recording"] for row in tables["exhibits.csv"] if row["recording"]
    }
    assert sum(row["is_best"] == "yes" for row in shown) == len(decided.recordings)
    assert len(tables["composites.csv"]) == sum(len(one.parts) for one in decided.composites)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "|calc"])
def test_a_formula_is_text(text: str) -> None:
    assert not str(cell(text)).lstrip().startswith(DANGEROUS)


@given(st.text(max_size=40))
def test_no_text_is_a_formula(text: str) -> None:
    assert not str(cell(text)).lstrip(" ").startswith(DANGEROUS)


def test_a_negative_number_stays_a_number() -> None:
    assert cell(-51.4) == -51.4 and cell(None) == ""
