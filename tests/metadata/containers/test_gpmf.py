from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import box, full, hdlr, mdhd, movie, read, tkhd, trak, values
from verifier.metadata.containers.gpmf import ANALYSER
from verifier.records import Derivative, Kind, Moment, Record


def klv(key: str, kind: str | None, size: int, *rows: bytes) -> bytes:
    body = b"".join(rows)
    count = len(body) // size if size else 0
    head = key.encode() + struct.pack(">BBH", ord(kind) if kind else 0, size, count)
    return head + body + bytes(-len(body) % 4)


def nest(key: str, *parts: bytes) -> bytes:
    return klv(key, None, 1, *parts)


def gps5(rows: list[tuple[float, float, float]], lock: int = 3, when: str = "180124192801.699") -> bytes:
    scale = klv("SCAL", "l", 4, struct.pack(">5i", 10_000_000, 10_000_000, 1000, 1000, 100))
    packed = [struct.pack(">5i", round(a * 1e7), round(b * 1e7), round(c * 1e3), 1500, 150) for a, b, c in rows]
    return nest(
        "DEVC",
        klv("DVNM", "c", 1, b"Hero6 Black"),
        nest(
            "STRM",
            klv("GPSF", "L", 4, struct.pack(">I", lock)),
            klv("GPSU", "U", 16, when.encode()),
            scale,
            klv("GPS5", "l", 20, *packed),
        ),
    )


def gps9(latitude: float, longitude: float, seconds: float, lock: int = 3) -> bytes:
    row = struct.pack(
        ">7i2H", round(latitude * 1e7), round(longitude * 1e7), 5000, 0, 0, 8800, round(seconds * 1000), 120, lock
    )
    scale = klv("SCAL", "l", 4, struct.pack(">9i", 10_000_000, 10_000_000, 1000, 1000, 100, 1, 1000, 100, 1))
    return nest("DEVC", nest("STRM", scale, klv("TYPE", "c", 1, b"lllllllSS"), klv("GPS9", "?", 32, row)))


def recording(*payloads: bytes, description: bytes | None = None) -> bytes:
    """An MP4 whose second track carries the payloads, one a second, in one chunk at the start of `mdat`."""
    table = full("stsd", struct.pack(">I", 1), description or box("gpmd", bytes(8)))
    table += full("stts", struct.pack(">III", 1, len(payloads), 1000))
    table += full("stsz", struct.pack(">II", 0, len(payloads)), *(struct.pack(">I", len(item)) for item in payloads))
    table += full("stsc", struct.pack(">IIII", 1, 1, len(payloads), 1))
    table += full("stco", struct.pack(">II", 1, 32 + 8))  # after ftyp and the head of mdat
    media = box("mdia", mdhd(), hdlr(b"meta", b"GoPro MET"), box("minf", box("stbl", table)))
    return movie(tracks=trak() + box("trak", tkhd(number=2), media), mdat=b"".join(payloads))


def track(records: list[Record]) -> list[dict[str, object]]:
    made = next(record for record in records if isinstance(record, Derivative))
    assert made.recipe == "track/1"
    rows = json.loads(made.content)
    assert isinstance(rows, list)
    return rows


def test_a_track_of_positions_in_a_recording() -> None:
    content = recording(gps5([(33.1, -117.3, 10), (33.2, -117.4, 11)]), gps5([(33.3, -117.5, 12)]))
    records, refusal = read(ANALYSER, content)
    assert not refusal
    found = values(records)
    assert (found["gpmf:first_fix_latitude"], found["gpmf:first_fix_longitude"]) == (33.1, -117.3)
    assert found["gpmf:first_fix_altitude_m"] == 10.0
    assert isinstance(found["gpmf:first_fix_utc"], Moment)
    assert found["gpmf:first_fix_utc"].iso() == "2018-01-24T19:28:01.699Z"
    rows = track(records)
    assert [row["seconds"] for row in rows] == [0.0, 0.5, 1.0]
    assert rows[0]["speed_mps"] == 1.5


def test_the_first_fix_with_a_lock_is_told() -> None:
    content = recording(gps5([(1.0, 2.0, 0)], lock=0), gps5([(33.3, -117.5, 12)], lock=3))
    found = values(read(ANALYSER, content)[0])
    assert found["gpmf:first_fix_latitude"] == 33.3
    assert found["gpmf:first_fix_seconds"] == 1.0
    assert found["gpmf:fixes_without_lock"] == 1


def test_without_any_lock_that_is_said() -> None:
    found = values(read(ANALYSER, gps5([(1.0, 2.0, 0)], lock=0))[0])
    assert found["gpmf:first_fix_lock"] == 0


def test_newer_cameras_write_a_date_with_every_fix() -> None:
    found = values(read(ANALYSER, gps9(35.25, 51.5, 3600.5))[0])
    assert (found["gpmf:first_fix_latitude"], found["gpmf:first_fix_longitude"]) == (35.25, 51.5)
    assert isinstance(found["gpmf:first_fix_utc"], Moment)
    assert found["gpmf:first_fix_utc"].iso() == "2024-02-04T01:00:00.500Z"


def test_impossible_positions_are_no_fixes() -> None:
    assert not [key for key in values(read(ANALYSER, gps5([(91.0, 0.0, 0), (0.0, 200.0, 0)]))[0]) if "fix" in key]


def test_a_recording_without_positions_says_nothing() -> None:
    assert read(ANALYSER, movie()) == ([], "")


def test_settings_in_user_data() -> None:
    user = box("udta", box("GPMF", nest("DEVC", klv("MINF", "c", 1, b"HERO11 Black"), klv("CASN", "c", 1, b"C3471"))))
    found = values(read(ANALYSER, movie(user))[0])
    assert (found["gpmf:model"], found["gpmf:serial"]) == ("HERO11 Black", "C3471")


def test_a_track_that_points_beyond_the_file_is_corrupt() -> None:
    content = recording(gps5([(1.0, 2.0, 0)])).replace(struct.pack(">II", 1, 40), struct.pack(">II", 1, 1 << 30))
    assert "beyond the end" in read(ANALYSER, content)[1]


def test_every_truncation_raises_only_what_an_instrument_may() -> None:
    raw, mp4 = gps5([(33.1, -117.3, 10)] * 3), recording(gps5([(33.1, -117.3, 10)]))
    for cut in range(len(raw)):
        read(ANALYSER, raw[:cut], kind=Kind.OTHER, media_type="application/x-gpmf")
    for cut in range(len(mp4)):
        read(ANALYSER, mp4[:cut], kind=Kind.VIDEO, media_type="video/mp4")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255))
def test_any_changed_byte_raises_only_what_an_instrument_may(at: int, byte: int) -> None:
    content = bytearray(recording(gps5([(33.1, -117.3, 10), (33.2, -117.4, 11)]), gps9(1, 2, 3)))
    content[at % len(content)] = byte
    read(ANALYSER, bytes(content), kind=Kind.VIDEO, media_type="video/mp4")


@pytest.mark.parametrize("depth", [3000])
def test_nesting_is_followed_only_so_deep(depth: int) -> None:
    content = b""
    while len(content) < depth * 8 and len(content) < 60_000:
        content = nest("DEVC", content)
    read(ANALYSER, content, kind=Kind.OTHER, media_type="application/x-gpmf")


@pytest.mark.samples
def test_real_streams(samples) -> None:
    karma = values(read(ANALYSER, (samples / "metadata/media/64424c35/karma.raw").read_bytes())[0])
    assert (karma["gpmf:first_fix_latitude"], karma["gpmf:first_fix_longitude"]) == (33.125368, -117.3310641)
    hero = values(read(ANALYSER, (samples / "metadata/media/be82cf6b/hero6.raw").read_bytes())[0])
    assert (hero["gpmf:first_fix_latitude"], hero["gpmf:first_fix_longitude"]) == (33.1265542, -117.3271299)
    assert hero["gpmf:fixes"] == 17
