"""Which exhibit a sidecar speaks of: one of its own tree, by the path that it writes or by its own name; or a digest.

A tree is a folder on disk or an archive. A file of the same name elsewhere is never spoken of: `IMG_0001.JPG` and
`video.mp4` are in every export. Where two files fit equally well, nothing is resolved. The rule is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from verifier.dossier import CaseDossier, Said, Speaker
from verifier.findings import takeout_names as takeout
from verifier.findings.trees import (
    Base,
    Entry,
    Shelf,
    bases_above,
    closest,
    folded,
    folder_of,
    from_above,
    normal,
    within,
    without_extension,
)
from verifier.metadata.sidecars.telling import BESIDE, DIGEST, EXPORT, EXTENSION, STEM, TITLED
from verifier.records import Acquisition, Kind

BY_DIGEST, BY_PATH, BY_NAME = "digest", "exact path", "exact name, from the sidecar's own"
BY_STEM, OF_ORIGINAL, OF_PAIR = "stem, from the sidecar's own", "that of the original", "that of the live photo"
_PATH, _BARE, _CORE = "path", "bare", "core"
# Ends that a sidecar adds to the name of what it speaks of.
_ENDS = re.compile(
    r"(?:\.info|\.live_chat|\.metadata)?\.(?:json|xmp|description|csv|txt|aae|srt)$"
    r"|M\d\d\.xml$",  # Sony: C0001M01.XML speaks of C0001.MP4
    re.IGNORECASE,
)
_MOVING = frozenset(
    [
        "mp4",
        "mkv",
        "webm",
        "mov",
        "m4v",
        "flv",
        "avi",
        "3gp",
        "ts",
        "ogv",
        "mpg",
        "mpeg",
        "m4a",
        "mp3",
        "opus",
        "ogg",
        "oga",
        "aac",
        "flac",
        "wav",
        "wma",
        "wmv",
    ]
)  # a downloader may put what it fetched into another container
# Folders of exports of Facebook and Instagram, which write paths from their root.
_EXPORTED = re.compile(
    r"(?:your_\w{1,60}activity\w{0,40}|this_profile's_activity_across_facebook|content|media|messages|inbox|"
    r"archived_threads|filtered_threads|message_requests|e2ee_cutover|posts|album|stories|photos_and_videos)",
    re.IGNORECASE,
)
_THREADS = frozenset({"inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover"})

About = tuple[str, str]  # exhibit spoken of, rule


@dataclass(frozen=True, slots=True)
class _Ask:
    """One place to look at."""

    rule: str
    base: Base
    kind: str
    path: str


def resolve_subjects(case: CaseDossier) -> list[tuple[str, Said, str]]:
    """(exhibit spoken of, reading, rule) for every sidecar's reading whose subject is in the case."""
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
            resolved += [(about, said, rule) for about, rule in found.get(str(said.reading.subject), ())]
    return resolved


def resolve(
    speakers: Sequence[Speaker], named: Iterable[Acquisition], case: Container[str]
) -> list[dict[str, tuple[About, ...]]]:
    """For every speaker, the exhibits spoken of with the rule, by subject; never the speaker itself.

    `named` are the acquisitions of all that can be spoken of; they are passed once, and only asked names are kept.
    """
    shelf = _filled(speakers, named)
    firsts = _titled(speakers, shelf)
    resolved = []
    for speaker in speakers:
        found: dict[str, tuple[About, ...]] = {}
        for subject in dict.fromkeys(speaker.subjects):
            if subject.startswith(TITLED):
                about = firsts.get((speaker.exhibit, subject), ())
            elif subject.startswith(DIGEST):
                identifier = subject.removeprefix(DIGEST)
                about = ((identifier, BY_DIGEST),) if identifier in case else ()
            else:
                about = _asked(subject, speaker.acquisitions, shelf)
            others = tuple(one for one in dict.fromkeys(about) if one[0] != speaker.exhibit)
            if others:
                found[subject] = others
        resolved.append(found)
    return resolved


def _filled(speakers: Iterable[Speaker], named: Iterable[Acquisition]) -> Shelf:
    shelf = Shelf()
    for speaker in speakers:
        for acquisition in speaker.acquisitions:
            for subject in speaker.subjects:
                for ask in _asks(subject, acquisition):
                    shelf.ask(ask.base, ask.kind, folded(ask.path))
                if subject.startswith(TITLED):
                    base, own = folder_of(acquisition)
                    for key in takeout.keys_of_json(own):
                        shelf.ask(base, _CORE, key)
    if not shelf.wanted:
        return shelf
    for acquisition in named:
        for base, path in bases_above(acquisition, shelf.wanted):
            entry = Entry(acquisition.exhibit, acquisition.batch, path)
            shelf.put(base, _PATH, folded(path), entry)
            shelf.put(base, _BARE, folded(without_extension(path)), entry)
            if "/" not in path:
                for key in takeout.keys_of_file(path):
                    shelf.put(base, _CORE, key, entry)
    return shelf


# ---------------------------------------------------------------- one subject


def _asks(subject: str, acquisition: Acquisition) -> Iterator[_Ask]:
    """Places to look at, surest first."""
    base, name = folder_of(acquisition)
    own = _ENDS.sub("", name)
    if subject == BESIDE:
        yield _Ask(BY_NAME, base, _PATH, own)
        yield _Ask(BY_STEM, base, _BARE, own)
    elif subject.startswith(EXTENSION):
        extension = subject.removeprefix(EXTENSION)
        if extension and without_extension(own) != own and own.casefold().endswith(f".{extension.casefold()}"):
            yield _Ask(BY_NAME, base, _PATH, own)
        if extension:
            yield _Ask(BY_NAME, base, _PATH, f"{own}.{extension}")
        if not extension or extension.casefold() in _MOVING:
            yield _Ask(BY_STEM, base, _BARE, own)
    elif subject.startswith(STEM):
        yield from _beside_json(base, subject.removeprefix(STEM))
    elif subject.startswith(EXPORT):
        yield from _of_export(base, subject.removeprefix(EXPORT))
    elif not subject.startswith((DIGEST, TITLED)):
        path = within(base, subject)
        for candidate in dict.fromkeys([*([path] if path else []), *from_above(base, subject)]):
            yield _Ask(BY_PATH, base, _PATH, candidate)


def _beside_json(base: Base, written: str) -> Iterator[_Ask]:
    """Snapchat's: `memories` lies beside the list, or beside the folder `json` of the list."""
    path = normal(written)
    if path is None:
        return
    places = [base]
    if base.folder.rpartition("/")[2] == "json":
        places.append(Base(base.tree, base.folder.rpartition("/")[0]))
    for place in places:
        for below in ("", "memories/"):
            yield _Ask(BY_PATH, place, _BARE, below + path)


def _of_export(base: Base, written: str) -> Iterator[_Ask]:
    """Facebook's and Instagram's: from the root of the export, some known folders above."""
    path = normal(written)
    if path is None:
        return
    yield _Ask(BY_PATH, base, _PATH, path)
    for candidate in from_above(base, written):
        yield _Ask(BY_PATH, base, _PATH, candidate)
    folder = base.folder
    while _EXPORTED.fullmatch(_last(folder)) or _last(_above(folder)) in _THREADS:
        folder = _above(folder)
        yield _Ask(BY_PATH, Base(base.tree, folder), _PATH, path)


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]


def _above(folder: str) -> str:
    return folder.rpartition("/")[0]


def _asked(subject: str, acquisitions: Iterable[Acquisition], shelf: Shelf) -> tuple[About, ...]:
    """What the sidecar speaks of; two copies of it in two trees speak of each tree's own file."""
    about: list[About] = []
    for acquisition in acquisitions:
        for ask in _asks(subject, acquisition):
            entries = shelf.found(ask.base, ask.kind, folded(ask.path), acquisition.batch)
            if ask.rule == BY_STEM and subject.startswith(EXTENSION):
                entries = [entry for entry in entries if entry.path.rpartition(".")[2].casefold() in _MOVING]
            if entries:
                one = closest(entries, ask.path)
                about += [(one, ask.rule)] if one is not None else []
                break
    return tuple(about)


# ---------------------------------------------------------------- Takeout


def _titled(speakers: Sequence[Speaker], shelf: Shelf) -> dict[tuple[str, str], tuple[About, ...]]:
    """What each JSON of Takeout speaks of: one file by name, then edits and recordings with no JSON of their own."""
    about: dict[tuple[str, str], list[About]] = defaultdict(list)
    later: list[tuple[tuple[str, str], Base, Entry, str]] = []
    own: set[tuple[Base, str]] = set()
    for speaker in speakers:
        for subject in dict.fromkeys(speaker.subjects):
            if not subject.startswith(TITLED):
                continue
            for acquisition in speaker.acquisitions:
                base, _ = folder_of(acquisition)
                first, others = _of_json(acquisition, subject.removeprefix(TITLED), shelf)
                if first is None:
                    continue
                if first[1] == BY_NAME:
                    own.add((base, first[0].path))
                    about[speaker.exhibit, subject].append((first[0].exhibit, first[1]))
                later += [((speaker.exhibit, subject), base, entry, rule) for entry, rule in others]
    claims = Counter((base, entry.path) for _, base, entry, _ in later)
    for key, base, entry, rule in later:
        if (base, entry.path) not in own and claims[base, entry.path] == 1:
            about[key].append((entry.exhibit, rule))
    return {key: tuple(found) for key, found in about.items()}


def _of_json(
    acquisition: Acquisition, title: str, shelf: Shelf
) -> tuple[tuple[Entry, str] | None, list[tuple[Entry, str]]]:
    """(the file by name, edits and recordings of it) for one JSON; None where two fit equally well."""
    base, name = folder_of(acquisition)
    near: dict[str, Entry] = {}
    for key in takeout.keys_of_json(name):
        for entry in shelf.found(base, _CORE, key, acquisition.batch):
            near[entry.path] = entry
    fitting = {path: fit for path in near if (fit := takeout.fits(name, title, path)) is not None}
    plain = {path: fit for path, fit in fitting.items() if not fit.is_edit}
    best = max((fit.strength for fit in plain.values()), default=0)
    first = [path for path, fit in plain.items() if fit.strength == best]
    if len({near[path].exhibit for path in first}) > 1:
        return None, []
    edits = [(near[path], OF_ORIGINAL) for path, fit in fitting.items() if fit.is_edit]
    if not first:  # the original was not handed over
        return (edits[0] if len(edits) == 1 else None), edits[:1] if len(edits) == 1 else []
    still = plain[first[0]].form
    pairs = [
        (near[path], OF_PAIR)
        for path in near
        if path not in fitting and any(takeout.is_pair(still, form) for form in takeout.forms(path))
    ]
    return (near[first[0]], BY_NAME), edits + pairs
