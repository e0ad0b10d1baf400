"""What can be looked at: the start, lists, an exhibit, a recording. Nothing here writes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import Blocks, page
from verifier.desk.rows import Row, listed_rows, pair_address, relation_of, row_of, thumbnail
from verifier.desk.shown import Played, looked, played
from verifier.dossier import ExhibitDossier
from verifier.findings.issues import issues_of
from verifier.media.proxy import A_PART_SECONDS
from verifier.records import Kind, Match
from verifier.report.language import Language, language
from verifier.report.pages.annex import check_sets
from verifier.report.pages.exhibit_copies import segments_cell
from verifier.report.pages.groups import group_section
from verifier.report.pages.issue_rows import finding_cell
from verifier.report.pages.report_index import ReportIndex
from verifier.report.pages.whole import entry
from verifier.report.phrases import clock
from verifier.report.sentences import matter
from verifier.visible import visible
from verifier.workflow.looking.case_view import MOST_MEMBERS, named
from verifier.workflow.looking.find import find
from verifier.workflow.people.admissible import MOVING, length_seconds
from verifier.workflow.people.conclude import vocabulary

A_PAGE = 24
FEW = 6  # lines of each list at the start
MOST_REASONS, MOST_LINKS = 12, 40
LONGEST_QUERY, MOST_TEXTS, MOST_HIT_LETTERS = 300, 4, 160
QUERY = re.compile(r'"([^"]+)"|(\S+)')
LISTS = ("against", "pairs", "assessments", "unexamined", "copies")


def start(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """What is new, what contradicts, what waits; and what to do next."""
    words, laid = language(desk.session.lang), desk.view.laid()
    known = laid.standing if laid is not None else None
    newest = desk.store.glances.newest(FEW)
    glances = desk.view.glances(newest)
    fresh = desk.store.glances.taken_in_after(desk.session.last_act)
    lists: dict[str, tuple[int, list[Row]]] = {}
    if laid is not None and known is not None:
        lists = {name: listed_rows(desk, laid, name, 0, FEW, words) for name in LISTS}
    return page(
        "start.html.j2", desk.session, path="/", title=words.word("desk", "start"),
        case_title=visible(laid.case.title) if laid is not None else "",
        summary=known.summary if known is not None else None,
        uncompared=known.uncompared if known is not None else 0,
        is_current=laid is not None and desk.view.is_current(laid),
        failed=_sentence(desk), newest=[row_of(key, glances.get(key), words) for key in newest], fresh=fresh,
        has_acted=desk.session.last_act > 0, lists=lists, is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def _sentence(desk: CaseDesk) -> str:
    error = desk.view.failed
    return "" if error is None else visible(getattr(error, "sentence", type(error).__name__))


def listed(desk: CaseDesk, name: str, query: Mapping[str, str]) -> Response:
    """One of the lists in full, a page at a time."""
    words, laid = language(desk.session.lang), desk.view.laid()
    if name not in LISTS:
        return missing(desk)
    if laid is None or laid.standing is None:
        return RedirectResponse("/", status_code=303)
    first = _integer(query.get("from"))
    count, rows = listed_rows(desk, laid, name, first, A_PAGE, words)
    here = f"/list/{name}"
    return page(
        "list.html.j2", desk.session, path=f"{here}?{urlencode({'from': first})}", title=words.word("desk", name),
        rows=rows, count=count, kinds=(), kind="",
        before=f"{here}?{urlencode({'from': max(0, first - A_PAGE)})}" if first else None,
        after=f"{here}?{urlencode({'from': first + A_PAGE})}" if first + A_PAGE < count else None,
        is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def exhibits(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """All exhibits in order of id, a page at a time: the page's work is its own, however many there are."""
    words = language(desk.session.lang)
    kind = next((one for one in Kind if one.value == query.get("kind")), None)
    backwards = "before" in query
    edge = query.get("before" if backwards else "after", "")
    ids = desk.store.glances.page(after=_hexadecimal(edge), count=A_PAGE + 1, kind=kind, backwards=backwards)
    has_more = len(ids) > A_PAGE
    shown = ids[-A_PAGE:] if backwards else ids[:A_PAGE]
    glances = desk.view.glances(shown)
    chosen = {"kind": kind.value} if kind is not None else {}

    def address(**named: str) -> str:
        return f"/exhibits?{urlencode({**chosen, **named})}"

    leads_back = (has_more if backwards else bool(edge)) and bool(shown)
    leads_on = (bool(edge) if backwards else has_more) and bool(shown)
    return page(
        "list.html.j2", desk.session, path=address(**({"before" if backwards else "after": edge} if edge else {})),
        title=words.word("desk", "exhibits"), rows=[row_of(key, glances.get(key), words) for key in shown], count=None,
        kinds=[(one.value, words.word("kind", one.value)) for one in Kind], kind=kind.value if kind else "",
        before=address(before=shown[0]) if leads_back else None,
        after=address(after=shown[-1]) if leads_on else None, is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def search(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """Where words stand, as `verify find`: the exhibits in which all of them do, best first."""
    words, asked = language(desk.session.lang), query.get("q", "")[:LONGEST_QUERY]
    parts = [quoted or bare for quoted, bare in QUERY.findall(asked)]
    hits = [hit for hit in find(desk.store, parts).hits if hit.exhibit is not None] if parts else []
    first = _integer(query.get("from"))
    shown = hits[first : first + A_PAGE]
    glances = desk.view.glances(tuple(str(hit.exhibit) for hit in shown))
    rows = []
    for hit in shown:
        row = row_of(str(hit.exhibit), glances.get(str(hit.exhibit)), words)
        told = " · ".join(visible(text.text, MOST_HIT_LETTERS) for text in hit.texts[:MOST_TEXTS])
        rows.append(Row(address=row.address, name=row.name, thumbnail=row.thumbnail, told=told))

    def address(start: int) -> str:
        return f"/find?{urlencode({'q': asked, 'from': start})}"

    return page(
        "list.html.j2", desk.session, path=address(first), title=words.word("desk", "found"), rows=rows,
        count=len(hits), kinds=(), kind="", asked=asked, before=address(max(0, first - A_PAGE)) if first else None,
        after=address(first + A_PAGE) if first + A_PAGE < len(hits) else None, is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def exhibit(desk: CaseDesk, prefix: str, query: Mapping[str, str]) -> Response:
    """One exhibit: what it is, what is said of it, what was found, and what a person can add."""
    words = language(desk.session.lang)
    key = desk.store.exhibit(prefix).id
    index = desk.view.index((key,), words)
    dossier = index.case.exhibits[key]
    told = entry(index, dossier)
    links = index.links.get(key, ())
    others = tuple(dict.fromkeys(_other(match, key) for match in links))[:MOST_LINKS]
    blocks = Blocks(words, frozenset({key, *others, *_refs(index)}))
    glances = desk.view.glances((key, *others))
    laid = desk.view.with_links()
    home = laid.recording_of.get(key)
    clip = played(desk, (key,), query.get("clip"))
    return page(
        "exhibit.html.j2", desk.session, path=f"/exhibit/{key}", title=named(glances.get(key), key), key=key,
        heading=blocks.cell(told.title), line=blocks.cell(told.line),
        chips=[blocks.cell((chip,)) for chip in told.banner], thumbnail=thumbnail(glances.get(key)),
        look=looked(desk, key, query.get("look")), is_visible=dossier.exhibit.kind in (Kind.PHOTO, Kind.VIDEO),
        has_pictures=dossier.exhibit.kind is not Kind.AUDIO,
        is_moving=dossier.exhibit.kind in MOVING, part=_part(dossier, clip, words),
        clip=clip,
        issues=[
            (issue.severity.value, words.word("severity", issue.severity.value), matter(issue.subject, words),
             [blocks.cell(finding_cell(index, finding)) for finding in issue.findings[:MOST_REASONS]])
            for issue in issues_of(dossier.findings)
        ],
        box=blocks.blocks(told.box),
        sections=[blocks.blocks((section,)) for section in (*told.sections, check_sets(index)) if section],
        pairs=[
            Row(address=pair_address(key, other), name=named(glances.get(other), other),
                thumbnail=thumbnail(glances.get(other)),
                told=blocks.cell(segments_cell(index, _between(links, other), key)))
            for other in others
        ],
        relations={pair_address(key, other): relation_of(_between(links, other), words) for other in others},
        more=len({_other(match, key) for match in links}) - len(others),
        recording=home if home is not None and len(home.members) > 1 else None,
        claims=dossier.claims, vocabulary=[(word, str(known[words.code])) for word, known in vocabulary().items()],
        is_current=desk.view.is_current(laid), is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def recording(desk: CaseDesk, identity: str, query: Mapping[str, str]) -> Response:
    """One recording: its copies and excerpts, which is best, what hangs on what."""
    words = language(desk.session.lang)
    laid = desk.view.laid()
    if laid is None or laid.standing is None:
        return RedirectResponse("/", status_code=303)
    known = laid.recordings.get(identity)
    if known is None:
        return missing(desk)
    members = known.members[:MOST_MEMBERS]
    index = desk.view.index(members, words, with_custody=False)
    blocks = Blocks(words, frozenset(members))
    glances = desk.view.glances(members)
    group = next((laid.group_of[key] for key in members if key in laid.group_of), None)
    section = group_section(index, group) if group is not None else None
    order = sorted(members, key=lambda key: (key != known.best, key != known.earliest, key not in known.copies, key))
    return page(
        "recording.html.j2", desk.session, path=f"/recording/{identity}", title=words.word("desk", "recording"),
        identity=identity, count=len(known.members), more=len(known.members) - len(members),
        members=[
            (row_of(key, glances.get(key), words), key == known.best, key == known.earliest, key in known.copies)
            for key in order
        ],
        drawn=blocks.blocks(section.blocks) if section is not None else "",
        is_current=desk.view.is_current(laid), is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def following(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """The most useful thing to do: the next pair that waits, else what contradicts, else an assessment, else lists."""
    laid = desk.view.laid()
    if laid is not None and laid.standing is not None:
        waiting = desk.view.next_waiting(laid)
        if waiting is not None:
            return RedirectResponse(pair_address(*waiting), status_code=303)
        for contradiction in laid.standing.contradictions[:1]:
            return RedirectResponse(f"/exhibit/{contradiction.exhibit}", status_code=303)
        for key, question in desk.view.ledger.assessments_waiting(desk.session.actor)[:1]:
            return RedirectResponse(f"/exhibit/{key}/conclude?question={question.value}", status_code=303)
    return RedirectResponse("/exhibits", status_code=303)


def missing(desk: CaseDesk) -> Response:
    """There is nothing at that address."""
    words = language(desk.session.lang)
    return page("refused.html.j2", desk.session, path="/", code=404, title=words.word("desk", "nothing_there"),
                sentence=words.word("desk", "nothing_there"), is_broken=False)  # fmt: skip


# ---------------------------------------------------------------- parts of pages


def _part(dossier: ExhibitDossier, played: Played | None, words: Language) -> tuple[str, str] | None:
    """Of a recording that is too long for one clip: its length, and where the next part begins; None for others."""
    length = length_seconds(dossier)
    if length is not None and length <= A_PART_SECONDS:
        return None
    following = played.making.start + A_PART_SECONDS if played is not None else 0.0
    if length is not None and following >= length:
        following = 0.0
    minutes, seconds = divmod(round(following), 60)
    return (clock(length, words) if length is not None else "–", f"{minutes}:{seconds:02d}")


def _other(match: Match, key: str) -> str:
    return match.right if match.left == key else match.left


def _between(links: Sequence[Match], other: str) -> Match:
    return next(match for match in links if other in (match.left, match.right))


def _refs(index: ReportIndex) -> frozenset[str]:
    """Everything that the exhibit's sections may name."""
    return frozenset(key for match in index.case.matches for key in (match.left, match.right)) | frozenset(
        index.case.exhibits
    )


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _hexadecimal(text: str) -> str:
    """An id to go on from; nothing for what is none."""
    return text if len(text) <= 64 and not set(text) - set("0123456789abcdef") else ""
