"""Recordings that play: asking for a clip, waiting while it is made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from verifier.desk import screens
from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import page
from verifier.desk.rows import thumbnail
from verifier.media.proxy import Wanted
from verifier.report.language import language
from verifier.workflow.looking.case_view import named
from verifier.workflow.people.admissible import moments


def play(desk: CaseDesk, prefix: str, fields: Mapping[str, str]) -> Response:
    """Have a recording shown: grey, blurred and muted, but for what is asked for."""
    key = desk.store.exhibit(prefix).id
    wanted = Wanted(
        colour=fields.get("colour") == "1", sharp=fields.get("sharp") == "1", sound=fields.get("sound") == "1",
        start=moments(fields.get("start", "").strip()[:20] or None)[0] or 0.0,
    )  # fmt: skip
    return RedirectResponse(f"/making/{desk.play(key, wanted, f'/exhibit/{key}')}", status_code=303)


def play_pair(desk: CaseDesk, left: str, right: str, fields: Mapping[str, str]) -> Response:
    """Have two exhibits shown beside one another, running together from where they were found alike."""
    one, other = sorted(desk.store.exhibit(prefix).id for prefix in (left, right))
    name = desk.play_pair(one, other, colour=fields.get("colour") == "1", sound=fields.get("sound") == "1")
    return RedirectResponse(f"/making/{name}", status_code=303)


def making(desk: CaseDesk, name: str, query: Mapping[str, str]) -> Response:
    """How far a clip is; once it is made, the page that asked for it. Raises what went wrong."""
    known, words = desk.clips.asked(name), language(desk.session.lang)
    if known is None:
        return screens.missing(desk)
    if known.error is not None:
        raise known.error
    if known.kept is not None:
        return RedirectResponse(f"{known.back}?{urlencode({'clip': name})}#player", status_code=303)
    glances = desk.view.glances(known.exhibits)
    return page(
        "making.html.j2", desk.session, path=known.back, title=words.word("desk", "making"), back=known.back,
        percent=math.floor(100 * known.share), is_broken=desk.view.ledger.is_broken,
        pictures=[(named(glances.get(key), key), thumbnail(glances.get(key))) for key in known.exhibits],
    )  # fmt: skip
