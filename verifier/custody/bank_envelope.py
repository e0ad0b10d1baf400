"""How a bank travels: one file, signed by whoever answers for it, sealed with a passphrase where it leaves the house.

    verify-bank/1                                   the first line; another number is another form, and is refused
    {"signatures":[{"key":…,"signature":…}]}        Ed25519 over the first line and the SHA-256 of what follows
    <content>                                       the bank itself

    verify-bank-sealed/1
    {"kdf":"scrypt", … ,"aead":"chacha20-poly1305"} all of it authenticated with the content
    <the file above, encrypted>

Hashes of pictures can be turned back into recognisable pictures. What is not sealed is to be guarded like the pictures.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PLAIN, SEALED = "verify-bank", "verify-bank-sealed"
FORM = 1
MOST_BYTES = 2 << 30
MOST_HEAD_BYTES = 1 << 16
MOST_SIGNATURES = 16
LEAST_PASSPHRASE = 12  # bytes
_SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}  # 128 MiB, about half a second
_MOST_SCRYPT_BYTES = 1 << 29
_MAGIC = re.compile(rb"(verify-bank(?:-sealed)?)/([0-9]{1,6})\n")


class BadEnvelope(ValueError):
    """A file that is no bank, or not what was signed or sealed; the message is a sentence's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A bank's content, and the fingerprints of the keys whose signatures fit it."""

    content: bytes
    signers: tuple[str, ...]
    was_sealed: bool


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key: what two people compare by voice to know whose signature it is."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def wrap(content: bytes, keys: Collection[Ed25519PrivateKey] = ()) -> bytes:
    """The file of a bank, signed with each of the keys."""
    signed = _signed_words(content)
    signatures = [
        {"key": _text(key.public_key().public_bytes_raw()), "signature": _text(key.sign(signed))} for key in keys
    ]
    return f"{PLAIN}/{FORM}\n".encode() + _head({"signatures": signatures}) + content


def seal(file: bytes, passphrase: bytes) -> bytes:
    """The file encrypted, to leave the house. Raises BadEnvelope where the passphrase is too short to protect it."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BadEnvelope(f"a passphrase of fewer than {LEAST_PASSPHRASE} characters protects nothing")
    salt, nonce = os.urandom(16), os.urandom(12)
    head = {"kdf": "scrypt", **_SCRYPT, "salt": _text(salt), "aead": "chacha20-poly1305", "nonce": _text(nonce)}
    front = f"{SEALED}/{FORM}\n".encode() + _head(head)
    key = Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase)
    return front + ChaCha20Poly1305(key).encrypt(nonce, file, front)


def is_sealed(file: bytes) -> bool:
    """Whether a passphrase is needed."""
    return file.startswith(f"{SEALED}/".encode())


def unwrap(file: bytes, passphrase: bytes | None = None) -> Opened:
    """The content of a bank's file. Raises BadEnvelope: another form, a signature or a passphrase that does not fit."""
    sealed = is_sealed(file)
    if sealed:
        if passphrase is None:
            raise BadEnvelope("it is sealed; give its passphrase with --passphrase-file")
        file = _unsealed(file, passphrase)
    kind, head, content = _parted(file)
    if kind != PLAIN:
        raise BadEnvelope("what was sealed in it is no bank")
    listed = head.get("signatures")
    if not isinstance(listed, list) or len(listed) > MOST_SIGNATURES:
        raise BadEnvelope("its list of signatures is damaged")
    signed = _signed_words(content)
    signers = tuple(_signer(entry, signed) for entry in listed)
    return Opened(content=content, signers=signers, was_sealed=sealed)


def _unsealed(file: bytes, passphrase: bytes) -> bytes:
    _, head, encrypted = _parted(file)
    try:
        n, r, p = (head[name] for name in ("n", "r", "p"))
        salt, nonce = _bytes(head["salt"]), _bytes(head["nonce"])
        known = head["kdf"] == "scrypt" and head["aead"] == "chacha20-poly1305"
    except (KeyError, TypeError, ValueError):
        raise BadEnvelope("its seal is damaged") from None
    numbers = all(type(value) is int and value > 0 for value in (n, r, p))
    if not known or not numbers or len(nonce) != 12 or not 8 <= len(salt) <= 64:
        raise BadEnvelope("its seal is of a form that this version does not know")
    if n < 2 or n & (n - 1) or n > 1 << 24 or r > 64 or p > 16 or 128 * n * r > _MOST_SCRYPT_BYTES:
        raise BadEnvelope("opening its seal would need more memory than is allowed")
    front = file[: len(file) - len(encrypted)]
    key = Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, encrypted, front)
    except InvalidTag:
        raise BadEnvelope("the passphrase does not fit, or the file was changed") from None


def _parted(file: bytes) -> tuple[str, Mapping[str, Any], bytes]:
    """Kind, head and the rest of a file."""
    magic = _MAGIC.match(file[:64])
    if magic is None:
        raise BadEnvelope("it is no bank of verify")
    if int(magic[2]) != FORM:
        raise BadEnvelope(f"it is of form {int(magic[2])}, and this version knows form {FORM}; update verify")
    end = file.find(b"\n", magic.end(), magic.end() + MOST_HEAD_BYTES)
    if end < 0:
        raise BadEnvelope("its second line is missing")
    try:
        head = json.loads(file[magic.end() : end])
    except (ValueError, RecursionError):
        raise BadEnvelope("its second line cannot be read") from None
    if not isinstance(head, dict):
        raise BadEnvelope("its second line cannot be read")
    return magic[1].decode("ascii"), head, file[end + 1 :]


def _signer(entry: object, signed: bytes) -> str:
    if not isinstance(entry, dict):
        raise BadEnvelope("its list of signatures is damaged")
    try:
        raw, signature = _bytes(entry["key"]), _bytes(entry["signature"])
        key = Ed25519PublicKey.from_public_bytes(raw)
    except (KeyError, TypeError, ValueError):
        raise BadEnvelope("its list of signatures is damaged") from None
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        raise BadEnvelope("a signature does not fit: it was changed after it was signed") from None
    return fingerprint(key)


def _signed_words(content: bytes) -> bytes:
    return f"{PLAIN}/{FORM}\n".encode() + hashlib.sha256(content).digest()


def _head(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("not text")
    return base64.b64decode(text, validate=True)
