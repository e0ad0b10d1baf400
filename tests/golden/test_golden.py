"""Every instrument answers on known exhibits what it answered before.

What is read from bytes must be equal. What is computed from decoded pictures and sound may differ as much as another
build of a decoder makes it: a few bits of a hash, a few levels of a grey, a thousandth of a time.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.golden.answers import HERE, answers, encoded, kept, known_exhibits
from verifier.executors.registry import load

EXHIBITS = known_exhibits()
KEPT = list(kept())
VIEWERS = frozenset(load().viewers)
MOST_BITS_OFF = {"pdq": 10}  # of 256; of other hashes, of at most 64 bits:
MOST_OTHER_BITS_OFF = 4
MOST_GREYS_OFF, MOST_BYTES_OFF, MOST_SHARE_OFF = 6, 0.1, 400
RENEW = "if that is meant, raise the instrument's version and run: python -m tests.golden.renew"


@functools.cache
def answers_of(name: str) -> dict[str, dict[str, Any]]:
    return answers(EXHIBITS[name].read_bytes())


@pytest.mark.parametrize(("instrument", "name", "path"), KEPT, ids=[f"{i}-{n}" for i, n, _ in KEPT])
def test_answers_as_before(instrument: str, name: str, path: Path) -> None:
    before = json.loads(path.read_text())
    assert before["exhibit"] == hashlib.sha256(EXHIBITS[name].read_bytes()).hexdigest(), f"another exhibit; {RENEW}"
    now = json.loads(encoded(answers_of(name)[instrument]))
    difference = differs(before, now, watched=instrument in VIEWERS)
    assert difference is None, f"{instrument} on {name}: {difference}; {RENEW}"


def test_every_instrument_has_a_golden_file_for_every_exhibit_that_it_accepts() -> None:
    wanted = {(instrument, name) for name in EXHIBITS for instrument in answers_of(name)}
    assert wanted == {(instrument, name) for instrument, name, _ in KEPT}, RENEW
    registry = load()
    assert {instrument for instrument, _ in wanted} == {*registry.analysers, *registry.viewers}
    assert sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file()) < 600_000


def differs(before: dict[str, Any], now: dict[str, Any], *, watched: bool) -> str | None:
    """The first difference in words; None where there is none that counts."""
    for key in ("version", "result", "faults"):
        if before[key] != now[key]:
            return f"{key} was {before[key]!r} and is {now[key]!r}"
    if len(before["records"]) != len(now["records"]):
        return f"there were {len(before['records'])} records and are {len(now['records'])}"
    for number, (was, comes) in enumerate(zip(before["records"], now["records"], strict=True)):
        same = was == comes or (watched and _alike(was, comes))
        if not same:
            return f"record {number} was {was!r} and is {comes!r}"
    return None


def _alike(was: dict[str, Any], comes: dict[str, Any]) -> bool:
    if was.keys() != comes.keys() or was["record"] != comes["record"]:
        return False
    return all(_near(key, was, comes) for key in was if key != "sha256")


def _near(key: str, was: dict[str, Any], comes: dict[str, Any]) -> bool:
    one, other = was[key], comes[key]
    if key == "bits":
        off = (int(one, 16) ^ int(other, 16)).bit_count()
        return len(one) == len(other) and off <= MOST_BITS_OFF.get(was["algorithm"], MOST_OTHER_BITS_OFF)
    if key == "quality":
        return abs(one - other) <= 3
    if key == "bytes":
        return abs(one - other) <= MOST_BYTES_OFF * one
    if key == "sketch":
        most = MOST_GREYS_OFF if len(one) == 64 else MOST_SHARE_OFF
        return len(one) == len(other) and all(abs(a - b) <= most for a, b in zip(one, other, strict=True))
    return _equal_but_for_rounding(one, other)


def _equal_but_for_rounding(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and math.isclose(one, other, rel_tol=0.01, abs_tol=0.002)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal_but_for_rounding(one[key], other[key]) for key in one)
    return bool(one == other)


ANSWER = {
    "version": 1,
    "result": "done",
    "faults": [],
    "records": [
        {"record": "Fingerprint", "algorithm": "phash", "bits": "ff00ff00ff00ff00", "quality": 80},
        {"record": "Derivative", "what": "thumbnail/1", "sha256": "a", "bytes": 1000, "sketch": [100] * 64},
        {"record": "Event", "kind": "cut", "start_seconds": 1.0, "measures": {"score": 0.5}},
    ],
}


def changed(number: int, **values: object) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(ANSWER))
    copy["records"][number] |= values
    return copy


@pytest.mark.parametrize(
    ("number", "little", "much"),
    [
        (0, {"bits": "fe00ff00ff00ff00", "quality": 82}, {"bits": "0100ff00ff00ff00"}),
        (0, {"quality": 78}, {"quality": 60}),
        (1, {"sha256": "b", "bytes": 1040, "sketch": [103] * 64}, {"sha256": "b", "sketch": [103] * 63 + [120]}),
        (1, {"sha256": "b"}, {"sha256": "b", "bytes": 1200}),
        (2, {"start_seconds": 1.001, "measures": {"score": 0.501}}, {"start_seconds": 1.2}),
        (2, {"measures": {"score": 0.5}}, {"measures": {"score": 0.5, "more": 1}}),
    ],
)
def test_what_another_decoder_changes_passes_and_what_a_defect_changes_does_not(
    number: int, little: dict[str, Any], much: dict[str, Any]
) -> None:
    assert differs(ANSWER, changed(number, **little), watched=True) is None
    assert differs(ANSWER, changed(number, **much), watched=True) is not None
    if changed(number, **little) != ANSWER:
        assert differs(ANSWER, changed(number, **little), watched=False) is not None
