"""Where files came from: a tree is a folder on disk or an archive, and a path in it is compared as people write paths.

Folders above the one that is asked about are compared byte for byte; below it, a path may be written with either
slash, composed or decomposed, percent-encoded, or in other letters' case, as exports are after they were copied.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from verifier.metadata.filename import shown
from verifier.records import Acquisition

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:[/\\]|[A-Za-z][A-Za-z0-9+.-]*://")
_HAS_EXTENSION = re.compile(r"\.[^./]{1,5}$")
MOST_PARTS = 64  # of a path


@dataclass(frozen=True, slots=True)
class Base:
    """A folder in a tree, and the hand-over that it came with."""

    tree: str  # the archive's id, or "" for the file system
    folder: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A file below a base."""

    exhibit: str
    batch: str | None
    path: str  # relative to the base, as the file system gave it


@dataclass(slots=True)
class Shelf:
    """Files below folders by relative path, by path without extension, by further keys; only what was asked for."""

    wanted: dict[Base, dict[tuple[str, str], list[Entry]]] = field(default_factory=dict)

    def ask(self, base: Base, kind: str, key: str) -> None:
        """Keep what is found under this key; before `fill`."""
        self.wanted.setdefault(base, {}).setdefault((kind, key), [])

    def found(self, base: Base, kind: str, key: str, batch: str | None) -> list[Entry]:
        """Files of the same hand-over, as far as either has one."""
        entries = self.wanted.get(base, {}).get((kind, key), [])
        return [entry for entry in entries if batch is None or entry.batch is None or entry.batch == batch]

    def put(self, base: Base, kind: str, key: str, entry: Entry) -> None:
        """Keep a file if its key was asked for."""
        kept = self.wanted[base].get((kind, key))
        if kept is not None and entry not in kept:
            kept.append(entry)


def folder_of(acquisition: Acquisition) -> tuple[Base, str]:
    """(the folder that it came from, its name)."""
    folder, _, name = _slashes(shown(acquisition.path)).rpartition("/")
    return Base(acquisition.inside or "", folder), name


def bases_above(acquisition: Acquisition, wanted: Container[Base]) -> Iterator[tuple[Base, str]]:
    """Each wanted folder that it lies below, with its path from there."""
    path, tree = _slashes(shown(acquisition.path)), acquisition.inside or ""
    place = path.rfind("/")
    while place >= 0:
        base = Base(tree, path[:place])
        if base in wanted:
            yield base, path[place + 1 :]
        place = path.rfind("/", 0, place) if place else -1
    if Base(tree, "") in wanted and not path.startswith("/"):
        yield Base(tree, ""), path


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def composed(path: str) -> str:
    """A path with one kind of slash and one form of Unicode."""
    return unicodedata.normalize("NFC", _slashes(path))


def folded(path: str) -> str:
    """A path as it is looked up."""
    return unicodedata.normalize("NFC", unquote(composed(path))).casefold()


def without_extension(path: str) -> str:
    """A path without the extension of its last part."""
    return _HAS_EXTENSION.sub("", path) if not path.rpartition("/")[2].startswith(".") else path


def normal(written: str) -> str | None:
    """A written path without `.` and `..`; None for one that is absolute, an address, empty, or leaves its folder."""
    if _ABSOLUTE.match(written) or "\x00" in written:
        return None
    parts: list[str] = []
    for part in _slashes(written).split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) if 0 < len(parts) <= MOST_PARTS else None


def within(base: Base, written: str) -> str | None:
    """A written path relative to `base`, where it leads below it.

    A path that was written from a folder above (`chats/chat_1/photos/x`, in `chats/chat_1`) leads there, too, and so
    does one that goes up first and comes down again to the same folder.
    """
    parts = [part for part in _slashes(written).split("/") if part not in ("", ".")]
    up = 0
    while parts and parts[0] == "..":
        up, parts = up + 1, parts[1:]
    rest = normal("/".join(parts)) if parts and not _ABSOLUTE.match(written) else None
    if rest is None or up == 0:
        return rest
    own = base.folder.split("/")[-up:] if up <= base.folder.count("/") + 1 else None
    names = rest.split("/")
    return "/".join(names[up:]) if own and names[:up] == own and len(names) > up else None


def from_above(base: Base, written: str) -> Iterator[str]:
    """Paths relative to `base` of one that was written from a folder above it and names `base` on its way."""
    path = normal(written)
    names, own = path.split("/") if path else [], base.folder.split("/")
    for up in range(1, min(len(names), len(own) + 1)):
        if names[:up] == own[-up:]:
            yield "/".join(names[up:])


def closest(entries: Iterable[Entry], written: str) -> str | None:
    """The one exhibit whose path is nearest to the written one; None where two are equally near."""
    levels: dict[int, set[str]] = {}
    asked = composed(written)
    for entry in entries:
        path = composed(entry.path)
        level = 0 if path == asked else 1 if path == unquote(asked) else 2
        levels.setdefault(level, set()).add(entry.exhibit)
    best = levels[min(levels)] if levels else set()
    return next(iter(best)) if len(best) == 1 else None
