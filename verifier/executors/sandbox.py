"""What a worker takes away from itself before it reads hostile bytes: applied after all imports, without set-up.

Linux: resource limits; root's rights but reading; Landlock (may read the interpreter, its libraries and the vault; may
write nowhere); seccomp (only the system calls that decoding needs). Elsewhere less is in force, and the layers say
which, so that a case records how it was examined. ctypes is enough: the tables are those of the kernel's own headers.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from verifier.confinement import Layer, Protection, State
from verifier.executors import kernel, landlock, seccomp
from verifier.executors.kernel import LINUX
from verifier.executors.system_calls import Work

OPEN_FILES = 64
PROCESSES = (
    8192  # with threads, of the user together (root is not counted): a bound on a flood where seccomp is missing
)
EXIT_MEMORY = 77  # how a worker ends that has grown too large


def enter(
    readable: Iterable[str],
    *,
    memory_bytes: int,
    work: Work = Work.DECODING,
    executable: Iterable[str] = (),
) -> tuple[Protection, ...]:
    """Give up rights for good. Returns every layer and what became of it.

    `readable`: folders that stay readable; `executable`: the files that may be run, for work that is a program's.
    """
    layers = [Protection(layer=Layer.PROCESS, state=State.HELD), *limit(memory_bytes)]
    if not LINUX:
        missing = (Layer.PRIVILEGES, Layer.FILES, Layer.SYSTEM_CALLS)
        return (*layers, *(Protection(layer=layer, state=State.NOT_HERE, detail=sys.platform) for layer in missing))
    die_with_parent()
    layers.append(_privileges())
    layers.append(landlock.confine(readable, executable))
    layers.append(seccomp.confine(work))
    return tuple(layers)


def _privileges() -> Protection:
    said = kernel.no_new_privileges() or kernel.drop_capabilities()
    return Protection(layer=Layer.PRIVILEGES, state=State.REFUSED if said else State.HELD, detail=said)


def die_with_parent() -> None:
    """On Linux the kernel ends this process when the one that started it is gone."""
    if LINUX:
        parent = os.getppid()
        kernel.prctl(kernel.SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


@cache
def _statm() -> int:
    """This process's own sizes, opened while it may still open them and kept open."""
    return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)


def resident_bytes() -> int:
    """Memory in use now (Linux), or the most that ever was (elsewhere on POSIX), or 0 (not known)."""
    try:
        return int(os.pread(_statm(), 200, 0).split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def virtual_bytes() -> int:
    """Address space in use now; 0 where not known."""
    try:
        return int(os.pread(_statm(), 200, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def limit(memory_bytes: int) -> list[Protection]:
    """Limits on memory, writing, open files and processes, each with what became of it."""
    limits = (Layer.MEMORY, Layer.WRITING, Layer.OPEN_FILES, Layer.PROCESSES)
    if sys.platform == "win32":
        return [Protection(layer=layer, state=State.NOT_HERE, detail=sys.platform) for layer in limits]
    import resource

    _lowered(resource.RLIMIT_CORE, 0)
    base = virtual_bytes()
    if base:
        memory = _layer(Layer.MEMORY, _lowered(resource.RLIMIT_AS, base + memory_bytes))
    else:  # macOS: an address space cannot be limited there
        watch_memory(memory_bytes)
        memory = Protection(layer=Layer.MEMORY, state=State.IN_PART, detail="watched from inside")
    return [
        memory,
        _layer(Layer.WRITING, _lowered(resource.RLIMIT_FSIZE, 0)),
        _layer(Layer.OPEN_FILES, _lowered(resource.RLIMIT_NOFILE, OPEN_FILES)),
        _layer(Layer.PROCESSES, _lowered(resource.RLIMIT_NPROC, PROCESSES)),
    ]


def _layer(layer: Layer, said: str) -> Protection:
    return Protection(layer=layer, state=State.REFUSED if said else State.HELD, detail=said)


def _lowered(kind: int, most: int) -> str:
    """Set a limit for good, soft and hard. "" or why it could not be."""
    import resource

    try:
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
        return "" if resource.getrlimit(kind) == (most, most) else "not set"
    except (OSError, ValueError) as error:
        return errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)


def allow(memory_bytes: int, base_bytes: int, cpu_seconds: float) -> None:
    """Limits of the unit that begins: address space above the start's, and processor time from now."""
    if sys.platform == "win32":
        return
    import resource

    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
    except OSError:
        return  # there are no limits here: the layers said so at the start
    if base_bytes:
        wanted = base_bytes + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == -1 else min(wanted, hard), hard))
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + cpu_seconds) + 1, hard))


def watch_memory(memory_bytes: int) -> None:
    """Where the system sets no limit: a thread that ends this process when it has grown by more than that."""
    most = _resident_bytes() + memory_bytes

    def watch() -> None:
        while _resident_bytes() <= most:
            time.sleep(0.1)
        os._exit(EXIT_MEMORY)

    threading.Thread(target=watch, name="memory watch", daemon=True).start()


def _resident_bytes() -> int:
    """What is held now; where the system tells only the most ever held, that. Linux hands a child its parent's most."""
    import resource

    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes there, KiB elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
