"""Random mutations of an exported package, each checked by the package's own checker: is every one found and its place
named, and does a whole package pass?

    python -m benchmarks.packages [--mutations 2000] [--seed 1] [--out FILE.json]

A mutation is of one of eleven kinds (bytes, members, names, order, lines, values, proofs, keys …). Half of them are
*re-bagged*: whoever changed the package made all of its manifests anew, so that only the log can tell.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verifier.canonical import encode
from verifier.custody.seal import public_pem
from verifier.custody.verify_package import Package

ALGORITHMS = ("sha256", "sha512")
LINES = (".jsonl", ".txt", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """What was done, and the paths of which at least one must be named (several where one change has two places)."""

    kind: str
    places: tuple[str, ...]
    is_rebagged: bool


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def rebag(folder: Path) -> None:
    """Make every manifest anew, as somebody would who changed the rest."""
    names = [name for name in files(folder) if not name.split("/")[-1].startswith(("manifest-", "tagmanifest-"))]
    for prefix, wanted in (("manifest", True), ("tagmanifest", False)):
        if prefix == "tagmanifest":
            names += [f"manifest-{algorithm}.txt" for algorithm in ALGORITHMS]
        for algorithm in ALGORITHMS:
            of_it = sorted(name for name in names if name.startswith("data/") == wanted)
            lines = [f"{hashlib.new(algorithm, (folder / n).read_bytes()).hexdigest()}  {n}\n" for n in of_it]
            (folder / f"{prefix}-{algorithm}.txt").write_text("".join(lines), encoding="utf-8")


def flip(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    name = chance.choice(files(folder))
    content = bytearray((folder / name).read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    (folder / name).write_bytes(content)
    return (name,)


def lengthen_or_cut(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    name = chance.choice(files(folder))
    content = (folder / name).read_bytes()
    more = bytes(chance.randrange(256) for _ in range(chance.randint(1, 9)))
    (folder / name).write_bytes(content + more if chance.random() < 0.5 else content[: chance.randrange(len(content))])
    return (name,)


def remove(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    name = chance.choice(files(folder))
    (folder / name).unlink()
    return (name,)


def add(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    below = chance.choice(["", "data/", "data/objects/", "data/log/", "data/log/checkpoints/", "data/new/"])
    name = below + "".join(chance.choice("abcdef0123456789") for _ in range(chance.choice([8, 64])))
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    how = chance.randrange(3)
    if how == 0:
        path.write_bytes(b"added")
    elif how == 1:
        path.symlink_to(folder / chance.choice(files(folder)))
    else:
        path.mkdir()
    return (name,)


def rename(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    name = chance.choice(files(folder))
    other = name[:-1] + chance.choice("abcdef") if chance.random() < 0.7 else name + "%0A"
    if other == name or (folder / other).exists():
        return None
    (folder / name).rename(folder / other)
    return name, other


def exchange(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    one, other = chance.sample(files(folder), 2)
    first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
    if first == second:
        return None
    (folder / one).write_bytes(second)
    (folder / other).write_bytes(first)
    return one, other


def shuffle(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    name = chance.choice([one for one in files(folder) if one.endswith(LINES)])
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    changed = list(lines)
    if len(lines) < 2:
        return None
    how, at = chance.randrange(3), chance.randrange(len(lines))
    if how == 0:
        other = chance.randrange(len(lines))
        changed[at], changed[other] = changed[other], changed[at]
    elif how == 1:
        del changed[at]
    else:
        changed.insert(at, lines[chance.randrange(len(lines))])
    (folder / name).write_bytes(b"".join(changed))
    return (name,) if changed != lines else None


def _other(value: object, chance: random.Random) -> object:
    """Another value of the same kind, somewhere within."""
    if isinstance(value, dict) and value:
        key = chance.choice(sorted(value))
        return {**value, key: _other(value[key], chance)}
    if isinstance(value, list) and value:
        at = chance.randrange(len(value))
        return [*value[:at], _other(value[at], chance), *value[at + 1 :]]
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int | float):
        return value + chance.choice([-1, 1])
    if isinstance(value, str) and value:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice("0123456789abcdef") + value[at + 1 :]
    return "x"


def revalue(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    """A value within JSON becomes another, and the line stays in the one form of JSON."""
    name = chance.choice([one for one in files(folder) if one.endswith((".jsonl", ".json"))])
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    whole = name.endswith("report.json") or name.endswith("metadata.json")
    parts = [b"".join(lines)] if whole else lines
    at = chance.randrange(len(parts))
    value = json.loads(parts[at])
    changed = _other(value, chance)
    parts[at] = encode(changed) + b"\n"
    (folder / name).write_bytes(b"".join(parts))
    return (name,) if changed != value else None


def prove(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    """A step of a proof is dropped, doubled or turned to the other side, or two proofs change places."""
    name = "data/proofs.jsonl"
    proofs = [json.loads(line) for line in (folder / name).read_bytes().splitlines()]
    before = json.dumps(proofs)
    one = chance.choice(proofs)
    if chance.random() < 0.25:
        other = chance.choice(proofs)
        one["path"], other["path"] = other["path"], one["path"]
        one["event"], other["event"] = other["event"], one["event"]
    elif one["path"]:
        at = chance.randrange(len(one["path"]))
        how = chance.randrange(3)
        if how == 0:
            del one["path"][at]
        elif how == 1:
            one["path"].insert(at, one["path"][at])
        else:
            one["path"][at][0] = "left" if one["path"][at][0] == "right" else "right"
    (folder / name).write_bytes(b"".join(encode(proof) + b"\n" for proof in proofs))
    return (name,) if json.dumps(proofs) != before else None


def lock(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    """Another person's key in place of one, under its old name or its own."""
    keys = [name for name in files(folder) if "/keys/" in name]
    if not keys:
        return None
    name, pem = chance.choice(keys), public_pem(Ed25519PrivateKey.generate().public_key())
    if chance.random() < 0.5:
        (folder / name).write_bytes(pem)
        return (name,)
    (folder / name).unlink()
    other = f"data/log/keys/{hashlib.sha256(pem).hexdigest()}.pem"
    (folder / other).write_bytes(pem)
    return name, other


def link(folder: Path, chance: random.Random) -> tuple[str, ...] | None:
    """A file becomes a link to a copy of itself outside."""
    name = chance.choice(files(folder))
    outside = folder.parent / "outside"
    shutil.copyfile(folder / name, outside)
    (folder / name).unlink()
    (folder / name).symlink_to(outside)
    return (name,)


KINDS: tuple[Callable[[Path, random.Random], tuple[str, ...] | None], ...] = (
    flip, lengthen_or_cut, remove, add, rename, exchange, shuffle, revalue, prove, lock, link,
)  # fmt: skip


def mutate(folder: Path, number: int, chance: random.Random) -> Mutation | None:
    """Change the package in one way. None where nothing was changed."""
    kind = KINDS[number % len(KINDS)]
    places = kind(folder, chance)
    if places is None:
        return None
    is_rebagged = chance.random() < 0.5
    before = {name: (folder / name).read_bytes() for name in places if (folder / name).is_file()}
    if is_rebagged:
        rebag(folder)
        if not any((folder / name).read_bytes() == content for name, content in before.items()) and before:
            return None  # it was a manifest that was changed, and it was just made anew
    return Mutation(kind=kind.__name__, places=places, is_rebagged=is_rebagged)


def is_named(mutation: Mutation, problems: list[tuple[str, str]]) -> bool:
    """Whether a problem's place is the mutated file, or what the log binds to it."""
    wanted = set(mutation.places)
    if any(place == "data/log/events.jsonl" for place in wanted):
        wanted.add("data/log/head.json")  # a change of the last event shows nowhere else
    return any(where.split(",")[0] in wanted or name in what for where, what in problems for name in wanted)


def run(package: Path, mutations: int, seed: int, work: Path) -> Iterator[tuple[Mutation, list[tuple[str, str]]]]:
    """Each mutation with what the checker said of it."""
    chance = random.Random(seed)
    done = number = 0
    whole = {name: (package / name).read_bytes() for name in files(package)}
    while done < mutations:
        number += 1
        copy = work / "package"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(package, copy)
        mutation = mutate(copy, number, chance)
        now = {name: (copy / name).read_bytes() for name in files(copy)} if mutation is not None else whole
        has_more = any(path.is_symlink() or (path.is_dir() and not any(path.iterdir())) for path in copy.rglob("*"))
        if mutation is None or (now == whole and not has_more):
            continue
        done += 1
        yield mutation, Package(str(copy)).check()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    from tests.workflow.handing.made import exported

    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        package = exported(work / "from")
        clean = Package(str(package)).check()
        tried: Counter[str] = Counter()
        missed, unnamed = [], []
        for mutation, problems in run(package, given.mutations, given.seed, work):
            tried[f"{mutation.kind}{', re-bagged' if mutation.is_rebagged else ''}"] += 1
            if not problems:
                missed.append(mutation)
            elif not is_named(mutation, problems):
                unnamed.append((mutation, problems[:3]))
    told = {
        "mutations": sum(tried.values()),
        "missed": len(missed),
        "found_without_its_place": len(unnamed),
        "clean_package_is_whole": not clean,
        "by_kind": dict(sorted(tried.items())),
        "seconds": round(time.monotonic() - begun, 1),
    }
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    for mutation in missed[:20]:
        sys.stdout.write(f"missed: {mutation}\n")
    for mutation, problems in unnamed[:20]:
        sys.stdout.write(f"place not named: {mutation}: {problems}\n")
    if given.out is not None:
        given.out.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 1 if missed or unnamed or clean else 0


if __name__ == "__main__":
    raise SystemExit(main())
