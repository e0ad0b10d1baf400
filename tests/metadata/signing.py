"""Small pictures with a real C2PA manifest, signed with a certificate made for the test."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"


def signed(jpeg: bytes, *assertions: dict[str, Any]) -> bytes:
    """The JPEG with a manifest that holds these assertions."""
    from c2pa import Builder, C2paSigningAlg, Signer

    chain, key = _chain()

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    created = {"actions": [{"action": "c2pa.created", "digitalSourceType": SOURCE_TYPE}]}
    manifest = {
        "claim_generator_info": [{"name": "a test", "version": "1"}],
        "assertions": [{"label": "c2pa.actions", "data": created}, *assertions],
    }
    written = io.BytesIO()
    with Signer.from_callback(sign, C2paSigningAlg.ES256, chain, None) as signer:
        Builder(manifest).sign(signer, "image/jpeg", io.BytesIO(jpeg), written)
    return written.getvalue()


def _chain() -> tuple[str, ec.EllipticCurvePrivateKey]:
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    above = _certificate("A root", "A root", root.public_key(), authority=True, above=root)
    own = _certificate("A newsroom", "A root", key.public_key(), authority=False, above=root)
    return (own + above).decode(), key


def _certificate(
    name: str, issuer: str, key: ec.EllipticCurvePublicKey, *, authority: bool, above: ec.EllipticCurvePrivateKey
) -> bytes:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not authority, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
        .add_extension(usage, critical=True)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(above, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, text), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    )
