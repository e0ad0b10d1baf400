"""Light against the sun, and the readings that it rests on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.geo.dossiers import ONE, case, claim, dossier, said
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.judge import judge
from verifier.findings.place.daylight import CHECK
from verifier.geo.sky.brightness import VIEWER
from verifier.instruments import Picture, Showing
from verifier.records import Finding, FindingOutcome, Observation, Reading

NOON, NIGHT = "18 Dey 1404 11:00 to 13:00", "18 Dey 1404 22:00 to 23:00"


def seen(whole: float, upper: float, spread: float, time: str = NOON, place: str = "Tehran, Punak") -> ExhibitDossier:
    readings = [
        said("picture:median_luma", whole),
        said("picture:top_third_median_luma", upper),
        said("picture:top_third_spread", spread),
    ]
    return dossier(readings, [claim(place, time)])


def only(of: CaseDossier) -> Finding:
    (finding,) = judge(of, [CHECK])[ONE]
    return finding


@pytest.mark.parametrize(
    ("measures", "time", "code"),
    [
        ((120.0, 200.0, 20.0), NOON, "daylight.fits_claim"),
        ((120.0, 200.0, 20.0), NIGHT, "daylight.misfits_claim"),
        ((12.0, 5.0, 4.0), NIGHT, "daylight.fits_claim"),
        ((12.0, 5.0, 4.0), NOON, "daylight.misfits_claim"),
        ((31.0, 31.0, 150.0), NOON, "daylight.cannot_tell"),  # a dark screen with light windows
        ((80.0, 90.0, 60.0), NOON, "daylight.cannot_tell"),
        ((120.0, 200.0, 150.0), NIGHT, "daylight.cannot_tell"),  # uneven: lamps and windows
        ((12.0, 5.0, 4.0), "18 Dey 1404 15:00 to 17:00", "daylight.cannot_tell"),  # the sun sets at 17:08
        ((120.0, 200.0, 20.0), "18 Dey 1404 17:30 to 23:00", "daylight.cannot_tell"),  # twilight is in it
    ],
)
def test_the_narrow_rule(measures: tuple[float, float, float], time: str, code: str) -> None:
    assert only(case(seen(*measures, time))).code == code


def test_a_misfit_contradicts_only_where_a_person_noted_open_sky() -> None:
    dark = seen(12.0, 5.0, 4.0)
    assert only(case(dark)).outcome is FindingOutcome.NOTES
    noted = Observation(id="o", exhibit=ONE, what="open sky", by="analyst", at="2026-01-20T10:00:00Z")
    finding = only(case(replace(dark, observations=(noted,))))
    assert (finding.code, finding.outcome) == ("daylight.contradicts_claim", FindingOutcome.CONTRADICTS)
    other = replace(noted, what="smoke")
    assert only(case(replace(dark, observations=(other,)))).outcome is FindingOutcome.NOTES


def test_the_sun_and_moon_are_told_with_their_numbers() -> None:
    values = only(case(seen(120.0, 200.0, 20.0))).values
    assert 28 < float(str(values["sun_least_degrees"])) < 33
    assert float(str(values["sun_most_degrees"])) == pytest.approx(32.3, abs=0.5)
    assert values["moon_phase"] in ("gibbous", "half")


def test_silent_without_readings_or_bounds() -> None:
    unseen = dossier(claims=[claim("Tehran", NOON)])
    assert judge(case(unseen), [CHECK])[ONE] == ()
    for place, time in (("Iran", NOON), ("Tehran", "Dey 1404"), ("Xyzzyplugh", NOON)):
        assert judge(case(seen(12.0, 5.0, 4.0, time, place)), [CHECK])[ONE] == ()


def test_a_clip_is_bright_only_if_its_darkest_picture_is() -> None:
    one = seen(120.0, 200.0, 20.0, NIGHT)
    with_dark = replace(one, readings=(*one.readings, said("picture:top_third_least", 10.0)))
    assert only(case(with_dark)).code == "daylight.cannot_tell"


def watched(pictures: list[np.ndarray], *, still: bool) -> dict[str, object]:
    showing = Showing(still=still, stored_width=8, stored_height=9)
    viewing = VIEWER.begin(dossier().exhibit, showing, {})
    for number, grey in enumerate(pictures):
        viewing.see(Picture(grey=grey, number=number, offset_seconds=None if still else number / 4))
    return {r.key: r.value for r in viewing.conclude() if isinstance(r, Reading)}


def test_brightness_of_a_still_and_a_clip() -> None:
    split = np.full((90, 60), 40, dtype=np.uint8)
    split[:30] = 220
    assert watched([split], still=True) == {
        "picture:median_luma": 40.0, "picture:top_third_median_luma": 220.0, "picture:top_third_spread": 0.0,
    }  # fmt: skip
    dark = np.zeros((90, 60), dtype=np.uint8)
    clip = watched([split, dark, split], still=False)
    assert (clip["picture:top_third_least"], clip["picture:top_third_most"]) == (0.0, 220.0)
    assert clip["picture:top_third_median_luma"] == 220.0
    assert watched([], still=True) == {}
