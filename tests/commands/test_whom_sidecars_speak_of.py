"""Trees of files with equal names, taken in as a person does: what each sidecar says arrives at its own file alone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import verify
from tests.media.making import still
from verifier.executors.registry import load
from verifier.records import Moment, Value
from verifier.store import Store
from verifier.workflow.gather import gather

READERS = ",".join(sorted(name for name in load().analysers if name.startswith(("sidecar", "archives"))))


def lent(evidence: Path, case: Path) -> dict[str, dict[str, Value]]:
    """What other files say of each file, by its path below `evidence`; paths in archives as they are there."""
    ran = verify("ingest", evidence, "--case", case, "-q", "--jobs", 1, "--no-dedup", "--no-check", "--only", READERS)
    assert ran.code in (0, 1), ran.err  # 1: not everything was examined
    found = {}
    with Store.open(case, writing=False) as store:
        for dossier in gather(store).exhibits.values():
            told = {s.reading.key: s.reading.value for s in dossier.readings if s.exhibit != dossier.exhibit.id}
            for acquisition in dossier.acquisitions:
                path = acquisition.path.decode().removeprefix(f"{evidence.resolve()}/")
                found[f"zip:{path}" if acquisition.inside else path] = told
    return found


def iso(value: Value) -> str:
    assert isinstance(value, Moment), value
    return value.iso()


# ---------------------------------------------------------------- trees of our own


def message(number: int, path: str) -> dict[str, Any]:
    when = {"date": f"2023-05-04T10:00:{number:02d}", "date_unixtime": str(1683182400 + number)}
    return {"id": number, "type": "message", "text": "", "file": path, **when}


def export(number: int) -> str:
    return json.dumps({"name": f"channel {number}", "messages": [message(number, "files/a.jpg")]})


def titled(number: int) -> str:
    return json.dumps({"title": "a.jpg", "photoTakenTime": {"timestamp": str(1683182400 + number)}})


def test_equal_names_in_many_trees(tmp_path: Path) -> None:
    """Two exports on disk and one in an archive, a folder of Takeout, and two folders that no sidecar speaks of."""
    evidence = tmp_path / "in"
    pictures = {
        name: still(width=96 + 8 * number)
        for number, name in enumerate(("A", "B", "zip", "Takeout", "camera", "other/files"))
    }
    for name in ("A/files", "B/files", "Takeout", "camera", "other/files"):
        (evidence / name).mkdir(parents=True)
        (evidence / name / "a.jpg").write_bytes(pictures[name.removesuffix("/files") if name[0] in "AB" else name])
    (evidence / "A" / "result.json").write_text(export(1))
    (evidence / "B" / "result.json").write_text(export(2))
    (evidence / "lone").mkdir()
    (evidence / "lone" / "result.json").write_text(export(3))  # its own file was not handed over
    (evidence / "lone" / "a.jpg.json").write_text(titled(4))
    (evidence / "Takeout" / "a.jpg.su.json").write_text(titled(5))
    with zipfile.ZipFile(evidence / "export.zip", "w") as archive:
        archive.writestr("result.json", export(6))
        archive.writestr("files/a.jpg", pictures["zip"])
    found = lent(evidence, tmp_path / "case")
    telegram = {path: told["telegram:message_id"] for path, told in found.items() if "telegram:message_id" in told}
    assert telegram == {"A/files/a.jpg": 1, "B/files/a.jpg": 2, "zip:files/a.jpg": 6}
    takeout = {path: iso(told["takeout:photoTakenTime"]) for path, told in found.items() if "takeout:title" in told}
    assert takeout == {"Takeout/a.jpg": "2023-05-04T06:40:05Z"}
    assert not found["camera/a.jpg"]
    assert not found["other/files/a.jpg"]


# ---------------------------------------------------------------- what users of other tools ran into


@pytest.mark.samples
@pytest.mark.parametrize(
    ("case", "file", "key", "right"),
    [
        ("02-takeout-counters", "0098.JPG", "takeout:photoTakenTime", "2023-05-04T06:41:12Z"),
        ("02-takeout-counters", "0098(1).JPG", "takeout:photoTakenTime", "2023-05-04T07:41:12Z"),
        ("02-takeout-counters", "0044.jpg", "takeout:photoTakenTime", "2023-05-04T08:41:12Z"),
        ("02-takeout-counters", "0044-edited.jpg", "takeout:photoTakenTime", "2023-05-04T08:41:12Z"),
        ("03-thumbnail-beside", ".mp4", "yt-dlp:timestamp", "2023-05-04T06:41:12Z"),
        ("03-thumbnail-beside", ".webp", "yt-dlp:timestamp", None),
        ("04-telegram", "ChatExport_A/video_files/video.mp4", "telegram:date", "2023-05-04T07:41:12Z"),
        ("04-telegram", "ChatExport_B/video_files/video.mp4", "telegram:date", "2023-05-04T08:41:12Z"),
        ("08-whatsapp-jalali", ".jpg", "whatsapp:date", "2023-05-04T10:11:00"),
        ("13-telemetry", ".MP4", "srt:date", "2023-05-04T10:11:12.123"),
        ("13-telemetry", ".MP4", "srt:first_fix_latitude", 35.7),
        ("13-telemetry", ".MP4", "srt:first_fix_longitude", 51.338),
        ("16-proofmode-loose", ".jpg", "proofmode:Location.Time", "2023-05-04T06:41:15.000Z"),
        ("16-proofmode-loose", ".jpg", "proofmode:Location.Latitude", 35.6917),
    ],
)
def test_reported(
    case: str, file: str, key: str, right: str | float | None, samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if case not in ANSWERS:
        evidence = samples / "reported" / case / "in"
        ANSWERS[case] = lent(evidence, tmp_path_factory.mktemp("reported") / "case")
    (told,) = [told for path, told in ANSWERS[case].items() if path.endswith(file)]
    value = told.get(key)
    assert (value.iso() if isinstance(value, Moment) else value) == right


ANSWERS: dict[str, dict[str, dict[str, Value]]] = {}


@pytest.mark.samples
def test_reported_files_of_other_folders(samples: Path, tmp_path: Path) -> None:
    found = lent(samples / "reported" / "01-other-folder" / "in", tmp_path / "case")
    assert len(found) == 4
    assert not any(found.values())
