"""The command of benefits realisation: what is real, how sure, what is forecast, and what is lacking."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership._cli.opening import reader
from partnership._cli.words import day, print_json, words
from partnership._reports.benefit_words import is_partial
from partnership._reports.forecast_words import completion_words, how_good
from partnership.errors import UnknownName
from partnership.wording import month, percent, pounds

if TYPE_CHECKING:
    from partnership._workflows.realising import Completion, Realised
    from partnership.store import Store

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Put the command of this room under the command line."""
    app.command()(realise)


def realise(
    benefit: Annotated[str | None, typer.Option(help="One benefit, by id; all when left out.")] = None,
    agency: Annotated[str | None, typer.Option(help="One agency, by id or code; all when left out.")] = None,
    with_forecast: Annotated[
        bool, typer.Option("--forecast/--no-forecast", help="Whether the completion is forecast too.")
    ] = True,
    store: Annotated[
        Path, typer.Option("--store", help="The store: one DuckDB file.", metavar="FILE")
    ] = Path("partnership.duckdb"),
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            "--as-of", help="As known on this day, 2026-09-03.", formats=["%Y-%m-%d"], metavar="DATE"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Say what of the benefit is real, what is forecast, how sure people are, and what the register lacks."""
    from partnership._workflows import realising

    with words(as_json), reader(store, as_json) as opened:
        on = day(as_of)
        who = _agency(opened, agency, on)
        register_rows = opened.fetch("benefit_register", as_of=on, agency_id=who).to_dicts()
        if benefit is not None and benefit not in {r["benefit_id"] for r in register_rows}:
            raise UnknownName("benefit", benefit, [r["benefit_id"] for r in register_rows])
        rows = [r for r in register_rows if benefit in (None, r["benefit_id"])]
        totals = opened.fetch("benefit_totals", as_of=on, agency_id=who).row(0, named=True)
        found = realising.realise(opened, as_of=on)
        coming = (
            realising.completion(opened, as_of=on, agency_id=who, benefit_id=benefit)
            if with_forecast
            else None
        )
        shown = {r["benefit_id"] for r in rows}
        if as_json:
            print_json(realising.as_json(_plain(totals, rows, found, coming, shown, whole=benefit is None)))
            return
        _print(totals if benefit is None else None, rows, found, coming, shown)


def _agency(store: Store, asked: str | None, as_of: dt.date | None) -> str | None:
    if asked is None:
        return None
    agencies = {r["id"]: r["code"] for r in store.table("agencies", as_of=as_of).iter_rows(named=True)}
    for key, code in agencies.items():
        if asked in (key, code):
            return str(key)
    raise UnknownName("agency", asked, agencies.values())


def _plain(
    totals: Any, rows: list[Any], found: Realised, coming: Completion | None, shown: set[str], *, whole: bool
) -> dict[str, Any]:
    return {
        **({"totals": totals} if whole else {}),
        "register": rows,
        "confidence": [c for c in found.confidence if c.benefit_id in shown],
        "slips": [s for s in found.slips if s.benefit_id in shown],
        "horizons": found.horizons if whole else [],
        "forecast": coming,
        "reference_class": found.reference,
        "findings": [
            {"code": f.code, "place": f.place, "found": f.found, "do": f.do}
            for f in found.findings
            if whole or _is_about(f.place, shown)
        ],
    }


def _is_about(place: str, shown: set[str]) -> bool:
    return len(parts := place.split(", ")) > 1 and parts[1] in shown


def _print(totals: Any, rows: list[Any], found: Realised, coming: Completion | None, shown: set[str]) -> None:
    write = sys.stdout.write
    if totals is not None:
        write(_headline(totals) + "\n\n")
    confidence = {c.benefit_id: c for c in found.confidence}
    wide = max((len(r["title"]) for r in rows), default=0) + 2
    head = f"{'planned':>12}{'real':>12}{'share':>7}  {'state':<22}owner / reviewer"
    write(f"{'':<8}{'benefit':<{wide}}{head}\n")
    for row in rows:
        sure = confidence.get(row["benefit_id"])
        said = f"{sure.owner or 'not said'} / {sure.reviewer or 'not said'}" if sure else ""
        real = (
            row["missing"] or "no reading" if row["realised_gbp"] is None else pounds(row["realised_gbp"], "")
        )
        share = "" if row["realised_share"] is None else percent(row["realised_share"])
        planned = "" if row["compared_gbp"] is None else pounds(row["compared_gbp"], "")
        numbers = f"{planned:>12}{real:>12}{share:>7}  {row['state']:<22}{said}"
        write(f"{row['benefit_id']:<8}{row['title']:<{wide}}{numbers}\n")
    for slip in found.slips:
        if slip.benefit_id in shown and not slip.has_begun and slip.months and slip.expected_start:
            when = f"{slip.months} months late, in {month(slip.expected_start)}"
            write(f"{slip.benefit_id} starts {when}: waits for {slip.item_id}\n")
    if coming is not None:
        write("\n" + _forecast_words(coming) + "\n")
    whole = found.reference[""]
    if whole.bias is None:
        write(f"History: {whole.size} finished benefits; {whole.least} are needed to propose a bias.\n")
    else:
        write(
            f"History: {whole.size} finished benefits, in the middle {percent(whole.middle or 0)} of plan; "
            f"take off {percent(whole.bias)} (1 in 2 short) or {percent(whole.prudent_bias or 0)} (1 in 5).\n"
        )
    for finding in found.findings:
        if totals is not None or _is_about(finding.place, shown):
            write(f"{finding}\n")


def _headline(totals: Any) -> str:
    if totals["realised_gbp"] is None:
        return "Nothing has been read yet."
    share = f": {percent(totals['realised_share'])}" if totals["realised_share"] is not None else ""
    real, planned = pounds(totals["realised_gbp"]), pounds(totals["compared_gbp"])
    said = f"{real} is real of {planned} planned where read{share}."
    if is_partial(totals):
        said += (
            f" Partial: readings cover {percent(totals['coverage_share'])} of the plan by value; "
            "nothing missing is counted as zero."
        )
    return said


def _forecast_words(coming: Completion) -> str:
    fact, rest = completion_words(coming)
    found = coming.forecast
    good = f" {how_good(found.backtest, found.widened)}" if found.middle is not None and found.ahead else ""
    return f"{fact}{rest}{good}"
