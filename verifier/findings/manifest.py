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


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """At most one finding; none where no manifest was found."""
    view = own(dossier)
    state = view.text("c2pa:state")
    signer = view.text("c2pa:signer") or "an unnamed signer"
    codes = tuple(dict.fromkeys(str(reading.value) for reading in view.all("c2pa:code")))
    if state == "trusted":
        yield _finding(view, TRUSTED, Question.INTEGRITY, FindingOutcome.SUPPORTS, signer=signer)
    elif state == "valid":
        yield _finding(view, VALID, Question.INTEGRITY, FindingOutcome.SUPPORTS, signer=signer)
    elif state == "invalid":
        yield _invalid(view, codes, signer)
    elif state == "remote":
        yield _finding(view, REMOTE, Question.PROVENANCE, FindingOutcome.NOT_ASSESSED)
    elif state == "unreadable":
        yield _finding(view, UNREADABLE, Question.PROVENANCE, FindingOutcome.INCONCLUSIVE)


def _invalid(view: Own, codes: tuple[str, ...], signer: str) -> Finding:
    """Other bytes or another statement than were signed contradict; every other failure is the manifest's own."""
    telling = [code for code in codes if code in _OTHER_BYTES + _OTHER_STATEMENT]
    if not telling:
        failed = [code for code in codes if not code.endswith(".untrusted")]
        named = ", ".join(failed[:4]) or None
        return _finding(view, MALFORMED, Question.INTEGRITY, FindingOutcome.INCONCLUSIVE, codes=named)
    changed = "bytes" if any(code in _OTHER_BYTES for code in telling) else "statement"
    return _finding(
        view, CHANGED, Question.INTEGRITY, FindingOutcome.CONTRADICTS, signer=signer, codes=", ".join(telling),
        changed=changed,
    )  # fmt: skip


def _finding(view: Own, code: str, question: Question, outcome: FindingOutcome, **values: Scalar) -> Finding:
    if view.text("c2pa:identity") == "unreachable":
        values["identity"] = "unreachable"
    keys = (
        "c2pa:state", "c2pa:identity", "c2pa:signer", "c2pa:signed_at", "c2pa:remote_url", "c2pa:problem",
        "c2pa:trust_list",
    )  # fmt: skip
    because = [ref(reading) for key in keys for reading in view.all(key)][:6]
    because += [ref(reading) for reading in view.all("c2pa:code")][:6]
    return Finding(
        exhibit=view.dossier.exhibit.id,
        question=question,
        outcome=outcome,
        code=code,
        because=tuple(because),
        values=values,
    )


CHECK = Check(name="c2pa", version=2, codes=CODES, check=check)
