"""A case without its database, or with one that is not its head's, is refused; one that was only begun is not."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.killing import prefixes
from tests.store.made import AT, full_case, taken
from verifier.errors import IntegrityBroken, LostDatabase, NoCase, NotACase
from verifier.evidence.vault import Vault
from verifier.records import Derivative
from verifier.store import Store

PARTS = ("case.db", "custody/head.json", "custody/checkpoints", "custody/keys", "objects", "derived", ".lock", "tmp")


ACTS: tuple[Callable[[Path], object], ...] = (
    lambda case: Store.exists(case),
    lambda case: Store.create(case, title="T", at=AT, tool_version="1"),
    lambda case: Store.open(case, writing=False),
    lambda case: Store.open(case, writing=True),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = full_case(tmp_path_factory.mktemp("whole"))
    vault = Vault(case)
    vault.furnish()
    for number in (1, 2):
        content = str(number).encode()
        vault.settle([vault.write(_digest(content), content)])
    vault.keep_derivative(Derivative(id=_digest(b"grey"), recipe="r/1", media_type="image/webp", content=b"grey"))
    for name in ("checkpoints/3", "checkpoint", "keys/oak.pem"):
        (case / "custody" / name).parent.mkdir(exist_ok=True)
        (case / "custody" / name).write_text("as it was")
    return case


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _empty(path: Path) -> None:
    for file in [path] if path.is_file() else [found for found in path.rglob("*") if found.is_file()]:
        file.chmod(0o600)
        file.write_bytes(b"")


def _bytes(case: Path) -> dict[str, bytes]:
    return {path.relative_to(case).as_posix(): path.read_bytes() for path in sorted(case.rglob("*")) if path.is_file()}


def _subsets() -> list[tuple[str, ...]]:
    others = PARTS[1:]
    return [some for count in range(len(others) + 1) for some in itertools.combinations(others, count)]


@pytest.mark.parametrize("lose", [_remove, _empty], ids=["removed", "emptied"])
def test_without_its_database_no_case_is_opened_or_made(
    whole: Path, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    """Whatever else is missing: as long as anything of the case is there, it is refused and left as it is."""
    for some in _subsets():
        case = tmp_path / "case"
        _remove(case)
        shutil.copytree(whole, case)
        lose(case / "case.db")
        for part in some:
            _remove(case / part)
        if not any(path.name != "custody" for path in case.iterdir()) and not any((case / "custody").iterdir()):
            continue
        before = _bytes(case)
        for act in ACTS:
            with pytest.raises(LostDatabase, match="verify recover"):
                act(case)
        assert _bytes(case) == before, some


@pytest.mark.parametrize("name", PARTS[1:])
def test_one_thing_that_is_left_is_enough(whole: Path, tmp_path: Path, name: str) -> None:
    case = tmp_path / "case"
    case.mkdir()
    if (whole / name).is_dir():
        shutil.copytree(whole / name, case / name)
    else:
        (case / name).parent.mkdir(exist_ok=True)
        shutil.copy(whole / name, case / name)
    with pytest.raises(LostDatabase):
        Store.create(case, title="T", at=AT, tool_version="1")
    assert not (case / "case.db").exists()


def test_a_lost_case_among_other_things_is_a_lost_case_still(whole: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(whole, tmp_path / "case"))
    (case / "case.db").unlink()
    (case / "letter.txt").write_text("mine")
    with pytest.raises(LostDatabase):
        Store.open(case, writing=False)
    with pytest.raises(LostDatabase):
        Store.create(case, title="T", at=AT, tool_version="1")


def test_folders_of_other_programs_are_no_lost_case(tmp_path: Path) -> None:
    for name in ("objects/pack", "tmp", "derived/data", "custody"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "HEAD").write_text("ref: refs/heads/main")
    with pytest.raises(NotACase):
        Store.open(tmp_path, writing=False)
    with pytest.raises(NotACase):
        Store.create(tmp_path, title="T", at=AT, tool_version="1")


def test_the_write_ahead_log_of_a_lost_database_is_not_thrown_away(whole: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(whole, tmp_path / "case"))
    (case / "case.db").write_bytes(b"")
    (case / "case.db-wal").write_bytes(b"frames")
    with pytest.raises(LostDatabase):
        Store.open(case, writing=True)
    assert (case / "case.db-wal").read_bytes() == b"frames"


def test_another_database_under_its_name_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "case.db") as connection:
        connection.execute("CREATE TABLE letters (text)")
    connection.close()
    for act in (
        lambda: Store.open(tmp_path, writing=True),
        lambda: Store.create(tmp_path, title="", at=AT, tool_version=""),
    ):
        with pytest.raises(IntegrityBroken, match="no layout"):
            act()


@pytest.mark.parametrize("versions", [[], ["0001", "0002"]])
def test_a_database_that_does_not_say_its_layout_is_refused(whole: Path, tmp_path: Path, versions: list[str]) -> None:
    case = Path(shutil.copytree(whole, tmp_path / "case"))
    with sqlite3.connect(case / "case.db") as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.executemany("INSERT INTO alembic_version VALUES (?)", [(version,) for version in versions])
    connection.close()
    with pytest.raises(IntegrityBroken):
        Store.open(case, writing=False)


# ---------------------------------------------------------------- the head


def _older(case: Path, folder: Path) -> Path:
    """The database as it was before one more exhibit was taken in twice over."""
    shutil.copytree(case, folder)
    with Store.open(case, writing=True) as store:
        for number in (7, 8, 9):
            store.take_in(taken(number), [], batch=None, actor="Oak", at=AT)
    return folder


def test_a_log_that_does_not_fit_its_head_is_not_told_of(whole: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(whole, tmp_path / "case"))
    older = _older(case, tmp_path / "older")
    other = full_case(tmp_path / "another")

    def fits() -> None:
        with Store.open(case, writing=False) as store:
            store.fit()

    fits()
    head, kept = case / "custody" / "head.json", (case / "custody" / "head.json").read_bytes()
    for content in (
        None,
        b"",
        b"{}",
        (older / "custody" / "head.json").read_bytes()[:-20],
        (older / "custody" / "head.json").read_bytes(),
        (other / "custody" / "head.json").read_bytes(),
    ):
        head.unlink(missing_ok=True)
        if content is not None:
            head.write_bytes(content)
        with pytest.raises(IntegrityBroken):
            fits()
    head.unlink()
    head.write_bytes(kept)
    fits()
    shutil.copy(older / "case.db", case / "case.db")  # yesterday's database
    with pytest.raises(IntegrityBroken):
        fits()


def test_a_seal_of_more_events_than_the_log_has_is_not_passed_over(whole: Path, tmp_path: Path) -> None:
    """Database and head put back together, and the seal forgotten."""
    case = Path(shutil.copytree(whole, tmp_path / "case"))
    (case / "custody" / "checkpoints" / "1000").write_text("as it was")
    for writing in (False, True):
        with pytest.raises(IntegrityBroken, match="1000"), Store.open(case, writing=writing) as store:
            store.fit()


def test_reading_while_another_writes_fits(tmp_path: Path) -> None:
    case = full_case(tmp_path)
    with Store.open(case, writing=True) as writer, Store.open(case, writing=False) as reader:
        for number in range(5):
            writer.note("x", str(number), {}, actor="Oak", at=AT)
            reader.fit()


# ---------------------------------------------------------------- interrupted, not lost


def test_a_case_is_resumable_after_every_step_of_its_making(tmp_path: Path) -> None:
    case = tmp_path / "case"
    seen = set()

    def make() -> None:
        Store.create(case, title="T", at=AT, tool_version="1")
        Vault(case).furnish()
        with Store.open(case, writing=True) as store:
            store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)

    for _ in prefixes(make, lambda: _remove(case)):
        try:
            with Store.open(case, writing=False) as store:
                store.fit()
                assert list(store.audit()) == []
                seen.add("opens")
        except NoCase:
            seen.add("begun")
        make()
        with Store.open(case, writing=True) as store:
            assert list(store.audit()) == []
            assert store.counts()["exhibits"] == 1
            assert store.setting("case.title") == "T"
        assert not (case / ".begun").exists()
    assert seen == {"opens", "begun"}


def test_a_mark_that_outlived_its_making_hides_no_loss(whole: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(whole, tmp_path / "case"))
    (case / ".begun").touch()
    (case / "case.db").unlink()
    with pytest.raises(LostDatabase):
        Store.create(case, title="T", at=AT, tool_version="1")
