"""The registry of views: every number that a page, a notebook or a printed pack shows has its name here.

A view is one SELECT in ``sql/<name>.sql`` in the subset that DuckDB and Spark both run unchanged. Its title,
question, unit, source, definition and columns stand in the comment at the head of that file, so that whoever
reads the SQL reads the same words as whoever reads the page; what each column is stands once, in
:mod:`partnership.view_columns`.

A file names three kinds of tables. Plain tables are those of :mod:`partnership.tables`, ``changes``,
``formula_cells``, and the readings added up by series, month and state (``reading_months``, with
``reading_series``), for views that roll readings up: whoever runs a view puts a common table expression of
the same name in front (:meth:`View.over`), which applies "as known on" and the reader's rights. Other views:
their SELECT is put in front here. And ``asked``: one row with the named parameters, each cast once; a null
one filters nothing.
``asked.today_index`` is the month number of the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from partnership.errors import InvalidInput, UnknownName
from partnership.tables import RECORD_TYPES
from partnership.view_columns import VIEW_COLUMNS, ViewColumn

__all__ = [
    "CHANGES_TABLE",
    "COMMON_PARAMS",
    "FORMULAS_TABLE",
    "SUMS_TABLES",
    "VIEWS",
    "View",
    "ViewColumn",
    "view",
]

CHANGES_TABLE = "changes"
"""The plain table that no record type has: what was changed when, by whom and why."""

FORMULAS_TABLE = "formula_cells"
"""The other one: cells of loaded workbooks whose value a formula had worked out."""

SUMS_TABLES = ("reading_months", "reading_series")
"""The readings added up, and what the numbers of their series stand for: views that roll up ask these."""

COMMON_PARAMS = ("today", "agency_id", "goal_id", "benefit_class")
"""Parameters that every caller may set; a null one filters nothing."""

_PLAIN = frozenset(t.table for t in RECORD_TYPES) | {CHANGES_TABLE, FORMULAS_TABLE, *SUMS_TABLES}
_HEAD_LINE = re.compile(r"^-- (Title|Question|Unit|Source|Columns|Narrowed|Definition):\s*(.*)$")
_NAMED = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)")
_ASKED = re.compile(r"\basked\.([a-z_]+)")
_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class View:
    """One view.

    Parameters
    ----------
    name : str
        Name of the view, of its SQL file and of its command-line argument.
    title, question : str
        What it is called, and the question that it answers.
    unit, source : str
        In what its numbers are stated, and which records they come from.
    definition : str
        How each measure in it is worked out, for the page; paragraphs parted by line breaks.
    columns : tuple[ViewColumn, ...]
        The result, in order: name, SQL type, label, unit.
    params : tuple[str, ...]
        Named parameters that the text binds; all must be given, a null one filters nothing.
    tables : tuple[str, ...]
        Plain tables that the text names.
    uses : tuple[str, ...]
        Views that it builds on, whose SELECT is already inside ``sql``.
    sql : str
        The whole text: one SELECT that names plain tables only.
    narrowed : Mapping[str, tuple[str, ...]]
        Filters that only leave rows out, each to the columns of which one must say what is asked for: such
        an answer may be picked from the unfiltered rows.
    """

    name: str
    title: str
    question: str
    unit: str
    source: str
    definition: str
    columns: tuple[ViewColumn, ...]
    params: tuple[str, ...]
    tables: tuple[str, ...]
    uses: tuple[str, ...]
    sql: str
    narrowed: Mapping[str, tuple[str, ...]]

    def over(self, plain_tables: Mapping[str, str]) -> str:
        """Return the text with a common table expression in front for each plain table that it names.

        Parameters
        ----------
        plain_tables : Mapping[str, str]
            Plain table to the SELECT that stands for it.

        Raises
        ------
        InvalidInput
            If a plain table that the view names has no SELECT.
        """
        lacking = [t for t in self.tables if t not in plain_tables]
        if lacking:
            msg = f"Nothing stands for {', '.join(lacking)} in view {self.name!r}. Give a SELECT for each."
            raise InvalidInput(msg)
        return _put_in_front(self.sql, {t: plain_tables[t] for t in self.tables})

    @property
    def names(self) -> tuple[str, ...]:
        """Return the views that its own text names: the uppermost of ``uses``."""
        return _own_names(self.name)[1]

    @property
    def is_shared(self) -> bool:
        """True where other views build on it, so that its rows are worth keeping while nothing changes."""
        return self.name in _shared_names()

    def resting_on(self, rows: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        """Return the text with the rows of views that it builds on taken from elsewhere.

        Parameters
        ----------
        rows : Mapping[str, str]
            View that it builds on to the SELECT that gives its rows, as they are for the same parameters.

        Returns
        -------
        tuple[str, tuple[str, ...]]
            One SELECT, and the plain tables that it then names.
        """
        uses = _built_on(self.name, frozenset(rows))
        named = {p for n in (*uses, self.name) for p in _ASKED.findall(_COMMENT.sub("", _text(n)))}
        front = {"asked": _asked(self.params)} if named else {}
        beneath = {n: rows[n] if n in rows else _unordered(_text(n)) for n in uses}
        tables = sorted({t for n in (*uses, self.name) if n not in rows for t in _own_names(n)[0]})
        return _put_in_front(_text(self.name), {**front, **beneath}), tuple(tables)


def view(name: str) -> View:
    """Return a view by name.

    Raises
    ------
    UnknownName
        If there is no such view.

    Examples
    --------
    >>> view("benefit_totals").question
    'How much of the benefit that was planned by now is real, and how much of the plan can be seen?'
    """
    if name not in VIEWS:
        raise UnknownName("view", name, VIEWS)
    return VIEWS[name]


@cache
def _text(name: str) -> str:
    return files("partnership").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@cache
def _names() -> tuple[str, ...]:
    found = (p.name for p in files("partnership").joinpath("sql").iterdir())
    return tuple(sorted(n.removesuffix(".sql") for n in found if n.endswith(".sql")))


@cache
def _own_names(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the plain tables and the other views that one file names, in the order of the alphabet."""
    named = set(_NAMED.findall(_COMMENT.sub("", _text(name))))
    return tuple(sorted(named & _PLAIN)), tuple(sorted((named & set(_names())) - _PLAIN))


@cache
def _shared_names() -> frozenset[str]:
    return frozenset(used for name in _names() for used in _own_names(name)[1])


def _built_on(name: str, given: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the views beneath a view, each after those that it builds on; nothing beneath a given one."""
    out: list[str] = []
    for used in _own_names(name)[1]:
        beneath = () if used in given else _built_on(used, given)
        out += [n for n in (*beneath, used) if n not in out]
    return tuple(out)


def _put_in_front(sql: str, expressions: Mapping[str, str]) -> str:
    if not expressions:
        return sql
    lines = sql.strip().splitlines()
    body = next(i for i, line in enumerate(lines) if not line.startswith("--"))
    head, rest = "\n".join(lines[:body]), "\n".join(lines[body:])
    front = ",\n".join(f"{name} AS (\n{text.strip()}\n)" for name, text in expressions.items())
    joined = f",\n{rest.removeprefix('WITH ')}" if rest.startswith("WITH ") else f"\n{rest}"
    return f"{head}\nWITH {front}{joined}\n".lstrip()


def _unordered(text: str) -> str:
    """Return a file's text without the order of its rows, which means nothing inside another view."""
    return text.partition("\nORDER BY")[0]


def _head(name: str) -> dict[str, str]:
    """Return the parts of the comment at the head of a file, each with the lines that carry it on."""
    parts: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _text(name).splitlines():
        if not line.startswith("--"):
            break
        if match := _HEAD_LINE.match(line):
            current = parts.setdefault(match[1], [])
            current.append(match[2])
        else:
            current.append(line.removeprefix("--").strip())
    # A blank comment line parts paragraphs; other line ends are only where the file's lines end.
    return {
        k: "\n".join(" ".join(p.split()) for p in "\n".join(v).split("\n\n")).strip()
        for k, v in parts.items()
    }


def _asked(params: Iterable[str]) -> str:
    """Return the SELECT that casts each parameter once."""
    day = "CAST($today AS DATE)"
    parts = [f"CAST(${p} AS VARCHAR) AS {p}" for p in params if p != "today"]
    return ",\n    ".join(
        [f"SELECT\n    {day} AS today", f"YEAR({day}) * 12 + MONTH({day}) - 1 AS today_index", *parts]
    )


def _view(name: str) -> View:
    head, uses = _head(name), _built_on(name)
    named = {p for n in (*uses, name) for p in _ASKED.findall(_COMMENT.sub("", _text(n)))}
    own = sorted(named - {*COMMON_PARAMS, "today_index"})
    params = (*(p for p in COMMON_PARAMS if p in named or (p == "today" and named)), *own)
    front = {"asked": _asked(params)} if named else {}
    return View(
        name=name,
        title=head["Title"],
        question=head["Question"],
        unit=head["Unit"],
        source=head["Source"],
        definition=head["Definition"],
        columns=tuple(VIEW_COLUMNS[c] for c in head["Columns"].split()),
        params=params,
        tables=tuple(sorted({t for n in (*uses, name) for t in _own_names(n)[0]})),
        uses=uses,
        sql=_put_in_front(_text(name), {**front, **{u: _unordered(_text(u)) for u in uses}}),
        narrowed=_narrowed(head.get("Narrowed", "")),
    )


def _narrowed(said: str) -> dict[str, tuple[str, ...]]:
    """Read ``agency_id=agency_id|to_agency_id goal_id=goal_id``."""
    pairs = (part.split("=") for part in said.split())
    return {asked: tuple(columns.split("|")) for asked, columns in pairs}


VIEWS: dict[str, View] = {name: _view(name) for name in _names()}
"""Every view by name."""
