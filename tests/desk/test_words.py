"""Every word that a page or an act asks for stands in both languages, with the same places to fill."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import verifier.desk
from verifier.report.language import codes, language

ROOM = Path(verifier.desk.__file__).parent
TEMPLATES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOM / "templates").glob("*.j2")))
MODULES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOM.glob("*.py")))
DYNAMIC = {"pairs", "assessments", "unexamined", "copies", "against"}  # names of lists


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
