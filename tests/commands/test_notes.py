"""What people said goes out as one file, is edited, and comes back; what must not be rewritten is not."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from verifier.workflow.people.notes_file import from_csv, from_yaml, to_csv, to_yaml


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A case in which one of everything was said, and the id of its exhibit."""
    folder = tmp_path_factory.mktemp("notes")
    (folder / "evidence").mkdir()
    picture(folder / "evidence" / "b.jpg", 2)
    one = picture(folder / "evidence" / "a.jpg", 1)
    case = folder / "case"
    assert verify("ingest", folder / "evidence", "--case", case, "--operator", "A", "--jobs", 1, "--no-dedup").code == 0
    identity = hashlib.sha256(one.read_bytes()).hexdigest()
    signed = ("--operator", "Ana", "--case", case)
    question = ("--question", "place", "--level", "probable", "--because", "jpeg:width")
    for command in (
        ("claim", identity, "--by", "K-1", "--place", "تهران", *signed),
        ("assess", identity, *question, *signed),
        ("review", identity, *question, "--operator", "Ben", "--case", case),
        (
            "assess",
            identity,
            "--question",
            "time",
            "--level",
            "possible",
            "--because",
            "jpeg:width hidden basis",
            *signed,
        ),
        ("observe", identity, "--what", "text", "--at", "0:01", "--note", "=1+1", *signed),
        ("incident", "create", "Punak", "--exhibit", identity, *signed),
        ("stage", identity, "triaged", *signed),
        ("geolocate", identity, "--camera", "35.7,51.3", "--precision", "city", "--feature", "1|dome|map", *signed),
    ):
        ran = verify(*command)
        assert ran.code == 0, ran.err
    return case, identity


@pytest.fixture
def case(made: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "case"))


@pytest.mark.parametrize("ending", ["yaml", "csv"])
def test_notes_go_out_and_come_back_unchanged(case: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"notes.{ending}"
    assert verify("notes", "export", "--out", out, "--case", case).code == 0
    content = out.read_bytes()
    assert b"hidden basis" not in content  # it waits for its blind review
    known = from_yaml(content) if ending == "yaml" else from_csv(content)
    assert {kind: len(rows) for kind, rows in known.items() if rows} == {
        "claims": 2, "assessments": 2, "observations": 1, "incidents": 1, "stages": 1, "worksheets": 1,
    }  # fmt: skip
    back = verify("notes", "import", out, "--yes", "--operator", "Ana", "--case", case, "--json")
    assert back.code == 0, back.err
    assert back.json == {"changes": [], "filed": 0}


def test_what_was_edited_is_shown_and_filed_once(case: Path, made: tuple[Path, str], tmp_path: Path) -> None:
    out = tmp_path / "notes.yaml"
    assert verify("notes", "export", "--out", out, "--case", case).code == 0
    known = yaml.safe_load(out.read_text(encoding="utf-8"))
    known["observations"][0]["note"] = "a name on a wall"
    known["observations"].append({"exhibit": made[1][:12], "what": "casualty", "least": 1, "most": 2})
    known["stages"].append({"exhibit": made[1][:12], "stage": "analysed"})
    known["claims"] = []  # leaving out removes nothing
    out.write_text(yaml.safe_dump(known, allow_unicode=True), encoding="utf-8")
    command = ("notes", "import", out, "--operator", "Ana", "--case", case)
    shown = verify(*command)
    assert shown.code == 0 and "a name on a wall" in shown.out and "Nothing was changed" in shown.out, shown.err
    assert len(verify("show", made[1], "--case", case, "--json").json["observations"]) == 1
    filed = verify(*command, "--yes", "--json").json
    assert filed["filed"] == 3
    assert verify(*command, "--yes", "--json").json["filed"] == 0
    after = verify("show", made[1], "--case", case, "--json").json
    assert {o["note"] for o in after["observations"]} == {"a name on a wall", None}
    assert [s["stage"] for s in after["standings"]] == ["triaged", "analysed"] and len(after["claims"]) == 2
    assert verify("audit", "--case", case).code == 0


@pytest.mark.parametrize(
    ("kind", "row", "word"),
    [
        ("observations", {"exhibit": "{id}", "what": "ghost"}, "vocabulary"),
        ("observations", {"exhibit": "{id}", "what": "text", "colour": "red"}, "colour"),
        ("observations", {"exhibit": "{id}", "what": "text", "by": "Ben"}, "only Ben"),
        ("observations", {"id": "0123", "exhibit": "{id}", "what": "text"}, "0123"),
        ("assessments", {"exhibit": "{id}", "question": "time", "level": "probable", "earliest": "noon"}, "no time"),
        ("incidents", {"title": 5}, "cannot be read"),
        ("guesses", {"exhibit": "{id}"}, "no kind of note"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    case: Path, made: tuple[Path, str], tmp_path: Path, kind: str, row: dict[str, object], word: str
) -> None:
    filled = {name: made[1] if value == "{id}" else value for name, value in row.items()}
    file = tmp_path / "notes.yaml"
    file.write_text(yaml.safe_dump({"format": "verify-notes/1", kind: [filled]}), encoding="utf-8")
    ran = verify("notes", "import", file, "--yes", "--operator", "Ana", "--case", case)
    assert ran.code == 2 and ran.err.count("\n") == 1 and word in ran.err, ran.err


def test_a_conclusion_is_not_rewritten(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "notes.yaml"
    assert verify("notes", "export", "--out", out, "--case", case).code == 0
    out.write_text(out.read_text(encoding="utf-8").replace("level: probable", "level: established"), encoding="utf-8")
    ran = verify("notes", "import", out, "--yes", "--operator", "Ana", "--case", case)
    assert ran.code == 2 and "not rewritten" in ran.err


@pytest.mark.parametrize(
    "hostile",
    [
        "format: verify-notes/1\nclaims: &a [1]\nverdicts: *a\n",
        "format: verify-notes/1\nclaims: !!python/object/apply:os.system ['true']\n",
        "format: verify-notes/1\nclaims: !mine {}\n",
        "format: verify-notes/1\nclaims: " + "[" * 200 + "]" * 200 + "\n",
        "format: verify-notes/1\nclaims: []\nclaims: []\n",
        "format: verify-notes/2\n",
        "- 1\n",
        "format: [\n",
        "\x00",
    ],
)
def test_a_hostile_file_is_refused_in_one_sentence(hostile: str) -> None:
    from verifier.errors import UsageError

    with pytest.raises(UsageError) as refused:
        from_yaml(hostile.encode())
    assert "\n" not in str(refused.value)


def test_a_table_is_inert_in_a_spreadsheet_and_comes_back() -> None:
    notes: dict[str, list[dict[str, Any]]] = {
        "observations": [
            {"id": "1", "exhibit": "ab", "what": "text", "by": "A", "at": "", "start_seconds": -1.5,
             "end_seconds": None, "least": 2, "most": None, "alternatives": ["=cmd()", "two"],
             "expert": None, "note": "'=1+1"}
        ],
        "worksheets": [{"id": "2", "features": [{"number": 1, "description": "x\ny", "reference": "@r"}]}],
    }  # fmt: skip
    content = to_csv(notes)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    cells = [cell for row in rows[1:] for cell in row if cell]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@")) or (cell[0] == "-" and cell != "-1.5")]
    back = from_csv(content)
    assert back["observations"][0]["note"] == "'=1+1" and back["observations"][0]["start_seconds"] == -1.5
    assert back["observations"][0]["alternatives"] == ["=cmd()", "two"]
    assert back["worksheets"][0]["features"] == notes["worksheets"][0]["features"]
    assert from_yaml(to_yaml(notes))["observations"][0]["alternatives"] == ["=cmd()", "two"]
