"""Which exhibits may show one event, by matches, time, place and sound. A suggestion files nothing; a person does.

What joins two recordings (copies and pieces of one recording are counted as one first):
- a match of tier certain or likely that is no copy: the same sound, the same scene, the same event;
- time *and* place together (`nearness`). Time alone, place alone and a match that waits for review never join.
Nothing is passed on: every recording of a suggestion is joined to its *centre* itself, and one that is joined by time
and place only must not be excluded by time or place from the first that joined. So no chain of weak reasons grows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.claims import BEARS_CLAIMS
from verifier.findings.copies.recordings import distinct
from verifier.findings.events.nearness import Neighbours, Reason, agreeing, excluding
from verifier.findings.events.traces import Trace, merged, trace_of, trace_of_incident
from verifier.records import FindingOutcome, Incident, Match, Question, Relation, Tier

JOINING = frozenset({Relation.SAME_AUDIO, Relation.SAME_SCENE, Relation.SAME_EVENT})
CAUTIONS = {
    Relation.SAME_AUDIO: "one song or broadcast under two recordings gives the same link",
    Relation.SAME_SCENE: "the same place may have been filmed on another day",
    Relation.SHARED_OVERLAY: "one logo or caption on two pictures gives the same link",
    Relation.CLIP: "a compilation holds pieces of several events",
}
MOST_TOLD = 200  # reasons of each sort in one suggestion
MOST_HELD_AGAINST = 8  # recordings that a further one must not be excluded by: the centre, and the first that joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Exhibits that may show one event, as recordings (copies together), and what speaks for and against it."""

    incident: str | None  # to which they may belong; None: a new one
    centre: str
    recordings: tuple[tuple[str, ...], ...]
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    place: str | None = None
    earliest: str | None = None  # RFC 3339 UTC
    latest: str | None = None
    has: frozenset[str] = frozenset()  # what the incident has already

    @property
    def further(self) -> tuple[str, ...]:
        """The exhibits that filing it would add."""
        return tuple(member for member in self.members if member not in self.has)

    @property
    def members(self) -> tuple[str, ...]:
        """Every exhibit, in order."""
        return tuple(sorted(one for recording in self.recordings for one in recording))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """New suggestions, what may belong to incidents that people filed, and whether pairs were left unlooked at."""

    new: tuple[Suggestion, ...]
    belonging: tuple[Suggestion, ...]
    is_complete: bool


@dataclass(slots=True, kw_only=True)
class _Desk:
    """A case sorted for suggesting: recordings by their first exhibit, their traces, and the links between them."""

    case: CaseDossier
    members: Mapping[str, tuple[str, ...]]
    traces: Mapping[str, Trace]
    own: Mapping[str, Trace]  # of single exhibits
    links: Mapping[str, Mapping[str, list[Reason]]]
    warned: Mapping[str, tuple[Reason, ...]]  # findings that contradict a claimed time or place, by exhibit
    near: Neighbours
    of: Mapping[str, str] = field(default_factory=dict)


def suggest(case: CaseDossier) -> Suggested:
    """Suggestions for a case whose facts are established (`gather`). The same case gives the same answer."""
    desk = _desk(case)
    belonging = tuple(
        found for incident in sorted(case.incidents, key=lambda one: one.id) for found in _belonging(incident, desk)
    )
    taken = {desk.of[member] for incident in case.incidents for member in incident.members if member in desk.of}
    new = []
    for seed in sorted(desk.members, key=lambda key: _vagueness(key, desk.traces[key])):
        if seed not in taken:
            joined = _joined([seed], desk.traces[seed], desk, taken | {seed})
            if joined:
                taken |= {seed, *joined}
                new.append(_suggestion(None, [seed], joined, desk))
    new.sort(key=lambda one: (-len(one.recordings), one.earliest or "~", one.centre))
    return Suggested(new=tuple(new), belonging=belonging, is_complete=not desk.near.is_spent)


def _vagueness(key: str, trace: Trace) -> tuple[timedelta, float, str]:
    """What is told most narrowly is the centre, so that one broad claim draws nothing together."""
    length = min((span.latest - span.earliest for span in trace.spans), default=timedelta.max)
    return length, min((spot.radius_metres for spot in trace.spots), default=float("inf")), key


def _desk(case: CaseDossier) -> _Desk:
    own, warned = {}, {}
    for key, dossier in case.exhibits.items():
        if dossier.exhibit.kind in BEARS_CLAIMS and not _is_excluded(dossier):
            own[key] = trace_of(dossier, case)
            said = _contradicted(dossier)
            if said:
                warned[key] = said
    members = {recording[0]: recording for recording in distinct(sorted(own), case)}
    of = {member: head for head, recording in members.items() for member in recording}
    traces = {head: merged([own[member] for member in recording]) for head, recording in members.items()}
    return _Desk(
        case=case, members=members, traces=traces, own=own, links=_links(case, of), warned=warned,
        near=Neighbours(traces), of=of,
    )  # fmt: skip


def _is_excluded(dossier: ExhibitDossier) -> bool:
    latest = max(dossier.standings, key=lambda said: (said.at, said.id), default=None)
    return latest is not None and latest.stage == "excluded"


def _contradicted(dossier: ExhibitDossier) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            left=dossier.exhibit.id, right="", kind="finding", joins=False, text=found.statement or found.code,
            references=(found.code, *found.because),
        )
        for found in dossier.findings
        if found.outcome is FindingOutcome.CONTRADICTS and found.question in (Question.TIME, Question.PLACE)
    )  # fmt: skip


def _links(case: CaseDossier, of: Mapping[str, str]) -> dict[str, dict[str, list[Reason]]]:
    """Matches between different recordings, both ways round; a person's "different" ends them, "same" is a copy."""
    different = {(said.left, said.right) for said in case.verdicts if said.decision == "different"}
    found: dict[str, dict[str, list[Reason]]] = defaultdict(lambda: defaultdict(list))
    for match in case.matches:
        one, other = of.get(match.left), of.get(match.right)
        if one is None or other is None or one == other or (match.left, match.right) in different:
            continue
        for here, there in ((one, other), (other, one)):
            found[here][there].append(_link(match))
    return found


def _link(match: Match) -> Reason:
    return Reason(
        left=match.left,
        right=match.right,
        kind="match",
        joins=match.relation in JOINING and match.tier is not Tier.REVIEW,
        text=f"{match.relation.value}, {match.tier.value}",
        references=(match.method,),
    )


def _joined(centres: list[str], trace: Trace, desk: _Desk, leave_out: set[str]) -> list[str]:
    """Recordings that are joined to a centre itself: by a match first, then by time and place."""
    found = sorted(
        {
            other
            for centre in centres
            for other, reasons in desk.links.get(centre, {}).items()
            if other not in leave_out and any(reason.joins for reason in reasons)
        }
    )
    excluded_by = [trace, *(desk.traces[key] for key in found)][:MOST_HELD_AGAINST]
    for other in sorted(desk.near.of(trace, leave_out | set(found))):
        said = desk.traces[other]
        if len(agreeing(trace, said)) == 2 and not any(excluding(known, said) for known in excluded_by):
            found.append(other)
            if len(excluded_by) < MOST_HELD_AGAINST:
                excluded_by.append(said)
    return found


def _belonging(incident: Incident, desk: _Desk) -> list[Suggestion]:
    """What may belong to an incident that a person filed, beside what it has."""
    has = sorted({desk.of[member] for member in incident.members if member in desk.of})
    found: dict[str, str] = {}
    written = trace_of_incident(incident)
    for centre, trace in [*((one, merged([desk.traces[one]])) for one in has), ("", written)]:
        for other in _joined([centre] if centre else [], trace, desk, {*has, *found}):
            found[other] = centre
    copies = {one for head in has for one in desk.members[head]} - set(incident.members)
    if not found and not copies:
        return []
    return [_suggestion(incident, has, sorted(found), desk)]


def _suggestion(incident: Incident | None, centres: list[str], joined: list[str], desk: _Desk) -> Suggestion:
    reasons: set[Reason] = set()
    against: set[Reason] = set()
    written = trace_of_incident(incident) if incident is not None else Trace()
    for other in joined:
        for centre in centres:
            _weigh(desk.traces[centre], desk.traces[other], desk.links.get(centre, {}).get(other, []), reasons, against)
        if incident is not None:
            _weigh(written, desk.traces[other], [], reasons, against)
    for head in (*centres, *joined):
        _copies(head, desk, reasons, against)
        for member in desk.members[head]:
            against |= set(desk.warned.get(member, ()))
    recordings = tuple(sorted(desk.members[head] for head in (*centres, *joined)))
    spans = [desk.traces[head].spans[0] for head in (*centres, *joined) if desk.traces[head].spans]
    spots = [desk.traces[head].spots[0] for head in (*centres, *joined) if desk.traces[head].spots]
    where = min(spots, key=lambda spot: (spot.radius_metres, spot.exhibit), default=None)
    return Suggestion(
        incident=incident.id if incident else None,
        centre=centres[0] if centres else "",
        recordings=recordings,
        reasons=tuple(sorted(reasons, key=lambda one: (not one.joins, one)))[:MOST_TOLD],
        against=tuple(sorted(against))[:MOST_TOLD],
        place=f"{where.position.latitude_degrees:.5f}, {where.position.longitude_degrees:.5f}" if where else None,
        earliest=f"{min(span.earliest for span in spans):%Y-%m-%dT%H:%M:%SZ}" if spans else None,
        latest=f"{max(span.latest for span in spans):%Y-%m-%dT%H:%M:%SZ}" if spans else None,
        has=frozenset(incident.members if incident else ()),
    )


def _weigh(one: Trace, other: Trace, links: Iterable[Reason], reasons: set[Reason], against: set[Reason]) -> None:
    """What speaks for two recordings being of one event, and what against; links bring their own caution."""
    counts = Counter(link.text for link in links)
    told = list({link.text: link for link in sorted(links, reverse=True)}.values())  # one a sort: the first of many
    reasons |= {replace(link, text=f"{link.text} ({counts[link.text]} links)") for link in told}
    reasons |= set(agreeing(one, other))
    against |= set(excluding(one, other))
    for link in told:
        relation = Relation(link.text.partition(",")[0])
        if relation in CAUTIONS:
            against.add(
                Reason(
                    left=link.left, right=link.right, kind="caution", joins=False,
                    text=f"{relation.value}: {CAUTIONS[relation]}", references=link.references,
                )
            )  # fmt: skip


def _copies(head: str, desk: _Desk, reasons: set[Reason], against: set[Reason]) -> None:
    """Copies stand together as one recording; where their clocks exclude one another, that is told."""
    first, *others = desk.members[head]
    if others:
        text = f"{len(others) + 1} exhibits are one recording: copies or pieces of one another"
        seen = tuple(member[:12] for member in others)
        reasons.add(Reason(left=first, right="", kind="copies", joins=True, text=text, references=seen))
    for member in others[:MOST_TOLD]:
        against |= set(excluding(desk.own[first], desk.own[member]))
