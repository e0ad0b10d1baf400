"""Banks from the command line: made from a case, exchanged sealed, asked at the door."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from skimage import data

from tests.commands.running import verify
from verifier.custody.bank_envelope import fingerprint
from verifier.custody.seal import private_pem, public_pem

KEY = Ed25519PrivateKey.generate()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an earlier case's bank, signed, and the keys."""
    folder = tmp_path_factory.mktemp("banks")
    (folder / "evidence").mkdir()
    Image.fromarray(data.astronaut()).save(folder / "evidence" / "one.jpg", quality=92)
    Image.fromarray(data.chelsea()).save(folder / "evidence" / "cat.jpg", quality=90)
    ran = verify("ingest", folder / "evidence", "--case", folder / "oldcase", "--operator", "A", "--jobs", 1, "-q")
    assert ran.code == 0, ran.err
    (folder / "key.pem").write_bytes(private_pem(KEY, None))
    (folder / "public.pem").write_bytes(public_pem(KEY.public_key()))
    (folder / "words").write_bytes(b"correct horse battery\n")
    made = verify("bank", "create", folder / "y2019", "--from", folder / "oldcase", "--dated-by", "2019-11-20",
                  "--key", folder / "key.pem")  # fmt: skip
    assert made.code == 0, made.err
    assert "2 items, covering 2019-11-20 to 2019-11-20" in made.out and "guard it" in made.err
    return folder


def test_old_footage_is_met_at_the_door_and_contradicts_a_later_claim(old: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    again = (old / "evidence" / "cat.jpg").read_bytes()
    (tmp_path / "new" / "sent.jpg").write_bytes(again)
    small = Image.fromarray(data.astronaut()).resize((300, 300)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    small.save(tmp_path / "new" / "mirrored.jpg", quality=60)
    Image.fromarray(data.coffee()).save(tmp_path / "new" / "coffee.jpg")
    (tmp_path / "note.toml").write_text('claimed_time = "2026-01-08"\n')
    ran = verify("ingest", tmp_path / "new", "--case", tmp_path / "case", "--operator", "A", "--jobs", 1, "-q",
                 "--batch", tmp_path / "note.toml", "--against", old / "y2019.bank")  # fmt: skip
    assert ran.code == 0, ran.err
    reported = verify("report", "--case", tmp_path / "case", "--format", "json", "--out", tmp_path / "out")
    assert reported.code == 0, reported.err
    text = (tmp_path / "out" / "report.json").read_text(encoding="utf-8")
    exhibits = {exhibit["names"][0]: exhibit for exhibit in json.loads(text)["exhibits"]}
    said = {name: {f["code"]: f for f in exhibit["findings"]} for name, exhibit in exhibits.items()}
    assert "byte for byte" in said["sent.jpg"]["bank.match"]["statement"]
    assert said["sent.jpg"]["time.copy_existed_before_claim"]["outcome"] == "contradicts"
    assert "mirrored" in said["mirrored.jpg"]["bank.match"]["statement"]
    assert "time.copy_existed_before_claim" not in said["mirrored.jpg"]
    assert said["mirrored.jpg"]["time.said_before_claim"]["outcome"] == "notes"
    assert "No match in 2 items of bank y2019 revision 1" in said["coffee.jpg"]["bank.no_match"]["statement"]
    assert verify("audit", "--case", tmp_path / "case").code == 0
    listed = verify("bank", "export", old / "y2019", "--form", "plain", "--out", tmp_path / "list.txt")
    assert listed.code == 0, listed.err
    hashes = (tmp_path / "list.txt").read_text().split()
    assert len(hashes) == 2 and not any(one in text for one in hashes)  # no hash stands in a report


def test_a_case_names_its_banks_and_asks_them_once(old: Path, tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    ran = verify("ingest", old / "evidence" / "cat.jpg", "--case", tmp_path / "case", "--operator", "A", "--jobs", 1)
    assert ran.code == 0, ran.err
    (tmp_path / "case" / "verify.toml").write_text(f'banks = ["{(old / "y2019.bank").as_posix()}"]\n')
    first = verify("dedup", "--case", tmp_path / "case", "--operator", "A")
    assert first.code == 0, first.err
    events = verify("audit", "--no-record", "--case", tmp_path / "case", "--json").json["events"]
    verify("dedup", "--case", tmp_path / "case", "--operator", "A")
    assert (
        verify("audit", "--no-record", "--case", tmp_path / "case", "--json").json["events"] <= events + 1
    )  # the judgement, at most
    shown = verify("show", hashlib.sha256((old / "evidence" / "cat.jpg").read_bytes()).hexdigest()[:12], "--case",
                   tmp_path / "case", "--all")  # fmt: skip
    assert "dated on or before 2019-11-20" in " ".join(shown.out.split())


def test_a_file_is_matched_with_a_bank(old: Path, tmp_path: Path) -> None:
    Image.fromarray(data.chelsea()).rotate(90, expand=True).save(tmp_path / "turned.jpg", quality=70)
    (tmp_path / "one").mkdir()
    Image.fromarray(data.coffee()).save(tmp_path / "one" / "coffee.jpg")
    verify("ingest", tmp_path / "one", "--case", tmp_path / "case", "--operator", "A", "--jobs", 1, "-q")
    ran = verify("match", tmp_path / "turned.jpg", "--case", tmp_path / "case", "--against", old / "y2019", "--json")
    assert ran.code == 0, ran.err
    (answer,) = ran.json["banks"]
    (hit,) = answer["hits"]
    assert hit["relation"] == "same-picture" and hit["latest"] == "2019-11-20"
    assert ran.json["matches"] == [] and "2 items of bank y2019" in ran.json["scope"]


def test_a_sealed_bank_travels_and_tells_who_signed_it(old: Path, tmp_path: Path) -> None:
    out = tmp_path / "gift.bank"
    ran = verify("bank", "export", old / "y2019", "--out", out, "--passphrase-file", old / "words")
    assert ran.code == 0 and "sealed" in ran.out, ran.err
    refused = verify("bank", "list", out)
    assert refused.code == 2 and "--passphrase-file" in refused.err
    listed = verify("bank", "list", out, "--passphrase-file", old / "words", "--trust", old / "public.pem", "--json")
    (bank,) = listed.json
    assert bank["signers"] == [fingerprint(KEY.public_key())] and bank["signature"].startswith("signed by a key you tr")
    assert (bank["items"], bank["from"], bank["to"], bank["sealed"]) == (2, "2019-11-20", "2019-11-20", True)
    (tmp_path / "other.bank").write_bytes((old / "y2019.bank").read_bytes()[:-1] + b"x")
    broken = verify("bank", "list", tmp_path / "other.bank")
    assert broken.code == 2 and "changed after it was signed" in broken.err


def test_lists_of_others_are_imported_and_a_lost_signature_is_said(old: Path, tmp_path: Path) -> None:
    bank = tmp_path / "partners.bank"
    bank.write_bytes((old / "y2019.bank").read_bytes())
    (tmp_path / "list.json").write_text(json.dumps([{"pdq_hash": "a7" * 32, "date": "2021-02-03"}]))
    ran = verify("bank", "import", bank, tmp_path / "list.json")
    assert ran.code == 0 and "3 items, covering 2019-11-20 to 2021-02-03; not signed" in ran.out, ran.err
    assert "Sign it anew" in ran.err
    assert "Nothing new" in verify("bank", "import", bank, tmp_path / "list.json").out
    again = verify("bank", "create", bank)
    assert again.code == 2 and "verify bank add" in again.err
