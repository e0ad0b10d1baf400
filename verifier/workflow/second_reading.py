"""ExifTool as a second reader of metadata, where it is installed and asked for: one process a few hundred exhibits.

It runs outside the workers' sandbox (it is a program of its own, and workers may start none), on the vault's copies
only, without configuration, with bounds on memory, time and output. Never needed.
"""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Sequence

from verifier.canonical import digest
from verifier.errors import UsageError
from verifier.evidence.vault import Vault
from verifier.instruments import Outcome
from verifier.metadata import exiftool
from verifier.records import Exhibit, Kind, Run
from verifier.store import Store
from verifier.workflow.progress import Clock, Progress

VERSION = 1
SECONDS_AN_EXHIBIT = 3.0
KINDS = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})
NO_PARAMETERS = digest({})


def read_again(store: Store, vault: Vault, *, actor: str, clock: Clock, progress: Progress) -> int:
    """Let ExifTool read every media exhibit that it has not read; how many. Raises UsageError where it is not here."""
    executable = shutil.which("exiftool")
    if executable is None:
        raise UsageError("ExifTool is not installed on this computer; leave --exiftool out, or install it.")
    major, minor = exiftool.version(executable)
    pending = store.pending(_wanted, parameters_digest=NO_PARAMETERS, retry_faults=False)
    kept = (exhibit for exhibit, _ in pending if vault.holds(exhibit.id))
    done = 0
    while chunk := list(itertools.islice(kept, exiftool.MOST_IN_A_BATCH)):
        begun = time.monotonic()
        paths = {exhibit.id: vault.at_hand(exhibit.id) for exhibit in chunk}
        found = exiftool.read_batch(executable, paths, seconds=60 + SECONDS_AN_EXHIBIT * len(chunk))
        for exhibit in chunk:
            vault.let_go(exhibit.id)
        seconds = (time.monotonic() - begun) / len(chunk)
        outcomes = [
            Outcome(
                exhibit=exhibit.id,
                runs=(
                    Run(
                        exhibit=exhibit.id,
                        instrument=exiftool.NAME,
                        version=VERSION,
                        origin=f"ExifTool {major}.{minor:02d}",
                        parameters_digest=NO_PARAMETERS,
                        elapsed_seconds=seconds,
                        result="done",
                    ),
                ),
                records={exiftool.NAME: found.get(exhibit.id, ())},
            )
            for exhibit in chunk
        ]
        store.record(outcomes, actor=actor, at=clock())
        done += len(chunk)
        progress("examine", done, None, "ExifTool")
    return done


def _wanted(exhibit: Exhibit) -> Sequence[tuple[str, int]]:
    return [(exiftool.NAME, VERSION)] if exhibit.kind in KINDS else []
