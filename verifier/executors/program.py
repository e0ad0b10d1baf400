"""The child's side of a foreign program (FFmpeg, ExifTool): give up rights, say which, become the program.

Run as `python -P -m verifier.executors.program --status FD … -- PROGRAM ARGUMENT…`. Where a layer of the sandbox is
missing the program is not started, unless `--weaker` allows it. Landlock lets nothing be started but the program.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from verifier.canonical import to_plain
from verifier.confinement import lacking
from verifier.executors import sandbox
from verifier.executors.system_calls import Work

EXIT_LACKING = 78
LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1")
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")


def main() -> None:
    """Become the program, or end with EXIT_LACKING."""
    options = argparse.ArgumentParser(prog="verifier.executors.program")
    options.add_argument("--status", type=int, required=True, help="descriptor to say the layers on")
    options.add_argument("--readable", action="append", default=[], help="folder or file that may be read")
    options.add_argument("--runs", action="append", default=[], help="a further file that may be run: an interpreter")
    options.add_argument("--memory", type=int, required=True, help="bytes")
    options.add_argument("--seconds", type=float, required=True, help="of processor time")
    options.add_argument("--weaker", action="store_true", help="start although a layer is missing")
    options.add_argument("command", nargs="+")
    given = options.parse_args()
    executable = [given.command[0], *given.runs, *LOADERS]
    executable += [str(Path(name).resolve()) for name in executable]
    os.set_inheritable(given.status, False)
    sandbox.allow(0, 0, given.seconds)
    layers = sandbox.enter(
        [*LIBRARIES, *given.readable], memory_bytes=given.memory, work=Work.PROGRAM, executable=executable
    )
    os.write(given.status, json.dumps(to_plain(layers)).encode("ascii"))
    if lacking(layers) and not given.weaker:
        os._exit(EXIT_LACKING)
    os.execv(given.command[0], given.command)  # noqa: S606 - no shell: a fixed program, options of our own


if __name__ == "__main__":
    main()
