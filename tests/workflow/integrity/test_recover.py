"""What is made of the remains of a case: every object, what the old head and seals stated, and nothing thrown away."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.killing import prefixes
from tests.store.made import AT
from tests.workflow.made import IDS, sealed_case
from verifier.custody import seal as sealing
from verifier.errors import EXIT_USAGE, IntegrityBroken, LostDatabase, NoCase, NotACase, RecoveryUnfinished, UsageError
from verifier.evidence import durable
from verifier.evidence.acquire import Acquirer
from verifier.evidence.vault import Vault
from verifier.records import Member, Problem
from verifier.store import Store, database
from verifier.workflow.integrity.recover import HOW, Recovered, recover
from verifier.workflow.integrity.seal import seal
from verifier.workflow.progress import silent


@pytest.fixture(autouse=True, scope="module")
def _hurried() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "SYNCHRONOUS", "OFF")
        patch.setattr(durable, "_sync", lambda path, flags: None)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sealed_case(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def case(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "case"))


def rebuilt(case: Path) -> Recovered:
    return recover(case, Vault(case), title="Found again", tool_version="2", actor="Elm", clock=lambda: AT,
                   progress=silent, wait_seconds=0)  # fmt: skip


def contents(case: Path) -> set[tuple[str, bytes]]:
    return {(path.name, path.read_bytes()) for path in case.rglob("*") if path.is_file()}


def problems(case: Path) -> list[Problem]:
    with Store.open(case, writing=False) as store:
        store.fit()
        found = [problem for problem in Vault(case).audit(list(store.preserved())) if problem is not None]
        return [*found, *store.audit()]


def detail_of(case: Path, action: str, subject: str = "case") -> dict[str, object]:
    with Store.open(case, writing=False) as store:
        return next(
            dict(event.detail) for event in store.custody() if (event.action, event.subject) == (action, subject)
        )


def lose_database(case: Path) -> None:
    (case / "case.db").unlink()


def empty_database(case: Path) -> None:
    (case / "case.db").write_bytes(b"")


def cut_database(case: Path) -> None:
    content = (case / "case.db").read_bytes()
    (case / "case.db").write_bytes(content[: len(content) // 2])


def spoil_database(case: Path) -> None:
    (case / "case.db").write_bytes(b"not a database at all" * 400)


def drop_a_table(case: Path) -> None:
    with sqlite3.connect(case / "case.db") as connection:
        connection.execute("DROP TABLE readings")
    connection.close()


LOSSES = [lose_database, empty_database, cut_database, spoil_database, drop_a_table]


@pytest.mark.parametrize("lose", LOSSES)
def test_every_object_becomes_an_exhibit_again(case: Path, lose: Callable[[Path], None]) -> None:
    head = json.loads((case / "custody" / "head.json").read_bytes())
    lose(case)
    before = contents(case)
    done = rebuilt(case)
    assert (done.exhibits, done.broken, done.is_continued) == (4, (), False)
    assert problems(case) == []
    with Store.open(case, writing=True) as store:
        known = store.dossier()
    assert sorted(known.exhibits) == IDS
    assert known.title == "Found again"
    for dossier in known.exhibits.values():
        (acquisition,) = dossier.acquisitions
        assert acquisition.path.startswith(HOW.encode())
        assert (acquisition.modified_ns, acquisition.device, acquisition.operator) == (None, None, "Elm")
        assert dossier.claims == dossier.readings == ()
    said = detail_of(case, "recover")
    assert (said["old_root"], said["old_digest"], said["old_events"]) == (head["root"], head["digest"], head["size"])
    assert said["kept_in"] == done.folder == "custody/before-recovery-1"
    sealed = detail_of(case, "recover", "seal checkpoints/4")
    assert (sealed["events"], sealed["signed_by"]) == (4, "oak")
    assert before <= contents(case)  # nothing of what was there is deleted or changed


@pytest.mark.parametrize("head", [None, b"", b"{}"])
def test_a_lost_head_costs_no_record(case: Path, head: bytes | None) -> None:
    (case / "custody" / "head.json").unlink()
    if head is not None:
        (case / "custody" / "head.json").write_bytes(head)
    before = contents(case)
    done = rebuilt(case)
    assert (done.exhibits, done.is_continued, done.old_events) == (0, True, None)
    assert problems(case) == []
    with Store.open(case, writing=True) as store:
        known = store.dossier()
    assert known.exhibits[IDS[0]].claims and known.exhibits[IDS[0]].derivatives
    assert (case / "custody" / "checkpoints" / "4").is_file()
    assert before <= contents(case)


def test_yesterdays_database_goes_on_and_what_came_since_is_taken_in(case: Path, whole: Path) -> None:
    content = b"taken in today"
    vault = Vault(case)
    with Store.open(case, writing=True) as store:
        taken = Acquirer(vault).acquire_members([(IDS[0], Member(path=b"new", content=content))], at=AT)
        store.take_in(taken, [], batch=None, actor="Oak", at=AT)
        size = store.custody_size()
        seal(store, sealing.new_key(), "elm", clock=lambda: AT)
    for name in ("case.db", "case.db-wal"):
        (case / name).unlink(missing_ok=True)
    shutil.copy(whole / "case.db", case / "case.db")
    with pytest.raises(IntegrityBroken):
        problems(case)
    done = rebuilt(case)
    assert (done.exhibits, done.is_continued, done.old_events) == (1, True, size + 1)
    assert problems(case) == []
    assert not (case / "custody" / "checkpoints" / str(size)).exists()  # that seal is of a log that is gone
    assert (case / "custody" / "before-recovery-1" / "checkpoints" / str(size)).is_file()
    with Store.open(case, writing=True) as store:
        assert sorted(store.dossier().exhibits) == sorted([*IDS, hashlib.sha256(content).hexdigest()])


def test_what_is_not_what_its_name_says_is_told_and_kept_aside(case: Path) -> None:
    lose_database(case)
    vault = Vault(case)
    damaged, linked = Path(vault.path_of(IDS[0])), Path(vault.path_of(IDS[1]))
    damaged.chmod(0o600)
    damaged.write_bytes(b"other bytes")
    linked.rename(case.parent / "elsewhere")
    linked.symlink_to(case.parent / "elsewhere")
    (case / "objects" / "sha256" / "notes.txt").write_text("planted")
    done = rebuilt(case)
    assert done.exhibits == 2
    assert len(done.broken) == 3
    aside = case / "custody" / "before-recovery-1" / "objects"
    assert (aside / IDS[0][:2] / IDS[0]).read_bytes() == b"other bytes"
    assert (aside / IDS[1][:2] / IDS[1]).is_symlink()
    assert (aside / "notes.txt").read_text() == "planted"
    assert problems(case) == []
    assert str(detail_of(case, "recover", f"object {IDS[0][:2]}/{IDS[0]}")["what"]).startswith("changed")


def test_where_nothing_is_lost_there_is_nothing_to_recover(case: Path, tmp_path: Path) -> None:
    before = contents(case)
    with pytest.raises(UsageError) as refused:
        rebuilt(case)
    assert refused.value.exit_code == EXIT_USAGE
    assert contents(case) == before
    with pytest.raises(NoCase):
        rebuilt(tmp_path / "nothing")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(NotACase):
        rebuilt(tmp_path / "other")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["letter.txt"]


def test_a_changed_record_is_no_reason_to_throw_the_records_away(case: Path) -> None:
    with sqlite3.connect(case / "case.db") as connection:
        connection.execute("UPDATE claims SET description = 'seen from the street'")
    connection.close()
    with pytest.raises(UsageError, match="audit"):
        rebuilt(case)


def test_a_case_can_be_recovered_twice(case: Path) -> None:
    for number in (1, 2):
        lose_database(case)
        before = contents(case)
        assert rebuilt(case).folder == f"custody/before-recovery-{number}"
        assert problems(case) == []
        assert before <= contents(case)
    with pytest.raises(UsageError):
        rebuilt(case)


@pytest.mark.parametrize("head_too", [False, True], ids=["no database", "no head"])
def test_a_recovery_goes_on_after_every_step_at_which_it_may_end(whole: Path, tmp_path: Path, head_too: bool) -> None:
    case = tmp_path / "case"
    before: set[tuple[str, bytes]] = set()
    seen = set()

    def lost() -> None:
        nonlocal before
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(whole, case)
        if head_too:
            (case / "custody" / "head.json").unlink()
        else:
            lose_database(case)
        before = contents(case)

    for _ in prefixes(lambda: rebuilt(case), lost):
        try:
            Store.open(case, writing=False).close()
            problems(case)
            seen.add("open")
        except LostDatabase:
            seen.add("lost")
        except RecoveryUnfinished:
            seen.add("unfinished")
        except IntegrityBroken:
            seen.add("head")
        if "open" not in seen:
            rebuilt(case)
        assert problems(case) == []
        with Store.open(case, writing=True) as store:
            known = store.dossier()
            told = [event.detail["kept_in"] for event in store.custody() if event.action == "recover"]
        assert sorted(known.exhibits) == IDS
        assert set(told) <= {"custody/before-recovery-1", "custody/before-recovery-2"}
        assert before <= contents(case)
        seen.discard("open")
    assert "unfinished" in seen
