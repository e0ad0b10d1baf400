"""Checkpoints: the form of the C2SP specifications, and what no forger gets past."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.custody.logs import log
from verifier.custody import seal
from verifier.custody.seal import BadSeal, Checkpoint
from verifier.records import Problem

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYS = {"oak": KEY.public_key()}
STATED = seal.checkpoint(seal.origin_of("c0ffee"), log(5))
NOTE = seal.sign(STATED, "oak", KEY)


def test_the_form_is_that_of_the_specification() -> None:
    """c2sp.org/tlog-checkpoint and c2sp.org/signed-note."""
    origin, size, root, blank, signature, end = NOTE.split("\n")
    assert (origin, size, blank, end) == ("verify/case/c0ffee", "5", "", "")
    assert base64.b64decode(root).hex() == STATED.root
    dash, name, encoded = signature.split(" ")
    assert (dash, name, len(base64.b64decode(encoded))) == ("—", "oak", 4 + 64)


def test_a_published_note_is_verified() -> None:
    """The example of Go's golang.org/x/mod/sumdb/note, whose form this is."""
    vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    name, _, encoded = vkey.split("+")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
    assert seal.verifier_key(name, public) == vkey
    with pytest.raises(BadSeal, match="not a checkpoint"):  # the signature fits; the text is no checkpoint
        seal.verify(note, {name: public})
    with pytest.raises(BadSeal, match="does not fit"):
        seal.verify(note.replace("think", "thank"), {name: public})


def test_what_was_signed_is_verified() -> None:
    assert seal.verify(NOTE, KEYS) == (STATED, ("oak",))


def test_two_people_sign_one_checkpoint() -> None:
    both = seal.cosign(NOTE, "elm", OTHER)
    keys = {**KEYS, "elm": OTHER.public_key()}
    assert seal.verify(both, keys) == (STATED, ("oak", "elm"))
    assert seal.verify(both, KEYS) == (STATED, ("oak",))
    with pytest.raises(BadSeal, match="elm does not fit"):
        seal.verify(both[:-10] + "AAAAAAAA=\n", keys)


def test_another_persons_key_under_the_same_name_is_not_known() -> None:
    with pytest.raises(BadSeal, match="none of the known keys"):
        seal.verify(seal.sign(STATED, "oak", OTHER), KEYS)
    with pytest.raises(BadSeal, match="none of the known keys"):
        seal.verify(NOTE, {})


@given(st.data())
def test_any_flipped_bit_of_a_note_is_refused(data: st.DataObject) -> None:
    content = bytearray(NOTE.encode())
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadSeal):
        seal.verify(content.decode("utf-8", "replace"), KEYS)


@given(
    st.one_of(
        st.text(st.characters()),
        st.text().map(lambda text: f"{text}\n\n— oak {text}\n"),
        st.text().map(lambda t: t + NOTE),
    )
)
def test_what_is_no_note_is_refused(text: str) -> None:
    if text == NOTE:
        return
    with pytest.raises(BadSeal):
        seal.verify(text, KEYS)


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadSeal):
        seal.verify("x" * (1 << 17) + NOTE, KEYS)
    signature = seal.cosign(NOTE, "elm", OTHER).removeprefix(NOTE)
    assert seal.verify(NOTE + signature * 99, KEYS)
    with pytest.raises(BadSeal):
        seal.verify(NOTE + signature * 100, KEYS)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "x" * 201])
def test_a_name_that_would_break_the_form_is_refused(name: str) -> None:
    with pytest.raises(BadSeal):
        seal.sign(STATED, name, KEY)


def test_a_log_of_two_lines_in_its_name_is_refused() -> None:
    with pytest.raises(BadSeal):
        seal.sign(Checkpoint(origin="a\n9", size=1, root="00" * 32), "oak", KEY)


# ---------------------------------------------------------------- against the log


def test_a_log_that_only_grew_fits_its_checkpoints() -> None:
    events = log(9)
    stated = [("here", seal.checkpoint("o", events[:size])) for size in (1, 5, 5, 9)]
    assert list(seal.against_log(stated, "o", events)) == []


def test_a_log_that_was_rewritten_cut_or_exchanged_does_not() -> None:
    stated = [("here", seal.checkpoint("o", log(5)))]
    assert list(seal.against_log(stated, "o", log(9, actor="Elm"))) == [
        Problem(where="here", what="the log up to event 5 is not the one that was sealed")
    ]
    assert list(seal.against_log(stated, "o", log(3))) == [
        Problem(where="here", what="5 events were sealed, but the log has 3")
    ]
    assert [problem.where for problem in seal.against_log(stated, "another", log(5))] == ["here"]


# ---------------------------------------------------------------- keys


def test_keys_are_kept_as_pem_under_a_passphrase() -> None:
    closed = seal.private_pem(KEY, "گذرواژه".encode())
    assert b"ENCRYPTED" in closed
    assert seal.read_private(closed, "گذرواژه".encode()).private_bytes_raw() == bytes(range(32))
    for wrong in (b"wrong", None, b""):
        with pytest.raises(BadSeal):
            seal.read_private(closed, wrong)
    assert seal.read_private(seal.private_pem(KEY, None), None).private_bytes_raw() == bytes(range(32))
    assert seal.read_public(seal.public_pem(KEY.public_key())) == KEY.public_key()


def test_other_keys_are_refused() -> None:
    other = X25519PrivateKey.generate()
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for read in (lambda: seal.read_private(pem, None), lambda: seal.read_public(public)):
        with pytest.raises(BadSeal, match="not an Ed25519"):
            read()
    with pytest.raises(BadSeal):
        seal.read_public(b"nothing")


def test_new_keys_differ() -> None:
    assert seal.new_key().private_bytes_raw() != seal.new_key().private_bytes_raw()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_seal_is_verified_with_openssl_alone(tmp_path: Path) -> None:
    """The very commands of docs/custody.md."""
    (tmp_path / "checkpoint").write_text(NOTE, encoding="utf-8")
    (tmp_path / "public.pem").write_bytes(seal.public_pem(KEY.public_key()))
    script = [
        "sed '/^$/,$d' checkpoint > text",
        "sed '1,/^$/d' checkpoint | head -n 1 | cut -d' ' -f3 | base64 -d | tail -c 64 > signature",
        "openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in text -sigfile signature",
    ]
    manual = (Path(__file__).parent.parent.parent / "docs" / "custody.md").read_text()
    assert all(line in manual for line in script)
    run = ["bash", "-ec", "\n".join(script)]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in done.stdout, done.stderr
    (tmp_path / "checkpoint").write_text(NOTE.replace("\n5\n", "\n6\n"), encoding="utf-8")
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, check=False).returncode != 0
