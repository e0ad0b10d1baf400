"""What is done to recordings before they come back: over twenty-five kinds, each with the truth of what lies where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from clips_sources import RATE, SOUND_RATE, Recording


@dataclass(frozen=True, slots=True)
class Truth:
    """A stretch of the altered clip that is a stretch of a source; seconds."""

    source: str
    here: tuple[float, float]
    there: tuple[float, float]


@dataclass(slots=True)
class Altered:
    """Frames at `rate` a second, sound or None, what of which source it holds, and how it is written."""

    frames: Sequence[np.ndarray]
    sound: np.ndarray | None
    pictures: list[Truth]
    sounds: list[Truth]
    rate: float = RATE
    crf: int = 28
    options: dict[str, str] = field(default_factory=dict)


def _whole(source: Recording) -> list[Truth]:
    return [Truth(source.name, (0, source.seconds), (0, source.seconds))]


def each(change: Callable[[np.ndarray], np.ndarray], crf: int = 28) -> Callable[..., Altered]:
    """The same change to every frame."""

    def altered(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
        frames = [_even(change(frame)) for frame in source.frames]
        return Altered(frames, source.sound, _whole(source), _whole(source), crf=crf)

    return altered


def _even(frame: np.ndarray) -> np.ndarray:
    rows, columns = frame.shape
    return np.ascontiguousarray(frame[: rows // 2 * 2, : columns // 2 * 2])


def scaled(frame: np.ndarray, share: float) -> np.ndarray:
    rows, columns = frame.shape
    return cv2.resize(
        frame, (max(2, round(columns * share)), max(2, round(rows * share))), interpolation=cv2.INTER_AREA
    )


def gamma(frame: np.ndarray) -> np.ndarray:
    return (255 * (frame / 255.0) ** 0.6).astype(np.uint8)


def filtered(frame: np.ndarray) -> np.ndarray:
    return np.clip(128 + (frame.astype(np.float32) - 128) * 1.5 - 12, 0, 255).astype(np.uint8)


def logo(frame: np.ndarray) -> np.ndarray:
    frame = frame.copy()
    cv2.rectangle(frame, (12, 12), (92, 44), 230, -1)
    cv2.putText(frame, "NEWS 7", (16, 35), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 20, 2)
    return frame


def banner(frame: np.ndarray) -> np.ndarray:
    frame = logo(frame)
    rows, columns = frame.shape
    cv2.rectangle(frame, (0, int(rows * 0.8)), (columns, int(rows * 0.95)), 40, -1)
    cv2.rectangle(frame, (0, int(rows * 0.77)), (columns, int(rows * 0.8)), 200, -1)
    cv2.putText(frame, "BREAKING: STREET PROTEST", (14, int(rows * 0.9)), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 245, 2)
    return frame


def mirror(frame: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(frame[:, ::-1])


def letterbox(frame: np.ndarray) -> np.ndarray:
    rows, columns = frame.shape
    side = max(rows, columns)
    ground = np.full((side, side) if rows != columns else (side, int(side * 1.6)), 4, np.uint8)
    top, left = (ground.shape[0] - rows) // 2, (ground.shape[1] - columns) // 2
    ground[top : top + rows, left : left + columns] = frame
    return ground


def blurred_fill(frame: np.ndarray) -> np.ndarray:
    """9:16 with an enlarged, blurred copy behind (16:9 where the clip is upright)."""
    rows, columns = frame.shape
    width, height = (270, 480) if columns >= rows else (480, 270)
    ground = cv2.GaussianBlur(cv2.resize(frame, (width, height)), (0, 0), 14)
    share = min(width / columns, height / rows)
    small = scaled(frame, share)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    ground[top : top + small.shape[0], left : left + small.shape[1]] = small
    return ground


def cropped(share: float) -> Callable[[np.ndarray], np.ndarray]:
    """What remains when that share of each side is cut away, a little off the centre."""

    def crop(frame: np.ndarray) -> np.ndarray:
        rows, columns = frame.shape
        top, left = int(rows * share * 0.4), int(columns * share * 0.6)
        return frame[top : top + int(rows * (1 - share)), left : left + int(columns * (1 - share))]

    return crop


def turned(frame: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.rot90(frame, -1))


def tilted(frame: np.ndarray) -> np.ndarray:
    rows, columns = frame.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), 5, 1.12)
    return cv2.warpAffine(frame, matrix, (columns, rows), flags=cv2.INTER_LINEAR)


def screen_recording(frame: np.ndarray) -> np.ndarray:
    """A phone filming a screen: perspective, a dark room, the player's controls."""
    rows, columns = frame.shape
    frame = frame.copy()
    cv2.line(frame, (10, rows - 12), (columns - 10, rows - 12), 235, 2)
    cv2.circle(frame, (columns // 3, rows - 12), 5, 250, -1)
    ground = np.full((360, 480), 26, np.uint8)
    cv2.rectangle(ground, (0, 300), (480, 360), 60, -1)
    corners = np.float32([[0, 0], [columns, 0], [columns, rows], [0, rows]])
    target = np.float32([[52, 60], [440, 36], [424, 302], [70, 278]])
    if rows > columns:
        target = np.float32([[140, 14], [330, 24], [322, 344], [150, 338]])
    matrix = cv2.getPerspectiveTransform(corners, target)
    cv2.warpPerspective(frame, matrix, (480, 360), ground, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    return cv2.GaussianBlur(ground, (0, 0), 0.8)


def mirror_crop_banner(frame: np.ndarray) -> np.ndarray:
    return banner(np.ascontiguousarray(mirror(cropped(0.15)(frame))))


def picture_in_picture(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    """Half as wide, over another recording."""
    other = others[0]
    frames = []
    for number, frame in enumerate(source.frames):
        ground = cv2.resize(other.frames[number % len(other.frames)], (480, 270)).copy()
        small = scaled(frame, min(240 / frame.shape[1], 200 / frame.shape[0]))
        ground[20 : 20 + small.shape[0], 220 : 220 + small.shape[1]] = small
        frames.append(ground)
    return Altered(frames, source.sound, [*_whole(source), *_looped(source, other)], _whole(source))


def duet(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    """Stacked: the recording above, somebody else's below."""
    other = others[0]
    frames = []
    for number, frame in enumerate(source.frames):
        pair = [_filling(part, (270, 240)) for part in (frame, other.frames[number % len(other.frames)])]
        frames.append(np.vstack(pair))
    return Altered(frames, source.sound, [*_whole(source), *_looped(source, other)], _whole(source))


def _filling(frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scaled to fill, and what stands over cut away on both sides."""
    small = scaled(frame, max(size[0] / frame.shape[1], size[1] / frame.shape[0]))
    top, left = (small.shape[0] - size[1]) // 2, (small.shape[1] - size[0]) // 2
    return cv2.resize(small[max(0, top) : max(0, top) + size[1], max(0, left) : max(0, left) + size[0]], size)


def _looped(source: Recording, other: Recording) -> list[Truth]:
    """Where the other recording lies when it is repeated for as long as the source lasts."""
    truth, begin = [], 0.0
    while begin < source.seconds - 0.1:
        length = min(other.seconds, source.seconds - begin)
        truth.append(Truth(other.name, (begin, begin + length), (0, length)))
        begin += other.seconds
    return truth


def speed(factor: float) -> Callable[..., Altered]:
    """Played that many times faster; the sound is left away, as it would be resampled."""

    def altered(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
        count = int(len(source.frames) / factor)
        frames = [source.frames[min(len(source.frames) - 1, int(number * factor))] for number in range(count)]
        return Altered(frames, None, [Truth(source.name, (0, count / RATE), (0, source.seconds))], [])

    return altered


def frame_rate(rate: float) -> Callable[..., Altered]:
    def altered(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
        count = int(source.seconds * rate)
        frames = [source.frames[min(len(source.frames) - 1, int(n / rate * RATE))] for n in range(count)]
        return Altered(frames, source.sound, _whole(source), _whole(source), rate=rate)

    return altered


def _cut(source: Recording, begin: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    frames = source.frames[round(begin * RATE) : round(end * RATE)]
    return frames, source.sound[
        round(begin * SOUND_RATE) : round(begin * SOUND_RATE) + len(frames) * SOUND_RATE // RATE
    ]


def _eventful(source: Recording, length: float, chance: np.random.Generator) -> float:
    """Where a cut begins: among eight places at random, one in which something moves most of the time. Where nothing
    moves, nothing could tell one time from another, for a person either."""
    places = [round(float(chance.uniform(0, source.seconds - length)), 1) for _ in range(8)]
    small = source.frames[:, ::8, ::8].astype(np.int16)

    def busy(begin: float) -> float:
        some = small[round(begin * RATE) : round((begin + length) * RATE)]
        return float((np.percentile(np.abs(some[5:] - some[:-5]), 98, axis=(1, 2)) > 12).mean())

    return next((place for place in places if busy(place) > 0.7), max(places, key=busy))


def trim(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    length = min(5.0, source.seconds * 0.6)
    begin = _eventful(source, length, chance)
    frames, sound = _cut(source, begin, begin + length)
    truth = [Truth(source.name, (0, length), (begin, begin + length))]
    return Altered(frames, sound, truth, truth)


def compilation(fade_seconds: float) -> Callable[..., Altered]:
    """Three to five seconds each of four recordings, and something foreign in the middle."""

    def altered(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
        parts, sound, truth, now = [], [], [], 0.0
        chosen = [source, *others[:3]]
        size = (480, 270)
        for number, one in enumerate(chosen):
            length = round(min(float(chance.uniform(3, 5)), one.seconds - 0.2), 1)
            begin = _eventful(one, length, chance)
            frames, heard = _cut(one, begin, begin + length)
            parts.append([_fitted(frame, size) for frame in frames])
            sound.append(heard)
            length = len(frames) / RATE
            truth.append(Truth(one.name, (now, now + length), (begin, begin + length)))
            now += length
            if number == 1:
                parts.append(foreign(int(chance.integers(1e6)), 3.0, size))
                sound.append((0.05 * chance.normal(size=3 * SOUND_RATE)).astype(np.float32))
                now += 3.0
        frames = _joined(parts, round(fade_seconds * RATE))
        return Altered(frames, np.concatenate(sound), truth, truth)

    return altered


def _joined(parts: list[list[np.ndarray]], fade: int) -> list[np.ndarray]:
    """One after the other; a fade mixes the last frames of a part with its successor's first, keeping all times."""
    frames = [frame for part in parts for frame in part]
    edge = 0
    for part in parts[:-1]:
        edge += len(part)
        for step in range(fade):
            place = edge - fade // 2 + step
            share = (step + 1) / (fade + 1)
            before, after = frames[min(place, edge - 1)], frames[max(place, edge)]
            frames[place] = cv2.addWeighted(before, 1 - share, after, share, 0)
    return frames


def _fitted(frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    share = min(size[0] / frame.shape[1], size[1] / frame.shape[0])
    small = scaled(frame, share)
    ground = np.zeros((size[1], size[0]), np.uint8)
    top, left = (size[1] - small.shape[0]) // 2, (size[0] - small.shape[1]) // 2
    ground[top : top + small.shape[0], left : left + small.shape[1]] = small
    return ground


def foreign(seed: int, seconds: float, size: tuple[int, int]) -> list[np.ndarray]:
    """Moving cloud that is in no source."""
    chance = np.random.default_rng(seed)
    noise = cv2.resize(
        chance.random((40, 60)).astype(np.float32), (size[0] * 2, size[1] * 2), interpolation=cv2.INTER_CUBIC
    )
    fine = cv2.resize(chance.random((160, 240)).astype(np.float32), (size[0] * 2, size[1] * 2))
    cloud = np.clip((noise * 0.7 + fine * 0.3) * 255, 0, 255).astype(np.uint8)
    return [cloud[n : n + size[1], 2 * n : 2 * n + size[0]].copy() for n in range(round(seconds * RATE))]


def insert(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    """Three foreign seconds in the middle."""
    half = len(source.frames) // 2
    size = source.frames.shape[2], source.frames.shape[1]
    middle = foreign(int(chance.integers(1e6)), 3.0, size)
    frames = [*source.frames[:half], *middle, *source.frames[half:]]
    edge = half / RATE
    truth = [
        Truth(source.name, (0, edge), (0, edge)),
        Truth(source.name, (edge + 3, source.seconds + 3), (edge, source.seconds)),
    ]
    cut = half * SOUND_RATE // RATE
    sound = np.concatenate([source.sound[:cut], np.zeros(3 * SOUND_RATE, np.float32), source.sound[cut:]])
    return Altered(frames, sound, truth, truth)


def titled(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    """Behind a title card of three seconds that others have too."""
    size = source.frames.shape[2], source.frames.shape[1]
    frames = [*title_card(size)] * (3 * RATE) + list(source.frames)
    truth = [Truth(source.name, (3, source.seconds + 3), (0, source.seconds))]
    sound = np.concatenate([np.zeros(3 * SOUND_RATE, np.float32), source.sound])
    return Altered(frames, sound, truth, truth)


def title_card(size: tuple[int, int]) -> list[np.ndarray]:
    card = np.full((size[1], size[0]), 30, np.uint8)
    cv2.rectangle(card, (20, 20), (size[0] - 20, size[1] - 20), 90, 4)
    for row, text in enumerate(("WITNESS CHANNEL", "Footage received", "by our editors")):
        cv2.putText(card, text, (36, size[1] // 2 - 30 + 34 * row), cv2.FONT_HERSHEY_DUPLEX, 0.7, 225, 2)
    return [card]


def replaced_sound(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    other = np.resize(others[0].sound, len(source.sound))
    length = min(source.seconds, others[0].seconds)
    truth = [Truth(others[0].name, (0, length), (0, length))]
    return Altered([scaled(f, 0.9)[:-1] for f in map(_even, source.frames)], other, _whole(source), truth)


def muted(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    return Altered(source.frames, np.zeros_like(source.sound), _whole(source), [], crf=32)


def sound_only(source: Recording, others: list[Recording], chance: np.random.Generator) -> Altered:
    """The sound under pictures that are in no source."""
    frames = foreign(int(chance.integers(1e6)), min(source.seconds, 12.0), (480, 270))
    noise = 0.01 * chance.normal(size=len(source.sound)).astype(np.float32)
    length = len(frames) / RATE
    sound = 0.6 * source.sound[: int(length * SOUND_RATE)] + noise[: int(length * SOUND_RATE)]
    return Altered(frames, sound, [], [Truth(source.name, (0, length), (0, length))])


ATTACKS: dict[str, Callable[..., Altered]] = {
    "re-encoded small": each(lambda frame: scaled(frame, 0.66), crf=33),
    "low bitrate": each(lambda frame: scaled(frame, 0.5), crf=40),
    "10 frames a second": frame_rate(10),
    "25 frames a second": frame_rate(25),
    "gamma": each(gamma),
    "contrast filter": each(filtered),
    "logo": each(logo),
    "banner and logo": each(banner),
    "mirror": each(mirror),
    "letterbox": each(letterbox),
    "blurred fill": each(blurred_fill),
    "crop 20 %": each(cropped(0.2)),
    "crop 40 %": each(cropped(0.4)),
    "mirror, crop 15 %, banner": each(mirror_crop_banner),
    "picture in picture": picture_in_picture,
    "stacked duet": duet,
    "rotated 90°": each(turned),
    "rotated 5°": each(tilted),
    "screen recording": each(screen_recording, crf=30),
    "speed 1.25": speed(1.25),
    "speed 0.75": speed(0.75),
    "trim": trim,
    "compilation": compilation(0),
    "compilation, cross-fades": compilation(0.8),
    "foreign insert": insert,
    "title card before": titled,
    "sound replaced": replaced_sound,
    "muted": muted,
    "sound only": sound_only,
}
