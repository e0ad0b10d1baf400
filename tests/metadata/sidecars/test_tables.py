"""auto-archiver's table, lists of digests, XMP beside a picture."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest

from tests.metadata.dossiers import case, dossier, said
from tests.metadata.reading import read, values
from verifier.errors import Corrupt
from verifier.findings.origin import checksums as listed_digests
from verifier.metadata.sidecars import auto_archiver, checksums, xmp_sidecar
from verifier.metadata.sidecars.auto_archiver import literal
from verifier.records import FindingOutcome, Moment, Reading


def table(metadata: str, media: str) -> bytes:
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(["status", "metadata", "media"])
    writer.writerow(["success", metadata, media])
    return held.getvalue().encode()


MEDIA = [
    {"filename": "/srv/a/video.mp4", "properties": {"hash": "SHA-256:" + "ab" * 32, "src": "https://cdn/x?token=S1"}}
]
ITEM = {"url": "https://t.me/x/1?access_token=S2", "title": "t", "timestamp": "2023-01-02T03:04:05+00:00"}


@pytest.mark.parametrize("dump", [json.dumps, repr])
def test_auto_archiver_in_both_forms(dump) -> None:
    records, refusal = read(auto_archiver.ANALYSER, table(dump(ITEM), dump(MEDIA)))
    assert not refusal
    found = values(records)
    assert {record.subject for record in records if isinstance(record, Reading)} == {"sha256:" + "ab" * 32}
    assert found["auto-archiver:url"] == "https://t.me/x/1"
    assert found["auto-archiver:src"] == "https://cdn/x"
    assert isinstance(found["auto-archiver:timestamp"], Moment)


def test_auto_archiver_s_metadata_json() -> None:
    item = {"status": "telethon: success", "metadata": {**ITEM, "tmp_dir": "/home/ana/tmp"}, "media": MEDIA}
    records, refusal = read(auto_archiver.ANALYSER, json.dumps(item).encode(), media_type="application/json")
    assert not refusal
    found = values(records)
    assert {record.subject for record in records if isinstance(record, Reading)} == {"sha256:" + "ab" * 32}
    assert found["auto-archiver:url"] == "https://t.me/x/1" and found["auto-archiver:status"] == "telethon: success"
    assert not any("/home/ana" in str(value) or "S1" in str(value) for value in found.values())


@pytest.mark.parametrize(
    "item", [{"status": 1, "metadata": {}, "media": []}, {"status": "a", "metadata": [], "media": []}, {"media": []}]
)
def test_other_json_says_nothing(item: object) -> None:
    records, refusal = read(auto_archiver.ANALYSER, json.dumps(item).encode(), media_type="application/json")
    assert records == [] and not refusal


def test_auto_archiver_s_sheet_as_csv() -> None:
    rows = [
        ["Link", "Archive status", "Destination folder", "Archive location", "Archive date", "Upload timestamp",
         "Upload title", "Text content", "Hash", "Perceptual hashes", "WACZ"],
        ["https://t.me/x/1?token=S1", "success", "", "https://s3/a/b.html?sig=S2", "2026-01-09T10:00:00Z",
         "2026-01-08T18:00:00Z", "عنوان", "text", "ab" * 32, "", "https://s3/a/b.wacz"],
        ["https://t.me/x/2", "success", "", "https://s3/a/video.mp4", "", "", "", "", "", "", ""],
        ["https://t.me/x/3", "nothing archived", "", "", "", "", "", "", "", "", ""],
    ]  # fmt: skip
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    records, refusal = read(auto_archiver.ANALYSER, b"\xef\xbb\xbf" + held.getvalue().encode())
    assert not refusal
    by_subject: dict[str, dict[str, object]] = {}
    for record in records:
        assert isinstance(record, Reading)
        by_subject.setdefault(str(record.subject), {})[record.key] = record.value
    assert list(by_subject) == ["sha256:" + "ab" * 32, "video.mp4", "stem:row 4 of this table"]
    first = by_subject["sha256:" + "ab" * 32]
    assert first["auto-archiver:url"] == "https://t.me/x/1" and first["auto-archiver:title"] == "عنوان"
    assert isinstance(first["auto-archiver:timestamp"], Moment)
    assert by_subject["stem:row 4 of this table"]["auto-archiver:status"] == "nothing archived"
    assert "S1" not in str(by_subject) and "S2" not in str(by_subject)


def test_a_date_in_python_s_own_words() -> None:
    text = "{'timestamp': datetime.datetime(2023, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)}"
    assert literal(text) == {"timestamp": "2023-01-02T03:04:05Z"}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "[x for x in (1,)]",
        "(" * 5000,
        "'a' * 10**9",
        "{" * 30,
        "9" * 300_000,
        "f'{1}'",
    ],
)
def test_a_literal_is_never_evaluated(text: str) -> None:
    with pytest.raises(Corrupt):
        literal(text)


def test_lists_of_digests() -> None:
    lines = f"{'ab' * 32}  ./a/photo.jpg\n{'cd' * 64} *clip.mp4\nSHA256 (b.png) = {'ef' * 32}\nnonsense\n"
    records, _ = read(checksums.ANALYSER, lines.encode(), media_type="text/plain")
    assert [(record.key, record.subject) for record in records if isinstance(record, Reading)] == [
        ("checksums:sha256", "./a/photo.jpg"),
        ("checksums:sha512", "clip.mp4"),
        ("checksums:sha256", "b.png"),
    ]


def test_a_path_from_another_computer_is_compared_by_its_digest() -> None:
    lines = f"{'ab' * 32}  /home/a/photo.jpg\n{'CD' * 32} *C:\\x\\y.jpg\n"
    records, _ = read(checksums.ANALYSER, lines.encode(), media_type="text/plain")
    assert [r.subject for r in records if isinstance(r, Reading)] == ["sha256:" + "ab" * 32, "sha256:" + "cd" * 32]


def test_a_digest_that_agrees_and_one_that_does_not() -> None:
    own = hashlib.sha256(b"x").hexdigest()
    for listed, code, outcome in (
        (own, "checksums.agree", FindingOutcome.SUPPORTS),
        ("00" * 32, "checksums.differ", FindingOutcome.INCONCLUSIVE),
    ):
        one = dossier(said("checksums:sha256", listed), identifier=own)
        (finding,) = listed_digests.CHECK.check(one, case(one))
        assert (finding.code, finding.outcome) == (code, outcome)
    silent = dossier(said("exif:Make", "x"))
    assert not list(listed_digests.CHECK.check(silent, case(silent)))


@pytest.mark.parametrize(
    ("property_", "subject"),
    [
        ('photoshop:SidecarForExtension="CR2"', "ext:CR2"),
        ('crs:RawFileName="IMG_1.NEF"', "IMG_1.NEF"),
        ('crs:RawFileName="../IMG_1.NEF"', "."),
        ('photoshop:SidecarForExtension="../x"', "."),
    ],
)
def test_xmp_that_says_of_which_file_it_is(property_: str, subject: str) -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        f'xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" {property_}/></rdf:RDF></x:xmpmeta>'
    )
    records, _ = read(xmp_sidecar.ANALYSER, packet.encode())
    assert {record.subject for record in records if isinstance(record, Reading)} == {subject}


def test_xmp_beside_a_picture() -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="darktable"/></rdf:RDF></x:xmpmeta>'
    )
    records, refusal = read(xmp_sidecar.ANALYSER, packet.encode())
    assert not refusal
    assert values(records)["xmp:CreatorTool"] == "darktable"
    assert {record.subject for record in records if isinstance(record, Reading)} == {"."}
