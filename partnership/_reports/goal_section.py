"""Goals of a pack: the way to the shared goal, and every goal against the rules, letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnership._reports import goal_words as words
from partnership._reports.blocks import Block, Picture, Say, Section, Source, Table
from partnership._reports.door import Door
from partnership._workflows.goal_checks import judge_plan
from partnership.charts import goals as charts
from partnership.goals import LETTERS

__all__ = ["goals"]

Row = Mapping[str, Any]


def goals(door: Door) -> Section:
    """Return the goals of the partnership."""
    series = door.view("measure_series", agency_id=None, goal_id=None)
    judged = judge_plan(door.plan, series, today=door.today)
    shown = [one for one in judged.goals if door.goal_id in (None, one.goal.id)]
    if not shown:
        said = Say(rest="Write goals on the sheet Goals: a verb, a measure, from where to where, by when.")
        return Section("goals", "Goals", "There is no open goal", [said])
    summary = door.summary
    blocks: list[Block] = [Say(words.stands(summary), f" {words.then(judged.goals, judged.lineage)}")]
    measure = summary["bhag_measure_id"]
    if measure:
        rows = series.filter(series["measure_id"] == measure)
        blocks.append(Picture(charts.path(rows, summary, summary["bhag_unit"] or ""), high=240))
    blocks.append(_letters(door, shown))
    blocks.append(
        Source(
            "Rules met of those that apply, letter by letter, never one number; what cannot be told is not met. "
            "Rules: the toolkit's own, listed on the page Goals; process limits by XmR (mean ± 2.66 × average "
            "moving range)."
        )
    )
    return Section("goals", "Goals", words.letters_title(shown), blocks, ("plan_summary", "measure_series"))


def _letters(door: Door, shown: Any) -> Table:
    measures = {m["id"]: m for m in door.table("measures").iter_rows(named=True)}
    rows = []
    for one in shown:
        scores = {s.letter: f"{s.met} of {s.asked}" for s in one.letters}
        mend = " ".join(f"{v.rule.letter}: {v.found}" for v in one.to_mend) or "Nothing: every rule is met."
        aim = words.what(one.goal, measures.get(one.goal.measure_id or ""))
        rows.append((one.goal.title, aim, *(scores.get(k, "") for k in LETTERS), mend))
    heads = ("Goal", "From where to where, by when", *LETTERS, "What was found")
    return Table(
        "Every open goal against the rules", heads, rows, tight=frozenset(range(2, 2 + len(LETTERS)))
    )
