"""Incidents in the browser: a suggestion is a person's to take or to refuse, each with a name and a reason."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.commands.inside import inside
from tests.desk.conftest import HOSTILE
from tests.desk.running import SECONDS, Client
from verifier.records import Incident
from verifier.store import Store


def filed(case: Path) -> tuple[Incident, ...]:
    with Store.open(case, writing=False) as store:
        return store.dossier().incidents


def suggestions(client: Client) -> list[str]:
    until = time.monotonic() + SECONDS
    while "The case is being counted" in (text := client.page("/incidents")):
        assert time.monotonic() < until
        time.sleep(0.02)
    return re.findall(r"/suggestion/([0-9a-f]{16})/accept", text)


def test_a_suggestion_is_taken(case: Path, client: Client, ids: dict[str, str]) -> None:
    (name,) = suggestions(client)
    assert filed(case) == (), "a suggestion files nothing"
    answer = client.post(
        f"/suggestion/{name}/accept", title="Punak <b>1</b>", place="Tehran", independent="two cameras\nseen apart"
    )  # fmt: skip
    assert answer.status == 303, answer.text
    (known,) = filed(case)
    assert set(known.members) == {ids["c.jpg"], ids[HOSTILE[1]]} and known.by == "Ana"
    assert known.independence == ("two cameras", "seen apart")
    text = client.page(answer.location)
    assert "Punak &lt;b&gt;1&lt;/b&gt;" in text and "Distinct recordings" in text and "two cameras" in text
    assert client.post(f"/incident/{known.id}", exhibits=ids["a.jpg"][:16], independent="third").status == 303
    (more,) = filed(case)
    assert len(more.members) == 3 and more.independence[-1] == "third" and more.title == known.title


def test_a_suggestion_is_refused_for_a_reason(case: Path, client: Client) -> None:
    (name,) = suggestions(client)
    assert client.post(f"/suggestion/{name}/refuse", reason=" ").status == 400
    assert client.post(f"/suggestion/{name}/refuse", reason="another day: the shop is open").status == 303
    text = client.page("/incidents")
    assert name not in text and "1 suggestions were refused" in text
    with Store.open(case, writing=False) as store:
        (event,) = [event for event in store.custody() if event.action == "refuse suggestion"]
    assert (event.actor, event.detail["reason"]) == ("Ana", "another day: the shop is open")
    assert filed(case) == ()
    (told,) = inside("incident", "suggest", "--case", case, "--json").json["suggestions"]
    assert (told["refused"]["by"], told["refused"]["reason"]) == ("Ana", "another day: the shop is open")
    assert "Refused by Ana: another day" in inside("incident", "suggest", "--case", case).out


def test_what_is_no_incident_is_a_sentence(case: Path, client: Client) -> None:
    assert client.post("/incidents", title=" ", exhibits="").status == 400
    assert client.post("/incidents", title="x", exhibits="f" * 64).status in (400, 404)
    assert client.post("/incident/000000000000", exhibits="").status == 400
    assert client.post("/suggestion/0000000000000000/accept", title="x").status == 400
    assert client.get("/incident/000000000000").status == 404
    assert filed(case) == ()
