"""Every parser of ours that no instrument reaches, with whole inputs to begin from, and how inputs are broken.

Those in `metadata` and `media/structure` are reached by the instruments, whose contract breaks every exhibit.
"""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verifier.custody import bank_envelope, lines, seal, timestamp, verify_package
from verifier.errors import Error, InstrumentError
from verifier.executors import wire
from verifier.geo import coordinates, gazetteer, place, spoken_time, track, worksheet
from verifier.geo.words_of_time import phrases
from verifier.geo.words_of_time.context import Context
from verifier.geo.written import angles, links, plus_codes, text
from verifier.hashing.banks import lists, vpdq
from verifier.media import coarse, plane
from verifier.report.exchange import workbook
from verifier.report.redaction import decodings, points
from verifier.workflow.integrity import held
from verifier.workflow.people import locate, notes_file

HOUSE = Path(__file__).parent.parent.parent / "verifier"
BY_INSTRUMENTS = ("metadata/", "media/structure/")
NAMES = (
    "read",
    "unpack",
    "unwrap",
    "understood",
    "understand",
    "parsed",
    "decoded",
    "from_",
    "verify",
    "block_means",
    "written_in",
    "check_answer",
)
NEVER_GIVEN_HOSTILE = {"hashing/pictures/verify.py:unpacked", "geo/packed_places.py:unpacked"}  # of our own making
NOW = datetime(2026, 2, 1, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SHEET = workbook.render(("exhibit", "note"), [("ab", "=1+1"), ("cd", "یک")], writable=("note",))
REFUSALS = (ValueError, Error, InstrumentError)
TOKENS = (
    b"\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"-1",
    b"1e999",
    b"NaN",
    b"99999999999999999999",
    b'"',
    b"{",
    b"[",
    b"]]",
    b"null",
    b"\r",
    b"\n",
    b",",
    b"\xd9\xa3",
    b"\xe2\x80\x8f",
    b"\xed\xa0\x80",
    b"<!ENTITY",
    b"\xef\xbb\xbf",
)


@dataclass(frozen=True, slots=True)
class Parser:
    """What is called with broken inputs, and whole ones."""

    call: Callable[[bytes], Any]
    seeds: tuple[bytes, ...]


def _text(call: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda content: call(content.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode("utf-8"))


def _seeds() -> dict[str, tuple[bytes, ...]]:
    grey = np.arange(64 * 48, dtype=np.uint32).reshape(48, 64).astype(np.uint8)
    event = {
        "seq": 1,
        "at": "2026-01-01T00:00:00.000Z",
        "actor": "A",
        "action": "x",
        "subject": "y",
        "detail": {},
        "records_digest": "0" * 64,
        "previous": "0" * 64,
        "digest": "0" * 64,
    }
    words = (
        b"today at noon",
        "دیروز ساعت ۵ عصر".encode(),
        b"18 Dey 1404 20:45 +03:30",
        b"between 3 and 5 pm on 8 January 2026",
    )
    places = (
        "35.7000,51.3380",
        "35°42'00\"N 51°20'17\"E",
        "geo:35.7,51.338;u=20",
        "39SWV3606952117",
        "8H7PP97X+WG",
        "https://www.google.com/maps/@35.7123,51.3987,17z",
        "+35.712345+051.398765/",
        "۳۵٫۷۱، ۵۱٫۳۹",
    )
    written = tuple(item.encode() for item in places)
    return {
        "custody": (
            bank_envelope.wrap(b'{"items": []}', [KEY]),
            json.dumps(event).encode(),
            seal.private_pem(KEY, None),
            seal.public_pem(KEY.public_key()),
            seal.verifier_key("oak", KEY.public_key()).encode(),
            b"verify/case/x\n7\nq83vEjRWeJA=\n\n\xe2\x80\x94 oak AAAA\n",
            bytes.fromhex("30030201000a"),
        ),
        "wire": (
            json.dumps({"ended": {"resident_bytes": 1}}).encode(),
            json.dumps(
                {
                    "finished": {
                        "instrument": "x",
                        "result": "done",
                        "elapsed_seconds": 0.0,
                        "records": [["r", {"key": "a:b", "value": 1, "location": "z"}]],
                        "faults": [],
                    }
                }
            ).encode(),
        ),
        "words": words,
        "places": written,
        "pictures": (plane.pack(grey),),
        "tables": (
            b"name,latitude,longitude\nA,35.7,51.3\n",
            b'{"type":"FeatureCollection","features":[]}',
            b"hash,quality\n" + b"f" * 64 + b",80\n",
            b"0,100," + b"f" * 64 + b",0.0\n",
            b'[camera]\nposition = "35.7,51.3"\nby = "A"\n',
            b"observations:\n- exhibit: abc\n  what: text\n",
        ),
        "tracks": (
            b'<?xml version="1.0"?><gpx><trk><trkseg><trkpt lat="35.7" lon="51.3"><time>2026-01-08T18:04:11Z</time>'
            b"</trkpt></trkseg></trk></gpx>",
        ),
    }


def parsers() -> dict[str, Parser]:
    """By `file:function`, under `verifier`."""
    seeds = _seeds()
    custody, tables, places, words = seeds["custody"], seeds["tables"], seeds["places"], seeds["words"]
    return {
        "custody/bank_envelope.py:unwrap": Parser(bank_envelope.unwrap, custody),
        "custody/lines.py:read_line": Parser(lines.read_line, custody),
        "custody/seal.py:read_private": Parser(partial(seal.read_private, passphrase=None), custody),
        "custody/seal.py:read_public": Parser(seal.read_public, custody),
        "custody/seal.py:verify": Parser(_text(lambda note: seal.verify(note, {"oak": KEY.public_key()})), custody),
        "custody/seal.py:read_text": Parser(_text(seal.read_text), custody),
        "custody/timestamp.py:check_answer": Parser(lambda one: timestamp.check_answer(one, b"x", []), custody),
        "custody/timestamp.py:read_answer": Parser(lambda one: timestamp.read_answer(one, b"x"), custody),
        "custody/verify_package.py:parsed": Parser(verify_package.parsed, custody),
        "executors/wire.py:understood": Parser(wire.understood, seeds["wire"]),
        "geo/coordinates.py:read_position": Parser(_text(coordinates.read_position), places),
        "geo/gazetteer.py:read_own_places": Parser(_text(gazetteer.read_own_places), tables),
        "geo/place.py:read_place": Parser(_text(place.read_place), places),
        "geo/spoken_time.py:read_time": Parser(_text(lambda one: spoken_time.read_time(one, None, NOW)), words),
        "geo/track.py:read_track": Parser(track.read_track, seeds["tracks"]),
        "geo/words_of_time/phrases.py:understand": Parser(
            _text(lambda one: phrases.understand(one, Context(reference=NOW))), words
        ),
        "geo/worksheet.py:read_worksheet": Parser(_text(worksheet.read_worksheet), tables),
        "geo/written/angles.py:read_angles": Parser(_text(angles.read_angles), places),
        "geo/written/links.py:read_link": Parser(_text(links.read_link), places),
        "geo/written/plus_codes.py:decoded": Parser(_text(plus_codes.decoded), places),
        "geo/written/text.py:written_in": Parser(_text(text.written_in), places),
        "hashing/banks/lists.py:read": Parser(_text(lists.read), tables),
        "hashing/banks/vpdq.py:read": Parser(_text(vpdq.read), tables),
        "media/coarse.py:block_means": Parser(coarse.block_means, seeds["pictures"]),
        "media/plane.py:unpack": Parser(plane.unpack, seeds["pictures"]),
        "report/redaction/decodings.py:decoded": Parser(lambda one: list(decodings.decoded(one)), (*custody, *tables)),
        "report/redaction/points.py:unpacked": Parser(_text(points.unpacked), places),
        "report/exchange/workbook.py:read": Parser(lambda one: workbook.read(one, 100), (SHEET,)),
        "workflow/integrity/held.py:read_root": Parser(_text(held.read_root), custody),
        "workflow/people/locate.py:read_feature": Parser(_text(locate.read_feature), places),
        "workflow/people/notes_file.py:from_yaml": Parser(notes_file.from_yaml, tables),
        "workflow/people/notes_file.py:from_csv": Parser(notes_file.from_csv, tables),
    }


def found() -> Iterator[str]:
    """Every function of ours whose name and first parameter say that it reads bytes or text."""
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        for node in ast.parse(path.read_text("utf-8")).body if not name.startswith(BY_INSTRUMENTS) else ():
            if isinstance(node, ast.FunctionDef) and node.name.startswith(NAMES) and node.args.args:
                kind = node.args.args[0].annotation
                if kind is not None and ast.unparse(kind) in ("bytes", "str"):
                    yield f"{name}:{node.name}"


def broken(seed: bytes, chance: random.Random) -> bytes:
    """A whole input with a few of its bytes changed, cut, doubled, or replaced by what parsers stumble over."""
    content = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(content) + 1)
        match chance.randrange(6):
            case 0 if content:
                content[min(at, len(content) - 1)] ^= 1 << chance.randrange(8)
            case 1:
                del content[at : at + chance.choice((1, 2, 8, 64))]
            case 2:
                content[at:at] = content[at : at + chance.choice((1, 4, 32))]
            case 3:
                content[at:at] = chance.choice(TOKENS)
            case 4:
                content[at : at + chance.choice((1, 4))] = chance.choice(TOKENS)
            case _:
                content[at:at] = chance.randbytes(chance.choice((1, 3)))
    return bytes(content)


def tried(name: str, content: bytes) -> str | None:
    """What a parser did that it must not do: an exception that is no refusal."""
    try:
        parsers_once()[name].call(content)
    except REFUSALS:
        return None
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return f"{type(error).__name__}: {error}"
    return None


_KEPT: dict[str, Parser] = {}


def parsers_once() -> dict[str, Parser]:
    if not _KEPT:
        _KEPT.update(parsers())
    return _KEPT
