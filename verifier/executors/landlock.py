"""Landlock: from here on this process reads only below the paths it names, and writes nowhere (landlock(7)).

Landlock does not govern stat(2), access(2), chdir(2) or chmod(2) and its kind: that a path exists, and its size, can be
learnt from outside the readable folders. Changing what belongs to a file is for seccomp to refuse.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

from verifier.confinement import Layer, Protection, State
from verifier.executors import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_EXECUTE, _READ_FILE, _READ_DIRECTORY = 1, 1 << 2, 1 << 3
_RIGHTS_1 = (1 << 13) - 1
_LATER_RIGHTS = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))  # refer, truncate, ioctl on devices


def confine(readable: Iterable[str], executable: Iterable[str] = ()) -> Protection:
    """Give up the file system but for `readable`, and starting programs but for `executable`. For good."""
    library = kernel.library()
    version = library.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return _refused(f"create: {kernel.why()}")
    rights = _RIGHTS_1 | sum(right for since, right in _LATER_RIGHTS if version >= since)
    attributes = struct.pack("QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    length = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = library.syscall(_CREATE, attributes, ctypes.c_size_t(length), 0)
    if ruleset < 0:
        return _refused(f"create: {kernel.why()}")
    try:
        for path, extra in [*((path, 0) for path in readable), *((path, _EXECUTE) for path in executable)]:
            if said := _permit(ruleset, path, extra):
                return _refused(said)
        if library.syscall(_RESTRICT, ruleset, 0) != 0:
            return _refused(f"restrict: {kernel.why()}")
    finally:
        os.close(ruleset)
    return Protection(layer=Layer.FILES, state=State.HELD, detail=f"ABI {version}")


def _permit(ruleset: int, path: str, extra: int) -> str:
    """Allow reading below a path; what is not there needs no permission. "" or why it was refused."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        allowed = _READ_FILE | extra | (_READ_DIRECTORY if Path(path).is_dir() else 0)
        rule = struct.pack("=Qi", allowed, place)
        done = kernel.library().syscall(_ADD, ruleset, 1, rule, 0)
        return "" if done == 0 else f"add rule: {kernel.why()}"
    finally:
        os.close(place)


def _refused(detail: str) -> Protection:
    return Protection(layer=Layer.FILES, state=State.REFUSED, detail=detail)
