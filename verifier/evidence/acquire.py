"""Take files in: read each once, digest it, keep a sealed copy, note the circumstances.

A file may be hostile, and may change while it is read. It is opened from the given folder downwards without following
any link and without waiting for a pipe; it must be a regular file once open; it is read once, digested while it is
copied, and its state before and after must be the same ("changed while it was read" after three tries). A batch of
copies is made durable together and only then handed on, so that a record is never written before its bytes are safe.
Two files are copied at a time: digests and writes leave the interpreter's lock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from verifier.errors import DiskFull, Error
from verifier.evidence.durable import writing
from verifier.evidence.read_once import (
    CHUNK_BYTES,
    HEAD_BYTES,
    TAIL_BYTES,
    Changed,
    Emptiness,
    Ended,
    Pass,
    bytes_held,
    open_below,
    read_once,
)
from verifier.evidence.vault import Pending, Vault
from verifier.evidence.walk import Found, reason_of, refusal, within_int64
from verifier.media.sniff import sniff
from verifier.records import Acquisition, Exhibit, Member, Skipped

BATCH_FILES = 256
BATCH_BYTES = 256 << 20
TRIES = 3
AT_A_TIME = 2  # more copies at a time only make a spinning disk seek
SPARE = 1.05  # a disk filled to the last byte serves nobody

CHANGED = "changed while it was read, three times"
EMPTINESS = "a sparse file that claims far more bytes than it holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquiredBatch:
    """Files that are durable in the vault (or only digested, by reference), ready to be recorded."""

    taken: tuple[tuple[Exhibit, Acquisition], ...]
    skipped: tuple[Skipped, ...]
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """One file that was read through; `temporary` is where its copy lies, None where it was only digested."""

    passed: Pass
    temporary: str | None


class Acquirer:
    """Takes files into one vault. The caller holds the case's writer lock."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._ends = threading.Event()
        self._own = threading.local()

    def acquire(
        self,
        found: Iterable[Found],
        *,
        at: Callable[[], str],
        batch: str | None = None,
        operator: str | None = None,
        reference: bool = False,
    ) -> Iterator[AcquiredBatch]:
        """Read every file once, in order; hand on batches whose bytes are durable. `reference`: digest, do not keep.

        Raises DiskFull or CaseUnwritable after handing on what was still good. May be closed at any moment.
        """
        self._ends.clear()
        with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="acquire") as pool:
            try:
                for chunk in _chunks(found):
                    copies, error = self._copy_all(pool, chunk, reference)
                    yield self._hand_on(copies, at, batch, operator)
                    if error is not None:
                        raise error
            finally:
                self._ends.set()  # a copy under way stops within a chunk

    def acquire_member(self, parent: str, member: Member, *, at: str) -> tuple[Exhibit, Acquisition]:
        """Keep one file that was found inside the archive `parent`."""
        return self.acquire_members([(parent, member)], at=at)[0]

    def acquire_members(self, members: Sequence[tuple[str, Member]], *, at: str) -> list[tuple[Exhibit, Acquisition]]:
        """Keep files that were found inside archives, each with its archive's id; durable together."""
        taken, pending = [], []
        for parent, member in members:
            exhibit = _exhibit_of(member.content)
            pending.append(self._vault.write(exhibit.id, member.content))
            taken.append((exhibit, _member_acquisition(exhibit, parent, member, at)))
        self._vault.settle(pending)
        return taken

    # ------------------------------------------------------------ copying

    def _copy_all(
        self, pool: ThreadPoolExecutor, chunk: list[Found], reference: bool
    ) -> tuple[list[tuple[Found, _Copy | str]], Error | None]:
        """What became of each file, in order; the rest is left where the case cannot be written any more."""
        copies: list[tuple[Found, _Copy | str]] = []
        stopped: Error | None = None
        waiting = [(entry, pool.submit(self._copy, entry, reference)) for entry in chunk]
        for entry, future in waiting:
            try:
                copies.append((entry, future.result()))
            except Error as error:
                stopped = stopped or error
                self._ends.set()
            except Ended:
                continue
        return copies, stopped

    def _copy(self, entry: Found, reference: bool) -> _Copy | str:
        """One file, tried three times; or the reason why not."""
        for _ in range(TRIES):
            if self._ends.is_set():
                raise Ended
            try:
                source = open_below(entry.root, entry.path)
            except OSError as error:
                return reason_of(error)
            try:
                reason = refusal(os.fstat(source).st_mode)
                return reason if reason is not None else self._read(source, reference)
            except Changed:
                continue
            except Emptiness:
                return EMPTINESS
            except OSError as error:
                return reason_of(error)
            finally:
                os.close(source)
        return CHANGED

    def _read(self, source: int, reference: bool) -> _Copy:
        if reference:
            return _Copy(passed=read_once(source, None, self._buffer(), self._goes_on), temporary=None)
        needed = int(bytes_held(os.fstat(source)) * SPARE)
        with writing(self._vault.root):  # a case that is gone is not the evidence's fault
            free = shutil.disk_usage(self._vault.root).free
        if free < needed:
            raise DiskFull(f"{self._vault.root}: {needed:,} bytes are needed, {free:,} are free")
        temporary = self._vault.begin()
        whole = False
        try:
            passed = read_once(source, temporary, self._buffer(), self._goes_on)
            whole = True
        finally:
            temporary.close()
            if not whole:
                temporary.discard()
        return _Copy(passed=passed, temporary=temporary.path)

    def _goes_on(self) -> bool:
        return not self._ends.is_set()

    def _buffer(self) -> memoryview:
        """The calling thread's own buffer."""
        if not hasattr(self._own, "buffer"):
            self._own.buffer = memoryview(bytearray(CHUNK_BYTES))
        buffer: memoryview = self._own.buffer
        return buffer

    # ------------------------------------------------------------ handing on

    def _hand_on(
        self,
        copies: list[tuple[Found, _Copy | str]],
        at: Callable[[], str],
        batch: str | None,
        operator: str | None,
    ) -> AcquiredBatch:
        kept = [copy for _, copy in copies if isinstance(copy, _Copy)]
        self._vault.settle(
            [
                Pending(temporary=copy.temporary, digest=copy.passed.sha256, size=copy.passed.size)
                for copy in kept
                if copy.temporary is not None
            ]
        )
        taken: list[tuple[Exhibit, Acquisition]] = []
        skipped: list[Skipped] = []
        for entry, copy in copies:
            if isinstance(copy, str):
                skipped.append(Skipped(path=entry.path, reason=copy, at=at(), batch=batch))
            else:
                exhibit = _exhibit(copy.passed)
                taken.append((exhibit, _acquisition(exhibit, entry, copy, at(), batch, operator)))
        return AcquiredBatch(taken=tuple(taken), skipped=tuple(skipped), bytes=sum(copy.passed.size for copy in kept))


def met_again(vault: Vault) -> Iterator[tuple[str, Exhibit | str]]:
    """Hash everything that lies among the objects: the name there, and the exhibit, or why it is none."""
    buffer = memoryview(bytearray(CHUNK_BYTES))
    for name, path, is_named in vault.objects():
        yield name, _met(path, buffer) if is_named else "foreign: it was not put there by verify"


def _met(path: str, buffer: memoryview) -> Exhibit | str:
    try:
        source = open_below(os.fsencode(os.path.dirname(path)), os.fsencode(path))
    except OSError as error:
        return reason_of(error)
    try:
        reason = refusal(os.fstat(source).st_mode)
        if reason is not None:
            return reason
        exhibit = _exhibit(read_once(source, None, buffer, lambda: True))
    except Changed:
        return CHANGED
    except Emptiness:
        return EMPTINESS
    except OSError as error:
        return reason_of(error)
    finally:
        os.close(source)
    is_whole = exhibit.id == os.path.basename(path)
    return exhibit if is_whole else f"changed: its bytes now have the digest {exhibit.id}"


def _chunks(found: Iterable[Found]) -> Iterator[list[Found]]:
    """Batches of at most 256 files and 256 MB; one larger file is a batch of its own."""
    chunk: list[Found] = []
    held = 0
    for entry in found:
        if chunk and (len(chunk) >= BATCH_FILES or held + entry.size > BATCH_BYTES):
            yield chunk
            chunk, held = [], 0
        chunk.append(entry)
        held += entry.size
    if chunk:
        yield chunk


def _exhibit(passed: Pass) -> Exhibit:
    kind, media_type = sniff(passed.head, passed.size, passed.tail)
    return Exhibit(id=passed.sha256, sha512=passed.sha512, size=passed.size, kind=kind, media_type=media_type)


def _exhibit_of(content: bytes) -> Exhibit:
    kind, media_type = sniff(content[:HEAD_BYTES], len(content), content[-TAIL_BYTES:])
    return Exhibit(
        id=hashlib.sha256(content).hexdigest(),
        sha512=hashlib.sha512(content).hexdigest(),
        size=len(content),
        kind=kind,
        media_type=media_type,
    )


def _acquisition(
    exhibit: Exhibit, entry: Found, copy: _Copy, at: str, batch: str | None, operator: str | None
) -> Acquisition:
    status = copy.passed.status
    return Acquisition(
        exhibit=exhibit.id,
        path=entry.path,
        name=os.path.basename(entry.path),
        size=exhibit.size,
        modified_ns=within_int64(status.st_mtime_ns),
        device=within_int64(status.st_dev),
        inode=within_int64(status.st_ino),
        acquired_at=at,
        batch=batch,
        operator=operator,
        preserved=copy.temporary is not None,
    )


def _member_acquisition(exhibit: Exhibit, parent: str, member: Member, at: str) -> Acquisition:
    return Acquisition(
        exhibit=exhibit.id,
        path=member.path,
        name=member.path.rsplit(b"/", 1)[-1],
        size=exhibit.size,
        modified_ns=None,  # archives keep a clock reading of unknown zone, which is no instant
        device=None,
        inode=None,
        acquired_at=at,
        inside=parent,
    )
