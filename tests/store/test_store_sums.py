"""Sums and earlier versions that the store keeps give the very answers of plain SQL over the history."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from store_helpers import JO, measures, reading, tamper
from typer.testing import CliRunner

from partnership.cli import app
from partnership.disclosure import THRESHOLD, withhold_readings
from partnership.errors import StoreError, UnknownName
from partnership.store import DuckStore, mend_store, open_store
from partnership.store import _schema as schema
from partnership.store import _sums_statements as sums
from partnership.tables import frame

_BEFORE_DAYS = (
    'DROP TABLE "h_clocks"',
    'DROP TABLE "c_clocks"',
    "DELETE FROM schema_migration WHERE number >= 3",
)
START = dt.date(2026, 6, 1)
CELLS = (*schema.CELLS, *schema.SUMMED)
KINDS = (None, "withheld", "not provided", "too early", "suppressed", "blank")
NAMED = ("measure_id", "benefit_id", "agency_id", "is_of_item", "period", "period_index", "state")
KEPT = (
    f"SELECT {', '.join(NAMED)}, {', '.join(f'SUM({c}) AS {c}' for c in CELLS)} "
    "FROM reading_months AS m JOIN reading_series AS s ON s.series = m.series GROUP BY ALL ORDER BY ALL"
)
PLAIN = f"WITH reading_series AS ({sums.plain_series()}), reading_months AS ({sums.plain_months()}) {KEPT}"


def as_known(store: DuckStore, as_of: dt.date | None) -> pl.DataFrame:
    """Readings of a moment by one pass over their whole history: the plainest reading of what is meant."""
    if as_of is None:
        seq, day = store.last_seq, dt.date.max
    else:
        moment = store._moment(as_of)
        seq, day = moment.seq, moment.day
    rows = store.history("readings").filter(pl.col("change_seq") <= seq)
    rows = rows.filter(pl.col("valid_from").is_null() | (pl.col("valid_from") <= day))
    last = rows.sort("row_version").group_by("row_key").last().filter(pl.col("op") == "put")
    return last.select(*schema.columns("readings"), *schema.META).sort("row_key")


def withheld(store: DuckStore, rows: pl.DataFrame, as_of: dt.date | None) -> pl.DataFrame:
    people = {r["id"] for r in store.table("measures").iter_rows(named=True) if r["counts_people"]}
    if as_of is not None:
        then = store.table("measures", as_of=as_of)
        people |= {r["id"] for r in then.iter_rows(named=True) if r["counts_people"]}
    marked = rows.with_columns(counts_people=pl.col("measure_id").is_in(sorted(people)))
    return withhold_readings(marked).drop("counts_people")


ROLLED: tuple[tuple[tuple[str, ...], Any, pl.Expr | None], ...] = (
    (("measure_id", "benefit_id", "agency_id", "is_of_item"), "month", pl.col("period_index")),
    (("agency_id", "measure_id"), "quarter", pl.col("period_index") // 3),
    (("benefit_id",), "financial_year", (pl.col("period_index") - 3) // 12),
    ((), None, None),
)


def hold_rolled(store: DuckStore, plain: pl.DataFrame, as_of: dt.date | None, *, raw: bool) -> None:
    """Hold every way to roll up equal to sums by polars over the plain months."""
    for by, period, at in ROLLED:
        keys = [pl.col(c) for c in by] + ([at.cast(pl.Int32).alias("at")] if at is not None else [])
        summed = [pl.col(c).sum().alias(c) for c in CELLS]
        groups = plain.group_by(keys).agg(summed) if keys else plain.select(summed)
        groups = groups.filter(pl.col("readings") > 0).sort(pl.all(), nulls_last=True)
        found = store.roll_up(by, period=period, of=CELLS, running=True, as_of=as_of, raw=raw)
        for c in schema.SUMMED:
            of = sums.counted_by(c)
            wanted = groups.with_columns(
                pl.col(c, of).cum_sum().over(by).name.prefix("all_")
                if by
                else pl.col(c, of).cum_sum().name.prefix("all_")
            ).select(
                pl.when(pl.col(of) > 0).then(pl.col(c)).alias(c),
                pl.when(pl.col(f"all_{of}") > 0).then(pl.col(f"all_{c}")).alias(f"running_{c}"),
            )
            assert found.select(wanted.columns).rows() == wanted.rows(), (as_of, raw, by, c)
        named = [*by, *(["at"] if period else []), *schema.CELLS]
        got = found.select(
            c for c in found.columns if c not in schema.SUMMED and not c.startswith("running_")
        )
        assert got.rows() == groups.select(named).rows(), (as_of, raw, by)


def hold_equal(store: DuckStore, days: list[dt.date | None]) -> None:
    for as_of in days:
        plain = as_known(store, as_of)
        for raw in (True, False):
            wanted = plain if raw else withheld(store, plain, as_of)
            assert store.table("readings", as_of=as_of, raw=raw).equals(wanted), (as_of, raw)
            asked: dict[str, Any] = {"as_of": as_of, "raw": raw}
            kept = store.query_plain(KEPT, ("reading_months", "reading_series"), **asked)
            assert kept.equals(store.query_plain(PLAIN, ("readings",), **asked)), (as_of, raw)
            hold_rolled(store, kept, as_of, raw=raw)
            if not wanted.is_empty():
                assert kept["readings"].sum() == wanted.height
    assert [f for f in store.verify() if f.severity == "error"] == []


class Writer:
    """Random readings: put, corrected, taken back, put again, some with a day of their own that is yet to come."""

    def __init__(self, store: DuckStore, clock: Any, chance: random.Random) -> None:
        self.store, self.clock, self.chance, self.day = store, clock, chance, START

    def one(self) -> Any:
        pick = self.chance.choice
        got = pick(("value", "value", "share", "label", "none", "none"))
        small = pick((Decimal(0), Decimal(3), Decimal("-5"), Decimal(6), Decimal("1234.5678")))
        fields: dict[str, Any] = {"missing": pick(KINDS)} if got == "none" else {}
        fields |= {"value": small} if got == "value" else {}
        shared = {"numerator": small, "denominator": pick((None, Decimal(4), Decimal(90)))}
        fields |= shared if got == "share" else {}
        fields |= {"label": "Amber"} if got == "label" else {}
        own = self.day + dt.timedelta(days=self.chance.randint(-9, 9))
        fields |= {"read_on": pick((None, None, own)), "state": pick(("approved", "provisional"))}
        fields |= {"benefit_id": pick((None, "B1")), "item_id": pick((None, None, "W1", "W2"))}
        month = dt.date(2026, self.chance.randint(1, 3), 1)
        return reading(pick(("M1", "M2")), month, agency_id=pick((None, "A", "B")), **fields)

    def step(self) -> None:
        self.day += dt.timedelta(days=self.chance.choice((0, 1, 1, 3, -2)))
        self.clock.set(self.day.year, self.day.month, self.day.day, self.chance.randint(6, 23))
        choice = self.chance.random()
        if choice < 0.1:
            self.store.refuse(actor=JO, reason="Refused")
            return
        if choice < 0.2:
            counted = measures(("M1", self.chance.random() < 0.5), ("M2", self.chance.random() < 0.5))
            self.store.accept({"measures": counted}, actor=JO, reason="Measures")
            return
        rows = {("|".join(str(v) for v in (r.measure_id, r.benefit_id, r.item_id, r.agency_id, r.period))): r
                for r in (self.one() for _ in range(self.chance.randint(1, 12)))}  # fmt: skip
        put = frame(list(rows.values()), "readings")
        there = self.store.table("readings", raw=True)
        keys = set(there["row_key"].to_list()) - set(_keys(put))
        removed = self.chance.sample(sorted(keys), min(len(keys), self.chance.randint(0, 4)))
        self.store.accept(
            {"readings": put}, removed={"readings": [*removed, "never there"]}, actor=JO, reason="Readings"
        )


def _keys(rows: pl.DataFrame) -> list[str]:
    from partnership.store._frames import prepared

    return prepared("readings", rows)["row_key"].to_list()


def write_and_compare(store: DuckStore, clock: Any, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    writer = Writer(store, clock, chance)
    for n in range(steps):
        writer.step()
        if n % 6 == 5 or n == steps - 1:
            days = [START + dt.timedelta(days=chance.randint(-12, 40)) for _ in range(2)]
            hold_equal(store, [None, writer.day, *days])


def test_sums_and_past_equal_plain_sql_after_random_writes(store: DuckStore, clock: Any) -> None:
    write_and_compare(store, clock, 1, 10)
    past = store._engine.connection.execute("SELECT COUNT(*) FROM p_readings").fetchall()[0][0]
    assert past > 10, "rows were corrected and taken back"
    path = store.path
    store.close()  # a store made before days or quarters were kept is brought up to date, and nothing of it is lost
    younger = ("m_reading_days", "m_reading_quarters", "m_reading_quarter_days")
    tamper(path, *(f"DROP TABLE {t}" for t in younger), *_BEFORE_DAYS)
    with open_store(path) as again:
        for table in younger:
            assert again._engine.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchall()[0][0] > 5
        assert [f for f in again.verify() if f.severity == "error"] == []


def test_sums_too_large_for_64_bits_are_exact(store: DuckStore) -> None:
    assert store.roll_up().is_empty()
    most = Decimal("99999999999999.9999")
    rows = [reading(item_id=f"W{n}", value=-most if n == 1 else most) for n in range(16)]
    store.accept({"readings": frame(rows, "readings")}, actor=JO, reason="Opening")
    found = store.roll_up((), period="month", running=True)
    assert found["value_total"].to_list() == found["running_value_total"].to_list() == [14 * most]
    assert store.roll_up(("is_of_item",), period=None).rows() == [(True, 16, 16, 14 * most)]
    with pytest.raises(UnknownName, match="postcode"):
        store.roll_up(("postcode",))
    asked = ["roll-up", "--by", "measure", "--period", "all", "--store", str(store.path)]
    assert CliRunner().invoke(app, asked).output == (
        f"measure_id,readings,value_cells,value_total\nM1,16,16,{14 * most}\n"
    )
    assert json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)["rows"][0]["readings"] == 16
    assert CliRunner().invoke(app, [*asked[:4], "week", *asked[5:]]).exit_code == 2


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3, 43))
def test_sums_and_past_equal_plain_sql_after_many_random_writes(
    store: DuckStore, clock: Any, seed: int
) -> None:
    write_and_compare(store, clock, seed, 60)


# ------------------------------------------------------------------------------------------ checked and mended


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with readings, small ones among them, one of which was corrected."""
    path = tmp_path_factory.mktemp("sums") / "plan.duckdb"
    with open_store(path, mode="create") as store:
        rows = [reading(value=Decimal(3)), reading("M2", agency_id="A", value=Decimal(700))]
        store.accept(
            {"readings": frame(rows), "measures": measures(("M1", True))}, actor=JO, reason="Opening"
        )
        store.accept({"readings": frame([reading(value=Decimal(80))])}, actor=JO, reason="Corrected")
    return path


_ALTERED = {
    "sum": "UPDATE m_reading_months SET value_total = value_total + 1",
    "day moved": "UPDATE m_reading_days SET day = day + 1 WHERE seq = 2",
    "day of another change": "UPDATE m_reading_days SET seq = 1 WHERE seq = 2",
    "sum by quarter": "UPDATE m_reading_quarters SET value_total = value_total + 1",
    "quarter's day moved": "UPDATE m_reading_quarter_days SET day = day + 1 WHERE seq = 2",
    "series swapped": "UPDATE m_reading_series SET agency_id = 'B' WHERE series = 2",
    "series doubled": "INSERT INTO m_reading_series SELECT 9, * EXCLUDE (series) FROM m_reading_series",
    "small count passed off as large": "UPDATE c_readings SET is_small = NOT is_small",
    "earlier version altered": "UPDATE p_readings SET value = 4",
    "earlier version ends later": "UPDATE p_readings SET until = until + 1",
    "earlier versions taken out": "DELETE FROM p_readings",
}


@pytest.mark.parametrize("what", _ALTERED)
def test_what_is_kept_and_altered_is_noticed_and_worked_out_again(
    corrected: Path, tmp_path: Path, what: str
) -> None:
    path = tmp_path / "plan.duckdb"
    shutil.copy(corrected, path)
    tamper(path, _ALTERED[what])
    with open_store(path, mode="read") as store:
        assert {(f.code, f.place) for f in store.verify()} == {("store-sums-differ", "readings")}
    assert mend_store(path) == []
    with open_store(path, mode="read") as store:
        assert store.table("readings")["value"].to_list() == [Decimal(80), Decimal(700)]
        (before,) = store.table("readings", as_of=dt.date(2020, 1, 1), raw=True)["value"].to_list()[:1]
        assert before == Decimal(3)


def test_store_with_a_damaged_history_is_not_mended(corrected: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.duckdb"
    shutil.copy(corrected, path)
    tamper(path, "UPDATE c_readings SET value = 81 WHERE value = 80")
    with pytest.raises(StoreError, match="is damaged, and nothing was worked out again"):
        mend_store(path)


def test_threshold_that_marks_stored_counts_is_the_one_of_the_migration() -> None:
    assert THRESHOLD == 5, (
        "readings are stored with their mark: a new threshold needs a migration that marks again"
    )


def test_command_tells_sums_that_differ_from_a_damaged_store_and_mends_them(
    corrected: Path, tmp_path: Path
) -> None:
    path = tmp_path / "plan.duckdb"
    shutil.copy(corrected, path)
    tamper(path, "DELETE FROM m_reading_months")
    asked = ["verify-store", "--store", str(path)]
    assert "their sums are not: partnership verify-store --mend" in CliRunner().invoke(app, asked).output
    mended = CliRunner().invoke(app, [*asked, "--mend"]).output
    assert "The store agrees with itself" in mended
    assert "store-sums-differ" not in mended
