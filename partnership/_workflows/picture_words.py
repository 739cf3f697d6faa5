"""What the picture of the work tells, in sentences: the headline, and a list, biggest consequence first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from partnership import wording
from partnership._blueprint.clarity import MOST_CONSULTED
from partnership._wording.names import is_plural
from partnership.wording import capital, count_of, day, does, in_words, listing, possessive, the

if TYPE_CHECKING:
    from partnership._workflows.picturing import Pictured

__all__ = ["Told", "headline", "load_title", "named", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the picture tells.

    Parameters
    ----------
    kind : str
        What it is about, the same word for the same kind of finding.
    what, then : str
        What was found, and what to do.
    items : tuple[str, ...]
        The items behind it.
    """

    kind: str
    what: str
    then: str
    items: tuple[str, ...] = ()


def percent(share: Fraction | None) -> str:
    """Write an exact share as a percentage."""
    return wording.percent(None if share is None else float(share))


def number(value: Decimal | Fraction, places: int = 2) -> str:
    """Write an exact number."""
    return wording.number(float(value) if isinstance(value, Fraction) else value, places=places)


def _is(name: str) -> str:
    return f"{name} {'are' if is_plural(name) else 'is'}"


def named(picture: Pictured, item_id: str) -> str:
    """Return an item's id and title."""
    item = picture.item(item_id)
    return f"{item_id} {item.title}" if item else item_id


def headline(picture: Pictured) -> tuple[str, str]:
    """Return the page's sentence: how much is worked in one shared place, by hours and cases, and who leads.

    A share over items without hours says how many of them it covers.
    """
    whole = picture.whole
    if not picture.items:
        return "No work is in the plan yet.", ""
    if whole.share_now is None:
        first = (
            f"{capital(count_of(whole.items, 'item', words=True))} of work, and no hours are known of any."
        )
    else:
        lead = f"{percent(whole.share_now)} of the hours we work together are worked in one shared place"
        after = (
            f"; as planned it will be {percent(whole.share_after)}" if whole.share_after is not None else ""
        )
        counted = whole.items - len(whole.without_hours)
        partial = (
            f" Partial: {counted} of {whole.items} items say all their hours." if whole.is_partial else ""
        )
        first = f"{lead}{after}.{partial}"
    leads = Counter(i.lead_agency_id for i in picture.items)
    nobody = leads.pop(None, 0)
    said = []
    if nobody:
        said.append(f"{count_of(nobody, 'item has', 'items have', words=True)} no lead")
    if leads:
        agency, most = max(leads.items(), key=lambda one: (one[1], one[0] or ""))
        name = the(picture.agencies.get(agency or "", agency or ""))
        if most > 1:
            said.append(f"{does(name, 'lead')} {in_words(most)} of {in_words(whole.items)}")
    then = [_cases(picture), f"{capital(', and '.join(said))}." if said else ""]
    return first, " ".join(t for t in then if t)


def _cases(picture: Pictured) -> str:
    """Say the share of cases beside that of hours: where the long cases are shared, the two are far apart."""
    whole = picture.whole
    if whole.share_now is None or whole.volume_share_now is None or whole.volume_share_after is None:
        return ""
    counted = whole.items - len(whole.without_volume)
    partial = f", of the {counted} of {whole.items} items that say theirs" if whole.without_volume else ""
    now, after = percent(whole.volume_share_now), percent(whole.volume_share_after)
    return f"Counted by cases it is {now} now and {after} as planned{partial}."


def load_title(picture: Pictured) -> str:
    """Return the title of the picture of hours: what is expected to be freed, and whose most of it is."""
    freed = picture.freed
    if not picture.loads or all(one.hours_now == 0 for one in picture.loads):
        return "No agency has said its hours both now and after the change"
    if freed <= 0:
        return (
            f"The change is expected to take {number(-freed)} hours a week more"
            if freed
            else "The change frees nothing"
        )
    most = max(picture.loads, key=lambda one: (one.freed, one.agency_id))
    whose = possessive(the(picture.agencies.get(most.agency_id, most.agency_id)))
    return (
        f"The change is expected to free {number(freed)} hours a week, {number(most.freed)} of them {whose}"
    )


def told(picture: Pictured) -> tuple[Told, ...]:
    """Return what the picture tells, the biggest consequence first.

    The order: what can never start; what nobody leads or several do; what others wait for; who is asked
    beyond what it offers; what starts before what it waits for; where least is shared; what is done twice;
    who is consulted by many; what serves no goal.
    """
    return tuple(_all(picture))


def _all(picture: Pictured) -> Iterator[Told]:
    yield from _rings(picture)
    yield from _leads(picture)
    yield from _points(picture)
    yield from _beyond(picture)
    yield from _early(picture)
    yield from _least_shared(picture)
    yield from _twice(picture)
    yield from _asked(picture)
    yield from _orphans(picture)


def _shown(picture: Pictured, ids: tuple[str, ...]) -> bool:
    return any(picture.item(i) for i in ids)


def _rings(picture: Pictured) -> Iterator[Told]:
    for ring in picture.dependencies.rings:
        if _shown(picture, ring):
            walk = " waits for ".join((*reversed(ring), ring[-1]))
            yield Told(
                "ring", f"{walk}: none of them can start.", "Take one of these dependencies away.", ring
            )


def _leads(picture: Pictured) -> Iterator[Told]:
    for one in picture.unclear:
        name, ids = named(picture, one.item_id), (one.item_id,)
        item = picture.item(one.item_id)
        who = listing(picture.agencies.get(a, a) for a in one.agencies)
        if one.kind == "nobody leads":
            goal = picture.goals.get(item.goal_id or "") if item else None
            serves = f"Serves the goal “{goal}”. " if goal else ""
            yield Told(
                one.kind,
                f"{name} has no lead.",
                f"{serves}Give it an accountable agency before it is scheduled.",
                ids,
            )
        elif one.kind == "several accountable":
            yield Told(
                one.kind,
                f"{name} has {in_words(len(one.agencies))} accountable agencies.",
                f"{who}: choose one.",
                ids,
            )
        elif one.kind == "lead is not accountable":
            yield Told(
                one.kind, f"{name}: the lead and the accountable agency differ.", f"{who}: choose one.", ids
            )
        elif one.kind == "nobody accountable":
            yield Told(
                one.kind,
                f"{name} has a lead and nobody accountable.",
                f"Write {who} down as accountable, or another.",
                ids,
            )


def _points(picture: Pictured) -> Iterator[Told]:
    found = [i for i in picture.dependencies.single_points if picture.item(i)]
    for item_id in found[:2]:
        item, waiting = picture.item(item_id), picture.dependencies.waiting[item_id]
        late = ""
        if item and item.expected_on and item.due_on and item.expected_on > item.due_on:
            late = f" It is now expected on {day(item.expected_on)}, planned was {day(item.due_on)}."
        waits = capital(count_of(len(waiting), "item waits", "items wait", words=True))
        wait = f"{waits} for it: {listing(waiting)}."
        yield Told(
            "single point of failure",
            f"{named(picture, item_id)} is a single point of failure.",
            wait + late,
            (item_id, *waiting),
        )


def _beyond(picture: Pictured) -> Iterator[Told]:
    by_agency: dict[str, list[str]] = {}
    for one in picture.beyond:
        days = f"{number(one.asked_days, places=0)} of {number(one.offered_days, places=0)} days"
        led = f", {number(one.led_days, places=0)} of them as the lead" if one.led_days else ""
        said = f"{days} in the quarter from {day(one.quarter_starts_on)}{led}"
        by_agency.setdefault(one.agency_id, []).append(said)
    for agency, quarters in by_agency.items():
        name = the(picture.agencies.get(agency, agency))
        items = tuple(dict.fromkeys(i for b in picture.beyond if b.agency_id == agency for i in b.items))
        yield Told(
            "beyond capacity", f"{capital(_is(name))} asked for more than offered.",
            f"{capital(listing(quarters, most=2))}. Move work, or ask for days.", items,
        )  # fmt: skip


def _early(picture: Pictured) -> Iterator[Told]:
    for item_id, first in picture.dependencies.starts_too_early:
        if picture.item(item_id):
            yield Told(
                "starts too early",
                f"{named(picture, item_id)} is planned to start before {first} is expected to end.",
                "Move its start, or bring the other forward.",
                (item_id, first),
            )


def _least_shared(picture: Pictured) -> Iterator[Told]:
    known = [c for c in picture.by_function if c.share_now is not None]
    if len(known) > 1:
        least = min(known, key=lambda c: (c.share_now, -c.hours_now))
        same = [c for c in known if c.share_now == least.share_now]
        names = listing(c.name for c in same)
        verb = "are" if len(same) > 1 else "is"
        planned = listing(f"{c.name} {percent(c.share_after)}" for c in same if c.share_after is not None)
        yield Told(
            "least shared", f"{names} {verb} where the least is shared.",
            f"{percent(least.share_now)} of the hours now." + (f" As planned: {planned}." if planned else ""),
        )  # fmt: skip


def _twice(picture: Pictured) -> Iterator[Told]:
    best = picture.best_join()
    if best is not None:
        done = listing(f.function for f in best.functions)
        most = f"{number(best.hours_freed)} hours a week"
        yield Told(
            "done twice", f"{listing(best.groups)} do {done} apart.",
            f"Joined, they would free at most {most}, if every case came up in both. Choose the share below.",
            tuple(i for f in best.functions for i in f.items),
        )  # fmt: skip


def _asked(picture: Pictured) -> Iterator[Told]:
    for agency, items in picture.often_asked:
        name = capital(_is(the(picture.agencies.get(agency, agency))))
        yield Told(
            "asked often",
            f"{name} consulted on {in_words(len(items))} items.",
            f"{listing(items, most=6)}: does each need its advice?",
            items,
        )
    many = [u for u in picture.unclear if u.kind == "many consulted"]
    if many:
        most = max(many, key=lambda u: (len(u.agencies), u.item_id))
        consulting = count_of(len(many), "item consults", "items consult", words=True)
        yield Told(
            "many consulted",
            f"{named(picture, most.item_id)} consults {in_words(len(most.agencies))} agencies.",
            f"{capital(consulting)} more than {in_words(MOST_CONSULTED)}. Who only needs to be told?",
            tuple(u.item_id for u in many),
        )


def _orphans(picture: Pictured) -> Iterator[Told]:
    lost = tuple(i for i in picture.dependencies.unserving if picture.item(i))
    if lost:
        yield Told(
            "serves no goal",
            f"{capital(count_of(len(lost), 'item serves', 'items serve', words=True))} no goal.",
            f"{listing(lost)}: name the goal, or stop.",
            lost,
        )
    for goal in picture.dependencies.unserved:
        yield Told(
            "goal without work",
            f"No open work serves “{picture.goals.get(goal, goal)}”.",
            "Write down the work, or close the goal.",
        )
    if picture.dependencies.unknown:
        said = listing(f"{a} waits for {b}" for a, b in picture.dependencies.unknown)
        yield Told(
            "unknown",
            "Work waits for something that is not in the plan.",
            f"{said}. Mend the ids.",
            tuple(a for a, _ in picture.dependencies.unknown),
        )
