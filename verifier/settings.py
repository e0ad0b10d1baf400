"""Settings and batch notes: TOML into frozen dataclasses, read once, passed as arguments. An unknown key is refused.

A misspelt key that is silently ignored would leave an analyst believing that a bank is searched or a list is used.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from verifier.errors import BadSettings
from verifier.records import Batch, Scalar

T = TypeVar("T")
LARGEST_SETTINGS_BYTES = 1 << 20
LARGEST_GAZETTEER_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent:
    """A public event with bounds that claims are held against, e.g. a communications shutdown."""

    name: str
    earliest: str
    latest: str
    place: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a case's `verify.toml` may say."""

    operator: str | None = None
    title: str | None = None
    workers: int | None = None
    c2pa_trust: str | None = None  # a PEM file
    country: str | None = None  # ISO 3166-1 alpha-2: the case's region; Iran where it is not given
    gazetteers: tuple[str, ...] = ()  # CSV or GeoJSON files of the team's own places
    banks: tuple[str, ...] = ()
    makernotes: bool = False
    weaker_sandbox: bool = False  # decode although a layer of the sandbox is not in force
    events: tuple[KnownEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchNote:
    """What a batch file may say of a hand-over; all of it is kept as claims."""

    title: str | None = None
    channel: str | None = None
    relay_chain: tuple[str, ...] = ()
    received_at: str | None = None
    claimed_place: str | None = None
    claimed_time: str | None = None
    consent: str | None = None
    restriction: str | None = None
    operator: str | None = None
    note: str | None = None


def read_settings(path: Path) -> Settings:
    """The settings in a file; plain defaults where there is none. Raises BadSettings."""
    if not path.exists():
        return Settings()
    return _built(Settings, _table(path), path)


def case_values(settings: Settings, case: Path) -> dict[str, Scalar]:
    """What checks need of the settings, as the plain values of a dossier: `event.0.name` …, `gazetteer.0` (its text).

    A gazetteer's path is taken from the case folder on. Raises BadSettings for one that cannot be read.
    """
    values: dict[str, Scalar] = {}
    for number, event in enumerate(settings.events):
        for item in dataclasses.fields(event):
            value = getattr(event, item.name)
            if value is not None:
                values[f"event.{number}.{item.name}"] = value
    if settings.country is not None:
        if not re.fullmatch("[A-Z]{2}", settings.country):
            raise BadSettings(case / "verify.toml", "'country' is a code of two capital letters, as IR or AF")
        values["place.country"] = settings.country
    for number, name in enumerate(settings.gazetteers):
        path = case / name
        try:
            if path.stat().st_size > LARGEST_GAZETTEER_BYTES:
                raise BadSettings(path, "a gazetteer is smaller than 64 MB")
            values[f"gazetteer.{number}"] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings(path, "it cannot be read as a gazetteer") from error
    return values


def read_batch(path: Path) -> Batch:
    """A batch from its note; its id is the note's digest, so one note is one batch. Raises BadSettings."""
    table = _table(path)
    if set(table) == {"batch"} and isinstance(table["batch"], dict):
        table = table["batch"]
    note = _built(BatchNote, table, path)
    identity = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return Batch(id=identity, **{item.name: getattr(note, item.name) for item in dataclasses.fields(note)})


def _table(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_SETTINGS_BYTES:
            raise BadSettings(path, "it is larger than 1 MB")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(path, error.strerror or "it cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(path, f"it is not TOML ({error})") from error


def _built(kind: type[T], table: dict[str, Any], path: Path) -> T:
    known = {item.name: item for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise BadSettings(path, f"{key!r} is not a setting; there are {', '.join(known)}")
        values[key] = _shaped(key, value, str(known[key].type), path)
    try:
        return kind(**values)
    except TypeError as error:
        raise BadSettings(path, str(error)) from error


def _shaped(key: str, value: object, declared: str, path: Path) -> object:
    if declared.startswith("tuple[KnownEvent"):
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise BadSettings(path, f"{key!r} must be a list of tables")
        return tuple(_built(KnownEvent, item, path) for item in value)
    if declared.startswith("tuple"):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise BadSettings(path, f"{key!r} must be a list of texts")
        return tuple(value)
    if declared.startswith("bool"):
        expected: type = bool
    elif declared.startswith("int"):
        expected = int
    else:
        expected = str
        if not isinstance(value, str) and hasattr(value, "isoformat"):  # TOML has dates of its own
            return value.isoformat()
    if type(value) is not expected:
        raise BadSettings(path, f"{key!r} must be {'a text' if expected is str else expected.__name__}")
    return value or None if expected is str else value


def read_pem(path: Path) -> str:
    """The text of a PEM file of trust anchors. Raises BadSettings."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(path, "it cannot be read as PEM text") from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise BadSettings(path, "it holds no certificate (PEM)")
    return text
