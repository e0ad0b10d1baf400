"""Runs jobs in this very process: for tests, and for nothing that a stranger sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from verifier.confinement import Protection
from verifier.executors.examine import Finished, examine
from verifier.executors.outcomes import outcome
from verifier.executors.registry import Registry, load
from verifier.executors.wire import Entry, catalogue
from verifier.instruments import Job, Outcome
from verifier.media.source import VaultSource


class InlineExecutor:
    """No isolation at all."""

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry = registry or load()
        self._entries = {entry.name: entry for entry in catalogue(self._registry)}

    @property
    def layers(self) -> tuple[Protection, ...]:
        """Nothing guards this process."""
        return ()

    @property
    def catalogue(self) -> Mapping[str, Entry]:
        """The instruments of the registry, by name."""
        return self._entries

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """One outcome for every job, in the jobs' order."""
        for job in jobs:
            steps = examine(job, VaultSource(job.path), self._registry)
            answers = {step.instrument: step for step in steps if isinstance(step, Finished)}
            yield outcome(job, answers, self._entries)
