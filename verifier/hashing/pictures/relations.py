"""A verified pair as a match: relation, tier, transform, and the reasons in words and numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing import pdq
from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.pictures.geometry import Alignment
from verifier.hashing.pictures.judgement import Judgement
from verifier.hashing.pictures.pair import Pair
from verifier.hashing.pictures.rules import Measures
from verifier.hashing.pictures.verify import Verified
from verifier.records import Match, Medium, Moment, Relation, Scalar, Transform

METHOD = "pdq+rootsift/3"
LEAST_SCENE_INLIERS, LEAST_OVERLAY_INLIERS = 20, 20


def as_match(pair: Pair, left: PictureFeatures, right: PictureFeatures) -> Match | None:
    """The match that a pair makes; None where nothing speaks for one."""
    best = pair.best
    if best is None or not _worth_telling(best):
        return None
    judgement = best.judgement
    apart = _seconds_apart(left, right)
    if apart is not None:
        judgement = judgement.decided(replace(judgement.measures, seconds_apart=apart))
    because: dict[str, Scalar] = {
        "rule": judgement.rule,
        "inliers": best.alignment.inliers,
        "agreement": round(judgement.agreement, 3),
        "agreeing_area": round(judgement.extent, 3),
        "pdq_distance": pair.distance,
        "inset": judgement.inset,
        "differing_regions": len(judgement.blocks),
    }
    because |= _region(judgement) | _searched(judgement.measures)
    relation, tier = judgement.relation, judgement.tier
    return Match(
        left=pair.left, right=pair.right, relation=relation, medium=Medium.IMAGE, method=METHOD,
        score=round(_score(judgement), 3), tier=tier, transform=transform(best, left, right), because=because,
    )  # fmt: skip


def _worth_telling(found: Verified) -> bool:
    judgement, inliers = found.judgement, found.alignment.inliers
    if judgement.relation in (Relation.SAME_PICTURE, Relation.ALTERED_PICTURE):
        return True
    return inliers >= (LEAST_SCENE_INLIERS if judgement.relation is Relation.SAME_SCENE else LEAST_OVERLAY_INLIERS)


def _score(judgement: Judgement) -> float:
    core = judgement.core.area if judgement.inset and judgement.core else 1.0
    return min(1.0, judgement.agreement / max(core, 0.25)) if judgement.inset else judgement.agreement


def _region(judgement: Judgement) -> dict[str, Scalar]:
    """The largest region that differs, as shares of the common area: left, top, right, bottom."""
    if not judgement.blocks or judgement.frame is None:
        return {}
    x0, y0, x1, y1 = judgement.frame
    block = judgement.blocks[0]
    across, down = max(1, x1 - x0), max(1, y1 - y0)
    return {
        "region_left": round((block.left - x0) / across, 3),
        "region_top": round((block.top - y0) / down, 3),
        "region_right": round((block.right - x0) / across, 3),
        "region_bottom": round((block.bottom - y0) / down, 3),
        "region_area": round(block.area, 3),
    }


def _searched(measures: Measures) -> dict[str, Scalar]:
    """What was measured of a copy only, where it was."""
    told: dict[str, float | None] = {
        "smallest_change_area": measures.smallest_change,
        "same_writing": measures.writing,
        "moved": measures.moved or None,
        "captured_seconds_apart": measures.seconds_apart or None,
    }
    return {key: round(value, 4) for key, value in told.items() if value is not None}


def _seconds_apart(left: PictureFeatures, right: PictureFeatures) -> float | None:
    """Between the moments of capture that both state; None where they cannot be compared."""
    if left.captured is None or right.captured is None:
        return None
    instants = left.captured.instant, right.captured.instant
    if instants[0] is not None and instants[1] is not None:
        return abs((instants[0] - instants[1]).total_seconds())
    if left.captured.zone is not right.captured.zone:
        return None
    return abs((_wall(left.captured) - _wall(right.captured)).total_seconds())


def _wall(moment: Moment) -> datetime:
    return datetime.fromisoformat(moment.wall[:19])


def transform(found: Verified, left: PictureFeatures, right: PictureFeatures) -> Transform:
    """Mirror, clockwise turn and scale that take the left picture to the right one, and the coverages."""
    across, down = _axes(found.alignment, left)
    degrees = float(np.degrees(np.arctan2(across[1], across[0]))) % 360
    nearest = 90.0 * round(degrees / 90)
    degrees = nearest % 360 if abs(degrees - nearest) < 1.0 else round(degrees, 1) % 360
    scale = float(np.sqrt(abs(across[0] * down[1] - across[1] * down[0])))
    if left.original_width and right.original_width:
        scale *= (right.original_width / right.local.width) / (left.original_width / left.local.width)
    return Transform(
        mirrored=found.alignment.mirrored, rotation_degrees=degrees, scale=round(scale, 4),
        coverage_left=round(found.lie.laid_left or found.lie.left, 3),
        coverage_right=round(found.lie.laid_right or found.lie.right, 3),
    )  # fmt: skip


def _axes(alignment: Alignment, left: PictureFeatures) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where steps to the right and downwards lead, amid the matched points."""
    if alignment.inliers:
        point = np.median(alignment.left_points, axis=0).astype(np.float64)
        if alignment.mirrored:
            point[0] = left.local.width - 1 - point[0]
    else:
        point = np.array([left.local.width / 2, left.local.height / 2])
    steps = point[None, None] + np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]])
    at = cv2.perspectiveTransform(steps, alignment.matrix)[0]
    return at[1] - at[0], at[2] - at[0]


def not_comparable(features: PictureFeatures) -> str | None:
    """Why "no match" would mean nothing for this picture, or None."""
    if features.is_comparable:
        return None
    quality = max((one.quality or 0 for one in features.hashes), default=0)
    return (
        f"too flat or dark to be compared: PDQ quality {quality} of {pdq.LEAST_QUALITY}, {len(features.local)} points"
    )
