"""`verify compare` starts where a stored link says that the two run together, and notes that it was made."""

from __future__ import annotations

import hashlib
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from tests.commands.running import verify
from tests.hashing.drawn_clips import Frames, filmed
from verifier.store import Store


def written(path: Path, frames: Frames) -> str:
    """A clip of these frames, four a second; its SHA-256."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=4)
        video.width, video.height, video.pix_fmt, video.bit_rate = 480, 270, "yuv420p", 4_000_000
        for frame in frames:
            shown = av.VideoFrame.from_ndarray(cv2.cvtColor(frame, cv2.COLOR_GRAY2RGB), format="rgb24")
            container.mux(video.encode(shown))
        container.mux(video.encode())
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("compare")
    (folder / "in").mkdir()
    frames = filmed(2, 12)
    whole, part = written(folder / "in" / "whole.mp4", frames), written(folder / "in" / "part.mp4", frames[16:40])
    ran = verify("ingest", folder / "in", "--case", folder / "case", "--operator", "A", "--jobs", 1, "-q")
    assert ran.code == 0, ran.err
    return folder / "case", whole, part


def test_the_two_sides_show_the_same_moment(made: tuple[Path, str, str], tmp_path: Path) -> None:
    case, whole, part = made
    out = tmp_path / "side.mp4"
    ran = verify("compare", part[:12], whole[:12], "--out", out, "--case", case, "--operator", "R. N.")
    assert ran.code == 0, ran.err
    assert "aligned by a stored link" in ran.out
    with av.open(str(out)) as container:
        assert not container.streams.audio
        assert container.metadata["title"].startswith("Derived for comparison, not evidence")
        shown = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    middle = shown[len(shown) // 2].astype(np.float32)
    left, right = middle[:, :640], middle[:, 640:]
    assert np.corrcoef(left.ravel(), right.ravel())[0, 1] > 0.9
    with Store.open(case, writing=False) as store:
        last = list(store.custody())[-1]
    assert (last.action, last.subject, last.actor) == ("show side by side", part, "R. N.")
    again = verify("compare", part[:12], whole[:12], "--out", out, "--case", case)
    assert again.code == 2 and "nothing is overwritten" in again.err
    assert verify("audit", "--case", case).code == 0


def test_a_contact_sheet_stands_with_the_link(made: tuple[Path, str, str], tmp_path: Path) -> None:
    case, whole, part = made
    ran = verify("evidence", whole[:12], part[:12], "--out", tmp_path, "--case", case)
    assert ran.code == 0, ran.err
    (path,) = tmp_path.glob("*-sheet.jpg")
    sheet = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).astype(np.float32)
    height = (sheet.shape[0] - 32) // 2  # two captions and a gap
    top, bottom = sheet[14 : 14 + height], sheet[14 + height + 4 : 14 + 2 * height + 4]
    assert np.corrcoef(top.ravel(), bottom.ravel())[0, 1] > 0.8
