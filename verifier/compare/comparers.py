"""What compares exhibits of a kind: name and version, for whoever asks what is to be compared and loads no comparer."""

from __future__ import annotations

from verifier.records import Kind

PICTURES = ("pictures-alike", 3)
CLIPS = ("clips-alike", 3)
MOVING = frozenset({Kind.VIDEO, Kind.AUDIO})  # what clips are
