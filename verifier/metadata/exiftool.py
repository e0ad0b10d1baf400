"""A second reading by ExifTool, where it is installed and wanted, one batch of exhibits at a time.

Workers may start no program, so this runs outside their sandbox: it is off unless asked, and built narrowly. One
process reads a list of paths named by digests from its standard input, without a configuration file (whose code it
would run), asks for a few tags only, and is bounded in time, memory and output. Versions before 12.38 ran commands out
of file names and are refused. Never needed: no fact comes from here.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from verifier.errors import Unsupported
from verifier.records import Reading

NAME, VERSION = "exiftool", 1
LEAST_VERSION = (12, 38)
MOST_IN_A_BATCH = 500
MOST_OUTPUT_BYTES = 32 << 20
MOST_MEMORY_BYTES = 2 << 30
MOST_TEXT = 500

_TAGS = (
    "Make", "Model", "Software", "DateTimeOriginal", "Orientation", "GPSLatitude", "GPSLongitude", "GPSAltitude",
    "SerialNumber", "LensModel", "CreatorTool", "DocumentID", "ImageWidth", "ImageHeight", "Error", "Warning",
)  # fmt: skip
_OPTIONS = ("-config", "", "-j", "-n", "-G1", "-q", "-q", "-m", *(f"-{tag}" for tag in _TAGS), "-@", "-")
_PATH = re.compile(r"/[^\n\r\x00]*[0-9a-f]{64}")


def version(executable: str) -> tuple[int, int]:
    """Major and minor version. Raises Unsupported where it is too old or does not say."""
    try:
        said = _run(executable, ("-config", "", "-ver"), b"", 20.0)[:40].decode("ascii", "replace")
        major, minor = (int(part) for part in said.strip().split(".")[:2])
    except ValueError:
        raise Unsupported("ExifTool does not say its version") from None
    if (major, minor) < LEAST_VERSION:
        raise Unsupported(f"ExifTool {major}.{minor:02d} is older than {LEAST_VERSION[0]}.{LEAST_VERSION[1]}")
    return major, minor


def read_batch(executable: str, paths: Mapping[str, str], *, seconds: float) -> dict[str, tuple[Reading, ...]]:
    """Readings by exhibit id; `paths` gives the vault's copies (at most 500). Raises Unsupported where it cannot be."""
    if len(paths) > MOST_IN_A_BATCH:
        raise Unsupported(f"more than {MOST_IN_A_BATCH} exhibits in one batch")
    if not all(_PATH.fullmatch(path) for path in paths.values()):
        raise Unsupported("only copies that are named by their digest are handed to ExifTool")
    major, minor = version(executable)
    listing = "".join(f"{path}\n" for path in paths.values()).encode()
    output = _run(executable, _OPTIONS, listing, seconds)
    try:
        found = json.loads(output or b"[]")
    except (ValueError, RecursionError):
        raise Unsupported("ExifTool's answer cannot be read") from None
    ids = {path: identifier for identifier, path in paths.items()}
    place = f"ExifTool {major}.{minor:02d}"
    return {
        ids[item["SourceFile"]]: tuple(_readings(item, place))
        for item in found
        if isinstance(item, dict) and item.get("SourceFile") in ids
    }


def _readings(item: Mapping[str, object], place: str) -> Iterator[Reading]:
    for name, value in item.items():
        if name == "SourceFile":
            continue
        kept = value if isinstance(value, str | int | float | bool) else json.dumps(value)
        yield Reading(key=f"{NAME}:{name}", value=kept[:MOST_TEXT] if isinstance(kept, str) else kept, location=place)


def _run(executable: str, arguments: tuple[str, ...], given: bytes, seconds: float) -> bytes:
    """Standard output of one run in an empty environment. Raises Unsupported on failure, delay or too much output."""
    if not Path(executable).is_absolute():
        raise Unsupported("ExifTool must be named by its whole path")
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, fixed options, paths by standard input
            [executable, *arguments],
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd="/",
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"},
            preexec_fn=_bounded,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unsupported(f"ExifTool did not run: {type(error).__name__}") from error
    if len(done.stdout) > MOST_OUTPUT_BYTES:
        raise Unsupported("ExifTool answered at too great a length")
    return done.stdout


def _bounded() -> None:
    """Called between fork and exec: memory, file size and processes of the program that follows."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
