"""What a pack asks the store, once each: views narrowed and as known on a day, names, marks, boards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from partnership import wording
from partnership.charts.theme import Mark, mark_of
from partnership.errors import InvalidInput, UnknownName
from partnership.tabular import Extract
from partnership.views import view

if TYPE_CHECKING:
    import polars as pl

    from partnership._workflows.appraising import Appraised
    from partnership.plan import Plan
    from partnership.store import Store

__all__ = ["Door"]

Row = Mapping[str, Any]


class Door:
    """The store, as one pack sees it.

    Parameters
    ----------
    store : Store
        Where the plan is.
    today : date
        The day it is seen from.
    as_of : date, optional
        As known on that day.
    agency_id, goal_id : str, optional
        What the pack is narrowed to.

    Raises
    ------
    UnknownName
        If there is no such agency or goal.
    """

    def __init__(
        self,
        store: Store,
        today: dt.date,
        as_of: dt.date | None = None,
        agency_id: str | None = None,
        goal_id: str | None = None,
    ) -> None:
        self.store, self.as_of, self.today = store, as_of, as_of or today
        self._kept: dict[Any, pl.DataFrame] = {}
        self.agency_id = self._agency(agency_id)
        self.goal_id = goal_id
        if goal_id is not None and goal_id not in self.goals:
            raise UnknownName("goal", goal_id, list(self.goals))

    def _agency(self, asked: str | None) -> str | None:
        if asked is None:
            return None
        by = {**{r["agency_code"]: i for i, r in self.agencies.items()}, **{i: i for i in self.agencies}}
        if asked not in by:
            raise UnknownName("agency", asked, [r["agency_code"] for r in self.agencies.values()])
        return str(by[asked])

    # ---- views and tables ----
    def view(self, name: str, **params: Any) -> pl.DataFrame:
        """Return a view's rows, narrowed as the pack is unless ``params`` say otherwise."""
        as_of = params.pop("as_of", self.as_of)
        asked = {"agency_id": self.agency_id, "goal_id": self.goal_id, **params}
        key = ("view", name, as_of, tuple(sorted(asked.items())))
        if key not in self._kept:
            on = as_of or self.today
            self._kept[key] = self.store.fetch(name, as_of=as_of, today=on, **asked)
        return self._kept[key]

    def row(self, name: str, **params: Any) -> Row:
        """Return the one row of a view that has one; an empty mapping when there is none."""
        frame = self.view(name, **params)
        return frame.row(0, named=True) if frame.height else {}

    def then(self, name: str, **params: Any) -> Row:
        """Return the one row of a view as known at the last board; empty when there was none."""
        return self.row(name, **params, as_of=self.board) if self.board else {}

    def table(self, name: str) -> pl.DataFrame:
        """Return a record table, withheld counts withheld."""
        key = ("table", name)
        if key not in self._kept:
            self._kept[key] = self.store.table(name, as_of=self.as_of)
        return self._kept[key]

    @cached_property
    def plan(self) -> Plan:
        """The whole plan, as known on the day."""
        return self.store.plan(as_of=self.as_of)

    def extract(self, name: str) -> Extract:
        """Return a view's rows with what a file says above them."""
        return Extract(view(name), self.view(name), self.narrowed, self.today, self.remark)

    # ---- what every section needs ----
    @cached_property
    def summary(self) -> Row:
        """The partnership's own row; empty when nothing is loaded."""
        return self.row("plan_summary", agency_id=None, goal_id=None)

    @cached_property
    def board(self) -> dt.date | None:
        """The day of the last board, if it lies before the day shown."""
        board: dt.date | None = self.summary.get("last_board_on")
        return board if board is not None and board < self.today else None

    @cached_property
    def agencies(self) -> dict[str, Row]:
        """Every agency by id."""
        listed = self.store.fetch("agency_list", as_of=self.as_of, today=self.today)
        return {r["agency_id"]: r for r in listed.iter_rows(named=True)}

    @cached_property
    def goals(self) -> dict[str, str]:
        """Every goal's title by id."""
        return dict(self.table("goals").select("id", "title").iter_rows())

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """How each agency is drawn."""
        return {i: mark_of(r["mark"]) for i, r in self.agencies.items()}

    @cached_property
    def codes(self) -> dict[str, str]:
        """The badge of each agency."""
        return {i: r["agency_code"] for i, r in self.agencies.items()}

    @property
    def members(self) -> Sequence[str]:
        """Ids of the agencies that are partners."""
        return [i for i, r in self.agencies.items() if r["is_partner"]]

    def name(self, key: str | None) -> str:
        """Return an agency's short name; empty where there is no such agency."""
        row = self.agencies.get(key or "")
        return "" if row is None else str(row["short_name"] or row["agency_name"])

    def called(self, key: str | None) -> str:
        """Return how an agency is named in a sentence."""
        return self.name(key) or "an agency that is not in the plan"

    def with_short_names(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Write each agency by its short name."""
        import polars as pl

        names = [self.called(i) for i in frame["agency_id"]]
        return frame.with_columns(pl.Series("agency_name", names, dtype=pl.String))

    # ---- what stands on every page ----
    @cached_property
    def narrowed(self) -> str:
        """What the pack is narrowed to, in words."""
        who = (
            self.name(self.agency_id)
            if self.agency_id
            else f"all {wording.in_words(len(self.members))} agencies"
        )
        open_goals = int(self.summary.get("goals") or len(self.goals))
        goal = self.goals[self.goal_id] if self.goal_id else f"all {wording.in_words(open_goals)} goals"
        return f"{wording.capital(who)}, {goal}"

    @cached_property
    def remark(self) -> str:
        """That the day had to be worked out from what was loaded later; or nothing."""
        return (self.store.as_of_note(self.as_of) if self.as_of and self.summary else None) or ""

    @cached_property
    def appraised(self) -> Appraised | str:
        """The appraisal of the plan, or in words why there is none."""
        from partnership._workflows.appraising import appraise_plan

        try:
            return appraise_plan(self.plan)
        except InvalidInput as error:
            return str(error)

    @cached_property
    def headline(self) -> str | None:
        """The appraisal's headline, of the agency or of all; None where its basis is not whole."""
        done = self.appraised
        result = None if isinstance(done, str) else done.agencies.get(self.agency_id or "", done.whole)
        return result.headline if result is not None and result.gate.is_open else None

    @cached_property
    def last_change(self) -> Row:
        """The last accepted change known on the day; empty when nothing was stored."""
        import polars as pl

        rows = self.view("changes", agency_id=None, goal_id=None).filter(pl.col("what") != "refusal")
        return rows.sort("seq", descending=True).row(0, named=True) if rows.height else {}
