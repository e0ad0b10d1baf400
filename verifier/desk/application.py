"""The routes. A page is built in a thread; whatever goes wrong in it becomes a page with one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from verifier.desk import acts, screens
from verifier.desk.case_desk import CaseDesk
from verifier.desk.gate import Gate
from verifier.desk.pages import page, static
from verifier.errors import (
    EXIT_USAGE,
    AmbiguousExhibit,
    CaseInUse,
    Error,
    IntegrityBroken,
    UnknownExhibit,
)
from verifier.guarded import caught
from verifier.media.side import MEDIA_TYPE
from verifier.report.language import language
from verifier.visible import visible

LONGEST_SENTENCE = 600
MOST_PICTURE_BYTES = 8 << 20
RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}
Build = Callable[[Request], Response]


def application(desk: CaseDesk) -> ASGIApp:
    """Everything that a desk answers, behind its gate."""

    def looking(address: str, build: Callable[..., Response], *names: str) -> BaseRoute:
        def act(request: Request) -> Response:
            given = [request.path_params[name] for name in names]
            return build(desk, *given, request.query_params)

        return Route(address, _endpoint(desk, act), methods=["GET"])

    def acting(address: str, build: Callable[..., Response], *names: str) -> BaseRoute:
        def act(request: Request) -> Response:
            return build(desk, *[request.path_params[name] for name in names], request.state.fields)

        return Route(address, _endpoint(desk, act), methods=["POST"])

    def picture(address: str, build: Callable[..., Response], *names: str) -> BaseRoute:
        def act(request: Request) -> Response:
            return build(desk, *[request.path_params[name] for name in names])

        return Route(address, _endpoint(desk, act), methods=["GET"])

    def look(request: Request) -> Response:
        as_json = request.headers.get("accept", "").startswith("application/json")
        return acts.look(desk, request.path_params["exhibit"], request.state.fields, as_json=as_json)

    def shown(request: Request) -> Response:
        return _look(desk, request.path_params["name"], request.headers.get("range", ""))

    routes: list[BaseRoute] = [
        looking("/", screens.start),
        looking("/list/{name}", screens.listed, "name"),
        looking("/exhibits", screens.exhibits),
        looking("/exhibit/{exhibit}", screens.exhibit, "exhibit"),
        looking("/pair/{left}/{right}", screens.pair, "left", "right"),
        looking("/recording/{recording}", screens.recording, "recording"),
        looking("/next", screens.following),
        looking("/find", screens.search),
        picture("/small/{derivative}", _small, "derivative"),
        Route("/look/{name}", _endpoint(desk, shown), methods=["GET"]),
        picture("/link-picture/{look}/{left}/{right}/{derivative}", _of_link, "look", "left", "right", "derivative"),
        picture("/static/{name}", _static, "name"),
        acting("/pair/{left}/{right}/verdict", acts.verdict, "left", "right"),
        acting("/pair/{left}/{right}/play", acts.play, "left", "right"),
        acting("/pair/{left}/{right}/undo", acts.undo, "left", "right"),
        acting("/exhibit/{exhibit}/claim", acts.claim, "exhibit"),
        acting("/exhibit/{exhibit}/observe", acts.observe, "exhibit"),
        acting("/settings", acts.settle),
        Route("/exhibit/{exhibit}/look", _endpoint(desk, look), methods=["POST"]),
        Route("/end", _endpoint(desk, lambda request: acts.end(desk)), methods=["POST"]),
        Route("/{anything:path}", _endpoint(desk, lambda request: screens.missing(desk))),
    ]
    return Gate(Starlette(routes=routes), desk.session)


def _endpoint(desk: CaseDesk, build: Build) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(_answered, desk, build, request)

    return endpoint


def _answered(desk: CaseDesk, build: Build, request: Request) -> Response:
    """The answer; where it cannot be given, one sentence without a path, a name or a trace."""
    given: list[Response] = []
    error = caught(lambda: given.append(build(request)))
    if error is None:
        return given[0]
    if not isinstance(error, Error):
        desk.keep_defect(error)
    code, sentence = _told(error, desk)
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"sentence": sentence}, status_code=code)
    title = language(desk.session.lang).word("desk", "not_done")
    return page("refused.html.j2", desk.session, path="/", code=code, title=title, sentence=sentence, is_broken=False)


def _told(error: BaseException, desk: CaseDesk) -> tuple[int, str]:
    """A code of HTTP, and the sentence. What is no refusal of ours is told by its kind alone."""
    if not isinstance(error, Error):
        return 500, language(desk.session.lang).word("desk", "defect", kind=type(error).__name__)
    code = 500
    if isinstance(error, UnknownExhibit | AmbiguousExhibit):
        code = 404
    elif isinstance(error, CaseInUse):
        code = 409
    elif error.exit_code == EXIT_USAGE:
        code = 400
    elif isinstance(error, IntegrityBroken):
        code = 503
    return code, visible(error.sentence.replace(str(desk.root), "…"), LONGEST_SENTENCE)


# ---------------------------------------------------------------- pictures and files


def _picture(content: bytes) -> Response | None:
    """A picture of a type that we write, and of none else."""
    kind = next((kind for magic, kind in PICTURES.items() if content.startswith(magic)), None)
    if kind is None or len(content) > MOST_PICTURE_BYTES:
        return None
    return Response(content, media_type=kind)


def _small(desk: CaseDesk, derivative: str) -> Response:
    """A small grey picture that an instrument made, by its digest."""
    return _derived(desk, derivative) or screens.missing(desk)


def _look(desk: CaseDesk, name: str, wanted: str) -> Response:
    """A picture or clip that was asked for, while it is kept; of a clip also a part."""
    known = desk.session.shown(name)
    if known is None:
        return screens.missing(desk)
    if known.media_type == MEDIA_TYPE:
        return _part(known.content, wanted)
    return _picture(known.content) or screens.missing(desk)


def _part(content: bytes, wanted: str) -> Response:
    """The whole clip, or one range of it (RFC 9110, 14): players ask for parts."""
    headers = {"accept-ranges": "bytes"}
    asked = RANGE.fullmatch(wanted.strip())
    if asked is None or asked[1] == asked[2] == "":
        return Response(content, media_type=MEDIA_TYPE, headers=headers)
    if asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    else:
        first, last = max(0, len(content) - int(asked[2])), len(content) - 1
    if first > last:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{len(content)}"})
    headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], status_code=206, media_type=MEDIA_TYPE, headers=headers)


def _of_link(desk: CaseDesk, look: str, left: str, right: str, derivative: str) -> Response:
    """A picture that shows a link; only for who has looked at one of the two."""
    known = desk.session.shown(look)
    is_of_link = any(derivative in match.evidence for match in desk.view.matches(left, right))
    if known is None or not set(known.exhibits) & {left, right} or not is_of_link:
        return screens.missing(desk)
    return _derived(desk, derivative) or screens.missing(desk)


def _derived(desk: CaseDesk, derivative: str) -> Response | None:
    if len(derivative) != 64 or set(derivative) - set("0123456789abcdef"):
        return None
    return _picture(desk.vault.read_derivative(derivative)) if desk.vault.has_derivative(derivative) else None


def _static(desk: CaseDesk, name: str) -> Response:
    known = static(name)
    return screens.missing(desk) if known is None else Response(known[0], headers={"content-type": known[1]})
