"""Handing on from the browser: the same functions as the commands, into the folder that the terminal named."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.commands.inside import inside
from tests.desk.running import Client, Opened
from verifier.errors import RedactionLeak


def test_a_preview_writes_nothing_and_tells_the_brief(client: Client, ids: dict[str, str], tmp_path: Path) -> None:
    whole = client.shown(client.post("/hand-on", what="preview"))
    assert whole.status == 200 and 'class="brief"' in whole.text and "Nothing was written" in whole.text
    hidden = client.shown(client.post("/hand-on", what="preview", redacted="1", lang="fa"))
    assert 'class="brief" lang="fa" dir="rtl"' in hidden.text
    brief = hidden.text.partition('class="brief"')[2].partition("</main>")[0]
    assert not any(key[:12] in brief for key in ids.values()) and "clip.mp4" not in brief


def test_reports_and_packages_go_into_the_folder_of_the_terminal(
    case: Path, ids: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with Opened(case, out=out) as opened:
        client = opened.enter()
        done = client.shown(
            client.post("/hand-on", what="report", form_json="1", which="ids", exhibits=ids["a.jpg"][:16])
        )
        assert done.status == 200 and "report.json" in done.text, done.text
        (folder,) = out.glob("report-*")
        told = json.loads((folder / "report.json").read_text("utf-8"))
        assert [one["id"] for one in told["exhibits"]] == [ids["a.jpg"]]


def test_a_leak_is_named_and_nothing_is_written(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaks(scanner: object, files: object) -> None:
        raise RedactionLeak("report.json", "place name")

    monkeypatch.setattr("verifier.workflow.redact.refuse_leaks", leaks)
    monkeypatch.setattr("verifier.workflow.redact.our_words", tuple)  # nothing is searched here
    out = tmp_path / "out"
    out.mkdir()
    with Opened(case, out=out) as opened:
        answer = opened.enter()
        told = answer.shown(answer.post("/hand-on", what="report", form_json="1", redacted="1"))
        assert told.status in (400, 500) and "report.json" in told.text and "place name" in told.text
    assert list(out.iterdir()) == []


def test_while_a_report_is_written_others_are_told_to_wait(
    case: Path, ids: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.desk.case_desk.SECONDS_TO_WAIT_FOR_ANOTHER", 0.1)
    go = threading.Event()

    def writes(*given: object, **named: object) -> None:
        go.wait(60)
        raise RedactionLeak("report.json", "name")

    monkeypatch.setattr("verifier.desk.handing.redacted_report", writes)
    with Opened(case, out=tmp_path) as opened:
        client = opened.enter()
        begun = client.post("/hand-on", what="report", redacted="1")
        while client.post(f"/exhibit/{ids['a.jpg']}/observe", what="text").status == 303:
            pass  # it has not begun to write
        assert client.post(f"/exhibit/{ids['a.jpg']}/observe", what="text").status == 409
        assert "Being written" in client.page(begun.location) and client.get("/exhibits").status == 200
        go.set()
        assert client.shown(begun).status == 500
        assert client.post(f"/exhibit/{ids['a.jpg']}/observe", what="text").status == 303


def test_what_cannot_be_handed_on_is_a_sentence(case: Path, client: Client) -> None:
    assert client.post("/hand-on", what="report").status == 400, "no folder was named"
    assert "verify desk --out" in client.page("/hand-on")
    for fields in ({"what": "x"}, {"what": "preview", "which": "ids"}, {"what": "preview", "which": "0" * 12},
                   {"what": "preview", "redacted": "1", "coordinates": "9"}):  # fmt: skip
        assert client.post("/hand-on", **fields).status == 400, fields
    for folder in (case, case / "tmp", case / "nowhere"):
        ran = inside("desk", "--case", case, "--no-open", "--out", folder)
        assert ran.code == 2, ran.err
