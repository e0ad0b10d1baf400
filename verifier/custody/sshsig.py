"""The signature of a checkpoint in OpenSSH's own form (SSHSIG), which `ssh-keygen -Y verify` checks on any computer."""

from __future__ import annotations

import base64
import hashlib
import struct
import textwrap

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAMESPACE = "verify-checkpoint"  # so that the signature can stand for nothing else
_MAGIC, _VERSION = b"SSHSIG", struct.pack(">I", 1)
_KIND, _HASH = b"ssh-ed25519", b"sha512"
_LINE = 70


def signature(text: bytes, key: Ed25519PrivateKey) -> str:
    """The armoured signature of a text."""
    name, nothing = NAMESPACE.encode(), b""
    signed = key.sign(_MAGIC + _strings(name, nothing, _HASH, hashlib.sha512(text).digest()))
    public = _strings(_KIND, key.public_key().public_bytes_raw())
    blob = _MAGIC + _VERSION + _strings(public, name, nothing, _HASH, _strings(_KIND, signed))
    lines = textwrap.wrap(base64.b64encode(blob).decode("ascii"), _LINE)
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def allowed_signer(name: str, key: Ed25519PublicKey) -> str:
    """The line of an `allowed_signers` file that lets this key sign checkpoints, and nothing else."""
    public = base64.b64encode(_strings(_KIND, key.public_bytes_raw())).decode("ascii")
    return f'{name} namespaces="{NAMESPACE}" {_KIND.decode()} {public}\n'


def _strings(*values: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(value)) + value for value in values)
