"""Media inside media and documents become exhibits of their own, with their place, within caps.

Clips of motion photos, further frames and pages, pictures in office documents, PDF, mail and saved pages. What is found
is recognised by its bytes, never by a name or by what the file says of it; what is not media is left where it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.errors import Corrupt, Unsupported
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.media.sniff import sniff
from verifier.metadata.unpacking import DAMAGE, zip_entries
from verifier.metadata.within import embedded
from verifier.metadata.within.embedded import Found
from verifier.records import Exhibit, Fault, FaultKind, Kind, Member, Reading, Record

NAME = "inside"
MOST_BYTES = 32 << 20  # of all members together: what one answer of a worker may carry
MOST_READ = 256 << 20  # bytes of a file that are searched
MOST_MEMBERS = 200
_MEDIA = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})
_SEQUENCES = frozenset(
    {"image/webp", "image/png", "image/gif", "image/tiff", "image/avif", "image/heic", "image/heif"}
)  # fmt: skip
_WITH_CLIPS = frozenset({"image/jpeg", "image/heic", "image/heif", "image/avif"})
_TEXTS = frozenset({"text/plain", "text/html", "text/csv"})


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """A `Member` and its place for each piece of media found, then what was left. Raises as the contract says."""
    spent, taken, left, refusal = 0, 0, 0, None
    try:
        for found in _found(exhibit, source):
            kind, _ = sniff(found.content[: 1 << 16], len(found.content), found.content[-(1 << 16) :])
            if kind not in _MEDIA and exhibit.kind is not Kind.PHOTO:
                continue
            if taken >= MOST_MEMBERS or spent + len(found.content) > MOST_BYTES:
                left += 1
                continue
            spent, taken = spent + len(found.content), taken + 1
            yield Reading(key="inside:member", value=found.name[:512], location=found.place)
            yield Member(path=found.name[:512].encode("utf-8", "replace"), content=found.content)
    except (Corrupt, Unsupported) as error:
        refusal = error
    if left:
        detail = f"{left} pieces of media inside were not taken: more than {MOST_BYTES >> 20} MiB or {MOST_MEMBERS}"
        yield Fault(kind=FaultKind.UNSUPPORTED, detail=detail, instrument=NAME)
    if refusal is not None and taken:
        raise refusal  # that nothing more could be read is for the readers of the format to say


def _found(exhibit: Exhibit, source: Source) -> Iterator[Found]:
    media_type = exhibit.media_type
    if media_type in _SEQUENCES:
        yield from _frames(source, media_type)
    if media_type.startswith(("application/vnd.", "application/epub")):
        yield from _in_document(source)
        return
    if media_type not in _WITH_CLIPS | _TEXTS and media_type != "application/pdf":
        return
    with source.open() as stream:
        data = stream.read(MOST_READ)
    if media_type in _WITH_CLIPS:
        yield from embedded.clips(data)
    elif media_type == "application/pdf":
        yield from embedded.in_pdf(data)
    elif embedded.is_mail(data):
        yield from embedded.in_mail(data)
    else:
        yield from embedded.in_page(data)


def _frames(source: Source, media_type: str) -> Iterator[Found]:
    from verifier.media.sequence import further_frames  # decoders belong into workers

    for frame in further_frames(source, media_type):
        place = f"frame {frame.number} of {frame.total}"
        yield Found(name=f"{place}.png", place=place, content=frame.png)


def _in_document(source: Source) -> Iterator[Found]:
    """Members of an office document (a ZIP); sizes are checked before anything is unpacked."""
    with source.open() as stream:
        for entry in zip_entries(stream, source.size):
            if entry.kind != "file" or entry.encrypted or not 0 < entry.size <= MOST_BYTES:
                continue
            try:
                content = entry.read(entry.size + 1)
            except DAMAGE:
                continue
            if len(content) == entry.size:
                name = entry.path.decode("utf-8", "backslashreplace")
                yield Found(name=name, place=name[:512], content=content)


ANALYSER = Analyser(
    name=NAME,
    version=1,
    accepts=frozenset({Kind.PHOTO, Kind.DOCUMENT, Kind.SIDECAR}),
    analyse=analyse,
    limits=Limits(seconds=60.0, seconds_per_megabyte=0.5, memory_bytes=1 << 30),
    media_types=_SEQUENCES | _WITH_CLIPS | _TEXTS | frozenset(
        {
            "application/pdf", "application/epub+zip", "application/vnd.oasis.opendocument",
            "application/vnd.openxmlformats-officedocument",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        }
    ),
)  # fmt: skip
