"""Which exhibit a sidecar speaks of: by the exact name, then by the stem, then by the digest. The rule is told.

Of several exhibits of one name, those in the sidecar's own folder come first. Where more than one is left, nothing is
resolved: a sidecar that speaks of the wrong exhibit is worse than one that speaks of none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from verifier.dossier import CaseDossier, Said, Speaker
from verifier.metadata.filename import shown
from verifier.metadata.sidecars.telling import BESIDE
from verifier.records import Acquisition, Kind

DIGEST = "sha256:"
# Ends that a sidecar adds to the name of what it speaks of. Takeout cuts its long end anywhere.
_ENDS = re.compile(
    r"(?:\.info|\.live_chat|\.suppl[a-z-]{0,20}|\.metadata)?(\(\d{1,3}\))?\.(?:json|xmp|description|csv|txt|aae)$"
    r"|M\d\d\.xml$",  # Sony: C0001M01.XML speaks of C0001.MP4
    re.IGNORECASE,
)
_COUNTER = re.compile(r"^(.*?)(\.[A-Za-z0-9]{1,5})\((\d{1,3})\)$")  # Takeout: IMG_1.jpg(2).json speaks of IMG_1(2).jpg


@dataclass(slots=True)
class _Names:
    """Exhibits that are spoken of, by name and by stem, with the folders they came from; only what was asked for."""

    by_name: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    by_stem: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def resolve_subjects(case: CaseDossier) -> list[tuple[str, Said, str]]:
    """(exhibit spoken of, reading, rule) for every sidecar's reading whose subject is one exhibit of the case."""
    dossiers = case.exhibits.values()
    readings = {d.exhibit.id: [said for said in d.readings if said.reading.subject is not None] for d in dossiers}
    speakers = [
        Speaker(
            exhibit=d.exhibit.id,
            subjects=tuple(dict.fromkeys(str(said.reading.subject) for said in readings[d.exhibit.id])),
            acquisitions=d.acquisitions,
        )
        for d in dossiers
        if readings[d.exhibit.id]
    ]
    named = (came for d in dossiers if d.exhibit.kind is not Kind.SIDECAR for came in d.acquisitions)
    resolved: list[tuple[str, Said, str]] = []
    for speaker, found in zip(speakers, resolve(speakers, named, case.exhibits), strict=True):
        for said in readings[speaker.exhibit]:
            about = found.get(str(said.reading.subject))
            if about is not None:
                resolved.append((about[0], said, about[1]))
    return resolved


def resolve(
    speakers: Sequence[Speaker], named: Iterable[Acquisition], case: Container[str]
) -> list[dict[str, tuple[str, str]]]:
    """For every speaker, (exhibit spoken of, rule) by subject, where it is one exhibit of the case and another one.

    `named` are the acquisitions of all that can be spoken of; they are passed once, and only asked names are kept.
    """
    names = _index(speakers, named)
    resolved = []
    for speaker in speakers:
        found = {
            subject: _resolve(subject, speaker.acquisitions, names, case) for subject in dict.fromkeys(speaker.subjects)
        }
        resolved.append(
            {subject: about for subject, about in found.items() if about is not None and about[0] != speaker.exhibit}
        )
    return resolved


def _index(speakers: Iterable[Speaker], named: Iterable[Acquisition]) -> _Names:
    names = _Names()
    for speaker in speakers:
        for acquisition in speaker.acquisitions:
            for subject in speaker.subjects:
                for wanted, rule in _wanted(subject, acquisition):
                    (names.by_name if _is_exact(rule) else names.by_stem).setdefault(wanted.casefold(), [])
    if not names.by_name and not names.by_stem:
        return names
    for acquisition in named:
        name = shown(acquisition.name)
        for table, key in ((names.by_name, name.casefold()), (names.by_stem, _stem(name).casefold())):
            if key in table:
                table[key].append((acquisition.exhibit, _folder(acquisition)))
    return names


def _is_exact(rule: str) -> bool:
    return rule.startswith("exact")


def _folder(acquisition: Acquisition) -> str:
    """The folder, and the archive, that an exhibit lay in."""
    path = shown(acquisition.path).replace("\\", "/")
    return f"{acquisition.inside or ''}:{path.rpartition('/')[0]}"


def _stem(name: str) -> str:
    head, dot, end = name.rpartition(".")
    return head if dot and head and len(end) <= 5 else name


def _resolve(
    subject: str, acquisitions: Iterable[Acquisition], names: _Names, case: Container[str]
) -> tuple[str, str] | None:
    if subject.startswith(DIGEST):
        identifier = subject.removeprefix(DIGEST)
        return (identifier, "digest") if identifier in case else None
    for acquisition in acquisitions:
        for wanted, rule in _wanted(subject, acquisition):
            table = names.by_name if _is_exact(rule) else names.by_stem
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
