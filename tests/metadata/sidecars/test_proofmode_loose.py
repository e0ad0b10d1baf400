"""ProofMode's accounts beside the picture, after a bundle was unpacked."""

from __future__ import annotations

import json

import pytest

from tests.metadata.reading import read, values
from verifier.metadata.sidecars.proofmode_loose import ANALYSER
from verifier.records import Moment, Reading, Record

DIGEST = "ab" * 32
SAID = {
    "File Path": "/storage/emulated/0/DCIM/IMG_1.jpg",
    "Location.Longitude": "51.4167",
    "Location.Latitude": "35.6917",
    "File Hash SHA256": DIGEST,
    "Proof Generated": "2023-05-04T10:11:20Z",
    "Location.Time": "1683182475000",
    "DeviceID": "SECRET1",
    "IPv4": "SECRET2",
    "CellInfo": "SECRET3",
}


def table(*rows: dict[str, str]) -> str:
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)])


def told(text: str, media_type: str) -> list[Record]:
    records, refusal = read(ANALYSER, text.encode(), media_type=media_type)
    assert not refusal
    return records


@pytest.mark.parametrize(
    ("text", "media_type"), [(table(SAID), "text/csv"), (json.dumps(SAID), "application/json")], ids=["csv", "json"]
)
def test_an_account(text: str, media_type: str) -> None:
    records = told(text, media_type)
    found = values(records)
    assert {record.subject for record in records if isinstance(record, Reading)} == {f"sha256:{DIGEST}"}
    assert (found["proofmode:Location.Latitude"], found["proofmode:Location.Longitude"]) == (35.6917, 51.4167)
    assert found["proofmode:implied_offset_minutes"] == 210
    located, generated = found["proofmode:Location.Time"], found["proofmode:Proof Generated"]
    assert isinstance(located, Moment)
    assert isinstance(generated, Moment)
    assert (located.iso(), generated.iso()) == ("2023-05-04T06:41:15.000Z", "2023-05-04T10:11:20")
    assert "SECRET" not in repr(records)


def test_an_account_of_many() -> None:
    other = SAID | {"File Hash SHA256": "cd" * 32}
    subjects = {r.subject for r in told(table(SAID, other), "text/csv") if isinstance(r, Reading)}
    assert subjects == {f"sha256:{DIGEST}", "sha256:" + "cd" * 32}


@pytest.mark.parametrize("digest", ["", "none", "ab" * 31, "../" + DIGEST])
def test_without_a_digest_it_speaks_of_nothing(digest: str) -> None:
    assert told(table(SAID | {"File Hash SHA256": digest}), "text/csv") == []


def test_other_tables_are_silent() -> None:
    assert told("a,b\n1,2\n", "text/csv") == []
    assert told("{}", "application/json") == []
