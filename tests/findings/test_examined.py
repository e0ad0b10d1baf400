"""What no instrument examined is told; what one did examine, or says why it could not, is not told twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.metadata.dossiers import about, dossier, said
from verifier.dossier import ExhibitDossier, Made
from verifier.findings.examined import NAME, examination, with_silence_told
from verifier.records import Fault, FaultKind, Kind, Run


def ran(one: ExhibitDossier, *names: str, result: str = "done") -> ExhibitDossier:
    runs = tuple(
        Run(
            exhibit=one.exhibit.id, instrument=name, version=1, origin="test", parameters_digest="",
            elapsed_seconds=0.0, result=result,
        )
        for name in names
    )  # fmt: skip
    return replace(one, runs=runs)


def told(one: ExhibitDossier, *, fingerprints: bool = False) -> tuple[Fault, ...]:
    return with_silence_told(one, has_fingerprints=fingerprints).faults


def note(*readings, kind: Kind = Kind.SIDECAR, media_type: str = "text/plain", size: int = 9) -> ExhibitDossier:
    one = dossier(*readings, name="note.txt", kind=kind, media_type=media_type)
    return replace(one, exhibit=replace(one.exhibit, size=size))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_without_any_answer_has_the_fault(kind: Kind) -> None:
    (fault,) = told(note(kind=kind, media_type="a/b"))
    assert (fault.kind, fault.instrument) == (FaultKind.UNSUPPORTED, NAME)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (note(size=0, kind=Kind.OTHER, media_type="application/x-empty"), "empty"),
        (note(kind=Kind.OTHER, media_type="application/octet-stream"), "no kind that this version knows"),
        (note(kind=Kind.DOCUMENT, media_type="application/pdf"), "does not read application/pdf"),
        (ran(note(), "sidecar-whatsapp"), "none of the readers of text/plain understood it"),
        (note(kind=Kind.VIDEO, media_type="video/mp4"), "yet"),
    ],
)
def test_the_reason_is_the_true_one(one: ExhibitDossier, words: str) -> None:
    assert words in told(one)[0].detail


def test_that_readers_had_nothing_to_say_is_no_examination() -> None:
    assert told(ran(note(), "sidecar-whatsapp", "sidecar-telegram"))
    lent = about("telegram:message_id", 5, "note.txt", "c" * 64)
    assert told(note(lent))  # another file says it
    seal = said("c2pa:state", "none", instrument="c2pa")
    assert told(note(seal, kind=Kind.DOCUMENT, media_type="application/pdf"))


def test_a_finding_of_any_kind_is_examination() -> None:
    assert told(note(said("whatsapp:date", "x"))) == ()
    assert told(note(), fingerprints=True) == ()
    made = Made(id="d" * 64, recipe="thumbnail/1", media_type="image/webp", offset_seconds=None, instrument="thumbnail")
    assert told(replace(note(), derivatives=(made,))) == ()


def test_an_instrument_that_says_why_is_enough_and_a_missing_library_is_not() -> None:
    damaged = Fault(kind=FaultKind.CORRUPT, detail="cut", instrument="boxes")
    assert told(replace(note(), faults=(damaged,))) == (damaged,)
    absent = Fault(kind=FaultKind.ABSENT, detail="needs c2pa", instrument="c2pa")
    assert {fault.kind for fault in told(replace(note(), faults=(absent,)))} == {
        FaultKind.ABSENT,
        FaultKind.UNSUPPORTED,
    }


def test_exhibits_are_counted_once_and_faults_by_kind() -> None:
    damaged = Fault(kind=FaultKind.CORRUPT, detail="cut", instrument="boxes")
    both = replace(note(), faults=(damaged, replace(damaged, instrument="jpeg")))
    whole = examination([both, note(said("whatsapp:date", "x")), with_silence_told(note(), has_fingerprints=False)])
    assert (whole.exhibits, whole.not_fully_examined) == (3, 2)
    assert whole.faults == {"corrupt": 2, "unsupported": 1}
