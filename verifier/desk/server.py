"""The server: one socket on loopback, an HTTP/1.1 connection that must say what it wants soon, an end when idle."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import uvicorn
from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from verifier.desk.gate import MOST_HEAD_BYTES
from verifier.desk.session import Session

LOOPBACK = "127.0.0.1"
HEAD_SECONDS = 5.0  # from a connection's beginning, or the end of the last answer, to the end of a request's head
KEEP_ALIVE_SECONDS = 20
MOST_CONNECTIONS = 256
MOST_AT_ONCE = 5  # pages being built, each with a connection or two of the store's fifteen; the rest is for what is
# made in the background: the case laid out, an overview, a report
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_END = 3


class PromptConnection(H11Protocol):
    """A connection that is closed where the head of a request does not come in time."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def data_received(self, data: bytes) -> None:
        """Something came: if no request is under way after it, its head is still to come."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before and self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        elif self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _too_slow(self) -> None:
        self._deadline = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


def listen() -> socket.socket:
    """A listening socket on a port that the system chooses, on this computer only."""
    return socket.create_server((LOOPBACK, 0), backlog=128)


def server(app: ASGIApp, session: Session, *, idle_seconds: float) -> uvicorn.Server:
    """The server of a desk. It ends when nobody has asked for anything for that long, or is told to."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio"):
        known = logging.getLogger(name)
        known.handlers, known.propagate = [logging.NullHandler()], False  # a line could hold a name from evidence
    made: list[uvicorn.Server] = []
    config = uvicorn.Config(
        _Ending(app, session, idle_seconds, made),
        loop="asyncio",
        http=PromptConnection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SECONDS_TO_END,
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
    )
    made.append(uvicorn.Server(config))
    return made[0]


class _Ending:
    """The application, with a watch beside it that ends the server when nobody is there."""

    def __init__(self, app: ASGIApp, session: Session, idle_seconds: float, made: list[uvicorn.Server]) -> None:
        self._app, self._session, self._idle_seconds, self._made = app, session, idle_seconds, made
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the server."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        while True:
            message: Any = await receive()
            if message["type"] == "lifespan.startup":
                to_thread.current_default_thread_limiter().total_tokens = MOST_AT_ONCE
                self._watch = asyncio.create_task(self._until_idle())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._watch is not None:
                    self._watch.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _until_idle(self) -> None:
        while self._session.idle_seconds() < self._idle_seconds:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        self._made[0].should_exit = True
