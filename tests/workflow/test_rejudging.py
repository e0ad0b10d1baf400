"""However a case grows, what is stored after each judgement is what judging everything gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.made import AT, acquisition, exhibit, new_case, outcome
from verifier.dossier import LazyDossiers
from verifier.evidence.kept import FOLDER
from verifier.executors.registry import load
from verifier.findings.judge import judge
from verifier.records import (
    Batch,
    Claim,
    Exhibit,
    Kind,
    Match,
    Medium,
    Moment,
    Observation,
    Reading,
    Relation,
    Tier,
    Verdict,
    Zone,
)
from verifier.store import Store
from verifier.workflow import rejudging
from verifier.workflow.check import check
from verifier.workflow.gather import gather

CHECKS = load(judging=True).checks
NUMBERS = range(1, 15)
SIDECARS = (15, 16)


def judged(store: Store, *, everything: bool = False) -> object:
    return check(store, actor="Oak", clock=lambda: AT, progress=lambda *_: None, everything=everything)


def stored(store: Store) -> dict[str, tuple]:
    return {key: dossier.findings for key, dossier in store.dossier().exhibits.items()}


def time(day: int, hour: int, zone: Zone = Zone.LOCAL) -> Moment:
    wall = f"2024-05-{day:02d}T{hour:02d}:00:00"
    return Moment(text=wall, wall=wall, zone=zone, offset_minutes=0 if zone is Zone.OFFSET else None)


def said_of(number: int, device: int, day: int, *, with_serial: bool) -> list[Reading]:
    """A phone's own: three devices, some with a serial number; the clock of device 2 is days from the satellites'."""
    readings = [
        Reading(key="exif:Make", value="Maker", location="0"),
        Reading(key="exif:Model", value=f"Model {device}", location="0"),
        Reading(key="exif:DateTimeOriginal", value=time(day, 8), location="0"),
        Reading(key="jpeg:quantisation.luma.digest", value="q", location="0"),
        Reading(key="exif:GPSDateTime", value=time(day + (9 if device == 2 else 0), 4, Zone.UTC), location="0"),
        Reading(key="exif:GPSLatitude", value=35.0 + number, location="0"),
        Reading(key="exif:GPSLongitude", value=51.0, location="0"),
    ]
    if with_serial:
        readings.append(Reading(key="exif:BodySerialNumber", value=f"SN-1234-{device}", location="0"))
    return readings


def photo(number: int) -> Exhibit:
    return replace(exhibit(number), kind=Kind.PHOTO, media_type="image/jpeg")


def take(store: Store, number: int, device: int, day: int, *, with_serial: bool, batch: str | None) -> None:
    came = acquisition(number, b"/from/IMG_%04d.jpg" % (number * 90), batch=batch)
    store.take_in([(photo(number), came)], [], batch=None, actor="Oak", at=AT)
    store.record([outcome(number, *said_of(number, device, day, with_serial=with_serial))], actor="Oak", at=AT)


def link(first: int, second: int, relation: Relation, tier: Tier) -> Match:
    left, right = sorted((exhibit(first).id, exhibit(second).id))
    medium = Medium.AUDIO if relation is Relation.SAME_EVENT else Medium.IMAGE
    return Match(left=left, right=right, relation=relation, medium=medium, method="m", score=0.9, tier=tier)


numbers = st.sampled_from(NUMBERS)
relations = st.sampled_from([Relation.SAME_PICTURE, Relation.ALTERED_PICTURE, Relation.SAME_EVENT])
links = st.lists(st.tuples(numbers, numbers, relations, st.sampled_from([Tier.CERTAIN, Tier.LIKELY])), max_size=8)
words = st.sampled_from(["Tehran", "Shiraz", "nowhere known"])
batches = st.sampled_from(["hand-1", "hand-2"])
steps = st.one_of(
    st.tuples(st.just("take"), numbers, st.integers(1, 3), st.integers(1, 4), st.booleans(), batches | st.none()),
    st.tuples(st.just("take"), numbers, st.integers(1, 3), st.integers(1, 4), st.booleans(), batches | st.none()),
    st.tuples(st.just("again"), numbers, st.integers(1, 3)),
    st.tuples(st.just("sidecar"), st.sampled_from(SIDECARS), numbers, st.integers(1, 4)),
    st.tuples(st.just("links"), links),
    st.tuples(st.just("claim"), st.sampled_from(["c-1", "c-2"]), numbers | batches, words),
    st.tuples(st.just("batch"), batches, st.integers(1, 28)),
    st.tuples(st.just("verdict"), numbers, numbers, st.sampled_from(["same", "different"])),
    st.tuples(st.just("observation"), numbers),
    st.tuples(
        st.just("setting"),
    ),
)


def step(store: Store, kind: str, *given: Any) -> None:
    """One thing that happens to a case."""
    there = {one.id for one in store.exhibits()}
    if kind == "take":
        number, device, day, with_serial, batch = given
        take(store, number, device, day, with_serial=with_serial, batch=batch)
    elif kind == "again":  # the same bytes at another path
        number, other = given
        if exhibit(number).id in there:
            came = acquisition(number, b"/other/IMG_%04d.jpg" % other)
            store.take_in([(photo(number), came)], [], batch=None, actor="Oak", at=AT)
    elif kind == "sidecar":
        number, about, day = given
        name = b"/from/IMG_%04d.jpg.json" % (about * 90)
        sidecar = replace(exhibit(number), kind=Kind.SIDECAR, media_type="application/json")
        store.take_in([(sidecar, acquisition(number, name))], [], batch=None, actor="Oak", at=AT)
        told = [
            Reading(
                key="yt-dlp:timestamp",
                value=time(day, 1, Zone.UTC),
                location="t",
                subject=f"./IMG_{about * 90:04d}.jpg",
            ),
            Reading(key="exif:BodySerialNumber", value="SN-9", location="s", subject=f"./IMG_{about * 90:04d}.jpg"),
        ]
        store.record([outcome(number, *told, instrument="sidecar-ytdlp")], actor="Oak", at=AT)
    elif kind == "links":
        pairs = {(min(a, b), max(a, b)): (relation, tier) for a, b, relation, tier in given[0] if a != b}
        known = [link(a, b, *how) for (a, b), how in pairs.items() if {exhibit(a).id, exhibit(b).id} <= there]
        store.compared(known, [], actor="Oak", at=AT, detail={})
    elif kind == "claim":
        identity, about, place = given
        whom = (
            {"exhibit": None, "batch": about}
            if isinstance(about, str)
            else {"exhibit": exhibit(about).id, "batch": None}
        )
        store.say(
            [Claim(id=str(identity), by="Elm", place=str(place), at=AT, **whom)], actor="Oak", at=AT, action="claim"
        )
    elif kind == "batch":
        identity, day = given
        store.say([Batch(id=str(identity), received_at=f"2024-05-{day:02d}")], actor="Oak", at=AT, action="receive")
    elif kind == "verdict":
        one, other, decision = given
        if one != other:
            left, right = sorted((exhibit(one).id, exhibit(other).id))
            verdict = Verdict(left=left, right=right, decision=str(decision), note="", by="Oak", at=AT)
            store.say([verdict], actor="Oak", at=AT, action="decide")
    elif kind == "observation":
        seen = Observation(id="o", exhibit=exhibit(given[0]).id, what="open sky", by="Oak", at=AT)
        store.say([seen], actor="Oak", at=AT, action="observe")
    else:
        store.set_setting("timezone", "Asia/Tehran", actor="Oak", at=AT)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(steps, min_size=1, max_size=6), min_size=1, max_size=4))
def test_what_is_stored_is_what_judging_everything_gives(
    tmp_path_factory: pytest.TempPathFactory, hand_overs: list[list[tuple]]
) -> None:
    case = new_case(tmp_path_factory.mktemp("case"))
    with Store.open(case, writing=True) as store:
        for number in (1, 2, 3, 4):
            take(store, number, 1 + number // 3, number, with_serial=number < 4, batch=None)
        judged(store)
        for hand_over in hand_overs:
            for one in hand_over:
                step(store, *one)
            judged(store)
            assert stored(store) == judge(gather(store), CHECKS)
        assert list(store.audit()) == []


def grown(folder: Path, count: int = 10) -> Path:
    """Exhibits of five devices, two each."""
    case = new_case(folder)
    with Store.open(case, writing=True) as store:
        for number in range(1, count + 1):
            take(store, number, 10 + number // 2, number, with_serial=True, batch=None)
        judged(store)
    return case


def asked_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the dossiers that are fetched from now on."""
    fetched: list[str] = []
    real = LazyDossiers.seen_through

    def watched(self: LazyDossiers, change):
        def noting(dossier):
            fetched.append(dossier.exhibit.id)
            return change(dossier)

        return real(self, noting)

    monkeypatch.setattr(LazyDossiers, "seen_through", watched)
    return fetched


def test_with_nothing_new_nothing_is_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(grown(tmp_path), writing=True) as store:
        counted, events, fetched = store.outcomes(), store.custody_size(), asked_for(store, monkeypatch)
        assert judged(store).outcomes == counted
        assert (fetched, store.custody_size()) == ([], events)


def test_one_more_exhibit_asks_for_what_shares_something_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(grown(tmp_path), writing=True) as store:
        fetched = asked_for(store, monkeypatch)
        take(store, 11, 10 + 3, 1, with_serial=True, batch=None)
        judged(store)
        assert set(fetched) == {exhibit(number).id for number in (6, 7, 11)}
        assert stored(store) == judge(gather(store), CHECKS)


@pytest.mark.parametrize("damage", ["gone", "changed", "of another judgement"])
def test_a_memory_that_is_not_what_it_was_is_not_believed(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = grown(tmp_path)
    folder = case / FOLDER / rejudging.MEMORY
    with Store.open(case, writing=True) as store:
        early = {path.name: path.read_bytes() for path in folder.iterdir()}
        take(store, 11, 10 + 3, 1, with_serial=True, batch=None)
        judged(store)
        for path in folder.iterdir():
            if damage == "changed" and path.name != "list":
                path.chmod(0o600)
                path.write_bytes(path.read_bytes().replace(b'"ties"', b'"tied"'))
            elif damage != "changed":
                path.unlink()
        if damage == "of another judgement":
            for name, content in early.items():
                (folder / name).write_bytes(content)
        fetched = asked_for(store, monkeypatch)
        take(store, 12, 10 + 3, 1, with_serial=True, batch=None)
        judged(store)
        assert set(fetched) == {exhibit(number).id for number in range(1, 13)}
        assert stored(store) == judge(gather(store), CHECKS)


def test_another_version_of_a_check_judges_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import verifier.workflow.check

    with Store.open(grown(tmp_path), writing=True) as store:
        registry = load(judging=True)
        raised = {**CHECKS, "device": replace(CHECKS["device"], version=99)}
        monkeypatch.setattr(verifier.workflow.check, "load", lambda **_: replace(registry, checks=raised))
        fetched = asked_for(store, monkeypatch)
        judged(store)
        assert len(set(fetched)) == 10


def test_every_check_that_goes_through_the_case_has_ties() -> None:
    """The property above draws from what is known today; this reads the modules for a way through the case."""
    import inspect
    import re

    import verifier.findings.time.clock_tags

    going = {name for name, one in CHECKS.items()
             if re.search(r"case\.exhibits\.(values|items)\(\)|in case\.exhibits\b",
                          inspect.getsource(inspect.getmodule(one.check)))}  # fmt: skip
    if "case.exhibits.values()" in inspect.getsource(verifier.findings.time.clock_tags):
        going.add("clocks")
    tied = {name for name, one in CHECKS.items() if one.ties is not type(one).__dataclass_fields__["ties"].default}
    assert going <= tied
    assert {"device", "speed", "clocks"} <= going
    codes = [code for one in CHECKS.values() for code in one.codes]
    assert len(codes) == len(set(codes))  # a finding is of one check, so what was not asked again can be kept
