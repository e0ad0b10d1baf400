"""MP4, MOV, 3GP, HEIF, AVIF and CR3 as their boxes tell it: brands, tree, times, tags, codecs, encoder, damage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.media.structure.movie import LEAST_HIDDEN_SECONDS, data_without_index, edits
from verifier.metadata.containers import fragments, movie
from verifier.metadata.containers.isobmff import Bytes, Tree, label, walk
from verifier.metadata.containers.sei import encoder_settings
from verifier.metadata.containers.usertags import user_tags
from verifier.records import Exhibit, Kind, Reading, Record

LONGEST_TREE = 4000  # characters
MOST_TRACKS = 64
_UUIDS = {
    "be7acfcb97a942e89c71999491e3afac": "XMP",
    "d8fec3d61b0e483c92975828877ec481": "C2PA",
    "50535050464f524d4174747269627574": "PSP",
    "55534d5421d24fceba88695cfac9c740": "Sony USMT",
    "85c0b687820f11e08111f4ce462b6a48": "Canon CR3",
    "eaf42b5e1c984b88b9fbb7dc406e4d16": "Canon preview",
}


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of a whole file. Raises Corrupt, after all readings, where the file ends too early."""
    with source.open() as stream:
        data = Bytes(stream, source.size)
        tree = walk(data)
        yield from _shape(tree, data)
        if exhibit.kind is not Kind.PHOTO or exhibit.media_type == "image/x-canon-cr3":
            yield from _movie(tree, data)
            yield from _hidden(stream, source.size)
            lost = data_without_index(stream, source.size)
            if lost is not None:
                yield Reading(key="mp4:index_missing_bytes", value=lost, location="no moov")
    if not tree.boxes:
        raise Corrupt("there is no box at the start of the file")
    if tree.missing_bytes:
        last = tree.boxes[-1] if tree.boxes[-1].end == data.size else tree.boxes[0]
        top = last.path.split("/")[0]
        raise Corrupt(f"the file ends {tree.missing_bytes} bytes before its box {top} does")


def _shape(tree: Tree, data: Bytes) -> Iterator[Reading]:
    top = [box for box in tree.boxes if "/" not in box.path]
    first = next((box for box in top if box.name in (b"ftyp", b"styp")), None)
    if first is not None:
        yield from _brands(data.payload(first, 512), first.path)
    yield Reading(key="mp4:order", value=_order([label(box.name) for box in top]), location="top level")
    yield Reading(key="mp4:tree", value=_outline(tree), location="whole file")
    for box in tree.boxes:
        if box.name == b"uuid":
            name = data.payload(box, 16).hex()
            yield Reading(key="mp4:uuid", value=_UUIDS.get(name, name), location=box.path)
        elif box.name in (b"free", b"skip") and "/" not in box.path:
            text = data.payload(box, 128).split(b"\x00")[0].decode("ascii", "replace").strip()
            if len(text) >= 6 and text.isprintable() and text.isascii():
                yield Reading(key="mp4:free_text", value=text, location=box.path)
    for path, sentence in tree.problems:
        yield Reading(key="mp4:problem", value=sentence, location=path)
    if tree.missing_bytes:
        yield Reading(key="mp4:missing_bytes", value=tree.missing_bytes, location="end of file")
    if tree.trailing is not None and tree.boxes:
        rest = data.at(tree.trailing, 1 << 16)
        where, kind = f"offset {tree.trailing}", "other" if rest.strip(b"\x00") else "zeros"
        yield Reading(key="mp4:trailing_bytes", value=data.size - tree.trailing, location=where)
        yield Reading(key="mp4:trailing_kind", value=kind, location=where)


def _brands(body: bytes, path: str) -> Iterator[Reading]:
    def shown(raw: bytes) -> str:
        return label(raw.rstrip(b"\x00 "))

    if len(body) >= 4:
        yield Reading(key="mp4:major_brand", value=shown(body[:4]), location=path)
    if len(body) >= 8:
        yield Reading(key="mp4:minor_version", value=int.from_bytes(body[4:8], "big"), location=path)
    compatible = [shown(body[at : at + 4]) for at in range(8, min(len(body) - 3, 8 + 4 * 32), 4)]
    if compatible:
        yield Reading(key="mp4:compatible_brands", value=",".join(filter(None, compatible)), location=path)


def _order(names: list[str]) -> str:
    """Names in order, runs of one name told as `moof×12`; a fragmented file's alternation is cut after 40 words."""
    runs: list[tuple[str, int]] = []
    for name in names:
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + 1)
        elif len(runs) < 40:
            runs.append((name, 1))
        else:
            return " ".join(_run(*run) for run in runs) + " …"
    return " ".join(_run(*run) for run in runs)


def _run(name: str, count: int) -> str:
    return name if count == 1 else f"{name}×{count}"


def _outline(tree: Tree) -> str:
    """Paths in order of first appearance with how often they appear: the fingerprint of the writer."""
    counts: dict[str, int] = {}
    for box in tree.boxes:
        if box.path.startswith("moof[") and not box.path.startswith("moof[0]"):
            continue
        counts[box.path] = counts.get(box.path, 0) + 1
    shown = " ".join(_run(path, count) for path, count in counts.items())
    return shown if len(shown) <= LONGEST_TREE else shown[: LONGEST_TREE - 1] + "…"


def _movie(tree: Tree, data: Bytes) -> Iterator[Reading]:
    yield from movie.movie(tree, data)
    tracks = movie.tracks(tree)
    matrix = movie.matrix_of(tree, data)
    for track in tracks[:MOST_TRACKS]:
        track.movie_matrix = matrix
        yield from movie.track(track, data)
    if len(tracks) > MOST_TRACKS:
        yield Reading(key="mp4:problem", value=f"{len(tracks)} tracks; {MOST_TRACKS} were read", location="moov")
    yield from user_tags(tree, data)
    yield from _length(tree, data, tracks)
    settings = encoder_settings(_first_pictures(tree, data, tracks))
    if settings:
        yield Reading(key="sei:encoder", value=settings, location="first 64 KiB of pictures")


def _hidden(stream: BinaryIO, size: int) -> Iterator[Reading]:
    """What edit lists leave unshown: seconds, and which are shown."""
    for edit in edits(stream, size):
        kind = movie.HANDLERS.get(edit.handler)
        if kind not in ("video", "audio") or edit.hidden_seconds < LEAST_HIDDEN_SECONDS:
            continue
        shown = ", ".join(f"{start:.3f}–{end:.3f}" for start, end in edit.shown[:8])
        yield Reading(key=f"mp4:hidden_s.{kind}", value=round(edit.hidden_seconds, 3), location="edts/elst")
        yield Reading(key=f"mp4:inside_s.{kind}", value=round(edit.media_seconds, 3), location="mdhd")
        yield Reading(key=f"mp4:shown_s.{kind}", value=shown, location="edts/elst")


def _length(tree: Tree, data: Bytes, tracks: list[movie.Track]) -> Iterator[Reading]:
    """The best length: the movie header's, else the longest track's, else the fragments'."""
    broken = any(box.name == b"moof" for box in tree.boxes)
    if broken:
        count = sum(box.name == b"moof" for box in tree.boxes)
        yield Reading(key="mp4:fragments", value=count, location="moof")
    header = tree.first("moov/mvhd")
    _, length = movie.seconds(data.payload(header, 64)) if header else (0, None)
    where = "moov/mvhd"
    if length is None:
        length, where = max((t.duration_seconds for t in tracks if t.duration_seconds), default=None), "mdhd"
    if length is None and broken:
        length, where = fragments.duration(tree, data, tracks), "moof"
    if length is None and header and not broken and movie.is_empty(data.payload(header, 64)):
        length, where = 0.0, "moov/mvhd"  # the head of a stream whose media lie in other files
    if length is not None:
        yield Reading(key="mp4:duration_s", value=round(length, 6), location=where)


def _first_pictures(tree: Tree, data: Bytes, tracks: list[movie.Track]) -> bytes:
    """The first 64 KiB from where the pictures begin, after the decoder's configuration."""
    for track in tracks:
        if track.handler != b"vide":
            continue
        description = track.boxes.get("mdia/minf/stbl/stsd")
        config = data.payload(description, 1 << 14) if description else b""
        for name, width in (("stco", 4), ("co64", 8)):
            box = track.boxes.get(f"mdia/minf/stbl/{name}")
            body = data.payload(box, 16) if box else b""
            if len(body) >= 8 + width:
                return config + data.at(int.from_bytes(body[8 : 8 + width], "big"), 1 << 16)
    first = next((box for box in tree.boxes if box.name == b"mdat"), None)
    return data.payload(first) if first else b""


ANALYSER = Analyser(
    name="boxes",
    version=2,
    accepts=frozenset({Kind.VIDEO, Kind.AUDIO, Kind.PHOTO}),
    media_types=frozenset(
        {
            "video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2", "audio/mp4", "image/heic", "image/heif",
            "image/avif", "image/x-canon-cr3",
        }
    ),
    analyse=analyse,
    limits=Limits(seconds=10.0, seconds_per_megabyte=0.01, memory_bytes=512 << 20),
)  # fmt: skip
