"""A real headless Chromium, driven over a pipe: no port is opened, and every request that it makes is recorded."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip
NOWHERE = "MAP * ~NOTFOUND"

# Chromium reads commands from descriptor 3 and writes answers to 4
JOIN = """
import fcntl, os, sys
high = [fcntl.fcntl(int(given), fcntl.F_DUPFD, 10) for given in sys.argv[1:3]]
os.dup2(high[0], 3)
os.dup2(high[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One page of one browser. `requests` are the addresses that it asked for."""

    def __init__(self, profile: Path, width: int = 1200, height: int = 1600, *, reaches_loopback: bool = False) -> None:
        """No name is resolved and no address reached; `reaches_loopback`: but 127.0.0.1."""
        assert CHROMIUM is not None
        commands, self._write = os.pipe()
        self._read, answers = os.pipe()
        window = f"--window-size={width},{height}"
        rules = f"{NOWHERE}, EXCLUDE 127.0.0.1" if reaches_loopback else NOWHERE
        ordinary = [
            CHROMIUM,
            *ARGUMENTS,
            f"--host-resolver-rules={rules}",
            f"--user-data-dir={profile}",
            window,
            "about:blank",
        ]
        self._process = subprocess.Popen(
            [sys.executable, "-c", JOIN, str(commands), str(answers), *ordinary],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(commands, answers),
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self._number = 0
        self._rest = b""
        self.requests: list[str] = []
        self.complaints: list[str] = []  # errors of scripts, and what a policy refused
        targets = self._send("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        attached = self._send("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        self.call("Runtime.enable")
        self.call("Log.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def call(self, method: str, **parameters: object) -> Any:
        """One command of the DevTools protocol to the page."""
        return self._send(method, session=self._session, **parameters)

    def open(self, path: Path, *, scripts: bool = True) -> None:
        """Load a file and wait until it has loaded."""
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.requests.clear()
        self.visit(path.as_uri())

    def visit(self, address: str) -> None:
        """Load an address and wait until it has loaded."""
        self.call("Page.navigate", url=address)
        self.loaded()

    def loaded(self) -> None:
        """Wait until the page that is being loaded has loaded."""
        self._until("Page.loadEventFired")

    def press(self, code: str, key: str = "") -> None:
        """A key, by its place on the keyboard and what it writes."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, code=code, key=key or code)

    def run(self, expression: str) -> Any:
        """The value of an expression in the page."""
        made = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in made:
            raise AssertionError(made["exceptionDetails"])
        return made["result"].get("value")

    def picture(self, selector: str | None = None, most_height: float = 4000) -> bytes:
        """A PNG of what is seen, or of one element, at most so high."""
        if selector is None:
            return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        box = self.run(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            "return [b.x + scrollX, b.y + scrollY, b.width, b.height]; })()"
        )
        clip = {"x": box[0], "y": box[1], "width": box[2], "height": min(box[3], most_height), "scale": 1}
        made = self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(made["data"])

    def _send(self, method: str, session: str | None = None, **parameters: object) -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _until(self, event: str) -> None:
        while self._next().get("method") != event:
            pass

    def _next(self) -> Any:
        while b"\0" not in self._rest:
            piece = os.read(self._read, 1 << 20)
            assert piece, "the browser has ended"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        known = json.loads(message)
        if known.get("method") == "Network.requestWillBeSent":
            self.requests.append(known["params"]["request"]["url"])
        if known.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(known["params"]["exceptionDetails"]))
        if known.get("method") == "Log.entryAdded" and known["params"]["entry"]["level"] == "error":
            self.complaints.append(known["params"]["entry"]["text"])
        return known
