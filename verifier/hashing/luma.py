"""Brightness of a picture and its reduction: what every fingerprint starts with."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LONGEST_SIDE = 512  # larger pictures are reduced first, as the published PDQ tool does


def luma(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Float luma of a grey (rows, columns) or RGB (rows, columns, 3) picture, with the published weights."""
    if picture.ndim == 2:
        return picture.astype(np.float32)
    weights = np.array([[0.299, 0.587, 0.114]], np.float32)
    return np.asarray(cv2.transform(picture.astype(np.float32), weights), np.float32).reshape(picture.shape[:2])


def reduced(picture: NDArray[np.uint8], longest_side: int = LONGEST_SIDE) -> NDArray[np.uint8]:
    """The picture with its long side at most `longest_side`, by area; never enlarged."""
    height, width = picture.shape[:2]
    scale = longest_side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
