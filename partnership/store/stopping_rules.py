"""The rule that ends the scoring: declared with the first round, and the same ever after, by whatever road.

Who knows the scores must not choose the rule by which they stop. So ``Store.accept`` itself looks here,
inside the writer's lock, whenever rounds are written or taken out: workbook, page, undoing, command and a
notebook that brings no guard of its own all pass it. It looks at the history, so that taking a round out and
writing it again changes nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from partnership.errors import Finding, shown
from partnership.tables import record_type

if TYPE_CHECKING:
    from partnership.store.protocol import Store

__all__ = ["CODE", "broken_rules", "rule_guard"]

CODE = "S10-stopping-rule"


def broken_rules(
    versions: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
    places: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Return a finding for each round whose rule is not the one that was declared.

    Parameters
    ----------
    versions : Sequence of Mapping
        Every version of every round that was ever stored: ``row_key``, ``change_seq``, ``opened_on``,
        ``stopping_rule``.
    now : Sequence of Mapping
        The rounds as they would stand: ``id``, ``opened_on``, ``stopping_rule``.
    places : Mapping, optional
        Round to its place in a file that is looked at before it is stored. None: the rounds as a change
        would leave them, which are all there will be.
    """
    first: dict[str, Mapping[str, Any]] = {}
    for row in sorted(versions, key=lambda r: int(r["change_seq"])):
        first.setdefault(str(row["row_key"]), row)
    newest = max((int(r["change_seq"]) for r in first.values()), default=0) if places is None else None
    opened = sorted(now, key=lambda r: (r["opened_on"], str(r["id"])))
    with_rule = [r for r in first.values() if r["stopping_rule"]]
    declared = sorted(with_rule, key=lambda r: (int(r["change_seq"]), r["opened_on"])) or [
        r for r in opened if r["stopping_rule"]
    ]
    binding = declared[0]["stopping_rule"] if declared else None
    out, there = [], set()
    for row in opened:
        key, rule = str(row["id"]), row["stopping_rule"]
        there.add(key)
        is_new = key not in first or int(first[key]["change_seq"]) == newest
        if key in first and first[key]["stopping_rule"] != rule:
            was = first[key]["stopping_rule"]
            said = f"was declared as {shown(was, 120)!r}" if was else "was opened without one"
            out.append(_fault(key, f"The stopping rule of round {shown(key)} is changed: it {said}.", places))
        elif is_new and rule and rule != binding:
            found = (
                f"Round {shown(key)} brings a stopping rule of its own; declared was {shown(binding, 120)!r}."
            )
            out.append(_fault(key, found, places))
    gone = [key for key, row in first.items() if row["stopping_rule"] and key not in there]
    out += [
        _fault(key, f"Round {shown(key)}, which declared the stopping rule, would be taken out.", places)
        for key in gone
        if places is None
    ]
    return out


def _fault(key: str, found: str, places: Mapping[str, str] | None) -> Finding:
    place = (places or {}).get(key) or f"{record_type('scoring_rounds').sheet}, {shown(key)}"
    do = "Leave it as it was: the rule is declared before the first round and stays."
    return Finding(code=CODE, severity="error", place=place, found=found, do=do)


def rule_guard(would_be: Store) -> list[Finding]:
    """Look at the rounds as a change would leave them; ``Store.accept`` asks it of every change of them."""
    versions = [r for r in would_be.history("scoring_rounds").iter_rows(named=True) if r["op"] != "remove"]
    return broken_rules(versions, list(would_be.table("scoring_rounds", raw=True).iter_rows(named=True)))
