"""What people file can be: moments lie in the recording, stages wait for reviews and for disagreements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.metadata.dossiers import dossier, said
from verifier.dossier import ExhibitDossier
from verifier.errors import UsageError
from verifier.records import Assessment, Kind, Observation, Question
from verifier.workflow.people.admissible import check_moment, check_reasons, check_stage

CLIP = dossier(said("container:duration_s", 12.0), name="a.mp4", kind=Kind.VIDEO, media_type="video/mp4")
PHOTO = dossier(said("exif:Make", "Oak"), name="a.jpg")


def seen(start: float | None, end: float | None = None) -> Observation:
    return Observation(id="o", exhibit="e", what="sound", by="Ana", at="", start_seconds=start, end_seconds=end)


@pytest.mark.parametrize("moment", [seen(None), seen(0.0), seen(3.0, 12.5)])
def test_a_moment_in_the_recording_is_filed(moment: Observation) -> None:
    check_moment(CLIP, moment)


@pytest.mark.parametrize("moment", [seen(14.0), seen(3.0, 20.0)])
def test_a_moment_behind_the_recordings_end_is_refused(moment: Observation) -> None:
    with pytest.raises(UsageError, match=r"12\.0 s long"):
        check_moment(CLIP, moment)


def test_a_length_that_is_not_known_refuses_nothing() -> None:
    check_moment(replace(CLIP, readings=()), seen(500.0))


def filed(identity: str, level: str, *, of: str | None = None, resolves: str | None = None) -> Assessment:
    return Assessment(
        id=identity, exhibit="e", question=Question.PLACE, level=level, analyst=identity,
        at=f"2026-01-0{len(identity)}", because=("sign",), review_of=of, resolves=resolves,
    )  # fmt: skip


def with_assessments(*items: Assessment) -> ExhibitDossier:
    return replace(PHOTO, assessments=items)


@pytest.mark.parametrize("stage", ["second-reviewed", "finalised"])
def test_a_stage_waits_for_a_review_and_for_a_disagreement(stage: str) -> None:
    first, agreeing, differing = (
        filed("a", "probable"),
        filed("bb", "probable", of="a"),
        filed("bb", "possible", of="a"),
    )
    with pytest.raises(UsageError, match="No second person"):
        check_stage(with_assessments(first), stage)
    check_stage(with_assessments(first, agreeing), stage)
    with pytest.raises(UsageError, match="differ about place"):
        check_stage(with_assessments(first, differing), stage)
    check_stage(with_assessments(first, differing, filed("ccc", "possible", resolves="a")), stage)
    with pytest.raises(UsageError, match="has still to review place"):
        check_stage(with_assessments(first, agreeing, filed("dddd", "possible")), stage)


@pytest.mark.parametrize("stage", ["triaged", "analysed", "excluded"])
def test_earlier_stages_wait_for_nobody(stage: str) -> None:
    check_stage(with_assessments(), stage)


@pytest.mark.parametrize(
    "reason", ["exif:Make", "EXIF", "the camera (exif:Make), as it says", "0123abcd", "e5e5e5e5 shows it"]
)
def test_a_reason_that_names_something_known_is_filed(reason: str) -> None:
    said_ = replace(filed("a", "probable"), because=(reason,))
    check_reasons(said_, PHOTO, lambda prefix: prefix in ("0123abcd", "e5e5e5e5"))


@pytest.mark.parametrize("reason", ["sign", "", "exif:Model", "clock.agrees", "0123abce", "I know it"])
def test_a_reason_that_names_nothing_is_refused(reason: str) -> None:
    with pytest.raises(UsageError, match="--because names"):
        check_reasons(replace(filed("a", "probable"), because=("exif:Make", reason)), PHOTO, lambda _: False)
