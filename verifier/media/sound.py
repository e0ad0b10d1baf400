"""Sound as 16 kHz mono blocks of about a second, each with its own start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from av.audio.resampler import AudioResampler

from verifier.instruments import Sound
from verifier.media.probe import DECODER_ERRORS

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES_PER_SECOND = 16_000
_GAP_SECONDS = 0.1  # a hole longer than this ends a block, so that what follows keeps its place


class Listener:
    """Decodes packets of one stream. Times are the container's, in seconds."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - PyAV exports no types
        self._base = float(stream.time_base) if stream.time_base else 0.0
        self._resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLES_PER_SECOND)
        self._blocks: list[NDArray[np.float32]] = []
        self._length = 0
        self._start: float | None = None
        self._silent = False
        self.damaged = 0  # packets that could not be decoded

    def hear(self, packet: Any) -> Iterator[Sound]:  # noqa: ANN401
        """Whole blocks that this packet completes. A packet that cannot be decoded leaves a gap."""
        if self._silent:
            return
        try:
            frames = packet.decode()
        except DECODER_ERRORS:
            self.damaged += 1
            return
        for frame in frames:
            told = frame.time
            if told is not None and self._start is not None:
                expected = self._start + self._length / SAMPLES_PER_SECOND
                if abs(told - expected) > _GAP_SECONDS:
                    yield from self.rest()
            if self._start is None:
                self._start = told if told is not None else 0.0
            self._keep(frame)
            if self._length >= SAMPLES_PER_SECOND:
                yield from self._block()

    def rest(self) -> Iterator[Sound]:
        """What is left, at the end or before a gap."""
        self._keep(None)
        self._resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLES_PER_SECOND)
        yield from self._block()
        self._start = None

    def _keep(self, frame: Any | None) -> None:  # noqa: ANN401
        try:
            for resampled in self._resampler.resample(frame):
                samples = np.frombuffer(memoryview(resampled.planes[0]), np.float32, resampled.samples)
                self._blocks.append(samples.copy())  # the decoder writes into its buffer again
                self._length += samples.size
        except DECODER_ERRORS:
            self.damaged += 1
            self._silent = frame is not None and self.damaged > 1000

    def _block(self) -> Iterator[Sound]:
        if not self._length or self._start is None:
            return
        samples = np.clip(np.nan_to_num(np.concatenate(self._blocks), copy=False), -1.0, 1.0)
        yield Sound(samples=samples, start_seconds=self._start)
        self._start += self._length / SAMPLES_PER_SECOND
        self._blocks, self._length = [], 0
