"""Every kind of bad input is accounted for, and the run does not notice. The full form is `benchmarks/hostile.py`."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.hostile import jobs, unaccounted
from benchmarks.hostile_kinds import kinds
from verifier.executors.local import LocalExecutor
from verifier.instruments import Job, Outcome
from verifier.records import FaultKind, Kind

LONG_IN_THE_MAKING = ("12000 x 12000", "bomb", "scans", "twenty thousand members")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Job], dict[str, Outcome]]:
    folder = tmp_path_factory.mktemp("vault")
    made = {name: make for name, make in kinds().items() if not any(word in name for word in LONG_IN_THE_MAKING)}
    executor = LocalExecutor(workers=2, vault_root=folder)
    wanted = jobs(folder, made, executor)
    outcomes = list(executor.run(wanted.values()))
    assert unaccounted(wanted.values(), outcomes) == []
    assert Counter(outcome.exhibit for outcome in outcomes) == Counter(job.exhibit.id for job in wanted.values())
    return wanted, {outcome.exhibit: outcome for outcome in outcomes}


def test_there_are_enough_kinds(ran: tuple[dict[str, Job], dict[str, Outcome]]) -> None:
    assert len(ran[0]) >= 60
    assert len(kinds()) > len(ran[0])


def test_no_instrument_is_wrong_about_any_kind(ran: tuple[dict[str, Job], dict[str, Outcome]]) -> None:
    wanted, outcomes = ran
    wrong = [
        f"{name}: {fault.instrument}: {fault.kind}: {fault.detail}"
        for name, job in wanted.items()
        for fault in outcomes[job.exhibit.id].faults
        if fault.kind not in (FaultKind.CORRUPT, FaultKind.UNSUPPORTED, FaultKind.ABSENT)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_playlist_is_a_recording(ran: tuple[dict[str, Job], dict[str, Outcome]]) -> None:
    playlists = {name: job.exhibit.kind for name, job in ran[0].items() if name.startswith("playlist")}
    assert len(playlists) >= 13
    assert set(playlists.values()) <= {Kind.DOCUMENT, Kind.SIDECAR}


def test_what_is_broken_is_said_to_be_broken(ran: tuple[dict[str, Job], dict[str, Outcome]]) -> None:
    wanted, outcomes = ran
    for name in ("jpeg cut at 50%", "png cut at 50%", "mp4 cut at 50%", "mp4: no moov", "png: no picture data"):
        faults = outcomes[wanted[name].exhibit.id].faults
        assert "thumbnail" in {fault.instrument for fault in faults if fault.kind is FaultKind.CORRUPT}, name
    half = outcomes[wanted["jpeg cut at 50%"].exhibit.id]
    assert half.records["thumbnail"], "what could be seen is kept"
