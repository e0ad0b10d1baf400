"""A container's time of a maker that writes its local clock is read in any zone, every other one as UTC."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.metadata.dossiers import at, dossier, said
from verifier.dossier import ExhibitDossier, Said
from verifier.findings.facts import establish
from verifier.findings.time.testimony import clocks_of
from verifier.records import Kind


def movie(*readings: Said) -> ExhibitDossier:
    one = dossier(
        said("mp4:mvhd.creation_time", at("2023-05-04T10:11:12Z")), *readings,
        name="a.mp4", kind=Kind.VIDEO, media_type="video/mp4",
    )  # fmt: skip
    return ExhibitDossier(
        exhibit=one.exhibit,
        acquisitions=one.acquisitions,
        readings=one.readings,
        facts=establish(one.readings, one.exhibit),
    )


def width(one: ExhibitDossier) -> timedelta:
    (clock,) = [clock for clock in clocks_of(one) if clock.question == "created_at"]
    assert clock.earliest <= clock.latest
    return clock.latest - clock.earliest


@pytest.mark.parametrize(
    "reading",
    [
        said("quicktime:make", "Canon"), said("nikon:Make", "NIKON CORPORATION"), said("novatek:blocks", 5),
        said("gopro:FIRM", "HD6.01.01"), said("exif:Make", "GoPro", location="IFD0"),
    ],
)  # fmt: skip
def test_local_clocks_may_mean_any_zone(reading: Said) -> None:
    assert width(movie(reading)) >= timedelta(hours=24)


@pytest.mark.parametrize(
    "reading", [said("quicktime:com.apple.quicktime.make", "Apple"), said("mp4:major_brand", "mp42")]
)
def test_other_clocks_are_utc(reading: Said) -> None:
    assert width(movie(reading)) == timedelta(0)
