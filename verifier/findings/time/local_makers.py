"""Cameras that write their local clock where the container's creation time ought to be UTC.

For these makers the time is read as local: it may mean any zone on Earth unless something else ties it down. Reading a
true UTC time so only widens it; reading a local one as UTC shifts an event by hours.

| maker | public report |
|---|---|
| GoPro (before a zone could be set, HERO12) | fxstein/goprox #5; gopro/labs #5; pulsejet/memories #1256 |
| Nikon | Piwigo/piwigo-videojs #98 |
| Canon | photoprism/photoprism #1388, #2640 |
| dash cameras with Novatek's chips, other cameras that write MOV | LycheeOrg/Lychee #675 |
"""

from __future__ import annotations

from dataclasses import replace

from verifier.dossier import ExhibitDossier
from verifier.records import Moment, Zone

MAKERS = ("gopro", "nikon", "canon", "novatek", "pentax", "olympus", "casio", "fujifilm", "kodak")
_KEYS = frozenset({"novatek:blocks", "gopro:FIRM", "gpmf:device", "gpmf:model", "nikon:Make"})
CONTAINER = "mp4:mvhd.creation_time"


def writes_local_time(dossier: ExhibitDossier) -> bool:
    """Whether the file's own camera is of a maker that writes local time into the container."""
    fact = dossier.facts.get("make")
    if fact is not None and str(fact.best.value).casefold().startswith(MAKERS):
        return True
    own = dossier.exhibit.id
    return any(said.exhibit == own and said.reading.key in _KEYS for said in dossier.readings)


def as_local(moment: Moment) -> Moment:
    """The same clock reading without a zone."""
    return replace(moment, zone=Zone.LOCAL, offset_minutes=None)
