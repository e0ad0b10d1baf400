"""The document as CASE/UCO 1.5 JSON-LD (caseontology.org), for tools and courts that exchange it.

An export, never a store. Every node's id is a UUIDv5 of what it stands for, so the same case gives the same bytes.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from verifier.dossier import CaseDossier
from verifier.report.document import FACTS, Plain, document
from verifier.visible import visible

NAMESPACE = uuid.UUID("6f2d1c7e-0b5a-5c43-9a53-6a6f0f2f7b10")  # ours, fixed for ever
CONTEXT = {
    "kb": "http://example.org/kb/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-location": "https://ontology.unifiedcyberontology.org/uco/location/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def render(case: CaseDossier) -> bytes:
    """JSON-LD, UTF-8."""
    known = document(case)
    tool = _node("uco-tool:Tool", "tool", known["case"]["tool"]["version"])
    tool |= {
        "uco-core:name": known["case"]["tool"]["name"],
        "uco-tool:version": known["case"]["tool"]["version"],
        "uco-tool:toolType": "media verification",
    }
    graph: list[Plain] = [tool]
    for exhibit in known["exhibits"]:
        graph += _exhibit(exhibit, tool["@id"])
    graph += [_relationship(match) for match in known["matches"]]
    graph += [_recording(recording) for recording in known["recordings"]]
    graph += [_part(made["exhibit"], part) for made in known["composites"] for part in made["parts"]]
    files = [{"@id": node["@id"]} for node in graph if "uco-observable:File" in _types(node)]
    investigation = _node("case-investigation:Investigation", "investigation", known["case"]["id"])
    investigation |= {"uco-core:name": _text(known["case"]["title"] or known["case"]["id"]), "uco-core:object": files}
    graph.append(investigation)
    return (json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _types(node: Plain) -> list[str]:
    kind = node["@type"]
    return [kind] if isinstance(kind, str) else list(kind)


def _node(kind: str | list[str], role: str, *identity: str) -> Plain:
    first = kind if isinstance(kind, str) else kind[0]
    label = first.split(":")[1].lower()
    return {"@id": f"kb:{label}-{uuid.uuid5(NAMESPACE, '/'.join((role, *identity)))}", "@type": kind}


def _text(value: object) -> str:
    return visible(str(value), 2000)


def _typed(kind: str, value: object) -> Plain:
    return {"@type": f"xsd:{kind}", "@value": str(value)}


def _exhibit(exhibit: Plain, tool: str) -> list[Plain]:
    identity = exhibit["id"]
    file = _node("uco-observable:File", "file", identity)
    file["uco-core:hasFacet"] = [_file_facet(exhibit), _content_facet(exhibit)]
    facts = _facts_facet(exhibit)
    if facts is not None:
        file["uco-core:hasFacet"].append(facts)
    nodes = [file]
    first = min(exhibit["acquisitions"], key=lambda a: a["acquired_at"], default=None)
    if first is not None:
        action = _node("case-investigation:InvestigativeAction", "acquire", identity)
        action |= {
            "uco-core:name": "acquisition",
            "uco-action:startTime": _typed("dateTime", first["acquired_at"]),
            "uco-action:endTime": _typed("dateTime", first["acquired_at"]),
            "uco-action:instrument": [{"@id": tool}],
            "uco-action:object": [{"@id": file["@id"]}],
            "uco-action:result": [{"@id": file["@id"]}],
        }
        record = _node("case-investigation:ProvenanceRecord", "provenance", identity)
        record |= {
            "case-investigation:exhibitNumber": identity,
            "uco-core:description": [_text(", ".join(exhibit["names"]) or identity)],
            "uco-core:object": [{"@id": file["@id"]}],
        }
        nodes += [action, record]
    return nodes + _location(exhibit, file["@id"])


def _file_facet(exhibit: Plain) -> Plain:
    facet = _node("uco-observable:FileFacet", "file facet", exhibit["id"])
    name = exhibit["names"][0] if exhibit["names"] else exhibit["id"]
    facet |= {
        "uco-observable:fileName": _text(name),
        "uco-observable:sizeInBytes": _typed("integer", exhibit["size"]),
    }
    return facet


def _content_facet(exhibit: Plain) -> Plain:
    facet = _node("uco-observable:ContentDataFacet", "content facet", exhibit["id"])
    hashes = []
    for method, value in (("SHA256", exhibit["id"]), ("SHA512", exhibit["sha512"])):
        node = _node("uco-types:Hash", method, exhibit["id"])
        node["uco-types:hashMethod"] = method
        node["uco-types:hashValue"] = _typed("hexBinary", value)
        hashes.append(node)
    facet |= {
        "uco-observable:mimeType": exhibit["media_type"],
        "uco-observable:sizeInBytes": _typed("integer", exhibit["size"]),
        "uco-observable:hash": hashes,
    }
    return facet


def _facts_facet(exhibit: Plain) -> Plain | None:
    entries = []
    for name in FACTS:
        fact = exhibit["facts"][name]
        if fact is not None:
            entry = _node("uco-types:ControlledDictionaryEntry", "fact", exhibit["id"], name)
            entry |= {"uco-types:key": name, "uco-types:value": _text(fact["value"])}
            entries.append(entry)
    if not entries:
        return None
    dictionary = _node("uco-types:ControlledDictionary", "facts", exhibit["id"])
    dictionary["uco-types:entry"] = entries
    facet = _node("uco-observable:EXIFFacet", "facts facet", exhibit["id"])
    facet["uco-observable:exifData"] = [dictionary]
    return facet


def _location(exhibit: Plain, file: str) -> list[Plain]:
    position = exhibit["facts"]["position"]
    if position is None:
        return []
    facet = _node("uco-location:LatLongCoordinatesFacet", "coordinates", exhibit["id"])
    facet |= {
        "uco-location:latitude": _typed("decimal", _decimal(position["latitude"])),
        "uco-location:longitude": _typed("decimal", _decimal(position["longitude"])),
    }
    if position["altitude_m"] is not None:
        facet["uco-location:altitude"] = _typed("decimal", _decimal(position["altitude_m"]))
    place = _node("uco-location:Location", "location", exhibit["id"])
    place["uco-core:hasFacet"] = [facet]
    return [place, _linked("extracted from", place["@id"], file, "Extracted_From", exhibit["id"])]


def _decimal(value: Any) -> str:  # noqa: ANN401
    return f"{float(value):.9f}".rstrip("0").rstrip(".")


def _linked(role: str, source: str, target: str, kind: str, *identity: str) -> Plain:
    link = _node("uco-core:Relationship", role, *identity)
    link |= {
        "uco-core:source": [{"@id": source}],
        "uco-core:target": [{"@id": target}],
        "uco-core:kindOfRelationship": kind,
        "uco-core:isDirectional": {"@type": "xsd:boolean", "@value": "true"},
    }
    return link


def _recording(recording: Plain) -> Plain:
    """The exhibits that show one original, as things that share a context."""
    members = (*recording["copies"], *(excerpt["exhibit"] for excerpt in recording["excerpts"]))
    node = _node("uco-core:ContextualCompilation", "recording", recording["id"])
    node |= {
        "uco-core:name": f"recording {recording['id']}",
        "uco-core:object": [{"@id": _node("uco-observable:File", "file", member)["@id"]} for member in members],
    }
    return node


def _part(exhibit: str, part: Plain) -> Plain:
    """What a composite holds: part and whole are two files."""
    whole, piece = (_node("uco-observable:File", "file", name)["@id"] for name in (exhibit, part["exhibit"]))
    return _linked("part", whole, piece, "contains a part of", exhibit, part["exhibit"], str(part["recording"]))


def _relationship(match: Plain) -> Plain:
    left, right = (_node("uco-observable:File", "file", match[side])["@id"] for side in ("left", "right"))
    kind = f"{match['relation']} ({match['tier']})"
    return _linked("match", left, right, kind, match["left"], match["right"], match["medium"], match["relation"])
