"""A cluster begun and joined by `verify worker`, under TLS with an authority of one's own as docs/team.md says."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.commands.inside import inside
from tests.media.making import still
from tests.servers import changed_environment, free_port
from verifier.errors import EXIT_USAGE, WorkerFailed
from verifier.evidence.vault import Vault
from verifier.executors.bench import Place
from verifier.executors.cluster import ClusterExecutor
from verifier.instruments import Job
from verifier.records import Exhibit, Kind

TLS = "DASK_DISTRIBUTED__COMM__TLS__"


def authority(folder: Path) -> dict[str, str]:
    """A new authority and one certificate of it; what the environment says of them."""
    folder.mkdir()
    now = datetime.datetime.now(datetime.UTC)

    def signed(name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey) -> None:
        made = x509.CertificateBuilder(
            subject_name=x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]),
            issuer_name=x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - datetime.timedelta(days=1),
            not_valid_after=now + datetime.timedelta(days=1),
            extensions=[
                x509.Extension(x509.OID_BASIC_CONSTRAINTS, True, x509.BasicConstraints(name == issuer, None)),
                x509.Extension(
                    x509.OID_SUBJECT_ALTERNATIVE_NAME,
                    False,
                    x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                ),
            ],
        ).sign(by, hashes.SHA256())
        (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))

    master, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    signed("ca", master, "ca", master)
    signed("own", own, "ca", master)
    (folder / "own.key").write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    said = {f"{TLS}CA_FILE": str(folder / "ca.pem"), "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        said |= {f"{TLS}{role}__CERT": str(folder / "own.pem"), f"{TLS}{role}__KEY": str(folder / "own.key")}
    return said


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("tls")
    said = authority(folder / "office")
    address = f"tls://127.0.0.1:{free_port()}"
    verify = [sys.executable, "-m", "verifier", "worker", address]
    started = [
        subprocess.Popen([*verify, *more], env=os.environ | said, stderr=subprocess.DEVNULL, start_new_session=True)
        for more in (["--scheduler"], ["--workers", "1", "--folder", folder / "passing"])
    ]
    yield address, said
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def connected(cluster: str, said: dict[str, str], vault: Vault) -> ClusterExecutor:
    import dask

    try:
        with changed_environment(said):
            dask.config.refresh()
            return ClusterExecutor(cluster, Place(folder=str(vault.root)))
    finally:
        dask.config.refresh()


def test_what_was_begun_and_joined_examines(cluster: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    vault, content = Vault(tmp_path / "case"), still("PNG")
    name = hashlib.sha256(content).hexdigest()
    vault.settle([vault.write(name, content)])
    exhibit = Exhibit(id=name, sha512="0" * 128, size=len(content), kind=Kind.PHOTO, media_type="image/png")
    with connected(*cluster, vault) as executor:
        [answer] = executor.run([Job(exhibit=exhibit, path=vault.path_of(name), instruments=("pdq", "png"))])
    assert [run.result for run in answer.runs] == ["done", "done"] and answer.records["pdq"]


def test_a_stranger_s_certificate_opens_nothing(
    cluster: tuple[str, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.executors.cluster.SECONDS_TO_CONNECT", 5)
    with pytest.raises(WorkerFailed, match="cannot be reached"):
        connected(cluster[0], authority(tmp_path / "stranger"), Vault(tmp_path))


@pytest.mark.parametrize("address", ["office:8786", "http://office:8786", "tcp://office", "tcp://a b:1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert inside("worker", address).code == EXIT_USAGE


def test_a_case_by_reference_is_not_examined_elsewhere(tmp_path: Path) -> None:
    ran = inside("ingest", tmp_path, "--case", tmp_path / "case", "--cluster", "tcp://127.0.0.1:9", "--reference")
    assert ran.code == EXIT_USAGE and not (tmp_path / "case").exists()
