"""Who had an exhibit and what became of it; when its bytes were verified; how a stranger checks both alone."""

from __future__ import annotations

from collections.abc import Iterable

from verifier.dossier import ExhibitDossier, Proof
from verifier.records import CustodyEvent, Moment, Question
from verifier.report.blocks import (
    Block,
    Break,
    Bullets,
    Cell,
    Chip,
    Commands,
    Inline,
    Ref,
    Section,
    Soft,
    Table,
    Text,
    Word,
    exact,
    joined,
    lines,
    shown,
)
from verifier.report.custody_history import Fixity
from verifier.report.pages.conclusions import concluded, findings_on
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import instant_cell, moment_cell, number
from verifier.report.sentences import statement

MOST_EVENTS, MOST_LOOKS = 30, 30
CHIPS = {"intact": "supports", "broken": "contradicts", "kept": "supports"}
# in bash, with coreutils: from an event's line to the root, one sibling after another
LEAF = "n=$( (printf '\\0'; sed -n {event}p custody.jsonl | tr -d '\\n') | sha256sum | cut -c1-64)"
WAY = (
    "for s in {path}; do case $s in L:*) b=${{s#L:}}$n ;; *) b=$n${{s#R:}} ;; esac; "
    "n=$(printf \"$(sed 's/../\\\\x&/g' <<< 01$b)\" | sha256sum | cut -c1-64); done; echo $n"
)
SEALED_ROOT = "sed -n 3p checkpoint | base64 -d | od -An -v -tx1 | tr -d ' \\n'"
SIGNATURE = (
    "sed '/^$/,$d' checkpoint > text",
    "sed '1,/^$/d' checkpoint | head -n 1 | cut -d' ' -f3 | base64 -d | tail -c 64 > signature",
    "openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in text -sigfile signature",
)


def custody(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    """The six questions that a procedure for video must answer (WITNESS), answered or "not known"; the history."""
    looks = desk.history.of(dossier)
    answers: list[tuple[Cell, ...]] = [
        (desk.word("witness", "who"), _who(desk, dossier)),
        (desk.word("witness", "access"), _access(desk, dossier)),
        (desk.word("witness", "altered"), _altered(desk, dossier)),
        (desk.word("witness", "enhanced"), desk.word("text", "never_enhanced")),
        (desk.word("witness", "done"), _done(desk, dossier)),
        (desk.word("witness", "after"), _after(desk, dossier, looks)),
    ]
    columns = (desk.w("column", "question"), desk.w("column", "answer"))
    return desk.section(
        "custody", Table(columns, tuple(answers), labelled=True, widths=(5, 9)), *_fixity(desk, looks),
        *_came_in(desk, dossier), _log(desk, dossier), Text(desk.of_the_log(), "soft"),
    )  # fmt: skip


def _who(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    """Not known, unless a person concluded it; beside that, what the file says of its device and its clock."""
    said = concluded(dossier, Question.SOURCE).newest
    parts: list[Inline] = [*desk.word("text", "not_known")]
    if said is not None:
        parts = [Chip(f"level-{said.level}", desk.w("level", said.level)), Word(" "), *shown(said.note),
                 Soft(shown(said.analyst))]  # fmt: skip
    told = [
        (*desk.word("fact", name), Word(": "), *(moment_cell(value, desk.words) if isinstance(value, Moment)
                                                 else shown(value)))
        for name in ("captured_at", "make", "model")
        if name in dossier.facts and (value := dossier.facts[name].best.value) is not None
    ]  # fmt: skip
    if told and not desk.is_large:
        parts.append(Soft((Word(desk.w("text", "file_says")), Break(), *lines(told))))
    return tuple(parts)


def _access(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    """The relay chain as it was told, then everybody whose act on it stands in the log."""
    handed = [shown(who) for batch in desk.batches_of(dossier) for who in batch.relay_chain]
    before = joined(handed, f" {desk.w('page', 'arrow')} ") or desk.word("text", "not_known")
    names = [a.operator for a in dossier.acquisitions]
    names += [event.actor for event in _events(desk, dossier)]
    names += [who for some in (dossier.observations, dossier.standings) for who in (item.by for item in some)]
    names += [item.analyst for item in dossier.assessments]
    here = joined([shown(name) for name in dict.fromkeys(name for name in names if name)], ", ")
    told: list[Inline] = [Word(desk.w("text", "before_here") + " "), *before]
    if here and not desk.is_large:
        told.append(Soft((Word(desk.w("text", "since_here") + " "), *here)))
    return tuple(told)


def _altered(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    known = concluded(dossier, Question.ALTERATION).newest
    findings = findings_on(dossier, Question.ALTERATION, Question.INTEGRITY)[:4]
    told: list[Cell] = [statement(finding, desk.words) for finding in findings]
    if known is not None:
        told.insert(0, (Word(desk.w("column", "concluded") + ": "),
                        Chip(f"level-{known.level}", desk.w("level", known.level))))  # fmt: skip
    return lines(told) or (*desk.word("text", "not_known"), Soft(desk.word("text", "altered_unknown")))


def _done(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    made = sorted({made.recipe for made in dossier.derivatives})
    derived = (Word(desk.w("text", "derived") + " "), *joined([exact(name) for name in made], ", "))
    return (*desk.word("text", "done_repeatable"), *((Soft(derived),) if made else ()))


def _after(desk: ReportIndex, dossier: ExhibitDossier, looks: tuple[Fixity, ...]) -> Cell:
    read = [look for look in looks if look.act == "audit" and look.result in {"intact", "broken"}]
    if not read:
        return desk.word("text", desk.history.shown(dossier))
    last = read[-1]
    told = (Chip(CHIPS[last.result], desk.w("fixity", last.result)), Word(" · "))
    return (*told, *instant_cell(last.at, desk.words)[:1],
            Soft(desk.word("text", desk.history.shown(dossier))))  # fmt: skip


def _fixity(desk: ReportIndex, looks: tuple[Fixity, ...]) -> tuple[Block, ...]:
    """Every look in a table; of a large report, the last one stands among the answers and report.json has all."""
    if not looks or desk.is_large:
        return ()
    kept = looks if len(looks) <= MOST_LOOKS else (looks[0], *looks[1 - MOST_LOOKS :])
    columns = tuple(desk.w("column", key) for key in ("at", "action", "outcome", "operator", "number"))
    rows = tuple(
        (
            instant_cell(look.at, desk.words)[:1],
            desk.word("fixity", look.act),
            (Chip(CHIPS.get(look.result, "plain"), desk.w("fixity", look.result)),),
            shown(look.by),
            exact(look.event),
        )
        for look in kept
    )
    more = len(looks) - len(kept)
    rest = Text((Word(desk.words.word("text", "more_in_json", count=number(more, desk.words))),), "soft")
    told = (Text(desk.word("text", "fixity_history")), Table(columns, rows, widths=(6, 4, 6, 3, 2)))
    return (*told, rest) if more else told


def _came_in(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Block, ...]:
    taken = [
        (*shown(a.path.decode("utf-8", "replace")), Soft((
            Word(desk.w("column", "taken_at") + " "), *instant_cell(a.acquired_at, desk.words)[:1], Word(" · "),
            Word(desk.w("column", "operator") + " "), *shown(a.operator),
            *((Word(" · " + desk.w("column", "inside") + " "), Ref(a.inside)) if a.inside else ()),
            *((Word(" · " + desk.w("exhibit", "referenced")),) if not a.preserved else ()))))
        for a in sorted(dossier.acquisitions, key=lambda a: (a.path, a.acquired_at))[:20]
    ]  # fmt: skip
    return (Text(desk.word("text", "came_in_as")), Bullets(tuple(taken))) if taken else ()


def _log(desk: ReportIndex, dossier: ExhibitDossier) -> Table | None:
    events = [] if desk.is_large else _events(desk, dossier)[:MOST_EVENTS]
    columns = tuple(desk.w("column", key) for key in ("number", "at", "action", "operator"))
    rows = tuple(
        (exact(e.seq), instant_cell(e.at, desk.words)[:1], shown(e.action), shown(e.actor)) for e in events
    )  # fmt: skip
    return Table(columns, rows, widths=(1, 4, 4, 4)) if rows else None


def _events(desk: ReportIndex, dossier: ExhibitDossier) -> list[CustodyEvent]:
    """Every event of the log about an exhibit: those that wrote something of it, and those that name it."""
    found = {event.seq: event for event in desk.custody_of.get(dossier.exhibit.id, ())}
    found.update({seq: desk.log[seq] for seq in dossier.acts if seq in desk.log})
    return [event for _, event in sorted(found.items())]


# ---------------------------------------------------------------- how to check it


def check(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    """Commands that need nothing of ours: the bytes, the way to the root, the seal."""
    if desk.redacted:
        return desk.section("check_yourself", Text(desk.word("check", "redacted")),
                            Commands(("sha256sum --check SHA256SUMS",)))  # fmt: skip
    digests = (f"sha256sum FILE  # {dossier.exhibit.id}", f"sha512sum FILE  # {dossier.exhibit.sha512}")
    if desk.is_large:
        return desk.section("check_yourself", Text(desk.word("check", "bytes")), Commands(digests[:1]),
                            Text(desk.word("check", "large")))  # fmt: skip
    blocks: list[Block] = [Text(desk.word("check", "bytes")), Commands(digests)]
    proof = next((desk.proofs[act.event] for act in dossier.taken_in if act.event in desk.proofs), None)
    if proof is not None:
        blocks += _of_proof(desk, proof)
    blocks += [Text(desk.word("text", "check_audit")), Commands(("verify audit --case CASE",))]
    return desk.section("check_yourself", *blocks)


def _of_proof(desk: ReportIndex, proof: Proof) -> Iterable[Block]:
    told = {"event": number(proof.event, desk.words), "size": number(proof.size, desk.words)}
    yield Text((Word(desk.words.word("check", "proof", **told)),))
    steps = " ".join(f"{side[0].upper()}:{sibling}" for side, sibling in proof.path)
    way = (WAY.format(path=steps),) if steps else ("echo $n",)
    yield Commands((LEAF.format(event=proof.event), *way, f"# {proof.root}"))
    yield Text(desk.word("check", "sealed" if proof.is_sealed else "not_sealed"))
    if proof.is_sealed:
        yield Commands((SEALED_ROOT, *SIGNATURE))
