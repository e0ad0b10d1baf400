"""A checkpoint's signature, checked by OpenSSH."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.commands.inside import inside
from tests.workflow.handing.made import CONTENTS, make
from verifier.custody.seal import private_pem
from verifier.custody.sshsig import allowed_signer, signature

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen here")


def verified(folder: Path, name: str = "checkpoint", who: str = "Ana", space: str = "verify-checkpoint") -> int:
    with (folder / name).open("rb") as text:
        return subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", folder / f"{name}.signers", "-I", who, "-n", space,
             "-s", folder / f"{name}.sig"], stdin=text, capture_output=True, check=False,
        ).returncode  # fmt: skip


def test_openssh_checks_a_seal_and_sees_every_change(tmp_path: Path) -> None:
    case = make(tmp_path / "case", CONTENTS[:2])
    (tmp_path / "key.pem").write_bytes(private_pem(Ed25519PrivateKey.generate(), None))
    out = tmp_path / "given"
    signed = ("--key", tmp_path / "key.pem", "--operator", "Ana", "--case", case)
    assert inside("seal", "--ssh", case / "in", *signed).code == 2
    ran = inside("seal", "--ssh", out / "checkpoint", *signed)
    assert ran.code == 0 and "ssh-keygen -Y verify" in ran.out
    assert (out / "checkpoint").read_text().strip() in ran.out  # the very lines of the signed note
    assert verified(out) == 0
    assert verified(out, who="Ben") != 0 and verified(out, space="file") != 0
    text = (out / "checkpoint").read_bytes()
    for broken in (text + b"\n", text.replace(b"verify", b"verifx"), text[:-1]):
        (out / "checkpoint").write_bytes(broken)
        assert verified(out) != 0


def test_another_key_is_not_taken_for_it(tmp_path: Path) -> None:
    one, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    (tmp_path / "a").write_bytes(b"text")
    (tmp_path / "a.sig").write_text(signature(b"text", one))
    for key, is_right in ((one, True), (other, False)):
        (tmp_path / "a.signers").write_text(allowed_signer("Ana", key.public_key()))
        assert (verified(tmp_path, "a") == 0) is is_right
