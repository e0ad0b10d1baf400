from __future__ import annotations

import hashlib
import json

import pytest

from tests.metadata.dossiers import case, dossier, said
from tests.metadata.reading import read, values
from tests.metadata.test_archives import JPEG, zipped
from verifier.findings.origin.proofmode import CHECK
from verifier.metadata.sidecars.proofmode import ANALYSER
from verifier.records import Fault, FaultKind, FindingOutcome, Moment, Reading

pysequoia = pytest.importorskip("pysequoia")
DIGEST = hashlib.sha256(JPEG).hexdigest()
ACCOUNT = {
    "File Hash SHA256": DIGEST,
    "Proof Generated": "2023-01-02T06:34:05Z",
    "Location.Time": "1672628650123",
    "Location.Latitude": "35.5",
    "Location.Longitude": "51.25",
    "Manufacturer": "Google",
    "Hardware": "Pixel 6",
    "IPv4": "10.9.8.7",
    "Wifi MAC": "aa:bb:cc:dd:ee:ff",
    "DeviceID": "SECRETDEVICE",
}


@pytest.fixture(scope="module")
def key():
    return pysequoia.Tsk.generate("witness <w@example.org>")


def bundle(key, medium: bytes = JPEG, *, signed: bytes | None = None, with_key: bool = True) -> bytes:
    def sign(content: bytes) -> bytes:
        return bytes(pysequoia.sign(key.signer(), content, mode=pysequoia.SignatureMode.DETACHED))

    proof = json.dumps(ACCOUNT).encode()
    files = {
        "photo.jpg": medium,
        f"{DIGEST}.asc": sign(signed if signed is not None else medium),
        f"{DIGEST}.proof.json": proof,
        f"{DIGEST}.proof.json.asc": sign(proof),
    }
    if with_key:
        files["pubkey.asc"] = bytes(key.extract_certificate())
    return zipped(files)


def test_a_good_bundle(key) -> None:
    records, refusal = read(ANALYSER, bundle(key))
    assert not refusal
    found = values(records)
    assert found["proofmode:signature.medium"] == found["proofmode:signature.proof"] == "good"
    assert found["proofmode:file_hash_agrees"] is True
    assert found["proofmode:signature.medium.key"] == key.extract_certificate().fingerprint
    assert {record.subject for record in records if isinstance(record, Reading)} == {f"sha256:{DIGEST}"}
    generated, located = found["proofmode:Proof Generated"], found["proofmode:Location.Time"]
    assert isinstance(generated, Moment)
    assert isinstance(located, Moment)
    assert generated.iso() == "2023-01-02T06:34:05"  # its Z is not UTC
    assert located.iso() == "2023-01-02T03:04:10.123Z"
    assert found["proofmode:implied_offset_minutes"] == 210


def test_addresses_and_device_numbers_are_not_told(key) -> None:
    told = repr(read(ANALYSER, bundle(key))[0])
    assert not [secret for secret in ("10.9.8.7", "aa:bb", "SECRETDEVICE") if secret in told]


def test_a_signature_over_other_bytes_is_bad(key) -> None:
    assert values(read(ANALYSER, bundle(key, signed=b"other"))[0])["proofmode:signature.medium"] == "bad"


def test_a_bundle_without_its_key(key) -> None:
    assert values(read(ANALYSER, bundle(key, with_key=False))[0])["proofmode:signature.medium"] == "no key"


def test_other_archives_are_not_spoken_of() -> None:
    assert read(ANALYSER, zipped({"a.jpg": JPEG})) == ([], "")


def test_damage_raises_only_what_an_instrument_may(key) -> None:
    content = bundle(key)
    for at in range(0, len(content), 41):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        read(ANALYSER, bytes(broken), media_type="application/zip")
    read(
        ANALYSER,
        zipped({f"{DIGEST}.proof.csv": b"\xff" * 50, f"{DIGEST}.proof.json": b"[" * 100_000, "pubkey.asc": b"x"}),
    )


@pytest.mark.parametrize(
    ("state", "agrees", "code", "outcome"),
    [
        ("good", True, "proofmode.intact", FindingOutcome.SUPPORTS),
        ("bad", True, "proofmode.broken", FindingOutcome.INCONCLUSIVE),
        ("good", False, "proofmode.broken", FindingOutcome.INCONCLUSIVE),
        ("no key", True, None, None),
    ],
)
def test_what_is_found(state: str, agrees: bool, code: str | None, outcome: FindingOutcome | None) -> None:
    one = dossier(said("proofmode:signature.medium", state), said("proofmode:file_hash_agrees", agrees))
    found = [(finding.code, finding.outcome) for finding in CHECK.check(one, case(one))]
    assert found == ([] if code is None else [(code, outcome)])


def test_without_the_library_that_is_said(key, monkeypatch) -> None:
    monkeypatch.setattr("verifier.metadata.sidecars.signatures.available", lambda: False)
    monkeypatch.setattr("verifier.metadata.sidecars.proofmode.available", lambda: False)
    records, _ = read(ANALYSER, bundle(key))
    assert [record.kind for record in records if isinstance(record, Fault)] == [FaultKind.ABSENT]
    assert str(values(records)["proofmode:signature.medium"]).startswith("unchecked")
