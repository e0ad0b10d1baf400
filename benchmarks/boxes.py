"""How long the walker of MP4, MOV, 3GP and HEIF boxes takes, against the aim of 5 ms a file.

Usage: python benchmarks/boxes.py FOLDER   (prints a Markdown table; CPU seconds of one process, best of five)
"""

from __future__ import annotations

import contextlib
import io
import statistics
import struct
import sys
import time
from pathlib import Path

from verifier.errors import Corrupt
from verifier.media.sniff import sniff
from verifier.media.source import VaultSource
from verifier.metadata.containers.boxes import ANALYSER
from verifier.metadata.containers.isobmff import Bytes, walk
from verifier.records import Exhibit

RUNS = 5


def examined(path: Path) -> Exhibit | None:
    source = VaultSource(path)
    if not source.size:
        return None
    with path.open("rb") as stream:
        stream.seek(max(0, source.size - 65536))
        kind, media_type = sniff(source.head, source.size, stream.read())
    if kind not in ANALYSER.accepts or media_type not in (ANALYSER.media_types or ()):
        return None
    return Exhibit(id="0" * 64, sha512="", size=source.size, kind=kind, media_type=media_type)


def cpu_milliseconds(exhibit: Exhibit, path: Path) -> float:
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        with contextlib.suppress(Corrupt):
            list(ANALYSER.analyse(exhibit, VaultSource(path), {}))
        best = min(best, time.process_time() - began)
    return best * 1e3


def hostile() -> list[tuple[str, bytes]]:
    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", len(body) + 8, name) + body

    deep = b""
    for _ in range(2000):
        deep = box(b"moov", deep)
    return [
        ("60,000 empty boxes", box(b"moov", box(b"free", b"") * 60_000)),
        ("2,000 boxes in each other", deep),
        ("10,000 fragments", box(b"moof", box(b"traf", box(b"trun", bytes(16)))) * 10_000),
        ("1 MiB of boxes that lie about their size", box(b"moov", struct.pack(">I4s", 1 << 30, b"trak") * 131_072)),
    ]


def main(folder: Path) -> None:
    rows = []
    for path in sorted(folder.rglob("*")):
        exhibit = examined(path) if path.is_file() else None
        if exhibit is not None:
            rows.append((cpu_milliseconds(exhibit, path), path.name))
    times = [milliseconds for milliseconds, _ in rows]
    print("| files | median ms | mean ms | slowest ms | slowest file | over 5 ms |")
    print("|---|---|---|---|---|---|")
    slowest, name = max(rows)
    over = sum(milliseconds > 5 for milliseconds in times)
    middle, mean = statistics.median(times), statistics.mean(times)
    print(f"| {len(rows)} | {middle:.2f} | {mean:.2f} | {slowest:.2f} | {name} | {over} |")
    print("\n| hostile file | bytes | walk, ms | boxes |\n|---|---|---|---|")
    for what, content in hostile():
        began = time.process_time()
        tree = walk(Bytes(io.BytesIO(content), len(content)))
        print(f"| {what} | {len(content)} | {(time.process_time() - began) * 1e3:.1f} | {len(tree.boxes)} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
