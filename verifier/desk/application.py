"""The routes. A page is built in a thread; whatever goes wrong in it becomes a page with one sentence."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from verifier.desk import acts, concluding, files, handing, incidents, overviews, pairs, playing, screens
from verifier.desk.case_desk import CaseDesk
from verifier.desk.gate import Gate
from verifier.desk.pages import page
from verifier.errors import (
    EXIT_USAGE,
    AmbiguousExhibit,
    CaseInUse,
    Error,
    IntegrityBroken,
    UnknownExhibit,
)
from verifier.guarded import caught
from verifier.report.language import language
from verifier.visible import visible

LONGEST_SENTENCE = 600
Build = Callable[[Request], Response]


def application(desk: CaseDesk) -> ASGIApp:
    """Everything that a desk answers, behind its gate."""
    return Gate(Starlette(routes=routes_of(desk)), desk.session)


def routes_of(desk: CaseDesk) -> list[Route]:
    """Every address, and what answers it. The last one answers all others."""

    def looking(address: str, build: Callable[..., Response], *names: str) -> Route:
        def act(request: Request) -> Response:
            given = [request.path_params[name] for name in names]
            return build(desk, *given, request.query_params)

        return Route(address, _endpoint(desk, act), methods=["GET"])

    def acting(address: str, build: Callable[..., Response], *names: str) -> Route:
        def act(request: Request) -> Response:
            return build(desk, *[request.path_params[name] for name in names], request.state.fields)

        return Route(address, _endpoint(desk, act), methods=["POST"])

    def picture(address: str, build: Callable[..., Response], *names: str) -> Route:
        def act(request: Request) -> Response:
            return build(desk, *[request.path_params[name] for name in names])

        return Route(address, _endpoint(desk, act), methods=["GET"])

    def look(request: Request) -> Response:
        as_json = request.headers.get("accept", "").startswith("application/json")
        return acts.look(desk, request.path_params["exhibit"], request.state.fields, as_json=as_json)

    def clip(request: Request) -> Response:
        return files.clip(desk, request.path_params["name"], request.headers.get("range", ""))

    return [
        looking("/", screens.start),
        looking("/list/{name}", screens.listed, "name"),
        looking("/exhibits", screens.exhibits),
        looking("/exhibit/{exhibit}", screens.exhibit, "exhibit"),
        looking("/exhibit/{exhibit}/conclude", concluding.conclude, "exhibit"),
        looking("/pair/{left}/{right}", pairs.pair, "left", "right"),
        looking("/recording/{recording}", screens.recording, "recording"),
        looking("/next", screens.following),
        looking("/find", screens.search),
        looking("/hand-on", handing.hand_on),
        looking("/handed/{name}", handing.handed, "name"),
        looking("/incidents", incidents.incidents),
        looking("/incident/{incident}", incidents.incident, "incident"),
        looking("/timeline", overviews.timeline),
        looking("/map", overviews.map_of),
        looking("/making/{name}", playing.making, "name"),
        picture("/small/{derivative}", files.small, "derivative"),
        picture("/look/{name}", files.look, "name"),
        Route("/clip/{name}", _endpoint(desk, clip), methods=["GET"]),
        picture(
            "/link-picture/{look}/{left}/{right}/{derivative}", files.of_link, "look", "left", "right", "derivative"
        ),
        picture("/static/{name}", files.of_ours, "name"),
        acting("/pair/{left}/{right}/verdict", acts.verdict, "left", "right"),
        acting("/pair/{left}/{right}/play", playing.play_pair, "left", "right"),
        acting("/pair/{left}/{right}/undo", acts.undo, "left", "right"),
        acting("/exhibit/{exhibit}/play", playing.play, "exhibit"),
        acting("/exhibit/{exhibit}/conclude", concluding.file_conclusion, "exhibit"),
        acting("/exhibit/{exhibit}/stage", concluding.file_stage, "exhibit"),
        acting("/exhibit/{exhibit}/claim", acts.claim, "exhibit"),
        acting("/exhibit/{exhibit}/observe", acts.observe, "exhibit"),
        acting("/hand-on", handing.file_order),
        acting("/incidents", incidents.create),
        acting("/incident/{incident}", incidents.add, "incident"),
        acting("/suggestion/{suggestion}/accept", incidents.accept, "suggestion"),
        acting("/suggestion/{suggestion}/refuse", incidents.decline, "suggestion"),
        acting("/settings", acts.settle),
        Route("/exhibit/{exhibit}/look", _endpoint(desk, look), methods=["POST"]),
        Route("/end", _endpoint(desk, lambda request: acts.end(desk)), methods=["POST"]),
        Route("/{anything:path}", _endpoint(desk, lambda request: screens.missing(desk))),
    ]


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
    sentence = error.sentence
    for folder in (desk.root, *(() if desk.handing.out is None else (desk.handing.out,))):
        sentence = sentence.replace(str(folder), "…")
    return code, visible(sentence, LONGEST_SENTENCE)
