"""The brief: copies once, the strongest first, times in Iran first, and no code, id or digest in any sentence."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.report.sample_case import PICTURE, case, digest
from tests.report.test_pages import incident_case, text_of, walk
from verifier.dossier import CaseDossier
from verifier.executors.registry import load
from verifier.findings.issues import DOUBTS
from verifier.records import (
    Assessment,
    Batch,
    Composite,
    Finding,
    FindingOutcome,
    Part,
    Question,
    Recording,
    Recordings,
    Scalar,
    Standing,
)
from verifier.report.blocks import Block, Bullets, Card, Drawing, Ref, Section, Table, Text
from verifier.report.language import codes, language
from verifier.report.pages.whole import annex_report, brief_report, report
from verifier.report.phrases import local_interval, local_time
from verifier.report.redaction.policy import Policy
from verifier.report.redaction.redact import redact
from verifier.report.sentences import brief_statement, plain
from verifier.report.writers import html_report, pdf_report

CODES = sorted({code for check in load().checks.values() for code in check.codes})
CLAIM, COPY = "batch-7b7e732d176d334b", digest("a copy")
VALUES: dict[str, Scalar] = {
    "claim": CLAIM, "copy": COPY, "from": COPY, "other": COPY, "basis": "exif:DateTimeOriginal", "seconds": 7200,
    "existed_by": "2019-11-17T11:20:00+00:00", "earliest": "2026-01-08T11:30:00+00:00", "place": "تهران",
    "latest": "2026-01-08T13:31:00+00:00", "clock": "2026-01-08T16:20:05+03:30", "satellite": "2026-01-08T12:31:05Z",
    "mine": "2026-01-08T16:20:05", "metres_outside": 580_961, "stated": "+03:30", "kept": "+04:30", "camera": "X 1",
    "named": "picture", "content": "document", "signer": "A", "date": "2002-12-08", "hidden": 3.5, "km_per_hour": 900,
    "codes": "x", "time": "عصر", "written": "APP1 at byte 20",
}  # fmt: skip
TECHNICAL = re.compile(r"[0-9a-f]{12,}|batch-\w|\b(exif|mp4|quicktime|xmp|yt-dlp):|byte \d|residual", re.IGNORECASE)


def found(key: str, code: str, outcome: FindingOutcome = FindingOutcome.NOTES, **values: Scalar) -> Finding:
    return Finding(
        exhibit=key, question=Question.TIME, outcome=outcome, code=code, statement=f"English of {code}.",
        because=(f"claim {CLAIM}",), caveat="A caveat.", values=values,
    )  # fmt: skip


def texts(sections: tuple[Section, ...]) -> list[str]:
    told: list[str] = []
    for block in walk(tuple[Block, ...](sections)):
        if isinstance(block, Text):
            told.append(text_of(named(block.parts)))
        elif isinstance(block, Bullets):
            told += [text_of(named(item)) for item in block.items]
        elif isinstance(block, Table):
            told += [text_of(named(cell)) for row in block.rows for cell in row]
        elif isinstance(block, Card):
            told += [text_of(named(line)) for line in block.lines]
        elif isinstance(block, Section):
            told.append(block.title)
        elif isinstance(block, Drawing):
            told += re.findall(r">([^<>]+)</t", block.svg)
    return told


def named(parts: Any) -> Any:
    """As a reader sees it: an exhibit that is named is its name."""
    return tuple(replace(part, id=part.name or part.id) if isinstance(part, Ref) else part for part in parts)


def part(known: CaseDossier, key: str, lang: str = "en") -> str:
    return "\n".join(texts(tuple(one for one in brief_report(known, lang).brief if one.key == key)))


def with_findings(known: CaseDossier, said: dict[str, tuple[Finding, ...]]) -> CaseDossier:
    exhibits = {key: replace(dossier, findings=said.get(key, ())) for key, dossier in known.exhibits.items()}
    return replace(known, exhibits=exhibits)


def recycled() -> CaseDossier:
    """Four videos; the first two are copies, and both are older than claimed."""
    known = incident_case()
    a, b, c, d = sorted(known.exhibits)
    alone = tuple(Recording(id=key[:16], copies=(key,), best=key) for key in (c, d))
    originals = Recordings(recordings=(Recording(id="r", copies=(a, b), best=a), *alone), composites=())
    contradicts = FindingOutcome.CONTRADICTS
    said = {
        a: (found(a, "time.copy_existed_before_claim", contradicts, **VALUES, seconds_before=9e7),),
        b: (found(b, "time.existed_before_claim", contradicts, **{**VALUES, "copy": None}, seconds_before=9e7),
            found(b, "lineage.edited"), found(b, "daylight.cannot_tell", FindingOutcome.INCONCLUSIVE)),
        c: (found(c, "lineage.edited"),),
        d: (found(d, "lineage.edited"), found(d, "place.no_position", FindingOutcome.INCONCLUSIVE)),
    }  # fmt: skip
    said[a] += (found(a, "time.bounds", not_after="2026-02-01T10:00:00Z", not_after_basis="acquisition"),)
    return replace(with_findings(known, said), originals=originals, incidents=(), groups=())


@pytest.mark.parametrize("lang", codes())
def test_the_brief_stands_first_and_the_annex_is_folded_behind_it(lang: str) -> None:
    page = html_report.render(case(3), lambda _: PICTURE, lang).decode()
    annex = page.index('<details id="annex">')
    assert "open" not in page[annex : annex + 40].split(">")[0]
    assert max(page.index(f'id="s-{key}"') for key in ("scope", "against", "how_to_check")) < annex
    assert annex < min(page.index("<article "), page.index('id="s-method"'))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids), "every link leads somewhere"
    assert report(case(3), lang).entries == annex_report(case(3), lang).entries
    assert not brief_report(case(3), lang).entries and not annex_report(case(3), lang).brief


@pytest.mark.parametrize("lang", codes())
def test_one_line_an_issue_of_a_recording_the_strongest_first_and_copies_once(lang: str) -> None:
    known = recycled()
    section = next(one for one in brief_report(known, lang).brief if one.key == "against")
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert len(table.rows) == 2, "copies are one recording; of two with the same issue it is said once"
    first = text_of(named(table.rows[0][1]))
    words = language(lang)
    assert first.startswith(words.word("issue", "claimed_time"))
    lead, other = (plain(brief_statement(found("x", code, **VALUES), words))
                   for code in ("time.existed_before_claim", "time.copy_existed_before_claim"))  # fmt: skip
    assert first.index(lead) < first.index(other) and first.count(lead) == 1
    assert len(table.rows[1][0]) == 3, "two names and what stands between them"


@pytest.mark.parametrize("lang", codes())
def test_every_code_that_can_argue_against_has_a_short_sentence(lang: str) -> None:
    words = language(lang).words["brief"]
    contradicting = {code for code in CODES if "contradict" in code or "existed_before" in code}
    assert {*DOUBTS, *contradicting, "clock.future"} <= set(words) <= set(CODES)
    for code, pattern in words.items():
        told = plain(brief_statement(found("x", code, **VALUES), language(lang)))
        assert told and len(told.split()) <= 45, pattern
        assert not TECHNICAL.search(told), (code, told)


@pytest.mark.parametrize("lang", codes())
@pytest.mark.parametrize("code", CODES)
def test_no_sentence_of_the_brief_holds_a_code_an_id_or_a_digest(code: str, lang: str) -> None:
    known = recycled()
    key = sorted(known.exhibits)[2]
    for outcome in (FindingOutcome.CONTRADICTS, FindingOutcome.NOTES, FindingOutcome.INCONCLUSIVE):
        changed = with_findings(known, {key: (found(key, code, outcome, **VALUES),)})
        for text in texts(brief_report(changed, lang).brief):
            assert not TECHNICAL.search(text), (code, text)


@pytest.mark.parametrize("lang", codes())
def test_a_rule_without_a_short_sentence_is_told_by_its_matter(lang: str) -> None:
    known = recycled()
    key = sorted(known.exhibits)[2]
    changed = with_findings(known, {key: (found(key, "plugin.rule", FindingOutcome.CONTRADICTS, claim=CLAIM),)})
    told = part(changed, "against", lang)
    words = language(lang)
    assert words.word("severity", "contradicts") in told and words.word("question", "time") in told
    assert "plugin" not in told and not (lang == "fa" and "time" in told)


def test_iran_comes_first_and_utc_second_in_both_languages() -> None:
    english, persian = (plain(local_time("2026-01-08T21:00:00Z", language(code))) for code in ("en", "fa"))
    assert english == "9 January 2026, 00:30 Iran time (2026-01-08 21:00 UTC)", "another day there than in UTC"
    assert persian == "۱۹ دی ۱۴۰۴، ساعت ۰۰:۳۰ به وقت ایران (2026-01-08 21:00 UTC)"
    told = plain(local_time("2026-01-08T12:30:00+03:30", language("en")))
    assert told == "8 January 2026, 12:30 Iran time (09:00 UTC)"
    bounds = ("2026-01-08T11:30:00Z", "2026-01-08T13:31:00Z")
    assert plain(local_interval(*bounds, language("en"))) == "8 January 2026, 15:00–17:01 Iran time (11:30–13:31 UTC)"
    assert plain(local_interval(*bounds, language("fa"))) == (
        "۱۸ دی ۱۴۰۴، از ساعت ۱۵:۰۰ تا ۱۷:۰۱ به وقت ایران (2026-01-08 11:30–13:31 UTC)"
    )
    long = plain(local_interval("2026-01-08T11:30:00Z", "2026-01-10T13:31:00Z", language("en")))
    assert long == "8 January 2026, 15:00 to 10 January 2026, 17:01 Iran time (2026-01-08 11:30 – 2026-01-10 13:31 UTC)"
    assert plain(local_interval(None, bounds[1], language("en"))).startswith("not after 8 January 2026, 17:01 Iran")
    unzoned = plain(local_time("2026-01-08T16:20:05", language("en")))
    assert unzoned == "8 January 2026, 16:20 by a clock whose zone is not known" and "UTC" not in unzoned
    assert plain(local_time("some day", language("fa"))) == "some day"


@pytest.mark.parametrize("lang", codes())
def test_what_is_not_known_is_one_line_and_what_a_copy_answers_is_known(lang: str) -> None:
    known = recycled()
    told = part(known, "not_known", lang)
    words = language(lang)
    position, light = (words.words["untold"][code].partition(" (")[0] for code in ("place.no_position",
                                                                                  "daylight.cannot_tell"))  # fmt: skip
    one = "1" if lang == "en" else "۱"
    assert f"{position} ({one})" in told and f"{light} ({one})" in told
    assert words.word("text", "nobody_at_all") in told
    d = sorted(known.exhibits)[3]
    there = found(d, "place.recorded_position", latitude=35.7, longitude=51.4, near="0.2 km from the centre of Punak")
    answered = with_findings(known, {d: (*known.exhibits[d].findings, there)})
    assert position not in part(answered, "not_known", lang)


@pytest.mark.parametrize("lang", codes())
def test_a_conclusion_is_told_with_who_concluded_it(lang: str) -> None:
    known = recycled()
    d = sorted(known.exhibits)[3]
    said = Assessment(id="1", exhibit=d, question=Question.TIME, level="probable", analyst="Mina",
                      at="2026-02-01T10:00:00Z",
                      earliest="2026-01-08T11:30:00Z", latest="2026-01-08T12:30:00Z")  # fmt: skip
    exhibits = dict(known.exhibits) | {d: replace(known.exhibits[d], assessments=(said,))}
    told = part(replace(known, exhibits=exhibits), "key_recordings", lang)
    words = language(lang)
    assert "Mina" in told and words.word("level", "probable") in told and words.word("review", "single") in told
    assert plain(local_interval(said.earliest, said.latest, words)) in told, "people date it before any clock"
    assert words.word("text", "nobody_at_all") not in part(replace(known, exhibits=exhibits), "not_known", lang)


@pytest.mark.parametrize("lang", codes())
def test_a_composite_is_called_one_and_counts_as_no_recording(lang: str) -> None:
    known = recycled()
    a, b, c, d = sorted(known.exhibits)
    alone = tuple(Recording(id=key[:16], copies=(key,), best=key) for key in (a, b, c))
    made = Composite(exhibit=d, parts=(Part(recording=a[:16], exhibit=a), Part(recording=b[:16], exhibit=b)))
    told = part(replace(known, originals=Recordings(recordings=alone, composites=(made,))), "key_recordings", lang)
    assert language(lang).word("text", "made_of_parts", count="2" if lang == "en" else "۲") in told


@pytest.mark.parametrize("lang", codes())
def test_what_to_do_next_is_asked_of_a_working_copy_only(lang: str) -> None:
    known = recycled()
    assert "verify assess" in part(known, "do_next", lang)
    done = {
        key: replace(d, standings=(Standing(id="s", exhibit=key, stage="finalised", reason=None, by="B", at="2026"),))
        for key, d in known.exhibits.items()
    }
    assert part(replace(known, exhibits=done), "do_next", lang) == ""
    hidden, _ = redact(known, Policy(), bytes(32))
    assert part(hidden, "do_next", lang) == ""


@pytest.mark.parametrize("lang", codes())
def test_a_redacted_brief_still_says_something_and_names_nobody(lang: str) -> None:
    known = recycled()
    hidden, _ = redact(replace(known, batches=(Batch(id="b1", title="Secret title", claimed_place="تهران"),)),
                       Policy(), bytes(32))  # fmt: skip
    told = "\n".join(texts(brief_report(hidden, lang).brief))
    words = language(lang)
    assert words.words["brief"]["lineage.edited"] in told, "a sentence without values is as true as before"
    assert f"{words.word('question', 'time')}: {words.word('severity', 'contradicts')}" in told
    assert "Secret" not in told and "تهران" not in told and "R-7" not in told


def test_a_claim_is_quoted_as_it_was_said() -> None:
    known = replace(recycled(), batches=(Batch(id="b1", title="One", claimed_place="تهران", claimed_time="عصر"),))
    assert "“تهران”" in part(known, "scope") and "«عصر»" in part(known, "scope", "fa")


@pytest.mark.parametrize("lang", codes())
def test_a_case_without_anything_has_a_brief_too(lang: str) -> None:
    empty = replace(case(2), exhibits={}, matches=(), groups=())
    keys = [one.key for one in brief_report(empty, lang).brief]
    assert keys[0] == "scope" and "when" not in keys and "where" not in keys


@pytest.mark.parametrize("lang", codes())
def test_an_incident_is_told_with_its_recordings_counted_once_and_why_they_are_independent(lang: str) -> None:
    told = part(incident_case(), "events_shown", lang)
    counts = {"exhibits": "3", "recordings": "2"} if lang == "en" else {"exhibits": "۳", "recordings": "۲"}
    assert "Crossing" in told and "two balconies" in told
    assert language(lang).word("text", "incident_counts", **counts) in told
    unwritten = replace(incident_case().incidents[0], independence=())
    told = part(replace(incident_case(), incidents=(unwritten,)), "events_shown", lang)
    assert language(lang).word("text", "independence_short") in told


@pytest.mark.parametrize("lang", codes())
def test_the_brief_of_an_incident_of_sixty_exhibits_has_at_most_eight_pages(lang: str, tmp_path: Path) -> None:
    known = case(60)
    said = replace(incident_case().incidents[0], members=tuple(known.exhibits))
    made = pdf_report.render(replace(known, incidents=(said,)), lambda _: PICTURE, tmp_path, lang)
    assert len(PdfReader(io.BytesIO(made)).pages) <= 8


def test_a_map_of_very_many_places_shows_the_first_and_says_how_many_more() -> None:
    known = case(320)
    spread = {}
    for at, (key, dossier) in enumerate(known.exhibits.items()):
        there = found(key, "place.recorded_position", latitude=35.0 + at / 100, longitude=51.0 + at % 7)
        spread[key] = replace(dossier, findings=(there,))
    told = part(replace(known, exhibits=spread), "where")
    assert "20 more stand in the annex." in told
