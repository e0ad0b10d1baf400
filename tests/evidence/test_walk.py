"""Every entry of a hostile folder is found or skipped with its reason, and no link leads out of it."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import PathNotFound
from verifier.evidence import walk as walking
from verifier.evidence.walk import CASE, DEVICE, FIFO, LINK, MOVED, SOCKET, VANISHED, Found, walk
from verifier.records import Skipped

POSIX = pytest.mark.skipif(os.name == "nt", reason="names and kinds of entries that only Unix has")
ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root makes devices")

NAMES = [
    b"plain.jpg", b".nomedia", b"Thumbs.db", b"-rf", b"--help.jpg", b"two\nlines.jpg", b"\x1b[31mred\x1b[0m.jpg",
    b"\x1b]8;;http:x\x07link", "photo_\u202egpj.exe".encode(), "عکس.jpg".encode(), b"n" * 251 + b".jpg",
    b"\xff\xfe\x80 not utf-8.jpg", "e\u0301.jpg".encode(), "\u00e9.jpg".encode(), b"CASE.jpg", b"case.jpg", b"dot.",
    b"space ", b"CON", b"aux.txt",
    b"a:b.jpg", b"back\\slash.jpg", b"$(touch x).jpg", b"`id`.jpg", b"%s%n.jpg", b"*?[a].jpg",
    b"[bold red]rich.jpg", b"'; DROP TABLE exhibit; --", b"<img src=x onerror=alert(1)>.jpg", b"=1+1.csv", b"@import",
    b"http:__x", b"concat:a|b", b" ", b"\t", b"\r.jpg", b"~", b"x|y", b"\x01\x02",
]  # fmt: skip


def sorted_walk(*roots: str | bytes | Path, **options: object) -> list[Found | Skipped]:
    return list(walk([os.fsencode(root) for root in roots], **options))  # type: ignore[arg-type]


def reasons(entries: list[Found | Skipped], root: Path) -> dict[str, str]:
    return {
        os.fsdecode(os.path.relpath(entry.path, os.fsencode(root))): entry.reason
        for entry in entries
        if isinstance(entry, Skipped)
    }


def found_names(entries: list[Found | Skipped]) -> list[bytes]:
    return [os.path.basename(entry.path) for entry in entries if isinstance(entry, Found)]


@POSIX
def test_every_name_is_kept_byte_for_byte_and_in_order(tmp_path: Path) -> None:
    for name in NAMES:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as stream:
            stream.write(name)
    assert found_names(sorted_walk(tmp_path)) == sorted(set(NAMES))


def test_sizes_times_and_roots(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    path = tmp_path / "below" / "a"
    path.write_bytes(b"12345")
    os.utime(path, ns=(0, 1_700_000_000_123_456_700))
    [entry] = sorted_walk(tmp_path)
    assert isinstance(entry, Found)
    assert (entry.size, entry.path, entry.root) == (5, os.fsencode(path), os.fsencode(tmp_path))
    assert entry.modified_ns == 1_700_000_000_123_456_700


@POSIX
@pytest.mark.parametrize("seconds", [-1, -2_000_000_000, 4_294_967_296, 4_310_000_000, 1 << 40])
def test_times_before_1970_after_2106_and_absurd(tmp_path: Path, seconds: int) -> None:
    path = tmp_path / "a"
    path.touch()
    os.utime(path, (seconds, seconds))
    [entry] = sorted_walk(tmp_path)
    assert isinstance(entry, Found)
    low, high = walking.INT64
    assert entry.modified_ns == min(max(path.stat().st_mtime_ns, low), high)


@POSIX
def test_what_is_no_file_is_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").touch()
    (tmp_path / "to-file").symlink_to("file")
    (tmp_path / "to-nothing").symlink_to("nothing")
    (tmp_path / "to-itself").symlink_to("to-itself")
    (tmp_path / "to-up").symlink_to("..")
    (tmp_path / "to-root").symlink_to("/")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    try:
        os.chdir(tmp_path)  # a socket's path may only be short
        server.bind("socket")
    finally:
        os.chdir(here)
        server.close()
    entries = sorted_walk(tmp_path)
    assert reasons(entries, tmp_path) == {
        "fifo": FIFO,
        "socket": SOCKET,
        **dict.fromkeys(["to-file", "to-nothing", "to-itself", "to-up", "to-root"], LINK),
    }
    assert found_names(entries) == [b"file"]


@ROOT
def test_devices(tmp_path: Path) -> None:
    os.mknod(tmp_path / "zero", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    os.mknod(tmp_path / "disk", stat.S_IFBLK | 0o600, os.makedev(7, 200))
    assert set(reasons(sorted_walk(tmp_path), tmp_path).values()) == {DEVICE}


@POSIX
def test_a_given_link_is_not_followed_either(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "secret").touch()
    (tmp_path / "link").symlink_to("folder")
    assert reasons(sorted_walk(tmp_path / "link"), tmp_path) == {"link": LINK}


@POSIX
def test_a_folder_below_a_link_is_taken_when_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "real" / "inner" / "a").touch()
    (tmp_path / "link").symlink_to("real")
    assert found_names(sorted_walk(tmp_path / "link" / "inner")) == [b"a"]


@contextmanager
def nobody() -> Iterator[Path]:
    """A folder of somebody without privileges, and being that somebody."""
    with tempfile.TemporaryDirectory() as folder:
        privileged = os.geteuid() == 0
        if privileged:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if privileged:
                os.seteuid(0)


@POSIX
def test_an_unreadable_folder_is_named() -> None:
    with nobody() as folder:
        (folder / "closed").mkdir(mode=0)
        (folder / "open").touch()
        entries = sorted_walk(folder)
        (folder / "closed").chmod(0o700)
    assert reasons(entries, folder) == {"closed": "cannot be read: Permission denied"}
    assert found_names(entries) == [b"open"]


def test_a_file_that_is_given_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / ".hidden no extension"
    path.write_bytes(b"x")
    [entry] = sorted_walk(path)
    assert isinstance(entry, Found)
    assert entry.root == os.fsencode(tmp_path)


def test_what_is_not_there_is_said_before_anything_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(PathNotFound, match="nothing at"):
        next(walk([os.fsencode(tmp_path / "a"), os.fsencode(tmp_path / "b")]))


def test_the_case_is_not_taken_into_itself(tmp_path: Path) -> None:
    (tmp_path / "case" / "objects").mkdir(parents=True)
    (tmp_path / "case" / "objects" / "x").touch()
    (tmp_path / "evidence").touch()
    entries = sorted_walk(tmp_path, avoid=tmp_path / "case")
    assert reasons(entries, tmp_path) == {"case": CASE}
    assert found_names(entries) == [b"evidence"]
    inside = tmp_path / "case" / "objects"
    assert reasons(sorted_walk(inside, avoid=tmp_path / "case"), tmp_path) == {"case/objects": CASE}
    assert reasons(sorted_walk(tmp_path / "case", avoid=tmp_path / "case"), tmp_path) == {"case": CASE}


def test_one_root_within_another_is_met_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").touch()
    for roots in (
        [tmp_path, tmp_path / "a"],
        [tmp_path / "a", tmp_path],
        [tmp_path, tmp_path],
        [tmp_path / "a" / ".." / "a"],
    ):
        assert found_names(sorted_walk(*roots)) == [b"x"]


@POSIX
def test_a_given_folder_that_only_a_link_leads_to_is_not_dropped(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "sub").mkdir(parents=True)
    (tmp_path / "elsewhere" / "sub" / "x").touch()
    given_folder = tmp_path / "given"
    given_folder.mkdir()
    (given_folder / "link").symlink_to(tmp_path / "elsewhere")
    entries = sorted_walk(given_folder, given_folder / "link" / "sub")
    assert found_names(entries) == [b"x"]


@POSIX
def test_deeper_than_the_recursion_limit_the_open_files_and_path_max(tmp_path: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (160, hard))
    try:
        folder = os.open(tmp_path, os.O_RDONLY)
        for level in range(1500):
            with open(os.open(f"{level:04d}", os.O_WRONLY | os.O_CREAT, dir_fd=folder), "wb"):
                pass
            os.mkdir("d" * 9, dir_fd=folder)
            below = os.open("d" * 9, os.O_RDONLY, dir_fd=folder)
            os.close(folder)
            folder = below
        os.close(folder)
        entries = sorted_walk(tmp_path)
        assert sorted(found_names(entries)) == [b"%04d" % level for level in range(1500)]
        assert len(entries) == 1500
        assert max(len(entry.path) for entry in entries) > 15_000
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        subprocess.run(["rm", "-rf", tmp_path], check=True)  # shutil is recursive


@POSIX
def test_descriptors_are_given_back_even_when_the_walk_is_left(tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c" / "x").touch()
    (tmp_path / "a" / "b" / "y").touch()
    before = len(os.listdir("/dev/fd"))
    entries = walk([os.fsencode(tmp_path)])
    next(entries)
    entries.close()  # type: ignore[attr-defined]
    assert len(os.listdir("/dev/fd")) == before


@POSIX
def test_an_entry_that_vanishes_is_accounted_for(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "b").touch()
    (tmp_path / "c").mkdir()
    entries = walk([os.fsencode(tmp_path)])
    assert isinstance(next(entries), Found)
    (tmp_path / "b").unlink()
    (tmp_path / "c").rmdir()
    assert [(entry.path[-1:], entry.reason) for entry in entries if isinstance(entry, Skipped)] == [
        (b"b", VANISHED),
        (b"c", VANISHED),
    ]


@POSIX
def test_a_folder_swapped_for_a_link_leads_nowhere(tmp_path: Path) -> None:
    """The swap happens between the listing of the parent and the opening of the child."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").touch()
    given_folder = tmp_path / "given"
    (given_folder / "b").mkdir(parents=True)
    (given_folder / "a").touch()
    entries = walk([os.fsencode(given_folder)])
    next(entries)
    (given_folder / "b").rmdir()
    (given_folder / "b").symlink_to(outside)
    assert [entry for entry in entries if isinstance(entry, Found)] == []


@POSIX
def test_swapping_without_end_never_leads_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").touch()
    given_folder = tmp_path / "given"
    given_folder.mkdir()
    for name in ("real", "spare"):
        (given_folder / name).mkdir()
        (given_folder / name / "inside").touch()
    (given_folder / "link").symlink_to(outside)
    ends = threading.Event()

    def swap() -> None:
        while not ends.is_set():
            for source, target in (("real", "x"), ("link", "real"), ("real", "link"), ("x", "real")):
                os.rename(given_folder / source, given_folder / target)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        seen = Counter(name for _ in range(400) for name in found_names(sorted_walk(given_folder)))
    finally:
        ends.set()
        swapper.join()
    assert b"secret" not in seen
    assert seen[b"inside"] > 0


@POSIX
def test_a_folder_moved_away_under_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its descriptor given back, a moved ancestor is not found again: what was still to come in it is said."""
    monkeypatch.setattr(walking, "HELD_DIRECTORIES", 1)
    given_folder = tmp_path / "given"
    (given_folder / "a" / "b" / "c").mkdir(parents=True)
    (given_folder / "a" / "b" / "c" / "1").touch()
    (given_folder / "a" / "z").touch()
    (given_folder / "y").touch()
    entries = walk([os.fsencode(given_folder)])
    assert next(entries).path.endswith(b"/1")
    os.rename(given_folder / "a" / "b", tmp_path / "moved")
    os.rename(given_folder / "a", tmp_path / "gone")
    lost, left = entries
    assert isinstance(lost, Skipped) and lost.path.endswith(b"/a/z") and lost.reason == MOVED
    assert isinstance(left, Found) and left.path.endswith(b"/y")


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none(),
        lambda inner: st.dictionaries(st.text("abcé", min_size=1, max_size=3), inner, max_size=4),
        max_leaves=20,
    )
)
def test_any_tree_is_accounted_for(tmp_path_factory: pytest.TempPathFactory, tree: object) -> None:
    root = tmp_path_factory.mktemp("tree")
    expected: set[str] = set()

    def plant(folder: Path, branch: dict[str, object]) -> None:
        for name, below in branch.items():
            if isinstance(below, dict):
                (folder / name).mkdir()
                plant(folder / name, below)
            else:
                (folder / name).touch()
                expected.add(os.fspath(folder / name))

    plant(root, tree if isinstance(tree, dict) else {})
    entries = sorted_walk(root)
    assert [entry.path for entry in entries if isinstance(entry, Skipped)] == []
    assert {os.fsdecode(entry.path) for entry in entries} == expected
    assert len(entries) == len(expected)
