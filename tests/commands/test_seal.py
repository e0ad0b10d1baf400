"""Checkpoints: made, kept, and held against a log that was rewritten in silence."""

from __future__ import annotations

import base64
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from verifier.custody.lines import follow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    (folder / "evidence").mkdir()
    picture(folder / "evidence" / "a.jpg", 1)
    ran = verify("ingest", folder / "evidence", "--case", folder / "case", "--operator", "A", "--jobs", 1, "--no-dedup")
    assert ran.code == 0, ran.err
    return folder / "case"


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def test_a_sealed_log_that_was_cut_is_found(case: Path, tmp_path: Path) -> None:
    sealed = verify("seal", "--key", tmp_path / "k.pem", "--make-key", "--operator", "oak", "--case", case)
    assert sealed.code == 0, sealed.err
    assert "— oak " in sealed.out and "no passphrase" in sealed.err
    assert (tmp_path / "k.pem").stat().st_mode & 0o077 == 0
    sound = verify("audit", "--case", case, "--json").json
    assert sound["checkpoints"] == 2, sound  # the newest, and the same among all
    note = case / "custody" / "checkpoint"
    text = note.read_text(encoding="utf-8")
    lines = text.split("\n")
    note.write_text("\n".join([lines[0], str(int(lines[1]) + 1), *lines[2:]]), encoding="utf-8")
    broken = verify("audit", "--case", case)
    assert broken.code == 3 and "custody/checkpoint" in broken.out


def test_a_stranger_s_key_is_asked_for(case: Path, tmp_path: Path) -> None:
    right, wrong = "leaf", "no"
    assert verify("seal", "--key", tmp_path / "k.pem", "--make-key", "--operator", "oak", "--case", case,
                  VERIFY_PASSPHRASE=right).code == 0  # fmt: skip
    refused = verify("seal", "--key", tmp_path / "k.pem", "--operator", "oak", "--case", case, VERIFY_PASSPHRASE=wrong)
    assert refused.code == 2 and refused.err.count("\n") == 1
    public = case / "custody" / "keys" / "oak.pem"
    held = tmp_path / "held.pem"
    shutil.copy(public, held)
    assert verify("audit", "--case", case, "--key", f"oak={held}").code == 0
    assert verify("seal", "--key", tmp_path / "other.pem", "--make-key", "--operator", "elm", "--case", case).code == 0
    assert verify("audit", "--case", case, "--key", f"oak={held}").code == 3  # elm's checkpoint is not oak's


def test_the_log_is_written_out_and_can_be_followed(case: Path, tmp_path: Path) -> None:
    ran = verify("log", "--out", tmp_path / "custody.jsonl", "--operator", "oak", "--case", case)
    assert ran.code == 0, ran.err
    head, problems = follow((tmp_path / "custody.jsonl").read_bytes().splitlines(keepends=True))
    assert head is not None and problems == ()
    connection = sqlite3.connect(case / "case.db")
    assert connection.execute("SELECT action FROM custody ORDER BY seq DESC LIMIT 1").fetchone() == ("export log",)
    connection.close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_time_stamp_is_asked_for_and_carried_in(case: Path, tmp_path: Path) -> None:
    assert verify("anchor", "--make-query", tmp_path / "q.tsq", "--case", case).code == 2  # nothing sealed yet
    assert verify("seal", "--key", tmp_path / "k.pem", "--make-key", "--operator", "oak", "--case", case).code == 0
    assert verify("anchor", "--make-query", tmp_path / "q.tsq", "--case", case).code == 0
    answer = _authority(tmp_path, tmp_path / "q.tsq")
    stray = tmp_path / "stray.tsr"
    stray.write_bytes(answer.read_bytes()[:-40])
    bad = verify("anchor", "--import", stray, "--root", tmp_path / "ca.pem", "--case", case, "--operator", "oak")
    assert bad.code == 2 and bad.err.count("\n") == 1, bad.err
    good = verify("anchor", "--import", answer, "--root", tmp_path / "ca.pem", "--case", case, "--operator", "oak")
    assert good.code == 0 and "existed at" in good.out, good.err
    assert list((case / "custody" / "checkpoints").glob("*.tsr"))
    assert verify("audit", "--case", case).code == 0
    [stamp] = (case / "custody" / "checkpoints").glob("*.tsr")
    [trusted] = (case / "custody" / "authorities").iterdir()
    for path in (stamp, trusted):
        content = path.read_bytes()
        for changed in (None, b"", content[:-1], content + b"\n"):
            path.unlink()
            if changed is not None:
                path.write_bytes(changed)
            broken = verify("audit", "--case", case, "--json")
            assert broken.code == 3 and f"checkpoints/{stamp.name}" in broken.out, (path, broken.out)
            path.unlink(missing_ok=True)
            path.write_bytes(content)
    assert verify("audit", "--case", case).code == 0
    second = _authority(tmp_path, tmp_path / "q.tsq", serial="77")
    carried = verify("anchor", "--import", second, "--root", tmp_path / "ca.pem", "--case", case, "--operator", "oak")
    assert carried.code == 0, carried.err
    stamps = sorted((case / "custody" / "checkpoints").glob("*.tsr"))
    assert len(stamps) == 2 and verify("audit", "--case", case).code == 0
    for path in stamps:  # neither covers up for the other
        content = path.read_bytes()
        path.unlink()
        broken = verify("audit", "--case", case)
        assert broken.code == 3 and "time stamp is missing" in broken.out, path
        path.write_bytes(content)
    packed = verify("export", "--to", tmp_path / "package", "--case", case)
    assert packed.code == 0 and len(list((tmp_path / "package" / "data" / "log" / "stamps").iterdir())) == 4


def test_a_key_of_an_unknown_kind_is_one_sentence(case: Path, tmp_path: Path) -> None:
    """One byte off in the algorithm's number, as a damaged copy or a newer kind of key has it."""
    assert verify("seal", "--key", tmp_path / "k.pem", "--make-key", "--operator", "oak", "--case", case).code == 0
    public = case / "custody" / "keys" / "oak.pem"
    unknown = {}
    for name, path in (("private", tmp_path / "k.pem"), ("public", public)):
        first, body, *last = path.read_text(encoding="ascii").split("\n")
        octets = bytearray(base64.b64decode(body))
        octets[octets.index(bytes((0x2B, 0x65, 0x70))) + 2] = 0x6A
        unknown[name] = tmp_path / f"{name}.pem"
        unknown[name].write_text("\n".join((first, base64.b64encode(octets).decode(), *last)), encoding="ascii")
    for arguments in (
        ("seal", "--key", unknown["private"], "--operator", "oak"),
        ("audit", "--key", f"oak={unknown['public']}"),
    ):
        refused = verify(*arguments, "--case", case)
        assert (refused.code, refused.err.count("\n"), "Traceback" in refused.err) == (2, 1, False), refused.err
    public.unlink()
    shutil.copy(unknown["public"], public)
    broken = verify("audit", "--case", case)
    assert broken.code == 3 and "custody/keys/oak.pem" in broken.out and "Traceback" not in broken.err


def _authority(folder: Path, query: Path, *, serial: str = "01") -> Path:
    """The answer of a time stamp authority of our own, made with OpenSSL."""
    (folder / "tsa.cnf").write_text(
        "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:true\n"
        "[ts]\nbasicConstraints=CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\n"
        "accuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_chain=no\n",
        encoding="utf-8",
    )
    (folder / "serial").write_text(f"{serial}\n", encoding="utf-8")
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=root -config tsa.cnf -extensions ca",
        "req -newkey rsa:2048 -nodes -keyout ts.key -out ts.csr -subj /CN=authority -config tsa.cnf",
        "x509 -req -in ts.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out ts.pem -extfile tsa.cnf -extensions ts",
        f"ts -reply -queryfile {query} -signer ts.pem -inkey ts.key -out answer.tsr -config tsa.cnf",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder / "answer.tsr"
