"""What the build of a file says against its tags: a thumbnail of another shape, bytes before or behind the file."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import Own, own, ref
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Reading

THUMBNAIL, APPENDED = "structure.thumbnail_differs", "structure.appended"
LEADING, BEGINS_INSIDE = "structure.leading", "structure.begins_inside_packet"
CODES = (THUMBNAIL, APPENDED, LEADING, BEGINS_INSIDE)

MOST_ASPECT_DIFFERENCE = 0.04
LEAST_THUMBNAIL_PIXELS = 32
_LETTERBOXED = {(160, 120), (120, 160)}  # DCF's own size: other shapes are put between black bars
# What cameras and phones write behind a picture themselves.
_ORDINARY = ("ISO base media", "pictures of the MPF", "Samsung trailer", "zeros", "JPEG picture")


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Findings about one still."""
    view = own(dossier)
    yield from _thumbnail(view)
    yield from _appended(view)
    yield from _leading(view)


def _size(view: Own, stem: str) -> tuple[int, int, Reading] | None:
    width, height = view.first(f"{stem}width"), view.first(f"{stem}height")
    if width is None or height is None or not isinstance(width.value, int) or not isinstance(height.value, int):
        return None
    return (width.value, height.value, width) if width.value > 0 and height.value > 0 else None


def _thumbnail(view: Own) -> Iterator[Finding]:
    """Shapes are compared both ways round, because a picture may be turned and its thumbnail left."""
    small, large = _size(view, "exif:thumbnail."), _size(view, "photo:")
    if small is None or large is None or (small[0], small[1]) in _LETTERBOXED:
        return
    if min(small[:2]) < LEAST_THUMBNAIL_PIXELS or min(large[:2]) < LEAST_THUMBNAIL_PIXELS:
        return
    ours, theirs = large[0] / large[1], small[0] / small[1]
    difference = min(abs(ours / theirs - 1), abs(ours * theirs - 1))
    if difference <= MOST_ASPECT_DIFFERENCE:
        return
    yield Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.ALTERATION,
        outcome=FindingOutcome.NOTES,
        code=THUMBNAIL,
        statement=f"The embedded thumbnail is {small[0]} × {small[1]} and the picture {large[0]} × {large[1]}: "
        f"their shapes differ by {difference:.0%}.",
        because=(ref(small[2]), ref(large[2])),
        caveat="A crop after capture by a program that keeps the old thumbnail does this; so do cameras that make "
        "thumbnails of one shape. Look at the thumbnail: it may show more than the picture.",
        values={"percent": round(100 * difference)},
    )


def _appended(view: Own) -> Iterator[Finding]:
    count = view.first("jpeg:trailing_bytes", "png:trailing_bytes", "gif:trailing_bytes")
    kind = view.text("jpeg:trailing_kind") or "other bytes"
    if count is None or not isinstance(count.value, int) or kind.startswith(_ORDINARY):
        return
    yield Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.INTEGRITY,
        outcome=FindingOutcome.NOTES,
        code=APPENDED,
        statement=f"{count.value:,} bytes follow the end of the picture: {kind}.",
        because=(ref(count),),
        caveat="Some cameras, phones and programs keep data of their own there; so do people who hide a file in "
        "another. No viewer shows it.",
        values={"bytes": count.value},
    )


def _leading(view: Own) -> Iterator[Finding]:
    """Bytes before the file's own beginning, and a stream whose first packet is cut."""
    for key, code in (("file:leading_bytes", LEADING), ("mpegts:leading_bytes", BEGINS_INSIDE)):
        count = view.first(key)
        if count is not None and isinstance(count.value, int):
            yield Finding(
                exhibit=view.dossier.exhibit.id,
                question=Question.INTEGRITY,
                outcome=FindingOutcome.NOTES,
                code=code,
                because=tuple(ref(reading) for reading in (count, view.first("file:leading_kind")) if reading),
                values={"bytes": count.value},
            )


CHECK = Check(name="structure", version=2, codes=CODES, check=check)
