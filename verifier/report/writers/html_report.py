"""One self-contained page that loads nothing and needs no script: everything is there without it.

Every evidence text is escaped, made visible and isolated for direction (`html_blocks`). Pictures are small, grey and
blurred until a person asks for one; unknown is treated as graphic. The one inline script only filters, sorts and blurs
again; the page's policy names its digest, so no other script can run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.resources import files

from markupsafe import Markup

from verifier.dossier import CaseDossier
from verifier.guarded import UNGUARDED, Guard
from verifier.report.blocks import Entry, Report
from verifier.report.language import Language, language
from verifier.report.pages.report_index import MANY
from verifier.report.pages.whole import report
from verifier.report.writers.html_blocks import Writer
from verifier.report.writers.templates import environment
from verifier.visible import visible

Pictures = Callable[[str], bytes]
LARGEST_PICTURE_BYTES = 64 << 10
THUMBNAIL_BYTES = 6 << 20  # of all thumbnails in one page: beyond it, they are left to the case
EVIDENCE_BYTES = 3 << 20  # of all pictures of links in one page; each link's are written by `verify evidence`
TYPES = {b"RIFF": "image/webp", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


def render(case: CaseDossier, pictures: Pictures, lang: str = "en", guard: Guard = UNGUARDED) -> bytes:
    """The page as UTF-8 HTML. `pictures` gives the bytes of a derivative by its id."""
    return write(report(case, lang, guard), pictures, lang, visible(case.title))


def write(pages: Report, pictures: Pictures, lang: str, title: str, heading: str | None = None) -> bytes:
    """Any report as one page; `heading` stands before its title."""
    words = language(lang)
    writer = Writer(
        frozenset(entry.id for entry in pages.entries),
        _sources(pictures, THUMBNAIL_BYTES),
        _sources(pictures, EVIDENCE_BYTES if len(pages.entries) <= MANY else EVIDENCE_BYTES // 6),
        words,
    )
    script = _resource("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    page = (
        environment("verifier.report")
        .get_template("report.html.j2")
        .render(
            words=words,
            w=words.word,
            title=title,
            kind=heading or words.word("page", "title"),
            pages=pages,
            heading=Markup(writer.cell(pages.title)),  # noqa: S704 - escaped by the writer
            banner=Markup(writer.blocks((*pages.notices, pages.banner), 2)),  # noqa: S704
            foot=Markup(writer.cell(pages.foot)),  # noqa: S704
            brief=[(s.key, s.title, Markup(writer.section(s, 2))) for s in pages.brief],  # noqa: S704
            front=[(s.key, s.title, Markup(writer.section(s, 2))) for s in pages.front],  # noqa: S704
            entries=Markup("".join([_entry(writer, words, entry) for entry in pages.entries])),  # noqa: S704
            back=[(s.key, s.title, Markup(writer.section(s, 2))) for s in pages.back],  # noqa: S704
            css=Markup(_resource("report.css")),  # noqa: S704 - ours
            script=Markup(script),  # noqa: S704 - ours
            policy=f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
            "form-action 'none'; base-uri 'none'",
        )
    )
    return page.encode("utf-8")


@cache
def _resource(name: str) -> str:
    return (files("verifier.report") / "templates" / name).read_text(encoding="utf-8")


def _entry(writer: Writer, words: Language, entry: Entry) -> str:
    """One exhibit: the box is open, the parts are folded."""
    name = entry.id[:12]
    traits = "".join([f' data-{key}="{escape(value)}"' for key, value in entry.traits])
    picture = writer.picture(entry.picture) if entry.picture is not None else ""
    if not picture:
        picture = f'<div class="picture none">{escape(words.word("exhibit", "no_picture"))}</div>'
    chips = " ".join([writer.cell((chip,)) for chip in entry.banner])
    return (
        f'<article id="x{name}" aria-labelledby="t{name}"{traits}>'
        f'<header>{picture}<div class="what"><h3 id="t{name}" class="names">{writer.cell(entry.title)}</h3>'
        f"<p>{writer.cell(entry.line)} · <bdi dir=ltr class=id>{name}</bdi></p>"
        f'<p class="chips">{chips}</p></div></header>'
        f"{writer.blocks(entry.box, 4)}"
        f"{''.join([writer.section(section, 4) for section in entry.sections])}</article>\n"
    )


def _sources(pictures: Pictures, most: int) -> Callable[[str], str | None]:
    """Data addresses of pictures: each at most so large, all together at most so large."""
    left = most

    def source(derivative: str) -> str | None:
        nonlocal left
        content = pictures(derivative)
        kind = next((kind for magic, kind in TYPES.items() if content.startswith(magic)), None)
        if kind is None or len(content) > min(LARGEST_PICTURE_BYTES, left):
            return None
        left -= len(content)
        return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"

    return source
