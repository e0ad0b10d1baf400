"""What last wrote this file, as far as it shows: one class, the signs that decided, and those that argue against it.

Indications, never verdicts: tags can be copied, and a careful hand leaves none. After a platform or messenger, whose
copies carry no metadata as a rule, only the platform can show.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.origin.build import Lack, lacks
from verifier.findings.origin.lineage_signs import CAMERA_NAMES, MAKERS_OF_SIDECARS, Sign, Writer, signs
from verifier.findings.own import Own, own
from verifier.instruments import Check
from verifier.records import FaultKind, Finding, FindingOutcome, Kind, Question

CAMERA, REMUXED, REENCODED = "lineage.camera_original", "lineage.remuxed", "lineage.reencoded"
PLATFORM, SCREEN, EDITED, UNDETERMINED = (
    "lineage.platform_copy",
    "lineage.screen",
    "lineage.edited",
    "lineage.undetermined",
)
NAMED = "lineage.camera_named"
GENERATED, STRIPPED = "lineage.generator_marked", "lineage.no_camera_data"
CODES = (CAMERA, NAMED, REMUXED, REENCODED, PLATFORM, SCREEN, EDITED, UNDETERMINED, GENERATED, STRIPPED)
MOST_SHOWN = 12

# The class that strong signs of a writer make, in the order in which they decide.
_ORDER: tuple[tuple[Writer, str, str], ...] = (
    (Writer.SCREEN, SCREEN, "This is a picture or recording of a screen, not of a scene ({what})."),
    (Writer.EDITOR, EDITED, "A program for editing or converting wrote this file or its tags ({what})."),
    (Writer.PLATFORM, PLATFORM, "This is a copy from a messenger or platform ({what})."),
    (Writer.ENCODER, REENCODED, "The pictures were encoded anew by a program ({what})."),
    (Writer.MUXER, REMUXED, "A program packed the streams into a new container ({what})."),
    (Writer.CAMERA, CAMERA, "The file is consistent with a camera original ({what})."),
)
_CAVEATS = {
    SCREEN: "A name is given by anybody; a screen recording can show an original faithfully.",
    EDITED: "It does not say what was changed: turning, cropping and developing leave the same trace as a retouch.",
    PLATFORM: "Messengers and platforms compress anew and remove metadata from every file; that is normal there.",
    REENCODED: "Platforms, editors and archives encode anew as a matter of course; it says nothing of the content.",
    REMUXED: "Downloading and repairing do this without touching the pictures; whether they were encoded anew is open.",
    CAMERA: "Tags and structure can be copied; a careful hand leaves them as they were.",
    UNDETERMINED: "Nothing in the file tells: that is neither for nor against it.",
}
_EXAMINED = (Kind.PHOTO, Kind.VIDEO, Kind.AUDIO)


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """One class for each photo and recording; besides, marks of generators and the absence of camera data."""
    if dossier.exhibit.kind not in _EXAMINED or not any(said.reading.subject is None for said in dossier.readings):
        return
    view = own(dossier)
    found = signs(view)
    yield _class(view, found)
    marked = [sign for sign in found if sign.writer is Writer.GENERATOR]
    if marked:
        yield _generated(view, marked)
    is_named = next(view.all(*CAMERA_NAMES), None) is not None  # a model without its maker is a name as well
    silent = not is_named and not any(sign.writer is Writer.CAMERA and not sign.weak for sign in found)
    told_beside = any(reading.key in MAKERS_OF_SIDECARS for reading in view.beside)
    unread = any(fault.kind is not FaultKind.ABSENT for fault in dossier.faults)
    if silent and not told_beside and not unread and dossier.exhibit.kind is not Kind.AUDIO:
        yield _stripped(view)


def _class(view: Own, found: list[Sign]) -> Finding:
    for writer, code, sentence in _ORDER:
        deciding = [sign for sign in found if sign.writer is writer]
        if any(not sign.weak for sign in deciding):
            missing = lacks(view) if code == CAMERA else []
            if missing:
                return _named(view, deciding, missing)
            what = ", ".join(dict.fromkeys(sign.what for sign in deciding if not sign.weak))[:160]
            outcome = FindingOutcome.SUPPORTS if code == CAMERA else FindingOutcome.NOTES
            against = [sign for sign in found if sign.writer not in (writer, Writer.GENERATOR)]
            return _finding(view, code, outcome, sentence.format(what=what), deciding, against)
    sentence = "What last wrote this file cannot be determined."
    return _finding(view, UNDETERMINED, FindingOutcome.INCONCLUSIVE, sentence, found, [])


def _finding(
    view: Own, code: str, outcome: FindingOutcome, statement: str, because: list[Sign], contrary: list[Sign]
) -> Finding:
    structure = [
        f"{reading.key}: {str(reading.value)[:160]} ({reading.location})"
        for reading in view.all("mp4:major_brand", "mp4:compatible_brands", "mp4:order")
    ]
    return Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.PROVENANCE,
        outcome=outcome,
        code=code,
        statement=statement,
        because=(*dict.fromkeys(f"{sign.because}: {sign.what}" for sign in because[:MOST_SHOWN]), *structure[:3]),
        contrary=tuple(dict.fromkeys(f"{sign.because}: {sign.what}" for sign in contrary[:MOST_SHOWN])),
        caveat=_CAVEATS[code],
    )


def _named(view: Own, deciding: list[Sign], missing: list[Lack]) -> Finding:
    """A camera's name stands in a file that is not built as that camera's files are."""
    camera = next((sign.what for sign in deciding if not sign.weak), "")
    return Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.PROVENANCE,
        outcome=FindingOutcome.INCONCLUSIVE,
        code=NAMED,
        because=tuple(dict.fromkeys(f"{sign.because}: {sign.what}" for sign in deciding[:MOST_SHOWN])),
        contrary=tuple(f"{lack.code}: {lack.because}" if lack.because else lack.code for lack in missing),
        values={"camera": camera[:160], "lack": missing[0].code, "lacks": len(missing) - 1},
    )


def _generated(view: Own, marked: list[Sign]) -> Finding:
    what = ", ".join(dict.fromkeys(sign.what for sign in marked))[:160]
    return Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.PROVENANCE,
        outcome=FindingOutcome.NOTES,
        code=GENERATED,
        statement=f"The file bears a mark of a generator of pictures ({what}).",
        because=tuple(dict.fromkeys(sign.because for sign in marked[:MOST_SHOWN])),
        caveat="The mark may concern a part only, and can be put on any file; its absence proves nothing.",
    )


def _stripped(view: Own) -> Finding:
    return Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.PROVENANCE,
        outcome=FindingOutcome.NOTES,
        code=STRIPPED,
    )


CHECK = Check(name="lineage", version=3, codes=CODES, check=check)
