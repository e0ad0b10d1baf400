"""Which exhibit a sidecar speaks of: by the exact name, then by the stem, then by the digest. The rule is told.

Of several exhibits of one name, those in the sidecar's own folder come first. Where more than one is left, nothing is
resolved: a sidecar that speaks of the wrong exhibit is worse than one that speaks of none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from verifier.dossier import CaseDossier, Said
from verifier.metadata.filename import shown
from verifier.metadata.sidecars.telling import BESIDE
from verifier.records import Acquisition, Kind

DIGEST = "sha256:"
# Ends that a sidecar adds to the name of what it speaks of. Takeout cuts its long end anywhere.
_ENDS = re.compile(
    r"(?:\.info|\.live_chat|\.suppl[a-z-]{0,20}|\.metadata)?(\(\d{1,3}\))?\.(?:json|xmp|description|csv|txt|aae)$",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"^(.*?)(\.[A-Za-z0-9]{1,5})\((\d{1,3})\)$")  # Takeout: IMG_1.jpg(2).json speaks of IMG_1(2).jpg


@dataclass(slots=True)
class _Names:
    """Exhibits that can be spoken of, by name and by stem, with the folders they came from."""

    by_name: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    by_stem: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))


def resolve_subjects(case: CaseDossier) -> list[tuple[str, Said, str]]:
    """(exhibit spoken of, reading, rule) for every sidecar's reading whose subject is one exhibit of the case."""
    names = _index(case)
    resolved: list[tuple[str, Said, str]] = []
    for dossier in case.exhibits.values():
        known: dict[str, tuple[str, str] | None] = {}
        for said in dossier.readings:
            subject = said.reading.subject
            if subject is None:
                continue
            if subject not in known:
                known[subject] = _resolve(subject, dossier.acquisitions, names, case)
            found = known[subject]
            if found is not None and found[0] != dossier.exhibit.id:
                resolved.append((found[0], said, found[1]))
    return resolved


def _index(case: CaseDossier) -> _Names:
    names = _Names()
    for identifier, dossier in case.exhibits.items():
        if dossier.exhibit.kind is Kind.SIDECAR:
            continue
        for acquisition in dossier.acquisitions:
            name, where = shown(acquisition.name), _folder(acquisition)
            names.by_name[name.casefold()].append((identifier, where))
            names.by_stem[_stem(name).casefold()].append((identifier, where))
    return names


def _folder(acquisition: Acquisition) -> str:
    """The folder, and the archive, that an exhibit lay in."""
    path = shown(acquisition.path).replace("\\", "/")
    return f"{acquisition.inside or ''}:{path.rpartition('/')[0]}"


def _stem(name: str) -> str:
    head, dot, end = name.rpartition(".")
    return head if dot and head and len(end) <= 5 else name


def _resolve(
    subject: str, acquisitions: Iterable[Acquisition], names: _Names, case: CaseDossier
) -> tuple[str, str] | None:
    if subject.startswith(DIGEST):
        identifier = subject.removeprefix(DIGEST)
        return (identifier, "digest") if identifier in case.exhibits else None
    for acquisition in acquisitions:
        for wanted, rule in _wanted(subject, acquisition):
            table = names.by_name if rule.startswith("exact") else names.by_stem
            one = _one(table.get(wanted.casefold(), []), _folder(acquisition))
            if one is not None:
                return one, rule
    return None


def _wanted(subject: str, acquisition: Acquisition) -> Iterator[tuple[str, str]]:
    """Names and stems to look for, surest first."""
    own = _ENDS.sub(lambda end: end.group(1) or "", shown(acquisition.name))
    counted = _COUNTER.match(own)
    if counted is not None:
        own = f"{counted.group(1)}({counted.group(3)}){counted.group(2)}"
        yield own, "exact name, from the sidecar's own"
    if subject != BESIDE:
        yield subject, "exact name"
        yield own, "exact name, from the sidecar's own"
        yield _stem(subject), "stem"
        return
    yield own, "exact name, from the sidecar's own"
    yield own, "stem, from the sidecar's own"
    yield _stem(own), "stem, from the sidecar's own"


def _one(found: list[tuple[str, str]], folder: str) -> str | None:
    near = {identifier for identifier, where in found if where == folder}
    everywhere = {identifier for identifier, _ in found}
    for group in (near, everywhere):
        if len(group) == 1:
            return next(iter(group))
        if group:
            return None
    return None
