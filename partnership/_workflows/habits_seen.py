"""What readings say of a habit: an end date that has passed is no proof that anything has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from partnership.wording import listing

__all__ = ["seen_in"]


def seen_in(
    items: Iterable[Any], benefits: Iterable[Any], register: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """Return what is real of the benefits that each item serves, in words.

    The share is what is real of the plan that has a reading, as the view ``benefit_register`` gives it; where
    some of the plan has none, it is called partial. A benefit that several items serve is said of each.

    Parameters
    ----------
    items : Iterable[WorkItem]
        The work.
    benefits : Iterable[Benefit]
        Of the same plan: which items each of them comes from.
    register : Iterable[Mapping]
        Rows of the view ``benefit_register``.

    Returns
    -------
    dict[str, str]
        Item to a sentence.

    Examples
    --------
    >>> from types import SimpleNamespace as Some
    >>> benefit = Some(id="B1", title="Fewer lists", item_ids=("W1",), is_disbenefit=False)
    >>> row = {"benefit_id": "B1", "planned_gbp": 100, "not_read_gbp": None, "realised_share": 0.4}
    >>> seen_in([Some(id="W1")], [benefit], [row])
    {'W1': 'Readings: “Fewer lists” is at 40% of its plan.'}
    >>> seen_in([Some(id="W2")], [benefit], [row])
    {'W2': 'No benefit is tied to it, so no reading can show it.'}
    """
    rows = {r["benefit_id"]: r for r in register}
    served: dict[str, list[str]] = {}
    for benefit in benefits:
        for item_id in benefit.item_ids:
            served.setdefault(item_id, []).append(_one(benefit, rows.get(benefit.id)))
    return {
        i.id: f"Readings: {listing(served[i.id])}."
        if i.id in served
        else "No benefit is tied to it, so no reading can show it."
        for i in items
    }


def _one(benefit: Any, row: Mapping[str, Any] | None) -> str:
    name = f"“{benefit.title}”"
    if row is None or not row["planned_gbp"]:
        return f"{name} is not due yet"
    if row["realised_share"] is None:
        return f"{name} is not read"
    harm = " (a harm)" if benefit.is_disbenefit else ""
    partial = " (partial)" if row["not_read_gbp"] else ""
    return f"{name}{harm} is at {row['realised_share']:.0%} of its plan{partial}"
