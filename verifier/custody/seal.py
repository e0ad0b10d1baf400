"""Signed checkpoints of the custody log: what makes it impossible to rewrite it in silence.

A checkpoint says "the log of this case had so many events and this root". It is text in the C2SP *tlog-checkpoint*
form, signed as a C2SP *signed note* with Ed25519, which `openssl pkeyutl` verifies as well (docs/custody.md). Several
people may sign one checkpoint. What is sealed can be changed only by who holds every key, and not at all once somebody
else has a copy of the checkpoint.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from verifier.chain import Tree, body
from verifier.records import CustodyEvent, Problem

MOST_BYTES = 1 << 16
MOST_SIGNATURES = 100
_DASH = "\u2014 "  # a signature line begins with an em dash and a space
_ED25519 = b"\x01"  # the signature type of the signed-note specification
_NAME = re.compile(r"[^\s+]{1,200}")


class BadSeal(ValueError):
    """A checkpoint that is none, or that the key did not sign; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log: `origin` names it (`verify/case/<id>`), `root` is hexadecimal."""

    origin: str
    size: int
    root: str

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(bytes.fromhex(self.root)).decode('ascii')}\n"


def origin_of(case_id: str) -> str:
    """The name of a case's log in its checkpoints; says nothing of what the case is about."""
    return f"verify/case/{case_id}"


def checkpoint(origin: str, events: Iterable[CustodyEvent]) -> Checkpoint:
    """The checkpoint of a log as it is now."""
    tree = Tree()
    for event in events:
        tree.append(body(event))
    return Checkpoint(origin=origin, size=tree.size, root=tree.root())


# ---------------------------------------------------------------- keys


def new_key() -> Ed25519PrivateKey:
    """A fresh key from the operating system's randomness."""
    return Ed25519PrivateKey.generate()


def private_pem(key: Ed25519PrivateKey, passphrase: bytes | None) -> bytes:
    """The key as PKCS #8 PEM, encrypted if there is a passphrase; OpenSSL reads it."""
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as PEM; OpenSSL reads it."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_private(pem: bytes, passphrase: bytes | None) -> Ed25519PrivateKey:
    """The key of a PEM file. Raises `BadSeal` for another kind of key or a wrong passphrase."""
    try:
        key = load_pem_private_key(pem, passphrase or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadSeal(f"the key cannot be opened: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadSeal("the key is not an Ed25519 key")
    return key


def read_public(pem: bytes) -> Ed25519PublicKey:
    """The public key of a PEM file. Raises `BadSeal` for another kind of key."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadSeal(f"the public key cannot be read: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadSeal("the public key is not an Ed25519 key")
    return key


def verifier_key(name: str, key: Ed25519PublicKey) -> str:
    """The key as one line for other tools of the signed-note family: `name+id+base64`."""
    return f"{_checked(name)}+{_key_id(name, key).hex()}+{base64.b64encode(_ED25519 + key.public_bytes_raw()).decode()}"


# ---------------------------------------------------------------- signing and verifying


def sign(stated: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note. `name` says whose key it is: a pseudonym without spaces or `+`."""
    if not stated.origin or "\n" in stated.origin:
        raise BadSeal("the name of a log is one line")
    return stated.text() + "\n" + _signature_line(stated.text(), name, key)


def cosign(note: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note with one more signature: a second person's, over the same words."""
    text, _ = _parted(note)
    return note + _signature_line(text, name, key)


def verify(note: str, keys: Mapping[str, Ed25519PublicKey]) -> tuple[Checkpoint, tuple[str, ...]]:
    """What the note states, and which of `keys` (by name) signed it. Raises `BadSeal`.

    A signature by a known key that does not fit condemns the note; signatures by unknown keys say nothing. No known
    signature at all is a bad seal too.
    """
    text, signatures = _parted(note)
    signers = []
    for name, signature in signatures:
        key = keys.get(name)
        if key is None or signature[:4] != _key_id(name, key):
            continue
        try:
            key.verify(signature[4:], text.encode())
        except InvalidSignature as error:
            raise BadSeal(f"the signature of {name} does not fit the checkpoint") from error
        signers.append(name)
    if not signers:
        raise BadSeal("none of the known keys signed the checkpoint")
    return read_text(text), tuple(dict.fromkeys(signers))


def read_text(text: str) -> Checkpoint:
    """The checkpoint of its signed text. Further lines are allowed by the form and not looked at. Raises `BadSeal`."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise BadSeal("this is not a checkpoint")
    root = _from_base64(lines[2], "the root of the checkpoint")
    if len(root) != hashlib.sha256().digest_size:
        raise BadSeal("the root of the checkpoint is not a SHA-256")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root.hex())


def against_log(
    stated: Iterable[tuple[str, Checkpoint]], origin: str, events: Iterable[CustodyEvent]
) -> Iterator[Problem]:
    """Checkpoints (each with the place where it was kept) held against the log: rewritten, cut, of another case."""
    wanted: dict[int, list[tuple[str, Checkpoint]]] = {}
    for place, point in stated:
        if point.origin != origin:
            yield Problem(where=place, what=f"it is a checkpoint of another log ({point.origin})")
            continue
        wanted.setdefault(point.size, []).append((place, point))
    tree = Tree()
    for event in events:
        tree.append(body(event))
        for place, point in wanted.pop(tree.size, []):
            if tree.root() != point.root:
                yield Problem(where=place, what=f"the log up to event {tree.size} is not the one that was sealed")
    for size, points in sorted(wanted.items()):
        for place, _ in points:
            yield Problem(where=place, what=f"{size} events were sealed, but the log has {tree.size}")


def _parted(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text with its last newline, and every signature (name, key id and signature bytes)."""
    if len(note) > MOST_BYTES:
        raise BadSeal("this is too long for a checkpoint")
    if any("\ud800" <= character <= "\udfff" for character in note):
        raise BadSeal("this is not text")
    text, blank, rest = note.rpartition("\n\n")
    lines = rest.split("\n")
    if not blank or lines.pop() != "" or not 0 < len(lines) <= MOST_SIGNATURES:
        raise BadSeal("this is not a signed checkpoint")
    signatures = []
    for line in lines:
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise BadSeal("a line below the checkpoint is not a signature")
        signatures.append((_checked(name), _from_base64(encoded, "a signature")))
    return text + "\n", signatures


def _from_base64(encoded: str, what: str) -> bytes:
    """Strictly: one text for one value, so that a note cannot be varied without notice."""
    try:
        value = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise BadSeal(f"{what} is not base64") from error
    if base64.b64encode(value).decode("ascii") != encoded:
        raise BadSeal(f"{what} is not in the one form of base64")
    return value


def _signature_line(text: str, name: str, key: Ed25519PrivateKey) -> str:
    signature = _key_id(_checked(name), key.public_key()) + key.sign(text.encode())
    return f"{_DASH}{name} {base64.b64encode(signature).decode('ascii')}\n"


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadSeal("the name of a key has no space and no '+'")
    return name
