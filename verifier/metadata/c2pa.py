"""C2PA manifests (C2PA 2.x), checked offline: is the signed statement intact, and who signed it?

Offline by construction: every reading has a context of its own with remote manifests and OCSP off and an empty list of
hosts that may be asked, because the library's default would fetch an address that the file names. The library is loaded
only for a file that carries a manifest or points at one.

Identity assertions (CAWG) are decoded: one that fails makes the manifest `invalid`. One whose issuer's key lies on the
network (`did:web`) cannot be reached from here; where that is its only failure, or that nobody's list names it, the
state is that of the rest of the manifest and `c2pa:identity` says so.

States: `none` · `valid` (intact, the signer is on no list that was given) · `trusted` (intact, the signer's certificate
leads to the list that was given) · `invalid` (altered or malformed; see the codes) · `remote` (the manifest lies at an
address, which is printed and not fetched) · `unreadable`. Absence proves nothing: platforms strip manifests.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, TypeAlias

from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.media.structure.block import C2PA, XMP, XMP_EXTENSION
from verifier.media.structure.blocks import blocks
from verifier.metadata.dates import iso_moment
from verifier.records import Exhibit, Kind, Reading, Record, Value

MOST_ITEMS = 100
MOST_TEXT = 500
TRUST = "c2pa_trust"  # parameter: PEM certificates, or the library's settings as JSON

Plain: TypeAlias = Mapping[str, Any]

OFFLINE: dict[str, dict[str, object]] = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "core": {"decode_identity_assertions": True, "allowed_network_hosts": []},
}
WITHOUT_IDENTITY: dict[str, dict[str, object]] = OFFLINE | {
    "core": {"decode_identity_assertions": False, "allowed_network_hosts": []}
}
UNREACHABLE = frozenset(
    {"cawg.ica.did_unavailable", "cawg.ica.revocation.unavailable", "cawg.identity.network_traffic_blocked"}
)
_ON_NO_LIST = frozenset({"cawg.ica.untrusted_issuer", "cawg.x509.credential.untrusted"})

# Types whose manifests are found by `media.blocks`; in the others only the word is looked for.
_WALKED = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/x-adobe-dng", "image/x-nikon-nef",
        "image/x-sony-arw", "image/heic", "image/heif", "image/avif", "image/jxl", "video/mp4", "video/quicktime",
        "audio/mp4", "video/x-msvideo", "audio/x-wav",
    }
)  # fmt: skip
_UNWALKED = frozenset({"audio/mpeg", "audio/flac", "application/pdf", "image/svg+xml"})
_ADDRESS = re.compile(r"(?:https?|ftp|file)://\S+")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """`c2pa:state` always; codes, signer, time, generator, actions where a manifest is there."""
    if not _is_candidate(exhibit, source):
        yield Reading(key="c2pa:state", value="none", location="no manifest, no reference to one")
        return
    trust = parameters.get(TRUST)
    settings = dict(OFFLINE) | trust_settings(trust if isinstance(trust, str) else None)
    with source.open() as stream:
        state, report = read_manifest(exhibit.media_type, stream, settings)
    identity = identity_of(report)
    if identity in ("unreachable", "on no list"):  # the library lets either weigh on the state of the whole
        with source.open() as stream:
            state, _ = read_manifest(exhibit.media_type, stream, settings | {"core": WITHOUT_IDENTITY["core"]})
    elif identity == "failed" and state in ("valid", "trusted"):
        state = "invalid"
    yield Reading(key="c2pa:state", value=state, location="manifest store")
    if identity is not None:
        yield Reading(key="c2pa:identity", value=identity, location="identity assertions")
    if isinstance(report, str):
        yield from _without_report(state, report)
        return
    if "trust" in settings:
        yield Reading(key="c2pa:trust_list", value=_list_name(str(trust)), location="parameter")
    yield from _report(report)


def _is_candidate(exhibit: Exhibit, source: Source) -> bool:
    """Whether the file carries something that may be a manifest, or points at one; the library need see no other."""
    if exhibit.media_type in _UNWALKED:
        with source.open() as stream:
            return _names_it(stream)
    return any(
        block.kind == C2PA or (block.kind in (XMP, XMP_EXTENSION) and b"provenance" in block.content)
        for block in blocks(source, exhibit.media_type)
    )


def _names_it(stream: BinaryIO) -> bool:
    """Whether "c2pa" or a reference to provenance stands in the first 64 MiB, in either case of letters."""
    kept = b""
    for _ in range(64):
        piece = stream.read(1 << 20)
        if not piece:
            return False
        window = (kept + piece).lower()
        if b"c2pa" in window or b"provenance" in window:
            return True
        kept = piece[-16:]
    return False


def trust_settings(text: str | None) -> dict[str, dict[str, object]]:
    """The library's trust settings from PEM certificates, or from its own settings file in JSON. Empty for None."""
    if not text or not text.strip():
        return {}
    if not text.lstrip().startswith("{"):
        return {"trust": {"trust_anchors": text}}
    try:
        given = json.loads(text)
    except ValueError:
        return {}
    trust = given.get("trust") if isinstance(given, dict) else None
    allowed = ("trust_anchors", "user_anchors", "trust_config", "allowed_list")
    return {"trust": {name: trust[name] for name in allowed if name in trust}} if isinstance(trust, dict) else {}


def _list_name(text: str) -> str:
    count = text.count("-----BEGIN CERTIFICATE-----")
    return f"{count} certificates, SHA-256 {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def read_manifest(media_type: str, stream: BinaryIO, settings: Mapping[str, object]) -> tuple[str, Plain | str]:
    """State, and the library's report or its sentence. Makes no connection whatever the file says."""
    from c2pa import C2paError, Context, Reader  # 40 ms that most files do not need

    try:
        with Context.from_dict(dict(settings)) as context, Reader(media_type, stream, context=context) as reader:
            state = str(reader.get_validation_state() or "")
            report = json.loads(reader.json())
    except C2paError as error:
        return _refusal(str(error)), " ".join(str(error).split())[:MOST_TEXT]
    except (ValueError, RecursionError) as error:
        return "unreadable", f"the report cannot be read: {type(error).__name__}"
    known = {"Valid": "valid", "Trusted": "trusted", "Invalid": "invalid"}
    return known.get(state, "unreadable"), report if isinstance(report, dict) else "no report"


def identity_of(report: Plain | str) -> str | None:
    """`checked`, `on no list`, `unreachable` or `failed`; None where the active manifest has no identity assertion.

    A failure that could be established weighs more than one that could not.
    """
    if isinstance(report, str):
        return None
    manifests, active = report.get("manifests"), report.get("active_manifest")
    manifest = manifests.get(active) if isinstance(manifests, dict) and isinstance(active, str) else None
    assertions = manifest.get("assertions") if isinstance(manifest, dict) else None
    listed = assertions if isinstance(assertions, list) else []
    labels = [item.get("label") for item in listed if isinstance(item, dict)]
    codes = {code for code, _ in _failures(report) if code.startswith("cawg.")}
    if codes - UNREACHABLE - _ON_NO_LIST:
        return "failed"
    if codes & UNREACHABLE:
        return "unreachable"
    if codes & _ON_NO_LIST:
        return "on no list"
    return "checked" if any(isinstance(label, str) and label.startswith("cawg.identity") for label in labels) else None


def _failures(report: Plain) -> Iterator[tuple[str, str]]:
    """(code, where) of each failure, as the library lists them."""
    status = report.get("validation_status")
    for entry in status if isinstance(status, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("code"), str):
            yield entry["code"], str(entry.get("url", ""))


def _refusal(sentence: str) -> str:
    if sentence.startswith(("ManifestNotFound", "NotSupported")):
        return "none"
    return "remote" if sentence.startswith("Remote") else "unreadable"


def _without_report(state: str, sentence: str) -> Iterator[Reading]:
    if state == "remote":
        address = _ADDRESS.search(sentence)
        yield Reading(
            key="c2pa:remote_url", value=address.group()[:MOST_TEXT] if address else sentence, location="not fetched"
        )
    elif state == "unreadable":
        yield Reading(key="c2pa:problem", value=sentence, location="manifest store")


def _report(report: Plain) -> Iterator[Reading]:
    manifests = report.get("manifests")
    manifests = manifests if isinstance(manifests, dict) else {}
    active = report.get("active_manifest")
    manifest = manifests.get(active, {}) if isinstance(active, str) else {}
    place = f"manifest {active}"[:MOST_TEXT]
    for key, value in _manifest(manifest if isinstance(manifest, dict) else {}):
        yield Reading(key=f"c2pa:{key}", value=value, location=place)
    yield Reading(key="c2pa:manifests", value=len(manifests), location="manifest store")
    seen: set[str] = set()
    for code, where in _failures(report):
        if code not in seen and len(seen) < MOST_ITEMS:
            seen.add(code)
            yield Reading(key="c2pa:code", value=code[:MOST_TEXT], location=where[:MOST_TEXT] or place)


def _manifest(manifest: Plain) -> Iterator[tuple[str, Value]]:
    signature = manifest.get("signature_info")
    signature = signature if isinstance(signature, dict) else {}
    for key, name in (("signer", "issuer"), ("signer_common_name", "common_name"), ("algorithm", "alg")):
        if isinstance(signature.get(name), str):
            yield key, signature[name][:MOST_TEXT]
    time = signature.get("time")
    if isinstance(time, str):
        yield "signed_at", iso_moment(time) or time[:MOST_TEXT]
    yield from _generator(manifest)
    for name in ("title", "format"):
        if isinstance(manifest.get(name), str):
            yield name, manifest[name][:MOST_TEXT]
    assertions = manifest.get("assertions")
    for assertion in assertions[:MOST_ITEMS] if isinstance(assertions, list) else []:
        if isinstance(assertion, dict) and isinstance(assertion.get("label"), str):
            yield from _assertion(assertion["label"], assertion.get("data"))
    ingredients = manifest.get("ingredients")
    for ingredient in ingredients[:MOST_ITEMS] if isinstance(ingredients, list) else []:
        if isinstance(ingredient, dict):
            yield "ingredient", str(ingredient.get("title") or ingredient.get("label") or "untitled")[:MOST_TEXT]


def _generator(manifest: Plain) -> Iterator[tuple[str, Value]]:
    information = manifest.get("claim_generator_info")
    first = information[0] if isinstance(information, list) and information else {}
    first = first if isinstance(first, dict) else {}
    generator = manifest.get("claim_generator") or first.get("name")
    if isinstance(generator, str):
        yield "generator", generator[:MOST_TEXT]
    if isinstance(first.get("version"), str):
        yield "generator_version", first["version"][:MOST_TEXT]


_ACTION_FIELDS = (("action", "action"), ("digital_source_type", "digitalSourceType"), ("action_at", "when"))


def _assertion(label: str, data: object) -> Iterator[tuple[str, Value]]:
    yield "assertion", label[:MOST_TEXT]
    if label.startswith("c2pa.actions") and isinstance(data, dict) and isinstance(data.get("actions"), list):
        for action in data["actions"][:MOST_ITEMS]:
            if not isinstance(action, dict):
                continue
            for key, name in _ACTION_FIELDS:
                if isinstance(action.get(name), str):
                    value = action[name][:MOST_TEXT]
                    yield key, (iso_moment(value) or value) if name == "when" else value
            agent = action.get("softwareAgent")
            agent = agent.get("name") if isinstance(agent, dict) else agent
            if isinstance(agent, str):
                yield "software_agent", agent[:MOST_TEXT]


ANALYSER = Analyser(
    name="c2pa",
    version=2,
    accepts=frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO, Kind.DOCUMENT}),
    analyse=analyse,
    limits=Limits(seconds=60.0),
    needs=("c2pa",),
    media_types=_WALKED | _UNWALKED,
)
