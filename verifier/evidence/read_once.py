"""One pass over one file: digested while it is copied, and refused where it changed meanwhile."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from verifier.evidence.durable import Temporary

CHUNK_BYTES = 1 << 20
HEAD_BYTES = 1 << 16
TAIL_BYTES = 1 << 12
MOST_HOLE_BYTES = 1 << 36  # 64 GiB of nothing are digested in minutes; a hostile sparse file can claim 2^63

_FILE = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_UNTOUCHED = getattr(os, "O_NOATIME", 0)  # leave the evidence's time of last access alone, where we may
_SEEK_DATA = getattr(os, "SEEK_DATA", None)
_SEEK_HOLE = getattr(os, "SEEK_HOLE", None)


class Changed(Exception):
    """The file was another one after it was read than before."""


class Ended(Exception):
    """The copy was given up because the run ends."""


class Emptiness(Exception):
    """The file claims far more bytes than it holds, and more than can be read through in reasonable time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass found."""

    sha256: str
    sha512: str
    size: int  # bytes, all of them read
    head: bytes
    tail: bytes
    status: os.stat_result


def open_below(root: bytes, path: bytes) -> int:
    """A descriptor of the file at `path`, reached from the folder `root` without following a link. Raises OSError.

    Each folder on the way is opened from the one before, so that a folder swapped for a link is refused, and a path
    longer than the system takes in one piece still works.
    """
    if os.open not in os.supports_dir_fd:
        return os.open(path, _FILE)
    folder = os.open(root, _FOLDER)
    try:
        *folders, name = os.path.relpath(path, root).split(b"/")
        for step in folders:
            below = os.open(step, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = below
        try:
            return os.open(name, _FILE | _UNTOUCHED, dir_fd=folder)
        except PermissionError:  # only its owner may leave the time of access untouched
            return os.open(name, _FILE, dir_fd=folder)
    finally:
        os.close(folder)


def bytes_held(status: os.stat_result) -> int:
    """What a copy will take: less than the size where the file has holes."""
    if is_sparse(status):
        return int(status.st_blocks) * 512
    return status.st_size


def is_sparse(status: os.stat_result) -> bool:
    """Whether the file has holes worth keeping: a whole chunk is missing on the disk."""
    blocks = getattr(status, "st_blocks", None)
    return _SEEK_DATA is not None and blocks is not None and blocks * 512 + CHUNK_BYTES <= status.st_size


def read_once(source: int, target: Temporary | None, buffer: memoryview, goes_on: Callable[[], bool]) -> Pass:
    """Read the regular file `source` to its end, digest it, and write it to `target` where there is one.

    Raises Changed, Ended, Emptiness; OSError where the source cannot be read; DiskFull or CaseUnwritable where the
    target cannot be written.
    """
    before = os.fstat(source)
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    head = tail = b""
    for length, is_data in _pieces(source, before):
        for view in _read(source, length, buffer) if is_data else _zeros(length, buffer):
            if not goes_on():
                raise Ended
            sha256.update(view)
            sha512.update(view)
            if target is not None and is_data:
                target.write(view)
            elif target is not None:
                target.skip(len(view))
            if len(head) < HEAD_BYTES:
                head += bytes(view[: HEAD_BYTES - len(head)])
            tail = (tail + bytes(view[-TAIL_BYTES:]))[-TAIL_BYTES:]
    if os.read(source, 1) or _state(os.fstat(source)) != _state(before):
        raise Changed
    return Pass(
        sha256=sha256.hexdigest(),
        sha512=sha512.hexdigest(),
        size=before.st_size,
        head=head,
        tail=tail,
        status=before,
    )


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _pieces(source: int, status: os.stat_result) -> Iterator[tuple[int, bool]]:
    """The file as lengths of data (True) and of holes (False), the source standing at the start of each."""
    size = status.st_size
    if not is_sparse(status) or _SEEK_DATA is None or _SEEK_HOLE is None:
        yield size, True
        return
    if size - bytes_held(status) > MOST_HOLE_BYTES:
        raise Emptiness
    position = 0
    while position < size:
        try:
            data = min(os.lseek(source, position, _SEEK_DATA), size)
        except OSError:  # no data up to the end
            data = size
        if data > position:
            yield data - position, False
        if data < size:
            hole = min(os.lseek(source, data, _SEEK_HOLE), size)
            os.lseek(source, data, os.SEEK_SET)
            yield hole - data, True
            data = hole
        position = data
    os.lseek(source, size, os.SEEK_SET)


def _read(source: int, length: int, buffer: memoryview) -> Iterator[memoryview]:
    with io.FileIO(source, closefd=False) as stream:
        while length > 0:
            count = stream.readinto(buffer[: min(length, len(buffer))])
            if not count:
                raise Changed  # it ended before the size it had
            length -= count
            yield buffer[:count]


def _zeros(length: int, buffer: memoryview) -> Iterator[memoryview]:
    buffer[:] = bytes(len(buffer))
    while length > 0:
        view = buffer[: min(length, len(buffer))]
        length -= len(view)
        yield view
