"""What docs/custody.md tells a stranger to type works as it stands there."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.store.made import full_case
from verifier.custody import seal
from verifier.store import Store

MANUAL = (Path(__file__).parent.parent / "docs" / "custody.md").read_text(encoding="utf-8")


def block(language: str, word: str) -> str:
    (found,) = [text for text in re.findall(rf"```{language}\n(.*?)```", MANUAL, re.DOTALL) if word in text]
    return str(found)


def test_the_statement_reads_the_database(tmp_path: Path) -> None:
    connection = sqlite3.connect(full_case(tmp_path) / "case.db")
    rows = connection.execute(block("sql", "SELECT")).fetchall()
    connection.close()
    assert len(rows) == 12
    assert {row[3] for row in rows} == {"exif"}


def test_a_checkpoint_is_made_and_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = full_case(tmp_path)
    monkeypatch.chdir(tmp_path)
    key = seal.new_key()
    (tmp_path / "oak.pem").write_bytes(seal.private_pem(key, b"passphrase"))
    exec(compile(block("python", "seal.sign"), "custody.md", "exec"), {})  # noqa: S102 - our own manual
    with Store.open(case, writing=False) as store:
        dossier = store.dossier()
        assert dossier.custody_checkpoint is not None
        stated, signers = seal.verify(dossier.custody_checkpoint, {"oak": key.public_key()})
        assert signers == ("oak",)
        assert stated.size == dossier.custody_size - 1
        origin = seal.origin_of(dossier.id)
        assert list(seal.against_log([("custody/checkpoint", stated)], origin, store.custody())) == []
        assert list(store.audit()) == []


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_an_altered_object_is_named(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"bytes").hexdigest()
    folder = tmp_path / "objects" / "sha256" / digest[:2]
    folder.mkdir(parents=True)
    command = ["bash", "-c", block("sh", "find objects")]
    (folder / digest).write_bytes(b"bytes")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == ""
    (folder / digest).write_bytes(b"other")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == f"objects/sha256/{digest[:2]}/{digest}\n"
