"""A package that only a key's owner opens, and that is nowhere plain."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pyrage
import pytest

from tests.commands.inside import inside
from tests.workflow.handing.made import CONTENTS, IDS, at, make
from verifier.custody.age import encrypt, recipients_of
from verifier.custody.verify_package import Package
from verifier.errors import DiskFull, UsageError
from verifier.evidence.vault import Vault
from verifier.store import Store
from verifier.workflow.handing import encrypted
from verifier.workflow.handing.encrypted import export_encrypted
from verifier.workflow.progress import silent

OWNER, OTHER = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
GIVEN: dict[str, Any] = {"exhibits": (), "lang": "en", "actor": "Ana", "clock": lambda: at(40), "progress": silent}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("encrypted") / "case", CONTENTS[:2])


def opened(path: Path, key: pyrage.x25519.Identity, out: Path) -> Path:
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(path.read_bytes(), [key]))) as archive:
        archive.extractall(out, filter="data")
    return out / encrypted.ROOT


def test_the_owner_opens_a_whole_package_and_nobody_else(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.age"
    keys = ("--encrypt", str(OWNER.to_public()))
    ran = inside("export", "--to", path, *keys, "--json", "--operator", "Ana", "--case", case)
    assert ran.code == 0, ran.err
    package = Package(str(opened(path, OWNER, tmp_path / "opened")))
    assert package.check() == [] and package.roots[-1] == ran.json["root"]
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(path.read_bytes(), [OTHER])
    assert [one.name for one in path.parent.iterdir()] == ["a.age"]  # nothing plain beside it
    assert list((case / "tmp").iterdir()) == []
    assert IDS[0].encode() not in path.read_bytes()
    with Store.open(case, writing=False) as store:
        event = store.last_event(encrypted.ACTION, encrypted.SUBJECT)
        assert event is not None and event.detail["sha256"] == ran.json["sha256"] and event.detail["recipients"] == 1
    assert inside("export", "--to", path, *keys, "--case", case).code == 2  # there is something


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen here")
def test_a_key_of_ssh_opens_it_too(tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    written: list[bytes] = []
    encrypt([b"one", b"", b"two" * 50_000], written.append, recipients_of([(tmp_path / "key.pub").read_text()]))
    identity = pyrage.ssh.Identity.from_buffer((tmp_path / "key").read_bytes())
    assert pyrage.decrypt(b"".join(written), [identity]) == b"one" + b"two" * 50_000


@pytest.mark.parametrize("key", ["age1xyz", "", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1AAAA"])
def test_what_is_no_public_key_is_refused_before_anything_is_written(case: Path, tmp_path: Path, key: str) -> None:
    with Store.open(case, writing=True) as store, pytest.raises(UsageError):
        export_encrypted(store, Vault(case), tmp_path / "a.age", recipients=[key], **GIVEN)
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_it_is_written_leaves_nothing(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(encrypted.Temporary):
        def write(self, content: memoryview | bytes) -> None:
            raise DiskFull("it is full")

    monkeypatch.setattr(encrypted, "Temporary", Full)
    with Store.open(case, writing=True) as store, pytest.raises(DiskFull):
        export_encrypted(store, Vault(case), tmp_path / "a.age", recipients=[str(OWNER.to_public())], **GIVEN)
    assert list(tmp_path.iterdir()) == [] and list((case / "tmp").iterdir()) == []
    with pytest.raises(DiskFull):
        encrypt(iter(_breaking()), lambda content: None, recipients_of([str(OWNER.to_public())]))


def _breaking() -> Any:
    yield b"a"
    raise DiskFull("it is full")
