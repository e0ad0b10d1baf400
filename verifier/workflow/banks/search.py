"""The admission gate: every exhibit of a case against every bank; answers are readings, and links for time claims."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from verifier import guarded
from verifier.canonical import digest
from verifier.dossier import CaseDossier
from verifier.evidence.vault import Vault
from verifier.executors.registry import origin
from verifier.findings.copies.bank_check import searched
from verifier.guarded import Guard
from verifier.hashing import pdq
from verifier.hashing.banks.hits import INSTRUMENT, Searched, as_match, readings
from verifier.hashing.banks.search import BankIndex
from verifier.hashing.clips.features import FRAMES_RECIPE, decode_frames
from verifier.instruments import Outcome
from verifier.records import Exhibit, Fault, Fingerprint, Kind, Match, Run
from verifier.store import Store
from verifier.workflow.banks.keep import OpenBank
from verifier.workflow.progress import Clock, Progress

VERSION = 1
SETTING = "banks_searched"  # of the case: labels of the banks that its exhibits were last held against
OUTCOMES_A_COMMIT = 512
KINDS = frozenset({Kind.PHOTO, Kind.VIDEO})


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTally:
    """What one search of banks did: exhibits searched now, of these how many were found, and where it failed."""

    searched: int
    matched: int
    faults: Counter[str] = field(default_factory=Counter)  # by kind


def search_banks(
    store: Store, vault: Vault, opened: Sequence[OpenBank], *, actor: str, clock: Clock, progress: Progress,
    retry_faults: bool = False,
) -> GateTally:  # fmt: skip
    """Hold every exhibit that these banks have not seen against them. Other banks' earlier answers are replaced.

    A search that fails is a fault of its exhibit; `retry_faults`: try these again.
    """
    parameters = digest(sorted(bank.digest for bank in opened))
    pending = [
        exhibit for exhibit, _ in store.pending(_wanted, parameters_digest=parameters, retry_faults=retry_faults)
    ]  # fmt: skip
    if not pending or not opened:
        return GateTally(searched=0, matched=0)
    indexes = [BankIndex(bank.bank, bank.digest) for bank in opened]
    hashes = defaultdict(list)
    for name, fingerprint in store.fingerprints(pdq.ALGORITHM):
        hashes[name].append(fingerprint)
    frames = _frames(store)
    waiting: list[Outcome] = []
    matched = 0
    guard = Guard(INSTRUMENT, seconds=guarded.PAIR_SECONDS)
    for done, exhibit in enumerate(pending, start=1):
        begun = time.monotonic()
        search = partial(_all, exhibit, indexes, hashes[exhibit.id], frames.get(exhibit.id, {}), vault.read_derivative)
        found: tuple[Searched, ...] = ()
        found = guard.attempt((exhibit.id,), search, found)
        matched += any(answer.hits for answer in found)
        faults = guard.faults.get(exhibit.id, [])
        waiting.append(_outcome(exhibit, found, faults, parameters, time.monotonic() - begun))
        if len(waiting) >= OUTCOMES_A_COMMIT:
            store.record(waiting, actor=actor, at=clock())
            waiting = []
        progress("compare", done, len(pending), "with banks")
    store.record(waiting, actor=actor, at=clock())
    searched = ", ".join(sorted(index.label for index in indexes))
    if store.setting(SETTING) != searched:
        store.set_setting(SETTING, searched, actor=actor, at=clock())
    kinds = Counter(fault.kind.value for fault in guard.all())
    return GateTally(searched=len(pending), matched=matched, faults=kinds)


def _wanted(exhibit: Exhibit) -> Sequence[tuple[str, int]]:
    return [(INSTRUMENT, VERSION)] if exhibit.kind in KINDS else []


def _all(
    exhibit: Exhibit, indexes: Sequence[BankIndex], hashes: Sequence[Fingerprint], made: Mapping[str, str],
    read: Callable[[str], bytes],
) -> tuple[Searched, ...]:  # fmt: skip
    return tuple(_searched(exhibit, index, hashes, made, read) for index in indexes)


def _searched(
    exhibit: Exhibit,
    index: BankIndex,
    hashes: Sequence[Fingerprint],
    made: Mapping[str, str],
    read: Callable[[str], bytes],
) -> Searched:
    if exhibit.kind is Kind.VIDEO and FRAMES_RECIPE in made:
        return index.clip(exhibit.id, decode_frames(read(made[FRAMES_RECIPE])))
    return index.picture(exhibit.id, worthy(hashes))


def _frames(store: Store) -> dict[str, dict[str, str]]:
    return {name: {FRAMES_RECIPE: made.id} for name, made in store.derivatives(FRAMES_RECIPE)}


def search_one(
    exhibit: Exhibit,
    hashes: Sequence[Fingerprint],
    made: Mapping[str, str],
    read: Callable[[str], bytes],
    opened: Sequence[OpenBank],
) -> tuple[Searched, ...]:
    """One exhibit, of the case or not, against banks. `made`: derivatives' ids by recipe; `read` gives their bytes."""
    if exhibit.kind not in KINDS:
        return ()
    return tuple(_searched(exhibit, BankIndex(bank.bank, bank.digest), hashes, made, read) for bank in opened)


def search_known(exhibit: Exhibit, store: Store, vault: Vault, opened: Sequence[OpenBank]) -> tuple[Searched, ...]:
    """An exhibit of the case against banks, without recording it."""
    if not opened:
        return ()
    hashes = [one for name, one in store.fingerprints(pdq.ALGORITHM) if name == exhibit.id]
    return search_one(exhibit, hashes, _frames(store).get(exhibit.id, {}), vault.read_derivative, opened)


def worthy(hashes: Sequence[Fingerprint]) -> list[bytes]:
    """The hashes of a picture that are good enough to be searched with."""
    return [one.bits for one in hashes if (one.quality or 0) >= pdq.LEAST_QUALITY and one.offset_seconds is None]


def _outcome(
    exhibit: Exhibit, found: tuple[Searched, ...], faults: Sequence[Fault], parameters: str, seconds: float
) -> Outcome:
    run = Run(
        exhibit=exhibit.id,
        instrument=INSTRUMENT,
        version=VERSION,
        origin=origin(),
        parameters_digest=parameters,
        elapsed_seconds=seconds,
        result=faults[0].kind.value if faults else "done",
    )
    return Outcome(exhibit=exhibit.id, runs=(run,), records={INSTRUMENT: readings(found)}, faults=tuple(faults))


def with_bank_matches(case: CaseDossier) -> CaseDossier:
    """The case with a link for every hit that is dated, for the checks: a copy in a bank lends its date."""
    if SETTING not in case.settings:
        return case
    found: list[Match] = []
    for name, dossier in case.exhibits.items():
        is_clip = dossier.exhibit.kind is Kind.VIDEO
        for answer in searched(dossier):
            found += [as_match(name, answer.bank, hit, is_clip=is_clip) for hit in answer.hits if hit.latest]
    return replace(case, matches=(*case.matches, *found)) if found else case
