"""A reader recomputes from a report alone that an exhibit is in the sealed log: by hashlib, and as its page says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from tests.report.test_documents import schema
from verifier.evidence.vault import Vault
from verifier.store import Store
from verifier.workflow.integrity.audit import audit, record_audit
from verifier.workflow.integrity.seal import make_key, read_key, seal, write_log
from verifier.workflow.progress import silent
from verifier.workflow.report import report


def clock() -> str:
    """A wrong clock, long before anything was taken in: the log's own order counts."""
    return "2026-03-01T10:00:00.000Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of two pictures that was audited, sealed, and then given a third picture; its report and its log."""
    made = tmp_path_factory.mktemp("proved")
    case = made / "case"
    options = ("--case", case, "--operator", "A", "--jobs", 1, "--no-dedup", "--no-check")
    for name, numbers in (("first", (1, 2)), ("later", (3,))):
        (made / name).mkdir()
        for number in numbers:
            picture(made / name / f"{number}.jpg", number)
        taken = verify("ingest", made / name, *options)
        assert taken.code == 0, taken.err
        if name == "first":
            with Store.open(case, writing=True) as store:
                record_audit(store, audit(store, Vault(case), silent), actor="B", clock=clock)
                make_key(made / "key.pem", None)
                seal(store, read_key(made / "key.pem", None), "oak", clock=clock)
    with Store.open(case, writing=True) as store:
        report(store, Vault(case), made / "out", formats=("json", "html"), exhibits=(), lang="en", progress=silent)
        write_log(store, made / "custody.jsonl", actor="A", clock=clock)
    return made


@pytest.fixture(scope="module")
def known(folder: Path) -> Any:
    return json.loads((folder / "out" / "report.json").read_bytes())


def test_every_step_from_the_file_to_the_sealed_root_is_recomputed(folder: Path, known: Any) -> None:
    jsonschema.Draft202012Validator(schema()).validate(known)
    proofs = {proof["event"]: proof for proof in known["proofs"]}
    sealed = []
    for name in ("first/1.jpg", "first/2.jpg", "later/3.jpg"):
        identity = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        (exhibit,) = [one for one in known["exhibits"] if one["id"] == identity]
        (act,) = exhibit["custody"]["taken_in"]
        assert any(f'"exhibit":"{identity}"' in row for row in act["rows"])
        entry = hashlib.sha256("".join(f"{row}\n" for row in act["rows"]).encode()).hexdigest()
        proof = proofs[act["event"]]
        (line,) = [line for line in proof["records"] if json.loads(line)[1] == act["entry"]]
        assert json.loads(line) == ["entry", act["entry"], "taken in", identity, None, len(act["rows"]), entry]
        records = hashlib.sha256("".join(f"{line}\n" for line in proof["records"]).encode()).hexdigest()
        assert json.loads(proof["text"])["records_digest"] == records
        node = hashlib.sha256(b"\0" + proof["text"].encode()).digest()
        for step in proof["path"]:
            beside = bytes.fromhex(step["hash"])
            node = hashlib.sha256(b"\1" + (beside + node if step["side"] == "left" else node + beside)).digest()
        assert node.hex() == proof["root"]
        sealed.append(proof["sealed"])
        checkpoint = known["case"]["custody"]["checkpoint"].split("\n")
        stated = (int(checkpoint[1]), base64.b64decode(checkpoint[2]).hex())
        now = (known["case"]["custody"]["size"], known["case"]["custody"]["root"])
        assert (proof["size"], proof["root"]) == (stated if proof["sealed"] else now)
    assert sealed == [True, True, False]


def test_the_lines_on_the_page_do_what_they_say(folder: Path, known: Any) -> None:
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    (folder / "checkpoint").write_text(known["case"]["custody"]["checkpoint"], encoding="utf-8")
    (folder / "public.pem").write_bytes((folder / "case" / "custody" / "keys" / "oak.pem").read_bytes())
    roots = {proof["event"]: proof["root"] for proof in known["proofs"]}
    for exhibit in known["exhibits"]:
        article = page[page.index(f'id="x{exhibit["id"][:12]}"') :]
        article = article[: article.index("</article>")]
        commands = [unescape(text) for text in re.findall(r"<pre[^>]*>(.*?)</pre>", article, re.DOTALL)]
        root = roots[exhibit["custody"]["taken_in"][0]["event"]]
        assert exhibit["sha512"] in commands[0]
        assert run(commands[1], folder) == root
        if len(commands) > 2:
            said = run(commands[2], folder)
            assert said.startswith(root) and "Signature Verified Successfully" in said
            (folder / "checkpoint").write_text(known["case"]["custody"]["checkpoint"].replace("\n", "0\n", 1), "utf-8")
            assert "Failure" in run(commands[2], folder)
            (folder / "checkpoint").write_text(known["case"]["custody"]["checkpoint"], encoding="utf-8")


def run(commands: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-c", commands], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )  # fmt: skip
    return done.stdout.decode().strip()


def test_the_fixity_history_tells_every_look_and_no_more(folder: Path, known: Any) -> None:
    first = hashlib.sha256((folder / "first" / "1.jpg").read_bytes()).hexdigest()
    later = hashlib.sha256((folder / "later" / "3.jpg").read_bytes()).hexdigest()
    looks = {
        one["id"]: [(look["act"], look["result"], look["by"]) for look in one["custody"]["fixity"]]
        for one in known["exhibits"]
    }
    assert looks[first] == [("taken_in", "kept", "A"), ("audit", "intact", "B"), ("seal", "log_sealed", "oak")]
    assert looks[later] == [("taken_in", "kept", "A")]


def test_a_report_of_one_exhibit_does_not_name_the_others_of_its_event(
    folder: Path, known: Any, tmp_path: Path
) -> None:
    one, other = (hashlib.sha256((folder / "first" / f"{number}.jpg").read_bytes()).hexdigest() for number in (1, 2))
    with Store.open(folder / "case", writing=False) as store:
        report(store, Vault(folder / "case"), tmp_path, formats=("json",), exhibits=(one,), lang="en", progress=silent)
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    (proof,) = json.loads(text)["proofs"]
    assert proof["records"] is None and proof["root"] in {p["root"] for p in known["proofs"]}
    assert one in text and other not in text
