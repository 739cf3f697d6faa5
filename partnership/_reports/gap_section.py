"""Expectation gaps of a pack: the widest, all measures on one axis, and who must talk to whom."""

from __future__ import annotations

from partnership import wording
from partnership._reports import gap_words as words
from partnership._reports.blocks import Block, Items, Note, Picture, Say, Section, Source
from partnership._reports.door import Door
from partnership.charts import expectations as charts
from partnership.views import view

__all__ = ["gaps", "talks"]

_CLOSER = 0.78
"""Rows stand closer on paper than on a page, so that a usual plan keeps to one sheet."""


def gaps(door: Door) -> Section:
    """Return the gaps between what partners expect."""
    found, totals = door.view("expectation_gaps"), door.row("gap_totals")
    own = door.table("partnership")
    views = ("gap_totals", "expectation_gaps", "expectation_rates", "expectation_history")
    if not found.height or not own.height:
        said = Say(rest="Nothing is said yet of what partners expect of each other.")
        return Section("gaps", "Expectation gaps", "No expectations yet", [said])
    discuss, redefine = (float(own[c][0]) for c in ("gap_discuss_ratio", "gap_redefine_ratio"))
    rates = door.with_short_names(door.view("expectation_rates"))
    whole = rates.filter(rates["counterpart_id"].is_null())
    widest = found.row(0, named=True)
    blocks: list[Block] = [Say(rest=words.summary(totals, redefine, widest))]
    silent = int(found["partners_unanswered"].sum() or 0)
    if silent:
        blocks.append(
            Note(
                f"Partial: {wording.count_of(silent, 'answer')} of partners on these measures "
                f"{'is' if silent == 1 else 'are'} missing. A missing answer is in no ratio."
            )
        )
    mine = whole.filter(
        (whole["measure_id"] == widest["measure_id"]) & (whole["goal_id"] == widest["goal_id"])
    )
    if widest["ratio"] is not None:
        unit = wording.unit_per(widest["measure_unit"], widest["measure_per"])
        blocks += [
            Say(
                words.gap_title(widest, mine.to_dicts()) + ".",
                f" {widest['measure_name']}: {words.ends(widest, door.called)}",
                small=True,
            ),
            Picture(charts.gap(mine, widest["ratio"], door.marks, unit, emphasis=door.agency_id)),
        ]
    measures = charts.measures(found, whole, door.marks, discuss, redefine)
    blocks.append(Picture(measures, high=round(measures.layout.height * _CLOSER)))
    blocks.append(
        Source(
            f"Largest over smallest on a common rate. Bands are this partnership's own: discuss from "
            f"{wording.times(discuss)}, stop and re-define from {wording.times(redefine)}."
        )
    )
    return Section("gaps", "Expectation gaps", words.measures_title(totals), blocks, views)


def talks(door: Door) -> Section:
    """Return who must talk to whom about what, the most serious first."""
    rows, label = door.view("talks").to_dicts(), "Talks to have"
    if not rows:
        return Section("talks", label, "Nobody must talk before the work goes on", [], ("talks",))
    found = door.view("expectation_gaps")
    kinds = {(r["goal_id"], r["measure_id"]): r["kind_of_gap"] for r in found.iter_rows(named=True)}
    wanted = [words.talk(r, door.called, kinds) for r in rows]
    many = wording.capital(wording.count_of(len(rows), "talk", words=True))
    first = wanted[0][0].rstrip(":.")
    title = f"{many} to have, most serious first. {first}"
    blocks: list[Block] = [Items("", [(a, f"{b} {c}".strip()) for a, b, c in wanted], ordered=True)]
    definition = " ".join(view("talks").definition.split())
    return Section("talks", label, title, [*blocks, Source(definition)], ("talks",))
