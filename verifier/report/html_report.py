"""One self-contained page: no script, no network, every evidence text escaped, made visible and isolated for direction.

Pictures are small, grey and blurred until a person asks for one; unknown is treated as graphic.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.geo.drawn import drawn_of
from verifier.geo.map import map_svg
from verifier.report.document import Plain, document
from verifier.report.language import Language, language
from verifier.visible import visible

Pictures = Callable[[str], bytes]
LARGEST_PICTURE_BYTES = 64 << 10


def render(case: CaseDossier, pictures: Pictures, lang: str = "en") -> bytes:
    """The page as UTF-8 HTML. `pictures` gives the bytes of a derivative by its id."""
    words = language(lang)
    known = document(case)
    page = (
        _environment(words)
        .get_template("report.html.j2")
        .render(
            report=known,
            words=words,
            summary=summary(known),
            pictures={key: _picture(dossier, pictures) for key, dossier in case.exhibits.items()},
            links=_links(known),
            groups=_group_of(known),
            places=_map(case),
            css=Markup((files("verifier.report") / "templates" / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - ours
        )
    )
    return page.encode("utf-8")


def _map(case: CaseDossier) -> Markup | None:
    """A static map of what positions and claims there are, as inline SVG that loads nothing; None without any."""
    things = drawn_of(case)
    return Markup(map_svg(things, visible(case.title))) if things else None  # noqa: S704 - escapes its texts itself


def _environment(words: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("verifier.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["shown"] = shown
    environment.filters["exact"] = exact
    environment.filters["seconds"] = seconds
    environment.globals["w"] = words.word
    environment.globals["ours"] = lambda section, key: Markup(words.word(section, key))  # noqa: S704 - language files are ours
    return environment


def shown(value: object, longest: int = 300) -> Markup:
    """Evidence text: hidden characters spelt out, escaped, and isolated so that it cannot reorder its neighbours."""
    if value is None:
        return Markup("–")
    return Markup("<bdi>{}</bdi>").format(visible(str(value), longest))


def exact(value: object) -> Markup:
    """A date, number, digest, coordinate or id: left to right in every language."""
    if value is None:
        return Markup("–")
    return Markup('<bdi dir="ltr">{}</bdi>').format(visible(str(value), 300))


def seconds(value: float) -> str:
    """A time within an exhibit as m:ss.s."""
    minutes, rest = divmod(float(value), 60)
    return f"{int(minutes)}:{rest:04.1f}"


def summary(known: Plain) -> dict[str, int]:
    """The denominators of a case."""
    exhibits = known["exhibits"]
    return {
        "received": sum(len(exhibit["acquisitions"]) for exhibit in exhibits),
        "exhibits": len(exhibits),
        "groups": len(known["groups"]),
        "matches": len(known["matches"]),
        "contradictions": sum(
            finding["outcome"] == "contradicts" for exhibit in exhibits for finding in exhibit["findings"]
        ),
        "faults": sum(bool(exhibit["faults"]) for exhibit in exhibits),
        "skipped": len(known["skipped"]),
    }


def _picture(dossier: ExhibitDossier, pictures: Pictures) -> str | None:
    for made in dossier.derivatives:
        if made.recipe.startswith("thumbnail/") and made.media_type in {"image/webp", "image/jpeg", "image/png"}:
            content = pictures(made.id)
            if len(content) <= LARGEST_PICTURE_BYTES:
                return f"data:{made.media_type};base64,{base64.b64encode(content).decode('ascii')}"
    return None


def _links(known: Plain) -> Mapping[str, list[dict[str, Any]]]:
    """Every match, from either side."""
    links: dict[str, list[dict[str, Any]]] = {exhibit["id"]: [] for exhibit in known["exhibits"]}
    for match in known["matches"]:
        for here, there in ((match["left"], match["right"]), (match["right"], match["left"])):
            if here in links:
                links[here].append(match | {"other": there})
    return links


def _group_of(known: Plain) -> Mapping[str, dict[str, Any]]:
    return {member: group for group in known["groups"] for member in group["members"]}
