"""The work of a pack: what comes first and how sure that is, and what is phased when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnership import wording
from partnership._reports.blocks import Block, Items, Note, Picture, Say, Section, Source, Table
from partnership._reports.door import Door
from partnership._workflows.phasing import phased
from partnership._workflows.phasing_words import conflict_words, headline, small_wins_words
from partnership._workflows.place_words import bands, taken
from partnership._workflows.prioritising import prioritised
from partnership.charts.phasing import timeline
from partnership.charts.prioritisation import places_taken, share_words
from partnership.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from partnership._workflows.phasing_results import Phased

__all__ = ["phasing", "priorities"]

_MOST = 15


def priorities(door: Door) -> Section:
    """Return the ranked work items and what partners disagree on."""
    label = "Priorities"
    try:
        done = prioritised(door.plan, today=door.today)
    except (InvalidInput, UnknownName) as error:
        return Section("work", label, "No priorities are shown", [Note(str(error))])
    ranked = sorted((i for i in done.items if i.rank is not None), key=lambda i: (i.rank or 0, i.item_id))
    if not ranked:
        return Section("work", label, done.headline, [Say(rest="No work item has been scored yet.")])
    rows, every = [], bands(len(ranked))
    for item in ranked[:_MOST]:
        low, high = item.places or (item.rank, item.rank)
        places = f"{low}" if low == high else f"{low} to {high}, close call"
        lead = door.called(item.lead_agency_id) if item.lead_agency_id else "nobody leads"
        impact, effort = (wording.number(v, places=1) for v in (item.impact, item.effort))
        rows.append(
            (f"{item.item_id} {item.title}", lead, places, impact, effort, item.quadrant or "",
             share_words(item.acceptability[0]) if item.acceptability else "",
             *(share_words(item.share_of_places(low, high)) if item.acceptability else "" for _, low, high in every),
             item.disagreement.because)
        )  # fmt: skip
    talks = [
        (
            f"{t.item}: {wording.capital(wording.listing(wording.the(door.called(a)) for a in t.pair))}.",
            t.because,
        )
        for t in done.talks[:3]
    ]
    sure: list[Block] = [
        Say("How sure each place is:", " share of draws in which each item takes each run of places."),
        Picture(places_taken(*taken(ranked[:_MOST], len(ranked)))),
    ]
    heads = (
        "Work item",
        "Lead",
        "Place",
        "Impact",
        "Effort",
        "Kind",
        "First",
        *(name for name, _, _ in every),
        "Scorers",
    )
    blocks: list[Block] = [
        Table("Work items by rank, and the share of draws in which they take each place", heads, rows,
              frozenset({3, 4, *range(6, len(heads) - 1)}), tight=frozenset({2, 5})),
        *([Say(rest=f"{len(ranked) - _MOST} more items are ranked on the page Prioritisation.", small=True)]
          if len(ranked) > _MOST else []),
        *(sure if ranked[0].acceptability else []),
        *([Items("Talk before anybody scores again", talks)] if talks else []),
        Source(
            f"{done.draws:,} draws of weights and scorers from seed {done.seed}; impact and effort 0 to 10 by fixed "
            "anchors. A place is a range where the next items may as well stand there."
        ),
    ]  # fmt: skip
    return Section("work", label, done.headline.rstrip("."), blocks)


def phasing(door: Door) -> Section:
    """Return what is phased when: only a plan that is proved best, so that a pack made again says the same."""
    label = "Phasing"
    try:
        done = phased(door.plan, today=door.today)
    except (InvalidInput, UnknownName) as error:
        return Section("phasing", label, "No phasing is shown", [Note(str(error))])
    if not done.has_plan:
        return Section("phasing", label, "No plan keeps every rule", [Note(conflict_words(done))])
    if not _proved(done):
        said = "Plans are still being compared, and the best so far may change. See the page Phasing."
        return Section("phasing", label, "No plan is proved best yet", [Note(said)])
    rows = [
        {
            "item_id": i.item_id, "title": i.title, "lead_agency_id": i.lead_agency_id, "first": i.first or 0,
            "last": i.last or 0, "is_small_win": i.is_small_win, "felt_by": i.felt_by, "waits_for": i.waits_for,
        }
        for i in done.chosen
    ]  # fmt: skip
    settings = done.asked.settings
    window = min(settings.small_wins_quarters, len(done.quarters)) if settings.small_wins else 0
    blocks: list[Block] = [Say(rest=small_wins_words(done))] if window else []
    blocks.append(Picture(timeline(rows, done.quarters, door.marks, door.codes, window)))
    if done.left_out:
        out = [(f"{i.item_id} {i.title}:", i.why_not) for i in done.left_out]
        blocks.append(Items("Left out, and why", out))
    if done.findings:
        blocks.append(Note(" ".join(f"{f.found} {f.do}".strip() for f in done.findings)))
    blocks.append(
        Source("Chosen within the days that agencies offered; proved best by the bound of the search.")
    )
    return Section("phasing", label, headline(done).rstrip("."), blocks)


def _proved(done: Phased) -> bool:
    return done.outcome.status == "optimal"
