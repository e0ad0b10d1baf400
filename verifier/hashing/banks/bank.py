"""A bank: what earlier pictures and clips can be recognised by, without a picture and without a name.

Footage of another year shown as new is the commonest deception, so exhibits are held against banks of what is known.
A bank keeps PDQ hashes with quality and place in time, and of every item an id and a range of dates, to the day. Hashes
can be turned back into recognisable pictures: a bank is to be kept and sent as if it were the pictures themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt
from verifier.hashing import arrays as clip_arrays
from verifier.hashing import pdq
from verifier.records import Scalar

RECIPE = "verify-bank/1"
MOST_ITEMS, MOST_ROWS = 20_000_000, 1 << 24
UNKNOWN_DAY = -(1 << 31)
UNKNOWN_QUALITY = 255
LEAST_SET_BITS = 64  # PDQ sets half of its 256 bits; a hash of hardly any is that of a flat picture
_ID = re.compile(r"[0-9A-Za-z._:-]{1,128}")
_NAME = re.compile(r"[^\s/\\:\x00-\x1f\x7f]{1,64}")
_ORDINAL_1970 = date(1970, 1, 1).toordinal()


class ItemKind(IntEnum):
    """What an item is."""

    PICTURE = 0
    CLIP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BankItem:
    """One picture or clip. `hashes`: its rows. Dates are days: content existed between them, where they are known."""

    id: str
    kind: ItemKind
    hashes: tuple[BankHash, ...]
    earliest: date | None = None
    latest: date | None = None  # dated on or before


@dataclass(frozen=True, slots=True, kw_only=True)
class BankHash:
    """One hash of an item. `begin`, `end`: seconds of a clip between which its frames look so; None for a picture."""

    bits: bytes
    quality: int | None = None
    variant: int = 0  # 0: the whole; 1 and more: its content boxes
    begin: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bank:
    """Items and their hashes as arrays.

    `ids`: UTF-8 text of all ids; `id_first`: uint32 (items + 1,). `kind`: uint8 (items,). `earliest`, `latest`: int32
    (items,), days since 1970 or UNKNOWN_DAY. `bits`: uint8 (rows, 32). `quality`, `variant`: uint8 (rows,). `owner`:
    uint32 (rows,), item of each row, ascending. `begin`, `end`: float32 (rows,), seconds, NaN for pictures.
    """

    name: str
    revision: int
    ids: NDArray[np.uint8]
    id_first: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    earliest: NDArray[np.int32]
    latest: NDArray[np.int32]
    bits: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    variant: NDArray[np.uint8]
    owner: NDArray[np.uint32]
    begin: NDArray[np.float32]
    end: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.kind)

    def id_of(self, item: int) -> str:
        """The id of an item by its number."""
        return bytes(self.ids[int(self.id_first[item]) : int(self.id_first[item + 1])]).decode("ascii")

    def dates_of(self, item: int) -> tuple[date | None, date | None]:
        """Earliest and latest day of an item."""
        return _day(int(self.earliest[item])), _day(int(self.latest[item]))

    @property
    def coverage(self) -> tuple[date | None, date | None]:
        """The first and the last day that any item bears."""
        days = np.concatenate([self.earliest, self.latest])
        days = days[days != UNKNOWN_DAY]
        return (_day(int(days.min())), _day(int(days.max()))) if len(days) else (None, None)

    @property
    def worthy(self) -> NDArray[np.bool_]:
        """Which rows are good enough to be compared; of lists without a quality all but those of flat pictures."""
        is_full = np.bitwise_count(self.bits).sum(axis=1) >= LEAST_SET_BITS
        return np.asarray((self.quality >= pdq.LEAST_QUALITY) & is_full)

    def items(self) -> Iterable[BankItem]:
        """Every item as a record, in order."""
        first = np.searchsorted(self.owner, np.arange(len(self) + 1))
        for number in range(len(self)):
            earliest, latest = self.dates_of(number)
            rows = range(int(first[number]), int(first[number + 1]))
            yield BankItem(
                id=self.id_of(number),
                kind=ItemKind(int(self.kind[number])),
                hashes=tuple(self._hash(row) for row in rows),
                earliest=earliest,
                latest=latest,
            )

    def _hash(self, row: int) -> BankHash:
        quality, begin, end = int(self.quality[row]), float(self.begin[row]), float(self.end[row])
        return BankHash(
            bits=self.bits[row].tobytes(),
            quality=None if quality == UNKNOWN_QUALITY else quality,
            variant=int(self.variant[row]),
            begin=None if np.isnan(begin) else begin,
            end=None if np.isnan(end) else end,
        )


_ARRAYS = (
    "ids", "id_first", "kind", "earliest", "latest", "bits", "quality", "variant", "owner", "begin", "end",
)  # fmt: skip


def _day(number: int) -> date | None:
    return None if number == UNKNOWN_DAY else date.fromordinal(_ORDINAL_1970 + number)


def _number(day: date | None) -> int:
    return UNKNOWN_DAY if day is None else day.toordinal() - _ORDINAL_1970


def empty(name: str) -> Bank:
    """A bank without items, of revision 0. Raises ValueError where the name is not one word of at most 64 letters."""
    if not _NAME.fullmatch(name):
        raise ValueError("a bank's name is one word of at most 64 characters")
    return Bank(
        name=name,
        revision=0,
        ids=np.zeros(0, np.uint8),
        id_first=np.zeros(1, np.uint32),
        kind=np.zeros(0, np.uint8),
        earliest=np.zeros(0, np.int32),
        latest=np.zeros(0, np.int32),
        bits=np.zeros((0, pdq.BYTES), np.uint8),
        quality=np.zeros(0, np.uint8),
        variant=np.zeros(0, np.uint8),
        owner=np.zeros(0, np.uint32),
        begin=np.zeros(0, np.float32),
        end=np.zeros(0, np.float32),
    )


def extended(bank: Bank, items: Iterable[BankItem]) -> Bank:
    """The bank with more items, one revision on; the same where every id is known. An id is added once; an item
    without hashes is not added.
    """
    known = {bank.id_of(number) for number in range(len(bank))}
    fresh: list[BankItem] = []
    for item in items:
        if not _ID.fullmatch(item.id):
            raise ValueError(f"not an id of a bank's item: {item.id[:40]!r}")
        if item.id not in known and item.hashes:
            known.add(item.id)
            fresh.append(item)
    if not fresh:
        return bank
    rows = [(len(bank) + number, row) for number, item in enumerate(fresh) for row in item.hashes]
    if len(bank) + len(fresh) > MOST_ITEMS or len(bank.owner) + len(rows) > MOST_ROWS:
        raise ValueError(f"a bank holds at most {MOST_ROWS:,} hashes: make a second one")
    lengths = [len(item.id) for item in fresh]
    nothing = float("nan")
    added: dict[str, Any] = {
        "ids": np.frombuffer("".join(item.id for item in fresh).encode("ascii"), np.uint8),
        "kind": np.array([item.kind for item in fresh], np.uint8),
        "earliest": np.array([_number(item.earliest) for item in fresh], np.int32),
        "latest": np.array([_number(item.latest) for item in fresh], np.int32),
        "bits": np.frombuffer(b"".join(row.bits for _, row in rows), np.uint8).reshape(-1, pdq.BYTES),
        "quality": np.array([UNKNOWN_QUALITY if row.quality is None else row.quality for _, row in rows], np.uint8),
        "variant": np.array([row.variant for _, row in rows], np.uint8),
        "owner": np.array([owner for owner, _ in rows], np.uint32),
        "begin": np.array([nothing if row.begin is None else row.begin for _, row in rows], np.float32),
        "end": np.array([nothing if row.end is None else row.end for _, row in rows], np.float32),
    }
    arrays: dict[str, Any] = {name: np.concatenate([getattr(bank, name), more]) for name, more in added.items()}
    ends = (int(bank.id_first[-1]) + np.cumsum(lengths)).astype(np.uint32)
    return replace(bank, revision=bank.revision + 1, id_first=np.concatenate([bank.id_first, ends]), **arrays)


def encode(bank: Bank) -> bytes:
    """The bank as bytes, the same for the same bank; their SHA-256 is its digest."""
    facts: dict[str, Scalar] = {"name": bank.name, "revision": bank.revision}
    return clip_arrays.encode(RECIPE, {name: getattr(bank, name) for name in _ARRAYS}, facts)


def digest_of(content: bytes) -> str:
    """What a bank's content is known by, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def decode(content: bytes) -> Bank:
    """Raises Corrupt where it is none, or where its parts do not fit one another."""
    arrays, facts = clip_arrays.decode(RECIPE, content)
    name, revision = facts.get("name"), facts.get("revision")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or type(revision) is not int or revision < 0:
        raise Corrupt("the bank has no name and revision")
    if set(arrays) != set(_ARRAYS):
        raise Corrupt("parts of the bank are missing")
    empty_bank = empty(name)
    for part in _ARRAYS:
        expected = getattr(empty_bank, part)
        if arrays[part].dtype != expected.dtype or arrays[part].ndim != expected.ndim:
            raise Corrupt("parts of the bank are of another kind")
    bank = Bank(name=name, revision=revision, **arrays)
    if not _fits(bank):
        raise Corrupt("the parts of the bank do not fit one another")
    return bank


def _fits(bank: Bank) -> bool:
    items, rows = len(bank.kind), len(bank.owner)
    shapes = (
        bank.id_first.shape == (items + 1,)
        and bank.earliest.shape == bank.latest.shape == (items,)
        and bank.bits.shape == (rows, pdq.BYTES)
        and bank.quality.shape == bank.variant.shape == bank.begin.shape == bank.end.shape == (rows,)
    )
    if not shapes or items > MOST_ITEMS or rows > MOST_ROWS:
        return False
    first = bank.id_first.astype(np.int64)
    lengths, steps = np.diff(first), np.diff(bank.owner.astype(np.int64))
    days = np.concatenate([bank.earliest, bank.latest]).astype(np.int64)
    days = days[days != UNKNOWN_DAY]
    is_clip = bank.kind == ItemKind.CLIP
    timed = ~np.isnan(bank.begin)
    return (
        int(first[0]) == 0
        and int(first[-1]) == len(bank.ids)
        and bool(((lengths > 0) & (lengths <= 128)).all())
        and _are_plain(bank.ids)
        and (rows == 0 or (int(bank.owner[-1]) < items and bool((steps >= 0).all())))
        and bool((bank.kind <= max(ItemKind)).all())
        and bool((np.abs(days) < 2_000_000 / 3).all() if len(days) else True)
        and (rows == 0 or bool((is_clip[bank.owner] == timed).all()))
        and bool((np.isnan(bank.end) == ~timed).all())
        and bool((np.isfinite(bank.begin[timed]) & (bank.begin[timed] >= 0) & (bank.begin[timed] < 1e7)).all())
        and bool((np.isfinite(bank.end[timed]) & (bank.end[timed] >= bank.begin[timed])).all())
    )


def _are_plain(ids: NDArray[np.uint8]) -> bool:
    allowed = np.zeros(256, bool)
    allowed[np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:-", np.uint8)] = True
    return bool(allowed[ids].all())
