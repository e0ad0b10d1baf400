"""What the log itself says of seals and time stamps, held against the folder: what was deleted there is missed.

The event of a seal names its size, root and key; the event of a time stamp its digest and that of the certificates it
was checked with (`custody/authorities/`), so that it can be checked again whenever the case is audited.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from verifier.custody import seal as sealing
from verifier.custody.timestamp import BadTimestamp, Stamp, check_answer, read_answer
from verifier.records import CustodyEvent, Problem
from verifier.store import Store

SEAL, ANCHOR = "seal", "anchor"
CHECKPOINTS, NEWEST, KEYS = "custody/checkpoints", "custody/checkpoint", "custody/keys"
AUTHORITIES = "custody/authorities"
BEGUN = ".begun"  # ends the name of a checkpoint whose event may not be in the log yet
LARGEST_BYTES = 1 << 20
_SUBJECT = re.compile(r"event ([1-9][0-9]{0,17})")


def authorities_path(case: Path, digest: str) -> Path:
    """Where the certificates of that digest lie that a time stamp was checked with."""
    return case / AUTHORITIES / f"{digest[:16]}.pem"


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def broken_promises(store: Store, origin: str, kept: Sequence[tuple[str, sealing.Checkpoint]]) -> Iterator[Problem]:
    """Seals of which the log speaks and that are not there, or do not fit. `kept`: those whose signature holds."""
    stated = []
    sealed = {size for _, size in _events(store, SEAL)}
    for place, point in kept:
        if point.size not in sealed:
            yield Problem(where=place, what="no event of the log says that this seal was made")
    for event, size in _events(store, SEAL):
        root, key = str(event.detail.get("root")), event.detail.get("key")
        stated.append((f"custody event {event.seq}", sealing.Checkpoint(origin=origin, size=size, root=root)))
        fitting = {place for place, point in kept if (point.size, point.root) == (size, root)}
        place = f"{CHECKPOINTS}/{size}" if isinstance(key, str) else NEWEST
        if not os.path.lexists(store.folder / place) and os.path.lexists(store.folder / f"{place}{BEGUN}"):
            place += BEGUN
        if not os.path.lexists(store.folder / place) and not (key is None and fitting):
            yield Problem(where=place, what=f"it is missing, but custody event {event.seq} says that it was made")
        elif place in {there for there, _ in kept} and place not in fitting and isinstance(key, str):
            yield Problem(where=place, what=f"it is not the checkpoint of which custody event {event.seq} speaks")
        if isinstance(key, str) and not os.path.lexists(store.folder / KEYS / f"{key}.pem"):
            what = f"it is missing, but the seal of custody event {event.seq} was made with it"
            yield Problem(where=f"{KEYS}/{key}.pem", what=what)
    yield from sealing.against_log(stated, origin, store.custody())


def stamp_name(folder: Path, size: int, digest: str) -> str:
    """The name of an authority's answer on the checkpoint of that size: the first has the size alone."""
    first = f"{size}.tsr"
    content = _content(folder / first)
    return first if content is None or digest_of(content) == digest else f"{size}-{digest[:16]}.tsr"


def broken_stamps(store: Store) -> Iterator[Problem]:
    """Time stamps that are gone, or do not prove what they did when they were taken in."""
    folder = store.folder / CHECKPOINTS
    strays = {path.name for path in folder.glob("*.tsr")} if folder.is_dir() else set()
    first: dict[int, object] = {}
    for event, size in _events(store, ANCHOR):
        answer = event.detail.get("answer")
        is_first = first.setdefault(size, answer) == answer
        name = f"{size}.tsr" if is_first else f"{size}-{str(answer)[:16]}.tsr"
        strays.discard(name)
        problem = _stamp_problem(store.folder, name, event)
        if problem is not None:
            yield Problem(where=f"{CHECKPOINTS}/{name}", what=problem)
    for name in sorted(strays):
        problem = _stamp_problem(store.folder, name, None)
        if problem is not None:
            yield Problem(where=f"{CHECKPOINTS}/{name}", what=problem)


def _stamp_problem(case: Path, name: str, event: CustodyEvent | None) -> str | None:
    answer = _content(case / CHECKPOINTS / name)
    if answer is None:
        return "the time stamp is missing or cannot be read" + (f", see custody event {event.seq}" if event else "")
    content = _content(case / CHECKPOINTS / name.removesuffix(".tsr").partition("-")[0])
    if content is None:
        content = _content(case / NEWEST)
    if content is None:
        return "the checkpoint that it stamps is missing"
    detail = event.detail if event is not None else {}
    if "answer" in detail and detail["answer"] != digest_of(answer):
        return f"it is not the time stamp of which custody event {event.seq if event else 0} speaks"
    try:
        stamp = _checked(case, answer, content, detail.get("roots"))
    except BadTimestamp as error:
        return str(error)
    if event is not None and (stamp.at, stamp.serial) != (detail.get("at"), detail.get("serial")):
        return f"it states another time or number than custody event {event.seq}"
    return None


def _checked(case: Path, answer: bytes, content: bytes, roots: object) -> Stamp:
    """With the certificates that were kept; a case of before they were kept has only the stamp's own words."""
    if not isinstance(roots, str):
        return read_answer(answer, content)
    path = authorities_path(case, roots)
    trusted = _content(path)
    if trusted is None or digest_of(trusted) != roots:
        raise BadTimestamp(f"{AUTHORITIES}/{path.name}, with which it was checked, is not what it was")
    return check_answer(answer, content, [trusted])


def _events(store: Store, action: str) -> Iterator[tuple[CustodyEvent, int]]:
    for event in store.custody():
        found = _SUBJECT.fullmatch(event.subject) if event.action == action else None
        if found is not None:
            yield event, int(found[1])


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_BYTES)
    except OSError:
        return None
