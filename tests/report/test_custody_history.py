"""Each look at an exhibit's bytes, as its page tells it."""

from __future__ import annotations

from dataclasses import replace

from tests.report.sample_case import case, exhibit
from verifier.chain import NO_RECORDS
from verifier.dossier import CaseDossier, ExhibitDossier, TakenIn
from verifier.records import CustodyEvent
from verifier.report.custody_history import History


def event(seq: int, action: str, subject: str, at: str = "2026-02-03T00:00:00Z") -> CustodyEvent:
    return CustodyEvent(
        seq=seq, at=at, actor="B", action=action, subject=subject, detail={}, records_digest=NO_RECORDS,
        previous="", digest="",
    )  # fmt: skip


def looks(dossier: ExhibitDossier, *log: CustodyEvent) -> list[tuple[str, str]]:
    known: CaseDossier = replace(case(2), custody=log)
    return [(look.act, look.result) for look in History(known).of(dossier)]


def taken(dossier: ExhibitDossier, *events: int) -> ExhibitDossier:
    return replace(dossier, taken_in=tuple(TakenIn(event=number, entry=number, rows=("[]",)) for number in events))


def test_a_broken_object_is_broken_in_that_audit_only() -> None:
    one = taken(exhibit(1), 2)
    key = one.exhibit.id
    log = (
        event(1, "audit", "case"), event(2, "take in", "case"),
        event(3, "audit", key, "2026-02-04T00:00:00Z"), event(4, "audit", "case", "2026-02-04T00:00:00Z"),
        event(5, "audit", "case", "2026-02-05T00:00:00Z"), event(6, "seal", "event 5"), event(7, "anchor", "event 5"),
    )  # fmt: skip
    assert looks(one, *log) == [
        ("taken_in", "kept"), ("audit", "broken"), ("audit", "intact"), ("seal", "log_sealed"),
        ("anchor", "log_time_stamped"),
    ]  # fmt: skip
    assert looks(taken(exhibit(2), 2), *log)[1] == ("audit", "intact")


def test_what_is_not_kept_is_not_looked_at_until_it_is() -> None:
    one = exhibit(1)
    (first,) = one.acquisitions
    twice = taken(replace(one, acquisitions=(replace(first, preserved=False), first)), 1, 3)
    log = (event(2, "audit", "case"), event(4, "audit", "case"))
    assert looks(twice, *log) == [
        ("taken_in", "referenced"), ("audit", "not_here"), ("taken_in", "kept"), ("audit", "intact"),
    ]  # fmt: skip


def test_a_redacted_exhibit_has_no_history() -> None:
    assert looks(replace(exhibit(1), acquisitions=())) == []
