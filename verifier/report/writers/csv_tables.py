"""The document as tables for a spreadsheet: one CSV a subject.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break is a formula to a spreadsheet (CWE-1236), so text
cells that do get an apostrophe in front; numbers stay numbers. A byte-order mark makes Excel read UTF-8. The JSON
report is the exact one; these are for reading and sorting.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from verifier.dossier import CaseDossier
from verifier.report.document import FACTS, Plain, document, recordings_by_exhibit
from verifier.visible import visible

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LONGEST_CELL = 2000


def render(case: CaseDossier, lang: str = "en") -> Mapping[str, bytes]:
    """File name to content: exhibits, recordings, composites, acquisitions, matches, findings, faults …"""
    known = document(case, lang)
    return {
        "exhibits.csv": _exhibits(known),
        "recordings.csv": _recordings(known),
        "composites.csv": _composites(known),
        "acquisitions.csv": _of_exhibits(
            known, "acquisitions", ("path", "name", "modified_at", "acquired_at", "batch", "operator", "inside")
        ),
        "findings.csv": _of_exhibits(known, "findings", ("question", "outcome", "code", "statement", "caveat")),
        "faults.csv": _of_exhibits(known, "faults", ("instrument", "kind", "detail")),
        "observations.csv": _of_exhibits(
            known, "observations", ("what", "start_s", "end_s", "least", "most", "by", "at", "note")
        ),
        "matches.csv": table(
            ("left", "right", "relation", "medium", "tier", "score", "method", "segments"),
            ([match[name] if name != "segments" else json.dumps(match[name]) for name in
              ("left", "right", "relation", "medium", "tier", "score", "method", "segments")]
             for match in known["matches"]),
        ),
        "skipped.csv": table(("path", "reason"), ([entry["path"], entry["reason"]] for entry in known["skipped"])),
        "custody.csv": table(
            ("seq", "at", "actor", "action", "subject", "records_digest", "previous", "digest"),
            (
                [e.seq, e.at, e.actor, e.action, e.subject, e.records_digest, e.previous, e.digest]
                for e in case.custody
            ),
        ),
    }  # fmt: skip


def _exhibits(known: Plain) -> bytes:
    columns = (
        "id", "sha512", "size", "kind", "media_type", "names", *FACTS, "latitude", "longitude", "c2pa", "recording",
    )  # fmt: skip
    recordings = recordings_by_exhibit(known)
    rows = []
    for exhibit in known["exhibits"]:
        facts = exhibit["facts"]
        position = facts["position"] or {"latitude": None, "longitude": None}
        rows.append(
            [
                *[exhibit[name] for name in columns[:5]],
                " | ".join(exhibit["names"]),
                *[facts[name]["value"] if facts[name] is not None else None for name in FACTS],
                position["latitude"],
                position["longitude"],
                exhibit["c2pa"]["state"],
                recordings.get(exhibit["id"]),
            ]
        )
    return table(columns, rows)


def _recordings(known: Plain) -> bytes:
    """A row for each exhibit that shows the recording: copies first, then excerpts with what they are taken from."""
    columns = ("recording", "exhibit", "role", "of", "segments", "is_best", "is_earliest")
    rows = []
    for recording in known["recordings"]:
        ends = recording["best"], recording["earliest"]
        members: list[tuple[object, ...]] = [(copy, "copy", None, None) for copy in recording["copies"]]
        members += [(e["exhibit"], "excerpt", e["of"], json.dumps(e["segments"])) for e in recording["excerpts"]]
        rows += [[recording["id"], *member, member[0] == ends[0], member[0] == ends[1]] for member in members]
    return table(columns, rows)


def _composites(known: Plain) -> bytes:
    """A row for each part of an exhibit that is made of several recordings."""
    columns = ("exhibit", "part_recording", "part_exhibit", "coverage", "segments")
    return table(
        columns,
        (
            [made["exhibit"], part["recording"], part["exhibit"], part.get("coverage"), json.dumps(part["segments"])]
            for made in known["composites"]
            for part in made["parts"]
        ),
    )


def _of_exhibits(known: Plain, part: str, columns: Sequence[str]) -> bytes:
    return table(
        ("exhibit", *columns),
        ([exhibit["id"], *[row[name] for name in columns]] for exhibit in known["exhibits"] for row in exhibit[part]),
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV with a heading, every cell inert: UTF-8 with a byte-order mark."""
    return written(columns, ([cell(value) for value in row] for row in rows))


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV of cells that are inert already."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def cell(value: object) -> object:
    """A value as a spreadsheet may see it: numbers as they are, text inert and with hidden characters spelt out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    return inert(visible(str(value), LONGEST_CELL))


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text
