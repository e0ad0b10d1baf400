"""Bytes by digest in a bucket of an S3 store, for a case that many machines work on; borrowed into a local cache.

The names are those of a case folder (`PREFIX/objects/sha256/ab/<digest>`), so that a bucket may be copied into a folder
and back by any tool. Bytes are digested before they are sent and after they are fetched; the server holds what it
receives against the SHA-256 that is sent with it. What is there is not sent again (put if absent). Who may read or
write is said to the library by the environment (`AWS_*`), never in a case.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from verifier.errors import ExtraMissing, IntegrityBroken, ObjectsLacking, UsageError
from verifier.evidence.blobs import MISSING, Pending, Stored, changed, name_of, stored
from verifier.evidence.cache import Cache
from verifier.evidence.durable import Temporary, discard
from verifier.records import Problem

if TYPE_CHECKING:
    from obstore.store import S3Store

_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_.=-]+)*)/?")
ONE_REQUEST_BYTES = 64 << 20  # larger bytes are sent in parts
PART_BYTES = 16 << 20
CHUNK_BYTES = 1 << 20
AT_A_TIME = 8
RETRIES = 6  # of a request, further and further apart
TRIES = 4  # of a transfer that broke off in the middle; requests are tried again below
_FIRST_LINE = 300
_WAITING: Any = {"timeout": "10 minutes", "connect_timeout": "10 seconds"}  # beside what the environment says


class Bucket:
    """One bucket, or what lies under a prefix of it. Raises UsageError for what is no address, ExtraMissing."""

    def __init__(self, address: str) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None or {".", ".."} & {*found[2].split("/")}:
            raise UsageError(f"{address} is no address of objects; it looks like s3://BUCKET/PREFIX.")
        self.address = address
        self._name, self._prefix = found[1], found[2].strip("/") or None
        self._opened: S3Store | None = None

    @property
    def store(self) -> S3Store:
        """The library's way to it, made when first used."""
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> S3Store:
        try:
            from obstore.store import S3Store
        except ImportError as error:
            raise ExtraMissing("A case with objects in an S3 store", "obstore", "team") from error
        with self.reached():
            return S3Store(
                self._name,
                prefix=self._prefix,
                checksum_algorithm="SHA256",
                config=_WAITING,
                retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(minutes=2)},
            )

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Turns what the store refuses into a refusal of the house. What is not there stays FileNotFoundError."""
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError:
            raise
        except (BaseError, PermissionError, OSError) as error:
            lines = str(error).strip().splitlines() or [type(error).__name__]
            raise ObjectsLacking(self.address, lines[0][:_FIRST_LINE]) from error


class BucketBlobs:
    """One shelf in a bucket: `shelf` is its name there. The case's cache holds what is in use here."""

    def __init__(self, bucket: Bucket, shelf: str, cache: Cache) -> None:
        self._bucket, self._shelf, self._cache = bucket, shelf, cache

    def path_of(self, digest: str) -> str:
        """Where a local copy lies, or would lie."""
        return self._cache.path_of(digest)

    def size_of(self, digest: str) -> int | None:
        """What the server says."""
        import obstore

        try:
            with self._bucket.reached():
                return obstore.head(self._bucket.store, self._key(name_of(digest)))["size"]
        except FileNotFoundError:
            return None

    def keep(self, pending: Sequence[Pending]) -> None:
        """Send what is not there, some at a time; the copies become the cache's."""
        fresh = {item.digest: item for item in pending}
        with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="keep") as pool:
            for _ in pool.map(self._send, fresh.values()):
                continue
        for item in pending:
            if fresh[item.digest] is item:
                self._cache.place(item.temporary, item.digest)
            else:
                discard(item.temporary)

    def at_hand(self, digest: str) -> str:
        """A local copy."""
        return self._cache.take(digest, lambda temporary: self._fetch(digest, temporary))

    def let_go(self, digest: str) -> None:
        """The local copy may be thrown away."""
        self._cache.let_go(digest)

    def open(self, digest: str) -> BinaryIO:
        """A stream over a local copy, which stays readable when its name is gone."""
        path = self.at_hand(digest)
        try:
            return Path(path).open("rb")
        finally:
            self.let_go(digest)

    def stored(self) -> Iterator[Stored]:
        """Everything under the shelf's name."""
        import obstore

        with self._bucket.reached():
            for listed in obstore.list(self._bucket.store, self._shelf, chunk_size=1000):
                for item in listed:
                    yield stored(str(item["path"]).removeprefix(f"{self._shelf}/"))

    def problem_of(self, name: str, digest: str, where: str) -> Problem | None:
        """Reads the bucket, never the cache."""
        running = hashlib.sha256()
        try:
            for chunk in self._chunks(name):
                running.update(chunk)
        except FileNotFoundError:
            return Problem(where=where, what=MISSING)
        found = running.hexdigest()
        return None if found == digest else Problem(where=where, what=changed(found))

    # ------------------------------------------------------------ transfers

    def _key(self, name: str) -> str:
        return f"{self._shelf}/{name}"

    def _send(self, item: Pending) -> None:
        """Put if absent. Bytes that are there with another size are damaged, and what we hold is whole."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        key, path = self._key(name_of(item.digest)), Path(item.temporary)
        _still(path, item)
        try:
            with self._bucket.reached():
                if item.size <= ONE_REQUEST_BYTES:
                    try:
                        obstore.put(self._bucket.store, key, path.read_bytes(), mode="create", use_multipart=False)
                    except AlreadyExistsError:
                        if self.size_of(item.digest) != item.size:
                            obstore.put(self._bucket.store, key, path.read_bytes(), use_multipart=False)
                elif self.size_of(item.digest) != item.size:
                    obstore.put(self._bucket.store, key, path, use_multipart=True, chunk_size=PART_BYTES)
        except FileNotFoundError as error:
            raise ObjectsLacking(self._bucket.address, "there is no such bucket") from error
        if self.size_of(item.digest) != item.size:
            raise ObjectsLacking(self._bucket.address, f"{item.digest[:12]} is not there after it was put")

    def _fetch(self, digest: str, temporary: Temporary) -> None:
        running = hashlib.sha256()
        for chunk in self._chunks(name_of(digest)):
            running.update(chunk)
            temporary.write(chunk)
        if running.hexdigest() != digest:
            raise IntegrityBroken(f"the bytes of {digest} in {self._bucket.address} are not what they were")

    def _chunks(self, name: str) -> Iterator[bytes]:
        """The bytes as they are kept; goes on where a transfer broke off. Raises FileNotFoundError."""
        received = 0
        for attempt in itertools.count(1):
            try:
                for chunk in self._from(name, received):
                    received += len(chunk)
                    yield chunk
            except ObjectsLacking:
                if attempt == TRIES:
                    raise
            else:
                return

    def _from(self, name: str, start: int) -> Iterator[bytes]:
        import obstore

        with self._bucket.reached():
            size = obstore.head(self._bucket.store, self._key(name))["size"]
            if start >= size:
                return
            options = {"range": {"offset": start}} if start else {}
            answer = obstore.get(self._bucket.store, self._key(name), options=options)  # type: ignore[arg-type]
            parts: Iterable[object] = answer.stream(min_chunk_size=CHUNK_BYTES)
            for part in parts:
                yield bytes(part)  # type: ignore[call-overload]


def _still(path: Path, item: Pending) -> None:
    """What is about to be sent is what was read. Raises IntegrityBroken."""
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != item.digest:
        raise IntegrityBroken(f"the copy of {item.digest} changed on this disk before it was sent")
