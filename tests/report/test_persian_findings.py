"""Every rule of every check speaks Persian: what a finding carries fills its sentence, and no English stands in it."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from verifier.executors.registry import load
from verifier.records import Finding, FindingOutcome, Question
from verifier.report.blocks import Exact, Shown, Word
from verifier.report.language import language
from verifier.report.sentences import OPTIONAL, PLACEHOLDER, caveat, statement

PERSIAN = language("fa")
CODES = sorted({code for check in load().checks.values() for code in check.codes})
LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {"C", "PA", "C2PA", "HEIC", "ProofMode", "UTC", "fingerprint"}


def patterns(section: str, code: str) -> list[str]:
    known = PERSIAN.words[section].get(code)
    if isinstance(known, dict):
        return [pattern for some in known.values() for pattern in ([some] if isinstance(some, str) else some)]
    return [known] if isinstance(known, str) else list(known or ())


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_persian_sentence(code: str) -> None:
    assert patterns("statement", code), code
    for section in ("statement", "caveat"):
        for pattern in patterns(section, code):
            bare = PLACEHOLDER.sub("", pattern)
            whole = re.sub(r"[\[\]]", "", PLACEHOLDER.sub("۱", pattern))
            assert set(LATIN.findall(bare)) <= NAMES, pattern
            assert not re.search(r"[كيى‎‏]|\u200c\s|\s\u200c|\s[،؛.:]", whole), pattern
            for name, section_of_words in PLACEHOLDER.findall(pattern):
                assert not section_of_words or section_of_words in PERSIAN.words, (pattern, name)


def test_no_sentence_is_of_a_rule_that_is_no_more() -> None:
    assert {*PERSIAN.words["statement"], *PERSIAN.words["caveat"]} <= set(CODES)


def test_a_part_between_brackets_goes_with_its_value() -> None:
    found = Finding(
        exhibit="a" * 64, question=Question.AUDIO, outcome=FindingOutcome.NOTES, code="copies.sound_missing",
        statement="English.", values={"other": "b" * 64},
    )  # fmt: skip
    pattern = patterns("statement", found.code)[0]
    assert OPTIONAL.search(pattern)
    told = statement(found, PERSIAN)
    assert Exact("b" * 12, mono=True) in told and not any(
        "این‌جا" in part.text for part in told if isinstance(part, Word)
    )
    assert statement(Finding(**{**plain(found), "values": {}}), PERSIAN) == (Shown("English.", is_english=True),)


def plain(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in Finding.__dataclass_fields__}


def test_the_demonstration_case_speaks_persian(report: dict[str, Any]) -> None:
    """All findings of the demonstration, their caveats too; values read from the evidence stay as they are."""
    count = 0
    for exhibit in report["exhibits"]:
        for said in exhibit["findings"]:
            found = Finding(
                exhibit=exhibit["id"], question=Question(said["question"]), outcome=FindingOutcome(said["outcome"]),
                code=said["code"], statement=said["statement"], caveat=said["caveat"], values=said["values"],
            )  # fmt: skip
            quoted = {str(value) for value in said["values"].values()}
            for cell in (statement(found, PERSIAN), caveat(found, PERSIAN)):
                for part in cell:
                    text = getattr(part, "text", "")
                    left = set(LATIN.findall(text)) - NAMES - {"UTC", "km"}
                    assert isinstance(part, Exact) or not left or text in quoted, (said["code"], text)
                    assert text not in (said["statement"], said["caveat"]), said["code"]
            count += 1
    assert count > 100


def test_both_languages_have_the_words_for_codes() -> None:
    for code in ("en", "fa"):
        words = tomllib.loads((files("verifier.report") / "languages" / f"{code}.toml").read_text(encoding="utf-8"))
        assert all(words[section] for section in ("side", "act", "changed", "bank_relation", "late"))
