"""Sound landmarks: the loudest points of a spectrogram, by which one recording is found under other pictures.

A constellation of about thirty peaks a second is stored (Wang, "An Industrial-Strength Audio Search Algorithm", 2003);
pairs of peaks become hashes only when clips are compared. Silence and steady noise have no landmarks, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt
from verifier.hashing import arrays as clip_arrays
from verifier.instruments import Parameters, Picture, Showing, Sound, Viewer
from verifier.records import Event, Exhibit, Kind, Record

NAME = "sound-landmarks"
RECIPE = "landmarks/1"
RATE = 16_000
WINDOW, HOP = 1024, 256
FRAME_SECONDS = HOP / RATE
LOWEST_BIN, HIGHEST_BIN = 12, 240  # about 190 to 3750 Hz: what telephone codecs keep
PEAKS_PER_SECOND = 30
NEIGHBOURHOOD = (7, 15)  # frames and bins, of which a peak is the highest
FAN_OUT, LONGEST_PAIR = 8, 62  # pairs of a peak; frames between the two, about a second
QUIET_DBFS = -60.0
LEAST_HASHES_HEARD = 20  # peaks of a clip: with fewer there is nothing to recognise
LEAST_PROMINENCE_DB = 6.0  # over the mean level of the peak's second, in its bin's neighbourhood
_CHUNK, _CONTEXT = 10 * RATE, RATE // 2
MOST_SECONDS = 6 * 3600
GAP_SECONDS, SILENCE, MOST_GAPS = 0.15, 1e-6, 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmarks:
    """Peaks in order of time. `frame`: uint32 (peaks,), 16 ms each from `start` seconds; `bin`: uint16 (peaks,).

    `is_silent`: nothing above -60 dBFS. `level_dbfs`: root mean square of the whole; `loudest_dbfs`: of its loudest
    second.
    """

    start: float
    seconds: float
    level_dbfs: float
    loudest_dbfs: float
    frame: NDArray[np.uint32]
    bin: NDArray[np.uint16]

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to hear."""
        return self.loudest_dbfs < QUIET_DBFS

    def hashes(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Hashes (pairs,) of two peaks and the frame of the first: 8 bits, 8 bits, and 6 of the time between."""
        found, when = [], []
        frame, place = self.frame.astype(np.int64), self.bin.astype(np.int64)
        for ahead in range(1, FAN_OUT + 1):
            if ahead >= len(frame):
                break
            between = frame[ahead:] - frame[:-ahead]
            near = (between >= 1) & (between <= LONGEST_PAIR)
            pair = (place[:-ahead] << 14) | (place[ahead:] << 6) | between
            found.append(pair[near].astype(np.uint32))
            when.append(self.frame[:-ahead][near])
        if not found:
            return np.zeros(0, np.uint32), np.zeros(0, np.uint32)
        return np.concatenate(found), np.concatenate(when)


def encode(landmarks: Landmarks) -> bytes:
    """The `landmarks/1` derivative."""
    facts = {
        "start_s": round(landmarks.start, 4),
        "seconds": round(landmarks.seconds, 3),
        "level_dbfs": round(landmarks.level_dbfs, 2),
        "loudest_dbfs": round(landmarks.loudest_dbfs, 2),
    }
    return clip_arrays.encode(RECIPE, {"frame": landmarks.frame, "bin": landmarks.bin}, facts)


def decode(content: bytes) -> Landmarks:
    """Raises Corrupt."""
    arrays, facts = clip_arrays.decode(RECIPE, content)
    try:
        found = Landmarks(
            start=float(facts["start_s"] or 0),
            seconds=float(facts["seconds"] or 0),
            level_dbfs=float(facts["level_dbfs"] or 0),
            loudest_dbfs=float(facts["loudest_dbfs"] or 0),
            frame=arrays["frame"],
            bin=arrays["bin"],
        )
    except (KeyError, TypeError, ValueError):
        raise Corrupt("landmarks are missing") from None
    if found.frame.shape != found.bin.shape or (len(found.bin) and int(found.bin.max()) > 255):
        raise Corrupt("landmarks do not fit one another")
    return found


def spectrogram(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels in dB, float32 (frames, bins 0..255), of windows every 16 ms; a frame begins at its number times 256."""
    if len(samples) < WINDOW:
        return np.zeros((0, 256), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    spectrum = np.fft.rfft(windows * np.hanning(WINDOW).astype(np.float32), axis=1)[:, :256]
    return np.asarray(10 * np.log10(np.abs(spectrum) ** 2 / WINDOW + 1e-9), np.float32)


def peaks(levels: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Frames, bins and levels of local maxima that stand out of their second."""
    if len(levels) == 0:
        empty = np.zeros(0, np.int64)
        return empty, empty, np.zeros(0, np.float32)
    highest = cv2.dilate(levels, np.ones(NEIGHBOURHOOD, np.uint8), borderType=cv2.BORDER_REPLICATE)
    mean = levels.mean(axis=0, keepdims=True)
    stands_out = (levels == highest) & (levels > mean + LEAST_PROMINENCE_DB) & (levels > -40.0)
    stands_out[:, :LOWEST_BIN] = False
    stands_out[:, HIGHEST_BIN:] = False
    frame, place = np.nonzero(stands_out)
    return frame, place, levels[frame, place]


class _Listening:
    """Sound as it comes; ten seconds at a time are looked at, with half a second before and after."""

    def __init__(self) -> None:
        self._start: float | None = None
        self._buffer = np.zeros(0, np.float32)
        self._begin = 0  # sample number of the buffer's first sample
        self._frames: list[NDArray[np.int64]] = []
        self._bins: list[NDArray[np.int64]] = []
        self._done = 0  # sample number up to which peaks are kept
        self._power, self._count, self._loudest = 0.0, 0, 0.0
        self._gaps: list[Event] = []
        self._quiet_since: float | None = None  # digital silence that goes on

    def see(self, picture: Picture) -> None:
        """Pictures are another viewer's."""

    def hear(self, sound: Sound) -> None:
        if self._start is None:
            self._start = sound.start_seconds
        place = round((sound.start_seconds - self._start) * RATE)
        if not 0 <= place <= MOST_SECONDS * RATE:
            return
        end = self._begin + len(self._buffer)
        samples = sound.samples
        self._note_gap(end, place, sound)
        if place < end - RATE // 20:  # time that was told twice
            return
        gap = min(place - end, 2 * _CHUNK) if place - end > RATE // 20 else 0
        if place - end > 2 * _CHUNK:
            self._look(everything=True)
            self._begin, self._buffer, self._done = place, np.zeros(0, np.float32), place
            gap = 0
        self._buffer = np.concatenate([self._buffer, np.zeros(gap, np.float32), samples])
        power = float(np.square(samples, dtype=np.float64).sum())
        self._power, self._count = self._power + power, self._count + len(samples)
        self._loudest = max(self._loudest, power / max(len(samples), RATE // 4))
        while len(self._buffer) >= _CHUNK + 2 * _CONTEXT:
            self._look(everything=False)

    def _note_gap(self, end: int, place: int, sound: Sound) -> None:
        """Events "sound-gap": time that no sound was written for, and digital silence between sounds."""
        start = self._start or 0.0
        if self._count and place - end > GAP_SECONDS * RATE:
            self._gap(start + end / RATE, start + place / RATE, "no sound is written")
        zero = np.concatenate([[False], np.abs(sound.samples) < SILENCE, [False]])
        edges = np.flatnonzero(np.diff(zero.astype(np.int8)))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            since = self._quiet_since if first == 0 and self._quiet_since is not None else None
            begin = since if since is not None else sound.start_seconds + first / RATE
            if last == len(sound.samples):
                self._quiet_since = begin
                return
            finish = sound.start_seconds + last / RATE
            if finish - begin >= GAP_SECONDS and begin > start + GAP_SECONDS:
                self._gap(begin, finish, "digital silence")
        self._quiet_since = None

    def _gap(self, begin: float, end: float, why: str) -> None:
        if len(self._gaps) < MOST_GAPS:
            self._gaps.append(
                Event(kind="sound-gap", start_seconds=round(begin, 3), end_seconds=round(end, 3), measures={"why": why})
            )

    def _look(self, *, everything: bool) -> None:
        """Keep the peaks of the buffer's next part."""
        stop = len(self._buffer) if everything else _CHUNK + _CONTEXT
        seen = self._buffer if everything else self._buffer[: stop + _CONTEXT]
        offset = -self._begin % HOP  # frames lie on one grid, wherever the buffer begins
        frame, place, level = peaks(spectrogram(seen[offset:]))
        frame = frame + (self._begin + offset) // HOP
        inside = (frame * HOP >= self._done) & (frame * HOP < self._begin + stop)
        frame, place, level = frame[inside], place[inside], level[inside]
        chosen = _strongest_each_second(frame, level)
        self._frames.append(frame[chosen])
        self._bins.append(place[chosen])
        self._done = self._begin + stop
        keep = max(0, stop - _CONTEXT)
        self._buffer, self._begin = self._buffer[keep:], self._begin + keep

    def conclude(self) -> Iterator[Record]:
        if self._start is None or self._count == 0:
            return
        self._look(everything=True)
        frame, place = np.concatenate(self._frames), np.concatenate(self._bins)
        order = np.lexsort((place, frame))
        found = Landmarks(
            start=self._start,
            seconds=self._count / RATE,
            level_dbfs=_dbfs(self._power / self._count),
            loudest_dbfs=_dbfs(self._loudest),
            frame=frame[order].astype(np.uint32),
            bin=place[order].astype(np.uint16),
        )
        yield clip_arrays.derivative(RECIPE, encode(found))
        yield from self._gaps


def _dbfs(power: float) -> float:
    return float(10 * np.log10(power + 1e-12))


def _strongest_each_second(frame: NDArray[np.int64], level: NDArray[np.float32]) -> NDArray[np.intp]:
    """Numbers of at most thirty peaks of every second."""
    second = frame * HOP // RATE
    order = np.lexsort((-level, second))
    ranked = second[order]
    rank = np.arange(len(ranked)) - np.searchsorted(ranked, ranked, "left")
    return np.sort(order[rank < PEAKS_PER_SECOND])


def _begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Listening:
    return _Listening()


VIEWER = Viewer(name=NAME, version=1, accepts=frozenset({Kind.VIDEO, Kind.AUDIO}), begin=_begin)
