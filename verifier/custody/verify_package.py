"""Check a package that `verify export` made, with the standard library of Python 3.9 or newer and nothing else.

    python -I verify_package.py DIR [--root ROOT]

0: whole. 1: not; every place is named, one a line. ROOT is what somebody told you by another way: a root of the log, of
the package or of an earlier time. Without it the package is held against itself only; whoever made it could have made
all of it anew. Checked are every file against the manifests; every event of the log against the one before it; every
entry against its event; every row against its entry; every exhibit against its row; every proof, checkpoint and time
stamp against the log. Signatures are for openssl: see VERIFY.txt.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

PATH, MOST_LINE = r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*", 1 << 28
LOG, OBJECTS = "data/log/", "data/objects/"
EVENTS, ENTRIES, HEAD = LOG + "events.jsonl", LOG + "entries.jsonl", LOG + "head.json"
RECORDS, PROOFS, INDEX = "data/records.jsonl", "data/proofs.jsonl", "data/package.json"
TAGS = {"VERIFY.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt", "verify_package.py"}
BOUND_TAGS, LAST = {"VERIFY.txt", "verify_package.py"}, {"tagmanifest-sha256.txt", "tagmanifest-sha512.txt"}
BROKEN = (OSError, ArithmeticError, LookupError, AttributeError, TypeError, ValueError, RecursionError)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def parsed(line: bytes) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """JSON in its one form; anything else is a ValueError."""
    value = json.loads(line.decode("utf-8", "surrogatepass"))
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if text.encode("utf-8", "surrogatepass") != line:
        raise ValueError("it is not in the canonical form")
    return value


def lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(MOST_LINE):
        if not line.endswith(b"\n"):
            raise ValueError("a line is too long or has no end")
        yield line[:-1]


def numbered(stream: BinaryIO) -> Iterator[tuple[int, Iterator[tuple[bytes, Any]]]]:
    """Lines `[number,content]` by their numbers: the bytes of each content, and what it is."""
    pairs = ((line, *parsed(line)) for line in lines(stream))
    for number, some in groupby(pairs, key=lambda pair: int(pair[1])):
        yield number, ((line[len(str(number)) + 2 : -1] + b"\n", content) for line, _, content in some)


class Package:
    """A package that is being checked; `problems` grows. `is_kept`: its objects lie elsewhere and are not read."""

    def __init__(self, folder: str, *, is_kept: bool = False) -> None:
        self.folder, self.is_kept, self.problems = folder, is_kept, []  # type: str, bool, list[tuple[str, str]]
        self.sizes: dict[str, int] = {}
        self.listed: dict[str, dict[str, str]] = {}  # by algorithm and path: digest
        self.events, self.leaves, self.roots = [], [], []  # type: list[dict[str, Any]], list[bytes], list[str]
        self.entries: dict[int, list[Any]] = {}  # those that were not superseded
        self.taken: dict[int, int] = {}  # entries that took something in: number and event
        self.rows: dict[str, list[dict[str, Any]]] = {"exhibits": [], "acquisitions": []}
        self.origin, self.index = "", {"exhibits": [], "left_out": []}  # type: str, dict[str, Any]

    def say(self, where: str, what: str) -> None:
        self.problems.append((where, what))

    def open(self, name: str) -> BinaryIO:
        if name not in self.sizes:  # a pipe would be waited for
            raise FileNotFoundError(2, "no plain file", f"{self.folder}/{name}")
        return Path(self.folder, name).open("rb")

    def read(self, name: str) -> bytes:
        with self.open(name) as stream:
            return stream.read()

    def check(self) -> list[tuple[str, str]]:
        steps = {".": self.files, "manifests": self.manifests, EVENTS: self.log, ENTRIES: self.spoken,
                 INDEX: self.indexed, RECORDS: self.written, OBJECTS: self.exhibits, PROOFS: self.proven,
                 LOG: self.sealed, "data": self.bound}  # fmt: skip
        for where, step in steps.items():
            try:
                step()
            except BROKEN as error:
                named = os.path.relpath(error.filename, self.folder) if isinstance(error, OSError) else where
                self.say(named, f"it cannot be checked to its end ({type(error).__name__}: {str(error)[:200]})")
        return self.problems

    def files(self, under: str = "") -> None:
        entries = sorted(os.scandir(f"{self.folder}/{under}"), key=lambda entry: entry.name)
        if not entries:
            self.say(under or ".", "an empty folder")
        for entry in entries:
            name = f"{under}/{entry.name}" if under else entry.name
            if entry.is_dir(follow_symlinks=False):
                self.files(name)
            elif entry.is_file(follow_symlinks=False):
                self.sizes[name] = entry.stat().st_size
            else:
                self.say(name, "it is no plain file")

    def manifests(self) -> None:
        for algorithm, digits in (("sha256", 64), ("sha512", 128)):
            self.listed[algorithm] = {}
            for kind in ("manifest", "tagmanifest"):
                self.manifest(f"{kind}-{algorithm}.txt", f"([0-9a-f]{{{digits}}})  ({PATH})", self.listed[algorithm])
        if self.read("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            self.say("bagit.txt", "it is not what BagIt 1.0 says")
        for name in sorted(self.listed["sha256"].keys() & self.sizes.keys()):
            one, other = hashlib.sha256(), hashlib.sha512()
            with self.open(name) as stream:
                while block := stream.read(1 << 20):
                    one.update(block)
                    other.update(block)
            kind = "manifest" if name.startswith("data/") else "tagmanifest"
            for algorithm, digest in (("sha256", one.hexdigest()), ("sha512", other.hexdigest())):
                if self.listed[algorithm].get(name) != digest:
                    self.say(name, f"changed: its bytes do not have the digest that {kind}-{algorithm}.txt states")

    def manifest(self, name: str, form: str, listed: dict[str, str]) -> None:
        content = self.read(name).decode("utf-8", "backslashreplace")
        found = [re.fullmatch(form, line) for line in content.split("\n")[:-1]]
        paths = [match[2] for match in found if match]
        listed.update((match[2], match[1]) for match in found if match)
        if not content.endswith("\n") or None in found or paths != sorted(set(paths)):
            self.say(name, "its lines are not digests and paths in order, each once")
        is_tags = name.startswith("tag")
        there = {path for path in self.sizes if path.startswith("data/") != is_tags} - LAST
        if self.is_kept:
            there |= {path for path in paths if path.startswith(OBJECTS)}
        for path in sorted({*paths} - there | (TAGS - there if is_tags else set())):
            self.say(path, f"missing ({name})")
        for path in sorted(there - {*paths} | (there - TAGS if is_tags else set())):
            self.say(path, f"foreign: nobody packed it ({name})")

    def log(self) -> None:
        edge: list[bytes] = []  # roots of the complete subtrees (RFC 6962), largest first
        digest = "0" * 64
        with self.open(EVENTS) as stream:
            for at, line in enumerate(lines(stream)):
                event, leaf = parsed(line), hashlib.sha256(b"\x00" + line).digest()
                if event["seq"] != at + 1 or event["previous"] != digest:
                    self.say(f"{EVENTS}, event {at + 1}", "it does not follow from the event before it")
                digest, top = sha256(line), leaf
                for _ in range((at ^ (at + 1)).bit_length() - 1):
                    top = node(edge.pop(), top)
                edge.append(top)
                for left in edge[-2::-1]:
                    top = node(left, top)
                self.events.append(event)
                self.leaves.append(leaf)
                self.roots.append(top.hex())
        head = parsed(self.read(HEAD)[:-1])
        self.origin = str(head.pop("origin"))
        if head != {"digest": digest, "root": self.roots[-1], "size": len(self.events)}:
            self.say(HEAD, "it states another size, digest or root than the log has")

    def spoken(self) -> None:
        spoken, last = {event["seq"]: sha256(b"") for event in self.events}, 0
        with self.open(ENTRIES) as stream:
            for seq, some in numbered(stream):
                running = hashlib.sha256()
                for text, entry in some:
                    running.update(text)
                    if entry[0] == "superseded":
                        self.entries.pop(entry[1])
                        continue
                    self.entries[entry[1]] = entry
                    if entry[2] == "taken in":
                        self.taken[entry[1]] = seq
                spoken[seq], last = (running.hexdigest() if seq > last else "out of order"), seq
        for event in self.events:
            if spoken[event["seq"]] != event["records_digest"]:
                self.say(f"{ENTRIES}, event {event['seq']}", "its entries are not those that the event speaks of")

    def indexed(self) -> None:
        self.index = parsed(self.read(INDEX)[:-1])
        named, left_out = [one["id"] for one in self.index["exhibits"]], self.index["left_out"]
        if sorted([*named, *left_out]) != sorted({self.entries[number][3] for number in self.taken}) or named != sorted(
            named
        ):
            self.say(INDEX, "its exhibits and those it leaves out are not those that the log says were taken in")
        if self.index["origin"] != self.origin:
            self.say(HEAD, f"it is of the log {self.origin}, but the package is of another")

    def written(self) -> None:
        named, whole = {one["id"] for one in self.index["exhibits"]}, self.index["scope"] == "whole"
        wanted = {number for number, entry in self.entries.items()
                  if entry[5] and (whole or (entry[3] in named and entry[2] in ("taken in", "run")))}  # fmt: skip
        with self.open(RECORDS) as stream:
            for number, some in numbered(stream):
                running, count = hashlib.sha256(), 0
                for text, (table, _, row) in some:
                    running.update(text)
                    count += 1
                    self.rows.get(table, []).append(row)
                if [count, running.hexdigest()] != self.entries.get(number, [])[5:]:
                    self.say(f"{RECORDS}, entry {number}", "its rows are not those that the log speaks of")
                wanted.discard(number)
        for number in sorted(wanted):
            self.say(f"{RECORDS}, entry {number}", "its rows are missing")

    def exhibits(self) -> None:
        copied = {row["exhibit"] for row in self.rows["acquisitions"] if row["preserved"] == 1}
        rows = {row["id"]: (row["sha512"], row["size"], row["id"] in copied) for row in self.rows["exhibits"]}
        told = {one["id"]: (one["sha512"], one["size"], one["object"]) for one in self.index["exhibits"]}
        for exhibit in sorted(rows.keys() | told.keys()):
            if rows.get(exhibit) != told.get(exhibit):
                self.say(f"{INDEX}, exhibit {exhibit}", "it is not described as in the records")
        objects = {OBJECTS + exhibit for exhibit in rows if exhibit in copied}
        for name in sorted(objects ^ {name for name in self.listed["sha256"] if name.startswith(OBJECTS)}):
            self.say(name, "missing" if name in objects else "it is no exhibit of this package")
        for name in sorted(objects & self.listed["sha256"].keys()):
            exhibit, (sha512, size, _) = name[len(OBJECTS) :], rows[name[len(OBJECTS) :]]
            digests = self.listed["sha256"][name], self.listed["sha512"].get(name)
            if (*digests, self.sizes.setdefault(name, size)) != (exhibit, sha512, size):
                self.say(name, "its bytes are not those that were taken in")

    def proven(self) -> None:
        tree: list[Sequence[bytes]] = [self.leaves]
        while (size := len(level := tree[-1])) > 1:
            tree.append([node(level[at], level[at + 1]) for at in range(0, size - 1, 2)] + [*level[size - size % 2 :]])
        named, wanted = {one["id"] for one in self.index["exhibits"]}, []
        for number, seq in self.taken.items():
            path, at = [], seq - 1
            for level in tree[:-1]:
                if at ^ 1 < len(level):
                    path.append(["left" if at & 1 else "right", level[at ^ 1].hex()])
                at >>= 1
            exhibit = self.entries[number][3]
            wanted += [{"entry": number, "event": seq, "exhibit": exhibit, "path": path}] if exhibit in named else []
        wanted.sort(key=lambda proof: (proof["exhibit"], proof["entry"]))
        with self.open(PROOFS) as stream:
            found = [parsed(line) for line in lines(stream)]
        for at in range(max(len(found), len(wanted))):
            if found[at : at + 1] != wanted[at : at + 1]:
                self.say(f"{PROOFS}, line {at + 1}", "it is not the proof that belongs there, or is missing")

    def sealed(self) -> None:
        expected = {f"{LOG}keys/{one['sha256']}.pem" for one in self.index["keys"]}
        for name in expected:
            if sha256(self.read(name)) != name[-68:-4]:
                self.say(name, "it is not the public key of that digest")
        expected |= {EVENTS, ENTRIES, HEAD}
        for event in self.events:
            detail, (_, _, size) = event["detail"], event["subject"].partition("event ")
            for what in {"answer", "roots"} & detail.keys() if event["action"] == "anchor" else ():
                expected.add(name := f"{LOG}stamps/{detail[what]}")
                if sha256(self.read(name)) != detail[what]:
                    self.say(name, "it is not the time stamp, or its certificates, of which the log speaks")
            if event["action"] == "seal" and size:
                expected.add(name := f"{LOG}checkpoints/{size}")
                root = self.roots[int(size) - 1]
                stated = f"{self.origin}\n{size}\n{base64.b64encode(bytes.fromhex(root)).decode()}\n\n"
                content, digest = self.read(name), self.index["checkpoints"].get(size)
                if not content.startswith(stated.encode()) or detail["root"] != root or sha256(content) != digest:
                    self.say(name, f"it is no checkpoint of the first {size} events of this log")
        for name in sorted(expected ^ {name for name in self.sizes if name.startswith(LOG)}):
            self.say(name, "missing: the log speaks of it" if name in expected else "the log does not speak of it")

    def bound(self) -> None:
        """What was there when the event of the export was written has the digest that the event states."""
        stated = {key[5:]: digest for key, digest in self.events[-1]["detail"].items() if key.startswith("file ")}
        there = {name for name in self.listed["sha256"] if not name.startswith((LOG, OBJECTS))} - TAGS | BOUND_TAGS
        for name in sorted((there | stated.keys()) - {PROOFS}):
            if self.listed["sha256"].get(name) != stated.get(name):
                self.say(name, "it is not the file of which the log's last event says that it was exported")


def main(arguments: Sequence[str]) -> int:
    if len(arguments) not in (1, 3) or arguments[1:2] not in ([], ["--root"]):
        sys.stdout.write("python -I verify_package.py DIR [--root ROOT]\n")
        return 1
    package = Package(arguments[0])
    package.check()
    for root in arguments[2:]:
        if (root.lower() if len(root) == 64 else base64.b64decode(root + "==").hex()) not in package.roots:
            package.say("--root", "the log never had it: rewritten or cut, or the root is of another case")
    for where, what in package.problems:
        sys.stdout.write(f"{where}: {what}\n".encode("ascii", "backslashreplace").decode("ascii"))
    told = f"Whole. Ask whoever made it, by another way, for the root of its log: {''.join(package.roots[-1:])}"
    sys.stdout.write(f"NOT whole: {len(package.problems)} places.\n" if package.problems else f"{told}\n")
    return 1 if package.problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
