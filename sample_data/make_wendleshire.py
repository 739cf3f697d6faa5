"""Make the workbook of Wendleshire, an invented county, as known on 23 November 2026.

Run ``python -m sample_data.make_wendleshire``. It writes ``sample_data/wendleshire/wendleshire_plan.xlsx`` from the tables in
``sample_data/wendleshire_parts``. Nothing is drawn at random but from a fixed seed, so every run makes the same cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from partnership.records import Record
from partnership.tables import RECORD_TYPES, frame
from sample_data.wendleshire_parts import (
    agreed,
    annotations,
    benefit_history,
    benefit_months,
    benefits,
    clocks,
    expectations,
    goals,
    memory,
    money_in,
    operations,
    partners,
    scoring,
    work,
)

if TYPE_CHECKING:
    import polars as pl

WORKBOOK = Path(__file__).parent / "wendleshire" / "wendleshire_plan.xlsx"
MADE_AT = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)
"""When the hub manager of the story sent it in: fixed, so that every run writes the same file."""


def records() -> dict[str, Sequence[Record]]:
    """Return the records of the plan by table."""
    return {
        "partnership": partners.PARTNERSHIP,
        "agencies": partners.AGENCIES,
        "role_holders": partners.ROLE_HOLDERS,
        "measures": goals.MEASURES,
        "chart_rules": goals.CHART_RULES,
        "goals": goals.GOALS,
        "goal_milestones": goals.GOAL_MILESTONES,
        "goal_partners": goals.GOAL_PARTNERS,
        "expectations": expectations.EXPECTATIONS,
        "work_items": work.WORK_ITEMS,
        "item_agencies": work.ITEM_AGENCIES,
        "capacity": work.CAPACITY,
        "criteria": scoring.CRITERIA,
        "scoring_rounds": scoring.SCORING_ROUNDS,
        "scores": scoring.SCORES,
        "contributions": money_in.CONTRIBUTIONS,
        "benefits": benefits.BENEFITS,
        "benefit_shares": benefits.BENEFIT_SHARES,
        "assumptions": benefits.ASSUMPTIONS,
        "correlations": agreed.CORRELATIONS,
        "agreements": agreed.AGREEMENTS,
        "rebaselines": benefits.REBASELINES,
        "delivery_confidence": benefit_history.DELIVERY_CONFIDENCE,
        "finished_benefits": benefit_history.FINISHED_BENEFITS,
        "benefit_profile": benefit_months.BENEFIT_PROFILE,
        "readings": (*operations.READINGS, *benefit_months.MONEY_READINGS),
        "decisions": memory.DECISIONS,
        "commitments": memory.COMMITMENTS,
        "due_changes": memory.DUE_CHANGES,
        "deliveries": memory.DELIVERIES,
        "shared_information": memory.SHARED_INFORMATION,
        "clocks": clocks.CLOCKS,
        "annotations": annotations.ANNOTATIONS,
    }


def frames() -> dict[str, pl.DataFrame]:
    """Return the plan as one frame for each record type, also the empty ones."""
    made = records()
    return {kind.table: frame(made.get(kind.table, ()), kind.table) for kind in RECORD_TYPES}


def write(target: Path | BinaryIO) -> None:
    """Write the workbook to a file or a buffer."""
    from partnership.intake.workbook import write_workbook

    write_workbook(frames(), buffer=target, versions=None, made_at=MADE_AT)


def main() -> None:
    """Write the workbook where it belongs."""
    WORKBOOK.parent.mkdir(parents=True, exist_ok=True)
    write(WORKBOOK)
    print(f"{WORKBOOK.name}: {sum(f.height for f in frames().values()):,} rows")


if __name__ == "__main__":
    main()
