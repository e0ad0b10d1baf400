"""What a sidecar says of a file is lent only where it fits the file's own bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.metadata.dossiers import dossier, said
from verifier.dossier import Said
from verifier.findings.attested import fitting
from verifier.records import Kind, Reading, Value

PHOTO = dossier(said("photo:width", 640), said("photo:height", 480))
SIDE = "c" * 64


def stated(rule: str = "exact path", **values: Value) -> tuple[Said, ...]:
    return tuple(
        Said(
            reading=Reading(key=key.replace("__", ":"), value=value, location=f"message 1 [{rule}]", subject="a.jpg"),
            instrument="sidecar",
            exhibit=SIDE,
        )
        for key, value in values.items()
    )


@pytest.mark.parametrize(
    "values",
    [
        {"telegram__date": "x"},
        {"telegram__file_size": 1},
        {"telegram__photo_file_size": 1, "telegram__file_size": 7},
        {"telegram__width": 640, "telegram__height": 480},
        {"telegram__width": 480, "telegram__height": 640},  # turned
        {"telegram__mime_type": "image/png"},
        {"snapchat__media_type": "Image"},
    ],
)
def test_what_fits_a_photo(values: dict[str, Value]) -> None:
    assert fitting(PHOTO, stated(**values)) == stated(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"telegram__file_size": 2},
        {"telegram__width": 1280, "telegram__height": 960},
        {"telegram__mime_type": "video/mp4"},
        {"snapchat__media_type": "Video"},
    ],
)
def test_what_another_photo_is_said_to_be(values: dict[str, Value]) -> None:
    """Nothing of that message is lent, its date neither; another message's is."""
    told = stated(telegram__date="x", **values)
    other = tuple(
        replace(one, reading=replace(one.reading, location="message 2")) for one in stated(telegram__date="y")
    )
    assert fitting(PHOTO, (*told, *other)) == other


@pytest.mark.parametrize(
    ("values", "fits"),
    [
        ({"telegram__duration_seconds": 9}, True),
        ({"telegram__duration_seconds": 60}, False),
        ({"telegram__duration_seconds": 2}, False),
        ({"yt-dlp__duration": 60}, True),  # a section of it was fetched
        ({"yt-dlp__duration": 2}, False),
        ({"srt__duration_s": 8.2}, True),
        ({"srt__duration_s": 3.0}, False),
        ({"telegram__mime_type": "image/jpeg"}, True),  # an animation
        ({"telegram__width": 1, "telegram__height": 2}, True),  # measured by the sender's program
    ],
)
def test_lengths(values: dict[str, Value], fits: bool) -> None:
    video = dossier(*duration(8.0), kind=Kind.VIDEO, media_type="video/mp4")
    assert bool(fitting(video, stated(**values))) is fits


def test_a_digest_needs_no_other_proof() -> None:
    told = stated("digest", telegram__file_size=2)
    assert fitting(PHOTO, told) == told


def test_an_upload_of_the_original_is_none_of_its_edit() -> None:
    told = stated("that of the original", takeout__photoTakenTime="x", takeout__creationTime="y")
    assert fitting(PHOTO, told) == told[:1]


@pytest.mark.parametrize(("seconds", "fits"), [(2.9, True), (60.0, False), (None, False)])
def test_the_recording_of_a_live_photo_is_short(seconds: float | None, fits: bool) -> None:
    video = dossier(*(duration(seconds) if seconds else ()), kind=Kind.VIDEO, media_type="video/mp4")
    assert bool(fitting(video, stated("that of the live photo", takeout__title="IMG_1.HEIC"))) is fits


def duration(seconds: float) -> tuple[Said, ...]:
    return (said("container:duration_s", seconds),)
