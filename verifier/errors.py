"""Every exception of the house.

An `Error` ends a command: its docstring is the sentence the operator reads, filled with its arguments, and it carries
its own exit code. `Corrupt` and `Unsupported` are the only two things an instrument may raise; they end one reading of
one exhibit, never a command, and become a `Fault`.
"""

from __future__ import annotations

EXIT_DONE = 0
EXIT_FAULTS = 1
EXIT_USAGE = 2
EXIT_INTEGRITY = 3
EXIT_ENVIRONMENT = 4
EXIT_INTERRUPTED = 130


class Error(Exception):
    """The command cannot go on."""

    exit_code = EXIT_ENVIRONMENT

    def __init__(self, *values: object) -> None:
        super().__init__(*values)
        template = (type(self).__doc__ or "").strip()
        self.sentence = template.format(*values)

    def __str__(self) -> str:
        return self.sentence


class UsageError(Error):
    """{}"""

    exit_code = EXIT_USAGE


class NoCase(Error):
    """There is no case at {}. Make one with: verify ingest FOLDER --case {}"""

    exit_code = EXIT_USAGE


class NotACase(Error):
    """{} is not a case folder and is not empty, so nothing was written there. Choose another folder with --case."""

    exit_code = EXIT_USAGE


class NewerCase(Error):
    """The case at {} was written by a newer version of verify (layout {}, this version knows {}). Update verify, then open it again; nothing was changed."""  # noqa: E501


class CaseInUse(Error):
    """Another verify is working on the case at {}. Wait until it has finished, then run the same command again."""


class DiskFull(Error):
    """The disk of the case is full ({}). What was taken in is safe; free some space and run the same command again to go on."""  # noqa: E501


class CaseUnwritable(Error):
    """The case at {} cannot be written ({}). What was taken in is safe; put that right and run the same command again to go on."""  # noqa: E501


class ObjectsLacking(Error):
    """The objects at {} cannot be used ({}). What was taken in is safe; put that right and run the same command again to go on."""  # noqa: E501


class DatabaseLacking(Error):
    """The database of the case at {} cannot be used ({}). What was recorded is safe; put that right and run the same command again to go on."""  # noqa: E501


class PathNotFound(Error):
    """There is nothing at {}. Check the path and run the command again."""

    exit_code = EXIT_USAGE


class UnknownExhibit(Error):
    """No exhibit has an id that begins with {0}, or that name. `verify find {0}` searches; `verify list` names all."""

    exit_code = EXIT_USAGE


class AmbiguousExhibit(Error):
    """{0} can mean several exhibits: {1}. Give the beginning of the id."""

    exit_code = EXIT_USAGE


class BadSettings(Error):
    """The settings in {} cannot be used: {}."""

    exit_code = EXIT_USAGE


class RedactionLeak(Error):
    """The redacted report was not written, because {} would have told something that must stay here: {}."""

    exit_code = EXIT_FAULTS


class IntegrityBroken(Error):
    """The integrity of the case is broken: {}."""

    exit_code = EXIT_INTEGRITY


class PackageBroken(Error):
    """The package is not what was exported: {}. Nothing was brought in."""

    exit_code = EXIT_INTEGRITY


class LostDatabase(IntegrityBroken):
    """The case at {} has lost its database ({}), but {} of a case are still there; nothing was opened, made or changed. Copy the folder away, then rebuild what can be rebuilt with: verify recover --case {}"""  # noqa: E501


class RecoveryUnfinished(IntegrityBroken):
    """A recovery of the case at {} was begun and has not ended. Go on with it: verify recover --case {}"""


class WorkerFailed(Error):
    """The process that examines exhibits could not be started: {}. `verify doctor` says what is missing."""


class SandboxLacking(Error):
    """Nothing was decoded, because what shuts in the decoders of hostile files is not in force here: {}. `verify doctor` says more; to go on with less protection give --weaker-sandbox, and the custody log and every report will say so."""  # noqa: E501


class ExtraMissing(Error):
    """{} needs parts that are not installed ({}). Install them with: pip install 'verifier[{}]'"""


class BadBank(Error):
    """The bank {} cannot be used: {}."""

    exit_code = EXIT_USAGE


class SearchLacking(Error):
    """Words cannot be searched, because the SQLite of this Python has no full-text search ({}). `verify list` works without it."""  # noqa: E501


class InstrumentError(Exception):
    """What an instrument may raise about the bytes it reads: a sentence, no path, no value longer than a line."""


class Corrupt(InstrumentError):
    """The bytes claim to be of a kind, and break that kind's rules."""


class Unsupported(InstrumentError):
    """The bytes are of a kind, or a variant of a kind, that this instrument does not read."""
