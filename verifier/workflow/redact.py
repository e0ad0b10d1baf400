"""Write a redacted report: redact, write, search every file for every secret, and only then put it in place.

Everything happens in memory and in the case's own temporary folder until the search has found nothing. If it finds
something, or a file cannot be looked through, nothing is left and the command ends with one sentence.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from verifier.canonical import encode
from verifier.dossier import CaseDossier
from verifier.errors import Corrupt, RedactionLeak, UsageError
from verifier.evidence.durable import writing
from verifier.evidence.vault import Vault
from verifier.executors.registry import load
from verifier.guarded import UNGUARDED
from verifier.media.coarse import block_means
from verifier.media.encode import encode_png, small
from verifier.records import Fingerprint, Scalar
from verifier.report.redaction.policy import Policy
from verifier.report.redaction.redact import Ledger, redact
from verifier.report.redaction.scan import Scanner
from verifier.report.redaction.secrets import secrets_of, told_of
from verifier.report.writers.manifest import manifest
from verifier.store import Store
from verifier.workflow.gather import gather
from verifier.workflow.gathering.narrowed import decided, only
from verifier.workflow.integrity.look import look_first
from verifier.workflow.integrity.seal import keep
from verifier.workflow.progress import Clock, Progress, silent
from verifier.workflow.report import WRITERS, Order

COARSE_PIXELS = 12  # of the longer side
SALT_BYTES = 32
FOLDER = "redactions"
OURS = (("verifier", (".py",)), ("verifier.evidence", (".py",)),
        ("verifier.report", (".toml", ".j2", ".css", ".typ", ".json", ".py")),
        ("verifier.metadata.data", (".json",)),  # names of programs and platforms, as findings tell them
        ("verifier.workflow", (".toml",)))  # fmt: skip
WORDS_OF_FORMATS = (  # what a PDF's own grammar and the engine that makes it say
    b"IHDR IDAT IEND "
    b"Identity FontDescriptor FontFile CIDFont CIDSystemInfo CIDToGIDMap DescendantFonts ToUnicode Encoding BaseFont "
    b"Vazirmatn Regular Medium SemiBold Adobe Typst Catalog Metadata Outlines StructTreeRoot StructParents ParentTree "
    b"Document Section Header Footer Subtype Parent Contents Resources Filter FlateDecode Length MediaBox Annots "
    b"Actual Alternate Figure Caption Table Producer Creator Author Keywords Subject Embedded EmbeddedFiles Border "
    b"ProcSet ColorSpace Pattern Shading XObject Gradient DeviceGray DeviceRGB ICCBased Device Linearized Startxref"
)
EPOCH_SECONDS = 946_684_800  # 2000-01-01: when the files were written is nobody's business


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A redacted report that was written."""

    files: tuple[Path, ...]
    searched: int  # values that were searched for
    too_short: int  # values that were too short for it
    in_our_words: int
    left_out: Mapping[str, int]


def redacted_report(
    store: Store,
    vault: Vault,
    out: Path,
    *,
    formats: Sequence[str],
    exhibits: Sequence[str],
    lang: str,
    policy: Policy,
    actor: str,
    clock: Clock,
    progress: Progress,
    annex: bool = False,
) -> Redacted:
    """Write a redacted report into `out`, which must be empty or new. Raises RedactionLeak; then nothing is written."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError("A redacted report goes into an empty folder, so that nothing else is given away with it.")
    look_first(store, vault)
    case = decided(gather(store), UNGUARDED)
    shown = only(case, frozenset(exhibits)) if exhibits else case
    salt = secrets.token_bytes(SALT_BYTES)
    hidden, ledger = redact(replace(shown, limits=()) if exhibits else shown, policy, salt)
    more = {"path": str(store.folder), "path part": store.folder.name}
    wanted = secrets_of(case, policy, _fingerprints(store), more)
    with tempfile.TemporaryDirectory(prefix="redacting-", dir=_workspace(store.folder)) as folder:
        workspace = Path(folder)
        scanner = Scanner(wanted, our_words(), told_of(case, policy))
        refuse_leaks(scanner, write_all(hidden, _nothing, ("json",), lang, workspace, silent))  # before paper is set
        written = write_all(hidden, _coarse(ledger, vault), formats, lang, workspace, progress, annex=annex)
        complete = {**written, **manifest(written, policy, ledger.left_out, scanner.searched)}
        refuse_leaks(scanner, complete)
        placed = _place(complete, out)
    _remember(store, ledger, salt, policy, complete, actor=actor, clock=clock)
    return Redacted(
        files=placed,
        searched=scanner.searched,
        too_short=scanner.too_short,
        in_our_words=scanner.in_our_words,
        left_out=ledger.left_out,
    )


def hidden_case(store: Store, exhibits: Sequence[str], policy: Policy) -> CaseDossier:
    """The case as a redacted report would tell it, for a look beforehand; its ids are those of no report."""
    case = decided(gather(store), UNGUARDED)
    shown = only(case, frozenset(exhibits)) if exhibits else case
    return redact(replace(shown, limits=()) if exhibits else shown, policy, secrets.token_bytes(SALT_BYTES))[0]


def refuse_leaks(scanner: Scanner, files: Mapping[str, bytes]) -> None:
    """Raises RedactionLeak with file and place, and the kind, exhibit and field of what it told; never the value."""
    leaks = scanner.leaks(files)
    if leaks:
        first = leaks[0]
        more = f", and {len(leaks) - 1} more" if len(leaks) > 1 else ""
        raise RedactionLeak(
            scanner.place(first, files[first.file]), f"{first.kind}{f' of {first.where}' if first.where else ''}{more}"
        )


def write_all(
    case: CaseDossier,
    pictures: Callable[[str], bytes],
    formats: Sequence[str],
    lang: str,
    workspace: Path,
    progress: Progress,
    *,
    annex: bool = False,
) -> dict[str, bytes]:
    """Every file of the chosen formats by name."""
    order = Order(case=case, pictures=pictures, lang=lang, workspace=workspace, annex=annex)
    written: dict[str, bytes] = {}
    for done, name in enumerate(formats):
        progress("write", done, len(formats), name)
        written.update(WRITERS[name](order))
    return written


def _nothing(identity: str) -> bytes:
    """No picture: report.json holds none."""
    return b""


def _workspace(case: Path) -> Path:
    folder = case / "tmp"
    with writing(case):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _fingerprints(store: Store) -> Iterable[Fingerprint]:
    for algorithm in store.algorithms():
        yield from (item for _, item in store.fingerprints(algorithm))


def _coarse(ledger: Ledger, vault: Vault) -> Callable[[str], bytes]:
    """A dozen grey points in place of each picture, written anew so that nothing travels in its metadata."""

    def picture(identity: str) -> bytes:
        try:
            means = block_means(vault.read_derivative(ledger.pictures[identity]))
        except Corrupt:  # no preview that we make: nothing of it is shown
            means = np.full((1, 1), 128, np.uint8)
        return encode_png(small(means, COARSE_PIXELS))

    return picture


def our_words() -> Iterable[bytes]:
    """The files that the words of a report come from: templates, languages, vocabularies and our own modules."""
    yield WORDS_OF_FORMATS
    known = load()
    names = (
        *known.analysers,
        *known.viewers,
        *known.checks,
        *(code for c in known.checks.values() for code in c.codes),
    )
    yield "\n".join(sorted(map(str, names))).encode("utf-8")
    for package, endings in OURS:
        yield from _texts(resources(package), endings, deep=package == "verifier.report")


def _texts(folder: Traversable, endings: tuple[str, ...], *, deep: bool) -> Iterable[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_file() and entry.name.endswith(endings):
            yield entry.read_bytes()
        elif deep and entry.is_dir():
            yield from _texts(entry, endings, deep=True)


def _place(files: Mapping[str, bytes], out: Path) -> tuple[Path, ...]:
    """All files at once: a folder beside `out` takes its place when it is whole."""
    with writing(out.parent):
        out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        with writing(out.parent):
            for name, content in files.items():
                path = passing / name
                path.write_bytes(content)
                path.chmod(0o600)
                os.utime(path, (EPOCH_SECONDS, EPOCH_SECONDS))
            if out.is_dir():
                out.rmdir()
            passing.rename(out)
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    return tuple(out / name for name in files)


def _remember(
    store: Store, ledger: Ledger, salt: bytes, policy: Policy, files: Mapping[str, bytes], *, actor: str, clock: Clock
) -> None:
    """The salt and who is who stay with the case, in a file whose digest the log states; never in the report."""
    kept = encode(
        {"salt": salt.hex(), "policy": policy.stated(), "exhibits": ledger.exhibits, "people": ledger.people,
         "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}}
    )  # fmt: skip
    digest = hashlib.sha256(kept).hexdigest()
    keep(store.folder / "custody" / FOLDER / f"{digest[:16]}.json", kept)
    detail: dict[str, Scalar] = {"ledger": digest, "policy": policy.stated(), "files": len(files)}
    store.note("redacted report", f"redaction {digest[:16]}", detail, actor=actor, at=clock())
