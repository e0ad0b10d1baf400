"""`--only`: chosen instruments now, the others another day."""

from __future__ import annotations

from pathlib import Path

from tests.commands.running import verify
from tests.media.making import still
from verifier.store import Store


def test_chosen_instruments_now_and_the_others_later(tmp_path: Path) -> None:
    folder, case = tmp_path / "evidence", tmp_path / "case"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(still())
    plain = ("ingest", folder, "--case", case, "--quiet", "--no-dedup", "--no-check")
    assert verify(*plain, "--only", "exif, pdq").code == 0
    assert instruments(case) == {"exif", "pdq"}
    assert verify(*plain).code == 0
    assert instruments(case) > {"exif", "pdq", "thumbnail"}
    wrong = verify(*plain, "--only", "exif,crystal-ball")
    assert wrong.code == 2
    assert "crystal-ball" in wrong.err
    assert "thumbnail" in wrong.err


def instruments(case: Path) -> set[str]:
    with Store.open(case, writing=False) as store:
        return {run.instrument for dossier in store.dossier().exhibits.values() for run in dossier.runs}
