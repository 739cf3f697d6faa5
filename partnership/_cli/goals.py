"""Commands of goals and expectations: goals, gaps."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership._cli.opening import reader
from partnership._cli.words import day, print_json, words
from partnership.errors import UnknownName

if TYPE_CHECKING:
    from partnership._workflows.goal_checks import GoalsJudged

__all__ = ["register"]

_STORE = Path("partnership.duckdb")
StoreOption = Annotated[Path, typer.Option("--store", help="The store: one DuckDB file.", metavar="FILE")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
GoalOption = Annotated[str | None, typer.Option("--goal", help="One goal, by id; all when left out.")]
AsOfOption = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", help="As known on this day, 2026-09-03.", formats=["%Y-%m-%d"], metavar="DATE"),
]
_MARK = {"met": " ok ", "not met": "mend", "cannot tell": " ?  ", "does not apply": " -  "}


def register(app: typer.Typer) -> None:
    """Put the commands of this room under the command line."""
    app.command()(goals)


def goals(
    goal: GoalOption = None,
    as_of: AsOfOption = None,
    store: StoreOption = _STORE,
    as_json: JsonOption = False,
) -> None:
    """Hold every goal against the SMART rules, letter by letter, and say what would mend it."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.goal_checks import as_json as plain
        from partnership._workflows.goal_checks import judge_goals

        judged = judge_goals(opened, as_of=day(as_of))
        known = [one.goal.id for one in judged.goals]
        if goal is not None and goal not in known:
            raise UnknownName("open goal", goal, known)
        if as_json:
            found = plain(judged)
            if goal is not None:
                found["goals"] = [g for g in found["goals"] if g["goal_id"] == goal]
            print_json(found)
            return
        _print(judged, goal)


def _print(judged: GoalsJudged, goal: str | None) -> None:
    write = sys.stdout.write
    for one in judged.goals:
        if goal not in (None, one.goal.id):
            continue
        scores = "  ".join(f"{s.letter} {s.met}/{s.asked}" for s in one.letters)
        write(f"{one.goal.id}  {one.goal.title}\n      {scores}\n")
        for verdict in one.verdicts if goal else one.to_mend:
            write(
                f"  {_MARK[verdict.outcome]} {verdict.rule.id}: {verdict.found} {verdict.do}".rstrip() + "\n"
            )
    if goal is not None:
        return
    found = judged.lineage
    for link in found.orphans:
        write(f"  mend {link.item.id} {link.item.title} serves no goal. {link.fault}\n")
    for lacking, words_of in (
        (found.unserved, "has no open work"),
        (found.unfunded, "has work that nobody pays for"),
    ):
        for one_goal in lacking:
            write(f"  mend {one_goal.id} {one_goal.title} {words_of}.\n")
    whole = len(found.links)
    write(f"{whole - len(found.orphans)} of {whole} pieces of work reach the big goal.\n")
