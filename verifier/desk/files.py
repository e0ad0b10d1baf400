"""Pictures, clips and files of ours as answers: of types that we write, each by a name that leads to no path."""

from __future__ import annotations

import re

from starlette.responses import Response

from verifier.desk import screens
from verifier.desk.case_desk import CaseDesk
from verifier.desk.clips import Kept
from verifier.desk.pages import static
from verifier.media.side import MEDIA_TYPE

MOST_PICTURE_BYTES = 8 << 20
MOST_PART_BYTES = 4 << 20  # of a clip in one answer; players ask again
RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}


def small(desk: CaseDesk, derivative: str) -> Response:
    """A small grey picture that an instrument made, by its digest."""
    return _derived(desk, derivative) or screens.missing(desk)


def look(desk: CaseDesk, name: str) -> Response:
    """A picture that was asked for, while it is kept."""
    known = desk.session.shown(name)
    return (_picture(known.content) if known is not None else None) or screens.missing(desk)


def clip(desk: CaseDesk, name: str, wanted: str) -> Response:
    """A clip that was asked for, while it is kept, or a part of it."""
    known = desk.clips.asked(name)
    return screens.missing(desk) if known is None or known.kept is None else _part(known.kept, wanted)


def of_link(desk: CaseDesk, look: str, left: str, right: str, derivative: str) -> Response:
    """A picture that shows a link; only for who has looked at one of the two."""
    known = desk.session.shown(look)
    is_of_link = any(derivative in match.evidence for match in desk.view.matches(left, right))
    if known is None or not set(known.exhibits) & {left, right} or not is_of_link:
        return screens.missing(desk)
    return _derived(desk, derivative) or screens.missing(desk)


def of_ours(desk: CaseDesk, name: str) -> Response:
    """One of the few files that pages need."""
    known = static(name)
    return screens.missing(desk) if known is None else Response(known[0], headers={"content-type": known[1]})


def _picture(content: bytes) -> Response | None:
    """A picture of a type that we write, and of none else."""
    kind = next((kind for magic, kind in PICTURES.items() if content.startswith(magic)), None)
    if kind is None or len(content) > MOST_PICTURE_BYTES:
        return None
    return Response(content, media_type=kind)


def _part(kept: Kept, wanted: str) -> Response:
    """The whole clip, or one range of it (RFC 9110, 14), of which at most 4 MiB are given at once."""
    headers = {"accept-ranges": "bytes"}
    asked = RANGE.fullmatch(wanted.strip())
    if asked is None or asked[1] == asked[2] == "":
        return Response(kept.read(0, kept.size), media_type=MEDIA_TYPE, headers=headers)
    if asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or kept.size), kept.size - 1)
    else:
        first, last = max(0, kept.size - int(asked[2])), kept.size - 1
    if first > last:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{kept.size}"})
    last = min(last, first + MOST_PART_BYTES - 1)
    headers["content-range"] = f"bytes {first}-{last}/{kept.size}"
    return Response(kept.read(first, last - first + 1), status_code=206, media_type=MEDIA_TYPE, headers=headers)


def _derived(desk: CaseDesk, derivative: str) -> Response | None:
    if len(derivative) != 64 or set(derivative) - set("0123456789abcdef"):
        return None
    return _picture(desk.vault.read_derivative(derivative)) if desk.vault.has_derivative(derivative) else None
