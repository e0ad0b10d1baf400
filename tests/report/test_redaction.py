"""A redacted report tells no secret in any format, and the second look catches a writer that does."""

from __future__ import annotations

import base64
import bz2
import hashlib
import html
import io
import json
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import ahocorasick
import jsonschema
import pikepdf
import pytest

from tests.report.planted import planted
from tests.report.sample_case import case
from tests.report.test_documents import schema
from verifier.dossier import Said
from verifier.geo.coordinates import geohash, plus_code, sexagesimal
from verifier.geo.position import Position
from verifier.records import Composite, Excerpt, Fact, Medium, Part, Reading, Recording, Recordings, Segment, Sourced
from verifier.report.redaction.pieces import Secret
from verifier.report.redaction.policy import Policy
from verifier.report.redaction.redact import committed, nonce_of, redact
from verifier.report.redaction.scan import Scanner
from verifier.report.redaction.secrets import secrets_of, told_of
from verifier.report.redaction.unlinkable import unlinkable
from verifier.report.writers.manifest import manifest
from verifier.workflow.progress import silent
from verifier.workflow.redact import our_words, write_all

SALT = bytes(range(32))
FORMATS = ("html", "pdf", "json", "csv", "case", "geojson", "exchange")


def _no_picture(identity: str) -> bytes:
    raise AssertionError(f"a picture was asked for: {identity}")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    case, _, _ = planted()
    hidden, ledger = redact(case, Policy(), SALT)
    files = write_all(hidden, _no_picture, FORMATS, "en", tmp_path_factory.mktemp("written"), silent, annex=True)
    return {**files, **manifest(files, Policy(), ledger.left_out, 0)}


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    case, _, prints = planted()
    return Scanner(secrets_of(case, Policy(), prints), our_words())


def _every_text(content: bytes) -> Iterator[bytes]:
    """A file, and what is inside a PDF, as another library reads it; nothing of the module under test."""
    yield content
    if content[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(content)) as opened:
            for thing in opened.objects:
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_bytes()
                yield str(thing).encode("utf-8", "replace")


def _writings(text: str) -> Iterator[bytes]:
    for form in (text, text.casefold(), unicodedata.normalize("NFD", text), text[::-1]):
        yield form.encode()
        yield form.encode("utf-16-le")
        yield form.encode("utf-16-be")
    yield html.escape(text).encode()
    yield json.dumps(text)[1:-1].encode()
    yield urllib.parse.quote(text).encode()
    yield text.encode().hex().encode()
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + text.encode())
        yield whole[(0, 2, 3)[shift] : len(whole) // 4 * 4 - 4]


def test_no_planted_secret_stands_in_any_format(written: dict[str, bytes]) -> None:
    _, known, _ = planted()
    count = sum(len(texts) for texts in known.values())
    assert count >= 500 and len(known) >= 40, (count, len(known))
    assert {name.rsplit(".", 1)[-1] for name in written} >= {"html", "pdf", "json", "csv", "jsonld", "geojson"}
    wanted = ahocorasick.Automaton()
    for kind, secrets in known.items():
        for form in (form for secret in secrets for form in _writings(secret) if len(form) >= 6):
            wanted.add_word(form.decode("latin-1"), kind)
    wanted.make_automaton()
    told = []
    for name, content in written.items():
        whole = b"\n".join(_every_text(content))
        told += [(name, kind) for text in (whole, whole.lower()) for _, kind in wanted.iter(text.decode("latin-1"))]
    assert told == []


def test_the_second_look_finds_nothing_in_it_but_everything_in_the_full_report(
    written: dict[str, bytes], scanner: Scanner, tmp_path: Path
) -> None:
    assert scanner.leaks(written) == []
    case, known, _ = planted()
    full = write_all(case, lambda _: b"", ("json", "csv"), "en", tmp_path, silent)
    kinds = {leak.kind for leak in scanner.leaks(full)}
    assert len(kinds) > 20 and len(known) > 20, kinds


def test_a_redacted_report_obeys_the_schema_and_leaves_fields_absent(written: dict[str, bytes]) -> None:
    report = json.loads(written["report.json"])
    jsonschema.Draft202012Validator(schema()).validate(report)
    assert report["batches"] == [] and report["skipped"] == []
    for exhibit in report["exhibits"]:
        assert exhibit["names"] == [] and exhibit["acquisitions"] == [] and exhibit["claims"] == []
        assert exhibit["facts"]["serial"] is None and exhibit["facts"]["position"] is None
        assert exhibit["facts"]["width"]["value"] == 4000
        assert exhibit["facts"]["captured_at"]["value"] == "2026-01-08"
        assert exhibit["assessments"][0]["analyst"].startswith("P-")
    assert "redacted" in report["limits"][0]


def test_ids_are_new_in_every_export_and_one_can_be_opened_alone() -> None:
    case, _, _ = planted()
    one, other = (redact(case, Policy(), salt)[0] for salt in (SALT, SALT[::-1]))
    assert not set(one.exhibits) & set(other.exhibits) and not set(one.exhibits) & set(case.exhibits)
    exhibit = next(iter(case.exhibits))
    opened = hashlib.sha256(nonce_of(SALT, exhibit) + bytes.fromhex(exhibit)).hexdigest()
    assert opened == committed(SALT, exhibit) and opened in one.exhibits
    assert redact(case, Policy(), SALT) == redact(case, Policy(), SALT)


@pytest.mark.parametrize(("chosen", "decimals"), [("none", None), ("0", 0), ("2", 2)])
def test_positions_are_as_coarse_as_chosen(chosen: str, decimals: int | None) -> None:
    case, _, _ = planted()
    hidden, _ = redact(case, Policy(coordinates=chosen), SALT)
    for dossier in hidden.exhibits.values():
        fact = dossier.facts.get("position_latitude")
        if decimals is None:
            assert fact is None and dossier.worksheets == ()
        else:
            assert fact is not None and fact.others == ()
            assert fact.best.value == round(float(str(fact.best.value)), decimals)
            assert dossier.worksheets[0].latitude_degrees == round(dossier.worksheets[0].latitude_degrees, decimals)
            assert dossier.worksheets[0].features == ()


def test_a_province_is_told_by_its_middle() -> None:
    case, _, _ = planted()
    hidden, _ = redact(case, Policy(coordinates="province"), SALT)
    points = {str(d.facts["position_latitude"].best.value) for d in hidden.exhibits.values()}
    assert len(points) == 1  # all of Tehran


HIDDEN = "Farhad Moradzadeh, گذر ژاله ۴۵"
LATIN = "Farhad Moradzadeh"


def _stored(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", text)
    return stream.getvalue()


def _in_png(text: str) -> bytes:
    body = b"zTXtComment\x00\x00" + zlib.compress(text.encode())
    return b"\x89PNG\r\n\x1a\n" + len(body).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def _in_pdf(text: str) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["note.txt"] = pikepdf.AttachedFileSpec(document, text.encode())
    stream = io.BytesIO()
    document.save(stream, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


def _about_pdf(text: str) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Author"] = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda t: f"<p>{t}</p>".encode(),
    "upper case": lambda t: t.upper().encode(),
    "UTF-16 little": lambda t: b"\xff\xfe" + t.encode("utf-16-le"),
    "UTF-16 big": lambda t: b"\x07" + t.encode("utf-16-be"),
    "URL": lambda t: urllib.parse.quote(t).encode(),
    "URL twice": lambda t: urllib.parse.quote(urllib.parse.quote(t)).encode(),
    "HTML named": lambda t: html.escape(t).encode(),
    "HTML numbers": lambda t: "".join(f"&#{ord(c)};" for c in t).encode(),
    "HTML hexadecimal": lambda t: "".join(f"&#x{ord(c):x};" for c in t).encode(),
    "JSON": lambda t: json.dumps(t).encode(),
    "JSON all escaped": lambda t: "".join(f"\\u{ord(c):04x}" for c in t).encode(),
    "base64 0": lambda t: base64.b64encode(t.encode()),
    "base64 1": lambda t: base64.b64encode(b" " + t.encode() + b"  "),
    "base64 2": lambda t: base64.b64encode(b"  " + t.encode() + b" "),
    "base64 with a letter before": lambda t: b"q" + base64.b64encode(t.encode()),
    "base64 in lines": lambda t: base64.encodebytes(b" " * 50 + t.encode()),
    "base64 twice": lambda t: base64.b64encode(base64.b64encode(t.encode())),
    "base64url": lambda t: base64.urlsafe_b64encode(t.encode()),
    "hexadecimal": lambda t: t.encode().hex().encode(),
    "hexadecimal upper, spaced": lambda t: t.encode().hex(" ").upper().encode(),
    "hexadecimal UTF-16 (PDF)": lambda t: b"<feff" + t.encode("utf-16-be").hex().encode() + b">",
    "reversed": lambda t: t[::-1].encode(),
    "NFD": lambda t: unicodedata.normalize("NFD", t).encode(),
    "full width": lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t).encode(),
    "Persian digits": lambda t: t.replace("4", "۴").replace("5", "۵").encode(),
    "Latin digits": lambda t: t.replace("۴", "4").replace("۵", "5").encode(),
    "Arabic yeh and kaf": lambda t: t.replace("ی", "ي").replace("ک", "ك").encode(),
    "split by tags": lambda t: "<b></b>".join(t).encode(),
    "split by blanks": lambda t: " ".join(t).encode(),
    "split by lines": lambda t: "\n".join(t[i : i + 4] for i in range(0, len(t), 4)).encode(),
    "split by hidden characters": lambda t: "\u200b".join(t).encode(),
    "isolated": lambda t: f"\u2068{t}\u2069".encode(),
    "quoted-printable": lambda t: "".join(f"={b:02X}" for b in t.encode()).encode(),
    "ZIP": _stored,
    "PNG text": _in_png,
    "PDF attachment": _in_pdf,
    "PDF author": _about_pdf,
    "SVG title": lambda t: f"<svg><title>{html.escape(t)}</title></svg>".encode(),
    "WebP metadata": lambda t: b"RIFF\x00\x00\x00\x00WEBPXMP \x00\x00\x00\x00" + t.encode() + b"\x00\xff\xfe",
    "data URI": lambda t: b"<img src='data:image/png;base64," + base64.b64encode(_in_png(t)) + b"'>",
}  # fmt: skip


@pytest.mark.parametrize("encoding", list(ENCODINGS))
@pytest.mark.parametrize("secret", [HIDDEN, LATIN, "نسرین کاظمی"])
def test_a_leak_is_caught_in_every_writing(encoding: str, secret: str) -> None:
    looking = Scanner([Secret("claim", secret)])
    leaked = ENCODINGS[encoding](secret)
    assert [leak.kind for leak in looking.leaks({"page": leaked})] == ["claim"], leaked
    assert looking.leaks({"page": b"nothing of the kind"}) == []


def test_a_file_name_can_leak_too() -> None:
    assert Scanner([Secret("claim", LATIN)]).leaks({f"{LATIN}.csv": b""})


@pytest.mark.parametrize(
    "told",
    [
        "35.712345, 51.398765", "35.7123", "N 35.71235", sexagesimal(Position(latitude_degrees=35.712345,
        longitude_degrees=51.398765)), plus_code(Position(latitude_degrees=35.712345, longitude_degrees=51.398765)),
        geohash(35.712345, 51.398765), "۳۵٫۷۱۲۳۴۵".replace("٫", "."), "+35.712345+051.398765/",
    ],
)  # fmt: skip
def test_a_position_is_caught_however_it_is_written(scanner: Scanner, told: str) -> None:
    assert {leak.kind for leak in scanner.leaks({"page": f"at ({told})".encode()})} == {"position"}


@pytest.mark.parametrize(
    "told", ["+98 912 345 67 89", "0912 345 6789", "00989123456789", "(0912) 345-67-89", "۰۹۱۲۳۴۵۶۷۸۹"]
)
def test_a_telephone_number_is_caught_however_it_is_grouped(scanner: Scanner, told: str) -> None:
    assert [leak.kind for leak in scanner.leaks({"page": f"call {told} now".encode()})] == ["telephone number"]


def test_short_and_common_values_do_not_stop_a_report() -> None:
    looking = Scanner(
        [Secret("path part", "jpg", True), Secret("reading", "1"), Secret("path part", "exhibits", True),
         Secret("operator", "Ana", True), Secret("reading", "12345")],
        ours=[b"a jpg of the exhibits"],
    )  # fmt: skip
    assert looking.leaks({"page": b"analysis of exhibits, 1 jpg, 123456789"}) == []
    assert [leak.kind for leak in looking.leaks({"page": b"signed: Ana"})] == ["operator"]
    assert (looking.too_short, looking.in_our_words) == (2, 2)


def test_what_the_policy_tells_is_no_secret_though_it_stands_in_a_path_as_well() -> None:
    case, _, _ = planted()
    told = told_of(case, Policy())
    assert {"image/jpeg", "exif", "2026-01-08"} <= told
    assert not {"2026-01-08"} & told_of(case, Policy(times="year"))
    looking = Scanner([Secret("sidecar", "image/jpeg"), Secret("sidecar", "2026-01-08")], told=told)
    assert looking.leaks({"page": b"image/jpeg of 2026-01-08"}) == []


def test_what_cannot_be_looked_through_is_refused() -> None:
    broken = _stored(LATIN * 50)[:-30]
    assert Scanner([Secret("claim", "something else")]).leaks({"page": broken})


def test_a_file_s_time_of_whole_seconds_is_no_telephone_number(tmp_path: Path) -> None:
    """Its nine zeros stand in the cross references of every PDF: no such case could be given away on paper."""
    known = case(2)
    whole = {
        key: replace(d, acquisitions=tuple(replace(a, modified_ns=1_767_880_000 * 10**9) for a in d.acquisitions))
        for key, d in known.exhibits.items()
    }
    known = replace(known, exhibits=whole)
    wanted = list(secrets_of(known, Policy(), ()))
    assert not [secret for secret in wanted if secret.kind == "telephone number"]
    hidden, _ = redact(known, Policy(), SALT)
    files = write_all(hidden, _no_picture, ("pdf",), "en", tmp_path, silent, annex=True)
    assert Scanner(wanted, our_words(), told_of(known, Policy())).leaks(files) == []
    assert Scanner([Secret("telephone number", "0098 912 345 67 89", False)]).leaks({"a.txt": b"call 9123456789"})


FURTHER: dict[str, Callable[[str], bytes]] = {
    "underscores": lambda t: t.replace(" ", "_").encode(),
    "points": lambda t: t.replace(" ", ".").encode(),
    "UTF-32": lambda t: t.encode("utf-32-le"),
    "quoted-printable, broken over lines": lambda t: "=\n".join(
        [
            quoted[at : at + 9]
            for quoted in ["".join(f"={b:02X}" for b in t.encode())]
            for at in range(0, len(quoted), 9)
        ]
    ).encode(),
    "hexadecimal escapes": lambda t: "".join(f"\\x{b:02x}" for b in t.encode()).encode(),
    "octal escapes": lambda t: "".join(f"\\{b:03o}" for b in t.encode()).encode(),
    "code points": lambda t: " ".join(f"U+{ord(c):04X}" for c in t).encode(),
    "percent u": lambda t: "".join(f"%u{ord(c):04x}" for c in t).encode(),
    "decimal bytes": lambda t: ", ".join(str(b) for b in t.encode()).encode(),
    "decimal code points": lambda t: ", ".join(str(ord(c)) for c in t).encode(),
    "base32": lambda t: base64.b32encode(t.encode()),
    "zlib in base64": lambda t: base64.b64encode(zlib.compress(t.encode())),
    "bzip2": lambda t: bz2.compress(t.encode()),
    "bzip2 in base64": lambda t: base64.b64encode(bz2.compress(t.encode())),
    "with points and marks": lambda t: "".join(c + "\u0301" if c.isalpha() else c for c in t).encode(),
}


@pytest.mark.parametrize("encoding", list(FURTHER))
@pytest.mark.parametrize("secret", [LATIN, "نسرین کاظمی"])
def test_a_leak_is_caught_in_further_writings(encoding: str, secret: str) -> None:
    looking = Scanner([Secret("claim", secret)])
    assert [leak.kind for leak in looking.leaks({"page": FURTHER[encoding](secret)})] == ["claim"]


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("زهرا محمدی", "زهرا محمدي"), ("زهرا رضائی", "زهرا رضايی"), ("فاطمه کیانی", "فاطمۀ كياني"),
        ("فاطمه کیانی", "فاطمہ کیانے"), ("آرزو پناهی", "ارزو پناهی"), ("Farhad Kiani", "Fаrhаd Kiаni"),
        ("Farhad Kiani", "Fárhàd Kïani"), ("Farhad Kiani", "Sneunq Xvnav"), ("Farhad Kiani", "FARHAD-KIANI"),
        ("زهرا\u200cسادات محمدی", "زهرا_سادات_محمدی".replace("_س", "س")),
    ],
)  # fmt: skip
def test_a_name_is_caught_in_other_letters(secret: str, told: str) -> None:
    looking = Scanner([Secret("analyst", secret, True)])
    assert [leak.kind for leak in looking.leaks({"page": f"by {told} today".encode()})] == ["analyst"]


def test_a_part_of_a_person_s_name_is_a_secret_too() -> None:
    known, _, _ = planted()
    custody = tuple(replace(event, actor="Farhad Kiani") for event in known.custody)
    wanted = Scanner(secrets_of(replace(known, custody=custody), Policy(), ()), our_words())
    for told in ("Farhad", "Kiani", "Kiani, Farhad", "kiani_farhad"[:5]):
        assert "operator" in {leak.kind for leak in wanted.leaks({"page": f"by {told} today".encode()})}, told


@pytest.mark.parametrize("told", ["357123450, 513987650", "35° 42.74' N", "35°42.74", "35,7123", "۳۵٫۷۱۲۳", "३५.७१२३"])
def test_a_position_is_caught_in_further_notations(scanner: Scanner, told: str) -> None:
    assert any(leak.kind.startswith("position") for leak in scanner.leaks({"page": f"at ({told})".encode()}))


@pytest.mark.parametrize("told", ["0912_345_6789", "०९१२ ३४५ ६७८९"])
def test_a_telephone_number_is_caught_in_further_notations(scanner: Scanner, told: str) -> None:
    assert [leak.kind for leak in scanner.leaks({"page": f"call {told} now".encode()})] == ["telephone number"]


def test_a_number_that_a_page_may_print_is_no_secret(tmp_path: Path) -> None:
    """The frame rate of a telephone stands in a reading and, as allowed, on the page."""
    known = case(2)
    rate = 29.957238
    told = {
        key: replace(
            d,
            facts={**d.facts, "frame_rate": Fact(question="frame_rate", best=Sourced(value=rate, basis="stream:rate",
                                                                                    location="video"))},
            readings=(*d.readings, *(Said(reading=Reading(key="stream:frame_rate", value=value, location="video"),
                                          instrument="streams", exhibit=key) for value in (rate, 29.9572))),
        )
        for key, d in known.exhibits.items()
    }  # fmt: skip
    known = replace(known, exhibits=told)
    hidden, _ = redact(known, Policy(), SALT)
    files = write_all(hidden, _no_picture, ("html", "json", "csv", "pdf"), "en", tmp_path, silent, annex=True)
    assert b"29.95" in files["report.json"]
    assert Scanner(secrets_of(known, Policy(), ()), our_words(), told_of(known, Policy())).leaks(files) == []


def test_numbers_that_only_count_are_no_letters_and_a_list_of_letters_is() -> None:
    scanner = Scanner([Secret("telephone number", "+98 912 123456789", identity=True)], ())
    counted = " ".join(map(str, range(45, 130))).encode()
    assert scanner.leaks({"page.pdf": b"[" + counted + b"]"}) == []
    listed = " ".join(str(ord(digit)) for digit in "98912123456789").encode()
    assert scanner.leaks({"page.pdf": listed})


def test_an_unlinkable_report_tells_no_number_finely(tmp_path: Path) -> None:
    known = case(6)
    policy = Policy(times="year", unlinkable=True)
    hidden, _ = redact(known, policy, SALT)
    fine, _ = redact(known, Policy(times="year"), SALT)
    assert len(fine.matches) == len(hidden.matches) > 0
    assert [match.score for match in hidden.matches] == [round(match.score, 1) for match in hidden.matches]
    assert all(match.transform is None or match.transform.scale is None for match in hidden.matches)
    for dossier in hidden.exhibits.values():
        assert len(str(dossier.exhibit.size).rstrip("0")) <= 1
        for question in ("width", "height", "duration_s"):
            if question in dossier.facts:
                assert len(f"{dossier.facts[question].best.value:g}".strip("0.")) <= 1, dossier.facts[question]
        for event in dossier.events:
            assert event.start_seconds % 10 == 0 and event.end_seconds % 10 == 0
    assert any("one digit" in limit for limit in hidden.limits)
    files = write_all(hidden, _no_picture, FORMATS, "en", tmp_path, silent, annex=True)
    jsonschema.Draft202012Validator(schema()).validate(json.loads(files["report.json"]))
    assert Scanner(secrets_of(known, policy, ()), our_words(), told_of(known, policy)).leaks(files) == []


def test_an_unlinkable_report_tells_excerpts_and_composites_coarsely_too() -> None:
    known = case(6)
    first, second = sorted(known.exhibits)[:2]
    cut = Segment(medium=Medium.VIDEO, left=(3.26, 18.41), right=(103.26, 118.41), speed=1.04)
    told = Recordings(
        recordings=(Recording(id="r", copies=(first,), best=first, earliest=None, weakest=None,
                              excerpts=(Excerpt(exhibit=second, of=first, segments=(cut,)),)),),
        composites=(
            Composite(exhibit=second, parts=(Part(recording="r", exhibit=first, segments=(cut,), coverage=0.437),)),
        ),
    )  # fmt: skip
    coarse = unlinkable(replace(known, originals=told)).originals
    assert coarse is not None
    (excerpt,), (part,) = coarse.recordings[0].excerpts, coarse.composites[0].parts
    assert part.coverage == 0.4
    for (segment,) in (excerpt.segments, part.segments):
        assert (segment.left, segment.right, segment.speed) == ((0.0, 20.0), (100.0, 120.0), 1.0)


def test_an_unlinkable_report_refuses_what_would_link_it() -> None:
    for finer in ({"times": "day"}, {"digests": "keep"}, {"pictures": True}):
        with pytest.raises(ValueError, match="cannot be linked"):
            Policy(**{"times": "year", "unlinkable": True, **finer})  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["1400000017", "+98 900 000 0042", "0098 21 0000 0305"])
def test_what_is_left_of_a_number_without_its_noughts_is_no_secret(number: str) -> None:
    scanner = Scanner([Secret("telephone number", number)])
    assert not scanner.leaks({"report.json": b'{"a": 17, "b": 42, "c": 305}'})
    assert scanner.leaks({"report.json": f'{{"a": "{number}"}}'.encode()})


def test_names_of_programs_and_instruments_are_words_of_ours() -> None:
    secrets = [Secret("finding", "Telegram Desktop, chat export"), Secret("finding", "Telegram", True)]
    assert not Scanner(secrets, our_words()).leaks({"report.json": b'{"instrument": "sidecar-telegram"}'})
    other = [Secret("finding", "Farhad Kiani, chat export"), Secret("finding", "Farhad", True)]
    assert Scanner(other, our_words()).leaks({"report.json": b'{"instrument": "sidecar-farhad"}'})
