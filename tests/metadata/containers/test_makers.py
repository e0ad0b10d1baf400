"""Makers' own boxes, built by hand: Sony, Nikon, Novatek, DJI. What is not understood is told, never guessed."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import box, full, hdlr, mdhd, movie, read, tkhd, trak, values
from verifier.metadata.containers.makers import ANALYSER, novatek_fix
from verifier.metadata.containers.tracks import Fix
from verifier.metadata.sidecars.sony_sidecar import ANALYSER as SONY_SIDECAR
from verifier.records import Derivative, Kind, Moment, Reading, Record


def sony_xml(*, latitude: str = "35:41:30.000", north: str = "N", status: str = "A", more: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">'
        f'{more}<CreationDate value="2023-05-04T10:11:12+03:30"/>'
        '<Device manufacturer="Sony" modelName="ILCE-7M4" serialNo="0123"/><Lens modelName="FE 24-70mm"/>'
        f'<AcquisitionRecord><Group name="ExifGPS"><Item name="LatitudeRef" value="{north}"/>'
        f'<Item name="Latitude" value="{latitude}"/><Item name="LongitudeRef" value="W"/>'
        f'<Item name="Longitude" value="51:25:00.000"/><Item name="Status" value="{status}"/></Group>'
        "</AcquisitionRecord></NonRealTimeMeta>"
    ).encode()


def with_sony(document: bytes) -> bytes:
    return movie() + box("meta", bytes(4), hdlr(b"nrtm", b""), full("xml ", document))


def test_sony_s_document_in_the_movie() -> None:
    records, refusal = read(ANALYSER, with_sony(sony_xml()))
    said = values(records)
    assert refusal == ""
    assert (said["sony:manufacturer"], said["sony:modelName"], said["sony:serialNo"]) == ("Sony", "ILCE-7M4", "0123")
    moment = said["sony:CreationDate"]
    assert isinstance(moment, Moment) and moment.iso() == "2023-05-04T10:11:12+03:30"
    assert said["sony:GPSPosition.latitude"] == pytest.approx(35.6916667)
    assert said["sony:GPSPosition.longitude"] == pytest.approx(-51.4166667)
    assert said["sony:lens"] == "FE 24-70mm"


@pytest.mark.parametrize(
    "document",
    [
        sony_xml(latitude="95:41:30.000"),
        sony_xml(latitude="35:61:30.000"),
        sony_xml(latitude="-35:41:30"),
        sony_xml(north="E"),
        sony_xml(status="V"),
    ],
)
def test_a_position_of_sony_s_that_is_none_is_withheld(document: bytes) -> None:
    said = values(read(ANALYSER, with_sony(document))[0])
    assert "sony:GPSPosition.latitude" not in said
    assert said["sony:modelName"] == "ILCE-7M4"


def test_sony_s_document_with_entities_or_cut_is_told() -> None:
    bomb = sony_xml().replace(b"\n<Non", b'\n<!DOCTYPE a [<!ENTITY b "c">]>\n<Non')
    assert "sony:modelName" not in values(read(ANALYSER, with_sony(bomb))[0])
    assert "sony:problem" in values(read(ANALYSER, with_sony(sony_xml()[:300]))[0])


def test_sony_s_sidecar_speaks_of_the_clip_beside_it() -> None:
    records, _ = read(SONY_SIDECAR, sony_xml())
    assert records and all(isinstance(item, Reading) and item.subject == "." for item in records)
    assert read(SONY_SIDECAR, b"<?xml version='1.0'?><other><NonRealTimeMeta/></other>") == ([], "")


# ---------------------------------------------------------------- Nikon


def entry(tag: int, form: int, data: bytes, size: int) -> bytes:
    return struct.pack(">IHH", tag, form, len(data) // size) + data


def nikon(*entries: bytes) -> bytes:
    return movie(box("udta", box("NCDT", box("NCHD", bytes(4)), box("NCTG", *entries))))


def test_nikon_s_tags() -> None:
    degrees = struct.pack(">6I", 35, 1, 41, 1, 3000, 100)
    records, _ = read(
        ANALYSER,
        nikon(
            entry(0x01, 2, b"NIKON\x00", 1),
            entry(0x02, 2, b"NIKON Z 6\x00", 1),
            entry(0x12, 2, b"2023:05:04 10:11:12\x00", 1),
            entry(0x110A431, 2, b"7654321\x00", 1),
            entry(0x1200001, 2, b"S\x00", 1),
            entry(0x1200002, 5, degrees, 8),
            entry(0x1200003, 2, b"E\x00", 1),
            entry(0x1200004, 5, degrees, 8),
        ),
    )
    said = values(records)
    assert (said["nikon:Make"], said["nikon:Model"], said["nikon:SerialNumber"]) == ("NIKON", "NIKON Z 6", "7654321")
    moment = said["nikon:DateTimeOriginal"]
    assert isinstance(moment, Moment) and moment.wall == "2023-05-04T10:11:12"
    assert said["nikon:GPSPosition.latitude"] == pytest.approx(-35.6916667)


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_nikon_s_tags_of_any_bytes(body: bytes) -> None:
    read(ANALYSER, nikon(body))


@pytest.mark.parametrize(
    ("body", "maker"),
    [
        (b"OLYMPUS DIGITAL CAMERA\x00\x01\x02", "OLYMPUS DIGITAL CAMERA"),
        (b"NIKON DIGITAL CAMERA\x00", "NIKON DIGITAL CAMERA"),
        (b"KONICA MINOLTA DIGITAL CAMERA\x00", "KONICA MINOLTA DIGITAL CAMERA"),
        (b"\x00\x01 something else", None),
    ],
)
def test_compact_cameras_tags_name_the_maker(body: bytes, maker: str | None) -> None:
    said = values(read(ANALYSER, movie(box("udta", box("TAGS", body))))[0])
    assert said.get("tags:maker") == maker


# ---------------------------------------------------------------- Novatek


def fix_block(
    at: int = 48, *, state: bytes = b"A", north: bytes = b"N", latitude: float = 3541.5, year: int = 23, size: int = 256
) -> bytes:
    block = bytearray(size)
    struct.pack_into(">I", block, 0, size)
    block[4:12] = b"freeGPS "
    struct.pack_into("<6I", block, at, 6, 41, 12, year, 5, 4)
    block[at + 24 : at + 27] = state + north + b"E"
    struct.pack_into("<4f", block, at + 28, latitude, 5125.0, 10.0, 90.0)
    return bytes(block)


def dash(*blocks: bytes) -> bytes:
    """The index in `moov` names where each block lies in the file."""
    start = len(box("ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")) + 8
    places, at = b"", start
    for block in blocks:
        places += struct.pack(">II", at, len(block))
        at += len(block)
    return movie(box("gps ", struct.pack(">II", 0x101, len(blocks)), places), mdat=b"".join(blocks))


@pytest.mark.parametrize("at", [48, 16])
def test_a_dash_camera_s_positions(at: int) -> None:
    records, _ = read(ANALYSER, dash(fix_block(at), fix_block(at, latitude=3542.0)))
    said = values(records)
    assert said["novatek:first_fix_latitude"] == pytest.approx(35.6916667, abs=1e-5)
    assert said["novatek:first_fix_longitude"] == pytest.approx(51.4166667, abs=1e-5)
    moment = said["novatek:first_fix_utc"]
    assert isinstance(moment, Moment) and moment.iso() == "2023-05-04T06:41:12Z"
    assert said["novatek:fixes"] == said["novatek:blocks"] == 2
    assert any(isinstance(item, Derivative) for item in records)


def test_no_fix_and_scrambled_layouts_give_no_position() -> None:
    assert novatek_fix(fix_block(state=b"V"), 0.0) is False
    assert novatek_fix(fix_block(latitude=3575.0), 0.0) is True  # 75 minutes are none
    assert novatek_fix(fix_block(north=b"Q"), 0.0) is True
    assert isinstance(novatek_fix(fix_block(), 0.0), Fix)
    said = values(read(ANALYSER, dash(fix_block(north=b"Q")))[0])
    assert said["novatek:blocks_not_understood"] == 1
    assert "novatek:first_fix_latitude" not in said


@given(st.binary(min_size=0, max_size=128))
@settings(max_examples=100, deadline=None)
def test_any_block_gives_a_place_on_earth_or_none(body: bytes) -> None:
    found = novatek_fix(b"\x00\x00\x01\x00freeGPS " + body, 0.0)
    if isinstance(found, Fix):
        assert abs(found.latitude) <= 90 and abs(found.longitude) <= 180


# ---------------------------------------------------------------- DJI


def drone(*texts: str) -> bytes:
    payloads = [struct.pack(">H", len(text.encode())) + text.encode() for text in texts]
    table = full("stsd", struct.pack(">I", 1), box("tx3g", bytes(38)))
    table += full("stts", struct.pack(">III", 1, len(payloads), 1000))
    table += full("stsz", struct.pack(">II", 0, len(payloads)), *(struct.pack(">I", len(item)) for item in payloads))
    table += full("stsc", struct.pack(">IIII", 1, 1, len(payloads), 1))
    table += full("stco", struct.pack(">II", 1, 32 + 8))
    media = box("mdia", mdhd(), hdlr(b"sbtl", b"DJI.Subtitle"), box("minf", box("stbl", table)))
    return movie(tracks=trak() + box("trak", tkhd(number=2), media), mdat=b"".join(payloads))


def of_drone(*texts: str) -> dict[str, object]:
    records: list[Record] = read(ANALYSER, drone(*texts))[0]
    return dict(values(records))


def test_a_drone_s_subtitles_of_both_kinds() -> None:
    old = of_drone("F/2.8, SS 206, ISO 150, EV 0, GPS (51.3380, 35.7000, 18), D 24.26m, H 6.00m")
    assert (old["dji:first_fix_latitude"], old["dji:first_fix_longitude"]) == (35.7, 51.338)
    new = of_drone(
        "FrameCnt: 1 2023-05-04 10:11:12.123\n[latitude: 35.70000] [longitude: 51.33800] [rel_alt: 1.3 abs_alt: 1201.5]"
    )
    assert (new["dji:first_fix_latitude"], new["dji:first_fix_altitude_m"]) == (35.7, 1201.5)
    moment = new["dji:first_time"]
    assert isinstance(moment, Moment) and moment.iso() == "2023-05-04T10:11:12.123"


def test_subtitles_that_say_no_place_say_nothing() -> None:
    assert of_drone("GPS (0.0000, 0.0000, 0)", "Hello", "GPS (251.0, 135.0, 3)") == {}


def test_a_movie_without_such_boxes_says_nothing() -> None:
    assert read(ANALYSER, movie(), kind=Kind.VIDEO) == ([], "")
