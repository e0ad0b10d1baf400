"""What links, groups and faults say in fixed phrases is Persian on the Persian pages and untouched on the English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import verifier
from verifier.compare import events
from verifier.findings.codes import POSTED
from verifier.hashing.clips import channel as clip_channel
from verifier.hashing.clips import rules as clip_rules
from verifier.report.blocks import Cell, Exact, Shown, Word, exact
from verifier.report.language import language
from verifier.report.told import PLACE, counted_links, known, phrased, reason

ENGLISH, PERSIAN = language("en"), language("fa")
HOME = Path(verifier.__file__).parent
PATTERNS = (
    "hashing/pictures/**/*.py",
    "hashing/clips/**/*.py",
    "hashing/sound/match.py",
    "hashing/sound/speed.py",
    "findings/copies/groups.py",
    "compare/*.py",
)
MODULES = sorted(path for pattern in PATTERNS for path in HOME.glob(pattern))
LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {"PDQ", "PNG", "GIF", "ZIP", "IEND"}


def constants(path: Path) -> Iterator[str]:
    """Every text of several words that a module can write: neither documentation nor an error nor a part of one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    apart: set[int] = set()
    for node in ast.walk(tree):
        documents = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if documents or isinstance(node, ast.Raise | ast.JoinedStr):
            apart |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in apart:
            continue
        if " " in node.value.strip():
            yield node.value


def test_every_reason_of_a_comparison_is_known_in_persian() -> None:
    found = {text for path in MODULES for text in constants(path)}
    assert len(found) >= 6 and "it is the longest" in found
    assert sorted(found - set(PERSIAN.words["phrase"])) == []
    assert set(POSTED.values()) <= set(PERSIAN.words["phrase"])


def test_every_code_of_a_link_of_clips_is_known_in_persian() -> None:
    codes = {rule.code for rule in (*clip_rules.RULES, *clip_rules.PHOTO_RULES)}
    codes |= {value for name, value in vars(clip_channel).items() if name.isupper() and isinstance(value, str)}
    codes |= {events.HEARD_THE_SAME, "not_determined", "pitch_kept", "pitch_moved"}
    assert len(codes) > 35 and sorted(codes - set(PERSIAN.words["phrase"])) == []


def test_every_name_of_what_a_link_says_is_known_in_persian(report: dict[str, Any]) -> None:
    assert {key for match in report["matches"] for key in match["because"]} <= set(PERSIAN.words["link"])


@pytest.mark.parametrize("section", ["phrase", "link"])
def test_persian_phrases_are_persian_and_keep_their_places(section: str) -> None:
    for english, persian in PERSIAN.words[section].items():
        assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(persian)), english
        bare = PLACE.sub("", persian)
        assert set(LATIN.findall(bare)) <= NAMES, persian
        assert not re.search(r"[كيى‎‏]|\u200c\s|\s\u200c|\s[،؛.:]", PLACE.sub("۱", persian)), persian


def english_left(cell: Cell) -> list[str]:
    return [part.text for part in cell if isinstance(part, Word | Shown) and LATIN.search(part.text)]


def test_links_groups_and_faults_of_the_demonstration_speak_persian(report: dict[str, Any]) -> None:
    links = [
        (key, value) for match in report["matches"] for key, value in match["because"].items() if value is not None
    ]
    notes = [note for group in report["groups"] for note in group["notes"]]
    faults = [fault["detail"] for exhibit in report["exhibits"] for fault in exhibit["faults"]]
    assert links and notes and faults
    for key, value in links:
        cell = reason(key, value, PERSIAN)
        assert set(english_left(cell)) <= {part.text for part in cell if isinstance(part, Word) and "PDQ" in part.text}
        rules = PERSIAN.words["picture_rule"] if key == "rule" else {}
        assert not isinstance(value, str) or value in rules or known(value, PERSIAN), value
    for text in (*notes, *faults):
        assert not english_left(phrased(text, PERSIAN)), text
    for group in report["groups"]:
        assert not english_left(counted_links(group["reason"], PERSIAN))


def test_english_stays_as_it_is_recorded() -> None:
    assert phrased("pictures and sound agree", ENGLISH) == (Shown("pictures and sound agree", is_english=True),)
    assert reason("agreement", 0.5, ENGLISH) == exact("agreement 0.5")
    assert counted_links("2 × clip, 1 × verdict", ENGLISH) == (Shown("2 × clip, 1 × verdict"),)


def test_values_in_a_phrase_are_isolated_and_the_unknown_stays() -> None:
    told = phrased("Earliest known: 6edf1c2ab352 existed by 2019-11-17T11:20:00Z (uploaded).", PERSIAN)
    assert Exact("6edf1c2ab352") in told and Exact("2019-11-17 11:20:00 UTC") in told and Word("بارگذاری‌شده") in told
    assert phrased("the moon is out", PERSIAN) == (Shown("the moon is out", is_english=True),)
    both = phrased("Best generation: it has the most pixels; it is the longest.", PERSIAN)
    assert not english_left(both) and Word("؛ ") in both
    assert phrased("no decoder for the moon", PERSIAN)[-2] == Shown("the moon")
    assert phrased("", PERSIAN) == phrased("", ENGLISH)


def test_references_of_findings_are_told_and_never_torn() -> None:
    assert phrased("APP1 at byte 30", PERSIAN) == (Exact("APP1"), Word(" در بایت "), Exact("۳۰"))
    place = phrased("exif:GPSPosition (GPS 0x2, APP1 at byte 30) of 6edf1c2ab352", PERSIAN)
    assert Exact("exif:GPSPosition") in place and Exact("6edf1c2ab352") in place and Word(" در بایت ") in place
    assert Word("همان تصویر یا صدا") in phrased("match 6edf1c2ab352 same-picture certain", PERSIAN)
    whole = "exif:Make: Drawn (IFD0 0x10F, APP1 at byte 30)"
    torn = "a pattern that would part a bracket from its fellow is not used"
    assert phrased(whole, PERSIAN) == (Shown(whole, is_english=True),), torn
    assert phrased("claim that is no claim", PERSIAN) == (Shown("claim that is no claim", is_english=True),)


def test_the_rule_that_linked_two_pictures_is_a_sentence_in_both_languages() -> None:
    for words in (ENGLISH, PERSIAN):
        assert reason("rule", "agrees", words) == (Word(words.word("picture_rule", "agrees")),)
    assert reason("rule", "agrees", ENGLISH) != reason("rule", "agrees", PERSIAN)
