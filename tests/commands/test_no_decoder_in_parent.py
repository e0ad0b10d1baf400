"""No command decodes a picture or a recording in its own process: what hostile bytes reach is a worker.

OpenCV and Pillow are there as calculators; their doors to a decoder are nailed shut here. FFmpeg and libheif must not
even be imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from tests.media.making import clip

NEVER_IMPORTED = ("av", "pillow_heif", "c2pa", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin")
NAILED = """
import runpy, sys
import cv2, PIL.Image

def nail(home, door):
    def opened(*_, **__):
        sys.stderr.write("OPENED " + door + chr(10))
        raise SystemExit(70)
    setattr(home, door, opened)

for door in ("imdecode", "imread", "imdecodemulti", "imreadmulti", "VideoCapture"):
    nail(cv2, door)
nail(PIL.Image, "open")

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in {never!r}:
            sys.stderr.write("IMPORTED " + name + chr(10))
            raise ImportError(name)
        return None

sys.meta_path.insert(0, Watch())
sys.argv = ["verify", *sys.argv[1:]]
runpy.run_module("verifier", run_name="__main__")
"""


def nailed(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", NAILED.format(never=NEVER_IMPORTED), *map(str, arguments)],
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("VERIFY_")},
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("nailed")
    evidence = folder / "evidence"
    evidence.mkdir()
    picture(evidence / "a.jpg", 1)
    picture(evidence / "b.jpg", 1).write_bytes((evidence / "a.jpg").read_bytes() + b"\0")
    (evidence / "c.mp4").write_bytes(clip(seconds=1.0))
    weaker = () if sys.platform.startswith("linux") else ("--weaker-sandbox",)
    ran = nailed("ingest", evidence, "--case", folder / "case", "--operator", "R-7", "--jobs", 1, "--quiet", *weaker)
    assert ran.returncode in (0, 1) and "IMPORTED" not in ran.stderr and "OPENED" not in ran.stderr, ran.stderr
    listed = verify("report", "--case", folder / "case", "--out", folder / "listed", "--format", "json")
    assert listed.code == 0
    import json

    report = json.loads((folder / "listed" / "report.json").read_text("utf-8"))
    return folder / "case", [entry["id"] for entry in report["exhibits"]]


COMMANDS = {
    "dedup": ("dedup",),
    "check": ("check",),
    "match": ("match", "{other}"),
    "evidence": ("evidence", "{a}", "{b}", "--out", "{new}"),
    "compare": ("compare", "{a}", "{b}", "--out", "{new}.mp4", "--operator", "R-7"),
    "show": ("show", "{a}"),
    "reveal": ("show", "{a}", "--reveal", "--yes", "--out", "{new}.jpg", "--operator", "R-7"),
    "report": ("report", "--out", "{new}", "--format", "html,json,csv,pdf"),
    "redacted": ("report", "--redacted", "--keep-pictures", "coarse", "--out", "{new}", "--format", "html,json,pdf"),
    "audit": ("audit",),
    "seal": ("seal", "--operator", "R-7"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_decodes(name: str, case: tuple[Path, list[str]], tmp_path: Path) -> None:
    root, ids = case
    other = picture(tmp_path / "other.jpg", 1)
    values = {"a": ids[0], "b": ids[1], "new": tmp_path / "new", "other": other}
    ran = nailed(*[part.format(**values) for part in COMMANDS[name]], "--case", root)
    assert "IMPORTED" not in ran.stderr and "OPENED" not in ran.stderr, ran.stderr
    assert "Traceback" not in ran.stderr, ran.stderr
    assert ran.returncode in (0, 1, 2), ran.stderr


def test_doctor_decodes_nothing() -> None:
    ran = nailed("doctor")
    assert ran.returncode == 0 and "IMPORTED" not in ran.stderr and "OPENED" not in ran.stderr, ran.stderr


def test_the_nails_hold(tmp_path: Path) -> None:
    text = NAILED.format(never=NEVER_IMPORTED).split("sys.argv")[0]
    assert "insert(0, Watch())" in text
    for line, word in (
        ("import cv2, numpy; cv2.imdecode(numpy.zeros(9, 'uint8'), 0)", "OPENED"),
        ("import av", "IMPORTED"),
        ("from verifier.media import image", "IMPORTED"),
    ):
        done = subprocess.run([sys.executable, "-c", text + line], capture_output=True, text=True, check=False)
        assert done.returncode != 0 and word in done.stderr, line
