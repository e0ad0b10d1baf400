"""Where a case that many machines work on keeps its bytes and its records: `storage.toml` in the case folder.

Without that file both lie in the folder. With it the folder still holds what must not lie beside the records: the head
of the log as this machine last saw it, seals, settings, and copies of what is in use. It holds no secret: who may read
and write is said by the environment.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from verifier.errors import BadSettings

STORAGE = "storage.toml"
CACHE = "cache"
_MOST_BYTES = 4096
_PLAIN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,1000}")  # no blank, quotation mark, backslash: stands in TOML as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Addresses; None: in the case folder."""

    database: str | None = None  # postgresql://…
    objects: str | None = None  # s3://…


def read_storage(case: Path) -> Storage:
    """What the case folder says. Raises BadSettings."""
    path = case / STORAGE
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return Storage()
    except OSError as error:
        raise BadSettings(path, error.strerror or "it cannot be read") from error
    import tomllib  # most cases have no such file

    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(path, f"it is not TOML ({error})") from error
    if set(table) - {"database", "objects"} or not all(isinstance(value, str) for value in table.values()):
        raise BadSettings(path, "it may say 'database' and 'objects', each an address")
    return Storage(**table)


def write_storage(case: Path, storage: Storage) -> None:
    """Keep it, in a folder that may not be there yet. Raises BadSettings for what is no address."""
    path = case / STORAGE
    lines = []
    for name, value in (("database", storage.database), ("objects", storage.objects)):
        if value is not None:
            if not _PLAIN.fullmatch(value):
                raise BadSettings(path, f"{value!r} is no address")
            lines.append(f'{name} = "{value}"\n')
    try:
        case.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = case / f".{STORAGE}.{os.getpid()}"
        temporary.write_text("".join(lines), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise BadSettings(path, error.strerror or "it cannot be written") from error
