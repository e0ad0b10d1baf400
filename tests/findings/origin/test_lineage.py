"""Every class of lineage with a dossier in which it speaks, and the traps that must not mislead it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.metadata.dossiers import about, case, dossier, said
from verifier.dossier import ExhibitDossier, Said
from verifier.findings.origin.lineage import CHECK
from verifier.findings.origin.lineage_signs import SOFTWARE
from verifier.metadata.software import named
from verifier.records import Fault, FaultKind, Finding, FindingOutcome, Kind
from verifier.report.language import language
from verifier.report.sentences import caveat, plain

MAKE, MODEL, NOTE = said("exif:Make", "Canon"), said("exif:Model", "EOS 5D"), said("exif:MakerNote", 900)

BUILD = (
    said("exif:ExposureTime", "1/250"), said("exif:FNumber", "28/10"), said("exif:ISOSpeedRatings", 200),
    said("exif:ExifVersion", "0231"), said("jpeg:quantisation.luma.standard", False),
    said("exif:ExifImageWidth", 4032), said("photo:width", 4032), said("photo:height", 3024),
)  # fmt: skip


def findings(one: ExhibitDossier) -> dict[str, Finding]:
    return {finding.code: finding for finding in CHECK.check(one, case(one))}


def video(*readings, name: str = "clip.mp4", media_type: str = "video/mp4") -> ExhibitDossier:
    return dossier(*readings, name=name, kind=Kind.VIDEO, media_type=media_type)


SPEAKS = [
    ("lineage.camera_original", FindingOutcome.SUPPORTS, dossier(MAKE, MODEL, NOTE, *BUILD)),
    ("lineage.camera_named", FindingOutcome.INCONCLUSIVE, dossier(MAKE, MODEL, NOTE)),
    ("lineage.camera_original", FindingOutcome.SUPPORTS,
     video(said("quicktime:com.apple.quicktime.make", "Apple"), said("mp4:handler.video", "Core Media Video"))),
    ("lineage.edited", FindingOutcome.NOTES, dossier(MAKE, said("exif:Software", "Adobe Photoshop 24.1"))),
    ("lineage.edited", FindingOutcome.NOTES,
     dossier(MAKE, said("exif:ExifImageWidth", 4000), said("photo:width", 1000), said("photo:height", 750))),
    ("lineage.edited", FindingOutcome.NOTES, dossier(MAKE, name="IMG_E4120.JPG")),
    ("lineage.reencoded", FindingOutcome.NOTES,
     video(said("sei:encoder", "x264 - core 155 - options: cabac=1"), said("quicktime:©too", "Lavf58.29.100"))),
    ("lineage.reencoded", FindingOutcome.NOTES, dossier(MAKE, media_type="image/webp")),
    ("lineage.remuxed", FindingOutcome.NOTES, video(said("quicktime:©too", "Lavf58.29.100"))),
    ("lineage.platform_copy", FindingOutcome.NOTES, dossier(said("jpeg:jfif", "1.1"), name="IMG-20250305-WA0002.jpg")),
    ("lineage.platform_copy", FindingOutcome.NOTES, dossier(said("iptc:SpecialInstructions", "FBMD01000aa"))),
    ("lineage.platform_copy", FindingOutcome.NOTES,
     video(said("mp4:handler.video", "ISO Media file produced by Google Inc. Created on: 01/02/2023."))),
    ("lineage.platform_copy", FindingOutcome.NOTES,
     video(said("mp4:major_brand", "isom"), about("telegram:message_id", 5, "clip.mp4", "c" * 64))),
    ("lineage.screen", FindingOutcome.NOTES, dossier(said("jpeg:jfif", "1.1"), name="Screenshot_20230102-030405.jpg")),
    ("lineage.screen", FindingOutcome.NOTES, dossier(said("exif:UserComment", "Screenshot"), media_type="image/png")),
    ("lineage.undetermined", FindingOutcome.INCONCLUSIVE, dossier(said("jpeg:jfif", "1.1"))),
    ("lineage.generator_marked", FindingOutcome.NOTES,
     dossier(said("xmp:Iptc4xmpExt:DigitalSourceType",
                  "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"))),
    ("lineage.generator_marked", FindingOutcome.NOTES,
     dossier(said("png:tEXt.parameters", "a street, Steps: 20"), media_type="image/png")),
    ("lineage.no_camera_data", FindingOutcome.NOTES, dossier(said("jpeg:jfif", "1.1"))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "outcome", "one"), SPEAKS, ids=[f"{n}-{row[0]}" for n, row in enumerate(SPEAKS)])
def test_each_class_speaks(code: str, outcome: FindingOutcome, one: ExhibitDossier) -> None:
    found = findings(one)
    assert code in found, sorted(found)
    assert found[code].outcome is outcome
    assert plain(caveat(found[code], language("en")))


def test_every_code_has_a_dossier_here() -> None:
    assert {row[0] for row in SPEAKS} == set(CHECK.codes)


def test_there_is_exactly_one_class() -> None:
    marks = {"lineage.generator_marked", "lineage.no_camera_data"}
    for _, _, one in SPEAKS:
        assert len(set(findings(one)) - marks) == 1


def test_all_is_silent_on_what_is_no_medium_and_on_what_was_not_read() -> None:
    assert findings(dossier(said("x:y", 1), kind=Kind.SIDECAR)) == {}
    assert findings(dossier()) == {}
    assert findings(dossier(about("telegram:message_id", 5, "picture.jpg", "c" * 64))) == {}


def test_what_argues_against_is_told() -> None:
    found = findings(dossier(MAKE, NOTE, said("exif:Software", "GIMP 2.10"), name="IMG-20250305-WA0002.jpg"))
    contrary = " ".join(found["lineage.edited"].contrary)
    assert "WhatsApp" in contrary
    assert "Canon" in contrary


def test_an_ordinary_camera_file_bears_no_other_class() -> None:
    found = findings(
        dossier(
            MAKE,
            MODEL,
            NOTE,
            *BUILD,
            said("exif:Software", "17.1"),
            name="IMG_4120.JPG",
        )
    )
    assert set(found) == {"lineage.camera_original"}
    assert found["lineage.camera_original"].contrary == ()


@pytest.mark.parametrize(
    "firmware",
    [
        "17.1",
        "HDR+ 1.0.570503588zd",
        "Ver.1.00",
        "G900FXXU1CPIV",
        "HD6.01.01.51.00",
        "Digital Camera DSC-W1",
        "ELE-L29 10",
    ],
)
def test_a_camera_s_firmware_is_no_editor(firmware: str) -> None:
    for kind in ("editors", "tools", "platforms", "screens", "generators"):
        assert named(kind, firmware) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nikon Capture Editor 4.3.1 W", "Nikon's programs"),
        ("Photos 1.5", "Apple's photo programs"),
        ("Adobe Photoshop Lightroom 6.7 (Windows)", "Adobe Photoshop"),
        ("GIMP 2.10.36", "GIMP"),
        ("paint.net 4.3.12", "Paint.NET"),
        ("Microsoft Windows Photo Viewer 10.0", "Windows Photo"),
    ],
)
def test_editors_are_known_by_name(text: str, name: str) -> None:
    assert named("editors", text) == name


def test_an_action_camera_called_firefly_and_a_spanish_imagen_are_no_generators() -> None:
    one = dossier(
        said("exif:Make", "Hawkeye Firefly"), said("exif:Software", "Firefly 8SE"), said("xmp:dc:title", "imagen")
    )
    assert "lineage.generator_marked" not in findings(one)


def test_a_missing_maker_s_block_argues_against() -> None:
    found = findings(dossier(MAKE, MODEL, *BUILD))["lineage.camera_named"]
    assert found.contrary[0].startswith("no_maker_note")
    xiaomi = findings(dossier(said("exif:Make", "Xiaomi"), MODEL, *BUILD))
    assert xiaomi["lineage.camera_original"].contrary == ()


@pytest.mark.parametrize(
    ("lack", "changed"),
    [
        ("few_pixels", [said("photo:width", 640), said("photo:height", 480), said("exif:ExifImageWidth", 640)]),
        ("tables_of_a_program", [said("jpeg:quantisation.luma.standard", True), said("jpeg:jfif", "1.01")]),
        ("no_exposure_tags", []),
        ("size_not_stated", []),
    ],
)
def test_a_camera_s_name_without_its_build_is_no_camera_original(lack: str, changed: list[Said]) -> None:
    left_out = {item.reading.key for item in changed}
    if lack == "no_exposure_tags":
        left_out = {"exif:ExposureTime", "exif:FNumber", "exif:ISOSpeedRatings"}
    elif lack == "size_not_stated":
        left_out = {"exif:ExifImageWidth"}
    kept = [item for item in BUILD if item.reading.key not in left_out]
    found = findings(dossier(MAKE, MODEL, NOTE, *kept, *changed))
    assert "lineage.camera_original" not in found
    named_only = found["lineage.camera_named"]
    assert any(reason.startswith(lack) for reason in named_only.contrary)
    assert str(named_only.values["camera"]).startswith("Canon EOS 5D")


def test_a_movie_that_only_tags_give_a_camera_is_no_camera_original() -> None:
    tags = (said("quicktime:com.apple.quicktime.make", "Apple"), said("quicktime:com.apple.quicktime.model", "iPhone"))
    assert "lineage.camera_named" in findings(video(*tags))
    assert "lineage.camera_original" in findings(video(*tags, said("quicktime:timed", "a.key")))


PLACES_OF_A_MAKER = (
    "exif:Make", "quicktime:com.apple.quicktime.make", "quicktime:com.android.manufacturer", "quicktime:©mak",
    "quicktime:make", "h264:MDPM.make", "gopro:FIRM", "gpmf:model", "gpmf:device", "sony:manufacturer", "nikon:Make",
    "avi:strd.make", "xmp:tiff:Make", "file:recorder_header", "tags:maker",
)  # fmt: skip


@pytest.mark.parametrize("key", PLACES_OF_A_MAKER)
def test_no_absence_of_a_camera_where_any_place_names_one(key: str) -> None:
    assert "lineage.no_camera_data" not in findings(video(said(key, "Planted")))
    assert "lineage.no_camera_data" not in findings(dossier(said(key, "Planted")))


def test_no_absence_of_a_camera_where_a_sidecar_names_one_or_something_was_not_read() -> None:
    bare = said("mp4:major_brand", "isom")
    assert "lineage.no_camera_data" in findings(video(bare))
    beside = about("sony:modelName", "ILCE-7M4", "clip.mp4", "c" * 64)
    assert "lineage.no_camera_data" not in findings(video(bare, beside))
    damaged = Fault(kind=FaultKind.CORRUPT, detail="cut", instrument="boxes")
    assert "lineage.no_camera_data" not in findings(replace(video(bare), faults=(damaged,)))


def test_weak_signs_decide_nothing() -> None:
    names = ("final.mp4", "C0001.mp4", "7106594312292453675.mp4")
    for name in names:
        found = findings(video(said("mp4:handler.video", "VideoHandler"), name=name))
        assert "lineage.undetermined" in found


def test_a_mac_s_own_recording_is_no_camera_original() -> None:
    found = findings(
        video(
            said("quicktime:com.apple.quicktime.make", "Apple"),
            said("quicktime:com.apple.quicktime.model", "Mac15,9"),
            said("quicktime:com.apple.quicktime.software", "macOS 14.6.1 (23G93)"),
        )
    )
    assert "lineage.undetermined" in found


def test_the_tags_that_are_searched_for_programs_are_named_once() -> None:
    assert len(SOFTWARE) == len(set(SOFTWARE))
