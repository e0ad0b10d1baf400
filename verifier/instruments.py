"""The shapes of promises: what an instrument is, what it is given, and what it may yield.

A module in `metadata`, `hashing`, `geo` or `audio` declares its instrument as a module constant: `ANALYSER` (reads an
exhibit's bytes) or `VIEWER` (watches the one shared decode); one in `findings` a `CHECK` (judges stored records). The
registry finds it; nothing else needs to be edited.

Instruments are pure: no clock, no network, no database, no console. They may raise only `Corrupt` or `Unsupported`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

from verifier.records import Exhibit, Fault, Finding, Kind, Record, Run, Scalar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verifier.dossier import CaseDossier, ExhibitDossier

Parameters: TypeAlias = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one instrument may spend on one exhibit before its worker is ended."""

    seconds: float = 20.0
    seconds_per_megabyte: float = 0.2
    most_seconds: float = 900.0
    memory_bytes: int = 1 << 30

    def seconds_for(self, size_bytes: int) -> float:
        """Wall-clock seconds allowed for an exhibit of that size."""
        return min(self.most_seconds, self.seconds + self.seconds_per_megabyte * size_bytes / 1e6)


ORDINARY = Limits()


class Source(Protocol):
    """The vault's copy of one exhibit, seen by an instrument inside the worker."""

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    @property
    def head(self) -> bytes:
        """The first 64 KiB (fewer in a smaller exhibit), read once."""
        ...

    def open(self) -> BinaryIO:
        """A new seekable stream over the bytes; the caller closes it."""
        ...

    def path(self) -> str:
        """Where the vault's copy lies, for a library that must open by name; its name is a digest."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One decoded picture, upright (display orientation applied).

    `grey`: uint8 (rows, columns), luma of ITU-R BT.601. Of a still: short side at most 480, long side at most 1280; of
    a clip: long side at most 480. Never enlarged.
    `colour`: uint8 (rows, columns, 3) RGB of a still, as decoded, upright; None for a clip's frame. A JPEG with a long
    side over 2048 is decoded at 1/2, 1/4 or 1/8 scale, the smallest that keeps the long side at least 1024.
    Any other still of over 2^25 pixels is reduced by a whole factor; of a raw file, the camera's preview is shown.
    `offset_seconds`: presentation time from the first video frame; None for a still.
    `number`: index among kept pictures. `damaged`: the decoder reported an error in this picture.
    `is_key`: a key frame of its stream (True for stills).
    """

    grey: NDArray[np.uint8]
    colour: NDArray[np.uint8] | None = None
    offset_seconds: float | None = None
    number: int = 0
    damaged: bool = False
    is_key: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A block of sound: float32 mono samples in -1..1 at 16,000 a second; may start before the first frame (< 0)."""

    samples: NDArray[np.float32]
    start_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What is known of the shared decode before its first picture."""

    still: bool
    stored_width: int
    stored_height: int
    orientation: int = 1  # Exif 1..8; for clips see rotation_degrees
    rotation_degrees: int = 0  # clockwise turn that shows it upright
    duration_seconds: float | None = None
    frame_rate: float | None = None
    has_sound: bool = False
    key_frames_only: bool = False  # --fast


class Viewing(Protocol):
    """One viewer watching one exhibit. Called in presentation order; `conclude` is called once, at the end."""

    def see(self, picture: Picture) -> None:
        """A kept picture: the still, or a clip's frame (4 a second of presentation time)."""
        ...

    def hear(self, sound: Sound) -> None:
        """A block of sound."""
        ...

    def conclude(self) -> Iterator[Record]:
        """Everything the viewer has to say."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyser:
    """Reads an exhibit's bytes. `analyse` may yield records before it raises; those are kept."""

    name: str
    version: int
    accepts: frozenset[Kind]
    analyse: Callable[[Exhibit, Source, Parameters], Iterator[Record]]
    limits: Limits = ORDINARY
    needs: tuple[str, ...] = ()  # import names of extras; absence is a fault "absent"
    media_types: frozenset[str] | None = None  # None: every media type of the accepted kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Watches the one decode that all viewers of an exhibit share."""

    name: str
    version: int
    accepts: frozenset[Kind]
    begin: Callable[[Exhibit, Showing, Parameters], Viewing]
    limits: Limits = ORDINARY
    needs: tuple[str, ...] = ()


def _tied_to_none(dossier: ExhibitDossier) -> Iterable[str]:
    """The ties of a check that never goes through the exhibits of a case."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Judges what is stored; opens no media. Yields findings about `exhibit`, seen within its case.

    `ties`: what it says of an exhibit may depend on every exhibit that has a tie in common with it; beyond these only
    on the exhibit itself and on those that links lead to (`findings.judge.REACH`). A check that goes through the
    exhibits of the case declares them, or an exhibit that is handed over later is not seen.
    """

    name: str
    version: int
    codes: tuple[str, ...]  # every Finding.code it can yield; each has an entry in docs/findings.md
    check: Callable[[ExhibitDossier, CaseDossier], Iterator[Finding]]
    ties: Callable[[ExhibitDossier], Iterable[str]] = _tied_to_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One exhibit and the instruments that have not met it yet."""

    exhibit: Exhibit
    path: str  # the vault's copy
    instruments: tuple[str, ...]
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The one answer to a job: a run and its records for every instrument named, faults included."""

    exhibit: str
    runs: tuple[Run, ...]
    records: Mapping[str, tuple[Record, ...]]  # by instrument name
    faults: tuple[Fault, ...] = ()
