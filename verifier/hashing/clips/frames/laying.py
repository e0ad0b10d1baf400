"""How one clip's frames lie on another's: from boxes and turns, as a homography of shares of the frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.motion import Laying
from verifier.hashing.pdq import Turn

Matrix = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, top, right, bottom in shares of the frame


def turning(turn: Turn) -> Matrix:
    """Where a point of the frame as it is goes when the frame is laid as `turn` says (mirror, then clockwise)."""
    matrix = np.eye(3)
    if turn.mirrored:
        matrix = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) @ matrix
    clockwise = np.array([[0.0, -1, 1], [1, 0, 0], [0, 0, 1]])
    for _ in range(turn.rotation_degrees // 90):
        matrix = clockwise @ matrix
    return np.asarray(matrix)


def into(box: Box) -> Matrix:
    """From shares of the box to shares of the frame."""
    left, top, right, bottom = box
    return np.array([[right - left, 0, left], [0, bottom - top, top], [0, 0, 1.0]])


def of_boxes(query_box: Box, known_box: Box, turn: Turn) -> Laying:
    """The laying of two boxes that hold one picture, the query's laid as `turn` says to look like the known one."""
    homography = into(query_box) @ np.linalg.inv(turning(turn)) @ np.linalg.inv(into(known_box))
    return Laying(homography=homography, region=known_box)
