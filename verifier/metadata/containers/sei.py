"""Encoder settings that x264 and x265 leave in the first picture (user data SEI, ITU-T H.264 D.1.6)."""

from __future__ import annotations

import re

LONGEST = 2048  # characters of settings
LOOKED_AT = (1 << 16) + (1 << 14)  # a decoder configuration and the first pictures
_SETTINGS = re.compile(rb"x26[45] (?:- core \d+|\(build \d+\))[ -~]{0,4096}")
_NAMES = re.compile(rb"(?:Lavc\d+\.\d+\.\d+|HandBrake|Ambarella|NVENC)[ \w.-]{0,64}")


def encoder_settings(data: bytes) -> str | None:
    """The text by which the encoder names itself in the first 64 KiB of pictures, or None.

    The search is by text and not by NAL unit: Annex B, length-prefixed and damaged streams are served alike.
    """
    head = data[:LOOKED_AT]
    found = _SETTINGS.search(head) or _NAMES.search(head)
    return found.group().decode("ascii")[:LONGEST].strip() if found else None
