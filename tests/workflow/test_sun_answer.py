"""The three questions put together."""

from __future__ import annotations

import json

import pytest

from verifier.workflow.sun_answer import IRAN, Measured, Question, answer

HEIGHT, LENGTH = Measured(value=1.75, error=0.0875), Measured(value=2.6, error=0.26)


def test_when_answers_with_an_interval_and_a_picture() -> None:
    found = answer(Question(place="Tehran", time="۱۸ دی ۱۴۰۴", height=HEIGHT, length=LENGTH))
    ((start, end),) = found.values["intervals"]
    assert start < "2026-01-08T08:40" < end
    assert "18 Dey 1404" in " ".join(found.lines)
    assert found.picture is not None
    assert found.geojson is None


def test_where_answers_with_a_mask() -> None:
    question = Question(
        time="2026-01-08T13:30+03:30", height=HEIGHT, length=LENGTH, azimuth=Measured(value=25, error=8), box=IRAN
    )
    found = answer(question)
    assert found.values["cells"] > 0
    assert found.geojson is not None
    assert json.loads(found.geojson)["features"][0]["geometry"]["coordinates"]


def test_whether_says_by_how_much() -> None:
    noon = Question(place="Tehran", time="2026-01-08 12:00 to 12:30", height=HEIGHT, length=LENGTH)
    assert answer(noon).values["agrees"] is True
    wrong = Question(place="Tehran", time="2026-01-08 08:00 to 08:30", height=HEIGHT, length=LENGTH)
    found = answer(wrong)
    assert found.values["agrees"] is False
    assert 12 < found.values["miss_degrees"] < 17
    assert "misses by" in found.lines[-1]


def test_the_day_of_a_place() -> None:
    found = answer(Question(place="Rasht", time="2026-01-08"))
    assert [event["name"] for event in found.values["events"]][3] == "sunrise"
    assert "moon" in found.lines[-1]


def test_a_second_shadow_narrows() -> None:
    first = Question(place="Tehran", time="18 Dey 1404", height=HEIGHT, length=LENGTH)
    later = Question(
        place="Tehran", time="18 Dey 1404", height=HEIGHT, length=LENGTH, gap_minutes=90,
        second_length=Measured(value=3.6, error=0.3),
    )  # fmt: skip
    (wide,), (narrow,) = (answer(question).values["intervals"] for question in (first, later))
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]
    assert narrow != wide


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (Question(), "give --time"),
        (Question(time="2026-01-08"), "without a shadow give --place"),
        (Question(time="2026-01-08", height=HEIGHT, length=LENGTH), "within three hours"),
        (Question(place="Xyzzyplugh", time="2026-01-08"), "not in the gazetteer"),
        (Question(place="Iran", time="2026-01-08"), "too large for one sun"),
        (Question(place="Tehran", time="2026-01-08", height=HEIGHT), "both --height and --length"),
        (Question(place="Tehran", time="before 2026-01-08"), "both ends"),
        (Question(place="Tehran", time="2020 to 2026"), "at most a year"),
        (Question(place="Tehran", time="2026-01-08", turn=LENGTH), "needs --gap"),
        (Question(place="Tehran", time="2026-01-08", gap_minutes=-1, turn=LENGTH), "0 to 1,440"),
        (Question(place="Tehran", time="2026-01-08", gap_minutes=5), "needs --second-length"),
    ],
)
def test_what_cannot_be_answered_says_what_is_missing(question: Question, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        answer(question)


def test_it_says_which_place_it_speaks_of() -> None:
    found = answer(Question(place="تهران، پونک", time="2026-01-08"))
    assert "Punak" in found.lines[0]
    assert found.values["place"].startswith("Punak")
    several = answer(Question(place="Nurabad", time="2026-01-08"))
    assert "Mamasani" in " ".join(several.lines[:2])
    assert several.values["other_places"]


def test_no_rise_and_no_set_are_said() -> None:
    summer = answer(Question(place="69.65,18.96", time="2026-06-21"))
    assert "does not set" in summer.values["no_rise_no_set"]
    winter = answer(Question(place="69.65,18.96", time="2026-12-21"))
    assert "does not rise" in winter.values["no_rise_no_set"]
    assert answer(Question(place="Rasht", time="2026-01-08")).values["no_rise_no_set"] is None


def test_a_box_reaches_over_the_date_line() -> None:
    question = Question(
        time="2026-01-08T01:30Z",
        height=HEIGHT,
        length=Measured(value=0.6, error=0.2),
        box=(-25.0, 170.0, -10.0, -170.0),
    )
    found = answer(question)
    assert found.values["cells"] > 0
    assert found.geojson is not None
    rings = json.loads(found.geojson)["features"][0]["geometry"]["coordinates"]
    longitudes = [corner[0] for ring in rings for corner in ring[0]]
    assert -180 <= min(longitudes) < -169
    assert 169 < max(longitudes) <= 180
    wide = [max(x for x, _ in ring[0]) - min(x for x, _ in ring[0]) for ring in rings]
    assert max(wide) <= 20
