"""Sentences of the phasing page, and what its address may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dashboards.phasing_work import SECONDS
from partnership._workflows.phasing_settings import PhasingSettings, ValueBasis
from partnership.periods import add_months, name_month
from partnership.wording import capital, count_of, in_words, listing, number, the

if TYPE_CHECKING:
    from partnership._workflows.phasing import Choices, Gain, Phased

__all__ = [
    "BASES",
    "QUARTERS",
    "WINS",
    "asked",
    "days",
    "firm_title",
    "load_title",
    "more_title",
    "reading",
    "rows_of",
    "timeline_title",
]

QUARTERS: tuple[str, ...] = ("4", "6", "8", "12")
WINS: tuple[str, ...] = ("0", "1", "2", "3", "4", "5")
BASES: tuple[ValueBasis, ...] = ("score", "benefit", "both")


def asked(extra: Mapping[str, str]) -> tuple[PhasingSettings, list[str]]:
    """Read the settings from an address; what cannot be followed is left out and said."""
    notes: list[str] = []

    def whole(name: str, least: int, most: int) -> int | None:
        text = extra.get(name)
        if text is None:
            return None
        if text.isdecimal() and least <= int(text) <= most:
            return int(text)
        notes.append(
            f"The address asks for {name.replace('_', ' ')} {text!r}. Give a number from {least} to {most}."
        )
        return None

    basis = extra.get("value", "score")
    chosen: ValueBasis = next((b for b in BASES if b == basis), "score")
    if basis != chosen:
        notes.append(f"The address asks for value by {basis!r}. Choose score, benefit or both.")
    wins = whole("wins", 0, 50)
    return (
        PhasingSettings(
            quarters=whole("quarters", 1, 40),
            small_wins=3 if wins is None else wins,
            value=chosen,
            limit=SECONDS,
        ),
        notes,
    )


def days(amount: Fraction) -> str:
    """Return days in digits, to a tenth."""
    return number(round(Decimal(amount.numerator) / Decimal(amount.denominator), 1))


def timeline_title(done: Phased) -> str:
    """Return the sentence over the timeline: small wins first, and what comes last."""
    wins, last = done.small_wins, max(done.chosen, key=lambda i: (i.last or 0, i.item_id))
    end = add_months(done.quarters[last.last or 0], 2)
    begin = ""
    if done.asked.settings.small_wins and wins:
        window = min(done.asked.settings.small_wins_quarters, len(done.quarters))
        begin = f"{capital(count_of(len(wins), 'small win', words=True))} by {name_month(add_months(done.quarters[window - 1], 2))}; "
    after = f", after {listing(last.waits_for)}" if last.waits_for else ""
    said = f"{begin}{last.item_id} {last.title} is the last to finish, in {name_month(end)}{after}"
    return said if begin else capital(said)


def load_title(done: Phased) -> str:
    """Return the sentence over the load: how much is full, and who has no slack till when."""
    cells = [c for c in done.load if c.kind == "days"]
    offered = [c for c in cells if c.offered]
    full = [c for c in offered if c.is_full]
    if not full:
        return f"Nobody is asked for all it offers in any of {count_of(len(offered), 'agency quarter')}"
    verb = "is" if len(full) == 1 else "are"
    said = f"{len(full)} of {count_of(len(offered), 'agency quarter')} {verb} full"
    runs: dict[str, int] = {}
    for agency in {c.agency_id for c in full}:
        mine = sorted((c for c in cells if c.agency_id == agency), key=lambda c: c.quarter)
        runs[agency] = next((n for n, c in enumerate(mine) if not c.is_full), len(mine))
    longest = max(runs.values())
    if not longest:
        return said
    tight = sorted(a for a, n in runs.items() if n == longest)
    names = listing([the(done.names.get(a, a)) for a in tight], most=3)
    until = f"before {name_month(done.quarters[longest])}" if longest < len(done.quarters) else "at all"
    return f"{said}; {names} {'has' if len(tight) == 1 and not _plural(done.names.get(tight[0], tight[0])) else 'have'} no slack {until}"


def _plural(name: str) -> bool:
    from partnership.wording import is_plural

    return bool(is_plural(name))


def more_title(gains: Sequence[Gain], names: Mapping[str, str], *, is_whole: bool = True) -> str:
    """Return the sentence over what more days would buy; ``is_whole`` is False where it was stopped."""
    if not gains and not is_whole:
        return "What more days would buy was not worked out"
    if not gains:
        return "Nobody is asked for days, so more of them would buy nothing"
    best = max(gains, key=lambda g: (g.gain, -g.units))
    most = max(g.units for g in gains)
    if not best.gain:
        sure = (
            "would change nothing"
            if is_whole and all(g.is_exact for g in gains)
            else "changed nothing in the time there was"
        )
        return f"Up to {in_words(int(most))} more days a quarter from any one agency {sure}"
    who = names.get(best.resource[0], best.resource[0])
    return f"{capital(count_of(int(best.units), 'more day', words=True))} a quarter from {the(who)} would buy the most"


def firm_title(choice: Choices, done: Phased) -> str:
    """Return the sentence over the good plans."""
    every = [s for s in choice.standings if s.firmness == "in every good plan"]
    some = [s for s in choice.standings if s.firmness == "in some good plans"]
    open_still = [s for s in choice.standings if s.firmness == "not settled"]
    none = [s for s in choice.standings if s.firmness == "in no good plan"]
    parts = []
    if every:
        parts.append(
            f"{capital(count_of(len(every), 'item', words=True))} {'is' if len(every) == 1 else 'are'} in every good plan"
        )
    if some:
        parts.append(f"{in_words(len(some))} {'is' if len(some) == 1 else 'are'} a choice")
    if none:
        parts.append(f"{in_words(len(none))} {'is' if len(none) == 1 else 'are'} in none")
    if open_still:
        parts.append(f"{in_words(len(open_still))} {'is' if len(open_still) == 1 else 'are'} not settled")
    return capital(listing(parts)) if parts else "There is nothing to choose"


def reading(firmness: str, count: int, of: int) -> str:
    """Return what a standing means for a board."""
    if firmness == "in every good plan":
        return "keep, whatever else"
    if firmness == "in no good plan":
        return "stop, or find days"
    if firmness == "not settled":
        return "not settled in the time there was"
    if not of:
        return "a choice"
    return "usually worth it" if count * 2 > of else "a fair swap"


def rows_of(done: Phased) -> list[dict[str, Any]]:
    """Return the chosen items as the picture takes them."""
    return [
        {
            "item_id": i.item_id, "title": i.title, "lead_agency_id": i.lead_agency_id, "first": i.first or 0,
            "last": i.last or 0, "is_small_win": i.is_small_win, "felt_by": i.felt_by, "waits_for": i.waits_for,
        }
        for i in done.chosen
    ]  # fmt: skip
