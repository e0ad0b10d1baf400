"""Every directory entry under the given paths, in one sorted order, each either found or skipped with its reason.

The folder may be hostile and may change while it is read. No symbolic link is ever followed, not even by a race: each
directory is opened relative to its parent's descriptor without following links, so an entry that is swapped for a link
between two looks is refused by the system itself. That also makes names work that are longer together than PATH_MAX.
The walk is iterative (no recursion limit), holds few descriptors however deep the tree, and streams: nothing is counted
first. Names are bytes, as the file system gave them.

A link that is *given* is skipped too, for a shell turns `FOLDER/*` into the links of a hostile folder; whoever means
what a link points to gives that.

Where the platform has no descriptors of directories (Windows), paths are used instead; that race is then open.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from verifier.errors import PathNotFound
from verifier.records import Skipped

HELD_DIRECTORIES = 64  # descriptors of ancestors kept open; older ones are closed and opened again on the way back
INT64 = (-(1 << 63), (1 << 63) - 1)

LINK = "a symbolic link; links are not followed, give what it points to"
FIFO = "a pipe (FIFO), not a file"
SOCKET = "a socket, not a file"
DEVICE = "a device, not a file"
FOLDER = "a folder, not a file"
UNKNOWN = "neither a file nor a folder"
VANISHED = "vanished while the folder was being read"
LOOP = "a folder that contains itself"
CASE = "the case itself; a case is not taken into itself"
MOVED = "the folder it is in was moved while it was being read"

_BY_DESCRIPTOR = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)

Identity = tuple[int, int]  # device and inode


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A regular file. `root` is the given folder (or the folder of a given file), below which no link is followed."""

    path: bytes
    root: bytes
    size: int  # bytes
    modified_ns: int  # since 1970 UTC, held within 64 bits


def walk(roots: Sequence[bytes], *, avoid: str | Path | None = None) -> Iterator[Found | Skipped]:
    """Everything under `roots`, in their order and sorted within; `avoid` (the case) and what is in it is skipped.

    A root that lies in another one is met only once. `Skipped.at` is left empty for the caller, who has the clock.
    Raises PathNotFound, before anything else, where a root is not there.
    """
    avoided = _identity(os.fsencode(avoid)) if avoid is not None else None
    absolute = [_absolute(root) for root in roots]
    for root in absolute:
        if not os.path.lexists(root):
            raise PathNotFound(os.fsdecode(root))
    for place, root in enumerate(absolute):
        if not any(_reaches(other, root) for other in absolute[:place]) and not any(
            other != root and _reaches(other, root) for other in absolute[place:]
        ):
            yield from _walk_one(root, avoided)


def within_int64(number: int) -> int:
    """A number of the file system as stores can hold it: some know times beyond the year 2262, or larger inodes."""
    return min(max(number, INT64[0]), INT64[1])


def reason_of(error: OSError) -> str:
    """The reason for an entry that the system would not let us read."""
    if isinstance(error, FileNotFoundError):
        return VANISHED
    if error.errno == errno.ELOOP:  # it became a link, and we follow none
        return LINK
    return f"cannot be read: {error.strerror or type(error).__name__}"


# ---------------------------------------------------------------- the given paths


def _absolute(root: bytes) -> bytes:
    """The path from the top; its last part is never resolved, its folders only where `..` would lie about a link."""
    if b".." in root.split(os.fsencode(os.sep)):
        parent, name = os.path.split(root.rstrip(b"/"))
        root = os.path.realpath(root) if name == b".." else os.path.join(os.path.realpath(parent), name)
    return os.path.abspath(root)


def _reaches(folder: bytes, path: bytes) -> bool:
    """Whether walking `folder` will meet `path`: it is the same, or below it with no link in between."""
    if folder == path:
        return True
    if not path.startswith(os.path.join(folder, b"")) or os.path.islink(folder):
        return False
    step = os.path.dirname(path)
    while step != folder:
        if os.path.islink(step):
            return False
        step = os.path.dirname(step)
    return True


def _identity(path: bytes) -> Identity | None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _walk_one(root: bytes, avoided: Identity | None) -> Iterator[Found | Skipped]:
    if avoided is not None and any(_identity(step) == avoided for step in _upwards(os.path.realpath(root))):
        yield Skipped(path=root, reason=CASE, at="")
        return
    try:
        status = os.lstat(root)
    except OSError as error:
        yield Skipped(path=root, reason=reason_of(error), at="")
        return
    if not stat.S_ISDIR(status.st_mode) or _is_junction(status):
        parent = os.path.dirname(root)
        yield _entry(root, parent, status)
        return
    yield from _walk_folder(root, status, avoided)


def _upwards(path: bytes) -> Iterator[bytes]:
    yield path
    while (parent := os.path.dirname(path)) != path:
        path = parent
        yield path


# ---------------------------------------------------------------- one folder, as deep as it goes


@dataclass(slots=True)
class _Folder:
    """A directory on the way down: what of it is still to be seen, and its descriptor while that is held."""

    path: bytes
    identity: Identity
    descriptor: int | None
    names: list[bytes]  # sorted backwards, taken from the end

    def look(self, name: bytes) -> os.stat_result:
        if self.descriptor is None:
            return os.lstat(os.path.join(self.path, name))
        return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def _walk_folder(root: bytes, status: os.stat_result, avoided: Identity | None) -> Iterator[Found | Skipped]:
    trail: list[_Folder] = []
    try:
        first = _enter(None, root, root, status)
        if isinstance(first, Skipped):
            yield first
            return
        trail.append(first)
        while trail:
            folder = trail[-1]
            if not folder.names:
                yield from _leave(trail)
                continue
            name = folder.names.pop()
            path = os.path.join(folder.path, name)
            try:
                status = folder.look(name)
            except OSError as error:
                yield Skipped(path=path, reason=reason_of(error), at="")
                continue
            if not stat.S_ISDIR(status.st_mode) or _is_junction(status):
                yield _entry(path, root, status)
                continue
            below = _descend(trail, name, path, status, avoided)
            if below is not None:
                yield below
    finally:
        for folder in trail:
            folder.close()


def _descend(
    trail: list[_Folder], name: bytes, path: bytes, status: os.stat_result, avoided: Identity | None
) -> Skipped | None:
    identity = (status.st_dev, status.st_ino)
    if identity == avoided:
        return Skipped(path=path, reason=CASE, at="")
    if any(folder.identity == identity for folder in trail):
        return Skipped(path=path, reason=LOOP, at="")
    entered = _enter(trail[-1], name, path, status)
    if isinstance(entered, Skipped):
        return entered
    trail.append(entered)
    if len(trail) > HELD_DIRECTORIES:
        trail[-HELD_DIRECTORIES - 1].close()
    return None


def _enter(parent: _Folder | None, name: bytes, path: bytes, status: os.stat_result) -> _Folder | Skipped:
    descriptor = None
    try:
        if _BY_DESCRIPTOR:
            descriptor = os.open(name, _DIRECTORY, dir_fd=parent.descriptor if parent is not None else None)
            status = os.fstat(descriptor)
        with os.scandir(descriptor if descriptor is not None else path) as entries:
            names = sorted((os.fsencode(entry.name) for entry in entries), reverse=True)
    except OSError as error:
        if descriptor is not None:
            os.close(descriptor)
        return Skipped(path=path, reason=reason_of(error), at="")
    return _Folder(path=path, identity=(status.st_dev, status.st_ino), descriptor=descriptor, names=names)


def _leave(trail: list[_Folder]) -> Iterator[Skipped]:
    """Go back up. Where a folder cannot be reached again, every name still to be seen in it is accounted for."""
    below = trail.pop()
    try:
        while trail and not _reopen(trail[-1], below):
            lost = trail.pop()
            for name in reversed(lost.names):
                yield Skipped(path=os.path.join(lost.path, name), reason=MOVED, at="")
    finally:
        below.close()


def _reopen(folder: _Folder, below: _Folder) -> bool:
    """Hold the folder again whose descriptor was given back; it must be the very same folder."""
    if not _BY_DESCRIPTOR or folder.descriptor is not None:
        return True
    for path, start in ((b"..", below.descriptor), (folder.path, None)):
        try:
            descriptor = os.open(path, _DIRECTORY, dir_fd=start)
        except OSError:
            continue
        status = os.fstat(descriptor)
        if (status.st_dev, status.st_ino) == folder.identity:
            folder.descriptor = descriptor
            return True
        os.close(descriptor)
    return False


def _is_junction(status: os.stat_result) -> bool:
    """Windows' other kind of link; a mount point is one too."""
    return getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


def _entry(path: bytes, root: bytes, status: os.stat_result) -> Found | Skipped:
    reason = LINK if _is_junction(status) else refusal(status.st_mode)
    if reason is not None:
        return Skipped(path=path, reason=reason, at="")
    return Found(path=path, root=root, size=status.st_size, modified_ns=within_int64(status.st_mtime_ns))


def refusal(mode: int) -> str | None:
    """Why an entry of that mode is no file that can be taken in, or None where it is one."""
    if stat.S_ISREG(mode):
        return None
    return _REFUSALS.get(stat.S_IFMT(mode), UNKNOWN)


_REFUSALS = {
    stat.S_IFDIR: FOLDER,
    stat.S_IFLNK: LINK,
    stat.S_IFIFO: FIFO,
    stat.S_IFSOCK: SOCKET,
    stat.S_IFBLK: DEVICE,
    stat.S_IFCHR: DEVICE,
}
