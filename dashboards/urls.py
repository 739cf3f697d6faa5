"""The state of a page lives in its address: /expectation-gaps?agency=POL&goal=G1&as_of=2026-11-23.

Anybody may write anything into an address. What it says is looked up among what there is; what is not there
is left out and said in a note, never an error.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, urlencode

from partnership.errors import shown
from partnership.wording import day

__all__ = ["Known", "State", "address", "download_address", "parsed", "query_of", "rows_address"]

_LONGEST = 4000
_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Known:
    """What an address may name.

    Parameters
    ----------
    agencies, goals, classes : Mapping[str, str]
        Id to name.
    codes : Mapping[str, str]
        Badge code of an agency to its id.
    outside : frozenset[str]
        Those of the agencies that are no partners, or are none any more.
    today : date
        The day it is; an address cannot ask for a later one.
    """

    agencies: Mapping[str, str] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    outside: frozenset[str] = frozenset()
    today: dt.date = dt.date.max


@dataclass(frozen=True, slots=True)
class State:
    """What a page shows.

    Parameters
    ----------
    path : str
        Path of the page.
    agency_id, goal_id, benefit_class : str or None
        What it is narrowed to; None is all.
    as_of : date or None
        The day as known on which it is shown; None is now.
    extra : Mapping[str, str]
        What only this page understands.
    notes : tuple[str, ...]
        What the address asked for and did not get.
    """

    path: str = "/"
    agency_id: str | None = None
    goal_id: str | None = None
    benefit_class: str | None = None
    as_of: dt.date | None = None
    extra: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    notes: tuple[str, ...] = ()

    @property
    def filters(self) -> dict[str, str | None]:
        """The parameters that every view takes."""
        return {"agency_id": self.agency_id, "goal_id": self.goal_id, "benefit_class": self.benefit_class}

    def on(self, path: str) -> State:
        """Return the same filters on another page."""
        return replace(self, path=path, extra=_NOTHING, notes=())


def parsed(pathname: str | None, search: str | None, known: Known) -> State:
    """Read the state from an address.

    Parameters
    ----------
    pathname, search : str or None
        As a browser gives them; the search with or without its question mark.
    known : Known
        What there is to name.

    Returns
    -------
    State
        With a note for everything that could not be followed.

    Examples
    --------
    >>> known = Known({"POL": "Police"}, {"G1": "Share cases"}, today=dt.date(2026, 11, 23))
    >>> s = parsed("/expectation-gaps", "?agency=pol&goal=G7&as_of=2026-09-03", known)
    >>> s.agency_id, s.goal_id, s.as_of.isoformat()
    ('POL', None, '2026-09-03')
    >>> s.notes
    ("The address asks for goal 'G7', which is not in the plan. All goals are shown.",)
    """
    path = "/" + (pathname if isinstance(pathname, str) else "/").strip("/")[:200]
    said, notes = _pairs(search)
    agency, note = _one(said.pop("agency", None), known.agencies, "agency", "agencies", known.codes)
    notes += note
    goal, note = _one(said.pop("goal", None), known.goals, "goal", "goals")
    notes += note
    kind, note = _one(said.pop("class", None), known.classes, "class of benefit", "classes")
    notes += note
    as_of, note = _day(said.pop("as_of", None), known.today)
    notes += note
    return State(path, agency, goal, kind, as_of, MappingProxyType(said), tuple(notes))


def _pairs(search: str | None) -> tuple[dict[str, str], list[str]]:
    if not isinstance(search, str):
        return {}, []
    try:
        pairs = parse_qsl(search[:_LONGEST].removeprefix("?"), max_num_fields=40)
    except ValueError:
        return {}, ["The address could not be read. Everything is shown."]
    return {k: v[:300] for k, v in pairs if _KEY.match(k) and v.isprintable()}, []


def _one(
    value: str | None, known: Mapping[str, str], what: str, many: str, codes: Mapping[str, str] | None = None
) -> tuple[str | None, list[str]]:
    if value is None or value.casefold() == "all":
        return None, []
    if value in known:
        return value, []
    folded = {**{k.casefold(): i for k, i in (codes or {}).items()}, **{k.casefold(): k for k in known}}
    if value.casefold() in folded:
        return folded[value.casefold()], []
    return None, [
        f"The address asks for {what} {shown(value)!r}, which is not in the plan. All {many} are shown."
    ]


def _day(value: str | None, today: dt.date) -> tuple[dt.date | None, list[str]]:
    if value is None or value.casefold() in ("now", "today"):
        return None, []
    try:
        asked = dt.date.fromisoformat(value)
    except ValueError:
        return None, [
            f"The address asks for the day {shown(value)!r}. Write it as 2026-11-23. The latest is shown."
        ]
    if asked > today:
        return None, [f"The address asks for {day(asked)}, which has not come yet. The latest is shown."]
    if asked.year < 1900:
        return None, [f"The address asks for {day(asked)}, before anything was known. The latest is shown."]
    return asked, []


def query_of(state: State) -> str:
    """Return the search part of a state's address, without the question mark; what is all is left out.

    Examples
    --------
    >>> query_of(State("/", agency_id="POL", as_of=dt.date(2026, 11, 23)))
    'agency=POL&as_of=2026-11-23'
    """
    pairs = {
        "agency": state.agency_id,
        "goal": state.goal_id,
        "class": state.benefit_class,
        "as_of": state.as_of.isoformat() if state.as_of else None,
        **state.extra,
    }
    return urlencode({k: v for k, v in pairs.items() if v}, quote_via=quote)


def address(state: State, path: str | None = None, /, **changes: object) -> str:
    """Return the address of a page: the same filters, with changes.

    Parameters
    ----------
    state : State
        Where we are.
    path : str, optional
        Another page; what only this page understands is then left behind.
    **changes
        ``agency_id``, ``goal_id``, ``benefit_class``, ``as_of``; any other name goes into the address as it
        is; None takes it away.

    Examples
    --------
    >>> address(State("/", goal_id="G1"), "/benefits", agency_id="POL", show="all")
    '/benefits?agency=POL&goal=G1&show=all'
    """
    moved = state.on(path) if path else state
    own = {k: v for k, v in changes.items() if k in ("agency_id", "goal_id", "benefit_class", "as_of")}
    extra = {**moved.extra, **{k: str(v) for k, v in changes.items() if k not in own and v is not None}}
    for name in (k for k, v in changes.items() if k not in own and v is None):
        extra.pop(name, None)
    query = query_of(replace(moved, extra=extra, **own))  # type: ignore[arg-type]
    return quote(moved.path) + (f"?{query}" if query else "")


def rows_address(state: State, view: str, /, **filters: object) -> str:
    """Return the address of the rows behind a number.

    Examples
    --------
    >>> rows_address(State("/benefits"), "promises", state="overdue")
    '/rows?view=promises&state=overdue'
    """
    return address(state, "/rows", view=view, **filters)


def download_address(state: State, view: str, kind: str, /, **filters: object) -> str:
    """Return the address of a file with what is shown: ``kind`` is csv or xlsx.

    Examples
    --------
    >>> download_address(State("/benefits", agency_id="POL"), "promises", "csv")
    '/download/promises.csv?agency=POL'
    """
    return address(state, f"/download/{view}.{kind}", **filters)
