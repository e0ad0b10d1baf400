"""Custody logs that the tests follow."""

from __future__ import annotations

from verifier.chain import NO_RECORDS, link
from verifier.records import CustodyEvent


def log(size: int, actor: str = "Oak") -> list[CustodyEvent]:
    events: list[CustodyEvent] = []
    for number in range(size):
        events.append(
            link(
                events[-1] if events else None,
                at=f"2026-01-02T03:04:{number % 60:02d}.000Z",
                actor=actor,
                action="export",
                subject="report – گزارش",
                detail={"number": number, "share": 0.5, "why": None, "text": "a\nb\u2028"},
                records_digest=NO_RECORDS,
            )
        )
    return events
