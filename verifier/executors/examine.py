"""One job inside a worker: every instrument that was asked for answers, whatever the bytes do to it.

An instrument may refuse (`Corrupt`, `Unsupported`), run out of memory, or be wrong; each becomes a `Fault` (`guarded`),
and what it had read until then is kept. Instruments that look at pictures or
listen share one decode and are one unit; a viewer that fails is dropped and the others go on.

Importing this module loads no decoder, so that a parent process can know the shapes of the steps.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, TypeAlias

from verifier.errors import Corrupt, Unsupported
from verifier.executors.bounds import BoundedRecords
from verifier.guarded import caught, fault_of
from verifier.instruments import Analyser, Job, Limits, Picture, Showing, Sound, Source, Viewer, Viewing
from verifier.media.source import from_beginning
from verifier.records import Fault, FaultKind, Kind, Record

if TYPE_CHECKING:
    from verifier.executors.registry import Registry

LOOKING_SHARE = 0.8  # of the time allowed is for looking; the rest is for viewers to conclude


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Instruments that are about to run: one analyser, or all viewers of the exhibit. Their clock starts now."""

    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """An instrument's answer. `result` is "done" or a `FaultKind`."""

    instrument: str
    result: str
    elapsed_seconds: float
    records: tuple[Record, ...] = ()
    faults: tuple[Fault, ...] = ()


Step: TypeAlias = Begun | Finished
Shown: TypeAlias = Showing | Picture | Sound
Clock: TypeAlias = Callable[[], float]
P = ParamSpec("P")


def together(limits: Iterable[Limits]) -> Limits:
    """What instruments that share one decode may spend: the sum of their times, the largest of their memories."""
    all_limits = tuple(limits)
    return Limits(
        seconds=sum(item.seconds for item in all_limits),
        seconds_per_megabyte=sum(item.seconds_per_megabyte for item in all_limits),
        most_seconds=sum(item.most_seconds for item in all_limits),
        memory_bytes=max((item.memory_bytes for item in all_limits), default=0),
    )


def examine(job: Job, source: Source, registry: Registry, clock: Clock = time.monotonic) -> Iterator[Step]:
    """A `Begun` before every unit and exactly one `Finished` for every instrument of the job."""
    source = from_beginning(source)
    viewers: list[Viewer] = []
    for name in job.instruments:
        if name in registry.viewers:
            viewers.append(registry.viewers[name])
        elif name in registry.analysers:
            yield Begun(instruments=(name,))
            yield _analyse(registry.analysers[name], job, source, clock)
        else:
            missing = Fault(kind=FaultKind.ABSENT, detail="no such instrument is installed", instrument=name)
            yield _finished(BoundedRecords(name), missing, 0.0)
    if viewers:
        yield Begun(instruments=tuple(viewer.name for viewer in viewers))
        yield from _SharedDecode(viewers, job, clock).watch(source)


def _analyse(analyser: Analyser, job: Job, source: Source, clock: Clock) -> Finished:
    began, tray = clock(), BoundedRecords(analyser.name)
    fault = absent(analyser) or _attempt(analyser.name, job, _fill, tray, analyser, job, source)
    return _finished(tray, fault, clock() - began)


def _fill(tray: BoundedRecords, analyser: Analyser, job: Job, source: Source) -> None:
    tray.fill(analyser.analyse(job.exhibit, source, job.parameters))


def absent(instrument: Analyser | Viewer) -> Fault | None:
    """The fault of an instrument whose optional libraries are not all installed."""
    missing = [name for name in instrument.needs if importlib.util.find_spec(name) is None]
    if not missing:
        return None
    return Fault(kind=FaultKind.ABSENT, detail=f"needs {', '.join(missing)}", instrument=instrument.name)


def _finished(tray: BoundedRecords, fault: Fault | None, elapsed_seconds: float) -> Finished:
    faults = (*((fault,) if fault else ()), *tray.faults())
    return Finished(
        instrument=tray.instrument,
        result=str(faults[0].kind) if faults else "done",
        elapsed_seconds=round(max(0.0, elapsed_seconds), 6),
        records=tuple(tray.records),
        faults=faults,
    )


def _attempt(name: str, job: Job, action: Callable[P, None], *arguments: P.args, **named: P.kwargs) -> Fault | None:
    """Do it; whatever goes wrong becomes a fault of that instrument."""
    error = caught(action, *arguments, **named)
    return None if error is None else fault_of(name, error, job.path)


class _SharedDecode:
    """All viewers of one exhibit before one shared decode."""

    def __init__(self, viewers: list[Viewer], job: Job, clock: Clock) -> None:
        self._job, self._clock = job, clock
        self._viewers = {viewer.name: viewer for viewer in viewers}
        self._trays = {name: BoundedRecords(name) for name in self._viewers}
        self._faults: dict[str, Fault] = {}
        self._spent = dict.fromkeys(self._viewers, 0.0)
        self._watching: dict[str, Viewing] = {}
        self._deadline = clock() + LOOKING_SHARE * together(item.limits for item in viewers).seconds_for(
            job.exhibit.size
        )
        for viewer in viewers:
            missing = absent(viewer)
            if missing:
                self._faults[viewer.name] = missing

    def watch(self, source: Source) -> Iterator[Finished]:
        """One `Finished` for every viewer."""
        began = self._clock()
        broken = _attempt("", self._job, self._look, source)
        looked = max(0.0, self._clock() - began - sum(self._spent.values())) / len(self._viewers)
        for name in self._viewers:
            viewing = self._watching.pop(name, None)
            if viewing is not None:
                self._call(name, self._conclude, name, viewing)
            fault = self._faults.get(name)
            if fault is None and broken is not None:
                fault = Fault(kind=broken.kind, detail=broken.detail, instrument=name)
            yield _finished(self._trays[name], fault, self._spent[name] + looked)

    def _look(self, source: Source) -> None:
        """Show every picture and sound to everybody who still watches. Raises what the decoder raises."""
        if len(self._faults) == len(self._viewers):
            return
        for shown in _shown(self._job, source):
            if isinstance(shown, Showing):
                self._begin(shown)
            elif isinstance(shown, Picture):
                for name, viewing in tuple(self._watching.items()):
                    self._call(name, viewing.see, shown)
            else:
                for name, viewing in tuple(self._watching.items()):
                    self._call(name, viewing.hear, shown)
            if not self._watching:
                return
            if self._job.exhibit.kind is not Kind.PHOTO and self._clock() > self._deadline:
                self._run_out(shown)
                return

    def _begin(self, showing: Showing) -> None:
        for name, viewer in self._viewers.items():
            if name not in self._faults:
                self._call(name, self._seat, viewer, showing)

    def _seat(self, viewer: Viewer, showing: Showing) -> None:
        self._watching[viewer.name] = viewer.begin(self._job.exhibit, showing, self._job.parameters)

    def _conclude(self, name: str, viewing: Viewing) -> None:
        self._trays[name].fill(viewing.conclude())

    def _call(self, name: str, action: Callable[P, None], *arguments: P.args, **named: P.kwargs) -> None:
        began = self._clock()
        fault = _attempt(name, self._job, action, *arguments, **named)
        self._spent[name] += self._clock() - began
        if fault is not None:
            self._faults.setdefault(name, fault)
            self._watching.pop(name, None)

    def _run_out(self, shown: Shown) -> None:
        """Time is up: those who watch conclude from what they saw, and say how far that was."""
        reached = getattr(shown, "offset_seconds", None) or getattr(shown, "start_seconds", None) or 0.0
        for name in self._watching:
            detail = (
                f"the time allowed was over after {reached:.0f} seconds of the recording; the rest was not looked at"
            )
            self._faults.setdefault(name, Fault(kind=FaultKind.TIMEOUT, detail=detail, instrument=name))


def _shown(job: Job, source: Source) -> Iterator[Shown]:
    """The decode that fits the exhibit. Decoders are imported here, so that the parent process never loads them."""
    if job.exhibit.kind is Kind.PHOTO:
        from verifier.media import image

        still = image.show(source, job.exhibit.media_type)
        yield still.showing
        yield still.picture
        if still.flaw:
            raise Corrupt(still.flaw)
    elif job.exhibit.kind in (Kind.VIDEO, Kind.AUDIO):
        from verifier.media import frames

        fast = bool(job.parameters.get("fast", False))
        yield from frames.watch(source, job.exhibit.media_type, key_frames_only=fast)
    else:
        raise Unsupported(f"{job.exhibit.media_type} is neither a picture nor a recording")
