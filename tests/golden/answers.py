"""What every instrument answers on known exhibits, in a form that can be kept as a file and compared.

Floats keep six significant digits; bytes that we make are kept as digest, length and a sketch: a picture's as its
eight by eight mean greys, others' as how often bytes occur. Exhibits are those of `fixtures/demo`, and small ones in
`exhibits/` for forms that the demo does not hold; both are kept as bytes, so no encoder of this computer has a say.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.media.making import exhibit
from verifier.canonical import to_plain
from verifier.executors.examine import Finished, examine
from verifier.executors.registry import Registry, load
from verifier.instruments import Job
from verifier.media.source import VaultSource
from verifier.records import Derivative, Fingerprint, Member, Record

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "fixtures" / "demo"
OF_DEMO = (
    "odd/photos.zip",
    "odd/truncated.jpg",
    "other/balcony.wav",
    "other/card.png",
    "phone/IMG_20260108_154210.jpg",
    "phone/IMG_4821.HEIC",
    "phone/IMG_4822.MOV",
    "telegram/result.json",
    "web/Vanak today [Vn26Q1zz8Lk].info.json",
    "web/Vanak today [Vn26Q1zz8Lk].webm",
    "web/share.webp",
    "whatsapp/PTT-20260108-WA0003.opus",
    "whatsapp/VID-20260108-WA0012.mp4",
    "whatsapp/_chat.txt",
)
DIGITS = 6


def known_exhibits() -> dict[str, Path]:
    """Every exhibit by the name of its golden files."""
    own = {path.name: path for path in (HERE / "exhibits").iterdir() if path.is_file()}
    return {**{_slug(name): DEMO / name for name in OF_DEMO}, **dict(sorted(own.items()))}


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._" else "-" for letter in name)


def answers(content: bytes, registry: Registry | None = None) -> dict[str, dict[str, Any]]:
    """The plain answer of every instrument that accepts the exhibit, by name."""
    known = registry or load()
    subject = exhibit(content)
    names = tuple(instrument.name for instrument in known.for_exhibit(subject.kind, subject.media_type))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / subject.id
        path.write_bytes(content)
        job = Job(exhibit=subject, path=str(path), instruments=names)
        steps = [step for step in examine(job, VaultSource(job.path), known) if isinstance(step, Finished)]
    return {step.instrument: _answer(step, subject.id, known) for step in steps}


def _answer(step: Finished, exhibit_id: str, registry: Registry) -> dict[str, Any]:
    return {
        "exhibit": exhibit_id,
        "instrument": step.instrument,
        "version": registry.instrument(step.instrument).version,
        "result": step.result,
        "faults": [{"kind": str(fault.kind), "detail": fault.detail} for fault in step.faults],
        "records": [_record(record) for record in step.records],
    }


def _record(record: Record) -> dict[str, Any]:
    told: dict[str, Any] = {"record": type(record).__name__}
    if isinstance(record, Derivative | Member):
        what = record.recipe if isinstance(record, Derivative) else record.path.decode("utf-8", "backslashreplace")
        offset = record.offset_seconds if isinstance(record, Derivative) else None
        told |= {"what": what, "offset_seconds": offset, **_made(record.content)}
    elif isinstance(record, Fingerprint):
        told |= {"algorithm": record.algorithm, "bits": record.bits.hex(), "quality": record.quality}
        told |= {"variant": record.variant, "offset_seconds": record.offset_seconds}
    else:
        told |= to_plain(record)
    return {key: value for key, value in _rounded(told).items() if value is not None}


def _made(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "sketch": _sketch(content)}


def _sketch(content: bytes) -> list[int]:
    """Sixty-four mean greys of a picture; of other bytes, how many of 10,000 lie in each sixteenth of the values."""
    if content[:4] == b"RIFF" or content[:3] == b"\xff\xd8\xff" or content[:4] == b"\x89PNG":
        with Image.open(io.BytesIO(content)) as picture:
            return list(np.asarray(picture.convert("L").resize((8, 8), Image.Resampling.BOX)).ravel().tolist())
    counts = np.bincount(np.frombuffer(content, np.uint8) >> 4, minlength=16)
    return [round(10_000 * int(count) / max(1, len(content))) for count in counts]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def encoded(answer: dict[str, Any]) -> str:
    """One record a line, so that a difference can be read."""
    head = {key: value for key, value in answer.items() if key != "records"}
    lines = [json.dumps(record, ensure_ascii=True, sort_keys=True) for record in answer["records"]]
    return json.dumps(head, ensure_ascii=True, sort_keys=True)[:-1] + ', "records": [\n' + ",\n".join(lines) + "\n]}\n"


def kept() -> Iterator[tuple[str, str, Path]]:
    """(instrument, exhibit's name, file) of every golden file."""
    for path in sorted(HERE.glob("*/*.json")):
        yield path.parent.name, path.stem, path
