"""The child's side: import decoders, give up rights, say hello, examine one job after another.

Run as `python -P -m verifier.executors.worker --readable VAULT …`. Frames come on standard input and go to standard
output; both descriptors are then pointed at nothing, so that a codec's chatter cannot break the protocol.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import verifier
from verifier.canonical import from_plain
from verifier.executors import sandbox
from verifier.executors.examine import Begun, Finished, Step, examine, together
from verifier.executors.outcomes import failed
from verifier.executors.registry import Registry
from verifier.executors.wire import LENGTH, Ended, Hello, catalogue, message, pack
from verifier.instruments import Job
from verifier.media.source import VaultSource
from verifier.records import FaultKind

DEFAULT_INSTRUMENTS = "verifier.executors.registry"


def main() -> None:
    """Serve until standard input ends."""
    options = argparse.ArgumentParser(prog="verifier.executors.worker")
    options.add_argument("--instruments", default=DEFAULT_INSTRUMENTS, help="module with load(examining) -> Registry")
    options.add_argument("--readable", action="append", default=[], help="folder whose files may be read")
    given = options.parse_args()
    sandbox.die_with_parent()
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    registry: Registry = importlib.import_module(given.instruments).load(examining=True)
    decoders = _import_decoders()
    known = catalogue(registry)
    most = max((entry.limits.memory_bytes for entry in known), default=0)
    layers = sandbox.enter([*_libraries(), *given.readable], memory_bytes=most)
    failures = {item.module: item.reason for item in registry.failed}
    hello = Hello(instruments=known, layers=layers, decoders=decoders, failed=failures)
    answers.write(pack(message(hello)))
    answers.flush()
    os.dup2(nothing, 2)
    _serve(jobs, answers, registry)


def _serve(jobs: BinaryIO, answers: BinaryIO, registry: Registry) -> None:
    base = sandbox.virtual_bytes()
    while True:
        length = jobs.read(LENGTH.size)
        if len(length) < LENGTH.size:
            return
        job = from_plain(Job, json.loads(jobs.read(LENGTH.unpack(length)[0])))
        for step in _limited(job, registry, base):
            answers.write(_packed(step))
            if isinstance(step, Begun):
                answers.flush()  # the parent's clock starts when it reads this
        answers.write(pack(message(Ended(resident_bytes=sandbox.resident_bytes()))))
        answers.flush()


def _limited(job: Job, registry: Registry, base: int) -> Iterator[Step]:
    """The steps of a job; the limits of each unit are set before it runs."""
    for step in examine(job, VaultSource(job.path), registry):
        if isinstance(step, Begun):
            limits = together(registry.instrument(name).limits for name in step.instruments)
            sandbox.allow(limits.memory_bytes, base, 2 * limits.seconds_for(job.exhibit.size) + 5)
        yield step


def _packed(step: Step) -> bytes:
    """A frame; an answer that is too large or cannot be written is replaced by a fault that says so."""
    try:
        return pack(message(step))
    except (ValueError, TypeError) as error:
        assert isinstance(step, Finished)  # noqa: S101 - a `Begun` holds names only
        return pack(message(failed(step.instrument, FaultKind.DEFECT, str(error)[:200], step.elapsed_seconds)))


def _import_decoders() -> dict[str, str]:
    """Import what opens pictures and recordings, before rights are given up; their versions."""
    from verifier.media import frames, image, probe

    del frames
    return {**image.versions(), **probe.versions()}


def _libraries() -> list[str]:
    """Where the interpreter, its packages and the system's libraries and time zones lie."""
    paths = sysconfig.get_paths()
    places = {
        paths["stdlib"],
        paths["platstdlib"],
        paths["purelib"],
        paths["platlib"],
        str(Path(verifier.__file__).parent),
    }
    places |= {str(Path(entry).resolve()) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    places |= {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime"}
    places |= {"/dev/null", "/dev/urandom"}
    return sorted(places)


if __name__ == "__main__":
    main()
    os._exit(0)  # skip the teardown of decoders that may have been damaged
