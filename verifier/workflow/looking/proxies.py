"""A recording as a small clip to look at, made in the sandbox: grey, blurred and muted unless asked otherwise."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verifier.confinement import Protection
from verifier.dossier import ExhibitDossier
from verifier.errors import InstrumentError, PathNotFound, UsageError
from verifier.evidence.vault import Vault
from verifier.executors.confined import Confined
from verifier.findings.facts import establish
from verifier.media.proxy import (
    MOST_BYTES,
    MOST_MEMORY_BYTES,
    PROCESS_SECONDS,
    Wanted,
    proxy,
    rate_of,
)
from verifier.records import Kind, Scalar
from verifier.store import Store
from verifier.workflow.people.admissible import MOVING, length_seconds
from verifier.workflow.people.conclude import must_sign
from verifier.workflow.progress import Clock
from verifier.workflow.sandboxing import admit

ACTION = "reveal clip"
MOST_TOLD_BYTES = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What was made, and what held while it was. What is a look may be seen by nobody before it is noted."""

    exhibit: str
    content: bytes
    wanted: Wanted
    rate: float  # frames per second
    layers: tuple[Protection, ...]

    def note(self, store: Store, *, weaker: bool, actor: str, clock: Clock) -> None:
        """Note that somebody looks or listens; of what is covered, only what the sandbox lacked."""
        admit(self.layers, store, weaker=weaker, actor=actor, clock=clock)
        if self.wanted.is_look:
            must_sign(actor)
            detail: dict[str, Scalar] = {
                "colour": self.wanted.colour, "sharp": self.wanted.sharp, "sound": self.wanted.sound,
                "start_seconds": round(self.wanted.start, 3),
            }  # fmt: skip
            store.note(ACTION, self.exhibit, detail, actor=actor, at=clock())


def frames_per_second(dossier: ExhibitDossier) -> float:
    """Of the clip of a recording: its own, as far as they are known and not too many."""
    return rate_of(_number(dossier, "frame_rate"))


def check_playable(dossier: ExhibitDossier, wanted: Wanted) -> None:
    """Raises UsageError where there is nothing to play."""
    exhibit, length = dossier.exhibit, length_seconds(dossier)
    if exhibit.kind not in MOVING:
        raise UsageError(f"{exhibit.id[:12]} is no recording: there is nothing to play.")
    if exhibit.kind is Kind.AUDIO and not wanted.sound:
        raise UsageError(f"{exhibit.id[:12]} has no pictures: ask for its sound.")
    if wanted.start and length is not None and wanted.start >= length:
        raise UsageError(f"The recording is {length:.1f} s long: {wanted.start:.1f} s does not lie in it.")


def clip_of(
    dossier: ExhibitDossier,
    vault: Vault,
    wanted: Wanted,
    *,
    weaker: bool,
    told: Callable[[float], object] = lambda share: None,
) -> Clip:
    """The clip of one recording. `told` hears the share that is done. Raises UsageError where it cannot be made."""
    check_playable(dossier, wanted)
    exhibit = dossier.exhibit
    if not vault.holds(exhibit.id):
        raise PathNotFound(f"the vault's copy of {exhibit.id[:12]}")
    length = length_seconds(dossier)
    left = wanted.seconds if length is None else min(wanted.seconds, max(0.1, length - wanted.start))
    program = Confined(seconds=PROCESS_SECONDS, memory_bytes=MOST_MEMORY_BYTES, most_bytes=MOST_BYTES, weaker=weaker)

    def run(command: Sequence[str], descriptors: Sequence[int]) -> tuple[int, bytes, str]:
        ran = program.run(command, descriptors=descriptors)
        return ran.code, ran.output, ran.said

    rate = frames_per_second(dossier)
    with _Listener(left, told) as descriptor:
        try:
            content = proxy(
                vault.path_of(exhibit.id), exhibit.media_type, wanted, has_pictures=exhibit.kind is Kind.VIDEO,
                has_sound=exhibit.kind is Kind.AUDIO or "audio_codec" in _facts(dossier), rate=rate, run=run,
                progress=descriptor, title=f"Derived for looking, not evidence: {exhibit.id[:12]}",
            )  # fmt: skip
        except InstrumentError as error:
            raise UsageError(f"{exhibit.id[:12]} cannot be played: {error}.") from error
    return Clip(exhibit=exhibit.id, content=content, wanted=wanted, rate=rate, layers=program.layers)


class _Listener:
    """A pipe on which FFmpeg says how many microseconds of the clip are written."""

    def __init__(self, seconds: float, told: Callable[[float], object]) -> None:
        self._seconds, self._told = seconds, told
        self._heard, self._says = os.pipe()
        self._thread = threading.Thread(target=self._listen, name="hear FFmpeg", daemon=True)

    def __enter__(self) -> int:
        self._thread.start()
        return self._says

    def __exit__(self, *error: object) -> None:
        os.close(self._says)
        self._thread.join()
        os.close(self._heard)

    def _listen(self) -> None:
        rest = b""
        while part := os.read(self._heard, 4096):
            *lines, rest = (rest + part).split(b"\n")
            rest = rest[-MOST_TOLD_BYTES:]
            for line in lines:
                name, _, value = line.partition(b"=")
                if name == b"out_time_us" and value.isdigit() and len(value) < 16:
                    self._told(min(1.0, int(value) / 1e6 / self._seconds))


def _facts(dossier: ExhibitDossier) -> frozenset[str]:
    return frozenset(dossier.facts or establish(dossier.readings, dossier.exhibit))


def _number(dossier: ExhibitDossier, question: str) -> float | None:
    fact = (dossier.facts or establish(dossier.readings, dossier.exhibit)).get(question)
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
