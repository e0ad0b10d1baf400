"""Write a package: exhibits, records, the whole custody log and its proofs, as a BagIt bag that a stranger checks.

Everything but the log itself is written first; then the event of the export, with the digest of all that, goes into the
log; then the log. So a root of this log, however it reaches the recipient, covers every byte of the package.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

from verifier import __version__
from verifier.canonical import encode
from verifier.chain import Head, Tree, body, leaf_hash
from verifier.custody.lines import write_lines
from verifier.custody.merkle import levels, way_up
from verifier.custody.verify_package import Package
from verifier.errors import IntegrityBroken, UsageError
from verifier.evidence.vault import Vault
from verifier.records import CustodyEvent, Exhibit, Fault, Scalar
from verifier.report.writers import premis, ro_crate
from verifier.store import Store
from verifier.visible import visible, visible_name
from verifier.workflow.handing.bag import Bag
from verifier.workflow.handing.seals import sealed_files
from verifier.workflow.integrity.seal import keys_of_case, origin_of_case
from verifier.workflow.progress import Clock, Progress
from verifier.workflow.report import report

ACTION, SUBJECT = "export", "package"
SCHEMA = "verify-package/1"
WHOLE, CHOSEN = "whole", "chosen"
TAKEN_IN = "taken in"
OF_ONE_EXHIBIT = frozenset({TAKEN_IN, "run"})
NEVER_OF_CHOSEN = frozenset({"skipped"})  # paths of files that are no exhibit of the package
BOUND_OTHERWISE = ("data/objects/", "data/log/")  # by the rows of exhibits, and by the index of the package
_DIGEST = re.compile(rb"[0-9a-f]{64}")
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A package that was written."""

    folder: Path
    exhibits: int
    left_out: int
    objects: int
    bytes: int
    head: Head
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What goes into the package. `names`: what each exhibit was called; `copied`: those with their bytes."""

    exhibits: tuple[Exhibit, ...]
    left_out: frozenset[str]
    copied: frozenset[str]
    names: Mapping[str, Sequence[str]]

    @property
    def scope(self) -> str:
        return CHOSEN if self.left_out else WHOLE


def export(
    store: Store,
    vault: Vault,
    out: Path,
    *,
    exhibits: Sequence[str],
    lang: str,
    actor: str,
    clock: Clock,
    progress: Progress,
    passing: bool = False,
) -> Exported:
    """Write a package of these exhibits (whole ids; none means all) into `out`, which must be new or empty.

    `passing`: it lies in the case's own folder until it has been encrypted.
    Raises UsageError, and IntegrityBroken where the case is not what was written or taken in; then there is no package.
    """
    if not passing and (out == store.folder or store.folder in out.parents):
        raise UsageError("A package does not go into the folder of the case.")
    bag = Bag(out)
    try:
        return _export(store, vault, bag, exhibits, lang, actor, clock, progress)
    finally:
        bag.abandon()


def _export(
    store: Store,
    vault: Vault,
    bag: Bag,
    wanted: Sequence[str],
    lang: str,
    actor: str,
    clock: Clock,
    progress: Progress,
) -> Exported:
    written = report(
        store,
        vault,
        bag.folder / "data",
        formats=("json",),
        exhibits=wanted,
        lang=lang,
        progress=progress,
        alone=True,
    )
    bag.take_over("data/report.json")
    choice = _choose(store, frozenset(wanted))
    _objects(bag, vault, choice, progress)
    _described(bag, store, choice, clock())
    files = {f"file {name}": one for name, (one, _) in bag.digests.items() if not name.startswith(BOUND_OTHERWISE)}
    detail: dict[str, Scalar] = {
        **files,
        "exhibits": len(choice.exhibits),
        "left_out": len(choice.left_out),
        "objects": len(choice.copied),
        "scope": choice.scope,
    }
    store.note(ACTION, SUBJECT, detail, actor=actor, at=clock())
    head = _log(bag, store, choice)
    bag.close()
    problems = Package(str(bag.folder)).check()
    if problems:
        where, what = problems[0]
        raise IntegrityBroken(f"what was packed is not whole ({where}: {what}); it was not kept")
    bag.finish()
    return Exported(
        folder=bag.out,
        exhibits=len(choice.exhibits),
        left_out=len(choice.left_out),
        objects=len(choice.copied),
        bytes=sum(bag.sizes.values()),
        head=head,
        faults=written.faults,
    )


def _choose(store: Store, wanted: frozenset[str]) -> _Choice:
    known = list(store.exhibits())
    chosen = tuple(one for one in known if not wanted or one.id in wanted)
    ids = {one.id for one in chosen}
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for acquisition in store.acquisitions():
        if acquisition.exhibit in ids:
            names[acquisition.exhibit][visible_name(acquisition.name)] = None
    return _Choice(
        exhibits=chosen,
        left_out=frozenset(one.id for one in known if one.id not in ids),
        copied=frozenset(store.preserved()) & ids,
        names={key: tuple(some) for key, some in names.items()},
    )


def _objects(bag: Bag, vault: Vault, choice: _Choice, progress: Progress) -> None:
    """The exhibits' bytes, hashed while they are copied. Raises IntegrityBroken where they are not what they were."""
    for done, exhibit in enumerate(choice.exhibits):
        progress("write", done, len(choice.exhibits), "objects")
        if exhibit.id not in choice.copied:
            continue
        try:
            found = bag.add(f"data/objects/{exhibit.id}", _blocks(vault, exhibit.id))
        except FileNotFoundError as error:
            raise IntegrityBroken(f"object {exhibit.id} is missing; nothing was exported") from error
        if found != (exhibit.id, exhibit.sha512):
            raise IntegrityBroken(f"object {exhibit.id} is not what was taken in; nothing was exported")


def _blocks(vault: Vault, exhibit: str) -> Iterator[bytes]:
    with vault.open(exhibit) as stream:
        while block := stream.read(_BLOCK_BYTES):
            yield block


def _described(bag: Bag, store: Store, choice: _Choice, at: str) -> None:
    """Everything that is written before the event of the export."""
    withheld: list[int] = []
    bag.add("data/records.jsonl", _records(store, choice, withheld))
    seals = sealed_files(store)
    for name, content in seals.items():
        bag.add(f"data/log/{name}", content)
    index = {
        "schema": SCHEMA,
        "origin": origin_of_case(store),
        "title": visible(str(store.setting("case.title") or "")),
        "tool": {"name": "verify", "version": __version__},
        "scope": choice.scope,
        "exhibits": [
            {
                "id": one.id,
                "sha512": one.sha512,
                "size": one.size,
                "kind": one.kind.value,
                "media_type": one.media_type,
                "names": list(choice.names.get(one.id, ())),
                "object": one.id in choice.copied,
            }
            for one in choice.exhibits
        ],
        "left_out": sorted(choice.left_out),
        "records_withheld": len(withheld),
        "checkpoints": {
            name.rpartition("/")[2]: hashlib.sha256(content).hexdigest()
            for name, content in seals.items()
            if name.startswith("checkpoints/")
        },
        "keys": [
            {"name": name, "sha256": digest} for name, digest in _keys(store, seals)
        ],
    }  # fmt: skip
    bag.add("data/package.json", encode(index) + b"\n")
    about = defaultdict(list)
    ids = {one.id for one in choice.exhibits}
    for subject, numbers in store.acts_on().items():
        for number in numbers if subject in ids else ():
            about[number].append(subject)
    bag.add(
        "data/premis.xml", premis.render(origin_of_case(store), choice.exhibits, store.custody(), about, __version__)
    )
    objects = {one: f"objects/{one}" for one in choice.copied}
    crate = ro_crate.render(origin_of_case(store), f"Case {origin_of_case(store)}", at, choice.exhibits, objects)
    bag.add(f"data/{ro_crate.NAME}", crate)
    for name in ("VERIFY.txt", "verify_package.py"):
        bag.add(name, (resources("verifier.custody") / name).read_bytes())


def _keys(store: Store, seals: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name in sorted(keys_of_case(store)):
        digest = hashlib.sha256((store.folder / "custody" / "keys" / f"{name}.pem").read_bytes()).hexdigest()
        if f"keys/{digest}.pem" in seals:
            yield name, digest


def _records(store: Store, choice: _Choice, withheld: list[int]) -> Iterator[bytes]:
    """Rows by entry. Of chosen exhibits: only entries that speak of no exhibit, file or hand-over that is left out."""
    ids = {one.id for one in choice.exhibits}
    batches = _batches(store, ids) if choice.left_out else frozenset()
    for number, kind, subject, lines in store.rows_of_entries():
        if choice.left_out and not _is_told(kind, subject, lines, ids, choice.left_out, batches):
            withheld.append(number)
            continue
        for line in lines:
            yield b"[%d,%b]\n" % (number, line.removesuffix(b"\n"))


def _batches(store: Store, ids: set[str]) -> frozenset[str]:
    """Hand-overs that an exhibit of the package came with."""
    return frozenset(one.batch for one in store.acquisitions() if one.batch is not None and one.exhibit in ids)


def _is_told(
    kind: str,
    subject: str | None,
    lines: Sequence[bytes],
    ids: set[str],
    left_out: frozenset[str],
    batches: frozenset[str],
) -> bool:
    if kind in OF_ONE_EXHIBIT:
        return subject in ids
    if kind in NEVER_OF_CHOSEN or any(one.decode() in left_out for line in lines for one in _DIGEST.findall(line)):
        return False
    if kind == "batch":
        return subject in batches
    if kind == "said":
        return all(_speaks_of_chosen(line, batches) for line in lines)
    return True


def _speaks_of_chosen(line: bytes, batches: frozenset[str]) -> bool:
    """Whether what a person said is about an exhibit (of the package, see above) or a hand-over of one."""
    table, _, row = json.loads(line)
    if table == "batches":
        return row["id"] in batches
    return row.get("exhibit") is not None or row.get("batch") in batches or table in ("verdicts", "incidents")


def _log(bag: Bag, store: Store, choice: _Choice) -> Head:
    """The log as it is with the event of the export, what each event wrote, and a proof for each exhibit."""
    tree, leaves, last = Tree(), [], ""

    def events() -> Iterator[CustodyEvent]:
        nonlocal last
        for event in store.custody():
            text = body(event)
            tree.append(text)
            leaves.append(leaf_hash(text))
            last = event.digest
            yield event

    bag.add("data/log/events.jsonl", write_lines(events()))
    head = Head(size=tree.size, digest=last, root=tree.root())
    bag.add("data/log/entries.jsonl", _entries(store))
    stated = {"digest": head.digest, "origin": origin_of_case(store), "root": head.root, "size": head.size}
    bag.add("data/log/head.json", encode(stated) + b"\n")
    ids = {one.id for one in choice.exhibits}
    bag.add("data/proofs.jsonl", _proofs(store, levels(leaves), ids))
    return head


def _entries(store: Store) -> Iterator[bytes]:
    for seq, line in store.entry_lines():
        yield b"[%d,%b]\n" % (seq, line.removesuffix(b"\n"))


def _proofs(store: Store, tree: Sequence[Sequence[bytes]], ids: set[str]) -> Iterator[bytes]:
    acts = sorted((exhibit, entry, seq) for exhibit, entry, seq in store.entered(TAKEN_IN) if exhibit in ids)
    for exhibit, entry, seq in acts:
        path = [[side, sibling.hex()] for side, sibling in way_up(tree, seq - 1)]
        yield encode({"entry": entry, "event": seq, "exhibit": exhibit, "path": path}) + b"\n"
