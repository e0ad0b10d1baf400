"""The walk through links that wait for a person: shown, answered line by line, left and taken up again."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from verifier.evidence.vault import Vault
from verifier.instruments import Outcome
from verifier.records import Acquisition, Derivative, Exhibit, Kind, Match, Medium, Relation, Tier
from verifier.store import Store
from verifier.workflow.people.review import waiting

A, B, C, D = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
PICTURE = Derivative(
    id=hashlib.sha256(b"drawn").hexdigest(), recipe="evidence-aligned/1", media_type="image/jpeg", content=b"drawn"
)


def link(left: str, right: str, score: float, tier: Tier = Tier.REVIEW) -> Match:
    return Match(
        left=left, right=right, relation=Relation.SAME_SCENE, medium=Medium.IMAGE, method="m/1", score=score, tier=tier,
        because={"inliers": 31}, evidence=(PICTURE.id,) if left == A else (),
    )  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Path:
    root = tmp_path / "case"
    Store.create(root, title="t", at="2026-01-01T00:00:00Z", tool_version="0")
    taken = [
        (
            Exhibit(id=name, sha512=name * 2, size=1, kind=Kind.PHOTO, media_type="image/jpeg"),
            Acquisition(exhibit=name, path=b"/e/" + name[:1].encode(), name=name[:1].encode() + b".jpg", size=1,
                        modified_ns=None, device=None, inode=None, acquired_at="2026-01-01T00:00:00Z"),
        )
        for name in (A, B, C, D)
    ]  # fmt: skip
    now = "2026-01-02T00:00:00Z"
    Vault(root).keep_derivative(PICTURE)
    with Store.open(root, writing=True) as store:
        store.take_in(taken, [], batch=None, actor="A", at=now)
        store.record([Outcome(exhibit=A, runs=(), records={"evidence": (PICTURE,)})], actor="A", at=now)
        links = [link(A, B, 0.5), link(A, C, 0.9), link(B, C, 0.7), link(C, D, 0.99, Tier.LIKELY)]
        store.compared(links, [], actor="A", at=now, detail={})
    return root


def walk(case: Path, answers: str) -> str:
    """The walk alone, in a process of its own, with lines for its standard input."""
    code = (
        "import sys; from pathlib import Path; from verifier.store import Store;"
        "from verifier.evidence.vault import Vault;"
        "from verifier.commands.review_walk import walk; root = Path(sys.argv[1]);"
        "store = Store.open(root, writing=True); walk(store, Vault(root), 'R. N.'); store.close()"
    )
    done = subprocess.run([sys.executable, "-c", code, str(case)], input=answers, capture_output=True, text=True,
                          check=True, env={**os.environ, "COLUMNS": "500"})  # fmt: skip
    return done.stdout


def decisions(case: Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    with Store.open(case, writing=False) as store:
        return {(v.left, v.right): (v.decision, v.note, v.by) for v in store.dossier().verdicts}


def test_only_what_waits_is_shown_most_alike_first(case: Path) -> None:
    with Store.open(case, writing=False) as store:
        pairs = waiting(store.dossier())
    assert [(pair.left, pair.right) for pair in pairs] == [(A, C), (B, C), (A, B)]
    assert pairs[0].names == ("a.jpg", "c.jpg")
    assert pairs[0].pictures == (("evidence-aligned/1", PICTURE.id, "image/jpeg"),)


def test_answers_are_kept_at_once_with_their_notes_and_the_walk_is_taken_up_again(case: Path) -> None:
    said = walk(case, "perhaps\ns the same balcony\nskip\nq\n")
    assert "none of the answers" in said and "1 decided, 2 still wait" in said
    assert "a.jpg" in said and "inliers 31" in said and "evidence-aligned" in said
    assert decisions(case) == {(A, C): ("same", "the same balcony", "R. N.")}
    again = walk(case, "different\n")  # B beside C and beside A, which is C's recording now
    assert "Link 1 of 1" in again and "1 decided, 0 still wait" in again and "It holds for 1 more pair of" in again
    assert decisions(case)[B, C][0] == "different" and (A, B) not in decisions(case)
    assert "No link waits" in walk(case, "")


def test_an_answer_holds_for_what_it_makes_one(case: Path) -> None:
    said = walk(case, "same\ndifferent\n")
    assert "2 decided, 0 still wait" in said and said.count("Link ") == 2
    assert {key: value[0] for key, value in decisions(case).items()} == {(A, C): "same", (B, C): "different"}


def test_pictures_lie_in_the_case_while_the_walk_lasts(case: Path) -> None:
    said = walk(case, "open\nq\n")
    path = Path(re.search(r"/\S+1-evidence-aligned\.jpg", said).group())
    assert case in path.parents and not path.exists() and not list((case / "tmp").iterdir())
    assert "viewer of your own" in said or "Opened" in said


def test_the_end_of_the_input_is_the_end_of_the_walk(case: Path) -> None:
    assert "0 decided, 3 still wait" in walk(case, "")
    assert decisions(case) == {}
