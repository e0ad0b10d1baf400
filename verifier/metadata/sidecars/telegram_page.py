"""`messages.html` of Telegram Desktop, its usual export: the message that each picture or recording came with.

The page's time has the exporter's offset in newer versions (`05.03.2023 10:11:12 UTC+03:30`) and none in older ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from verifier.errors import Unsupported
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.moments import build
from verifier.metadata.sidecars.telling import LONGEST_TEXT, content, relative, told
from verifier.records import Exhibit, Kind, Moment, Record, Value, Zone

LARGEST_PAGE = 16 << 20  # bytes; the program begins a new page after some thousand messages
MOST_MESSAGES = 100_000
MOST_FILES = 64  # of one message
_DATE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")
# Folders of an export, also as written from its root (`chats/chat_01/photos/…`) and from a page in a chat's folder.
_PATH = re.compile(
    r"(?:\.\./){0,3}(?:(?:chats|lists)/[^/]{1,64}/)?"
    r"(?:photos|video_files|files|voice_messages|round_video_messages|stickers|animations)/"
)
_VOID = frozenset({"img", "br", "hr", "input", "meta", "link", "source"})


@dataclass(slots=True)
class _Message:
    """What a message's block says so far."""

    number: str
    date: str = ""
    sender: str = ""
    forwarded: str = ""
    text: str = ""
    paths: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    """Collects messages; knows by depth which block it is in, and nothing else of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.messages: list[_Message] = []
        self.chat = ""
        self._open: list[str] = []  # what each open element collects, "" for nothing

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        classes = said.get("class", "").split()
        collects = ""
        if "message" in classes and len(self.messages) < MOST_MESSAGES:
            self.messages.append(_Message(number=said.get("id", "").removeprefix("message")))
        elif "page_header" in classes:
            collects = "chat"
        elif self.messages:
            collects = self._inside(classes, said)
        if tag not in _VOID and len(self._open) < 500:
            self._open.append(collects)

    def _inside(self, classes: list[str], said: dict[str, str]) -> str:
        message = self.messages[-1]
        path = unquote(said.get("href", ""))
        if _PATH.match(path) and len(message.paths) < MOST_FILES and path not in message.paths:
            message.paths.append(path)
        if "date" in classes and not message.date:
            message.date = said.get("title", "")
        if "forwarded" in classes:
            message.forwarded = " "  # names that follow are of the one whose message was passed on
        if "from_name" in classes:
            return "forwarded" if message.forwarded else "sender"
        return "text" if classes == ["text"] else ""

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        collects = next((what for what in reversed(self._open[-3:]) if what), "")
        if collects == "chat":
            self.chat = (self.chat + data)[:LONGEST_TEXT]
        elif collects and self.messages:
            message = self.messages[-1]
            setattr(message, collects, (getattr(message, collects) + data)[:LONGEST_TEXT])


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `telegram:*` of every message with a file. A sender stands for the messages after it as well."""
    if b"page_wrap" not in source.head or b"tgme" in source.head or b"history" not in source.head:
        return
    if source.size > LARGEST_PAGE:
        raise Unsupported(f"a page of {source.size >> 20} MiB is too large to be read whole")
    page = _Page()
    page.feed(content(source).decode("utf-8", "replace"))
    sender = ""
    for message in page.messages:
        sender = message.sender.strip() or sender
        for path in message.paths:
            if path.endswith("_thumb.jpg"):
                continue
            yield from told(
                "telegram", _values(page, message, sender, path), f"message {message.number}", relative(path)
            )


def _values(page: _Page, message: _Message, sender: str, path: str) -> dict[str, Value]:
    when = date(message.date)
    stated = isinstance(when, Moment) and when.zone is not Zone.LOCAL
    return {
        "chat": page.chat.strip() or None,
        "message_id": message.number or None,
        "date" if stated else "date_local": when,
        "from": sender or None,
        "forwarded_from": message.forwarded.strip() or None,
        "path": path[:LONGEST_TEXT],
        "text": message.text.strip() or None,
    }


def date(text: str) -> Moment | str | None:
    """The time of a message; text that is no date stays text."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return text[:64] or None
    day, month, year, clock, zone = found.groups()
    return build(text.strip(), f"{year}-{month}-{day}T{clock}", zone) or text[:64]


ANALYSER = Analyser(
    name="sidecar-telegram-page",
    version=2,
    accepts=frozenset({Kind.DOCUMENT}),
    media_types=frozenset({"text/html"}),
    analyse=analyse,
    limits=Limits(seconds=30.0, seconds_per_megabyte=2.0, memory_bytes=2 << 30),
)
