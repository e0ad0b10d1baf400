"""The tree of boxes of an ISO base media file (ISO 14496-12, QuickTime file format): where each begins and ends.

Walks with a stack of its own (no recursion), reads headers only, and gives up politely: a box that breaks the rules
ends its parent and is told as a problem. Cost is linear in the number of boxes, which is bounded.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO

MOST_BOXES = 50_000
DEEPEST = 16  # real files nest eight deep
MOST_PROBLEMS = 20

_CONTAINERS = frozenset(
    {
        b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"edts", b"dinf", b"moof", b"traf", b"mvex", b"mfra",
        b"meta", b"ilst", b"iprp", b"ipco", b"gmhd", b"clip", b"schi", b"sinf",
    }
)  # fmt: skip
_COUNTED = frozenset({b"trak", b"moof", b"traf"})
_HEADER = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Box:
    """One box: offsets in bytes from the start of the file; `end` never beyond its parent's."""

    name: bytes
    path: str  # "moov/trak[0]/mdia/hdlr"
    start: int
    payload: int
    end: int

    @property
    def length(self) -> int:
        """Bytes of payload."""
        return self.end - self.payload


@dataclass(slots=True)
class Tree:
    """Every box in file order, and what was wrong."""

    boxes: list[Box] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)  # (path, sentence)
    missing_bytes: int = 0  # how far the last top-level box reaches beyond the end of the file
    trailing: int | None = None  # where bytes begin that belong to no box
    complete: bool = True  # False where the bound on boxes was met
    by_path: dict[str, Box] = field(default_factory=dict)  # the first of each path

    def add(self, box: Box) -> None:
        """The next box in file order."""
        self.boxes.append(box)
        self.by_path.setdefault(box.path, box)

    def first(self, path: str) -> Box | None:
        """The first box of exactly that path."""
        return self.by_path.get(path)

    def tell(self, path: str, sentence: str) -> None:
        """Note a problem; only the first few are kept."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((path, sentence))


class Bytes:
    """Positioned reads from a stream; a read past the end is short, never an error."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self.size = stream, size

    def at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`."""
        if offset < 0 or length <= 0 or offset >= self.size:
            return b""
        self._stream.seek(offset)
        return self._stream.read(min(length, self.size - offset))

    def payload(self, box: Box, most: int = 1 << 16) -> bytes:
        """The payload of a box, at most `most` bytes of it."""
        return self.at(box.payload, min(box.length, most))


def label(name: bytes) -> str:
    """A box type as people write it: `©xyz`, or hexadecimal where it is not printable."""
    text = name.decode("latin-1")
    return text if text.isprintable() else "0x" + name.hex()


@dataclass(slots=True)
class _Frame:
    name: bytes
    path: str
    at: int
    end: int
    counts: dict[bytes, int] = field(default_factory=dict)


def walk(data: Bytes) -> Tree:
    """The tree of a whole file. Never raises on what it finds."""
    tree, stack = Tree(), [_Frame(b"", "", 0, data.size)]
    while stack:
        frame = stack[-1]
        if len(tree.boxes) >= MOST_BOXES:
            tree.complete = False
            tree.tell(frame.path, f"more than {MOST_BOXES} boxes; the rest was not read")
            return tree
        box = _next(data, tree, frame, top=len(stack) == 1)
        if box is None:
            stack.pop()
            continue
        tree.add(box)
        frame.at = box.end
        if box.name in _CONTAINERS or (frame.name == b"ilst" and box.length >= 8):
            if len(stack) >= DEEPEST:
                tree.tell(box.path, f"boxes nested deeper than {DEEPEST}; not followed")
            else:
                stack.append(_Frame(box.name, box.path, _children(data, box), box.end))
    return tree


def _children(data: Bytes, box: Box) -> int:
    """Where the children begin: `meta` is a full box in ISO files and a plain one in QuickTime."""
    if box.name != b"meta":
        return box.payload
    return box.payload if data.at(box.payload + 4, 4) == b"hdlr" else box.payload + 4


def _next(data: Bytes, tree: Tree, frame: _Frame, *, top: bool) -> Box | None:
    """The box at the frame's position, or None where the frame is exhausted or broken."""
    room = frame.end - frame.at
    if room < 8:
        if room and top:
            tree.trailing = frame.at
        return None
    head = data.at(frame.at, 16)
    if len(head) < 8:
        return None
    size, name = _HEADER.unpack_from(head)
    header = 8
    if size == 1 and len(head) == 16:
        (size,) = _LARGE.unpack_from(head, 8)
        header = 16
    elif size == 0 and (top or name in (b"mdat", b"free")):
        size = room
    if size < header or (top and not _plausible(name)):
        _refuse(tree, frame, name, size, top=top)
        return None
    return _accept(tree, frame, (name, header, size), top=top)


def _refuse(tree: Tree, frame: _Frame, name: bytes, size: int, *, top: bool) -> None:
    if top:
        tree.trailing = frame.at
    elif size or frame.name != b"udta":  # QuickTime ends user data with four zero bytes
        tree.tell(f"{frame.path}/{label(name)}", f"a box of {size} bytes is impossible")


def _accept(tree: Tree, frame: _Frame, said: tuple[bytes, int, int], *, top: bool) -> Box:
    name, header, size = said
    end = frame.at + size
    number = frame.counts.get(name, 0)
    frame.counts[name] = number + 1
    path = f"{frame.path}/{label(name)}" if frame.path else label(name)
    if name in _COUNTED:
        path = f"{path}[{number}]"
    if end > frame.end:
        if top:
            tree.missing_bytes = end - frame.end
        else:
            tree.tell(path, f"reaches {end - frame.end} bytes beyond the box it lies in")
        end = frame.end
    return Box(name, path, frame.at, min(frame.at + header, end), end)


def _plausible(name: bytes) -> bool:
    return all(32 <= byte < 127 or byte == 0xA9 for byte in name)
