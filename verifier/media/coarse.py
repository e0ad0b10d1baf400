"""A preview's coarse look, read without a decoder library: the mean of each 8 x 8 block of a baseline JPEG.

A preview was made by a worker, which may have been taken over, and reports need of it only a mosaic of a dozen cells.
The mean of a block is its first coefficient (ITU-T T.81, annexes F and K): the others are passed over. Only what our
own encoder writes is read: one frame, one scan, no restarts, one or three components, small.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from verifier.errors import Corrupt

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_SIDE = 640  # previews have 160; each block costs a few dozen steps
MOST_BYTES = 1 << 20
_FRAME, _TABLES, _QUANTISATION, _SCAN = 0xC0, 0xC4, 0xDB, 0xDA
_PASSED = frozenset({*range(0xE0, 0xF0), 0xFE})  # APPn, comment
_Codes = dict[tuple[int, int], int]  # (length, code): symbol


@dataclass(frozen=True, slots=True)
class _Component:
    name: int
    across: int
    down: int
    table: int


@dataclass(slots=True)
class _Read:
    """What the segments before the scan say."""

    columns: int = 0
    rows: int = 0
    components: tuple[_Component, ...] = ()
    first_steps: dict[int, int] = field(default_factory=dict)  # of each quantisation table: its first step
    codes: dict[tuple[int, int], _Codes] = field(default_factory=dict)  # by class and number


def block_means(content: bytes) -> NDArray[np.uint8]:
    """The luma of a small baseline JPEG, one value for each 8 x 8 block. Raises Corrupt for anything else."""
    if len(content) > MOST_BYTES or content[:2] != b"\xff\xd8":
        raise Corrupt("the preview is not what is made")
    try:
        return _means(content)
    except (IndexError, struct.error, KeyError):
        raise Corrupt("the preview is damaged") from None


def _means(content: bytes) -> NDArray[np.uint8]:
    read, at = _Read(), 2
    while True:
        start, marker = content[at], content[at + 1]
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if start != 0xFF or length < 2 or len(body) != length - 2:
            raise Corrupt("the preview is damaged")
        at += 2 + length
        if marker == _FRAME and not read.components:
            _frame(read, body)
        elif marker == _TABLES:
            _tables(read, body)
        elif marker == _QUANTISATION:
            _quantisation(read, body)
        elif marker == _SCAN and read.components:
            return _scan(read, body, content[at:])
        elif marker not in _PASSED:
            raise Corrupt("the preview is a JPEG of a variant that is never made")


def _frame(read: _Read, body: bytes) -> None:
    precision, rows, columns, count = struct.unpack_from(">BHHB", body)
    if precision != 8 or count not in (1, 3) or len(body) != 6 + 3 * count:
        raise Corrupt("the preview is a JPEG of a variant that is never made")
    if not (0 < rows <= LONGEST_SIDE and 0 < columns <= LONGEST_SIDE):
        raise Corrupt("the preview is of a size that is never made")
    read.rows, read.columns = rows, columns
    parts = [struct.unpack_from("3B", body, 6 + 3 * number) for number in range(count)]
    read.components = tuple(_Component(name, factors >> 4, factors & 15, table) for name, factors, table in parts)
    if not all(one.across in (1, 2) and one.down in (1, 2) for one in read.components):
        raise Corrupt("the preview is a JPEG of a variant that is never made")


def _tables(read: _Read, body: bytes) -> None:
    at = 0
    while at < len(body):
        kind, number, counts = body[at] >> 4, body[at] & 15, body[at + 1 : at + 17]
        symbols = body[at + 17 : at + 17 + sum(counts)]
        if kind > 1 or len(counts) != 16 or len(symbols) != sum(counts):
            raise Corrupt("the preview is damaged")
        codes: _Codes = {}
        code, taken = 0, 0
        for length, count in enumerate(counts, start=1):
            for symbol in symbols[taken : taken + count]:
                codes[length, code] = symbol
                code += 1
            taken += count
            code <<= 1
        read.codes[kind, number] = codes
        at += 17 + len(symbols)


def _quantisation(read: _Read, body: bytes) -> None:
    if len(body) % 65 or any(body[at] >> 4 for at in range(0, len(body), 65)):
        raise Corrupt("the preview is a JPEG of a variant that is never made")
    read.first_steps.update({body[at] & 15: body[at + 1] for at in range(0, len(body), 65)})


def _scan(read: _Read, body: bytes, coded: bytes) -> NDArray[np.uint8]:
    count = len(read.components)
    if body[0] != count or len(body) != 4 + 2 * count:
        raise Corrupt("the preview is a JPEG of a variant that is never made")
    chosen = [struct.unpack_from("2B", body, 1 + 2 * number) for number in range(count)]
    if [name for name, _ in chosen] != [one.name for one in read.components]:
        raise Corrupt("the preview is a JPEG of a variant that is never made")
    tables = [(read.codes[0, which >> 4], read.codes[1, which & 15]) for _, which in chosen]
    luma = read.components[0]
    across, down = (1, 1) if count == 1 else (luma.across, luma.down)  # one component alone is not interleaved
    units_across, units_down = -(-read.columns // (8 * across)), -(-read.rows // (8 * down))
    means = np.zeros((units_down * down, units_across * across), np.int64)
    bits, before = _Bits(coded), [0] * count
    for unit in range(units_across * units_down):
        top, left = unit // units_across * down, unit % units_across * across
        for number, one in enumerate(read.components):
            blocks = across * down if number == 0 else one.across * one.down
            for block in range(blocks):
                before[number] += bits.first(tables[number][0])
                bits.pass_over(tables[number][1])
                if number == 0:
                    means[top + block // across, left + block % across] = before[0]
    scaled = means * read.first_steps[luma.table] / 8 + 128
    whole = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return whole[: -(-read.rows // 8), : -(-read.columns // 8)]


class _Bits:
    """The coded bits, most significant first; a marker ends them."""

    def __init__(self, coded: bytes) -> None:
        self._bits = self._each(coded)

    @staticmethod
    def _each(coded: bytes) -> Iterator[int]:
        at = 0
        while at < len(coded):
            byte = coded[at]
            if byte == 0xFF and coded[at + 1] != 0:
                return
            at += 2 if byte == 0xFF else 1
            for shift in range(7, -1, -1):
                yield byte >> shift & 1

    def _next(self) -> int:
        bit = next(self._bits, None)
        if bit is None:
            raise Corrupt("the preview is cut off")
        return bit

    def _symbol(self, codes: _Codes) -> int:
        code = 0
        for length in range(1, 17):
            code = code << 1 | self._next()
            if (length, code) in codes:
                return codes[length, code]
        raise Corrupt("the preview is damaged")

    def _number(self, length: int) -> int:
        value = 0
        for _ in range(length):
            value = value << 1 | self._next()
        return value

    def first(self, codes: _Codes) -> int:
        """The difference of a block's first coefficient from that of the block before."""
        length = self._symbol(codes)
        if length > 11:
            raise Corrupt("the preview is damaged")
        value = self._number(length)
        return value if length == 0 or value >> (length - 1) else value - (1 << length) + 1

    def pass_over(self, codes: _Codes) -> None:
        """The other 63 coefficients of a block."""
        place = 1
        while place < 64:
            symbol = self._symbol(codes)
            run, length = symbol >> 4, symbol & 15
            if length == 0 and run != 15:
                return
            self._number(length)
            place += run + 1
