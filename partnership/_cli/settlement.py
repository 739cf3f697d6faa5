"""Commands of who owes whom: settle, sustainability, variance."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership._cli.choosing import (
    FirstYear,
    Horizon,
    Inflation,
    Optimism,
    PriceYear,
    Schedule,
    Vintage,
    YearZero,
    chosen,
    fraction,
)
from partnership._cli.opening import reader
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.words import day, print_json, readable, words

if TYPE_CHECKING:
    from partnership._roi.fair_shares import MethodResult
    from partnership._roi.settled import Settled, Terms
    from partnership._roi.sustainability import Sustainability
    from partnership._roi.variance import Comparison
    from partnership._workflows.running_on import Compared

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Put the commands of this room under the command line."""
    app.command()(settle)
    app.command(name="sustainability")(sustain)
    app.command(name="variance")(vary)


def settle(
    method: Annotated[
        str | None,
        typer.Option(
            help="Way of sharing to settle: scrb (when left out), shapley, nucleolus, per-capita nucleolus, investment, benefit, equal return."
        ),
    ] = None,
    floor: Annotated[
        bool | None,
        typer.Option("--floor/--no-floor", help="Nobody gets less than alone, and never less than nothing."),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--classes",
            help="Class of benefit that informs the shares; repeat it. The three fiscal ones when left out.",
        ),
    ] = None,
    contracted: Annotated[
        list[str] | None,
        typer.Option(
            "--contracted",
            help="Benefit whose saving is wholly under contract, in place of what the plan's agreements have; repeat it.",
            metavar="ID",
        ),
    ] = None,
    passed_on: Annotated[
        Decimal | None,
        typer.Option(
            "--passed-on",
            help="Greatest share of a year's released cash that a payer passes on.",
            parser=fraction,
            metavar="SHARE",
        ),
    ] = None,
    picks: Annotated[
        bool | None,
        typer.Option("--picks/--no-picks", help="A group may leave out items that do not pay for it."),
    ] = None,
    terms: Annotated[
        Path | None,
        typer.Option(
            help="Terms of the agreement, TOML: routes and contracts in place of the plan's, stated gains of groups.",
            metavar="FILE.toml",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Also write it: a workbook (.xlsx) or a page to print (.html).", metavar="FILE"),
    ] = None,
    vintage: Vintage = None,
    schedule: Schedule = None,
    horizon: Horizon = None,
    first_year: FirstYear = None,
    price_year: PriceYear = None,
    year0: YearZero = None,
    optimism: Optimism = None,
    inflation: Inflation = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Share the gain by every method and settle one: who would pay whom, when. Indicative, not an invoice."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.settling import settle as run
        from partnership._workflows.settling import settled_as_json, with_changes

        agreed = with_changes(
            _terms(terms), method=method, floor=floor, classes=tuple(classes) if classes else None,
            contracted=tuple(contracted) if contracted else None, passed_on=passed_on, picks=picks,
        )  # fmt: skip
        settings = chosen(
            vintage=vintage, schedule=schedule, horizon_years=horizon, first_year=first_year, price_year=price_year, convention=year0,
            optimism_rule=optimism, inflation=inflation,
        )  # fmt: skip
        if out is not None:
            _form(out)
        done = run(opened, agreed, as_of=day(as_of), **settings)
        if out is not None:
            name = next((p.name for p in opened.plan(as_of=day(as_of))["partnership"]), "")
            _write(done, out, name)
        if as_json:
            print_json(settled_as_json(done) | ({"written": str(out)} if out else {}))
            return
        _print(done)
        if out is not None:
            sys.stdout.write(f"\nWritten: {out}\n")


def _terms(path: Path | None) -> Terms:
    from partnership._roi.settled import Terms
    from partnership._workflows.settling_terms import read_terms

    if path is None:
        return Terms()
    readable([path])
    return read_terms(path.read_text(encoding="utf-8"), path.name)


def _form(path: Path) -> str:
    form = path.suffix.casefold()
    if form not in (".xlsx", ".html"):
        msg = f"{path.name} is neither a workbook nor a page. End it in .xlsx or .html."
        raise typer.BadParameter(msg, param_hint="--out")
    return form


def _write(done: Settled, path: Path, name: str) -> None:
    from partnership.tabular import settlement_page, settlement_workbook

    if _form(path) == ".xlsx":
        path.write_bytes(settlement_workbook(done, name=name))
    else:
        path.write_text(settlement_page(done, name=name), encoding="utf-8")


def _print(done: Settled) -> None:
    from partnership.periods import name_financial_year
    from partnership.wording import pounds

    write, shares = sys.stdout.write, done.shares
    write(
        f"{done.headline}\n\nNet gain to share: {pounds(shares.total_gbp, pence=True)}, present value, real pounds of {done.prices}, discount rates {done.vintage}.\n\n"
    )
    columns = [("now", shares.now), *shares.results.items()]
    heads = [_short(r) for _, r in columns]
    write(f"{'Net share':<26}" + "".join(f"{h:>15}" for h in heads) + "\n")
    for agency in shares.agencies:
        cells = (pounds(r.net_gbp[agency], "") if r.net_gbp else "withheld" for _, r in columns)
        write(f"{done.names.get(agency, agency)[:25]:<26}" + "".join(f"{c:>15}" for c in cells) + "\n")
    write("\n")
    for key, result in columns:
        settled = " (settled)" if key == done.terms.method else ""
        said = f"Withheld: {result.withheld}" if result.withheld else result.core_sentence
        write(f"{result.method.name}{settled}: {said}\n")
        if key != "now":
            write(f"  Fits when: {result.method.fit} Trap: {result.method.trap}\n")
    if shares.floor_gbp:
        write(
            f"\nFloor: nobody gets less than alone, and never less than nothing. Lifted: {', '.join(done.chosen.raised) or 'nobody'}.\n"
        )
    if done.settlement:
        write("\nSchedule\n")
        for t in done.settlement.transfers:
            reference = f" ({t.reference})" if t.reference else ""
            write(
                f"  {name_financial_year(t.financial_year)}  {t.nature:<8}  {done.names.get(t.payer_id, t.payer_id)} pays {done.names.get(t.receiver_id, t.receiver_id)} "
                + (
                    f"{pounds(t.amount_gbp, pence=True)} of the day ({pounds(t.real_gbp, pence=True)} real)"
                    if done.settlement.is_payable
                    else f"{pounds(t.real_gbp, pence=True)} in real pounds of {done.prices}, not payable yet"
                )
                + f", {t.route}{reference}\n"
            )
        if not done.settlement.transfers:
            write("  No transfer.\n")
    for sentence in (
        *done.why,
        *([y.sentence for y in done.settlement.years] if done.settlement else ()),
        *(done.settlement.sentences if done.settlement else ()),
    ):
        write(f"{sentence}\n")
    for note in (*shares.notes, *done.notes):
        write(f"Note: {note}\n")
    if done.written:
        write("\nAgreements\n")
    for key, payer, receiver, route, term, contract, used in done.agreements:
        write(
            f"  {key}: {payer} to {receiver}, {route}; {term}. Under contract: {contract.rstrip('.')}. {used}\n"
        )
    agreement = done.agreement
    write(
        f"Agreement: appraised return {agreement.appraised_return.words}, current return {agreement.current_return.words} (cash for each £1)."
    )
    write(f" Still to be filled in: {', '.join(agreement.missing)}.\n" if agreement.missing else "\n")


def _short(result: MethodResult) -> str:
    names = {
        "now": "today", "investment": "investment", "benefit": "benefit", "equal return": "equal return", "scrb": "scrb", "shapley": "Shapley",
        "nucleolus": "nucleolus", "per-capita nucleolus": "per head",
    }  # fmt: skip
    return names.get(result.method.key, result.method.key)


def sustain(
    years_after: Annotated[int, typer.Option("--years-after", help="Years shown after the plan's last.")] = 3,
    agency: Annotated[str | None, typer.Option(help="One agency, by id or code; all when left out.")] = None,
    horizon: Horizon = None,
    price_year: PriceYear = None,
    inflation: Inflation = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Show what pump-priming ends when, the run-on gap by agency, and from when on cash carries cost."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.running_on import sustain as run
        from partnership._workflows.running_on import sustained_as_json
        from partnership.errors import UnknownName

        settings = chosen(horizon_years=horizon, price_year=price_year, inflation=inflation)
        found = run(opened, years_after=years_after, as_of=day(as_of), **settings)
        agencies = opened.plan(as_of=day(as_of))["agencies"]
        codes = {a.code: a.id for a in agencies}
        scope = codes.get(agency or "", agency)
        if scope is not None and scope not in found.rows:
            kind = "agency"
            raise UnknownName(kind, scope, [*codes, "whole"])
        if as_json:
            data = sustained_as_json(found)
            print_json(
                data if scope is None else data | {"years": [r for r in data["years"] if r["scope"] == scope]}
            )
            return
        _print_sustainability(found, {**{a.id: a.name for a in agencies}, "whole": "The partnership"}, scope)


def _print_sustainability(found: Sustainability, names: dict[str, str], scope: str | None) -> None:
    from partnership.periods import name_financial_year
    from partnership.wording import pounds

    write = sys.stdout.write
    for key, sentence in found.sentences.items():
        if scope in (None, key):
            write(sentence + "\n")
    write("\n")
    for ending in found.endings:
        if scope in (None, "whole", ending.agency_id):
            write(ending.sentence + "\n")
    if not found.endings:
        write("No funding ends: all of it is core money.\n")
    write(
        f"\n{'':<26}{'year':<10}{'core':>14}{'still funded':>14}{'run-on gap':>14}{'asked for':>14}{'cash released':>15}{'balance':>14}\n"
    )
    for key, rows in found.rows.items():
        if key == scope or (scope is None and (key == "whole" or any(r.gap_gbp for r in rows))):
            for r in rows:
                amounts = (r.core_gbp, r.funded_gbp, r.gap_gbp, r.asked_gbp)
                cells = "".join(f"{pounds(x, ''):>14}" for x in amounts)
                planned = "" if r.is_planned else "  carried on"
                write(
                    f"{names.get(key, key)[:25]:<26}{name_financial_year(r.financial_year):<10}{cells}{pounds(r.cashable_gbp, ''):>15}{pounds(r.balance_gbp, ''):>14}{planned}\n"
                )
    for note in found.notes:
        write(f"Note: {note}\n")


def vary(
    year: Annotated[str, typer.Option(help="Financial year, 2025/26.")],
    forecast_as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            "--forecast-as-of",
            help="The forecast is the plan of this day, the plan of now the re-forecast.",
            formats=["%Y-%m-%d"],
            metavar="DATE",
        ),
    ] = None,
    drivers: Annotated[
        Path | None,
        typer.Option(help="What was read of volume, price, timing, attribution, TOML.", metavar="FILE.toml"),
    ] = None,
    horizon: Horizon = None,
    price_year: PriceYear = None,
    inflation: Inflation = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Set forecast, actual and re-forecast side by side: variance by volume, price, timing and attribution."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.running_on import compare_plan, compared_as_json, read_drivers
        from partnership.periods import parse_financial_year

        read = None
        if drivers is not None:
            readable([drivers])
            read = read_drivers(drivers.read_text(encoding="utf-8"), drivers.name)
        settings = chosen(horizon_years=horizon, price_year=price_year, inflation=inflation)
        found = compare_plan(
            opened,
            parse_financial_year(year),
            forecast_as_of=day(forecast_as_of),
            as_of=day(as_of),
            drivers=read,
            **settings,
        )
        if as_json:
            print_json(compared_as_json(found))
            return
        _print_variance(found)


def _print_variance(found: Compared) -> None:
    from partnership.periods import name_financial_year
    from partnership.wording import pounds

    write = sys.stdout.write
    write(
        f"{name_financial_year(found.financial_year):<42}{'forecast':>14}{'actual':>14}{'re-forecast':>14}\n"
    )
    for c in found.lines:
        actual = "no figure" if c.actual_gbp is None else pounds(c.actual_gbp, "")
        again = "" if c.reforecast_gbp is None else pounds(c.reforecast_gbp, "")
        write(f"{c.title[:41]:<42}{pounds(c.forecast_gbp, ''):>14}{actual:>14}{again:>14}\n")
        for sentence in _split(c):
            write(f"  {sentence}\n")
    for note in found.notes:
        write(f"Note: {note}\n")


def _split(c: Comparison) -> list[str]:
    from partnership.wording import pounds

    out = []
    for what, found in (("Actual", c.actual_variance), ("Re-forecast", c.reforecast_variance)):
        if found is not None:
            parts = "; ".join(
                f"{k} {pounds(x, pence=True, plus=True)}" for k, x in found.parts_gbp.items() if x
            )
            out.append(
                f"{what} against forecast {pounds(found.total_gbp, pence=True, plus=True)}"
                + (f": {parts}" if parts else "")
            )
    if c.actual_gbp is None:
        out.append(f"Actual: {c.missing}")
    return out
