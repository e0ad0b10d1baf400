"""What a worker takes away from itself before it reads hostile bytes: applied after all imports, without set-up.

Linux: resource limits; seccomp (no network, no new programs, no tampering with other processes); Landlock (may read the
interpreter, its libraries and the vault; may write nowhere). Elsewhere less is in force, and the returned layers say
which, so that a case records how it was examined. ctypes is enough: the tables are those of the kernel's own headers.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from verifier.records import Scalar

OPEN_FILES = 64
EXIT_MEMORY = 77  # how a worker ends that has grown too large
_LINUX = sys.platform.startswith("linux")

# prctl(2), seccomp(2), landlock(7)
_SET_PARENT_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES, _SET_DUMPABLE = 1, 38, 4
_SECCOMP_FILTER, _SECCOMP_THREADS = 1, 1
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_EXECUTE, _READ_FILE, _READ_DIRECTORY = 1, 1 << 2, 1 << 3

_DENIED = {  # system call: number on x86_64, on aarch64 (None: does not exist there)
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "kill": (62, 129), "tkill": (200, 130), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425), "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "memfd_create": (319, 279),
    "chmod": (90, None), "fchmodat": (268, 53), "chown": (92, None), "fchownat": (260, 54), "utimensat": (280, 88),
    "setxattr": (188, 5), "removexattr": (197, 14), "mq_open": (240, 180), "shmget": (29, 194), "msgget": (68, 186),
}  # fmt: skip
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def enter(readable: Iterable[str], *, memory_bytes: int) -> dict[str, Scalar]:
    """Give up rights for good. `readable`: folders that stay readable. Returns what is in force."""
    layers: dict[str, Scalar] = {"process": "separate", **_limit(memory_bytes)}
    if _LINUX:
        die_with_parent()
        layers["landlock"] = _landlock(readable)
        layers["seccomp"] = _seccomp()
    else:
        layers["landlock"], layers["seccomp"] = "not on this system", "not on this system"
    return layers


def die_with_parent() -> None:
    """On Linux the kernel ends this process when the one that started it is gone."""
    if _LINUX:
        parent = os.getppid()
        _library().prctl(_SET_PARENT_DEATH_SIGNAL, 9, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def resident_bytes() -> int:
    """Memory in use now (Linux), or the most that ever was (elsewhere on POSIX), or 0 (not known)."""
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - a descriptor opened before the sandbox is no use
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def virtual_bytes() -> int:
    """Address space in use now; 0 where not known."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _limit(memory_bytes: int) -> dict[str, Scalar]:
    if sys.platform == "win32":
        return {"memory_limit": "not on this system", "file_limit": "not on this system"}
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    layers: dict[str, Scalar] = {"file_limit": "nothing is written", "open_files": most}
    base = virtual_bytes()
    if not base:  # macOS: an address space cannot be limited there
        watch_memory(memory_bytes)
        return layers | {"memory_limit": "watched"}
    resource.setrlimit(resource.RLIMIT_AS, (base + memory_bytes, base + memory_bytes))
    return layers | {"memory_limit": "address space"}


def allow(memory_bytes: int, base_bytes: int, cpu_seconds: float) -> None:
    """Limits of the unit that begins: address space above the start's, and processor time from now."""
    if sys.platform == "win32":
        return
    import resource

    if base_bytes:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
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


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _seccomp() -> str:
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return f"not for {machine}"
    column, audit = _ARCHITECTURES[machine]
    denied = sorted(number for numbers in _DENIED.values() if (number := numbers[column]) is not None)

    def instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    refuse = instruction(0x06, 0, 0, 0x00050000 | errno.EPERM)
    program = [
        instruction(0x20, 0, 0, 4),  # load the architecture
        instruction(0x15, 1, 0, audit),
        instruction(0x06, 0, 0, 0x80000000),  # another one: end the process
        instruction(0x20, 0, 0, 0),  # load the number of the call
    ]
    if machine == "x86_64":
        program += [instruction(0x35, 0, 1, 0x40000000), refuse]  # the x32 calls
    for number in denied:
        program += [instruction(0x15, 0, 1, number), refuse]
    program.append(instruction(0x06, 0, 0, 0x7FFF0000))
    code = ctypes.create_string_buffer(b"".join(program))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    library = _library()
    library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    call = 317 if column == 0 else 277
    if library.syscall(call, _SECCOMP_FILTER, _SECCOMP_THREADS, header) != 0:
        return f"refused by the kernel ({errno.errorcode.get(ctypes.get_errno(), '?')})"
    return "no network, no programs, no other processes"


def _landlock(readable: Iterable[str]) -> str:
    library = _library()
    version = library.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return "not in this kernel"
    rights = (1 << 13) - 1
    for since, right in ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15)):
        rights |= right if version >= since else 0
    attributes = struct.pack("QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    length = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = library.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(length), 0)
    if ruleset < 0:
        return "refused by the kernel"
    for path in readable:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # what is not there needs no permission
        allowed = _READ_FILE | (_READ_DIRECTORY if Path(path).is_dir() else 0)
        library.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", allowed, place), 0)
        os.close(place)
    library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    refused = library.syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)
    return "refused by the kernel" if refused else f"reads the vault only, writes nothing (version {version})"
