"""Where a case lives: who else can read its folder, whether it is copied elsewhere, whether its disk is encrypted.

Told in `verify doctor` and when a case is made. What cannot be told is said to be unknown; nothing is ever said to be
encrypted that was not seen to be.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SYNCHRONISED = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "icloud": "iCloud",
    "icloud drive": "iCloud",
    "icloud~": "iCloud",
    "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "cloudstorage": "a cloud service",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "syncthing": "Syncthing",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "pcloud": "pCloud",
    "pclouddrive": "pCloud",
    "mega": "MEGA",
    "megasync": "MEGA",
    "seafile": "Seafile",
    "resilio sync": "Resilio Sync",
}
MARKS = {  # what a service keeps in the top folder that it copies
    ".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".stfolder": "Syncthing", ".stignore": "Syncthing",
    ".owncloudsync.log": "ownCloud", ".nextcloudsync.log": "Nextcloud", ".sync_.db": "Nextcloud",
    ".tmp.drivedownload": "Google Drive", "desktop.ini.onedrive": "OneDrive", ".seafile-data": "Seafile",
    ".849c9593-d756-4e56-8d6e-42412f2a707b": "OneDrive",
}  # fmt: skip
MARK_PATTERNS = (  # _sync_1a2b3c.db, .sync_1a2b3c.db
    (re.compile(r"[._]{1,2}sync_[0-9a-f]{6,}\.db"), "Nextcloud"),
)
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "fuse.sshfs", "fuse.davfs2",
     "fuse.rclone", "fuse.gvfsd-fuse", "fuse.s3fs", "9p", "afs", "ceph", "fuse.ceph", "glusterfs", "fuse.glusterfs",
     "ncpfs", "fuse.smbnetfs", "vboxsf", "fuse.vmhgfs-fuse"}
)  # fmt: skip
ENCRYPTED = frozenset({"fuse.gocryptfs", "fuse.cryfs", "fuse.encfs", "fuse.cryptomator", "ecryptfs", "fuse.securefs"})
IN_MEMORY = frozenset({"tmpfs", "ramfs"})
OTHERS = 0o077
UNESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One thing to know of a folder: a code, and a sentence without a path."""

    code: str
    sentence: str
    is_warning: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """Where a file system is hung in, of what kind, and its device's number."""

    point: str
    kind: str
    device: str


def told(case: Path, mounts: str | None = None, blocks: Path = Path("/sys/dev/block")) -> tuple[State, ...]:
    """What to know of the folder of a case, whether it is there already or not."""
    here = _nearest(case)
    return tuple(state for state in (*_readers(case), *_copied(case), *_disk(here, mounts, blocks)))


def warnings(case: Path) -> tuple[State, ...]:
    """What a person should be warned of."""
    return tuple(state for state in told(case) if state.is_warning)


def _nearest(case: Path) -> Path:
    """The folder itself, or the nearest above it that is there; links followed."""
    path = case
    while not path.exists() and path.parent != path:
        path = path.parent
    return path.resolve()


def _readers(case: Path) -> Iterator[State]:
    if sys.platform == "win32":
        yield State(
            code="readers_unknown",
            sentence="who else on this computer can read it is not known here.",
            is_warning=False,
        )
        return
    if not case.exists():
        return
    mode = case.stat().st_mode
    if mode & OTHERS:
        sentence = "other users of this computer can open it. Close it to them: chmod -R go-rwx on the folder."
        yield State(code="open_to_others", sentence=sentence)
    elif case.stat().st_uid not in (os.geteuid(), 0):
        yield State(code="owned_by_other", sentence="it belongs to another user of this computer.")


def _copied(case: Path) -> Iterator[State]:
    service = _service(case)
    if service is not None:
        sentence = (
            f"it seems to lie in a folder that {service} copies to other computers: evidence leaves this one, and the "
            "database can break. Move it to a folder that nothing copies."
        )
        yield State(code="synchronised", sentence=sentence)


def _service(case: Path) -> str | None:
    for path in dict.fromkeys((*case.resolve().parents, case.resolve(), *case.parents, case)):
        name = path.name.casefold()
        for start, service in SYNCHRONISED.items():
            if name == start or (len(start) > 5 and re.match(re.escape(start) + r"[ ~_(-]", name)):  # OneDrive - Firm
                return service
        with suppress(OSError):
            if path.is_dir() and (marked := _marked(path)) is not None:
                return marked
    return None


def _marked(folder: Path) -> str | None:
    for name, service in MARKS.items():
        if (folder / name).exists():
            return service
    for entry in folder.iterdir():
        for pattern, service in MARK_PATTERNS:
            if pattern.fullmatch(entry.name):
                return service
    return None


def _disk(here: Path, mounts: str | None, blocks: Path) -> Iterator[State]:
    unknown = State(
        code="encryption_unknown",
        sentence="whether its disk is encrypted is not known here. Look yourself: whoever takes the disk reads all "
        "that is not encrypted.",
        is_warning=False,
    )
    if str(here).startswith(("\\\\", "//")):
        yield _network()
    text = mounts
    if text is None:
        try:
            text = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        except OSError:
            yield unknown
            return
    mount = _mount_of(here, text)
    if mount is None:
        yield unknown
    elif mount.kind in NETWORK:
        yield _network()
        yield unknown
    elif mount.kind in ENCRYPTED:
        yield State(code="encrypted", sentence="it lies in an encrypted folder.", is_warning=False)
    elif mount.kind in IN_MEMORY:
        yield State(code="in_memory", sentence="it lies in memory and is gone when this computer is switched off.")
    else:
        yield _encryption(mount, blocks) or unknown


def _network() -> State:
    sentence = "it lies on another computer: what is read and written goes over the network, and locks may not hold."
    return State(code="network", sentence=sentence)


def _mount_of(here: Path, text: str) -> Mount | None:
    """The last file system hung in over that folder (proc(5), mountinfo)."""
    best: Mount | None = None
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, kinds = left.split(" "), right.split(" ")
        if len(fields) < 5 or not kinds[0]:
            continue
        point = UNESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
        is_over = point == "/" or here == Path(point) or Path(point) in here.parents
        if is_over and (best is None or len(point) >= len(best.point)):
            best = Mount(point=point, kind=kinds[0], device=fields[2])
    return best


def _encryption(mount: Mount, blocks: Path) -> State | None:
    """By the kernel's names of the device and all that it is made of: dm-crypt says CRYPT-…; None where unseen."""
    found = list(_below(blocks / mount.device, 0))
    if not found:
        return None  # btrfs, overlay, zfs: no block device of their own
    if any(found):
        return State(code="encrypted", sentence="its disk is encrypted.", is_warning=False)
    sentence = (
        "its disk is not encrypted by this system (a disk may still encrypt by itself). Whoever takes it reads all."
    )
    return State(code="not_encrypted", sentence=sentence)


def _below(device: Path, depth: int) -> Iterator[bool]:
    """Whether each layer under a block device is an encrypted one."""
    if depth > 8 or not device.exists():
        return
    identity = ""
    with suppress(OSError):
        identity = (device / "dm" / "uuid").read_text("ascii", "replace")
    yield identity.startswith("CRYPT-")
    with suppress(OSError):
        for slave in (device / "slaves").iterdir():
            yield from _below(slave, depth + 1)
