"""One bad pair, check or section never stops a case: what goes wrong becomes a `Fault` on what was asked about.

The one broad `except` of the house stands here. `caught` serves the worker (`examine`), `Guard` the parent process, in
which pairs are compared, checks judge and pages are written.

**Endless loops.** A call of the parent has a deadline. On its main thread the interval timer of the system raises
`TimeUp` in the code that hangs. Comparers and checks are Python that calls short native functions, so the signal is
served within one of those; a child process for each call would have to be handed all features and dossiers, and costs
more than most pairs and checks take. `TimeUp` is no `Exception`, so that no handler but the guard's takes it, and it is
raised every second until the guard has it. A call within a call has no more time than the outer one has left. Where
there is no such timer (Windows, another thread), calls have none.

**Memory.** During a call the address space may grow by `MOST_GROWTH_BYTES` (Linux); a larger allocation raises
MemoryError in the caller instead of having the system end the process that writes the case.

KeyboardInterrupt always passes, and so does IntegrityBroken: a case whose stored bytes changed is not compared further.
"""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import ParamSpec, TypeVar

from verifier.errors import Corrupt, IntegrityBroken, Unsupported
from verifier.records import Fault, FaultKind

P = ParamSpec("P")
T = TypeVar("T")

SHORT = 12  # digits of an id by which a fault names the other one of a pair
LONGEST_DETAIL = 500  # characters of a fault's sentence
PAIR_SECONDS, SEARCH_SECONDS = 300.0, 3600.0  # a search may first index a whole case
CHECK_SECONDS, SECTION_SECONDS = 60.0, 300.0
MOST_GROWTH_BYTES = 3 << 30
_AGAIN_SECONDS = 1.0
_PATHS = re.compile(r"(?:[A-Za-z]:)?(?:[/\\][^\s/\\'\":,)]+){2,}")
_NO_MEMORY = ("Insufficient memory", "Cannot allocate memory", "Failed to allocate")


class TimeUp(BaseException):
    """The time that a guarded call may take is over. No handler but the guard's may take it."""


def caught(action: Callable[P, None], *arguments: P.args, **named: P.kwargs) -> BaseException | None:
    """Do it; what went wrong, None where nothing did. Whoever interrupts or ends the program is let through."""
    try:
        action(*arguments, **named)
    except (KeyboardInterrupt, GeneratorExit, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - the one broad except; some native libraries' panics are no Exception
        return error
    return None


def fault_of(instrument: str, error: BaseException, path: str | None = None) -> Fault:
    """What went wrong as a fault of that instrument, without paths of this computer."""
    said = " ".join(str(error).split())
    if path:
        said = said.replace(path, "…")
    if isinstance(error, Corrupt | Unsupported):
        kind = FaultKind.UNSUPPORTED if isinstance(error, Unsupported) else FaultKind.CORRUPT
        return Fault(kind=kind, detail=_without_paths(said), instrument=instrument)
    if isinstance(error, TimeUp):
        return Fault(kind=FaultKind.TIMEOUT, detail="was not done within the time allowed", instrument=instrument)
    if isinstance(error, MemoryError) or any(sign in said for sign in _NO_MEMORY):
        detail = "needed more memory than an instrument is allowed"
        return Fault(kind=FaultKind.MEMORY, detail=detail, instrument=instrument)
    detail = _without_paths(f"{type(error).__name__}: {said}")
    return Fault(kind=FaultKind.DEFECT, detail=detail, instrument=instrument)


def _without_paths(text: str) -> str:
    return _PATHS.sub("…", text)[:LONGEST_DETAIL]


@dataclass(slots=True, eq=False)
class Guard:
    """Calls what may fail, and keeps the faults by exhibit. What is about no exhibit is kept under ""."""

    instrument: str
    seconds: float | None = None  # of one call; None: no deadline
    lets_through: bool = False  # nothing is caught: for whoever wants the error itself
    faults: dict[str, list[Fault]] = field(default_factory=dict)

    def attempt(
        self,
        about: Sequence[str],
        action: Callable[[], T],
        otherwise: T,
        *,
        instrument: str | None = None,
        seconds: float | None = None,
    ) -> T:
        """What the call gives; `otherwise` where it fails, with one fault on every exhibit that it is about.

        A fault on a pair names the other one, by the beginning of its id.
        """
        if self.lets_through:
            return action()
        given: list[T] = []
        allowed = self.seconds if seconds is None else seconds

        def act() -> None:
            with _within(allowed), _growing_little(), _not_ending():
                given.append(action())

        error = caught(act)
        if error is None:
            return given[0]
        if isinstance(error, IntegrityBroken):
            raise error
        fault = fault_of(self.instrument if instrument is None else instrument, error)
        for exhibit in about or ("",):
            others = [other[:SHORT] for other in about if other != exhibit]
            detail = f"with {', '.join(others[:3])}: {fault.detail}" if others and len(about) == 2 else fault.detail
            self.note(exhibit, Fault(kind=fault.kind, detail=detail[:LONGEST_DETAIL], instrument=fault.instrument))
        return otherwise

    def note(self, exhibit: str, fault: Fault) -> None:
        """Keep a fault, once. Whoever lets errors through keeps none."""
        if self.lets_through:
            return
        known = self.faults.setdefault(exhibit, [])
        if fault not in known:
            known.append(fault)

    def all(self) -> tuple[Fault, ...]:
        """Every fault, in order of exhibit."""
        return tuple(fault for _, some in sorted(self.faults.items()) for fault in some)


UNGUARDED = Guard("", lets_through=True)  # for pure use: whatever goes wrong is raised


@contextmanager
def _not_ending() -> Iterator[None]:
    """What is called in the parent has no right to end the program."""
    try:
        yield
    except SystemExit as error:
        raise RuntimeError("tried to end the program") from error


@contextmanager
def _within(seconds: float | None) -> Iterator[None]:
    """TimeUp in the body when that time is over; nothing where the system or the thread has no such timer."""
    if seconds is None or sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    is_running = True

    def ring(number: int, frame: FrameType | None) -> None:
        if is_running:
            raise TimeUp

    began = time.monotonic()
    left, _ = signal.setitimer(signal.ITIMER_REAL, 0.0)  # of the call around this one; 0: there is none
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, left) if left else seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        is_running = False
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(1e-3, left - (time.monotonic() - began)), _AGAIN_SECONDS)


@contextmanager
def _growing_little() -> Iterator[None]:
    """MemoryError in the body where the address space would grow by more than is allowed."""
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MOST_GROWTH_BYTES
    if before[0] != resource.RLIM_INFINITY:
        most = min(most, before[0])
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
