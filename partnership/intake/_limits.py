"""The limits that a record's own fields state: smallest, largest, longest, pattern. Nothing is said twice.

The workbook's validations and the fast check of many rows are both driven by these, so that neither can
disagree with the record classes.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from partnership.tables import record_type

__all__ = ["Limits", "limits_of"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one field allows; None where it sets no limit.

    Parameters
    ----------
    least, above, most : Any
        Smallest allowed value, value to be exceeded, largest allowed value.
    shortest, longest : int or None
        Characters of a text.
    pattern : str or None
        Regular expression that a text matches.
    digits, decimals : int or None
        Digits of a number in all, and after the point.
    """

    least: Any = None
    above: Any = None
    most: Any = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None
    digits: int | None = None
    decimals: int | None = None


_NAMES = {
    "ge": "least", "gt": "above", "le": "most", "min_length": "shortest", "max_length": "longest",
    "pattern": "pattern", "max_digits": "digits", "decimal_places": "decimals",
}  # fmt: skip


@cache
def limits_of(table: str) -> dict[str, Limits]:
    """Return the limits of each column of a record type.

    Examples
    --------
    >>> limits_of("readings")["denominator"].least, limits_of("readings")["label"].longest
    (0, 300)
    """
    return {name: _limits(info) for name, info in record_type(table).record.model_fields.items()}


def _limits(info: FieldInfo) -> Limits:
    found: dict[str, Any] = {}
    for mark in [*_marks(info.annotation), *_flat(info.metadata)]:
        for theirs, ours in _NAMES.items():
            value = getattr(mark, theirs, None)
            if value is not None:
                found[ours] = _tighter(ours, found.get(ours), value)
    return Limits(**found)


def _tighter(name: str, old: Any, new: Any) -> Any:
    if old is None or name in ("pattern", "digits", "decimals"):
        return new
    return max(old, new) if name in ("least", "above", "shortest") else min(old, new)


def _marks(annotation: Any) -> Iterator[Any]:
    """Every mark inside an annotation, the outermost last: a field's own pattern wins over its type's."""
    if hasattr(annotation, "__metadata__"):
        yield from _marks(annotation.__origin__)
        yield from _flat(annotation.__metadata__)
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _marks(part)


def _flat(metadata: Any) -> Iterator[Any]:
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            yield from _flat(mark.metadata)
        else:
            yield mark
