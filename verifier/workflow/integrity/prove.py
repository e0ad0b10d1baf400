"""The proofs that a report carries: each exhibit was taken in by an event of the log, and that event is sealed.

The tree is that of the last checkpoint, or, for what came after it, that of the log as it is now. A reader recomputes
both steps with `sha256sum` (docs/custody.md). A report of some exhibits only does not list the others of their event:
their digests would tell who holds a known file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from verifier.chain import body, leaf_hash
from verifier.custody.merkle import levels, way_up
from verifier.custody.seal import BadSeal, Checkpoint, read_text
from verifier.dossier import CaseDossier, Proof
from verifier.records import CustodyEvent
from verifier.store import Store


def with_proofs(store: Store, case: CaseDossier, *, whole: bool) -> CaseDossier:
    """The case with what shows that its exhibits stand in the log. `whole`: with every line of their events."""
    taken, acts = store.taken_in(), store.acts_on()
    exhibits = {
        key: replace(dossier, taken_in=tuple(taken.get(key, ())), acts=tuple(acts.get(key, ())))
        for key, dossier in case.exhibits.items()
    }
    wanted = sorted({act.event for dossier in exhibits.values() for act in dossier.taken_in})
    lines = store.record_lines(wanted) if whole else {}
    return replace(case, exhibits=exhibits, proofs=proofs(case.custody, wanted, lines, case.custody_checkpoint))


def proofs(
    log: Sequence[CustodyEvent], wanted: Sequence[int], lines: Mapping[int, tuple[str, ...]], note: str | None
) -> tuple[Proof, ...]:
    """A proof for each event that is wanted (by number)."""
    texts = [body(event) for event in log]
    leaves = [leaf_hash(text) for text in texts]
    now = levels(leaves)
    stated = _stated(note)
    sealed = levels(leaves[: stated.size]) if stated is not None and 0 < stated.size <= len(leaves) else None
    if sealed is None or stated is None or sealed[-1][0].hex() != stated.root:
        sealed = None  # the audit names a checkpoint that does not fit
    made = []
    for number in wanted:
        is_sealed = sealed is not None and number <= len(sealed[0])
        tree = sealed if is_sealed and sealed is not None else now
        made.append(
            Proof(
                event=number,
                text=texts[number - 1].decode("utf-8"),
                records=lines.get(number),
                size=len(tree[0]),
                root=tree[-1][0].hex(),
                is_sealed=is_sealed,
                path=tuple((side, node.hex()) for side, node in way_up(tree, number - 1)),
            )
        )
    return tuple(made)


def _stated(note: str | None) -> Checkpoint | None:
    try:
        return read_text(note) if note else None
    except BadSeal:
        return None
