"""What is said of each C2PA state, and that absence is never a finding."""

from __future__ import annotations

import pytest

from tests.metadata.dossiers import case, dossier, said
from verifier.findings.manifest import CHECK, CODES
from verifier.records import Finding, FindingOutcome
from verifier.report.language import language
from verifier.report.sentences import caveat, plain, statement


def findings(state: str, *codes: str, **more: str) -> list[Finding]:
    readings = [said("c2pa:state", state), *(said("c2pa:code", code) for code in codes)]
    readings += [said(f"c2pa:{key}", value) for key, value in more.items()]
    one = dossier(*readings)
    return list(CHECK.check(one, case(one)))


@pytest.mark.parametrize(
    ("state", "codes", "code", "outcome"),
    [
        ("trusted", (), "c2pa.trusted", FindingOutcome.SUPPORTS),
        ("valid", ("signingCredential.untrusted",), "c2pa.valid", FindingOutcome.SUPPORTS),
        ("invalid", ("assertion.dataHash.mismatch",), "c2pa.changed", FindingOutcome.CONTRADICTS),
        (
            "invalid",
            ("signingCredential.untrusted", "claimSignature.mismatch"),
            "c2pa.changed",
            FindingOutcome.CONTRADICTS,
        ),
        ("invalid", ("algorithm.unsupported",), "c2pa.malformed", FindingOutcome.INCONCLUSIVE),
        ("remote", (), "c2pa.remote", FindingOutcome.NOT_ASSESSED),
        ("unreadable", (), "c2pa.unreadable", FindingOutcome.INCONCLUSIVE),
    ],
)
def test_what_each_state_means(state: str, codes: tuple[str, ...], code: str, outcome: FindingOutcome) -> None:
    (finding,) = findings(state, *codes, signer="A newsroom")
    assert (finding.code, finding.outcome) == (code, outcome)
    assert finding.because[0].startswith("c2pa:state")
    assert "verified" not in plain(statement(finding, language("en")))
    assert code in CODES


def test_absence_is_silent() -> None:
    assert findings("none") == []
    one = dossier(said("exif:Make", "Maker"))
    assert list(CHECK.check(one, case(one))) == []


def test_the_signer_and_the_codes_are_named() -> None:
    (finding,) = findings("invalid", "assertion.dataHash.mismatch", signer="A newsroom")
    told = plain(statement(finding, language("en")))
    assert "A newsroom" in told
    assert "assertion.dataHash.mismatch" in told


def test_the_address_is_a_reason_not_a_link() -> None:
    (finding,) = findings("remote", remote_url="https://example.org/m.c2pa")
    assert any("https://example.org/m.c2pa" in reason for reason in finding.because)


def test_an_identity_that_could_not_be_reached_is_noted_in_both_languages() -> None:
    (finding,) = findings("valid", "signingCredential.untrusted", signer="A newsroom", identity="unreachable")
    assert finding.outcome is FindingOutcome.SUPPORTS
    for code, word in (("en", "network"), ("fa", "شبکه")):
        assert word in plain(caveat(finding, language(code)))
    (without,) = findings("valid", signer="A newsroom")
    assert "network" not in plain(caveat(without, language("en")))


@pytest.mark.parametrize("state", ["trusted", "valid", "invalid", "remote", "unreadable"])
def test_every_state_has_a_sentence_and_a_caveat(state: str) -> None:
    (finding,) = findings(state, "cawg.ica.signature_mismatch", signer="A newsroom")
    for code in ("en", "fa"):
        words = language(code)
        assert plain(statement(finding, words)) != finding.code
        assert plain(caveat(finding, words))
