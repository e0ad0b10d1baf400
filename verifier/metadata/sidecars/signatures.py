"""Detached OpenPGP signatures, checked with pysequoia where it is installed; else said to be unchecked."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from verifier.metadata.moments import from_unix
from verifier.records import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """`state`: good | bad | no key | unreadable | unchecked (no library)."""

    state: str
    fingerprint: str | None = None
    made_at: Moment | None = None


def available() -> bool:
    """Whether signatures can be checked at all."""
    return importlib.util.find_spec("pysequoia") is not None


def verify(content: bytes, signature: bytes, key: bytes | None) -> Signature:
    """Whether `signature` over `content` was made with `key`. Never raises on hostile bytes."""
    if not available():
        return Signature(state="unchecked: pysequoia is not installed")
    import pysequoia

    try:
        made = pysequoia.Sig.from_bytes(signature)
        created = made.created
    except (RuntimeError, ValueError):
        return Signature(state="unreadable")
    when = from_unix(created.timestamp(), created.isoformat()) if created is not None else None
    if not key:
        return Signature(state="no key", made_at=when)
    try:
        certificate = pysequoia.Cert.from_bytes(key)
        fingerprint = str(certificate.fingerprint)
    except (RuntimeError, ValueError):
        return Signature(state="no key", made_at=when)
    try:
        pysequoia.verify(bytes=content, store=lambda _: [certificate], signature=made)
    except (RuntimeError, ValueError):
        return Signature(state="bad", fingerprint=fingerprint, made_at=when)
    return Signature(state="good", fingerprint=fingerprint, made_at=when)
