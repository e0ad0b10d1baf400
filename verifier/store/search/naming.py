"""Which exhibit a person means: by the beginning of its id, or by a name that it came with.

A name counts as it is written or without regard to case and Unicode form, with or without its folders and its ending.
Nothing looser: an exhibit that somebody files a conclusion on is never guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from verifier.records import Acquisition, Exhibit
from verifier.store.schema import RECORD_TABLES

MOST_CANDIDATES = 200  # of an ambiguous name
_EXHIBITS = RECORD_TABLES[Exhibit]
_ACQUISITIONS = RECORD_TABLES[Acquisition]
_HEX = frozenset("0123456789abcdef")
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """An exhibit that a person can mean, and the name by which; no name where it was the id."""

    id: str
    name: bytes | None = None


def meant(connection: Connection, words: str) -> list[Meant]:
    """Every exhibit that the words can mean, in order of id, at most `MOST_CANDIDATES`; one where they are plain.

    Words that are the beginning of one exhibit's id and the name of another mean either: the caller asks.
    """
    wanted = words.strip()
    by_id = list(_by_id(connection, wanted.lower()))
    if by_id and len(wanted) == _LONGEST_ID:
        return by_id
    by_name = list(_by_name(connection, wanted)) if wanted else []
    known = {one.id: one for one in [*by_name, *by_id]}
    return [known[key] for key in sorted(known)][:MOST_CANDIDATES]


def _by_id(connection: Connection, wanted: str) -> Iterator[Meant]:
    if not wanted or set(wanted) - _HEX or len(wanted) > _LONGEST_ID:
        return
    begins = (_EXHIBITS.c.id >= wanted, _EXHIBITS.c.id < wanted + "g")
    found = select(_EXHIBITS.c.id).where(*begins).order_by(_EXHIBITS.c.id).limit(MOST_CANDIDATES)
    for key in connection.execute(found).scalars():
        yield Meant(id=str(key))


def _by_name(connection: Connection, wanted: str) -> Iterator[Meant]:
    """The strictest reading under which something bears the name: whole path, its end, the name, its stem."""
    asked = _plain(wanted)
    found: list[dict[str, bytes]] = [{}, {}, {}, {}]
    for key, name, path in connection.execute(
        select(_ACQUISITIONS.c.exhibit, _ACQUISITIONS.c.name, _ACQUISITIONS.c.path)
    ):
        held = _plain(name.decode("utf-8", "surrogateescape"))
        if asked == held:
            found[2].setdefault(key, name)
        elif asked == held.rpartition(".")[0]:
            found[3].setdefault(key, name)
        elif "/" in asked:
            whole = _plain(path.decode("utf-8", "surrogateescape"))
            if whole == asked:
                found[0].setdefault(key, path)
            elif whole.endswith("/" + asked.lstrip("/")):
                found[1].setdefault(key, path)
    strictest = next((some for some in found if some), {})
    for key, name in sorted(strictest.items()):
        yield Meant(id=key, name=name)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\\", "/").removeprefix("./")).casefold()
