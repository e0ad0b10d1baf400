"""Every command over a case of which something is gone: refused with a sentence, or told in full; never a new case."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from tests.commands.running import verify
from tests.media.making import still
from verifier.commands.app import app
from verifier.errors import EXIT_INTEGRITY, EXIT_USAGE, Error

PHOTOS = 3
PARTS = ("case.db", "custody/head.json", "custody/checkpoints", "custody/checkpoint", "custody", "objects", "derived")
LOOKING = {
    "dedup",
    "evidence",
    "report",
    "audit",
    "seal",
    "export",
    "show",
}  # where the rest is gone; the others take long
NO_CASE = {"doctor", "sun", "bank", "worker"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "evidence").mkdir()
    for number in range(PHOTOS):
        (folder / "evidence" / f"{number}.jpg").write_bytes(still(width=64 + number, height=48) + b"\0")
    made = verify("ingest", folder / "evidence", "--case", folder / "case", "--quiet", "--no-dedup", "--jobs", "1")
    assert made.code == 0, made.err
    sealed = verify("seal", "--make-key", "--key", folder / "oak.pem", "--operator", "oak", "--case", folder / "case")
    assert sealed.code == 0, sealed.err
    packed = verify("export", "--to", folder / "package", "--case", folder / "case", "--quiet")
    assert packed.code == 0, packed.err
    return folder


@pytest.fixture(scope="module")
def ids(whole: Path) -> list[str]:
    return sorted(path.name for path in (whole / "case" / "objects" / "sha256").glob("*/*"))


def commands(whole: Path, out: Path, ids: list[str]) -> dict[str, list[str]]:
    """One call of every command that opens a case."""
    a, b = ids[0], ids[1]
    photo = str(next((whole / "evidence").iterdir()))
    return {
        "ingest": [photo, "--no-dedup", "--no-check", "--jobs", "1", "--quiet"],
        "dedup": ["--quiet"],
        "status": [],
        "list": [],
        "find": ["evidence"],
        "match": [photo, "--quiet"],
        "evidence": [a, b, "--out", str(out / "evidence")],
        "compare": [a, b, "--out", str(out / "side.mp4")],
        "verdict": [a, b, "different", "--operator", "oak"],
        "claim": [a, "--by", "oak", "--place", "Tehran"],
        "check": ["--quiet"],
        "assess": [a, "--question", "place", "--level", "probable", "--because", "jpeg:width", "--operator", "oak"],
        "review": [a, "--question", "place", "--level", "probable", "--because", "jpeg:width", "--operator", "elm"],
        "observe": [a, "--what", "weapon", "--operator", "oak"],
        "incident show": [],
        "stage": [a, "triaged", "--operator", "oak"],
        "geolocate": [a, "--show"],
        "notes export": ["--out", str(out / "notes.yaml")],
        "report": ["--out", str(out / "report"), "--format", "json", "--quiet"],
        "audit": ["--quiet"],
        "seal": ["--key", str(whole / "oak.pem"), "--operator", "oak"],
        "log": ["--out", str(out / "log.jsonl")],
        "anchor": ["--make-query", str(out / "query.tsq")],
        "export": ["--to", str(out / "package"), "--quiet"],
        "import": [str(whole / "package"), "--jobs", "1", "--quiet"],
        "show": [a],
        "desk": ["--no-open", "--idle-minutes", "0.001"],
    }


def run(name: str, arguments: list[str], case: Path) -> tuple[int, str]:
    """In this process, as `main` does; its exit code and what it said."""
    ended = CliRunner().invoke(app, [*name.split(), *arguments, "--case", str(case)])
    if isinstance(ended.exception, Error):
        return ended.exception.exit_code, ended.exception.sentence
    assert ended.exception is None or isinstance(ended.exception, SystemExit), (name, ended.exception)
    return ended.exit_code, ended.output


def losses() -> Iterator[tuple[str, ...]]:
    for part in PARTS:
        yield (part,)
    yield ("case.db", "custody")
    yield ("case.db", "objects", "derived")
    yield ("case.db", "custody", "objects", "derived")
    yield ("custody/head.json", "custody/checkpoints")


def remove(case: Path, part: str) -> None:
    if (case / part).is_dir():
        shutil.rmtree(case / part)
    else:
        (case / part).unlink(missing_ok=True)


def cut(case: Path, part: str) -> None:
    for path in [case / part, *(case / part).rglob("*")]:
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


def test_every_command_that_takes_a_case_is_tried(whole: Path, tmp_path: Path, ids: list[str]) -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert {name.split()[0] for name in commands(whole, tmp_path, ids)} == known - NO_CASE - {"recover"}


def test_on_a_whole_case_every_command_comes_as_far_as_the_case(whole: Path, tmp_path: Path, ids: list[str]) -> None:
    """Else the refusals below would show nothing."""
    case = Path(shutil.copytree(whole / "case", tmp_path / "case"))
    for name, arguments in commands(whole, tmp_path, ids).items():
        code, said = run(name, arguments, case)
        assert code in (0, 1), (name, code, said)


@pytest.mark.parametrize("lose", [remove, cut])
@pytest.mark.parametrize("parts", tuple(losses()), ids="+".join)
def test_nothing_is_told_of_a_case_that_lost_its_database_or_head(
    whole: Path, tmp_path: Path, ids: list[str], parts: tuple[str, ...], lose: object
) -> None:
    assert callable(lose)
    kept = tmp_path / "kept"
    shutil.copytree(whole / "case", kept)
    for part in parts:
        lose(kept, part)
    is_lost = any(part in ("case.db", "custody", "custody/head.json") for part in parts)
    for name, arguments in commands(whole, tmp_path, ids).items():
        if not is_lost and name not in LOOKING:
            continue
        case = tmp_path / "case"
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(kept, case)
        code, said = run(name, arguments, case)
        assert "Traceback" not in said
        if is_lost:
            assert code == EXIT_INTEGRITY, (name, said)
            assert {path.name for path in case.iterdir()} <= {path.name for path in kept.iterdir()} | {
                ".lock", "case.db-wal", "case.db-shm"
            }  # fmt: skip
        else:
            assert code in (0, 1, EXIT_USAGE, EXIT_INTEGRITY), (name, code, said)
        if code == 0 and name == "report":
            assert len(json.loads((tmp_path / "report" / "report.json").read_bytes())["exhibits"]) == PHOTOS


def test_a_lost_database_is_one_sentence_and_recover_brings_every_exhibit_back(
    whole: Path, tmp_path: Path, ids: list[str]
) -> None:
    case = Path(shutil.copytree(whole / "case", tmp_path / "case"))
    (case / "case.db").unlink()
    refused = verify("ingest", whole / "evidence", "--case", case, "--quiet")
    assert refused.code == EXIT_INTEGRITY
    assert refused.err.count("\n") == 1
    assert "verify recover" in refused.err
    done = verify("recover", "--case", case, "--operator", "elm", "--json")
    assert done.code == 0, done.err
    assert done.json["exhibits"] == PHOTOS
    assert verify("audit", "--case", case, "--quiet").code == 0
    again = verify("ingest", whole / "evidence", "--case", case, "--quiet", "--no-dedup", "--json")
    assert (again.code, again.json["new"], again.json["examined"]) == (0, 0, PHOTOS), again.err
    assert verify("report", "--case", case, "--out", tmp_path / "out", "--format", "json").code == 0
    told = (tmp_path / "out" / "report.json").read_text(encoding="utf-8")
    assert told.count("recovered: original path, time and batch are not known/") >= PHOTOS
    assert ids[0] in told
    nothing = verify("recover", "--case", case)
    assert nothing.code == EXIT_USAGE
