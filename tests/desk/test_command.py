"""`verify desk` as a person starts it: its first line, its ends, its refusals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.commands.running import verify
from tests.desk.running import Client
from verifier.errors import EXIT_ENVIRONMENT, EXIT_INTEGRITY, EXIT_INTERRUPTED, EXIT_USAGE

WITHOUT = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
import importlib.util as u
found = u.find_spec
u.find_spec = lambda name, package=None: None if name in {hidden!r} else found(name, package)
sys.argv = ["verify", *sys.argv[1:]]
import runpy
runpy.run_module("verifier", run_name="__main__")
"""


def started(case: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "verifier", "desk", "--case", str(case), "--no-open", *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("VERIFY_")},
        preexec_fn=_heeds_interruptions,
    )  # fmt: skip


def _heeds_interruptions() -> None:
    """A shell lets what it runs in the background ignore them, and that is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_its_first_line_is_the_address_and_an_interruption_ends_it(case: Path) -> None:
    with started(case) as running:
        assert running.stdout is not None and running.stderr is not None
        address = running.stdout.readline().rstrip("\n")
        parts = urlsplit(address)
        assert (parts.scheme, parts.hostname, parts.path) == ("http", "127.0.0.1", "/")
        assert list(parse_qs(parts.query)) == ["token"] and len(parse_qs(parts.query)["token"][0]) >= 43
        client = Client(address).enter()
        assert "a.jpg" in client.page("/exhibits")
        running.send_signal(signal.SIGINT)
        out, said = running.communicate(timeout=60)
    assert running.returncode == EXIT_INTERRUPTED and "interrupted" in said
    assert out == "" and "Traceback" not in said and said.count("\n") <= 3
    assert verify("audit", "--case", case, "--quiet").code == 0


def test_it_ends_when_nobody_asks(case: Path) -> None:
    ran = verify("desk", "--case", case, "--no-open", "--idle-minutes", "0.005")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("http://127.0.0.1:") and ran.out.count("\n") == 1


def test_each_start_has_another_token_and_port(case: Path) -> None:
    one, other = (verify("desk", "--case", case, "--no-open", "--idle-minutes", "0.001").out for _ in range(2))
    assert one != other and parse_qs(urlsplit(one).query) != parse_qs(urlsplit(other).query)


@pytest.mark.parametrize("hidden", [("starlette",), ("uvicorn",), ("starlette", "uvicorn")], ids="+".join)
def test_without_its_libraries_it_is_one_sentence(case: Path, hidden: tuple[str, ...]) -> None:
    words = WITHOUT.format(hidden=set(hidden))
    command = [sys.executable, "-c", words, "desk", "--case", str(case), "--no-open"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == EXIT_ENVIRONMENT, ran.stderr
    assert ran.stderr.count("\n") == 1 and "verifier[desk]" in ran.stderr and ran.stdout == ""
    others = subprocess.run(
        [sys.executable, "-c", words, "status", "--case", str(case)], capture_output=True, text=True, check=False
    )
    assert others.returncode == 0, others.stderr


def test_where_there_is_no_whole_case_nothing_listens(case: Path, tmp_path: Path) -> None:
    ran = verify("desk", "--case", tmp_path / "none", "--no-open")
    assert (ran.code, ran.out) == (EXIT_USAGE, "")
    assert verify("desk", "--case", case, "--lang", "xx", "--no-open").code == EXIT_USAGE
    (case / "custody" / "head.json").unlink()
    ran = verify("desk", "--case", case, "--no-open")
    assert (ran.code, ran.out) == (EXIT_INTEGRITY, "")


def test_the_address_is_asked_of_a_browser_unless_told_otherwise(case: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{tmp_path}/asked"\n', "utf-8")
    browser.chmod(0o700)
    ran = verify("desk", "--case", case, "--idle-minutes", "0.02", BROWSER=f"{browser} %s")
    assert ran.code == 0, ran.err
    assert (tmp_path / "asked").read_text("utf-8") == ran.out.strip()
    (tmp_path / "asked").unlink()
    assert verify("desk", "--case", case, "--no-open", "--idle-minutes", "0.005", BROWSER=f"{browser} %s").code == 0
    assert not (tmp_path / "asked").exists()
