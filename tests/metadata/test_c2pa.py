"""C2PA: every state, every code, and not one connection – whatever the file asks for."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.media.making import still
from tests.metadata import forging
from tests.metadata.forging import packet
from tests.metadata.reading import read, values
from tests.metadata.signing import signed
from verifier.media.source import VaultSource
from verifier.metadata.c2pa import ANALYSER, _names_it, identity_of, trust_settings
from verifier.records import Kind, Reading

STATES = {"Valid": "valid", "Trusted": "trusted", "Invalid": "invalid", "no_manifest": "none", "error": "remote"}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A real web server on this machine, and the paths that anybody asked it for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def pointing_at(address: str) -> bytes:
    return forging.jpeg_with_xmp(packet("", f'dcterms:provenance="{address}/manifest.c2pa"'))


def test_a_file_that_points_at_a_listener_causes_no_connection(listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    found = values(read(ANALYSER, pointing_at(address))[0])
    assert found["c2pa:state"] == "remote"
    assert found["c2pa:remote_url"] == f"{address}/manifest.c2pa"
    assert asked == []


def test_the_listener_would_have_noticed(listener: tuple[str, list[str]], tmp_path: Path) -> None:
    """The same file read with the library's own defaults does call out, so the test above can fail."""
    import c2pa

    address, asked = listener
    path = tmp_path / "pointing.jpg"
    path.write_bytes(pointing_at(address))
    with path.open("rb") as stream, pytest.raises(c2pa.C2paError):
        c2pa.Reader("image/jpeg", stream)
    assert asked


def test_a_plain_file_has_none_and_does_not_load_the_library(tmp_path: Path) -> None:
    path = tmp_path / "plain.jpg"
    path.write_bytes(still("JPEG"))
    program = (
        "import sys; from tests.metadata.reading import read, values; from verifier.metadata.c2pa import ANALYSER;"
        "state = values(read(ANALYSER, open(sys.argv[1], 'rb').read())[0])['c2pa:state'];"
        "print(state, 'c2pa' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert answer.stdout.split() == ["none", "False"]


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(2000), "audio/mpeg", Kind.AUDIO),
        (b"%PDF-1.7\n" + bytes(2000), "application/pdf", Kind.DOCUMENT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", Kind.DOCUMENT),
        (b"fLaC" + bytes(2000), "audio/flac", Kind.AUDIO),
    ],
)
def test_a_broken_file_that_names_no_manifest_has_none(content: bytes, media_type: str, kind: Kind) -> None:
    assert values(read(ANALYSER, content, media_type=media_type, kind=kind)[0]) == {"c2pa:state": "none"}


def test_the_word_is_found_across_pieces() -> None:
    content = b"%PDF-1.7\n".ljust((1 << 20) - 2, b" ") + b"C2PA_Manifest"
    state = values(read(ANALYSER, content, media_type="application/pdf", kind=Kind.DOCUMENT)[0])["c2pa:state"]
    assert state in ("none", "unreadable")
    assert _names_it(io.BytesIO(content))


def test_a_manifest_that_is_none_is_unreadable_and_told() -> None:
    content = forging.png(forging.chunk(b"caBX", b"\x00\x00\x00\x40jumb" + b"\xff" * 56))
    found = values(read(ANALYSER, content)[0])
    assert found["c2pa:state"] in ("unreadable", "invalid")
    assert "c2pa:problem" in found or "c2pa:code" in found


@pytest.mark.parametrize(
    "text", [None, "", "  ", "{broken", '{"trust": []}', '{"verify": {"remote_manifest_fetch": true}}']
)
def test_no_trust_list_is_no_trust(text: str | None) -> None:
    assert trust_settings(text) == {}


def test_settings_of_trust_cannot_switch_the_network_on() -> None:
    given = json.dumps({"verify": {"remote_manifest_fetch": True}, "trust": {"trust_anchors": "PEM", "other": 1}})
    assert trust_settings(given) == {"trust": {"trust_anchors": "PEM"}}


def test_every_prefix_is_read_or_refused() -> None:
    content = pointing_at("http://127.0.0.1:9")
    for end in range(0, len(content), 7):
        read(ANALYSER, content[:end], media_type="image/jpeg")


def test_a_manifest_without_identity_is_valid_and_says_nothing_of_one() -> None:
    found = values(read(ANALYSER, signed(still("JPEG")))[0])
    assert found["c2pa:state"] == "valid"
    assert "c2pa:identity" not in found


def test_a_manifest_whose_identity_assertion_fails_is_invalid() -> None:
    payload = {"sig_type": "of.no.kind", "referenced_assertions": []}
    assertion = {"label": "cawg.identity", "data": {"signer_payload": payload, "signature": [1, 2], "pad1": []}}
    records, _ = read(ANALYSER, signed(still("JPEG"), assertion))
    found = values(records)
    assert (found["c2pa:state"], found["c2pa:identity"]) == ("invalid", "failed")
    assert any(isinstance(r, Reading) and r.key == "c2pa:code" and str(r.value).startswith("cawg.") for r in records)


@pytest.mark.parametrize(
    ("codes", "identity"),
    [
        ((), "checked"),
        (("signingCredential.untrusted", "cawg.ica.did_unavailable"), "unreachable"),
        (("cawg.ica.untrusted_issuer",), "on no list"),
        (("cawg.ica.did_unavailable", "cawg.ica.untrusted_issuer"), "unreachable"),
        (("cawg.ica.did_unavailable", "cawg.ica.signature_mismatch"), "failed"),
        (("cawg.identity.a_code_of_a_later_version",), "failed"),
    ],
)
def test_what_became_of_an_identity(codes: tuple[str, ...], identity: str) -> None:
    report = {
        "active_manifest": "a",
        "manifests": {"a": {"assertions": [{"label": "cawg.identity"}]}},
        "validation_status": [{"code": code} for code in codes],
    }
    assert identity_of(report) == identity


@pytest.mark.parametrize(
    "report",
    ["no report", {}, {"manifests": []}, {"active_manifest": "a", "manifests": {"a": {"assertions": [1, {}]}}},
     {"validation_status": [None, {"code": 3}]}],
)  # fmt: skip
def test_a_report_of_no_form_has_no_identity(report: object) -> None:
    assert identity_of(report) is None  # type: ignore[arg-type]


# ---------------------------------------------------------------- real manifests


def truths(samples: Path) -> list[dict[str, object]]:
    lines = (samples / "metadata" / "c2pa_truth.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.samples
@pytest.mark.parametrize(("column", "trusting"), [("no_trust_list", ""), ("test_trust_list_cawg_off", "pem"),
                                                  ("test_trust_list_cawg_off", "json")])  # fmt: skip
def test_every_state_is_right(samples: Path, column: str, trusting: str) -> None:
    settings = (samples / "metadata" / "c2pa" / "test_trust_settings.json").read_text()
    chosen = {"": None, "pem": json.loads(settings)["trust"]["trust_anchors"], "json": settings}[trusting]
    for truth in truths(samples):
        content = (samples / "metadata" / str(truth["file"])).read_bytes()
        records, _ = read(ANALYSER, content, parameters={"c2pa_trust": chosen} if chosen else {})
        expected = truth["c2pa"][column]  # type: ignore[index]
        found = values(records)
        assert found["c2pa:state"] == STATES[expected["state"]], truth["file"]
        if "all_failures" in expected:
            codes = {r.value for r in records if isinstance(r, Reading) and r.key == "c2pa:code"}
            established = {code for code in expected["all_failures"] if not code.startswith("cawg.")}
            assert {code for code in codes if not str(code).startswith("cawg.")} == established, truth["file"]
            assert found.get("c2pa:signer") == truth["c2pa"]["signature_issuer"]  # type: ignore[index]
            assert found.get("c2pa:generator") == truth["c2pa"]["claim_generator"]  # type: ignore[index]
        if trusting and found["c2pa:state"] not in ("none", "remote"):
            assert "certificates" in str(found["c2pa:trust_list"])


@pytest.mark.samples
def test_an_identity_of_a_certificate_is_checked(samples: Path) -> None:
    (path,) = (samples / "metadata" / "c2pa").glob("*/C_with_CAWG_data.jpg")
    found = values(read(ANALYSER, path.read_bytes())[0])
    assert (found["c2pa:state"], found["c2pa:identity"]) == ("valid", "on no list")


@pytest.mark.samples
def test_it_works_where_sockets_are_forbidden(samples: Path, tmp_path: Path) -> None:
    """A process that may open no socket, in an empty folder, without a home."""
    (path,) = (samples / "metadata" / "c2pa").glob("*/C.jpg")
    program = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('a socket was opened')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from tests.metadata.reading import read, values\n"
        "from verifier.metadata.c2pa import ANALYSER\n"
        "print(values(read(ANALYSER, open(sys.argv[1], 'rb').read())[0])['c2pa:state'])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert answer.stdout.strip() == "valid", answer.stderr


@pytest.mark.samples
def test_the_vaults_copy_is_read_as_well(samples: Path) -> None:
    (path,) = (samples / "metadata" / "c2pa").glob("*/video1.mp4")
    source = VaultSource(path)
    from tests.metadata.reading import exhibit_of

    records = list(ANALYSER.analyse(exhibit_of(path.read_bytes()), source, {}))
    assert records[0].value == "valid"  # type: ignore[union-attr]
