"""The command of the blueprint: what the picture of the work tells, and what joining would free."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership._cli.opening import reader
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.words import day, print_json, words

if TYPE_CHECKING:
    from partnership._workflows.picturing import Pictured

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Put the command under the command line."""
    app.command(name="blueprint")(blueprint)


def blueprint(
    agency: Annotated[
        str | None, typer.Option(help="Only what this agency leads or has a part in, by id or code.")
    ] = None,
    join: Annotated[
        list[str] | None,
        typer.Option(help="A population to join; give two or more: --join Adults --join Children."),
    ] = None,
    by: Annotated[str, typer.Option(help="What --join names: population or theme.")] = "population",
    overlap: Annotated[
        str, typer.Option(help="Share of cases that come up in more than one of them, 0 to 1.")
    ] = "1",
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Say what the picture of all the work tells: shared places, hours, who leads, what waits, what to join."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.picturing import picture
        from partnership.errors import InvalidInput, UnknownName

        on = day(as_of)
        if by not in ("population", "theme"):
            msg = f"--by is {by!r}. Give population or theme."
            raise InvalidInput(msg)
        codes = {x: a.id for a in opened.plan(as_of=on)["agencies"] for x in (a.id, a.code)}
        if agency is not None and agency not in codes:
            raise UnknownName("agency", agency, list(codes))
        seen = picture(opened, as_of=on, agency_id=codes.get(agency or ""))
        joined = seen.join(join, _share(overlap), by) if join else None
        if as_json:
            print_json(_plain(seen, joined))
        else:
            _print(seen, joined)


def _share(said: str) -> Decimal:
    from partnership.errors import InvalidInput

    try:
        return Decimal(said)
    except InvalidOperation:
        msg = f"--overlap is {said!r}. Give a share from 0 to 1, as in 0.38."
        raise InvalidInput(msg) from None


def _plain(seen: Pictured, joined: Any) -> dict[str, Any]:
    from partnership._workflows.picture_words import headline, told

    def share(value: Any) -> float | None:
        return None if value is None else float(value)

    made: dict[str, Any] = {
        "headline": " ".join(headline(seen)).strip(),
        "items": [i.id for i in seen.items],
        "coverage": [
            {"name": c.name, "items": c.items, "hours_now": c.hours_now, "share_now": share(c.share_now), "share_planned": share(c.share_after),
             "volume_share_now": share(c.volume_share_now), "volume_share_planned": share(c.volume_share_after),
             "without_hours": list(c.without_hours), "without_volume": list(c.without_volume)}
            for c in (seen.whole, *seen.by_function)
        ],
        "hours": [
            {"agency_id": one.agency_id, "now": one.hours_now, "after": one.hours_after, "freed": one.freed, "leads": one.leads,
             "meetings_a_month": one.meetings_a_month, "travel_hours_a_month": one.travel_hours_a_month, "keyed_again": one.keyed_again,
             "without_hours": list(one.without_hours)}
            for one in seen.loads
        ],
        "told": [{"kind": t.kind, "what": t.what, "then": t.then, "items": list(t.items)} for t in told(seen)],
        "critical_path": list(seen.dependencies.critical_path),
        "critical_days": seen.dependencies.critical_days,
        "rings": [list(r) for r in seen.dependencies.rings],
        "habits": [
            {"item_id": h.item_id, "habit": h.habit, "state": h.state, "days_late": h.days_late, "evidence": list(h.evidence),
             "seen": h.seen} for h in seen.habits
        ],
    }  # fmt: skip
    if joined is not None:
        made["joined"] = {
            "groups": list(joined.groups), "overlap": joined.overlap, "hours_freed": joined.hours_freed,
            "agencies": [{"agency_id": a.agency_id, "before": a.hours_before, "after": a.hours_after} for a in joined.agencies],
            "apart": [{"item_id": a.item_id, "why": a.why} for a in joined.apart], "without_hours": list(joined.without_hours),
        }  # fmt: skip
    return made


def _print(seen: Pictured, joined: Any) -> None:
    from partnership._workflows.picture_words import headline, load_title, named, percent, told
    from partnership.wording import listing, number

    typer.echo(" ".join(headline(seen)).strip())
    for one in seen.by_function:
        partial = f", partial: no hours of {listing(one.without_hours)}" if one.is_partial else ""
        typer.echo(
            f"  {one.name}: {percent(one.share_now)} now, {percent(one.share_after)} as planned{partial}"
        )
    typer.echo(f"\n{load_title(seen)}. Expected, not realised.")
    for load in seen.loads:
        name = seen.agencies.get(load.agency_id, load.agency_id)
        typer.echo(
            f"  {name}: {number(load.hours_now)} hours a week now, {number(load.hours_after)} after; leads {load.leads}"
        )
    typer.echo("\nWhat the picture tells")
    for n, item in enumerate(told(seen), 1):
        typer.echo(f"  {n}. {item.what} {item.then}")
    path = seen.dependencies.critical_path
    if path:
        typer.echo(
            f"\nLongest chain: {listing(named(seen, i) for i in path)}; {seen.dependencies.critical_days} days of work."
        )
    if joined is not None:
        typer.echo(
            f"\nJoining {listing(joined.groups)}: {number(joined.hours_freed)} hours a week, at a share of {number(joined.overlap)}."
        )
        for a in joined.agencies:
            typer.echo(
                f"  {seen.agencies.get(a.agency_id, a.agency_id)}: {number(a.hours_before)} to {number(a.hours_after)} hours a week"
            )
        for a in joined.apart:
            typer.echo(f"  {named(seen, a.item_id)} cannot be joined: {a.why}.")
