"""Pages as HTML: templates that escape, blocks of the report, words of the language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

from markupsafe import Markup
from starlette.responses import HTMLResponse

from verifier.desk.session import Session
from verifier.report.blocks import Block, Cell
from verifier.report.language import Language, codes, language
from verifier.report.phrases import number
from verifier.report.writers.html_blocks import Writer
from verifier.report.writers.templates import environment
from verifier.visible import visible

LEVEL = 3  # of headings within a page
STATIC: Mapping[str, tuple[str, str, str]] = {  # address: package, file, type
    "desk.css": ("verifier.desk", "static/desk.css", "text/css; charset=utf-8"),
    "desk.js": ("verifier.desk", "static/desk.js", "text/javascript; charset=utf-8"),
    "player.js": ("verifier.desk", "static/player.js", "text/javascript; charset=utf-8"),
    "report.css": ("verifier.report", "templates/report.css", "text/css; charset=utf-8"),
    "Vazirmatn-Regular.ttf": ("verifier.report", "fonts/Vazirmatn-Regular.ttf", "font/ttf"),
    "Vazirmatn-Bold.ttf": ("verifier.report", "fonts/Vazirmatn-Bold.ttf", "font/ttf"),
}


@cache
def static(name: str) -> tuple[bytes, str] | None:
    """One of the few files that pages need, with its type; None for any other name."""
    if name not in STATIC:
        return None
    package, file, kind = STATIC[name]
    return (files(package) / file).read_bytes(), kind


_environment = cache(partial(environment, "verifier.desk"))


def page(template: str, session: Session, *, path: str, code: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """A page in the session's language. Everything in `values` is escaped but what `Blocks` wrote."""
    words = language(session.lang)
    content = (
        _environment()
        .get_template(template)
        .render(
            d=lambda key, **named: words.word("desk", key, **named),
            w=words.word,
            n=lambda count: number(count, words),
            visible=visible,
            form=partial(_form, session.form),
            shown=lambda named: {key: visible(text, 400) for key, text in named.items()},
            words=words,
            languages=[(code, language(code).words["name"]) for code in codes()],
            session=session,
            path=path,
            **{"asked": "", **values},
        )
    )
    return HTMLResponse(content, status_code=code)


def _form(word: str) -> Markup:
    """The field by which a form is known to have been on one of our pages."""
    return Markup('<input type="hidden" name="form" value="{}">').format(word)


class Blocks:
    """Writes what a report would print, with links to the pages of the desk and without pictures."""

    def __init__(self, words: Language, known: frozenset[str]) -> None:
        """`known`: exhibits that there is a page of."""
        self._writer = Writer(
            known, _none, _none, words, address=lambda exhibit: f"/exhibit/{exhibit}", is_styled=False
        )  # fmt: skip

    def cell(self, cell: Cell) -> Markup:
        """Words in a line."""
        return Markup(self._writer.cell(cell))  # noqa: S704 - escaped by the writer

    def blocks(self, blocks: tuple[Block, ...]) -> Markup:
        """Blocks under each other."""
        return Markup(self._writer.blocks(blocks, LEVEL))  # noqa: S704 - escaped by the writer


def _none(derivative: str) -> None:
    """Pictures are asked for by address, each on its own."""
