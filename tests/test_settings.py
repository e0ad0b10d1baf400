"""Settings and batch notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from verifier.errors import BadSettings
from verifier.settings import KnownEvent, Settings, case_values, read_batch, read_settings


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml") == Settings()


def test_every_kind_of_setting(tmp_path: Path) -> None:
    settings = read_settings(
        write(
            tmp_path / "verify.toml",
            'operator = "R. N."\nworkers = 3\nmakernotes = true\nbanks = ["a.bank"]\n'
            '[[events]]\nname = "shutdown"\nearliest = 2026-01-08T18:00:00Z\nlatest = "2026-01-10T00:00:00Z"\n',
        )
    )
    assert settings.operator == "R. N." and settings.workers == 3 and settings.banks == ("a.bank",)
    assert settings.events[0].earliest == "2026-01-08T18:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('opertor = "x"', "'opertor' is not a setting"),
        ("operator = 3", "'operator' must be a text"),
        ("workers = true", "'workers' must be int"),
        ('banks = "a"', "'banks' must be a list of texts"),
        ("events = [1]", "'events' must be a list of tables"),
        ('[[events]]\nname = "x"', "missing"),
        ("= ", "not TOML"),
        ("country = 3", "'country' must be a text"),
    ],
)
def test_a_mistake_is_refused_with_its_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        read_settings(write(tmp_path / "verify.toml", text))


def test_a_batch_is_known_by_its_note(tmp_path: Path) -> None:
    text = 'channel = "Signal"\nrelay_chain = ["R-1", "R-2"]\nclaimed_place = "تهران، پونک"\n'
    first, second = write(tmp_path / "a.toml", text), write(tmp_path / "b.toml", text)
    assert read_batch(first) == read_batch(second)
    assert read_batch(first).relay_chain == ("R-1", "R-2")
    assert read_batch(write(tmp_path / "c.toml", text + 'consent = "yes"\n')).id != read_batch(first).id


def test_what_checks_need_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("name,latitude,longitude\nCheckpoint 7,35.5,51.5\n", encoding="utf-8")
    settings = Settings(
        gazetteers=("own.csv",),
        events=(KnownEvent(name="shutdown", earliest="2026-01-08", latest="2026-01-28"),),
    )
    values = case_values(settings, tmp_path)
    assert values["event.0.name"] == "shutdown"
    assert "event.0.place" not in values
    assert str(values["gazetteer.0"]).startswith("name,latitude")
    with pytest.raises(BadSettings, match="gazetteer"):
        case_values(replace(settings, gazetteers=("missing.csv",)), tmp_path)


def test_a_country_is_a_code(tmp_path: Path) -> None:
    assert case_values(Settings(country="AF"), tmp_path) == {"place.country": "AF"}
    assert case_values(Settings(), tmp_path) == {}
    for wrong in ("Afghanistan", "af", "A1", ""):
        with pytest.raises(BadSettings, match="country"):
            case_values(Settings(country=wrong), tmp_path)
