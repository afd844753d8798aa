"""A private PostgreSQL server for a test run: unix socket only, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

# Debian keeps the server's programs off the PATH.
DEBIAN_FOLDERS = "/usr/lib/postgresql/*/bin"
SERVER_USER = "postgres"
# Test databases are thrown away, so nothing is flushed to disk.
QUICK = " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One running server, reached through the socket in its folder."""

    folder: Path

    def url(self, database: str = "postgres", user: str = SERVER_USER) -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> str:
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def execute(self, statement: str, database: str = "postgres") -> None:
        where = f"host={self.folder} user={SERVER_USER} dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)


def server_programs() -> Path | None:
    """The folder holding initdb and pg_ctl, from the PATH or where Debian puts them."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/").glob(DEBIAN_FOLDERS.lstrip("/")), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@dataclass(frozen=True, slots=True)
class _Server:
    """The server's own programs, working in one folder."""

    programs: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> None:
        # initdb refuses root (operations.md section 5), so root becomes another user.
        user = {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []}
        # To a file: the server inherits these, and a pipe would stay open as long as it runs.
        with self.folder.with_suffix(".log").open("a+") as log:
            done = subprocess.run(
                [self.programs / program, "-D", self.folder / "data", *arguments],
                cwd="/",
                stdout=log,
                stderr=log,
                check=False,
                **(user if os.geteuid() == 0 else {}),
            )
            log.seek(0)
            assert done.returncode == 0, log.read()


@contextmanager
def running_cluster(programs: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Start an empty server and stop it at the end; `durable` keeps its flushes, for benchmarks."""
    folder = Path(tempfile.mkdtemp(prefix="eqia-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER, SERVER_USER)
    server = _Server(programs, folder)
    settings = f"-k {folder} -c listen_addresses=''" + ("" if durable else QUICK)
    try:
        server.run("initdb", "-A", "trust", "-U", SERVER_USER, "-E", "UTF8", "--locale=C.UTF-8")
        server.run("pg_ctl", "start", "-w", "-o", settings)
        try:
            yield Cluster(folder)
        finally:
            server.run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".log").unlink(missing_ok=True)
