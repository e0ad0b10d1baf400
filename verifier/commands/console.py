"""How things are shown on a terminal: results on standard output, progress on standard error, evidence text inert."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from verifier.visible import visible, visible_name

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from verifier.findings.examined import Examination

SECONDS_BETWEEN_LINES = 10.0
NEVER_WRAPPED = {"Exhibit", "Left", "Right", "Relation", "How sure"}
DOING = {
    "take in": "Taking in",
    "examine": "Examining",
    "compare": "Comparing",
    "evidence": "Showing links",
    "check": "Checking claims",
    "write": "Writing",
    "audit": "Auditing",
    "recover": "Hashing again",
    "index": "Reading words",
}


def results() -> Console:
    """Where results go."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def say(text: str) -> None:
    """One line of ours on standard output. Evidence text in it must have gone through `visible`."""
    results().print(Text(text))


def say_json(document: Any) -> None:  # noqa: ANN401
    """One JSON document on standard output, hidden characters escaped."""
    from verifier.report.writers.json_report import dumps

    sys.stdout.buffer.write(dumps(document))
    sys.stdout.buffer.flush()


def shown(value: object, longest: int = 120) -> Text:
    """Any value from evidence as inert text."""
    if isinstance(value, bytes):
        return Text(visible_name(value, longest))
    return Text(visible(str(value), longest))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """A plain table; every cell is inert."""
    grid = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold", no_wrap=column in NEVER_WRAPPED)
    for row in rows:
        grid.add_row(*[cell if isinstance(cell, Text) else shown(cell) for cell in row])
    results().print(grid)


def pairs(values: Mapping[str, object]) -> None:
    """Label and value, one a line."""
    grid = Table(box=None, show_header=False, pad_edge=False)
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    for label, value in values.items():
        grid.add_row(Text(label), value if isinstance(value, Text) else shown(value))
    results().print(grid)


def short(exhibit_id: str) -> str:
    """Enough of an id to type and to tell it from others."""
    return exhibit_id[:12]


def size_text(count: float) -> str:
    """Bytes in a person's units."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError("unreachable")


def fault_text(faults: Mapping[str, int]) -> str:
    """ "2 defect, 1 timeout"."""
    return ", ".join(f"{count} {kind}" for kind, count in faults.items())


def examined_text(whole: Examination) -> str:
    """How many exhibits could not be examined in full, and their faults by kind."""
    if not whole.not_fully_examined:
        return "none"
    return f"{whole.not_fully_examined} of {whole.exhibits} exhibits (faults: {fault_text(whole.faults)})"


class Narrator:
    """Progress on standard error: bars with rate and remaining time on a terminal, a line now and then elsewhere."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty() and not quiet
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[str, int | None] = {}
        self._said_at = time.monotonic()

    def __enter__(self) -> Narrator:
        if self._terminal:
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                SpinnerColumn,
                TextColumn,
                TimeRemainingColumn,
            )

            self._bars = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(elapsed_when_finished=True),
                TextColumn("{task.fields[detail]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
        """See `workflow.progress.Progress`."""
        if total is not None:
            self._totals[stage] = total
        total = self._totals.get(stage)
        if self._bars is not None:
            self._draw(stage, done, total, detail)
        elif not self._quiet and time.monotonic() - self._said_at > SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            of = f" of {total}" if total is not None else ""
            sys.stderr.write(f"{DOING.get(stage, stage)}: {done}{of} {detail}".rstrip() + "\n")
            sys.stderr.flush()

    def _draw(self, stage: str, done: int, total: int | None, detail: str) -> None:
        assert self._bars is not None  # noqa: S101
        if stage not in self._tasks:
            for earlier in self._tasks.values():  # what could not be counted ahead is counted now
                self._bars.update(earlier, total=self._bars.tasks[earlier].completed)
            self._tasks[stage] = self._bars.add_task(DOING.get(stage, stage), total=total, rate="", detail="")
        task = self._bars.tasks[self._tasks[stage]]
        rate = f"{task.speed:.1f}/s" if task.speed else ""
        self._bars.update(self._tasks[stage], completed=done, total=total, rate=rate, detail=visible(detail, 60))


def warn(sentence: str) -> None:
    """One sentence on standard error."""
    sys.stderr.write(sentence + "\n")


def as_json(value: object) -> str:
    """For a log line."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True)
