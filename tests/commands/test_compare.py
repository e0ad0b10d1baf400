"""Two exhibits side by side in one derived clip, made by the real FFmpeg from the vault's copies."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import av
import pytest

from tests.commands.running import verify

DEMO = Path(__file__).parent.parent.parent / "fixtures" / "demo"
ONE, OTHER = DEMO / "other" / "gate-camera-1520.mp4", DEMO / "other" / "gate-camera-1640.mp4"
PLAYLIST = DEMO / "phone" / "VID_0001.mp4"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("side") / "case"
    ran = verify("ingest", ONE, OTHER, PLAYLIST, "--case", root, "--operator", "A", "--jobs", 1, "--no-dedup")
    assert ran.code in (0, 1), ran.err
    return root


def identity(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def test_both_stand_in_one_muted_grey_clip_and_the_log_knows(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "side.mp4"
    ran = verify("compare", identity(ONE), identity(OTHER), "--out", out, "--case", case, "--operator", "A")
    assert ran.code == 0, ran.err
    assert "no link aligns them" in ran.out
    with av.open(io.BytesIO(out.read_bytes())) as container:
        assert not container.streams.audio
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert frame.shape[1] == 2 * 640
    assert abs(frame[..., 0] - frame[..., 2]).max() <= 3  # grey
    left, right = frame[:, :640], frame[:, 640:]
    assert left.std() > 10 and right.std() > 10
    log = verify("log", "--out", tmp_path / "custody.jsonl", "--case", case)
    assert log.code == 0 and "show side by side" in (tmp_path / "custody.jsonl").read_text("utf-8")


def test_nothing_is_overwritten_and_a_playlist_is_never_opened(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "side.mp4"
    out.write_bytes(b"mine")
    assert verify("compare", identity(ONE), identity(OTHER), "--out", out, "--case", case).code == 2
    assert out.read_bytes() == b"mine"
    ran = verify("compare", identity(ONE), identity(PLAYLIST), "--out", tmp_path / "other.mp4", "--case", case)
    assert ran.code == 2 and ran.err.count("\n") == 1
    assert not (tmp_path / "other.mp4").exists()
