"""Taking in: which paths are known, which exhibits are new, and their entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from verifier.records import Acquisition, Batch, Exhibit, Scalar, Skipped
from verifier.store.columns import MOST_BYTES
from verifier.store.schema import RECORD_TABLES, custody, entries
from verifier.store.writing import NUMBERS_A_STATEMENT, Writing, in_chunks

TAKEN_IN, SKIPPED, BATCH = "taken in", "skipped", "batch"
BRING_IN = "import"  # the action of an event that brings records of another case in

_EXHIBITS = RECORD_TABLES[Exhibit]
_ACQUISITIONS = RECORD_TABLES[Acquisition]
_BATCHES = RECORD_TABLES[Batch]
_BROUGHT = (  # paths of other computers: what lies there on this one is another matter
    select(entries.c.number).join(custody, custody.c.seq == entries.c.seq).where(custody.c.action == BRING_IN)
)


def known_paths(
    connection: Connection, paths: Sequence[tuple[bytes, int, int]], *, preserved: bool
) -> dict[bytes, str]:
    """The exhibit of every path that was taken in with that size and time, and was not a member of an archive."""
    asked = {path: (size, str(modified_ns)) for path, size, modified_ns in paths}
    found: dict[bytes, str] = {}
    for some in in_chunks(list(asked), NUMBERS_A_STATEMENT):
        wanted = select(
            _ACQUISITIONS.c.path, _ACQUISITIONS.c.size, _ACQUISITIONS.c.modified_ns, _ACQUISITIONS.c.exhibit
        ).where(_ACQUISITIONS.c.path.in_(some), _ACQUISITIONS.c.inside.is_(None))
        wanted = wanted.where(_ACQUISITIONS.c.entry.not_in(_BROUGHT))
        if preserved:
            wanted = wanted.where(_ACQUISITIONS.c.preserved == 1)
        for path, size, modified_ns, exhibit in connection.execute(wanted):
            if asked[path] == (size, modified_ns):
                found[path] = exhibit
    return found


def take_in(
    writing: Writing,
    taken: Sequence[tuple[Exhibit, Acquisition]],
    skipped: Sequence[Skipped],
    batch: Batch | None,
) -> Mapping[str, Scalar]:
    """Enter what was taken in, one entry an acquisition; the detail for the log. Members met again are not repeated."""
    there = _known_ids(writing.connection, {exhibit.id for exhibit, _ in taken})
    repeated = _known_members(writing.connection, [acquisition for _, acquisition in taken])
    if batch is not None and not _has_batch(writing.connection, batch.id):
        writing.enter(BATCH, [batch], subject=batch.id)
    new = acquisitions = size = 0
    for exhibit, acquisition in taken:
        member = (acquisition.exhibit, acquisition.inside, acquisition.path)
        if acquisition.inside is not None and member in repeated:
            continue
        repeated.add(member)
        records: list[object] = [_bounded(acquisition)]
        if exhibit.id not in there:
            there.add(exhibit.id)
            records.append(exhibit)
            new += 1
            size += exhibit.size
        acquisitions += 1
        writing.enter(TAKEN_IN, records, subject=exhibit.id)
    if skipped:
        writing.enter(SKIPPED, [replace(item, path=item.path[:MOST_BYTES]) for item in skipped], subject=None)
    return {"exhibits": new, "acquisitions": acquisitions, "skipped": len(skipped), "bytes": size}


def _bounded(acquisition: Acquisition) -> Acquisition:
    """Names longer than any file system allows come from archives; the first 64 KiB are kept."""
    if len(acquisition.path) <= MOST_BYTES:
        return acquisition
    return replace(acquisition, path=acquisition.path[:MOST_BYTES], name=acquisition.name[:MOST_BYTES])


def _known_ids(connection: Connection, ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in in_chunks(sorted(ids), NUMBERS_A_STATEMENT):
        found.update(connection.execute(select(_EXHIBITS.c.id).where(_EXHIBITS.c.id.in_(some))).scalars())
    return found


def _known_members(connection: Connection, acquisitions: Iterable[Acquisition]) -> set[tuple[str, str | None, bytes]]:
    ids = sorted({item.exhibit for item in acquisitions if item.inside is not None})
    found: set[tuple[str, str | None, bytes]] = set()
    for some in in_chunks(ids, NUMBERS_A_STATEMENT):
        wanted = select(_ACQUISITIONS.c.exhibit, _ACQUISITIONS.c.inside, _ACQUISITIONS.c.path).where(
            _ACQUISITIONS.c.exhibit.in_(some), _ACQUISITIONS.c.inside.is_not(None)
        )
        found.update((row[0], row[1], row[2]) for row in connection.execute(wanted))
    return found


def _has_batch(connection: Connection, batch: str) -> bool:
    return connection.execute(select(_BATCHES.c.id).where(_BATCHES.c.id == batch)).first() is not None
