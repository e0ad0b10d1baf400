"""Numpy arrays as bytes that describe themselves: how features of clips are kept, without pickle.

Magic, length of a JSON header, the header (recipe, facts, and name, type, shape and packing of every array), then the
arrays. The same arrays give the same bytes. What is read back is our own work, but is bounded like evidence: a damaged
derivative must not take the comparison down.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt
from verifier.records import Derivative, Scalar

MEDIA_TYPE = "application/x-verify-arrays"
MOST_BYTES = 1 << 29  # of one array, unpacked
_MAGIC = b"VARR\x01"
_HEAD = struct.Struct("<5sI")
_TYPES = {"u1": "<u1", "u2": "<u2", "u4": "<u4", "i2": "<i2", "i4": "<i4", "f4": "<f4"}
_MOST_HEADER = 1 << 16

Arrays = dict[str, NDArray[Any]]


def encode(
    recipe: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Scalar] | None = None, *, deflate: bool = True
) -> bytes:
    """Bytes of named arrays, deflated where that makes them smaller by a tenth. Raises ValueError on other types."""
    described, bodies = [], []
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        kind = array.dtype.str.lstrip("<|")
        if kind not in _TYPES:
            raise ValueError(f"{name}: arrays of {array.dtype} are not kept")
        raw = array.astype(_TYPES[kind], copy=False).tobytes()
        packed = zlib.compress(raw, 5) if deflate else raw
        is_packed = len(packed) < 0.9 * len(raw)
        body = packed if is_packed else raw
        described.append(
            {"name": name, "type": kind, "shape": list(array.shape), "packed": is_packed, "bytes": len(body)}
        )
        bodies.append(body)
    header = json.dumps(
        {"recipe": recipe, "facts": dict(facts or {}), "arrays": described}, sort_keys=True, separators=(",", ":")
    ).encode()
    return _HEAD.pack(_MAGIC, len(header)) + header + b"".join(bodies)


def recipe_of(content: bytes | memoryview) -> object:
    """The recipe that arrays say they are of. Raises Corrupt."""
    return _header(content)[0].get("recipe")


def decode(recipe: str, content: bytes | memoryview) -> tuple[Arrays, dict[str, Scalar]]:
    """Arrays and facts that `encode` wrote under that recipe. Raises Corrupt on anything else."""
    header, place = _header(content)
    if header.get("recipe") != recipe:
        raise Corrupt(f"the derivative is no {recipe}")
    arrays: Arrays = {}
    try:
        for item in header["arrays"]:
            body = content[place : place + int(item["bytes"])]
            place += int(item["bytes"])
            arrays[str(item["name"])] = _array(item, body)
        facts = dict(header["facts"])
        if place != len(content):
            raise Corrupt("the derivative is longer than its arrays")
    except (KeyError, TypeError, ValueError) as error:
        raise Corrupt(f"the derivative's header is damaged: {error}") from None
    return arrays, facts


def _header(content: bytes | memoryview) -> tuple[dict[str, Any], int]:
    if len(content) < _HEAD.size:
        raise Corrupt("the derivative is cut off")
    magic, length = _HEAD.unpack_from(content)
    if magic != _MAGIC or length > _MOST_HEADER or _HEAD.size + length > len(content):
        raise Corrupt("the derivative holds no arrays")
    try:
        header = json.loads(bytes(content[_HEAD.size : _HEAD.size + length]))
    except (ValueError, RecursionError):
        raise Corrupt("the derivative's header cannot be read") from None
    if not isinstance(header, dict):
        raise Corrupt("the derivative's header is no object")
    return header, _HEAD.size + length


def _array(item: Mapping[str, Any], body: bytes | memoryview) -> NDArray[Any]:
    shape = tuple(int(side) for side in item["shape"])
    kind = np.dtype(_TYPES[item["type"]])
    count = 1
    for side in shape:
        if side < 0:
            raise Corrupt("an array with a negative side")
        count *= side
    if count * kind.itemsize > MOST_BYTES:
        raise Corrupt("an array larger than any that is written")
    if item["packed"]:
        unpacker = zlib.decompressobj()
        try:
            body = unpacker.decompress(body, count * kind.itemsize + 1)
        except zlib.error as error:
            raise Corrupt(f"a packed array is damaged: {error}") from None
        if not unpacker.eof or unpacker.unused_data:  # the checksum at its end was not reached, or more follows it
            raise Corrupt("a packed array is cut off or too long")
    if len(body) != count * kind.itemsize:
        raise Corrupt("an array has not the length that its header states")
    return np.frombuffer(body, kind).reshape(shape)


def derivative(recipe: str, content: bytes) -> Derivative:
    """The record of such bytes."""
    return Derivative(id=hashlib.sha256(content).hexdigest(), recipe=recipe, media_type=MEDIA_TYPE, content=content)
