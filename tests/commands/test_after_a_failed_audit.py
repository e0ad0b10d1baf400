"""After an audit that found something broken, whatever tells of the case says so first."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from verifier.errors import EXIT_INTEGRITY

SAID = "The last audit of this case"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of two pictures; one object was changed and an audit saw it."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "evidence").mkdir()
    for number in (1, 2):
        picture(folder / "evidence" / f"{number}.jpg", number)
    case = folder / "case"
    assert verify("ingest", folder / "evidence", "--case", case, "--operator", "A", "--jobs", 1, "--no-dedup").code == 0
    assert verify("report", "--case", case, "--out", folder / "before", "--format", "html").code == 0
    before = (folder / "before" / "report.html").read_text(encoding="utf-8")
    assert not re.search("unchanged since it was taken in", before, re.IGNORECASE)  # nobody has looked yet
    assert "No audit has hashed it again yet" in before
    changed = next(path for path in (case / "objects").rglob("*") if path.is_file())
    changed.chmod(0o600)
    changed.write_bytes(changed.read_bytes() + b"\0")
    assert verify("audit", "--case", case, "--quiet").code == EXIT_INTEGRITY
    return case


def test_commands_say_so_first(case: Path, tmp_path: Path) -> None:
    identity = next(path.name for path in (case / "objects" / "sha256").glob("*/*"))
    for arguments in (
        ("show", identity),
        ("incident", "show"),
        ("claim", identity, "--by", "A"),
        ("check", "--quiet"),
        ("status",),
        ("desk", "--no-open", "--idle-minutes", "0.001"),
        ("list",),
        ("find", "evidence"),
        ("export", "--to", tmp_path / "package"),
        ("import", tmp_path),
    ):
        ran = verify(*arguments, "--case", case)
        assert ran.err.startswith(SAID), (arguments, ran.err)


@pytest.mark.parametrize("options", [(), ("--redacted",)], ids=["full", "redacted"])
@pytest.mark.parametrize("lang", ["en", "fa"])
def test_the_report_says_so_on_its_first_page_and_ends_with_3(
    case: Path, tmp_path: Path, lang: str, options: tuple[str, ...]
) -> None:
    ran = verify("report", "--case", case, "--out", tmp_path / "out", "--format", "html", "--lang", lang, *options)
    assert ran.code == EXIT_INTEGRITY, ran.err
    assert ran.err.startswith(SAID)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    told = "The last audit found that something" if lang == "en" else "آخرین ممیزی نشان داد که چیزی"
    assert 0 < page.index(told) < page.index("</header>" if "</header>" in page else "<section")
    assert "nothing changed in this case" not in page
    unchanged = len(re.findall("Unchanged since it was taken in", page))
    assert unchanged == (1 if lang == "en" and not options else 0)  # said once, of the whole one alone


def test_a_clean_audit_takes_it_back(case: Path, tmp_path: Path) -> None:
    case = shutil.copytree(case, tmp_path / "case")  # the other tests see the broken one, in whatever order they run
    changed = [path for path in (case / "objects").rglob("*") if path.is_file()]
    for path in changed:
        content = path.read_bytes()
        if content.endswith(b"\0"):
            path.write_bytes(content[:-1])
    assert verify("audit", "--case", case, "--quiet").code == 0
    ran = verify("report", "--case", case, "--out", tmp_path / "out", "--format", "json")
    assert (ran.code, SAID in ran.err) == (0, False)
