"""Commands for a meeting: the board pack, and the alerts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership._cli.opening import reader
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.words import day, print_json, say, words

if TYPE_CHECKING:
    from partnership.reports import Pack

__all__ = ["register"]

_FORMS = (".pdf", ".html", ".xlsx")


def register(app: typer.Typer) -> None:
    """Put the commands of this room under the command line."""
    app.command()(pack)
    app.command(name="alerts")(list_alerts)


def pack(
    out: Annotated[
        Path, typer.Option("--out", help="Where to write it: .pdf, .html or .xlsx.", metavar="FILE")
    ],
    sections: Annotated[
        str | None,
        typer.Option(
            "--sections",
            help="Which, with commas: questions, asked, goals, gaps, talks, benefits, register, return, sure, work, phasing, "
            "promises, decisions. All when left out.",
        ),
    ] = None,
    agency: Annotated[str | None, typer.Option(help="One agency, by id or code; all when left out.")] = None,
    goal: Annotated[str | None, typer.Option(help="One goal, by id; all when left out.")] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write the board pack: what the pages say, on paper, for a day as known then."""
    form = out.suffix.casefold()
    if form not in _FORMS:
        message = f"{out.name} is no form that a pack has. End it in .pdf, .html or .xlsx."
        raise typer.BadParameter(message, param_hint="--out")
    with words(as_json), reader(store, as_json) as opened:
        from partnership.reports import board_pack

        if form == ".pdf":
            from partnership._reports.printing import browser

            browser()  # before the work, so that nobody waits for what cannot be printed
        asked = [s.strip() for s in sections.split(",") if s.strip()] if sections else None
        made = board_pack(opened, as_of=day(as_of), sections=asked, agency=agency, goal=goal)
        out.write_bytes(_bytes(made, form))
        titles = {s.key: s.title for s in made.sections}
        seconds = {k: round(v, 2) for k, v in made.seconds.items()}
        say(
            as_json,
            {"written": str(out), "known_on": made.known_on, "sections": titles, "seconds": seconds},
            f"Written: {out}. {made.foot}",
        )


def _bytes(made: Pack, form: str) -> bytes:
    from partnership.reports import pack_page, pack_pdf, pack_workbook

    if form == ".xlsx":
        return pack_workbook(made)
    page = pack_page(made)
    return pack_pdf(page, made.known_on) if form == ".pdf" else page.encode("utf-8")


def list_alerts(
    agency: Annotated[str | None, typer.Option(help="One agency, by id; all when left out.")] = None,
    goal: Annotated[str | None, typer.Option(help="One goal, by id; all when left out.")] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """List what has gone on for too long: off plan three months, gaps reopened, promises that hold up money."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.alerts import alerts, in_all
        from partnership._workflows.alerts import as_json as plain

        found = alerts(opened, as_of=day(as_of), agency_id=agency, goal_id=goal)
        if as_json:
            print_json(plain(found))
            return
        sys.stdout.write(in_all(found) + "\n\n" if found else in_all(found) + "\n")
        for one in found:
            sys.stdout.write(f"{one.what}.\n  {one.why}\n  Rows: partnership view {one.view}\n")
