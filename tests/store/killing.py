"""Ends a process after every step of what it writes, which is what a power cut between two steps leaves behind."""

from __future__ import annotations

import os
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator

import pytest

from verifier.store import database

STEPS = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.chmod", "os.truncate", "shutil.copyfile"})
WRITING = ("COMMIT", "PRAGMA journal_mode", "CREATE TABLE custody", "INSERT INTO custody")
MOST_STEPS = 2000


def prefixes(make: Callable[[], object], prepare: Callable[[], object]) -> Iterator[int]:
    """Yield after `make` was ended before its first step, its second …; `prepare` is done before each time.

    A step is a call of the system by which Python writes, or a statement by which SQLite does. Ends when `make` has
    come to its end.
    """
    if not hasattr(os, "fork"):
        pytest.skip("a process is ended in a fork of this one")
    for step in range(1, MOST_STEPS):
        prepare()
        child = os.fork()
        if child == 0:
            _run(make, step)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, 9), f"step {step}: the process ended with {status}"
        yield step
        if status == 0:
            return
    raise AssertionError("it does not come to its end")


def _run(make: Callable[[], object], last: int) -> None:
    count = 0

    def step(name: str = "", arguments: object = ()) -> None:
        nonlocal count
        if name and name not in STEPS:
            return
        if name == "open" and not _writes(arguments):
            return
        count += 1
        if count == last:
            os._exit(9)

    connect = database._connect

    def counted(uri: str, *, to_write: bool) -> sqlite3.Connection:
        connection = connect(uri, to_write=to_write)
        connection.set_trace_callback(lambda statement: step() if statement.lstrip().startswith(WRITING) else None)
        return connection

    code = 1
    try:
        database._connect = counted
        sys.addaudithook(step)
        make()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _writes(arguments: object) -> bool:
    flags = arguments[2] if isinstance(arguments, tuple) and len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
