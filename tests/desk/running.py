"""A desk served in a thread of this process, asked with the standard library as a browser would."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from verifier.commands.opening import now
from verifier.desk.server import listen
from verifier.desk.serving import serve
from verifier.store import Store

SECONDS = 60.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Tags(HTMLParser):
    """Every tag with its attributes, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@dataclass
class Client:
    """One browser: keeps the cookie and the word of the forms."""

    address: str
    cookie: str = ""
    form: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port is not None
        return port

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.address).query)["token"][0]

    def enter(self) -> Client:
        answer = self.get(f"/?token={self.token}")
        assert answer.status == 303, answer.text
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        return self

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        known = {"Cookie": self.cookie} if self.cookie else {}
        sent = {**known, **self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        try:
            connection.request(method, path, body, {name: value for name, value in sent.items() if value != ""})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def page(self, path: str) -> str:
        """A page that must be there, with redirections followed."""
        answer = self.get(path)
        while answer.status == 303:
            answer = self.get(answer.location)
        assert answer.status == 200, (path, answer.status, answer.text[-3000:])
        return answer.text

    def shown(self, answer: Answer) -> Answer:
        """The last answer once a clip that was asked for is made, or could not be."""
        until, here = time.monotonic() + SECONDS, ""
        while answer.status == 303 or (answer.status == 200 and 'http-equiv="refresh"' in answer.text):
            assert time.monotonic() < until
            here = answer.location.partition("#")[0] if answer.status == 303 else here
            time.sleep(0.02)
            answer = self.get(here)
        return answer

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Answer:
        """A form of one of the pages."""
        if not self.form:
            found = re.search(r'name="form" value="([^"]+)"', self.page("/exhibits"))
            assert found is not None
            self.form = found[1]
        content = urlencode({"form": self.form, **fields}).encode("ascii")
        return self.ask("POST", path, content, Content_Type=FORM, **(headers or {}))

    def laid(self) -> str:
        """The start, once the case is laid out."""
        until = time.monotonic() + SECONDS
        while 'http-equiv="refresh"' in (text := self.page("/")):
            assert time.monotonic() < until
            time.sleep(0.05)
        return text


class Opened:
    """A running desk."""

    def __init__(self, case: Path, *, actor: str = "Ana", lang: str = "en", idle_seconds: float = 600.0,
                 out: Path | None = None) -> None:  # fmt: skip
        self.case = case
        self._out = out
        self.defects: list[BaseException] = []
        self._begun: list[str] = []
        self._is_begun = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(actor, lang, idle_seconds), daemon=True)

    def _serve(self, actor: str, lang: str, idle_seconds: float) -> None:
        def begun(address: str) -> None:
            self._begun.append(address)
            self._is_begun.set()

        with Store.open(self.case, writing=False) as store, listen() as opened:
            serve(
                store, opened, begun, actor=actor, lang=lang, clock=now, keep_defect=self.defects.append, weaker=False,
                idle_seconds=idle_seconds, out=self._out,
            )  # fmt: skip

    def __enter__(self) -> Client:
        self._thread.start()
        assert self._is_begun.wait(SECONDS)
        self._client = Client(self._begun[0])
        return self._client

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._thread.is_alive() and not self._client.cookie:
            self._client.get("/")
            self._client.enter()
        if self._thread.is_alive():
            self._client.post("/end")
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()
        if kind is None:
            assert self.defects == []
