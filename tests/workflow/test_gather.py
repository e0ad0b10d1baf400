"""A case gathered page by page says what the case gathered whole says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.made import AT, acquisition, exhibit, full_case, new_case, outcome, taken
from verifier.dossier import ExhibitDossier, LazyDossiers
from verifier.executors.registry import load
from verifier.findings.judge import judge, judgements
from verifier.records import Exhibit, Kind, Reading
from verifier.store import Store, browsing
from verifier.workflow.check import check
from verifier.workflow.gather import gather

MANY = 9


def case_with_sidecars(folder: Path) -> Path:
    """Nine exhibits; two of them sidecars that speak of the first by its name, of the second by digest, of nobody."""
    case = new_case(folder)
    readings = (
        Reading(key="takeout:title", value="said by name", location="title", subject="title:one.jpg"),
        Reading(key="takeout:time", value="said by path", location="time", subject="./One.jpg"),
        Reading(key="list:digest", value="said by digest", location="line 1", subject=f"sha256:{exhibit(2).id}"),
        Reading(key="list:digest", value="of a stranger", location="line 2", subject="sha256:" + "0" * 64),
        Reading(key="list:size", value=3, location="line 3"),
    )
    with Store.open(case, writing=True) as store:
        store.take_in(taken(*range(2, MANY - 1)), [], batch=None, actor="Oak", at=AT)
        store.take_in([(exhibit(1), acquisition(1, b"/from/One.JPG"))], [], batch=None, actor="Oak", at=AT)
        for number in (MANY - 1, MANY):
            sidecar = Exhibit(
                id=exhibit(number).id,
                sha512=exhibit(number).sha512,
                size=1,
                kind=Kind.SIDECAR,
                media_type="application/json",
            )
            came = acquisition(number, b"/from/one.jpg.json" if number == MANY else b"/from/list.txt")
            store.take_in([(sidecar, came)], [], batch=None, actor="Oak", at=AT)
            store.record([outcome(number, *readings, instrument="sidecar-takeout")], actor="Oak", at=AT)
    return case


@pytest.fixture(params=["full", "sidecars"])
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(browsing, "DOSSIERS_A_PAGE", 2)
    return full_case(tmp_path) if request.param == "full" else case_with_sidecars(tmp_path)


def test_page_by_page_is_the_same_as_whole(case: Path) -> None:
    with Store.open(case, writing=False) as store:
        whole, lazily = gather(store), gather(store, lazily=True)
        shelf = lazily.exhibits
        assert isinstance(shelf, LazyDossiers)
        assert len(shelf) == len(whole.exhibits)
        assert list(shelf) == list(whole.exhibits)
        assert list(shelf.items()) == list(whole.exhibits.items())
        assert list(shelf.values()) == list(whole.exhibits.values())
        assert all(shelf[key] == dossier for key, dossier in whole.exhibits.items())
        assert "0" * 64 not in shelf
        assert shelf.get("0" * 64) is None
        with pytest.raises(KeyError):
            shelf["0" * 64]
        checks = load().checks
        assert dict(judgements(lazily, checks)) == judge(whole, checks)


def test_what_sidecars_say_is_lent(tmp_path: Path) -> None:
    with Store.open(case_with_sidecars(tmp_path), writing=False) as store:
        lent = {key: len(dossier.readings) for key, dossier in gather(store, lazily=True).exhibits.items()}
    assert lent[exhibit(1).id] == 3  # both by path, and by title the one whose name is that of a JSON
    assert lent[exhibit(2).id] == 2
    assert lent[exhibit(3).id] == 0
    assert lent[exhibit(MANY).id] == 5


def test_a_shelf_keeps_what_was_asked_for_and_no_more() -> None:
    asked: list[str] = []
    keys = [f"{number:03d}" for number in range(600)]

    def dossier(key: str) -> ExhibitDossier:
        return ExhibitDossier(exhibit=Exhibit(id=key, sha512="", size=0, kind=Kind.OTHER, media_type=""))

    def one(key: str) -> ExhibitDossier:
        asked.append(key)
        return dossier(key)

    shelf = LazyDossiers(count=600, page=lambda after: [dossier(key) for key in keys if key > after][:7], one=one)
    assert [key for key, _ in shelf.items()] == keys
    assert asked == []
    for key in (*keys, keys[-1], keys[0]):
        assert shelf[key].exhibit.id == key
    assert asked == [*keys, keys[0]]


def test_checking_again_rewrites_nothing(tmp_path: Path) -> None:
    case = case_with_sidecars(tmp_path)
    with Store.open(case, writing=True) as store:
        first = check(store, actor="Oak", clock=lambda: AT, progress=lambda *_: None)
        entries = store.counts()
        assert check(store, actor="Oak", clock=lambda: AT, progress=lambda *_: None) == first
        assert {**store.counts(), "custody": 0} == {**entries, "custody": 0}
        last = list(store.custody())[-1]
        assert last.action == "judge"
        assert "superseded_entries" not in last.detail
        assert list(store.audit()) == []
