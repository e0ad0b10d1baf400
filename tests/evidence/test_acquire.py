"""What is read is what is kept; what changes, refuses or lies is named; a full disk or a kill loses nothing."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.test_walk import nobody
from verifier.errors import CaseUnwritable, DiskFull
from verifier.evidence import acquire as acquiring
from verifier.evidence.acquire import CHANGED, EMPTINESS, AcquiredBatch, Acquirer
from verifier.evidence.vault import Vault
from verifier.evidence.walk import FIFO, LINK, VANISHED, Found, walk
from verifier.records import Kind, Member

AT = "2026-01-09T08:30:00Z"
POSIX = pytest.mark.skipif(os.name == "nt", reason="only on Unix")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "case").mkdir()
    return Vault(tmp_path / "case")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "evidence").mkdir()
    return tmp_path / "evidence"


def found_in(*paths: Path) -> list[Found]:
    return [entry for entry in walk([os.fsencode(path) for path in paths]) if isinstance(entry, Found)]


def take(vault: Vault, entries: list[Found], **options: object) -> list[AcquiredBatch]:
    return list(Acquirer(vault).acquire(entries, at=lambda: AT, **options))  # type: ignore[arg-type]


def skipped(batches: list[AcquiredBatch]) -> dict[bytes, str]:
    return {os.path.basename(entry.path): entry.reason for batch in batches for entry in batch.skipped}


def sound(vault: Vault, batches: list[AcquiredBatch]) -> bool:
    return not any(vault.audit([exhibit.id for batch in batches for exhibit, _ in batch.taken]))


def test_what_is_known_of_a_file(vault: Vault, folder: Path) -> None:
    content = b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(3_000_000)
    path = folder / "a.jpg"
    path.write_bytes(content)
    [batch] = take(vault, found_in(folder), batch="b1", operator="analyst 3")
    [(exhibit, acquisition)] = batch.taken
    assert exhibit.id == hashlib.sha256(content).hexdigest()
    assert exhibit.sha512 == hashlib.sha512(content).hexdigest()
    assert (exhibit.size, exhibit.kind, exhibit.media_type) == (3_000_004, Kind.PHOTO, "image/jpeg")
    status = path.stat()
    assert (acquisition.path, acquisition.name) == (os.fsencode(path), b"a.jpg")
    assert (acquisition.modified_ns, acquisition.inode) == (status.st_mtime_ns, status.st_ino)
    assert (acquisition.batch, acquisition.operator, acquisition.acquired_at) == ("b1", "analyst 3", AT)
    assert acquisition.preserved and acquisition.inside is None
    assert batch.bytes == 3_000_004
    with vault.open(exhibit.id) as stream:
        assert stream.read() == content


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2_500_000])
def test_sizes_around_every_boundary(vault: Vault, folder: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)
    (folder / "x").write_bytes(content)
    batches = take(vault, found_in(folder))
    [(exhibit, _)] = batches[0].taken
    assert (exhibit.size, exhibit.id) == (size, hashlib.sha256(content).hexdigest())
    assert sound(vault, batches)


def test_the_kind_is_seen_in_head_and_tail(vault: Vault, folder: Path, fixtures: Path) -> None:
    kinds = {
        acquisition.name: exhibit.kind
        for batch in take(vault, found_in(fixtures / "demo"))
        for exhibit, acquisition in batch.taken
    }
    assert kinds[b"IMG_4821.HEIC"] is Kind.PHOTO
    assert kinds[b"IMG_4822.MOV"] is Kind.VIDEO
    assert kinds[b"VID_0001.mp4"] not in (Kind.VIDEO, Kind.AUDIO)
    assert kinds[b"empty.jpg"] is Kind.OTHER
    assert kinds[b"photos.zip"] is Kind.ARCHIVE
    assert kinds[b"balcony.wav"] is Kind.AUDIO
    assert len(kinds) == 48


def test_order_is_the_walks_whatever_the_sizes(vault: Vault, folder: Path) -> None:
    for number in range(300):
        (folder / f"{number:03d}").write_bytes(bytes([number % 251]) * (2_000_000 if number % 97 == 0 else number))
    batches = take(vault, found_in(folder))
    names = [acquisition.name for batch in batches for _, acquisition in batch.taken]
    assert names == [b"%03d" % number for number in range(300)]
    assert [len(batch.taken) for batch in batches] == [256, 44]


def test_batches_are_bounded_in_bytes(vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acquiring, "BATCH_BYTES", 1000)
    for name, size in (("a", 600), ("b", 600), ("c", 300), ("d", 5000), ("e", 1)):
        (folder / name).write_bytes(bytes(size))
    batches = take(vault, found_in(folder))
    assert [[acquisition.name for _, acquisition in batch.taken] for batch in batches] == [
        [b"a"],
        [b"b", b"c"],
        [b"d"],
        [b"e"],
    ]


def test_the_same_bytes_are_one_object_and_two_acquisitions(vault: Vault, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).write_bytes(b"same")
    [batch] = take(vault, found_in(folder))
    (one, _), (other, _) = batch.taken
    assert one == other
    assert [acquisition.name for _, acquisition in batch.taken] == [b"a", b"b"]
    assert len(list((vault.root / "objects").rglob("*/*/*"))) == 1
    take(vault, found_in(folder))
    assert len(list((vault.root / "objects").rglob("*/*/*"))) == 1
    assert list((vault.root / "tmp").iterdir()) == []


def test_by_reference_nothing_is_kept(vault: Vault, folder: Path) -> None:
    (folder / "a").write_bytes(b"x")
    [batch] = take(vault, found_in(folder), reference=True)
    [(exhibit, acquisition)] = batch.taken
    assert exhibit.id == hashlib.sha256(b"x").hexdigest()
    assert not acquisition.preserved
    assert not vault.holds(exhibit.id)
    assert list(vault.root.iterdir()) == []


def test_members_of_archives(vault: Vault) -> None:
    content = b"\xff\xd8\xff\xe0 small"
    members = [("p" * 64, Member(path=b"dir/a.jpg", content=content)), ("p" * 64, Member(path=b"b", content=content))]
    taken = Acquirer(vault).acquire_members(members, at=AT)
    assert taken[0] == Acquirer(vault).acquire_member(*members[0], at=AT)
    (exhibit, acquisition), (again, _) = taken
    assert exhibit == again
    assert exhibit.media_type == "image/jpeg"
    assert (acquisition.path, acquisition.name, acquisition.inside) == (b"dir/a.jpg", b"a.jpg", "p" * 64)
    assert acquisition.modified_ns is None
    assert vault.holds(exhibit.id)


# ---------------------------------------------------------------- what is not what it was


@POSIX
def test_what_became_something_else_since_the_walk(vault: Vault, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x").write_bytes(b"secret too")
    for name in ("gone", "link", "pipe", "folder"):
        (folder / name).write_bytes(b"x")
    (folder / "sub").mkdir()
    (folder / "sub" / "x").write_bytes(b"y")
    entries = found_in(folder)
    for name in ("gone", "link", "pipe", "folder", "sub/x"):
        (folder / name).unlink()
    (folder / "sub").rmdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "sub").symlink_to(tmp_path / "outside")
    batches = take(vault, entries)
    assert skipped(batches) == {
        b"gone": VANISHED,
        b"link": LINK,
        b"pipe": FIFO,
        b"folder": "a folder, not a file",
        b"x": "cannot be read: Not a directory",
    }
    assert [entry.at for batch in batches for entry in batch.skipped] == [AT] * 5
    assert not (vault.root / "objects").exists()


@POSIX
def test_an_unreadable_file_is_named() -> None:
    with nobody() as folder:
        (folder / "case").mkdir()
        (folder / "closed").write_bytes(b"x")
        (folder / "closed").chmod(0)
        batches = take(Vault(folder / "case"), found_in(folder / "closed"))
    assert skipped(batches) == {b"closed": "cannot be read: Permission denied"}


@POSIX
@pytest.mark.parametrize("manner", ["grows", "shrinks", "is rewritten"])
def test_a_file_that_changes_while_it_is_read_is_never_taken_half(vault: Vault, folder: Path, manner: str) -> None:
    """A real writer at work all the time; either it is said, or what was kept is one whole state of the file."""
    path = folder / "busy"
    size = 24 << 20
    path.write_bytes(bytes(size))
    entries = found_in(folder)
    ends, runs = threading.Event(), threading.Event()

    def write() -> None:
        with path.open("r+b") as stream:
            round_ = 0
            while not ends.is_set():
                round_ += 1
                if manner == "grows":
                    stream.seek(0, os.SEEK_END)
                    stream.write(b"more")
                elif manner == "shrinks":
                    os.ftruncate(stream.fileno(), size - round_ % 1000 * 4096)
                else:
                    stream.seek(round_ * 4096 % size)
                    stream.write(bytes([round_ % 256]) * 64)
                stream.flush()
                runs.set()

    writer = threading.Thread(target=write)
    writer.start()
    runs.wait()
    try:
        batches = take(vault, entries)
    finally:
        ends.set()
        writer.join()
    assert skipped(batches) == {b"busy": CHANGED}
    assert list((vault.root / "tmp").iterdir()) == []
    batches = take(vault, found_in(folder))  # quiet again
    assert skipped(batches) == {}
    assert sound(vault, batches)


@POSIX
def test_a_file_that_is_replaced_meanwhile_is_taken_whole(vault: Vault, folder: Path) -> None:
    """Somebody saves anew all the time; what is kept is the old file or the new one, never a mixture."""
    states = [bytes([number]) * (4 << 20) for number in range(4)]
    (folder / "a").write_bytes(states[0])
    entries = found_in(folder)
    ends = threading.Event()

    def save() -> None:
        number = 0
        while not ends.is_set():
            number += 1
            (folder / "new").write_bytes(states[number % 4])
            os.replace(folder / "new", folder / "a")

    saver = threading.Thread(target=save)
    saver.start()
    try:
        batches = [batch for _ in range(8) for batch in take(vault, entries)]
    finally:
        ends.set()
        saver.join()
    whole = {hashlib.sha256(state).hexdigest() for state in states}
    assert {exhibit.id for batch in batches for exhibit, _ in batch.taken} <= whole
    assert set(skipped(batches).values()) <= {CHANGED, VANISHED}


@LINUX
def test_a_file_of_the_kernel_that_claims_no_size(vault: Vault) -> None:
    """/proc says 0 bytes and gives more: that is no state that could be kept."""
    real = Path("/proc/self").resolve()
    entry = Found(path=os.fsencode(real / "status"), root=os.fsencode(real), size=0, modified_ns=0)
    assert skipped(take(vault, [entry])) == {b"status": CHANGED}


@LINUX
def test_sparse_files_stay_sparse(vault: Vault, folder: Path) -> None:
    with (folder / "sparse").open("wb") as stream:
        stream.write(b"head")
        stream.seek(40 << 20)
        stream.write(b"middle")
        stream.truncate(64 << 20)
    expected = hashlib.sha256((folder / "sparse").read_bytes()).hexdigest()
    [batch] = take(vault, found_in(folder))
    [(exhibit, _)] = batch.taken
    assert (exhibit.id, exhibit.size) == (expected, 64 << 20)
    assert Path(vault.path_of(exhibit.id)).stat().st_blocks * 512 < 4 << 20
    assert sound(vault, [batch])


@LINUX
def test_a_sparse_file_of_terabytes_is_refused_at_once(vault: Vault, folder: Path) -> None:
    with (folder / "bomb").open("wb") as stream:
        stream.truncate(1 << 43)
    (folder / "fine").write_bytes(b"x")
    batches = take(vault, found_in(folder))
    assert skipped(batches) == {b"bomb": EMPTINESS}
    assert [acquisition.name for batch in batches for _, acquisition in batch.taken] == [b"fine"]


@POSIX
def test_a_path_longer_than_the_system_takes(vault: Vault, folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=place)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    descriptor = os.open("deep.jpg", os.O_WRONLY | os.O_CREAT, dir_fd=place)
    os.write(descriptor, b"deep")
    os.close(descriptor)
    os.close(place)
    [batch] = take(vault, found_in(folder))
    [(exhibit, acquisition)] = batch.taken
    assert exhibit.id == hashlib.sha256(b"deep").hexdigest()
    assert len(acquisition.path) > 6000


@LINUX
def test_reading_leaves_the_time_of_access_alone(vault: Vault, folder: Path) -> None:
    (folder / "a").write_bytes(b"x")
    os.utime(folder / "a", (1_000_000_000, 1_100_000_000))
    take(vault, found_in(folder))
    assert (folder / "a").stat().st_atime == 1_000_000_000


# ---------------------------------------------------------------- full disks


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB, where we may make one."""
    place = tmp_path / "tiny"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small file system needs the right to mount")
    yield place
    subprocess.run(["umount", place], check=True)


@LINUX
def test_a_full_disk_keeps_what_was_taken_in_and_goes_on_later(tiny_disk: Path, folder: Path) -> None:
    vault = Vault(tiny_disk)
    for number in range(20):
        (folder / f"{number:02d}").write_bytes(random.Random(number).randbytes(400_000))
    handed: list[AcquiredBatch] = []
    with pytest.raises(DiskFull, match="What was taken in is safe"):
        _drain(vault, folder, handed)
    kept = [acquisition.name for batch in handed for _, acquisition in batch.taken]
    assert 4 <= len(kept) <= 7
    assert sound(vault, handed)
    vault.sweep()
    assert list((tiny_disk / "tmp").iterdir()) == []
    subprocess.run(["mount", "-o", "remount,size=20m", tiny_disk], check=True)
    again = take(vault, found_in(folder))
    assert len(again[0].taken) == 20
    assert sound(vault, again)


def _drain(vault: Vault, folder: Path, into: list[AcquiredBatch]) -> None:
    for batch in Acquirer(vault).acquire(found_in(folder), at=lambda: AT):
        into.append(batch)


@LINUX
def test_a_disk_that_fills_while_it_is_written_to(
    tiny_disk: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of free space can be overtaken by others; the write itself then says so."""
    monkeypatch.setattr(acquiring, "SPARE", 0.0)
    vault = Vault(tiny_disk)
    (folder / "a").write_bytes(b"small")
    (folder / "b").write_bytes(random.Random(1).randbytes(4_000_000))
    handed: list[AcquiredBatch] = []
    with pytest.raises(DiskFull):
        _drain(vault, folder, handed)
    assert [acquisition.name for batch in handed for _, acquisition in batch.taken] == [b"a"]
    assert sound(vault, handed)


def test_a_case_that_is_gone_is_not_the_evidences_fault(tmp_path: Path, folder: Path) -> None:
    (folder / "a").write_bytes(b"x")
    with pytest.raises(CaseUnwritable):
        take(Vault(tmp_path / "nowhere"), found_in(folder))


# ---------------------------------------------------------------- interrupted


def test_leaving_early_ends_the_copies_under_way(vault: Vault, folder: Path) -> None:
    for number in range(600):
        (folder / f"{number:03d}").write_bytes(b"%d" % number)
    batches = Acquirer(vault).acquire(found_in(folder), at=lambda: AT)
    first = next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert len(first.taken) == 256
    assert sound(vault, [first])
    assert list((vault.root / "tmp").iterdir()) == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("acquire")]


KILLED = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from verifier.evidence.acquire import Acquirer
    from verifier.evidence.vault import Vault
    from verifier.evidence.walk import walk
    folder, case, rows = sys.argv[1:]
    vault = Vault(Path(case))
    vault.sweep()
    known = {line.split()[1] for line in Path(rows).read_text().splitlines()}
    fresh = (entry for entry in walk([os.fsencode(folder)]) if os.path.basename(entry.path).decode() not in known)
    with open(rows, "a") as log:
        for batch in Acquirer(vault).acquire(fresh, at=lambda: "t"):
            log.write("".join(f"{e.id} {a.name.decode()}\\n" for e, a in batch.taken))
            log.flush()
            os.fsync(log.fileno())
    """
)


@POSIX
def test_killed_at_any_moment_a_row_means_a_whole_object(vault: Vault, folder: Path, tmp_path: Path) -> None:
    """The rows are written only after a batch was handed on; whatever the moment, each has its bytes."""
    chance = random.Random(5)
    for number in range(1500):
        (folder / f"{number:04d}").write_bytes(chance.randbytes(chance.choice([0, 200, 4000, 60_000])))
    rows = tmp_path / "rows"
    rows.touch()
    command = [sys.executable, "-c", KILLED, str(folder), str(vault.root), str(rows)]
    kills = 0
    for _ in range(60):
        process = subprocess.Popen(command)
        if kills < 8:
            while process.poll() is None and not any(vault.root.glob("tmp/*")):
                pass  # the first copy begins
            time.sleep(chance.uniform(0, 0.08))
            process.send_signal(signal.SIGKILL)
        process.wait()
        kills += process.returncode == -signal.SIGKILL
        lines = rows.read_text().splitlines()
        whole = [line.split() for line in lines if len(line.split()) == 2 and len(line.split()[0]) == 64]
        assert not any(vault.audit([digest for digest, _ in whole]))
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    assert kills >= 3
    names = [line.split()[1] for line in rows.read_text().splitlines()]
    assert sorted(names) == [f"{number:04d}" for number in range(1500)]
    assert list((vault.root / "tmp").iterdir()) == []
