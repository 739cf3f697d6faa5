"""Expectation gaps of a pack: the widest, all measures on one axis, and who must talk to whom."""

from __future__ import annotations

from partnership import wording
from partnership._reports import gap_words as words
from partnership._reports.blocks import Block, Items, Note, Picture, Say, Section, Source
from partnership._reports.door import Door
from partnership.charts import expectations as charts

__all__ = ["gaps"]

_TALKS = 6


def gaps(door: Door) -> Section:
    """Return the gaps between what partners expect."""
    found, totals = door.view("expectation_gaps"), door.row("gap_totals")
    own = door.table("partnership")
    views = ("expectation_gaps", "expectation_rates", "expectation_history", "talks")
    if not found.height or not own.height:
        said = Say(rest="Nothing is said yet of what partners expect of each other.")
        return Section("gaps", "Expectation gaps", "No expectations yet", [said])
    discuss, redefine = (float(own[c][0]) for c in ("gap_discuss_ratio", "gap_redefine_ratio"))
    rates = door.with_short_names(door.view("expectation_rates"))
    whole = rates.filter(rates["counterpart_id"].is_null())
    widest = found.row(0, named=True)
    blocks: list[Block] = [Say(rest=words.summary(totals, redefine, widest))]
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
    blocks.append(Picture(charts.measures(found, whole, door.marks, discuss, redefine)))
    silent = int(found["partners_unanswered"].sum() or 0)
    if silent:
        blocks.append(
            Note(
                f"Partial: {wording.count_of(silent, 'answer')} of partners on these measures "
                f"{'is' if silent == 1 else 'are'} missing. A missing answer is in no ratio."
            )
        )
    talks = door.view("talks").to_dicts()
    kinds = {(r["goal_id"], r["measure_id"]): r["kind_of_gap"] for r in found.iter_rows(named=True)}
    wanted = [words.talk(r, door.called, kinds) for r in talks[:_TALKS]]
    more = len(talks) - len(wanted)
    if wanted:
        first = "Talks to have, biggest consequence first"
        title = f"{first}; {wording.count_of(more, 'more')} in the pack's workbook" if more > 0 else first
        blocks.append(Items(title, [(a, f"{b} {c}".strip()) for a, b, c in wanted], ordered=True))
    blocks.append(
        Source(
            f"Largest over smallest on a common rate. Bands are this partnership's own: discuss from "
            f"{wording.times(discuss)}, stop and re-define from {wording.times(redefine)}."
        )
    )
    return Section("gaps", "Expectation gaps", words.measures_title(totals), blocks, views)
