"""XMP: both spellings of RDF, history and ids, packets in pieces, and XML that was written to harm."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metadata import forging
from tests.metadata.forging import packet
from tests.metadata.reading import box, read, values
from verifier.metadata import xmp
from verifier.metadata.rdf import MOST_PROPERTIES, MOST_VALUE_CHARACTERS, read_rdf
from verifier.metadata.xmp import ANALYSER, coordinate
from verifier.records import Moment, Reading


def said(content: bytes) -> dict[str, object]:
    records, refusal = read(ANALYSER, forging.jpeg_with_xmp(content))
    assert refusal == ""
    return values(records)


def test_attributes_and_elements_say_the_same() -> None:
    as_attributes = said(packet("", 'xmp:CreatorTool="A tool" xmpMM:DocumentID="xmp.did:1"'))
    as_elements = said(
        packet("<xmp:CreatorTool>A tool</xmp:CreatorTool><xmpMM:DocumentID>xmp.did:1</xmpMM:DocumentID>")
    )
    assert as_attributes == as_elements == {"xmp:CreatorTool": "A tool", "xmp:xmpMM:DocumentID": "xmp.did:1"}


def test_history_derivation_and_lists() -> None:
    inside = (
        '<xmpMM:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:when="2024-05-06T07:08:09+03:30"/>'
        '<rdf:li rdf:parseType="Resource"><stEvt:action>converted</stEvt:action></rdf:li></rdf:Seq></xmpMM:History>'
        "<dc:creator><rdf:Bag><rdf:li>One</rdf:li><rdf:li>Two</rdf:li></rdf:Bag></dc:creator>"
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Title</rdf:li>'
        '<rdf:li xml:lang="fa">عنوان</rdf:li></rdf:Alt></dc:title>'
    )
    found = said(packet(inside))
    when = found.pop("xmp:xmpMM:History[1].when")
    assert isinstance(when, Moment)
    assert when.iso() == "2024-05-06T07:08:09+03:30"
    assert found == {
        "xmp:xmpMM:History[1].action": "saved",
        "xmp:xmpMM:History[2].action": "converted",
        "xmp:dc:creator[1]": "One",
        "xmp:dc:creator[2]": "Two",
        "xmp:dc:title": "Title",
        "xmp:dc:title[fa]": "عنوان",
    }


def test_a_prefix_is_named_by_its_namespace() -> None:
    content = (
        packet("").replace(b"xmlns:xmp=", b"xmlns:xap=").replace(b'rdf:about=""', b'rdf:about="" xap:CreatorTool="T"')
    )
    assert said(content)["xmp:CreatorTool"] == "T"


def test_a_prefix_that_was_not_declared_is_supplied() -> None:
    found = said(packet("<crs:Version>1</crs:Version><foo:bar>2</foo:bar>"))
    assert found == {"xmp:crs:Version": "1", "xmp:foo:bar": "2"}


def test_a_position_in_xmp_alone() -> None:
    place = (
        'exif:GPSLatitude="35,41.5N" exif:GPSLongitude="51,25,12W" exif:GPSAltitude="1234/10" exif:GPSAltitudeRef="1"'
    )
    found = said(packet("", place))
    assert found["xmp:GPSPosition.latitude"] == pytest.approx(35 + 41.5 / 60)
    assert found["xmp:GPSPosition.longitude"] == pytest.approx(-(51 + 25 / 60 + 12 / 3600))
    assert found["xmp:GPSPosition.altitude_m"] == pytest.approx(-123.4)


@pytest.mark.parametrize("latitude", ["0,0.0N", "95,0N", "north", ""])
def test_a_position_that_is_none_is_told(latitude: str) -> None:
    found = said(packet("", f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="0,0.0E"'))
    assert "xmp:GPSPosition.latitude" not in found
    assert "xmp:problem" in found


@given(st.integers(0, 89), st.integers(0, 59), st.sampled_from("NS"))
def test_coordinates_survive_their_spelling(degrees: int, minutes: int, letter: str) -> None:
    expected = (degrees + minutes / 60) * (1 if letter == "N" else -1)
    assert coordinate(f"{degrees},{minutes}.0{letter}", "", "NS", 90.0) == pytest.approx(expected)
    assert coordinate(f"{degrees + minutes / 60:.8f}", letter, "NS", 90.0) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be", "utf-8-sig"])
def test_other_encodings(code: str) -> None:
    text = packet("", 'xmp:CreatorTool="T"').decode()
    assert read_rdf(text.encode(code)).properties[-1] == ("xmp:CreatorTool", "T")


def test_extended_packets_are_put_together_in_their_order() -> None:
    more = packet("<dc:format>image/jpeg</dc:format>")
    digest, cut = b"A" * 32, len(more) // 2
    parts = [
        forging.segment(
            0xE1, b"http://ns.adobe.com/xmp/extension/\x00" + digest + struct.pack(">II", len(more), at) + piece
        )
        for at, piece in ((cut, more[cut:]), (0, more[:cut]))
    ]
    records, refusal = read(ANALYSER, forging.jpeg(*parts))
    assert refusal == ""
    assert values(records) == {"xmp:dc:format": "image/jpeg"}


def test_packets_of_other_containers() -> None:
    content = packet("", 'xmp:CreatorTool="T"')
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    movie = box("ftyp", b"isom", bytes(4), b"isom") + box("moov", box("udta", box("XMP_", content)))
    bare = still_gif(content)
    carriers = {
        "png": forging.png(forging.chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + content)),
        "psd": forging.psd(forging.resource(0x0424, content)),
        "mp4 uuid": box("ftyp", b"isom", bytes(4), b"isom") + box("uuid", uuid, content) + box("moov"),
        "quicktime udta": movie,
        "gif": bare,
        "tiff": forging.exif({0x02BC: (forging.BYTE, content)}),
    }
    for name, whole in carriers.items():
        assert values(read(ANALYSER, whole)[0]).get("xmp:CreatorTool") == "T", name


def still_gif(content: bytes) -> bytes:
    from tests.media.making import still

    picture = still("GIF", 8, 8, mode="P")
    trailer = bytes([1, *range(255, -1, -1), 0])
    at = 13 + (3 << ((picture[10] & 7) + 1))
    return picture[:at] + b"\x21\xff\x0bXMP DataXMP" + content + trailer + picture[at:]


# ---------------------------------------------------------------- hostile packets


def refused(content: bytes) -> str:
    records, refusal = read(ANALYSER, forging.jpeg_with_xmp(content))
    assert refusal != ""
    assert any(isinstance(r, Reading) and r.key == "xmp:problem" for r in records)
    return refusal


def test_entities_are_refused_before_they_grow() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = packet("<dc:format>&b;</dc:format>")
    assert "not well-formed" in refused(body)  # the wrapper is cut away, so the entity is unknown
    assert "declares" in str(read_rdf(bomb + b"<x/>").flaw)


def test_an_external_entity_is_not_opened() -> None:
    flaw = read_rdf(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>').flaw
    assert flaw is not None


def test_nesting_is_bounded() -> None:
    deep = "<dc:a>" * 4000 + "</dc:a>" * 4000
    assert "nested deeper" in refused(packet(deep))


def test_the_number_of_properties_is_bounded() -> None:
    many = packet("".join(f"<dc:a{number}/>" for number in range(3 * MOST_PROPERTIES)))
    found = read_rdf(many)
    assert len(found.properties) == MOST_PROPERTIES
    assert found.flaw is not None


def test_a_long_value_is_cut_and_says_so() -> None:
    value = said(packet(f"<dc:source>{'x' * 9000}</dc:source>"))["xmp:dc:source"]
    assert isinstance(value, str)
    assert value.startswith("x" * MOST_VALUE_CHARACTERS)
    assert value.endswith("(9000 characters)")


def test_what_came_before_the_damage_is_kept() -> None:
    content = packet("<dc:format>image/jpeg</dc:format><dc:source>broken").split(b"</rdf:Description>")[0]
    records, refusal = read(ANALYSER, forging.jpeg_with_xmp(content))
    assert "cannot be read to its end" in refusal
    assert values(records)["xmp:dc:format"] == "image/jpeg"


def test_every_prefix_is_read_or_refused() -> None:
    content = forging.jpeg_with_xmp(packet("<dc:format>image/jpeg</dc:format>", 'xmp:CreatorTool="T"'))
    for end in range(0, len(content), 3):
        read(ANALYSER, content[:end], media_type="image/jpeg")


def test_pieces_of_an_extended_packet_cannot_claim_more_than_the_bound() -> None:
    head = b"http://ns.adobe.com/xmp/extension/\x00" + b"A" * 32
    parts = [
        forging.segment(0xE1, head + struct.pack(">II", 0xFFFFFFFF, at) + b"x" * 60_000)
        for at in range(0, 2 * xmp.MOST_EXTENSION_BYTES, 60_000)
    ]
    records, refusal = read(ANALYSER, forging.jpeg(*parts))
    assert refusal != ""  # not XML; what matters is that no more than the bound was put together
    assert len(records) == 1
