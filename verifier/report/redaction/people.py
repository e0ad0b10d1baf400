"""What people said, as others may see it: who becomes a pseudonym, words are left out, numbers and levels stay."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from verifier.dossier import CaseDossier
from verifier.records import Assessment, Incident, Observation, Standing, Verdict, Worksheet
from verifier.report.redaction.policy import Policy, coarse_instant, coarse_position, coarse_precision


class People:
    """The people of a case under pseudonyms (`P-1` …), numbered in an order that only the salt tells."""

    def __init__(
        self, case: CaseDossier, policy: Policy, salt: bytes, ids: Mapping[str, str], left_out: Counter[str]
    ) -> None:
        self._case, self._policy, self._salt, self._ids, self._left_out = case, policy, salt, ids, left_out
        names = sorted(set(_names(case)), key=lambda name: self._mark("person", name))
        self._pseudonyms = {name: f"P-{number}" for number, name in enumerate(names, 1)}

    def pseudonyms(self) -> dict[str, str]:
        """Name to pseudonym; stays with the case."""
        return dict(self._pseudonyms)

    def _mark(self, kind: str, value: str) -> str:
        return hmac.digest(self._salt, f"{kind}/{value}".encode("utf-8", "surrogatepass"), "sha256").hex()[:16]

    def _at(self, text: str) -> str:
        return coarse_instant(text, self._policy)

    def _from(self, text: str | None) -> str | None:
        return coarse_instant(text, self._policy) if text else None

    def _until(self, text: str | None) -> str | None:
        return coarse_instant(text, self._policy, end=True) if text else None

    def verdicts(self) -> tuple[Verdict, ...]:
        """Decisions on pairs, without notes."""
        found = []
        for said in self._case.verdicts:
            left, right = sorted((self._ids[said.left], self._ids[said.right]))
            found.append(
                replace(said, left=left, right=right, note="", by=self._pseudonyms[said.by], at=self._at(said.at))
            )
        return tuple(sorted(found, key=lambda item: (item.left, item.right, item.at)))

    def incidents(self) -> tuple[Incident, ...]:
        """Which exhibits belong together, under a number."""
        ordered = sorted(self._case.incidents, key=lambda item: self._mark("incident", item.id))
        self._left_out["reasons of independence"] += sum(len(item.independence) for item in ordered)
        return tuple(
            Incident(
                id=self._mark("incident", said.id),
                title=f"Incident {number}",
                members=tuple(sorted(self._ids[member] for member in said.members)),
                by=self._pseudonyms[said.by],
                at=self._at(said.at),
                earliest=self._from(said.earliest),
                latest=self._until(said.latest),
            )
            for number, said in enumerate(ordered, 1)
        )

    def assessments(self, exhibit: str) -> tuple[Assessment, ...]:
        """Level, question and bounds; what it rests on is left out."""
        return tuple(
            replace(
                said,
                id=self._mark("assessment", said.id),
                exhibit=self._ids[exhibit],
                analyst=self._pseudonyms[said.analyst],
                at=self._at(said.at),
                earliest=self._from(said.earliest),
                latest=self._until(said.latest),
                because=(),
                contrary=(),
                note=None,
                review_of=self._mark("assessment", said.review_of) if said.review_of else None,
                resolves=self._mark("assessment", said.resolves) if said.resolves else None,
            )
            for said in self._case.exhibits[exhibit].assessments
        )

    def observations(self, exhibit: str) -> tuple[Observation, ...]:
        """The word of the vocabulary, when, and how many."""
        return tuple(
            Observation(
                id=self._mark("observation", said.id),
                exhibit=self._ids[exhibit],
                what=said.what,
                by=self._pseudonyms[said.by],
                at=self._at(said.at),
                start_seconds=said.start_seconds,
                end_seconds=said.end_seconds,
                least=said.least,
                most=said.most,
            )
            for said in self._case.exhibits[exhibit].observations
        )

    def standings(self, exhibit: str) -> tuple[Standing, ...]:
        """The stages, without reasons."""
        return tuple(
            replace(
                said,
                id=self._mark("standing", said.id),
                exhibit=self._ids[exhibit],
                reason=None,
                by=self._pseudonyms[said.by],
                at=self._at(said.at),
            )
            for said in self._case.exhibits[exhibit].standings
        )

    def worksheets(self, exhibit: str) -> tuple[Worksheet, ...]:
        """The camera's point where the policy lets a point be told; never what was matched."""
        found = []
        for said in self._case.exhibits[exhibit].worksheets:
            point = coarse_position(said.latitude_degrees, said.longitude_degrees, self._policy)
            if point is None:
                self._left_out["geolocation worksheets"] += 1
                continue
            self._left_out["matched features"] += len(said.features)
            found.append(
                Worksheet(
                    id=self._mark("worksheet", said.id),
                    exhibit=self._ids[exhibit],
                    by=self._pseudonyms[said.by],
                    at=self._at(said.at),
                    latitude_degrees=point[0],
                    longitude_degrees=point[1],
                    precision=coarse_precision(said.precision, self._policy),
                )
            )
        return tuple(found)


def _names(case: CaseDossier) -> Iterator[str]:
    yield from (said.by for said in case.verdicts)
    yield from (said.by for said in case.incidents)
    for dossier in case.exhibits.values():
        yield from (said.analyst for said in dossier.assessments)
        yield from (said.by for said in dossier.observations)
        yield from (said.by for said in dossier.standings)
        yield from (said.by for said in dossier.worksheets)
