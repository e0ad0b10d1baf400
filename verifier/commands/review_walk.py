"""`verify dedup --review`: one undecided link after another, and a person's word on each."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from verifier.commands.opening import clock
from verifier.records import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verifier.evidence.vault import Vault
    from verifier.records import Match, Scalar
    from verifier.store import Store
    from verifier.workflow.people.review import Waiting

ANSWERS = {"s": "same", "same": "same", "d": "different", "different": "different", "u": "unsure", "unsure": "unsure"}
QUESTIONS = {
    Relation.CLIP: "Does one show a part of the other?",
    Relation.SAME_AUDIO: "Is it the same sound?",
    Relation.SAME_EVENT: "Is it the same event?",
}
USUAL_QUESTION = "Is it the same picture or recording?"
ASKING = "{} [s]ame, [d]ifferent, [u]nsure (a note may follow), [o]pen the pictures, [skip], [q]uit: "
MOST_REASONS = 6
LOOKING = "review"  # a folder of the case's temporary ones, only while the walk lasts
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png"}


def walk(store: Store, vault: Vault, actor: str) -> int:
    """Go through what waits; how many were decided. Each answer is kept at once, so it can be left at any time.

    Answers are lines of standard input, typed or piped; its end is the end of the walk.
    """
    from verifier.commands.console import say
    from verifier.workflow.gather import gather
    from verifier.workflow.people.review import Answered, waiting
    from verifier.workflow.people.say import verdict

    pairs = waiting(gather(store))
    if not pairs:
        say("No link waits for a person.")
        return 0
    decided, settled, answered = 0, 0, Answered()
    with _folder(store) as folder:
        for number, pair in enumerate(pairs, start=1):
            if answered.holds(pair):
                settled += 1
                continue
            pictures = _laid_out(pair, vault, folder, number)
            _show(pair, number, len(pairs), pictures)
            answer = _asked(QUESTIONS.get(pair.links[0].relation, USUAL_QUESTION), pictures)
            if answer is None:
                break
            decision, note = answer
            if decision is not None:
                verdict(store, pair.left, pair.right, decision, note, actor=actor, clock=clock())
                answered.keep(pair, decision)
                decided += 1
                also = f" It holds for {_pairs(pair.others)} of their copies." if pair.others else ""
                say(f"Kept: {decision}.{also}\n")
    say(
        f"{decided} decided, {len(pairs) - decided - settled} still wait. Go on at any time with: verify dedup --review"
    )
    return decided


@contextmanager
def _folder(store: Store) -> Iterator[Path]:
    """Where pictures lie to be looked at; gone when the walk ends."""
    folder = store.folder / "tmp" / f"{LOOKING}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _laid_out(pair: Waiting, vault: Vault, folder: Path, number: int) -> list[Path]:
    """The pictures of a pair under names that a viewer understands."""
    laid = []
    for recipe, identity, media_type in pair.pictures:
        path = folder / f"{number}-{recipe.partition('/')[0]}{ENDINGS.get(media_type, '.bin')}"
        path.write_bytes(vault.read_derivative(identity))
        laid.append(path)
    return laid


def _open(pictures: Sequence[Path]) -> str:
    """Hand the pictures to the viewer of this computer; a sentence where that cannot be."""
    opener = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    program = shutil.which(opener)
    if not pictures:
        return "No picture was made of this link."
    if program is None or (sys.platform not in ("darwin", "win32") and not os.environ.get("DISPLAY", "")
                           and not os.environ.get("WAYLAND_DISPLAY", "")):  # fmt: skip
        return "This terminal has no screen for pictures. Open the files named above with a viewer of your own."
    for path in pictures:
        subprocess.Popen(  # noqa: S603 - the viewer of this computer, on a file of our own making
            [program, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    return "Opened. They are grey and made by verify, no evidence."


def _asked(question: str, pictures: Sequence[Path]) -> tuple[str | None, str] | None:
    """The decision (None: skip) and its note; None at the end."""
    from verifier.commands.console import say

    while True:
        sys.stderr.write(ASKING.format(question))
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
        if word in ("o", "open"):
            say(_open(pictures))
            continue
        if word in ANSWERS:
            return ANSWERS[word], note.strip()
        say("That is none of the answers.")


def _show(pair: Waiting, number: int, total: int, pictures: Sequence[Path]) -> None:
    from verifier.commands.console import pairs, say, short
    from verifier.report.language import language
    from verifier.visible import visible

    words = language("en")
    say(f"Link {number} of {total}")
    rows: dict[str, object] = {
        "Left": f"{visible(pair.names[0], 60)}  ({short(pair.left)})",
        "Right": f"{visible(pair.names[1], 60)}  ({short(pair.right)})",
    }
    if pair.others:
        rows["Also"] = f"{_pairs(pair.others)} of copies of the two; your answer holds for them"
    for place, link in enumerate(pair.links, start=1):
        mark = f" {place}" if len(pair.links) > 1 else ""
        rows[f"Relation{mark}"] = words.word("relation", link.relation.value)
        if link.segments:
            rows[f"Seconds{mark}"] = _segments(link)
        rows[f"Because{mark}"] = f"score {link.score:.2f}; {_reasons(link.because)}"
    for path in pictures:
        rows[path.stem.partition("-")[2]] = visible(str(path), 400)
    pairs(rows)


def _pairs(count: int) -> str:
    return "1 more pair" if count == 1 else f"{count} more pairs"


def _reasons(because: Mapping[str, Scalar]) -> str:
    from verifier.report.language import language
    from verifier.report.sentences import plain
    from verifier.report.told import reason

    told = [plain(reason(name, value, language("en"))) for name, value in sorted(because.items()) if value is not None]
    return "; ".join(told[:MOST_REASONS]) or "-"


def _segments(link: Match) -> str:
    def side(span: tuple[float, float] | None) -> str:
        return "picture" if span is None else f"{span[0]:.1f}–{span[1]:.1f}"

    return "; ".join(f"{side(part.left)} is {side(part.right)}" for part in link.segments[:4])
