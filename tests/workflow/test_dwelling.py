"""What is said of the folder that a case lives in."""

from __future__ import annotations

from pathlib import Path

import pytest

from verifier.workflow.dwelling import told

ROOT = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"


def codes(case: Path, mounts: str = ROOT, blocks: Path = Path("/nowhere")) -> set[str]:
    return {state.code for state in told(case, mounts, blocks)}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir(mode=0o700)
    return folder


def test_nothing_is_said_of_a_closed_folder_but_what_is_unknown(case: Path) -> None:
    assert codes(case) == {"encryption_unknown"}


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o707])
def test_a_folder_that_others_can_open_is_named(case: Path, mode: int) -> None:
    case.chmod(mode)
    assert "open_to_others" in codes(case)


@pytest.mark.parametrize(
    "name",
    ["Dropbox", "Dropbox (Personal)", "OneDrive - Some Firm", "OneDrive", "Nextcloud", "iCloud Drive", "Syncthing",
     "Mobile Documents", "Google Drive", "ownCloud", "pCloudDrive", "MEGA", "iCloud~com~app"],
)  # fmt: skip
def test_a_synchronised_folder_is_named_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "work").mkdir(parents=True)
    assert "synchronised" in codes(tmp_path / name / "work" / "case")


@pytest.mark.parametrize("mark", [".dropbox", ".stfolder", ".sync_1a2b3c4d5e.db", "._sync_1a2b3c4d.db"])
def test_a_synchronised_folder_is_named_by_what_its_service_keeps(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).write_text("")
    assert "synchronised" in codes(tmp_path / "deep" / "case")


@pytest.mark.parametrize("name", ["megaphone", "dropped", "megaproject", "one drive-by", "synchrony"])
def test_other_names_are_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert "synchronised" not in codes(tmp_path / name / "case")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_folder_is_named(case: Path, kind: str) -> None:
    mounts = ROOT + f"30 22 0:44 / {case.parent} rw shared:1 - {kind} server:/x rw\n"
    assert {"network", "encryption_unknown"} <= codes(case, mounts)


def test_a_folder_in_memory_is_named(case: Path) -> None:
    assert "in_memory" in codes(case, ROOT + f"30 22 0:44 / {case} rw - tmpfs tmpfs rw\n")


def test_a_mount_with_a_blank_in_its_name_is_read(tmp_path: Path) -> None:
    case = tmp_path / "my disk" / "case"
    case.mkdir(parents=True, mode=0o700)
    written = str(tmp_path / "my disk").replace(" ", "\\040")
    assert "encrypted" in codes(case, ROOT + f"30 22 0:44 / {written} rw - fuse.gocryptfs x rw\n")


def _device(blocks: Path, name: str, uuid: str | None, slave: str | None = None) -> None:
    (blocks / name / "slaves").mkdir(parents=True)
    if uuid is not None:
        (blocks / name / "dm").mkdir()
        (blocks / name / "dm" / "uuid").write_text(uuid)
    if slave is not None:
        (blocks / name / "slaves" / "x").symlink_to(blocks / slave, target_is_directory=True)


@pytest.mark.parametrize(
    ("devices", "code"),
    [
        ({"8:1": (None, None)}, "not_encrypted"),
        ({"8:1": ("CRYPT-LUKS2-ab", None)}, "encrypted"),
        ({"8:1": ("LVM-xy", "252:0"), "252:0": ("CRYPT-LUKS2-ab", "8:9"), "8:9": (None, None)}, "encrypted"),
        ({"8:1": ("LVM-xy", "8:9"), "8:9": (None, None)}, "not_encrypted"),
        ({}, "encryption_unknown"),
    ],
)
def test_encryption_is_read_from_every_layer_of_the_device(
    case: Path, tmp_path: Path, devices: dict[str, tuple[str | None, str | None]], code: str
) -> None:
    for name, (uuid, slave) in devices.items():
        _device(tmp_path / "block", name, uuid, slave)
    assert codes(case, ROOT, tmp_path / "block") == {code}


def test_sentences_name_no_path(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    for state in told(tmp_path / "Dropbox" / "case", ROOT, Path("/nowhere")):
        assert str(tmp_path) not in state.sentence and "/" not in state.sentence.replace("go-rwx", "")
