"""Who may ask: a token that is used once, a cookie that is given for it, a word that every form carries."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

KEY_BYTES = 32
MOST_TOLD = 5
MOST_SHOWN = 48  # pictures that are kept for the pages that show them
MOST_SHOWN_BYTES = 48 << 20
LOOKS_BEFORE_A_BREAK = 30
SECONDS_BEFORE_A_BREAK = 45 * 60.0
COOKIE = "verify-desk-{port}"  # cookies know no ports: two desks must not overwrite each other's


@dataclass(slots=True)
class Session:
    """One person at one browser. `actor` signs; empty: nobody has given a name, and nothing can be filed."""

    port: int
    actor: str
    lang: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(KEY_BYTES))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(KEY_BYTES))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(KEY_BYTES))
    has_keys: bool = True  # single letters act
    asked_at: float = field(default_factory=time.monotonic)
    looks: int = 0
    began_at: float = field(default_factory=time.monotonic)  # since the last break
    looks_before: int = 0
    last_act: int = 0  # the newest event of this person when the desk was opened
    _is_used: bool = False
    _shown: OrderedDict[str, Look] = field(default_factory=OrderedDict)
    _told: list[Told] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def cookie_name(self) -> str:
        """The name of the cookie."""
        return COOKIE.format(port=self.port)

    @property
    def address(self) -> str:
        """Where the desk is, with its token."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def exchange(self, token: str) -> bool:
        """Whether the token is the one, for the first time."""
        with self._lock:
            is_right = same(token, self.token) and not self._is_used
            self._is_used = self._is_used or is_right
            return is_right

    def knows(self, cookie: str) -> bool:
        """Whether the cookie is the one that was given."""
        return self._is_used and same(cookie, self.cookie)

    def is_from_us(self, form: str) -> bool:
        """Whether a form was on one of our pages."""
        return same(form, self.form)

    def ask(self) -> None:
        """Note that somebody is there."""
        self.asked_at = time.monotonic()

    def idle_seconds(self) -> float:
        """How long nobody has asked for anything."""
        return time.monotonic() - self.asked_at

    # ------------------------------------------------------------ what an act comes to

    def say(self, key: str, **values: str) -> None:
        """Tell it on the next page: a word of the language files, filled with values."""
        with self._lock:
            self._told = [*self._told[-MOST_TOLD:], Told(key=key, values=values)]

    def told(self) -> tuple[Told, ...]:
        """What is still to be told, once."""
        with self._lock:
            told, self._told = tuple(self._told), []
        return told

    # ------------------------------------------------------------ pictures that were asked for

    def keep(self, look: Look) -> str:
        """Keep a picture for the page that shows it; its name, which nobody can guess. The oldest go first."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self.looks += 1
            self._shown[name] = look
            while len(self._shown) > 1 and (len(self._shown) > MOST_SHOWN or self._bytes() > MOST_SHOWN_BYTES):
                self._shown.popitem(last=False)
        return name

    def looked(self) -> None:
        """Count a clip that uncovers something."""
        with self._lock:
            self.looks += 1

    def _bytes(self) -> int:
        return sum(len(one.content) for one in self._shown.values())

    def shown(self, name: str) -> Look | None:
        """The picture of that name, while it is kept."""
        with self._lock:
            return self._shown.get(name)

    def hide(self) -> None:
        """Blur everything again; what a page still shows is loaded anew blurred."""
        with self._lock:
            self._shown.clear()

    def needs_break(self) -> bool:
        """Whether it is time to look away for a while."""
        looked = self.looks - self.looks_before
        return looked >= LOOKS_BEFORE_A_BREAK or (
            looked > 0 and time.monotonic() - self.began_at > SECONDS_BEFORE_A_BREAK
        )

    def rest(self) -> None:
        """A break was taken."""
        self.began_at, self.looks_before = time.monotonic(), self.looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told once; `back`, among the values, is where the act can be undone."""

    key: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A picture that somebody asked to see; that they did stands in the log."""

    exhibits: tuple[str, ...]
    content: bytes
    media_type: str


def same(given: str, known: str) -> bool:
    """Whether two secrets are one, in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), known.encode("utf-8"))
