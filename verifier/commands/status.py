"""`verify status`: where a case stands: what came, what are copies, what contradicts, what waits, what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path

if TYPE_CHECKING:
    from pathlib import Path

    from verifier.workflow.standing import Standing

COLUMNS = 80
MOST_CONTRADICTED, MOST_COPIES, MOST_OTHERS = 4, 4, 2  # lines of a list; the rest is counted
SENTENCE_LINES = 2


def status(case: CaseOption = None, as_json: JsonOption = False) -> None:
    """Say where the case stands: totals, recordings, contradictions, what waits for you, and what to type next."""
    from verifier.commands.console import say_json
    from verifier.commands.opening import reading
    from verifier.workflow.standing import standing

    root = case_path(case)
    with reading(root) as store:
        known = standing(store)
    if as_json:
        say_json(document(known))
    else:
        tell(known, root)


def document(known: Standing) -> dict[str, object]:
    """The same as JSON: summary, recordings and composites as in report.json, and the lists behind the numbers."""
    from verifier.canonical import to_plain

    return {
        "summary": to_plain(known.summary),
        "not_compared": known.uncompared,
        **to_plain(known.originals),
        "contradictions": [
            {"exhibit": one.exhibit, "code": one.code, "statement": one.statement, "name": known.names[one.exhibit]}
            for one in known.contradictions
        ],
        "links_waiting": [
            {"left": match.left, "right": match.right, "relation": match.relation.value}
            for match in known.links_waiting
        ],
        "assessments_waiting": [{"exhibit": key, "question": asked.value} for key, asked in known.assessments_waiting],
        "not_fully_examined": [
            {"exhibit": key, "name": known.names[key], "reasons": list(kinds)} for key, kinds in known.unexamined
        ],
    }


def tell(known: Standing, root: Path, *, heads: bool = True) -> None:
    """The answers in at most thirty lines of 80 columns; without `heads` the totals of files are left to who calls."""
    from verifier.commands.console import pairs

    counted = known.summary
    copied = sorted(
        (one for one in known.originals.recordings if len(one.members) > 1), key=lambda one: (-len(one.members), one.id)
    )
    totals = {
        "Received": f"{_count(counted.files_received, 'file')}, {_count(counted.exhibits, 'exhibit')}, "
        f"{counted.skipped} skipped",
        "Recordings": f"{counted.recordings:,} different; {len(copied):,} in several copies or excerpts"
        if not known.uncompared
        else f"not known yet: {known.uncompared:,} exhibits wait to be compared (verify dedup)",
        "Composites": f"{counted.composites:,} made of parts of several recordings",
    }
    pairs(totals if heads else {name: totals[name] for name in ("Recordings", "Composites")})
    _list(f"What contradicts ({counted.contradictions:,})", _contradictions(known), MOST_CONTRADICTED)
    told = [f"{known.names.get(one.best, one.best[:12])}: {_others(len(one.members) - 1)}" for one in copied]
    _list(f"What are copies ({len(copied):,})", told, MOST_COPIES)
    short = [f"{known.names[key]}: {', '.join(kinds)}" for key, kinds in known.unexamined]
    _list(f"What was not fully examined ({counted.not_fully_examined:,})", short, MOST_OTHERS)
    waits = [f"{_count(len(known.links_waiting), 'pair')} that may be alike"] if known.links_waiting else []
    waits += [f"{known.names[key]}: a second person on {asked.value}" for key, asked in known.assessments_waiting]
    _list("What waits for a person", waits or ["nothing"], MOST_OTHERS)
    _list("Next", _next(known, root), len(_next(known, root)), whole=True)


def _contradictions(known: Standing) -> list[str]:
    """One line an exhibit: its strongest contradiction, and how many more there are."""
    by_exhibit: dict[str, list[str]] = {}
    for one in known.contradictions:
        by_exhibit.setdefault(one.exhibit, []).append(one.statement)
    return [
        f"{known.names[key]}: {sentences[0]}" + (f" (+{len(sentences) - 1})" if len(sentences) > 1 else "")
        for key, sentences in by_exhibit.items()
    ]


def _next(known: Standing, root: Path) -> list[str]:
    from verifier.visible import visible

    said = f"--case {visible(str(root), 400)}"
    lines = [f"verify dedup {said}"] if known.uncompared else []
    lines += [f"verify dedup --review {said}"] if known.links_waiting else []
    lines += [f"verify show {one.exhibit[:8]} {said}" for one in known.contradictions[:1]]
    return [*lines, f"verify report {said} --out REPORT"]


def _list(title: str, lines: list[str], most: int, *, whole: bool = False) -> None:
    """`whole` lines are commands: they are not broken, so that they can be copied."""
    import textwrap

    from verifier.commands.console import say

    if not lines:
        return
    say(title)
    for line in lines[:most]:
        broken = textwrap.wrap(line, COLUMNS - 5, max_lines=SENTENCE_LINES, placeholder=" …", break_on_hyphens=False)
        say(f"  {line}" if whole else "\n".join(f"  {'' if not at else '  '}{part}" for at, part in enumerate(broken)))
    if len(lines) > most:
        say(f"  and {len(lines) - most:,} more")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word if number == 1 else f'{word}s'}"


def _others(number: int) -> str:
    return "1 other copy or excerpt" if number == 1 else f"{number:,} other copies or excerpts"


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(status)
