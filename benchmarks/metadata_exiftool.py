"""Agreement with an installed ExifTool on a folder of pictures that our readers were not developed on.

`python -m benchmarks.metadata_exiftool FOLDER` prints a table and writes benchmarks/results/metadata_exiftool.md. Every
picture is read by both, tag by tag, by the comparisons of `verifier.metadata.exiftool`.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.metadata import examine
from verifier.executors.registry import load
from verifier.metadata.exiftool import _COMPARED, MOST_IN_A_BATCH, read_batch, version
from verifier.records import Kind

HERE = Path(__file__).parent
EXTRA = (("photo:width", ("File:ImageWidth", "PNG:ImageWidth", "GIF:ImageWidth", "RIFF:ImageWidth", "IFD0:ImageWidth",
                          "Photoshop:ImageWidth")),
         ("photo:height", ("File:ImageHeight", "PNG:ImageHeight", "GIF:ImageHeight", "RIFF:ImageHeight",
                           "IFD0:ImageHeight", "Photoshop:ImageHeight")))  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    program = shutil.which("exiftool")
    assert program is not None, "ExifTool is not on the path"
    major, minor = version(program)
    registry = load()
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in paths}
    tally: dict[str, Counter[str]] = {}
    seen = crashed = 0
    with tempfile.TemporaryDirectory() as vault:
        kept = {name: shutil.copy(path, Path(vault) / name) for name, path in files.items()}
        for batch in batches(list(kept)):
            theirs = read_batch(program, {name: str(kept[name]) for name in batch}, seconds=600)
            for name in batch:
                found = examine(Path(kept[name]), registry, {})
                crashed += len(found.crashes)
                if found.exhibit.kind is not Kind.PHOTO:
                    continue
                seen += 1
                said = {reading.key.partition(":")[2]: reading.value for reading in theirs.get(name, ())}
                for key, other, same in _COMPARED:
                    compare(tally, key, [s.reading.value for s in found.said if s.reading.key == key],
                            said.get(other.partition(":")[2]), same, files[name])  # fmt: skip
                for key, others in EXTRA:
                    value = next((said[other] for other in others if other in said), None)
                    compare(tally, key, [s.reading.value for s in found.said if s.reading.key == key], value,
                            lambda a, b: a == b, files[name])  # fmt: skip
    rows = [
        f"| `{key}` | {sum(counts.values())} | {counts['equal']} | {counts['differ']} | {counts['only theirs']} "
        f"| {counts['only ours']} |"
        for key, counts in tally.items()
    ]
    text = "\n".join([
        "## Metadata against an installed ExifTool (`python -m benchmarks.metadata_exiftool FOLDER`)", "",
        f"{seen} pictures of Pillow's own test suite, none of which the readers were developed on; ExifTool "
        f"{major}.{minor:02d}; many are damaged on purpose. Crashes: **{crashed}**.", "",
        "| tag | said by either | equal | differ | only ExifTool | only ours |", "|---|---|---|---|---|---|", *rows, "",
    ])  # fmt: skip
    print(text)
    (HERE / "results" / "metadata_exiftool.md").write_text(text, encoding="utf-8")


def batches(names: list[str]) -> list[list[str]]:
    return [names[at : at + MOST_IN_A_BATCH] for at in range(0, len(names), MOST_IN_A_BATCH)]


def compare(tally, key, ours, theirs, same, path: Path) -> None:
    ours = [value for value in ours if str(value).strip()]
    theirs = theirs if theirs is not None and str(theirs).strip() else None
    if not ours and theirs is None:
        return
    if ours and theirs is not None:
        outcome = "equal" if any(same(value, theirs) for value in ours) else "differ"
    else:
        outcome = "only ours" if ours else "only theirs"
    tally.setdefault(key, Counter())[outcome] += 1
    if outcome != "equal":
        print(f"- {key}: {path.name}: ours {ours[:1]}, ExifTool {theirs}", file=sys.stderr)


if __name__ == "__main__":
    main()
