"""What this process asks of the kernel through ctypes. Every answer is looked at: what fails says so."""

from __future__ import annotations

import ctypes
import errno
import sys

LINUX = sys.platform.startswith("linux")
# prctl(2)
SET_PARENT_DEATH_SIGNAL, SET_NO_NEW_PRIVILEGES, GET_NO_NEW_PRIVILEGES = 1, 38, 39
DROP_FROM_BOUNDING_SET, AMBIENT, AMBIENT_CLEAR_ALL = 24, 47, 4
_CAPABILITIES_VERSION_3 = 0x20080522
MAY_READ_ALL = 2  # CAP_DAC_READ_SEARCH: a case may belong to another user than the one who runs this as root
LAST_CAPABILITY = 63


def library() -> ctypes.CDLL:
    """The C library, with errno kept."""
    return ctypes.CDLL(None, use_errno=True)


def why() -> str:
    """The name of the last error."""
    number = ctypes.get_errno()
    return errno.errorcode.get(number, str(number))


def prctl(option: int, first: int = 0, second: int = 0) -> int:
    """prctl(2) with numbers."""
    answer: int = library().prctl(
        ctypes.c_int(option), ctypes.c_ulong(first), ctypes.c_ulong(second), ctypes.c_ulong(0), ctypes.c_ulong(0)
    )
    return answer


def no_new_privileges() -> str:
    """No program started from here can gain rights; needed by Landlock and seccomp. "" or why not."""
    if prctl(SET_NO_NEW_PRIVILEGES, 1) != 0:
        return why()
    return "" if prctl(GET_NO_NEW_PRIVILEGES) == 1 else "not set"


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def drop_capabilities() -> str:
    """Keep of root's rights the one to read, where it is there; nothing for an ordinary user. "" or why not."""
    header, sets = _Header(_CAPABILITIES_VERSION_3, 0), (_Sets * 2)()
    if library().capget(ctypes.byref(header), sets) != 0:
        return why()
    for capability in range(LAST_CAPABILITY + 1):
        prctl(DROP_FROM_BOUNDING_SET, capability)  # EPERM for an ordinary user, EINVAL beyond the kernel's last one
    prctl(AMBIENT, AMBIENT_CLEAR_ALL)
    kept = sets[0].permitted & (1 << MAY_READ_ALL)
    wanted = (_Sets * 2)(_Sets(kept, kept, 0), _Sets(0, 0, 0))
    if library().capset(ctypes.byref(header), wanted) != 0:
        return why()
    if library().capget(ctypes.byref(header), sets) != 0:
        return why()
    remaining = sets[0].permitted & ~(1 << MAY_READ_ALL) | sets[1].permitted
    return f"kept {remaining:#x}" if remaining else ""
