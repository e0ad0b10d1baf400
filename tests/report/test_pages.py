"""What stands on the pages, in which order, and what never does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from tests.report.sample_case import PICTURE, case, exhibit
from verifier.dossier import CaseDossier
from verifier.records import (
    Assessment,
    Composite,
    Fact,
    Finding,
    FindingOutcome,
    Incident,
    Kind,
    Match,
    Medium,
    Observation,
    Part,
    Question,
    Recording,
    Recordings,
    Relation,
    Segment,
    Sourced,
    Standing,
    Tier,
)
from verifier.report.blocks import Block, Bullets, Chip, Drawing, Exact, Inline, Section, Soft, Table, Text
from verifier.report.language import codes, language
from verifier.report.pages.annex import methods
from verifier.report.pages.conclusions import concluded, stage
from verifier.report.pages.report_index import desk
from verifier.report.pages.strips import strip
from verifier.report.pages.whole import is_final, report
from verifier.report.phrases import instant_cell, interval_cell, span
from verifier.report.redaction.policy import COORDINATES, DIGESTS, TIMES, Policy
from verifier.report.redaction.redact import redact
from verifier.report.sentences import statement
from verifier.report.writers import html_report

HOME = Path(__file__).parents[2]
ORDER = [
    "identity", "authenticity", "metadata", "provenance", "place", "time", "observations", "copies", "ledger", "review",
    "custody", "check_yourself",
]  # fmt: skip
ALWAYS = {"identity", "metadata", "provenance", "ledger", "custody", "check_yourself"}


def text_of(parts: tuple[Inline, ...]) -> str:
    told = ""
    for part in parts:
        told += text_of(part.parts) if isinstance(part, Soft) else getattr(part, "text", getattr(part, "id", ""))
    return told


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from walk(block.blocks)


def words_on(blocks: tuple[Block, ...]) -> str:
    told: list[str] = []
    for block in walk(blocks):
        if isinstance(block, Text):
            told.append(text_of(block.parts))
        elif isinstance(block, Bullets):
            told += [text_of(item) for item in block.items]
        elif isinstance(block, Table):
            told += [text_of(cell) for row in block.rows for cell in row]
        elif isinstance(block, Section):
            told.append(block.title)
    return "\n".join(told)


def assessed(level: str, number: str, **more: object) -> Assessment:
    known = Assessment(
        id=number, exhibit="x", question=Question.TIME, level=level, analyst=f"analyst {number}",
        at=f"2026-02-0{number[-1]}T10:00:00Z", because=("exif",),
    )  # fmt: skip
    return replace(known, **more)  # type: ignore[arg-type]


def with_exhibit(**changes: object) -> CaseDossier:
    known = case(4)
    key = sorted(known.exhibits)[0]
    return replace(known, exhibits=dict(known.exhibits) | {key: replace(known.exhibits[key], **changes)})  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", codes())
def test_every_exhibit_has_its_parts_in_the_order_of_the_guide_for_judges(lang: str) -> None:
    seen = set()
    for entry in report(case(4), lang).entries:
        keys = [section.key for section in entry.sections]
        assert set(keys) >= ALWAYS and keys == [key for key in ORDER if key in keys]
        assert [section.title for section in entry.sections] == [language(lang).word("part", key) for key in keys]
        assert all(section.blocks for section in entry.sections), "a part that an exhibit has nothing of is left out"
        seen |= set(keys)
    assert {"observations", "copies"} <= seen


@pytest.mark.parametrize("lang", codes())
def test_a_level_comes_from_people_only_and_that_nobody_concluded_is_said_once(lang: str) -> None:
    pages = report(case(4), lang)
    nobody = language(lang).word("text", "nobody_elsewhere")
    told = [words_on((*entry.box, *entry.sections)) for entry in pages.entries]
    assert not any(nobody in text for text in told) and "level-" not in str([entry.box for entry in pages.entries])
    assert words_on(pages.back).count(nobody) == 1
    both = (assessed("probable", "1"), assessed("probable", "2", review_of="1"))
    agreed = report(with_exhibit(assessments=both), lang).entries[0]
    known = Chip("level-probable", language(lang).word("level", "probable"))
    assert any(known in row[1] for block in agreed.box if isinstance(block, Table) for row in block.rows)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ((), "none"),
        ((assessed("probable", "1"),), "single"),
        ((assessed("probable", "1"), assessed("probable", "2", review_of="1")), "agreed"),
        ((assessed("probable", "1"), assessed("contradicted", "2", review_of="1")), "disagreed"),
        ((assessed("probable", "1"), assessed("contradicted", "2", review_of="1"), assessed("possible", "3",
          resolves="1")), "resolved"),
        ((assessed("probable", "1"), assessed("probable", "2", review_of="1"), assessed("possible", "3")), "single"),
    ],
)  # fmt: skip
def test_where_people_stand(said: tuple[Assessment, ...], state: str) -> None:
    known = concluded(replace(exhibit(1), assessments=said), Question.TIME)
    assert known.state == state
    assert (known.newest is None) is (state in {"none", "disagreed"})


def test_draft_until_every_picture_and_sound_is_finalised_or_excluded() -> None:
    known = case(2)
    assert not is_final(known)

    def standing(key: str, word: str) -> Standing:
        return Standing(id=key, exhibit=key, stage=word, reason="old footage", by="B", at="2026-02-01T10:00:00Z")

    words = dict(zip(known.exhibits, ("finalised", "excluded"), strict=True))
    done = {key: replace(d, standings=(standing(key, words[key]),)) for key, d in known.exhibits.items()}
    final = replace(known, exhibits=done)
    assert is_final(final) and stage(next(iter(done.values()))) == "finalised"
    pages = report(final, "en")
    assert pages.banner.kind == "final"
    excluded = next(section for section in pages.back if section.key == "excluded")
    assert "old footage" in words_on((excluded,))


def test_the_six_questions_are_answered_once_and_what_differs_stands_with_the_exhibit() -> None:
    pages = report(case(4), "en")
    section = next(section for section in pages.back if section.key == "six_questions")
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert len(table.rows) == 6 and all(text_of(answer).strip() for _, answer in table.rows)
    assert text_of(table.rows[0][1]).startswith("Not known.")
    for entry in pages.entries:
        custody = words_on(tuple(s for s in entry.sections if s.key == "custody"))
        assert "R-1 → evil" in custody and "R-7" in custody and "enhanced" not in custody


def test_the_ledger_names_the_set_of_checks_and_what_failed() -> None:
    known = case(4)
    key = sorted(known.exhibits)[1]
    more = replace(known.exhibits[key].runs[0], instrument="pdq")
    changed = replace(known.exhibits[key], runs=(*known.exhibits[key].runs, more))
    pages = report(replace(known, exhibits=dict(known.exhibits) | {key: changed}), "en")
    ledgers = [words_on(tuple(s for s in entry.sections if s.key == "ledger")) for entry in pages.entries]
    assert ["Set B" in ledger for ledger in ledgers] == [False, True, False, False] and "Set A" in ledgers[0]
    assert "jpeg" in ledgers[0] and "damaged" in ledgers[0]
    parts = [block for block in walk(pages.back) if isinstance(block, Section) and block.key == "check_sets"]
    (table,) = [block for block in parts[0].blocks if isinstance(block, Table)]
    assert [[text_of(cell) for cell in row] for row in table.rows] == [
        ["A", "exif/1", "pdq/1"], ["B", "exif/1, pdq/1", "–"]
    ]  # fmt: skip


@pytest.mark.parametrize("lang", codes())
def test_a_claim_is_never_called_new(lang: str) -> None:
    pages = report(case(4), lang)
    never = language(lang).word("text", "never_new")
    assert never in words_on(pages.brief) and words_on(pages.back).count(never) == 1


@pytest.mark.parametrize("lang", codes())
def test_what_several_exhibits_share_word_for_word_is_a_note(lang: str) -> None:
    known = case(5)

    def said(key: str, number: int) -> tuple[Finding, ...]:
        shared = Finding(exhibit=key, question=Question.PROVENANCE, outcome=FindingOutcome.NOTES,
                         code="lineage.no_camera_data", caveat="Shared.")  # fmt: skip
        own = Finding(exhibit=key, question=Question.TIME, outcome=FindingOutcome.NOTES, code="plugin.rule",
                      statement=f"Of number {number} alone.", caveat="Shared by all of them.")  # fmt: skip
        return (shared, own)

    exhibits = {key: replace(d, findings=said(key, at)) for at, (key, d) in enumerate(known.exhibits.items())}
    pages = report(replace(known, exhibits=exhibits), lang)
    sentence = text_of(statement(said("x", 0)[0], language(lang)))
    boxes = [words_on(entry.box) for entry in pages.entries]
    notes = words_on(tuple(section for section in pages.back if section.key == "notes"))
    assert not any(sentence in box or "Shared by all" in box for box in boxes)
    assert notes.count(sentence) == 1 and notes.count("Shared by all of them.") == 1
    assert all(language(lang).words["short"]["lineage.no_camera_data"] in box for box in boxes)
    assert sorted(box.count("alone.") for box in boxes) == [1] * 5, "what is its own stays in its place"
    few = report(replace(known, exhibits=dict(list(exhibits.items())[:2])), lang)
    assert all(sentence in words_on(entry.box) for entry in few.entries) and "notes" not in {s.key for s in few.back}


@pytest.mark.parametrize("lang", codes())
def test_all_that_could_not_be_told_is_one_line(lang: str) -> None:
    unsure = tuple(
        Finding(exhibit="x", question=Question.PLACE, outcome=outcome, code=code, statement="It cannot be told.")
        for code, outcome in (("place.no_position", FindingOutcome.INCONCLUSIVE),
                              ("daylight.cannot_tell", FindingOutcome.INCONCLUSIVE),
                              ("place.claim_not_read", FindingOutcome.NOT_ASSESSED),
                              ("plugin.rule", FindingOutcome.NOT_ASSESSED))
    )  # fmt: skip
    entry = report(with_exhibit(findings=unsure), lang).entries[0]
    words = language(lang)
    (line,) = [text_of(b.parts) for b in entry.box if isinstance(b, Text)]
    assert line.startswith(words.word("text", "untested_short"))
    assert all(words.words["untold"][f.code] in line for f in unsure[:3]) and words.word("question", "place") in line
    assert "It cannot be told." not in words_on((*entry.box, *entry.sections))


def recording(number: int, seconds: float) -> tuple[str, object]:
    made = exhibit(number, Kind.VIDEO, "video/mp4")
    fact = Fact(question="duration_s", best=Sourced(value=seconds, basis="mp4:duration_s", location="moov/mvhd"))
    return made.exhibit.id, replace(made, facts=dict(made.facts) | {"duration_s": fact})


def incident_case() -> CaseDossier:
    known = case(2)
    made = dict(recording(number, 10.0 + number) for number in range(4))
    a, b, c, _ = sorted(made)
    clip = Match(
        left=a, right=b, relation=Relation.CLIP, medium=Medium.VIDEO, method="frames/1", score=0.9, tier=Tier.CERTAIN,
        segments=(Segment(left=(1.0, 10.0), right=(0.0, 9.0), speed=1.0, medium=Medium.VIDEO),),
    )  # fmt: skip
    event = replace(clip, left=a, right=c, relation=Relation.SAME_EVENT, medium=Medium.AUDIO, segments=())
    group = replace(known.groups[0], members=(a, b), best=a)
    said = Incident(id="i1", title="Crossing", members=(a, b, c), by="R-1", at="2026-02-01T10:00:00Z",
                    independence=("two balconies",))  # fmt: skip
    seen = Observation(id="o", exhibit=a, what="casualty", by="R-1", at="2026-02-01T10:00:00Z", least=2, most=5)
    made[a] = replace(made[a], observations=(seen,))  # type: ignore[type-var]
    made[b] = replace(made[b], observations=(replace(seen, exhibit=b),))  # type: ignore[type-var]
    return replace(known, exhibits=made, matches=(clip, event), groups=(group,), incidents=(said,))  # type: ignore[arg-type]


def test_an_incident_counts_recordings_once_and_never_adds_people_up() -> None:
    pages = report(incident_case(), "en")
    incidents = next(section for section in pages.front if section.key == "incidents")
    told = words_on((incidents,))
    assert "Exhibits: 3. Distinct recordings, copies and pieces counted once: 2." in told and "two balconies" in told
    assert "same event, other camera" in told
    assert told.count("2 … 5") == 2 and "4 … 10" not in told and "never added up" in told


def test_denominators_count_copies_once() -> None:
    summary = words_on((report(incident_case(), "en").front[0],))
    assert "Files received: 4; different exhibits: 4." in summary and "counted once: 3." in summary


def test_intervals_are_bars_and_strips_join_the_common_part() -> None:
    pages = report(incident_case(), "en")
    drawings = [block for section in (*pages.brief, *pages.front) for block in walk(section.blocks)
                if isinstance(block, Drawing)]  # fmt: skip
    svgs = [drawing.svg for drawing in drawings]
    lines = next(svg for svg in svgs if "the device" in svg)
    recordings = 3  # two of the four are copies
    assert "<circle" not in lines and lines.count('fill="#1d6b3a"') == recordings + 1, "and one in the legend"
    strips = [svg for svg in svgs if ">A<" in svg]
    assert len(strips) == 2, "of the group and of the incident"
    assert all(svg.count("<path") == 1 and svg.count("<rect") == 2 for svg in strips)
    for drawing in drawings:
        markup = re.sub(r">[^<]*<", "><", drawing.svg)  # names are text, and escaped
        assert drawing.alternative and not re.search(r"href|<script|<image|url\(|on\w+=", markup)


def test_every_vocabulary_has_its_words() -> None:
    vocabulary = tomllib.loads((files("verifier.workflow") / "vocabulary.toml").read_text(encoding="utf-8"))
    sources = "".join(
        path.read_text() for room in ("audio", "hashing") for path in (HOME / "verifier" / room).rglob("*.py")
    )
    events = set(re.findall(r'Event\(\s*kind="([\w-]+)"', sources)) | set(re.findall(r'kind="([\w-]+)",\n', sources))
    assert {"impulse", "cut"} <= events
    for code in codes():
        words = language(code).words
        assert set(vocabulary) <= set(words["observed"]), code
        assert events <= set(words["event"]), (code, events - set(words["event"]))


def test_persian_sentences_are_for_codes_that_there_are() -> None:
    page = (HOME / "docs" / "findings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([a-z0-9]+\.[a-z0-9_]+)`", page))
    for section in ("statement", "caveat"):
        assert set(language("fa").words[section]) <= documented


def test_a_persian_sentence_isolates_its_values_or_gives_way_to_english() -> None:
    found = Finding(
        exhibit="x", question=Question.PLACE, outcome=FindingOutcome.NOTES, code="place.recorded_position",
        statement="English.", values={"basis": "exif:GPSPosition", "latitude": 35.7, "longitude": 51.4,
                "near": "Punak"},
    )  # fmt: skip
    told = statement(found, language("fa"))
    assert Exact("35.70000, 51.40000") in told, "two coordinates are one value, or they change places"
    assert text_of(statement(replace(found, values={}), language("fa"))) == "English."
    assert text_of(statement(found, language("en"))) == "English."


def test_times_bear_both_calendars_and_the_digits_of_the_language() -> None:
    english, persian = (text_of(instant_cell("2026-01-08T14:12:35Z", language(code))) for code in ("en", "fa"))
    assert "2026-01-08 14:12:35 UTC" in english and "18 Dey 1404" in english and "17:42" in english
    assert "2026-01-08 14:12:35 UTC" in persian and "۱۸ دی ۱۴۰۴" in persian and "۱۷:۴۲" in persian
    both = interval_cell("2026-01-08T11:30:00Z", "2026-01-08T13:31:00Z", language("en"))
    assert both[0] == Exact("2026-01-08 11:30:00 – 13:31:00 UTC")
    assert span(1.25, 64.0, language("fa")) == "۰:۰۱٫۲–۱:۰۴٫۰"
    assert text_of(instant_cell("yesterday", language("fa"))) == "yesterday"


def test_every_measured_error_stands_in_the_results() -> None:
    for known in methods():
        assert set(known) <= {"name", "threshold", "error", "source"}
        assert ("error" in known) is ("source" in known)
        if "error" not in known:
            continue
        results = (HOME / known["source"]).read_text(encoding="utf-8").replace(",", "")
        for figure in re.findall(r"\d+(?:\.\d+)?", known["error"].replace(",", "")):
            assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d])", results), (known["name"], figure)


def test_links_are_seen_from_both_sides() -> None:
    laid = desk(case(4), language("en"))
    match = case(4).matches[0]
    assert laid.links[match.left] == laid.links[match.right] == (match,)


def test_a_report_of_many_shows_fewer_readings_and_says_where_the_rest_is() -> None:
    known = case(2)
    key = sorted(known.exhibits)[0]
    readings = known.exhibits[key].readings * 20
    many = {f"{number:064x}": known.exhibits[key] for number in range(201)}
    for exhibits, shown in ((known.exhibits, 32), (many, 10)):
        changed = {name: replace(dossier, readings=readings) for name, dossier in exhibits.items()}
        entry = report(replace(known, exhibits=changed), "en").entries[0]
        metadata = next(section for section in entry.sections if section.key == "metadata")
        table = [block for block in walk(metadata.blocks) if isinstance(block, Table)][-1]
        assert len(table.rows) == shown
        assert f"+ {len(readings) - shown} (report.json)" in words_on(metadata.blocks)


def test_many_recordings_lie_beside_the_one_that_most_are_linked_to() -> None:
    known = incident_case()
    a, b, c, d = sorted(known.exhibits)
    links = tuple(replace(known.matches[0], left=a, right=other) for other in (b, c, d))
    drawn = strip(desk(replace(known, matches=links, groups=()), language("en")), (a, b, c, d))
    assert drawn is not None and drawn.svg.count("<rect") == 4
    assert drawn.svg.count(">0:00.0–0:09.0<") == 3, "each bears its own times, and lies where the first one has it"
    seconds = float(str(known.exhibits[a].facts["duration_s"].best.value))
    places = {float(x) for x in re.findall(r'<rect x="([\d.]+)"', drawn.svg)}
    assert places == {110.0, round(110 + 780 / seconds, 1)}


@pytest.mark.parametrize("lang", codes())
def test_a_redacted_report_says_so_first_and_by_which_policy(lang: str) -> None:
    words = language(lang)
    assert report(case(2), lang).notices == ()
    for coordinates in COORDINATES:
        policy = Policy(coordinates=coordinates, times="year", digests="keep", pictures=True)
        hidden, _ = redact(case(2), policy, bytes(32))
        (notice,) = report(hidden, lang).notices
        told = text_of(notice.parts)
        for key in ("title", f"coordinates_{coordinates}", "times_year", "digests_keep", "pictures_coarse", "ids"):
            assert words.word("redacted", key) in told
        page = html_report.render(hidden, lambda _: PICTURE, lang).decode()
        assert page.index(words.word("redacted", "title")) < page.index("<nav")


def test_every_choice_of_a_policy_has_its_words() -> None:
    for name, values in (("coordinates", COORDINATES), ("times", TIMES), ("digests", DIGESTS)):
        for value in values:
            assert language("en").word("redacted", f"{name}_{value}")


@pytest.mark.parametrize("lang", codes())
def test_a_composite_is_told_with_its_parts_and_counts_as_no_recording(lang: str) -> None:
    known = incident_case()
    a, b, c, d = sorted(known.exhibits)
    span = Segment(left=(0.0, 4.0), right=(0.0, 4.0), speed=1.0, medium=Medium.VIDEO)
    alone = tuple(Recording(id=key[:16], copies=(key,), best=key) for key in (b, c, d))
    parts = (Part(recording=b[:16], exhibit=b, segments=(span,)), Part(recording=c[:16], exhibit=c))
    made = Composite(exhibit=a, parts=parts)
    told = report(replace(known, originals=Recordings(recordings=alone, composites=(made,))), lang)
    groups = words_on(tuple(section for section in told.front if section.key == "groups"))
    assert language(lang).word("text", "composites") in groups
    assert language(lang).word("text", "composites") not in words_on(
        tuple(section for section in report(known, lang).front if section.key == "groups")
    )
