"""A foreign program that was taken over: what it may do is the work it was started for."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.commands.test_weaker_sandbox import LAUNCHER
from verifier.confinement import lacking
from verifier.errors import SandboxLacking, Unsupported
from verifier.executors.confined import Confined

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in {"x86_64", "aarch64"}, reason="Linux's sandbox"
)
ROOT = Path(__file__).parent.parent.parent
PYTHON = str(Path(sys.executable).resolve())
HOME = (sys.base_prefix, sys.prefix, sysconfig.get_paths()["stdlib"])
ATTEMPTS = """
import json, os, socket, subprocess, sys, threading
outside = sys.argv[1]
def attempt(action):
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "went through"
thread = threading.Thread(target=lambda: None)
thread.start(); thread.join()
print(json.dumps({
    "read": attempt(lambda: open(outside).read()),
    "passwd": attempt(lambda: open("/etc/passwd").read()),
    "write": attempt(lambda: open(outside, "w")),
    "unlink": attempt(lambda: os.unlink(outside)),
    "chmod": attempt(lambda: os.chmod(outside, 0o666)),
    "utime": attempt(lambda: os.utime(outside)),
    "network": attempt(lambda: socket.socket()),
    "fork": attempt(os.fork),
    "program": attempt(lambda: os.execv("/bin/true", ["true"])),
    "spawn": attempt(lambda: subprocess.run(["/bin/true"])),
    "kill": attempt(lambda: os.kill(os.getppid(), 0)),
    "priority": attempt(lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)),
}))
"""


def program(**changes: object) -> Confined:
    options: dict[str, object] = {"seconds": 60.0, "memory_bytes": 1 << 30, "most_bytes": 1 << 20, "readable": HOME}
    return Confined(**(options | changes))  # type: ignore[arg-type]


def test_it_does_its_work_and_nothing_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not for it")
    confined = program()
    ran = confined.run([PYTHON, "-c", ATTEMPTS, str(outside)])
    assert ran.code == 0, ran.said
    assert lacking(confined.layers) == ()
    said = json.loads(ran.output)
    assert set(said.values()) == {"PermissionError"}, said
    assert len(said) == 12 and outside.read_text() == "not for it"


def test_what_is_named_is_read_and_what_is_given_arrives(tmp_path: Path) -> None:
    inside = tmp_path / "inside.txt"
    inside.write_text("for it")
    text = "import sys; print(open(sys.argv[1]).read(), sys.stdin.read())"
    ran = program(readable=[*HOME, str(inside)]).run([PYTHON, "-c", text, str(inside)], given=b"a list")
    assert ran.output == b"for it a list\n"


def test_its_answer_time_and_words_are_bounded() -> None:
    ran = program(most_bytes=1000).run([PYTHON, "-c", "while True: print('x' * 1000)"])
    assert len(ran.output) == 1001 and ran.code != 0
    ran = program(seconds=1.0).run([PYTHON, "-c", "import time; time.sleep(60)"])
    assert ran.code != 0 and ran.output == b""
    ran = program().run([PYTHON, "-c", "import sys; sys.stderr.write('why ' * 100_000); sys.exit(3)"])
    assert ran.code == 3 and ran.said.startswith("why why") and len(ran.said) <= 1 << 16


def test_a_name_that_the_search_path_would_find_is_refused() -> None:
    with pytest.raises(Unsupported, match="whole path"):
        program().run(["true"])


@pytest.mark.parametrize("weaker", [False, True])
def test_without_a_layer_it_is_not_started(weaker: bool) -> None:
    text = f"""
from verifier.executors.confined import Confined
from verifier.errors import SandboxLacking
confined = Confined(seconds=60, memory_bytes=1 << 30, most_bytes=100, readable={HOME!r}, weaker={weaker})
try:
    print(confined.run([{PYTHON!r}, "-c", "print('started')"]).output, *[item.layer for item in confined.layers])
except SandboxLacking as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), "landlock_create_ruleset", sys.executable, "-c", text],
        capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert ("started" in done.stdout) is weaker, done.stderr
    assert "landlock" in done.stdout
    assert SandboxLacking.exit_code == 4
