"""A case laid out for writing: what each exhibit is linked to, looked up once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from verifier.dossier import CaseDossier, ExhibitDossier, Proof
from verifier.findings.copies.generations import Step, steps_of
from verifier.guarded import UNGUARDED, Guard
from verifier.records import Batch, Claim, CustodyEvent, Group, Incident, Match, Relation, Tier, Verdict
from verifier.report.blocks import Cell, Section, Text, Word
from verifier.report.custody_history import BROKEN, History
from verifier.report.language import Language
from verifier.report.pages.said_once import SaidOnce, said_once
from verifier.report.sentences import matter

COPIES = frozenset({Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE, Relation.CLIP})
MANY = 200  # exhibits from which on each shows fewer readings and links; report.json has all
MEDIA = frozenset({"photo", "video", "audio"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIndex:
    """The case, the language, and every look-up that the pages share."""

    case: CaseDossier
    words: Language
    links: Mapping[str, tuple[Match, ...]]
    group_of: Mapping[str, Group]
    incidents_of: Mapping[str, tuple[Incident, ...]]
    verdict_of: Mapping[tuple[str, str], Verdict]
    batches: Mapping[str, Batch]
    custody_of: Mapping[str, tuple[CustodyEvent, ...]]
    instruments: frozenset[str]
    recipes: Mapping[str, str]  # of derivatives, by id
    history: History
    log: Mapping[int, CustodyEvent]  # by number
    proofs: Mapping[int, Proof]  # by the number of the event that they prove
    steps: Mapping[str, Step]  # what a copy can have been made from, by the copy
    exhibits: int  # of the whole case, of which this may be a part
    said: SaidOnce = field(default_factory=SaidOnce)
    check_sets: Mapping[tuple[str, ...], str] = field(default_factory=dict)  # what ran on an exhibit, by a letter
    guard: Guard = UNGUARDED

    @property
    def redacted(self) -> bool:
        """Whether this is a report for others: ids are commitments, and much is left out."""
        return "redacted" in self.case.settings

    @property
    def is_broken(self) -> bool:
        """Whether the last audit found something broken; a redacted case, which has no log, says so in a setting."""
        return self.history.is_broken or bool(self.case.settings.get(BROKEN))

    def most(self, few: int, many: int) -> int:
        """How many rows of a kind each exhibit shows: fewer in a report of many, which has to stay light to open."""
        return few if self.is_large else many

    @property
    def is_large(self) -> bool:
        """Whether the report is of so many exhibits that what report.json says in full is left to it."""
        return len(self.case.exhibits) > MANY

    @property
    def comma(self) -> str:
        """What stands between words of a list."""
        return "، " if self.words.direction == "rtl" else ", "

    @property
    def semicolon(self) -> str:
        """What stands between clauses of a list."""
        return "؛ " if self.words.direction == "rtl" else "; "

    def w(self, section: str, key: str) -> str:
        """A word of the language."""
        return self.words.word(section, key)

    def word(self, section: str, key: str) -> Cell:
        """A word of the language, as a cell."""
        return (Word(self.words.word(section, key)),)

    def matter(self, subject: str) -> str:
        """What an issue is about; of a rule from outside, its question."""
        return matter(subject, self.words)

    def weaker(self) -> Cell | None:
        """That exhibits were decoded without a layer of the sandbox, if so."""
        if not self.case.unprotected:
            return None
        layers = self.comma.join(self.w("layer", name) for name in self.case.unprotected)
        return (Word(self.words.word("text", "weaker_sandbox", layers=layers)),)

    def of_the_log(self) -> Cell:
        """What the log shows and what it does not."""
        return self.word("text", "custody_broken" if self.is_broken else "custody")

    def section(self, key: str, *blocks: object, folded: bool = True, screen_only: bool = False,
                count: int | None = None) -> Section:  # fmt: skip
        """A section named in the language; blocks that are None are left out."""
        kept = tuple(block for block in blocks if block is not None)
        return Section(key, self.w("part", key), kept, folded, screen_only, count)  # type: ignore[arg-type]

    def made(self, key: str, build: Callable[[], Section | None], *about: str) -> Section | None:
        """A section; where it cannot be written, one that says so and no more. `about`: the exhibit that it is of."""
        failed: Section | None = self.section(key, Text(self.word("text", "not_written"), "warning"), folded=False)
        return self.guard.attempt(about, build, failed, instrument=f"report:{key}")

    def batches_of(self, dossier: ExhibitDossier) -> tuple[Batch, ...]:
        """The hand-overs that an exhibit came with."""
        names = dict.fromkeys(a.batch for a in dossier.acquisitions if a.batch is not None)
        return tuple(self.batches[name] for name in names if name in self.batches)

    def claims_of(self, dossier: ExhibitDossier) -> tuple[Claim, ...]:
        """What is said of an exhibit, in order of who says it."""
        return tuple(sorted(dossier.claims, key=lambda claim: (claim.by, claim.id)))


def desk(case: CaseDossier, words: Language, guard: Guard = UNGUARDED, *, notes: bool = True) -> ReportIndex:
    """The case laid out. Without `notes` every sentence stands in its place, for pages that have no list of notes."""
    links: dict[str, list[Match]] = defaultdict(list)
    for match in sorted(case.matches, key=_link_order):
        links[match.left].append(match)
        links[match.right].append(match)
    incidents: dict[str, list[Incident]] = defaultdict(list)
    for incident in sorted(case.incidents, key=lambda i: i.id):
        for member in incident.members:
            incidents[member].append(incident)
    custody: dict[str, list[CustodyEvent]] = defaultdict(list)
    for event in case.custody:
        custody[event.subject].append(event)
    return ReportIndex(
        case=case,
        words=words,
        links={key: tuple(value) for key, value in links.items()},
        group_of={member: group for group in case.groups for member in group.members},
        incidents_of={key: tuple(value) for key, value in incidents.items()},
        verdict_of={(v.left, v.right): v for v in sorted(case.verdicts, key=lambda v: v.at)},
        batches={batch.id: batch for batch in case.batches},
        custody_of={key: tuple(value) for key, value in custody.items()},
        recipes={made.id: made.recipe for d in case.exhibits.values() for made in d.derivatives},
        history=History(case),
        log={event.seq: event for event in case.custody},
        proofs={proof.event: proof for proof in case.proofs},
        steps=guard.attempt((), lambda: steps_of(case), dict[str, Step](), instrument="report:steps"),
        said=guard.attempt((), lambda: said_once(case, words), SaidOnce(), instrument="report:notes")
        if notes
        else SaidOnce(),
        check_sets=_check_sets(case),
        guard=guard,
        exhibits=len(case.exhibits),
        instruments=frozenset(run.instrument for d in case.exhibits.values() for run in d.runs),
    )


def checks_of(dossier: ExhibitDossier) -> tuple[str, ...]:
    """Every check that ran on an exhibit and ended, with its version."""
    return tuple(sorted({f"{run.instrument}/{run.version}" for run in dossier.runs if run.result == "done"}))


def _check_sets(case: CaseDossier) -> dict[tuple[str, ...], str]:
    """The different sets of checks, A for the one that most exhibits share."""
    counted = Counter(checks_of(dossier) for dossier in case.exhibits.values())
    ordered = sorted(counted, key=lambda checks: (-counted[checks], checks))
    return {checks: _letters(number) for number, checks in enumerate(ordered)}


def _letters(number: int) -> str:
    """A … Z, AA, AB …"""
    first, last = divmod(number, 26)
    return (_letters(first - 1) if first else "") + chr(65 + last)


def _link_order(match: Match) -> tuple[int, float, str, str, str]:
    return (list(Tier).index(match.tier), -match.score, match.left, match.right, match.relation.value)
