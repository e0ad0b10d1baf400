"""The migrations make what the records ask for, and an older case is brought up without a cell being changed."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.store.made import full_case
from verifier.errors import CaseInUse, NewerCase
from verifier.store import Store, opening
from verifier.store.layout import MIGRATIONS, migrate
from verifier.store.schema import LAYOUT, METADATA

SECOND = """
revision = "0002"
down_revision = "0001"

import sqlalchemy as sa
from alembic import op

def upgrade():
    op.add_column("exhibits", sa.Column("colour", sa.Text()))
    op.create_table("seals", sa.Column("number", sa.Integer(), primary_key=True), sqlite_strict=True)
"""


def structure(connection: sqlalchemy.Connection) -> set[tuple[str, str]]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {(name, "".join(sql.split())) for name, sql in rows if name != "alembic_version"}


def test_the_newest_layout_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == LAYOUT


def test_migrations_make_exactly_the_tables_that_the_records_ask_for() -> None:
    """If this fails a record has changed: until the first release change migration 0001, afterwards add a migration."""
    by_migration, by_schema = (sqlalchemy.create_engine("sqlite://") for _ in range(2))
    METADATA.create_all(by_schema)
    with by_migration.connect() as connection, by_schema.connect() as wanted:
        migrate(connection)
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert structure(connection) == structure(wanted)


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations of a later version of verify, which this process becomes."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "0002_later.py").write_text(SECOND)
    monkeypatch.setattr(opening, "LAYOUT", "0002")
    monkeypatch.setattr(opening, "MIGRATIONS", folder)
    return folder


def test_an_older_case_is_brought_up_when_it_is_opened_and_stays_whole(tmp_path: Path, later: Path) -> None:
    case = full_case_of_layout_one(tmp_path)
    before = rows(case)
    with Store.open(case, writing=False) as store:
        broken = list(store.audit())
        assert store.dossier().title == "A case"
    # the table and the column that this version does not know are named; no cell that was written is
    assert [problem.what for problem in broken] == [
        "it has a table 'seals' that verify did not make",
        "the columns of its table 'exhibits' are not those that verify made",
    ]
    assert rows(case) == before
    assert sqlite3.connect(case / "case.db").execute("SELECT version_num FROM alembic_version").fetchall() == [
        ("0002",)
    ]


def test_a_case_is_brought_up_only_by_who_may_write(tmp_path: Path, later: Path) -> None:
    case = full_case_of_layout_one(tmp_path)
    holder = opening.Lock(case, wait_seconds=0)
    with pytest.raises(CaseInUse):
        Store.open(case, writing=False)
    holder.release()
    Store.open(case, writing=True).close()


def test_a_newer_case_is_refused_untouched(tmp_path: Path) -> None:
    case = full_case(tmp_path)
    with sqlite3.connect(case / "case.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = (case / "case.db").read_bytes()
    for writing in (False, True):
        with pytest.raises(NewerCase, match="9999"):
            Store.open(case, writing=writing)
    assert (case / "case.db").read_bytes() == before


def full_case_of_layout_one(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "LAYOUT", "0001")
        return full_case(folder)


def rows(case: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(case / "case.db")
    names = [name for name in METADATA.tables if name != "exhibits"]
    found = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in names]  # noqa: S608
    connection.close()
    return found
