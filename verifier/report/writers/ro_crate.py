"""The payload of a package described as an RO-Crate 1.1, for repositories that take crates in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from verifier.records import Exhibit

NAME = "ro-crate-metadata.json"
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_SHA256 = "https://w3id.org/ro/terms/workflow-run#sha256"
_LICENCE = "No licence is granted: this is evidence, handed over for a purpose."
DESCRIBED = {
    "report.json": ("application/json", "What was read, compared and concluded"),
    "package.json": ("application/json", "What this package holds and leaves out"),
    "records.jsonl": ("application/jsonl", "The rows that the custody log speaks of"),
    "proofs.jsonl": ("application/jsonl", "Proofs that each exhibit stands in the log"),
    "premis.xml": ("application/xml", "Exhibits and events as PREMIS 3.0"),
    "log/events.jsonl": ("application/jsonl", "The custody log, one event a line"),
    "log/entries.jsonl": ("application/jsonl", "What each event wrote"),
    "log/head.json": ("application/json", "Size, last digest and root of the log"),
}


def render(origin: str, title: str, at: str, exhibits: Sequence[Exhibit], objects: Mapping[str, str]) -> bytes:
    """The crate's metadata. `objects`: path within the crate of every exhibit whose bytes are in it, by id."""
    files = [
        {"@id": path, "@type": "File", "encodingFormat": media_type, "name": name}
        for path, (media_type, name) in DESCRIBED.items()
    ]
    for exhibit in exhibits:
        if exhibit.id in objects:
            files.append(
                {"@id": objects[exhibit.id], "@type": "File", "encodingFormat": exhibit.media_type,
                 "name": f"exhibit {exhibit.id[:12]}", "contentSize": str(exhibit.size), "sha256": exhibit.id}
            )  # fmt: skip
    root = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": origin,
        "name": title,
        "description": "Exhibits of a case with its whole custody log; how to check them stands in VERIFY.txt.",
        "datePublished": at,
        "license": {"@id": "#licence"},
        "hasPart": [{"@id": one["@id"]} for one in files],
    }
    about = {
        "@id": NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    licence = {"@id": "#licence", "@type": "CreativeWork", "name": "No licence", "description": _LICENCE}
    graph = [about, root, licence, *files]
    document = {"@context": [_CONTEXT, {"sha256": _SHA256}], "@graph": graph}
    return (json.dumps(document, ensure_ascii=True, indent=1, sort_keys=True) + "\n").encode("ascii")
