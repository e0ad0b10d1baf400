"""The lines that digests cover are the canonical form, however they are made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from verifier.canonical import encode
from verifier.store.writing import entry_line, row_line, superseded_line

cells = st.one_of(
    st.none(),
    st.text(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.binary(),
)


@given(st.dictionaries(st.text(), cells), st.integers(0, 9))
def test_a_rows_line_is_canonical_and_leaves_empty_cells_out(row: dict[str, object], position: int) -> None:
    there = {name: cell for name, cell in row.items() if cell is not None}
    assert row_line("readings", position, row) == encode(["readings", position, there]) + b"\n"
    assert row_line("readings", position, {**there, "a column of a later layout": None}) == row_line(
        "readings", position, there
    )


@given(st.text(), st.one_of(st.none(), st.text()))
def test_an_entrys_line_is_canonical(kind: str, subject: str | None) -> None:
    assert entry_line(1, kind, subject, None, 2, "0") == encode(["entry", 1, kind, subject, None, 2, "0"]) + b"\n"
    assert superseded_line(3, kind) == encode(["superseded", 3, kind]) + b"\n"
