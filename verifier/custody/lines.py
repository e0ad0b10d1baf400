"""The custody log as a file: one event a line, so that a stranger can follow it with `sha256sum` and nothing else.

A line is an event's body: its canonical JSON without its own digest. `sha256sum` of line n (without its newline) is
what line n + 1 carries as `previous`. Lines are also the leaves of the Merkle tree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from verifier.canonical import from_plain
from verifier.chain import Head, Tree, body, broken_links
from verifier.records import CustodyEvent, Problem

MOST_BYTES = 1 << 20  # of one line


def write_lines(events: Iterable[CustodyEvent]) -> Iterator[bytes]:
    """The log line by line, each with its newline."""
    for event in events:
        yield body(event) + b"\n"


def read_line(line: bytes) -> CustodyEvent:
    """The event of one line. Raises ValueError where it is none, or not written canonically."""
    content = line.removesuffix(b"\n")
    if len(content) > MOST_BYTES:
        raise ValueError("a line is too long for an event")
    plain = json.loads(content)
    if not isinstance(plain, dict):
        raise ValueError("a line is no event")
    event = from_plain(CustodyEvent, {**plain, "digest": hashlib.sha256(content).hexdigest()})
    if body(event) != content:
        raise ValueError("a line is not in the canonical form")
    return event


def follow(lines: Iterable[bytes]) -> tuple[Head | None, tuple[Problem, ...]]:
    """The head of a log that was written out, and every link that does not hold."""
    tree, previous, problems = Tree(), None, []
    for number, line in enumerate(lines, 1):
        try:
            event = read_line(line)
        except ValueError as error:
            problems.append(Problem(where=f"line {number}", what=f"it is no event of a custody log: {error}"))
            continue
        problems += [Problem(where=f"line {number}", what=sentence) for sentence in broken_links(previous, event)]
        tree.append(body(event))
        previous = event
    if previous is None:
        return None, tuple(problems)
    return Head(size=tree.size, digest=previous.digest, root=tree.root()), tuple(problems)
