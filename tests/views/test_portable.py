"""Every view is one SELECT in the subset that DuckDB and Spark both run, and returns what it declares."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cache

import pytest
import sqlglot
from sqlglot import exp, transforms

from partnership.benefits import Assumption
from partnership.blueprint import ItemAgency, WorkItem
from partnership.errors import InvalidInput, UnknownName
from partnership.tables import RECORD_TYPES
from partnership.views import CHANGES_TABLE, COMMON_PARAMS, FORMULAS_TABLE, SUMS_TABLES, VIEWS, view

NAMES = sorted(VIEWS)

AGREED = [
    "agency_holders",
    "benefit_by_agency",
    "benefit_by_class",
    "benefit_by_goal",
    "benefit_months",
    "benefit_realisation",
    "benefit_register",
    "benefit_totals",
    "changes",
    "expectation_gaps",
    "expectation_history",
    "expectation_pairs",
    "expectation_rates",
    "first_results",
    "freshness",
    "measure_readings",
    "payers_and_gainers",
    "plan_summary",
    "promise_totals",
    "promises",
    "promises_by_agency",
    "talks",
]

FORBIDDEN = {
    "::": r"::",
    "//": r"(?<!:)//",
    "QUALIFY": r"\bQUALIFY\b",
    "date_diff": r"\b(date_?diff|date_?sub|date_?add|date_trunc|months_between)\s*\(",
    "lists": r"\[|\blist\s*\(|\bunnest\s*\(|\barray_agg\s*\(",
    "LISTAGG and its kin": r"\b(listagg|string_agg|group_concat)\s*\(",
    "a value written into the text": r"\?|\{",
    "SELECT DISTINCT ON": r"\bDISTINCT\s+ON\b",
    "a MEDIAN of decimals": r"\b(MEDIAN|QUANTILE\w*)\s*\((?!\s*CAST)",
    "now": r"\b(now|current_date|current_timestamp|today)\s*\(|\bCURRENT_(DATE|TIMESTAMP)\b",
    "ILIKE, EXCLUDE, USING SAMPLE": r"\b(ILIKE|EXCLUDE|SAMPLE|PIVOT|ASOF)\b",
}


def body(name: str) -> str:
    return re.sub(r"--[^\n]*", "", view(name).sql)


@cache
def statements(name: str) -> list[exp.Expression | None]:
    return sqlglot.parse(view(name).sql, read="duckdb")


def parsed(name: str) -> exp.Expression:
    """The view's one statement; whoever changes it takes a copy."""
    (only,) = statements(name)
    assert only is not None
    return only


def bound(name: str, **params):
    today = {"today": dt.date(2026, 11, 23)} if "today" in view(name).params else {}
    return dict.fromkeys(view(name).params) | today | params


@cache
def there_and_back(name: str) -> str:
    spark = parsed(name).sql("spark", comments=False)
    return sqlglot.transpile(spark, read="spark", write="duckdb", comments=False)[0]


def plain_form(sql: str) -> str:
    """Text without what the translator adds and no engine sees: tried casts, doubled NULLIF, casts of days to days."""

    def simpler(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.TryCast):
            return exp.Cast(this=node.this, to=node.args["to"])
        if isinstance(node, exp.Nullif):
            inner = node.this
            if isinstance(inner, exp.Nullif | exp.Literal):
                return inner
        if isinstance(node, exp.Year | exp.Month | exp.Day) and isinstance(node.this, exp.Cast):
            node.set("this", node.this.this)
        if isinstance(node, exp.Paren) and isinstance(node.this, exp.Column | exp.Literal | exp.Paren):
            return node.this
        return node

    tree = sqlglot.parse_one(sql, read="duckdb")
    tree = transforms.move_ctes_to_top_level(tree)
    for _ in range(3):
        tree = tree.transform(simpler)
    text = tree.sql("duckdb", comments=False, normalize=True)
    return re.sub(r"\bINT\b", "INTEGER", text)


def fill(bench):
    """Put something into every plain table that a view reads, so that results are more than empty."""
    bench.partnership(
        bhag_measure_id="STORY", bhag_baseline_value=61, bhag_baseline_on=dt.date(2025, 3, 31),
        bhag_target_value=10, bhag_target_on=dt.date(2030, 3, 31), last_board_on=dt.date(2026, 9, 3),
    )  # fmt: skip
    for n, code in enumerate(("COU", "ICB", "POL")):
        bench.agency(code, joined_on=dt.date(2025, 4, n + 1))
    bench.agency("PCT", left_on=dt.date(2026, 8, 1), succeeded_by_id="ICB")
    bench.agency("NAT", duty="outside", sector="national")
    bench.money_measure()
    bench.measure("M")
    bench.measure("STORY", unit="%", kind="share")
    bench.goal("G", measure_id="M")
    bench.benefit("B1", goal_id="G")
    bench.benefit("B2", goal_id="G", benefit_class="capacity released", is_disbenefit=True)
    bench.shares("B1", COU="1/3", ICB="1/3", PCT="1/3")
    bench.planned("B1", None, dt.date(2026, 6, 1), *[Decimal("100.01")] * 10)
    bench.planned("B2", "POL", dt.date(2026, 6, 1), *[-10] * 10)
    bench.read("B1", None, dt.date(2026, 6, 1), 90, 80, "withheld", 70, state="provisional")
    bench.read("B2", "POL", dt.date(2026, 6, 1), -9, -8, "not provided")
    bench.read(None, None, dt.date(2026, 6, 1), 52, 50, 49, 47, measure_id="STORY")
    bench.says("COU", 5000, expected_by=dt.date(2027, 3, 31))
    bench.says("ICB", 5, stated_on=dt.date(2026, 3, 1))
    bench.says("ICB", 8, expected_by=dt.date(2028, 1, 31))
    bench.says("POL", 9, counterpart_id="COU")
    bench.says("COU", 90, counterpart_id="POL", direction="gets")
    bench.promise("C1", "PCT", dt.date(2026, 9, 1), to_agency_id="COU", benefit_id="B1")
    bench.promise("C2", "POL", dt.date(2026, 9, 1), delivered_on=dt.date(2026, 9, 5))
    bench.put(WorkItem(id="W", title="Hub"), ItemAgency(item_id="W", agency_id="COU", part="accountable"))
    bench.read(None, None, dt.date(2026, 6, 1), 5, measure_id="M", item_id="W")
    bench.put(Assumption(benefit_id="B1", step="take-up", name="Who says yes", value=Decimal("0.4")))
    bench.put_row(
        CHANGES_TABLE,
        (
            1,
            dt.datetime(2026, 11, 18, 16, 40),
            "Hub manager",
            "declared",
            "load",
            "Monthly",
            "p.xlsx",
            1,
            2,
            0,
            1,
            None,
        ),
    )
    when = dt.datetime(2026, 11, 18, 16, 40)
    bench.put_row(
        FORMULAS_TABLE, (1, when, "Hub manager", "p.xlsx", "Goals!C5", "goals", "G", "title", "=A1")
    )
    return bench


@pytest.fixture(scope="module")
def county(bench_class):
    """A filled plan that no test changes."""
    made = fill(bench_class())
    yield made
    made.close()


def test_views_hold_every_view_that_pages_rely_on():
    assert set(AGREED) <= set(VIEWS)


@pytest.mark.parametrize("name", NAMES)
def test_view_declares_what_a_page_needs(name):
    v = view(name)
    for text in (v.title, v.question, v.unit, v.source, v.definition):
        assert len(text) > 3
    assert v.question.endswith("?")
    assert v.definition.endswith(".")
    assert v.columns
    assert len({c.name for c in v.columns}) == len(v.columns)
    assert all(c.label for c in v.columns if c.name != "place")
    assert set(v.tables) <= {t.table for t in RECORD_TYPES} | {CHANGES_TABLE, FORMULAS_TABLE, *SUMS_TABLES}


@pytest.mark.parametrize("name", NAMES)
def test_view_returns_the_columns_and_types_that_it_declares(county, name):
    cursor = county.connection.execute(view(name).sql, bound(name))
    got = [(d[0], str(d[1])) for d in cursor.description]
    assert got == [(c.name, c.type) for c in view(name).columns]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_view_keeps_to_the_portable_subset(name, what):
    assert not re.search(FORBIDDEN[what], body(name), flags=re.IGNORECASE), what


@pytest.mark.parametrize("what", FORBIDDEN)
def test_linter_finds_what_is_forbidden(what):
    samples = {
        "::": "SELECT a::DATE", "//": "SELECT a // 2", "QUALIFY": "SELECT a QUALIFY b = 1", "date_diff": "SELECT date_diff('day', a, b)",
        "lists": "SELECT [1, 2]", "LISTAGG and its kin": "SELECT STRING_AGG(a, ',')", "a value written into the text": "SELECT ?",
        "SELECT DISTINCT ON": "SELECT DISTINCT ON (a) b", "a MEDIAN of decimals": "SELECT MEDIAN(a)", "now": "SELECT now()",
        "ILIKE, EXCLUDE, USING SAMPLE": "SELECT a ILIKE 'b'",
    }  # fmt: skip
    assert re.search(FORBIDDEN[what], samples[what], flags=re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
def test_view_divides_only_by_a_literal_or_a_nullif(name):
    tree = parsed(name)
    for division in tree.find_all(exp.Div):
        by = division.expression
        assert isinstance(by, exp.Nullif) or (isinstance(by, exp.Literal) and float(by.name) != 0), (
            division.sql()
        )


@pytest.mark.parametrize("name", NAMES)
def test_view_is_one_select_with_each_name_given_once(name):
    assert len(statements(name)) == 1
    assert isinstance(parsed(name), exp.Select | exp.Union)
    given = [cte.alias for cte in parsed(name).find_all(exp.CTE)]
    assert len(given) == len(set(given)), "Spark's text has all of them at the top"
    assert not set(given) & (
        {t.table for t in RECORD_TYPES} | {CHANGES_TABLE, FORMULAS_TABLE, *SUMS_TABLES}
    ), "a plain table must come from the store"


@pytest.mark.parametrize("name", NAMES)
def test_view_names_exactly_the_tables_and_parameters_that_it_declares(name):
    tree = parsed(name)
    given = {cte.alias for cte in tree.find_all(exp.CTE)}
    named = {t.name for t in tree.find_all(exp.Table)} - given
    assert named == set(view(name).tables)
    assert {p.name for p in tree.find_all(exp.Placeholder)} == set(view(name).params)


@pytest.mark.parametrize("name", NAMES)
def test_view_orders_with_the_place_of_nulls_written(name):
    orders = re.findall(r"(?:ASC|DESC)\b(?! NULLS)", body(name))
    assert orders == []
    for ordered in parsed(name).find_all(exp.Ordered):
        assert ordered.args.get("nulls_first") is not None


@pytest.mark.long  # its rows are held equal in every run, its text in the long one
@pytest.mark.parametrize("name", NAMES)
def test_view_comes_back_from_spark_as_the_same_text(name):
    assert plain_form(there_and_back(name)) == plain_form(view(name).sql)


@pytest.mark.slow
def test_plain_form_does_not_hide_a_difference():
    text = view("promises").sql
    assert plain_form(text) != plain_form(text.replace("'kept late'", "'kept'"))
    assert plain_form(text) != plain_form(
        text.replace("d.delivered_on <= asked.today", "d.delivered_on < asked.today")
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_view_back_from_spark_gives_the_same_rows(county, name):
    want = county.connection.execute(view(name).sql, bound(name)).fetchall()
    got = county.connection.execute(there_and_back(name), bound(name)).fetchall()
    assert want, f"{name} has no rows in the sample: the comparison would say nothing"
    assert sorted(map(repr, got)) == sorted(map(repr, want))


@pytest.fixture(scope="module")
def moved(bench_class):
    """The same plan, and no table has the name that the views know."""
    made = fill(bench_class())
    for t in SUMS_TABLES:
        made.connection.execute(f"CREATE TABLE stored_{t} AS SELECT * FROM {t}")
    for t in SUMS_TABLES:
        made.connection.execute(f"DROP VIEW {t}")
    for t in {t.table for t in RECORD_TYPES} | {CHANGES_TABLE, FORMULAS_TABLE}:
        made.connection.execute(f"ALTER TABLE {t} RENAME TO stored_{t}")
    yield made
    made.close()


@pytest.mark.parametrize("name", NAMES)
def test_view_runs_over_tables_put_in_front_of_it(county, moved, name):
    v = view(name)
    want = county.connection.execute(v.sql, bound(name)).fetchall()
    text = v.over({t: f"SELECT * FROM stored_{t}" for t in v.tables})
    assert moved.connection.execute(text, bound(name)).fetchall() == want


@pytest.mark.parametrize("name", NAMES)
def test_view_over_empty_tables_has_no_row_or_one_of_nothing(bench, name):
    rows = bench.ask(name)
    assert len(rows) <= 1
    for row in rows:
        assert all(value in (None, 0) for value in row.values()), row


@pytest.mark.parametrize("name", [n for n in NAMES if set(COMMON_PARAMS[1:]) & set(view(n).params)])
def test_view_filtered_by_an_id_that_nobody_has_shows_nothing(county, name):
    for param in set(COMMON_PARAMS[1:]) & set(view(name).params):
        rows = county.ask(name, **{param: "NOBODY"})
        numbers = [v for r in rows for k, v in r.items() if k.endswith("_gbp") and v]
        if (name, param) == ("talks", "benefit_class"):
            continue  # only the promises that a talk waits for have a class
        assert len(rows) <= 1 or name in {"payers_and_gainers", "first_results"}, (param, rows)
        assert numbers == []


def test_view_that_does_not_exist_suggests_one_that_does():
    with pytest.raises(UnknownName, match="promises"):
        view("promisses")


def test_view_over_too_few_tables_says_which_are_lacking():
    with pytest.raises(InvalidInput, match="commitments"):
        view("promises").over({})
