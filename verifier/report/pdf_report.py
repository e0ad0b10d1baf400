"""The report on paper: PDF/A-3 with report.json inside and PDF/UA-1, made by typst without network or system fonts.

Evidence reaches typst only as data. The same case gives the same bytes: the only date is the case's own, and no random
id goes in.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import typst

from verifier.dossier import CaseDossier
from verifier.errors import Corrupt
from verifier.media.encode import decode_grey, encode_png, small
from verifier.report import json_report
from verifier.report.document import document
from verifier.report.html_report import summary
from verifier.report.language import language
from verifier.visible import visible

COARSE = 9  # a picture is printed as a mosaic of about so many cells on its long side
CELL_PIXELS = 12


def render(case: CaseDossier, pictures: Callable[[str], bytes], workspace: Path, lang: str = "en") -> bytes:
    """The PDF. `workspace` is a folder where pictures may lie while typst reads them."""
    known = document(case)
    folder = files("verifier.report")
    with tempfile.TemporaryDirectory(dir=workspace, prefix=".pdf-") as root, as_file(folder / "fonts") as fonts:
        data = {
            "report": made_visible(known),
            "words": language(lang).words | {"code": lang},
            "summary": summary(known),
            "pictures": _coarse_pictures(case, pictures, Path(root)),
        }
        page = Path(root) / "report.typ"
        page.write_text((folder / "templates" / "report.typ").read_text(encoding="utf-8"), encoding="utf-8")
        compiled = typst.compile(
            str(page),
            root=root,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            sys_inputs={
                "data": json.dumps(data, ensure_ascii=False),
                "attached": json_report.dumps(known).decode("utf-8"),
            },
            timestamp=int(datetime.fromisoformat(case.created_at).timestamp()),
        )
    return bytes(compiled)


def made_visible(value: Any) -> Any:  # noqa: ANN401
    """Every text of the document with its hidden characters spelt out, as it may be printed."""
    if isinstance(value, str):
        return visible(value, 600)
    if isinstance(value, list):
        return [made_visible(item) for item in value]
    if isinstance(value, dict):
        return {key: made_visible(item) for key, item in value.items()}
    return value


def _coarse_pictures(case: CaseDossier, pictures: Callable[[str], bytes], root: Path) -> dict[str, str]:
    """A mosaic of each exhibit's thumbnail: paper cannot ask before it shows."""
    names: dict[str, str] = {}
    for identity, dossier in case.exhibits.items():
        made = next((item for item in dossier.derivatives if item.recipe.startswith("thumbnail/")), None)
        if made is None:
            continue
        try:
            grey = decode_grey(pictures(made.id))
        except Corrupt:
            continue
        cells = small(grey, COARSE)
        mosaic = cells.repeat(CELL_PIXELS, axis=0).repeat(CELL_PIXELS, axis=1)
        name = f"{identity}.png"
        (root / name).write_bytes(encode_png(mosaic))
        names[identity] = name
    return names
