"""Which layout a case's database has, and how an older one becomes the newest.

Migrations may add tables, indexes and columns that may be empty; they never change a cell that was written, because
the custody log speaks of it. Alembic is imported only when there is something to migrate.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from verifier.errors import CaseInUse
from verifier.store.schema import LAYOUT, METADATA

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def layout_of(connection: Connection) -> str | None:
    """The layout's number, or None where no case was ever made."""
    if not inspect(connection).has_table(VERSION_TABLE.name):
        return None
    numbers = connection.execute(select(VERSION_TABLE.c.version_num).limit(2)).scalars().all()
    return str(numbers[0]) if len(numbers) == 1 else None


def tables_of(connection: Connection) -> tuple[str, ...]:
    """Names of the tables that are there, ours or not."""
    return tuple(inspect(connection).get_table_names())


def lay_out(connection: Connection) -> None:
    """Make the tables of the newest layout in an empty database."""
    is_shared = connection.dialect.name == "postgresql"
    if is_shared:
        from verifier.store.postgres import engine as postgres

        postgres.prepare(connection, str(connection.exec_driver_sql("SHOW search_path").scalar_one()))
        if layout_of(connection) is not None:
            raise CaseInUse("another verify has just made it")
    METADATA.create_all(connection)
    if is_shared:
        postgres.protect(connection)
    VERSION_TABLE.create(connection)
    connection.execute(insert(VERSION_TABLE), [{"version_num": LAYOUT}])


def is_known(layout: str, migrations: Path = MIGRATIONS) -> bool:
    """Whether this version of verify has a migration of that number."""
    from alembic.script import ScriptDirectory

    return layout in {script.revision for script in ScriptDirectory(str(migrations)).walk_revisions()}


def migrate(connection: Connection, migrations: Path = MIGRATIONS) -> None:
    """Bring an older layout to the newest, within the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
