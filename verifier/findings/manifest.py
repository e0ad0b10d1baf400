"""What a C2PA manifest means for an analyst: intact, by whom, or not as it was signed. Absence is never a finding."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import Own, own, ref
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Scalar

TRUSTED, VALID, CHANGED = "c2pa.trusted", "c2pa.valid", "c2pa.changed"
MALFORMED, REMOTE, UNREADABLE = "c2pa.malformed", "c2pa.remote", "c2pa.unreadable"
CODES = (TRUSTED, VALID, CHANGED, MALFORMED, REMOTE, UNREADABLE)

# Codes that say: these bytes, or this statement, are other than what was signed (C2PA 2.x, validation status).
_OTHER_BYTES = ("assertion.dataHash.mismatch", "assertion.bmffHash.mismatch", "assertion.boxesHash.mismatch")
_OTHER_STATEMENT = ("claimSignature.mismatch", "assertion.hashedURI.mismatch")

_INTACT = "It says that nothing changed since the signing, and nothing about whether the picture is true."
_CHANGED = "A program that changes a picture and leaves the manifest in it has the same effect as a forger."
_ABSENT = "Platforms strip manifests; that there is none here proves nothing."


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """At most one finding; none where no manifest was found."""
    view = own(dossier)
    state = view.text("c2pa:state")
    signer = view.text("c2pa:signer") or "an unnamed signer"
    codes = tuple(dict.fromkeys(str(reading.value) for reading in view.all("c2pa:code")))
    if state == "trusted":
        statement = f"A C2PA manifest is intact and signed by {signer}, who is on the trust list given."
        yield _finding(view, TRUSTED, Question.INTEGRITY, FindingOutcome.SUPPORTS, statement, _INTACT, signer=signer)
    elif state == "valid":
        statement = f"A C2PA manifest is intact; it names {signer}, who is on no trust list that was given."
        caveat = f"{_INTACT} Anybody can sign with a certificate of their own."
        yield _finding(view, VALID, Question.INTEGRITY, FindingOutcome.SUPPORTS, statement, caveat, signer=signer)
    elif state == "invalid":
        yield _invalid(view, codes, signer)
    elif state == "remote":
        statement = "The file says that its C2PA manifest lies at an address; it was not fetched."
        caveat = "Fetching it would tell the address's owner that somebody examines this file."
        yield _finding(view, REMOTE, Question.PROVENANCE, FindingOutcome.NOT_ASSESSED, statement, caveat)
    elif state == "unreadable":
        statement = "Something in the file calls itself a C2PA manifest and cannot be read."
        yield _finding(view, UNREADABLE, Question.PROVENANCE, FindingOutcome.INCONCLUSIVE, statement, _ABSENT)


def _invalid(view: Own, codes: tuple[str, ...], signer: str) -> Finding:
    telling = [code for code in codes if code in _OTHER_BYTES + _OTHER_STATEMENT]
    named = ", ".join(telling)
    if any(code in _OTHER_BYTES for code in telling):
        statement = f"The bytes are not those that {signer} signed ({named})."
        outcome = FindingOutcome.CONTRADICTS
    elif telling:
        statement = f"The signed statement is not the one that {signer} signed ({named})."
        outcome = FindingOutcome.CONTRADICTS
    else:
        statement = f"A C2PA manifest breaks its own rules ({', '.join(codes[:4]) or 'no code'})."
        return _finding(
            view, MALFORMED, Question.INTEGRITY, FindingOutcome.INCONCLUSIVE, statement, _ABSENT,
            codes=", ".join(codes[:4]) or None,
        )  # fmt: skip
    return _finding(
        view, CHANGED, Question.INTEGRITY, outcome, statement, _CHANGED, signer=signer, codes=named,
        changed="bytes" if any(code in _OTHER_BYTES for code in telling) else "statement",
    )  # fmt: skip


def _finding(
    view: Own, code: str, question: Question, outcome: FindingOutcome, statement: str, caveat: str, **values: Scalar
) -> Finding:
    keys = ("c2pa:state", "c2pa:signer", "c2pa:signed_at", "c2pa:remote_url", "c2pa:problem", "c2pa:trust_list")
    because = [ref(reading) for key in keys for reading in view.all(key)][:6]
    because += [ref(reading) for reading in view.all("c2pa:code")][:6]
    return Finding(
        exhibit=view.dossier.exhibit.id,
        question=question,
        outcome=outcome,
        code=code,
        statement=statement,
        because=tuple(because),
        caveat=caveat,
        values=values,
    )


CHECK = Check(name="c2pa", version=1, codes=CODES, check=check)
