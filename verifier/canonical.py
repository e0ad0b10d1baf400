"""Canonical JSON, and records to JSON and back.

Digests of records must not depend on the writer, so there is one form: UTF-8, sorted keys, no spaces, no NaN
(RFC 8785 in spirit; floats are written as Python's shortest repr, which is the same on every platform).
Bytes become `{"b64": …}`. A record is decoded by its declared type, never by a name found in the data.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """A record, or any value inside one, as what `json` can write. Mappings and sequences are copied."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode("ascii")}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def encode(value: object) -> bytes:
    """Canonical JSON bytes of a record or plain value. Raises ValueError for NaN or infinity."""
    return json.dumps(
        to_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode("utf-8", "surrogatepass")


def digest(value: object) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(encode(value)).hexdigest()


def from_plain(kind: type[T], plain: object) -> T:
    """The record of type `kind` from what `to_plain` made. Raises ValueError on anything else: the data is hostile."""
    return typing.cast(T, _decode(kind, plain))


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, plain: Any) -> Any:  # noqa: ANN401, C901 - one branch a form
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(typing.get_args(kind), plain)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), plain)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(plain, dict):
            raise ValueError("expected an object")
        item = typing.get_args(kind)[1]
        return {str(key): _decode(item, value) for key, value in plain.items()}
    if kind is type(None):
        if plain is not None:
            raise ValueError("expected null")
        return None
    if kind is bytes:
        if not (isinstance(plain, dict) and set(plain) == {"b64"} and isinstance(plain["b64"], str)):
            raise ValueError("expected bytes")
        return base64.b64decode(plain["b64"], validate=True)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if dataclasses.is_dataclass(kind):
        return _decode_record(kind, plain)
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if kind in (str, int, float, bool) and type(plain) is kind:
        return plain
    raise ValueError(f"expected {getattr(kind, '__name__', kind)}, found {type(plain).__name__}")


def _decode_record(kind: Any, plain: Any) -> Any:  # noqa: ANN401
    if not isinstance(plain, dict) or not set(plain) <= set(_field_names(kind)):
        raise ValueError(f"not the fields of {kind.__name__}")
    hints = _hints(kind)
    try:
        return kind(**{name: _decode(hints[name], value) for name, value in plain.items()})
    except TypeError as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


def _decode_tuple(arguments: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(plain, list):
        raise ValueError("expected a list")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_decode(arguments[0], item) for item in plain)
    if len(arguments) != len(plain):
        raise ValueError("a list of another length")
    return tuple(_decode(kind, item) for kind, item in zip(arguments, plain, strict=True))


def _decode_union(options: tuple[Any, ...], plain: Any) -> Any:  # noqa: ANN401
    exact = {bool: bool, int: int, float: float, str: str, type(None): type(None)}
    if exact.get(type(plain)) in options:
        return plain
    for option in options:
        if isinstance(plain, dict | list | str) and option not in exact:
            try:
                return _decode(option, plain)
            except ValueError:
                continue
    if isinstance(plain, int) and not isinstance(plain, bool) and float in options:
        return float(plain)
    raise ValueError("none of the allowed forms")
