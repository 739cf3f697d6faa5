"""The board pack: chosen sections as one page, one PDF or one workbook, the same figures as on the pages.

A pack is made from views, workflows and the pages' own charts, for a day as known then. Nothing in it depends
on when or where it is made, so the same pack made twice has the same bytes.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

from partnership import wording
from partnership.errors import InvalidInput, UnknownName
from partnership.periods import in_london, local_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from partnership._reports.blocks import Section
    from partnership._reports.door import Door
    from partnership.store import Store
    from partnership.tabular import Extract

__all__ = ["SECTIONS", "Pack", "board_pack", "pack_page", "pack_pdf", "pack_workbook"]

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "questions": "The five questions of the board",
        "asked": "Decisions asked, and alerts",
        "goals": "Goals against the rules",
        "gaps": "Expectation gaps",
        "talks": "Who must talk to whom",
        "benefits": "Benefits realised",
        "register": "Benefits register and forecast",
        "return": "Investment and return",
        "sure": "How sure the return is",
        "work": "Priorities",
        "phasing": "What is done when",
        "promises": "Promises",
        "decisions": "Decisions on record",
    }
)
"""The sections that can be chosen, in their order. Freshness and definitions always close a pack."""


@dataclass(frozen=True)
class Pack:
    """A board pack as values, before it is written.

    Parameters
    ----------
    title : str
        Name of the partnership and the day.
    partnership : str
        Its name.
    known_on : date
        The day as known on which it is made.
    foot : str
        What stands at the foot of every sheet: filters, day, what is withheld.
    freshness : str
        To when the data reach and when they were last changed.
    board : str
        Which board it is for; empty when none is written down.
    sections : tuple[Section, ...]
        In their order.
    extracts : tuple[Extract, ...]
        The rows behind them.
    seal : str
        What it was made of: the store's last change and the hash of its log, and how paper is held against it.
    seconds : Mapping[str, float]
        How long each section took; in no file.
    """

    title: str
    partnership: str
    known_on: dt.date
    foot: str
    freshness: str
    board: str
    sections: tuple[Section, ...]
    extracts: tuple[Extract, ...]
    seal: str
    seconds: Mapping[str, float]


def chosen_sections(asked: Sequence[str] | None) -> tuple[str, ...]:
    """Return the sections asked for, in the order of a pack; all when none is named.

    Raises
    ------
    UnknownName
        If there is no such section.

    Examples
    --------
    >>> chosen_sections(["promises", "questions"])
    ('questions', 'promises')
    """
    for name in asked or ():
        if name not in SECTIONS:
            kind = "section"
            raise UnknownName(kind, name, list(SECTIONS))
    return tuple(s for s in SECTIONS if not asked or s in asked)


def board_pack(
    store: Store,
    *,
    as_of: dt.date | None = None,
    today: dt.date | None = None,
    sections: Sequence[str] | None = None,
    agency: str | None = None,
    goal: str | None = None,
) -> Pack:
    """Make a board pack of a stored plan.

    Parameters
    ----------
    store : Store
        Where the plan is.
    as_of, today : date, optional
        As known on that day; seen from that day, the present one when both are left out.
    sections : Sequence[str], optional
        Keys of :data:`SECTIONS`; all when left out.
    agency, goal : str, optional
        Id or code of an agency, id of a goal: what the pack is narrowed to.

    Raises
    ------
    InvalidInput
        If nothing is stored that a pack could be made of.
    UnknownName
        If there is no such section, agency or goal.
    """
    from partnership._reports.asked_section import definitions
    from partnership._reports.door import Door
    from partnership._workflows.paper_seal import seal_of, seal_words

    keys = chosen_sections(sections)
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))
    door = Door(store, on, as_of, agency, goal)
    if not door.summary:
        msg = "There is no plan to make a pack of. Load the partnership's workbook first: partnership load."
        raise InvalidInput(msg)
    makers, made, seconds = _makers(), [], {}
    for key in keys:
        started = time.perf_counter()
        made.append(makers[key](door))
        seconds[key] = time.perf_counter() - started
    used = tuple(dict.fromkeys(v for s in made for v in s.views))
    made.append(definitions(door, used))
    name = str(door.summary["name"])
    next_board = door.summary.get("next_board_on")
    return Pack(
        title=f"Board pack: {name}, {wording.day(door.today)}",
        partnership=name,
        known_on=door.today,
        foot=_foot(name, door),
        freshness=_freshness(door),
        board=f"Board of {wording.day(next_board)}" if next_board and next_board >= door.today else "",
        sections=tuple(made),
        extracts=tuple(door.extract(v) for v in (*used, "freshness")),
        seal=seal_words(seal_of(store, as_of)),
        seconds=seconds,
    )


def _makers() -> Mapping[str, Callable[[Door], Section]]:
    from partnership._reports.asked_section import asked, decisions
    from partnership._reports.benefit_section import benefits, register
    from partnership._reports.board_section import questions
    from partnership._reports.gap_section import gaps, talks
    from partnership._reports.goal_section import goals
    from partnership._reports.promise_section import promises
    from partnership._reports.return_section import returns, sure
    from partnership._reports.work_section import phasing, priorities

    return {
        "questions": questions, "asked": asked, "goals": goals, "gaps": gaps, "talks": talks, "benefits": benefits,
        "register": register, "return": returns, "sure": sure, "work": priorities, "phasing": phasing,
        "promises": promises, "decisions": decisions,
    }  # fmt: skip


def _foot(name: str, door: Door) -> str:
    day = wording.day(door.today)
    return f"{name}. {door.narrowed}. As known on {day}. Counts of 1 to 5 people are withheld: primary suppression only."


def _freshness(door: Door) -> str:
    reach = door.summary.get("data_to")
    data = f"Data to {wording.day(reach)}" if reach else "No reading yet"
    last = door.last_change
    if not last:
        return f"{data}."
    at = in_london(last["recorded_at"].replace(tzinfo=dt.UTC))
    loaded = f"{data}, last changed {wording.day(at.date())} (change {last['seq']})."
    return f"{loaded} {door.remark}".strip()


# ---- as files ----
def pack_page(pack: Pack) -> str:
    """Return a pack as one HTML page that needs nothing else: no file beside it and no network.

    Parameters
    ----------
    pack : Pack
        What :func:`board_pack` made.
    """
    from partnership._reports.page import page_of

    day = wording.day(pack.known_on)
    right = "<br>".join(escape(s) for s in (pack.board, f"As known on {day}") if s)
    shown = pack.foot.removeprefix(f"{pack.partnership}. ").split(". ")[0]
    head = (
        f'<header><div class="cover"><h1>{escape(pack.partnership)}: board pack</h1><p class="day">{right}</p></div>'
        f'<p class="shown">{escape(shown)}. {escape(pack.freshness)}</p></header>'
    )
    closing = f'<p class="source seal">{escape(pack.seal)}</p>' if pack.seal else ""
    return page_of(pack.title, head, pack.foot, pack.sections, closing)


def pack_pdf(page: str, known_on: dt.date) -> bytes:
    """Return the page of a pack as a tagged PDF, printed by the Chromium of this machine.

    Raises
    ------
    InvalidInput
        If there is no Chromium, or it does not print in time; the page itself can always be written.
    """
    from partnership._reports.printing import pdf_of

    return pdf_of(page, known_on)


def pack_workbook(pack: Pack) -> bytes:
    """Return the rows behind a pack as one workbook: a sheet a view, and one of definitions."""
    from partnership.tabular import to_xlsx

    return to_xlsx(pack.extracts)
