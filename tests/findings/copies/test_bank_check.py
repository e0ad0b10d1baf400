"""What searching banks amounts to in words; and how a dated hit reaches claims of time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.geo.dossiers import ONE
from tests.geo.dossiers import case as a_case
from tests.geo.dossiers import dossier as a_dossier
from verifier.dossier import ExhibitDossier, Said
from verifier.findings.copies.bank_check import CHECK, searched
from verifier.findings.time.existence import bounds_of_existence
from verifier.hashing.banks.hits import INSTRUMENT, BankHit, Scope, Searched, Stretch, readings
from verifier.records import Finding, FindingOutcome, Relation, Tier
from verifier.workflow.banks.search import SETTING, with_bank_matches

BANK = "old revision 3 (SHA-256 0123456789abcdef)"
SCOPE = Scope(items=412, hashes=900, radius=48, comparable=True, earliest="2017-01-02", latest="2022-10-01")
HIT = BankHit(item="b" * 64, relation="same-picture", tier=Tier.LIKELY, distance=12, latest="2019-11-20")


def holding(*found: Searched) -> ExhibitDossier:
    said = tuple(Said(reading=reading, instrument=INSTRUMENT, exhibit=ONE) for reading in readings(found))
    return a_dossier(said)


def findings(*found: Searched) -> list[Finding]:
    dossier = holding(*found)
    return list(CHECK.check(dossier, a_case(dossier)))


def test_readings_come_back_as_they_were() -> None:
    hit = replace(HIT, stretches=(Stretch(own=(1.0, 2.5), item=None),), mirrored=True)
    found = (Searched(bank=BANK, scope=SCOPE, hits=(hit,)), Searched(bank="z", scope=SCOPE, hits=()))
    assert searched(holding(*found)) == found


def test_a_hit_is_told_with_its_day_bank_item_and_distance() -> None:
    (finding,) = findings(Searched(bank=BANK, scope=SCOPE, hits=(HIT,)))
    assert (finding.code, finding.outcome) == ("bank.match", FindingOutcome.NOTES)
    for word in ("dated on or before 2019-11-20", BANK, "b" * 16, "12 bits of 256"):
        assert word in finding.statement


def test_a_weak_hit_asks_for_a_look() -> None:
    (finding,) = findings(Searched(bank=BANK, scope=SCOPE, hits=(replace(HIT, tier=Tier.REVIEW, distance=40),)))
    assert finding.outcome is FindingOutcome.INCONCLUSIVE and "To be looked at" in finding.statement


def test_no_hit_is_inconclusive_with_its_scope_and_never_new() -> None:
    (finding,) = findings(Searched(bank=BANK, scope=SCOPE, hits=()))
    assert (finding.code, finding.outcome) == ("bank.no_match", FindingOutcome.INCONCLUSIVE)
    assert "No match in 412 items" in finding.statement and "covering 2017-01-02 to 2022-10-01" in finding.statement
    assert "new" not in f"{finding.statement} {finding.caveat}".lower().split()


def test_what_has_no_worthy_hash_is_not_assessed() -> None:
    (finding,) = findings(Searched(bank=BANK, scope=replace(SCOPE, comparable=False), hits=()))
    assert (finding.code, finding.outcome) == ("bank.not_comparable", FindingOutcome.NOT_ASSESSED)


def test_where_no_bank_was_searched_nothing_is_said() -> None:
    dossier = a_dossier()
    assert list(CHECK.check(dossier, a_case(dossier))) == []


def test_many_hits_are_told_up_to_a_number_and_counted() -> None:
    hits = tuple(replace(HIT, item=f"{n:064x}", distance=n) for n in range(20))
    found = findings(Searched(bank=BANK, scope=SCOPE, hits=hits))
    assert len(found) == 8 and "12 more" in found[0].statement


@pytest.mark.parametrize(
    ("relation", "tier", "is_firm"),
    [("same-bytes", Tier.CERTAIN, True), ("same-picture", Tier.LIKELY, False)],
)
def test_a_dated_hit_bounds_the_time_and_only_the_same_bytes_firmly(relation: str, tier: Tier, is_firm: bool) -> None:
    dossier = holding(Searched(bank=BANK, scope=SCOPE, hits=(replace(HIT, relation=relation, tier=tier),)))
    case = replace(a_case(dossier), settings={SETTING: BANK})
    judged = with_bank_matches(case)
    (link,) = judged.matches
    assert link.right == f"bank:old:{'b' * 64}" and link.relation in (Relation.SAME_STREAMS, Relation.SAME_PICTURE)
    bounds = [bound for bound in bounds_of_existence(dossier, judged) if bound.basis == "reference bank"]
    assert [(bound.latest.date().isoformat(), bound.is_firm) for bound in bounds] == [("2019-11-21", is_firm)]


@pytest.mark.parametrize("change", [{"tier": Tier.REVIEW}, {"latest": None}])
def test_a_weak_or_undated_hit_bounds_nothing(change: dict[str, object]) -> None:
    dossier = holding(Searched(bank=BANK, scope=SCOPE, hits=(replace(HIT, **change),)))  # type: ignore[arg-type]
    judged = with_bank_matches(replace(a_case(dossier), settings={SETTING: BANK}))
    assert [bound for bound in bounds_of_existence(dossier, judged) if bound.basis == "reference bank"] == []
