"""From one laptop to another and to a stranger, by the commands alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.test_lost_database import run
from tests.workflow.handing.made import CONTENTS, IDS, make
from verifier.commands.bring_in import SENTENCES
from verifier.custody.verify_package import Package
from verifier.errors import EXIT_INTEGRITY, EXIT_USAGE
from verifier.workflow.handing import differing


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed")
    make(folder / "a", CONTENTS[:4])
    make(folder / "b", CONTENTS[2:])
    return folder


@pytest.fixture
def two(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "two"))


def test_a_package_is_written_and_its_root_told(two: Path) -> None:
    code, said = run("export", ["--to", str(two / "out"), "--operator", "Ana"], two / "a")
    package = Package(str(two / "out"))
    assert code == 0 and package.check() == [] and package.roots[-1] in said
    code, said = run("audit", ["--root", package.roots[-1]], two / "a")
    assert code == 0 and "fits" in said
    assert run("export", ["--to", str(two / "out")], two / "a")[0] == EXIT_USAGE  # there is something
    assert run("export", ["--to", str(two / "a" / "in")], two / "a")[0] == EXIT_USAGE
    assert run("export", ["--to", str(two / "new"), "--exhibit", "f" * 64], two / "a")[0] == EXIT_USAGE
    code, said = run("export", ["--to", str(two / "one"), "--exhibit", IDS[0][:12]], two / "a")
    assert code == 0 and "3 exhibits are left out" in said


def test_a_package_is_merged_and_what_differs_is_told(two: Path) -> None:
    assert run("export", ["--to", str(two / "out")], two / "b")[0] == 0
    root = Package(str(two / "out"))
    root.check()
    refused = run("import", [str(two / "out"), "--no-examine", "--root", "0" * 64], two / "a")
    assert refused[0] == EXIT_INTEGRITY and "never had the root" in refused[1]
    assert run("import", [str(two / "out"), "--no-examine", "--root", "x"], two / "a")[0] == EXIT_USAGE
    given = ["--no-examine", "--operator", "Ana", "--root", root.roots[-1]]
    code, said = run("import", [str(two / "out"), *given], two / "a")
    assert code == 0 and "2 new exhibits" in said and "incident i-1" in said
    code, said = run("import", [str(two / "out"), "--no-examine"], two / "a")
    assert code == 0 and "Nothing was changed" in said
    assert run("audit", [], two / "a")[0] == 0
    (two / "out" / "data" / "report.json").write_bytes(b"{}")
    (two / "c").mkdir()
    make(two / "c", CONTENTS[:2])
    code, said = run("import", [str(two / "out"), "--no-examine"], two / "c")
    assert code == EXIT_INTEGRITY and "data/report.json" in said and "Nothing was brought in" in said
    assert run("import", [str(two / "c"), "--no-examine"], two / "a")[0] == EXIT_USAGE


def test_what_came_is_examined_with_the_rest(two: Path) -> None:
    assert run("export", ["--to", str(two / "out")], two / "b")[0] == 0
    code, said = run("import", [str(two / "out"), "--jobs", "1", "--quiet", "--json"], two / "a")
    assert code in (0, 1) and '"exhibits": 2' in said
    code, said = run("show", [IDS[5]], two / "a")
    assert code == 0 and IDS[5][:12] in said


def test_every_difference_has_a_sentence() -> None:
    kinds = {differing.FORK, differing.DESCRIBED, differing.DECIDED, differing.STANDS, differing.ASSESSED,
             differing.SAME_ID}  # fmt: skip
    assert set(SENTENCES) == kinds
