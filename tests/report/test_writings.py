"""The second look finds a secret in writings that nobody listed for it: both sides are brought to one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.contracts.extremes import WALLS
from tests.report import writings
from tests.report.sample_case import case
from verifier.dossier import CaseDossier
from verifier.errors import RedactionLeak
from verifier.geo.coordinates import geohash, plus_code
from verifier.geo.position import Position
from verifier.records import Fact, Moment, Sourced, Verdict, Zone
from verifier.report.redaction.pieces import Form, Secret, pieces_of
from verifier.report.redaction.policy import Policy
from verifier.report.redaction.scan import Scanner
from verifier.report.redaction.secrets import secrets_of, told_of
from verifier.workflow.redact import refuse_leaks


def missed(scanner: Scanner, pages: Iterator[tuple[str, bytes]]) -> list[str]:
    return [name for name, page in pages if not scanner.leaks({"page": page})]


def known(**facts: object) -> CaseDossier:
    """A case of one exhibit with these facts and nothing else that can be searched for."""
    base = case(2)
    made = {
        question: Fact(question=question, best=Sourced(value=value, basis="exif", location="Exif"))  # type: ignore[arg-type]
        for question, value in facts.items()
    }
    key, dossier = next(iter(base.exhibits.items()))
    alone = replace(dossier, facts=made, acquisitions=(), readings=(), claims=(), findings=(), faults=(), events=())
    return replace(base, exhibits={key: alone}, matches=(), groups=(), batches=(), skipped=(), custody=())


@pytest.mark.parametrize("secret", ["Farhad Moradzadeh", "نسرین کاظمی نیا", "@voice_of_7_alley, Karaj"])
def test_any_text_is_found_in_every_encoding(secret: str) -> None:
    assert missed(Scanner([Secret("claim", secret)]), writings.encoded(secret)) == []


def operated_by(name: str) -> Scanner:
    seen = Verdict(left="", right="", decision="same", note="", by=name, at="2026-02-02T10:00:00.000Z")
    return Scanner(secrets_of(replace(known(), verdicts=(seen,)), Policy()))


def test_a_name_is_found_in_other_orders_parts_and_scripts() -> None:
    wrong = [how for how, secret, told in writings.names()
             if not operated_by(secret).leaks({"page": f"seen by {told} there".encode()})]  # fmt: skip
    assert wrong == []
    for harmless in ("seen by nobody there", "مهر و کرم و زمین", "Morad had a forehead", "the second look found none"):
        assert operated_by("فرهاد مرادزاده").leaks({"page": harmless.encode()}) == [], harmless


def test_numbers_and_identifiers_are_found_however_they_are_grouped() -> None:
    wrong = [(secret, told) for kind, secret, told in writings.numbers()
             if not Scanner(pieces_of(kind, secret)).leaks({"page": f"it is ({told}) there".encode()})]  # fmt: skip
    assert wrong == []


@pytest.fixture(scope="module")
def of_times() -> Scanner:
    wall = writings.WALL.strftime("%Y-%m-%dT%H:%M:%S")
    taken = Moment(text="2026:01:08 18:04:11", wall=wall, zone=Zone.OFFSET, offset_minutes=210)
    return Scanner(secrets_of(known(captured_at=taken), Policy()))


def test_a_time_is_found_in_every_calendar_and_notation(of_times: Scanner) -> None:
    pages = list(writings.times())
    assert len(pages) > 60
    assert missed(of_times, ((told, f"taken {told} there".encode()) for told in pages)) == []


def test_a_day_that_may_be_told_is_no_leak_and_a_day_of_a_year_is(of_times: Scanner) -> None:
    days = ("2026-01-08", "8 January 2026", "2026-01-08T00:00:00Z", "2026-01-08T23:59:59Z", "۱۸ دی ۱۴۰۴")
    for told in days:
        assert of_times.leaks({"page": f"taken {told} there".encode()}) == [], told
    taken = Moment(text="", wall="2026-01-08T18:04:11", zone=Zone.LOCAL)
    only_years = Scanner(secrets_of(known(captured_at=taken), Policy(times="year")))
    for told in (*days[:2], days[4], "08/01/2026", "1404/10/18", "19 Rajab 1447", "20260108", "Jan 8, 2026"):
        assert only_years.leaks({"page": f"taken {told} there".encode()}), told
    assert only_years.leaks({"page": b"taken in 2026, 8 exhibits"}) == []


@pytest.mark.parametrize("wall", WALLS)
def test_a_time_at_an_end_of_the_calendar_is_looked_for_as_it_is_written(wall: str) -> None:
    told = Secret("reading", wall[:19], form=Form.MOMENT)
    found = Scanner([told]).leaks({"page": f"taken {wall[:16].replace('T', ' ')} there".encode()})
    assert bool(found) is (wall[11:16] not in ("00:00", "23:59"))


@pytest.fixture(scope="module")
def of_points() -> Scanner:
    point = {"position_latitude": writings.LATITUDE, "position_longitude": writings.LONGITUDE}
    return Scanner(secrets_of(known(**point), Policy()))


def test_a_point_is_found_in_every_notation(of_points: Scanner) -> None:
    point = Position(latitude_degrees=writings.LATITUDE, longitude_degrees=writings.LONGITUDE)
    code, hashed = plus_code(point), geohash(writings.LATITUDE, writings.LONGITUDE, 7)
    pages = [told for told in writings.points() if "P97X" not in told.upper()] + [code, code[4:], hashed]
    assert len(pages) > 60
    assert missed(of_points, ((told, f"at ({told}) there".encode()) for told in pages)) == []


def test_coarse_and_other_points_are_no_leak(of_points: Scanner) -> None:
    for told in (
        "35.7 51.4",
        "35.71, 51.40",
        "35.698, 51.338",
        "35 42 51 23",
        "width 1920 height 1080",
        "35.712 52.399",
    ):
        assert of_points.leaks({"page": f"at ({told}) there".encode()}) == [], told
    policy = Policy(coordinates="3")
    point = known(position_latitude=writings.LATITUDE, position_longitude=writings.LONGITUDE)
    finer = Scanner(secrets_of(point, policy), told=told_of(point, policy))
    assert finer.leaks({"page": b"at (35.712, 51.399)"}) == []
    assert finer.leaks({"page": b"at (35.7124, 51.3987)"})


def test_a_leak_says_where_from_and_where_it_stands() -> None:
    point = known(serial="SN99Q1X77")
    scanner = Scanner(secrets_of(point, Policy()))
    (exhibit,) = point.exhibits
    page = b"<p>one</p>\n<p>two</p>\n<p>serial SN99-Q1X77</p>\n"
    (leak,) = scanner.leaks({"report.html": page})
    assert scanner.place(leak, page) == "report.html (line 3)"
    assert exhibit[:12] in leak.where and "serial" in leak.where
    page = b'{"exhibits": [{"facts": {"software": "SN99Q1X77"}}]}'
    (leak,) = scanner.leaks({"report.json": page})
    assert scanner.place(leak, page) == "report.json (exhibits[0].facts.software)"
    with pytest.raises(RedactionLeak) as refused:
        refuse_leaks(scanner, {"report.json": page})
    for said in ("exhibits[0].facts.software", exhibit[:12], "serial"):
        assert said in refused.value.sentence
    assert "SN99" not in refused.value.sentence
