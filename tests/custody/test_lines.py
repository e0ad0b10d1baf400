"""The log as a file that a stranger can follow."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.custody.logs import log
from verifier.chain import Head
from verifier.custody import seal
from verifier.custody.lines import follow, read_line, write_lines


def test_a_log_is_written_and_read_back_whole() -> None:
    events = log(7)
    lines = list(write_lines(events))
    assert [read_line(line) for line in lines] == events
    root = seal.checkpoint("x", events).root
    assert follow(lines) == (Head(size=7, digest=events[-1].digest, root=root), ())
    assert follow([]) == (None, ())


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_log_can_be_followed_with_sha256sum_alone(tmp_path: Path) -> None:
    """The very commands of docs/custody.md."""
    (tmp_path / "custody.jsonl").write_bytes(b"".join(write_lines(log(4))))
    script = """
        previous=0000000000000000000000000000000000000000000000000000000000000000
        while IFS= read -r line; do
          case $line in *"\\"previous\\":\\"$previous\\""*) ;; *) echo broken; exit 1 ;; esac
          previous=$(printf %s "$line" | sha256sum | cut -d' ' -f1)
        done < custody.jsonl
        echo "$previous"
    """
    command = Path(__file__).parent.parent.parent / "docs" / "custody.md"
    assert all(line.strip() in command.read_text() for line in script.splitlines())
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == log(4)[-1].digest


@given(st.integers(0, 3), st.data())
def test_any_flipped_bit_of_a_line_but_the_last_is_named(line: int, data: st.DataObject) -> None:
    lines = list(write_lines(log(5)))
    content = bytearray(lines[line])
    bit = data.draw(st.integers(0, (len(content) - 1) * 8 - 1))  # not the newline
    content[bit // 8] ^= 1 << bit % 8
    head, problems = follow([*lines[:line], bytes(content), *lines[line + 1 :]])
    assert {problem.where for problem in problems} & {f"line {line + 1}", f"line {line + 2}"}
    assert head is not None


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"[]", b"{}", b"\xff", b"1", b'{"seq":1}', b"{" * 100_000, b" " * (1 << 21)]
)
def test_what_is_no_event_is_named(line: bytes) -> None:
    with pytest.raises(ValueError):
        read_line(line)
    head, problems = follow([line])
    assert head is None
    assert len(problems) == 1


def test_the_same_event_in_other_spacing_is_not_the_line() -> None:
    with pytest.raises(ValueError, match="canonical"):
        read_line(next(iter(write_lines(log(1)))).replace(b'","', b'", "'))
