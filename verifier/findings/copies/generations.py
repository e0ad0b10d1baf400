"""Which copy of a group can have been made from which, as far as the evidence carries it; all else stays unordered.

Copying loses: pixels when a copy is made smaller, a camera's own signs when a program or messenger writes the file
anew. A step is stated only between two copies that a link joins, where at least one such loss points one way and none
points the other. It says "can have been made from", never "was": both may stem from a copy that nobody handed over, a
picture can be enlarged, tags can be put back. Length alone orders nothing, because a longer one may have been added to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.copies.groups import joins, latest_decisions
from verifier.records import FindingOutcome, Relation

SMALLER, CAMERA_LOST, SHORTER = "fewer_pixels", "camera_signs_lost", "shorter"
DECIDING = frozenset({SMALLER, CAMERA_LOST})  # what may order; the rest only adds to it or forbids it
LEAST_RATIO = 1.05  # of pixels: players and encoders round sizes by a few rows
LEAST_SECONDS, LEAST_SHARE = 0.5, 0.02  # of length: containers differ by a frame or two
REWRITTEN = frozenset(
    {"lineage.platform_copy", "lineage.screen", "lineage.reencoded", "lineage.edited", "lineage.remuxed"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a copy still has of the picture or recording. 0 and "" where it is not known."""

    pixels: int = 0
    seconds: float = 0.0
    writer: str = ""  # code of the finding on what last wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`copy` can have been made from `source`, directly or through others, because it has less of it."""

    copy: str
    source: str
    because: tuple[str, ...]


def steps_of(case: CaseDossier) -> dict[str, Step]:
    """Every step within the groups of a case, by the copy that it leads to."""
    group_of = {member: group.id for group in case.groups for member in group.members}
    decided = latest_decisions(case.verdicts)
    links = [
        (match.left, match.right, match.relation)
        for match in case.matches
        if match.left in group_of and group_of[match.left] == group_of.get(match.right)
        and joins(match) and decided.get((match.left, match.right)) != "different"
    ]  # fmt: skip
    linked = {name for left, right, _ in links for name in (left, right)}
    kept = {name: kept_of(case.exhibits[name]) for name in sorted(linked) if name in case.exhibits}
    return {step.copy: step for step in steps(links, kept)}


def steps(links: Iterable[tuple[str, str, Relation]], kept: Mapping[str, Kept]) -> tuple[Step, ...]:
    """One step at most to each copy: from the source that no other of its sources can have given rise to."""
    sources: dict[str, dict[str, tuple[str, ...]]] = {}
    for left, right, relation in links:
        if left not in kept or right not in kept:
            continue
        for source, copy in ((left, right), (right, left)):
            if not kept[source].seconds and kept[copy].seconds:
                continue  # a moving picture is not made from a still one; a still from a moving one is
            forth, back = _lost(kept[source], kept[copy], relation), _lost(kept[copy], kept[source], relation)
            if DECIDING.intersection(forth) and not back:
                sources.setdefault(copy, {})[source] = forth
    return tuple(_step(copy, known, sources, kept) for copy, known in sorted(sources.items()))


def _lost(source: Kept, copy: Kept, relation: Relation) -> tuple[str, ...]:
    """What the copy has less of than the source."""
    told = []
    # a recording of a screen has the screen's pixels, whatever was shown on it
    if copy.pixels and source.pixels >= LEAST_RATIO * copy.pixels and source.writer != "lineage.screen":
        told.append(SMALLER)
    if source.writer == "lineage.camera_original" and copy.writer in REWRITTEN:
        told.append(CAMERA_LOST)
    whole = relation is not Relation.CLIP  # a part may be cut from the whole, or the whole be put together from parts
    least = max(LEAST_SECONDS, LEAST_SHARE * source.seconds)
    if whole and copy.seconds and source.seconds - copy.seconds >= least:
        told.append(SHORTER)
    return tuple(told)


def _step(
    copy: str, known: Mapping[str, tuple[str, ...]], sources: Mapping[str, Mapping[str, object]],
    kept: Mapping[str, Kept],
) -> Step:  # fmt: skip
    first = [one for one in known if not set(sources.get(one, ())) & set(known)] or list(known)
    source = max(first, key=lambda one: (kept[one].pixels, kept[one].seconds, one))
    return Step(copy=copy, source=source, because=known[source])


def kept_of(dossier: ExhibitDossier) -> Kept:
    """What is known of one copy."""
    writer = next(
        (
            finding.code
            for finding in dossier.findings
            if finding.code in REWRITTEN
            or (finding.code == "lineage.camera_original" and finding.outcome is FindingOutcome.SUPPORTS)
        ),
        "",
    )
    pixels = int(_number(dossier, "width") * _number(dossier, "height"))
    return Kept(pixels=pixels, seconds=_number(dossier, "duration_s"), writer=writer)


def _number(dossier: ExhibitDossier, question: str) -> float:
    fact = dossier.facts.get(question)
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def in_rows(members: Sequence[str], known: Sequence[Step]) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    """The ordered members as (member, depth), each below its source; and those whose order is not determined."""
    below: dict[str, list[str]] = {}
    for step in known:
        below.setdefault(step.source, []).append(step.copy)
    copies = {step.copy for step in known}
    rows: list[tuple[str, int]] = []
    first = sorted((member for member in below if member not in copies), key=lambda one: (len(below[one]), one))
    waiting = [(member, 0) for member in first]
    while waiting:
        member, depth = waiting.pop()
        rows.append((member, depth))
        waiting += [(copy, depth + 1) for copy in sorted(below.get(member, ()), reverse=True)]
    placed = {member for member, _ in rows}
    return tuple(rows), tuple(member for member in members if member not in placed)
