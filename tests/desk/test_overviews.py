"""The case in time and on the map: what is dated and where, nothing asked of a network, work that is a page's own."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.desk.conftest import AT
from tests.desk.running import SECONDS, Client, Opened, Tags
from verifier.records import Medium, Relation, Tier
from verifier.report.pages.drawings import Bar
from verifier.store import Store
from verifier.workflow.gather import gather
from verifier.workflow.looking.later import Later
from verifier.workflow.looking.overview import Dated, overview_of


def shown(client: Client, path: str) -> str:
    """The page once it is laid out."""
    until = time.monotonic() + SECONDS
    while 'http-equiv="refresh"' in (text := client.page(path)):
        assert time.monotonic() < until
        time.sleep(0.02)
    return text


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_recordings_stand_in_time_and_places_on_the_map(case: Path, ids: dict[str, str], lang: str) -> None:
    with Opened(case, lang=lang) as opened:
        client = opened.enter()
        text = shown(client, "/timeline")
        dated, _, folded = text.partition("<details>")
        rows = re.findall(r'<li(?: class="together")?>\s*<a href="/exhibit/([0-9a-f]{64})">', dated)
        assert ids["a.jpg"] in rows and len(rows) == len(set(rows))
        assert "<rect" in text and "2026-01-08" in text
        assert f"/exhibit/{ids['clip.mp4']}" in folded and ids["clip.mp4"] not in rows, "nothing dates it"
        before = shown(client, "/timeline?from=1990-01-01&to=1990-01-02")
        assert ids["a.jpg"] not in before.partition("<details>")[0]
        drawn = shown(client, "/map")
        assert f'href="/exhibit/{ids["a.jpg"]}"' in drawn and "<polygon" in drawn, "the claimed place with its error"
        assert not re.search(r'(?:src|href)="https?:', drawn.replace('xmlns="http', ""))
        far = shown(client, "/map?at=-40.0,100.0,1.0")
        assert f'href="/exhibit/{ids["a.jpg"]}"' not in far
        assert shown(client, "/map?kind=recorded").count("<polygon") <= drawn.count("<polygon")


def test_strange_windows_and_parts_of_the_earth_are_answered(client: Client) -> None:
    shown(client, "/timeline")
    for path in (
        "/map?at=nan,1,1", "/map?at=91,0,1", "/map?at=1,2", "/map?at=1,2,0", "/map?at=89,359,2", "/map?kind=x",
        "/timeline?from=9999-12-31", "/timeline?from=0001-01-01&to=0001-01-01", "/timeline?after=999999999",
    ):  # fmt: skip
        assert client.get(path).status == 200, path


def test_what_is_said_later_is_seen_without_opening_the_desk_again(client: Client, ids: dict[str, str]) -> None:
    assert f'href="/exhibit/{ids["b.jpg"]}"' not in shown(client, "/map")
    client.post(f"/exhibit/{ids['b.jpg']}/claim", by="K", place="Shiraz")
    until = time.monotonic() + SECONDS
    while f'href="/exhibit/{ids["b.jpg"]}"' not in shown(client, "/map"):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_those_heard_together_stand_together(case: Path, ids: dict[str, str]) -> None:
    one, other = sorted((ids["a.jpg"], ids["c.jpg"]))
    with Store.open(case, writing=True) as store:
        matches = list(store.dossier().matches)
        sure = replace(matches[0], left=one, right=other, relation=Relation.SAME_EVENT, medium=Medium.AUDIO,
                       tier=Tier.LIKELY)  # fmt: skip
        store.compared([*matches, sure], (), actor="Ben", at=AT, detail={})
        found = overview_of(gather(store, lazily=True))
    together = {row.best: row.together for row in found.dated}
    assert together[one] == together[other] > 0 and together[ids["b.jpg"]] == 0
    order = [row.best for row in found.dated]
    assert abs(order.index(one) - order.index(other)) == 1


def test_a_row_begins_with_its_clock_else_with_its_bound() -> None:
    early, late = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    bound = Bar("record", None, early)
    assert Dated(recording="r", best="r", members=("r",), bars=(bound, Bar("clock", late, late))).begins == late
    assert Dated(recording="r", best="r", members=("r",), bars=(bound,)).begins == early


def test_later_keeps_what_it_has_and_says_what_failed() -> None:
    made = [1]

    def make() -> int:
        if made[0] == 2:
            raise ValueError("no")
        return made[0]

    later = Later(make, threading.Lock())
    assert later.ask(1).value is None
    later.wait(SECONDS)
    answer = later.ask(1)
    assert (answer.value, answer.is_current, answer.failed) == (1, True, None)
    made[0] = 2
    later.ask(2)
    later.wait(SECONDS)
    answer = later.ask(2)
    assert (answer.value, answer.is_current) == (1, False) and isinstance(answer.failed, ValueError)
    made[0] = 3
    later.ask(3)
    later.wait(SECONDS)
    assert later.ask(3).value == 3


def test_pictures_of_an_overview_are_blurred(client: Client) -> None:
    assert {tag["class"] for tag in Tags(shown(client, "/timeline")).of("img")} <= {"blurred"}
