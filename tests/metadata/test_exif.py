"""Exif: what is there is told exactly, what is not is never made up, and no block makes the reader run long."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import exifread
import pytest

from tests.media.making import still
from tests.metadata import forging
from tests.metadata.forging import ASCII, BYTE, CAMERA, DOUBLE, LONG, MAIN, PLACE, RATIONAL, SHORT, UNDEFINED
from tests.metadata.reading import box, full, read, values
from verifier.media.sniff import sniff
from verifier.media.source import VaultSource
from verifier.media.structure.block import EXIF
from verifier.media.structure.blocks import blocks
from verifier.metadata.exif import ANALYSER, THUMBNAIL
from verifier.records import Derivative, Moment, Reading, Zone


def said(block: bytes) -> dict[str, object]:
    records, refusal = read(ANALYSER, forging.jpeg_with_exif(block))
    assert refusal == ""
    return values(records)


def problems(block: bytes) -> list[str]:
    records, _ = read(ANALYSER, forging.jpeg_with_exif(block))
    return [str(r.value) for r in records if isinstance(r, Reading) and r.key == "exif:problem"]


@pytest.mark.parametrize("order", ["<", ">"])
def test_tags_are_read_verbatim_in_both_byte_orders(order: str) -> None:
    found = said(forging.exif(MAIN, CAMERA, PLACE, order=order))
    assert found["exif:Make"] == "Maker"
    assert found["exif:Model"] == "Model 5  "
    assert found["exif:Orientation"] == 6
    assert found["exif:BodySerialNumber"] == "SN-77"
    assert found["exif:GPSLatitude"] == "35/1 41/1 3000/100"
    assert found["exif:GPSAltitudeRef"] == 1


def test_a_date_carries_its_fraction_and_offset() -> None:
    moment = said(forging.whole_exif())["exif:DateTimeOriginal"]
    assert isinstance(moment, Moment)
    assert moment.iso() == "2024-05-06T07:08:09.250+03:30"
    assert moment.text == "2024:05:06 07:08:09"


def test_the_offset_of_another_date_is_the_next_best() -> None:
    camera = {0x9003: (ASCII, "2024:05:06 07:08:09"), 0x9010: (ASCII, "-07:00")}
    moment = said(forging.exif({}, camera))["exif:DateTimeOriginal"]
    assert isinstance(moment, Moment)
    assert moment.iso() == "2024-05-06T07:08:09-07:00"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("    :  :     :  :  ", "DateTimeOriginal is blank"),
        ("0000:00:00 00:00:00", "DateTimeOriginal is blank"),
        ("2023:02:30 10:00:00", "DateTimeOriginal is no possible date"),
        ("2024:05:06", "DateTimeOriginal is no possible date"),
        ("2024:05:06 25:00:00", "DateTimeOriginal is no possible date"),
    ],
)
def test_a_date_that_is_none_stays_text_and_is_told(text: str, sentence: str) -> None:
    block = forging.exif({}, {0x9003: (ASCII, text)})
    assert said(block)["exif:DateTimeOriginal"] == text
    assert sentence in problems(block)


def test_a_position_is_derived_with_its_references() -> None:
    found = said(forging.whole_exif())
    assert found["exif:GPSPosition.latitude"] == pytest.approx(-(35 + 41 / 60 + 30 / 3600))
    assert found["exif:GPSPosition.longitude"] == pytest.approx(-(51 + 25 / 60 + 12 / 3600))
    assert found["exif:GPSPosition.altitude_m"] == pytest.approx(-123.4)
    assert found["exif:GPSImgDirection.degrees"] == pytest.approx(90.1)
    moment = found["exif:GPSDateTime"]
    assert isinstance(moment, Moment)
    assert moment.zone is Zone.UTC
    assert moment.wall == "2024-05-06T10:57:29.5"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({1: (ASCII, "")}, "GPSLatitudeRef is missing or says neither N nor S"),
        ({3: (ASCII, "Q")}, "GPSLongitudeRef is missing or says neither E nor W"),
        ({2: (RATIONAL, [(0, 0), (0, 0), (0, 0)])}, "GPSLatitude has a zero denominator"),
        ({2: (RATIONAL, [(95, 1), (0, 1), (0, 1)])}, "which is no place on Earth"),
        ({4: (RATIONAL, [(181, 1), (0, 1), (0, 1)])}, "which is no place on Earth"),
        ({2: (DOUBLE, [float("nan"), 0.0, 0.0])}, "GPSLatitude has a zero denominator"),
        (
            {2: (RATIONAL, [(0, 1), (0, 1), (0, 1)]), 4: (RATIONAL, [(0, 1), (0, 1), (0, 1)])},
            "the position is 0,0",
        ),
    ],
)
def test_a_broken_position_is_told_and_never_a_value(change: forging.Directory, sentence: str) -> None:
    block = forging.exif(MAIN, CAMERA, dict(PLACE) | dict(change))
    found = said(block)
    assert "exif:GPSPosition.latitude" not in found
    assert "exif:GPSPosition.longitude" not in found
    assert any(sentence in problem for problem in problems(block))
    assert "exif:GPSLatitude" in found  # what was written is still told


@pytest.mark.parametrize("metres", [(4294967284, 1), (1, 0)])
def test_an_absurd_altitude_is_told_and_never_a_value(metres: tuple[int, int]) -> None:
    block = forging.exif({}, {}, dict(PLACE) | {5: (BYTE, 0), 6: (RATIONAL, [metres])})
    assert "exif:GPSPosition.altitude_m" not in said(block)
    assert any(problem.startswith("GPSAltitude") for problem in problems(block))


def test_a_time_of_day_without_a_date_stays_one() -> None:
    place = {tag: field for tag, field in PLACE.items() if tag != 29}
    found = said(forging.exif({}, {}, place))
    assert found["exif:GPSTimeOfDay"] == "10:57:29"
    assert "exif:GPSDateTime" not in found


def test_the_thumbnail_becomes_a_derivative() -> None:
    records, _ = read(ANALYSER, forging.jpeg_with_exif(forging.whole_exif()))
    made = [record for record in records if isinstance(record, Derivative)]
    thumbnail = still("JPEG", 16, 8)
    assert [(one.recipe, one.content, one.id) for one in made] == [
        (THUMBNAIL, thumbnail, hashlib.sha256(thumbnail).hexdigest())
    ]


def test_a_cut_thumbnail_is_told() -> None:
    block = forging.whole_exif()[:-40]
    records, _ = read(ANALYSER, forging.jpeg_with_exif(block))
    assert not [record for record in records if isinstance(record, Derivative)]
    assert "the thumbnail is cut off or is no JPEG" in problems(block)


def test_of_two_values_in_one_directory_the_last_is_kept_and_both_are_told() -> None:
    block = bytearray(forging.exif({0x010E: (ASCII, "abc"), 0x010F: (ASCII, "def")}))
    struct.pack_into("<H", block, 10, 0x010F)  # the description becomes a second maker
    found = said(bytes(block))
    assert (found["exif:Make"], found["exif:IFD0.Make"]) == ("def", "abc")


def test_of_two_directories_the_first_is_kept_and_both_are_told() -> None:
    found = said(forging.exif({0x9003: (ASCII, "2024:05:06 07:08:09")}, {0x9003: (ASCII, "2020:01:01 00:00:00")}))
    kept, beside = found["exif:DateTimeOriginal"], found["exif:ExifIFD.DateTimeOriginal"]
    assert isinstance(kept, Moment)
    assert isinstance(beside, Moment)
    assert (kept.wall[:4], beside.wall[:4]) == ("2024", "2020")


def test_a_maker_note_is_told_by_its_length_only() -> None:
    assert said(forging.exif({}, {0x927C: (UNDEFINED, b"\x01" * 5000)}))["exif:MakerNote"] == 5000


def test_user_comments_are_decoded_by_their_code() -> None:
    for comment in (b"ASCII\x00\x00\x00hello", b"UNICODE\x00" + "hello".encode("utf-16-le"), bytes(8) + b"hello"):
        assert said(forging.exif({}, {0x9286: (UNDEFINED, comment)}))["exif:UserComment"] == "hello"


def test_text_that_is_not_utf8_keeps_every_byte() -> None:
    assert said(forging.exif({0x010F: (ASCII, b"Caf\xe9\x00")}))["exif:Make"] == "Café"


def test_a_value_outside_the_block_is_told_not_guessed() -> None:
    block = bytearray(forging.exif({0x010F: (ASCII, "A maker with a long name")}))
    struct.pack_into("<I", block, 8 + 2 + 8, 60_000)
    assert "exif:Make" not in said(bytes(block))
    assert problems(bytes(block)) == ["the value of Make lies outside the block"]


# ---------------------------------------------------------------- containers


def test_exif_behind_a_pngs_picture_is_found() -> None:
    content = forging.png(behind=[forging.chunk(b"eXIf", forging.whole_exif())])
    assert values(read(ANALYSER, content)[0])["exif:Make"] == "Maker"


def test_imagemagicks_raw_profile_is_found() -> None:
    block = b"Exif\x00\x00" + forging.whole_exif()
    text = b"\nexif\n%8d\n" % len(block) + block.hex().encode() + b"\n"
    content = forging.png(forging.chunk(b"tEXt", b"Raw profile type exif\x00" + text))
    assert values(read(ANALYSER, content)[0])["exif:Model"] == "Model 5  "


@pytest.mark.parametrize("prefix", [b"", b"Exif\x00\x00"])
def test_webp_with_and_without_the_prefix(prefix: bytes) -> None:
    block = prefix + forging.whole_exif()
    picture = still("WEBP", 16, 8)
    body = b"WEBP" + picture[12:] + b"EXIF" + struct.pack("<I", len(block)) + block + b"\x00" * (len(block) & 1)
    assert values(read(ANALYSER, b"RIFF" + struct.pack("<I", len(body)) + body)[0])["exif:Make"] == "Maker"


def test_a_heic_keeps_the_orientation_that_was_written() -> None:
    content = still("HEIF", 48, 32, exif=forging.whole_exif())
    assert values(read(ANALYSER, content)[0])["exif:Orientation"] == 6


def test_jpeg_xl_and_photoshop() -> None:
    inside = box("Exif", bytes(4), forging.whole_exif())
    jxl = b"\x00\x00\x00\x0cJXL \r\n\x87\n" + inside
    assert values(read(ANALYSER, jxl)[0])["exif:Make"] == "Maker"
    assert (
        values(read(ANALYSER, forging.psd(forging.resource(0x0422, forging.whole_exif())))[0])["exif:Make"] == "Maker"
    )


def test_canons_raw_names_its_directories() -> None:
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    parts = box("CMT1", forging.exif(MAIN)), box("CMT2", forging.exif(CAMERA)), box("CMT4", forging.exif(PLACE))
    content = box("ftyp", b"crx ", bytes(4), b"crx isom") + box("moov", box("uuid", canon, *parts))
    found = values(read(ANALYSER, content)[0])
    assert found["exif:Make"] == "Maker"
    assert isinstance(found["exif:DateTimeOriginal"], Moment)
    assert found["exif:GPSPosition.latitude"] == pytest.approx(-35.6916666)


def test_minoltas_and_fujifilms_raw() -> None:
    tail = b"\x00TTW" + struct.pack(">I", len(forging.whole_exif())) + forging.whole_exif()
    body = b"\x00PRD" + struct.pack(">I", 24) + bytes(24) + tail
    minolta = b"\x00MRM" + struct.pack(">I", len(body)) + body
    inner = forging.jpeg_with_exif(forging.whole_exif())
    fuji = (b"FUJIFILMCCD-RAW ".ljust(84, b"\x00") + struct.pack(">II", 200, len(inner))).ljust(200, b"\x00") + inner
    for content in (minolta, fuji):
        assert values(read(ANALYSER, content)[0])["exif:Make"] == "Maker"


def test_panasonics_raw_speaks_in_two_places() -> None:
    inner = forging.jpeg_with_exif(forging.exif({}, CAMERA))
    content = forging.exif({0x010F: (ASCII, "Panasonic"), 0x002E: (UNDEFINED, inner)}, magic=0x55)
    found = values(read(ANALYSER, content)[0])
    assert found["exif:Make"] == "Panasonic"
    assert isinstance(found["exif:DateTimeOriginal"], Moment)


def test_an_exif_item_with_a_wrong_distance_is_still_found() -> None:
    block = forging.whole_exif()
    item = struct.pack(">I", 0) + b"Exif\x00\x00" + block
    infe = full("infe", struct.pack(">HH", 1, 0), b"Exif\x00", version=2)
    iinf = full("iinf", struct.pack(">H", 1), infe)
    head = box("ftyp", b"heic", bytes(4), b"mif1heic")
    iloc_length = 8 + 4 + 2 + 2 + 2 + 2 + 2 + 4 + 4
    meta_length = 8 + 4 + len(iinf) + iloc_length
    at = len(head) + meta_length + 8
    iloc = full("iloc", b"\x44\x00", struct.pack(">HHHHII", 1, 1, 0, 1, at, len(item)))
    content = head + full("meta", iinf, iloc) + box("mdat", item)
    assert values(read(ANALYSER, content)[0])["exif:Make"] == "Maker"


def test_an_exif_block_of_more_than_one_segment_is_put_together() -> None:
    block = forging.exif({0x010E: (ASCII, "x" * 70_000), 0x010F: (ASCII, "Maker")}, CAMERA)
    first, rest = block[:60_000], block[60_000:]
    content = forging.jpeg(
        forging.segment(0xE1, b"Exif\x00\x00" + first), forging.segment(0xE1, b"Exif\x00\x00" + rest)
    )
    found = values(read(ANALYSER, content)[0])
    assert found["exif:Make"] == "Maker"
    assert isinstance(found["exif:DateTimeOriginal"], Moment)


# ---------------------------------------------------------------- hostile blocks


def test_every_prefix_is_read_or_refused() -> None:
    content = forging.jpeg_with_exif(forging.whole_exif())
    for end in range(len(content)):
        read(ANALYSER, content[:end], media_type="image/jpeg")


def test_directories_that_point_at_each_other_are_read_once() -> None:
    block = bytearray(forging.exif({0x010F: (ASCII, "Maker"), 0x8769: (LONG, 8), 0x8825: (LONG, 8)}))
    struct.pack_into("<I", block, 8 + 2 + 36, 8)  # the next directory is the first
    records, refusal = read(ANALYSER, forging.jpeg_with_exif(bytes(block)))
    assert refusal == ""
    makes = [r for r in records if isinstance(r, Reading) and r.key == "exif:Make"]
    assert len(makes) == 1
    assert sum("points back" in problem for problem in problems(bytes(block))) == 3


def test_absurd_counts_do_not_multiply() -> None:
    """A block of overlapping directories of 65,535 entries each: the number of readings stays bounded."""
    size = 60_000
    block = bytearray(b"II*\x00\x08\x00\x00\x00" + b"\xff" * size)
    for at in range(8, size - 16, 12):
        struct.pack_into("<HHHII", block, at, 0xFFFF, 0x014A, LONG, 16, at + 24)
    records, refusal = read(ANALYSER, forging.jpeg_with_exif(bytes(block)))
    assert refusal == ""
    assert len(records) < 20_000


def test_an_endless_value_is_not_read() -> None:
    block = forging.exif({0x010E: (ASCII, "x")})
    huge = bytearray(block)
    struct.pack_into("<HHII", huge, 10, 0x927C, SHORT, 0xFFFFFFFF, 8)
    found = said(bytes(huge))
    assert found["exif:MakerNote"] == 2 * 0xFFFFFFFF  # as stated, and not one byte of it was read


# ---------------------------------------------------------------- against another reader


_SAME_NAME = {"GPSDate": "GPSDateStamp"}


def _agrees(block: bytes) -> int:
    """How many tags of ExifRead's are equal in ours; every one must be there."""
    theirs = exifread.process_file(io.BytesIO(block), details=False, extract_thumbnail=False)
    ours = said(block)
    compared = 0
    for name, tag in theirs.items():
        directory, _, short = name.partition(" ")
        if directory not in ("Image", "EXIF", "GPS") or tag.field_type.name != "ASCII" or short.startswith("Tag "):
            continue
        value = ours[f"exif:{_SAME_NAME.get(short, short)}"]
        text = value.text if isinstance(value, Moment) else str(value)
        assert text == str(tag.values), name
        compared += 1
    return compared


def test_agrees_with_exifread_on_our_own_block() -> None:
    assert _agrees(forging.whole_exif()) >= 9


@pytest.mark.samples
def test_agrees_with_exifread_on_real_cameras(samples: Path) -> None:
    compared = 0
    for path in sorted((samples / "metadata" / "media").glob("*/*.jpg")):
        source = VaultSource(path)
        found = [b for b in blocks(source, "image/jpeg") if b.kind == EXIF]
        if sniff(source.head, source.size)[1] == "image/jpeg" and found and path.parent.name not in _DUPLICATED:
            compared += _agrees(found[0].content)
    assert compared > 200


_DUPLICATED = {"9d9099f3"}  # one tag in two directories: ExifRead keeps the last, we tell both
