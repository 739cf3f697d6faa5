"""The command of phasing: phase."""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from partnership._cli.opening import reader, writer
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.words import actor as actor_named
from partnership._cli.words import day, print_json, words
from partnership.wording import count_of, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partnership._workflows.phasing import Choices, Gain, Phased
    from partnership._workflows.phasing_decision import Compared
    from partnership._workflows.phasing_settings import PhasingSettings
    from partnership.store import Store

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Put the command of this room under the command line."""
    app.command()(phase)


def phase(
    quarters: Annotated[
        int | None, typer.Option(help="Quarters to plan; as many as are offered when left out.")
    ] = None,
    small_wins: Annotated[
        int,
        typer.Option(
            "--small-wins", help="Items that must be finished in the first months; 0 for no such rule."
        ),
    ] = 3,
    months: Annotated[int, typer.Option("--months", help="Those first months.")] = 6,
    value: Annotated[str, typer.Option(help="What a plan is worth: score, benefit or both.")] = "score",
    limit: Annotated[float, typer.Option(help="Wall-clock seconds for the search.")] = 30.0,
    waiting: Annotated[float, typer.Option(help="Share of a score that a quarter of waiting costs.")] = 0.02,
    pounds_per_point: Annotated[
        float | None,
        typer.Option("--pounds-per-point", help="With both: pounds that count as much as one point."),
    ] = None,
    must: Annotated[
        list[str] | None, typer.Option(help="An item that must be done; may be given again.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="An item that may not be done; may be given again.")
    ] = None,
    finish: Annotated[
        list[str] | None,
        typer.Option(help="An item and the day by which it must be finished: W01=2028-03-31."),
    ] = None,
    runs: Annotated[
        list[str] | None, typer.Option(help="An item and how many quarters it runs: W05=4.")
    ] = None,
    together: Annotated[
        list[str] | None, typer.Option(help="Items that are worth more together, and how much: W01+W02=3.")
    ] = None,
    firm: Annotated[bool, typer.Option("--firm", help="Also try every item the other way round.")] = False,
    more: Annotated[
        bool,
        typer.Option(
            "--more", help="Also solve again with one, two, three more days a quarter from each agency."
        ),
    ] = False,
    save: Annotated[bool, typer.Option("--save", help="Keep the plan as a decision.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why; kept with the decision.")] = None,
    actor: Annotated[str | None, typer.Option(help="Who decides this; stored as declared.")] = None,
    against: Annotated[
        str | None, typer.Option(help="Say what moved since the plan kept in this decision, and why.")
    ] = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Choose items and their quarters within what each agency offers, small wins first."""
    with words(as_json):
        from partnership._workflows.phasing import PhasingSettings, firmness, more_days, phased
        from partnership._workflows.phasing import as_json as plain

        if save and as_of is not None:
            message = "A plan of a past day cannot be decided now. Leave out --as-of, or --save."
            raise typer.BadParameter(message, param_hint="--save")
        settings = PhasingSettings(
            quarters=quarters, small_wins=small_wins, small_wins_months=months, value=cast(Any, value), limit=limit,
            waiting=waiting, gbp_per_point=pounds_per_point, must_do=frozenset(must or ()), left_out=frozenset(without or ()),
            latest={i: _date(d) for i, d in _pairs(finish, "--finish")}, runs={i: _whole(n) for i, n in _pairs(runs, "--runs")},
            together=tuple((tuple(re.split(r"\+", i)), _number(b)) for i, b in _pairs(together, "--together")),
        )  # fmt: skip
        with writer(store, create=False) if save else reader(store, as_json) as opened:
            seq = opened.last_seq
            done = phased(cast(Any, opened.plan(as_of=day(as_of))), settings, today=day(as_of))
            choice = firmness(done, limit=limit) if firm and done.has_plan else None
            gains = more_days(done, limit=max(limit, 1.0)) if more and done.has_plan else ()
            compared = _compared(opened, against, done, settings, day(as_of)) if against else None
            kept = _saved(opened, done, actor, reason, seq) if save and done.has_plan else None
        if as_json:
            print_json(
                plain(done)
                | ({"choices": _choices_json(choice)} if choice else {})
                | ({"more_days": [_gain_json(g) for g in gains]} if gains else {})
                | ({"against": _compared_json(compared)} if compared else {})
                | ({"decision": kept} if kept else {})
            )
        else:
            _print(done, choice, gains, compared, kept)
        if not done.has_plan:
            raise typer.Exit(1)


def _pairs(given: list[str] | None, option: str) -> list[tuple[str, str]]:
    pairs = [g.split("=", 1) for g in given or ()]
    wrong = next((p for p in pairs if len(p) != 2 or not all(p)), None)
    if wrong is not None:
        message = f"{'='.join(wrong)!r} is no pair. Write ITEM=VALUE."
        raise typer.BadParameter(message, param_hint=option)
    return [(a, b) for a, b in pairs]


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day. Write it as 2028-03-31."
        raise typer.BadParameter(message, param_hint="--finish") from None


def _whole(text: str) -> int:
    if not text.isdecimal():
        message = f"{text!r} is no number of quarters. Write digits."
        raise typer.BadParameter(message, param_hint="--runs")
    return int(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        message = f"{text!r} is no number. Write digits."
        raise typer.BadParameter(message, param_hint="--together") from None


def _saved(opened: Store, done: Phased, actor: str | None, reason: str | None, seq: int) -> dict[str, Any]:
    from partnership._workflows.phasing_decision import save_plan

    decision, receipt = save_plan(
        opened, done, actor_named(actor), reason or "Plan chosen on the command line.", seq=seq
    )
    return {"id": decision.id, "title": decision.title, "seq": receipt.seq}


def _compared(
    opened: Store, decision: str, done: Phased, settings: PhasingSettings, on: dt.date | None
) -> Compared:
    from partnership._workflows.phasing_decision import compare_with

    return compare_with(opened, decision, done, today=on, settings=settings)


# ---- printing ----
def _print(
    done: Phased,
    choice: Choices | None,
    gains: Sequence[Gain],
    compared: Compared | None,
    kept: dict[str, Any] | None,
) -> None:
    from partnership._workflows.phasing import conflict_words, headline

    write = sys.stdout.write
    write(f"{headline(done)}\n")
    for line in (done.proof_words, done.ranked_words, conflict_words(done)):
        if line:
            write(f"{line}\n")
    if done.has_plan:
        _print_plan(done)
    _print_notes(done)
    if choice is not None:
        _print_choices(choice, done)
    if gains:
        _print_gains(gains, done)
    if compared is not None:
        _print_compared(compared)
    if kept is not None:
        write(f"Kept as decision {kept['id']}, change {kept['seq']}: {kept['title']}.\n")


def _print_plan(done: Phased) -> None:
    from partnership._workflows.phasing_results import days_words
    from partnership.periods import name_quarter

    write = sys.stdout.write
    write("\n")
    for i in done.chosen:
        first, last = (name_quarter(done.quarters[q]) for q in (i.first or 0, i.last or 0))
        when = first if first == last else f"{first} - {last}"
        small = f"  small win, felt by {', '.join(i.felt_by)}" if i.is_small_win else ""
        waits = f"  after {', '.join(i.waits_for)}" if i.waits_for else ""
        write(f"{i.item_id:<8} {i.title[:42]:<42}  {when:<35}{small}{waits}\n")
    for i in done.left_out:
        write(f"{i.item_id:<8} {i.title[:42]:<42}  left out: {i.why_not}\n")
    write("\nDays asked of days offered\n")
    for share in done.shares:
        cells = [c for c in done.load if c.agency_id == share.agency_id and c.kind == "days"]
        if cells:
            said = "  ".join(
                f"{days_words(c.asked)}/{'?' if c.offered is None else days_words(c.offered)}{'*' if c.is_full else ''}"
                for c in cells
            )
            write(f"{share.name[:24]:<24}  {said}\n")
    write("* full   ? not said\n")


def _print_notes(done: Phased) -> None:
    write = sys.stdout.write
    for aside in done.aside:
        write(f"Not planned: {aside.item_id}, {aside.why}.\n")
    for item in done.items:
        if item.assumed:
            write(f"Assumed: {item.item_id}, {item.assumed}.\n")
    for finding in done.findings:
        write(f"{finding}\n")


def _print_choices(choice: Choices, done: Phased) -> None:
    write = sys.stdout.write
    write(
        f"\nGood plans are worth at least {done.value_words(choice.threshold)}; {len(choice.alternatives)} found{'' if choice.is_complete else ', and there may be more'}.\n"
    )
    for s in choice.standings:
        other = (
            "no plan keeps the rules the other way round"
            if s.other is None
            else f"the other way round {done.value_words(s.other)}"
        )
        write(
            f"{s.item:<8} {s.firmness}, in {choice.count_in(s.item)} of {len(choice.alternatives)}; {other}\n"
        )


def _print_gains(gains: Sequence[Gain], done: Phased) -> None:
    """Say what more days would buy; agencies whose days buy nothing, which is proved, stand in one line."""
    write = sys.stdout.write
    buys = {g.resource[0] for g in gains if g.gain > 0 or not g.is_exact}
    for gain in gains:
        if gain.resource[0] not in buys:
            continue
        lets_in = f", lets in {', '.join(gain.enters)}" if gain.enters else ""
        at_most = "" if gain.is_exact or gain.most is None else f", at most {done.value_words(gain.most)}"
        who = done.names.get(gain.resource[0], gain.resource[0])
        days = count_of(int(gain.units), "more day", "more days")
        write(f"{days} a quarter from {who}: +{done.value_words(gain.gain)}{at_most}{lets_in}\n")
    idle = list(dict.fromkeys(g.resource[0] for g in gains if g.resource[0] not in buys))
    if idle:
        most = count_of(int(max(g.units for g in gains)), "more day", "more days")
        said = listing(done.names.get(a, a) for a in idle) if buys else "any one agency"
        write(f"Up to {most} a quarter from {said} would change nothing: proved, solved again each time.\n")


def _print_compared(compared: Compared) -> None:
    write = sys.stdout.write
    same = (
        "The records as known then make the same problem."
        if compared.is_same_input
        else "The records as known then make another problem: they were changed on that day after the plan was made."
    )
    write(f"\nSince decision {compared.saved.decision_id}: {same}\n")
    if not compared.change.moves:
        write("Nothing moved.\n")
    for m in compared.change.moves:
        by = f" by {m.quarters} quarter{'' if m.quarters == 1 else 's'}" if m.quarters else ""
        write(f"{m.item:<8} {m.how}{by}: {'; '.join(m.why)}\n")
    for rule in compared.change.broken:
        write(f"The decided plan cannot be carried now: {rule}\n")


def _choices_json(choice: Choices) -> dict[str, Any]:
    return {
        "threshold": choice.threshold, "is_complete": choice.is_complete,
        "plans": [{"value": a.value, "starts": dict(a.starts)} for a in choice.alternatives],
        "items": [
            {"item_id": s.item, "firmness": s.firmness, "chosen": s.chosen, "in_plans": choice.count_in(s.item), "other": s.other, "other_bound": s.other_bound}
            for s in choice.standings
        ],
    }  # fmt: skip


def _gain_json(gain: Gain) -> dict[str, Any]:
    return {
        "agency_id": gain.resource[0], "kind": gain.resource[1], "units": str(gain.units), "gain": gain.gain, "at_most": gain.most,
        "is_exact": gain.is_exact, "enters": list(gain.enters), "leaves": list(gain.leaves), "sooner": dict(gain.sooner or {}),
    }  # fmt: skip


def _compared_json(compared: Compared) -> dict[str, Any]:
    return {
        "decision": compared.saved.decision_id, "same_input": compared.is_same_input, "still_kept": compared.still_kept,
        "value_then": compared.saved.value, "old_plan_worth_now": compared.change.old_value_now,
        "broken": list(compared.change.broken), "changed": list(compared.change.changed),
        "moves": [{"item_id": m.item, "how": m.how, "quarters": m.quarters, "why": list(m.why)} for m in compared.change.moves],
    }  # fmt: skip
