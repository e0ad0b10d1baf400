"""Checkpoints of a case: made, kept, held against the log; the log written out; time stamps carried in.

Every checkpoint is kept (`custody/checkpoints/<size>`), the newest also as `custody/checkpoint`, which reports carry.
Public keys lie beside them (`custody/keys/<name>.pem`) so that an audit can tell a damaged signature; whoever can
write to the folder can replace both, so a stranger checks with a key that was handed over by another way.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from verifier.custody import seal as sealing
from verifier.custody.bank_envelope import fingerprint
from verifier.custody.lines import write_lines
from verifier.custody.timestamp import BadTimestamp, Stamp, check_answer, make_query
from verifier.errors import UsageError
from verifier.evidence.durable import Temporary, make_durable, rename_durably, writing
from verifier.records import Problem
from verifier.store import Store
from verifier.store.folder import LATEST
from verifier.workflow.integrity.promised import (
    BEGUN,
    authorities_path,
    broken_promises,
    broken_stamps,
    digest_of,
    stamp_name,
)
from verifier.workflow.progress import Clock

FOLDER = "custody"
CHECKPOINT = "checkpoint"
ALL = "checkpoints"
KEYS = "keys"
LARGEST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A checkpoint that was signed and kept."""

    size: int
    root: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUsed:
    """A public key that signatures were checked with. `place`: where it lies in the case; None where it was given."""

    name: str
    fingerprint: str
    place: str | None


def origin_of_case(store: Store) -> str:
    """The name of the case's log in its checkpoints."""
    return sealing.origin_of(str(store.setting("case.id") or ""))


def keys_used(store: Store, trusted: Mapping[str, Ed25519PublicKey]) -> tuple[KeyUsed, ...]:
    """The keys that `broken_seals` checks with, in order of name: those given, else those of the case itself."""
    if trusted:
        return tuple(KeyUsed(name=name, fingerprint=fingerprint(trusted[name]), place=None) for name in sorted(trusted))
    return tuple(
        KeyUsed(name=name, fingerprint=fingerprint(key), place=f"{FOLDER}/{KEYS}/{name}.pem")
        for name, key in sorted(keys_of_case(store).items())
    )


def keys_of_case(store: Store) -> dict[str, Ed25519PublicKey]:
    """The keys that lie in the case, by name; `broken_seals` names those that cannot be read."""
    keys = {}
    for path in _files(store.folder, KEYS):
        with contextlib.suppress(sealing.BadSeal, UsageError):
            keys[path.stem] = sealing.read_public(_read(path))
    return keys


def make_key(path: Path, passphrase: bytes | None) -> None:
    """Write a new private key, readable by its owner only. An existing file is never replaced (UsageError)."""
    if path.exists():
        raise UsageError(f"There is something at {path} already; a key is never replaced.")
    keep(path, sealing.private_pem(sealing.new_key(), passphrase))


def read_key(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """The private key of a file. Raises UsageError."""
    try:
        return sealing.read_private(_read(path), passphrase)
    except sealing.BadSeal as error:
        raise UsageError(f"{path.name}: {error}.") from error


def public_key(given: str) -> tuple[str, Ed25519PublicKey]:
    """Name and key from NAME=FILE. Raises UsageError."""
    name, equals, path = given.partition("=")
    if not equals or not name or not path:
        raise UsageError(f"{given} is no key; write NAME=FILE.")
    try:
        return name, sealing.read_public(_read(Path(path)))
    except sealing.BadSeal as error:
        raise UsageError(f"{path}: {error}.") from error


def seal(store: Store, key: Ed25519PrivateKey, name: str, *, clock: Clock) -> Sealed:
    """Sign the log as it is now and keep the checkpoint; the act is the log's next event. Raises UsageError."""
    folder = store.folder / FOLDER
    stated = sealing.checkpoint(origin_of_case(store), store.custody())
    public = sealing.public_pem(key.public_key())
    try:
        note = sealing.sign(stated, name, key)
    except sealing.BadSeal as error:
        raise UsageError(f"This name cannot sign: {error}.") from error
    kept = folder / KEYS / f"{name}.pem"
    if not re.fullmatch(r"[\w.-]{1,100}", name) or name.startswith("."):
        raise UsageError("The name of a key is made of letters, digits, '-', '_' and '.'.")
    if kept.exists() and kept.read_bytes() != public:
        raise UsageError(f"Another key has signed as {name} in this case; sign under another name.")
    keep(kept, public)
    for path in _begun(store):
        _end(path)
    begun = folder / ALL / f"{stated.size}{BEGUN}"  # so a kept checkpoint always has its event, and an event its text
    keep(begun, note.encode())
    store.note("seal", f"event {stated.size}", {"root": stated.root, "key": name}, actor=name, at=clock())
    keep(folder / CHECKPOINT, note.encode())
    _end(begun)
    return Sealed(size=stated.size, root=stated.root, note=note)


def broken_seals(store: Store, trusted: Mapping[str, Ed25519PublicKey]) -> tuple[int, tuple[Problem, ...]]:
    """How many checkpoints there are, and each that does not fit the log or its signatures.

    With `trusted` keys (name to key), every checkpoint must bear the signature of one of them.
    """
    stated: list[tuple[str, sealing.Checkpoint]] = []
    problems: list[Problem] = []
    keys = dict(trusted)
    for path in _files(store.folder, KEYS) if not trusted else ():
        try:
            keys[path.stem] = sealing.read_public(_read(path))
        except (sealing.BadSeal, UsageError) as error:
            problems.append(Problem(where=f"{FOLDER}/{KEYS}/{path.name}", what=str(error)))
    paths = [*_checkpoints(store.folder), *_begun(store)]
    places = [path.relative_to(store.folder).as_posix() for path in paths]
    for place in places:
        try:
            text = _read(store.folder / place).decode("utf-8", "surrogateescape")
            stated.append((place, sealing.verify(text, keys)[0]))
        except (sealing.BadSeal, UsageError) as error:
            problems.append(Problem(where=place, what=str(error)))
    origin = origin_of_case(store)
    problems += sealing.against_log(stated, origin, store.custody())
    problems += broken_promises(store, origin, stated)
    problems += _broken_latest(store, origin)
    problems += broken_stamps(store)
    return len(places), tuple(problems)


def _broken_latest(store: Store, origin: str) -> Iterator[Problem]:
    """The unsigned checkpoint of the last command, where there is one, held against the log."""
    path = store.folder / FOLDER / LATEST
    if not path.is_file():
        return
    place = f"{FOLDER}/{LATEST}"
    try:
        point = sealing.read_text(_read(path).decode("utf-8", "backslashreplace"))
    except sealing.BadSeal as error:
        yield Problem(where=place, what=str(error))
    else:
        yield from sealing.against_log([(place, point)], origin, store.custody())


def _begun(store: Store) -> list[Path]:
    """Checkpoints whose making was interrupted after their event was written."""
    sealed = {event.subject for event in store.custody() if event.action == "seal"}
    return [path for path in _files(store.folder, ALL) if path.suffix == BEGUN and f"event {path.stem}" in sealed]


def _end(begun: Path) -> None:
    with writing(begun.parent):
        rename_durably([(str(begun), str(begun.with_suffix("")))], (), begun.parent)


def write_log(store: Store, out: Path, *, actor: str, clock: Clock) -> int:
    """Write the custody log, one event a line, and note that it was given out. How many events were written."""
    count = store.custody_size()
    keep(out, b"".join(write_lines(store.custody())))
    store.note("export log", "case", {"events": count}, actor=actor, at=clock())
    return count


def query(store: Store, out: Path) -> None:
    """Write a time stamp query (RFC 3161) on the newest signed checkpoint. Raises UsageError where there is none."""
    keep(out, make_query(_newest(store)))


def anchor(store: Store, answer: Path, roots: Sequence[Path], *, actor: str, clock: Clock) -> Stamp:
    """Check an authority's answer on the newest checkpoint and keep it beside it. Raises UsageError."""
    content, answered = _newest(store), _read(answer)
    trusted = b"\n".join(_read(root) for root in roots)
    try:
        stamp = check_answer(answered, content, [trusted])
    except BadTimestamp as error:
        raise UsageError(f"{answer.name}: {error}.") from error
    size = content.split(b"\n", 2)[1].decode("ascii")
    keep(authorities_path(store.folder, digest_of(trusted)), trusted)
    kept = store.folder / FOLDER / ALL
    keep(kept / stamp_name(kept, int(size), digest_of(answered)), answered)  # beside those of other authorities
    detail = {"at": stamp.at, "authority": stamp.authority, "serial": stamp.serial, "answer": digest_of(answered),
              "roots": digest_of(trusted)}  # fmt: skip
    store.note("anchor", f"event {size}", detail, actor=actor, at=clock())
    return stamp


def _newest(store: Store) -> bytes:
    path = store.folder / FOLDER / CHECKPOINT
    if not path.is_file():
        raise UsageError("There is no checkpoint yet; make one with: verify seal --key FILE")
    return _read(path)


def _checkpoints(case: Path) -> list[Path]:
    newest = case / FOLDER / CHECKPOINT
    paths = [*([newest] if newest.is_file() else []), *_files(case, ALL)]
    return [path for path in paths if path.suffix not in (".tsr", BEGUN)]


def _files(case: Path, name: str) -> list[Path]:
    folder = case / FOLDER / name
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_BYTES)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read ({error.strerror}).") from error


def keep(path: Path, content: bytes) -> None:
    """Write a file whole and durable, or not at all; for its owner only."""
    path = path.absolute()  # a bare name has no folder to be made durable
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = Temporary(path.parent, path.parent)
    try:
        temporary.write(content)
        temporary.close()
        with writing(path.parent):
            Path(temporary.path).chmod(0o600)
            make_durable([temporary.path], path.parent)
            rename_durably([(temporary.path, str(path))], (), path.parent)
    finally:
        temporary.discard()
