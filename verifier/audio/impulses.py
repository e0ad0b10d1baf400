"""Candidate impulsive events: where something sharp sounds, ranked for a person to listen to. Never called gunshots.

A candidate is a local maximum of level that rises by 6 dB within 25 ms and stands 10 dB over the last second's
background. There are thousands an hour in ordinary sound, so they are ranked by a score that can be explained (height
over background, how many bands rise, how little it rings) and at most twenty a minute are kept. Events close together
make a burst; a rate is given only where the intervals are even. A later, lower, duller one at a constant delay behind
several leading ones is noted as a possible echo.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d, percentile_filter

from verifier.instruments import Parameters, Picture, Showing, Sound, Viewer
from verifier.records import Event, Exhibit, Kind, Record

RATE = 16_000
WINDOW, HOP, BINS = 160, 80, 256  # 10 ms, every 5 ms
FRAME_SECONDS = HOP / RATE
BANDS_HZ = ((60, 300), (300, 1000), (1000, 3000), (3000, 7500))
LEAST_RISE_DB, LEAST_HEIGHT_DB = 6.0, 10.0
FLOOR_DB = -75.0
BACKGROUND_SECONDS, BACKGROUND_PERCENT = 1.0, 20
MOST_A_MINUTE = 20
LEAST_SCORE = 0.35
BURST_GAP_SECONDS = 0.25
EVEN_LEAST_EVENTS, EVEN_MOST_VARIATION = 4, 0.15
CLIPPED = 0.985
_CHUNK_SECONDS, _CONTEXT_SECONDS = 30, 2

Floats = NDArray[np.float32]


def band_levels(samples: Floats) -> tuple[Floats, Floats]:
    """Levels in dB: of the four bands, float32 (frames, 4), and of all of them together (frames,)."""
    if len(samples) < WINDOW:
        return np.zeros((0, 4), np.float32), np.zeros(0, np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(WINDOW).astype(np.float32), BINS, axis=1)) ** 2 / WINDOW
    frequency = np.fft.rfftfreq(BINS, 1 / RATE)
    bands = np.stack([power[:, (frequency >= low) & (frequency < high)].sum(axis=1) for low, high in BANDS_HZ], axis=1)
    levels = np.maximum(10 * np.log10(bands + 1e-12), FLOOR_DB)
    total = np.maximum(10 * np.log10(bands.sum(axis=1) + 1e-12), FLOOR_DB)
    return levels.astype(np.float32), total.astype(np.float32)


def _background(level: Floats) -> Floats:
    """The 20th percentile of the second that ends 25 ms earlier."""
    length = int(BACKGROUND_SECONDS / FRAME_SECONDS)
    padded = np.concatenate([np.full(length, np.percentile(level[:length], BACKGROUND_PERCENT), np.float32), level])
    trailing = percentile_filter(padded, BACKGROUND_PERCENT, size=length, origin=(length - 1) // 2)[length:]
    return np.asarray(np.concatenate([np.full(5, trailing[0]), trailing[:-5]])[: len(level)], np.float32)


def _lowest_before(level: Floats) -> Floats:
    """The lowest of the frames 10 to 25 ms earlier."""
    before = minimum_filter1d(level, size=4, origin=1, axis=0, mode="nearest")
    return np.asarray(np.concatenate([np.repeat(before[:1], 2, axis=0), before[:-2]]), np.float32)


def candidates(samples: Floats) -> list[Event]:
    """Events "impulse" of 16 kHz mono sound, with everything that was measured; times from its first sample."""
    levels, total = band_levels(samples)
    if len(total) < 40:
        return []
    background, rise = _background(total), total - _lowest_before(total)
    height = total - background
    peak = (total == maximum_filter1d(total, 9)) & (rise >= LEAST_RISE_DB) & (height >= LEAST_HEIGHT_DB)
    places = np.flatnonzero(peak)
    band_rise = levels - _lowest_before(levels)
    return [
        _event(samples, int(place), levels, total, float(rise[place]), float(height[place]), band_rise[place])
        for place in places
        if 4 < place < len(total) - 4
    ]


def _event(
    samples: Floats, place: int, levels: Floats, total: Floats, rise: float, height: float, band_rise: Floats
) -> Event:
    start = place * HOP
    bands = int((band_rise >= LEAST_RISE_DB).sum())
    ringing = _harmonicity(samples[start + 320 : start + 1280])
    after = total[place : place + 100] - total[place]
    later = np.maximum.accumulate(after[::-1])[::-1]
    decay = int(np.argmax(later < -10)) if (later < -10).any() else len(after)
    attack = _attack_milliseconds(samples[max(0, start - 480) : start + 400])
    share = 10 ** ((levels[place] - total[place]) / 10)
    return Event(
        kind="impulse",
        start_seconds=round(place * FRAME_SECONDS, 3),
        end_seconds=round((place + max(2, min(decay, 60))) * FRAME_SECONDS, 3),
        score=round(_score(height, bands, ringing, attack), 3),
        measures={
            "peak_to_background_db": round(height, 1),
            "rise_db": round(rise, 1),
            "bands_rising": bands,
            "harmonicity": round(ringing, 2),
            "attack_ms": attack,
            "decay_10_db_ms": decay * 5,
            "low_share": round(float(share[0]), 2),
            "high_share": round(float(share[3]), 2),
            "level_db": round(float(total[place]), 1),
            "clipped": bool((np.abs(samples[max(0, start - 160) : start + 640]) > CLIPPED).any()),
        },
    )


def _score(height: float, bands: int, ringing: float, attack: float) -> float:
    """0..1: height over background up to 40 dB, bands that rise, little ringing, a steep beginning."""
    return (
        0.40 * min(1.0, max(0.0, height - LEAST_HEIGHT_DB) / 30)
        + 0.25 * bands / len(BANDS_HZ)
        + 0.20 * (1 - min(1.0, max(0.0, ringing)))
        + 0.15 * (1 - min(1.0, attack / 30))
    )


def _harmonicity(samples: Floats) -> float:
    """Highest autocorrelation at 2.5 to 15 ms, of what follows 20 ms after the peak: a voice or a bell rings."""
    if len(samples) < 960:
        return 0.0
    centred = samples - samples.mean()
    spectrum = np.abs(np.fft.rfft(centred, 2048)) ** 2
    correlation = np.fft.irfft(spectrum)[:241]
    return float(correlation[40:240].max() / (correlation[0] + 1e-12))


def _attack_milliseconds(samples: Floats) -> float:
    """From a tenth of the peak to the peak, by 1 ms steps; at most 30."""
    steps = np.abs(samples[: len(samples) // 16 * 16]).reshape(-1, 16).max(axis=1)
    if len(steps) == 0 or steps.max() <= 0:
        return 30.0
    peak = int(steps.argmax())
    below = np.flatnonzero(steps[:peak] < 0.1 * steps[peak])
    return float(min(30, peak - below[-1])) if len(below) else 30.0


def bursts(events: list[Event]) -> Iterator[Event]:
    """Events "burst": three or more impulses with gaps under a quarter of a second."""
    run: list[Event] = []
    for event in [*events, None]:
        if event is not None and (not run or event.start_seconds - run[-1].start_seconds < BURST_GAP_SECONDS):
            run.append(event)
            continue
        if len(run) >= 3:
            yield _burst(run)
        run = [event] if event is not None else []


def _burst(run: list[Event]) -> Event:
    starts = np.array([event.start_seconds for event in run])
    intervals = np.diff(starts)
    variation = float(intervals.std() / intervals.mean())
    is_even = len(run) >= EVEN_LEAST_EVENTS and variation < EVEN_MOST_VARIATION
    return Event(
        kind="burst",
        start_seconds=run[0].start_seconds,
        end_seconds=run[-1].end_seconds,
        score=round(float(np.mean([event.score or 0.0 for event in run])), 3),
        measures={
            "candidates": len(run),
            "interval_variation": round(variation, 3),
            "a_minute": round(60 / float(np.median(intervals)), 0) if is_even else None,
            "a_minute_least": round(60 / float(intervals.max()), 0) if is_even else None,
            "a_minute_most": round(60 / float(intervals.min()), 0) if is_even else None,
        },
    )


def echoes(events: list[Event]) -> list[Event]:
    """The same events; those that may be echoes say behind which delay. One delay must recur behind three leaders."""
    delays: dict[int, list[int]] = {}
    for number, event in enumerate(events):
        for other in range(number + 1, min(number + 6, len(events))):
            delay = events[other].start_seconds - event.start_seconds
            if delay > 1.5:
                break
            if _is_duller(event, events[other]):
                delays.setdefault(round(delay / 0.01), []).append(other)
    noted: dict[int, float] = {}
    for step, behind in delays.items():
        everyone = sorted({number for near in (step - 1, step, step + 1) for number in delays.get(near, [])})
        if len(everyone) >= 3 and behind:
            noted.update(dict.fromkeys(everyone, step * 0.01))
    return [
        Event(
            kind=event.kind,
            start_seconds=event.start_seconds,
            end_seconds=event.end_seconds,
            score=event.score,
            measures={**event.measures, **({"possible_echo_s": round(noted[number], 2)} if number in noted else {})},
        )
        for number, event in enumerate(events)
    ]


def _is_duller(first: Event, second: Event) -> bool:
    level = float(second.measures["level_db"] or 0) < float(first.measures["level_db"] or 0) - 3
    return level and float(second.measures["high_share"] or 0) <= float(first.measures["high_share"] or 0)


def ranked(events: list[Event]) -> list[Event]:
    """In order of time, the best twenty of every minute, none below the least score."""
    minutes: dict[int, list[Event]] = {}
    for event in events:
        if (event.score or 0.0) >= LEAST_SCORE:
            minutes.setdefault(int(event.start_seconds // 60), []).append(event)
    best = [
        event
        for some in minutes.values()
        for event in sorted(some, key=lambda one: (-(one.score or 0.0), one.start_seconds))[:MOST_A_MINUTE]
    ]
    return sorted(best, key=lambda event: event.start_seconds)


class _Listening:
    """Thirty seconds at a time, with two before and after."""

    def __init__(self) -> None:
        self._parts: list[Floats] = []
        self._length = 0
        self._begin: float | None = None  # seconds at which the buffer begins
        self._done = -np.inf  # seconds up to which events are kept
        self._events: list[Event] = []

    def see(self, picture: Picture) -> None:
        """Pictures are other viewers'."""

    def hear(self, sound: Sound) -> None:
        end = None if self._begin is None else self._begin + self._length / RATE
        if end is not None and abs(sound.start_seconds - end) > 0.05:  # a hole: what follows is looked at by itself
            self._look(everything=True)
            self._begin = None
        if self._begin is None:
            self._begin, self._parts, self._length = sound.start_seconds, [], 0
        self._parts.append(sound.samples)
        self._length += len(sound.samples)
        if self._length >= (_CHUNK_SECONDS + 2 * _CONTEXT_SECONDS) * RATE:
            self._look(everything=False)

    def _look(self, *, everything: bool) -> None:
        if self._begin is None or not self._parts:
            return
        samples = np.concatenate(self._parts)
        stop = self._begin + (len(samples) / RATE if everything else len(samples) / RATE - _CONTEXT_SECONDS)
        for event in candidates(samples):
            start = event.start_seconds + self._begin
            if self._done <= start < stop:
                self._events.append(_moved(event, self._begin))
        self._events = ranked(self._events)
        self._done = stop
        keep = 0 if everything else 2 * _CONTEXT_SECONDS * RATE
        rest = samples[len(samples) - keep :] if keep else samples[:0]
        self._begin += (len(samples) - len(rest)) / RATE
        self._parts, self._length = [rest], len(rest)

    def conclude(self) -> Iterator[Record]:
        self._look(everything=True)
        events = echoes(ranked(self._events))
        yield from events
        yield from bursts(events)


def _moved(event: Event, seconds: float) -> Event:
    return Event(
        kind=event.kind,
        start_seconds=round(event.start_seconds + seconds, 3),
        end_seconds=round(event.end_seconds + seconds, 3),
        score=event.score,
        measures=event.measures,
    )


def _begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Listening:
    return _Listening()


VIEWER = Viewer(name="impulses", version=1, accepts=frozenset({Kind.VIDEO, Kind.AUDIO}), begin=_begin)
