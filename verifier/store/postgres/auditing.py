"""The audit of a case in PostgreSQL: its structure, then the same walk over log and records as everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from verifier.chain import Head
from verifier.records import Problem
from verifier.store.audit import log_problems, record_problems
from verifier.store.layout import VERSION_TABLE
from verifier.store.postgres.engine import GUARD, Rows
from verifier.store.schema import METADATA, custody, entries

PLACE = "the database"
Columns = dict[tuple[str, str], str]


def audit_postgres(connection: Rows, head: Head | None) -> Iterator[Problem]:
    """Everything of the schema that is not what it was. Other machines may have written on since our head."""
    import psycopg

    try:
        yield from _structure(connection)
        yield from log_problems(connection, head, shared=True)
        yield from record_problems(connection)
    except psycopg.Error as error:
        if error.sqlstate is None:  # the connection is gone: that says nothing of the case
            raise
        yield Problem(where=PLACE, what=f"it cannot be read any further: {str(error).splitlines()[0]}")


def _structure(connection: Rows) -> Iterator[Problem]:
    there, ours = _there(connection), _ours()
    for table in sorted({table for table, _ in there} - {table for table, _ in ours}):
        yield Problem(where=PLACE, what=f"it has a table or view {table!r} that verify did not make")
    for table in sorted({table for table, _ in ours}):
        columns = {key: kind for key, kind in there.items() if key[0] == table}
        if not columns:
            yield Problem(where=PLACE, what=f"its table {table!r} is missing")
        elif columns != {key: kind for key, kind in ours.items() if key[0] == table}:
            yield Problem(where=PLACE, what=f"the columns of its table {table!r} are not those that verify made")
    guards = {
        (table, trigger): str(state)
        for table, trigger, state in connection.execute(
            "SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal"
        )
    }
    for table in (custody.name, entries.name):
        for trigger in (GUARD, f"{GUARD}_all"):
            if guards.pop((table, trigger), "") != "O":
                yield Problem(where=PLACE, what=f"the trigger that protects {table!r} from changes is not in force")
    for table, trigger in sorted(guards):
        yield Problem(where=PLACE, what=f"its table {table!r} has a trigger {trigger!r} that verify did not make")


def _there(connection: Rows) -> Columns:
    rows = connection.execute(
        "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    return {(table, column): kind for table, column, kind in rows}


@cache
def _ours() -> Columns:
    from sqlalchemy.dialects import postgresql

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    tables = [*METADATA.tables.values(), VERSION_TABLE]
    return {
        (table.name, column.name): _said(column.type.compile(dialect)) for table in tables for column in table.columns
    }


def _said(kind: str) -> str:
    name = kind.partition(" COLLATE")[0].lower()
    return "character varying" if name.startswith("varchar") else name
