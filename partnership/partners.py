"""The partnership, its agencies and the people who hold roles in them.

Source: Working Together to Safeguard Children (2023) for statutory and relevant partners; the marks follow
the Government Analysis Function palette.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from partnership.records import Day, Flag, Id, Month, Notes, Quantity, Record, Ref, Title, Unit

__all__ = ["MARKS", "Agency", "Annotation", "Duty", "Partnership", "RoleHolder", "Sector", "assign_marks"]

Sector = Literal[
    "council", "education", "health", "police", "justice", "fire", "housing", "voluntary", "national", "other"
]
Duty = Literal["statutory", "relevant", "outside"]


class Partnership(Record):
    """The partnership itself: one row, with the big goal that everybody shares and the choices it made for itself."""

    id: Id = Field(description="Short id of the partnership")
    name: Title = Field(description="Full name, as it stands on the board pack")
    bhag: Title = Field(description="The one big audacious goal that all partners share, as a sentence")
    bhag_measure_id: Annotated[Id | None, Ref("measures")] = Field(
        None, description="The measure that tells whether the big goal comes nearer"
    )
    bhag_baseline_value: Quantity | None = Field(
        None, description="Where the headline measure stood at the start, in its unit"
    )
    bhag_baseline_on: Day | None = Field(None, description="Day of the baseline")
    bhag_target_value: Quantity | None = Field(None, description="Where it shall stand, in its unit")
    bhag_target_on: Day | None = Field(None, description="By when")
    plan_starts_on: Day = Field(description="First day of the plan")
    plan_ends_on: Day = Field(description="Last day of the plan")
    last_board_on: Day | None = Field(None, description="Day of the board before the coming one")
    next_board_on: Day | None = Field(None, description="Day of the coming board")
    price_year: Annotated[str | None, Field(pattern=r"^\d{4}/\d{2}$")] = Field(
        None, description="Financial year in whose prices money is stated, 2025/26"
    )
    gap_discuss_ratio: Annotated[Quantity, Unit("times")] = Field(
        Decimal(2),
        gt=1,
        description="Expectations this many times apart are to be discussed; this partnership's own choice",
    )
    gap_redefine_ratio: Annotated[Quantity, Unit("times")] = Field(
        Decimal(10),
        gt=1,
        description="Expectations this many times apart stop the work until the measure is re-defined",
    )
    off_plan_share: Annotated[Quantity, Unit("%")] = Field(
        Decimal(90),
        gt=0,
        le=100,
        description="A benefit below this share of its plan to date counts as off plan; this partnership's own choice",
    )


class Agency(Record):
    """One partner. An agency that leaves is end-dated, never deleted; what it owed follows its successor."""

    id: Id = Field(description="Id of the agency")
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,5}$")] = Field(
        description="Two to five capitals for badges, COU"
    )
    name: Title = Field(description="Name of the agency")
    short_name: Title | None = Field(
        None, description="Name where space is short; the name itself when blank"
    )
    sector: Sector = Field(description="Kind of body; gives the hue of its marks")
    duty: Duty = Field(
        "relevant", description="Statutory or relevant partner, or outside: gains or pays but is no partner"
    )
    joined_on: Day | None = Field(None, description="Day it joined the partnership")
    left_on: Day | None = Field(None, description="Day it left")
    succeeded_by_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="Agency that takes over its promises, benefits and duties"
    )
    mark: Annotated[str | None, Field(pattern=r"^[a-z]+ (full|tint|thick) [a-z-]+$")] = Field(
        None, description="Hue, fill and shape on every chart; given at the first load and kept for ever"
    )


class RoleHolder(Record):
    """A role in an agency and who holds it from when to when: people move on, roles stay."""

    id: Id = Field(description="Id of this holding of the role")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency")
    role: Title = Field(description="Role, as in 'Finance officer, council'")
    holder: Title | None = Field(None, description="Name of the member of staff; may stay blank")
    started_on: Day | None = Field(None, description="First day in the role")
    ended_on: Day | None = Field(None, description="Last day in the role; blank while it is held")


class Annotation(Record):
    """A note on a month of a measure or benefit: what happened then."""

    id: Id = Field(description="Id of the note")
    period: Month = Field(description="The month it belongs to")
    measure_id: Annotated[Id | None, Ref("measures")] = Field(None, description="The measure it explains")
    benefit_id: Annotated[Id | None, Ref("benefits")] = Field(None, description="The benefit it explains")
    text: Title = Field(description="What happened, in one line")
    detail: Notes | None = Field(None, description="More, where it is needed")
    restarts_limits: Flag = Field(
        False,
        description="Yes when the process changed for good: the limits of its charts start afresh from this month",
    )


_HUES: dict[str, str] = {
    "council": "blue", "education": "blue", "fire": "blue", "housing": "blue",
    "health": "turquoise", "police": "pink", "justice": "pink",
    "voluntary": "orange", "other": "orange", "national": "grey",
}  # fmt: skip
_SHAPES: dict[str, tuple[str, ...]] = {
    "blue": ("square", "diamond", "square-open", "diamond-tall", "cross"),
    "turquoise": ("circle", "pentagon", "octagon", "circle-x", "diamond-wide"),
    "pink": ("triangle-up", "triangle-down", "triangle-left", "triangle-right", "star-triangle-up"),
    "orange": ("hexagon", "star", "hexagram", "star-diamond", "star-square"),
    "grey": ("x", "cross-thin", "asterisk", "hash", "y-up"),
}
_FILLS = ("full", "tint", "thick")

MARKS: tuple[str, ...] = tuple(
    f"{hue} {_FILLS[min(i, 2)]} {shape}" for hue, shapes in _SHAPES.items() for i, shape in enumerate(shapes)
)


def assign_marks(agencies: Sequence[Agency]) -> tuple[Agency, ...]:
    """Give each agency without a mark the next free one of its sector's hue, in order of joining.

    The first agency of a hue is drawn full, the second in the tint with an outline, later ones in the tint
    with a thick outline. A mark once given is never given again, not even when its agency has left.

    Parameters
    ----------
    agencies : Sequence[Agency]
        All agencies the partnership ever had.

    Returns
    -------
    tuple[Agency, ...]
        The same agencies in the same order, each with a mark.

    Examples
    --------
    >>> a = assign_marks([Agency(id="A", code="COU", name="Council", sector="council"),
    ...                   Agency(id="B", code="SCH", name="Schools", sector="education")])
    >>> [x.mark for x in a]
    ['blue full square', 'blue tint diamond']
    """
    taken = {a.mark for a in agencies if a.mark}
    given: dict[str, str] = {}
    for agency in sorted(_unmarked(agencies), key=_order_of_joining):
        hue = _HUES[agency.sector]
        free = [m for m in MARKS if m.startswith(hue + " ") and m not in taken]
        mark = free[0] if free else f"{hue} thick {_SHAPES[hue][-1]}"
        taken.add(mark)
        given[agency.id] = mark
    return tuple(a.model_copy(update={"mark": given[a.id]}) if a.id in given else a for a in agencies)


def _unmarked(agencies: Iterable[Agency]) -> list[Agency]:
    return [a for a in agencies if not a.mark]


_SECTOR_ORDER = tuple(_HUES)


def _order_of_joining(agency: Agency) -> tuple[int, str, str]:
    joined = agency.joined_on.isoformat() if agency.joined_on else "9999"
    return (_SECTOR_ORDER.index(agency.sector), joined, agency.id)
