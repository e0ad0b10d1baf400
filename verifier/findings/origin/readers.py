"""Where two readers of metadata, ours and ExifTool, say different things of one tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import own, ref
from verifier.instruments import Check
from verifier.metadata.exiftool import NAME
from verifier.records import Finding, FindingOutcome, Moment, Question, Value

DIFFER = "readers.differ"


def _text(value: Value) -> str:
    return " ".join((value.text if isinstance(value, Moment) else str(value)).split())


def _same_text(ours: Value, theirs: Value) -> bool:
    if isinstance(theirs, int | float) and not isinstance(theirs, bool):  # JSON makes a number of the text "1.00"
        try:
            return float(_text(ours)) == theirs
        except ValueError:
            return False
    return _text(ours) == _text(theirs)


def _same_degrees(ours: Value, theirs: Value) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= 1e-4
    return False


_COMPARED: tuple[tuple[str, str, Callable[[Value, Value], bool]], ...] = (
    ("exif:Make", "exiftool:IFD0:Make", _same_text),
    ("exif:Model", "exiftool:IFD0:Model", _same_text),
    ("exif:Software", "exiftool:IFD0:Software", _same_text),
    ("exif:Orientation", "exiftool:IFD0:Orientation", _same_text),
    ("exif:DateTimeOriginal", "exiftool:ExifIFD:DateTimeOriginal", _same_text),
    ("exif:LensModel", "exiftool:ExifIFD:LensModel", _same_text),
    ("exif:GPSPosition.latitude", "exiftool:Composite:GPSLatitude", _same_degrees),
    ("exif:GPSPosition.longitude", "exiftool:Composite:GPSLongitude", _same_degrees),
    ("xmp:CreatorTool", "exiftool:XMP-xmp:CreatorTool", _same_text),
    ("xmp:xmpMM:DocumentID", "exiftool:XMP-xmpMM:DocumentID", _same_text),
)


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """One finding for every tag of which the two say different things, or only one of them says anything."""
    view = own(dossier)
    if not any(key.startswith(f"{NAME}:") for key in view.by_key):
        return
    for our_key, their_key, same in _COMPARED:
        ours = [reading for reading in view.all(our_key) if _text(reading.value)]
        theirs = next((reading for reading in view.all(their_key) if _text(reading.value)), None)
        if not ours and (theirs is None or same is _same_degrees):
            continue  # a position that is none, or no place on Earth, is withheld by rule
        if theirs is not None and any(same(reading.value, theirs.value) for reading in ours):
            continue
        pairs = ((our_key, ours[0] if ours else None), (their_key, theirs))
        told = [ref(reading) if reading else f"{key}: nothing" for key, reading in pairs]
        yield Finding(
            exhibit=dossier.exhibit.id,
            question=Question.INTEGRITY,
            outcome=FindingOutcome.NOTES,
            code=DIFFER,
            statement=f"Two readers do not agree about {our_key}.",
            because=tuple(told),
            caveat="Readers differ about damaged, doubled and placeholder tags; look at the bytes.",
            values={"key": our_key},
        )


CHECK = Check(name="readers", version=1, codes=(DIFFER,), check=check)
