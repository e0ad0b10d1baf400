"""A sealed checkpoint as three files that a stranger checks with `ssh-keygen` alone."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verifier.custody.sshsig import allowed_signer, signature
from verifier.errors import UsageError
from verifier.workflow.integrity.seal import Sealed, keep

SIGNATURE, SIGNERS = ".sig", ".signers"


def write_for_ssh(case: Path, path: Path, sealed: Sealed, name: str, key: Ed25519PrivateKey) -> tuple[Path, ...]:
    """The signed text, its signature beside it, and who may have signed it. Raises UsageError."""
    check_place(case, path)
    text = sealed.note.partition("\n\n")[0].encode() + b"\n"
    files = {
        path: text,
        path.with_name(path.name + SIGNATURE): signature(text, key).encode(),
        path.with_name(path.name + SIGNERS): allowed_signer(name, key.public_key()).encode(),
    }
    for place, content in files.items():
        keep(place, content)
    return tuple(files)


def check_place(case: Path, path: Path) -> None:
    """Raises UsageError where the files cannot go, before anything is signed."""
    if case in path.parents:
        raise UsageError("What is given away does not go into the folder of the case.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file.")
