"""GIF's comments and extensions, and a file without its trailer."""

from __future__ import annotations

from tests.media.making import still
from tests.metadata.reading import read, values
from verifier.metadata.stills.gif import ANALYSER

PICTURE = still("GIF", 8, 8, mode="P")


def test_comment_application_and_pictures() -> None:
    at = 13 + (3 << ((PICTURE[10] & 7) + 1))
    comment = b"\x21\xfe\x05hello\x00"
    looping = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    records, refusal = read(ANALYSER, PICTURE[:at] + comment + looping + PICTURE[at:] + b"more")
    found = values(records)
    assert refusal == ""
    assert found["gif:comment"] == "hello"
    assert found["gif:application"] == "NETSCAPE2.0"
    assert found["gif:pictures"] == 1
    assert found["gif:trailing_bytes"] == 4


def test_a_cut_file_is_refused() -> None:
    for end in range(6, len(PICTURE)):
        assert read(ANALYSER, PICTURE[:end], media_type="image/gif")[1] != ""
