"""The set that clip matching is measured on: known recordings, their altered copies, and strangers. Made on the fly."""

from __future__ import annotations

import pickle
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import attacks_clips as attacks
import av
import clips_photos as photos
import numpy as np
from attacks_clips import ATTACKS, Altered, Truth
from clips_sources import RATE, SOUND_RATE, Recording, drawn, filmed, recordings

from fixtures import sounds
from verifier.hashing.clips import fingerprint as frames_fingerprint
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.sound import landmarks
from verifier.hashing.sound.landmarks import Landmarks
from verifier.instruments import Picture, Showing, Sound
from verifier.media.frames import watch
from verifier.media.source import VaultSource
from verifier.records import Derivative, Exhibit, Kind

EXHIBIT = Exhibit(id="0" * 64, sha512="0" * 128, size=1, kind=Kind.VIDEO, media_type="video/mp4")
Content = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Query:
    """One clip that is asked, with what it truly holds of which recording. `of`: the recording it was made from."""

    name: str
    attack: str
    of: str
    content: Content
    pictures: list[Truth]
    sounds: list[Truth]

    @property
    def clip(self) -> ClipFeatures:
        return ClipFeatures(self.name, self.content)

    @property
    def sound(self) -> Landmarks | None:
        return heard(self.content)


@dataclass(slots=True)
class Half:
    """`known`: content by name; `views`: recordings of one view share one name.

    `photos`: (kind, source, time, features).
    """

    known: dict[str, Content] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    queries: list[Query] = field(default_factory=list)
    photos: list[tuple[str, str, float, PictureFeatures]] = field(default_factory=list)


def heard(content: Content) -> Landmarks | None:
    return landmarks.decode(content[landmarks.RECIPE]) if landmarks.RECIPE in content else None


def write(path: Path, altered: Altered) -> None:
    """As MP4: H.264 at the attack's quality, AAC at 48 kb/s."""
    rows, columns = (side // 2 * 2 for side in altered.frames[0].shape)
    with av.open(str(path), "w", format="mp4") as container:
        options = {"preset": "ultrafast", "crf": str(altered.crf), **altered.options}
        video = container.add_stream("libx264", rate=round(altered.rate), options=options)
        video.width, video.height, video.pix_fmt = columns, rows, "yuv420p"
        video.codec_context.thread_count = 1
        audio = container.add_stream("aac", rate=SOUND_RATE, layout="mono") if altered.sound is not None else None
        colour = np.full((rows // 2, columns), 128, np.uint8)
        for frame in altered.frames:
            planes = np.vstack([frame[:rows, :columns], colour])
            container.mux(video.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        container.mux(video.encode())
        if audio is not None and altered.sound is not None:
            audio.bit_rate = 48_000
            for start in range(0, len(altered.sound) - 1023, 1024):
                samples = altered.sound[None, start : start + 1024].astype(np.float32)
                frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
                frame.sample_rate, frame.pts = SOUND_RATE, start
                container.mux(audio.encode(frame))
            container.mux(audio.encode())


def looked_at(path: Path) -> Content:
    """Features through the decode and the viewers of the product."""
    viewings = []
    for shown in watch(VaultSource(path), "video/mp4"):
        if isinstance(shown, Showing):
            viewings = [viewer.begin(EXHIBIT, shown, {}) for viewer in (frames_fingerprint.VIEWER, landmarks.VIEWER)]
        elif isinstance(shown, Picture):
            viewings[0].see(shown)
        elif isinstance(shown, Sound):
            viewings[1].hear(shown)
    records = [record for viewing in viewings for record in viewing.conclude()]
    return {record.recipe: record.content for record in records if isinstance(record, Derivative)}


def strangers(half: str, sources: list[Recording], samples: Path) -> Iterator[tuple[str, Altered]]:
    """Clips that share something with the known ones, but no footage: view, banner, title card, music, silence."""
    seed = 5000 if half == "tuning" else 6000
    size = (480, 270)
    street = samples / "similarity/videos/street/one-by-one-person-detection.mp4"
    place, others = (1, (56, 66)) if half == "tuning" else (11, (126, 136))
    for number in range(4):
        frames = attacks.foreign(seed + number, 10, size)
        tune = sounds.tune(seed + number, 10)
        yield "shared banner", Altered([attacks.banner(frame) for frame in frames], tune, [], [])
        yield "shared title card", Altered(attacks.title_card(size) * (3 * RATE) + frames, tune, [], [])
        music = 0.6 * sounds.tune((0 if half == "tuning" else 1000) + 3 * number, 10)
        yield "shared music", Altered(frames, music, [], [])
        yield "silent track", Altered(frames, np.zeros(10 * SOUND_RATE, np.float32), [], [])
        later = drawn(place, 10, kind="fixed", start=80.0 + 30 * number)
        yield "fixed camera, other time", Altered(list(later), tune, [], [])
    yield "title card alone", Altered(attacks.title_card(size) * (8 * RATE), sounds.tune(seed, 8), [], [])
    bars = np.repeat(np.linspace(16, 235, 8).astype(np.uint8), 60)[None].repeat(270, axis=0)
    yield "colour bars", Altered([bars] * (8 * RATE), None, [], [])
    yield "black", Altered([np.full((270, 480), 16, np.uint8)] * (8 * RATE), None, [], [])
    other_people = list(filmed(street, *others))
    yield "fixed camera, other time", Altered(other_people, None, [], [])
    yield "fixed camera, other time", Altered([attacks.banner(frame) for frame in other_people], None, [], [])
    yield "fixed camera, other time", Altered([attacks.mirror(frame) for frame in other_people], None, [], [])


def made(half: str, samples: Path, each: int, also: Callable[[str, Path], None] = lambda name, path: None) -> Half:
    """Everything of one half; `each`: recordings that every attack is tried on. `also` is shown every file that is
    written, with its name."""
    found, sources = Half(), recordings(half, samples)
    attacked = [one for one in sources if one.view != "signer" and not one.name.endswith("-later")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"

        def seen(name: str, altered: Altered) -> Content:
            write(path, altered)
            also(name, path)
            return looked_at(path)

        for one in sources:
            found.known[one.name] = seen(one.name, Altered(one.frames, one.sound, [], [], crf=23))
            found.views[one.name] = one.view or one.name
        for name, change in (("known banner", attacks.banner), ("known title card", None)):
            frames = attacks.foreign(len(name), 10, (480, 270))
            frames = [change(f) for f in frames] if change else attacks.title_card((480, 270)) * (3 * RATE) + frames
            found.known[name] = seen(name, Altered(frames, sounds.tune(77, 10), [], []))
            found.views[name] = name
        for place, (attack, change) in enumerate(ATTACKS.items()):
            for number in range(each):
                source = attacked[(place * 3 + number * 2) % len(attacked)]
                chance = np.random.default_rng(zlib.crc32(f"{half} {attack} {number}".encode()))
                others = [one for one in attacked if (one.view or one.name) != (source.view or source.name)]
                others = [others[index] for index in chance.permutation(len(others))]
                altered = change(source, others, chance)
                name = f"{attack} {number}"
                content = seen(name, altered)
                found.queries.append(Query(name, attack, source.name, content, altered.pictures, altered.sounds))
        for number, (kind, altered) in enumerate(strangers(half, sources, samples)):
            name = f"{kind} {number}"
            found.queries.append(Query(name, kind, "", seen(name, altered), [], []))
    found.photos = photos.photographed(half, sources, 3 * each)
    return found


def half(name: str, samples: Path, each: int, keep: Path | None) -> Half:
    """The set of one half, from `keep` where it was made before (a scratch folder of your own: pickles are trusted)."""
    path = keep / f"clips-{name}-{each}.pickle" if keep else None
    if path and path.exists():
        return pickle.loads(path.read_bytes())  # noqa: S301 - our own scratch
    found = made(name, samples, each)
    if path:
        path.write_bytes(pickle.dumps(found))
    return found
