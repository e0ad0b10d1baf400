"""`verify list` and `verify find`: what people call things leads to exhibits, however it was typed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands.inside import inside as verify
from tests.commands.test_the_whole_way import picture
from verifier.workflow.looking.texts import query_of, words_of

BATCH = """title = "دسته نخست"
channel = "Telegram"
claimed_place = "Punak, Tehran"
claimed_time = "2026-01-08"
received_at = "2026-01-20T10:00:00Z"
note = "From a neighbour of the ۱۲۳ house"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("find")
    evidence = folder / "evidence"
    (evidence / "night").mkdir(parents=True)
    (evidence / "day").mkdir()
    picture(evidence / "night" / "IMG_2034.jpg", 1)
    picture(evidence / "day" / "IMG_2034.jpg", 5)
    picture(evidence / "میدان‌آزادی.jpg", 9)
    (evidence / "strange.bin").write_bytes(b"\x00\x01strange")
    (folder / "batch.toml").write_text(BATCH, encoding="utf-8")
    case = folder / "case"
    ran = verify("ingest", evidence, "--case", case, "--operator", "A", "--jobs", 1, "--batch", folder / "batch.toml")
    assert ran.code == 1, ran.err
    said = ("claim", "میدان‌آزادی.jpg", "--case", case, "--by", "oak", "--place", "کرمان", "--time", "2022-11-05")
    assert verify(*said).code == 0
    seen = ("observe", "میدان‌آزادی.jpg", "--case", case, "--what", "weapon", "--note", "a short shotgun")
    assert verify(*seen, "--operator", "oak").code == 0
    return case


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def names(case: Path, *more: object) -> list[str]:
    told = verify("list", "--case", case, "--json", *more)
    assert told.code == 0, told.err
    return [exhibit["names"][0] for exhibit in told.json["exhibits"]]


def test_a_list_has_a_line_for_each_exhibit(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = verify("list", "--case", case)
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert len(lines) == 6 and lines[-1] == "4 of 4 exhibits." and max(map(len, lines)) <= 80
    assert sum("IMG_2034.jpg" in line for line in lines) == 2 and "not examined" in ran.out


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (("--kind", "photo"), 3),
        (("--kind", "other"), 1),
        (("--unexamined",), 1),
        (("--batch", "نخست"), 4),
        (("--place", "Punak"), 4),
        (("--place", "Tehran"), 4),
        (("--place", "پونک"), 4),
        (("--place", "Kerman"), 1),
        (("--place", "Shiraz"), 0),
        (("--time", "2026-01-08"), 4),
        (("--time", "۱۸ دی ۱۴۰۴"), 4),
        (("--time", "November 2022"), 1),
        (("--time", "2021"), 0),
        (("--stage", "received"), 4),
        (("--stage", "finalised"), 0),
        (("--since", "2020-01-01"), 4),
        (("--since", "2098-01-01"), 0),
        (("--finding", "inconclusive", "--kind", "other"), 0),
        (("آزادی",), 1),
        (("neighbour",), 4),
        (("neighbour", "--kind", "photo", "--place", "Kerman"), 1),
    ],
)
def test_a_list_is_narrowed(case: Path, filters: tuple[str, ...], found: int) -> None:
    assert len(names(case, *filters)) == found


@pytest.mark.parametrize(
    "filters",
    [
        ("--kind", "zebra"),
        ("--stage", "gone"),
        ("--batch", "nobody's"),
        ("--time", "soonish"),
        ("--place", "Qwxzplatz"),
        ("...",),
    ],
)
def test_a_filter_that_names_nothing_is_refused(case: Path, filters: tuple[str, ...]) -> None:
    ran = verify("list", "--case", case, *filters)
    assert ran.code == 2 and ran.err.count("\n") == 1, (ran.code, ran.err)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("میدان آزادی",), "name"),  # a joiner and a space are one
        (("ميدان",), "name"),  # an Arabic yeh
        (("میدانآزادی",), "name"),  # written as one word
        (("آزا",), "name"),  # a beginning
        (("shotgun",), "observation"),
        (("SHOTGUN", "کرمان"), "claim"),  # each somewhere in what is known of the exhibit
        (("weapon", "neighbour"), "observation"),  # its own word and its hand-over's
    ],
)
def test_words_are_found(case: Path, words: tuple[str, ...], kind: str) -> None:
    hits = verify("find", *words, "--case", case, "--json").json["hits"]
    exhibits = [hit for hit in hits if hit["exhibit"]]
    assert exhibits[0]["names"] == ["میدان‌آزادی.jpg"]
    assert exhibits[0]["texts"][0]["kind"] == kind


def test_a_hand_over_is_found_by_its_own_words(case: Path) -> None:
    hits = verify("find", "123", "neighbour", "--case", case, "--json").json["hits"]
    assert [(hit["exhibit"], hit["batch"] is None) for hit in hits] == [(None, False)]
    assert "۱۲۳" in hits[0]["texts"][0]["text"]


def test_what_is_not_there_is_not_found(case: Path) -> None:
    ran = verify("find", "submarine", "--case", case)
    assert ran.code == 0 and "Nothing was found" in ran.out
    assert verify("find", "...", "--case", case).code == 2


def test_what_is_written_later_is_found_and_what_is_gone_is_not(case: Path) -> None:
    assert verify("find", "submarine", "--case", case, "--json").json["hits"] == []
    key = verify("list", "آزادی", "--case", case, "--json").json["exhibits"][0]["id"]
    said = ("claim", key, "--case", case, "--by", "elm", "--description", "a submarine")
    assert verify(*said).code == 0
    assert len(verify("find", "submarine", "--case", case, "--json").json["hits"]) == 1
    with sqlite3.connect(case / "search" / "words.db") as index:
        before = index.execute("SELECT count(*), max(entry) FROM texts").fetchone()
    assert verify("check", "--case", case, "--quiet").code in (0, 1)
    assert verify("find", "submarine", "--case", case).code == 0
    with sqlite3.connect(case / "search" / "words.db") as index, sqlite3.connect(case / "case.db") as known:
        alive = {number for (number,) in known.execute("SELECT number FROM entries WHERE superseded IS NULL")}
        held = {number for (number,) in index.execute("SELECT DISTINCT entry FROM texts")}
        assert held <= alive and before[1] <= max(held)


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 4000, "trigger", "link", "other"]
)
def test_an_index_that_is_none_of_ours_is_made_anew(case: Path, tmp_path: Path, content: bytes | str) -> None:
    index = case / "search" / "words.db"
    index.parent.mkdir(mode=0o700, exist_ok=True)
    if isinstance(content, bytes):
        index.write_bytes(content)
    elif content == "link":
        (tmp_path / "outside.db").write_bytes(b"mine")
        index.symlink_to(tmp_path / "outside.db")
    else:
        assert verify("find", "shotgun", "--case", case).code == 0
        with sqlite3.connect(index) as changed:
            if content == "trigger":
                changed.execute("CREATE TRIGGER t AFTER INSERT ON texts BEGIN DELETE FROM texts; END")
            else:
                changed.execute("UPDATE mark SET digest = 'another log'")
                changed.execute("DELETE FROM texts")
    ran = verify("find", "shotgun", "--case", case)
    assert ran.code == 0 and "short shotgun" in ran.out, ran.err
    if content == "link":
        assert (tmp_path / "outside.db").read_bytes() == b"mine"
    else:
        assert index.stat().st_mode & 0o777 == 0o600
    assert verify("audit", "--case", case).code == 0


def test_an_index_that_breaks_while_it_is_read_is_made_anew(case: Path) -> None:
    assert verify("find", "shotgun", "--case", case).code == 0
    index = case / "search" / "words.db"
    content = index.read_bytes()
    page = int.from_bytes(content[16:18], "big")
    index.write_bytes(content[:page] + b"\xa5" * (len(content) - page))  # the schema stays, all else is gone
    ran = verify("find", "shotgun", "--case", case)
    assert ran.code == 0 and "short shotgun" in ran.out, ran.err
    assert verify("find", "shotgun", "--case", case).out == ran.out


def test_an_index_that_another_search_holds_is_left_to_it(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifier.store.search.index.BUSY_MILLISECONDS", 20)
    assert verify("find", "shotgun", "--case", case).code == 0
    index = case / "search" / "words.db"
    before = index.read_bytes()
    holding = sqlite3.connect(index, isolation_level=None)
    try:
        holding.execute("BEGIN EXCLUSIVE")
        ran = verify("find", "shotgun", "--case", case)
        assert ran.code == 0 and "short shotgun" in ran.out, ran.err
    finally:
        holding.execute("ROLLBACK")
        holding.close()
    assert index.read_bytes() == before


def test_without_full_text_search_it_is_one_sentence(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifier.store.search.index._SCHEMA", ("CREATE VIRTUAL TABLE words USING nothing(a)",))
    ran = verify("find", "shotgun", "--case", case)
    assert ran.code == 4 and ran.err.count("\n") == 1 and "full-text search" in ran.err
    assert verify("list", "--case", case).code == 0


def test_a_case_that_cannot_be_written_is_searched(case: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    case.chmod(0o500)
    try:
        assert "short shotgun" in verify("find", "shotgun", "--case", case).out
        assert not (case / "search" / "words.db").exists()
    finally:
        case.chmod(0o700)


def test_an_assessment_that_waits_for_a_blind_review_is_not_found(case: Path) -> None:
    key = verify("list", "آزادی", "--case", case, "--json").json["exhibits"][0]["id"]
    reason = verify("show", key, "--case", case, "--json").json["readings"][0]["key"]
    said = ("--question", "place", "--level", "probable", "--because", reason, "--note", "the platypus gate")
    assert verify("assess", key, *said, "--case", case, "--operator", "oak").code == 0
    assert verify("find", "platypus", "--case", case, "--json").json["hits"] == []
    assert "platypus" not in verify("list", "platypus", "--case", case, "--json").out
    assert verify("review", key, *said[:6], "--case", case, "--operator", "elm").code == 0
    assert len(verify("find", "platypus", "--case", case, "--json").json["hits"]) == 1


def test_names_are_taken_wherever_ids_are(case: Path) -> None:
    shown = verify("show", "day/IMG_2034.jpg", "--case", case, "--json")
    assert shown.code == 0 and shown.json["acquisitions"][0]["path"].endswith("day/IMG_2034.jpg")
    assert verify("show", "STRANGE.bin", "--case", case, "--json").json["kind"] == "other"
    assert verify("show", "strange", "--case", case, "--json").json["kind"] == "other"
    either = verify("show", "IMG_2034.jpg", "--case", case)
    assert either.code == 2 and either.err.count("IMG_2034.jpg)") == 2 and either.err.count("\n") == 1
    none = verify("show", "IMG_20", "--case", case)
    assert none.code == 2 and "verify find IMG_20" in none.err
    pair = ("verdict", "day/IMG_2034.jpg", "night/IMG_2034.jpg", "different", "--case", case, "--operator", "oak")
    assert verify(*pair).code == 0
    assert verify("show", "../../etc/passwd\x1b[31m", "--case", case).code == 2


def test_a_name_that_is_the_beginning_of_an_id_is_not_guessed(case: Path, tmp_path: Path) -> None:
    first = verify("list", "--case", case, "--json").json["exhibits"][0]["id"]
    other = picture(tmp_path / "other.jpg", 77).rename(tmp_path / first[:6])
    assert verify("ingest", other, "--case", case, "--operator", "A", "--jobs", 1, "--no-dedup").code in (0, 1)
    ran = verify("show", first[:6], "--case", case)
    assert ran.code == 2 and first[:12] in ran.err and f"({first[:6]})" in ran.err
    assert verify("show", first, "--case", case).code == 0


@given(st.text(max_size=60))
def test_any_words_make_a_query_that_the_engine_takes(words: str) -> None:
    query = query_of(words)
    with sqlite3.connect(":memory:") as engine:
        engine.execute(
            "CREATE VIRTUAL TABLE words USING fts5(folded, joined, tokenize='unicode61 remove_diacritics 0')"
        )
        engine.execute("INSERT INTO words VALUES (?, '')", (words_of(f"before {words} after"),))
        if query is not None:
            assert engine.execute("SELECT count(*) FROM words WHERE words MATCH ?", (query,)).fetchone() == (1,)


def test_json_is_one_document(case: Path) -> None:
    assert set(json.loads(verify("list", "--case", case, "--json").out)) == {"exhibits", "of"}
    assert set(json.loads(verify("find", "img", "--case", case, "--json").out)) == {"hits"}
