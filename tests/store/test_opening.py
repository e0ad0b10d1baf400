"""Making a case, opening it, and who may not."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.store.made import AT, exhibit, finding, full_case, new_case, outcome, taken
from verifier.errors import CaseInUse, CaseUnwritable, DiskFull, IntegrityBroken, NoCase, NotACase
from verifier.evidence import durable
from verifier.records import Reading
from verifier.store import Store, database


def test_where_nothing_is_there_is_no_case(tmp_path: Path) -> None:
    for folder in (tmp_path / "nothing", tmp_path):
        assert not Store.exists(folder)
        for writing in (False, True):
            with pytest.raises(NoCase, match="verify ingest"):
                Store.open(folder, writing=writing)
    assert list(tmp_path.iterdir()) == []


def test_an_unrelated_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(NotACase):
        Store.create(tmp_path, title="", at=AT, tool_version="")
    with pytest.raises(NotACase):
        Store.create(tmp_path / "letter.txt", title="", at=AT, tool_version="")
    with pytest.raises(NotACase):
        Store.open(tmp_path, writing=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_with_settings_only_becomes_a_case(tmp_path: Path) -> None:
    (tmp_path / "verify.toml").write_text("")
    Store.create(tmp_path, title="T", at=AT, tool_version="1")
    assert Store.exists(tmp_path)


def test_making_a_case_again_changes_nothing(tmp_path: Path) -> None:
    case = full_case(tmp_path)
    with Store.open(case, writing=False) as store:
        before = store.dossier()
    Store.create(case, title="Another", at=AT, tool_version="2")
    with Store.open(case, writing=False) as store:
        assert store.dossier() == before


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")
def test_a_case_is_closed_to_other_users(tmp_path: Path) -> None:
    case = full_case(tmp_path)
    with Store.open(case, writing=True):
        for path in [case, *case.rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_case_that_was_begun_and_not_finished_is_begun_again(tmp_path: Path) -> None:
    case = tmp_path / "case"
    (case / "custody").mkdir(parents=True)
    (case / "case.db").touch()
    assert not Store.exists(case)
    with pytest.raises(NoCase):
        Store.open(case, writing=True)
    Store.create(case, title="T", at=AT, tool_version="1")
    with Store.open(case, writing=True) as store:
        assert list(store.audit()) == []


def test_commits_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What power cuts would test; the other tests here do not wait (see conftest)."""
    assert database.SYNCHRONOUS == "OFF"
    monkeypatch.setattr(database, "SYNCHRONOUS", "FULL")
    waited: list[str] = []
    monkeypatch.setattr(durable, "_sync", lambda path, flags: waited.append(path))
    case = new_case(tmp_path)
    assert waited[:2] == [str(case / ".begun"), str(case)]  # the mark before anything else, and its name
    assert [Path(path).parent for path in waited[2:]] == [case / "custody", case]  # the head, then its name
    with Store.open(case, writing=True) as store, store._log.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_one_writes_and_many_read(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    with Store.open(case, writing=True) as writer, Store.open(case, writing=False) as reader:
        with pytest.raises(CaseInUse):
            Store.open(case, writing=True)
        writer.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
        assert reader.counts()["exhibits"] == 1
        assert list(reader.audit()) == []
    Store.open(case, writing=True).close()


def test_the_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    first = Store.open(case, writing=True)
    threading.Timer(0.3, first.close).start()
    with Store.open(case, writing=True, wait_seconds=30) as second:
        assert second.custody_size() == 1


def test_readers_in_several_threads(tmp_path: Path) -> None:
    case = full_case(tmp_path)
    seen: list[int] = []
    with Store.open(case, writing=True) as store:
        threads = [threading.Thread(target=lambda: seen.append(len(store.dossier().exhibits))) for _ in range(8)]
        for thread in threads:
            thread.start()
        store.note("x", "y", {}, actor="Oak", at=AT)
        for thread in threads:
            thread.join()
    assert seen == [3] * 8


def test_a_database_that_is_none_is_refused_as_broken(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    (case / "case.db").write_bytes(b"not a database at all" * 400)
    with pytest.raises(IntegrityBroken):
        Store.open(case, writing=False)


def test_a_full_disk_ends_with_its_sentence_and_a_case_that_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_case(tmp_path)
    connect = database._connect

    def small(uri: str, *, to_write: bool) -> sqlite3.Connection:
        connection = connect(uri, to_write=to_write)
        connection.execute("PRAGMA max_page_count=80")
        return connection

    long = Reading(key="k", value="x" * 50_000, location="l")
    with monkeypatch.context() as patch:
        patch.setattr(database, "_connect", small)
        with Store.open(case, writing=True) as store:
            store.take_in(taken(1, 2), [], batch=None, actor="Oak", at=AT)
            with pytest.raises(DiskFull):
                store.record([outcome(1, *[long] * 20)], actor="Oak", at=AT)
            assert list(store.audit()) == []
    with Store.open(case, writing=True) as store:
        store.record([outcome(1, *[long] * 20)], actor="Oak", at=AT)
        assert (list(store.audit()), store.custody_size()) == ([], 3)


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file size are POSIX's")
def test_a_head_that_cannot_be_written_is_caught_up_later(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    custody = case / "custody"
    with Store.open(case, writing=True) as store:
        custody.rename(case / "objects")
        with pytest.raises(CaseUnwritable):
            store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
        (case / "objects").rename(custody)
        assert list(store.audit()) == []  # one event more than the head knows is what a power cut leaves
        store.take_in(taken(2), [], batch=None, actor="Oak", at=AT)
    with Store.open(case, writing=True) as store:
        assert (list(store.audit()), store.custody_size()) == ([], 3)


def test_an_intention_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    with Store.open(case, writing=True) as store:
        store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
        before = store.counts()
        with pytest.raises(KeyError):
            store.judged({exhibit(1).id: [finding(1)], exhibit(2).id: [object()]}, actor="", at=AT, detail={})  # type: ignore[list-item]
        assert store.counts() == before
        store.note("x", "y", {}, actor="Oak", at=AT)
        assert list(store.audit()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="mount and permissions are POSIX's")
def test_a_copy_that_cannot_be_written_is_read_without_a_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = full_case(tmp_path)
    before = sorted((path.name, path.stat().st_mtime_ns) for path in case.rglob("*"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with Store.open(case, writing=False) as store:
        assert list(store.audit()) == []
        assert store.dossier().title == "A case"
        assert not (case / "case.db-wal").exists()
    assert sorted((path.name, path.stat().st_mtime_ns) for path in case.rglob("*")) == before


# ---------------------------------------------------------------- kill -9


def write_on(case: str) -> None:
    """Take in and record for ever, one exhibit an event."""
    with Store.open(Path(case), writing=True, wait_seconds=10) as store:
        start = store.counts()["exhibits"]
        for number in range(start, start + 100_000):
            store.take_in(taken(number), [], batch=None, actor="Oak", at=AT)
            store.record([outcome(number, Reading(key="k", value="v" * 500, location="l"))], actor="Oak", at=AT)


def test_a_writer_that_is_killed_leaves_a_whole_case_that_goes_on(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    context = multiprocessing.get_context("spawn")
    exhibits = 0
    for wait in (0.0, 0.013, 0.05, 0.09, 0.2):
        writer = context.Process(target=write_on, args=(str(case),))
        writer.start()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with Store.open(case, writing=False) as store:
                if store.counts()["exhibits"] > exhibits:
                    break
        time.sleep(wait)
        writer.kill()
        writer.join()
        with Store.open(case, writing=False) as store:
            assert list(store.audit()) == []
            counts = store.counts()
        assert counts["exhibits"] > exhibits
        assert counts["exhibits"] == counts["acquisitions"]
        assert counts["runs"] in (counts["exhibits"], counts["exhibits"] - 1)
        assert counts["custody"] == 1 + counts["exhibits"] + counts["runs"]
        exhibits = counts["exhibits"]
        with Store.open(case, writing=True) as store:
            todo = list(store.pending(lambda item: [("exif", 1)], parameters_digest="0" * 64, retry_faults=False))
            assert len(todo) == counts["exhibits"] - counts["runs"]
            # finish what the killed one left, as the next ingest does
            number = exhibits - 1
            if todo:
                store.record([outcome(number)], actor="Oak", at=AT)


def test_a_copied_case_is_whole(tmp_path: Path) -> None:
    case = full_case(tmp_path)
    shutil.copytree(case, tmp_path / "copy")
    with Store.open(tmp_path / "copy", writing=True) as store:
        assert list(store.audit()) == []
