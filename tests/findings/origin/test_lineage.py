"""Every class of lineage with a dossier in which it speaks, and the traps that must not mislead it."""

from __future__ import annotations

import pytest

from tests.metadata.dossiers import about, case, dossier, said
from verifier.dossier import ExhibitDossier
from verifier.findings.origin.lineage import CHECK
from verifier.findings.origin.lineage_signs import SOFTWARE
from verifier.metadata.software import named
from verifier.records import Finding, FindingOutcome, Kind

MAKE, MODEL, NOTE = said("exif:Make", "Canon"), said("exif:Model", "EOS 5D"), said("exif:MakerNote", 900)


def findings(one: ExhibitDossier) -> dict[str, Finding]:
    return {finding.code: finding for finding in CHECK.check(one, case(one))}


def video(*readings, name: str = "clip.mp4", media_type: str = "video/mp4") -> ExhibitDossier:
    return dossier(*readings, name=name, kind=Kind.VIDEO, media_type=media_type)


SPEAKS = [
    ("lineage.camera_original", FindingOutcome.SUPPORTS, dossier(MAKE, MODEL, NOTE)),
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
    assert found[code].caveat


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
            said("exif:Software", "17.1"),
            said("exif:ExifImageWidth", 4032),
            said("photo:width", 3024),
            said("photo:height", 4032),
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
    found = findings(dossier(MAKE, MODEL))["lineage.camera_original"]
    assert "always writes is missing" in found.contrary[0]
    assert findings(dossier(said("exif:Make", "Xiaomi"), MODEL))["lineage.camera_original"].contrary == ()


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
