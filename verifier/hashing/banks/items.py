"""An exhibit's own hashes as those of a bank's item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verifier.hashing.banks.bank import BankHash
from verifier.hashing.clips.features import FRAME_SECONDS, ClipFrames
from verifier.records import Fingerprint


def of_picture(fingerprints: Iterable[Fingerprint]) -> tuple[BankHash, ...]:
    """PDQ of the whole (variant 0) and of its content boxes (1 and more), with quality."""
    return tuple(BankHash(bits=one.bits, quality=one.quality, variant=_variant(one.variant)) for one in fingerprints)


def _variant(name: str) -> int:
    return int(name.removeprefix("box")) if name.startswith("box") else 0


def of_clip(frames: ClipFrames) -> Iterator[BankHash]:
    """Stretches of one look, whole (variant 0) and, where it is another picture, within the content box (1)."""
    for begin, end, run in _stretches(frames):
        rows = [(frames.wide[run], int(frames.quality[run]))]
        if (frames.wide_box[run] != frames.wide[run]).any():
            rows.append((frames.wide_box[run], int(frames.quality_box[run])))
        for variant, (bits, quality) in enumerate(rows):
            yield BankHash(bits=bits.tobytes(), quality=quality, variant=variant, begin=begin, end=end)


def _stretches(frames: ClipFrames) -> Iterator[tuple[float, float, int]]:
    """(first second, last second, run) of consecutive frames that share a hash."""
    first = 0
    for place in range(1, len(frames) + 1):
        if place == len(frames) or frames.run[place] != frames.run[first]:
            begin = max(0.0, float(frames.times[first]))
            yield begin, max(begin, float(frames.times[place - 1]) + FRAME_SECONDS), int(frames.run[first])
            first = place
