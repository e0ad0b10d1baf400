"""Whatever one comparer, check or section of a page does, the case is finished and the rest of it is as it would be.

Errors, endless loops and a hunger for memory go into every check, every comparison and every section that there is.
Instruments are held to the same in `tests/executors`.
"""

from __future__ import annotations

import json
import shutil
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage import data
from typer.testing import CliRunner

import verifier.report.pages.case
import verifier.report.writers.csv_tables
import verifier.workflow.check
from tests.commands.running import verify
from tests.executors.inline import InlineExecutor
from tests.geo.dossiers import ONE, OTHER, case, claim, dossier, said, tehran
from verifier import guarded
from verifier.commands.app import app
from verifier.compare import events
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.evidence.vault import Vault
from verifier.executors.registry import load
from verifier.findings.judge import judgements, prepare
from verifier.guarded import Guard
from verifier.hashing.clips import evidence as clip_evidence
from verifier.hashing.pictures import index as picture_index
from verifier.hashing.pictures import match as picture_match
from verifier.instruments import Check
from verifier.records import FaultKind, Finding, FindingOutcome, Question
from verifier.report.pages import whole as pages
from verifier.report.pages.report_index import ReportIndex
from verifier.store import Store
from verifier.workflow.check import check
from verifier.workflow.dedup import dedup
from verifier.workflow.gather import gather
from verifier.workflow.ingest import IngestOptions, Work, ingest

AT = "2026-01-02T03:04:05Z"


def err(*_: object, **__: object) -> Any:
    raise KeyError("nothing at /home/somebody/secret.txt")


def hang(*_: object, **__: object) -> Any:
    while True:
        time.sleep(0.01)


def spin(*_: object, **__: object) -> Any:
    while True:
        try:
            sum(range(100))
        except Exception:  # noqa: BLE001, S112 - as careless code does
            continue


def swell(*_: object, **__: object) -> Any:
    return [np.empty(256 << 20, np.uint8) for _ in range(64)]  # never touched: asks for memory and uses none


def leave(*_: object, **__: object) -> Any:
    raise SystemExit(0)


MISDEEDS: dict[Callable[..., Any], FaultKind] = {
    err: FaultKind.DEFECT, hang: FaultKind.TIMEOUT, spin: FaultKind.TIMEOUT, swell: FaultKind.MEMORY,
    leave: FaultKind.DEFECT,
}  # fmt: skip


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may take long; enough for what behaves."""
    monkeypatch.setattr(guarded, "MOST_GROWTH_BYTES", 2 << 30)


def silent(stage: str, done: int, total: int | None, detail: str = "") -> None:
    pass


# ---------------------------------------------------------------- the guard itself


@pytest.mark.parametrize("misdeed", MISDEEDS, ids=lambda item: item.__name__)
def test_the_guard_turns_a_misdeed_into_a_fault_of_both(misdeed: Callable[..., Any]) -> None:
    guard = Guard("pair", seconds=0.2)
    assert guard.attempt((ONE, OTHER), misdeed, "otherwise") == "otherwise"
    assert {key: fault.kind for key, (fault,) in guard.faults.items()} == {
        ONE: MISDEEDS[misdeed], OTHER: MISDEEDS[misdeed],
    }  # fmt: skip
    assert guard.faults[ONE][0].detail.startswith(f"with {OTHER[:12]}: ")
    assert "secret" not in guard.faults[ONE][0].detail
    assert guard.attempt((ONE,), lambda: "well", "otherwise") == "well"


def test_whoever_interrupts_is_let_through() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Guard("pair", seconds=1).attempt((ONE,), interrupt, None)


def test_a_call_in_a_call_ends_alone_and_the_outer_deadline_stands() -> None:
    outer = Guard("outer", seconds=5)
    inner = Guard("inner", seconds=0.1)
    assert outer.attempt((ONE,), lambda: inner.attempt((ONE,), hang, "inner"), "outer") == "inner"
    assert not outer.faults
    short = Guard("outer", seconds=0.2)

    def both() -> str:
        inner.attempt((ONE,), hang, "", seconds=60)
        return str(hang())

    assert short.attempt((ONE,), both, "outer") == "outer"


# ---------------------------------------------------------------- every check


def judged(of: CaseDossier, checks: dict[str, Check], guard: Guard) -> dict[str, tuple[Finding, ...]]:
    return dict(judgements(of, checks, guard))


def misbehaving(of: Check, misdeed: Callable[..., Any], on: str) -> Check:
    def checking(one: ExhibitDossier, whole: CaseDossier) -> Iterator[Finding]:
        if one.exhibit.id == on:
            misdeed()
        yield from of.check(one, whole)

    return replace(of, check=checking)


@pytest.mark.parametrize("name", sorted(load().checks))
@pytest.mark.parametrize("misdeed", MISDEEDS, ids=lambda item: item.__name__)
def test_a_check_that_misbehaves_is_silent_on_that_exhibit_and_all_else_is_said(
    name: str, misdeed: Callable[..., Any]
) -> None:
    taken = said("exif:DateTimeOriginal", tehran("2026-01-08T15:42:10"))
    one = dossier(
        [taken, said("exif:Make", "NIKON"), said("exif:GPSPosition.latitude", 35.7)], [claim("Tehran", "2026")]
    )
    of = prepare(case(one, dossier([replace(taken, exhibit=OTHER)], exhibit=OTHER)))
    checks = load().checks
    undisturbed = judged(of, checks, Guard("check"))
    guard = Guard("check", seconds=0.2 if misdeed in (hang, spin) else 60)
    found = judged(of, {**checks, name: misbehaving(checks[name], misdeed, ONE)}, guard)
    # the deadline is short where something hangs: other checks may not need it
    assert [(fault.kind, fault.instrument) for fault in guard.faults[ONE]] == [(MISDEEDS[misdeed], f"check:{name}")]
    assert set(guard.faults) == {ONE}
    assert found[OTHER] == undisturbed[OTHER]
    codes = set(checks[name].codes)
    assert found[ONE] == tuple(finding for finding in undisturbed[ONE] if finding.code not in codes)


def test_a_code_that_was_not_declared_is_a_defect_of_that_check() -> None:
    def check_it(one: ExhibitDossier, whole: CaseDossier) -> Iterator[Finding]:
        yield Finding(exhibit=one.exhibit.id, question=Question.TIME, outcome=FindingOutcome.NOTES, code="x.y",
                      statement="x")  # fmt: skip

    guard = Guard("check")
    found = judged(case(dossier()), {"x": Check(name="x", version=1, codes=(), check=check_it)}, guard)
    assert found == {ONE: ()}
    (fault,) = guard.faults[ONE]
    assert (fault.kind, fault.instrument) == (FaultKind.DEFECT, "check:x")


# ---------------------------------------------------------------- a whole case


def sounding(path: Path, seconds: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * 16000)) / 16000
    steps = rng.integers(200, 3000, 64)[(times * 8).astype(int) % 64]
    samples = (9000 * np.sin(2 * np.pi * steps * times) + rng.normal(0, 800, len(times))).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(samples.tobytes())


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Path:
    """A case that is examined and not yet compared: photos alike and not, clips alike, short sounds."""
    folder = tmp_path_factory.mktemp("guarded")
    evidence = folder / "evidence"
    evidence.mkdir()
    Image.fromarray(data.astronaut()).save(evidence / "one.jpg", quality=92)
    Image.fromarray(data.astronaut()).resize((300, 300)).save(evidence / "two.jpg", quality=60)
    Image.fromarray(data.chelsea()).save(evidence / "cat.jpg", quality=90)
    sounding(evidence / "a.wav", 2.5, 1)
    sounding(evidence / "b.wav", 2.7, 2)
    for clip in ("phone/VID_20260108_155044.mp4", "whatsapp/VID-20260108-WA0015.mp4"):
        shutil.copy(fixtures / "demo" / clip, evidence)
    case_folder = folder / "case"
    Store.create(case_folder, title="x", at=AT, tool_version="0")
    with Store.open(case_folder, writing=True) as store:
        work = Work(store=store, vault=Vault(case_folder), executor=InlineExecutor(), clock=lambda: AT, progress=silent)
        ingest([bytes(evidence)], work, IngestOptions())
    return case_folder


def compared(folder: Path, **options: Any) -> tuple[Any, Any, CaseDossier]:
    with Store.open(folder, writing=True) as store:
        first = dedup(store, Vault(folder), actor="A", clock=lambda: AT, progress=silent, **options)
        second = check(store, actor="A", clock=lambda: AT, progress=silent)
        return first, second, gather(store)


@pytest.fixture(scope="module")
def undisturbed(taken_in: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CaseDossier]:
    folder = Path(shutil.copytree(taken_in, tmp_path_factory.mktemp("undisturbed") / "case"))
    first, second, known = compared(folder)
    assert not first.faults
    assert not second.faults
    assert len(known.matches) >= 2
    return folder, known


def faults_of(known: CaseDossier) -> dict[str, list[tuple[str, FaultKind]]]:
    return {
        key: [(fault.instrument, fault.kind) for fault in one.faults if fault.instrument.endswith("-alike")]
        for key, one in known.exhibits.items()
    }


def test_every_pair_that_was_compared_can_fail_alone(
    taken_in: Path, undisturbed: tuple[Path, CaseDossier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each link's two exhibits: their pair fails in every call that is about both; no other link is lost."""
    whole = undisturbed[1]
    real = Guard.attempt
    pairs = sorted({(match.left, match.right) for match in whole.matches if not match.method.startswith("packet")})
    for number, (pair, misdeed) in enumerate(zip(pairs, [err, swell, hang, leave] * len(pairs), strict=False)):

        def attempt(
            self: Guard, about: Sequence[str], action: Callable[[], Any], otherwise: Any, *,
            pair: tuple[str, str] = pair, misdeed: Callable[[], Any] = misdeed, **named: Any,
        ) -> Any:  # fmt: skip
            fails = set(about) == set(pair)
            more = {**named, "seconds": 0.2} if fails else named
            return real(self, about, misdeed if fails else action, otherwise, **more)

        folder = Path(shutil.copytree(taken_in, tmp_path / str(number)))
        with monkeypatch.context() as patch:
            patch.setattr(Guard, "attempt", attempt)
            first, _, known = compared(folder)
        kind = MISDEEDS[misdeed]
        assert first.faults
        assert {key for key, some in faults_of(known).items() if some} == set(pair)
        assert {fault for some in faults_of(known).values() for _, fault in some} == {kind}
        lost = {(match.left, match.right) for match in whole.matches} - {(m.left, m.right) for m in known.matches}
        assert lost <= {pair}
        for key in set(whole.exhibits) - set(pair):
            assert [f.code for f in known.exhibits[key].findings] == [f.code for f in whole.exhibits[key].findings]
        # tried again without the misdeed, the fault goes and the link comes
        again, _, known = compared(folder, retry_faults=True)
        assert not again.faults
        assert not any(faults_of(known).values())
        assert {(m.left, m.right) for m in known.matches} == {(m.left, m.right) for m in whole.matches}


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (picture_match, "verify"), (picture_match, "as_match"), (picture_index, "prepare"),
        (clip_evidence, "long_stretches"), (clip_evidence, "as_match"), (events, "offset_between"),
        (verifier.hashing.clips.photos.match, "photo_of"), (verifier.compare.copies, "_copy"),
        (verifier.workflow.looking.evidence, "pictures_of"), (verifier.findings.judge, "establish"),
    ],
)  # fmt: skip
def test_a_comparer_that_always_fails_stops_no_other(
    where: Any, name: str, taken_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(taken_in, tmp_path / "case"))
    monkeypatch.setattr(where, name, err)
    first, second, known = compared(folder)
    assert first.faults + second.faults
    assert any(one.faults for one in known.exhibits.values())
    assert all(one.findings for one in known.exhibits.values())


def test_a_failed_check_is_stored_told_and_goes_when_it_succeeds(
    undisturbed: tuple[Path, CaseDossier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(undisturbed[0], tmp_path / "case"))
    bad = min(undisturbed[1].exhibits)
    registry = load()
    checks = {**registry.checks, "clocks": misbehaving(registry.checks["clocks"], err, bad)}
    with monkeypatch.context() as patch:
        patch.setattr(verifier.workflow.check, "load", lambda **_: replace(registry, checks=checks))
        ran = CliRunner().invoke(app, ["check", "--all", "--case", str(folder), "--json"])
        assert ran.exit_code == 1
        assert '"defect": 1' in ran.output
    shown = verify("show", bad[:16], "--case", folder, "--json").json
    assert [fault["instrument"] for fault in shown["faults"]] == ["check:clocks"]
    assert verify("audit", "--case", folder).code == 0
    assert verify("check", "--case", folder).code == 0
    assert verify("show", bad[:16], "--case", folder, "--json").json["faults"] == []


# ---------------------------------------------------------------- every section of a report


def test_every_section_of_a_report_can_fail_alone(
    undisturbed: tuple[Path, CaseDossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, known = undisturbed
    real, met = ReportIndex.made, dict[str, None]()

    def meeting(self: ReportIndex, key: str, build: Callable[[], Any], *about: str) -> Any:
        met[key] = None
        return real(self, key, build, *about)

    monkeypatch.setattr(verifier.report.pages.case, "map_svg", lambda *_, **__: "<svg/>")  # slow to draw
    with monkeypatch.context() as patch:
        patch.setattr(ReportIndex, "made", meeting)
        whole = pages.report(known, "en", Guard("report", seconds=60))
    assert len(met) >= 20
    for number, name in enumerate(met):
        misdeed = list(MISDEEDS)[number % len(MISDEEDS)]
        guard = Guard("report", seconds=60)
        monkeypatch.setattr(ReportIndex, "made", made_but(real, name, misdeed))
        told = pages.report(known, "en", guard)
        assert {fault.kind for fault in guard.all()} == {MISDEEDS[misdeed]}
        assert {fault.instrument for fault in guard.all()} == {f"report:{name}"}
        for before, after in ((whole.front, told.front), (whole.back, told.back)):
            assert [one for one in after if one.key != name] == [one for one in before if one.key != name]
        for one, entry in zip(whole.entries, told.entries, strict=True):
            kept = [section for section in entry.sections if section.key != name]
            assert kept == [section for section in one.sections if section.key != name]


def made_but(real: Callable[..., Any], bad: str, misdeed: Callable[[], Any]) -> Callable[..., Any]:
    """`ReportIndex.made` with one section that misbehaves."""

    def made(self: ReportIndex, key: str, build: Callable[[], Any], *about: str) -> Any:
        if key != bad:
            return real(self, key, build, *about)
        self.guard.seconds = 0.05 if misdeed in (hang, spin) else 60.0
        done = real(self, key, misdeed, *about)
        self.guard.seconds = 60.0
        return done

    return made


def test_a_report_says_what_could_not_be_written_and_ends_with_one(
    undisturbed: tuple[Path, CaseDossier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReportIndex, "made", made_but(ReportIndex.made, "time", err))
    monkeypatch.setattr(verifier.report.writers.csv_tables, "render", err)
    asked = ["report", "--case", str(undisturbed[0]), "--out", str(tmp_path), "--format", "json,csv,html"]
    ran = CliRunner().invoke(app, asked)
    assert ran.exit_code == 1, ran.output
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "This section could not be written" in page
    assert "secret" not in page
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert all("report:time" in {fault["instrument"] for fault in one["faults"]} for one in told["exhibits"])
    assert any("report:csv" in limit for limit in told["limits"])
