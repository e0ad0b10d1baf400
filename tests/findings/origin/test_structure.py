"""Thumbnails of another shape, and bytes behind the end."""

from __future__ import annotations

import pytest

from tests.media.making import still
from tests.metadata import forging
from tests.metadata.dossiers import case, dossier, said
from tests.metadata.reading import read, values
from verifier.findings.origin.structure import CHECK
from verifier.metadata.exif import ANALYSER
from verifier.records import Finding, Value


def findings(*readings: tuple[str, Value]) -> list[Finding]:
    one = dossier(*(said(key, value) for key, value in readings))
    return list(CHECK.check(one, case(one)))


def shapes(thumbnail: tuple[int, int], picture: tuple[int, int]) -> list[str]:
    found = findings(
        ("exif:thumbnail.width", thumbnail[0]), ("exif:thumbnail.height", thumbnail[1]),
        ("photo:width", picture[0]), ("photo:height", picture[1]),
    )  # fmt: skip
    return [finding.code for finding in found]


def test_a_crop_that_kept_its_thumbnail_is_told() -> None:
    assert shapes((256, 171), (2000, 2000)) == ["structure.thumbnail_differs"]


@pytest.mark.parametrize(
    ("thumbnail", "picture"),
    [
        ((256, 171), (3000, 2000)),  # the same shape
        ((256, 171), (2000, 3000)),  # turned, and the thumbnail left
        ((160, 120), (3000, 2000)),  # DCF's letterbox
        ((16, 8), (3000, 2000)),  # too small to have a shape
    ],
)
def test_ordinary_thumbnails_are_silent(thumbnail: tuple[int, int], picture: tuple[int, int]) -> None:
    assert shapes(thumbnail, picture) == []


def test_the_reader_states_the_thumbnails_size() -> None:
    block = forging.exif(forging.MAIN, thumbnail=still("JPEG", 80, 48))
    found = values(read(ANALYSER, forging.jpeg_with_exif(block))[0])
    assert (found["exif:thumbnail.width"], found["exif:thumbnail.height"]) == (80, 48)


@pytest.mark.parametrize("kind", ["ZIP archive", "other bytes", "PDF"])
def test_what_was_appended_is_told(kind: str) -> None:
    (finding,) = findings(("jpeg:trailing_bytes", 4096), ("jpeg:trailing_kind", kind))
    assert finding.code == "structure.appended"
    assert kind in finding.statement
    assert findings(("png:trailing_bytes", 7))[0].code == "structure.appended"


@pytest.mark.parametrize("kind", ["ISO base media (the video of a motion photo)", "pictures of the MPF index", "zeros"])
def test_what_cameras_append_is_silent(kind: str) -> None:
    assert findings(("jpeg:trailing_bytes", 4096), ("jpeg:trailing_kind", kind)) == []
