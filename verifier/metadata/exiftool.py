"""A second reading by ExifTool, where it is installed and wanted: one batch of exhibits; and where readers differ.

Workers may start no program, so this runs outside their sandbox: it is off unless asked, and built narrowly. One
process reads a list of paths named by digests from its standard input, without a configuration file (whose code it
would run), asks for a few tags only, and is bounded in time, memory and output. Versions before 12.38 ran commands out
of file names and are refused. Never needed: no fact comes from here.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.errors import Unsupported
from verifier.instruments import Check
from verifier.metadata.own import own, ref
from verifier.records import Finding, FindingOutcome, Moment, Question, Reading, Value

NAME, VERSION = "exiftool", 1
LEAST_VERSION = (12, 38)
MOST_IN_A_BATCH = 500
MOST_OUTPUT_BYTES = 32 << 20
MOST_MEMORY_BYTES = 2 << 30
MOST_TEXT = 500

DIFFER = "readers.differ"
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


# ---------------------------------------------------------------- where two readers differ


def _text(value: Value) -> str:
    return " ".join((value.text if isinstance(value, Moment) else str(value)).split())


def _same_text(ours: Value, theirs: Value) -> bool:
    if isinstance(theirs, int | float) and not isinstance(theirs, bool):  # JSON makes a number of the text "1.00"
        try:
            return float(_text(ours)) == theirs
        except ValueError:
            return False
    return _text(ours) == _text(theirs)


def _same_degrees(ours: Value, theirs: Value) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= 1e-4
    return False


_COMPARED: tuple[tuple[str, str, Callable[[Value, Value], bool]], ...] = (
    ("exif:Make", "exiftool:IFD0:Make", _same_text),
    ("exif:Model", "exiftool:IFD0:Model", _same_text),
    ("exif:Software", "exiftool:IFD0:Software", _same_text),
    ("exif:Orientation", "exiftool:IFD0:Orientation", _same_text),
    ("exif:DateTimeOriginal", "exiftool:ExifIFD:DateTimeOriginal", _same_text),
    ("exif:LensModel", "exiftool:ExifIFD:LensModel", _same_text),
    ("exif:GPSPosition.latitude", "exiftool:Composite:GPSLatitude", _same_degrees),
    ("exif:GPSPosition.longitude", "exiftool:Composite:GPSLongitude", _same_degrees),
    ("xmp:CreatorTool", "exiftool:XMP-xmp:CreatorTool", _same_text),
    ("xmp:xmpMM:DocumentID", "exiftool:XMP-xmpMM:DocumentID", _same_text),
)


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """One finding for every tag of which the two say different things, or only one of them says anything."""
    view = own(dossier)
    if not any(key.startswith(f"{NAME}:") for key in view.by_key):
        return
    for our_key, their_key, same in _COMPARED:
        ours = [reading for reading in view.all(our_key) if _text(reading.value)]
        theirs = next((reading for reading in view.all(their_key) if _text(reading.value)), None)
        if not ours and (theirs is None or same is _same_degrees):
            continue  # a position that is none, or no place on Earth, is withheld by rule
        if theirs is not None and any(same(reading.value, theirs.value) for reading in ours):
            continue
        pairs = ((our_key, ours[0] if ours else None), (their_key, theirs))
        told = [ref(reading) if reading else f"{key}: nothing" for key, reading in pairs]
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.INTEGRITY,
            outcome=FindingOutcome.NOTES,
            code=DIFFER,
            statement=f"Two readers do not agree about {our_key}.",
            because=tuple(told),
            caveat="Readers differ about damaged, doubled and placeholder tags; look at the bytes.",
            values={"key": our_key},
        )


CHECK = Check(name="readers", version=1, codes=(DIFFER,), check=check)
