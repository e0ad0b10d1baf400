"""Handing on: which exhibits, in what language, what is left out; the brief beforehand; files into a folder.

Where files may be written is said in the terminal (`--out`), never in the browser.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from verifier.desk import screens
from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import Blocks, page
from verifier.errors import UsageError
from verifier.guarded import UNGUARDED, caught
from verifier.report.language import codes, language
from verifier.report.pages.whole import brief_report
from verifier.report.redaction.policy import COORDINATES, DIGESTS, TIMES, Policy
from verifier.visible import visible
from verifier.workflow.gather import gather
from verifier.workflow.gathering.narrowed import decided, only
from verifier.workflow.handing.export import export
from verifier.workflow.people.conclude import must_sign
from verifier.workflow.redact import hidden_case, redacted_report
from verifier.workflow.report import report

FORMS = ("html", "pdf", "json", "csv", "geojson")
MOST_NAMED, MOST_KEPT, MOST_WAITING = 1000, 8, 2
PREVIEW, REPORT, PACKAGE = "preview", "report", "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be handed on."""

    what: str
    exhibits: tuple[str, ...]
    lang: str
    forms: tuple[str, ...]
    policy: Policy | None  # None: nothing is left out
    actor: str


@dataclass(slots=True, kw_only=True)
class Handed:
    """One order, and how far it is."""

    order: Order
    told: str = ""
    files: tuple[str, ...] = ()
    folder: str = ""
    root: str = ""  # of a package: what a recipient is told by another way
    searched: int | None = None  # values that a redacted report was searched for
    faults: int = 0
    brief: Markup | None = None
    error: BaseException | None = None
    is_done: bool = False


class Handing:
    """Carries out orders one after the other. Threads may ask at the same time."""

    def __init__(self, out: Path | None) -> None:
        self.out = out
        self._known: OrderedDict[str, Handed] = OrderedDict()
        self._turn = threading.Lock()
        self._lock = threading.Lock()

    def begin(self, order: Order, do: Callable[[Handed], None]) -> str:
        """Carry it out in the background; its name. Raises UsageError where others are under way."""
        name, handed = secrets.token_urlsafe(16), Handed(order=order)

        def work() -> None:
            with self._turn:
                handed.error = caught(do, handed)
                handed.is_done = True

        with self._lock:
            if sum(not one.is_done for one in self._known.values()) >= MOST_WAITING:
                raise UsageError("A report is being written already. Wait until it is done.")
            self._known[name] = handed
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        threading.Thread(target=work, name="hand on", daemon=True).start()
        return name

    def known(self, name: str) -> Handed | None:
        """The order of that name."""
        with self._lock:
            return self._known.get(name)


def hand_on(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """What can be chosen."""
    words = language(desk.session.lang)
    with desk.store.search() as view:
        incidents = [(one.id, visible(one.title, 200)) for one in view.incidents()]
    return page(
        "hand_on.html.j2", desk.session, path="/hand-on", title=words.word("desk", "hand_on"), incidents=incidents,
        forms=FORMS, has_folder=desk.handing.out is not None, coordinates=COORDINATES, times=TIMES, digests=DIGESTS,
        is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def file_order(desk: CaseDesk, fields: Mapping[str, str]) -> Response:
    """Begin to carry out what was chosen."""
    what = fields.get("what", "")
    if what not in (PREVIEW, REPORT, PACKAGE):
        raise UsageError("Choose what is to be done: a preview, a report or a package.")
    if what != PREVIEW:
        must_sign(desk.session.actor)
        if desk.handing.out is None:
            raise UsageError("This desk was started without a folder to write into: verify desk --out DIR.")
    order = Order(
        what=what, exhibits=_chosen(desk, fields), policy=_policy(fields), actor=desk.session.actor,
        lang=fields.get("lang", "") if fields.get("lang") in codes() else desk.session.lang,
        forms=tuple(form for form in FORMS if fields.get(f"form_{form}") == "1") or ("html", "json"),
    )  # fmt: skip
    if what == PACKAGE and order.policy is not None:
        raise UsageError("A package is not redacted: it holds everything that is known of its exhibits.")
    do = _preview if what == PREVIEW else _report if what == REPORT else _package
    return RedirectResponse(f"/handed/{desk.handing.begin(order, lambda handed: do(desk, handed))}", status_code=303)


def handed(desk: CaseDesk, name: str, query: Mapping[str, str]) -> Response:
    """How far it is; at the end what was written, or the brief beforehand. Raises what went wrong."""
    known, words = desk.handing.known(name), language(desk.session.lang)
    if known is None:
        return screens.missing(desk)
    if known.error is not None:
        raise known.error
    return page(
        "handed.html.j2", desk.session, path=f"/handed/{name}", title=words.word("desk", "hand_on"), known=known,
        files=[visible(file, 400) for file in known.files], folder=visible(known.folder, 1000),
        is_redacted=known.order.policy is not None, is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def _chosen(desk: CaseDesk, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Whole ids; none means the whole case. Raises UsageError where a choice holds nothing."""
    which = fields.get("which", "all")
    if which == "all":
        return ()
    if which == "ids":
        named = fields.get("exhibits", "").split()[:MOST_NAMED]
        found = tuple(sorted({desk.store.exhibit(word).id for word in named}))
    else:
        with desk.store.search() as view:
            found = next((one.members for one in view.incidents() if one.id == which), ())
    if not found:
        raise UsageError("No exhibit was chosen; choose some, or the whole case.")
    return found


def _policy(fields: Mapping[str, str]) -> Policy | None:
    if fields.get("redacted") != "1":
        return None
    is_unlinkable = fields.get("unlinkable") == "1"
    try:
        return Policy(
            coordinates=fields.get("coordinates", "none"),
            times="year" if is_unlinkable else fields.get("times", "day"),
            digests=fields.get("digests", "commit"),
            pictures=fields.get("pictures") == "1",
            unlinkable=is_unlinkable,
        )
    except ValueError as error:
        raise UsageError(f"{error}.") from error


def _preview(desk: CaseDesk, handed: Handed) -> None:
    """The brief as it would be written, without pictures and without a file."""
    order = handed.order
    if order.policy is not None:
        case = hidden_case(desk.store, order.exhibits, order.policy)
    else:
        case = decided(gather(desk.store), UNGUARDED)
        case = only(case, frozenset(order.exhibits)) if order.exhibits else case
    words = language(order.lang)
    made = brief_report(case, order.lang)
    known = frozenset() if order.policy is not None else frozenset(case.exhibits)
    blocks = Blocks(words, known)
    handed.brief = blocks.blocks((made.banner, *made.notices, *(replace(one, folded=False) for one in made.brief)))


def _report(desk: CaseDesk, handed: Handed) -> None:
    order, out = handed.order, _folder(desk, REPORT)

    def told(stage: str, done: int, total: int | None, detail: str = "") -> None:
        handed.told = f"{detail} ({done + 1}/{total})"

    if order.policy is None:
        written = report(
            desk.store, desk.vault, out, formats=order.forms, exhibits=order.exhibits, lang=order.lang, progress=told
        )
        handed.files, handed.faults = tuple(path.name for path in written.files), len(written.faults)
    else:
        with desk.writing() as store:
            done = redacted_report(
                store, desk.vault, out, formats=order.forms, exhibits=order.exhibits, lang=order.lang,
                policy=order.policy, actor=order.actor, clock=desk.clock, progress=told,
            )  # fmt: skip
        handed.files, handed.searched = tuple(path.name for path in done.files), done.searched
    handed.folder = str(out)


def _package(desk: CaseDesk, handed: Handed) -> None:
    order, out = handed.order, _folder(desk, PACKAGE)

    def told(stage: str, done: int, total: int | None, detail: str = "") -> None:
        handed.told = f"{stage} {done}/{total}"

    with desk.writing() as store:
        done = export(
            store, desk.vault, out, exhibits=order.exhibits, lang=order.lang, actor=order.actor, clock=desk.clock,
            progress=told,
        )  # fmt: skip
    handed.folder, handed.root, handed.faults = str(out), done.head.root, len(done.faults)


def _folder(desk: CaseDesk, what: str) -> Path:
    """A new folder within the one that the terminal named, by what it holds and when."""
    assert desk.handing.out is not None  # noqa: S101 - asked before
    stamp = "".join(letter for letter in desk.clock()[:19] if letter.isdigit())
    return desk.handing.out / f"{what}-{stamp}-{secrets.token_hex(2)}"
