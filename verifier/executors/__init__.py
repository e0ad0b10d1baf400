"""One promise: exactly one outcome per job, whatever becomes of the worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from verifier.confinement import Protection
from verifier.executors.wire import Entry
from verifier.instruments import Job, Outcome


class Executor(Protocol):
    """Runs jobs somewhere."""

    @property
    def layers(self) -> tuple[Protection, ...]:
        """What guards this machine against the bytes; a layer that is not named is not in force."""
        ...

    @property
    def catalogue(self) -> Mapping[str, Entry]:
        """The instruments it has, by name; whoever makes jobs need not import any."""
        ...

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """One outcome for every job, in any order. Jobs are pulled as room becomes free, from the calling thread."""
        ...
