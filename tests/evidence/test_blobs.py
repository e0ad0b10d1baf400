"""One contract, kept by a folder and by a bucket of a real S3 server; and what a bucket and its cache promise."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verifier.errors import BadSettings, IntegrityBroken, ObjectsLacking, UsageError
from verifier.evidence import bucket as buckets
from verifier.evidence.blobs import name_of
from verifier.evidence.bucket import Bucket
from verifier.evidence.cache import Cache
from verifier.evidence.vault import Vault
from verifier.records import Derivative, Problem
from verifier.storage import Storage, read_storage, write_storage

Damage = Callable[[str, bytes], None]  # what lies under a name of the objects


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(vault: Vault, *contents: bytes) -> list[str]:
    vault.settle([vault.write(digest(content), content) for content in contents])
    return [digest(content) for content in contents]


def problems(vault: Vault, expected: list[str]) -> list[Problem]:
    return [problem for problem in vault.audit(expected) if problem is not None]


def a_vault(root: Path, objects: str | None) -> Vault:
    write_storage(root, Storage(objects=objects))
    return Vault(root)


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Vault, Damage]:
    """An empty vault, and how to write past it."""
    if request.param == "folder":
        vault = a_vault(tmp_path / "case", None)

        def damage(name: str, content: bytes) -> None:
            path = tmp_path / "case" / "objects" / "sha256" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(content)

        return vault, damage
    address = f"{request.getfixturevalue('objects')}/{request.node.name.partition('[')[0]}"
    vault = a_vault(tmp_path / "case", address)

    def put(name: str, content: bytes) -> None:
        import obstore

        obstore.put(Bucket(address).store, f"objects/sha256/{name}", content)

    return vault, put


@pytest.fixture
def in_bucket(objects: str, request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Vault, str]:
    address = f"{objects}/{request.node.name}"
    return a_vault(tmp_path / "case", address), address


# ---------------------------------------------------------------- the contract of both


def test_what_is_kept_is_there_whole(kept: tuple[Vault, Damage]) -> None:
    vault, _ = kept
    contents = [b"evidence %d" % number for number in range(7)]
    names = keep(vault, *contents, contents[0])
    for name, content in zip(names, contents, strict=False):
        assert vault.holds(name)
        with vault.open(name) as stream:
            assert stream.read() == content
        assert Path(vault.at_hand(name)).read_bytes() == content
        vault.let_go(name)
    assert problems(vault, names) == []
    assert list((vault.root / "tmp").iterdir()) == []


def test_what_is_not_there_is_said_to_be_missing(kept: tuple[Vault, Damage]) -> None:
    vault, _ = kept
    absent = digest(b"never kept")
    assert not vault.holds(absent) and not vault.has_derivative(absent)
    for ask in (vault.open, vault.at_hand):
        with pytest.raises(FileNotFoundError):
            ask(absent)
    with pytest.raises(IntegrityBroken):
        vault.read_derivative(absent)
    assert problems(vault, [absent]) == [Problem(where=f"object {absent}", what="missing")]
    with pytest.raises(ValueError, match="not a SHA-256"):
        vault.at_hand("../../etc")


def test_kept_again_nothing_changes_and_what_has_another_size_is_mended(kept: tuple[Vault, Damage]) -> None:
    vault, damage = kept
    [name] = keep(vault, b"evidence")
    assert keep(vault, b"evidence") == [name] and problems(vault, [name]) == []
    damage(name_of(name), b"cut")
    assert [problem.what[:8] for problem in problems(vault, [name])] == ["changed:"]
    keep(vault, b"evidence")
    assert problems(vault, [name]) == []


def test_the_audit_names_what_is_changed_and_what_is_foreign(kept: tuple[Vault, Damage]) -> None:
    vault, damage = kept
    one, two = keep(vault, b"one", b"two")
    damage(name_of(one), b"0ne")
    damage("00/" + two, b"two")
    damage("note.txt", b"by hand")
    found = {problem.where: problem.what for problem in problems(vault, [one, two])}
    assert set(found) == {f"object {one}", f"object 00/{two}", "object note.txt"}
    assert found["object note.txt"].startswith("foreign") and found[f"object 00/{two}"].startswith("foreign")
    assert found[f"object {one}"] == f"changed: its bytes now have the digest {digest(b'0ne')}"


def test_derivatives_are_kept_apart_from_evidence(kept: tuple[Vault, Damage]) -> None:
    vault, _ = kept
    made = [
        Derivative(id=digest(content), recipe="thumbnail/1", media_type="image/png", content=content)
        for content in (b"a", b"b", b"a")
    ]
    vault.keep_derivatives(made)
    vault.keep_derivatives(made)
    assert vault.read_derivative(made[1].id) == b"b" and not vault.holds(made[1].id)
    path = vault.derivative_at_hand(made[0].id)
    assert Path(path).read_bytes() == b"a" and vault.derivatives in Path(path).parents
    vault.let_derivative_go(made[0].id)
    assert list(vault.broken_derivatives([one.id for one in made])) == []


# ---------------------------------------------------------------- a bucket


def test_two_machines_see_the_same_bytes(in_bucket: tuple[Vault, str], tmp_path: Path) -> None:
    vault, address = in_bucket
    [name] = keep(vault, b"taken in here")
    other = a_vault(tmp_path / "elsewhere", address)
    with other.open(name) as stream:
        assert stream.read() == b"taken in here"
    assert keep(other, b"taken in here") == [name] and problems(other, [name]) == []


def test_large_bytes_go_in_parts(in_bucket: tuple[Vault, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, address = in_bucket
    monkeypatch.setattr(buckets, "ONE_REQUEST_BYTES", 1 << 20)
    monkeypatch.setattr(buckets, "PART_BYTES", 5 << 20)
    content = os.urandom((11 << 20) + 7)
    [name] = keep(vault, content)
    with a_vault(tmp_path / "elsewhere", address).open(name) as stream:
        assert digest(stream.read()) == name


def test_a_copy_that_changed_on_this_disk_is_not_sent(in_bucket: tuple[Vault, str]) -> None:
    vault, _ = in_bucket
    pending = vault.write(digest(b"evidence"), b"evidence")
    Path(pending.temporary).chmod(0o600)
    Path(pending.temporary).write_bytes(b"evidenc3")
    with pytest.raises(IntegrityBroken, match="before it was sent"):
        vault.settle([pending])
    assert not vault.holds(pending.digest)


def test_bytes_that_changed_in_the_bucket_are_never_handed_on(in_bucket: tuple[Vault, str], tmp_path: Path) -> None:
    import obstore

    vault, address = in_bucket
    [name] = keep(vault, b"evidence")
    obstore.put(Bucket(address).store, f"objects/sha256/{name_of(name)}", b"evidenc3")
    other = a_vault(tmp_path / "elsewhere", address)
    for ask in (other.at_hand, other.open):
        with pytest.raises(IntegrityBroken, match="not what they were"):
            ask(name)
    assert not Path(other.path_of(name)).exists()
    with vault.open(name) as stream:  # the copy here is what its name says
        assert stream.read() == b"evidence"
    assert len(problems(vault, [name])) == 1  # and the audit reads the bucket all the same


def test_a_server_that_cannot_be_reached_ends_the_command_with_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("obstore")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden-word")
    monkeypatch.setattr(buckets, "RETRIES", 0)
    vault = a_vault(tmp_path / "case", "s3://cases/nowhere")
    with pytest.raises(ObjectsLacking, match=r"s3://cases/nowhere cannot be used") as refused:
        keep(vault, b"evidence")
    assert "hidden-word" not in refused.value.sentence


@pytest.mark.parametrize(
    "address", ["s3:/x", "s3://X/y", "s3://cases/../y", "s3://u:p@cases/y", "http://cases", "s3://"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        Bucket(address)


@pytest.mark.parametrize("text", ["objects = 3", "bucket = 's3://x'", "objects", "\udcff"])
def test_a_storage_file_that_says_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "storage.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadSettings):
        read_storage(tmp_path)


# ---------------------------------------------------------------- the cache


def filled(cache: Cache, *contents: bytes) -> list[str]:
    for content in contents:
        cache.take(digest(content), lambda temporary, content=content: temporary.write(content))  # type: ignore[misc]
    return [digest(content) for content in contents]


def there(cache: Cache, names: list[str]) -> list[bool]:
    return [Path(cache.path_of(name)).exists() for name in names]


def test_the_cache_throws_away_what_was_used_longest_ago_and_never_what_is_in_use(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", tmp_path, most_bytes=25)
    names = filled(cache, *(b"%010d" % number for number in range(4)))
    assert there(cache, names) == [True] * 4  # all in use: the bound is passed
    for name in names[1:]:
        cache.let_go(name)
    for age, name in enumerate(reversed(names)):
        os.utime(cache.path_of(name), (1e9 - age, 1e9 - age))
    names += filled(cache, b"%010d" % 4)
    assert there(cache, names) == [True, False, False, False, True]
    assert oct((tmp_path / "cache").stat().st_mode & 0o777) == oct(0o700)


@pytest.mark.skipif(os.name == "nt", reason="an open file is lock enough there")
def test_another_process_does_not_throw_away_what_is_in_use_here(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", tmp_path)
    [held, free] = filled(cache, b"held", b"free")
    cache.let_go(free)
    program = (
        "import sys; from pathlib import Path; from verifier.evidence.cache import Cache\n"
        "cache = Cache(Path(sys.argv[1]) / 'cache', Path(sys.argv[1]), most_bytes=0)\n"
        "cache._shrink()"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    assert there(cache, [held, free]) == [True, False]


def test_a_copy_that_changed_in_the_cache_is_fetched_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", tmp_path)
    [name] = filled(cache, b"evidence")
    cache.let_go(name)
    path = Path(cache.path_of(name))
    path.chmod(0o600)
    path.write_bytes(b"evidenc3")
    filled(cache, b"evidence")
    assert path.read_bytes() == b"evidence"
