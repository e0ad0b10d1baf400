"""A name against the bytes: families that differ are told, formats of one family are not."""

from __future__ import annotations

import pytest

from tests.metadata.dossiers import case, dossier, said
from verifier.findings.origin.naming import CHECK
from verifier.records import Finding, FindingOutcome, Kind, Question
from verifier.report.language import language
from verifier.report.sentences import caveat, plain, statement


def codes(name: str, kind: Kind, media_type: str) -> list[Finding]:
    one = dossier(name=name, kind=kind, media_type=media_type)
    return list(CHECK.check(one, case(one)))


@pytest.mark.parametrize(
    ("name", "kind", "media_type", "code"),
    [
        ("photo.jpg", Kind.SIDECAR, "text/plain", "name.unlike_content"),
        ("photo.JPG", Kind.DOCUMENT, "text/html", "name.unlike_content"),
        ("clip.mp4", Kind.DOCUMENT, "text/x-playlist", "name.unlike_content"),
        ("photo.jpg", Kind.OTHER, "application/x-executable", "name.unlike_content"),
        ("clip.mp4", Kind.PHOTO, "image/jpeg", "name.unlike_content"),
        ("photo.jpg", Kind.VIDEO, "video/mp4", "name.unlike_content"),
        ("clip.mp4", Kind.AUDIO, "audio/mpeg", "name.unlike_content"),
        ("letter.pdf", Kind.PHOTO, "image/png", "name.unlike_content"),
        ("photo.png", Kind.ARCHIVE, "application/zip", "name.unlike_content"),
        ("bundle.zip", Kind.DOCUMENT, "text/html", "name.unlike_content"),
        ("photo.jpg", Kind.OTHER, "application/octet-stream", "name.content_unrecognised"),
        ("voice.opus", Kind.OTHER, "application/x-empty", "name.content_unrecognised"),
        ("IMG_1.JPG", Kind.PHOTO, "image/heic", "name.heic_as_jpeg"),
    ],
)
def test_it_speaks_in_both_languages(name: str, kind: Kind, media_type: str, code: str) -> None:
    (found,) = codes(name, kind, media_type)
    assert (found.code, found.question, found.outcome) == (code, Question.INTEGRITY, FindingOutcome.NOTES)
    for words in (language("en"), language("fa")):
        assert plain(statement(found, words)) not in ("", code)
        assert plain(caveat(found, words))


@pytest.mark.parametrize(
    ("name", "kind", "media_type"),
    [
        ("photo.jpg", Kind.PHOTO, "image/png"),
        ("photo.jpeg", Kind.PHOTO, "image/webp"),
        ("voice.mp4", Kind.AUDIO, "audio/mp4"),
        ("clip.webm", Kind.AUDIO, "video/webm"),
        ("voice.m4a", Kind.VIDEO, "video/mp4"),
        ("clip.ogg", Kind.VIDEO, "video/ogg"),
        ("notes.txt", Kind.SIDECAR, "application/json"),
        ("page.txt", Kind.DOCUMENT, "text/html"),
        ("letter.docx", Kind.ARCHIVE, "application/zip"),
        ("export.264", Kind.VIDEO, "video/h264"),
        ("no_extension", Kind.PHOTO, "image/jpeg"),
        ("jpg", Kind.SIDECAR, "text/plain"),
        ("a.unknown", Kind.OTHER, "application/octet-stream"),
        ("blob.bin", Kind.OTHER, "application/octet-stream"),
    ],
)
def test_it_is_silent(name: str, kind: Kind, media_type: str) -> None:
    assert codes(name, kind, media_type) == []


def test_a_placeholder_is_told_with_what_it_stands_for() -> None:
    one = dossier(
        said("placeholder:service", "iCloud"),
        said("placeholder:name", "IMG_0042.HEIC"),
        name=".IMG_0042.HEIC.icloud",
        kind=Kind.OTHER,
        media_type="application/x-cloud-placeholder",
    )
    (found,) = CHECK.check(one, case(one))
    assert found.code == "placeholder.not_here"
    nameless = dossier(said("placeholder:service", "iCloud"), name=".IMG_0042.HEIC.icloud", kind=Kind.OTHER)
    assert [item.values["file"] for item in CHECK.check(nameless, case(nameless))] == ["IMG_0042.HEIC"]
    assert "IMG_0042.HEIC" in plain(statement(found, language("en")))
    assert "IMG_0042.HEIC" in plain(statement(found, language("fa")))
