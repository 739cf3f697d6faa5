"""Scores as somebody typed them in the form or the grid: read, held against what stands, never trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from dashboards import editing
from partnership._workflows.board_moves import OwnScore
from partnership._workflows.scoring import GivenScore
from partnership.errors import InvalidInput, shown

__all__ = ["YES", "given_of_form", "given_of_grid"]

YES = "abstain"
_OPEN = ("score", "abstained", "confidence", "note")
Own = Mapping[tuple[str, str], OwnScore]


def given_of_form(seen: Any, fields: Sequence[Any], values: Sequence[Any], own: Own) -> list[GivenScore]:
    """Return the scores that a form gives: those that differ from what stands.

    Raises
    ------
    InvalidInput
        If a field did not come through, or is no number.
    """
    item = seen.get("item") if isinstance(seen, dict) else None
    versions = seen.get("versions") if isinstance(seen, dict) else None
    if not isinstance(item, str) or not isinstance(versions, dict):
        raise InvalidInput(_LOST)
    typed: dict[str, dict[str, Any]] = {}
    for about, value in zip(fields, values, strict=True):
        typed.setdefault(str(about["criterion"]), {})[str(about["field"])] = value
    return [
        one
        for criterion, row in typed.items()
        if (
            one := _given(
                item, criterion, row, versions.get(criterion), own.get((item, criterion), OwnScore())
            )
        )
    ]


def given_of_grid(changed: Any, own: Own) -> list[GivenScore]:
    """Return the scores that changed cells give.

    Raises
    ------
    InvalidInput
        If a row did not come through, or a cell is no number.
    """
    out = []
    for row in editing.grid_edits(changed):
        item, _, criterion = str(row["row_key"]).partition("|")
        was = own.get((item, criterion), OwnScore())
        stands = {
            "score": was.score,
            "abstained": was.abstained,
            "confidence": was.confidence,
            "note": was.note,
        }
        if set(row["values"]) - set(_OPEN):
            raise InvalidInput(_LOST)
        values = stands | row["values"]
        if "score" in row["values"] and str(row["values"]["score"] or "").strip():
            values["abstained"] = row["values"].get("abstained", "")
        elif row["values"].get("abstained") == YES:
            values["score"] = None
        one = _given(item, criterion, values, row["version"], was)
        if one is not None:
            out.append(one)
    return out


_LOST = "Nothing was stored: a score did not come through whole. Load the page again."


def _given(
    item: str, criterion: str, row: Mapping[str, Any], version: Any, was: OwnScore
) -> GivenScore | None:
    if not isinstance(version, int) or isinstance(version, bool):
        raise InvalidInput(_LOST)
    abstains = row.get("abstained") in (True, YES)
    score = _number(row.get("score"), f"{item}, {criterion}")
    confidence = _whole(row.get("confidence"))
    text = row.get("note")
    note = text.strip()[:300] or None if isinstance(text, str) else None
    if (score, abstains, confidence, note) == (was.score, was.abstained, was.confidence, was.note):
        return None
    return GivenScore(
        item, criterion, score, abstained=abstains, confidence=confidence, note=note, version=version
    )


def _number(value: Any, place: str) -> Decimal | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        made = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        made = Decimal("NaN")
    if not made.is_finite():
        msg = f"Nothing was stored: the score {shown(value)} of {place} is no number. Write one from 0 to 10."
        raise InvalidInput(msg)
    return made


def _whole(value: Any) -> int | None:
    text = str(value).strip() if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
