"""`verify dedup --review`: one undecided link after another, and a person's word on each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from verifier.commands.opening import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.evidence.vault import Vault
    from verifier.records import Match, Scalar
    from verifier.store import Store
    from verifier.workflow.people.review import Waiting

ANSWERS = {"s": "same", "same": "same", "d": "different", "different": "different", "u": "unsure", "unsure": "unsure"}
ASKING = "[s]ame, [d]ifferent, [u]nsure (a note may follow), [skip], [q]uit: "
MOST_REASONS = 8


def walk(store: Store, vault: Vault, actor: str) -> int:
    """Go through what waits; how many were decided. Each answer is kept at once, so it can be left at any time.

    Answers are lines of standard input, typed or piped; its end is the end of the walk.
    """
    from verifier.commands.console import say
    from verifier.workflow.gather import gather
    from verifier.workflow.people.review import waiting
    from verifier.workflow.people.say import verdict

    pairs = waiting(gather(store), vault)
    if not pairs:
        say("No link waits for a person.")
        return 0
    decided = 0
    for number, pair in enumerate(pairs, start=1):
        _show(pair, number, len(pairs))
        answer = _asked()
        if answer is None:
            break
        decision, note = answer
        if decision is not None:
            verdict(store, pair.left, pair.right, decision, note, actor=actor, clock=clock())
            decided += 1
            say(f"Kept: {decision}.\n")
    say(f"{decided} decided, {len(pairs) - decided} still wait. Go on at any time with: verify dedup --review")
    return decided


def _asked() -> tuple[str | None, str] | None:
    """The decision (None: skip) and its note; None at the end."""
    from verifier.commands.console import say

    while True:
        sys.stderr.write(ASKING)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            return None
        word, _, note = line.strip().partition(" ")
        word = word.lower()
        if word in ("q", "quit"):
            return None
        if word == "skip":
            return None, ""
        if word in ANSWERS:
            return ANSWERS[word], note.strip()
        say("That is none of the answers.")


def _show(pair: Waiting, number: int, total: int) -> None:
    from verifier.commands.console import pairs, say, short
    from verifier.visible import visible

    say(f"Link {number} of {total}")
    rows: dict[str, object] = {
        short(pair.left): visible(pair.names[0], 80),
        short(pair.right): visible(pair.names[1], 80),
    }
    for place, link in enumerate(pair.links, start=1):
        mark = f" {place}" if len(pair.links) > 1 else ""
        rows[f"Relation{mark}"] = f"{link.relation.value}, {link.medium.value}, score {link.score:.2f}"
        rows[f"Because{mark}"] = _reasons(link.because)
        if link.segments:
            rows[f"Seconds{mark}"] = _segments(link)
    for recipe, path in pair.pictures:
        rows[recipe.partition("/")[0]] = visible(path, 400)
    pairs(rows)


def _reasons(because: Mapping[str, Scalar]) -> str:
    told = [
        f"{name.replace('_', ' ')} {round(value, 3) if isinstance(value, float) else value}"
        for name, value in sorted(because.items())
        if value is not None
    ]
    return "; ".join(told[:MOST_REASONS]) or "-"


def _segments(link: Match) -> str:
    def side(span: tuple[float, float] | None) -> str:
        return "picture" if span is None else f"{span[0]:.1f}–{span[1]:.1f}"

    return "; ".join(f"{side(part.left)} is {side(part.right)}" for part in link.segments[:4])
