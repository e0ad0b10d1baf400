"""Bit strings of a fixed length: distances between them, and many of them at once.

A fingerprint's bits are bytes, first bit first. Rows of several are uint8 arrays (count, bytes).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def hamming(left: bytes, right: bytes) -> int:
    """Number of bits that differ. Raises ValueError where the lengths differ."""
    if len(left) != len(right):
        raise ValueError(f"{len(left)} bytes cannot be compared with {len(right)}")
    return (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()


def stack(rows: list[bytes], width_bytes: int) -> NDArray[np.uint8]:
    """Rows of bits as one array (count, width). Raises ValueError where a row has another width."""
    if any(len(row) != width_bytes for row in rows):
        raise ValueError(f"every row must have {width_bytes} bytes")
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), width_bytes)


def distances(query: NDArray[np.uint8], rows: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Hamming distance of one row of bits to each of many: the brute-force truth that every index is tested against."""
    apart = np.bitwise_count(np.bitwise_xor(rows, query[None, :]))
    return np.asarray(apart.sum(axis=1, dtype=np.int64), np.int64)
