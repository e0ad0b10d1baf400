"""Runs a program as on a kernel that lacks system calls: `python lacking.py NAME[,NAME…] PROGRAM ARGUMENT…`.

A filter answers ENOSYS to the named calls (Linux, x86_64 and aarch64). NAME `no_new_privs` refuses that option of
prctl, once it was used for this filter.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

CALLS = {  # x86_64, aarch64
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "seccomp": (317, 277),
    "prlimit64": (302, 261),
    "capset": (126, 91),
}
PRCTL = (157, 167)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
SET_NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2


def step(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def program(names: list[str]) -> bytes:
    column, audit = ARCHITECTURES[platform.machine()]
    allow, missing = step(0x06, 0, 0, 0x7FFF0000), step(0x06, 0, 0, 0x00050000 | errno.ENOSYS)
    steps = [step(0x20, 0, 0, 4), step(0x15, 1, 0, audit), allow, step(0x20, 0, 0, 0)]
    for name in names:
        if name in CALLS:
            steps += [step(0x15, 0, 1, CALLS[name][column]), missing]
    if "no_new_privs" in names:
        steps += [
            step(0x15, 0, 3, PRCTL[column]),
            step(0x20, 0, 0, 16),  # the first argument
            step(0x15, 0, 1, SET_NO_NEW_PRIVILEGES),
            missing,
        ]
    return b"".join([*steps, allow])


def main() -> None:
    names, command = sys.argv[1].split(","), sys.argv[2:]
    code = ctypes.create_string_buffer(program(names))
    header = struct.pack("HxxxxxxP", (len(code) - 1) // 8, ctypes.addressof(code))
    library = ctypes.CDLL(None, use_errno=True)
    assert library.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    assert library.prctl(SET_SECCOMP, FILTER, header, 0, 0) == 0, ctypes.get_errno()
    os.execv(command[0], command)  # noqa: S606 - the command of the test


if __name__ == "__main__":
    main()
