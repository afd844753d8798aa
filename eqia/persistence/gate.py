"""The fair write gate in front of a SQLite file, which serves one writer at a time."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_MOUNTS = Path("/proc/self/mounts")
_OVER_THE_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "ceph", "afs"})


class NetworkDiskError(OSError):
    """The database lies where locks cannot be trusted, so that it would lose data."""


@contextmanager
def gate(database: Path | None) -> Iterator[None]:
    """Wait in line to write to this file; no file, no line.

    SQLite's own busy handler starves writers (operations.md section 5: 4,128 commits against 1).
    Each act opens its own descriptors, so threads exclude each other as processes do, and the
    kernel frees the gate when its holder is killed. Whoever is next waits inside a turnstile, or
    the one who leaves could come straight back in before the one who waits has woken up.
    """
    if database is None or sys.platform == "win32":
        yield
        return
    turnstile = _locked(f"{database}.next")
    try:
        held = _locked(f"{database}.gate")
    finally:
        os.close(turnstile)
    try:
        yield
    finally:
        os.close(held)


def _locked(path: str) -> int:
    """Open a file and wait until nobody else holds it; closing it lets go."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def refuse_network_disk(database: Path, mounts: str | None = None) -> None:
    """Refuse a file on a disk that is reached over the network."""
    if mounts is None:
        mounts = _MOUNTS.read_text(errors="replace") if _MOUNTS.exists() else ""
    kind = _kind_of_disk(database, (line.split() for line in mounts.splitlines()))
    if kind in _OVER_THE_NETWORK:
        raise NetworkDiskError(
            f"{database} lies on a network disk ({kind}), where SQLite can lose data."
            " Use a local disk, or PostgreSQL."
        )


def _kind_of_disk(database: Path, mounts: Iterable[list[str]]) -> str:
    """Find the kind of the innermost mount the file lies in."""
    above = {str(folder) for folder in database.absolute().parents}
    found = [(len(where), kind) for _, where, kind, *_ in mounts if where in above]
    return max(found, default=(0, ""))[1]
