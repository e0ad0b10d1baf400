"""Placeholders of cloud drives and shortcuts: what they stand for is not here, and that is told."""

from __future__ import annotations

import plistlib

import pytest

from tests.metadata.reading import exhibit_of, read, values
from verifier.metadata.sidecars.placeholder import ANALYSER
from verifier.records import Fault, FaultKind, Kind, Reading

CLOUD = {"NSURLNameKey": "IMG_0042.HEIC", "NSURLFileSizeKey": 2_000_000, "NSURLFileResourceTypeKey": "Regular"}


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_icloud(form: plistlib.PlistFormat) -> None:
    content = plistlib.dumps(CLOUD, fmt=form)
    assert exhibit_of(content).media_type == "application/x-cloud-placeholder"
    records, refusal = read(ANALYSER, content)
    said = values(records)
    assert (said["placeholder:name"], said["placeholder:size"], refusal) == ("IMG_0042.HEIC", 2_000_000, "")
    assert any(isinstance(item, Fault) and item.kind is FaultKind.UNSUPPORTED for item in records)


@pytest.mark.parametrize("name", ["IMG_0042.HEIC", "تظاهرات تهران.mov", "a" * 40 + ".jpg"])
def test_a_cut_one_still_names_what_it_stands_for(name: str) -> None:
    content = plistlib.dumps(CLOUD | {"NSURLNameKey": name}, fmt=plistlib.FMT_BINARY, sort_keys=False)
    assert values(read(ANALYSER, content[:-40])[0])["placeholder:name"] == name


def test_google_s_documents_without_the_account() -> None:
    content = b'{"url": "https://docs.google.com/open?id=abc&token=s", "doc_id": "abc", "email": "a@example.org"}'
    records, _ = read(ANALYSER, content)
    assert values(records)["placeholder:service"] == "Google Drive"
    assert not [item for item in records if isinstance(item, Reading) and "example.org" in str(item.value)]
    assert "token=s" not in str(values(records)["placeholder:address"])


def test_shortcuts() -> None:
    windows = b"[InternetShortcut]\r\nURL=https://example.org/a?x=1\r\n"
    assert exhibit_of(windows).kind is Kind.SIDECAR
    assert values(read(ANALYSER, windows)[0])["placeholder:address"] == "https://example.org/a?x=1"
    mac = plistlib.dumps({"URL": "https://example.org/b"})
    assert values(read(ANALYSER, mac)[0])["placeholder:address"] == "https://example.org/b"


@pytest.mark.parametrize("content", [b'{"title": "IMG_1.jpg"}', b"a note", plistlib.dumps({"a": 1}), b'["x"]', b"{"])
def test_what_is_no_placeholder_is_left_alone(content: bytes) -> None:
    assert read(ANALYSER, content)[0] == []
