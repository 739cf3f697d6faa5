"""What verify-store notices when somebody changes the file behind the toolkit's back."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from store_helpers import JO, SAM, WORKBOOK, agencies, reading, shares, tamper

from partnership.plan import FormulaCell
from partnership.store import _verify as verifying
from partnership.store import open_store
from partnership.tables import frame

WITH_FORMULAS = replace(
    WORKBOOK,
    formulas=(
        FormulaCell("readings", "M1||||2026-04-01", "value", "Readings!F5", "=3+4"),
        FormulaCell("agencies", "A", "name", "Agencies!C5", '="Agency "&"A"'),
    ),
)


@pytest.fixture(scope="module")
def touched_by_nobody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with five entries: a load, two edits, a refusal and an edit."""
    path = tmp_path_factory.mktemp("whole") / "plan.duckdb"
    rows = frame([reading(value=Decimal(7)), reading("M2", missing="withheld")])
    opening = {"agencies": agencies("A", "B"), "readings": rows}
    with open_store(path, mode="create") as store:
        store.accept(opening, actor=JO, reason="Opening", source=WITH_FORMULAS)
        store.accept(
            {"agencies": agencies("A", name="New")}, removed={"agencies": ["B"]}, actor=SAM, reason="Edit"
        )
        third = {"benefit_shares": shares(("B1", "A", "1/3"))}
        store.accept(third, actor=JO, reason="Shares", idempotency_key="k")
        store.refuse(actor=JO, reason="Faults", source=WORKBOOK, counts={"error": 3})
        store.accept({"agencies": agencies("A", name="Newest")}, actor=SAM, reason="Edit again")
    return path


@pytest.fixture
def closed(touched_by_nobody: Path, tmp_path: Path) -> Path:
    path = tmp_path / "plan.duckdb"
    shutil.copy(touched_by_nobody, path)
    return path


def found(path: Path) -> list[tuple[str, str]]:
    with open_store(path) as store:
        return [(f.code, f.place) for f in store.verify()]


def test_store_that_nobody_touched_has_no_finding(closed: Path) -> None:
    assert found(closed) == []


_CASES = {
    "entry taken out": (["DELETE FROM change WHERE seq = 3"], ("store-log-gap", "change 4")),
    "first entry taken out": (["DELETE FROM change WHERE seq = 1"], ("store-log-gap", "change 2")),
    "entry doubled": (
        ["INSERT INTO change SELECT * FROM change WHERE seq = 2"],
        ("store-log-gap", "change 2"),
    ),
    "reason altered": (["UPDATE change SET reason = 'Other' WHERE seq = 2"], ("store-log-entry", "change 2")),
    "time altered": (
        ["UPDATE change SET recorded_at = recorded_at - INTERVAL 1 MICROSECOND WHERE seq = 3"],
        ("store-log-entry", "change 3"),
    ),
    "file hash altered": (
        ["UPDATE change SET source_sha256 = 'ff' WHERE seq = 4"],
        ("store-log-entry", "change 4"),
    ),
    "counts altered": (["UPDATE change SET counts = '{}' WHERE seq = 2"], ("store-log-entry", "change 2")),
    "actor swapped": (["UPDATE change SET actor_id = 2 WHERE seq = 1"], ("store-log-entry", "change 1")),
    "actor gone": (["DELETE FROM actor WHERE actor_id = 2"], ("store-log-actor", "change 2")),
    "refusal's counts altered": (
        ["UPDATE change SET counts = replace(counts, '3', '4') WHERE seq = 4"],
        ("store-log-entry", "change 4"),
    ),
    "entry and its columns altered": (
        ["UPDATE change SET reason = 'Other', entry = replace(entry, '\"Edit\"', '\"Other\"') WHERE seq = 2"],
        ("store-log-chain", "change 2"),
    ),
    "entry, columns and hash altered": (
        [
            "UPDATE change SET reason = 'Other', entry = replace(entry, '\"Edit\"', '\"Other\"') WHERE seq = 2",
            "UPDATE change SET entry_hash = sha256(entry) WHERE seq = 2",
        ],
        ("store-log-chain", "change 3"),
    ),
    "entries swapped": (
        [
            "UPDATE change SET seq = 99 WHERE seq = 2",
            "UPDATE change SET seq = 2 WHERE seq = 3",
            "UPDATE change SET seq = 3 WHERE seq = 99",
        ],
        ("store-log-chain", "change 2"),
    ),
    "formula altered": (
        ["UPDATE formula SET formula = '=3+5' WHERE field = 'value'"],
        ("store-log-rows", "change 1"),
    ),
    "formula taken out": (["DELETE FROM formula WHERE field = 'value'"], ("store-log-rows", "change 1")),
    "all formulas taken out": (["DELETE FROM formula"], ("store-log-rows", "change 1")),
    "formula put in": (
        ["INSERT INTO formula VALUES (2, 'agencies', 'A', 'name', 'Agencies!C5', '=1')"],
        ("store-log-rows", "change 2"),
    ),
    "formula moved to another cell": (
        ["UPDATE formula SET place = 'Agencies!C6' WHERE field = 'name'"],
        ("store-log-rows", "change 1"),
    ),
    "formulas' table gone": (["DROP TABLE formula"], ("store-schema", "formula")),
    "history row altered": (
        ["UPDATE h_readings SET value = 8 WHERE seq = 1"],
        ("store-log-rows", "change 1"),
    ),
    "history row taken out": (
        ["DELETE FROM h_agencies WHERE seq = 1 AND row_key = 'B'"],
        ("store-log-rows", "change 1"),
    ),
    "history row put in": (
        [
            "INSERT INTO h_agencies SELECT * REPLACE ('Z' AS row_key) FROM h_agencies WHERE seq = 2 AND op = 'put'"
        ],
        ("store-log-rows", "change 2"),
    ),
    "history row moved to another change": (
        ["UPDATE h_agencies SET seq = 3 WHERE seq = 2 AND op = 'remove'"],
        ("store-log-rows", "change 2"),
    ),
    "history row of a change to come": (
        [
            "INSERT INTO h_agencies SELECT * REPLACE (77 AS seq, 'Z' AS row_key) FROM h_agencies WHERE row_key = 'B' AND op = 'put'"
        ],
        ("store-log-rows", "change 77"),
    ),
    "removal turned into a put": (
        ["UPDATE h_agencies SET op = 'put' WHERE op = 'remove'"],
        ("store-log-rows", "change 2"),
    ),
    "known-from day altered": (
        ["UPDATE h_readings SET valid_from = DATE '2020-01-01'"],
        ("store-log-rows", "change 1"),
    ),
    "current value altered": (["UPDATE c_readings SET value = 8"], ("store-current-differs", "readings")),
    "current row taken out": (["DELETE FROM c_benefit_shares"], ("store-current-differs", "benefit_shares")),
    "current row put in": (
        ["INSERT INTO c_agencies SELECT * REPLACE ('Z' AS row_key) FROM c_agencies"],
        ("store-current-differs", "agencies"),
    ),
    "current row doubled": (
        ["INSERT INTO c_agencies SELECT * FROM c_agencies"],
        ("store-current-differs", "agencies"),
    ),
    "current version altered": (
        ["UPDATE c_agencies SET row_version = 9"],
        ("store-current-differs", "agencies"),
    ),
    "value emptied": (["UPDATE c_readings SET missing = NULL"], ("store-current-differs", "readings")),
    "column added": (["ALTER TABLE c_readings ADD COLUMN more INT"], ("store-schema", "c_readings")),
    "table gone": (["DROP TABLE h_scores"], ("store-schema", "h_scores")),
}


@pytest.mark.parametrize("case", sorted(_CASES))
def test_file_changed_behind_the_toolkit_is_noticed_and_the_first_bad_place_named(
    closed: Path, case: str
) -> None:
    statements, first = _CASES[case]
    tamper(closed, *statements)
    assert found(closed)[0] == first


def test_name_of_a_member_of_staff_can_be_corrected_without_breaking_the_chain(closed: Path) -> None:
    tamper(closed, "UPDATE actor SET name = 'Removed on request' WHERE actor_id = 2")
    assert found(closed) == []
    with open_store(closed, mode="read") as store:
        assert store.changes()["actor"].to_list()[1] == "Removed on request"


def test_findings_say_what_to_do(closed: Path) -> None:
    tamper(closed, "UPDATE h_readings SET value = 8 WHERE seq = 1")
    with open_store(closed) as store:
        finding = store.verify()[0]
    assert finding.severity == "error"
    assert finding.found == "The rows that it wrote to readings are not those in the history."
    assert (
        finding.do == "Keep this file as it is for whoever looks into it, and restore the last good backup."
    )


def test_every_single_changed_character_of_an_entry_is_noticed(closed: Path) -> None:
    """300 mutations of the stored entries: each one is found."""
    rnd = random.Random(3)
    with duckdb.connect(str(closed)) as connection:
        entries = connection.execute("SELECT seq, entry, entry_hash FROM change ORDER BY seq").fetchall()
        written = verifying._written(connection, verifying._filled(connection))
        assert list(verifying._log(connection, written)) == []
        missed = 0
        for _ in range(300):
            seq, entry, entry_hash = rnd.choice(entries)
            column, text = rnd.choice([("entry", entry), ("entry_hash", entry_hash)])
            at = rnd.randrange(len(text))
            other = rnd.choice([c for c in "0123456789abcdefxyz" if c != text[at]])
            changed = text[:at] + other + text[at + 1 :]
            connection.execute("BEGIN").fetchall()
            connection.execute(f"UPDATE change SET {column} = $1 WHERE seq = $2", [changed, seq]).fetchall()
            missed += not list(verifying._log(connection, written))
            connection.execute("ROLLBACK").fetchall()
    assert missed == 0
