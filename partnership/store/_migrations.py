"""The store's schema, step by step.

Each step is one numbered SQL file in ``migrations/``, run in one transaction together with its entry in
``schema_migration``. A step once released is never edited: its SHA-256 stands in every store. The file is
copied before a step and checkpointed after it, because schema changes that wait in the write-ahead log are
where DuckDB has had faults. No step may make or drop an index in the same file as a rename.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from partnership.errors import StoreError
from partnership.store._open import one
from partnership.store.protocol import NewerStore

__all__ = ["Step", "apply", "applied", "copy_before", "is_store", "pending", "shipped", "toolkit_version"]

_FILE = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")

_OWN_TABLE = """
CREATE TABLE IF NOT EXISTS "schema_migration" (
    "number" INTEGER NOT NULL,
    "name" VARCHAR NOT NULL,
    "sha256" VARCHAR NOT NULL,
    "applied_at" TIMESTAMP NOT NULL,
    "toolkit" VARCHAR NOT NULL
)
"""


@cache
def toolkit_version() -> str:
    """Return the version of this toolkit, as the package's metadata says."""
    try:
        return version("partnership")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0+unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: its number, its file's name, its SQL and the SHA-256 of that."""

    number: int
    name: str
    sql: str
    sha256: str


@cache
def shipped() -> tuple[Step, ...]:
    """Return the migrations that this version of the toolkit has, in order."""
    return read_steps(files("partnership.store").joinpath("migrations"))


def read_steps(folder: Traversable) -> tuple[Step, ...]:
    """Return the migrations in a folder; line ends do not count, so that Windows has the same steps.

    Raises
    ------
    StoreError
        If a number is missing or there twice.
    """
    steps = []
    for file in folder.iterdir():
        found = _FILE.match(file.name)
        if found:
            sql = file.read_text(encoding="utf-8").replace("\r\n", "\n")
            digest = hashlib.sha256(sql.encode()).hexdigest()
            steps.append(Step(int(found.group(1)), file.name, sql, digest))
    steps.sort(key=lambda s: s.number)
    if [s.number for s in steps] != list(range(1, len(steps) + 1)):
        msg = (
            f"The migrations {', '.join(s.name for s in steps)} are not numbered 1, 2, 3 without a gap. "
            "Reinstall the toolkit."
        )
        raise StoreError(msg)
    return tuple(steps)


def is_store(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a DuckDB file is one of ours."""
    found = one(
        connection,
        "SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = 'schema_migration' "
        "AND database_name = current_database()",
    )
    return bool(found and found[0])


def applied(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str, str]]:
    """Return the steps a store has been through: number, name, SHA-256 and the toolkit that ran it."""
    return connection.execute(
        'SELECT "number", "name", "sha256", "toolkit" FROM "schema_migration" ORDER BY "number"'
    ).fetchall()


def pending(connection: duckdb.DuckDBPyConnection, path: Path, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that a store still needs.

    Raises
    ------
    NewerStore
        If the store has been through steps that this toolkit does not know.
    StoreError
        If a step was edited after it had run on this store.
    """
    done = applied(connection)
    if done and done[-1][0] > len(steps):
        number, _, _, toolkit = done[-1]
        msg = (
            f"{path} was made by partnership {toolkit} (schema {number}); this is partnership "
            f"{toolkit_version()}, which knows "
            f"schemas up to {len(steps)}. Install partnership {toolkit} or later."
        )
        raise NewerStore(msg)
    for (number, name, sha256, toolkit), step in zip(done, steps, strict=False):
        if (number, sha256) != (step.number, step.sha256):
            msg = (
                f"{path} went through migration {name} as partnership {toolkit} shipped it, and the file "
                f"{step.name} of this "
                f"partnership {toolkit_version()} is another one: it was edited. Reinstall the toolkit; a "
                "migration is never edited."
            )
            raise StoreError(msg)
    return steps[len(done) :]


def apply(connection: duckdb.DuckDBPyConnection, steps: tuple[Step, ...]) -> None:
    """Run steps, each in one transaction with its entry, and write everything through to the file."""
    for step in steps:
        connection.execute("BEGIN")
        try:
            connection.execute(_OWN_TABLE)
            connection.execute(step.sql)
            connection.execute(
                'INSERT INTO "schema_migration" VALUES ($number, $name, $sha256, $at, $toolkit)',
                {
                    "number": step.number,
                    "name": step.name,
                    "sha256": step.sha256,
                    "at": dt.datetime.now(dt.UTC).replace(tzinfo=None),
                    "toolkit": toolkit_version(),
                },
            )
            connection.execute("COMMIT")
        except duckdb.Error:
            connection.execute("ROLLBACK")
            raise
        connection.execute("CHECKPOINT")


def copy_before(path: Path, step: Step) -> Path:
    """Copy a closed store's file before its first step, and return where.

    Call it only while this process does not have the file open: see :mod:`partnership.store._open`.
    """
    to = path.with_name(f"{path.stem}.before-{step.number:04d}{path.suffix}")
    shutil.copy2(path, to)
    return to
