"""The list of record types, and what each field of a record looks like from outside."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from partnership import benefits, blueprint, commitments, expectations, goals, partners, prioritisation, roi
from partnership.errors import UnknownName
from partnership.records import Kind, Record, Ref, Since, Unit

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

__all__ = ["BY_RECORD", "RECORD_TYPES", "Column", "RecordType", "columns_of", "record_type", "schema_of"]


@dataclass(frozen=True, slots=True)
class RecordType:
    """One kind of record: its table, its sheet and what makes a row unique.

    Parameters
    ----------
    table : str
        Name of the table in the store and of the plain table in a view.
    sheet : str
        Name of the sheet in the workbook (at most 31 characters).
    record : type[Record]
        The record class.
    key : tuple[str, ...]
        Fields that together are unique; a missing one counts as a value of its own.
    purpose : str
        One sentence for the guide sheet.
    row_limit : int
        The most rows a sheet may have.
    """

    table: str
    sheet: str
    record: type[Record]
    key: tuple[str, ...]
    purpose: str
    row_limit: int = 50_000

    @property
    def since(self) -> str | None:
        """Name of the field that says from which day a row was known, if there is one."""
        return next((c.name for c in columns_of(self.table) if c.is_since), None)


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a record as the outside sees it."""

    name: str
    header: str
    kind: str
    required: bool
    description: str
    unit: str | None
    choices: tuple[str, ...]
    refers_to: str | None
    is_since: bool
    default: Any

    @property
    def sql(self) -> tuple[tuple[str, str], ...]:
        """Columns of the store that hold it: name and SQL type; a share takes two, a month brings its index."""
        columns: tuple[tuple[str, str], ...] = _SQL.get(self.kind, lambda n: ((n, "VARCHAR"),))(self.name)
        return columns


_SQL: dict[str, Any] = {
    "money": lambda n: ((n, "DECIMAL(18,2)"),),
    "quantity": lambda n: ((n, "DECIMAL(18,4)"),),
    "percent": lambda n: ((n, "DECIMAL(7,4)"),),
    "share": lambda n: ((f"{n}_numerator", "BIGINT"), (f"{n}_denominator", "BIGINT")),
    "whole": lambda n: ((n, "BIGINT"),),
    "year": lambda n: ((n, "INTEGER"),),
    "flag": lambda n: ((n, "BOOLEAN"),),
    "day": lambda n: ((n, "DATE"),),
    "month": lambda n: ((n, "DATE"), (f"{n}_index", "INTEGER")),
}

RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        "partnership",
        "Partnership",
        partners.Partnership,
        ("id",),
        "Who we are, the one big goal, and our own choices: one row.",
    ),
    RecordType(
        "agencies", "Agencies", partners.Agency, ("id",), "The partners, and bodies outside that pay or gain."
    ),
    RecordType(
        "role_holders",
        "Role holders",
        partners.RoleHolder,
        ("id",),
        "Roles, and who holds them from when to when.",
    ),
    RecordType(
        "measures", "Measures", goals.Measure, ("id",), "How anybody would know: definition, unit, source."
    ),
    RecordType(
        "chart_rules",
        "Chart rules",
        goals.ChartRules,
        ("measure_id",),
        "How signal is told from noise, measure by measure.",
    ),
    RecordType("goals", "Goals", goals.Goal, ("id",), "SMART goals under the big goal."),
    RecordType(
        "goal_milestones",
        "Milestones",
        goals.GoalMilestone,
        ("goal_id", "due_on"),
        "Steps on the way to a goal.",
    ),
    RecordType(
        "goal_partners",
        "Gives and gets",
        goals.GoalPartner,
        ("goal_id", "agency_id"),
        "What each partner gives to a goal and gets from it.",
    ),
    RecordType(
        "expectations",
        "Expectations",
        expectations.Expectation,
        ("id",),
        "What each partner expects to give or get, in its own words.",
    ),
    RecordType(
        "work_items",
        "Work items",
        blueprint.WorkItem,
        ("id",),
        "The picture of the work: what is done, for whom, who leads.",
    ),
    RecordType(
        "item_agencies",
        "Item agencies",
        blueprint.ItemAgency,
        ("item_id", "agency_id"),
        "Who does what in each item, and the hours it takes.",
    ),
    RecordType(
        "capacity",
        "Capacity",
        blueprint.Capacity,
        ("agency_id", "quarter_starts_on"),
        "Days and money each agency offers, by quarter.",
    ),
    RecordType(
        "criteria", "Criteria", prioritisation.Criterion, ("id",), "What is scored, with written anchors."
    ),
    RecordType(
        "scoring_rounds",
        "Rounds",
        prioritisation.ScoringRound,
        ("id",),
        "Rounds of scoring and the rule that ends them.",
    ),
    RecordType(
        "scores",
        "Scores",
        prioritisation.Score,
        ("item_id", "criterion_id", "round_id", "scorer_role_id"),
        "Who scored what.",
    ),
    RecordType(
        "contributions",
        "Contributions",
        roi.Contribution,
        ("id",),
        "What each agency puts in, by financial year.",
    ),
    RecordType(
        "benefits", "Benefits", benefits.Benefit, ("id",), "The register of benefits and dis-benefits."
    ),
    RecordType(
        "benefit_shares",
        "Benefit shares",
        benefits.BenefitShare,
        ("benefit_id", "agency_id"),
        "To whom each benefit falls; shares make 100%.",
    ),
    RecordType(
        "assumptions",
        "Assumptions",
        benefits.Assumption,
        ("benefit_id", "step", "name"),
        "The chain from people to pounds, with ranges.",
    ),
    RecordType(
        "correlations",
        "Correlations",
        roi.Correlation,
        ("id",),
        "Which assumptions move together, and how closely.",
    ),
    RecordType(
        "agreements",
        "Agreements",
        roi.FundingAgreement,
        ("id",),
        "By what route one agency may pay another, and what is under contract.",
    ),
    RecordType(
        "rebaselines",
        "Re-baselines",
        benefits.Rebaseline,
        ("benefit_id", "version"),
        "When a plan was changed, by whom and why.",
    ),
    RecordType(
        "delivery_confidence",
        "Delivery confidence",
        benefits.DeliveryConfidence,
        ("benefit_id", "rated_by", "stated_on"),
        "How sure owner and reviewer are, and why.",
    ),
    RecordType(
        "finished_benefits",
        "Finished benefits",
        benefits.FinishedBenefit,
        ("id",),
        "What earlier benefits planned and what was real.",
    ),
    RecordType(
        "benefit_profile",
        "Benefit profile",
        benefits.ProfileMonth,
        ("benefit_id", "agency_id", "version", "period"),
        "Planned value by month, original and later plans.",
        200_000,
    ),
    RecordType(
        "readings",
        "Readings",
        benefits.Reading,
        ("measure_id", "benefit_id", "item_id", "agency_id", "period"),
        "What was read, or the kind of missing.",
        200_000,
    ),
    RecordType(
        "decisions", "Decisions", commitments.Decision, ("id",), "What was decided, why, and who disagreed."
    ),
    RecordType(
        "commitments",
        "Commitments",
        commitments.Commitment,
        ("id",),
        "Promises: who, what, to whom, by when.",
    ),
    RecordType(
        "due_changes",
        "Due date changes",
        commitments.DueChange,
        ("commitment_id", "changed_on"),
        "Due dates that were moved; the old ones are kept.",
    ),
    RecordType(
        "deliveries",
        "Deliveries",
        commitments.Delivery,
        ("commitment_id", "delivered_on"),
        "Promises kept, with evidence.",
    ),
    RecordType(
        "shared_information",
        "Information shared",
        commitments.SharedInformation,
        ("id",),
        "What was shared, and what followed.",
    ),
    RecordType(
        "clocks",
        "Clocks",
        commitments.ClockRule,
        ("id",),
        "How long there is for what, in whose working hours, and by whose word.",
    ),
    RecordType("unit_costs", "Unit costs", roi.UnitCost, ("id",), "A published library of unit costs."),
    RecordType("annotations", "Annotations", partners.Annotation, ("id",), "What happened in a month."),
)

_BY_TABLE = {t.table: t for t in RECORD_TYPES}
BY_RECORD = {t.record: t for t in RECORD_TYPES}


def record_type(name: str | type[Record]) -> RecordType:
    """Return the record type of a table's name or of a record class.

    Raises
    ------
    UnknownName
        If there is no such record type.

    Examples
    --------
    >>> record_type("readings").sheet
    'Readings'
    """
    if isinstance(name, type):
        return BY_RECORD[name]
    if name not in _BY_TABLE:
        raise UnknownName("record type", name, _BY_TABLE)
    return _BY_TABLE[name]


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of a record type, in the order of its fields.

    Examples
    --------
    >>> [c.header for c in columns_of("benefit_profile")]
    ['Benefit id', 'Agency id', 'Version', 'Period', 'Planned (£)']
    """
    return tuple(_column(name, info) for name, info in record_type(table).record.model_fields.items())


def schema_of(table: str) -> tuple[tuple[str, str], ...]:
    """Return the store's columns of a record type: name and SQL type.

    Examples
    --------
    >>> schema_of("benefit_shares")[2:]
    (('share_numerator', 'BIGINT'), ('share_denominator', 'BIGINT'))
    """
    return tuple(pair for c in columns_of(table) for pair in c.sql)


def _column(name: str, info: FieldInfo) -> Column:
    metadata = [*info.metadata, *_nested_metadata(info.annotation)]
    kind = next((m.name for m in metadata if isinstance(m, Kind)), None)
    unit = next((m.text for m in metadata if isinstance(m, Unit)), None)
    choices = _choices(info.annotation)
    return Column(
        name=name,
        header=_header(name, unit),
        kind="choice" if choices else kind or "text",
        required=info.is_required(),
        description=info.description or "",
        unit=unit,
        choices=choices,
        refers_to=next((m.table for m in metadata if isinstance(m, Ref)), None),
        is_since=any(isinstance(m, Since) for m in metadata),
        default=None if info.is_required() else info.get_default(call_default_factory=True),
    )


def _nested_metadata(annotation: Any) -> list[Any]:
    """Metadata inside ``Annotated[X | None, …]``: the marks of X itself."""
    if hasattr(annotation, "__metadata__"):
        return [*annotation.__metadata__, *_nested_metadata(annotation.__origin__)]
    if get_origin(annotation) in (Union, types.UnionType):
        return [m for a in get_args(annotation) for m in _nested_metadata(a)]
    return []


def _choices(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return tuple(str(a) for a in get_args(annotation))
    if hasattr(annotation, "__metadata__"):
        return _choices(annotation.__origin__)
    if get_origin(annotation) in (Union, types.UnionType):
        return next((c for a in get_args(annotation) if (c := _choices(a))), ())
    return ()


def _header(name: str, unit: str | None) -> str:
    text = name.removesuffix("_gbp").replace("_", " ")
    text = text[0].upper() + text[1:]
    text = "BHAG" + text[4:] if text.startswith("Bhag") else text
    return f"{text} ({unit})" if unit else text
