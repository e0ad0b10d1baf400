"""The office's sheet and other catalogues' tables: nothing lost, nothing invented, no cell a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.sample_case import HOSTILE, case
from verifier.dossier import CaseDossier
from verifier.errors import UsageError
from verifier.records import Claim, Observation, Standing, Verdict
from verifier.report.exchange import catalogues, sheet, workbook
from verifier.report.writers.csv_tables import DANGEROUS
from verifier.visible import visible

PERSIAN = "می‌گوید «پل چوبی» است"


def told(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def known() -> CaseDossier:
    """The sample case, in which people have said more: hostile and Persian words, in several lines."""
    whole = case(len(HOSTILE))
    exhibits = {}
    for number, (key, dossier) in enumerate(whole.exhibits.items()):
        hostile = HOSTILE[number]
        said = Claim(id=f"n{number}", exhibit=key, batch=None, by=hostile, place=PERSIAN, time="= yesterday",
                     description=f"{hostile}\nsecond line", at="2026-03-01T00:00:00Z")  # fmt: skip
        stood = Standing(id=f"s{number}", exhibit=key, stage="triaged", reason=hostile, by="A", at="2026-03-01")
        seen = Observation(id=f"o{number}", exhibit=key, what="gathering", by="A", at="2026-03-01", start_seconds=1.0,
                           least=20, note=hostile)  # fmt: skip
        exhibits[key] = replace(dossier, claims=(*dossier.claims, said), standings=(stood,), observations=(seen,))
    return replace(whole, exhibits=exhibits)


def test_the_sheet_has_every_exhibit_and_its_columns(known: CaseDossier) -> None:
    rows = told(sheet.render(known))
    assert tuple(rows[0]) == sheet.COLUMNS
    assert [row["exhibit"] for row in rows] == sorted(known.exhibits)
    one = rows[0]
    assert (one["latitude"], one["longitude"]) == ("35.70021", "51.40103")
    assert one["captured_at"] == "2026-01-08T18:04:11.25+03:30"
    assert one["claim_place"] == PERSIAN and one["stage"] == "triaged" and "تهران، پونک" in one["other_claims"]
    assert "\nsecond line" in one["claim_description"] and one["new_note"] == ""
    assert "gathering, 1 s, 20–?" in one["observations"]


def test_the_workbook_says_the_same_as_the_table(known: CaseDossier) -> None:
    columns, rows = sheet.sheet(known)
    content = workbook.render(columns, rows, writable=sheet.WRITABLE, right_to_left=True)
    assert content == workbook.render(columns, rows, writable=sheet.WRITABLE, right_to_left=True)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.active
    assert page is not None and page.sheet_view.rightToLeft and page.freeze_panes == "B2"
    assert not [one.coordinate for line in page.iter_rows() for one in line if one.data_type == "f"]
    listed = list(csv.reader(io.StringIO(sheet.render(known).decode("utf-8-sig"), newline="")))
    assert workbook.read(content, 1000) == listed


def test_no_cell_of_any_table_is_a_formula_or_hides_anything(known: CaseDossier) -> None:
    tables = [sheet.render(known), catalogues.atlos(known), catalogues.bayanat(known), catalogues.duplicates(known)]
    with zipfile.ZipFile(io.BytesIO(catalogues.uwazi(known))) as archive:
        tables.append(archive.read("import.csv"))
    for content in tables:
        for row in told(content):
            for name, text in row.items():
                assert not text.lstrip(" ").startswith(DANGEROUS), (name, text)
                assert visible(text.replace("\n", " "), 100_000) == text.replace("\n", " ")


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_peoples_words_are_inert_and_keep_their_lines(text: str) -> None:
    shown = sheet.said_cell(text)
    assert not shown.lstrip(" ").startswith(DANGEROUS)
    assert shown.count("\n") == sheet.trimmed(text).count("\n")
    assert sheet.trimmed(shown) == shown or shown.startswith("'")


def test_atlos_has_what_it_requires(known: CaseDossier) -> None:
    rows = told(catalogues.atlos(known))
    assert len(rows) == len(known.exhibits) and {"status", "description", "sensitive"} <= set(rows[0])
    assert all(8 <= len(row["description"]) <= 241 for row in rows)
    assert {row["date"] for row in rows} == {"2026-01-08"} and rows[0]["location"] == "35.70021, 51.40103"


def test_a_southern_position_stays_numbers() -> None:
    assert catalogues._cell("-33.45|-70.66") == "-33.45|-70.66" and catalogues._cell("-33.4, 1") == "-33.4, 1"
    assert str(catalogues._cell("-33.45|cmd")).startswith("'")


def test_duplicates_are_pairs_of_one_recording_that_nobody_called_different(known: CaseDossier) -> None:
    (row,) = told(catalogues.duplicates(known))
    match = known.matches[0]
    assert (row["query_video"], row["match_video"], row["distance"]) == (match.left, match.right, "0.0678")
    ids = {row["originid"] for row in told(catalogues.bayanat(known))}
    assert {match.left, match.right} <= ids

    def decided(decision: str) -> CaseDossier:
        said = Verdict(left=match.left, right=match.right, decision=decision, note="", by="A", at="2026-03-01")
        return replace(known, verdicts=(said,))

    assert told(catalogues.duplicates(decided("different"))) == []
    assert told(catalogues.duplicates(decided("same")))[0]["distance"] == "0.0"


def test_timemap_events_have_text_in_every_field(known: CaseDossier) -> None:
    events = json.loads(catalogues.timemap(known))
    assert len(events) == len(known.exhibits)
    assert events[0]["date"] == "01/08/2026" and events[0]["time"] == "18:04" and events[0]["latitude"] == "35.70021"
    for event in events:
        assert all(isinstance(value, str) for name, value in event.items() if name not in ("associations", "sources"))


def test_what_is_no_workbook_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_BYTES", 1 << 20)
    big = io.BytesIO()
    with zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (workbook.LARGEST_BYTES + 1))
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    good = workbook.render(("exhibit",), [["a"]])
    broken = (b"", b"PK\x03\x04", b"not a zip", big.getvalue(), entity.getvalue(), good[: len(good) // 2])
    for content in broken:
        with pytest.raises(UsageError):
            workbook.read(content, 10)
    with pytest.raises(UsageError, match="more than 1 rows"):
        workbook.read(good, 1)


def test_a_damaged_workbook_never_ends_in_an_error_of_ours() -> None:
    good = workbook.render(("exhibit", "stage"), [["a" * 64, "triaged"]])
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, content in members.items():
        for broken in (b"", content[: len(content) // 2], b"<x/>", content.replace(b"<", b"<a", 3)):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for other, kept in members.items():
                    archive.writestr(other, broken if other == name else kept)
            try:
                rows = workbook.read(out.getvalue(), 10)
            except UsageError:
                continue
            assert all(isinstance(text, str) for row in rows for text in row)
