"""Every word that a page or an act asks for stands in both languages, with the same places to fill."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import verifier.desk
from verifier.desk.overviews import EDGE
from verifier.report.language import codes, language

ROOM = Path(verifier.desk.__file__).parent
TEMPLATES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOM / "templates").glob("*.j2")))
MODULES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOM.glob("*.py")))
DYNAMIC = {"pairs", "assessments", "unexamined", "copies", "against",  # names of lists
           "first_one", "second_one", "settling", "north", "south", "west", "east"}  # fmt: skip


def asked() -> set[str]:
    found = set(re.findall(r"""\bd\(\s*["'](\w+)["']""", TEMPLATES)) - {"told_"}
    found |= set(re.findall(r'word\("desk", "(\w+)"', MODULES))
    found |= {f"told_{key}" for key in re.findall(r'session\.say\("(\w+)"', MODULES)}
    return found | DYNAMIC


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_word_is_there_in_both_languages_and_none_is_left_over() -> None:
    for code in codes():
        assert set(language(code).words["desk"]) == asked(), code


def test_both_languages_fill_the_same_places() -> None:
    one, other = (language(code).words["desk"] for code in ("en", "fa"))
    assert {key: places(text) for key, text in one.items()} == {key: places(text) for key, text in other.items()}


def test_what_is_said_nowhere_is_no_word_of_ours() -> None:
    """Templates hold no sentence of their own: whatever is printed comes from the language files or the case."""
    text = re.sub(r"\{[{%#].*?[}%#]\}", " ", TEMPLATES, flags=re.S)
    text = re.sub(r"<!?[^>]*>", " ", text, flags=re.S)
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"verify"}, "a word that no language file has"


def test_pages_load_nothing_from_elsewhere() -> None:
    static = "\n".join(path.read_text("utf-8") for path in (ROOM / "static").iterdir())
    css = (files("verifier.report") / "templates" / "report.css").read_text("utf-8")
    for text in (TEMPLATES, static, css):
        assert not re.search(r"https?:|//[a-z]|@import|url\((?!\"/static/)", text.replace("// ", "")), text
    script = "\n".join(path.read_text("utf-8") for path in (ROOM / "static").glob("*.js"))
    assert not re.search(r"eval\(|innerHTML|insertAdjacent|document\.write|setTimeout\(\s*[\"']|localStorage", script)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_and_bars_can_be_told_from_what_is_behind_them() -> None:
    """4.5 for words, 3 for what is drawn (WCAG 1.4.3 and 1.4.11), by day and by night."""
    css = (files("verifier.report") / "templates" / "report.css").read_text("utf-8")
    schemes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{([^}]*)\}", css)]
    assert len(schemes) == 2
    for scheme in schemes:
        for words in ("ink", "soft", "blue", "amber", "red", "green"):
            for behind in ("paper", "wash"):
                assert contrast(scheme[words], scheme[behind]) >= 4.5, (words, behind)
    assert contrast(EDGE, "#f4f6f8") >= 3.0


def test_what_is_pressed_is_large_enough() -> None:
    """44 dots (2.75 rem of 16) for buttons, fields, and links that stand alone (WCAG 2.5.5)."""
    css = (ROOM / "static" / "desk.css").read_text("utf-8")
    for rule in ("button, .button", "summary", ".rows a", "nav.desk > a", ".timeline a", "select", ".fields input"):
        found = re.search(rf"(?:^|[}}\n]) ?{re.escape(rule)}[^{{}}]*{{([^}}]*)}}", css)
        assert found is not None and "2.75rem" in found[1], rule
