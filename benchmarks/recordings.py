"""Recordings and composites: whether the copies, excerpts and compilations of known originals come out as truth has it.

`python benchmarks/recordings.py --half test`: every attack of `clips_set.py` as a real file (H.264, AAC), taken in by
one `verify ingest`; what report.json says of recordings and composites is held against what the files were made of.
Truth: an exhibit made of one recording belongs to it, one made of two and more is a composite, anything else is its
own. BCubed precision and recall are over the exhibits that truth calls no composites; a false composite is alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from clips_set import Half, Query, made

Truths = dict[str, frozenset[str]]  # file name to the recordings that it shows


def files(half: str, samples: Path, each: int, folder: Path) -> Truths:
    """Write the set; the truth of each file."""
    names: dict[str, str] = {}

    def keep(name: str, path: Path) -> None:
        names[name] = f"{len(names):03d}.mp4"
        shutil.copyfile(path, folder / names[name])

    data: Half = made(half, samples, each, keep)
    truths = {names[name]: frozenset({name}) for name in data.known}
    for query in data.queries:
        truths[names[query.name]] = frozenset(truth.source for truth in query.pictures) or frozenset({footage(query)})
    (folder.parent / "names.json").write_text(json.dumps({new: old for old, new in names.items()}), encoding="utf-8")
    return truths


def footage(query: Query) -> str:
    """What a clip shows that holds nothing known: the strangers of one number show one footage, four by four."""
    kind, _, number = query.name.rpartition(" ")
    if kind == "fixed camera, other time" and int(number) >= 23:
        return "other people"
    if kind in ("shared banner", "shared title card", "shared music", "silent track"):
        return f"foreign {int(number) // 5}"
    return query.name


def told(folder: Path, work: Path) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Recording of each file, and what each composite is said to hold (recordings' ids)."""
    verify = [sys.executable, "-m", "verifier"]
    case = str(work / "case")
    subprocess.run([*verify, "ingest", str(folder), "--case", case, "--quiet", "--operator", "x"], check=False)
    subprocess.run([*verify, "report", "--case", case, "--out", str(work / "out"), "--format", "json"], check=True)
    report = json.loads((work / "out" / "report.json").read_bytes())
    name = {exhibit["id"]: exhibit["names"][0] for exhibit in report["exhibits"]}
    home = {}
    for one in report["recordings"]:
        for key in [*one["copies"], *(excerpt["exhibit"] for excerpt in one["excerpts"])]:
            home[name[key]] = one["id"]
    return home, {name[one["exhibit"]]: {part["recording"] for part in one["parts"]} for one in report["composites"]}


def bcubed(truth: dict[str, str], said: dict[str, str]) -> tuple[float, float]:
    """(precision, recall) over the items of `truth`; who is in no said set is alone."""
    both, sets, wholes = Counter(), Counter(), Counter()
    own = {item: said.get(item, item) for item in truth}
    for item, group in truth.items():
        both[group, own[item]] += 1
        wholes[group] += 1
        sets[own[item]] += 1
    precision = [both[group, own[item]] / sets[own[item]] for item, group in truth.items()]
    recall = [both[group, own[item]] / wholes[group] for item, group in truth.items()]
    return sum(precision) / len(precision), sum(recall) / len(recall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tuning", "test"), default="test")
    parser.add_argument("--each", type=int, default=2, help="recordings that every attack is tried on")
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared" / "samples")
    parser.add_argument("--keep", type=Path, help="folder for files and case, to look at")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        work = options.keep or Path(place)
        (work / "files").mkdir(parents=True, exist_ok=True)
        truths = files(options.half, options.samples, options.each, work / "files")
        home, composites = told(work / "files", work)
        names = json.loads((work / "names.json").read_text(encoding="utf-8"))
    single = {item: next(iter(held)) for item, held in truths.items() if len(held) == 1}
    several = {item: held for item, held in truths.items() if len(held) > 1}
    precision, recall = bcubed(single, home)
    met = sorted(item for item in several if item in composites)
    wanted = [(item, part) for item in met for part in several[item]]
    known = {part: {home.get(item) for item, of in single.items() if of == part} for part in set(single.values())}
    named = [pair for pair in wanted if known.get(pair[1], set()) & composites[pair[0]]]
    for item in sorted(set(several) - set(met)):
        print("missed composite:", names[item], sorted(several[item]), file=sys.stderr)
    for item in sorted(set(composites) - set(several)):
        print("false composite:", names[item], file=sys.stderr)
    owners: dict[str, set[str]] = {}
    for item, of in single.items():
        owners.setdefault(home.get(item, item), set()).add(of)
    for of in sorted(tuple(sorted(of)) for of in owners.values() if len(of) > 1):
        print("joined:", of, file=sys.stderr)
    for item, of in sorted(single.items()):
        mates = [other for other, its in single.items() if its == of and other != item]
        if mates and not any(home.get(other) == home.get(item) for other in mates):
            print("alone:", names[item], "of", of, file=sys.stderr)
    false = len(set(composites) - set(several))
    text = "\n".join([
        f"## Recordings and composites, {options.half} half of the clips", "",
        f"Made by `benchmarks/recordings.py`: {len(truths)} files, {len(several)} made of several recordings.", "",
        "| what | must | measured |", "|---|---|---|",
        f"| BCubed precision / recall of exhibits | .999 / .97 | {precision:.3f} / {recall:.3f} |",
        f"| composites recognised; false ones | .95; – | {len(met)} of {len(several)}; {false} |",
        f"| parts of the recognised ones named | .95 | {len(named)} of {len(wanted)} |", "",
        "Stills and photographs are not in this set.",
    ])  # fmt: skip
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
