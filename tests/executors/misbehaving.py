"""Instruments that do what hostile bytes make decoders do. A worker loads them with `--instruments`."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.executors import refused
from verifier.errors import Corrupt, Unsupported
from verifier.executors.registry import Registry
from verifier.instruments import Analyser, Limits, Parameters, Picture, Showing, Sound, Source, Viewer
from verifier.records import Derivative, Exhibit, Kind, Reading, Record

EVERYTHING = frozenset(Kind)
SOON = Limits(seconds=2.0, seconds_per_megabyte=0.0, most_seconds=2.0, memory_bytes=256 << 20)
AMPLE = Limits(seconds=120.0, seconds_per_megabyte=0.0, most_seconds=120.0, memory_bytes=256 << 20)


def say(value: str) -> Reading:
    return Reading(key="test:Said", value=value, location="nowhere")


def well(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    yield say(source.head[:8].hex())


def abort(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    yield say("before")
    os.abort()


def fall(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    ctypes.string_at(8)
    yield say("never")


def leave(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    yield say("before")
    raise SystemExit(0)


def hang(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    while True:
        time.sleep(0.05)
    yield say("never")


def spin(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    while True:
        pass
    yield say("never")


def swell(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    yield say("before")
    hoard = [bytearray(64 << 20) for _ in range(64)]
    yield say(str(len(hoard)))


def err(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    yield say("before")
    raise KeyError(f"nothing at {source.path()} or /home/somebody/secret.txt")


def refuse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    yield say("before")
    raise Corrupt("the bytes break their own rules")


def decline(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    raise Unsupported("not read here")
    yield say("never")


def flood(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    while True:
        yield say("more")


def bloat(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    for number in range(64):
        yield Derivative(id=f"{number:064x}", recipe="bloat/1", media_type="x/y", content=bytes(4 << 20))


def lie(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Write rubbish to every descriptor, as a decoder that was taken over could."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\x7f\xff\xff\xff" + b"A" * 64)
        except OSError:
            continue
    yield say("lied")


def forge(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Answer for somebody else."""
    body = json.dumps({"finished": {"instrument": "well", "result": "done", "elapsed_seconds": 0.0, "records": []}})
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, len(body).to_bytes(4, "big") + body.encode())
        except OSError:
            continue
    time.sleep(5)
    yield say("forged")


def escape(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Try what a worker must not be able to do; say which attempts went through."""

    def attempt(name: str, action: Callable[[], object]) -> Reading:
        try:
            action()
        except OSError as error:
            return Reading(key=f"test:{name}", value=type(error).__name__, location="sandbox")
        return Reading(key=f"test:{name}", value="went through", location="sandbox")

    yield attempt("read", lambda: Path("/etc/hostname").read_bytes())
    yield attempt("read_sibling", lambda: (Path(source.path()).parent.parent / "outside.txt").read_bytes())
    yield attempt("write", lambda: Path("/tmp/verify-escaped").write_bytes(b"x"))  # noqa: S108 - must fail
    yield attempt("write_vault", lambda: Path(source.path() + ".new").write_bytes(b"x"))
    yield attempt("unlink_vault", lambda: Path(source.path()).unlink())
    yield attempt("network", lambda: socket.create_connection(("127.0.0.1", 9), 1))
    yield attempt("program", lambda: subprocess.run(["/bin/true"], check=True))
    yield attempt("kill", lambda: os.kill(os.getppid(), 0))
    yield attempt("vault", lambda: Path(source.path()).read_bytes())


def try_calls(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Make system calls by number."""
    for name, became in refused.attempts():
        yield Reading(key=f"test:{name}", value=became, location="sandbox")


def change(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Change what belongs to the exhibit's own file, by every way that Python has."""
    path = source.path()
    with open(path, "rb") as stream:  # noqa: PTH123 - its descriptor is wanted
        descriptor = stream.fileno()
        ways: dict[str, Callable[[], object]] = {
            "chmod": lambda: os.chmod(path, 0o666),  # noqa: PTH101, S103
            "fchmod": lambda: os.fchmod(descriptor, 0o666),
            "chown": lambda: os.chown(path, os.getuid(), os.getgid()),
            "fchown": lambda: os.fchown(descriptor, os.getuid(), os.getgid()),
            "lchown": lambda: os.lchown(path, os.getuid(), os.getgid()),
            "utime": lambda: os.utime(path),
            "futime": lambda: os.utime(descriptor),
            "setxattr": lambda: os.setxattr(path, "user.x", b"x"),
            "fsetxattr": lambda: os.setxattr(descriptor, "user.x", b"x"),
            "link": lambda: os.link(path, path + ".more"),
            "rename": lambda: os.rename(path, path + ".else"),  # noqa: PTH104
            "truncate": lambda: os.truncate(path, 0),
            "fork": os.fork,
            "priority": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 5),
            "affinity": lambda: os.sched_setaffinity(os.getppid(), {0}),
        }
        for name, way in ways.items():
            try:
                way()
                became = "went through"
            except OSError as error:
                became = type(error).__name__
            yield Reading(key=f"test:{name}", value=became, location="sandbox")


class Watching:
    def __init__(self, fail_at: int | None = None) -> None:
        self.pictures, self.blocks, self.fail_at = 0, 0, fail_at

    def see(self, picture: Picture) -> None:
        if self.pictures == self.fail_at:
            raise RuntimeError("this viewer cannot go on")
        self.pictures += 1

    def hear(self, sound: Sound) -> None:
        self.blocks += 1

    def conclude(self) -> Iterator[Record]:
        yield say(f"{self.pictures} pictures")


class Staller(Watching):
    def see(self, picture: Picture) -> None:
        while True:
            time.sleep(0.05)


def watch_well(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> Watching:
    return Watching()


def watch_ill(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> Watching:
    return Watching(fail_at=1)


def watch_stalling(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> Watching:
    return Staller()


ANALYSES = (well, abort, fall, leave, hang, spin, swell, err, refuse, decline, flood, bloat, lie, forge, escape)
ANALYSES += (try_calls, change)
VIEWINGS = (watch_well, watch_ill, watch_stalling)


def load(*, examining: bool = True) -> Registry:
    """The registry of these instruments."""
    analysers = [
        Analyser(name=item.__name__, version=1, accepts=EVERYTHING, analyse=item, limits=limits)
        for item in ANALYSES
        for limits in (SOON if item in (hang, spin, forge) else AMPLE,)
    ]
    analysers.append(
        Analyser(name="lacking", version=1, accepts=EVERYTHING, analyse=well, needs=("no_such_library_at_all",))
    )
    viewers = [Viewer(name=item.__name__, version=1, accepts=EVERYTHING, begin=item, limits=SOON) for item in VIEWINGS]
    return Registry(
        analysers={item.name: item for item in analysers},
        viewers={item.name: item for item in viewers},
        checks={},
        failed=(),
    )
