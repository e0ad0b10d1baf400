"""Two cases become one: nothing of either is lost, whichever is brought into which, however often it is interrupted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.made import AT
from tests.workflow.handing.made import CONTENTS, IDS, at, make, package, state, take_in
from verifier.chain import Head
from verifier.custody.verify_package import Package
from verifier.errors import PackageBroken, UsageError
from verifier.evidence import shelf as shelves
from verifier.evidence import vault as vaults
from verifier.evidence.vault import Vault
from verifier.records import Acquisition, Assessment, Batch, Claim, Question, Skipped, Standing, Verdict
from verifier.store import Store
from verifier.store.handing.bringing_in import last_words
from verifier.workflow.handing import kept as keeping
from verifier.workflow.handing.bring_in import BroughtIn, bring_in
from verifier.workflow.handing.kept import broken_imports, imports
from verifier.workflow.integrity.audit import audit
from verifier.workflow.progress import silent


def brought(case: Path, folder: Path) -> BroughtIn:
    with Store.open(case, writing=True) as store:
        return bring_in(store, Vault(case), folder, actor="Ben", clock=lambda: at(50), progress=silent)


def problems(case: Path) -> list[Any]:
    with Store.open(case, writing=False) as store:
        return list(audit(store, Vault(case), silent).problems)


def size(case: Path) -> int:
    with Store.open(case, writing=False) as store:
        return store.custody_size()


def say(case: Path, *said: Any) -> None:
    with Store.open(case, writing=True) as store:
        store.say(said, actor="Oak", at=AT, action="say")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases with exhibits 2 and 3 in common, each exported: `a`, `b`, `pa`, `pb`."""
    folder = tmp_path_factory.mktemp("two")
    make(folder / "a", CONTENTS[:4], title="one laptop")
    make(folder / "b", CONTENTS[2:], title="another laptop")
    left, right = sorted(IDS[2:4])
    for name, decision, stage, second in (("a", "same", "analysed", 21), ("b", "different", "excluded", 22)):
        say(
            folder / name,
            Verdict(left=left, right=right, decision=decision, note=name, by=name, at=at(second)),
            Standing(id=f"s-{name}", exhibit=IDS[2], stage=stage, reason="r", by=name, at=at(second)),
            Assessment(id=f"as-{name}", exhibit=IDS[3], question=Question.TIME, level="probable", analyst=name,
                       at=at(second)),
        )  # fmt: skip
        with Store.open(folder / name, writing=True) as store:
            batch = Batch(id="b-1", title=f"from {name}", operator=name)
            take_in(store, Vault(folder / name), b"of %s" % name.encode(), name=b"x.jpg", second=9, batch=batch)
        package(folder / name, folder / f"p{name}")
    return folder


@pytest.fixture
def two(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "two"))


def test_either_order_gives_the_same_and_nothing_is_lost(two: Path) -> None:
    before = [state(two / "a"), state(two / "b")]
    one, other = brought(two / "a", two / "pb"), brought(two / "b", two / "pa")
    merged = state(two / "a")
    assert merged == state(two / "b")
    for name in merged:
        if isinstance(merged[name], set):
            assert merged[name] == before[0][name] | before[1][name], name
    assert [item.id for item in merged["exhibits"]] == sorted({item.id for told in before for item in told["exhibits"]})
    assert merged["objects"] == {item.id for item in merged["exhibits"]}
    assert one.counts["exhibits"] == 3 and other.counts["exhibits"] == 3
    assert problems(two / "a") == [] and problems(two / "b") == []


def test_the_last_word_is_the_newer_one_on_both_sides(two: Path) -> None:
    older = Claim(id="c", exhibit=IDS[2], batch=None, by="K", description="older", at=at(1))
    newer = replace(older, description="newer", at=at(2))
    say(two / "a", newer)
    say(two / "b", older)
    pa, pb = package(two / "a", two / "qa").folder, package(two / "b", two / "qb").folder
    for case, other in (("a", pb), ("b", pa)):
        brought(two / case, other)
        with Store.open(two / case, writing=False) as store:
            claims = [claim for claim in store.exhibit_dossier(IDS[2]).claims if claim.id == "c"]
            assert [claim.description for claim in claims] == ["newer"]
            assert {claim.description for claim in store.said(Claim) if claim.id == "c"} == {"older", "newer"}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ours=st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 4), st.sampled_from("pq")), max_size=6),
    theirs=st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 4), st.sampled_from("pq")), max_size=6),
)
def test_last_words_do_not_depend_on_the_order(
    ours: list[tuple[str, int, str]], theirs: list[tuple[str, int, str]]
) -> None:
    def said(words: list[tuple[str, int, str]]) -> list[Claim]:
        return [Claim(id=key, exhibit=None, batch="b", by="K", place=what, at=at(when)) for key, when, what in words]

    def merged(one: list[Claim], other: list[Claim]) -> tuple[set[Claim], dict[str, Claim]]:
        result = [*one, *last_words(one, other)]
        return set(result), {claim.id: claim for claim in result}

    one, other = said(ours), said(theirs)
    assert merged(one, other) == merged(other, one)
    assert merged(one, other)[0] == {*one, *other}
    both = [*one, *last_words(one, other)]
    assert last_words(both, other) == []  # again changes nothing


def test_done_twice_it_changes_nothing(two: Path) -> None:
    assert not brought(two / "a", two / "pb").is_known
    before, events = state(two / "a"), size(two / "a")
    again = brought(two / "a", two / "pb")
    assert again.is_known and again.differences == ()
    assert (state(two / "a"), size(two / "a")) == (before, events)


def test_a_case_s_own_package_brings_nothing(two: Path) -> None:
    before, events = state(two / "a"), size(two / "a")
    assert brought(two / "a", two / "pa").is_known
    assert (state(two / "a"), size(two / "a")) == (before, events)


def test_what_the_two_say_differently_is_told(two: Path) -> None:
    told = {(one.kind, one.subject.split()[0][:10]) for one in brought(two / "a", two / "pb").differences}
    kinds = {kind for kind, _ in told}
    assert kinds == {"verdict", "stage", "assessed-by-both", "same-id"}
    assert ("same-id", "batch") in told and ("same-id", "incident") in told and ("same-id", "claim") in told
    (assessed,) = [one for one in brought(two / "b", two / "pa").differences if one.kind == "assessed-by-both"]
    assert (assessed.ours, assessed.theirs) == ("b", "a") and "probable" not in str(assessed)  # the review stays blind


def test_the_other_log_is_kept_whole_and_audited(two: Path) -> None:
    brought(two / "a", two / "pb")
    with Store.open(two / "a", writing=False) as store:
        (known,) = imports(store)
        event = list(store.custody())[-1]
    kept = two / "a" / known.place
    assert (event.action, event.actor) == ("import", "Ben") and event.detail["package"] == known.digest
    log = Package(str(kept), is_kept=True)
    assert log.check() == [] and log.roots[-1] == event.detail["root"]
    assert (kept / "data" / "log" / "events.jsonl").read_bytes() == (two / "pb/data/log/events.jsonl").read_bytes()
    assert problems(two / "a") == []
    for path in sorted(path for path in kept.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for spoilt in (None, content[:-1], content.replace(b"a", b"b", 1) + b"\n"):
            path.unlink()
            if spoilt is not None:
                path.write_bytes(spoilt)
            with Store.open(two / "a", writing=False) as store:
                found = list(broken_imports(store))
            assert found and all(one.where.startswith(known.place) for one in found), path
            path.unlink(missing_ok=True)
            path.write_bytes(content)
    shutil.rmtree(kept)
    assert [one.where for one in problems(two / "a")] == [known.place]


def renames(monkeypatch: pytest.MonkeyPatch, allowed: int) -> None:
    """Only so many renames of the vault and of the kept package happen; then the power is gone."""
    done = 0
    real = shelves.rename_durably

    def rename(*given: Any) -> None:
        nonlocal done
        done += 1
        if done > allowed:
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(shelves, "rename_durably", rename)
    monkeypatch.setattr(vaults, "rename_durably", rename)
    monkeypatch.setattr(keeping, "rename_durably", rename)


def test_interrupted_anywhere_it_goes_on_and_ends_the_same(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = two / "whole"
    shutil.copytree(two / "a", whole)
    brought(whole, two / "pb")
    monkeypatch.setattr("verifier.workflow.handing.bring_in.OBJECTS_A_TIME", 1)
    interrupted = 0
    for allowed in range(30):
        with monkeypatch.context() as patch:
            renames(patch, 1 if allowed % 2 else 0)
            try:
                brought(two / "a", two / "pb")
            except KeyboardInterrupt:
                interrupted += 1
                assert problems(two / "a") == []
                continue
        break
    assert interrupted > 3
    assert state(two / "a") == state(whole)
    assert size(two / "a") == size(whole)


def test_the_records_and_their_event_are_written_together_or_not_at_all(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verifier.store.writing import Writing

    before, events = state(two / "a"), size(two / "a")

    def cut(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Writing, "conclude", cut)
        with pytest.raises(KeyboardInterrupt):
            brought(two / "a", two / "pb")
    after = state(two / "a")
    assert size(two / "a") == events
    assert {**after, "objects": None} == {**before, "objects": None}  # bytes without a record are harmless
    assert problems(two / "a") == []
    brought(two / "a", two / "pb")
    assert problems(two / "a") == []


def test_a_newer_package_of_the_same_case_adds_only_what_is_new(two: Path) -> None:
    brought(two / "a", two / "pb")
    with Store.open(two / "b", writing=True) as store:
        take_in(store, Vault(two / "b"), b"came later", name=b"later.jpg", second=33)
    newer = package(two / "b", two / "newer").folder
    done = brought(two / "a", newer)
    assert (done.counts["exhibits"], done.counts["acquisitions"], done.counts["said"]) == (1, 1, 0)
    assert done.differences == ()
    assert problems(two / "a") == []
    # the older one after the newer one, in a case that has neither
    shutil.copytree(two / "pb", two / "older")
    make(two / "c", CONTENTS[:2])
    brought(two / "c", newer)
    late = brought(two / "c", two / "older")
    assert late.counts["exhibits"] == 0 and not [one for one in late.differences if one.kind == "log-parts"]


def test_two_copies_of_one_case_that_went_on_apart_are_told_and_merged(two: Path) -> None:
    shutil.copytree(two / "a", two / "copy")
    for name in ("a", "copy"):
        with Store.open(two / name, writing=True) as store:
            take_in(store, Vault(two / name), b"on " + name.encode(), name=b"n.jpg", second=33)
    pa, pc = package(two / "a", two / "qa").folder, package(two / "copy", two / "qc").folder
    done, other = brought(two / "a", pc), brought(two / "copy", pa)
    for one in (done, other):
        assert [difference.kind for difference in one.differences] == ["log-parts"]
        assert one.counts["exhibits"] == 1 and one.counts["said"] == 0
    assert state(two / "a") == state(two / "copy")
    assert problems(two / "a") == []


def test_an_earlier_state_of_a_case_catches_up_and_nothing_parts(two: Path) -> None:
    shutil.copytree(two / "a", two / "earlier")
    with Store.open(two / "a", writing=True) as store:
        take_in(store, Vault(two / "a"), b"on a", name=b"n.jpg", second=33)
    done = brought(two / "earlier", package(two / "a", two / "qa").folder)
    assert (done.differences, done.counts["exhibits"]) == ((), 1)
    before = state(two / "a")
    assert state(two / "earlier") == before


def test_a_log_that_was_rewritten_since_it_was_brought_in_is_told(two: Path) -> None:
    brought(two / "a", two / "pb")
    with Store.open(two / "b", writing=False) as store:
        case_id = str(store.setting("case.id"))
    rewritten = make(two / "anew", CONTENTS[2:], title="another laptop", case_id=case_id)
    done = brought(two / "a", package(rewritten, two / "qr").folder)
    assert "log-parts" in [one.kind for one in done.differences]


def test_a_part_of_a_case_can_be_brought_in(two: Path) -> None:
    part = package(two / "b", two / "part", exhibits=(IDS[4],)).folder
    done = brought(two / "a", part)
    assert done.counts["exhibits"] == 1
    with Store.open(two / "a", writing=False) as store:
        assert IDS[4] in {item.id for item in store.exhibits()} and IDS[5] not in {item.id for item in store.exhibits()}
        assert [claim.exhibit for claim in store.exhibit_dossier(IDS[4]).claims] == [IDS[4]]
    assert problems(two / "a") == []


def flip(folder: Path) -> None:
    path = folder / "data" / "objects" / IDS[4]
    path.write_bytes(path.read_bytes()[::-1])


@pytest.mark.parametrize(
    "spoil", [flip, lambda folder: (folder / "bagit.txt").write_bytes(b""), lambda folder: (folder / "new").mkdir()]
)
def test_a_package_that_is_not_whole_brings_nothing(two: Path, spoil: Callable[[Path], Any]) -> None:
    before, events = state(two / "a"), size(two / "a")
    spoil(two / "pb")
    with pytest.raises(PackageBroken):
        brought(two / "a", two / "pb")
    assert (state(two / "a"), size(two / "a")) == (before, events)


def test_what_is_no_package_is_refused(two: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "none", two / "b", two / "pb" / "bagit.txt"):
        with pytest.raises(UsageError):
            brought(two / "a", folder)


def test_a_record_of_an_exhibit_that_is_not_there_is_refused(two: Path) -> None:
    say(two / "b", Claim(id="stray", exhibit="f" * 64, batch=None, by="K", description="of nothing", at=AT))
    with pytest.raises(PackageBroken):
        brought(two / "a", package(two / "b", two / "qb").folder)


def test_paths_of_another_computer_are_not_known_on_this_one(two: Path) -> None:
    brought(two / "a", two / "pb")
    with Store.open(two / "a", writing=False) as store:
        theirs = [one for one in store.acquisitions() if one.exhibit == IDS[4]]
        assert theirs
        asked = [(one.path, one.size, one.modified_ns or 0) for one in store.acquisitions()]
        assert IDS[4] not in store.known(asked).values()


def test_a_recovered_head_keeps_what_was_brought_in(two: Path) -> None:
    from verifier.workflow.integrity.recover import recover

    brought(two / "a", two / "pb")
    (two / "a" / "custody" / "head.json").unlink()
    recover(two / "a", Vault(two / "a"), title="t", tool_version="1", actor="x", clock=lambda: at(55),
            progress=silent, wait_seconds=0)  # fmt: skip
    assert problems(two / "a") == []
    with Store.open(two / "a", writing=False) as store:
        (known,) = imports(store)
    assert Package(os.fspath(two / "a" / known.place), is_kept=True).check() == []


def test_a_merged_case_is_exported_whole_in_its_turn(two: Path) -> None:
    brought(two / "a", two / "pb")
    out = package(two / "a", two / "merged")
    assert isinstance(out.head, Head) and Package(str(out.folder)).check() == []
    third = make(two / "c", CONTENTS[:2])
    brought(third, out.folder)
    with Store.open(third, writing=False) as store, Store.open(two / "a", writing=False) as full:
        assert set(full.acquisitions()) <= set(store.acquisitions())
        for kind in (Claim, Verdict, Skipped):
            theirs = set(full.skipped()) if kind is Skipped else set(full.said(kind))
            assert theirs <= (set(store.skipped()) if kind is Skipped else set(store.said(kind)))
        assert all(isinstance(one, Acquisition) for one in store.acquisitions())
