"""The appraisal workbook: worked out by LibreOffice it is the library's to the penny, also once something is changed."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from plans.small_plan import _PARTNERSHIP, _RECORDS

from partnership._roi.switching import with_assumption
from partnership._workflows.appraising import appraise_plan
from partnership._workflows.uncertainty import uncertain_appraisal
from partnership.errors import Finding
from partnership.plan import Plan
from partnership.roi import CLASSES, AgencyRef, AppraisalModel, Assumed, Cost, Line, Settings, appraise
from partnership.tabular import appraisal_workbook
from sample_data import make_wendleshire

MADE = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
FIGURES = ("pv_cost_gbp", "pv_cost_cash_gbp", "pv_not_agreed_gbp", "pv_fiscal_gbp", "pv_disbenefit_gbp", "pv_moved_gbp", "net_fiscal_gbp", "net_public_value_gbp")  # fmt: skip
TITLES = {
    "pv_cost_gbp": "Cost", "pv_cost_cash_gbp": "Of it in cash", "pv_not_agreed_gbp": "Of it not agreed", "pv_fiscal_gbp": "Fiscal benefit, the three fiscal classes",
    "pv_disbenefit_gbp": "Dis-benefits in these figures", "pv_moved_gbp": "Of them costs that another agency's work moves here",
    "net_fiscal_gbp": "Net fiscal position: fiscal benefit - cost", "net_public_value_gbp": "Net present public value: fiscal + economic + social - cost",
}  # fmt: skip
AWKWARD = '=HYPERLINK("http://x","y")'


def awkward():
    """A model with what spreadsheets get wrong: shared and doubled claims, thirds, steps, early starts, drop-off of all, grades, odd names."""

    def assumed(name, step, value, scale=1, offset=0, **more):
        v = Decimal(str(value))
        return Assumed(name, step, v, v, v, scale=Decimal(str(scale)), offset=Decimal(str(offset)), **more)

    thirds = {"A": Fraction(1, 3), "B": Fraction(1, 3), "x|y": Fraction(1, 3)}
    shared = assumed("Take-up", "take-up", 62, "0.01", shared_name="take-up", unit="%", confidence_grade=5)
    chain = (
        assumed("People", "target population", 333),
        shared,
        assumed("Anyway", "deadweight", 20, "-0.01", 1, unit="%"),
    )
    options = {
        "worst grade": Decimal("0.25"),
        "own grade": Decimal("0.05"),
        "mean of grades": Decimal("0.175"),
    }
    base = {
        "optimism_bias": Decimal("0.25"),
        "optimism_grade": 5,
        "optimism_options": options,
        "has_counterfactual": True,
    }
    lines = (
        Line("L1", AWKWARD, "fiscal", "cash-releasing", thirds, dt.date(2023, 2, 1), 63, chain=chain, unit_value=assumed("Each", "unit value", "1234.57", "1.2345678901234567890123"), step_gbp=Decimal("1000.01"), ramp_up=(assumed("r1", "ramp-up", 40, "0.01"), assumed("r2", "ramp-up", 95, "0.01")), drop_off=assumed("lost", "drop-off", "12.5", "-0.01", 1), **base),
        Line("L2", "A harm & <co>", "fiscal", "no release", {"A": Fraction(2, 7), "B": Fraction(5, 7)}, dt.date(2026, 10, 1), 18, is_disbenefit=True, driver_agency_id="x|y", chain=chain[:2], unit_value=assumed("Each", "unit value", "77.777"), **base),
        Line("L3", "Economic", "economic", "quantified", thirds, dt.date(2027, 4, 1), 120, full_year_gbp=Decimal("100000.005"), drop_off=assumed("gone", "drop-off", 100, "-0.01", 1), outcome_key="O"),
        Line("L4", "Social, not added", "social", "quantified", thirds, dt.date(2027, 4, 1), 120, full_year_gbp=Decimal(9), outcome_key="O"),
        Line("L5", "Without a value", "fiscal", "no release", {"A": Fraction(1)}, dt.date(2026, 4, 1), 12, missing="Nobody has read it."),
        Line("L6", "Half a penny", "fiscal", "capacity released", {"B": Fraction(1)}, dt.date(2026, 4, 1), 12, full_year_gbp=Decimal("2.675"), has_counterfactual=True),
    )  # fmt: skip
    costs = (
        Cost("=C1", "A", "W", None, 2026, Decimal("1000.01"), real_gbp=Decimal("1100.4242"), nature="capital", price_year="2020/21"),
        Cost("C2", "B", "W", None, 2027, Decimal("777.77"), real_gbp=Decimal("777.77"), form="in kind", agreed="asked", price_year="2026/27"),
        Cost("C3", "x|y", None, None, 2028, Decimal(-50), real_gbp=Decimal(-50), entry="correction", price_year="2026/27"),
        Cost("C4", "A", None, None, 2026, Decimal(900), real_gbp=Decimal(900), stage="actual", price_year="2026/27"),
        Cost("C5", "A", None, None, 2090, Decimal(900), real_gbp=Decimal(900), price_year="2026/27"),
        Cost("C6", "A", None, None, 2026, Decimal(900), missing="No deflator.", price_year="1990/91"),
    )  # fmt: skip
    agencies = (
        AgencyRef("A", "A", "=1+1"),
        AgencyRef("B", "B", "Same name"),
        AgencyRef("x|y", "XY", "Same name", "outside"),
    )
    settings = Settings(2026, 7, convention="sroi", cost_grade=3, capital_kind="standard buildings", mitigation=Decimal("0.4"), tax_cost_uplift=Decimal("0.2"))  # fmt: skip
    return AppraisalModel(lines, costs, agencies, settings)


def long():
    """A model of 34 years, across a step in the discount rates, with a benefit that began before it."""
    line = Line("L", "Long", "fiscal", "cash-releasing", {"A": Fraction(1)}, dt.date(2024, 2, 1), 900, full_year_gbp=Decimal(1000), has_counterfactual=True)  # fmt: skip
    cost = Cost("C", "A", None, None, 2030, Decimal(9000), real_gbp=Decimal(9000), price_year="2026/27")
    return AppraisalModel((line,), (cost,), (AgencyRef("A", "A", "Agency"),), Settings(2026, 34))


DRAWN = {"draws": 512, "seed": 7}


def write(folder, name, appraisal, findings=()):
    path = folder / f"{name}.xlsx"
    drawn = (
        uncertain_appraisal(appraisal, **DRAWN) if name in ("county", "awkward", "empty", "long") else None
    )
    path.write_bytes(
        appraisal_workbook(appraisal, name=f"{name} & co", findings=findings, made_at=MADE, uncertain=drawn)
    )
    return path


def set_input(path, to, sheet, change):
    """Change tinted cells of a workbook; ``change`` gets the sheet and says which."""
    book = openpyxl.load_workbook(path)
    change(book[sheet])
    book.save(to)
    return to


def assume(name, value):
    def change(sheet):
        found = [row for row in sheet.iter_rows(min_row=5) if row[2].value == name]
        assert len(found) == 1, name
        assert not found[0][3].protection.locked
        found[0][3].value = value

    return change


def switch(title, value):
    def change(sheet):
        row = next(r for r in sheet.iter_rows(min_row=5) if r[0].value == title)
        assert not row[1].protection.locked
        row[1].value = value

    return change


def part(line, agency_column, value):
    def change(sheet):
        (row,) = [r for r in sheet.iter_rows(min_row=5) if r[0].value == line]
        row[agency_column].value = value

    return change


def contribution(key, amount):
    def change(sheet):
        (row,) = [r for r in sheet.iter_rows(min_row=5) if r[0].value == key]
        assert not row[10].protection.locked
        row[10].value = amount

    return change


@pytest.fixture(scope="module")
def books(tmp_path_factory, recalculated):
    """Workbooks as written, changed ones, and all of them worked out anew in one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("books")
    finding = Finding(
        code="x", severity="warning", place="Benefits, B1", found="=cmd|' /C calc'!A0", do="Look."
    )
    models = {
        "county": appraise_plan(Plan(make_wendleshire.records())).appraisal, "awkward": appraise(awkward()), "small": appraise_plan(Plan(_RECORDS)).appraisal,
        "empty": appraise_plan(Plan({"partnership": (_PARTNERSHIP,)})).appraisal,
        "nobody": appraise(AppraisalModel((), (), (), Settings(2026))), "long": appraise(long()),
    }  # fmt: skip
    paths = {name: write(folder, name, a, [finding]) for name, a in models.items()}
    changed = {
        "take-up": ("awkward", "Assumptions", assume("Take-up", 55)),
        "convention": ("awkward", "Choices", switch("Year 0", "end-of-year")),
        "rule": (
            "awkward",
            "Choices",
            switch("Several grades of evidence make one correction by", "mean of grades"),
        ),
        "share": ("awkward", "Shares", part("L1", 2, 38)),
        "later": ("long", "Choices", switch("Year 0", "end-of-year")),
        "money": ("awkward", "Contributions", contribution("C2", Decimal("4321.09"))),
    }
    for name, (of, sheet, change) in changed.items():
        paths[name] = set_input(paths[of], folder / f"{name}.xlsx", sheet, change)
    made = dict(zip(paths, recalculated(list(paths.values())), strict=True))
    values = {name: openpyxl.load_workbook(path, data_only=True) for name, path in made.items()}
    return models, paths, values


def totals_of(book):
    sheet = book["Totals"]
    heads = [c.value for c in sheet[4]][1:]
    return heads, {
        row[0].value: [c.value for c in row[1:]] for row in sheet.iter_rows(min_row=5) if row[0].value
    }


def assert_equal_to_the_penny(book, appraisal):
    heads, found = totals_of(book)
    assert heads == [r.name for r in appraisal.scopes.values()]
    for at, result in enumerate(appraisal.scopes.values()):
        for figure in FIGURES:
            shown, wanted = found[TITLES[figure]][at], getattr(result, figure)
            if figure.startswith("net") and not result.gate.is_open:
                assert shown == "withheld"
            else:
                assert round(Decimal(repr(shown)), 2) == round(wanted, 2), (result.scope, figure)
        for kind in CLASSES:
            assert round(Decimal(repr(found[kind.capitalize()][at])), 2) == result.pv_by_class[kind], (
                result.scope,
                kind,
            )
    ledger = book["Ledger"]
    names = appraisal.model.agency_names
    rows = [[c.value for c in row] for row in ledger.iter_rows(min_row=5)]
    own = [r for r in rows if r[0] != "All agencies"]
    assert len(own) == len(appraisal.ledger)
    for row, wanted in zip(own, appraisal.ledger, strict=True):
        assert row[0] == names[wanted.agency_id]
        figures = (wanted.paid_gbp, wanted.paid["cash"], wanted.paid["capital"], wanted.paid["core"], wanted.not_agreed_gbp, wanted.paid_actual_gbp, *(wanted.received[c] for c in CLASSES), sum(wanted.disbenefit.values()), wanted.fiscal_gbp, wanted.net_gbp, wanted.net_cash_gbp)  # fmt: skip
        assert [round(Decimal(repr(v)), 2) for v in row[3:18]] == [round(Decimal(f), 2) for f in figures]


@pytest.mark.office
@pytest.mark.parametrize(
    "name",
    [
        "county",
        "awkward",
        "empty",
        *(pytest.param(n, marks=pytest.mark.long) for n in ("long", "small", "nobody")),
    ],
)
def test_workbook_worked_out_anew_is_the_librarys_to_the_penny(books, name):
    models, _, values = books
    assert_equal_to_the_penny(values[name], models[name])


@pytest.mark.office
@pytest.mark.parametrize("name", ["county", "awkward", "long", "small", "empty", "nobody"])
def test_every_formulas_stored_value_is_what_it_works_out_to(books, name):
    _, paths, values = books
    formulas, stored = (
        openpyxl.load_workbook(paths[name]),
        openpyxl.load_workbook(paths[name], data_only=True),
    )
    count = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                kept, now = (
                    stored[sheet.title][cell.coordinate].value,
                    values[name][sheet.title][cell.coordinate].value,
                )
                if isinstance(kept, int | float):
                    assert now == pytest.approx(kept, rel=1e-9, abs=1e-7), (
                        sheet.title,
                        cell.coordinate,
                        cell.value,
                    )
                else:
                    assert (now or "") == (kept or ""), (sheet.title, cell.coordinate, cell.value)
                assert not str(now).startswith("#")
    assert count > 60
    if name == "county":
        assert count > 5_000


def assert_payers_and_gainers_equal(book, appraisal):
    """Every cell of every matrix is the library's, to the penny; their sums too."""
    ids = [a.id for a in appraisal.model.agencies]
    names = [*appraisal.model.agency_names.values(), "not stated"]
    rows = [[c.value for c in row] for row in book["Payers and gainers"].iter_rows(min_row=5)]
    starts = [at for at, row in enumerate(rows) if row[0] and row[1] is None]
    blocks = {rows[at][0]: rows[at + 1 : at + 2 + len(ids) + 1] for at in starts}
    kinds = {"Fiscal benefit, the three fiscal classes": CLASSES[:3], **{f"{k.capitalize()}{', of the fiscal benefit' if k in CLASSES[:3] else ' value'}": (k,) for k in CLASSES}}  # fmt: skip
    wanted = {title: [c for c in appraisal.matrix if c.appraisal_class in k] for title, k in kinds.items()}
    fiscal = wanted["Fiscal benefit, the three fiscal classes"]
    for title in blocks:
        if title.startswith("Driver: "):
            own = [n for n in [*ids, None] if f"Driver: {names[[*ids, None].index(n)]}" == title]
            wanted[title] = [c for c in fiscal if c.driver_id in own]
    assert {c.driver_id for t in blocks if t.startswith("Driver") for c in wanted[t]} == {
        c.driver_id for c in fiscal
    }
    for title, cells in wanted.items():
        found = blocks[title]
        for payer, row in zip([*ids, None], found, strict=False):
            amounts = [sum((c.pv_gbp for c in cells if (c.payer_id, c.gainer_id) == (payer, g)), Decimal(0)) for g in ids]  # fmt: skip
            assert [round(Decimal(repr(v)), 2) for v in row[2 : 3 + len(ids)]] == [*amounts, sum(amounts)], (
                title,
                payer,
            )
        assert round(Decimal(repr(found[-1][2 + len(ids)])), 2) == sum(c.pv_gbp for c in cells)


@pytest.mark.office
@pytest.mark.parametrize("name", ["county", "awkward", "long", "small", "empty", "nobody"])
def test_payers_and_gainers_worked_out_anew_are_the_librarys_to_the_penny(books, name):
    models, _, values = books
    assert_payers_and_gainers_equal(values[name], models[name])
    if name in ("county", "awkward"):
        assert len({(c.payer_id, c.gainer_id) for c in models[name].matrix}) > 5


@pytest.mark.office
def test_payers_and_gainers_follow_a_changed_share_a_changed_assumption_and_changed_money(books):
    model = awkward()
    changed = appraise(
        replace(model, lines=tuple(with_assumption(x, "take-up", Decimal(55)) for x in model.lines))
    )
    assert changed.matrix != books[0]["awkward"].matrix
    assert_payers_and_gainers_equal(books[2]["take-up"], changed)
    shares = {"A": Fraction(38, 40), "B": Fraction(1, 40), "x|y": Fraction(1, 40)}
    shared = [replace(x, shares=shares) if x.id == "L1" else x for x in model.lines]
    assert_payers_and_gainers_equal(books[2]["share"], appraise(replace(model, lines=tuple(shared))))
    dearer = [
        replace(c, amount_gbp=Decimal("4321.09"), real_gbp=Decimal("4321.09")) if c.id == "C2" else c
        for c in model.costs
    ]
    paid = appraise(replace(model, costs=tuple(dearer)))
    assert paid.matrix != books[0]["awkward"].matrix
    assert_payers_and_gainers_equal(books[2]["money"], paid)


@pytest.mark.office
def test_uncertainty_is_drawn_values_beside_live_figures_that_say_when_they_are_old(books):
    models, _, values = books
    drawn = uncertain_appraisal(models["county"], **DRAWN)
    rows = [[c.value for c in row] for row in values["county"]["How sure"].iter_rows(min_row=5)]
    positions = {(r[0].lower(), r[1]): r for r in rows if r[12] in ("exact, by quadrature", "of the draws")}
    assert len(positions) == sum(len(s) for s in drawn.spreads.values()) > 20
    for measure, scopes in drawn.spreads.items():
        for scope, s in scopes.items():
            row = positions[measure, "All agencies" if scope == "whole" else s.name]
            figures = (s.used_gbp, s.used_gbp, s.mean_gbp, s.sd_gbp, s.p10_gbp, s.p50_gbp, s.p90_gbp)
            assert row[2:9] == pytest.approx(figures, abs=0.006)
            assert row[9] == s.chance_worse_off
            assert row[13] == "OK: as drawn"
    ranges = {str(r[0]): r for r in rows if r[12] == "live, closed form"}
    assert len(ranges) > 20
    for number in drawn.numbers:
        if number.name in ranges and [n.name for n in drawn.numbers].count(number.name) == 1:
            found = ranges[number.name]
            assert found[2:7] == pytest.approx(
                [number.spread.low, number.used, number.spread.high, number.spread.mean, number.spread.variance**0.5], rel=1e-9, abs=1e-9,
            )  # fmt: skip
    said = " ".join(str(r[1]) for r in rows)
    assert f"512 draws from seed 7, discount rates {models['county'].vintage}" in said
    assert "are values, not formulas" in said
    for name, wanted in (("long", "OK: as drawn"), ("later", "changed since")):
        told = [r[13].value for r in values[name]["How sure"].iter_rows(min_row=5) if r[13].value]
        assert told
        assert all(v.startswith(wanted) for v in told)
    assert "No futures were drawn" in values["small"]["How sure"]["A5"].value


@pytest.mark.office
@pytest.mark.parametrize("name", ["county", "awkward", "long", "small", "empty", "nobody"])
def test_control_totals_of_an_unchanged_workbook_say_ok(books, name):
    _, _, values = books
    verdicts = [row[4].value for row in values[name]["Control totals"].iter_rows(min_row=5) if row[4].value]
    assert len(verdicts) > 10
    assert set(verdicts) == {"OK"}
    assert values[name]["Read me first"]["B6"].value == "OK: everything adds up and is what the library found"


@pytest.mark.office
def test_changed_assumption_gives_what_the_library_gives_for_the_same_change(books):
    models, _, values = books
    model = awkward()
    changed = appraise(
        replace(model, lines=tuple(with_assumption(x, "take-up", Decimal(55)) for x in model.lines))
    )
    by = abs(changed.whole.pv_fiscal_gbp - models["awkward"].whole.pv_fiscal_gbp)
    assert by > 1000
    assert_equal_to_the_penny(values["take-up"], changed)
    verdicts = [
        row[4].value for row in values["take-up"]["Control totals"].iter_rows(min_row=5) if row[4].value
    ]
    assert f"differs by £{by:,.2f}" in verdicts
    assert verdicts[:7] == ["OK"] * 7
    assert values["take-up"]["Read me first"]["B6"].value.startswith("adds up, and differs")
    rates = [
        row[-1].value
        for row in values["take-up"]["Payback"].iter_rows()
        if row[1].value == "Internal rate of return"
    ]
    assert rates[0] == "changed: ask partnership appraise for it"


@pytest.mark.office
def test_turned_switch_gives_what_the_library_gives_for_the_same_setting(books):
    model = awkward()
    later = appraise(model.with_settings(replace(model.settings, convention="end-of-year")))
    assert later.whole.pv_cost_gbp != books[0]["awkward"].whole.pv_cost_gbp
    assert_equal_to_the_penny(books[2]["convention"], later)
    milder = [
        replace(x, optimism_bias=x.optimism_options.get("mean of grades", x.optimism_bias))
        for x in model.lines
    ]
    changed = appraise(replace(model, lines=tuple(milder)))
    assert changed.whole.pv_fiscal_gbp != books[0]["awkward"].whole.pv_fiscal_gbp
    assert_equal_to_the_penny(books[2]["rule"], changed)


@pytest.mark.office
def test_changed_share_gives_what_the_library_gives_for_the_same_parts(books):
    model = awkward()
    parts = {"A": Fraction(38, 40), "B": Fraction(1, 40), "x|y": Fraction(1, 40)}
    changed = appraise(
        replace(model, lines=tuple(replace(x, shares=parts) if x.id == "L1" else x for x in model.lines))
    )
    assert_equal_to_the_penny(books[2]["share"], changed)


@pytest.mark.office
def test_withheld_headlines_are_withheld_in_words_with_what_is_missing(books):
    models, _, values = books
    for name in ("awkward", "small", "empty"):
        _, found = totals_of(values[name])
        closed = [not r.gate.is_open for r in models[name].scopes.values()]
        assert any(closed)
        for title in (
            TITLES["net_fiscal_gbp"],
            "Fiscal return for each £1 of cost",
            "Payback in whole years",
            "Internal rate of return, all roots",
        ):
            assert [v == "withheld" for v in found[title]] == closed
        said = "".join(str(c.value) for row in values[name]["Withheld"].iter_rows() for c in row)
        assert models[name].whole.gate.words in said


def test_texts_of_the_plan_stay_texts_and_no_formula_holds_one(tmp_path):
    found = openpyxl.load_workbook(
        io.BytesIO(appraisal_workbook(appraise(awkward()), name="=1+1 & co", made_at=MADE))
    )
    texts = [c for sheet in found for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    assert {c.data_type for c in texts if c.value in (AWKWARD, "=1+1", "=C1")} == {"s"}
    assert sum(c.value == AWKWARD for c in texts) > 3
    formulas = [c.value for c in texts if c.data_type == "f"]
    assert not [f for f in formulas if "HYPERLINK" in f or "Same name" in f or "x|y" in f]


def test_every_figure_of_the_totals_leads_to_where_it_comes_from_and_inputs_have_one_colour(tmp_path):
    appraisal = appraise(awkward())
    book = openpyxl.load_workbook(write(tmp_path, "links", appraisal))
    targets = {}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink:
                    targets[sheet.title, cell.coordinate] = cell.hyperlink.location
    for location in targets.values():
        name, _, cell = location.rpartition("!")
        assert book[name.strip("'")][cell] is not None
    (row,) = [r for r in book["Totals"].iter_rows(min_row=5) if r[0].value == "Cost"]
    assert [targets["Totals", c.coordinate] for c in row[1:]] == ["'Contributions'!A4"] * 4
    chain = [c for r in book["Chain"].iter_rows(min_col=3, max_col=3) for c in r if c.data_type == "f"]
    assert chain
    assert all(targets["Chain", c.coordinate].startswith("'Assumptions'!") for c in chain)
    unlocked = [c for sheet in book for row in sheet.iter_rows() for c in row if not c.protection.locked]
    assert len(unlocked) > 20
    assert {c.fill.fgColor.rgb for c in unlocked} == {"FFE3EDF6"}
    assert not [c for c in unlocked if c.data_type == "f"]


def test_every_vintage_unit_and_source_is_printed(tmp_path):
    book = openpyxl.load_workbook(write(tmp_path, "vintages", appraise(awkward())))
    said = " ".join(str(c.value) for row in book["Choices"].iter_rows() for c in row if c.value)
    for vintage in (
        "gb-2003-2026",
        "hmt-2025-12",
        "hmt-gmca-2014",
        "mott-macdonald-2002",
        "2026-11",
        "dft-vfm",
    ):
        assert vintage in said
    for sheet in book:
        assert sheet.print_title_rows or sheet.title == "Read me first"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_schedule_that_ends_with_the_years_offers_no_convention_beyond_it():
    settings = Settings(2026, 30, vintage="review-2026-what-if")
    model = replace(long(), settings=settings)
    book = openpyxl.load_workbook(io.BytesIO(appraisal_workbook(appraise(model), made_at=MADE)))
    lists = [v.formula1 for v in book["Choices"].data_validations.dataValidation if v.type == "list"]
    assert '"green-book,end-of-year,sroi"' in lists
    longer = replace(model, settings=Settings(2026, 31, vintage="review-2026-what-if"))
    book = openpyxl.load_workbook(io.BytesIO(appraisal_workbook(appraise(longer), made_at=MADE)))
    assert '"green-book"' in [v.formula1 for v in book["Choices"].data_validations.dataValidation]
