"""Finding exhibits and hand-overs by words: every argument must be found somewhere in what is known of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from verifier import __version__
from verifier.errors import UsageError
from verifier.records import Assessment
from verifier.report.language import codes
from verifier.store import Store
from verifier.store.search.index import Mark, SearchIndex, Text, answers
from verifier.store.search.view import Line, Searching
from verifier.workflow.looking.texts import CONCLUSION, KINDS, RECORDS, order_of, query_of, texts_of
from verifier.workflow.people.conclude import blind
from verifier.workflow.progress import Progress, silent

SAID_EVERY = 500  # texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An exhibit or a hand-over (or neither: a skipped file) with the texts in which words were found, best first."""

    exhibit: str | None
    batch: str | None
    texts: tuple[Text, ...]

    @property
    def is_loose(self) -> bool:
        """Whether it is a file that became no exhibit."""
        return self.exhibit is None and self.batch is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits, best first, and a line for every exhibit of the case."""

    hits: tuple[Hit, ...]
    lines: Mapping[str, Line]

    def exhibits(self) -> set[str]:
        """Exhibits that were found themselves or by their hand-over."""
        batches = {hit.batch for hit in self.hits if hit.batch is not None}
        own = {hit.exhibit for hit in self.hits if hit.exhibit is not None}
        return own | {key for key, line in self.lines.items() if batches.intersection(line.batches)}


def find(store: Store, words: Sequence[str], progress: Progress = silent) -> Found:
    """Everything in which all the words are found. Raises UsageError where there is nothing to search for.

    The index is brought up to date first. What waits for a blind review is neither shown nor found.
    """
    queries = [query for one in words if (query := query_of(one)) is not None]
    if not queries:
        raise UsageError("Say what to find: one word or more, of letters or digits.")
    with store.search() as view:
        hidden = _hidden(view.assessments())
        every = answers(store.folder, lambda index: bring_up(index, view, progress), queries)
        found = [[text for text in texts if _may_be_seen(text, hidden)] for texts in every]
        lines = view.lines()
    hits = _hits(found, lines)
    return Found(hits=tuple(sorted(hits, key=lambda hit: (order_of(hit.texts), _title(hit, lines)))), lines=lines)


def bring_up(index: SearchIndex, view: Searching, progress: Progress) -> None:
    """Read what was written since the index was made; all of it where the index is of another log or version."""
    basis = f"{view.bare_case().id}/{__version__}/{'+'.join(codes())}"
    known, now = index.mark(), view.end()
    anew = known is None or known.basis != basis or view.digest_of(known.seq) != known.digest
    if known is not None and not anew and known.seq == now.seq:
        return
    after, seq = (0, 0) if known is None or anew else (known.entry, known.seq)
    mark = Mark(basis=basis, seq=now.seq, digest=now.digest, entry=now.entry)
    index.renew(_told(_written(view, after), progress), () if anew else view.gone_since(seq), mark, anew=anew)


def _written(view: Searching, after: int) -> Iterator[Text]:
    for record in RECORDS:
        for entry, subject, found in view.written_since(record, after):
            yield from texts_of(entry, subject, found)


def _told(texts: Iterable[Text], progress: Progress) -> Iterator[Text]:
    for number, text in enumerate(texts, 1):
        if number % SAID_EVERY == 0:
            progress("index", number, None)
        yield text


def _hits(found: Sequence[Sequence[Text]], lines: Mapping[str, Line]) -> Iterator[Hit]:
    """Whatever has every word: an exhibit also by words of its hand-overs, if one at least is its own."""
    exhibits, batches, loose = ([defaultdict[str, list[Text]](list) for _ in found] for _ in range(3))
    for number, texts in enumerate(found):
        for text in texts:
            if text.exhibit is not None and text.exhibit in lines:
                exhibits[number][text.exhibit].append(text)
            elif text.batch is not None:
                batches[number][text.batch].append(text)
            else:
                loose[number][text.text].append(text)
    for key in sorted({key for one in exhibits for key in one}):
        came = lines[key].batches
        if all(key in own or any(batch in of for batch in came) for own, of in zip(exhibits, batches, strict=True)):
            yield Hit(exhibit=key, batch=None, texts=_best([one.get(key, []) for one in exhibits]))
    for key in sorted(set.intersection(*(set(one) for one in batches))):
        yield Hit(exhibit=None, batch=key, texts=_best([one[key] for one in batches]))
    for key in sorted(set.intersection(*(set(one) for one in loose))):
        yield Hit(exhibit=None, batch=None, texts=_best([one[key] for one in loose]))


def _best(texts: Sequence[Sequence[Text]]) -> tuple[Text, ...]:
    """Each text once, in the order of kinds."""
    known = {(text.kind, text.where, text.text): text for some in texts for text in some}
    return tuple(sorted(known.values(), key=lambda text: (KINDS.index(text.kind), text.where, text.text)))


def _title(hit: Hit, lines: Mapping[str, Line]) -> str:
    return lines[hit.exhibit].name.decode("utf-8", "replace") if hit.exhibit is not None else hit.batch or ""


def _hidden(said: Sequence[Assessment]) -> set[tuple[str, str]]:
    """Exhibits and questions of which a first assessment waits for the second person's."""
    seen = {one.id for one in blind(said)}
    return {(one.exhibit, one.question.value) for one in said if one.id not in seen}


def _may_be_seen(text: Text, hidden: set[tuple[str, str]]) -> bool:
    return text.kind != CONCLUSION or (text.exhibit or "", text.where) not in hidden
