"""report.json against its published schema, and the page against hostile strings."""

from __future__ import annotations

import html.parser
import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from tests.report.sample_case import HOSTILE, PICTURE, case
from verifier.records import Fault, FaultKind
from verifier.report.document import c2pa
from verifier.report.language import codes, language
from verifier.report.writers import html_report, json_report


def schema() -> Any:
    text = (files("verifier.report") / "schema" / "verify-report-1.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


def test_the_schema_is_a_schema_and_the_report_obeys_it() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(schema()).validate(json.loads(json_report.render(case())))


@pytest.mark.parametrize("path", [("exhibits", 0, "id"), ("matches", 0, "tier"), ("case", "custody", "root")])
def test_the_schema_refuses_another_value(path: tuple[Any, ...]) -> None:
    report = json.loads(json_report.render(case()))
    place = report
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "something else"
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(report))


def test_the_state_of_credentials_is_never_null() -> None:
    assert c2pa(())["state"] == "none"
    fault = Fault(kind=FaultKind.CRASH, detail="the decoder crashed", instrument="c2pa")
    assert c2pa((), (fault,))["state"] == "unreadable"
    other = Fault(kind=FaultKind.CRASH, detail="the decoder crashed", instrument="exif")
    assert c2pa((), (other,))["state"] == "none"


def test_the_same_case_gives_the_same_bytes() -> None:
    assert json_report.render(case()) == json_report.render(case())
    assert html_report.render(case(), lambda _: PICTURE) == html_report.render(case(), lambda _: PICTURE)


def test_json_holds_no_hidden_character() -> None:
    text = json_report.render(case()).decode("utf-8")
    assert "\u202e" not in text and "\x1b" not in text
    assert any("evil\u202egpj.exe" in exhibit["names"] for exhibit in json.loads(text)["exhibits"])


class Page(html.parser.HTMLParser):
    """Collects what a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_is_inert_and_loads_nothing() -> None:
    source = html_report.render(case(), lambda _: PICTURE).decode("utf-8")
    page = Page()
    page.feed(source)
    assert page.tags.count("script") == 1, "the one script that filters and sorts"
    assert not {"iframe", "object", "embed", "link", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    sources = [value for name, value in page.attributes if name in {"src", "href", "srcset", "action"}]
    assert sources and all(value.startswith(("#", "data:image/")) for value in sources)
    assert not any(character in source for character in "\u202e\x1b\x07\x00")
    shown = "".join(page.text)
    assert "evil⟦RLO⟧gpj.exe" in shown
    assert all(f"⟨{number}" not in shown for number in ("49",))
    assert "{{ 7*7 }}" in shown
    for hostile in (HOSTILE[0], HOSTILE[2]):
        assert hostile in shown


def test_pictures_are_blurred_until_asked() -> None:
    page = html_report.render(case(), lambda _: PICTURE).decode("utf-8")
    assert "grayscale(1) blur" in page and 'type="checkbox"' in page
    assert " checked" not in page.split("</style>")[1]


def test_every_language_has_every_word() -> None:
    english = language("en").words
    own = {"statement", "caveat", "link", "phrase"}  # what English says itself is kept with what is reported

    def keys(words: Any, prefix: str = "") -> set[str]:
        if not isinstance(words, dict):
            return {prefix}
        named = {key: value for key, value in words.items() if prefix or key not in own}
        return set().union(*(keys(value, f"{prefix}.{key}") for key, value in named.items()))

    for code in codes():
        assert keys(language(code).words) == keys(english), code
