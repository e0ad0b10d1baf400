"""System calls that a worker must not be able to make, by name: what an instrument that was taken over would try."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

# name: number on x86_64, on aarch64 (None: does not exist there); from the kernel's headers
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None), "fchown": (93, 55),
    "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88),
    "futimesat": (261, None), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "link": (86, None),
    "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None), "mkdir": (83, None),
    "mkdirat": (258, 34), "mknod": (133, None), "mknodat": (259, 33), "truncate": (76, 45), "ftruncate": (77, 46),
    "fallocate": (285, 47), "creat": (85, None), "fork": (57, None), "vfork": (58, None), "clone": (56, 220),
    "clone3": (435, 435), "execve": (59, 221), "execveat": (322, 281), "kill": (62, 129), "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "process_madvise": (440, 440), "kcmp": (312, 272), "socket": (41, 198),
    "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "sendto": (44, 206), "sendmsg": (46, 211),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "semget": (64, 190),
    "msgget": (68, 186), "mq_open": (240, 180), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97),
    "setns": (308, 268), "inotify_init": (253, None), "inotify_init1": (294, 26), "fanotify_init": (300, 262),
    "syslog": (103, 116), "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "reboot": (169, 142), "quotactl": (179, 60), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "bpf": (321, 280), "perf_event_open": (298, 241), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "userfaultfd": (323, 282), "personality": (135, 92), "setpriority": (141, 140),
    "ioprio_set": (251, 30), "sched_setscheduler": (144, 119), "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274), "sched_setparam": (142, 118), "setuid": (105, 146), "setgid": (106, 144),
    "setreuid": (113, 145), "setresuid": (117, 147), "setgroups": (116, 159), "setsid": (112, 157),
    "setpgid": (109, 154), "capset": (126, 91), "seccomp": (317, 277), "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "iopl": (172, None), "ioperm": (173, None), "flock": (73, 32), "setitimer": (38, 103), "timer_create": (222, 107),
    "splice": (275, 76), "tee": (276, 77), "vmsplice": (278, 75), "sendfile": (40, 71), "copy_file_range": (326, 285),
    "pipe2": (293, 59), "eventfd2": (290, 19), "signalfd4": (289, 74), "timerfd_create": (283, 85),
    "epoll_create1": (291, 20), "getxattr": (191, 8), "listxattr": (194, 11), "statfs": (137, 43), "sync": (162, 81),
    "syncfs": (306, 267), "fsync": (74, 82), "vhangup": (153, 58), "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42), "migrate_pages": (256, 238), "move_pages": (279, 239), "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "fchmodat2": (452, 452), "setxattrat": (463, 463), "removexattrat": (466, 466), "quotactl_fd": (443, 443),
    "open_tree_attr": (467, 467), "a call of the future": (9999, 9999),
}  # fmt: skip
COLUMN = {"x86_64": 0, "aarch64": 1}
# name: the call that is allowed in general, and arguments with which it is not
MISUSED: dict[str, tuple[tuple[int | None, int | None], tuple[object, ...]]] = {
    "openat to write": ((257, 56), (-100, b"/dev/null", 1)),
    "openat to read and write": ((257, 56), (-100, b"/dev/null", 2)),
    "openat to create": ((257, 56), (-100, b"/tmp/verify-made-by-a-worker", 0o100, 0o600)),
    "openat to truncate": ((257, 56), (-100, b"/dev/null", 0o1000)),
    "fcntl F_SETOWN": ((72, 25), (1, 8, 1)),
    "fcntl F_SETLEASE": ((72, 25), (1, 1024, 0)),
    "fcntl F_SETLK": ((72, 25), (1, 6, 0)),
    "ioctl TIOCSTI": ((16, 29), (0, 0x5412, b"x")),
    "ioctl FIOSETOWN": ((16, 29), (0, 0x8901, b"x")),
    "prctl PR_SET_PDEATHSIG": ((157, 167), (1, 0, 0, 0, 0)),
    "prctl PR_SET_DUMPABLE": ((157, 167), (4, 1, 0, 0, 0)),
    "prctl PR_SET_SECCOMP": ((157, 167), (22, 1, 0, 0, 0)),
    "tgkill its parent": ((234, 131), ("parent", "parent", 0)),
    "prlimit64 its parent": ((302, 261), ("parent", 7, None, None)),
    "sched_getaffinity of its parent": ((204, 123), ("parent", 8, None)),
    "clone a process": ((56, 220), (17, 0, 0, 0, 0)),
    "clone a thread of another name space": ((56, 220), (0x3D0F00 | 0x20000, 0, 0, 0, 0)),
}
REFUSALS = {errno.EPERM, errno.ENOSYS}


def attempts() -> Iterator[tuple[str, str]]:
    """Try every call; its name, and the error's name or "went through"."""
    column = COLUMN[platform.machine()]
    for name, numbers in REFUSED.items():
        if numbers[column] is not None:
            yield name, attempt(numbers[column], (-1,) * 6)
    for name, (numbers, arguments) in MISUSED.items():
        if numbers[column] is not None:
            yield name, attempt(numbers[column], arguments)


def attempt(number: int | None, arguments: tuple[object, ...]) -> str:
    library = ctypes.CDLL(None, use_errno=True)
    given = [os.getppid() if item == "parent" else item for item in arguments]
    shaped = [ctypes.c_long(item) if isinstance(item, int) else item for item in given]
    ctypes.set_errno(0)
    answer = library.syscall(ctypes.c_long(number or 0), *shaped)
    if answer == 0 and number in (56, 220):
        os._exit(0)  # a child that should not be
    return "went through" if answer >= 0 else errno.errorcode.get(ctypes.get_errno(), "?")


def become_ordinary() -> None:
    """Give up root for good, but for reading everything: an interpreter may lie in root's own folder."""
    library = ctypes.CDLL(None, use_errno=True)
    os.setgroups([])
    os.setgid(65534)
    assert library.prctl(8, 1, 0, 0, 0) == 0  # PR_SET_KEEPCAPS
    os.setuid(65534)
    may_read = 1 << 2  # CAP_DAC_READ_SEARCH
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)(may_read, may_read, may_read, 0, 0, 0)
    assert library.capset(header, sets) == 0
    assert library.prctl(47, 2, 2, 0, 0) == 0  # PR_CAP_AMBIENT, RAISE: kept by the programs started from here


def main() -> None:
    """Become an ordinary user, start a worker on a folder, let it try; print what it says as JSON."""
    from tests.executors.test_local import executor
    from tests.media.making import job

    folder = Path(sys.argv[1])
    work = job(folder, b"\x89any", "try_calls")
    if os.getuid() == 0:
        become_ordinary()
    local = executor(folder)
    (outcome,) = local.run([work])
    said = {record.key: record.value for record in outcome.records["try_calls"]}  # type: ignore[union-attr]
    print(json.dumps({"uid": os.getuid(), "said": said, "faults": [fault.detail for fault in outcome.faults]}))


if __name__ == "__main__":
    main()
