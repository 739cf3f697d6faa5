"""Changing rows by hand: from a form, a grid or a command, through the one writer, and taking it back.

What was typed is read by the rules of the workbook and laid over the row that the person saw. The version
that was seen goes along: if somebody else saved meanwhile, nothing is stored and both values come back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from partnership._workflows.checking import plan_guard
from partnership.disclosure import is_small
from partnership.errors import Finding, InvalidInput, UnknownName, has_errors, shown
from partnership.store import Actor, Receipt, StaleWrite, Store
from partnership.tables import columns_of, record_type, schema_of

if TYPE_CHECKING:
    import polars as pl

    from partnership.store.protocol import Conflict

__all__ = ["MOST_ROWS", "Edit", "NotSaved", "both_values", "next_id", "save_rows", "undo_rows"]

MOST_ROWS = 500
"""The most rows that one change by hand may hold; more come in a workbook."""

_WITHHELD = "1 to 5, withheld"
_COUNTS = ("value", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Edit:
    """One row as somebody wants it.

    Parameters
    ----------
    values : Mapping[str, Any]
        Field to what was typed; a field that is not here stays as it is.
    row_key : str or None
        The row to change; None for a new one.
    version : int
        Version of the row that the person saw; 0 for a new one.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    row_key: str | None = None
    version: int = 0


class NotSaved(InvalidInput):
    """What was typed has faults: nothing was stored; ``findings`` says which, field by field."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        wrong = [f for f in self.findings if f.rejects]
        more = f" {len(wrong) - 1} more must be mended." if len(wrong) > 1 else ""
        super().__init__(f"Nothing was stored. {wrong[0]}{more}")


def save_rows(
    store: Store,
    table: str,
    edits: Sequence[Edit],
    actor: Actor,
    reason: str,
    *,
    idempotency_key: str | None = None,
    warnings: list[Finding] | None = None,
) -> Receipt:
    """Store rows that were changed or written by hand: all of them, or none.

    Parameters
    ----------
    store : Store
        Where to.
    table : str
        The record type's table.
    edits : Sequence[Edit]
        The rows. A new row whose id is left out is given the next free one.
    actor, reason : Actor, str
        Who does this, as declared, and why.
    idempotency_key : str, optional
        The same key twice has one effect.
    warnings : list[Finding], optional
        Filled with what the rows that were stored are asked to look at.

    Returns
    -------
    Receipt
        Number and time of the change, and what it did.

    Raises
    ------
    NotSaved
        If what was typed has faults.
    StaleWrite
        If somebody else saved one of the rows meanwhile; it has both values.
    Refused
        If the plan would not hold together any more.
    """
    _must_be_few(edits)
    numbered = record_type(table).key == ("id",) and all(
        e.row_key is None and not e.values.get("id") for e in edits
    )
    for last_try in (False, False, True):
        rows, expected, findings = _filled(store, table, edits)
        if has_errors(findings):
            raise NotSaved(findings)
        import polars as pl

        changes = {table: pl.concat(rows)}
        try:
            return store.accept(
                changes,
                actor=actor,
                reason=reason,
                expected=expected,
                guard=plan_guard(changes, warnings),
                idempotency_key=idempotency_key,
            )
        except StaleWrite:
            # Somebody took the next free id a moment earlier: the row takes the one after it.
            if last_try or not numbered:
                raise
    raise AssertionError  # pragma: no cover - the last try returns or raises


def _must_be_few(rows: Sequence[Any]) -> None:
    if not rows:
        msg = "There is nothing to save: no row was changed."
        raise InvalidInput(msg)
    if len(rows) > MOST_ROWS:
        msg = f"{len(rows):,} rows at once are more than {MOST_ROWS}. Bring so many in the workbook."
        raise InvalidInput(msg)


def _filled(
    store: Store, table: str, edits: Sequence[Edit]
) -> tuple[list[pl.DataFrame], dict[tuple[str, str], int], list[Finding]]:
    from partnership.intake.forms import fill

    standing = _standing(store, table, [e.row_key for e in edits if e.row_key is not None])
    own_id = record_type(table).key == ("id",)
    fresh = iter(_new_ids(store, table, len(edits))) if own_id else iter(())
    rows: list[pl.DataFrame] = []
    expected: dict[tuple[str, str], int] = {}
    findings: list[Finding] = []
    for edit in edits:
        values = dict(edit.values)
        if edit.row_key is None and own_id and not values.get("id"):
            values["id"] = next(fresh)
        base = standing.get(edit.row_key) if edit.row_key is not None else None
        if edit.row_key is not None and base is None:
            base = _last_known(store, table, edit.row_key)
        _key_stays(table, edit, values, base)
        filled = fill(table, values, base)
        findings += filled.findings
        if filled.row is not None:
            key = str(filled.row["row_key"][0])
            _once(expected, table, key)
            rows.append(filled.row)
            expected[table, key] = edit.version
    return rows, expected, findings


def _once(expected: Mapping[tuple[str, str], int], table: str, key: str) -> None:
    if (table, key) in expected:
        msg = f"{record_type(table).sheet} {shown(key)!r} is there twice in one change. Keep one of the two."
        raise InvalidInput(msg)


def _key_stays(table: str, edit: Edit, values: Mapping[str, Any], base: Mapping[str, Any] | None) -> None:
    """Refuse to change what makes a row unique: it would be another row."""
    if edit.row_key is None or base is None:
        return
    for name in record_type(table).key:
        if name in values and str(values[name] or "") != str(base[name] if base[name] is not None else ""):
            header = next(c.header for c in columns_of(table) if c.name == name)
            msg = f"{header} says which row this is and cannot be changed. Write a new row instead."
            raise InvalidInput(msg)


def _standing(store: Store, table: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not keys:
        return {}
    import polars as pl

    rows = store.table(table, raw=True)
    return {r["row_key"]: r for r in rows.filter(pl.col("row_key").is_in(list(keys))).iter_rows(named=True)}


def _last_known(store: Store, table: str, row_key: str) -> dict[str, Any]:
    """Return the values that a removed row had last, so that its conflict can show what was meant."""
    versions = store.history(table, row_key)
    if not versions.height:
        raise UnknownName("row", row_key, ())
    return versions.row(versions.height - 1, named=True)


def next_id(store: Store, table: str) -> str:
    """Return a free id for a new row, in the way in which the ids there are made: E079 after E078."""
    return _new_ids(store, table, 1)[0]


def _new_ids(store: Store, table: str, count: int) -> list[str]:
    """Count on from the greatest number of the commonest prefix; ids of removed rows are not given again."""
    known = store.history(table)["row_key"].unique().to_list() if store.last_seq else []
    numbered = [m for k in known if (m := re.fullmatch(r"(.*?)(\d+)", k))]
    prefixes = [m[1] for m in numbered]
    prefix = max(sorted(set(prefixes)), key=prefixes.count) if prefixes else _initial(table)
    of_prefix = [m[2] for m in numbered if m[1] == prefix]
    width = max((len(d) for d in of_prefix), default=3)
    first = max((int(d) for d in of_prefix), default=0) + 1
    return [f"{prefix}{n:0{width}d}" for n in range(first, first + count)]


def _initial(table: str) -> str:
    return f"{record_type(table).sheet[0].upper()}"


def undo_rows(store: Store, table: str, seen: Mapping[str, int], actor: Actor, reason: str) -> Receipt:
    """Put rows back to what they were one version before; the history keeps what is undone.

    Parameters
    ----------
    store : Store
        Where.
    table : str
        The record type's table.
    seen : Mapping[str, int]
        Row key to the version that is to be undone: the latest one, as the person saw it.
    actor, reason : Actor, str
        Who does this, as declared, and why.

    Returns
    -------
    Receipt
        A row whose first version is undone is removed; one whose removal is undone is there again.

    Raises
    ------
    StaleWrite
        If a row was changed again after it was seen.
    InvalidInput
        If there is no such version.
    """
    _must_be_few(list(seen))
    import polars as pl

    back: list[pl.DataFrame] = []
    gone: list[str] = []
    expected: dict[tuple[str, str], int] = {}
    for key, version in seen.items():
        versions = store.history(table, key)
        undone = versions.filter(pl.col("row_version") == version)
        if not undone.height:
            msg = f"{record_type(table).sheet} {shown(key)!r} has no version {version} to undo."
            raise InvalidInput(msg)
        removed = undone["op"][0] == "remove"
        before = versions.filter((pl.col("row_version") < version) & (pl.col("op") != "remove")).tail(1)
        was_there = version > 1 and versions.filter(pl.col("row_version") == version - 1)["op"][0] != "remove"
        expected[table, key] = 0 if removed else version
        if was_there:
            back.append(before.select([*(n for n, _ in schema_of(table)), "row_key"]))
        else:
            gone.append(key)
    changes = {table: pl.concat(back)} if back else {}
    return store.accept(
        changes,
        removed={table: gone} if gone else {},
        actor=actor,
        reason=reason,
        expected=expected,
        guard=plan_guard(changes),
    )


def both_values(conflict: Conflict, *, counts_people: bool = False) -> list[tuple[str, Any, Any]]:
    """Return what two people wrote, field by field: heading, theirs, yours; small counts of people withheld.

    Parameters
    ----------
    conflict : Conflict
        From ``StaleWrite.conflicts``.
    counts_people : bool
        True for a reading of a measure that counts people.
    """
    headers = {n: c.header for c in columns_of(conflict.table) for n, _ in c.sql}

    def shown_as(name: str, value: Any) -> Any:
        hidden = counts_people and name in _COUNTS and value is not None and is_small(float(value))
        return _WITHHELD if hidden else value

    return [
        (headers.get(name, name), shown_as(name, theirs), yours)
        for name, (theirs, yours) in conflict.differences.items()
        if not name.endswith("_index")
    ]
