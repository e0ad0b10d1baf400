"""Known vectors through the real code, and what this computer has and lacks: what `verify doctor` tells."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from verifier.canonical import digest
from verifier.confinement import Protection, lacking
from verifier.executors.registry import Registry
from verifier.records import Moment, Reading, Zone

LIBRARIES = (
    "numpy", "pillow", "pillow-heif", "av", "opencv-python-headless", "imagehash", "exifread", "ffmpeg-python",
    "imageio-ffmpeg", "faiss-cpu", "scipy", "sqlalchemy", "alembic", "defusedxml", "jinja2", "cryptography",
    "c2pa-python", "tzfpy", "tzdata", "jdatetime", "typst", "typer", "rich",
)  # fmt: skip
EXTRAS = {
    "pysequoia": "ProofMode signatures (pip install verifier[proofmode])",
    "onnxruntime": "your own embedding model (pip install verifier[onnx])",
    "starlette": "verify desk, the work in a browser on this computer (pip install verifier[desk])",
    "uvicorn": "the server of verify desk (pip install verifier[desk])",
}
TOOLS = {
    "exiftool": "a second reading of metadata on request (ingest --exiftool); never needed",
    "openssl": "lets a stranger check seals with a stock tool; never needed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One thing tried."""

    name: str
    passed: bool
    detail: str


def trials() -> Iterator[Trial]:
    """Every vector through the code that evidence goes through."""
    for name, check in _VECTORS.items():
        yield check(name)


def _digests(name: str) -> Trial:
    # FIPS 180-4, the message "abc"
    found = hashlib.sha256(b"abc").hexdigest()[:16], hashlib.sha512(b"abc").hexdigest()[:16]
    return Trial(name=name, passed=found == ("ba7816bf8f01cfea", "ddaf35a193617aba"), detail="FIPS 180-4 message abc")


def _canonical(name: str) -> Trial:
    reading = Reading(
        key="exif:DateTimeOriginal",
        value=Moment(text="x", wall="2026-01-08T18:04:11", zone=Zone.OFFSET, offset_minutes=210),
        location="Exif 0x9003",
    )
    expected = "b24332961b0451b443c6f4218bfec58967deb7e266b5dc0bede789579038e2b8"
    return Trial(name=name, passed=digest(reading) == expected, detail="a reading with a time of stated offset")


def _pdq(name: str) -> Trial:
    import numpy as np

    from verifier.hashing.bits import hamming
    from verifier.hashing.pdq import pdq

    rows, columns = np.mgrid[0:256, 0:256]
    drawn = ((rows * rows + 3 * columns * (rows // 16) + columns * columns // 7) % 251).astype(np.uint8)
    expected = bytes.fromhex("fe4cd406f8a0f5187cc1d49a5981f47666d1143ccb03d63fe9c1d65e1ba0f41e")
    apart = hamming(pdq(drawn).bits, expected)
    # libraries may round the last bit of a coefficient differently; a picture's own copies differ by far more
    return Trial(name=name, passed=apart <= 4, detail=f"a drawn pattern, {apart} of 256 bits from the known hash")


_VECTORS: Mapping[str, Callable[[str], Trial]] = {
    "SHA-256 and SHA-512": _digests,
    "canonical JSON": _canonical,
    "PDQ": _pdq,
}


def versions() -> dict[str, str]:
    """Installed versions of what the evidence goes through; "missing" where it is not there."""
    found = {"Python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            found[library] = "missing"
    return found


def extras() -> dict[str, tuple[bool, str]]:
    """Optional libraries: whether they are here, and what they are for."""
    found = {}
    for library, use in EXTRAS.items():
        found[library] = (importlib.util.find_spec(library) is not None, use)
    return found


def tools() -> dict[str, tuple[str | None, str]]:
    """Optional programs: where they are, and what they are for."""
    return {tool: (shutil.which(tool), use) for tool, use in TOOLS.items()}


def degraded(layers: Iterable[Protection], registry: Registry) -> list[str]:
    """What is weaker here than it could be, in sentences: one for every layer that is not in force, and why."""
    sentences = [f"The module {item.module} could not be loaded: {item.reason}." for item in registry.failed]
    known = tuple(layers)
    states = {item.layer: f"{item.state}{f' ({item.detail})' if item.detail else ''}" for item in known}
    missing = lacking(known)
    sentences += [f"The protection {layer} is not in force: {states.get(layer, 'not said')}." for layer in missing]
    if missing:
        sentences.append("Decoding is refused here unless --weaker-sandbox is given; log and reports then say so.")
    return sentences
