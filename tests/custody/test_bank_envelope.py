"""A bank's file: signed, sealed, and refused where a single bit is another."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.custody import bank_envelope
from verifier.custody.bank_envelope import BadEnvelope, fingerprint, is_sealed, seal, unwrap, wrap

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
CONTENT = b"what a bank holds\n\x00\xff" * 5
WORDS = b"correct horse battery"


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(wrap(CONTENT, [KEY]), WORDS)


def test_unsigned_content_comes_back_and_nobody_answers_for_it() -> None:
    opened = unwrap(wrap(CONTENT))
    assert (opened.content, opened.signers, opened.was_sealed) == (CONTENT, (), False)


def test_every_signature_that_fits_is_told() -> None:
    opened = unwrap(wrap(CONTENT, [KEY, OTHER]))
    assert opened.signers == (fingerprint(KEY.public_key()), fingerprint(OTHER.public_key()))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_flipped_bit_of_a_signed_file_is_refused_or_is_no_signature_of_that_key(data: st.DataObject) -> None:
    file = bytearray(wrap(CONTENT, [KEY]))
    file[data.draw(st.integers(0, len(file) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        opened = unwrap(bytes(file))
    except BadEnvelope:
        return
    assert opened.signers != (fingerprint(KEY.public_key()),) or opened.content == CONTENT


def test_content_of_another_bank_under_these_signatures_is_refused() -> None:
    file = wrap(CONTENT, [KEY])
    with pytest.raises(BadEnvelope, match="changed after it was signed"):
        unwrap(file[: -len(CONTENT)] + CONTENT[:-1] + b"x")


def test_another_form_is_refused_by_name() -> None:
    with pytest.raises(BadEnvelope, match="form 2, and this version knows form 1"):
        unwrap(wrap(CONTENT).replace(b"verify-bank/1", b"verify-bank/2", 1))


@pytest.mark.parametrize("file", [b"", b"verify-bank/1", b"verify-bank/1\n", b"verify-bank/1\n[]\n", b"\x89PNG",
                                  b'verify-bank/1\n{"signatures":{}}\n', b"verify-bank/1\n" + b"[" * 70_000 + b"\n",
                                  b'verify-bank/1\n{"signatures":[{"key":"!","signature":1}]}\n'])  # fmt: skip
def test_what_is_no_bank_is_refused(file: bytes) -> None:
    with pytest.raises(BadEnvelope):
        unwrap(file)


def test_a_sealed_bank_opens_with_its_passphrase_only(sealed: bytes) -> None:
    assert is_sealed(sealed) and CONTENT not in sealed and fingerprint(KEY.public_key()).encode() not in sealed
    opened = unwrap(sealed, WORDS)
    assert (opened.content, opened.was_sealed) == (CONTENT, True)
    assert opened.signers == (fingerprint(KEY.public_key()),)
    with pytest.raises(BadEnvelope, match="does not fit"):
        unwrap(sealed, WORDS + b"!")
    with pytest.raises(BadEnvelope, match="--passphrase-file"):
        unwrap(sealed)


def test_a_sealed_bank_that_was_changed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(BadEnvelope, match="was changed"):
        unwrap(sealed[:-1] + bytes([sealed[-1] ^ 1]), WORDS)


def test_two_seals_of_one_bank_have_nothing_in_common() -> None:
    heads = [json.loads(seal(wrap(CONTENT), WORDS).split(b"\n")[1]) for _ in range(2)]
    assert heads[0]["salt"] != heads[1]["salt"] and heads[0]["nonce"] != heads[1]["nonce"]


@pytest.mark.parametrize("change", [{"n": 1 << 30}, {"n": 3}, {"r": 1 << 20}, {"n": -2}, {"n": "1"}, {"kdf": "none"},
                                    {"nonce": "AAAA"}, {"salt": 5}])  # fmt: skip
def test_a_seal_that_asks_for_too_much_or_is_unknown_is_refused(sealed: bytes, change: dict[str, object]) -> None:
    magic, head, rest = sealed.split(b"\n", 2)
    with pytest.raises(BadEnvelope, match="seal"):
        unwrap(b"\n".join([magic, json.dumps({**json.loads(head), **change}).encode(), rest]), WORDS)


def test_a_short_passphrase_is_refused() -> None:
    assert bank_envelope.LEAST_PASSPHRASE == 12
    with pytest.raises(BadEnvelope, match="protects nothing"):
        seal(wrap(CONTENT), b"short")
