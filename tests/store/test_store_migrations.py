"""The schema's steps: written out, checked, copied before, and whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from store_helpers import JO, agencies, full_record, tamper

from partnership.errors import StoreError
from partnership.store import NewerStore, open_store
from partnership.store import _migrations as migrations
from partnership.store import _schema as schema
from partnership.tables import RECORD_TYPES, frame


@pytest.fixture
def filled(tmp_path: Path, empty_store: Path) -> Path:
    path = tmp_path / "plan.duckdb"
    shutil.copy(empty_store, path)
    with open_store(path) as store:
        store.accept({"agencies": agencies("A", "B")}, actor=JO, reason="Opening")
    return path


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A toolkit with one migration more than the shipped ones."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent / "migrations", folder)
    number = len(migrations.shipped()) + 1
    (folder / f"{number:04}_more.sql").write_text(
        'CREATE TABLE "extra" ("a" BIGINT);\nINSERT INTO "extra" VALUES (7);'
    )
    steps = migrations.read_steps(folder)
    monkeypatch.setattr(migrations, "shipped", lambda: steps)
    return folder


# ------------------------------------------------------------------------------------------ the files


@pytest.mark.parametrize("table", [t.table for t in RECORD_TYPES])
def test_schema_written_out_in_the_migrations_equals_the_record_types(table: str, empty_store: Path) -> None:
    with duckdb.connect(str(empty_store), read_only=True) as connection:
        for full, expected in schema.expected_columns(table).items():
            found = connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $1 ORDER BY column_index",
                [full],
            ).fetchall()
            assert tuple(found) == expected, (
                f"{full} differs from tables.schema_of({table!r}): add a numbered migration that changes it. "
                "See docs/decisions/0002-schema-written-out.md."
            )


def test_schema_has_no_table_that_no_record_type_has(empty_store: Path) -> None:
    with duckdb.connect(str(empty_store), read_only=True) as connection:
        found = {r[0] for r in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    own = {"actor", "change", "copied", "formula", "schema_migration"}
    assert found == own | {f"{p}_{t.table}" for t in RECORD_TYPES for p in "hc"} | set(schema.SUM_TABLES)


@pytest.mark.parametrize("table", schema.SUM_TABLES)
def test_tables_that_are_worked_out_have_the_columns_that_the_store_knows(
    table: str, empty_store: Path
) -> None:
    with duckdb.connect(str(empty_store), read_only=True) as connection:
        found = connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $1 ORDER BY column_index",
            [table],
        ).fetchall()
    assert tuple(found) == tuple(schema.SUM_TABLES[table])
    assert any(schema.sum_ddl(table) in step.sql for step in migrations.shipped())


def test_migrations_never_touch_an_index_and_a_name_together() -> None:
    for step in migrations.shipped():
        text = step.sql.upper()
        assert not ("RENAME" in text and " INDEX" in text), step.name


def test_migrations_with_a_hole_in_their_numbers_are_refused(tmp_path: Path) -> None:
    for name in ("0001_a.sql", "0003_c.sql"):
        (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(StoreError, match="are not numbered 1, 2, 3 without a gap"):
        migrations.read_steps(tmp_path)


def test_migration_checked_out_with_other_line_ends_is_the_same_step(tmp_path: Path) -> None:
    for folder, ends in (("unix", b"\n"), ("windows", b"\r\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "0001_a.sql").write_bytes(b"SELECT 1;" + ends + b"SELECT 2;" + ends)
    unix, windows = (migrations.read_steps(tmp_path / f) for f in ("unix", "windows"))
    assert unix == windows


# ------------------------------------------------------------------------------------------ running them


def test_older_store_opened_for_writing_is_copied_and_brought_up_to_date(
    filled: Path, next_step: Path
) -> None:
    with pytest.raises(StoreError, match="was made by an older version of the toolkit and needs 1 migration"):
        open_store(filled, mode="read")
    before = filled.read_bytes()
    with open_store(filled) as store:
        assert store.table("agencies").height == 2
        store.accept({"agencies": agencies("C")}, actor=JO, reason="Goes on")
        assert store.verify() == []
    copy = filled.with_name(f"plan.before-{len(migrations.shipped()):04}.duckdb")
    assert copy.read_bytes() == before
    with duckdb.connect(str(filled)) as connection:
        assert connection.execute("SELECT a FROM extra").fetchall() == [(7,)]
        done = migrations.applied(connection)
    assert [d[2] for d in done] == [s.sha256 for s in migrations.shipped()]


@pytest.fixture
def first_schema(filled: Path) -> Path:
    """A store as the toolkit of before ranges and routes left it, with a contribution in two versions."""
    paid = full_record("contributions")
    bare = {
        "range_low": None,
        "range_high": None,
        "distribution": None,
        "shared_name": None,
        "range_source": None,
    }
    first = paid.model_copy(update=bare)
    with open_store(filled) as store:
        store.accept({"contributions": frame([first])}, actor=JO, reason="As agreed")
        later = first.model_copy(update={"amount_gbp": Decimal("99.10")})
        store.accept({"contributions": frame([later])}, actor=JO, reason="Less")
    new = ("range_low", "range_high", "distribution", "shared_name", "range_source")
    tamper(
        filled, *(f'ALTER TABLE "{p}_contributions" DROP COLUMN "{c}"' for p in "hc" for c in new),
        *(f'DROP TABLE "{p}_{t}"' for p in "hc" for t in ("correlations", "agreements", "clocks")),
        *(f"DROP TABLE m_reading_{t}" for t in ("days", "quarters", "quarter_days")),
        "DELETE FROM schema_migration WHERE number >= 2",
    )  # fmt: skip
    return filled


def test_store_of_before_ranges_and_routes_is_brought_up_to_date_and_keeps_its_history(
    first_schema: Path,
) -> None:
    with pytest.raises(StoreError, match=f"needs {len(migrations.shipped()) - 1} migrations"):
        open_store(first_schema, mode="read")
    with open_store(first_schema) as store:
        assert store.verify() == []
        assert store.table("contributions").select("amount_gbp", "range_low").rows() == [
            (Decimal("99.10"), None)
        ]
        assert store.changes().sort("seq")["reason"].to_list() == ["Opening", "As agreed", "Less"]
        assert store.history("contributions")["amount_gbp"].to_list() == [
            Decimal("1234.56"),
            Decimal("99.10"),
        ]
        assert store.table("agreements").height == store.table("correlations").height == 0
        for table in ("correlations", "agreements", "contributions", "clocks"):
            store.accept({table: frame([full_record(table)])}, actor=JO, reason=f"Now with {table}")
        assert store.verify() == []
        assert store.table("contributions")["range_high"].to_list() == [Decimal("2.5000")]
    with duckdb.connect(str(first_schema)) as connection:
        kept = connection.execute("SELECT amount_gbp, range_low FROM h_contributions ORDER BY seq").fetchall()
    assert [(str(a), r and str(r)) for a, r in kept] == [
        ("1234.56", None),
        ("99.10", None),
        ("1234.56", "2.5000"),
    ]
    assert first_schema.with_name("plan.before-0002.duckdb").exists()


def test_store_of_a_newer_toolkit_is_refused_naming_both(filled: Path) -> None:
    known = len(migrations.shipped())
    tamper(
        filled, f"INSERT INTO schema_migration VALUES ({known + 1}, '0099_later.sql', 'x', NOW(), '9.9.9')"
    )
    for mode in ("write", "read"):
        with pytest.raises(NewerStore) as caught:
            open_store(filled, mode=mode)
        assert str(caught.value) == (
            f"{filled} was made by partnership 9.9.9 (schema {known + 1}); this is partnership "
            f"{migrations.toolkit_version()}, which knows schemas up to {known}. Install partnership 9.9.9 or later."
        )


def test_store_whose_migration_was_edited_is_refused(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "edited"
    shutil.copytree(Path(migrations.__file__).parent / "migrations", folder)
    first = min(folder.glob("0001_*.sql"))
    first.write_text(first.read_text() + "-- one more line\n")
    steps = migrations.read_steps(folder)
    monkeypatch.setattr(migrations, "shipped", lambda: steps)
    for mode in ("write", "read"):
        with pytest.raises(StoreError, match="it was edited. Reinstall the toolkit"):
            open_store(filled, mode=mode)


def test_migration_that_fails_leaves_the_store_as_it_was(
    filled: Path, next_step: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = max(next_step.glob("*.sql"))
    last.write_text("CREATE TABLE half (a INT);\nINSERT INTO half VALUES (1);\nSELECT error('boom');")
    steps = migrations.read_steps(next_step)
    monkeypatch.setattr(migrations, "shipped", lambda: steps)
    with pytest.raises(StoreError, match="boom"):
        open_store(filled)
    with duckdb.connect(str(filled)) as connection:
        names = {r[0] for r in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert "half" not in names
        assert len(migrations.applied(connection)) == len(steps) - 1


def test_store_open_elsewhere_in_the_process_is_not_migrated_under_it(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(filled) as store:
        folder = tmp_path / "migrations"
        shutil.copytree(Path(migrations.__file__).parent / "migrations", folder)
        (folder / f"{len(migrations.shipped()) + 1:04}_x.sql").write_text("CREATE TABLE x (a INT)")
        steps = migrations.read_steps(folder)
        monkeypatch.setattr(migrations, "shipped", lambda: steps)
        with pytest.raises(StoreError, match="needs a migration and is open elsewhere in this process"):
            open_store(filled)
        assert store.table("agencies").height == 2


# ------------------------------------------------------------------------------------------ killed on the way

MIGRATE = """
import sys
from pathlib import Path
from partnership.store import open_store
from partnership.store import _migrations as migrations
steps = migrations.read_steps(Path(sys.argv[2]))
migrations.shipped = lambda: steps
print("ready", flush=True)
open_store(sys.argv[1]).close()
print("done", flush=True)
"""


def run_migration(path: Path, folder: Path, kill_after: float | None) -> float:
    """Migrate in another process; return how long it took, or was let to take."""
    process = subprocess.Popen(
        [sys.executable, "-c", MIGRATE, str(path), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    started = time.monotonic()
    if kill_after is None:
        assert process.stdout.readline() == "done\n"
    else:
        time.sleep(kill_after)
        process.kill()
    process.communicate()
    return time.monotonic() - started


@pytest.mark.parametrize("kills", [3, pytest.param(12, marks=pytest.mark.long)])
def test_migration_killed_at_any_moment_leaves_the_old_schema_or_the_new(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kills: int
) -> None:
    folder = tmp_path / "heavy"
    shutil.copytree(Path(migrations.__file__).parent / "migrations", folder)
    known = len(migrations.shipped())
    steps = [
        f'CREATE TABLE "t{i}" AS SELECT i, md5(CAST(i AS VARCHAR)) AS m FROM range(60000) AS r(i);'
        for i in range(8)
    ]
    steps += ['ALTER TABLE "c_agencies" ADD COLUMN "extra" VARCHAR;', 'ALTER TABLE "t0" RENAME TO "u0";']
    (folder / f"{known + 1:04}_heavy.sql").write_text("\n".join(steps))
    whole = tmp_path / "whole.duckdb"
    shutil.copy(filled, whole)
    took = run_migration(whole, folder, None)
    counts = {"old": 0, "new": 0}
    for path, wait in [
        (whole, None),
        *((tmp_path / f"trial{i}.duckdb", took * i / (kills - 1)) for i in range(kills)),
    ]:
        if wait is not None:
            shutil.copy(filled, path)
            run_migration(path, folder, wait)
        with duckdb.connect(str(path)) as connection:
            done = len(migrations.applied(connection))
            tables = {r[0] for r in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
            made = {t for t in tables if t.startswith("t") or t == "u0"}
            assert connection.execute("SELECT COUNT(*) FROM c_agencies").fetchall() == [(2,)]
        new = done == known + 1
        assert made == ({"u0", *(f"t{i}" for i in range(1, 8))} if new else set())
        counts["new" if new else "old"] += wait is not None
        assert new or wait is not None, "left alone, it must get through"
    with capsys.disabled():
        sys.stdout.write(
            f"\nmigration killed {kills} times: {counts['old']} old, {counts['new']} new, 0 in between, 0 unopenable\n"
        )
    assert sum(counts.values()) == kills
    assert counts["old"] > 0
