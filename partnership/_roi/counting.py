"""What is counted once: the rules by which a line is set aside so that no money stands twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from partnership._roi.model import Line
from partnership.parameters import class_map

__all__ = ["FISCAL_CLASSES", "NOT_VALUED", "SetAside", "class_of", "counted"]

FISCAL_CLASSES = ("cash-releasing", "capacity released", "no release")
"""The three fiscal classes. They stand apart everywhere; only the first pays a bill."""

NOT_VALUED = "not valued"


def class_of(line: Line, vintage: str | None = None) -> str:
    """Return what a line counts as in an appraisal, by the shipped table of classes.

    Returns
    -------
    str
        cash-releasing, capacity released, no release, economic, social, or not valued.

    Source
    ------
    ``parameters.toml``, class_map: cost avoidance is never cash-releasing.

    Examples
    --------
    >>> import datetime as dt
    >>> class_of(Line("B", "b", "fiscal", "cost avoidance", {}, dt.date(2026, 4, 1), 12))
    'no release'
    """
    rows = class_map(vintage).rows[line.category]
    found: str = rows.get(line.benefit_class) or rows.get("*") or NOT_VALUED
    return found


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line that no total counts, and why.

    Parameters
    ----------
    line_id, title : str
        The line.
    rule : str
        Short name of the rule.
    reason : str
        One sentence that names the line it would have doubled.
    level_gbp : Decimal
        What a full year of it would have added.
    """

    line_id: str
    title: str
    rule: str
    reason: str
    level_gbp: Decimal


def counted(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[SetAside, ...]]:
    """Return the lines that totals count, and those set aside, whatever their order.

    1. One avoided outcome is claimed once: of lines with one outcome key and one category the largest stays.
    2. Fiscal, economic and social value of one outcome are never added: the fiscal line stays, else the
       economic one, unless the other is marked additive.
    3. A headline unit cost and its constituents are never both used, unless for different outcomes.

    Dis-benefits are never set aside: a harm is not a claim.

    Parameters
    ----------
    lines : Sequence[Line]
        Lines with a value.

    Source
    ------
    GMCA, *Unit Cost Database*, guidance: do not add economic to fiscal values of one outcome, nor constituent
    to headline costs.

    Examples
    --------
    >>> import datetime as dt
    >>> def line(key, pounds, category="fiscal"):
    ...     return Line(
    ...         key, key, category, "no release", {}, dt.date(2026, 4, 1), 12, outcome_key="O",
    ...         full_year_gbp=Decimal(pounds),
    ...     )
    >>> kept, aside = counted([line("B1", 10), line("B2", 30), line("B3", 90, "economic")])
    >>> [k.id for k in kept], [(s.line_id, s.rule) for s in aside]
    (['B2'], [('B1', 'one outcome once'), ('B3', 'fiscal and economic')])
    """
    valued = [line for line in lines if line.missing is None]
    aside: dict[str, SetAside] = {}
    claims = [line for line in valued if not line.is_disbenefit]
    by_outcome: dict[str, list[Line]] = defaultdict(list)
    for line in claims:
        if line.outcome_key:
            by_outcome[line.outcome_key].append(line)
    for key, same in by_outcome.items():
        _once(key, same, aside)
        _never_added(key, [line for line in same if line.id not in aside], aside)
    _headline_or_parts([line for line in claims if line.id not in aside], aside)
    kept = tuple(line for line in valued if line.id not in aside)
    return kept, tuple(sorted(aside.values(), key=lambda s: s.line_id))


def _once(key: str, same: list[Line], aside: dict[str, SetAside]) -> None:
    for category in ("fiscal", "economic", "social"):
        rivals = [line for line in same if line.category == category and not line.additive]
        best = min(rivals, key=lambda line: (-line.level, line.id), default=None)
        for line in rivals:
            if best is not None and line is not best:
                _put(
                    aside,
                    line,
                    "one outcome once",
                    f"claims the same avoided outcome, {key}, as “{best.title}”",
                )


def _never_added(key: str, same: list[Line], aside: dict[str, SetAside]) -> None:
    present = [c for c in ("fiscal", "economic", "social") if any(line.category == c for line in same)]
    if len(present) < 2:
        return
    stays = next(line for line in sorted(same, key=lambda x: x.id) if line.category == present[0])
    for line in same:
        if line.category != present[0] and not line.additive:
            _put(
                aside, line, f"{present[0]} and {line.category}",
                f"is the {line.category} value of {key}, which “{stays.title}” values already",
            )  # fmt: skip


def _headline_or_parts(claims: list[Line], aside: dict[str, SetAside]) -> None:
    for line in claims:
        for other in claims:
            apart = line.outcome_key and other.outcome_key and line.outcome_key != other.outcome_key
            if other is line or apart or not other.unit_cost_ids or other.additive or line.additive:
                continue
            if other.unit_cost_ids[0] in line.unit_cost_ids[1:] and other.id not in aside:
                _put(
                    aside, line, "headline or constituents",
                    f"uses {line.unit_cost_ids[0]}, a part of {other.unit_cost_ids[0]} of “{other.title}”",
                )  # fmt: skip
                break


def _put(aside: dict[str, SetAside], line: Line, rule: str, why: str) -> None:
    aside[line.id] = SetAside(
        line.id, line.title, rule, f"“{line.title}” {why}: it is shown and not added.", line.level
    )
