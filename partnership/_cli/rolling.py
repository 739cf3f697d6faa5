"""The command that rolls readings up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from partnership._cli.opening import reader
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.words import day, print_json, words

if TYPE_CHECKING:
    from partnership.store import Period

__all__ = ["register"]

_NAMED = {"agency": "agency_id", "measure": "measure_id", "benefit": "benefit_id", "item": "is_of_item"}


def register(app: typer.Typer) -> None:
    """Put the command under the command line."""
    app.command("roll-up")(roll_up)


def roll_up(
    by: Annotated[
        str, typer.Option(help="Any of agency, measure, benefit, item, with commas; empty: all in one.")
    ] = "agency,measure",
    period: Annotated[str, typer.Option(help="month, quarter, financial_year or all.")] = "quarter",
    running: Annotated[bool, typer.Option("--running", help="Running totals beside the sums.")] = False,  # noqa: FBT002
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Add readings up by agency, measure and time, as CSV; small counts of people are withheld."""
    with words(as_json), reader(store, as_json) as opened:
        named = [w.strip() for w in by.split(",") if w.strip()]
        found = opened.roll_up(
            [_NAMED.get(w, w) for w in named],
            period=None if period == "all" else cast("Period", period),
            running=running,
            as_of=day(as_of),
        )
        if as_json:
            print_json({"rows": found.to_dicts()})
        else:
            sys.stdout.write(found.write_csv())
