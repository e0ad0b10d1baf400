"""The exhibits and the custody log as PREMIS 3.0, which archives and courts' systems read. Streams.

Names of files are left out: they are what somebody called a thing, and stand in JSON only. An event links the exhibits
that it wrote something about. Elements come in the order of the schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from verifier.canonical import encode
from verifier.records import CustodyEvent, Exhibit
from verifier.visible import visible

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<premis:premis xmlns:premis="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
version="3.0">
"""
_LONGEST = 4000
AGENT_OF_THE_TOOL = "verify"


def render(
    origin: str,
    exhibits: Iterable[Exhibit],
    events: Iterable[CustodyEvent],
    about: Mapping[int, Sequence[str]],
    tool_version: str,
) -> Iterator[bytes]:
    """The document piece by piece. `about`: exhibits of an event, by its number."""
    yield _HEAD.encode()
    yield _whole(origin).encode()
    for exhibit in exhibits:
        yield _object(exhibit).encode()
    actors: dict[str, None] = {}
    for event in events:
        actors[event.actor] = None
        yield _event(origin, event, about.get(event.seq, ())).encode("utf-8", "backslashreplace")
    for actor in actors:
        yield _agent(actor).encode("utf-8", "backslashreplace")
    yield (
        f"<premis:agent>{_identifier('agent', 'software', AGENT_OF_THE_TOOL)}"
        f"{_element('agentName', AGENT_OF_THE_TOOL)}{_element('agentType', 'software')}"
        f"{_element('agentVersion', tool_version)}</premis:agent>\n</premis:premis>\n"
    ).encode()


def _whole(origin: str) -> str:
    return (
        f'<premis:object xsi:type="premis:intellectualEntity">{_identifier("object", "custody log", origin)}'
        "</premis:object>\n"
    )


def _object(exhibit: Exhibit) -> str:
    fixities = "".join(
        f"<premis:fixity>{_element('messageDigestAlgorithm', name)}{_element('messageDigest', digest)}</premis:fixity>"
        for name, digest in (("SHA-256", exhibit.id), ("SHA-512", exhibit.sha512))
    )
    form = f"<premis:formatDesignation>{_element('formatName', exhibit.media_type)}</premis:formatDesignation>"
    return (
        f'<premis:object xsi:type="premis:file">{_identifier("object", "SHA-256", exhibit.id)}'
        f"<premis:objectCharacteristics>{fixities}{_element('size', str(exhibit.size))}"
        f"<premis:format>{form}</premis:format></premis:objectCharacteristics></premis:object>\n"
    )


def _event(origin: str, event: CustodyEvent, about: Sequence[str]) -> str:
    detail = f"{visible(event.subject, _LONGEST)} {encode(dict(event.detail)).decode('utf-8', 'backslashreplace')}"
    linked = "".join(
        f"<premis:linkingObjectIdentifier>{_element('linkingObjectIdentifierType', kind)}"
        f"{_element('linkingObjectIdentifierValue', value)}</premis:linkingObjectIdentifier>"
        for kind, value in (*(("SHA-256", one) for one in about), ("custody log", origin))
    )
    return (
        f"<premis:event>{_identifier('event', 'number in the custody log', str(event.seq))}"
        f"{_element('eventType', event.action)}{_element('eventDateTime', event.at)}"
        f"<premis:eventDetailInformation>{_element('eventDetail', detail)}</premis:eventDetailInformation>"
        f"<premis:linkingAgentIdentifier>{_element('linkingAgentIdentifierType', 'name as stated')}"
        f"{_element('linkingAgentIdentifierValue', event.actor)}</premis:linkingAgentIdentifier>{linked}"
        "</premis:event>\n"
    )


def _agent(actor: str) -> str:
    return (
        f"<premis:agent>{_identifier('agent', 'name as stated', actor)}{_element('agentName', actor)}"
        f"{_element('agentType', 'not authenticated')}</premis:agent>\n"
    )


def _identifier(of: str, kind: str, value: str) -> str:
    inner = f"{_element(f'{of}IdentifierType', kind)}{_element(f'{of}IdentifierValue', value)}"
    return f"<premis:{of}Identifier>{inner}</premis:{of}Identifier>"


def _element(name: str, value: str) -> str:
    return f"<premis:{name}>{escape(visible(value, _LONGEST))}</premis:{name}>"
