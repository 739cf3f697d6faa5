"""Commands of goals and expectations: goals, gaps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from partnership._cli.opening import reader
from partnership._cli.options import STORE, AsOfOption, JsonOption, StoreOption
from partnership._cli.words import day, print_json, words
from partnership.errors import UnknownName

if TYPE_CHECKING:
    from partnership._workflows.gaps import GapReport, MeasureGap
    from partnership._workflows.goal_checks import GoalsJudged

__all__ = ["register"]

GoalOption = Annotated[str | None, typer.Option("--goal", help="One goal, by id; all when left out.")]
_MARK = {"met": " ok ", "not met": "mend", "cannot tell": " ?  ", "does not apply": " -  "}


def register(app: typer.Typer) -> None:
    """Put the commands of this room under the command line."""
    app.command()(goals)
    app.command()(gaps)


def goals(
    goal: GoalOption = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
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


def gaps(
    goal: GoalOption = None,
    as_of: AsOfOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Print where partners expect different things, how far apart, why, and who must talk to whom."""
    with words(as_json), reader(store, as_json) as opened:
        from partnership._workflows.gaps import as_json as plain
        from partnership._workflows.gaps import gap_report

        known = opened.table("goals", as_of=day(as_of))["id"].to_list()
        if goal is not None and goal not in known:
            raise UnknownName("goal", goal, known)
        report = gap_report(opened, goal_id=goal, as_of=day(as_of))
        if as_json:
            print_json(plain(report))
            return
        _print_gaps(report)


def _print_gaps(report: GapReport) -> None:
    from partnership.expectations import kind_words
    from partnership.wording import number, rate, times

    write = sys.stdout.write
    if not report.gaps:
        write("No expectations yet. Send each partner the sheet Expectations.\n")
    for one in report.gaps:
        row, found = one.row, one.typed.gap
        size = f"{times(found.ratio)} apart" if found.ratio is not None else "no ratio"
        write(f"{row['measure_name']}: {size}, {row['band']}\n")
        if found.ratio is not None:
            most = rate(row["most_rate"], row["measure_per"], row["measure_unit"])
            write(
                f"  {row['least_agency_name']} {number(row['least_rate'])}, {row['most_agency_name']} {most}\n"
            )
        if one.typed.kind:
            write(f"  Why: {one.typed.kind}, {kind_words(one.typed.kind)}.\n")
        middle = (
            f"geometric mean {number(found.geometric_mean)}"
            if found.geometric_mean is not None
            else "no average: nothing is averaged across definitions"
        )
        if found.log10_ratio is not None:
            write(f"  Log10 of the ratio {number(found.log10_ratio, places=3)}; {middle}.\n")
        _print_rest(one)
    write(
        f"\nBands: discuss from {number(report.discuss_from)} times, stop and re-define from {number(report.redefine_from)}: our own design, set on the sheet Partnership.\n"
    )
    _print_sums(report)


def _print_rest(one: MeasureGap) -> None:
    from partnership.wording import count_of, listing

    write = sys.stdout.write
    found = one.typed.gap
    said_so = (
        (found.expecting_none, "expects none"),
        (one.typed.not_comparable, "not comparable"),
        (found.unanswered, "not answered"),
    )
    for names, said in said_so:
        if names:
            write(f"  {said.capitalize()}: {listing(names)}\n")
    if one.typed.months_apart:
        write(f"  Dates: {count_of(one.typed.months_apart, 'month')} apart\n")
    if one.change:
        write(f"  Since the review before: {one.change}\n")


def _print_sums(report: GapReport) -> None:
    from partnership.wording import number, pounds, times

    write = sys.stdout.write
    write("\nAll that is given, against the target\n")
    for row in report.offers.iter_rows(named=True):
        sizes = (
            f", {number(row['given_rate'])} of {number(row['target_value'])}"
            if row["given_share"] is not None
            else ""
        )
        write(f"  {row['goal_title']}: {row['standing']}{sizes}\n")
    write(
        "\nWho must talk to whom: what must be re-defined, then unmatched offers, then silence; most money first\n"
    )
    for row in report.talks.iter_rows(named=True):
        who = (
            f"{row['agency_name']} and {row['other_agency_name']}"
            if row["other_agency_name"]
            else row["agency_name"]
        )
        if row["subject"] == "no answer":
            said = f"{row['missing_answers']} of {row['asked']} expectations are missing"
        else:
            size = f", {times(row['ratio'])} apart" if row["ratio"] is not None else ""
            said = (
                f"{row['measure_name']}: {number(row['least_rate'])} against {number(row['most_rate'])}{size}"
            )
        waits = f"; {pounds(row['at_stake_gbp'])} of benefit rests on it" if row["at_stake_gbp"] else ""
        write(f"{row['place']:>4}  {who}: {said}{waits}\n")
