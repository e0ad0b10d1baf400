"""A private network that answers everything and remembers it, and an eye on what is written anywhere.

Run by `test_silent.py` as a process in a network namespace of its own (and, for root, a PID namespace): every address
of IPv4 and IPv6 is this machine, a resolver answers any name, two doors accept, and a raw socket sees each packet on
each interface. So whatever wants to go out succeeds, and is counted. Prints one JSON document.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.commands.silent_scenario import steps

ALL_PACKETS = 0x0003
CLOSE_WRITE, FILESYSTEM, UNLIMITED_QUEUE, AT_FDCWD, OVERFLOW = 0x8, 0x100, 0x10, -100, 0x4000
EVENT = struct.Struct("=IBBHQii")
WATCHED = ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/root", "/home")  # noqa: S108 - looked at, not used


class Network:
    """Loopback as the whole world."""

    def __init__(self) -> None:
        for words in (
            "link set lo up",
            "route add local 0.0.0.0/0 dev lo",
            "-6 route add local ::/0 dev lo",
        ):
            subprocess.run(["ip", *words.split()], check=words.startswith("-6") is False, capture_output=True)
        self.sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL_PACKETS))
        self.sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.sniffer.setblocking(False)
        resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        resolver.bind(("", 53))
        threading.Thread(target=_resolve, args=(resolver,), daemon=True).start()
        for port in (80, 443):
            door = socket.create_server(("", port))
            threading.Thread(target=_accept, args=(door,), daemon=True).start()

    def packets(self) -> list[str]:
        """What was sent since the last time, one line a packet."""
        found = []
        while True:
            try:
                content, (interface, kind, direction, *_) = self.sniffer.recvfrom(2048)
            except BlockingIOError:
                return found
            if direction == 4:  # sent; each is seen a second time as received
                found.append(f"{interface} {kind:#06x} {_told(content)}")


def _told(content: bytes) -> str:
    """The printable part of a packet, enough to say who was asked for."""
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in content[:120])


def _resolve(resolver: socket.socket) -> None:
    while True:
        query, asker = resolver.recvfrom(2048)
        end = query.index(b"\0", 12) + 5
        answer = query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + query[12:end] + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
        resolver.sendto(answer, asker)


def _accept(door: socket.socket) -> None:
    while True:
        door.accept()[0].close()


class Writes:
    """Every file that a process of this PID namespace closed after writing, on every watched file system (root only).

    A process outside the namespace is told with the number 0 and left out.
    """

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._queue = self._library.fanotify_init(UNLIMITED_QUEUE, os.O_RDONLY) if os.getpid() == 1 else -1
        if self._queue >= 0:
            os.set_blocking(self._queue, False)
            marks = [
                self._mark(place) for place in {Path(p).stat().st_dev: p for p in WATCHED if Path(p).is_dir()}.values()
            ]
            self.is_on = any(marks)
        else:
            self.is_on = False
        self._found: set[str] = set()
        self._lock = threading.Lock()
        if self.is_on:
            threading.Thread(target=self._follow, daemon=True).start()

    def taken(self) -> set[str]:
        """Paths written since the last time."""
        if self.is_on:
            self._read()
        with self._lock:
            found, self._found = self._found, set()
        return found

    def _mark(self, place: str) -> bool:
        mask = ctypes.c_uint64(CLOSE_WRITE)
        return self._library.fanotify_mark(self._queue, 1 | FILESYSTEM, mask, AT_FDCWD, place.encode()) == 0

    def _follow(self) -> None:
        while True:
            self._read()
            time.sleep(0.02)

    def _read(self) -> None:
        with self._lock:
            while True:
                try:
                    content = os.read(self._queue, 1 << 16)
                except BlockingIOError:
                    return
                for mask, number, process in _events(content):
                    if mask & OVERFLOW:
                        self._found.add("more than could be watched")
                    if number < 0:
                        continue
                    if process not in (0, os.getpid()):
                        self._found.add(str(Path(f"/proc/self/fd/{number}").readlink()))
                    os.close(number)


def _events(content: bytes) -> Iterator[tuple[int, int, int]]:
    while content:
        length, _, _, _, mask, number, process = EVENT.unpack_from(content)
        yield mask, number, process
        content = content[length:]


class Stage:
    """A person's folders, all fresh: home, XDG folders, temporary files, work, and what commands may write."""

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.passing, self.work, self.out = (
            root, root / "home", root / "passing", root / "work", root / "out",
        )  # fmt: skip
        for folder in (self.home, self.passing, self.work, self.out, *(root / name for name in self._xdg().values())):
            folder.mkdir(mode=0o700)
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
        self.environment = kept | {
            "HOME": str(self.home),
            "TMPDIR": str(self.passing),
            "PYTHONDONTWRITEBYTECODE": "1",
            **{name: str(root / folder) for name, folder in self._xdg().items()},
        }

    @staticmethod
    def _xdg() -> dict[str, str]:
        return {f"XDG_{n}": n.lower() for n in ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR")}

    def strays(self) -> list[str]:
        """Everything that lies where nothing may, temporary files that stayed behind among it."""
        places = (self.home, self.passing, *(self.root / name for name in self._xdg().values()))
        return sorted(str(path.relative_to(self.root)) for place in places for path in place.rglob("*"))

    def inputs(self) -> str:
        """A digest over what commands were given."""
        found = hashlib.sha256()
        for path in sorted(self.work.rglob("*")):
            found.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
        return found.hexdigest()

    def is_allowed(self, path: str) -> bool:
        """Whether a command may write there: in `out`, where the case is, and in the temporary folder."""
        return any(Path(path).is_relative_to(folder) for folder in (self.out, self.passing)) or path.startswith("/dev/")


def main(root: Path) -> dict[str, Any]:
    """Run every step, and first two that are not silent, to show that they would be noticed."""
    stage, network, writes = Stage(root), Network(), Writes()
    told: dict[str, Any] = {"writes_watched": writes.is_on, "steps": [], "controls": []}

    def run(name: str, command: list[str]) -> dict[str, Any]:
        began = os.times()
        done = subprocess.run(
            command, cwd=stage.work, env=stage.environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        return {
            "command": name,
            "code": done.returncode,
            "processor_seconds": round(sum(os.times()[2:4]) - sum(began[2:4]), 2),
            "said": (done.stdout + done.stderr).decode("utf-8", "replace")[-600:],
            "packets": network.packets(),
            "strays": stage.strays(),
            "outside": sorted(path for path in writes.taken() if not stage.is_allowed(path)),
        }

    for words in (
        "import socket; socket.getaddrinfo('example.com', 80)",
        "import socket; socket.socket().connect(('203.0.113.9', 443))",
        "from pathlib import Path; Path.home().joinpath('.identifier').write_text('x')",
    ):
        told["controls"].append(run(words, [sys.executable, "-c", words]))
    for left in stage.home.iterdir():
        left.unlink()
    before = ""
    for step in steps(stage.work, stage.out):
        before = before or stage.inputs()
        words = [str(word) for word in (*step.command, *step.arguments)]
        done = run(" ".join(step.command), [sys.executable, "-m", "verifier", *words])
        told["steps"].append(done | {"inputs_kept": stage.inputs() == before})
    return told


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
