"""What is counted and looked up by query is what going through every dossier gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.made import AT, STATEMENTS, acquisition, exhibit, failed, finding, full_case, new_case, outcome, taken
from verifier.findings.copies.originals import recordings_of
from verifier.findings.examined import examination
from verifier.findings.summary import summary_of, undecided
from verifier.records import FaultKind, FindingOutcome, Fingerprint, Kind, Reading
from verifier.store import Store
from verifier.workflow.check import check
from verifier.workflow.gather import gather
from verifier.workflow.ingest import examined
from verifier.workflow.standing import standing


def of_every_kind(folder: Path) -> Path:
    """Exhibits that were read, that failed, that said nothing, that only a seal was sought in, and an empty one."""
    case = new_case(folder)
    with Store.open(case, writing=True) as store:
        store.take_in(taken(*range(1, 9)), [], batch=None, actor="Oak", at=AT)
        documents = [replace(exhibit(number), kind=Kind.OTHER, media_type="application/pdf") for number in (9, 10, 11)]
        empty = replace(exhibit(12), size=0, kind=Kind.OTHER, media_type="application/x-empty")
        came = [acquisition(number) for number in (9, 10, 11, 12)]
        store.take_in(list(zip([*documents, empty], came, strict=True)), [], batch=None, actor="Oak", at=AT)
        store.take_in(taken(1, path=b"/other/name.jpg"), [], batch=None, actor="Oak", at=AT)
        read = Reading(key="exif:Make", value="Maker", location="0")
        store.record(
            [
                outcome(1, read),
                outcome(2),
                failed(3),
                outcome(4, Fingerprint(algorithm="pdq", bits=bytes(32), quality=90)),
                failed(5, kind=FaultKind.ABSENT),
                outcome(9, Reading(key="c2pa:state", value="valid", location="0"), instrument="c2pa"),
                outcome(10),
                outcome(11, read),
            ],
            actor="Oak",
            at=AT,
        )
        store.record([failed(1, "jpeg"), outcome(6, read), outcome(6, read, instrument="c2pa")], actor="Oak", at=AT)
        store.say(STATEMENTS, actor="Oak", at=AT, action="claim")
        against = replace(finding(1), outcome=FindingOutcome.CONTRADICTS)
        store.judged({exhibit(1).id: [against, finding(1)]}, actor="Oak", at=AT, detail={})
    return case


@pytest.mark.parametrize("make", [full_case, of_every_kind])
@pytest.mark.parametrize("is_judged", [False, True])
def test_a_glance_tells_what_a_whole_look_tells(make, is_judged: bool, tmp_path: Path) -> None:
    with Store.open(make(tmp_path), writing=True) as store:
        if is_judged:
            check(store, actor="Oak", clock=lambda: AT, progress=lambda *_: None)
        whole = gather(store)
        assert examined(store) == examination(whole.exhibits.values())
        told = standing(store)
        assert told.summary == summary_of(whole)
        assert told.originals == recordings_of(whole)
        assert told.links_waiting == undecided(whole)
        assert dict(told.unexamined) == {
            key: tuple(sorted({fault.kind.value for fault in one.faults}))
            for key, one in whole.exhibits.items()
            if one.faults
        }
        assert {(one.exhibit, one.code) for one in told.contradictions} == {
            (key, said.code)
            for key, one in whole.exhibits.items()
            for said in one.findings
            if said.outcome is FindingOutcome.CONTRADICTS
        }
        assert {key for key, _ in told.unexamined} <= told.names.keys()
        assert store.tallies.kinds() == {key: one.exhibit.kind for key, one in whole.exhibits.items()}


def test_what_only_a_whole_look_can_find_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts that cannot be established are no stored fault: the last judgement remembers where."""
    import verifier.findings.judge

    real, bad = verifier.findings.judge.establish, exhibit(11).id

    def misbehaving(readings, about, *more):  # type: ignore[no-untyped-def]
        if about.id == bad:
            raise ValueError("no facts")
        return real(readings, about, *more)

    monkeypatch.setattr(verifier.findings.judge, "establish", misbehaving)
    with Store.open(of_every_kind(tmp_path), writing=True) as store:
        assert bad in dict(standing(store).unexamined)  # never judged: everything is looked at
        check(store, actor="Oak", clock=lambda: AT, progress=lambda *_: None)
        assert bad in dict(standing(store).unexamined)
        assert check(store, actor="Oak", clock=lambda: AT, progress=lambda *_: None).faults
        monkeypatch.undo()
        assert not check(store, actor="Oak", clock=lambda: AT, progress=lambda *_: None).faults
        assert bad not in dict(standing(store).unexamined)
