"""The report on paper: PDF/A-3 with report.json inside and PDF/UA-1, made by typst without network or system fonts.

Evidence reaches typst only as data. The same case gives the same bytes: the only date is the case's own, and no random
id goes in. The blocks are those of the page, in the same order.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path

import typst

from verifier.dossier import CaseDossier
from verifier.errors import Corrupt
from verifier.guarded import UNGUARDED, Guard
from verifier.media.coarse import block_means
from verifier.media.encode import encode_png, small
from verifier.report.blocks import Report
from verifier.report.language import language
from verifier.report.pages.whole import annex_report, brief_report
from verifier.report.writers import json_report
from verifier.report.writers.paper_blocks import Paper
from verifier.visible import visible

COARSE = 9  # a picture is printed as a mosaic of about so many cells on its long side
CELL_PIXELS = 12


def render(case: CaseDossier, pictures: Callable[[str], bytes], workspace: Path, lang: str = "en",
           guard: Guard = UNGUARDED) -> bytes:  # fmt: skip
    """The brief as a PDF, with report.json inside. `workspace` is a folder where pictures may lie while typst reads
    them."""
    attached = {"report.json": json_report.render(case, lang, guard)}
    pages = brief_report(case, lang, guard)
    return write(pages, pictures, workspace, lang, visible(case.title), attached, _made_at(case))


def render_annex(case: CaseDossier, pictures: Callable[[str], bytes], workspace: Path, lang: str = "en",
                 guard: Guard = UNGUARDED) -> bytes:  # fmt: skip
    """The annex as a PDF of its own."""
    pages = annex_report(case, lang, guard)
    heading = language(lang).word("page", "annex")
    return write(pages, pictures, workspace, lang, visible(case.title), {}, _made_at(case), heading)


def _made_at(case: CaseDossier) -> int:
    return int(datetime.fromisoformat(case.created_at).timestamp())


def preview(
    pages: Report, pictures: Callable[[str], bytes], workspace: Path, lang: str = "en", ppi: float = 60,
    title: str = "",
) -> list[bytes]:  # fmt: skip
    """Any report as PNG pictures of its pages, `ppi` pixels an inch."""
    with _laid_out(pages, pictures, workspace, lang, title, {}, None) as (page, fonts):
        made = typst.compile(
            str(page), root=str(page.parent), font_paths=[str(fonts)], ignore_system_fonts=True, format="png", ppi=ppi
        )
    return [bytes(one) for one in made] if isinstance(made, list) else [bytes(made)]


def write(pages: Report, pictures: Callable[[str], bytes], workspace: Path, lang: str, title: str,
          attached: Mapping[str, bytes], made_at: int, heading: str | None = None) -> bytes:  # fmt: skip
    """Any report as a PDF; `attached` goes inside (one file at most), `made_at` is seconds since 1970, `heading` stands
    before its title."""
    with _laid_out(pages, pictures, workspace, lang, title, attached, heading) as (page, fonts):
        compiled = typst.compile(
            str(page),
            root=str(page.parent),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=made_at,
        )
    return bytes(compiled)


@contextmanager
def _laid_out(pages: Report, pictures: Callable[[str], bytes], workspace: Path, lang: str, title: str,
              attached: Mapping[str, bytes], heading: str | None) -> Iterator[tuple[Path, Path]]:  # fmt: skip
    """A passing folder with the template, its data and its pictures; and the folder of fonts."""
    folder = files("verifier.report")
    words = language(lang)
    with tempfile.TemporaryDirectory(dir=workspace, prefix=".pdf-") as root, as_file(folder / "fonts") as fonts:
        paper = Paper(Path(root), frozenset(entry.id for entry in pages.entries), lambda key: _coarse(pictures(key)))
        data = {
            "code": lang,
            "direction": words.direction,
            "title": f"{heading or words.word('page', 'title')}: {title}",
            "page": heading or words.word("page", "title"),
            "exhibits": words.word("page", "exhibits"),
            "page-of": words.words["page"]["page_of"],
            "name": next(iter(attached), None),
        } | paper.report(pages)
        page = Path(root) / "report.typ"
        page.write_text((folder / "templates" / "report.typ").read_text(encoding="utf-8"), encoding="utf-8")
        (Path(root) / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in attached.items():
            (Path(root) / name).write_bytes(content)
        yield page, fonts


def _coarse(content: bytes) -> bytes | None:
    """A mosaic of a picture: paper cannot ask before it shows."""
    try:
        cells = small(block_means(content), COARSE)
    except Corrupt:
        return None
    return encode_png(cells.repeat(CELL_PIXELS, axis=0).repeat(CELL_PIXELS, axis=1))
