"""Whatever was changed since it was written, a report and a seal are refused, and the place is named."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.made import AT
from tests.workflow.made import CONTENTS, IDS, sealed_case
from verifier.custody import seal as sealing
from verifier.errors import IntegrityBroken
from verifier.evidence import durable
from verifier.evidence.vault import Vault
from verifier.store import Store, database
from verifier.workflow.integrity.audit import audit
from verifier.workflow.integrity.look import look_first
from verifier.workflow.integrity.seal import seal
from verifier.workflow.progress import silent
from verifier.workflow.report import report


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


def sql(*statements: str) -> Callable[[Path], None]:
    def act(case: Path) -> None:
        connection = sqlite3.connect(case / "case.db", isolation_level=None)
        connection.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return act


def derived(case: Path) -> Path:
    return next(path for path in (case / "derived").rglob("*") if path.is_file())


def change_derivative(case: Path) -> None:
    derived(case).chmod(0o600)
    derived(case).write_bytes(b"other")


def link_derivative(case: Path) -> None:
    path = derived(case)
    path.rename(case.parent / "elsewhere")
    path.symlink_to(case.parent / "elsewhere")


def drop(name: str) -> Callable[[Path], None]:
    def act(case: Path) -> None:
        path = case / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return act


def spoil(name: str, content: bytes = b"junk") -> Callable[[Path], None]:
    def act(case: Path) -> None:
        (case / name).write_bytes(content)

    return act


def retell_schema(name: str, old: str, new: str) -> Callable[[Path], None]:
    return sql(
        "PRAGMA writable_schema=ON",
        f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = '{name}'",  # noqa: S608
        "PRAGMA writable_schema=RESET",
    )


def hidden_trigger(case: Path) -> None:
    """SQLite refuses to make one of this name; who writes its schema table does not ask."""
    sql(
        "PRAGMA writable_schema=ON",
        "INSERT INTO sqlite_master(type, name, tbl_name, rootpage, sql) VALUES ('trigger', 'sqlite_x', 'claims', 0, "
        "'CREATE TRIGGER sqlite_x AFTER INSERT ON claims BEGIN DELETE FROM claims; END')",
        "PRAGMA writable_schema=RESET",
    )(case)


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a cell": (sql("UPDATE claims SET description = 'seen from the street'"), "claims"),
    "a row": (sql("DELETE FROM claims"), "rows"),
    "an event": (sql("UPDATE custody SET actor = 'Birch' WHERE seq = 2"), "custody event 2"),
    "a trigger": (sql("CREATE TRIGGER x AFTER INSERT ON claims BEGIN SELECT 1; END"), "trigger 'x'"),
    "a trigger of SQLite's kind": (hidden_trigger, "trigger 'sqlite_x'"),
    "a view": (sql("CREATE VIEW x AS SELECT 1"), "view 'x'"),
    "a table": (sql("CREATE TABLE x (y)"), "table 'x'"),
    "statistics": (sql("ANALYZE"), "sqlite_stat1"),
    "an index": (sql("CREATE INDEX x ON claims(by)"), "index 'x'"),
    "an index gone": (sql("DROP INDEX exhibits_id"), "exhibits_id"),
    "an index of some rows": (
        sql("DROP INDEX exhibits_id", f"CREATE UNIQUE INDEX exhibits_id ON exhibits(id) WHERE id <> '{IDS[0]}'"),
        "exhibits_id",
    ),
    "a default": (retell_schema("claims", "description TEXT", "description TEXT DEFAULT ''x''"), "claims"),
    "a table that is not strict": (retell_schema("custody", "STRICT", ""), "custody"),
    "a foreign key gone": (retell_schema("entries", "custody (seq)", "custody (digest)"), "entries"),
    "a number of the program": (sql("PRAGMA user_version=7"), "user_version"),
    "an application": (sql("PRAGMA application_id=7"), "application_id"),
    "a derivative": (change_derivative, "changed"),
    "a derivative gone": (lambda case: derived(case).unlink(), "missing"),
    "all derivatives gone": (drop("derived"), "missing"),
    "a derivative linked": (link_derivative, "not a plain file"),
    "a checkpoint gone": (drop("custody/checkpoints/4"), "custody/checkpoints/4"),
    "all checkpoints gone": (drop("custody/checkpoints"), "custody/checkpoints/4"),
    "a key gone": (drop("custody/keys/oak.pem"), "custody/keys/oak.pem"),
    "a key of no kind": (spoil("custody/keys/oak.pem"), "custody/keys/oak.pem"),
    "a checkpoint spoilt": (spoil("custody/checkpoints/4"), "custody/checkpoints/4"),
    "the newest checkpoint spoilt": (spoil("custody/checkpoint"), "custody/checkpoint"),
    "a stamp that is none": (spoil("custody/checkpoints/4.tsr"), "custody/checkpoints/4.tsr"),
    "a checkpoint planted": (spoil("custody/checkpoints/3"), "custody/checkpoints/3"),
}


def test_a_whole_case_is_spoken_of(case: Path, tmp_path: Path) -> None:
    with Store.open(case, writing=True) as store:
        look_first(store, Vault(case))
        report(store, Vault(case), tmp_path / "out", formats=("json",), exhibits=(), lang="en", progress=silent)
        seal(store, sealing.new_key(), "elm", clock=lambda: AT)
        look_first(store, Vault(case))
        assert audit(store, Vault(case), silent).problems == ()


@pytest.mark.parametrize("kind", CHANGES)
def test_whatever_changed_nothing_is_written_and_the_place_is_named(case: Path, tmp_path: Path, kind: str) -> None:
    change, named = CHANGES[kind]
    change(case)
    with Store.open(case, writing=False) as store:
        with pytest.raises(IntegrityBroken) as refused:
            report(store, Vault(case), tmp_path / "out", formats=("json",), exhibits=(), lang="en", progress=silent)
        assert named in refused.value.sentence
        assert "\n" not in refused.value.sentence
        assert any(named in f"{problem.where} {problem.what}" for problem in audit(store, Vault(case), silent).problems)
    assert not (tmp_path / "out").exists()


def test_a_seal_whose_event_was_dropped_is_found(case: Path) -> None:
    """The last event is the seal's: log and head fit each other without it."""
    with Store.open(case, writing=False) as store:
        before = list(store.custody())[:-1]
    older = sealing.checkpoint("", before)
    sql("DELETE FROM custody WHERE seq = (SELECT max(seq) FROM custody)")(case)
    (case / "custody" / "head.json").unlink()
    (case / "custody" / "head.json").write_text(
        f'{{"digest":"{before[-1].digest}","root":"{older.root}","size":{older.size}}}\n'
    )
    with Store.open(case, writing=True) as store, pytest.raises(IntegrityBroken, match="no event of the log"):
        look_first(store, None)


@pytest.mark.parametrize("until", ["event", "end"])
def test_a_seal_that_was_interrupted_is_no_problem_and_the_next_one_ends_it(
    case: Path, monkeypatch: pytest.MonkeyPatch, until: str
) -> None:
    class PowerCut(Exception):
        pass

    def cut(*arguments: object, **named: object) -> None:
        raise PowerCut

    with Store.open(case, writing=True) as store:
        size = store.custody_size()
        with monkeypatch.context() as patch, pytest.raises(PowerCut):
            if until == "event":
                patch.setattr(Store, "note", cut)
            else:
                patch.setattr("verifier.workflow.integrity.seal._end", cut)
            seal(store, sealing.new_key(), "elm", clock=lambda: AT)
        look_first(store, Vault(case))
        (case / "custody" / "keys" / "elm.pem").unlink(missing_ok=until == "event")
        if until == "end":
            with pytest.raises(IntegrityBroken, match=r"elm\.pem"):
                look_first(store, None)
            return
        seal(store, sealing.new_key(), "elm", clock=lambda: AT)
        look_first(store, Vault(case))
        assert (case / "custody" / "checkpoints" / str(size)).is_file()


def test_objects_are_left_to_the_audit(case: Path, tmp_path: Path) -> None:
    """A report says when they were last looked at; it does not read the evidence again."""
    shutil.rmtree(case / "objects")
    with Store.open(case, writing=False) as store:
        look_first(store, Vault(case))
        assert len(audit(store, Vault(case), silent).broken_objects) == len(CONTENTS)


@pytest.mark.parametrize("private", [True, False])
def test_a_key_with_any_byte_changed_is_a_key_or_a_sentence(private: bool) -> None:
    key = sealing.new_key()
    pem = sealing.private_pem(key, None) if private else sealing.public_pem(key.public_key())
    refused = 0
    for position in range(len(pem)):
        for value in (0x30, 0x41, 0xFF):
            changed = pem[:position] + bytes([value]) + pem[position + 1 :]
            try:
                if private:
                    sealing.read_private(changed, None)
                else:
                    sealing.read_public(changed)
            except sealing.BadSeal:
                refused += 1
    assert refused > 10


def test_the_checkpoint_of_the_last_command_has_to_fit(tmp_path: Path) -> None:
    case = sealed_case(tmp_path)
    latest = case / "custody" / "latest"
    text = latest.read_text(encoding="utf-8")
    lines = text.splitlines()
    for changed in ("", text.replace(lines[2], "A" * 43 + "="), f"{lines[0]}\n99\n{lines[2]}\n"):
        latest.unlink()
        latest.write_text(changed, encoding="utf-8")
        with Store.open(case, writing=False) as store, pytest.raises(IntegrityBroken, match="custody/latest"):
            look_first(store, Vault(case))
    latest.unlink()
    with Store.open(case, writing=False) as store:
        look_first(store, Vault(case))  # whoever can write can take it away: nothing rests on it
