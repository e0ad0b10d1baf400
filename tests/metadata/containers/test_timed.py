from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.containers.test_gpmf import recording, track
from tests.metadata.reading import box, movie, read, values
from verifier.metadata.containers.timed import ANALYSER
from verifier.records import Kind

CAMM = box("camm", bytes(8))


def packet(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", 0, kind) + body


def place(latitude: float, longitude: float, altitude: float = 10.0) -> bytes:
    return packet(5, struct.pack("<3d", latitude, longitude, altitude))


def mebx(*names: str) -> bytes:
    keys = b""
    for number, name in enumerate(names, 1):
        declared = box("keyd", b"mdta", name.encode()) + box("dtyp", bytes(8))
        keys += struct.pack(">II", len(declared) + 8, number) + declared
    return box("mebx", bytes(8), box("keys", keys))


def value(number: int, text: str) -> bytes:
    return struct.pack(">II", len(text) + 8, number) + text.encode()


def test_camm_positions_among_other_packets() -> None:
    gyro = packet(2, bytes(12))
    content = recording(gyro + place(35.5, 51.25), gyro + place(35.6, 51.3), description=CAMM)
    records, refusal = read(ANALYSER, content)
    assert not refusal
    found = values(records)
    assert (found["camm:first_fix_latitude"], found["camm:first_fix_longitude"]) == (35.5, 51.25)
    assert [row["seconds"] for row in track(records)] == [0.0, 1.0]


def test_camm_with_lock_and_speed() -> None:
    full = packet(6, struct.pack("<di2d7f", 1.3e9, 3, 35.5, 51.25, 12.0, 1, 1, 3.0, 4.0, 0.0, 0.1))
    records, _ = read(ANALYSER, recording(full, description=CAMM))
    assert track(records)[0]["speed_mps"] == 5.0
    assert values(records)["camm:first_fix_lock"] == 3


@pytest.mark.parametrize("body", [place(0, 0), place(91, 0), place(float("nan"), 0), packet(99, bytes(12)), b"\0"])
def test_what_is_no_place_is_no_fix(body: bytes) -> None:
    assert read(ANALYSER, recording(body, description=CAMM)) == ([], "")


def test_apple_s_timed_keys_and_places() -> None:
    description = mebx("com.apple.quicktime.video-orientation", "com.apple.quicktime.location.ISO6709")
    content = recording(value(1, "x") + value(2, "+35.5000+051.2500+012.500/"), description=description)
    records, _ = read(ANALYSER, content)
    found = values(records)
    assert found["quicktime:timed"] == "com.apple.quicktime.video-orientation"
    assert found["quicktime:timed:first_fix_latitude"] == 35.5
    assert found["quicktime:timed:first_fix_altitude_m"] == 12.5


def test_a_recording_without_such_tracks_says_nothing() -> None:
    assert read(ANALYSER, movie()) == ([], "")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), st.booleans())
def test_damage_raises_only_what_an_instrument_may(at: int, byte: int, cut: bool) -> None:
    description = mebx("com.apple.quicktime.location.ISO6709")
    for whole in (
        recording(place(35.5, 51.25), description=CAMM),
        recording(value(1, "+35.5+051.2/"), description=description),
    ):
        content = bytearray(whole)
        content[at % len(content)] = byte
        end = at % len(content) if cut else len(content)
        read(ANALYSER, bytes(content[:end]), kind=Kind.VIDEO, media_type="video/mp4")
