"""What is filed in the browser is what the commands file: one event each, nothing lost, conflicts told."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.desk.conftest import AT, HOSTILE
from tests.desk.running import Client, Opened
from verifier.records import Relation, Tier, Verdict
from verifier.store import Store


def verdicts(case: Path) -> list[Verdict]:
    with Store.open(case, writing=False) as store:
        return list(store.dossier().verdicts)


def actions(case: Path) -> list[tuple[str, str]]:
    with Store.open(case, writing=False) as store:
        return [(event.action, event.actor) for event in store.custody()]


def pair_of(ids: dict[str, str], one: str, other: str) -> str:
    return f"/pair/{'/'.join(sorted((ids[one], ids[other])))}"


@pytest.mark.parametrize("decision", ["same", "different", "unsure"])
def test_a_verdict_is_filed_and_leads_on(case: Path, client: Client, ids: dict[str, str], decision: str) -> None:
    client.laid()
    here = pair_of(ids, "a.jpg", "b.jpg")
    answer = client.post(f"{here}/verdict", decision=decision, note="سایهٔ دیوار", seen="0")
    assert answer.status == 303 and answer.location == pair_of(ids, "a.jpg", "c.jpg"), "the next one that waits"
    (known,) = verdicts(case)
    assert (known.decision, known.note, known.by) == (decision, "سایهٔ دیوار", "Ana")
    assert f"{known.left}/{known.right}" in here
    assert actions(case)[-1] == ("verdict", "Ana")
    assert "Kept:" in client.page(answer.location)
    assert "Kept:" not in client.page(answer.location), "told once"
    assert verify("audit", "--case", case, "--quiet").code == 0


def test_a_whole_list_is_worked_through(case: Path, client: Client, ids: dict[str, str]) -> None:
    client.laid()
    here, seen = client.get("/next").location, []
    for number in range(3):
        seen.append(here)
        here = client.post(f"{here}/verdict", decision="same", note=str(number), seen="0").location
    assert len(set(seen)) == 3 and here == seen[-1], "after the last one it stays there"
    assert [one.note for one in verdicts(case)] == ["0", "1", "2"]
    assert "Pairs that wait: 0" in client.page(here)


def test_a_verdict_holds_for_the_recordings_of_both(case: Path, ids: dict[str, str]) -> None:
    """A copy of either waits no more once its recording was decided of, before any new comparison."""
    with Store.open(case, writing=True) as store:
        matches = list(store.dossier().matches)
        one, other = sorted((ids["b.jpg"], ids["c.jpg"]))
        more = replace(matches[0], left=one, right=other, tier=Tier.REVIEW, score=0.95)
        store.compared([*matches, more], (), actor="Ben", at=AT, detail={})
    with Opened(case) as opened:
        client = opened.enter()
        client.laid()
        here = client.get("/next").location
        assert here == pair_of(ids, "b.jpg", "c.jpg")
        here = client.post(f"{here}/verdict", decision="same", seen="0").location
        assert here == pair_of(ids, "a.jpg", "b.jpg")
        here = client.post(f"{here}/verdict", decision="different", seen="0").location
        assert here == pair_of(ids, "b.jpg", HOSTILE[0]), "a and c are decided of: c and b are one recording now"
        assert "Pairs that wait: 1" in client.page(here)
    told = verify("status", "--case", case, "--json").json
    assert len(told["links_waiting"]) == 1


def test_a_verdict_is_filed_of_copies_only_where_that_is_said(case: Path, ids: dict[str, str]) -> None:
    """b.jpg is a copy of c.jpg: a.jpg is linked to both, and one pair stands for the other."""
    with Store.open(case, writing=True) as store:
        matches = list(store.dossier().matches)
        one, other = sorted((ids["b.jpg"], ids["c.jpg"]))
        copy = replace(
            matches[0], left=one, right=other, relation=Relation.SAME_PICTURE, tier=Tier.CERTAIN, score=1.0
        )  # fmt: skip
        store.compared([*matches, copy], (), actor="Ben", at=AT, detail={})
    with Opened(case) as opened:
        client = opened.enter()
        client.laid()
        here, beside = pair_of(ids, "a.jpg", "b.jpg"), pair_of(ids, "a.jpg", "c.jpg")
        text = client.page(here)
        assert 'name="copies"' in text and beside in text
        client.post(f"{here}/verdict", decision="different", seen="0")
        assert len(verdicts(case)) == 1, "not unless it is asked for"
        client.post(f"{here}/verdict", decision="same", seen="1", copies="1", note="one wall")
        assert [(one.decision, one.note) for one in verdicts(case)[1:]] == [("same", "one wall")] * 2
        assert {f"/pair/{one.left}/{one.right}" for one in verdicts(case)} == {here, beside}


def test_what_is_no_verdict_files_nothing(case: Path, client: Client, ids: dict[str, str]) -> None:
    before = len(actions(case))
    for path, decision in (
        (pair_of(ids, "a.jpg", "b.jpg"), "sam"),
        (pair_of(ids, "a.jpg", "b.jpg"), ""),
        (f"/pair/{ids['a.jpg']}/{ids['a.jpg']}", "same"),
        (f"/pair/{ids['a.jpg']}/{'0' * 64}", "same"),
    ):
        answer = client.post(f"{path}/verdict", decision=decision, seen="0")
        assert answer.status in (400, 404) and "That was not done" in answer.text
    assert len(actions(case)) == before


def test_undoing_is_a_new_verdict(case: Path, client: Client, ids: dict[str, str]) -> None:
    here = pair_of(ids, "a.jpg", "b.jpg")
    client.post(f"{here}/verdict", decision="different", seen="0")
    client.post(f"{here}/verdict", decision="same", seen="1")
    assert client.post(f"{here}/undo").status == 303
    assert [one.decision for one in verdicts(case)] == ["different", "same", "different"]
    client.post("/settings", actor="Cem", back="/")
    refused = client.post(f"{here}/undo")
    assert refused.status == 400 and "not yours" in refused.text
    client.post("/settings", actor="Ana", back="/")
    other = pair_of(ids, "a.jpg", "c.jpg")
    client.post(f"{other}/verdict", decision="same", seen="0")
    client.post(f"{other}/undo")
    assert [one.decision for one in verdicts(case)][-2:] == ["same", "unsure"]


def test_a_key_pressed_twice_files_once(case: Path, client: Client, ids: dict[str, str]) -> None:
    here = pair_of(ids, "a.jpg", "b.jpg")
    for _ in range(3):
        assert client.post(f"{here}/verdict", decision="same", seen="0").status == 303
    assert len(verdicts(case)) == 1


def test_who_filed_meanwhile_is_told_and_both_are_kept(case: Path, client: Client, ids: dict[str, str]) -> None:
    here = pair_of(ids, "a.jpg", "b.jpg")
    assert 'name="seen" value="0"' in client.page(here)
    ran = verify("verdict", ids["a.jpg"], ids["b.jpg"], "different", "--operator", "Ben", "--case", case)
    assert ran.code == 0
    answer = client.post(f"{here}/verdict", decision="same", seen="0")
    assert answer.location == here, "not on to the next one: there is something to read"
    text = client.page(here)
    assert "Ben" in text and "decided of this pair" in text and 'name="seen" value="2"' in text
    assert [(one.by, one.decision) for one in verdicts(case)] == [("Ben", "different"), ("Ana", "same")]


def test_two_desks_and_a_terminal_lose_nothing(case: Path, ids: dict[str, str]) -> None:
    pairs = [pair_of(ids, "a.jpg", "b.jpg"), pair_of(ids, "a.jpg", "c.jpg")]
    with Opened(case, actor="Ana") as one, Opened(case, actor="Cem") as other:
        clients = (one.enter(), other.enter())
        answers: list[int] = []

        def work(client: Client, decision: str) -> None:
            for here in pairs:
                for number in range(3):
                    answers.append(
                        client.post(f"{here}/verdict", decision=decision, note=str(number), seen="99").status
                    )

        both = zip(clients, ("same", "different"), strict=True)
        threads = [threading.Thread(target=work, args=arguments) for arguments in both]
        for thread in threads:
            thread.start()
        ran = verify("verdict", ids["a.jpg"], ids["b.jpg"], "unsure", "--operator", "Ben", "--case", case)
        for thread in threads:
            thread.join()
    kept = verdicts(case)
    assert answers.count(303) + (ran.code == 0) == len(kept)
    assert answers.count(303) >= 8, "waiting for one another, not refusing"
    assert verify("audit", "--case", case, "--quiet").code == 0


def test_while_another_writes_the_desk_waits_and_then_says_so(
    case: Path, client: Client, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.desk.case_desk.SECONDS_TO_WAIT_FOR_ANOTHER", 0.2)
    here = pair_of(ids, "a.jpg", "b.jpg")
    with Store.open(case, writing=True):
        answer = client.post(f"{here}/verdict", decision="same", seen="0")
        assert answer.status == 409 and "Another verify is working" in answer.text and str(case) not in answer.text
        assert client.get(here).status == 200
    assert verdicts(case) == []
    assert client.post(f"{here}/verdict", decision="same", seen="0").status == 303


def test_a_claim_is_kept_word_for_word(case: Path, client: Client, ids: dict[str, str]) -> None:
    answer = client.post(
        f"/exhibit/{ids['b.jpg']}/claim",
        by="K-7",
        place="پونک، تهران",
        time="عصر ۱۸ دی ۱۴۰۴",
        description="<b>fire</b>",
    )
    assert answer.status == 303
    text = client.page(answer.location)
    assert "پونک، تهران" in text and "&lt;b&gt;fire&lt;/b&gt;" in text and "word for word" in text
    with Store.open(case, writing=False) as store:
        (known,) = store.exhibit_dossier(ids["b.jpg"]).claims
    assert (known.by, known.place, known.time, known.description) == (
        "K-7", "پونک، تهران", "عصر ۱۸ دی ۱۴۰۴", "<b>fire</b>",
    )  # fmt: skip
    assert actions(case)[-1] == ("claim", "Ana")
    unread = client.post(f"/exhibit/{ids['b.jpg']}/claim", by="K-7", time="when the cow flew")
    assert "Not understood" in client.page(unread.location)
    empty = client.post(f"/exhibit/{ids['b.jpg']}/claim", by="K-7", place="  ")
    assert empty.status == 400


def test_an_observation_is_filed_or_refused_as_by_its_command(case: Path, client: Client, ids: dict[str, str]) -> None:
    clip = f"/exhibit/{ids['clip.mp4']}/observe"
    assert client.post(clip, what="force", at="0:00.2-0:00.8", least="2", most="4", note="by the gate").status == 303
    with Store.open(case, writing=False) as store:
        (known,) = store.exhibit_dossier(ids["clip.mp4"]).observations
    assert (known.start_seconds, known.end_seconds, known.least, known.most, known.by) == (0.2, 0.8, 2, 4, "Ana")
    for fields in (
        {"what": "force", "at": "9:00"},
        {"what": "force", "at": "nan"},
        {"what": "force", "at": "inf-inf"},
        {"what": "force", "least": "4", "most": "2"},
        {"what": "force", "least": "-1"},
        {"what": "no such word"},
        {},
    ):
        assert client.post(clip, **fields).status == 400, fields
    assert [action for action, _ in actions(case)].count("observe") == 1


def test_nobody_files_without_a_name(case: Path, ids: dict[str, str]) -> None:
    before = len(actions(case))
    with Opened(case, actor="") as opened:
        client = opened.enter()
        assert "Nobody has given a name" in client.laid()
        for path, fields in (
            (f"{pair_of(ids, 'a.jpg', 'b.jpg')}/verdict", {"decision": "same"}),
            (f"/exhibit/{ids['a.jpg']}/claim", {"place": "Tehran"}),
            (f"/exhibit/{ids['a.jpg']}/observe", {"what": "text"}),
        ):
            assert client.post(path, **fields).status == 400
    assert len(actions(case)) == before
