"""From the answers of a job's instruments to its one outcome."""

from __future__ import annotations

from collections.abc import Mapping

from verifier.canonical import digest
from verifier.executors.examine import Finished
from verifier.executors.wire import Entry
from verifier.instruments import Job, Outcome
from verifier.records import Fault, FaultKind, Run


def failed(name: str, kind: FaultKind, detail: str, elapsed_seconds: float = 0.0) -> Finished:
    """The answer that the parent gives for an instrument that cannot."""
    fault = Fault(kind=kind, detail=detail, instrument=name)
    return Finished(instrument=name, result=str(kind), elapsed_seconds=elapsed_seconds, faults=(fault,))


def outcome(job: Job, answers: Mapping[str, Finished], instruments: Mapping[str, Entry]) -> Outcome:
    """A run, records and faults for every instrument of the job, in the job's order."""
    parameters = digest(job.parameters)
    ordered = [answers[name] for name in job.instruments]
    runs = tuple(
        Run(
            exhibit=job.exhibit.id,
            instrument=answer.instrument,
            version=instruments[answer.instrument].version if answer.instrument in instruments else 0,
            origin=instruments[answer.instrument].origin if answer.instrument in instruments else "not installed",
            parameters_digest=parameters,
            elapsed_seconds=answer.elapsed_seconds,
            result=answer.result,
        )
        for answer in ordered
    )
    return Outcome(
        exhibit=job.exhibit.id,
        runs=runs,
        records={answer.instrument: answer.records for answer in ordered},
        faults=tuple(fault for answer in ordered for fault in answer.faults),
    )
