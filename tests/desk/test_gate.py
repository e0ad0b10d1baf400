"""Who has not the token, comes from elsewhere, asks for too much or too slowly, is refused and told nothing."""

from __future__ import annotations

import http.client
import os
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.desk.running import FORM, Client, Opened
from verifier.desk import gate, server

SECRETS = ("a.jpg", "<bdi", "/exhibit/", "Ben")
ATTACKS = int(os.environ.get("DESK_ATTACKS", "400"))  # requests; the long form is DESK_ATTACKS=10000


def shows_nothing(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


def raw(port: int, content: bytes, seconds: float = 30.0) -> bytes:
    """Bytes as they are; everything that is answered until the line is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        line.sendall(content)
        answer = b""
        with suppress(ConnectionResetError):  # what was not read is thrown away with the line
            while part := line.recv(1 << 16):
                answer += part
    return answer


def test_without_the_token_nothing_is_told(case: Path, ids: dict[str, str]) -> None:
    with Opened(case) as client:
        for path in (
            "/",
            "/exhibits",
            f"/exhibit/{ids['a.jpg']}",
            "/static/desk.js",
            "/nothing",
            "/?token=",
            "/?token=x",
        ):
            answer = client.get(path)
            assert answer.status == 403 and shows_nothing(answer.text), path
            assert "set-cookie" not in answer.headers
        wrong = client.get("/exhibits", Cookie=f"verify-desk-{client.port}={client.token}")
        assert wrong.status == 403, "the token is no cookie"


def test_the_token_opens_once_and_gives_a_strict_cookie(case: Path) -> None:
    with Opened(case) as client:
        answer = client.get(f"/?token={client.token}")
        assert (answer.status, answer.location) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"verify-desk-{client.port}=")
        assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", "path=/", "samesite=strict"}
        assert client.token not in cookie
        again = client.get(f"/?token={client.token}")
        assert again.status == 403 and "set-cookie" not in again.headers
        client.cookie = cookie.split(";")[0]
        assert "a.jpg" in client.page("/exhibits")
        assert client.get(f"/?token={client.token}").status == 303, "who is in already stays in"


def test_a_name_bound_to_this_address_is_refused(client: Client) -> None:
    for host in ("evil.example", f"evil.example:{client.port}", "127.0.0.1", "127.0.0.1:1", f"localhost:{client.port}",
                 f"127.0.0.1:{client.port}.evil.example", f"[::1]:{client.port}"):  # fmt: skip
        answer = client.get("/exhibits", Host=host)
        assert answer.status == 421 and shows_nothing(answer.text), host
    two = f"GET /exhibits HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nHost: evil\r\nCookie: {client.cookie}\r\n"
    answer = raw(client.port, two.encode() + b"Connection: close\r\n\r\n")
    assert b" 400 " in answer.split(b"\r\n")[0] or b" 421 " in answer.split(b"\r\n")[0]
    none = raw(client.port, f"GET /exhibits HTTP/1.0\r\nCookie: {client.cookie}\r\n\r\n".encode())
    assert b" 421 " in none.split(b"\r\n")[0] and shows_nothing(none.decode())


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_a_post_from_elsewhere_does_nothing(client: Client, ids: dict[str, str], headers: dict[str, str]) -> None:
    pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
    client.laid()
    before = client.page(f"/pair/{pair}")
    answer = client.post(f"/pair/{pair}/verdict", headers, decision="same", seen="0")
    assert answer.status == 403 and shows_nothing(answer.text)
    assert client.page(f"/pair/{pair}") == before


@pytest.mark.parametrize("headers", [{}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, "own"], ids=str)
def test_a_post_from_a_page_of_ours_is_done(client: Client, ids: dict[str, str], headers: object) -> None:
    sent = (
        {"Origin": f"http://127.0.0.1:{client.port}", "Sec-Fetch-Site": "same-origin"} if headers == "own" else headers
    )
    assert isinstance(sent, dict)
    pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
    assert client.post(f"/pair/{pair}/verdict", sent, decision="same", seen="0").status == 303
    assert "a person says: the same" in client.page(f"/pair/{pair}")


def test_a_form_without_its_word_does_nothing(client: Client, ids: dict[str, str]) -> None:
    pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
    for form in ("", "x", client.token):
        content = f"form={form}&decision=same&seen=0".encode()
        assert client.ask("POST", f"/pair/{pair}/verdict", content, Content_Type=FORM).status == 403
    assert "a person says" not in client.page(f"/pair/{pair}")


def test_every_answer_has_its_headers(client: Client, ids: dict[str, str]) -> None:
    paths = ("/", "/exhibits", f"/exhibit/{ids['a.jpg']}", "/static/desk.css", "/nothing", "/next")
    answers = [client.get(path) for path in paths]
    answers += [client.get("/", Cookie="no=1"), client.get("/", Host="evil"), client.ask("PUT", "/")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'self';") and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "server" not in answer.headers and "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/gate.py",
        "/static/desk.css%00.png",
        "/small/../../case.db",
        "/small/" + "a" * 63 + "%2f",
        "/small/" + "Z" * 64,
        "/small/" + "0" * 64,
        "/look/../../../etc/passwd",
        "/exhibit/..%2f..%2fcase.db",
        "/exhibit/zz",
        "/pair/00/..",
        "/recording/%2e%2e%2f%2e%2e",
        "/list/__class__",
        "//evil.example/",
        "/exhibits/",
    ],
)
def test_paths_lead_nowhere_else(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status in (404, 307), (answer.status, answer.text[:200])
    assert "evil.example" not in answer.location
    assert b"root:" not in answer.body and b"SQLite format" not in answer.body


def test_a_picture_of_evidence_has_no_address(client: Client, ids: dict[str, str]) -> None:
    """Exhibits lie under their digest, and no address gives them."""
    for path in (f"/small/{ids['a.jpg']}", f"/look/{ids['a.jpg']}", f"/static/{ids['a.jpg']}"):
        assert client.get(path).status == 404


def test_what_is_too_large_is_refused(client: Client) -> None:
    client.page("/exhibits")
    large = b"form=" + b"x" * (gate.MOST_BODY_BYTES + 1)
    assert client.ask("POST", "/settings", large, Content_Type=FORM).status == 413
    assert client.get("/?" + "a" * (gate.MOST_TARGET_CHARACTERS + 1)).status == 414
    chunked = (
        (
            f"POST /settings HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nCookie: {client.cookie}\r\n"
            f"Content-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
        ).encode()
        + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 3
        + b"0\r\n\r\n"
    )
    answer = raw(client.port, chunked).split(b"\r\n")[0]
    assert b" 413 " in answer or answer == b""
    for size in (gate.MOST_HEAD_BYTES + 1, 4 * gate.MOST_HEAD_BYTES):  # read whole at once, or refused while it comes
        head = (
            f"GET /exhibits HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nCookie: {client.cookie}\r\n"
            f"X-Long: {'y' * size}\r\n\r\n"
        )
        assert raw(client.port, head.encode()).split(b" ")[1] in (b"431", b"400")
    assert client.get("/exhibits").status == 200


def test_nothing_is_uploaded(client: Client) -> None:
    for kind in ("multipart/form-data; boundary=x", "application/json", "text/plain", ""):
        answer = client.ask("POST", "/settings", b"--x\r\n", Content_Type=kind)
        assert answer.status == 415, kind
    assert client.ask("PUT", "/exhibits", b"x").status == 405
    assert client.ask("DELETE", "/exhibits").status == 405
    assert client.ask("GET", "/exhibits", b"x").status == 413
    many = "&".join(f"f{number}=1" for number in range(200)).encode()
    assert client.ask("POST", "/settings", many, Content_Type=FORM).status == 403


def test_who_is_slow_is_sent_away_and_holds_up_nobody(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.5)
    with Opened(case) as opened:
        client = opened.enter()
        lines = [socket.create_connection(("127.0.0.1", client.port), timeout=30) for _ in range(40)]
        for line in lines:
            line.sendall(b"GET / HT")
        assert client.get("/exhibits").status == 200
        post = (
            f"POST /settings HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nCookie: {client.cookie}\r\n"
            f"Content-Type: {FORM}\r\nContent-Length: 100\r\n\r\nform="
        )
        assert b" 408 " in raw(client.port, post.encode()).split(b"\r\n")[0]
        for line in lines:
            with suppress(ConnectionResetError):
                assert line.recv(100) == b""
            line.close()
        drip = socket.create_connection(("127.0.0.1", client.port), timeout=30)
        until = time.monotonic() + 20.0
        with pytest.raises(OSError):
            while time.monotonic() < until:
                drip.sendall(b"X")
                time.sleep(0.05)
        drip.close()
        assert client.get("/exhibits").status == 200


def test_it_is_alive_after_an_attack(client: Client, ids: dict[str, str]) -> None:
    """Wrong hosts, tokens, paths, methods and forms, one after another on a line that is kept."""
    line = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
    kinds = (
        ("GET", "/", {"Host": "evil"}, None),
        ("GET", "/?token=guess", {}, None),
        ("GET", "/exhibit/%ff%fe", {"Cookie": client.cookie}, None),
        ("GET", f"/pair/{ids['a.jpg']}/%00", {"Cookie": client.cookie}, None),
        ("POST", "/settings", {"Cookie": client.cookie, "Content-Type": FORM}, b"form=%zz&back=//evil"),
        ("BREW", "/", {"Cookie": client.cookie}, None),
        ("GET", "/exhibits?after=%27%3B--&kind=%00", {"Cookie": client.cookie}, None),
        ("GET", "/list/pairs?from=-1", {"Cookie": '"\\'}, None),
    )
    seen = set()
    for number in range(ATTACKS):
        method, path, headers, body = kinds[number % len(kinds)]
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            seen.add(answer.status)
        except (http.client.HTTPException, OSError):
            line.close()
    line.close()
    assert seen <= {200, 400, 403, 404, 405, 421}
    assert "a.jpg" in client.page("/exhibits")


def test_it_listens_on_loopback_alone(client: Client) -> None:
    opened = server.listen()
    try:
        assert opened.getsockname()[0] == "127.0.0.1"
    finally:
        opened.close()
