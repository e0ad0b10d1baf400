"""Which reading becomes the fact, which only stands beside it, and what never becomes one."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.dossier import Said
from verifier.findings.facts import QUESTIONS, establish
from verifier.records import Exhibit, Kind, Moment, Reading, Value, Zone

PHOTO = Exhibit(id="a" * 64, sha512="", size=1, kind=Kind.PHOTO, media_type="image/jpeg")
VIDEO = Exhibit(id="a" * 64, sha512="", size=1, kind=Kind.VIDEO, media_type="video/mp4")


def moment(wall: str, zone: Zone = Zone.LOCAL) -> Moment:
    return Moment(text=wall, wall=wall, zone=zone)


def said(*readings: tuple[str, Value] | tuple[str, Value, str], exhibit: str = PHOTO.id) -> list[Said]:
    made = []
    for key, value, *place in readings:
        location = place[0] if place else "IFD0 0x0000, APP1 at byte 2"
        made.append(Said(reading=Reading(key=key, value=value, location=location), instrument="test", exhibit=exhibit))
    return made


def best(readings: Sequence[Said], question: str, exhibit: Exhibit = PHOTO) -> Value:
    fact = establish(readings, exhibit).get(question)
    return None if fact is None else fact.best.value


def test_the_first_source_wins_and_the_others_stay_visible() -> None:
    first, second = moment("2024-05-06T07:08:09"), moment("2024-05-06T09:00:00")
    fact = establish(said(("xmp:exif:DateTimeOriginal", second), ("exif:DateTimeOriginal", first)), PHOTO)[
        "captured_at"
    ]
    assert (fact.best.value, fact.best.basis) == (first, "exif:DateTimeOriginal")
    assert [(other.value, other.basis) for other in fact.others] == [(second, "xmp:exif:DateTimeOriginal")]


def test_a_date_that_is_none_gives_way_to_the_next() -> None:
    digitised = moment("2024-05-06T07:08:10")
    readings = said(("exif:DateTimeOriginal", "    :  :  "), ("exif:DateTimeDigitized", digitised, "ExifIFD 0x9004"))
    assert best(readings, "captured_at") == digitised


def test_what_only_restates_is_heard_but_never_best() -> None:
    readings = said(("xmp:photoshop:DateCreated", moment("2024-05-06T07:08:09")), ("xmp:CreatorTool", "Editor"))
    assert "captured_at" not in establish(readings, PHOTO)
    assert "software" not in establish(readings, PHOTO)
    with_exif = establish([*readings, *said(("exif:Software", "Firmware"))], PHOTO)["software"]
    assert [other.value for other in with_exif.others] == ["Editor"]


def test_a_tag_outside_its_directory_is_not_the_best() -> None:
    assert best(said(("exif:Make", "Maker", "ExifIFD 0x010F, APP1")), "make") is None
    assert best(said(("exif:Make", "Maker", "IFD0 0x010F, APP1")), "make") == "Maker"


def test_padding_goes_and_blanks_are_nothing() -> None:
    assert best(said(("exif:Make", "Maker   \x00")), "make") == "Maker"
    assert best(said(("exif:Make", "   ")), "make") is None


def test_created_at_is_the_containers_own_and_never_local() -> None:
    utc = moment("2024-05-06T07:08:09", Zone.UTC)
    assert best(said(("mp4:mvhd.creation_time", utc)), "created_at", VIDEO) == utc
    assert best(said(("mp4:mvhd.creation_time", moment("2024-05-06T07:08:09"))), "created_at", VIDEO) is None
    assert best(said(("mp4:mvhd.creation_time", utc)), "captured_at", VIDEO) is None


def test_orientation_is_one_of_eight() -> None:
    assert best(said(("exif:Orientation", 6)), "orientation") == 6
    assert best(said(("exif:Orientation", 0)), "orientation") is None


def test_a_position_is_of_one_source() -> None:
    readings = said(
        ("exif:GPSPosition.latitude", 35.5, "GPS 0x0002, A"), ("exif:GPSPosition.longitude", 51.5, "GPS 0x0004, A"),
        ("xmp:GPSPosition.latitude", 10.0, "B"), ("xmp:GPSPosition.longitude", 20.0, "B"),
        ("xmp:GPSPosition.altitude_m", 99.0, "B"),
    )  # fmt: skip
    facts = establish(readings, PHOTO)
    assert facts["position_latitude"].best.value == 35.5
    assert facts["position_longitude"].best.value == 51.5
    assert "position_altitude_m" not in facts  # the altitude belongs to the other position
    assert [other.value for other in facts["position_latitude"].others] == [10.0]
    assert facts["position_latitude"].others[0].basis == "xmp:GPSPosition.latitude"


def test_positions_of_videos() -> None:
    apple = said(("quicktime:com.apple.quicktime.location.ISO6709", "+32.0929+034.8620+028.516/", "moov/meta"))
    facts = establish(apple, VIDEO)
    assert [facts[f"position_{name}"].best.value for name in ("latitude", "longitude", "altitude_m")] == [
        32.0929, 34.862, 28.516,
    ]  # fmt: skip
    assert establish(said(("mp4:loci.latitude", 0.0), ("mp4:loci.longitude", 0.0)), VIDEO) == {}


def test_a_sidecars_word_is_no_fact_of_these_bytes() -> None:
    elsewhere = said(("exif:Make", "Maker"), exhibit="b" * 64)
    about = [Said(reading=Reading(key="exif:Make", value="Maker", location="IFD0", subject="a.jpg"), instrument="t",
                  exhibit=PHOTO.id)]  # fmt: skip
    assert establish([*elsewhere, *about], PHOTO) == {}


def test_every_question_of_the_contract_has_a_rule() -> None:
    assert set(QUESTIONS) == {
        "captured_at", "created_at", "gps_time", "make", "model", "software", "serial", "lens", "width", "height",
        "orientation", "rotation_degrees", "duration_s", "video_codec", "audio_codec", "frame_rate",
    }  # fmt: skip
