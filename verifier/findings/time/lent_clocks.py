"""Clocks of certain copies of the same recording: what a copy's tags say of the moment, they say of this one's.

A messenger's copy has no clocks; the photograph it was made of has. The weakest reason is then the link. Where the
exhibit's own satellite time and clock agree with one another and exclude the copy's, the two are of two moments, and
nothing is lent.
"""

from __future__ import annotations

from dataclasses import dataclass

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.lending import CLOCKS_APART, Loan, loans_of
from verifier.findings.place.fixes import fixes_of
from verifier.findings.time.device_clocks import Clock, agreeing_clocks, clocks_of
from verifier.geo.timezone import zones_at
from verifier.records import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class LentClocks:
    """The capture clocks of one copy, through one loan."""

    loan: Loan
    clocks: tuple[Clock, ...]

    @property
    def reason(self) -> str:
        """The link, as a finding's reason."""
        return f"match with {self.loan.lender[:12]} ({self.loan.relation.value}, {self.loan.method})"

    @property
    def values(self) -> dict[str, Scalar]:
        """The link as a finding's values."""
        return {"copy": self.loan.lender, "relation": self.loan.relation.value}


def lent_clocks(dossier: ExhibitDossier, case: CaseDossier) -> tuple[LentClocks, ...]:
    """Of every certain copy of the same recording that states a time of capture; agreeing ones first."""
    own_pair = agreeing_clocks(clocks_of(dossier, _zones(dossier)))
    found = []
    for loan in loans_of(dossier.exhibit.id, case):
        lender = case.exhibits.get(loan.lender) if loan.is_certain and loan.is_same_recording else None
        if lender is None:
            continue
        clocks = clocks_of(lender, _zones(lender))
        pair = agreeing_clocks(clocks)
        if pair is None:  # a container's time may be that of the copy, and not of the recording
            clocks = tuple(clock for clock in clocks if clock.question != "created_at")
        if own_pair and pair and abs(own_pair[0].earliest - pair[0].earliest) > CLOCKS_APART:
            continue
        if any(not clock.is_reset for clock in clocks):
            found.append((pair is None, loan.lender, LentClocks(loan=loan, clocks=clocks)))
    return tuple(lent for _, _, lent in sorted(found, key=lambda entry: entry[:2]))


def _zones(dossier: ExhibitDossier) -> tuple[str, ...]:
    fixes = fixes_of(dossier)
    return zones_at(fixes[0].position) if fixes else ()
