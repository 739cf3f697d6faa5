"""What a form or a grid sent, as rows for the one door: who signs, both values, the way over what stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import no_update

from dashboards import editing
from dashboards.own import once
from dashboards.saving import Edit, Saved, edits_of
from dashboards.urls import State as Now
from partnership.errors import InvalidInput
from partnership.tables import record_type

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.forms import Form, Grid

__all__ = ["once", "save_form", "save_grid", "saved", "seen_since", "to_write_over", "written"]


def save_form(
    data: Data,
    at: str,
    form: Form,
    row: Any,
    typed: Mapping[str, Any],
    who: Any,
    why: Any,
    path: Any,
    search: Any,
) -> list[Any]:
    """Store what stands in a form; return what is said, a tick, what to keep, and the form's row from now on.

    Parameters
    ----------
    data : Data
        The pages' door.
    at : str
        Key of the desk.
    form : Form
        What may be written.
    row : object
        What the page kept beside the form, as the browser sent it.
    typed : Mapping
        Field to what was typed.
    who, why, path, search : object
        As the browser sent them.
    """
    kept = row if isinstance(row, dict) else {}
    fixed = kept.get("fixed")
    values = {
        **(fixed if isinstance(fixed, dict) else {}),
        **{n: v for n, v in typed.items() if n in form.fields},
    }
    sent = [{"row_key": kept.get("row_key"), "version": kept.get("version"), "values": values}]
    allowed = (*form.fields, *form.fixed)
    sent_once = kept.get("once") if isinstance(kept.get("once"), str) else None
    out = saved(data, at, form.table, sent, allowed, who, why, path, search, signs=form.signs, key=sent_once)
    if not out[1] or out[1] is no_update:
        return [*out, no_update]
    version = _version(data, form.table, kept.get("row_key"))
    return [*out, {**kept, "version": version, "once": once()}]


def save_grid(
    data: Data, at: str, grid: Grid, sent: Any, who: Any, why: Any, path: Any, search: Any
) -> list[Any]:
    """Store what was written in a grid; the grid is filled anew whatever came of it."""
    if not sent:
        return [no_update] * 3
    out = saved(data, at, grid.table, sent, grid.open, who, why, path, search, signs=grid.signs)
    return [out[0], once(), out[2]]


def _version(data: Data, table: str, key: Any) -> int:
    """Return the version that a row has by now: what a form that stays open has seen; 0 for a new row."""
    if not isinstance(key, str):
        return 0
    rows = data.table(table, Now())
    found = rows.filter(rows["row_key"] == key)
    return int(found["row_version"][0]) if found.height else 0


def written(data: Data, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return which rows were written over, with the versions that they have by now."""
    rows = kept.get("rows")
    keys = [r.get("row_key") for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []
    table = kept["table"]
    return {"table": table, "written": {k: _version(data, table, k) for k in keys if isinstance(k, str)}}


def seen_since(table: str, kept: Any, row: Any) -> dict[str, Any] | None:
    """Return a form's row after it was written over by its own page; None where it was not.

    Else the form that stays open would meet its own save as somebody else's.

    Examples
    --------
    >>> shown = {"row_key": "C1", "version": 1}
    >>> seen_since("clocks", {"table": "clocks", "written": {"C1": 3}}, shown)["version"]
    3
    >>> seen_since("clocks", {"table": "clocks", "rows": []}, shown)
    """
    found = kept.get("written") if isinstance(kept, dict) and kept.get("table") == table else None
    key = row.get("row_key") if isinstance(row, dict) else None
    version = found.get(key) if isinstance(found, dict) and isinstance(key, str) else None
    return None if version is None else {**row, "version": version, "once": once()}


def saved(
    data: Data,
    at: str,
    table: str,
    sent: Any,
    allowed: Sequence[str],
    who: Any,
    why: Any,
    path: Any,
    search: Any,
    *,
    signs: Callable[[Mapping[str, Any]], str | None] | None = None,
    key: str | None = None,
) -> list[Any]:
    """Store what was sent, held against what may be written; return what is said, a tick and what to keep."""
    try:
        edits = edits_of(sent, allowed)
    except InvalidInput as fault:
        return [editing.outcome(Saved(str(fault)), at), no_update, None]
    edits = [_signed(e, signs, who, data) for e in edits]
    answer = data.save(
        data.state(path, search), table, edits, actor=editing.declared(data, who), reason=why, once=key
    )
    tick = once() if answer.done else no_update
    return [editing.outcome(answer, at), tick, to_write_over(table, edits, answer, allowed)]


def _signed(
    edit: Edit, signs: Callable[[Mapping[str, Any]], str | None] | None, who: Any, data: Data
) -> Edit:
    """Write the role that signs into the field that takes it, where the plan has that role."""
    name = signs(edit.values) if signs else None
    if name is None or who not in editing.role_choices(data):
        return edit
    return Edit({**edit.values, name: who}, edit.row_key, edit.version)


def to_write_over(table: str, edits: Sequence[Edit], answer: Saved, allowed: Sequence[str]) -> Any:
    """Return what to write over what somebody else saved first, once the person has chosen to."""
    if not answer.conflicts:
        return None
    found = {c.row_key: c.version for c in answer.conflicts}
    new = next(iter(found)) if len(edits) == 1 else None
    names = record_type(table).key
    rows = []
    for edit in edits:
        key = edit.row_key or new
        values = {n: v for n, v in edit.values.items() if n not in names and n in allowed}
        rows.append({"row_key": key, "version": found.get(key or "", edit.version), "values": values})
    return {"table": table, "rows": rows}
