"""The light in a picture against the sun over a claimed place and time, by one narrow rule.

A bright upper third while the sun stood below -12 degrees, or a black picture while it stood above +10 degrees, does
not fit. Nothing between is judged: exposure, street lamps, snow, smoke and clouds move brightness as much as twilight
does. Even then a lit room looks like day and a dark one like night, so a misfit *contradicts* only where a person has
noted that open sky is seen; else it is told as a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.claims import ReadClaim, claims_of
from verifier.findings.place.fixes import number
from verifier.geo.place import Candidate
from verifier.geo.position import Position
from verifier.geo.sky.moon import Moon, moon_at
from verifier.geo.sky.sun import altitude_range, light
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Scalar

NIGHT_BELOW_DEGREES = -12.0
DAY_ABOVE_DEGREES = 10.0
BRIGHT_LUMA = 140.0  # median of the upper third
EVEN_SPREAD = 90.0  # a sky is even; shop windows and lamps at night are not
BLACK_LUMA = 32.0  # phones lift night skies to 20 or 30
BLACK_WHOLE_LUMA = 48.0
BLACK_SPREAD = 60.0  # a dark screen with light windows is no dark sky
WIDEST_CLAIM = timedelta(days=2)
LARGEST_RADIUS_METRES = 500_000.0
OPEN_SKY = frozenset({"sky", "open sky", "outdoors"})  # words of an observation

FITS, MISFITS, OPEN, UNKNOWN = (
    "daylight.fits_claim",
    "daylight.misfits_claim",
    "daylight.contradicts_claim",
    "daylight.cannot_tell",
)
_CAVEAT = "A lit room looks like day and a dark one like night; exposure and lamps change brightness."


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """For each claim that bounds both place and time: the sun's altitude then and there, and whether the light fits."""
    measured = _measured(dossier)
    if measured is None:
        return
    for claim in claims_of(dossier, case):
        span = _sun_over(claim)
        if span is not None:
            yield _finding(dossier, claim, span, measured)


def _measured(dossier: ExhibitDossier) -> dict[str, float] | None:
    """The stored brightness readings, or None where the exhibit was not seen."""
    found: dict[str, float] = {}
    for said in dossier.readings:
        value = number(said.reading.value) if said.reading.key.startswith("picture:") else None
        if value is not None and said.exhibit == dossier.exhibit.id:
            found.setdefault(said.reading.key.removeprefix("picture:"), value)
    needed = {"median_luma", "top_third_median_luma", "top_third_spread"}
    return found if needed <= set(found) else None


def _sun_over(claim: ReadClaim) -> tuple[float, float] | None:
    """Least and greatest sun altitude over all that the claim allows; None where it bounds too little."""
    interval = claim.interval
    if claim.place is None or not claim.place.candidates or interval is None:
        return None
    if interval.earliest is None or interval.latest is None or interval.latest - interval.earliest > WIDEST_CLAIM:
        return None
    if any(_reach(candidate) > LARGEST_RADIUS_METRES for candidate in claim.place.candidates):
        return None
    spans = [
        _span(candidate.place.position, _reach(candidate), interval.earliest, interval.latest)
        for candidate in claim.place.candidates
    ]
    return min(low for low, _ in spans), max(high for _, high in spans)


@lru_cache(maxsize=4096)
def _span(centre: Position, reach_metres: float, earliest: datetime, latest: datetime) -> tuple[float, float]:
    """One computation for all exhibits of a batch, which share its claim."""
    return altitude_range(centre, earliest, latest, radius_metres=reach_metres)


@lru_cache(maxsize=4096)
def _moon(centre: Position, instant: datetime) -> Moon:
    return moon_at(centre, instant)


def _reach(candidate: Candidate) -> float:
    place = candidate.place if candidate.anchor is None else candidate.anchor
    return max(candidate.radius_metres, place.radius_metres)


def is_bright_sky(measured: dict[str, float]) -> bool:
    """The upper third is bright and even; of a clip, in its darkest picture too."""
    darkest = measured.get("top_third_least", measured["top_third_median_luma"])
    return darkest >= BRIGHT_LUMA and measured["top_third_spread"] <= EVEN_SPREAD


def is_black_sky(measured: dict[str, float]) -> bool:
    """The upper third is evenly black and the whole is dark; of a clip, in its brightest picture too."""
    brightest = measured.get("top_third_most", measured["top_third_median_luma"])
    dark = brightest <= BLACK_LUMA and measured["median_luma"] <= BLACK_WHOLE_LUMA
    return dark and measured["top_third_spread"] <= BLACK_SPREAD


def _finding(
    dossier: ExhibitDossier, claim: ReadClaim, span: tuple[float, float], measured: dict[str, float]
) -> Finding:
    low, high = span
    bright, black = is_bright_sky(measured), is_black_sky(measured)
    night, day = high < NIGHT_BELOW_DEGREES, low > DAY_ABOVE_DEGREES
    words = light(low) if light(low) == light(high) else f"{light(low)} to {light(high)}"
    sun = f"the sun stood at {low:.0f}° to {high:.0f}° ({words})"
    looks = "bright above" if bright else "black above" if black else "neither clearly bright nor black above"
    open_sky = any(observation.what.strip().lower() in OPEN_SKY for observation in dossier.observations)
    if (bright and night) or (black and day):
        code, outcome = (OPEN, FindingOutcome.CONTRADICTS) if open_sky else (MISFITS, FindingOutcome.NOTES)
        word = "That does not fit."
    elif (bright and day) or (black and night):
        code, outcome, word = FITS, FindingOutcome.SUPPORTS, "That fits."
    else:
        code, outcome, word = UNKNOWN, FindingOutcome.INCONCLUSIVE, "The rule says nothing about that."
    said = claim.place.text if claim.place else ""
    time = claim.interval.text if claim.interval else ""
    readings = ("picture:median_luma", "picture:top_third_median_luma", "picture:top_third_spread")
    misfit = outcome is FindingOutcome.CONTRADICTS
    return Finding(
        exhibit=dossier.exhibit.id,
        question=Question.TIME,
        outcome=outcome,
        code=code,
        statement=f"At “{said}”, “{time}” ({claim.label}) {sun}; the picture is {looks}. {word}",
        because=(f"claim {claim.claim.id}",) if misfit else readings,
        contrary=(*readings, "observation: open sky") if misfit else (),
        caveat=_CAVEAT if not open_sky else "A person noted open sky; exposure and lamps change brightness.",
        values=_values(claim, span, measured),
    )


def _values(claim: ReadClaim, span: tuple[float, float], measured: dict[str, float]) -> dict[str, Scalar]:
    values: dict[str, Scalar] = {
        "claim": claim.claim.id,
        "sun_least_degrees": round(span[0], 1),
        "sun_most_degrees": round(span[1], 1),
        **dict(sorted(measured.items())),
    }
    if claim.place is not None and claim.interval is not None and claim.interval.earliest and claim.interval.latest:
        middle = claim.interval.earliest + (claim.interval.latest - claim.interval.earliest) / 2
        moon = _moon(claim.place.candidates[0].place.position, middle)
        values |= {
            "moon_altitude_degrees": round(moon.altitude_degrees, 1),
            "moon_lit_share": round(moon.lit_share, 2),
            "moon_phase": moon.phase,
        }
    return values


CHECK = Check(name="daylight", version=1, codes=(FITS, MISFITS, OPEN, UNKNOWN), check=check)
