"""Archives are opened so that what they hold becomes evidence of its own, within caps; what is not taken is named.

A member's path is only a label: nothing is ever written to it. Links and devices are not followed, encrypted members
are told, and an archive of archives is opened one layer at a time, each layer an exhibit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from verifier.errors import Corrupt, Unsupported
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.filename import shown
from verifier.metadata.unpacking import DAMAGE, Entry, opened, tar_entries, zip_entries
from verifier.metadata.within.zip_names import readings_of
from verifier.records import Exhibit, Fault, FaultKind, Kind, Member, Reading, Record

NAME = "archives"
MOST_BYTES = 36 << 20  # of all members together: what one answer of a worker may carry
MOST_MEMBERS = 5_000
HIGHEST_RATIO = 500  # a photo or recording hardly shrinks; a bomb shrinks a thousand times
SMALL = 1 << 20  # bytes: below this a ratio says nothing
LONGEST_PATH = 1024
MOST_TOLD = 200
_NOT_READ = {
    "application/x-7z-compressed": "7-Zip", "application/vnd.rar": "RAR", "application/zstd": "Zstandard",
}  # fmt: skip


@dataclass(slots=True)
class _Tally:
    """What became of the entries."""

    bytes: int = 0
    taken: int = 0
    entries: int = 0
    left: Counter[str] = field(default_factory=Counter)  # reason -> entries
    names: set[str] = field(default_factory=set)


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Members, then readings of what the archive is and of what was not taken. Raises as the contract says."""
    if exhibit.media_type in _NOT_READ:
        kind = _NOT_READ[exhibit.media_type]
        raise Unsupported(f"{kind} archives are not opened; unpack it and take the folder in as well")
    tally, refusal = _Tally(), None
    with source.open() as stream:
        if exhibit.media_type == "application/zip":
            entries = zip_entries(stream, source.size)
        elif exhibit.media_type == "application/x-tar" or _holds_tar(exhibit, source):
            entries = tar_entries(stream, exhibit.media_type)
        else:
            yield from _single(exhibit, source)
            return
        try:
            for entry in entries:
                yield from _entry(entry, tally)
        except (Corrupt, Unsupported) as error:
            refusal = error
    yield from _summary(tally)
    if refusal is not None:
        raise refusal


def _entry(entry: Entry, tally: _Tally) -> Iterator[Record]:
    tally.entries += 1
    name = shown(entry.path)
    if len(tally.names) < MOST_MEMBERS:
        tally.names.add(name)
    if entry.kind == "folder":
        return
    reason = _reason(entry, tally)
    content = b""
    if reason is None:
        try:
            content = entry.read(entry.size + 1)
        except DAMAGE as error:
            reason = f"damaged ({type(error).__name__})"
        else:
            if len(content) > entry.size:
                reason = "larger than it says"
    if reason is not None:
        tally.left[reason] += 1
        if sum(tally.left.values()) <= MOST_TOLD:
            yield Reading(key="archive:not_taken", value=name[:LONGEST_PATH], location=reason)
        return
    tally.bytes += len(content)
    tally.taken += 1
    if tally.taken <= MOST_TOLD:
        for page, text in readings_of(entry.path):
            yield Reading(key="archive:name", value=text[:LONGEST_PATH], location=f"{name[:LONGEST_PATH]} as {page}")
    yield Member(path=entry.path, content=content, modified_wall=entry.wall)


def _reason(entry: Entry, tally: _Tally) -> str | None:
    """Why an entry is not taken, or None."""
    if entry.encrypted:
        return "encrypted"
    if entry.kind != "file":
        return "a link" if entry.kind == "link" else "no plain file"
    if len(entry.path) > LONGEST_PATH or not entry.path:
        return "a path too long or empty"
    if entry.size > SMALL and entry.packed is not None and entry.size > HIGHEST_RATIO * max(1, entry.packed):
        return "unpacks to far more than its size: a bomb"
    if tally.taken >= MOST_MEMBERS:
        return f"more than {MOST_MEMBERS} members"
    if tally.bytes + entry.size > MOST_BYTES:
        return f"members of together more than {MOST_BYTES >> 20} MiB; unpack it and take the folder in as well"
    return None


def _summary(tally: _Tally) -> Iterator[Record]:
    yield Reading(key="archive:entries", value=tally.entries, location="archive")
    yield Reading(key="archive:taken", value=tally.taken, location="archive")
    for reason, count in sorted(tally.left.items()):
        if reason == "encrypted":
            yield Reading(key="archive:encrypted", value=count, location="archive")
    profile = profile_of(tally.names)
    if profile:
        yield Reading(key="archive:profile", value=profile, location="archive")
    if tally.left:
        told = "; ".join(f"{count} of {reason}" for reason, count in sorted(tally.left.items()))
        yield Fault(kind=FaultKind.UNSUPPORTED, detail=f"members not taken: {told}", instrument=NAME)


def profile_of(names: set[str]) -> str | None:
    """What kind of bundle the names make up."""
    last = {name.rsplit("/", 1)[-1] for name in names}
    if "datapackage.json" in names and any(name.startswith("archive/") for name in names):
        return "WACZ (web archive)"
    if "bagit.txt" in last:
        return "BagIt"
    if any(name.endswith((".proof.csv", ".proof.json")) for name in last):
        return "ProofMode"
    if "result.json" in last or ("messages.html" in last and any("/js/script.js" in f"/{name}" for name in names)):
        return "Telegram Desktop export"
    if "_chat.txt" in last or any(name.startswith("WhatsApp Chat with ") for name in last):
        return "WhatsApp chat export"
    if any(name.startswith("Takeout/") for name in names):
        return "Google Takeout"
    return "Snapchat data" if "memories_history.json" in last else None


def _holds_tar(exhibit: Exhibit, source: Source) -> bool:
    """Whether a tar header lies inside the compression."""
    with source.open() as stream:
        try:
            return opened(stream, exhibit.media_type).read(262)[257:262] == b"ustar"
        except DAMAGE as error:
            raise Corrupt(f"the compressed data cannot be read: {type(error).__name__}") from None


def _single(exhibit: Exhibit, source: Source) -> Iterator[Record]:
    """One file, compressed: its name is not kept reliably, so it is called `content`."""
    with source.open() as stream:
        try:
            content = opened(stream, exhibit.media_type).read(MOST_BYTES + 1)
        except DAMAGE as error:
            raise Corrupt(f"the compressed data cannot be read: {type(error).__name__}") from None
    if len(content) > MOST_BYTES:
        raise Unsupported(f"it unpacks to more than {MOST_BYTES >> 20} MiB; unpack it and take the file in as well")
    yield Member(path=b"content", content=content)
    yield Reading(key="archive:entries", value=1, location="archive")
    yield Reading(key="archive:taken", value=1, location="archive")


ANALYSER = Analyser(
    name=NAME,
    version=2,
    accepts=frozenset({Kind.ARCHIVE}),
    analyse=analyse,
    limits=Limits(seconds=60.0, seconds_per_megabyte=0.5, memory_bytes=1 << 30),
)
