"""Banks as people keep them: made from a case or from lists of others, signed, sealed, exported, told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verifier.custody import bank_envelope
from verifier.custody.bank_envelope import BadEnvelope
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.errors import BadBank, Corrupt
from verifier.evidence.vault import Vault
from verifier.findings.time.existence import bounds_of_existence
from verifier.hashing.banks import bank as banks
from verifier.hashing.banks import items as bank_items
from verifier.hashing.banks import lists as bank_lists
from verifier.hashing.banks.bank import Bank, BankHash, BankItem, ItemKind
from verifier.hashing.banks.lists import ListForm
from verifier.hashing.clips.features import FRAMES_RECIPE, decode_frames
from verifier.records import Fingerprint, Kind, Moment
from verifier.store import Store
from verifier.workflow.gather import gather

SUFFIX = ".bank"
MOST_LIST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBank:
    """A bank that was read from a file. `signers`: fingerprints of the keys whose signatures fit."""

    path: Path
    bank: Bank
    digest: str
    signers: tuple[str, ...]
    was_sealed: bool = False

    def state(self, trusted: Collection[str] = ()) -> str:
        """Whether somebody answers for the bank, in words."""
        if not self.signers:
            return "not signed"
        known = [signer for signer in self.signers if signer in trusted]
        if known:
            return f"signed by a key you trust ({', '.join(signer[:16] for signer in known)})"
        return f"signed by key {', '.join(signer[:16] for signer in self.signers)}, which is not among those you trust"


def path_of(name: Path) -> Path:
    """The file of a bank: what was said, with `.bank` where it bears no suffix."""
    return name if name.suffix else name.with_name(name.name + SUFFIX)


def read(path: Path, passphrase: bytes | None = None) -> OpenBank:
    """A bank from its file. Raises BadBank."""
    path = path if path.exists() else path_of(path)
    try:
        if path.stat().st_size > bank_envelope.MOST_BYTES:
            raise BadBank(path, "it is larger than any bank")
        file = path.read_bytes()
    except OSError as error:
        raise BadBank(path, error.strerror or "it cannot be read") from error
    try:
        opened = bank_envelope.unwrap(file, passphrase)
        known = banks.decode(opened.content)
    except (BadEnvelope, Corrupt) as error:
        raise BadBank(path, str(error)) from error
    return OpenBank(
        path=path,
        bank=known,
        digest=banks.digest_of(opened.content),
        signers=opened.signers,
        was_sealed=opened.was_sealed,
    )


def write(path: Path, bank: Bank, key: Ed25519PrivateKey | None, passphrase: bytes | None = None) -> OpenBank:
    """Write a bank in one step, signed and sealed as asked; the earlier file stays whole until the new one is."""
    content = banks.encode(bank)
    try:
        file = bank_envelope.wrap(content, [key] if key is not None else [])
        file = bank_envelope.seal(file, passphrase) if passphrase is not None else file
    except BadEnvelope as error:
        raise BadBank(path, str(error)) from error
    _replace(path, file)
    signers = (bank_envelope.fingerprint(key.public_key()),) if key is not None else ()
    return OpenBank(
        path=path, bank=bank, digest=banks.digest_of(content), signers=signers, was_sealed=passphrase is not None
    )


def write_out(path: Path, known: OpenBank, key: Ed25519PrivateKey | None, passphrase: bytes | None) -> OpenBank:
    """A copy of a bank for somebody else. Without a new key its signatures stay as they are."""
    if key is not None or known.was_sealed:
        return write(path, known.bank, key, passphrase)
    file = known.path.read_bytes()
    try:
        _replace(path, bank_envelope.seal(file, passphrase) if passphrase is not None else file)
    except BadEnvelope as error:
        raise BadBank(path, str(error)) from error
    return replace(known, path=path, was_sealed=passphrase is not None)


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.touch(mode=0o600)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        raise BadBank(path, error.strerror or "it cannot be written") from error


def create(path: Path) -> Bank:
    """A new bank named after its file. Raises BadBank where there is something already."""
    if path.exists():
        raise BadBank(path, "there is a file of that name; add to it with: verify bank add")
    try:
        return banks.empty(path.stem)
    except ValueError as error:
        raise BadBank(path, str(error)) from error


def added(path: Path, bank: Bank, items: Iterable[BankItem]) -> Bank:
    """The bank with more items. Raises BadBank."""
    try:
        return banks.extended(bank, items)
    except ValueError as error:
        raise BadBank(path, str(error)) from error


# ---------------------------------------------------------------- from a case


def items_of(
    store: Store, vault: Vault, *, only: Collection[str] = (), latest: date | None = None
) -> Iterator[BankItem]:
    """Pictures and clips of a case as items: their SHA-256, hashes, the day of capture and that by which they existed.

    `latest`: a day that whoever makes the bank answers for, in place of what the case knows.
    """
    case = gather(store)
    fingerprints: dict[str, list[Fingerprint]] = defaultdict(list)
    for name, fingerprint in store.fingerprints("pdq"):
        fingerprints[name].append(fingerprint)
    frames = {name: made.id for name, made in store.derivatives(FRAMES_RECIPE)}
    for name, dossier in case.exhibits.items():
        if only and name not in only:
            continue
        hashes: tuple[BankHash, ...] = ()
        if dossier.exhibit.kind is Kind.PHOTO:
            hashes = bank_items.of_picture(fingerprints[name])
        elif name in frames:
            hashes = tuple(bank_items.of_clip(decode_frames(vault.read_derivative(frames[name]))))
        if hashes:
            kind = ItemKind.PICTURE if dossier.exhibit.kind is Kind.PHOTO else ItemKind.CLIP
            by = latest or _existed_by(dossier, case)
            yield BankItem(id=name, kind=kind, hashes=hashes, earliest=_captured(dossier, by), latest=by)


def _existed_by(dossier: ExhibitDossier, case: CaseDossier) -> date | None:
    bounds = [bound for bound in bounds_of_existence(dossier, case) if bound.is_firm]
    return bounds[0].latest.date() if bounds else None


def _captured(dossier: ExhibitDossier, latest: date | None) -> date | None:
    """The day of capture that the file states, where it does not lie after the day by which it existed."""
    fact = dossier.facts.get("captured_at")
    if fact is None or not isinstance(fact.best.value, Moment):
        return None
    day = date.fromisoformat(fact.best.value.wall[:10])
    return day if latest is None or day <= latest else None


# ---------------------------------------------------------------- lists of others


def read_list(path: Path, form: ListForm | None, *, latest: date | None) -> list[BankItem]:
    """The items of a hash list. Raises BadBank."""
    try:
        if path.stat().st_size > MOST_LIST_BYTES:
            raise BadBank(path, "it is larger than 1 GB")
        return bank_lists.read(path.read_text(encoding="utf-8-sig"), form, latest=latest)
    except OSError as error:
        raise BadBank(path, error.strerror or "it cannot be read") from error
    except UnicodeDecodeError as error:
        raise BadBank(path, "it is no text") from error
    except Corrupt as error:
        raise BadBank(path, str(error)) from error


def write_list(path: Path, known: OpenBank, form: ListForm, only: Sequence[str] = ()) -> int:
    """Write a bank's items as a list for other tools; how many items. Such lists are neither signed nor sealed."""
    items = [item for item in known.bank.items() if not only or any(item.id.startswith(begin) for begin in only)]
    try:
        text = bank_lists.write(items, form)
    except ValueError as error:
        raise BadBank(known.path, str(error)) from error
    _replace(path, text.encode("utf-8"))
    return len(items)
