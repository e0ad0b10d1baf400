"""Exif (CIPA DC-008, Exif 2.32 and 3.0) of every still: each tag verbatim, dates as Moments, the position by its rules.

The raw block is taken from the container (JPEG, PNG, WebP, HEIF, AVIF, JPEG XL, PSD, RAF, CR3) or is the file itself
(TIFF, DNG, CR2, NEF, ARW, RW2, ORF …), so no decoder's opinion of orientation or colour comes between. MakerNotes are
told by length only; `makernote` decodes them on demand.

Keys: `exif:<Tag>` for IFD0, Exif, GPS and interoperability tags, `exif:thumbnail.<Tag>` for the thumbnail's, and
`exif:<directory>.<Tag>` for other pages and raw directories. `exif:problem` tells what was not turned into a value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.block import EXIF, Block
from verifier.media.structure.blocks import blocks, scan
from verifier.media.structure.segments import frame_size
from verifier.media.structure.tiff import Entry, Number, Tiff
from verifier.metadata.dates import exif_moment, is_blank
from verifier.metadata.exif_tags import tag_name
from verifier.metadata.exif_values import scalar
from verifier.metadata.gps import read_gps
from verifier.records import Derivative, Exhibit, Kind, Reading, Record, Scalar, Value, Zone

MOST_THUMBNAIL_BYTES = 1 << 20
MOST_BLOCKS = 8
THUMBNAIL = "embedded-thumbnail/1"

# a date and the tags of its fraction and its offset; the offset of OffsetTime is the next best for the others
_DATES = {
    "DateTimeOriginal": ("SubSecTimeOriginal", ("OffsetTimeOriginal", "OffsetTime")),
    "DateTimeDigitized": ("SubSecTimeDigitized", ("OffsetTimeDigitized", "OffsetTime")),
    "DateTime": ("SubSecTime", ("OffsetTime",)),
    "PreviewDateTime": ("", ()),
}
_PLAIN = {"IFD0": "", "ExifIFD": "", "GPS": "", "Interop": ""}
_ELSEWHERE = frozenset({0x02BC, 0x83BB, 0x8649, 0x8773, 0xCD41})  # XMP, IPTC, Photoshop, ICC, C2PA


@dataclass(slots=True)
class _Said:
    """One directory's values while a block is read: scalars, numbers and places by tag name."""

    values: dict[str, Scalar] = field(default_factory=dict)
    numbers: dict[str, list[Number]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, value: Scalar, place: str) -> tuple[Scalar, str] | None:
        """Keep one value of a tag; the value that stands back, if any, with its place.

        Of two directories the first is kept, of one directory the last, as other readers do; a blank gives way.
        """
        if name not in self.values:
            self.values[name], self.places[name] = value, place
            return None
        kept, its_place = self.values[name], self.places[name]
        same_directory = place.split(" ", 1)[0] == its_place.split(" ", 1)[0]
        if not same_directory and str(kept).strip():
            return value, place
        self.values[name], self.places[name] = value, place
        return kept, its_place


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of every Exif block, a derivative of the thumbnail. Raises Corrupt where a block is none."""
    found = [block for block in blocks(source, exhibit.media_type) if block.kind == EXIF]
    if not found and exhibit.media_type not in _WITHOUT_EXIF:
        found = [block for block in _last_resort(exhibit, source) if block.kind == EXIF]
    broken = None
    for block in found[:MOST_BLOCKS]:
        try:
            with opened(source, block) as stream:
                size = source.size if block.whole else len(block.content)
                yield from _block(Tiff(stream, 0, size), block, stream)
        except Corrupt as error:
            yield Reading(key="exif:problem", value=str(error), location=block.place)
            broken = error
    if broken is not None:
        raise Corrupt(f"an Exif block cannot be read: {broken}")


_WITHOUT_EXIF = frozenset({"image/gif", "image/bmp", "image/png", "image/webp"})


def _last_resort(exhibit: Exhibit, source: Source) -> Iterator[Block]:
    """A broken JPEG, HEIF or raw file whose structure gave no block: the signs themselves are looked for."""
    if exhibit.media_type == "image/jpeg" and b"Exif\x00\x00" not in source.head:
        return iter(())
    return scan(source)


def opened(source: Source, block: Block) -> BinaryIO:
    """A stream whose first byte is the block's TIFF header."""
    return source.open() if block.whole else BytesIO(block.content)


def _block(structure: Tiff, block: Block, stream: BinaryIO) -> Iterator[Record]:
    directories = structure.directories(block.directory)
    thumbnail = "" if block.whole else "IFD1"
    main, gps = _Said(), _Said()
    for entry in directories.entries:
        if entry.tag in _ELSEWHERE:
            continue
        name = tag_name(entry.directory, entry.tag)
        place = f"{entry.directory} 0x{entry.tag:04X}, {block.place}"
        value = scalar(structure, entry)
        if value is None:
            yield Reading(key="exif:problem", value=f"the value of {name} lies outside the block", location=place)
            continue
        if entry.directory in _PLAIN:
            said = gps if entry.directory == "GPS" else main
            beside = said.take(name, value, place)
            if beside is not None:
                yield _beside(name, *beside)
            if said.places[name] == place and entry.directory == "GPS" and not structure.is_textual(entry):
                said.numbers[name] = structure.numbers(entry, 4)
        else:
            prefix = "thumbnail" if entry.directory == thumbnail else entry.directory
            yield Reading(key=f"exif:{prefix}.{name}", value=value, location=place)
    yield from _main(main)
    yield from _gps(gps, block)
    for flaw in directories.flaws:
        yield Reading(key="exif:problem", value=flaw, location=block.place)
    yield from _thumbnail(structure, directories.entries, block)


def _beside(name: str, value: Scalar, place: str) -> Reading:
    """A second value of a tag, under the name of its directory."""
    moment = exif_moment(str(value)) if name in _DATES else None
    return Reading(key=f"exif:{place.split(' ', 1)[0]}.{name}", value=moment or value, location=place)


def _main(said: _Said) -> Iterator[Reading]:
    for name, value in said.values.items():
        place = said.places[name]
        if name in _DATES:
            yield from _date(name, str(value), said)
        else:
            yield Reading(key=f"exif:{name}", value=value, location=place)


def _date(name: str, text: str, said: _Said) -> Iterator[Reading]:
    fraction_tag, offset_tags = _DATES[name]
    place = said.places[name]
    fraction = said.values.get(fraction_tag)
    offset_tag = next((tag for tag in offset_tags if str(said.values.get(tag) or "").strip()), "")
    offset = str(said.values[offset_tag]) if offset_tag else None
    moment = exif_moment(text, subseconds=None if fraction is None else str(fraction), offset=offset)
    if moment is not None and moment.zone is Zone.LOCAL and offset is not None and not is_blank(offset):
        yield Reading(key=f"exif:{offset_tag}.withheld", value="offset_unusable", location=said.places[offset_tag])
    value: Value = text if moment is None else moment
    with_tags = [tag for tag in (fraction_tag, offset_tag) if moment is not None and tag in said.values]
    yield Reading(key=f"exif:{name}", value=value, location=" with ".join([place, *with_tags[:2]]))
    if moment is None:
        why = "is blank" if is_blank(text) else "is no possible date"
        yield Reading(key="exif:problem", value=f"{name} {why}", location=place)


def _gps(said: _Said, block: Block) -> Iterator[Reading]:
    if not said.values:
        return
    for name, value in said.values.items():
        yield Reading(key=f"exif:{name}", value=value, location=said.places[name])
    texts = {name: value for name, value in said.values.items() if isinstance(value, str)}
    gps = read_gps(said.numbers, texts)
    for key, name, reason in (
        ("exif:GPSPosition.withheld", "GPSLatitude", gps.withheld),
        ("exif:GPSDateTime.withheld", "GPSTimeStamp", gps.moment_withheld),
    ):
        if reason is not None:
            yield Reading(key=key, value=reason, location=said.places.get(name, f"GPS, {block.place}"))
    for name, sentence in gps.problems:
        yield Reading(key="exif:problem", value=sentence, location=said.places.get(name, f"GPS, {block.place}"))
    derived: tuple[tuple[str, str, Value], ...] = (
        ("exif:GPSPosition.latitude", "GPSLatitude", gps.latitude),
        ("exif:GPSPosition.longitude", "GPSLongitude", gps.longitude),
        ("exif:GPSPosition.altitude_m", "GPSAltitude", gps.altitude_metres),
        ("exif:GPSImgDirection.degrees", "GPSImgDirection", gps.direction_degrees),
        ("exif:GPSDateTime", "GPSTimeStamp", gps.moment),
        ("exif:GPSTimeOfDay", "GPSTimeStamp", gps.time_of_day),
    )
    for key, name, derivation in derived:
        if derivation is not None:
            yield Reading(key=key, value=derivation, location=said.places[name])


def _thumbnail(structure: Tiff, entries: list[Entry], block: Block) -> Iterator[Record]:
    """The JPEG that a camera puts beside its picture, as a derivative: never evidence, but worth comparing."""
    ifd1 = {entry.tag: entry for entry in entries if entry.directory == "IFD1"}
    if 0x0201 not in ifd1 or 0x0202 not in ifd1:
        return
    offset, length = structure.numbers(ifd1[0x0201]), structure.numbers(ifd1[0x0202])
    if not offset or not length or not isinstance(offset[0], int) or not isinstance(length[0], int):
        return
    content = structure.bytes_at(offset[0], min(length[0], MOST_THUMBNAIL_BYTES))
    place = f"IFD1 0x0201, {block.place}"
    if content[:2] != b"\xff\xd8" or len(content) < length[0]:
        yield Reading(key="exif:problem", value="the thumbnail is cut off or is no JPEG", location=place)
        return
    yield Reading(key="exif:thumbnail.bytes", value=length[0], location=place)
    size = frame_size(BytesIO(content), len(content))
    if size is not None:
        yield Reading(key="exif:thumbnail.width", value=size[0], location=place)
        yield Reading(key="exif:thumbnail.height", value=size[1], location=place)
    yield Derivative(id=hashlib.sha256(content).hexdigest(), recipe=THUMBNAIL, media_type="image/jpeg", content=content)


ANALYSER = Analyser(name="exif", version=3, accepts=frozenset({Kind.PHOTO}), analyse=analyse)
