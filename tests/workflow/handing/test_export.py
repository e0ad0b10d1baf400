"""A package is what a stranger can check; what is left out of it leaves nothing but its digest."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.packages import is_named, rebag, run
from tests.workflow.handing.made import CONTENTS, IDS, WORDS_OF_OTHERS, make, package
from verifier.custody.verify_package import Package
from verifier.errors import IntegrityBroken, UsageError
from verifier.store import Store
from verifier.workflow.handing import export as exporting
from verifier.workflow.handing.bag import MARK

MUTATIONS = 220


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("handed") / "case")


@pytest.fixture(scope="module")
def whole(case: Path) -> Path:
    return package(case, case.parent / "out").folder


def copied(source: Path, folder: Path) -> Path:
    return Path(shutil.copytree(source, folder / "copy", symlinks=True))


def problems_of(folder: Path) -> list[tuple[str, str]]:
    return Package(str(folder)).check()


def its_own_check(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    script = str(folder / "verify_package.py")
    return subprocess.run(
        [sys.executable, "-I", script, str(folder), *more], capture_output=True, text=True, check=False
    )


def test_its_own_check_finds_a_package_whole_and_a_changed_one_not(whole: Path, tmp_path: Path) -> None:
    done = its_own_check(whole)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout.startswith("Whole.")
    changed = copied(whole, tmp_path)
    path = changed / "data" / "objects" / IDS[1]
    path.write_bytes(path.read_bytes() + b"\0")
    done = its_own_check(changed)
    assert done.returncode == 1 and f"data/objects/{IDS[1]}: changed" in done.stdout and "NOT whole" in done.stdout
    script = whole / "verify_package.py"
    for given in ([str(tmp_path / "nothing")], [], [str(whole), "--what"], [str(whole), "--root"]):
        done = subprocess.run([sys.executable, "-I", script, *given], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (1, ""), given
    assert not list(whole.rglob("__pycache__"))


def test_the_check_is_short_and_needs_nothing_but_the_standard_library(whole: Path) -> None:
    text = (whole / "verify_package.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    names = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert names <= {"__future__", *sys.stdlib_module_names}


def test_a_root_that_somebody_else_kept_is_asked_for(case: Path, whole: Path, tmp_path: Path) -> None:
    roots = Package(str(whole))
    assert roots.check() == []
    for root in (roots.roots[0], roots.roots[2].upper(), roots.roots[-1]):
        assert its_own_check(whole, "--root", root).returncode == 0
    sealed = (case / "custody" / "checkpoint").read_text(encoding="utf-8").splitlines()[2]
    assert its_own_check(whole, "--root", sealed).returncode == 0  # base64, as a checkpoint has it
    done = its_own_check(whole, "--root", "0" * 64)
    assert done.returncode == 1 and "--root" in done.stdout


def test_other_bag_tools_find_it_valid(whole: Path, tmp_path: Path) -> None:
    bagit = pytest.importorskip("bagit")
    assert bagit.Bag(str(whole)).validate()
    changed = copied(whole, tmp_path)
    (changed / "data" / "report.json").write_bytes(b"{}")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(changed)).validate()


def test_no_name_of_a_file_is_a_name_in_the_bag(whole: Path) -> None:
    for path in whole.rglob("*"):
        assert "SECRET" not in path.as_posix()
        if path.is_file() and path.suffix not in (".json", ".jsonl"):
            assert b"SECRET" not in path.read_bytes(), path
    index = json.loads((whole / "data" / "package.json").read_bytes())
    assert {name for one in index["exhibits"] for name in one["names"]} == {f"IMG_SECRET_{n}.jpg" for n in range(6)}


def test_random_mutations_are_all_found_and_their_place_named(whole: Path, tmp_path: Path) -> None:
    tried = 0
    for mutation, problems in run(whole, MUTATIONS, 7, tmp_path):
        tried += 1
        assert problems, mutation
        assert is_named(mutation, problems), (mutation, problems)
    assert tried == MUTATIONS
    assert problems_of(whole) == []


def whose_line_changes(folder: Path, name: str, old: bytes, new: bytes) -> list[tuple[str, str]]:
    """The problems after a change of one file whose manifests were all made anew."""
    path = folder / name
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    rebag(folder)
    return problems_of(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("data/log/events.jsonl", b'"actor":"Oak"', b'"actor":"Elm"', "data/log/events.jsonl, event 3"),
        ("data/log/entries.jsonl", b'"taken in"', b'"put there"', "data/log/entries.jsonl, event 2"),
        ("data/log/head.json", b'"origin":"verify/case/', b'"origin":"verify/case/0', "data/log/head.json"),
        ("data/records.jsonl", b"neighbour", b"stranger!", "data/records.jsonl, entry"),
        ("data/report.json", b"picture", b"painter", "data/report.json"),
        ("data/package.json", b'"scope":"whole"', b'"scope":"parts"', "data/package.json"),
        ("data/log/checkpoints/17", b"\xe2\x80\x94 oak ", b"\xe2\x80\x94 elm ", "data/log/checkpoints/17"),
        ("verify_package.py", b"return 1 if", b"return 0 if", "verify_package.py"),
        ("VERIFY.txt", b"ROOT", b"ROAD", "VERIFY.txt"),
    ],
)
def test_what_is_changed_with_new_manifests_is_named(
    whole: Path, tmp_path: Path, name: str, old: bytes, new: bytes, place: str
) -> None:
    if "checkpoints" in name:
        name = place = next(p.relative_to(whole).as_posix() for p in whole.glob("data/log/checkpoints/*"))
    if name == "data/report.json":
        old, new = b'"schema"', b'"scheme"'
    problems = whose_line_changes(copied(whole, tmp_path), name, old, new)
    assert any(where.startswith(place) for where, _ in problems), problems


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[" * 200_000, b'{"a":1e999}', b"null\n", b"[1,2]\n", b'["a",["x",0,{}]]\n', b"9" * 5000, b"{}\n"],
    ids=range(9),
)
@pytest.mark.parametrize("name", ["events.jsonl", "entries.jsonl", "head.json", "../package.json", "../records.jsonl"])
def test_hostile_content_is_a_problem_and_never_a_traceback(
    whole: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    changed = copied(whole, tmp_path)
    (changed / "data" / "log" / name).write_bytes(content)
    rebag(changed)
    assert problems_of(changed)


@pytest.mark.parametrize("name", ["bagit.txt", "manifest-sha256.txt", "data/log/head.json", "data/log/events.jsonl"])
def test_a_pipe_in_place_of_a_file_is_named_and_not_waited_for(whole: Path, tmp_path: Path, name: str) -> None:
    changed = copied(whole, tmp_path)
    (changed / name).unlink()
    os.mkfifo(changed / name)
    assert name in {where for where, _ in problems_of(changed)}


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def test_a_chosen_exhibit_goes_without_a_word_on_the_others(case: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(case, tmp_path / "case"))
    done = package(copy, tmp_path / "out", exhibits=(IDS[0],))
    assert (done.exhibits, done.left_out, done.objects) == (1, 5, 1)
    assert problems_of(done.folder) == []
    index = json.loads((done.folder / "data" / "package.json").read_bytes())
    assert index["left_out"] == sorted(set(IDS) - {IDS[0]}) and index["scope"] == "chosen"
    assert index["records_withheld"] > 0
    assert [path.name for path in (done.folder / "data" / "objects").iterdir()] == [IDS[0]]
    for name, content in everything(done.folder):
        for number in range(1, 6):
            assert f"IMG_SECRET_{number}".encode() not in content, name
            assert f"the neighbour's words of {number}".encode() not in content, name
        assert b"IMG_SECRET_pipe" not in content, name
        assert not any(part.encode() in content for part in WORDS_OF_OTHERS)
    assert any(b"the neighbour's words of 0" in content for _, content in everything(done.folder))
    digests = {one for one in IDS[1:] if any(one.encode() in content for _, content in everything(done.folder))}
    assert digests == set(IDS[1:])


def test_nothing_of_what_stays_with_the_case_is_in_it(case: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(case, tmp_path / "case"))
    kept = copy / "custody" / "redactions"
    kept.mkdir()
    (kept / "stray.json").write_bytes(b'{"salt":"who is who"}')
    (copy / "verify.toml").write_text('operator = "real name"\n', encoding="utf-8")
    (copy / "defects").mkdir()
    (copy / "defects" / "1.json").write_bytes(b"a defect of ours")
    out = package(copy, tmp_path / "out").folder
    for name, content in everything(out):
        for never in (b"who is who", b"real name", b"a defect of ours", os.fsencode(copy)):
            assert never not in content, name


def test_the_export_stands_in_the_log_and_the_package_ends_with_it(case: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(case, tmp_path / "case"))
    done = package(copy, tmp_path / "out")
    with Store.open(copy, writing=False) as store:
        last = list(store.custody())[-1]
        assert (last.action, last.subject, last.actor) == ("export", "package", "Ana")
        assert last.detail["exhibits"] == 6 and (last.seq, last.digest) == (done.head.size, done.head.digest)
        assert list(store.audit()) == []
    line = (done.folder / "data" / "log" / "events.jsonl").read_bytes().splitlines()[-1]
    assert json.loads(line)["detail"] == dict(last.detail)
    again = package(copy, tmp_path / "again")
    assert problems_of(again.folder) == [] and again.head.size == done.head.size + 1


def test_an_object_that_is_not_what_was_taken_in_is_not_handed_over(case: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(case, tmp_path / "case"))
    with Store.open(copy, writing=False) as store:
        size = store.custody_size()
    victim = next(path for path in (copy / "objects").rglob(IDS[2]))
    for spoil in (lambda: victim.write_bytes(CONTENTS[2][::-1]), victim.unlink):
        victim.chmod(0o600)
        spoil()
        with pytest.raises(IntegrityBroken):
            package(copy, tmp_path / "out")
        assert not (tmp_path / "out").exists() and not list(tmp_path.glob(".out*"))
    with Store.open(copy, writing=False) as store:
        assert store.custody_size() == size


def test_nothing_is_written_over_or_into_the_case(case: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "there").write_bytes(b"x")
    (tmp_path / ".new.exporting").mkdir()
    (tmp_path / ".new.exporting" / "somebody's").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for out in (tmp_path / "full", tmp_path / "new", tmp_path / "link", case / "out", case):
        with pytest.raises(UsageError):
            package(case, out)
    assert (tmp_path / ".new.exporting" / "somebody's").exists() and not (tmp_path / "elsewhere").exists()


def test_one_that_was_interrupted_is_begun_again(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Path(shutil.copytree(case, tmp_path / "case"))
    real = exporting._log
    left = tmp_path / ".out.exporting"

    def cut(*given: object) -> None:
        shutil.copytree(left, tmp_path / "kept")  # what a kill at this moment leaves behind
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "_log", cut)
    with pytest.raises(KeyboardInterrupt):
        package(copy, tmp_path / "out")
    assert not left.exists() and not (tmp_path / "out").exists()
    (tmp_path / "kept").rename(left)
    assert (left / MARK).exists()
    monkeypatch.setattr(exporting, "_log", real)
    done = package(copy, tmp_path / "out")
    assert problems_of(done.folder) == [] and not left.exists()


def test_it_is_closed_to_other_users(whole: Path) -> None:
    for path in [whole, *whole.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_descriptions_for_archives_name_every_exhibit_and_event(whole: Path) -> None:
    premis = ElementTree.parse(whole / "data" / "premis.xml").getroot()  # noqa: S314 - our own
    space = {"p": "http://www.loc.gov/premis/v3"}
    kinds = [child.tag.rpartition("}")[2] for child in premis]
    assert kinds == sorted(kinds, key=["object", "event", "agent"].index)  # the order of its schema
    digests = [node.text for node in premis.iterfind(".//p:messageDigest", space)]
    assert sorted(one for one in digests if one and len(one) == 64) == sorted(IDS)
    events = (whole / "data" / "log" / "events.jsonl").read_bytes().count(b"\n")
    assert kinds.count("event") == events - 1  # all but that of the export, which came after
    linked = {node.text for node in premis.iterfind(".//p:linkingObjectIdentifierValue", space)}
    assert set(IDS) <= linked
    crate = json.loads((whole / "data" / "ro-crate-metadata.json").read_bytes())
    by_id = {node["@id"]: node for node in crate["@graph"]}
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {"datePublished", "name", "description", "license"} <= by_id["./"].keys()
    parts = {part["@id"] for part in by_id["./"]["hasPart"]}
    assert parts == set(by_id) - {"./", "ro-crate-metadata.json", "#licence"}
    assert all((whole / "data" / part).is_file() for part in parts)
    for exhibit in IDS:
        assert by_id[f"objects/{exhibit}"]["sha256"] == exhibit


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_what_verify_txt_says_of_seals_is_so(whole: Path, tmp_path: Path) -> None:
    note = next(whole.glob("data/log/checkpoints/*"))
    key = next(whole.glob("data/log/keys/*.pem"))
    recipe = [line.strip() for line in (whole / "VERIFY.txt").read_text(encoding="utf-8").splitlines()]
    commands = [line for line in recipe if line.startswith(("sed ", "openssl pkeyutl"))]
    assert len(commands) == 3
    script = "\n".join(commands).replace("data/log/checkpoints/N", str(note)).replace("KEY.pem", str(key))
    done = subprocess.run(["bash", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Verified" in done.stdout, done
