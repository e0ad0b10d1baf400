"""What stands before every page: who asks, from where, how much and how slowly. Everything else is refused unread.

The gate is the outermost ASGI application: what it refuses reaches no route, and its answers say nothing of the case.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

import anyio
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from verifier.desk.session import Session

MOST_BODY_BYTES = 64 << 10
MOST_TARGET_CHARACTERS = 2000
MOST_HEAD_BYTES = 16 << 10  # of all headers; the server stops reading a longer one that does not come at once
BODY_SECONDS = 10.0
MOST_FIELDS = 40
FORM = "application/x-www-form-urlencoded"
HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=(), usb=()",
    "x-robots-tag": "noindex",
    "x-dns-prefetch-control": "off",
}
NO_ENTRY = (
    "This is the desk of verify. It opens with the address that `verify desk` printed in its terminal, once, in one "
    "browser. To open it in another one, end that desk and start it again."
)


class Gate:
    """Lets through what the one person asks who has the token; says no to everything else."""

    def __init__(self, app: ASGIApp, session: Session) -> None:
        self._app, self._session = app, session
        self._host = f"127.0.0.1:{session.port}"
        self._origin = f"http://{self._host}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headered = _with_headers(send)
        if scope["type"] != "http":
            return  # no other protocol is spoken here; the server closes it
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, headered)
            return
        self._session.ask()
        if scope["method"] != "POST":
            await self._app(scope, _nothing(), headered)
            return
        body = await _body(receive)
        if isinstance(body, Response):
            await body(scope, receive, headered)
            return
        fields = _fields(body)
        if fields is None or not self._session.is_from_us(fields.pop("form", "")):
            await _refused(403)(scope, receive, headered)
            return
        scope["state"] = {**scope.get("state", {}), "fields": fields}
        await self._app(scope, _nothing(), headered)

    def _refusal(self, scope: Scope) -> Response | None:
        """Why not, as an answer; None where the request may go on."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEAD_BYTES:
            return _refused(431)
        if headers.get("host") != [self._host]:
            return _refused(421)  # a name that was bound to this address, or a request for somebody else
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return _refused(405)
        target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if target > MOST_TARGET_CHARACTERS:
            return _refused(414)
        entry = self._entry(scope, headers)
        if entry is not None:
            return entry
        return self._strange_post(headers) if scope["method"] == "POST" else _with_body(headers)

    def _entry(self, scope: Scope, headers: dict[str, list[str]]) -> Response | None:
        """Whoever has the cookie goes on; the token, once, is exchanged for it."""
        is_known = self._session.knows(_cookie(headers, self._session.cookie_name))
        if scope["path"] == "/" and scope["method"] == "GET" and scope["query_string"]:
            given = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=MOST_FIELDS)).get("token")
            if given is not None and (is_known or self._session.exchange(given)):
                return self._entered()
        return None if is_known else _refused(403, NO_ENTRY)

    def _entered(self) -> Response:
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(self._session.cookie_name, self._session.cookie, httponly=True, samesite="strict", path="/")
        return answer

    def _strange_post(self, headers: dict[str, list[str]]) -> Response | None:
        """A post comes from a page of ours: browsers say from where, and a page without referrers says "null"."""
        origins, sites = headers.get("origin", []), headers.get("sec-fetch-site", [])
        is_ours = all(origin == self._origin or (origin == "null" and sites == ["same-origin"]) for origin in origins)
        if not is_ours or any(site != "same-origin" for site in sites) or len(origins) > 1:
            return _refused(403)
        kind = headers.get("content-type", [""])[0].partition(";")[0].strip().lower()
        if kind != FORM:
            return _refused(415)  # nothing is uploaded to a desk
        lengths = headers.get("content-length", [])
        if any(not length.isdigit() or int(length) > MOST_BODY_BYTES for length in lengths):
            return _refused(413)
        return None


def _with_body(headers: dict[str, list[str]]) -> Response | None:
    """A request to look has no body."""
    has_body = "transfer-encoding" in headers or any(length != "0" for length in headers.get("content-length", []))
    return _refused(413) if has_body else None


def _cookie(headers: dict[str, list[str]], name: str) -> str:
    for line in headers.get("cookie", []):
        try:
            known = SimpleCookie(line)
        except CookieError:
            continue
        if name in known:
            return known[name].value
    return ""


def _fields(body: bytes) -> dict[str, str] | None:
    """The fields of a form, the last of each name; None where it is none."""
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        return None
    return dict(pairs)


async def _body(receive: Receive) -> bytes | Response:
    """The body, if it comes in time and is no larger than a form can be."""
    content = b""
    try:
        with anyio.fail_after(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return _refused(400)
                content += bytes(message.get("body", b""))
                if len(content) > MOST_BODY_BYTES:
                    return _refused(413)
                if not message.get("more_body", False):
                    return content
    except TimeoutError:
        return _refused(408)


def _nothing() -> Receive:
    """What a route may still receive: its form was read here. Whoever asks again waits, until its answer is given."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            await anyio.sleep_forever()
        given = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


def _refused(code: int, why: str = "Refused.") -> Response:
    close = {"connection": "close"} if code in {400, 408, 413, 415} else {}  # what follows on the line is not read
    return PlainTextResponse(why + "\n", status_code=code, headers=close)


def _with_headers(send: Send) -> Send:
    async def headered(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *known]}
        await send(message)

    return headered
