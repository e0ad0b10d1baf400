"""Who had an exhibit and what became of it; when its bytes were verified; how a stranger checks both alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from verifier.dossier import ExhibitDossier, Proof
from verifier.records import Assessment, CustodyEvent, Question
from verifier.report.blocks import (
    Block,
    Bullets,
    Cell,
    Chip,
    Commands,
    Exact,
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
from verifier.report.pages.conclusions import concluded
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import instant_cell, number
from verifier.report.told import phrased

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
    """The history of one exhibit: how it came, who had it, when its bytes were looked at, and its entries in the log.

    The six questions of a procedure for video (WITNESS) are answered once for all exhibits (`six_questions`); what
    differs from exhibit to exhibit stands here.
    """
    looks = desk.history.of(dossier)
    said = concluded(dossier, Question.SOURCE).newest
    blocks: list[Block | None] = [Text(_access(desk, dossier))]
    if said is not None:
        blocks.append(Text((Word(desk.w("asked", "source") + " "), *_who(desk, said))))
    if any(look.act == "audit" and look.result in {"intact", "broken"} for look in looks):
        blocks.append(Text((Word(desk.w("column", "hashed_again") + ": "), *_after(desk, dossier, looks))))
    return desk.section("custody", *blocks, *_came_in(desk, dossier), *_fixity(desk, looks), _log(desk, dossier))


def six_questions(desk: ReportIndex) -> Section:
    """What is true of every exhibit alike."""
    answers = [
        ("who", (*desk.word("text", "not_known"), Soft(desk.word("text", "who_alike")))),
        ("access", desk.word("text", "access_alike")),
        ("altered", (*desk.word("text", "altered_alike"), Soft(desk.word("text", "altered_unknown")))),
        ("enhanced", desk.word("text", "never_enhanced")),
        ("done", desk.word("text", "done_repeatable")),
        ("after", lines([(*desk.word("text", state), Word(f" ({number(count, desk.words)})"))
                         for state, count in sorted(_states(desk).items())])),
    ]  # fmt: skip
    rows = tuple((desk.word("witness", key), answer) for key, answer in answers)
    columns = (desk.w("column", "question"), desk.w("column", "answer"))
    return desk.section("six_questions", Table(columns, rows, labelled=True, widths=(5, 9)), folded=False)


def _states(desk: ReportIndex) -> Counter[str]:
    """How many exhibits stand how since the last audit."""
    return Counter(desk.history.shown(dossier) for dossier in desk.case.exhibits.values())


def _who(desk: ReportIndex, said: Assessment) -> Cell:
    """What a person concluded of who captured it; what the file says of its device stands among its metadata."""
    return (Chip(f"level-{said.level}", desk.w("level", said.level)), Word(" "), *shown(said.note),
            Soft(shown(said.analyst)))  # fmt: skip


def _access(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    """The relay chain as it was told, then everybody whose act on it stands in the log."""
    handed = [shown(who) for batch in desk.batches_of(dossier) for who in batch.relay_chain]
    before = joined(handed, f" {desk.w('page', 'arrow')} ") or desk.word("text", "not_known")
    names = [a.operator for a in dossier.acquisitions]
    names += [event.actor for event in _events(desk, dossier)]
    names += [who for some in (dossier.observations, dossier.standings) for who in (item.by for item in some)]
    names += [item.analyst for item in dossier.assessments]
    here = joined([shown(name) for name in dict.fromkeys(name for name in names if name)], desk.comma)
    told: list[Inline] = [Word(desk.w("text", "before_here") + " "), *before]
    if here and not desk.is_large:
        told.append(Soft((Word(desk.w("text", "since_here") + " "), *here)))
    return tuple(told)


def _after(desk: ReportIndex, dossier: ExhibitDossier, looks: tuple[Fixity, ...]) -> Cell:
    read = [look for look in looks if look.act == "audit" and look.result in {"intact", "broken"}]
    if not read:
        return desk.word("text", desk.history.shown(dossier))
    last = read[-1]
    told = (Chip(CHIPS[last.result], desk.w("fixity", last.result)), Word(" · "))
    return (*told, *instant_cell(last.at, desk.words)[:1])


def _fixity(desk: ReportIndex, looks: tuple[Fixity, ...]) -> tuple[Block, ...]:
    """Every look in a table; of a large report, the last one stands among the answers and report.json has all."""
    if len(looks) < 2 or desk.is_large:  # that it was taken in, and no more, stands above
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
    table = Table(columns, rows, widths=(6, 4, 6, 3, 2))
    return (table, rest) if more else (table,)


def _came_in(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Block, ...]:
    taken = [
        (*shown(a.path.decode("utf-8", "replace")), Soft((
            Word(desk.w("column", "taken_at") + " "), *instant_cell(a.acquired_at, desk.words)[:1], Word(" · "),
            Word(desk.w("column", "operator") + " "), *shown(a.operator),
            *((Word(" · " + desk.w("column", "inside") + " "), Ref(a.inside)) if a.inside else ()),
            *((Word(" · " + desk.w("exhibit", "referenced")),) if not a.preserved else ()))))
        for a in sorted(dossier.acquisitions, key=lambda a: (a.path, a.acquired_at))[:20]
    ]  # fmt: skip
    return (Bullets(tuple(taken)),) if taken else ()


def _log(desk: ReportIndex, dossier: ExhibitDossier) -> Text | None:
    """The acts of the log about it, each with its number."""
    events = [] if desk.is_large else _events(desk, dossier)[:MOST_EVENTS]
    if not events:
        return None
    told = [(*phrased(e.action, desk.words), Word(" "), Exact(number(e.seq, desk.words))) for e in events]
    return Text((Word(desk.w("column", "log") + ": "), *joined(told, desk.comma)), "soft")


def _events(desk: ReportIndex, dossier: ExhibitDossier) -> list[CustodyEvent]:
    """Every event of the log about an exhibit: those that wrote something of it, and those that name it."""
    found = {event.seq: event for event in desk.custody_of.get(dossier.exhibit.id, ())}
    found.update({seq: desk.log[seq] for seq in dossier.acts if seq in desk.log})
    return [event for _, event in sorted(found.items())]


# ---------------------------------------------------------------- how to check it


def check(desk: ReportIndex, dossier: ExhibitDossier) -> Section | None:
    """Commands that need nothing of ours: the bytes, the way to the root, the seal. On screen: they are long, and on
    paper nobody can type them; how they are used is said once (`how_to_check`)."""
    if desk.redacted:
        return None
    digests = (f"sha256sum FILE  # {dossier.exhibit.id}", f"sha512sum FILE  # {dossier.exhibit.sha512}")
    if desk.is_large:
        return desk.section("check_yourself", Commands(digests[:1]), screen_only=True)
    proof = next((desk.proofs[act.event] for act in dossier.taken_in if act.event in desk.proofs), None)
    blocks = [Commands(digests), *(_of_proof(desk, proof) if proof is not None else ())]
    return desk.section("check_yourself", *blocks, screen_only=True)


def _of_proof(desk: ReportIndex, proof: Proof) -> Iterable[Block]:
    steps = " ".join(f"{side[0].upper()}:{sibling}" for side, sibling in proof.path)
    way = (WAY.format(path=steps),) if steps else ("echo $n",)
    yield Commands((LEAF.format(event=proof.event), *way, f"# {proof.root}"))
    if proof.is_sealed:
        yield Commands((SEALED_ROOT, *SIGNATURE))


def how_to_check(desk: ReportIndex) -> tuple[Block, ...]:
    """What the commands of each exhibit do, said once."""
    if desk.redacted:
        return (Text(desk.word("check", "redacted")), Commands(("sha256sum --check SHA256SUMS",)))
    blocks: list[Block] = [Text(desk.word("check", "bytes")), Commands(("sha256sum FILE", "sha512sum FILE"))]
    if desk.is_large:
        blocks.append(Text(desk.word("check", "large")))
    else:
        blocks.append(Text(desk.word("check", "proof")))
        sealed = any(proof.is_sealed for proof in desk.proofs.values())
        blocks.append(Text(desk.word("check", "sealed" if sealed else "not_sealed")))
    blocks += [Text(desk.word("text", "check_audit")), Commands(("verify audit --case CASE",))]
    stated = [desk.case.custody_root]
    if desk.case.custody_checkpoint:
        stated += [line for line in desk.case.custody_checkpoint.split("\n") if line]
    return (*blocks, Text(desk.word("text", "check_root")), Text(lines([exact(line, mono=True) for line in stated])))
