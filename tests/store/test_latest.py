"""Whatever changed a case leaves a checkpoint of its log behind, in the form that other tools read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.made import AT, STATEMENTS, new_case
from verifier.custody.seal import against_log, origin_of, read_text
from verifier.errors import LostDatabase
from verifier.store import Store


def latest(case: Path) -> str:
    return (case / "custody" / "latest").read_text(encoding="utf-8")


def test_it_states_the_log_as_it_is_at_the_end(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    sizes, text = [], ""
    for number in range(3):
        with Store.open(case, writing=True) as store:
            for _ in range(number + 1):
                store.say(STATEMENTS[:1], actor="Oak", at=AT, action="claim")
            assert number == 0 or latest(case) == text
        text = latest(case)
        with Store.open(case, writing=False) as store:
            origin = origin_of(str(store.setting("case.id")))
            assert list(against_log([("latest", read_text(text))], origin, store.custody())) == []
            assert read_text(text).size == store.custody_size()
        sizes.append(read_text(text).size)
    assert sizes == [2, 4, 7]


def test_what_changes_nothing_leaves_it_alone(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    with Store.open(case, writing=True) as store:
        assert list(store.custody())
    assert not (case / "custody" / "latest").exists()
    with Store.open(case, writing=False) as store:
        assert store.custody_size() == 1
    assert not (case / "custody" / "latest").exists()


def test_it_is_written_when_a_command_is_interrupted(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    with pytest.raises(KeyboardInterrupt), Store.open(case, writing=True) as store:
        store.note("export", "x", {}, actor="Oak", at=AT)
        raise KeyboardInterrupt
    assert read_text(latest(case)).size == 2


def test_it_shows_that_there_was_a_case(tmp_path: Path) -> None:
    case = new_case(tmp_path)
    with Store.open(case, writing=True) as store:
        store.note("export", "x", {}, actor="Oak", at=AT)
    for path in [case / "case.db", *(case / "custody").glob("head*")]:
        path.unlink()
    with pytest.raises(LostDatabase, match="custody/latest"):
        Store.open(case, writing=False)
