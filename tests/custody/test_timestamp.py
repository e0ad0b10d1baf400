"""Queries and answers of a real authority: OpenSSL's, made for the test."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from verifier.custody.timestamp import BadTimestamp, check_answer, make_query

CONTENT = b"verify/case/c0ffee\n5\nroot\n\n\xe2\x80\x94 oak signature\n"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

CONFIGURATION = """
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = {name}
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[ signer ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa ]
default_tsa = tsa_config
[ tsa_config ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def authority(folder: Path) -> Path:
    """A root, and a certificate for time stamps under it."""
    folder.mkdir()
    (folder / "root.cnf").write_text(CONFIGURATION.format(name="Root of the test", folder=folder))
    (folder / "signer.cnf").write_text(CONFIGURATION.format(name="Clock of the test", folder=folder))
    (folder / "serial").write_text("41\n")
    root = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-config", "root.cnf", "-extensions", "root"]
    openssl(folder, "req", *root, "-keyout", "root.key", "-out", "root.pem")
    request = ["-new", "-newkey", "rsa:2048", "-nodes", "-config", "signer.cnf", "-keyout", "signer.key"]
    openssl(folder, "req", *request, "-out", "signer.csr")
    issue = ["-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "7", "-days", "30"]
    openssl(folder, "x509", *issue, "-extfile", "signer.cnf", "-extensions", "signer", "-out", "signer.pem")
    return folder


def answer(folder: Path, query: bytes) -> bytes:
    (folder / "checkpoint.tsq").write_bytes(query)
    reply = ["-reply", "-config", "signer.cnf", "-section", "tsa_config", "-queryfile", "checkpoint.tsq"]
    openssl(folder, "ts", *reply, "-out", "checkpoint.tsr")
    return (folder / "checkpoint.tsr").read_bytes()


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def answered(clock: Path) -> bytes:
    return answer(clock, make_query(CONTENT))


def roots(folder: Path) -> list[bytes]:
    return [(folder / "root.pem").read_bytes()]


def test_an_authoritys_answer_proves_a_time(clock: Path, answered: bytes) -> None:
    stamp = check_answer(answered, CONTENT, roots(clock))
    assert (stamp.authority, stamp.policy, stamp.serial) == ("CN=Clock of the test", "1.2.3.4.1", str(0x42))
    assert abs(datetime.fromisoformat(stamp.at) - datetime.now(UTC)) < timedelta(minutes=10)


def test_openssl_agrees(clock: Path, answered: bytes) -> None:
    """The very command of docs/custody.md."""
    (clock / "checkpoint").write_bytes(CONTENT)
    (clock / "checkpoint.tsr").write_bytes(answered)
    (clock / "authority.pem").write_bytes((clock / "root.pem").read_bytes())
    command = "openssl ts -verify -data checkpoint -in checkpoint.tsr -CAfile authority.pem"
    assert command in (Path(__file__).parent.parent.parent / "docs" / "custody.md").read_text()
    done = subprocess.run(command.split(), cwd=clock, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr


def test_a_query_says_nothing_but_a_digest_and_differs_each_time() -> None:
    first, second = make_query(CONTENT), make_query(CONTENT)
    assert first != second
    assert len(first) < 120
    assert CONTENT not in first


def test_another_content_another_authority_and_no_authority_prove_nothing(
    clock: Path, answered: bytes, tmp_path: Path
) -> None:
    other = authority(tmp_path / "other")
    for content, trusted in ((CONTENT + b" ", roots(clock)), (CONTENT, roots(other)), (CONTENT, []), (CONTENT, [b"x"])):
        with pytest.raises(BadTimestamp):
            check_answer(answered, content, trusted)


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text", "long"])
def test_a_damaged_answer_proves_nothing(clock: Path, answered: bytes, damage: str) -> None:
    for at in range(60, len(answered), 97):
        content = bytearray(answered)
        content[at] ^= 0x10
        bad = {
            "cut": answered[:at],
            "flip": bytes(content),
            "empty": b"",
            "text": b"hello",
            "long": answered + b"\0" * (1 << 21),
        }[damage]
        try:
            stamp = check_answer(bad, CONTENT, roots(clock))
        except BadTimestamp:
            continue
        # a bit of what is not signed (another certificate that was sent along, an encoding's variant)
        assert damage == "flip"
        assert stamp.authority == "CN=Clock of the test"
