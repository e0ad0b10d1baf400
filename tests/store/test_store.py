"""What every store must do, whatever database is under it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.made import (
    AT,
    PARAMETERS,
    RECORDS,
    STATEMENTS,
    acquisition,
    exhibit,
    failed,
    finding,
    full_case,
    group,
    match,
    new_case,
    outcome,
    taken,
)
from verifier.errors import AmbiguousExhibit, UnknownExhibit, UsageError
from verifier.records import (
    Batch,
    Claim,
    Event,
    Exhibit,
    FaultKind,
    Fingerprint,
    Observation,
    Reading,
    Skipped,
)
from verifier.storage import Storage, write_storage
from verifier.store import Store, writing


@pytest.fixture(autouse=True, params=["SQLite", "PostgreSQL"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Under which every test of this file runs."""
    if request.param == "PostgreSQL":
        schema = "t" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
        write_storage(tmp_path / "case", Storage(database=f"{request.getfixturevalue('database')}&schema={schema}"))
    return str(request.param)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(new_case(tmp_path), writing=True) as opened:
        yield opened
        assert list(opened.audit()) == []


def exif(version: int = 1):
    return lambda item: [("exif", version)] if item.media_type == "image/jpeg" else [("exif", version), ("clip", 1)]


def pending(
    store: Store, version: int = 1, parameters: str = PARAMETERS, retry: bool = False
) -> dict[str, tuple[str, ...]]:
    found = store.pending(exif(version), parameters_digest=parameters, retry_faults=retry)
    return {item.id: names for item, names in found}


# ---------------------------------------------------------------- taking in


def test_the_same_bytes_twice_are_one_exhibit_with_two_acquisitions(store: Store) -> None:
    assert store.take_in(taken(1, 2), [], batch=None, actor="Oak", at=AT) == 2
    again = [(exhibit(1), acquisition(1, b"/elsewhere/copy.jpg"))]
    assert store.take_in(again, [], batch=None, actor="Oak", at=AT) == 0
    assert [item.path for item in store.exhibit_dossier(exhibit(1).id).acquisitions] == [
        acquisition(1).path,
        b"/elsewhere/copy.jpg",
    ]


def test_a_name_that_is_not_text_and_numbers_wider_than_the_database_come_back_whole(store: Store) -> None:
    odd = acquisition(1, b"/a/\xff\x00\n'", modified_ns=2**63 + 5, device=2**64 - 1, inode=2**100)
    store.take_in([(exhibit(1), odd)], [], batch=None, actor="Oak", at=AT)
    assert store.exhibit_dossier(exhibit(1).id).acquisitions == (odd,)


def test_paths_are_known_by_size_and_time(store: Store) -> None:
    store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
    store.take_in([(exhibit(2), acquisition(2, preserved=False))], [], batch=None, actor="Oak", at=AT)
    store.take_in([(exhibit(3), acquisition(3, inside=exhibit(1).id))], [], batch=None, actor="Oak", at=AT)
    one, two, three = (acquisition(number) for number in (1, 2, 3))
    asked = [(item.path, item.size, item.modified_ns) for item in (one, two, three)]
    assert store.known(asked) == {one.path: exhibit(1).id, two.path: exhibit(2).id}
    assert store.known(asked, preserved=True) == {one.path: exhibit(1).id}
    assert store.known([(one.path, one.size, one.modified_ns + 1), (one.path + b"x", one.size, one.modified_ns)]) == {}
    assert store.known([]) == {}


def test_a_member_met_again_is_not_taken_in_twice(store: Store) -> None:
    members = [(exhibit(2), acquisition(2, inside=exhibit(1).id))]
    assert store.take_in([*taken(1), *members, *members], [], batch=None, actor="Oak", at=AT) == 2
    store.take_in(members, [], batch=None, actor="Oak", at=AT)
    assert store.counts()["acquisitions"] == 2


def test_only_what_is_kept_is_expected_in_the_vault(store: Store) -> None:
    store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
    store.take_in(taken(2, preserved=False), [], batch=None, actor="Oak", at=AT)
    assert list(store.preserved()) == [exhibit(1).id]


def test_a_batch_is_recorded_once_and_skipped_entries_are_kept(store: Store) -> None:
    batch = Batch(id="b", title="From Oak", relay_chain=("Oak",))
    entry = Skipped(path=b"/\xff", reason="a named pipe", at=AT, batch="b")
    store.take_in([], [entry], batch=batch, actor="Oak", at=AT)
    store.take_in(taken(1), [], batch=batch, actor="Oak", at=AT)
    assert store.batches() == (batch,)
    assert list(store.skipped()) == [entry]


def test_nothing_to_take_in_is_no_event(store: Store) -> None:
    size = store.custody_size()
    assert store.take_in([], [], batch=None, actor="Oak", at=AT) == 0
    store.record([], actor="Oak", at=AT)
    store.say([], actor="Oak", at=AT, action="claim")
    assert store.custody_size() == size


def test_a_name_longer_than_a_cell_is_cut_not_lost(store: Store) -> None:
    store.take_in([(exhibit(1), acquisition(1, b"/" * 70_000))], [], batch=None, actor="Oak", at=AT)
    assert len(store.exhibit_dossier(exhibit(1).id).acquisitions[0].path) == 64 << 10


# ---------------------------------------------------------------- exhibits


def test_exhibits_come_in_order_of_id_across_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifier.store.examining.EXHIBITS_A_PAGE", 3)
    store.take_in(taken(*range(10)), [], batch=None, actor="Oak", at=AT)
    assert [item.id for item in store.exhibits()] == sorted(exhibit(number).id for number in range(10))
    assert {item.id for item in store.exhibits()} == set(pending(store))


def test_an_exhibit_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    numbers = range(40)
    store.take_in(taken(*numbers), [], batch=None, actor="Oak", at=AT)
    for number in numbers:
        assert store.exhibit(exhibit(number).id[:10].upper()) == exhibit(number)
    with pytest.raises(AmbiguousExhibit):
        store.exhibit(exhibit(0).id[:1])
    for nonsense in ("", "xyz", "0" * 64, "%", exhibit(0).id + "0"):
        with pytest.raises(UnknownExhibit):
            store.exhibit(nonsense)
    with pytest.raises(UnknownExhibit):
        store.exhibit_dossier(exhibit(0).id[:10])


# ---------------------------------------------------------------- examining


def test_pending_is_what_has_no_run_of_this_version_under_these_parameters(store: Store) -> None:
    store.take_in(taken(1, 2), [], batch=None, actor="Oak", at=AT)
    photo, video = exhibit(1).id, exhibit(2).id
    assert pending(store) == {photo: ("exif",), video: ("exif", "clip")}
    store.record([outcome(1, *RECORDS), failed(2)], actor="Oak", at=AT)
    assert pending(store) == {video: ("clip",)}
    assert pending(store, retry=True) == {video: ("exif", "clip")}
    assert pending(store, version=2) == {photo: ("exif",), video: ("exif", "clip")}
    assert pending(store, parameters="1" * 64) == {photo: ("exif",), video: ("exif", "clip")}
    assert store.count_pending(exif(), parameters_digest=PARAMETERS, retry_faults=False) == 1


def test_outcomes_may_be_recorded_while_pending_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifier.store.examining.EXHIBITS_A_PAGE", 2)
    numbers = {exhibit(number).id: number for number in range(1, 12, 2)}
    store.take_in(taken(*numbers.values()), [], batch=None, actor="Oak", at=AT)
    seen = []
    for item, _ in store.pending(exif(), parameters_digest=PARAMETERS, retry_faults=False):
        seen.append(item.id)
        store.record([outcome(numbers[item.id])], actor="Oak", at=AT)
    assert seen == sorted(numbers)
    assert pending(store) == {}


def test_every_record_comes_back_as_it_was(store: Store) -> None:
    store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
    store.record([outcome(1, *RECORDS)], actor="Oak", at=AT)
    dossier = store.exhibit_dossier(exhibit(1).id)
    assert [said.reading for said in dossier.readings] == [item for item in RECORDS if isinstance(item, Reading)]
    assert {said.instrument for said in dossier.readings} == {"exif"}
    assert list(dossier.events) == [item for item in RECORDS if isinstance(item, Event)]
    assert [(made.id, made.recipe, made.instrument) for made in dossier.derivatives] == [
        ("d" * 64, "thumbnail/1", "exif")
    ]
    assert dossier.runs == outcome(1).runs
    prints = [item for item in RECORDS if isinstance(item, Fingerprint)]
    assert list(store.fingerprints("pdq")) == [(exhibit(1).id, item) for item in prints[:2]]
    assert list(store.fingerprints("phash")) == [(exhibit(1).id, prints[2])]
    assert list(store.derivatives("thumbnail/1")) == [(exhibit(1).id, dossier.derivatives[0])]
    assert list(store.derivatives("keyframes/1")) == []


def test_a_new_answer_takes_the_place_of_the_same_instruments_earlier_one_only(store: Store) -> None:
    store.take_in(taken(1, 2), [], batch=None, actor="Oak", at=AT)
    store.record([outcome(1, *RECORDS), failed(2), outcome(1, RECORDS[0], instrument="clip")], actor="Oak", at=AT)
    store.record([outcome(1, RECORDS[1], version=2), outcome(2, RECORDS[0])], actor="Oak", at=AT)
    first, second = (store.exhibit_dossier(exhibit(number).id) for number in (1, 2))
    assert [(said.instrument, said.reading) for said in first.readings] == [("clip", RECORDS[0]), ("exif", RECORDS[1])]
    assert [(item.instrument, item.version) for item in first.runs] == [("clip", 1), ("exif", 2)]
    assert second.faults == ()
    assert list(store.fingerprints("pdq")) == []
    assert list(store.custody())[-1].detail["superseded_entries"] == 2


def test_what_no_cell_can_hold_becomes_a_fault_and_is_tried_again_on_request(store: Store) -> None:
    store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
    bad = (
        Event(kind="cut", start_seconds=float("nan"), end_seconds=1.0),
        Event(kind="cut", start_seconds=0.0, end_seconds=1.0, measures={"x": float("inf")}),
        Fingerprint(algorithm="pdq", bits=bytes(70_000)),
        RECORDS[0],
    )
    store.record([outcome(1, *bad)], actor="Oak", at=AT)
    dossier = store.exhibit_dossier(exhibit(1).id)
    assert [said.reading for said in dossier.readings] == [RECORDS[0]]
    assert [fault.kind for fault in dossier.faults] == [FaultKind.DEFECT, FaultKind.DEFECT]
    assert [item.result for item in dossier.runs] == ["defect"]
    assert pending(store, retry=True) == {exhibit(1).id: ("exif",)}


@pytest.mark.parametrize("character", ["a", "é", "\U0001f600", "\x00", "\ud800"])
def test_a_long_value_is_cut_visibly(store: Store, character: str) -> None:
    store.take_in(taken(1), [], batch=None, actor="Oak", at=AT)
    reading = Reading(key="xmp:History", value=character * 100_000, location="XMP")
    store.record([outcome(1, reading, replace(reading, value=float("nan")))], actor="Oak", at=AT)
    long, odd = (said.reading.value for said in store.exhibit_dossier(exhibit(1).id).readings)
    assert isinstance(long, str)
    assert "[cut here; " in long
    assert 5_000 < len(long) < 64 << 10
    assert odd == "nan"


def test_half_a_surrogate_pair_is_shown_as_its_escape(store: Store) -> None:
    store.take_in(taken(1), [], batch=None, actor="\udcff", at=AT)
    store.record([outcome(1, Reading(key="k\ud800", value="v\ud800", location="l"))], actor="Oak", at=AT)
    reading = store.exhibit_dossier(exhibit(1).id).readings[0].reading
    assert (reading.key, reading.value) == ("k\\ud800", "v\ud800")
    assert list(store.custody())[1].actor == "\\udcff"


# ---------------------------------------------------------------- meaning and statements


def test_a_comparison_takes_the_place_of_the_earlier_one(store: Store) -> None:
    store.take_in(taken(1, 2, 3), [], batch=None, actor="Oak", at=AT)
    store.compared([match(1, 2), match(2, 3)], [group(1, 2)], actor="Oak", at=AT, detail={"comparers": "pdq/1"})
    store.compared([match(1, 2)], [group(1, 2, 3)], actor="Oak", at=AT, detail={})
    dossier = store.dossier()
    assert dossier.matches == (match(1, 2),)
    assert dossier.groups == (group(1, 2, 3),)
    twins = [replace(group(1, 2), id="one"), replace(group(2, 3), id="one")]
    for _ in range(2):
        store.compared([], twins, actor="Oak", at=AT, detail={})
    store.compared([], [], actor="Oak", at=AT, detail={})
    assert (store.dossier().matches, store.dossier().groups) == ((), ())


def test_findings_take_the_place_of_the_earlier_ones_and_the_same_again_writes_no_rows(store: Store) -> None:
    store.take_in(taken(1, 2), [], batch=None, actor="Oak", at=AT)
    said = {exhibit(1).id: [finding(1)], exhibit(2).id: [finding(2), finding(2, "Another.")]}
    store.judged(said, actor="Oak", at=AT, detail={"checks": "time/1"})
    before = list(store.custody())[-1]
    store.judged(said, actor="Oak", at=AT, detail={"checks": "time/1"})
    again = list(store.custody())[-1]
    assert again.records_digest != before.records_digest
    assert "superseded_entries" not in again.detail
    store.judged({exhibit(2).id: [finding(2)]}, actor="Oak", at=AT, detail={})
    dossiers = store.dossier().exhibits
    assert dossiers[exhibit(1).id].findings == ()
    assert dossiers[exhibit(2).id].findings == (finding(2),)


def test_the_last_word_under_an_id_counts(store: Store) -> None:
    store.take_in(taken(1, 2, batch="batch-1"), [], batch=None, actor="Oak", at=AT)
    store.say(STATEMENTS, actor="Oak", at=AT, action="claim")
    changed = Observation(id="o-1", exhibit=exhibit(2).id, what="dust", by="analyst", at=AT)
    store.say([changed], actor="Oak", at=AT, action="observe")
    case = store.dossier()
    assert case.exhibits[exhibit(2).id].observations == (changed,)
    assert store.counts()["observations"] == 2
    assert (case.batches, case.verdicts, case.incidents) == (STATEMENTS[:1], STATEMENTS[3:4], STATEMENTS[-1:])


def test_a_claim_on_a_batch_is_a_claim_on_its_exhibits(store: Store) -> None:
    store.take_in(taken(1, batch="batch-1"), [], batch=None, actor="Oak", at=AT)
    store.take_in(taken(2), [], batch=None, actor="Oak", at=AT)
    store.say(STATEMENTS, actor="Oak", at=AT, action="claim")
    case = store.dossier()
    assert [claim.id for claim in case.exhibits[exhibit(1).id].claims] == ["claim-1", "claim-2"]
    assert case.exhibits[exhibit(2).id].claims == ()
    for key in case.exhibits:
        assert store.exhibit_dossier(key) == case.exhibits[key]


def test_a_statement_that_cannot_be_kept_word_for_word_is_refused_and_leaves_no_trace(store: Store) -> None:
    size = store.custody_size()
    with pytest.raises(UsageError, match="longer than"):
        store.say(
            [Claim(id="c", exhibit=None, batch=None, by="Oak", description="x" * 70_000)], actor="", at=AT, action=""
        )
    assert store.custody_size() == size
    assert store.counts()["claims"] == 0


def test_settings(store: Store) -> None:
    assert store.setting("timezone") is None
    for value in ("Asia/Tehran", 3, 0.5, True, None):
        store.set_setting("timezone", value, actor="Oak", at=AT)
        assert store.setting("timezone") == value
    assert store.dossier().settings["timezone"] is None


def test_the_case_tells_what_it_is(store: Store) -> None:
    store.note("export", "report.json", {"sha256": "f" * 64}, actor="Oak", at=AT)
    case = store.dossier()
    assert (case.title, case.created_at, case.custody_size) == ("A case", AT, 2)
    assert [event.action for event in case.custody] == ["create", "export"]
    assert len(case.id) == 16
    assert case.custody_checkpoint is None


def test_a_dossier_of_everything(tmp_path: Path) -> None:
    case = full_case(tmp_path)
    with Store.open(case, writing=False) as store:
        dossier = store.dossier()
        assert list(dossier.exhibits) == sorted(exhibit(number).id for number in (1, 2, 3))
        assert all(count for name, count in store.counts().items())
        assert [isinstance(item, Exhibit) for item in store.exhibits()] == [True] * 3
        with pytest.raises(ValueError, match="for reading"):
            store.note("x", "y", {}, actor="Oak", at=AT)


def test_findings_come_in_order_a_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SUBJECTS_A_TIME", 2)
    numbers = range(1, 8)
    store.take_in(taken(*numbers), [], batch=None, actor="Oak", at=AT)
    order = sorted(numbers, key=lambda number: exhibit(number).id)
    for silent in (set(), {order[0]}, {order[3], order[6]}, set(order), {order[2]}):
        said = [(exhibit(n).id, [] if n in silent else [finding(n, f"but for {len(silent)}")]) for n in order]
        store.judged(iter(said), actor="Oak", at=AT, detail={})
        assert {key: list(dossier.findings) for key, dossier in store.dossier().exhibits.items()} == dict(said)
        assert list(store.custody())[-1].detail["findings"] == sum(len(found) for _, found in said)
    before = store.counts()
    with pytest.raises(ValueError, match="ascending"):
        store.judged(reversed(said), actor="Oak", at=AT, detail={})
    assert store.counts() == before
    assert list(store.audit()) == []
