"""A full-text index beside the case, kept by SQLite's FTS5: what words stand where.

It is no evidence and no record: it is made from the entries of the log, brought up to date when it is asked, and made
anew wherever it does not fit the log that it was made of. Where the case cannot be written it is made in memory.
Its text is folded by whoever fills it; a search asks for beginnings of words.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from verifier.errors import SearchLacking
from verifier.store.folder import SEARCH
from verifier.store.writing import NUMBERS_A_STATEMENT, in_chunks

VERSION = 1  # of the schema below and of what is written into it
NAME = "words.db"
BUSY_MILLISECONDS = 10_000
_SCHEMA = (
    "CREATE TABLE mark (version INTEGER, basis TEXT, seq INTEGER, digest TEXT, entry INTEGER) STRICT",
    "CREATE TABLE texts (number INTEGER PRIMARY KEY, entry INTEGER, exhibit TEXT, batch TEXT, kind TEXT,"
    " place TEXT, text TEXT) STRICT",
    "CREATE INDEX texts_entry ON texts (entry)",
    "CREATE INDEX texts_exhibit ON texts (exhibit)",
    "CREATE VIRTUAL TABLE words USING fts5(folded, joined, tokenize = 'unicode61 remove_diacritics 0')",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of a record of an exhibit, a hand-over or neither. `where` is a reading's key, a finding's code."""

    entry: int
    exhibit: str | None
    batch: str | None
    kind: str
    where: str
    text: str
    folded: str = ""
    joined: str = ""  # neighbouring words written as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What of the log an index holds: up to which event and entry, and made by which way of folding and telling."""

    basis: str
    seq: int
    digest: str
    entry: int


class SearchIndex:
    """An opened index. A context manager."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use `SearchIndex.open`."""
        self._connection = connection

    @classmethod
    def open(cls, case: Path) -> Self:
        """The index of a case: empty where it is missing or none of ours, in memory where it cannot lie there.

        Raises `SearchLacking` where SQLite was built without full-text search.
        """
        path = case / SEARCH / NAME
        if os.access(case, os.W_OK) and _is_plain(path):
            for _ in range(2):
                try:
                    return cls(_laid_out(_connect(path)))
                except sqlite3.OperationalError:  # another search holds it, or the disk is full
                    break
                except (sqlite3.DatabaseError, _Unlike):
                    discard(case)
        return cls.in_memory()

    @classmethod
    def in_memory(cls) -> Self:
        """An empty index that nobody else sees. Raises `SearchLacking`."""
        try:
            return cls(_laid_out(sqlite3.connect(":memory:", isolation_level=None)))
        except sqlite3.OperationalError as error:
            raise SearchLacking(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def mark(self) -> Mark | None:
        """How far it reaches; None where it is empty."""
        row = self._connection.execute("SELECT basis, seq, digest, entry FROM mark").fetchone()
        return None if row is None else Mark(basis=str(row[0]), seq=int(row[1]), digest=str(row[2]), entry=int(row[3]))

    def renew(self, texts: Iterable[Text], gone: Sequence[int], mark: Mark, *, anew: bool) -> None:
        """Take in texts, drop those of entries that are gone, and note how far it reaches; all or nothing."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        with ExitStack() as undo:
            undo.callback(run, "ROLLBACK")
            if anew:
                run("DELETE FROM texts")
                run("DELETE FROM words")
            for some in in_chunks(gone, NUMBERS_A_STATEMENT):
                among = f"entry IN ({','.join('?' * len(some))})"
                run(f"DELETE FROM words WHERE rowid IN (SELECT number FROM texts WHERE {among})", some)  # noqa: S608
                run(f"DELETE FROM texts WHERE {among}", some)  # noqa: S608
            last = int(run("SELECT coalesce(max(number), 0) FROM texts").fetchone()[0])
            for number, one in enumerate(texts, last + 1):
                cells = (number, one.entry, one.exhibit, one.batch, one.kind, one.where, one.text)
                run("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", cells)
                run("INSERT INTO words (rowid, folded, joined) VALUES (?, ?, ?)", (number, one.folded, one.joined))
            run("DELETE FROM mark")
            run("INSERT INTO mark VALUES (?, ?, ?, ?, ?)", (VERSION, mark.basis, mark.seq, mark.digest, mark.entry))
            run("COMMIT")
            undo.pop_all()

    def bearing(self, query: str) -> Iterator[Text]:
        """Every text that an FTS5 query finds, without its folded form."""
        wanted = (
            "SELECT entry, exhibit, batch, kind, place, text FROM words JOIN texts ON texts.number = words.rowid "
            "WHERE words MATCH ? ORDER BY texts.number"
        )
        for entry, exhibit, batch, kind, place, text in self._connection.execute(wanted, (query,)):
            yield Text(entry=entry, exhibit=exhibit, batch=batch, kind=kind, where=place, text=text)


def answers(case: Path, bring_up: Callable[[SearchIndex], None], queries: Sequence[str]) -> list[list[Text]]:
    """The texts that each query finds, once the index is brought up to date. Raises `SearchLacking`.

    One that breaks while it is read is thrown away; one that another search holds is left to it; memory answers then.
    """
    try:
        with SearchIndex.open(case) as index:
            bring_up(index)
            return [list(index.bearing(query)) for query in queries]
    except sqlite3.OperationalError:  # held, or the disk is full: it may be whole
        pass
    except sqlite3.DatabaseError:
        discard(case)
    with SearchIndex.in_memory() as index:
        bring_up(index)
        return [list(index.bearing(query)) for query in queries]


class _Unlike(Exception):
    """The file has another schema than ours."""


def discard(case: Path) -> None:
    """Throw an index away; the next search makes it anew."""
    for name in (NAME, f"{NAME}-journal"):
        (case / SEARCH / name).unlink(missing_ok=True)


def _is_plain(path: Path) -> bool:
    """Whether a plain file lies there in a plain folder, or nothing yet."""
    for one, is_kind in ((path.parent, stat.S_ISDIR), (path, stat.S_ISREG)):
        try:
            if not is_kind(one.lstat().st_mode):
                return False
        except FileNotFoundError:
            return True
    return True


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000)


def _laid_out(connection: sqlite3.Connection) -> sqlite3.Connection:
    """With our schema, and refused where it has another one: a trigger or view of somebody else's is never run."""
    with ExitStack() as undo:
        undo.callback(connection.close)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "journal_mode=TRUNCATE", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        found = _schema(connection)
        if not found:
            connection.execute("BEGIN IMMEDIATE")
            if not _schema(connection):  # else another search has just laid it out
                for statement in _SCHEMA:
                    connection.execute(statement)
            connection.execute("COMMIT")
        elif found != _made():
            raise _Unlike
        row = connection.execute("SELECT version FROM mark").fetchone()
        if row is not None and row[0] != VERSION:
            raise _Unlike
        undo.pop_all()
    return connection


def _schema(connection: sqlite3.Connection) -> str:
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    return json.dumps(rows) if rows else ""


def _made() -> str:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in _SCHEMA:
            connection.execute(statement)
        return _schema(connection)
