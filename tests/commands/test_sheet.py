"""The office's spreadsheet out and in, and files for other tools, by the commands alone."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.commands.inside import inside
from tests.commands.running import Ran
from tests.workflow.handing.made import CONTENTS, IDS, make
from verifier.commands.sheet_in import SENTENCES
from verifier.errors import EXIT_USAGE, UsageError
from verifier.evidence.vault import Vault
from verifier.store import Store
from verifier.workflow.handing import sheet_file, sheet_in
from verifier.workflow.handing.forms import TABLES, hand_out
from verifier.workflow.progress import silent

Edit = Callable[[list[dict[str, str]]], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sheet") / "case", CONTENTS[:3])


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def run(case: Path, *words: object) -> Ran:
    return inside(*words, "--case", case, "--operator", "Ana")


def written(case: Path, name: str = "sheet.csv") -> Path:
    path = case.parent / name
    ran = run(case, "export", "--as", path.suffix[1:], "--to", path)
    assert ran.code == 0, ran.err
    return path


def edited(path: Path, edit: Edit) -> Path:
    """The sheet as somebody saved it after an edit, in the file's own form."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        page = book.active
        assert page is not None
        heading, *lines = [[str(one.value or "") for one in row] for row in page.iter_rows()]
        rows = [dict(zip(heading, line, strict=True)) for line in lines]
        edit(rows)
        for number, row in enumerate(rows, 2):
            for place, name in enumerate(heading, 1):
                page.cell(number, place).value = row[name] or None
        book.save(path)
        return path
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    edit(rows)
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]), delimiter=";")  # as a spreadsheet of many a country saves it
    table.writeheader()
    table.writerows(rows)
    path.write_text(text.getvalue(), "utf-8-sig")
    return path


def row_of(rows: list[dict[str, str]], identity: str) -> dict[str, str]:
    return next(row for row in rows if row["exhibit"] == identity)


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_a_sheet_that_nobody_edited_files_nothing(case: Path, name: str) -> None:
    path = written(case, name)
    size = Store.open(case, writing=False).custody_size()
    back = run(case, "import", path, "--yes", "--json")
    assert back.code == 0 and back.json == {"rows": 3, "changes": [], "told": [], "filed": 0}
    assert Store.open(case, writing=False).custody_size() == size
    back = run(case, "import", edited(path, lambda rows: rows.reverse()), "--yes", "--json")
    assert back.json["changes"] == [] and back.json["told"] == []


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_what_was_edited_is_shown_first_and_filed_once(case: Path, name: str) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        one = row_of(rows, IDS[1])
        one["stage"], one["claim_place"], one["new_note"] = "triaged", "بازار تهران", "'=1+1"
        row_of(rows, IDS[2])["claim_time"] = "blurry words"

    path = edited(written(case, name), edit)
    asked = run(case, "import", path)
    assert asked.code == 0 and "Nothing was changed" in asked.out and "بازار تهران" in asked.out
    filed = run(case, "import", path, "--yes", "--json")
    assert filed.code == 0 and filed.json["filed"] == 4, filed.out
    said = {(change["row"], change["kind"]): change["said"] for change in filed.json["changes"]}
    row = {IDS[index]: number for number, index in enumerate(sorted(range(3), key=lambda one: IDS[one]), 2)}
    claim = said[(row[IDS[1]], "claims")]
    assert (claim["by"], claim["place"], claim["description"]) == ("K-1", "بازار تهران", "the neighbour's words of 1")
    assert said[(row[IDS[1]], "observations")]["note"] == "=1+1"
    assert [told["code"] for told in filed.json["told"]] == [sheet_in.NOT_UNDERSTOOD]
    with Store.open(case, writing=False) as store:
        dossier = store.exhibit_dossier(IDS[1])
        assert {one.description for one in dossier.claims} == {"the neighbour's words of 1"} and len(
            dossier.claims
        ) == 2
        assert [one.stage for one in dossier.standings] == ["triaged"]
        event = store.last_event(sheet_in.ACTION, sheet_in.SUBJECT)
        assert event is not None and event.actor == "Ana"
        assert event.detail == {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": 3, "filed": 4}
    again = run(case, "import", path, "--yes", "--json")
    assert again.json["filed"] == 0 and again.json["changes"] == []
    assert run(case, "audit").code == 0


def test_an_old_sheet_takes_nothing_back(case: Path) -> None:
    path = written(case)
    assert inside("stage", IDS[1], "triaged", "--operator", "Ben", "--case", case).code == 0
    assert inside("claim", IDS[1], "--by", "K-2", "--place", "Karaj", "--operator", "Ben", "--case", case).code == 0
    assert run(case, "import", path, "--yes", "--json").json["changes"] == []

    def edit(rows: list[dict[str, str]]) -> None:
        row_of(rows, IDS[1])["stage"] = "analysed"
        row_of(rows, IDS[1])["claim_place"] = "Qom"

    back = run(case, "import", edited(path, edit), "--yes", "--json").json
    assert [told["code"] for told in back["told"]] == [sheet_in.STALE]
    assert [change["kind"] for change in back["changes"]] == ["claims"]  # beside the other one


def test_what_cannot_be_filed_is_told_and_the_rest_is(case: Path) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        first = row_of(rows, IDS[0])
        first["claim_description"], first["stage_reason"] = "", "because"
        for index, stage in ((1, "finalised"), (2, "excluded")):
            row_of(rows, IDS[index])["stage"] = stage
        blank = dict.fromkeys(rows[0], "")
        rows.append(blank | {"exhibit": "f" * 64, "claim_place": "Qom"})
        rows.append(blank | {"claim_place": "Qom"})
        rows.append(blank | {"exhibit": IDS[2][:12], "claim_by": "K-9"})
        rows.append(blank | {"exhibit": IDS[2][:12], "claim_place": "Qom"})
        for row in rows:
            row["colour"] = "red"

    back = run(case, "import", edited(written(case), edit), "--yes", "--json").json
    codes = sorted(told["code"] for told in back["told"])
    assert codes == sorted([sheet_in.COLUMN_NOT_READ, sheet_in.CLEARED, sheet_in.REASON_ALONE, sheet_in.REFUSED,
                            sheet_in.REFUSED, sheet_in.REFUSED, sheet_in.UNKNOWN, sheet_in.NAMELESS])  # fmt: skip
    assert back["filed"] == 1 and back["changes"][0]["said"]["by"] == "Ana"


def test_every_code_has_a_sentence() -> None:
    codes = {
        value for name, value in vars(sheet_in).items() if name.isupper() and isinstance(value, str) and "-" in value
    }
    codes |= {sheet_in.REFUSED, sheet_in.CLEARED}
    assert codes == set(SENTENCES)
    assert all(SENTENCES[code].format(row=1, subject="s", detail="d") for code in codes)


def test_what_is_no_sheet_is_refused_with_a_sentence(case: Path) -> None:
    path = case.parent / "bad.csv"
    for content in (
        b"",
        b"a,b\r\n1,2\r\n",
        b"\xff\xfe\xff",
        b'exhibit\r\n"open',
        b"exhibit,stage,stage\r\n",
        b"PK\x03\x04",
    ):
        path.write_bytes(content)
        with pytest.raises(UsageError), Store.open(case, writing=False) as store:
            sheet_in.plan(store, sheet_file.rows_of(content), operator="Ana")
    assert run(case, "import", path, "--yes").code == EXIT_USAGE
    assert inside("import", case.parent / "missing.xlsx", "--case", case).code == EXIT_USAGE


def test_nobody_files_a_sheet_without_a_name(case: Path) -> None:
    ran = inside("import", written(case), "--case", case)
    assert ran.code == EXIT_USAGE and "sign" in ran.err


def test_every_table_is_written_whole_and_logged(case: Path) -> None:
    given: dict[str, Any] = {"lang": "en", "actor": "Ana", "clock": lambda: "2026-03-01T00:00:00Z", "progress": silent}
    with Store.open(case, writing=True) as store:
        for form in TABLES:
            done = hand_out(store, Vault(case), case.parent / form, form=form, exhibits=(IDS[0],), **given)
            content = done.path.read_bytes()
            assert done.sha256 == hashlib.sha256(content).hexdigest() and done.left_out == 2
            event = store.last_event("export file", form)
            assert event is not None and event.detail["sha256"] == done.sha256
            if content.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    content = b"".join(archive.read(name) for name in archive.namelist())
            assert not any(other.encode() in content for other in IDS[1:]), form
        for path, form in ((case.parent / "csv", "csv"), (case / "in", "csv"), (case.parent / "new", "word")):
            with pytest.raises(UsageError):
                hand_out(store, Vault(case), path, form=form, exhibits=(), **given)


def test_a_timeline_is_of_one_recording_that_has_something_timed(case: Path) -> None:
    assert run(case, "export", "--as", "srt", "--to", case.parent / "a.srt").code == EXIT_USAGE
    named = ("--exhibit", IDS[0], "--to", case.parent / "a.srt")
    assert run(case, "export", "--as", "srt", *named).code == EXIT_USAGE  # nothing with a time
    assert run(case, "observe", IDS[0], "--what", "text", "--at", "0:01", "--note", "پل چوبی").code == 0
    assert run(case, "export", "--as", "srt", *named).code == 0
    assert "پل چوبی" in (case.parent / "a.srt").read_text("utf-8")
