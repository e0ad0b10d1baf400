"""Files that users of other tools reported: recordings nobody recognised, and cameras that nobody read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import verify

pytestmark = pytest.mark.samples


def report(folder: Path, root: Path) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code of an ingest, and the exhibits of its report by name."""
    ran = verify("ingest", folder, "--case", root / "case", "--json", "--jobs", 1, "--no-dedup")
    assert verify("report", "--case", root / "case", "--out", root / "out", "--format", "json").code == 0
    known = json.loads((root / "out" / "report.json").read_text(encoding="utf-8"))
    return ran.code, {exhibit["names"][0]: exhibit for exhibit in known["exhibits"]}


@pytest.fixture(scope="module")
def unrecognised(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, dict[str, Any]]]:
    return report(samples / "reported" / "09-unrecognised" / "in", tmp_path_factory.mktemp("unrecognised"))


@pytest.fixture(scope="module")
def makers(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, dict[str, Any]]]:
    return report(samples / "reported" / "12-maker-boxes" / "in", tmp_path_factory.mktemp("makers"))


def codes(exhibit: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in exhibit["findings"]}


@pytest.mark.parametrize(
    ("name", "codec"), [("dvr_export.264", "h264"), ("hls_part.ts", "h264"), ("cctv_imkh.mp4", "mpeg2video")]
)
def test_recordings_of_recorders_are_examined(
    unrecognised: tuple[int, dict[str, dict[str, Any]]], name: str, codec: str
) -> None:
    exhibit = unrecognised[1][name]
    assert exhibit["kind"] == "video"
    assert exhibit["facts"]["video_codec"]["value"] in (codec, "mpeg1video")
    assert exhibit["facts"]["width"]["value"] == 160
    assert exhibit["faults"] == []


def test_a_picture_behind_zeros_is_examined_and_told(unrecognised: tuple[int, dict[str, dict[str, Any]]]) -> None:
    exhibit = unrecognised[1]["padded.jpg"]
    assert (exhibit["kind"], exhibit["facts"]["width"]["value"]) == ("photo", 320)
    assert "structure.leading" in codes(exhibit)
    assert exhibit["facts"]["captured_at"]["value"] == "2023-05-04T10:11:12+03:30"


def test_a_placeholder_says_that_its_picture_is_not_here(unrecognised: tuple[int, dict[str, dict[str, Any]]]) -> None:
    code, exhibits = unrecognised
    exhibit = exhibits[".IMG_0042.HEIC.icloud"]
    assert code == 1
    assert [fault["kind"] for fault in exhibit["faults"]] == ["unsupported"]
    (told,) = [finding for finding in exhibit["findings"] if finding["code"] == "placeholder.not_here"]
    assert "IMG_0042.HEIC" in told["statement"]


def test_sony_s_own_box_is_read(makers: tuple[int, dict[str, dict[str, Any]]]) -> None:
    facts = makers[1]["C0001.MP4"]["facts"]
    assert (facts["make"]["value"], facts["model"]["value"]) == ("Sony", "ILME-FX3")
    assert facts["serial"]["value"] == "09990001"
    assert facts["captured_at"]["value"] == "2023-05-04T10:11:12+03:30"
    assert facts["position"]["latitude"] == pytest.approx(35.691667, abs=1e-6)
    assert facts["position"]["longitude"] == pytest.approx(51.416667, abs=1e-6)
    assert "lineage.no_camera_data" not in codes(makers[1]["C0001.MP4"])


def test_sony_s_sidecar_speaks_of_the_clip_beside_it(makers: tuple[int, dict[str, dict[str, Any]]]) -> None:
    clip = makers[1]["C0002.MP4"]
    said = {reading["key"]: reading["value"] for reading in clip["readings"]}
    assert (said["sony:modelName"], said["sony:serialNo"]) == ("ILCE-7M4", "09990002")
    assert "lineage.no_camera_data" not in codes(clip)
