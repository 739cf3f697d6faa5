"""Commands of promises and memory: promises, memory, handover."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership._cli.opening import reader
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.words import day, print_json, words
from partnership.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from partnership._workflows.promising import Promised
    from partnership.store import Store

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Put the commands of this room under the command line."""
    app.command()(promises)
    app.command()(memory)
    app.command()(handover)


def promises(
    agency: Annotated[str | None, typer.Option(help="Promises by or to one agency, by id or code.")] = None,
    kind: Annotated[str | None, typer.Option(help="action, information, money, staff or decision.")] = None,
    clocks: Annotated[
        Path | None,
        typer.Option(
            help="A file of clocks to try out; those of the plan when left out.", metavar="FILE.toml"
        ),
    ] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Say which promises are kept, how long they take, what late ones hold up, what nothing followed from."""
    from partnership._workflows.promising import promised
    from partnership._workflows.realising import as_json as plain
    from partnership.commitments import Commitment, clocks_of_rules, read_clock_rules

    with words(as_json), reader(store, as_json) as opened:
        kinds = Commitment.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
        if kind is not None and kind not in kinds:
            raise UnknownName("kind of promise", kind, kinds)
        own = clocks_of_rules(read_clock_rules(clocks.read_text(encoding="utf-8"))) if clocks else None
        who = _agency(opened, agency, day(as_of))
        found = promised(opened, as_of=day(as_of), agency_id=who, kind=kind, own_clocks=own)
        if as_json:
            print_json(_plain(found, plain))
            return
        _print_promises(found)


def _agency(store: Store, asked: str | None, as_of: dt.date | None) -> str | None:
    if asked is None:
        return None
    agencies = {r["id"]: r["code"] for r in store.table("agencies", as_of=as_of).iter_rows(named=True)}
    for key, code in agencies.items():
        if asked in (key, code):
            return str(key)
    raise UnknownName("agency", asked, agencies.values())


def _plain(found: Promised, plain: Any) -> dict[str, Any]:
    from partnership.commitments import standing_of

    return {
        "known_on": found.on.isoformat(),
        "promises": [{**r, "moves": plain(found.moves.get(r["commitment_id"], ()))} for r in found.rows],
        "all": plain(found.whole),
        "by_agency": plain(found.by_agency),
        "by_kind": plain(found.by_kind),
        "by_agency_and_kind": [
            {"agency_id": a, "kind": k, **plain(v)} for (a, k), v in found.by_both.items()
        ],
        "time_to_done": plain(found.time),
        "open_by_age": plain(found.ages),
        "waits": plain(found.waits),
        "shared": plain(found.shared),
        "clocks": [
            {**r.model_dump(mode="json"), "stands": standing_of(r, found.on), "own": r.id in found.clocks.own}
            for r in found.clocks.rules
        ],
        "clocks_from": found.clocks_from,
        "clocks_kept": [
            {
                "row": s.clock.id,
                "clock": s.clock.clock_id,
                "colour": s.clock.colour,
                "in_time": s.kept,
                "late": s.late,
                "not_over": s.running,
                "first_month": plain(s.first),
                "last_month": plain(s.last),
                "not_counted": s.why_not,
            }
            for s in found.standings
        ],
    }


def _print_promises(found: Promised) -> None:
    from partnership._workflows.clock_words import whose, within
    from partnership.wording import capital, count_of, days_late, number, percent, pounds

    write = sys.stdout.write
    whole = found.whole
    if not whole.made:
        write("No promises. Write on the sheet Commitments who promised what to whom by when.\n")
        return
    held = (
        sum((w.held_up_gbp for w in found.waits), start=type(found.waits[0].held_up_gbp)(0))
        if found.waits
        else 0
    )
    write(f"{count_of(whole.made, 'promise')} made, {whole.due} due, {whole.on_time} kept on time")
    if whole.share is not None and whole.low is not None and whole.high is not None:
        write(
            f": {percent(float(whole.share))}, between {percent(whole.low)} "
            f"and {percent(whole.high)} with 95% confidence"
        )
    write(f".\n{whole.overdue} overdue, holding up {pounds(held) if held else 'nothing in money'}.\n\n")
    for row in sorted((r for r in found.rows if r["state"] == "overdue"), key=lambda r: -r["days_late"]):
        worth = f", holds up {pounds(row['held_up_gbp'])}" if row["held_up_gbp"] else ""
        working = count_of(found.working_late[row["commitment_id"]], "working day")
        write(f"  {row['agency_name']}: {row['title']}, {days_late(row['days_late'])} ({working}){worth}\n")
        for move in found.moves.get(row["commitment_id"], ()):
            write(f"      moved from {move.from_due_on} to {move.new_due_on}: {move.reason}\n")
    write("\nKept on time of those due, by kind\n")
    for name, one in sorted(found.by_kind.items()):
        late = f", {number(one.median_late)} days late in the middle" if one.median_late else ""
        write(f"  {name}: {one.on_time} of {one.due}{late}\n")
    time = found.time
    half = (
        "Too few to say how long they take"
        if time.is_too_few
        else f"Half are done in {count_of(time.half_done_in, 'day')}"
        if time.half_done_in is not None
        else "Fewer than half are done"
    )
    write(
        f"\n{half}; {time.still_open} of {time.promises} are "
        "still open, and counted as open (Kaplan-Meier).\n"
    )
    gone = found.nothing_followed
    write(f"\nShared, but nothing followed: {len(gone)} of {len(found.shared)}\n")
    write(f"  In {within(found.shared_clocks)}. {whose(found.shared_clocks, found.on)}.\n")
    for one_shared in gone:
        write(
            f"  {one_shared.title}, given {one_shared.given_on}: "
            f"{capital(count_of(one_shared.came.days, 'day'))}\n"
        )
    _print_clocks(found)


def _print_clocks(found: Promised) -> None:
    from partnership._workflows.clock_words import effect, held_as, limit

    write = sys.stdout.write
    write(f"\nClocks. {found.clocks_from}\n")
    for one in found.standings:
        rule = one.clock
        colour = f", {rule.colour}" if rule.colour else ""
        counted = (
            f"not counted: {one.why_not}" if one.kept is None else f"{one.kept} in time, {one.late} late"
        )
        write(f"  {rule.name}{colour}: {limit(rule)}, {effect(rule)}; {held_as(rule, found.on)}; {counted}\n")


def memory(
    search: Annotated[str, typer.Argument(help="Words to find; a phrase between quotation marks.")],
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Find words in decisions, reasons, promises, evidence, notes and reviews: best first."""
    from partnership._workflows.realising import as_json as plain
    from partnership._workflows.remembering import search_memory

    with words(as_json), reader(store, as_json) as opened:
        found = search_memory(opened, search, as_of=day(as_of))
        if as_json:
            print_json(plain(found))
            return
        if not found:
            sys.stdout.write("Nothing written has all these words. Try fewer, or the beginning of one.\n")
        for one in found:
            when = f", {one.entry.on}" if one.entry.on else ""
            sys.stdout.write(f"{one.entry.kind} {one.entry.id}{when}: {one.entry.title}\n")
            if one.field != "title":
                sys.stdout.write(f"    {one.field}: {one.around}\n")


def handover(
    role: Annotated[str, typer.Argument(help="The role: its name, or the id of anybody who held it.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write it: a page (.html) or a workbook (.xlsx).", metavar="FILE"),
    ] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Write the pack that a newcomer to a role needs: what it answers for, promises, people, changes."""
    from partnership._workflows.handing_over import hand_over, pack_json

    with words(as_json), reader(store, as_json) as opened:
        if out is not None and out.suffix.casefold() not in (".html", ".xlsx"):
            msg = f"{out} ends in {out.suffix or 'nothing'}. A pack is written as .html or .xlsx."
            raise InvalidInput(msg)
        pack = hand_over(opened, role, as_of=day(as_of))
        if out is not None:
            from partnership._workflows.handover_files import pack_html, pack_xlsx

            body = pack_xlsx(pack) if out.suffix.casefold() == ".xlsx" else pack_html(pack).encode()
            out.write_bytes(body)
        if as_json:
            print_json(pack_json(pack) | ({"written": str(out)} if out else {}))
        elif out is not None:
            sys.stdout.write(f"Written: {out}. {pack.opening}\n")
        else:
            _print_pack(pack)


def _print_pack(pack: Any) -> None:
    write = sys.stdout.write
    write(f"{pack.opening}\n")
    for section in pack.sections:
        write(f"\n{section.title}\n")
        if not section.rows:
            write(f"  {section.none}\n")
        for row in section.rows:
            write(f"  {' | '.join(c for c in row if c)}\n")
