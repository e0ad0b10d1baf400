"""`verify find WORDS`: where words stand in a case: in names, readings, claims, notes and findings."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import CaseOption, JsonOption, QuietOption, case_path
from verifier.visible import visible

if TYPE_CHECKING:
    from verifier.store.search.index import Text
    from verifier.store.search.view import Line
    from verifier.workflow.looking.find import Hit

COLUMNS = 80
MOST_HITS, MOST_TEXTS, TEXT_LINES = 15, 3, 2


def find(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS…", help="Every word must be found; in quotation marks, words in this order."),
    ],
    case: CaseOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Every hit with every text.")] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find exhibits and hand-overs by words. Persian and Arabic letters, digits and spaces are one however typed."""
    from verifier.commands.console import Narrator, say, say_json
    from verifier.commands.opening import reading
    from verifier.workflow.looking.find import find as run

    with reading(case_path(case)) as store, Narrator(quiet=quiet) as progress:
        found = run(store, words, progress)
    if as_json:
        say_json({"hits": [_plain(hit, found.lines) for hit in found.hits]})
        return
    for hit in found.hits if everything else found.hits[:MOST_HITS]:
        _tell(hit, found.lines, words, MOST_TEXTS if not everything else len(hit.texts))
    more = 0 if everything else max(0, len(found.hits) - MOST_HITS)
    if not found.hits:
        say("Nothing was found. A word is found by its beginning; `verify list` shows every exhibit.")
    elif more:
        say(f"and {more:,} more: --all shows them; `verify list {visible(' '.join(words), 60)}` has one line each.")


def _tell(hit: Hit, lines: Mapping[str, Line], words: Sequence[str], most: int) -> None:
    from verifier.commands.console import say

    say(_head(hit, lines))
    for text in hit.texts[:most]:
        label = f"{text.kind} {text.where}".strip() if text.kind == "metadata" else text.kind
        said = around(visible(text.text, 4000), words, COLUMNS * TEXT_LINES - len(label) - 12)
        wrapped = textwrap.wrap(f"{label}: {said}", COLUMNS - 4, max_lines=TEXT_LINES + 1, placeholder=" …")
        say("\n".join(f"  {'' if not at else '  '}{line}" for at, line in enumerate(wrapped)))
    if len(hit.texts) > most:
        say(f"  and {len(hit.texts) - most:,} more places")


def _head(hit: Hit, lines: Mapping[str, Line]) -> str:
    from verifier.commands.choosing import middle_cut

    if hit.exhibit is not None:
        line = lines[hit.exhibit]
        return f"{middle_cut(line.name, 56)}  [{line.kind.value} {line.id[:8]}]"
    return "Hand-over" if hit.batch is not None else "Not taken in"


def around(text: str, words: Sequence[str], letters: int) -> str:
    """The part of a text around the first of the words that stands in it as it is; its beginning where none does."""
    if len(text) <= letters:
        return text
    places = [text.casefold().find(word.casefold()) for word in words]
    first = min((place for place in places if place >= 0), default=0)
    begin = max(0, first - letters // 3)
    return ("…" if begin else "") + text[begin : begin + letters].strip() + ("…" if begin + letters < len(text) else "")


def _plain(hit: Hit, lines: Mapping[str, Line]) -> dict[str, object]:
    from verifier.visible import visible_name

    names = [visible_name(name) for name in lines[hit.exhibit].names] if hit.exhibit is not None else []
    return {
        "exhibit": hit.exhibit,
        "batch": hit.batch,
        "names": names,
        "texts": [_text(text) for text in hit.texts],
    }


def _text(text: Text) -> dict[str, object]:
    return {"kind": text.kind, "where": text.where or None, "text": visible(text.text, 4000)}


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(find)
