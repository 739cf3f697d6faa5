"""Commands of investment and return: appraise, explain."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership._cli import uncertainty
from partnership._cli.choosing import (
    CapitalKind,
    CostGrade,
    CostStage,
    Deflator,
    FirstYear,
    Horizon,
    Inflation,
    Mitigation,
    Optimism,
    PriceYear,
    Schedule,
    TaxUplift,
    Vintage,
    YearZero,
)
from partnership._cli.choosing import chosen as choose
from partnership._cli.opening import reader
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.uncertainty import Correlate, CostRange, Draws, RateRange, Seed, SobolSamples
from partnership._cli.words import day, print_json, readable, words

if TYPE_CHECKING:
    from partnership._roi.appraisal import Result
    from partnership._workflows.appraising import Appraised
    from partnership._workflows.uncertainty import UncertainAppraisal
    from partnership.store import Store

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Put the commands of this room under the command line."""
    app.command()(appraise)
    app.command()(explain)


def appraise(
    agency: Annotated[str | None, typer.Option(help="One agency, by id or code; all when left out.")] = None,
    vintage: Vintage = None,
    against: Annotated[
        str | None, typer.Option(help="Also print what differs under this other edition.")
    ] = None,
    schedule: Schedule = None,
    horizon: Horizon = None,
    first_year: FirstYear = None,
    price_year: PriceYear = None,
    year0: YearZero = None,
    optimism: Optimism = None,
    cost_grade: CostGrade = None,
    capital_kind: CapitalKind = None,
    mitigation: Mitigation = None,
    deflator: Deflator = None,
    inflation: Inflation = None,
    cost_stage: CostStage = None,
    tax_uplift: TaxUplift = None,
    bands: Annotated[
        bool, typer.Option("--value-words", help="Show the Department for Transport's words for the ratio.")
    ] = False,
    workbook: Annotated[
        Path | None, typer.Option(help="Also write it as a workbook of live formulas.", metavar="FILE.xlsx")
    ] = None,
    draws: Draws = 0,
    seed: Seed = 2026,
    correlate: Correlate = None,
    cost_range: CostRange = None,
    rate_range: RateRange = None,
    sobol: SobolSamples = 0,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Appraise the plan: what each agency and the whole pay and gain, at present value."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.appraising import appraise as run
        from partnership._workflows.appraising import as_json as plain
        from partnership._workflows.appraising import compare_vintages

        chosen = choose(
            schedule=schedule, horizon_years=horizon, first_year=first_year, price_year=price_year, convention=year0,
            optimism_rule=optimism, cost_grade=cost_grade, capital_kind=capital_kind, mitigation=mitigation, deflator_vintage=deflator,
            inflation=inflation, cost_stage=cost_stage, tax_cost_uplift=tax_uplift, value_bands=bands or None,
        )  # fmt: skip
        done = run(opened, as_of=day(as_of), vintage=vintage, **chosen)
        if agency is not None:
            done.appraisal.result(agency)
        changes = (
            compare_vintages(opened, done.appraisal.vintage, against, as_of=day(as_of), **chosen)
            if against
            else ()
        )
        spread = (
            uncertainty.uncertain(done, agency, draws, seed, correlate, cost_range, rate_range, sobol)
            if draws
            else None
        )
        if workbook is not None:
            _write_workbook(opened, done, spread, workbook, day(as_of))
        if as_json:
            difference = [
                {"scope": c.scope, "figure": c.measure, "before_gbp": str(c.before), "after_gbp": str(c.after), "change_gbp": str(c.change_gbp)}
                for c in changes if agency in (None, c.scope)
            ]  # fmt: skip
            print_json(
                plain(done, agency)
                | ({"against": against, "difference": difference} if against else {})
                | ({"workbook": str(workbook)} if workbook else {})
                | ({"uncertainty": uncertainty.as_json(spread, agency)} if spread else {})
            )
            return
        _print(done, agency)
        for change in changes:
            if change.scope == (done.appraisal.result(agency).scope if agency else change.scope):
                sys.stdout.write(
                    f"{change.scope:<8} {change.measure:<24} {change.before:>16,.2f} {change.after:>16,.2f} {change.change_gbp:>+16,.2f}  with {against}\n"
                )
        if spread is not None:
            uncertainty.print_spread(spread, agency)
        if workbook is not None:
            sys.stdout.write(f"Written: {workbook}. Change a tinted cell and every figure follows.\n")


def _write_workbook(
    opened: Store, done: Appraised, spread: UncertainAppraisal | None, path: Path, as_of: dt.date | None
) -> None:
    from partnership.tabular import appraisal_workbook

    plan = opened.plan(as_of=as_of)
    name = next((p.name for p in plan["partnership"]), "")
    path.write_bytes(appraisal_workbook(done.appraisal, name=name, findings=done.findings, uncertain=spread))


def _print(done: Appraised, agency: str | None) -> None:
    from partnership._roi.twice import double_counting
    from partnership.wording import pounds

    appraisal = done.appraisal
    write = sys.stdout.write
    results = [appraisal.result(agency)] if agency else [*appraisal.agencies.values(), appraisal.whole]
    if agency is None:
        write((appraisal.whole.headline or appraisal.whole.gate.words) + "\n\n")
    write(
        f"{'':<26}{'pays':>14}{'gains':>14}{'net':>14}{'cash-releasing':>16}{'capacity':>14}{'no release':>14}  per £1\n"
    )
    for r in results:
        kinds = (r.pv_by_class[c] for c in ("cash-releasing", "capacity released", "no release"))
        amounts = "".join(f"{pounds(x, ''):>14}" for x in (r.pv_cost_gbp, r.pv_fiscal_gbp))
        shown = r.headline is not None
        amounts += f"{pounds(r.net_fiscal_gbp, '') if shown else 'withheld':>14}"
        apart = "".join(f"{pounds(x, ''):>14}" for x in kinds)
        write(f"{r.name:<26}{amounts}  {apart}  {r.fiscal_return.words if shown else 'withheld'}\n")
    for r in results if agency else [appraisal.whole]:
        _print_one(r)
    write("\n")
    for title, sentence in appraisal.sentences.items():
        write(f"{title}: {sentence}\n")
    for rule, value in appraisal.optimism_alternatives.items():
        write(f"Fiscal benefit by {rule}: {pounds(value)}\n")
    for twice in double_counting(appraisal):
        if twice.scope in {r.scope for r in results}:
            write(
                f"{twice.name}: fiscal benefit {pounds(twice.fiscal_gross_gbp, '')} gross, "
                f"{pounds(twice.fiscal_twice_gbp, '')} of it counted twice, {pounds(twice.fiscal_net_gbp, '')} net of "
                "double counting, as every figure above\n"
            )
            if twice.public_twice_gbp != twice.fiscal_twice_gbp:
                write(
                    f"{twice.name}: public value {pounds(twice.public_gross_gbp, '')} gross, "
                    f"{pounds(twice.public_net_gbp, '')} net of double counting\n"
                )
    for aside in appraisal.set_aside:
        write(f"Not counted: {aside.reason}\n")
    for finding in done.findings:
        write(f"{finding}\n")


def _print_one(r: Result) -> None:
    from partnership.wording import number, percent, pounds

    write = sys.stdout.write
    write(f"\n{r.name}\n")
    if r.headline is None:
        write("  " + r.gate.words + "\n  Net, ratios and payback are withheld until then.\n")
        return
    write(f"  Net present budget impact {pounds(r.net_present_budget_impact_gbp)} (negative is a saving)\n")
    write(
        f"  Public value {pounds(r.net_public_value_gbp)}; {r.public_value_bcr.name} {r.public_value_bcr.words} ({r.public_value_bcr.rule})\n"
    )
    write(f"  SROI gross {r.social_return.gross.words}, net {r.social_return.net.words}\n")
    write(
        f"  Dis-benefits {pounds(r.pv_disbenefit_gbp)}, of which costs moved from another partner {pounds(r.pv_moved_gbp)}; not yet agreed {pounds(r.pv_not_agreed_gbp)}\n"
    )
    write(f"  {r.returns.payback_words} Internal rate of return: {r.returns.rate_words}\n")
    if r.value_band:
        write(f"  In the Department for Transport's words: {r.value_band}\n")
    if r.switching_benefits is not None:
        write(f"  All benefit may fall by {percent(r.switching_benefits)} before the net is nil.\n")
    for s in r.switching[:5]:
        if s.at is not None:
            write(f"  {s.name}: {number(s.used)} {s.unit} used, nil at {number(s.at)}\n")


def explain(
    address: Annotated[str, typer.Argument(help="VIEW/ROW/COLUMN, as --json and every click print it.")],
    depth: Annotated[int, typer.Option(help="How deep to follow the chain; 0: all of it.")] = 3,
    inflation: Inflation = None,
    terms: Annotated[
        Path | None,
        typer.Option(help="Terms of the settlement that the number is of, TOML.", metavar="FILE.toml"),
    ] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Explain a number: the chain behind it with values, units and sources."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.appraising import explain as run

        agreed = None
        if terms is not None:
            from partnership._workflows.settling_terms import read_terms

            readable([terms])
            agreed = read_terms(terms.read_text(encoding="utf-8"), terms.name)
        found = run(opened, address, as_of=day(as_of), terms=agreed, **choose(inflation=inflation))
        if as_json:
            print_json(found.as_json())
            return
        for line in found.lines():
            if not depth or (len(line) - len(line.lstrip())) // 2 <= depth:
                sys.stdout.write(line + "\n")
