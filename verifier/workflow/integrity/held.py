"""The log held against what somebody else kept: a root that was printed, a checkpoint that was given away.

A root or checkpoint out of the reach of whoever can write to the case proves that the events it was made over are
unchanged, for different logs have different roots (RFC 6962). It may be of an earlier, smaller log.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verifier.chain import EMPTY_ROOT, Tree, body
from verifier.custody import seal as sealing
from verifier.errors import UsageError
from verifier.records import CustodyEvent, Problem
from verifier.visible import visible

ROOT, CHECKPOINT = "root", "checkpoint"
_ROOT = re.compile(r"[0-9a-f]{64}")
_BETWEEN = re.compile(r"[\s:_-]+")  # what people put between digits when they print or type them
_SIGNATURE = "\u2014 "


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What somebody kept, and what it says of this log. `size`: events that it covers, None where the log has no such
    root; `problem`: why it does not fit, None where it does."""

    what: str
    given: str
    root: str
    size: int | None = None
    origin: str | None = None
    signed_by: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def fits(self) -> bool:
        """Whether the log begins with what was kept."""
        return self.problem is None

    def problems(self) -> tuple[Problem, ...]:
        """Why it does not fit, if it does not."""
        return () if self.problem is None else (Problem(where=f"{self.what} {self.given}", what=self.problem),)


def read_root(given: str) -> Held:
    """A root in hexadecimal, also in groups or capitals. Raises UsageError."""
    root = _BETWEEN.sub("", given.strip()).lower()
    if not _ROOT.fullmatch(root):
        raise UsageError(f"{visible(given, 80)} is no root; write its 64 hexadecimal digits.")
    if root == EMPTY_ROOT:
        raise UsageError("This is the root of a log without events, which proves nothing.")
    return Held(what=ROOT, given=root, root=root)


def read_checkpoint(path: Path, keys: Mapping[str, Ed25519PublicKey]) -> Held:
    """A checkpoint, signed or only its three lines. Raises UsageError where it is none.

    A signature that a known key did not make is a problem of what was kept; unknown keys say nothing.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(sealing.MOST_BYTES + 1).decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is no checkpoint: it is not text.") from error
    text = text.replace("\r\n", "\n").strip("\n") + "\n"
    try:
        point = sealing.read_text(text)
    except sealing.BadSeal as error:
        raise UsageError(f"{path.name}: {error}.") from error
    if point.size == 0:
        raise UsageError(f"{path.name} is a checkpoint of a log without events, which proves nothing.")
    held = Held(what=CHECKPOINT, given=path.name, root=point.root, size=point.size, origin=point.origin)
    if not any(line.startswith(_SIGNATURE) for line in text.split("\n")):
        return held
    try:
        return replace(held, signed_by=sealing.verify(text, keys)[1]) if keys else held
    except sealing.BadSeal as error:
        return replace(held, problem=f"{error}: it was altered, or signed with another key")


def hold(kept: Sequence[Held], origin: str, events: Iterable[CustodyEvent]) -> tuple[Held, ...]:
    """Each with whether the log begins with it. One pass over the log."""
    at_size: dict[int, list[int]] = defaultdict(list)
    wanted: dict[str, list[int]] = defaultdict(list)
    for number, held in enumerate(kept):
        if held.what == ROOT:
            wanted[held.root].append(number)
        elif held.size is not None:
            at_size[held.size].append(number)
    answers = list(kept)
    met: set[int] = set()
    tree = Tree()
    for event in events:
        tree.append(body(event))
        if not wanted and tree.size not in at_size:
            continue
        root = tree.root()
        for number in wanted.get(root, ()):
            answers[number] = replace(answers[number], size=tree.size)
        met.update(number for number in at_size.get(tree.size, ()) if answers[number].root == root)
    return tuple(
        _judged(held, origin, tree.size, is_met=number in met) if held.problem is None else held
        for number, held in enumerate(answers)
    )


def _judged(held: Held, origin: str, events: int, *, is_met: bool) -> Held:
    problem = None
    if held.what == ROOT:
        if held.size is None:
            problem = (
                f"this log of {events} events never had that root: it was rewritten or cut off since the root was "
                "written down, or the root is of another case"
            )
    elif held.origin != origin:
        problem = f"it is a checkpoint of another log ({visible(held.origin or '', 120)}); this one is {origin}"
    elif (held.size or 0) > events:
        problem = f"it covers {held.size} events, but the log has {events}: events were cut off"
    elif not is_met:
        problem = f"the log up to event {held.size} is not the one that it was made over: it was rewritten"
    return replace(held, problem=problem)
