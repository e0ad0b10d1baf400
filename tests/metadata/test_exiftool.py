"""The second reading: with the real program where there is one, and what is refused without it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.metadata import forging
from tests.metadata.dossiers import at, case, dossier, said
from verifier.dossier import Said
from verifier.errors import Unsupported
from verifier.findings.origin.readers import CHECK
from verifier.metadata import exiftool
from verifier.metadata.exiftool import read_batch, version
from verifier.records import Finding

PROGRAM = shutil.which("exiftool")
needs_exiftool = pytest.mark.skipif(PROGRAM is None, reason="ExifTool is not installed here")
NAME = "0" * 64


def kept(folder: Path, content: bytes) -> str:
    path = folder / NAME
    path.write_bytes(content)
    return str(path)


@needs_exiftool
def test_the_real_program_reads_the_vaults_copy(tmp_path: Path) -> None:
    assert PROGRAM is not None
    assert version(PROGRAM) >= exiftool.LEAST_VERSION
    path = kept(tmp_path, forging.jpeg_with_exif(forging.whole_exif()))
    readings = {reading.key: reading.value for reading in read_batch(PROGRAM, {NAME: path}, seconds=60)[NAME]}
    assert readings["exiftool:IFD0:Make"] == "Maker"
    assert readings["exiftool:ExifIFD:DateTimeOriginal"] == "2024:05:06 07:08:09"
    assert readings["exiftool:Composite:GPSLatitude"] == pytest.approx(-35.6916666, abs=1e-6)


@needs_exiftool
def test_a_broken_file_is_an_answer_and_not_a_failure(tmp_path: Path) -> None:
    assert PROGRAM is not None
    read_batch(PROGRAM, {NAME: kept(tmp_path, b"\xff\xd8\xff\xe1")}, seconds=60)


@pytest.mark.parametrize(
    "path", ["evidence/IMG.jpg", "/case/a|b", f"/case/{'0' * 63}\n", f"/case/-config\n/{NAME}", "relative"]
)
def test_only_names_that_are_digests_are_handed_over(path: str) -> None:
    with pytest.raises(Unsupported, match="named by their digest"):
        read_batch("/usr/bin/true", {NAME: path}, seconds=5)


def test_a_program_that_says_no_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="does not say its version"):
        read_batch("/bin/true", {NAME: kept(tmp_path, b"")}, seconds=5)
    with pytest.raises(Unsupported, match="did not run"):
        version(str(tmp_path / "absent"))
    with pytest.raises(Unsupported, match="whole path"):
        version("exiftool")


@pytest.mark.parametrize(("text", "sentence"), [("12.16", "older"), ("9.99", "older")])
def test_an_old_program_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    script = tmp_path / "old"
    script.write_text(f"#!/bin/sh\necho {text}\n")
    script.chmod(0o700)
    with pytest.raises(Unsupported, match=sentence):
        version(str(script))


def findings(*readings: Said) -> list[Finding]:
    one = dossier(*readings)
    return list(CHECK.check(one, case(one)))


def test_readers_that_agree_are_silent() -> None:
    assert findings(
        said("exif:Make", "Maker  "), said("exiftool:IFD0:Make", "Maker"),
        said("exif:GPSPosition.latitude", 35.69166), said("exiftool:Composite:GPSLatitude", 35.69167),
        said("exif:DateTimeOriginal", at("2024-05-06T07:08:09")),
        said("exiftool:ExifIFD:DateTimeOriginal", "2024-05-06T07:08:09"),
    ) == []  # fmt: skip


def test_a_difference_and_a_silence_are_told() -> None:
    found = findings(said("exif:Make", "Maker"), said("exiftool:IFD0:Make", "Other"), said("exiftool:IFD0:Model", "M"))
    assert [finding.values["key"] for finding in found] == ["exif:Make", "exif:Model"]
    assert found[1].because[0] == "exif:Model: nothing"


def test_without_a_second_reading_nothing_is_said() -> None:
    assert findings(said("exif:Make", "Maker")) == []
