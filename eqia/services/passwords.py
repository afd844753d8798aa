"""Keeping passwords: argon2id at a cost that stops guessing and not the service."""

import ctypes
import runpy
import sys
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from eqia.domain.passwords import password_problem

_M_MMAP_THRESHOLD = -3
_LARGE_BLOCK = 1024 * 1024


class Passwords:
    """Makes and checks password hashes, and knows which passwords are too common."""

    def __init__(self, *, memory_kib: int, passes: int, refused: str = "") -> None:
        # 19 MiB, 2 passes, 1 lane: 20 ms. The library's own default takes 64 MiB for each of the
        # sign-ins under way, an invitation to login storms (operations.md section 1).
        _return_large_blocks()
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._refused = refused
        self._nobody = self._hasher.hash("a password nobody has")

    def hash(self, password: str) -> str:
        """Make the hash to store."""
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Check a password; without a stored hash it takes as long and is always wrong."""
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def needs_rehash(self, stored: str) -> bool:
        """Whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    def problem(self, password: str, *, words: tuple[str, ...] = ()) -> str | None:
        """Say what is wrong with a new password, or None."""
        return password_problem(password, common=self.common, words=words)

    @cached_property
    def common(self) -> frozenset[str]:
        """Every password too many people use: 30,000 of zxcvbn's, and the deployment's own."""
        return _published() | _of_file(self._refused)


def _return_large_blocks() -> None:
    """Have large blocks go back to the system at once (glibc's mallopt; others do so anyway).

    Else every thread that ever hashed keeps its 19 MiB: 180 MB after sign-ins on 8 threads, not 9.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def _published() -> frozenset[str]:
    """Read zxcvbn's list alone: importing the package would keep 20 MB of other lists for good."""
    spec = find_spec("zxcvbn")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return frozenset()
    names = runpy.run_path(str(Path(folders[0]) / "frequency_lists.py"))
    return frozenset(names["FREQUENCY_LISTS"]["passwords"])


def _of_file(path: str) -> frozenset[str]:
    if not path:
        return frozenset()
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip())
