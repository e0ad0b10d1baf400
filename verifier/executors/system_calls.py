"""Which system calls a confined process may make: an allow-list for each kind of work, with conditions on arguments.

Numbers are those of the kernel's headers (x86: `asm/unistd_64.h`; aarch64: `asm-generic/unistd.h`). Whatever is not
named here is refused. Conditions look at the lower half of an argument, which is all that the kernel reads of an int.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Work(StrEnum):
    """What a confined process is for."""

    DECODING = "decoding"  # a worker: threads, but no process and no program
    PROGRAM = "program"  # FFmpeg: threads, and the one program that it becomes


@dataclass(frozen=True, slots=True)
class Condition:
    """Argument number `argument`, with `mask` applied, is one of `values`."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: its number on x86_64 and on aarch64 (None: it does not exist there)."""

    x86_64: int | None
    aarch64: int | None
    conditions: tuple[Condition, ...] = ()

    def number(self, machine: str) -> int | None:
        """The number on that machine."""
        return self.x86_64 if machine == "x86_64" else self.aarch64


OWN_PROCESS = -1  # stands for this process's number where values are filled in
_WRITES = 0o3 | 0o100 | 0o1000 | 0o2000  # O_ACCMODE, O_CREAT, O_TRUNC, O_APPEND: the same on both machines
_THREAD = 0x00000100 | 0x00000800 | 0x00010000  # CLONE_VM, CLONE_SIGHAND, CLONE_THREAD
_NEVER = 0x7E020000 | 0x00000080 | 0x00002000 | 0x00008000  # CLONE_NEW*, NEWTIME, PTRACE, PARENT
_OWN = (Condition(0, (0, OWN_PROCESS)),)

EVERYWHERE: Mapping[str, Call] = {
    # descriptors that are open
    "read": Call(0, 63), "write": Call(1, 64), "readv": Call(19, 65), "writev": Call(20, 66), "pread64": Call(17, 67),
    "preadv": Call(295, 69), "lseek": Call(8, 62), "close": Call(3, 57), "dup": Call(32, 23), "dup2": Call(33, None),
    "dup3": Call(292, 24), "fadvise64": Call(221, 223), "poll": Call(7, None), "ppoll": Call(271, 73),
    "select": Call(23, None), "pselect6": Call(270, 72),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no owner, no lease, no lock
    "fcntl": Call(72, 25, (Condition(1, (0, 1, 2, 3, 4, 1030)),)),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX
    "ioctl": Call(16, 29, (Condition(1, (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)),)),
    # names: to read only
    "open": Call(2, None, (Condition(1, (0,), _WRITES),)), "openat": Call(257, 56, (Condition(2, (0,), _WRITES),)),
    "stat": Call(4, None), "lstat": Call(6, None), "fstat": Call(5, 80), "newfstatat": Call(262, 79),
    "statx": Call(332, 291), "access": Call(21, None), "faccessat": Call(269, 48), "faccessat2": Call(439, 439),
    "readlink": Call(89, None), "readlinkat": Call(267, 78), "getcwd": Call(79, 17), "getdents64": Call(217, 61),
    "getdents": Call(78, None),
    # memory
    "brk": Call(12, 214), "mmap": Call(9, 222), "munmap": Call(11, 215), "mremap": Call(25, 216),
    "mprotect": Call(10, 226), "madvise": Call(28, 233),
    # waiting, time, chance
    "futex": Call(202, 98), "sched_yield": Call(24, 124), "clock_gettime": Call(228, 113),
    "clock_getres": Call(229, 114), "clock_nanosleep": Call(230, 115), "nanosleep": Call(35, 101),
    "gettimeofday": Call(96, 169), "time": Call(201, None), "times": Call(100, 153), "getrusage": Call(98, 165),
    "getrandom": Call(318, 278),
    # itself
    "getpid": Call(39, 172), "gettid": Call(186, 178), "getppid": Call(110, 173), "getuid": Call(102, 174),
    "geteuid": Call(107, 175), "getgid": Call(104, 176), "getegid": Call(108, 177), "uname": Call(63, 160),
    "sysinfo": Call(99, 179), "getrlimit": Call(97, 163), "setrlimit": Call(160, 164),
    "prlimit64": Call(302, 261, _OWN), "sched_getaffinity": Call(204, 123, _OWN),
    "prctl": Call(157, 167, (Condition(0, (15, 16, 0x53564D41)),)),  # names of threads and of memory
    "rt_sigaction": Call(13, 134), "rt_sigprocmask": Call(14, 135), "rt_sigreturn": Call(15, 139),
    "sigaltstack": Call(131, 132), "restart_syscall": Call(219, 128),
    "tgkill": Call(234, 131, (Condition(0, (OWN_PROCESS,)),)),  # abort(3)
    "exit": Call(60, 93), "exit_group": Call(231, 94),
    # threads, which decoders of HEIC and AV1 cannot do without; never a process
    "clone": Call(56, 220, (Condition(0, (_THREAD,), _THREAD | _NEVER),)),
    "set_robust_list": Call(273, 99), "rseq": Call(334, 293),
}  # fmt: skip

FOR_PROGRAMS: Mapping[str, Call] = {
    "execve": Call(59, 221),  # Landlock says of what
    "set_tid_address": Call(218, 96),
    "arch_prctl": Call(158, None), "pipe": Call(22, None), "pipe2": Call(293, 59),
    "getpgrp": Call(111, None), "getpgid": Call(121, 155),
    # ExifTool's listing is read from a pipe, FFmpeg's media by descriptor
    "fchdir": Call(81, 50), "chdir": Call(80, 49), "membarrier": Call(324, 283), "getcpu": Call(309, 168),
}  # fmt: skip

MISSING: Mapping[str, Call] = {  # answered with ENOSYS: libraries then take the older call, whose arguments can be seen
    "clone3": Call(435, 435), "openat2": Call(437, 437),
}  # fmt: skip


def allowed(work: Work) -> Mapping[str, Call]:
    """The calls of a kind of work."""
    return {**EVERYWHERE, **FOR_PROGRAMS} if work is Work.PROGRAM else EVERYWHERE
