"""seccomp(2): a filter in the kernel that lets through the system calls of a list and refuses every other."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

from verifier.confinement import Layer, Protection, State
from verifier.executors import kernel
from verifier.executors.system_calls import MISSING, OWN_PROCESS, Call, Condition, Work, allowed

_FILTER, _ALL_THREADS = 1, 1
_LOAD, _IS, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06  # BPF: load a word, compare, mask, return
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets into struct seccomp_data; both machines are little-endian
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}


def confine(work: Work) -> Protection:
    """Let this process, and all it becomes, make the calls of its work only. For good."""
    machine = platform.machine()
    if machine not in _AUDIT or sys.maxsize < 1 << 32:
        return _said(State.NOT_HERE, machine)
    code = program(machine, work, os.getpid())
    held = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(held))
    if kernel.library().syscall(_SECCOMP[machine], _FILTER, _ALL_THREADS, header) != 0:
        return _said(State.REFUSED, kernel.why())
    return _said(State.HELD, work)


def _said(state: State, detail: str = "") -> Protection:
    return Protection(layer=Layer.SYSTEM_CALLS, state=state, detail=detail)


def program(machine: str, work: Work, own: int) -> bytes:
    """The filter as BPF. `own`: this process's number, for the calls that may speak of it alone."""
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_IS, _AUDIT[machine], 1, 0),
        _step(_RETURN, _KILL),  # another machine's calls, whose numbers mean something else
        _step(_LOAD, _NUMBER),
    ]
    for call in allowed(work).values():
        steps += _block(call, machine, own)
    for call in MISSING.values():
        steps += _answered(call, machine, [_step(_RETURN, _ERROR | errno.ENOSYS)])
    steps.append(_step(_RETURN, _ERROR | errno.EPERM))
    return b"".join(steps)


def _block(call: Call, machine: str, own: int) -> list[bytes]:
    """Allowed where every condition holds; else refused."""
    inner: list[bytes] = []
    for condition in call.conditions:
        inner += _checked(condition, own)
    return _answered(call, machine, [*inner, _step(_RETURN, _ALLOW)])


def _checked(condition: Condition, own: int) -> list[bytes]:
    values = [own if value == OWN_PROCESS else value for value in condition.values]
    steps = [_step(_LOAD, _ARGUMENTS + 8 * condition.argument), _step(_AND, condition.mask)]
    for left, value in zip(range(len(values) - 1, -1, -1), values, strict=True):
        steps.append(_step(_IS, value & condition.mask, left + 1, 0))  # over the other values and the refusal
    return [*steps, _step(_RETURN, _ERROR | errno.EPERM)]


def _answered(call: Call, machine: str, inner: list[bytes]) -> list[bytes]:
    number = call.number(machine)
    return [] if number is None else [_step(_IS, number, 0, len(inner)), *inner]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
