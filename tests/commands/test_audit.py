"""An audit is an act: it stands in the log where it can, and says so where it cannot."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from verifier.chain import Head, Tree, body, link
from verifier.custody.seal import checkpoint, origin_of
from verifier.errors import UsageError
from verifier.records import CustodyEvent
from verifier.store import Store
from verifier.store.folder import write_head
from verifier.workflow.integrity.held import hold, read_checkpoint, read_root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited")
    (folder / "evidence").mkdir()
    for number in range(2):
        picture(folder / "evidence" / f"{number}.jpg", number)
    ran = verify("ingest", folder / "evidence", "--case", folder / "case", "--operator", "A", "--jobs", 1, "--no-dedup")
    assert ran.code == 0, ran.err
    return folder / "case"


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def log_of(case: Path) -> list[CustodyEvent]:
    with Store.open(case, writing=False) as store:
        return list(store.custody())


def test_an_audit_stands_in_the_log_under_the_name_of_who_made_it(case: Path) -> None:
    before = log_of(case)
    said = verify("audit", "--case", case, "--operator", "oak", "--json").json
    assert said["intact"] and said["recorded"] and said["events"] == len(before)
    (event,) = log_of(case)[len(before) :]
    assert (event.action, event.subject, event.actor) == ("audit", "case", "oak")
    assert event.detail["objects"] == 2 and event.detail["broken"] == 0
    assert verify("audit", "--case", case, "--no-record").err == ""
    assert len(log_of(case)) == len(before) + 1
    assert verify("audit", "--case", case).code == 0  # the event of the audit is whole itself


def test_a_case_that_cannot_be_written_is_audited_all_the_same(case: Path) -> None:
    with Store.open(case, writing=True) as store:
        ran = verify("audit", "--case", case)
        assert ran.code == 0 and "Intact" in ran.out
        assert "does not stand in the log" in ran.err and "Another verify" in ran.err
        assert not [event for event in store.custody() if event.action == "audit"]


def test_a_broken_object_has_an_event_of_its_own(case: Path) -> None:
    victim = next(path for path in sorted((case / "objects").rglob("*")) if path.is_file())
    victim.chmod(0o600)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    assert verify("audit", "--case", case, "--operator", "oak").code == 3
    one, whole = log_of(case)[-2:]
    assert (one.action, one.subject, one.detail["result"]) == ("audit", victim.name, "broken")
    assert whole.subject == "case" and whole.detail["broken"] == 1 and whole.at == one.at


def test_nothing_is_added_to_a_log_whose_records_are_broken(case: Path) -> None:
    size = len(log_of(case))
    with sqlite3.connect(case / "case.db") as database:
        database.execute("UPDATE acquisitions SET operator = 'B'")
    ran = verify("audit", "--case", case)
    assert ran.code == 3 and "NOT intact" in ran.out and "nothing is added" in ran.err
    assert len(log_of(case)) == size


def test_a_redacted_report_that_was_given_out_is_held_against_the_log(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "given"
    assert verify("report", "--redacted", "--case", case, "--out", out, "--format", "json,csv").code == 0
    assert verify("audit", "--case", case, "--redacted", out).code == 0
    (out / "note.txt").write_text("added", encoding="utf-8")
    report = out / "report.json"
    report.write_bytes(report.read_bytes() + b" ")
    ran = verify("audit", "--case", case, "--redacted", out, "--json")
    assert ran.code == 3 and not ran.json["intact"]
    assert {(p["where"], p["what"]) for p in ran.json["problems"]} == {
        ("given/report.json", "it was changed"),
        ("given/note.txt", "it was not given out"),
    }
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "report.json").write_text("{}", encoding="utf-8")
    assert verify("audit", "--case", case, "--redacted", stranger).code == 2
    next((case / "custody" / "redactions").iterdir()).unlink()
    lost = verify("audit", "--case", case)
    assert lost.code == 3 and "ledger" in lost.out


def grown(case: Path) -> tuple[str, int, str]:
    """Root and size of the log, and its checkpoint's text, before it grows by a claim."""
    with Store.open(case, writing=True) as store:
        point = checkpoint(origin_of(str(store.setting("case.id"))), store.custody())
        for number in range(3):
            store.note("export", f"report {number}", {}, actor="A", at="2026-01-02T03:04:05Z")
    return point.root, point.size, point.text()


def test_a_root_that_somebody_kept_is_found_in_the_grown_log(case: Path) -> None:
    root, size, _ = grown(case)
    printed = " ".join(root[at : at + 8].upper() for at in range(0, 64, 8))
    ran = verify("audit", "--case", case, "--root", printed)
    assert ran.code == 0 and f"the first {size} of {size + 3} events" in ran.out, ran.out
    (held,) = verify("audit", "--case", case, "--root", root, "--json").json["held"]
    assert (held["fits"], held["size"], held["problem"]) == (True, size, None)


def test_a_root_that_the_log_never_had_is_one_sentence_and_3(case: Path) -> None:
    root, _, _ = grown(case)
    wrong = root[:-1] + ("0" if root[-1] != "0" else "1")
    events = len(log_of(case))
    ran = verify("audit", "--case", case, "--root", wrong)
    assert ran.code == 3 and ran.out.count("does NOT fit") == 1, ran.out
    assert "NOT intact" not in ran.out and "Intact since" not in ran.out  # nothing that this case itself says is wrong
    assert len(log_of(case)) == events  # and nothing is added to it


@pytest.mark.parametrize("given", ["", "abc", "g" * 64, "0" * 63, "0" * 65, hashlib.sha256().hexdigest()])
def test_what_is_no_root_is_2(given: str) -> None:
    with pytest.raises(UsageError):
        read_root(given)


def test_a_checkpoint_that_somebody_kept(case: Path, tmp_path: Path) -> None:
    _, size, text = grown(case)
    kept = tmp_path / "kept.txt"
    kept.write_text(text, encoding="utf-8")
    ran = verify("audit", "--case", case, "--checkpoint", kept)
    assert ran.code == 0 and f"the first {size} of" in ran.out, ran.out
    origin, count, root = text.splitlines()
    for changed, why in (
        (f"{origin}0\n{count}\n{root}\n", "of another log"),
        (f"{origin}\n{int(count) + 900}\n{root}\n", "cut off"),
        (f"{origin}\n{int(count) - 1}\n{root}\n", "rewritten"),
    ):
        kept.write_text(changed, encoding="utf-8")
        (held,) = hold([read_checkpoint(kept, {})], origin, log_of(case))
        assert not held.fits and why in str(held.problem)
    ran = verify("audit", "--case", case, "--checkpoint", kept)
    assert ran.code == 3 and ran.out.count("does NOT fit") == 1, ran.out
    for unusable in (b"", b"\xff\xfe", text.replace(count, "many").encode(), f"{origin}\n0\n{root}\n".encode()):
        kept.write_bytes(unusable)
        with pytest.raises(UsageError):
            read_checkpoint(kept, {})
    kept.unlink()
    ran = verify("audit", "--case", case, "--checkpoint", kept)
    assert (ran.code, ran.err.count("\n"), ran.out) == (2, 1, ""), ran.err


def test_a_log_rewritten_by_who_knows_the_format_does_not_fit_what_others_kept(case: Path, tmp_path: Path) -> None:
    """The whole case is made anew under its own name: only what lies elsewhere can tell."""
    root, size, text = grown(case)
    (tmp_path / "kept").write_text(text, encoding="utf-8")
    with Store.open(case, writing=False) as store:
        events, previous = [], None
        for event in store.custody():
            fields = {name: getattr(event, name) for name in ("at", "action", "subject", "detail", "records_digest")}
            previous = link(previous, actor="B", **fields)
            events.append(previous)
    with sqlite3.connect(case / "case.db") as database:
        for event in events:
            database.execute(
                "UPDATE custody SET actor = ?, previous = ?, digest = ? WHERE seq = ?",
                (event.actor, event.previous, event.digest, event.seq),
            )
    tree = Tree()
    for event in events:
        tree.append(body(event))
    write_head(case, Head(size=tree.size, digest=events[-1].digest, root=tree.root()))
    (case / "custody" / "latest").unlink(missing_ok=True)
    assert verify("audit", "--case", case, "--no-record").code == 0
    assert verify("audit", "--case", case, "--root", root).code == 3
    ran = verify("audit", "--case", case, "--checkpoint", tmp_path / "kept")
    assert ran.code == 3 and f"up to event {size}" in ran.out


def test_the_audit_says_where_each_key_came_from(case: Path, tmp_path: Path) -> None:
    assert verify("seal", "--key", tmp_path / "k.pem", "--make-key", "--operator", "oak", "--case", case).code == 0
    own = verify("audit", "--case", case)
    assert "custody/keys/oak.pem, from this same folder: it proves nothing against who can write here" in own.out
    held = shutil.copy(case / "custody" / "keys" / "oak.pem", tmp_path / "held.pem")
    note = shutil.copy(case / "custody" / "checkpoint", tmp_path / "note")
    given = verify("audit", "--case", case, "--key", f"oak={held}", "--checkpoint", note)
    assert given.code == 0 and "given with --key" in given.out and "same folder" not in given.out
    assert "signed by oak" in given.out
    (used,) = verify("audit", "--case", case, "--json").json["keys"]
    assert used["name"] == "oak" and used["place"] == "custody/keys/oak.pem" and len(used["fingerprint"]) == 64
    altered = (tmp_path / "note").read_text(encoding="utf-8").replace("— oak ", "— oak AAAA")
    (tmp_path / "note").write_text(altered, encoding="utf-8")
    assert verify("audit", "--case", case, "--checkpoint", tmp_path / "note").code == 3
