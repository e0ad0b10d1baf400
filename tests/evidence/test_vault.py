"""What is in the vault is whole, read-only and what its name says; what is not is named."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import CaseUnwritable, DiskFull, IntegrityBroken
from verifier.evidence import durable
from verifier.evidence.vault import Pending, Vault
from verifier.records import Derivative, Problem


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def derivative(content: bytes, **fields: object) -> Derivative:
    return Derivative(id=digest(content), recipe="thumbnail/1", media_type="image/png", content=content, **fields)  # type: ignore[arg-type]


def keep(vault: Vault, *contents: bytes) -> list[str]:
    vault.settle([vault.write(digest(content), content) for content in contents])
    return [digest(content) for content in contents]


def problems(vault: Vault, expected: list[str]) -> list[Problem]:
    return [problem for problem in vault.audit(expected) if problem is not None]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "case").mkdir()
    return Vault(tmp_path / "case")


@pytest.mark.parametrize("count", [1, 3, 40])
def test_what_is_settled_is_there_and_tmp_is_empty(vault: Vault, count: int) -> None:
    contents = [b"evidence %d" % number for number in range(count)]
    for name in keep(vault, *contents):
        assert vault.holds(name)
        with vault.open(name) as stream:
            assert digest(stream.read()) == name
        path = Path(vault.path_of(name))
        assert path.relative_to(vault.root).parts == ("objects", "sha256", name[:2], name)
    assert list((vault.root / "tmp").iterdir()) == []
    assert problems(vault, [digest(content) for content in contents]) == []


@pytest.mark.skipif(os.name == "nt", reason="modes of Unix")
def test_objects_are_read_only_and_folders_private(vault: Vault) -> None:
    [name] = keep(vault, b"x")
    path = Path(vault.path_of(name))
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    for folder in path.parents[:3]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_same_bytes_are_kept_once(vault: Vault) -> None:
    keep(vault, b"x", b"x")
    [name] = keep(vault, b"x")
    before = Path(vault.path_of(name)).stat().st_ino
    keep(vault, b"x")
    assert Path(vault.path_of(name)).stat().st_ino == before
    assert list((vault.root / "tmp").iterdir()) == []


def test_an_object_of_another_size_is_replaced_by_the_whole_one(vault: Vault) -> None:
    [name] = keep(vault, b"whole")
    path = Path(vault.path_of(name))
    path.chmod(0o600)
    path.write_bytes(b"who")
    keep(vault, b"whole")
    assert path.read_bytes() == b"whole"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_only_digests_are_names(vault: Vault, name: str) -> None:
    for ask in (vault.path_of, vault.holds, vault.open, vault.derivative_path, vault.read_derivative):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)


def test_a_missing_object(vault: Vault) -> None:
    assert not vault.holds(digest(b"x"))
    with pytest.raises(FileNotFoundError):
        vault.open(digest(b"x"))


def test_derivatives_are_kept_apart_from_evidence(vault: Vault) -> None:
    made = [derivative(b"thumb %d" % number) for number in range(9)]
    vault.keep_derivatives(made)
    vault.keep_derivative(made[0])
    for one in made:
        assert vault.read_derivative(one.id) == one.content
        assert not vault.holds(one.id)
    assert Path(vault.derivative_path(made[0].id)).relative_to(vault.root).parts[0] == "derived"
    assert problems(vault, []) == []


def test_a_derivative_under_a_false_id_is_refused(vault: Vault) -> None:
    false = Derivative(id=digest(b"a"), recipe="r/1", media_type="image/png", content=b"b")
    with pytest.raises(ValueError, match="not the digest"):
        vault.keep_derivative(false)


def test_a_changed_derivative_is_not_handed_out(vault: Vault) -> None:
    one = derivative(b"thumb")
    vault.keep_derivative(one)
    path = Path(vault.derivative_path(one.id))
    path.chmod(0o600)
    path.write_bytes(b"thunb")
    with pytest.raises(IntegrityBroken, match=one.id):
        vault.read_derivative(one.id)
    [problem] = problems(vault, [])
    assert problem.where == f"derivative {one.id[:2]}/{one.id}"


def test_sweep_removes_a_folder_that_a_kill_left(vault: Vault) -> None:
    left = vault.root / "tmp" / "redacting-x"
    left.mkdir(parents=True)
    (left / "page.html").write_bytes(b"half")
    assert vault.sweep() == 1
    assert not left.exists()


def test_sweep_removes_what_a_kill_left(vault: Vault) -> None:
    assert vault.sweep() == 0
    vault.write(digest(b"x"), b"x")
    assert vault.sweep() == 1
    assert list((vault.root / "tmp").iterdir()) == []


# ---------------------------------------------------------------- audit


@settings(max_examples=60, deadline=None)
@given(content=st.binary(min_size=1, max_size=200), position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, position: int, bit: int
) -> None:
    vault = Vault(tmp_path_factory.mktemp("case"))
    [name, other] = keep(vault, content, content + b"!")
    path = Path(vault.path_of(name))
    path.chmod(0o600)
    changed = bytearray(content)
    changed[position % len(content)] ^= 1 << bit
    path.write_bytes(changed)
    [problem] = problems(vault, [name, other])
    assert problem == Problem(
        where=f"object {name}", what=f"changed: its bytes now have the digest {digest(bytes(changed))}"
    )


def test_swapped_missing_foreign_and_linked_objects_are_named(vault: Vault, tmp_path: Path) -> None:
    one, two, three, four = keep(vault, b"1", b"2", b"3", b"4")
    paths = {name: Path(vault.path_of(name)) for name in (one, two, three, four)}
    paths[one].rename(tmp_path / "x")
    paths[two].rename(paths[one])
    (tmp_path / "x").rename(paths[two])
    paths[three].rename(tmp_path / "away")
    paths[four].rename(tmp_path / "four")
    paths[four].symlink_to(tmp_path / "four")
    foreign = vault.root / "objects" / "sha256" / one[:2] / "note.txt"
    foreign.write_bytes(b"?")
    misplaced = vault.root / "objects" / "sha256" / "00" / digest(b"5")
    misplaced.parent.mkdir(exist_ok=True)
    misplaced.write_bytes(b"5")
    found = {problem.where: problem.what for problem in problems(vault, [one, two, three, four])}
    assert found == {
        f"object {one}": f"changed: its bytes now have the digest {two}",
        f"object {two}": f"changed: its bytes now have the digest {one}",
        f"object {three}": "missing",
        f"object {four}": "not a plain file",
        f"object {one[:2]}/note.txt": "foreign: it was not put there by verify",
        f"object 00/{digest(b'5')}": "foreign: it was not put there by verify",
    }


def test_audit_answers_once_for_each_expected_object(vault: Vault) -> None:
    names = keep(vault, b"1", b"2")
    assert list(vault.audit(names)) == [None, None]


def test_an_object_that_no_record_speaks_of_is_harmless(vault: Vault) -> None:
    """A kill between the rename and the record leaves one."""
    keep(vault, b"1")
    assert problems(vault, []) == []


# ---------------------------------------------------------------- when the system refuses


def test_refusals_become_sentences(tmp_path: Path) -> None:
    for number, sentence in (
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, CaseUnwritable),
        (errno.EACCES, CaseUnwritable),
        (errno.EIO, CaseUnwritable),
    ):
        with pytest.raises(sentence, match="What was taken in is safe"), durable.writing(tmp_path):
            raise OSError(number, os.strerror(number))


def test_a_case_whose_folder_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "tmp").write_bytes(b"in the way")
    with pytest.raises(CaseUnwritable):
        Vault(tmp_path).write(digest(b"x"), b"x")


def test_small_batches_and_large_ones_end_alike_without_syncfs(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Linux each file is synced by itself."""
    monkeypatch.setattr(durable, "_syncfs", lambda: None)
    names = keep(vault, *(b"%d" % number for number in range(20)))
    assert problems(vault, names) == []


def test_a_temporary_with_holes_has_its_whole_size(vault: Vault) -> None:
    temporary = vault.begin()
    temporary.skip(5000)
    temporary.write(b"middle")
    temporary.skip(7000)
    temporary.close()
    expected = bytes(5000) + b"middle" + bytes(7000)
    assert Path(temporary.path).read_bytes() == expected
    vault.settle([Pending(temporary=temporary.path, digest=digest(expected), size=len(expected))])
    assert problems(vault, [digest(expected)]) == []
