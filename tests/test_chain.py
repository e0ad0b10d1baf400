"""The links of the log."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.custody.logs import log
from verifier.chain import GENESIS, body, broken_links
from verifier.records import CustodyEvent


def broken(events: list[CustodyEvent]) -> list[str]:
    before: list[CustodyEvent | None] = [None, *events]
    return [sentence for index, event in enumerate(events) for sentence in broken_links(before[index], event)]


def test_a_log_begins_at_one_and_every_digest_is_the_plain_sha256_of_its_body() -> None:
    events = log(5)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert events[0].previous == GENESIS
    assert [event.digest for event in events] == [hashlib.sha256(body(event)).hexdigest() for event in events]
    assert broken(events) == []


@pytest.mark.parametrize("name", list(CustodyEvent.__dataclass_fields__))
def test_any_changed_field_breaks_a_link(name: str) -> None:
    events = log(3)
    value = {"seq": 7, "detail": {"number": 1.0}}.get(name, "changed")
    changed = [events[0], replace(events[1], **{name: value}), events[2]]  # type: ignore[arg-type]
    assert broken(changed)


@given(st.permutations(range(5)))
def test_any_other_order_breaks_a_link(order: list[int]) -> None:
    events = log(5)
    assert bool(broken([events[index] for index in order])) == (order != sorted(order))


@given(st.sets(st.integers(0, 5), min_size=1, max_size=5))
def test_any_event_left_out_before_the_last_breaks_a_link(gone: set[int]) -> None:
    events = log(6)
    left = [event for index, event in enumerate(events) if index not in gone]
    assert bool(broken(left)) == (left != events[: len(left)])
