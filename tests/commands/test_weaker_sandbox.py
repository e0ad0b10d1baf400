"""On a kernel without Landlock or seccomp nothing is decoded, unless a person says so; then everything says so."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.running import Ran, verify
from tests.commands.test_the_whole_way import picture
from verifier.confinement import Layer, Protection, State, lacking

LAUNCHER = Path(__file__).parent.parent / "executors" / "lacking.py"
PRAISE = "Nothing is weaker"
BOTH = "landlock_create_ruleset,seccomp"

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in {"x86_64", "aarch64"},
    reason="takes system calls away with a filter of Linux",
)
MISSING = [
    ("landlock_create_ruleset", "landlock"),
    ("landlock_add_rule", "landlock"),
    ("landlock_restrict_self", "landlock"),
    ("seccomp", "seccomp"),
    ("no_new_privs", "privileges"),
    ("capset", "privileges"),
    ("prlimit64", "memory_limit"),
]


def on_kernel_without(calls: str, *arguments: object) -> Ran:
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), calls, sys.executable, "-m", "verifier", *map(str, arguments)],
        capture_output=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("VERIFY_")},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    picture(folder / "a.jpg", 1)
    return folder


def runs(case: Path) -> int:
    with sqlite3.connect(case / "case.db") as connection:
        count: int = connection.execute("select count(*) from runs").fetchone()[0]
    return count


@pytest.mark.parametrize(("call", "layer"), MISSING)
def test_every_answer_of_the_kernel_is_looked_at(call: str, layer: str, tmp_path: Path) -> None:
    program = (
        "from verifier.confinement import lacking; from verifier.executors import sandbox\n"
        f"print(*lacking(sandbox.enter([{str(tmp_path)!r}], memory_bytes=1 << 30)))"
    )
    command = [sys.executable, str(LAUNCHER), call, sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert layer in done.stdout.split(), done.stderr
    whole = subprocess.run(command[3:], capture_output=True, text=True, check=False)
    assert whole.stdout.split() == [], whole.stderr


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_say_what_they_lack_in_the_same_way(system: str) -> None:
    program = (
        "import sys; from verifier.confinement import lacking; from verifier.executors import sandbox\n"
        f"sandbox.LINUX = False; sys.platform = {system!r}; sandbox.virtual_bytes = lambda: 0\n"
        "print(*lacking(sandbox.enter([], memory_bytes=1 << 30)), flush=True); import os; os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    missing = done.stdout.split()
    assert {"landlock", "seccomp", "privileges", "memory_limit"} <= set(missing), done.stderr
    assert ("file_limit" in missing) is (system == "win32")


def test_what_nobody_speaks_of_is_not_in_force() -> None:
    assert lacking(()) == tuple(Layer)
    held = [Protection(layer=layer, state=State.HELD) for layer in Layer]
    assert lacking(held) == ()
    for state in (State.IN_PART, State.NOT_HERE, State.REFUSED):
        assert lacking([*held, Protection(layer=Layer.MEMORY, state=state)]) == (Layer.MEMORY,)


def test_doctor_names_what_is_missing_and_does_not_praise() -> None:
    ran = on_kernel_without(BOTH, "doctor")
    for layer in ("landlock", "seccomp"):
        assert f"Weaker here: The protection {layer} is not in force" in ran.out, ran.err
    assert PRAISE not in ran.out
    assert ran.code == 0


def test_where_nothing_lacks_doctor_names_what_holds() -> None:
    ran = verify("doctor")
    (last,) = [line for line in ran.out.splitlines() if PRAISE in line] or [""]
    assert "landlock" in last and "seccomp" in last
    assert "Weaker here" not in ran.out


@pytest.mark.parametrize(("call", "layer"), [MISSING[0], MISSING[3], MISSING[-1]])
def test_nothing_is_decoded_and_one_sentence_says_why(call: str, layer: str, evidence: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    ran = on_kernel_without(call, "ingest", evidence, "--case", case, "--quiet")
    assert ran.code == 4
    assert layer in ran.err and "--weaker-sandbox" in ran.err
    assert len(ran.err.strip().splitlines()) == 1 and "Traceback" not in ran.err
    assert runs(case) == 0


@pytest.fixture
def weaker_case(evidence: Path, tmp_path: Path) -> Path:
    case = tmp_path / "weaker"
    ran = on_kernel_without(BOTH, "ingest", evidence, "--case", case, "--operator", "R-7", "--weaker-sandbox")
    assert ran.code == 0, ran.err
    assert "landlock, seccomp" in " ".join(ran.out.splitlines()[-4:])
    assert runs(case) > 0
    return case


def test_what_was_weaker_stands_in_the_log_and_in_every_report(weaker_case: Path, tmp_path: Path) -> None:
    with sqlite3.connect(weaker_case / "case.db") as connection:
        (found,) = connection.execute("select actor, detail from custody where action = 'weaken sandbox'").fetchall()
    assert found[0] == "R-7" and {"landlock", "seccomp"} <= set(json.loads(found[1]))
    assert verify("audit", "--case", weaker_case).code == 0
    for lang, word in (("en", "Landlock"), ("fa", "Landlock")):
        out = tmp_path / lang
        assert verify("report", "--case", weaker_case, "--out", out, "--lang", lang, "--format", "html,json").code == 0
        assert "landlock, seccomp" in " ".join(json.loads((out / "report.json").read_text("utf-8"))["limits"])
        pages = [page.read_text("utf-8") for page in out.rglob("*.html")]
        assert any(word in page and "seccomp" in page for page in pages)
    redacted = tmp_path / "redacted"
    ran = verify("report", "--case", weaker_case, "--out", redacted, "--redacted", "--format", "json")
    assert ran.code == 0, ran.err
    (report,) = redacted.rglob("report.json")
    assert "landlock, seccomp" in " ".join(json.loads(report.read_text("utf-8"))["limits"])


def test_match_and_reveal_refuse_as_well(evidence: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    assert verify("ingest", evidence, "--case", case, "--operator", "R-7").code == 0
    other = picture(tmp_path / "other.jpg", 5)
    calls = "landlock_create_ruleset"
    assert on_kernel_without(calls, "match", other, "--case", case).code == 4
    (identity,) = [entry["id"] for entry in _exhibits(case, tmp_path)]
    shown = ("show", identity, "--case", case, "--reveal", "--yes", "--operator", "R-7", "--out")
    assert on_kernel_without(calls, *shown, tmp_path / "seen.jpg").code == 4
    assert not (tmp_path / "seen.jpg").exists()
    allowed = on_kernel_without(calls, "match", other, "--case", case, "--weaker-sandbox", "--json")
    assert allowed.code == 1 and "landlock" in allowed.json["limits"][0], allowed.err
    assert on_kernel_without(calls, *shown, tmp_path / "seen.jpg", "--weaker-sandbox").code == 0
    assert (tmp_path / "seen.jpg").exists()


def test_the_settings_of_a_case_can_say_so(evidence: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    assert verify("ingest", evidence, "--case", case, "--only", "exif").code in (0, 2)
    (case / "verify.toml").write_text("weaker_sandbox = true\n", encoding="utf-8")
    ran = on_kernel_without("seccomp", "ingest", evidence, "--case", case, "--json")
    assert ran.code == 0 and ran.json["weaker_sandbox"] == ["seccomp"], ran.err


def test_a_program_outside_the_sandbox_needs_the_same_word(evidence: Path, tmp_path: Path) -> None:
    ran = verify("ingest", evidence, "--case", tmp_path / "case", "--exiftool", "--quiet")
    assert ran.code == 4 and "exiftool" in ran.err


def _exhibits(case: Path, folder: Path) -> list[dict[str, str]]:
    assert verify("report", "--case", case, "--out", folder / "listed", "--format", "json").code == 0
    found: list[dict[str, str]] = json.loads((folder / "listed" / "report.json").read_text("utf-8"))["exhibits"]
    return found
