"""The walk over a JPEG's markers, through scans, fill bytes and rubbish."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from tests.media.making import still
from tests.metadata.forging import segment
from verifier.media.structure.segments import SOI, SOS, end_of_image, marker_name, segments


def names(content: bytes) -> list[str]:
    return [found.name for found in segments(io.BytesIO(content), len(content))]


def test_the_walk_ends_at_the_first_scan() -> None:
    assert names(still("JPEG"))[0] == "SOI"
    assert names(still("JPEG"))[-1] == "SOS"
    assert "SOF0" in names(still("JPEG"))


def test_it_goes_on_behind_a_scan_when_asked() -> None:
    content = still("JPEG", progressive=True)
    *_, scan = segments(io.BytesIO(content), len(content))
    assert scan.marker == SOS
    more = segments(io.BytesIO(content), len(content), scan.offset + 4 + scan.length, resumed=True)
    assert [found.name for found in more][-1] in ("SOS", "EOI")


def test_fill_bytes_and_rubbish_between_segments_are_skipped() -> None:
    content = b"\xff\xd8" + b"\xff\xff" + segment(0xE1, b"one") + b"rubbish" + segment(0xFE, b"two") + b"\xff\xd9"
    assert names(content) == ["SOI", "APP1", "COM", "EOI"]


def test_a_cut_segment_says_so() -> None:
    content = b"\xff\xd8" + segment(0xE1, b"0123456789")[:-4]
    *_, last = segments(io.BytesIO(content), len(content))
    assert last.is_cut
    assert last.payload == b"012345"


def test_the_end_is_found_across_pieces() -> None:
    content = b"\x00" * ((1 << 20) - 1) + b"\xff\xd9"
    assert end_of_image(io.BytesIO(content), 0, len(content)) == (1 << 20) - 1
    assert end_of_image(io.BytesIO(content[:-1]), 0, len(content) - 1) is None


def test_names_of_markers() -> None:
    assert [marker_name(code) for code in (SOI, 0xE1, 0xC2, 0xDB, 0x02)] == ["SOI", "APP1", "SOF2", "DQT", "0x02"]


@given(st.binary(max_size=600))
def test_any_bytes_end(content: bytes) -> None:
    found = list(segments(io.BytesIO(b"\xff\xd8" + content), len(content) + 2))
    offsets = [one.offset for one in found]
    assert offsets == sorted(set(offsets))
