"""A certificate under US Federal Rule of Evidence 902(14), as a draft with blanks.

A qualified person fills it in and signs it, or nobody does: nothing of it is filled in here, and the schedule of
digests stands apart from the statement, for that person to check. It goes to authenticity alone; counsel decides
whether and how it is used. The form is that of a United States court, so it is in English in every report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from verifier.dossier import CaseDossier
from verifier.report.blocks import Bullets, Cell, Exact, Report, Section, Table, Text, Word, exact, shown
from verifier.report.pages.exhibit_box import title
from verifier.report.writers import html_report, pdf_report

BLANK = "____________________________________"
TITLE = "Certificate under Fed. R. Evid. 902(14)"
ASKED = (
    "Name of the person who certifies",
    "Position and address",
    "Qualifications: training and experience with digital identification",
    "When and where the copies were made or checked, and by whom",
    "The process of digital identification that was used, step by step",
    "The tool and its version",
    "The algorithm (the hash function) and what it does",
    "What was compared with what, and the result",
    "Why the process is reliable, and how that is known",
    "What was not examined, and any deviation",
)


def pages(case: CaseDossier) -> Report:
    """The draft as blocks: statement with blanks, declaration with blanks, schedule of digests to be checked."""
    blanks: list[tuple[Cell, ...]] = [((Word(asked),), (Exact(BLANK),)) for asked in ASKED]
    statement = (
        Text(_words("Every line below is for a qualified person to fill in from their own knowledge. Do not sign what "
                    "you have not done or checked yourself.")),
        Table(("To be stated", "By the person who certifies"), tuple(blanks), labelled=True, widths=(5, 6)),
    )  # fmt: skip
    declaration = (
        Text(_words("I declare under penalty of perjury under the laws of the United States of America that the "
                    "foregoing is true and correct (28 U.S.C. § 1746).")),
        Table(("", ""), tuple((_words(asked), (Exact(BLANK),)) for asked in ("Executed on (date)", "At (place)",
              "Signature", "Printed name")), labelled=True, widths=(5, 6)),
    )  # fmt: skip
    limits = Bullets(
        (
            _words("It speaks of authenticity only: not of truth, relevance or hearsay."),
            _words(
                "It shows that a copy is the same as what was taken in, not where that came from or when it was made."
            ),
            _words("The other party must have reasonable notice and a chance to examine (Rule 902(11), (14))."),
            _words("Courts of other countries and international courts have rules of their own."),
        )
    )
    rows = tuple(
        (
            title(dossier),
            exact(identity, mono=True),
            exact(dossier.exhibit.sha512, mono=True),
            exact(dossier.exhibit.size),
        )
        for identity, dossier in sorted(case.exhibits.items())
    )
    schedule = (
        Text(_words("As recorded when the files were taken in. The person who certifies computes them again.")),
        Table(("Exhibit", "SHA-256", "SHA-512", "Bytes"), rows, widths=(3, 5, 6, 1)),
    )  # fmt: skip
    return Report(
        title=shown(case.title),
        banner=Text(_words("DRAFT WITH BLANKS – not signed, not filled in, not a certificate"), "warning"),
        note="For counsel and a qualified person. The tool certifies nothing.",
        front=(
            Section("certificate", TITLE, statement),
            Section("declaration", "Declaration", declaration),
            Section("limits", "What it does not do", (limits,)),
            Section("schedule", "Schedule A: digests to be checked", schedule),
        ),
        entries=(),
        back=(),
        foot=(*exact(f"{case.tool_name} {case.tool_version}"), Word(" · "), *exact(case.custody_root, mono=True)),
    )


def _words(text: str) -> Cell:
    return (Word(text),)


def render(case: CaseDossier, workspace: Path) -> Mapping[str, bytes]:
    """The draft as a page and on paper."""
    made = pages(case)
    made_at = int(datetime.fromisoformat(case.created_at).timestamp())
    return {
        "certificate-draft.html": html_report.write(made, _no_picture, "en", TITLE, heading=TITLE),
        "certificate-draft.pdf": pdf_report.write(made, _no_picture, workspace, "en", TITLE, {}, made_at, TITLE),
    }


def _no_picture(derivative: str) -> bytes:
    raise LookupError(f"a certificate shows no picture, not {derivative}")
