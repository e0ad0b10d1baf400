"""The shared decode of recordings: what stands on the grid, where sound begins, what is said of damage."""

from __future__ import annotations

import io
import itertools
import random
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.making import clip, exhibit, scene, stored, tone
from verifier.errors import Corrupt
from verifier.instruments import Picture, Showing, Sound
from verifier.media import frames
from verifier.media.probe import _matrix_turn, probe
from verifier.media.source import VaultSource


class Watched:
    """All that one pass yields, and the flaw it ends with."""

    def __init__(self, folder: Path, content: bytes, media_type: str | None = None, **options: bool) -> None:
        source = VaultSource(stored(folder, content))
        self.showing: Showing | None = None
        self.pictures: list[Picture] = []
        self.sounds: list[Sound] = []
        self.order: list[type] = []
        self.flaw: str | None = None
        try:
            for shown in frames.watch(source, media_type or exhibit(content).media_type, **options):
                self.order.append(type(shown))
                if isinstance(shown, Showing):
                    assert self.showing is None
                    self.showing = shown
                elif isinstance(shown, Picture):
                    self.pictures.append(shown)
                else:
                    self.sounds.append(shown)
        except Corrupt as error:
            self.flaw = str(error)

    @property
    def times(self) -> list[float]:
        return [round(picture.offset_seconds or 0.0, 3) for picture in self.pictures]

    @property
    def heard_seconds(self) -> float:
        return sum(sound.samples.size for sound in self.sounds) / 16_000


FORMS = [
    ("mp4", "mpeg4", "aac"), ("mp4", "libx264", "aac"), ("mov", "mpeg4", "aac"), ("matroska", "libx264", "libopus"),
    ("webm", "libvpx", None), ("avi", "mpeg4", "mp3"), ("mpegts", "libx264", "aac"), ("asf", "wmv2", "mp3"),
    ("flv", "flv", None),
]  # fmt: skip


@pytest.mark.parametrize(("form", "codec", "sound"), FORMS)
def test_four_pictures_a_second_and_all_the_sound(tmp_path: Path, form: str, codec: str, sound: str | None) -> None:
    sound = None if sound == "libopus" else sound
    watched = Watched(tmp_path, clip(form, codec=codec, sound=sound, seconds=2.0, rate=20))
    assert watched.flaw is None
    assert watched.order[0] is Showing
    assert watched.times[:8] == pytest.approx([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75], abs=0.06)
    assert len(watched.pictures) == (9 if form == "avi" else 8)  # FFmpeg's AVI counts the encoder's delay as a frame
    assert [picture.number for picture in watched.pictures] == list(range(len(watched.pictures)))
    assert watched.pictures[0].is_key and watched.pictures[0].colour is None
    assert watched.showing is not None and watched.showing.has_sound is (sound is not None)
    if sound:
        assert watched.heard_seconds == pytest.approx(2.0, abs=0.15)
        assert all(item.samples.dtype == np.float32 and abs(item.samples).max() <= 1 for item in watched.sounds)


def test_the_grid_stands_on_presentation_time(tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2, 0.26, 0.3, 1.4, 1.41, 1.42, 1.6, 3.0, 3.1, 3.2]
    watched = Watched(tmp_path, clip(sound=None, times=times))
    assert watched.times == [0.0, 0.26, 1.4, 1.6, 3.0, ]  # fmt: skip


def test_pictures_are_the_scene(tmp_path: Path) -> None:
    watched = Watched(tmp_path, clip(codec="libx264", seconds=1, size=(192, 128), sound=None))
    for picture in watched.pictures:
        rgb = scene(192, 128, at=picture.offset_seconds or 0.0).astype(float)
        luma = rgb @ [0.299, 0.587, 0.114]
        assert picture.grey.shape == (128, 192) and picture.grey.dtype == np.uint8
        assert np.corrcoef(picture.grey.ravel(), luma.ravel())[0, 1] > 0.98
        assert abs(picture.grey.mean() - luma.mean()) < 6  # video range is widened to 0..255


@pytest.mark.parametrize(
    ("size", "shape"), [((960, 540), (270, 480)), ((540, 960), (480, 270)), ((320, 240), (240, 320))]
)
def test_the_long_side_is_480_and_nothing_is_enlarged(tmp_path: Path, size: tuple, shape: tuple) -> None:
    assert Watched(tmp_path, clip(seconds=0.3, size=size, sound=None)).pictures[0].grey.shape == shape


def turned(content: bytes, degrees: int) -> bytes:
    """The clip with a display matrix that says `degrees`, anticlockwise as FFmpeg counts."""
    stream = io.BytesIO()
    with av.open(io.BytesIO(content)) as source, av.open(stream, "w", format="mp4") as target:
        kept = target.add_stream_from_template(source.streams.video[0])
        kept.set_display_rotation(degrees)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = kept
                target.mux(packet)
    return stream.getvalue()


@pytest.mark.parametrize(("anticlockwise", "clockwise"), [(0, 0), (-90, 90), (90, 270), (180, 180)])
def test_display_rotation_is_applied(tmp_path: Path, anticlockwise: int, clockwise: int) -> None:
    plain = clip(codec="libx264", seconds=0.3, size=(96, 64), sound=None)
    upright, other = Watched(tmp_path, plain), Watched(tmp_path, turned(plain, anticlockwise))
    assert other.showing is not None and other.showing.rotation_degrees == clockwise
    assert (other.showing.stored_width, other.showing.stored_height) == (96, 64)
    assert (other.pictures[0].grey == np.rot90(upright.pictures[0].grey, -clockwise // 90)).all()
    (video,) = probe(VaultSource(stored(tmp_path, turned(plain, anticlockwise))), "video/mp4").streams
    assert video.rotation_degrees == clockwise


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [
        ((1, 0, 0, 1), (0, False)),
        ((0, 1, -1, 0), (90, False)),
        ((-1, 0, 0, -1), (180, False)),
        ((0, -1, 1, 0), (270, False)),
        ((-1, 0, 0, 1), (0, True)),
        ((1, 0, 0, -1), (180, True)),
    ],
)
def test_matrices(matrix: tuple[int, int, int, int], turn: tuple[int, bool]) -> None:
    assert _matrix_turn(*(65536 * cell for cell in matrix)) == turn


@pytest.mark.parametrize("delay", [0.0, 0.75])
def test_sound_keeps_its_place_beside_the_pictures(tmp_path: Path, delay: float) -> None:
    watched = Watched(tmp_path, clip("matroska", seconds=2.0, sound_delay_seconds=delay))
    assert watched.sounds[0].start_seconds == pytest.approx(delay, abs=0.1)
    for before, after in itertools.pairwise(watched.sounds):
        assert after.start_seconds == pytest.approx(before.start_seconds + before.samples.size / 16_000, abs=0.01)


@pytest.mark.parametrize(
    ("form", "codec", "rate"),
    [
        ("wav", "pcm_s16le", 16000), ("wav", "pcm_s16le", 44100), ("mp3", "mp3", 44100), ("flac", "flac", 48000),
        ("ogg", "libopus", 48000), ("mp4", "aac", 16000),
    ],
)  # fmt: skip
def test_sound_alone(tmp_path: Path, form: str, codec: str, rate: int) -> None:
    watched = Watched(tmp_path, tone(form, codec, seconds=3.0, rate=rate))
    assert watched.flaw is None and not watched.pictures
    assert watched.showing is not None and watched.showing.has_sound
    assert watched.heard_seconds == pytest.approx(3.0, abs=0.1)
    samples = np.concatenate([sound.samples for sound in watched.sounds])[4000:36000]
    spectrum = abs(np.fft.rfft(samples * np.hanning(samples.size)))
    assert spectrum.argmax() * 16_000 / samples.size == pytest.approx(440, abs=2)
    assert abs(samples).max() == pytest.approx(0.5, abs=0.06)


def test_key_frames_only(tmp_path: Path) -> None:
    content = clip(codec="libx264", seconds=4.0, rate=10, options={}, sound=None)
    every, few = Watched(tmp_path, content), Watched(tmp_path, content, key_frames_only=True)
    assert few.flaw is None
    assert few.showing is not None and few.showing.key_frames_only
    assert 1 <= len(few.pictures) < len(every.pictures)
    assert all(picture.is_key for picture in few.pictures)


def test_what_breaks_off_is_watched_to_where_it_breaks(tmp_path: Path) -> None:
    fragmented = clip("matroska", codec="libx264", seconds=6.0, rate=10)
    watched = Watched(tmp_path, fragmented[: len(fragmented) // 2])
    assert 4 < len(watched.pictures) < 24
    header_first = clip("mp4", codec="libx264", seconds=6.0, rate=10, options={"movflags": "frag_keyframe+empty_moov"})
    assert Watched(tmp_path, header_first).flaw is None


def test_a_shorter_recording_than_its_header_states_is_said_to_break_off(tmp_path: Path) -> None:
    whole = clip("mp4", codec="libx264", seconds=8.0, rate=10, sound=None, size=(320, 240))
    start, moov = whole.index(b"mdat") - 4, whole.index(b"moov") - 4
    middle = (start + moov) // 2
    broken = whole[:middle] + bytes(moov - middle) + whole[moov:]
    watched = Watched(tmp_path, broken)
    assert watched.pictures and watched.flaw is not None


def test_damaged_frames_are_counted_and_marked(tmp_path: Path) -> None:
    broken, chance = bytearray(clip(codec="libx264", seconds=4.0, sound=None, size=(320, 240))), random.Random(3)
    start, end = broken.index(b"mdat") + 3000, broken.index(b"moov")
    for _ in range(30):
        broken[chance.randrange(start, end)] ^= 1 << chance.randrange(8)
    watched = Watched(tmp_path, bytes(broken))
    assert watched.flaw is not None and "damaged frames" in watched.flaw
    assert any(picture.damaged for picture in watched.pictures)
    assert not all(picture.damaged for picture in watched.pictures)


def test_clocks_that_are_set_back_do_not_blind_us(tmp_path: Path) -> None:
    """Two recordings written one after the other, as some body cameras do: the second one's clock begins anew."""
    part = clip("mpegts", codec="libx264", seconds=2.0, rate=20, sound=None)
    watched = Watched(tmp_path, part + part)
    assert len(watched.pictures) == pytest.approx(16, abs=2)
    assert watched.times == sorted(watched.times)


@pytest.mark.parametrize("content", [b"", b"\0\0\0\x18ftypisom", b"\0\0\0\x08mdat", b"\x1aE\xdf\xa3"])
def test_nothing_to_decode_is_corrupt(tmp_path: Path, content: bytes) -> None:
    watched = Watched(tmp_path, content, "video/mp4")
    assert watched.flaw and not watched.order


def test_facts_of_the_header(tmp_path: Path) -> None:
    content = clip("mov", codec="libx264", seconds=2.0, rate=25)
    facts = probe(VaultSource(stored(tmp_path, content)), "video/quicktime")
    video, audio = facts.streams
    assert (video.kind, video.codec, video.width, video.height, video.pixel_format) == (
        "video",
        "h264",
        96,
        64,
        "yuv420p",
    )
    assert video.frame_rate == pytest.approx(25, abs=0.5) and video.rotation_degrees == 0
    assert (audio.kind, audio.codec, audio.sample_rate, audio.channels) == ("audio", "aac", 16000, 1)
    assert facts.duration_seconds == pytest.approx(2.0, abs=0.1)
    assert facts.container.startswith("mov")
