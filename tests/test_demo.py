"""The main job on `fixtures/demo`, held against what is true of it: every copy, every planted lie, nobody accused."""

from __future__ import annotations

import html.parser
import re
import shutil
import statistics
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.commands.running import verify
from tests.demonstration import Demo
from verifier.findings.issues import UNTOLD, Severity, issues_of
from verifier.records import Finding, FindingOutcome, Question

FIXTURES = Path(__file__).parent.parent / "fixtures"
TRUTH = tomllib.loads((FIXTURES / "TRUTH.toml").read_text(encoding="utf-8"))
JOINING = {"same-streams", "same-picture", "clip"}
FOOTAGE = {"same-streams", "same-picture", "altered-picture", "clip"}


@pytest.fixture(scope="module")
def by_path(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    exhibits = {}
    for exhibit in report["exhibits"]:
        for acquisition in exhibit["acquisitions"]:
            path = acquisition["path"]
            exhibits[path.rsplit("/demo/", 1)[-1] if not acquisition["inside"] else f"odd/photos.zip/{path}"] = exhibit
    return exhibits


def links(report: dict[str, Any], one: str, other: str) -> list[dict[str, Any]]:
    return [match for match in report["matches"] if {match["left"], match["right"]} == {one, other}]


@pytest.mark.parametrize("pair", [pair for pair in TRUTH["pair"] if not pair.get("optional")], ids=lambda p: p["right"])
def test_every_copy_is_linked_as_footage(
    report: dict[str, Any], by_path: dict[str, dict[str, Any]], pair: dict[str, Any]
) -> None:
    one, other = by_path[pair["left"]]["id"], by_path[pair["right"]]["id"]
    # an altered picture may be left for a person to decide: a banner that begins at a line of the picture looks like
    # the seam of two different ones
    tiers = {"certain", "likely", "review"} if pair["relation"] == "altered-picture" else {"certain", "likely"}
    found = [match for match in links(report, one, other) if match["relation"] in FOOTAGE and match["tier"] in tiers]
    assert found, f"{pair['left']} and {pair['right']} are {pair['relation']}: {links(report, one, other)}"
    if "mirrored" in pair:
        assert any(match["transform"] and match["transform"]["mirrored"] == pair["mirrored"] for match in found)


def test_recordings_are_what_the_pairs_say_and_a_compilation_is_of_none(
    report: dict[str, Any], by_path: dict[str, dict[str, Any]]
) -> None:
    made = {by_path[one["path"]]["id"]: {by_path[part]["id"] for part in one["parts"]} for one in TRUTH["composite"]}
    open_ = {by_path[pair["right"]]["id"] for pair in TRUTH["pair"] if pair.get("optional")}
    together = {exhibit["id"]: {exhibit["id"]} for exhibit in report["exhibits"]}
    for pair in TRUTH["pair"]:
        ids = {by_path[pair["left"]]["id"], by_path[pair["right"]]["id"]}
        if not ids & (made.keys() | open_):
            whole = set().union(*(together[one] for one in ids))
            together |= dict.fromkeys(whole, whole)
    found = {}
    for one in report["recordings"]:
        members = {*one["copies"], *(excerpt["exhibit"] for excerpt in one["excerpts"])}
        found |= dict.fromkeys(members, members)
        assert one["best"] in one["copies"] and (one["weakest"] is not None) == (len(members) > 1)
    for key, members in found.items():
        if key not in open_:
            assert members - open_ == together[key], sorted(members ^ together[key])
    assert {one["exhibit"] for one in report["composites"]} == set(made)
    for one in report["composites"]:
        held = [found[part["exhibit"]] for part in one["parts"]]
        assert all(any(part in members for members in held) for part in made[one["exhibit"]])
    several = {tuple(sorted(members)) for members in found.values() if len(members) > 1}
    assert {tuple(sorted(group["members"])) for group in report["groups"]} == several
    assert report["summary"]["recordings"] == len(report["recordings"])


@pytest.mark.parametrize("pair", TRUTH["relative"], ids=lambda p: p["right"])
def test_no_relative_is_joined(
    report: dict[str, Any], by_path: dict[str, dict[str, Any]], pair: dict[str, Any]
) -> None:
    one, other = by_path[pair["left"]]["id"], by_path[pair["right"]]["id"]
    assert not [
        match for match in links(report, one, other) if match["relation"] in JOINING and match["tier"] != "review"
    ]


def test_the_planted_lies_are_found_and_nobody_else_is_accused(
    report: dict[str, Any], by_path: dict[str, dict[str, Any]]
) -> None:
    media = {"photo", "video", "audio"}
    accused = {
        (path, finding["question"])
        for path, exhibit in by_path.items()
        if exhibit["kind"] in media
        for finding in exhibit["findings"]
        if finding["outcome"] == "contradicts"
    }
    planted = {(item["path"], item["question"]) for item in TRUTH["contradiction"]}
    assert planted <= accused
    noticed = {item["path"] for item in TRUTH["notice"]}
    assert {path for path, _ in accused - planted} <= noticed


@pytest.mark.parametrize("planted", TRUTH["contradiction"], ids=lambda item: item["path"])
def test_a_planted_lie_is_the_first_issue_of_its_exhibit(
    by_path: dict[str, dict[str, Any]], planted: dict[str, Any]
) -> None:
    first = issues_of(findings_of(by_path[planted["path"]]))[0]
    assert (first.severity, first.lead.question.value) == (Severity.CONTRADICTS, planted["question"])


def test_an_issue_against_is_told_before_what_supports_and_what_is_not_known(
    by_path: dict[str, dict[str, Any]],
) -> None:
    for exhibit in by_path.values():
        issues = issues_of(findings_of(exhibit))
        order = [list(Severity).index(issue.severity) for issue in issues]
        assert order == sorted(order)
        assert sum(issue.subject == UNTOLD for issue in issues) <= 1
    assert issues_of(findings_of(by_path["other/DSC00017.JPG"]))[0].lead.code == "clock.gps_differs"


def findings_of(exhibit: dict[str, Any]) -> list[Finding]:
    return [
        Finding(
            exhibit=exhibit["id"], question=Question(said["question"]), outcome=FindingOutcome(said["outcome"]),
            code=said["code"], statement=said["statement"], values=said["values"],
        )
        for said in exhibit["findings"]
    ]  # fmt: skip


# ---------------------------------------------------------------- the report that people read


@pytest.fixture(scope="module", params=["en", "fa"])
def written(request: pytest.FixtureRequest, report: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("written")
    case = shutil.copytree(report.case, out / "case")
    options = ("--format", "html,pdf", "--annex", "--lang", request.param)
    assert verify("report", "--case", case, "--out", out, *options).code == 0
    return out


def test_the_brief_is_read_in_ten_minutes_and_an_exhibit_takes_two_pages(written: Path) -> None:
    assert len(PdfReader(written / "report.pdf").pages) <= 6
    annex = PdfReader(written / "annex.pdf")
    starts = exhibit_pages(annex)
    assert len(starts) == 48 + 1
    assert statistics.median(after - before for before, after in pairwise(starts)) <= 2


def test_nothing_that_a_page_prints_anyway_is_taken_for_a_secret(report: Demo, tmp_path: Path) -> None:
    case = shutil.copytree(report.case, tmp_path / "case")
    ran = verify("report", "--case", case, "--out", tmp_path / "out", "--format", "json", "--redacted")
    assert ran.code == 0, ran.err


def exhibit_pages(annex: PdfReader) -> list[int]:
    """The page on which each exhibit begins, and that of what comes behind them."""
    (title,) = [item for item in annex.outline if isinstance(item, list)]
    longest = max((item for item in title if isinstance(item, list)), key=len)  # the exhibits under their heading
    at = title.index(longest)
    pages = [annex.get_destination_page_number(item) for item in longest if not isinstance(item, list)]
    return [*pages, annex.get_destination_page_number(title[at + 1])]


def test_no_sentence_of_a_report_stands_in_it_more_than_three_times(written: Path) -> None:
    page = Sentences()
    page.feed((written / "report.html").read_text("utf-8"))
    page.end()
    assert len(page.counted) > 150
    assert {text: count for text, count in page.counted.items() if count > 3} == {}


class Sentences(html.parser.HTMLParser):
    """Counts sentences: four words and more that end with a stop or a question mark."""

    ENDS = frozenset({"p", "li", "td", "th", "tr", "small", "summary", "h1", "h2", "h3", "h4", "h5", "br", "figcaption",
                      "div", "table", "ul", "label"})  # fmt: skip
    LEFT_OUT = frozenset({"style", "script", "pre", "svg", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()
        self._text, self._within = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within += tag in self.LEFT_OUT
        if tag in self.ENDS:
            self.end()

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag in self.LEFT_OUT
        if tag in self.ENDS:
            self.end()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self._text += data

    def end(self) -> None:
        """What was gathered is a block of its own."""
        for said in re.split(r"(?<=[.?!\u061f])\s+", " ".join(self._text.split())):
            if len(said.split()) >= 4 and said[-1] in ".?!\u061f":
                self.counted[said] += 1
        self._text = ""
