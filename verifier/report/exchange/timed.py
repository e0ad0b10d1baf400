"""What happens at a time within one exhibit, as subtitles (SRT, WebVTT) and as an ELAN annotation file.

People's observations and the machine's candidates stand in tiers of their own, so that no one takes one for the other.
What has no time within the exhibit has no place here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from verifier.dossier import ExhibitDossier
from verifier.records import Event, Observation
from verifier.report.language import Language, language
from verifier.report.maps.kml import escaped
from verifier.visible import isolated, visible, visible_name

SHOWN_SECONDS = 1.0  # of what is a moment, or shorter
LONGEST = 500
ELAN_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
ELAN_DATE = "2000-01-01T00:00:00+00:00"  # required by the schema; when it was written is in the custody log
TYPE = "observations"
_NO_MARKUP = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")", "\\": "⧵"})  # players read these as styles


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Something at a time. `tier`: whose word it is, a person's or that of a detector."""

    start_seconds: float
    end_seconds: float
    tier: str
    text: str


def captions_of(dossier: ExhibitDossier, lang: str = "en") -> tuple[Caption, ...]:
    """In order of time. What is shorter than a second, or a moment, is shown for one."""
    words = language(lang)
    people = (_seen(one, words) for one in dossier.observations)
    machine = (_found(one, words) for one in dossier.events)
    found = [one for one in (*people, *machine) if one is not None]
    return tuple(sorted(found, key=lambda one: (one.start_seconds, one.end_seconds, one.tier, one.text)))


def _seen(said: Observation, words: Language) -> Caption | None:
    if said.start_seconds is None:
        return None
    parts = [words.word("observed", said.what)]
    if said.least is not None or said.most is not None:
        parts.append(f"{'?' if said.least is None else said.least}–{'?' if said.most is None else said.most}")
    parts += [
        isolated(visible(text, LONGEST)) for text in (*said.alternatives, said.expert or "", said.note or "") if text
    ]
    return _caption(said.start_seconds, said.end_seconds, f"observed by {visible(said.by, 80)}", "; ".join(parts))


def _found(event: Event, words: Language) -> Caption:
    parts = [words.word("event", event.kind)]
    if event.score is not None:
        parts.append(f"score {event.score:.2f}")
    measures = [f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {visible(str(value), 80)}"
                for name, value in sorted(event.measures.items()) if value is not None]  # fmt: skip
    return _caption(event.start_seconds, event.end_seconds, f"machine: {event.kind}", "; ".join([*parts, *measures]))


def _caption(start: float, end: float | None, tier: str, text: str) -> Caption:
    start = max(0.0, start)
    return Caption(start_seconds=start, end_seconds=max(end or 0.0, start + SHOWN_SECONDS), tier=tier, text=text)


def srt(captions: Iterable[Caption]) -> bytes:
    """SubRip: UTF-8, comma before the milliseconds."""
    blocks = [
        f"{number}\n{_clock(one.start_seconds, ',')} --> {_clock(one.end_seconds, ',')}\n{_line(one)}\n"
        for number, one in enumerate(captions, 1)
    ]
    return "\n".join(blocks).encode("utf-8")


def vtt(captions: Iterable[Caption]) -> bytes:
    """WebVTT; each cue bears the number of its place."""
    blocks = ["WEBVTT\n"]
    blocks += [
        f"{number}\n{_clock(one.start_seconds, '.')} --> {_clock(one.end_seconds, '.')}\n{_line(one)}\n"
        for number, one in enumerate(captions, 1)
    ]
    return "\n".join(blocks).encode("utf-8")


def _line(one: Caption) -> str:
    return f"[{one.tier}] {one.text}".replace("&", "＆").translate(_NO_MARKUP)


def _clock(seconds: float, point: str) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d}{point}{whole % 1000:03d}"


def elan(dossier: ExhibitDossier, captions: Iterable[Caption]) -> bytes:
    """An ELAN annotation file (EAF 3.0). In a tier nothing overlaps, as ELAN wants it: what does gets another tier."""
    lanes = _lanes(captions)
    slots: list[str] = []
    tiers = [_tier(name, some, slots) for name, some in lanes.items()]
    names = [
        visible_name(one.name) for one in sorted(dossier.acquisitions, key=lambda one: (one.acquired_at, one.path))
    ]
    name = quote(names[0] if names else dossier.exhibit.id)
    media = (
        f'<MEDIA_DESCRIPTOR MEDIA_URL="file:///{name}" RELATIVE_MEDIA_URL="./{name}" '
        f'MIME_TYPE="{escaped(dossier.exhibit.media_type)}"/>'
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<ANNOTATION_DOCUMENT AUTHOR="verify" DATE="{ELAN_DATE}" FORMAT="3.0" VERSION="3.0" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{ELAN_SCHEMA}">',
        f'<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">{media}'
        f'<PROPERTY NAME="exhibit">{dossier.exhibit.id}</PROPERTY></HEADER>',
        f"<TIME_ORDER>{''.join(slots)}</TIME_ORDER>",
        *tiers,
        f'<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="{TYPE}" TIME_ALIGNABLE="true"/>',
        "</ANNOTATION_DOCUMENT>",
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def _lanes(captions: Iterable[Caption]) -> Mapping[str, list[Caption]]:
    lanes: dict[str, list[Caption]] = {}
    for one in captions:
        for name in _names(one.tier):
            lane = lanes.setdefault(name, [])
            if not lane or round(lane[-1].end_seconds * 1000) <= round(one.start_seconds * 1000):
                lane.append(one)
                break
    return lanes


def _names(tier: str) -> Iterator[str]:
    yield tier
    number = 2
    while True:
        yield f"{tier} ({number})"
        number += 1


def _tier(name: str, captions: Iterable[Caption], slots: list[str]) -> str:
    lines = [f'<TIER LINGUISTIC_TYPE_REF="{TYPE}" TIER_ID="{escaped(name)}">']
    for one in captions:
        first = len(slots) + 1
        for place, seconds in ((first, one.start_seconds), (first + 1, one.end_seconds)):
            slots.append(f'<TIME_SLOT TIME_SLOT_ID="ts{place}" TIME_VALUE="{round(seconds * 1000)}"/>')
        lines.append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{first // 2 + 1}" TIME_SLOT_REF1="ts{first}" '
            f'TIME_SLOT_REF2="ts{first + 1}"><ANNOTATION_VALUE>{escaped(one.text)}</ANNOTATION_VALUE>'
            "</ALIGNABLE_ANNOTATION></ANNOTATION>"
        )
    return "".join([*lines, "</TIER>"])
