"""Everything that people said of a case as one file that can be edited and read back.

What is new in the file is filed, what was changed is said anew, nothing is ever removed by leaving it out. Each act
goes the same way as from the command line, with the same refusals and its own custody event, signed by who imports.
What others concluded cannot be rewritten: assessments, stages and worksheets are only added, and a changed observation
must be by the person who imports. An assessment that waits for its blind review is not exported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeAlias

from verifier.canonical import from_plain, to_plain
from verifier.dossier import CaseDossier
from verifier.errors import UsageError
from verifier.records import Assessment, Claim, Incident, Observation, Standing, Verdict, Worksheet
from verifier.store import Store
from verifier.workflow.people import conclude, say
from verifier.workflow.people.locate import locate
from verifier.workflow.progress import NOT_STATED, Clock

FORMAT = "verify-notes/1"
MOST_ROWS = 100_000
Note: TypeAlias = Claim | Verdict | Assessment | Observation | Incident | Standing | Worksheet
Row: TypeAlias = Mapping[str, Any]
KINDS: Mapping[str, type[Note]] = {
    "claims": Claim,
    "verdicts": Verdict,
    "assessments": Assessment,
    "observations": Observation,
    "incidents": Incident,
    "stages": Standing,
    "worksheets": Worksheet,
}
CHANGEABLE = frozenset({"claims", "verdicts", "observations", "incidents"})
OF_ONE_EXHIBIT = frozenset({"assessments", "observations", "stages", "worksheets"})
SIGNED = {"assessments": "analyst"}  # else "by"
TIMES = frozenset({"earliest", "latest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that the file says and the case does not: `before` is None for something new."""

    kind: str
    row: int  # in the file's list of that kind, from 1
    before: Note | None
    after: Note

    def differences(self) -> list[tuple[str, object, object]]:
        """Field, what the case says, what the file says."""
        old: Mapping[str, Any] = to_plain(self.before) if self.before is not None else {}
        new: Mapping[str, Any] = to_plain(self.after)
        empty: tuple[object, ...] = (None, "", [], {})
        return [
            (name, old.get(name), value)
            for name, value in new.items()
            if name != "at" and value != old.get(name) and not (self.before is None and value in empty)
        ]


def notes(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Everything people said, by kind, as plain values in a fixed order."""
    known = _known(store.dossier())
    return {kind: [to_plain(record) for record in known[kind]] for kind in KINDS}


def plan(store: Store, said: Mapping[str, Sequence[Row]], *, operator: str) -> list[Change]:
    """What a file would change. Raises UsageError, naming the row, for anything that cannot be."""
    if not operator or operator == NOT_STATED:
        raise UsageError("Somebody must sign this: give --operator NAME (a pseudonym will do).")
    unknown = sorted(set(said) - set(KINDS))
    if unknown:
        raise UsageError(f"{unknown[0]} is no kind of note; there are {', '.join(KINDS)}.")
    case = store.dossier()
    known = _known(case)
    changes = []
    for kind, rows in said.items():
        if len(rows) > MOST_ROWS:
            raise UsageError(f"There are more than {MOST_ROWS} {kind}.")
        by_key = {_key(kind, record): record for record in known[kind]}
        contents = {_content(record) for record in known[kind]}
        for number, row in enumerate(rows, 1):
            change = _change(store, kind, number, row, by_key, contents, operator)
            if change is not None:
                changes.append(change)
    return changes


def apply(store: Store, changes: Sequence[Change], *, operator: str, clock: Clock) -> int:
    """File every change, each as an act of its own; how many. Raises UsageError at the first that cannot be."""
    for done, change in enumerate(changes):
        try:
            _FILING[change.kind](store, change, operator, clock)
        except UsageError as error:
            raise UsageError(f"{change.kind} {change.row}: {error} ({done} of {len(changes)} were filed.)") from error
    return len(changes)


def _known(case: CaseDossier) -> dict[str, list[Note]]:
    dossiers = [dossier for _, dossier in sorted(case.exhibits.items())]
    claims = {item.id: item for dossier in dossiers for item in dossier.claims if item.exhibit is not None}
    return {
        "claims": _ordered(claims.values(), "exhibit", "id"),
        "verdicts": _ordered(case.verdicts, "left", "right", "at"),
        "assessments": [n for d in dossiers for n in _ordered(conclude.blind(d.assessments), "at", "id")],
        "observations": [n for d in dossiers for n in _ordered(d.observations, "at", "id")],
        "incidents": _ordered(case.incidents, "id"),
        "stages": [n for d in dossiers for n in _ordered(d.standings, "at", "id")],
        "worksheets": [n for d in dossiers for n in _ordered(d.worksheets, "at", "id")],
    }


def _ordered(records: Iterable[Note], *names: str) -> list[Note]:
    return sorted(records, key=lambda record: [str(getattr(record, name)) for name in names])


def _key(kind: str, record: Note) -> str:
    if isinstance(record, Verdict):
        return "/".join((record.left, record.right, record.by))
    return record.id


def _content(record: Note) -> str:
    """What a record says, without when, and without the id that is made from it."""
    plain = to_plain(record)
    return repr(sorted((name, repr(value)) for name, value in plain.items() if name not in ("id", "at")))


def _change(
    store: Store,
    kind: str,
    number: int,
    row: Row,
    by_key: Mapping[str, Note],
    contents: set[str],
    operator: str,
) -> Change | None:
    after = _record(store, kind, number, row, operator)
    before = by_key.get(_key(kind, after))
    identity = "" if isinstance(after, Verdict) else after.id
    if before is None and identity:
        raise UsageError(f"{kind} {number}: there is none with the id {identity}; leave the id out for a new one.")
    if before is None and _content(after) in contents:
        return None
    if before is not None and _content(before) == _content(after):
        return None
    if before is not None and kind not in CHANGEABLE:
        raise UsageError(f"{kind} {number}: what was concluded is not rewritten; leave the id out to file a new one.")
    signer = getattr(after, SIGNED.get(kind, "by"))
    if kind not in ("claims", "incidents") and signer != operator:
        raise UsageError(f"{kind} {number}: {signer} said this, and only {signer} can say it anew, not {operator}.")
    return Change(kind=kind, row=number, before=before, after=after)


def _record(store: Store, kind: str, number: int, row: Row, operator: str) -> Note:
    """A row as a record; what is not given is empty, who says it is who imports. Raises UsageError."""
    record = KINDS[kind]
    names = [item.name for item in fields(record)]
    unknown = sorted(str(name) for name in row if name not in names)
    if unknown:
        raise UsageError(f"{kind} {number}: {unknown[0]} is no field; there are {', '.join(names)}.")
    signer = SIGNED.get(kind, "by")
    plain: dict[str, Any] = {name: None for name in ("batch", "exhibit", "reason") if name in names}
    plain |= {name: "" for name in ("id", "at", "note") if name in names}
    plain |= {signer: operator} | dict(row)
    plain["at"] = plain.get("at") or ("" if record is not Claim else None)
    if record is not Verdict and not plain.get("note"):
        plain.pop("note", None)
    for name in TIMES & plain.keys():
        _check_time(f"{kind} {number}: {name}", plain[name])
    try:
        return _with_whole_ids(store, from_plain(record, plain))
    except ValueError as error:
        raise UsageError(f"{kind} {number}: this cannot be read ({error}).") from error
    except UsageError as error:
        raise UsageError(f"{kind} {number}: {error}") from error


def _check_time(what: str, value: object) -> None:
    if value is None:
        return
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise UsageError(f"{what} is no time; write it as 2026-01-08T14:00:00Z.") from error
    if moment.tzinfo is None:
        raise UsageError(f"{what} has no zone; add Z for UTC, or an offset such as +03:30.")


def _with_whole_ids(store: Store, record: Note) -> Note:
    """The beginnings of exhibits' ids made whole. Raises UnknownExhibit or AmbiguousExhibit, which are usage errors."""
    if isinstance(record, Verdict):
        left, right = sorted((store.exhibit(record.left).id, store.exhibit(record.right).id))
        return replace(record, left=left, right=right)
    if isinstance(record, Incident):
        return replace(record, members=tuple(sorted({store.exhibit(member).id for member in record.members})))
    if isinstance(record, Claim) and record.exhibit is None:
        raise UsageError("a claim names its exhibit.")
    return replace(record, exhibit=store.exhibit(record.exhibit or "").id)


# ---------------------------------------------------------------- filing


def _file_claim(store: Store, change: Change, operator: str, clock: Clock) -> None:
    assert isinstance(change.after, Claim)  # noqa: S101 - a plan knows its kinds
    if change.before is None:
        say.claim(store, change.after, actor=operator, clock=clock)
        return
    store.say([replace(change.after, at=clock())], actor=operator, at=clock(), action="claim")


def _file_verdict(store: Store, change: Change, operator: str, clock: Clock) -> None:
    assert isinstance(change.after, Verdict)  # noqa: S101
    said = change.after
    say.verdict(store, said.left, said.right, said.decision, said.note, actor=operator, clock=clock)


def _file_assessment(store: Store, change: Change, operator: str, clock: Clock) -> None:
    assert isinstance(change.after, Assessment)  # noqa: S101
    if change.after.review_of is not None:
        conclude.review(store, change.after, clock=clock)
    else:
        conclude.assess(store, change.after, clock=clock)


def _file_observation(store: Store, change: Change, operator: str, clock: Clock) -> None:
    assert isinstance(change.after, Observation)  # noqa: S101
    conclude.observe(store, change.after, clock=clock)


def _file_incident(store: Store, change: Change, operator: str, clock: Clock) -> None:
    assert isinstance(change.after, Incident)  # noqa: S101
    conclude.gather_incident(store, replace(change.after, by=operator), clock=clock)


def _file_stage(store: Store, change: Change, operator: str, clock: Clock) -> None:
    assert isinstance(change.after, Standing)  # noqa: S101
    conclude.stand(store, change.after, clock=clock)


def _file_worksheet(store: Store, change: Change, operator: str, clock: Clock) -> None:
    assert isinstance(change.after, Worksheet)  # noqa: S101
    locate(store, change.after, clock=clock)


_FILING: Mapping[str, Callable[[Store, Change, str, Clock], None]] = {
    "claims": _file_claim,
    "verdicts": _file_verdict,
    "assessments": _file_assessment,
    "observations": _file_observation,
    "incidents": _file_incident,
    "stages": _file_stage,
    "worksheets": _file_worksheet,
}
