"""Conclusions in the browser: reasons of the exhibit itself, a second person blind, nothing final while two differ."""

from __future__ import annotations

import re
from pathlib import Path

from tests.desk.running import Client, Opened, Tags
from verifier.records import Assessment
from verifier.store import Store

HIDDEN = "seen-by-Ana-alone"


def assessments(case: Path, key: str) -> tuple[Assessment, ...]:
    with Store.open(case, writing=False) as store:
        return store.exhibit_dossier(key).assessments


def reasons(text: str) -> list[str]:
    return [str(tag["value"]) for tag in Tags(text).of("option") if str(tag.get("value", "")).startswith("for:")]


def test_two_people_conclude_blind_and_a_third_settles(case: Path, ids: dict[str, str]) -> None:
    key = ids["a.jpg"]
    here = f"/exhibit/{key}/conclude"
    with Opened(case, actor="Ana") as one, Opened(case, actor="Cem") as other:
        ana, cem = one.enter(), other.enter()
        offered = reasons(ana.page(f"{here}?question=place"))
        assert offered, "the claim of a place is one"
        word = offered[-1].removeprefix("for:")
        filed = ana.post(
            here, question="place", level="probable", precision="city", reason_1=f"for:{word}", note=HIDDEN
        )
        assert filed.status == 303 and filed.location == f"{here}?question=place"
        (first,) = assessments(case, key)
        assert (first.level, first.because, first.precision, first.analyst) == ("probable", (word,), "city", "Ana")
        assert "waits for a second person" in ana.page(filed.location)
        cem.laid()
        for path in (filed.location, f"/exhibit/{key}", "/", "/list/assessments"):
            assert HIDDEN not in cem.page(path) and HIDDEN not in ana.page(path), path
        assert "Another person has filed" in cem.page(filed.location)
        cem.post(here, question="place", level="possible", reason_1=f"against:{word}", reason_2=f"for:{word}")
        assert [one.review_of for one in assessments(case, key)].count(first.id) == 1
        text = cem.page(filed.location)
        assert HIDDEN in text and "Two people differ" in text
        refused = cem.post(f"/exhibit/{key}/stage", stage="finalised")
        assert refused.status == 400 and "differ" in refused.text
        resolves = re.search(r'name="resolves" value="([0-9a-f]+)"', text)
        assert resolves is not None
        ana.post(here, question="place", level="possible", reason_1=f"for:{word}", resolves=resolves[1])
        assert "Two people differ" not in ana.page(filed.location)
        assert ana.post(f"/exhibit/{key}/stage", stage="finalised").status == 303
        assert "finalised" in ana.page(here)
        assert len(assessments(case, key)) == 3


def test_what_is_no_conclusion_files_nothing(case: Path, client: Client, ids: dict[str, str]) -> None:
    key = ids["b.jpg"]
    here = f"/exhibit/{key}/conclude"
    for fields in (
        {"question": "time", "level": "probable"}, {"question": "time", "level": "sure", "reason_1": "for:time.bounds"},
        {"question": "weather", "level": "probable"},
        {"question": "time", "level": "probable", "reason_1": "for:nothing"},
        {"question": "time", "level": "not-established", "earliest": "yesterday"},
        {"question": "time", "level": "not-established", "earliest": "2026-01-08T14:00"},
        {"question": "place", "level": "not-established", "precision": "inch"}, {},
    ):  # fmt: skip
        assert client.post(here, **fields).status == 400, fields
    assert client.get(f"{here}?question=weather").status == 400
    assert client.post(f"/exhibit/{key}/stage", stage="excluded").status == 400, "for no reason"
    assert client.post(f"/exhibit/{key}/stage", stage="nowhere").status == 400
    assert assessments(case, key) == ()


def test_what_a_person_saw_can_be_a_reason(case: Path, client: Client, ids: dict[str, str]) -> None:
    key = ids["clip.mp4"]
    assert client.post(f"/exhibit/{key}/observe", what="text", at="0:00.5", note="a shop sign").status == 303
    with Store.open(case, writing=False) as store:
        (seen,) = store.exhibit_dossier(key).observations
    here = f"/exhibit/{key}/conclude"
    assert f"for:{seen.id}" in reasons(client.page(f"{here}?question=place"))
    assert client.post(here, question="place", level="possible", reason_1=f"for:{seen.id}").status == 303
    assert [one.because for one in assessments(case, key)] == [(seen.id,)]


def test_an_interval_is_kept(case: Path, client: Client, ids: dict[str, str]) -> None:
    key = ids["c.jpg"]
    answer = client.post(
        f"/exhibit/{key}/conclude", question="time", level="not-established", earliest="2026-01-08T14:00+03:30",
        latest="2026-01-08T16:30Z",
    )  # fmt: skip
    assert answer.status == 303, answer.text
    (known,) = assessments(case, key)
    assert (known.earliest, known.latest) == ("2026-01-08T10:30:00Z", "2026-01-08T16:30:00Z")
