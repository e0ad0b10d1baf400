"""Where two cases that become one do not say the same: told to a person, settled by nobody else.

Assessments are only said to stand side by side: whether they agree is for a blind review to find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from verifier.chain import Tree, body
from verifier.custody.verify_package import Package
from verifier.findings.copies.groups import latest_decisions
from verifier.records import Assessment, Batch, Claim, Exhibit, Incident, Observation, Standing, Verdict, Worksheet
from verifier.store import Store
from verifier.store.handing.bringing_in import SAID, Brought
from verifier.workflow.handing.kept import imports
from verifier.workflow.integrity.seal import origin_of_case

FORK, DESCRIBED, DECIDED, STANDS, ASSESSED, SAME_ID = (
    "log-parts", "exhibit-described", "verdict", "stage", "assessed-by-both", "same-id",
)  # fmt: skip
_NAMED_BY_ID = (Batch, Claim, Incident, Observation, Worksheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing of which both cases speak, differently. `kind`: a code of this module."""

    kind: str
    subject: str
    ours: str
    theirs: str


def differences(store: Store, package: Package, brought: Brought) -> tuple[Difference, ...]:
    """What the case and the package say differently, before they are merged. What was said here before is not told."""
    here: set[Any] = set()
    for kind in SAID:
        here.update(store.said(kind))
    brought = replace(brought, said=tuple(item for item in brought.said if item not in here))
    return (
        *_forks(store, package),
        *_described(store, brought),
        *_decided(store, brought),
        *_stands(store, brought),
        *_assessed(store, brought),
        *_same_ids(store, brought),
    )


def _forks(store: Store, package: Package) -> Iterator[Difference]:
    """The other log is not one with what is known of it: ours under its name, or one that was brought in before."""
    if package.origin == origin_of_case(store):
        common, events = _common(store, package), store.custody_size()
        if common < events:  # else this case is an earlier state of that one
            ours = f"{events} events here, in common the first {common}"
            yield Difference(kind=FORK, subject=package.origin, ours=ours, theirs=f"{len(package.roots)} there")
    for known in imports(store):
        if known.event.subject != package.origin:
            continue
        size, root = known.event.detail.get("events"), str(known.event.detail.get("root"))
        if isinstance(size, int) and size <= len(package.roots) and package.roots[size - 1] == root:
            continue
        earlier = Package(str(store.folder / known.place), is_kept=True)
        earlier.files()
        earlier.log()
        if package.roots[-1] in earlier.roots:
            continue
        yield Difference(kind=FORK, subject=package.origin, ours=f"root {root}", theirs=f"root {package.roots[-1]}")


def _common(store: Store, package: Package) -> int:
    """With how many events both logs begin."""
    tree = Tree()
    for event in store.custody():
        tree.append(body(event))
        if tree.size > len(package.roots) or package.roots[tree.size - 1] != tree.root():
            return tree.size - 1
    return tree.size


def _described(store: Store, brought: Brought) -> Iterator[Difference]:
    ours = {item.id: item for item in store.exhibits()}
    for item in brought.exhibits:
        known = ours.get(item.id)
        if known is not None and known != item:
            yield Difference(kind=DESCRIBED, subject=item.id, ours=_words(known), theirs=_words(item))


def _words(exhibit: Exhibit) -> str:
    return f"{exhibit.kind.value}, {exhibit.media_type}, {exhibit.size} bytes, SHA-512 {exhibit.sha512[:16]}"


def _decided(store: Store, brought: Brought) -> Iterator[Difference]:
    ours = latest_decisions(store.said(Verdict))
    for pair, theirs in latest_decisions(item for item in brought.said if isinstance(item, Verdict)).items():
        if pair in ours and ours[pair] != theirs:
            yield Difference(kind=DECIDED, subject=" ".join(pair), ours=ours[pair], theirs=theirs)


def _stands(store: Store, brought: Brought) -> Iterator[Difference]:
    ours, theirs = _stages(store.said(Standing)), _stages(brought.said)
    for exhibit in sorted(ours.keys() & theirs.keys()):
        if ours[exhibit] != theirs[exhibit]:
            yield Difference(kind=STANDS, subject=exhibit, ours=ours[exhibit], theirs=theirs[exhibit])


def _stages(said: tuple[Any, ...]) -> Mapping[str, str]:
    stands = sorted((item for item in said if isinstance(item, Standing)), key=lambda item: item.at)
    return {item.exhibit: item.stage for item in stands}


def _assessed(store: Store, brought: Brought) -> Iterator[Difference]:
    ours = {(item.exhibit, item.question.value): item for item in store.said(Assessment)}
    known = {item.id for item in store.said(Assessment)}
    for item in brought.said:
        if isinstance(item, Assessment) and item.id not in known:
            own = ours.get((item.exhibit, item.question.value))
            if own is not None:
                subject = f"{item.exhibit} {item.question.value}"
                yield Difference(kind=ASSESSED, subject=subject, ours=own.analyst, theirs=item.analyst)


def _same_ids(store: Store, brought: Brought) -> Iterator[Difference]:
    for kind in _NAMED_BY_ID:
        ours = {item.id: item for item in store.said(kind)}  # type: ignore[attr-defined]
        theirs = {item.id: item for item in brought.said if isinstance(item, kind)}
        for key in sorted(ours.keys() & theirs.keys()):
            if ours[key] != theirs[key]:
                yield Difference(kind=SAME_ID, subject=f"{kind.__name__.lower()} {key}",
                                 ours=_who(ours[key]), theirs=_who(theirs[key]))  # fmt: skip


def _who(item: object) -> str:
    return str(getattr(item, "by", None) or getattr(item, "operator", None) or "not stated")
