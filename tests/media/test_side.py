"""Side-by-side clips by the real FFmpeg: what is shown where and when, and what it may not open."""

from __future__ import annotations

import functools
import io
import sys
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.making import clip
from verifier.errors import Corrupt, Unsupported
from verifier.executors.confined import Confined
from verifier.media import side as sides
from verifier.media.side import FRAMES_PER_SECOND, HEIGHT, WIDTH, Side

PROGRAM = Confined(
    seconds=sides.PROCESS_SECONDS,
    memory_bytes=sides.MOST_MEMORY_BYTES,
    most_bytes=sides.MOST_BYTES,
    weaker=not sys.platform.startswith("linux"),
)


def run(command: Sequence[str], descriptors: Sequence[int]) -> tuple[int, bytes, str]:
    ran = PROGRAM.run(command, descriptors=descriptors)
    return ran.code, ran.output, ran.said


side_by_side = functools.partial(sides.side_by_side, run=run)


def shade_clip(path: Path, *, seconds: int = 4, form: str = "mp4") -> Path:
    """Every second is lighter by 50: 30, 80, 130, 180."""
    with av.open(str(path), "w", format=form) as container:
        video = container.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        for number in range(seconds * 10):
            grey = np.full((90, 160, 3), 30 + 50 * (number // 10), np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(video.encode())
    return path


def frames(content: bytes) -> tuple[list[np.ndarray], bool]:
    """Frames as RGB, and whether there is sound."""
    with av.open(io.BytesIO(content)) as container:
        has_sound = bool(container.streams.audio)
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)], has_sound


def halves(frame: np.ndarray) -> tuple[float, float]:
    return float(frame[100:260, 100:540].mean()), float(frame[100:260, WIDTH + 100 : WIDTH + 540].mean())


def test_both_sides_run_from_where_they_were_told_at_their_speeds(tmp_path: Path) -> None:
    path = str(shade_clip(tmp_path / "a.mp4"))
    left = Side(path=path, media_type="video/mp4", start=1.0)
    right = Side(path=path, media_type="video/mp4", speed=2.0)
    shown, has_sound = frames(side_by_side(left, right, seconds=2.0))
    assert len(shown) == 2 * FRAMES_PER_SECOND and shown[0].shape == (HEIGHT, 2 * WIDTH, 3)
    assert not has_sound
    for seconds, expected in ((0.25, (80, 30)), (0.75, (80, 80)), (1.25, (130, 130)), (1.75, (130, 180))):
        assert halves(shown[round(seconds * FRAMES_PER_SECOND)]) == pytest.approx(expected, abs=6)


def test_a_still_stands_beside_a_clip_and_a_short_side_holds_its_last_frame(tmp_path: Path) -> None:
    path = str(shade_clip(tmp_path / "a.mkv", seconds=1, form="matroska"))
    still = np.full((90, 160), 200, np.uint8)
    shown, _ = frames(side_by_side(Side(still=still), Side(path=path, media_type="video/x-matroska"), seconds=2.0))
    assert len(shown) == 2 * FRAMES_PER_SECOND
    assert halves(shown[0]) == pytest.approx((200, 30), abs=6) and halves(shown[-1]) == pytest.approx((200, 30), abs=6)


def test_grey_and_muted_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "c.mp4").write_bytes(clip(seconds=1.0))
    side = Side(path=str(tmp_path / "c.mp4"), media_type="video/mp4", has_sound=True)
    silent = Side(still=np.full((90, 160), 200, np.uint8))
    plain, muted = frames(side_by_side(side, silent, seconds=1.0))
    loud, heard = frames(side_by_side(side, silent, seconds=1.0, colour=True, sound=True))
    assert (muted, heard) == (False, True)

    def colours(frame: np.ndarray) -> float:
        return float(np.ptp(frame[100:260, 200:440].astype(int), axis=2).mean())

    assert colours(plain[5]) < 4 < 20 < colours(loud[5])


def test_what_the_type_does_not_call_for_is_not_opened(tmp_path: Path) -> None:
    neighbour = shade_clip(tmp_path / "neighbour.mp4")
    (tmp_path / "list.mp4").write_text(f"ffconcat version 1.0\nfile '{neighbour}'\n")
    (tmp_path / "play.mp4").write_text(f"#EXTM3U\n#EXTINF:1,\n{neighbour}\n#EXT-X-ENDLIST\n")
    still = Side(still=np.zeros((90, 160), np.uint8))
    for name in ("list.mp4", "play.mp4"):
        with pytest.raises(Corrupt):
            side_by_side(still, Side(path=str(tmp_path / name), media_type="video/mp4"), seconds=1.0)
    with pytest.raises(Unsupported, match="no demuxer"):
        side_by_side(still, Side(path=str(neighbour), media_type="application/x-mpegurl"), seconds=1.0)


def test_every_byte_changed_still_ends_with_a_clip_or_one_sentence(tmp_path: Path) -> None:
    content = shade_clip(tmp_path / "a.mp4", seconds=1).read_bytes()
    still = Side(still=np.zeros((90, 160), np.uint8))
    chance = np.random.default_rng(5)
    for number in range(6):
        damaged = bytearray(content[: len(content) - number * 100])
        for place in chance.integers(0, len(damaged), 40):
            damaged[int(place)] = int(chance.integers(0, 256))
        (tmp_path / "d.mp4").write_bytes(damaged)
        try:
            ended = frames(side_by_side(still, Side(path=str(tmp_path / "d.mp4"), media_type="video/mp4"), seconds=1.0))
        except Corrupt as error:
            ended = str(error)
        assert ended[0] if isinstance(ended, tuple) else "\n" not in ended and str(tmp_path) not in ended


def test_a_side_is_mirrored_and_turned_to_lie_as_the_other(tmp_path: Path) -> None:
    still = np.full((HEIGHT, WIDTH), 40, np.uint8)
    still[:, WIDTH // 2 :] = 200  # light on the right
    both = Side(still=still)
    shown, _ = frames(side_by_side(Side(still=still, mirrored=True), both, seconds=0.2))
    first = shown[0].mean(axis=2)
    assert first[:, : WIDTH // 2 - 20].mean() > 180 and first[:, WIDTH + 20 : WIDTH + WIDTH // 2 - 20].mean() < 60
    shown, _ = frames(side_by_side(Side(still=still, quarter_turns=1), both, seconds=0.2))
    turned = shown[0].mean(axis=2)[:, WIDTH // 2 - 40 : WIDTH // 2 + 40]
    assert turned[: HEIGHT // 2 - 20].mean() < 60 and turned[HEIGHT // 2 + 20 :].mean() > 180, "right goes down"
