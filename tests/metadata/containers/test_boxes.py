from __future__ import annotations

import io
import json
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import (
    MATRICES,
    box,
    full,
    hdlr,
    key_tags,
    mdhd,
    movie,
    mvhd,
    read,
    stsd_video,
    text_tag,
    tkhd,
    trak,
    values,
)
from verifier.metadata.containers.boxes import ANALYSER
from verifier.metadata.containers.isobmff import DEEPEST, MOST_BOXES, Bytes, walk
from verifier.metadata.containers.usertags import user_tags
from verifier.records import Kind, Moment, Reading

NOON = 3_778_000_000  # seconds since 1904: 2023-09-19


def test_times_are_utc_and_keep_what_was_written() -> None:
    found = values(read(ANALYSER, movie(created=NOON))[0])
    when = found["mp4:mvhd.creation_time"]
    assert isinstance(when, Moment)
    assert when.iso() == "2023-09-19T20:26:40Z"
    assert when.text == f"{NOON} seconds since 1904"
    assert found["mp4:tkhd.creation_time"] == found["mp4:mdhd.creation_time"] == when


def test_zero_is_told_as_zero_and_not_as_a_date() -> None:
    found = values(read(ANALYSER, movie(created=0))[0])
    assert found["mp4:mvhd.creation_time_zero"] is True
    assert "mp4:mvhd.creation_time" not in found


def test_a_count_from_1970_is_recognised() -> None:
    found = values(read(ANALYSER, movie(created=1_700_000_000))[0])
    when = found["mp4:mvhd.creation_time"]
    assert isinstance(when, Moment)
    assert when.iso() == "2023-11-14T22:13:20Z"
    assert found["mp4:mvhd.creation_time_epoch_1970"] is True


def test_an_absurd_64_bit_date_stays_verbatim() -> None:
    content = movie().replace(mvhd(), mvhd(1 << 60, 1 << 60, version=1))
    found = values(read(ANALYSER, box("ftyp", b"isom", bytes(4)) + box("moov", mvhd(1 << 60, 1, version=1)))[0])
    assert found["mp4:mvhd.creation_time"] == f"{1 << 60} seconds since 1904"
    assert content  # the replaced form is read too
    read(ANALYSER, content)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_turn_of_the_matrix_is_clockwise(turn: int) -> None:
    assert values(read(ANALYSER, movie(tracks=trak(turn=turn)))[0])["mp4:tkhd.rotation_degrees"] == turn


@pytest.mark.parametrize("movies", [0, 90, 180, 270])
@pytest.mark.parametrize("tracks", [0, 90, 180, 270])
def test_the_movies_turn_and_the_tracks_add_up(movies: int, tracks: int) -> None:
    a, b, c, d = (value << 16 for value in MATRICES[movies])
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    plain = movie(tracks=trak(turn=tracks))
    at = plain.index(b"mvhd") + 4 + 36
    found = values(read(ANALYSER, plain[:at] + matrix + plain[at + 36 :])[0])
    assert found["mp4:rotation_degrees"] == (movies + tracks) % 360
    assert "mp4:mirrored" not in found


def test_a_mirrored_movie_is_told() -> None:
    matrix = struct.pack(">9i", -1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    plain = movie(tracks=trak(turn=0))
    at = plain.index(b"mvhd") + 4 + 36
    found = values(read(ANALYSER, plain[:at] + matrix + plain[at + 36 :])[0])
    assert (found["mp4:rotation_degrees"], found["mp4:mirrored"]) == (0, True)


def test_size_codec_rate_and_length() -> None:
    found = values(read(ANALYSER, movie())[0])
    assert (found["mp4:width"], found["mp4:height"], found["mp4:video_codec"]) == (640, 360, "h264")
    assert found["mp4:frame_rate"] == pytest.approx(1000 / 33, abs=1e-3)
    assert found["mp4:duration_s"] == 5.0


def test_the_media_handler_is_read_and_not_the_data_handler() -> None:
    inner = box("minf", hdlr(b"alis", b"Core Media Data Handler"), box("stbl", stsd_video()))
    track = box("trak", tkhd(), box("mdia", mdhd(), hdlr(b"vide", b"Core Media Video"), inner))
    assert values(read(ANALYSER, movie(tracks=track))[0])["mp4:handler.video"] == "Core Media Video"


def test_tags_in_words() -> None:
    tags = key_tags(
        {
            "com.apple.quicktime.make": "Apple",
            "com.apple.quicktime.creationdate": "2023-09-22T18:34:05+0200",
            "com.apple.quicktime.location.ISO6709": "+52.4597+013.3220+051.178/",
        }
    )
    place = full(
        "loci", b"\x15\xc7", b"\x00", b"\x00", struct.pack(">3i", 35 << 16, -(33 << 15), 100 << 16), b"earth\0\0"
    )
    user = box("udta", text_tag("©xyz", "+35.5-016.5/"), text_tag("©mod", "Pixel 8"), place)
    found = values(read(ANALYSER, movie(tags, user))[0])
    assert found["quicktime:com.apple.quicktime.make"] == "Apple"
    when = found["quicktime:com.apple.quicktime.creationdate"]
    assert isinstance(when, Moment)
    assert (when.iso(), when.text) == ("2023-09-22T18:34:05+02:00", "2023-09-22T18:34:05+0200")
    assert found["quicktime:com.apple.quicktime.location.ISO6709"] == "+52.4597+013.3220+051.178/"
    assert found["quicktime:©xyz"] == "+35.5-016.5/"
    assert found["quicktime:©mod"] == "Pixel 8"
    assert (found["mp4:loci.longitude"], found["mp4:loci.latitude"], found["mp4:loci.altitude_m"]) == (35, -16.5, 100)


def test_free_itunes_items_keep_their_own_names() -> None:
    def item(name: bytes, value: bytes) -> bytes:
        return box("----", full("mean", b"com.x"), full("name", name), box("data", struct.pack(">II", 1, 0), value))

    tags = box("udta", box("meta", bytes(4), hdlr(b"mdir", b""), box("ilst", item(b"A", b"1"), item(b"B", b"2"))))
    found = values(read(ANALYSER, movie(tags))[0])
    assert (found["quicktime:----:com.x:A"], found["quicktime:----:com.x:B"]) == ("1", "2")


def test_tens_of_thousands_of_items_are_read_in_linear_time() -> None:
    one = box("----", full("mean", b"com.x"), full("name", b"n"), box("data", struct.pack(">II", 1, 0), b"v"))
    data = counted(movie(box("udta", box("meta", bytes(4), hdlr(b"mdir", b""), box("ilst", one * 12_000)))))
    tree = walk(data)
    walked = data.reads
    list(user_tags(tree, data))
    assert data.reads - walked <= len(tree.boxes)


def test_macintosh_text_in_user_data() -> None:
    user = box("udta", box("©ART", struct.pack(">HH", 6, 0), b"\x8crtist"))
    assert values(read(ANALYSER, movie(user))[0])["quicktime:©ART"] == "årtist"


def test_the_encoder_names_itself_in_the_first_picture() -> None:
    settings_text = b"x264 - core 155 r2917 0a84d98 - options: cabac=1 ref=3"
    found = values(read(ANALYSER, movie(mdat=b"\x00\x00\x02\xbc\x06\x05" + settings_text + b"\x00\x80" + bytes(90)))[0])
    assert found["sei:encoder"] == settings_text.decode()


def test_edits_and_order() -> None:
    edit = box("edts", full("elst", struct.pack(">IIiI", 1, 700, 2112, 1 << 16)))
    found = values(read(ANALYSER, movie(tracks=trak(edit)))[0])
    assert found["mp4:elst"] == "700@2112"
    assert found["mp4:order"] == "ftyp mdat moov"
    assert str(found["mp4:tree"]).startswith("ftyp mdat moov moov/mvhd moov/trak[0] moov/trak[0]/tkhd")


def test_the_length_of_a_fragmented_movie_is_the_fragments_own() -> None:
    trex = box("mvex", full("trex", struct.pack(">5I", 1, 1, 0, 0, 0)))
    moov = box("moov", mvhd(length=0), trak().replace(mdhd(), mdhd(length=0)), trex)
    content = box("ftyp", b"iso5", bytes(4), b"dash") + moov
    for start in (90_000, 92_000):
        run = full("trun", struct.pack(">I", 2), struct.pack(">II", 1000, 1000), flags=0x100)
        content += box(
            "moof", box("traf", full("tfhd", struct.pack(">I", 1)), full("tfdt", struct.pack(">I", start)), run)
        ) + box("mdat", bytes(8))
    found = values(read(ANALYSER, content)[0])
    assert found["mp4:duration_s"] == 4.0
    assert found["mp4:fragments"] == 2


def test_an_initialisation_segment_holds_nothing_of_its_media() -> None:
    moov = box("moov", mvhd(length=0), trak().replace(mdhd(), mdhd(length=0)), box("mvex", full("mehd", b"\0\0\1\0")))
    content = box("ftyp", b"iso5", bytes(4)) + moov
    assert values(read(ANALYSER, content)[0])["mp4:duration_s"] == 0.0
    unknown = content.replace(mvhd(length=0), mvhd(length=0xFFFFFFFF))
    assert "mp4:duration_s" not in values(read(ANALYSER, unknown)[0])


def test_a_cut_file_keeps_its_readings_and_is_refused_with_the_number_of_missing_bytes() -> None:
    records, refusal = read(ANALYSER, movie()[:-10])
    assert refusal == "the file ends 10 bytes before its box moov does"
    assert values(records)["mp4:mvhd.duration_s"] == 5.0


def test_padding_and_foreign_bytes_at_the_end_are_told_apart() -> None:
    assert values(read(ANALYSER, movie() + bytes(100))[0])["mp4:trailing_kind"] == "zeros"
    found = values(read(ANALYSER, movie() + b"\x00\x00\x00\x02PK\x03\x04" * 9)[0])
    assert (found["mp4:trailing_kind"], found["mp4:trailing_bytes"]) == ("other", 72)


def test_every_truncation_raises_only_what_an_instrument_may() -> None:
    content = movie(
        key_tags({"com.apple.quicktime.make": "Apple"}), box("udta", text_tag("©xyz", "+1+2/")), created=NOON
    )
    refused = sum(bool(read(ANALYSER, content[:cut], media_type="video/mp4", kind=Kind.VIDEO)[1]) for cut in
                  range(len(content)))  # fmt: skip
    assert refused > len(content) / 2


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255))
def test_any_changed_byte_raises_only_what_an_instrument_may(at: int, byte: int) -> None:
    content = bytearray(movie(key_tags({"com.apple.quicktime.make": "Apple"}), created=NOON))
    content[at % len(content)] = byte
    read(ANALYSER, bytes(content), media_type="video/mp4", kind=Kind.VIDEO)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_raise_only_what_an_instrument_may(content: bytes) -> None:
    read(ANALYSER, content, media_type="video/mp4", kind=Kind.VIDEO)


class Counted(Bytes):
    """Counts the reads that a walk makes."""

    reads = 0

    def at(self, offset: int, length: int) -> bytes:
        self.reads += 1
        return super().at(offset, length)


def counted(content: bytes) -> Counted:
    return Counted(io.BytesIO(content), len(content))


def test_nesting_is_followed_only_so_deep() -> None:
    content = b""
    for _ in range(2000):
        content = box("moov", content)
    tree = walk(counted(content))
    assert len(tree.boxes) == DEEPEST
    assert "nested deeper" in tree.problems[0][1]


def test_the_number_of_boxes_is_bounded_and_the_cost_linear() -> None:
    data = counted(box("moov", box("free") * (MOST_BOXES + 5)))
    tree = walk(data)
    assert len(tree.boxes) == MOST_BOXES
    assert not tree.complete
    assert data.reads <= MOST_BOXES + 5


def test_overlapping_children_cost_no_more_than_their_parents() -> None:
    liar = struct.pack(">I4s", 1 << 30, b"trak")
    data = counted(box("moov", liar * 200))
    walk(data)
    assert data.reads <= 2000


def test_absurd_counts_are_not_believed() -> None:
    most = struct.pack(">I", 0xFFFFFFFF)
    table = stsd_video() + full("stts", most, bytes(16))
    tags = box("meta", hdlr(b"mdta", b""), full("keys", most, bytes(8)), box("ilst", box(b"\0\0\0\1", bytes(8))))
    edit = box("edts", full("elst", most, bytes(24)))
    records, refusal = read(ANALYSER, movie(tags, tracks=trak(edit, stbl=table)))
    assert not refusal
    assert values(records)["mp4:elst.entries"] == 0xFFFFFFFF


@pytest.mark.samples
def test_agreement_with_the_reference_on_real_files(samples: Path) -> None:
    pairs = {
        "width": "mp4:width", "height": "mp4:height", "video_codec": "mp4:video_codec",
        "major_brand": "mp4:major_brand", "handler_video": "mp4:handler.video", "encoder": "quicktime:©too",
    }  # fmt: skip
    checked = 0
    for line in (samples / "metadata/truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        if truth["mime_type"] not in ("video/mp4", "video/quicktime") or not truth["size"]:
            continue
        content = (samples / "metadata" / truth["file"]).read_bytes()
        records, refusal = read(ANALYSER, content)
        assert not refusal or truth["file_class"] == "fuzzed"
        found = values(records)
        for field, key in pairs.items():
            assert found.get(key) == truth[field], (truth["file"], field)
        created = found.get("mp4:mvhd.creation_time")
        assert (created.iso() if isinstance(created, Moment) else None) == truth["container_creation_utc"]
        if truth["duration_s"] and truth["file_class"] == "normal":
            assert found["mp4:duration_s"] == pytest.approx(truth["duration_s"], abs=0.001)
        checked += 1
    assert checked >= 10


def test_locations_name_the_box() -> None:
    records, _ = read(ANALYSER, movie(created=NOON))
    where = {record.location for record in records if isinstance(record, Reading)}
    assert {"moov/mvhd", "moov/trak[0]/tkhd", "moov/trak[0]/mdia/mdhd"} <= where
