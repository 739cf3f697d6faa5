"""What pages know, and the only module that asks the store on their behalf.

Answers are kept by content: the view, its arguments, the day and the store's version. A change of the store
is a new version, so nothing ever has to be thrown away by time.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboards import saving
from dashboards.doubt_work import DoubtWork
from dashboards.investing import Investing
from dashboards.phasing_work import PhasingWork
from dashboards.remembering import Memory
from dashboards.saving import Edit, Once, Saved
from dashboards.scoring_work import ScoringWork
from dashboards.uploads import Uploads
from dashboards.urls import Known, State, parsed
from partnership import wording
from partnership.charts.theme import Mark, mark_of
from partnership.errors import InvalidInput, PartnershipError
from partnership.periods import LONDON, local_day
from partnership.tabular import Extract
from partnership.views import view

if TYPE_CHECKING:
    import polars as pl

    from partnership._workflows.goal_checks import GoalsJudged
    from partnership._workflows.picturing import Pictured
    from partnership._workflows.realising import Completion, Realised
    from partnership.store import Actor, Store

__all__ = ["Data", "Partner"]

_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Partner:
    """An agency as pages speak of it.

    Parameters
    ----------
    id, code, name, short : str
        Its id, badge, full name and the name where space is short.
    mark : Mark
        How it is drawn.
    is_member : bool
        False for bodies outside and for those that have left.
    """

    id: str
    code: str
    name: str
    short: str
    mark: Mark
    mark_name: str
    is_member: bool


def _all_or(known: Mapping[str, str], chosen: str | None, one: str, many: str) -> str:
    if chosen in known:
        return known[chosen or ""]
    if not known:
        return f"no {many}"
    return f"all {wording.in_words(len(known))} {many}" if len(known) > 1 else f"the one {one}"


class Data(Investing):
    """The door to the store for pages.

    Parameters
    ----------
    store : Store
        An open store.
    today : Callable, optional
        Gives the day it is; for tests.
    """

    def __init__(self, store: Store, today: Callable[[], dt.date] | None = None) -> None:
        self._store = store
        self._today = today or (lambda: dt.datetime.now(LONDON).date())
        super().__init__()
        self.uploads = Uploads()
        self.phasing = PhasingWork(store, self.today)
        self.doubting = DoubtWork(store, self.today)
        self.memory = Memory(store, self.today, self._keep)
        self.scoring = ScoringWork(store, self.today, self._keep)
        self._once = Once()

    @property
    def store(self) -> Store:
        """The store itself: for workflows (check, preview, accept), never for a picture."""
        return self._store

    def today(self) -> dt.date:
        """Return the day it is in London."""
        return self._today()

    def version(self) -> int:
        """Return the version of the plan: the number of the last change that was accepted; 0 when empty.

        A refusal stands in the log too, with a number of its own, and leaves the plan as it is.
        """
        accepted = self._accepted()
        return int(accepted["seq"].max()) if accepted.height else 0  # type: ignore[arg-type]

    def accepted_after(self, seq: int) -> list[int]:
        """Return the numbers of the changes that were accepted after one, oldest first."""
        accepted = self._accepted()["seq"]
        return [int(n) for n in accepted.filter(accepted > seq).sort().to_list()]

    def _accepted(self) -> pl.DataFrame:
        """Return the log without its refusals."""

        def make() -> pl.DataFrame:
            changes = self._store.changes()
            return changes.filter(changes["what"] != "refusal").select("seq", "recorded_at")

        return self._keep(("accepted",), make)

    # ---- views ----
    def view(self, name: str, state: State, **params: Any) -> pl.DataFrame:
        """Return a view as a page's state asks for it.

        Parameters
        ----------
        name : str
            Name of the view.
        state : State
            Gives the filters and the day as known on which it is read.
        **params
            The view's own parameters, or filters other than the state's (``agency_id=None`` for all).
        """
        as_of = params.pop("as_of", state.as_of)
        asked = {**state.filters, **params}
        key = ("view", name, as_of, tuple(sorted(asked.items())))
        return self._keep(
            key, lambda: self._store.fetch(name, as_of=as_of, today=as_of or self.today(), **asked)
        )

    def rows(self, name: str, state: State) -> pl.DataFrame:
        """Return a view as an address narrows it: by the filters, by its own parameters and by its columns.

        ``/rows?view=promises&state=overdue`` asks for the rows whose column ``state`` says "overdue".

        Raises
        ------
        UnknownName
            If there is no such view.
        """
        found = view(name)
        own = {k: v for k, v in state.extra.items() if k in found.params}
        frame = self.view(name, state, **own)
        for column, value in state.extra.items():
            if column in frame.columns and column not in own:
                frame = frame.filter(frame[column].cast(str, strict=False).fill_null("") == value)
        return frame

    def extract(self, name: str, state: State) -> Extract:
        """Return a view's rows with what a file says above them."""
        known_on, remark = state.as_of or self.today(), self.rebuilt(state)
        return Extract(view(name), self.rows(name, state), self.narrowed(state), known_on, remark)

    def narrowed(self, state: State) -> str:
        """Return, in words, what a page or a file is narrowed to."""
        known = self.known(state.as_of)
        members = {i: n for i, n in known.agencies.items() if i not in known.outside or i == state.agency_id}
        said = [_all_or(members, state.agency_id, "agency", "agencies")]
        said.append(_all_or(known.goals, state.goal_id, "goal", "goals"))
        if state.benefit_class:
            said.append(f"{state.benefit_class} benefits")
        said += [f"{k.replace('_', ' ')} {v}" for k, v in state.extra.items() if k not in ("view", "open")]
        return wording.listing(said)

    def prefetch(self, state: State, *wanted: tuple[str, Mapping[str, Any]]) -> None:
        """Ask for several views at once, so that a page waits for the slowest and not for their sum.

        Parameters
        ----------
        state : State
            As for :meth:`view`.
        *wanted : tuple
            Name and parameters of each view. One that fails is left out: its panel asks again, and says so.
        """
        seq, stop = self._last_seq(), getattr(self._thread, "stop", None)

        def ask(one: tuple[str, Mapping[str, Any]]) -> None:
            with contextlib.suppress(PartnershipError), self.wanted_until(stop), self.at_one_moment(seq):
                self.view(one[0], state, **one[1])

        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            list(pool.map(ask, wanted))

    def row(self, name: str, state: State, **params: Any) -> Mapping[str, Any]:
        """Return the one row of a view that has one; an empty mapping when there is none."""
        frame = self.view(name, state, **params)
        return frame.row(0, named=True) if frame.height else {}

    def table(self, name: str, state: State) -> pl.DataFrame:
        """Return a record table, withheld counts withheld."""
        return self._keep(("table", name, state.as_of), lambda: self._store.table(name, as_of=state.as_of))

    def goals_judged(self, state: State) -> GoalsJudged:
        """Return every open goal against the SMART rules, and the way from work to the big goal."""
        from partnership._workflows.goal_checks import judge_goals

        on = state.as_of or self.today()
        return self._keep(
            ("goals_judged", state.as_of), lambda: judge_goals(self._store, as_of=state.as_of, today=on)
        )

    def pictured(self, state: State) -> Pictured:
        """Return the picture of all the work, narrowed as a page's address asks."""
        from partnership._workflows.picturing import picture

        on = state.as_of or self.today()
        asked = {n: state.extra[n] for n in ("theme", "habit") if state.extra.get(n)}
        return self._keep(
            ("pictured", state.as_of, state.agency_id, state.goal_id, tuple(sorted(asked.items()))),
            lambda: picture(
                self._store,
                as_of=state.as_of,
                today=on,
                agency_id=state.agency_id,
                goal_id=state.goal_id,
                **asked,
            ),
        )

    def realised(self, state: State) -> Realised:
        """Return what stands beside the numbers of realisation: tests, map, confidence, slips, history."""
        from partnership._workflows.realising import realise

        on = state.as_of or self.today()
        return self._keep(
            ("realised", state.as_of), lambda: realise(self._store, as_of=state.as_of, today=on)
        )

    def completion(self, state: State) -> Completion:
        """Return the forecast at completion of what a page is narrowed to."""
        from partnership._workflows.realising import completion

        on, asked = state.as_of or self.today(), state.filters
        return self._keep(
            ("completion", state.as_of, tuple(sorted(asked.items()))),
            lambda: completion(self._store, as_of=state.as_of, today=on, **asked),
        )

    # ---- the one door for changes ----
    def why_not(self, state: State) -> str:
        """Return, in words, why nothing can be changed on a page; an empty text when it can."""
        return saving.why_not(self._store, state.as_of)

    def save(
        self,
        state: State,
        table: str,
        edits: Sequence[Edit],
        *,
        actor: Actor | None,
        reason: object,
        once: str | None = None,
    ) -> Saved:
        """Store rows that were changed on a page: all of them or none, with who and why.

        Parameters
        ----------
        state : State
            What the page shows: the past is not changed.
        table : str
            The record type's table.
        edits : Sequence[Edit]
            The rows, each with the version that the person saw; :func:`dashboards.saving.edits_of` reads them
            from what a browser sent.
        actor : Actor or None
            Who does this, as declared; None is refused in words.
        reason : object
            Why, as typed.
        once : str, optional
            The same text twice has one effect: for forms that may be sent twice.

        Returns
        -------
        Saved
            Never an exception: words, findings at their fields, or both values.
        """
        refused = self.why_not(state)
        if refused:
            return Saved(refused)
        if before := self._once.get(once):
            return before
        saved = saving.save(self._store, table, edits, actor, reason)
        self._once.keep(once, saved)
        return saved

    def saved_before(self, once: str | None) -> Saved | None:
        """Return the answer of a change that was stored under this key; None where none was."""
        return self._once.get(once)

    def undo(
        self, state: State, table: str, seen: Mapping[str, int], *, actor: Actor | None, reason: object = None
    ) -> Saved:
        """Put rows back to what they were before the version that the person saw; the history keeps both."""
        refused = self.why_not(state)
        return Saved(refused) if refused else saving.undo(self._store, table, seen, actor, reason)

    def history(self, table: str, row_key: str | None = None) -> pl.DataFrame:
        """Return every version of a table's rows with who, when and why; never of readings."""
        if table == "readings":
            msg = "The history of readings holds small counts of people and is not shown. Ask for its views."
            raise InvalidInput(msg)
        return self._keep(("history", table, row_key), lambda: self._store.history(table, row_key))

    # ---- what every page needs ----
    def known(self, as_of: dt.date | None = None) -> Known:
        """Return what an address may name."""
        state = State(as_of=as_of)

        def make() -> Known:
            goals, benefits = (self.table(t, state) for t in ("goals", "benefits"))
            partners = self.partners(state)
            classes = sorted({c for c in benefits["benefit_class"].to_list() if c}) if benefits.height else []
            return Known(
                {i: p.name for i, p in partners.items()},
                dict(zip(goals["id"], goals["title"], strict=True)),
                {c: c for c in classes},
                {p.code: i for i, p in partners.items()},
                frozenset(i for i, p in partners.items() if not p.is_member),
                self.today(),
            )

        return self._keep(("known", as_of), make)

    def state(self, pathname: str | None, search: str | None) -> State:
        """Read an address; what it names is looked up as known on the day it names."""
        first = parsed(pathname, search, Known(today=self.today()))
        return parsed(pathname, search, self.known(first.as_of))

    def partners(self, state: State) -> dict[str, Partner]:
        """Return every agency by id: partners first, then bodies outside and those that left."""

        def make() -> dict[str, Partner]:
            listed = self.view("agency_list", State(as_of=state.as_of))
            return {
                r["agency_id"]: Partner(
                    id=r["agency_id"],
                    code=r["agency_code"],
                    name=r["agency_name"],
                    short=r["short_name"] or r["agency_name"],
                    mark=mark_of(r["mark"]),
                    mark_name=r["mark"] or "",
                    is_member=bool(r["is_partner"]),
                )
                for r in listed.iter_rows(named=True)
            }

        return self._keep(("partners", state.as_of), make)

    def summary(self, state: State) -> Mapping[str, Any]:
        """Return the partnership's own row, whatever the page is narrowed to; empty when there is none."""
        return self.row("plan_summary", State(as_of=state.as_of))

    def changed_days(self) -> list[dt.date]:
        """Return the days on which the plan changed, latest first."""
        return sorted({local_day(at) for at in self._accepted()["recorded_at"].to_list()}, reverse=True)

    def rebuilt(self, state: State) -> str:
        """Return, in words, that a past day had to be worked out from what was loaded later; or nothing."""
        return (self._store.as_of_note(state.as_of) if state.as_of and self.version() else None) or ""

    def boards(self, state: State) -> tuple[dt.date | None, dt.date | None]:
        """Return the day of the last board and of the coming one."""
        summary = self.summary(state)
        return summary.get("last_board_on"), summary.get("next_board_on")
