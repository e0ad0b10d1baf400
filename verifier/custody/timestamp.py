"""Time stamps of an authority on a checkpoint (RFC 3161), without a network.

A query is made here, carried to a computer that is online and answered by an authority; the answer is checked here
against the root certificates that the analyst names. What is stamped is the signed checkpoint, so only its digest ever
leaves: never an exhibit's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

MOST_BYTES = 1 << 20
_DIGESTS = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}


class BadTimestamp(ValueError):
    """An answer that does not prove a time for these bytes; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What an authority's answer proves: these bytes existed at that time, says whoever the certificate names."""

    at: str  # RFC 3339 UTC, the authority's clock
    authority: str  # the subject of the signing certificate, RFC 4514
    serial: str
    policy: str


def make_query(content: bytes) -> bytes:
    """A query (DER) for a time stamp on the SHA-256 of `content`, with a random nonce, asking for the certificates."""
    return TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()


def check_answer(answer: bytes, content: bytes, roots: Sequence[bytes]) -> Stamp:
    """The stamp on `content`, if the answer (DER) is one and leads to one of `roots` (PEM). Raises `BadTimestamp`.

    Certificates must have been valid at the stamped time, not now: a stamp outlives its authority.
    """
    if len(answer) > MOST_BYTES:
        raise BadTimestamp("the answer is too long for a time stamp")
    try:
        certificates = [item for pem in roots for item in x509.load_pem_x509_certificates(pem)]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadTimestamp(f"a root certificate cannot be read: {error}") from error
    if not certificates:
        raise BadTimestamp("no root certificate was named to check the answer against")
    try:
        response = decode_timestamp_response(answer)
        VerifierBuilder(roots=certificates).build().verify_message(response, content)
        return _stamp(response)
    except (ValueError, VerificationError, UnsupportedAlgorithm) as error:
        raise BadTimestamp(f"the answer proves no time for this checkpoint: {error}") from error


def read_answer(answer: bytes, content: bytes) -> Stamp:
    """What the answer (DER) says of `content`, whoever signed it: no root is asked. Raises `BadTimestamp`."""
    try:
        response = decode_timestamp_response(answer[: MOST_BYTES + 1])
        imprint = response.tst_info.message_imprint
        digest = _DIGESTS.get(imprint.hash_algorithm.dotted_string)
        if digest is None or hashlib.new(digest, content).digest() != imprint.message:
            raise BadTimestamp("the answer is a time stamp on other bytes than this checkpoint's")
        return _stamp(response)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise error if isinstance(error, BadTimestamp) else BadTimestamp(f"it is no time stamp: {error}") from error


def _stamp(response: TimeStampResponse) -> Stamp:
    told = response.tst_info
    return Stamp(
        at=told.gen_time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        authority=_signer(response),
        serial=str(told.serial_number),
        policy=told.policy.dotted_string,
    )


def _signer(response: TimeStampResponse) -> str:
    """Whose certificate signed the answer; the verification above has bound it to the signature."""
    (signer,) = response.signed_data.signer_infos
    for encoded in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(encoded)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return certificate.subject.rfc4514_string()
    raise BadTimestamp("the answer does not hold the certificate that signed it")
