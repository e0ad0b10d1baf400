"""Encryption to people's keys in the age format (age-encryption.org/v1): any age program opens it with theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from verifier.errors import Error, UsageError


def recipients_of(texts: Sequence[str]) -> list[Any]:
    """Public keys: `age1…`, or an SSH key as in an `authorized_keys` file. Raises UsageError."""
    import pyrage

    found = []
    for text in texts:
        kind = pyrage.x25519.Recipient if text.strip().lower().startswith("age1") else pyrage.ssh.Recipient
        try:
            found.append(kind.from_str(text.strip()))
        except pyrage.RecipientError as error:
            begun = text.strip()[:12]
            raise UsageError(
                f"{begun}… is no public key of age: it begins with age1, ssh-ed25519 or ssh-rsa. "
                "Somebody may have sent a part of it only."
            ) from error
    return found


def encrypt(blocks: Iterable[bytes], write: Callable[[bytes], object], recipients: Sequence[Any]) -> None:
    """Encrypt a stream of blocks; nothing of it is held but a block. What `write` raises is raised."""
    import pyrage

    source, sink = _Source(iter(blocks)), _Sink(write)
    try:
        pyrage.encrypt_io(source, sink, list(recipients))
    except (pyrage.EncryptError, OSError) as error:
        raise (source.error or sink.error or error) from error
    if source.error or sink.error:
        raise source.error or sink.error or AssertionError


class _Source:
    """Blocks as a file that is read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""
        self.error: Exception | None = None

    def read(self, count: int = -1) -> bytes:
        try:
            while not self._rest:
                self._rest = next(self._blocks)
        except StopIteration:
            return b""
        except (Error, OSError) as error:
            self.error = error
            raise
        count = len(self._rest) if count < 0 else count
        given, self._rest = self._rest[:count], self._rest[count:]
        return given


class _Sink:
    """A file that is written."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.error: Exception | None = None

    def write(self, content: bytes) -> int:
        try:
            self._write(bytes(content))
        except (Error, OSError) as error:
            self.error = error
            raise
        return len(content)

    def flush(self) -> None:
        """Nothing waits here."""
