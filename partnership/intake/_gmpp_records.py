"""From the cells of a return to records: departments, projects, owners, benefits, measures and readings.

Every figure becomes pounds as an exact decimal; every cell that holds no figure becomes a kind of missing
with its words.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from partnership.benefits import Benefit, Reading
from partnership.blueprint import WorkItem
from partnership.errors import shown
from partnership.goals import Measure
from partnership.intake._gmpp_bodies import department, item_id_of_name, item_id_of_number
from partnership.intake._gmpp_layout import Project
from partnership.intake._gmpp_measures import measure
from partnership.intake._gmpp_units import Units
from partnership.intake._gmpp_year import Position
from partnership.intake._return_values import (
    FIVE_POINT,
    THREE_POINT,
    Missing,
    is_blank,
    missing_kind,
    read_day,
    read_number,
    read_rating,
    words,
)
from partnership.money import round_pounds
from partnership.partners import Agency, RoleHolder
from partnership.periods import name_day
from partnership.records import Record

__all__ = ["Assembly", "Doubt"]

_TITLE, _NOTES = 300, 5000
_LARGEST = Decimal(10) ** 12
_FINEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing a reader was not sure of: what kind of thing, where, and the words."""

    code: str
    place: str
    text: str


@dataclass(slots=True)
class Assembly:
    """Records as they are made, each with the line it came from; a project's later position outweighs."""

    source: str
    units: Units = field(default_factory=Units)
    scales: Mapping[dt.date, str] = field(default_factory=dict)
    records: dict[str, dict[str, tuple[Record, int]]] = field(default_factory=lambda: defaultdict(dict))
    readings: list[tuple[Reading, int]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)
    _lines: dict[tuple[str, dt.date], Project] = field(default_factory=dict)
    _known_on: dict[str, dt.date] = field(default_factory=dict)

    def add(self, project: Project, position: Position) -> str:
        """Take over one project; returns why it was not, empty when it was."""
        name = project.words("name") or project.words("id")
        item, reason = self._identify(project, name, position.on)
        if reason:
            return reason
        agency = self._department(project)
        starts, ends, status = self._dates(project)
        is_latest = self._known_on.get(item, dt.date.min) <= position.on
        scale = self.scales.get(position.on, "three-point")
        ratings = list(self._ratings(project, scale))
        if is_latest:
            self._known_on[item] = position.on
            self._put(self._item(project, item, name, agency, starts, ends, ratings, status), project)
            self._put(self._owner(project, item, name, agency), project)
        for rater, label, value, missing in ratings:
            self._read(project, item, position, measure(f"{rater}-{scale}"), value, missing, label)
        self._money(project, item, position)
        if "benefits" in project.columns:
            self._benefit(project, item, name, position, is_latest=is_latest)
        return ""

    def add_record(self, record: Record) -> None:
        """Put a record that no line of the return holds, such as the partnership."""
        from partnership.tables import record_type, row_key

        self.records[record_type(type(record)).table][row_key(record)] = (record, 0)

    def _put(self, record: Record, project: Project) -> None:
        from partnership.tables import record_type, row_key

        self.records[record_type(type(record)).table][row_key(record)] = (record, project.number)

    def _doubt(self, code: str, project: Project, text: str) -> None:
        self.doubts.append(Doubt(code, project.place, text))

    # --- who and what

    def _identify(self, project: Project, name: str, on: dt.date) -> tuple[str, str]:
        """Return the project's id; and a reason when the line adds nothing to an earlier one."""
        published = item_id_of_number(project.cells.get("id"))
        item = published or item_id_of_name(name)
        if not published and not is_blank(project.cells.get("id")):
            self._doubt("gmpp-project-number", project, f"{shown(project.words('id'))}: {shown(name)}")
        original, turn = item, 1
        while (earlier := self._lines.get((item, on))) is not None:
            if _same_project(earlier, project):
                same = {k: words(v) for k, v in earlier.cells.items()} == {
                    k: words(v) for k, v in project.cells.items()
                }
                if same:
                    return item, f"It says the same as {earlier.place}: {shown(name)}."
                self._doubt("gmpp-project-twice", project, f"{shown(name)} ({item}), also {earlier.place}")
                return (
                    item,
                    f"A second line for {shown(name)} that differs from {earlier.place}, which was kept.",
                )
            turn += 1
            item = f"{original}-{turn}"
        if turn > 1:
            self._doubt("gmpp-number-twice", project, f"{original}: {shown(name)} is kept as {item}")
        self._lines[item, on] = project
        return item, ""

    def _department(self, project: Project) -> str | None:
        found = department(project.cells.get("department")) or department(
            project.words("id").split("_")[0] or None
        )
        if found is None:
            self._doubt("gmpp-no-department", project, shown(project.words("name")))
            return None
        code, name = found
        turn = 1
        while self._names.setdefault(code, name).casefold() != name.casefold():
            turn += 1
            code = f"{found[0][:4]}{turn}"
        agency = Agency(id=f"GOV-{code}", code=code, name=name[:_TITLE], sector="national", duty="outside")
        if agency.id not in self.records["agencies"]:
            self._put(agency, project)
        return agency.id

    def _owner(self, project: Project, item: str, name: str, agency: str | None) -> RoleHolder:
        holder = project.words("owner_name")
        if agency is None:
            agency = self._unnamed()
        return RoleHolder(
            id=f"{item}.owner",
            agency_id=agency,
            role=f"Senior responsible owner, {name}"[:_TITLE],
            holder=holder[:_TITLE] if holder and missing_kind(holder).known is False else None,
        )

    def _unnamed(self) -> str:
        self.add_record(
            Agency(
                id="GOV-NONE", code="NONE", name="Department not stated", sector="national", duty="outside"
            )
        )
        return "GOV-NONE"

    def _dates(self, project: Project) -> tuple[dt.date | None, dt.date | None, list[str]]:
        days: dict[str, dt.date | None] = {}
        status = []
        for name, said in (("start", "Start date"), ("end", "End date")):
            cell = project.cells.get(name)
            days[name], doubt = read_day(cell, last_of_month=name == "end")
            if doubt:
                self._doubt(
                    f"gmpp-date-{doubt.replace(' ', '-')}", project, f"{said.lower()} {shown(words(cell))}"
                )
            if days[name] is None and name in project.columns:
                gone = missing_kind(cell)
                if not gone.known:
                    self._doubt("gmpp-unknown-words", project, f"{said.lower()} {shown(gone.note)}")
                status.append(f"{said}: {gone.kind}" + (f" ({gone.note})" if gone.note else ""))
        if days["start"] and days["end"] and days["end"] < days["start"]:
            words_ = f"{name_day(days['start'])} to {name_day(days['end'])}"
            self._doubt("gmpp-dates-reversed", project, words_)
            status.append(f"End date as published is before the start ({words_})")
            days["end"] = None
        return days["start"], days["end"], status

    def _item(
        self,
        project: Project,
        item: str,
        name: str,
        agency: str | None,
        starts: dt.date | None,
        ends: dt.date | None,
        ratings: list[Any],
        status: list[str],
    ) -> WorkItem:
        said = [
            f"{label or (missing.note or missing.kind)} ({rater} rating)"
            for rater, label, _, missing in ratings
            if label or missing
        ]
        return WorkItem(
            id=item,
            title=self._cut(project, name, _TITLE),
            description=self._cut(project, words_of_paragraphs(project.cells.get("description")), _NOTES)
            or None,
            theme=project.words("category")[:_TITLE] or None,
            lead_agency_id=agency,
            starts_on=starts,
            due_on=ends,
            status="; ".join([*said, *status])[:_TITLE] or None,
        )

    def _cut(self, project: Project, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        self._doubt("gmpp-text-cut", project, shown(text, 40))
        return f"{text[: longest - 1]}…"

    # --- ratings

    def _ratings(
        self, project: Project, scale: str
    ) -> Iterator[tuple[str, str | None, Decimal | None, Missing | None]]:
        """Yield rater, label, place on the scale and kind of missing.

        Where one of two raters gave a rating, the other was not asked: its blank is no missing value.
        """
        raters = [r for r in ("central", "owner") if f"{r}_rating" in project.columns]
        filled = [r for r in raters if not is_blank(project.cells.get(f"{r}_rating"))]
        for rater in filled or raters[:1]:
            cell = project.cells.get(f"{rater}_rating")
            label, ladder = read_rating(cell), FIVE_POINT if scale == "five-point" else THREE_POINT
            if label in ladder:
                yield rater, label, Decimal(ladder.index(label) + 1), None
            elif label is not None:
                self._doubt("gmpp-off-scale", project, f"{label} on the {scale} scale")
                yield rater, label, None, None
            elif words(cell).casefold().startswith("reset"):
                yield rater, words(cell)[:_TITLE], None, None
            else:
                gone = missing_kind(cell)
                if not gone.known:
                    self._doubt("gmpp-unknown-words", project, f"{rater} rating {shown(gone.note)}")
                yield rater, None if is_blank(cell) else words(cell)[:_TITLE], None, gone

    # --- money

    def _money(self, project: Project, item: str, position: Position) -> None:
        for name in ("year_baseline", "year_forecast", "variance_gbp", "whole_life_cost", "benefits"):
            if name in project.columns:
                amount, missing, label = self.amount(project, name)
                prices = project.columns[name].heading.price_year
                self._read(project, item, position, measure(name, prices), amount, missing, label)
        if "variance" in project.columns:
            value, missing, label = self._variance(project)
            self._read(project, item, position, measure("variance"), value, missing, label)

    def amount(self, project: Project, name: str) -> tuple[Decimal | None, Missing | None, str | None]:
        """Return a cell in pounds, or the kind of missing and a label where it is nearly a figure."""
        cell = project.cells.get(name)
        number = read_number(self.units.pointed(cell))
        if number is None or number.is_percent:
            return None, *self._no_figure(project, name, cell)
        pounds = number.value * (number.scale or self.units.of(project.columns[name]))
        if abs(pounds) >= _LARGEST:
            self._doubt(
                "gmpp-too-large",
                project,
                f"{name.replace('_', ' ')} {shown(words(cell))} would be £{pounds:,.0f}",
            )
            return None, Missing("not provided", words(cell)), words(cell)[:_TITLE]
        return pounds.quantize(_FINEST, rounding=ROUND_HALF_UP), None, None

    def _variance(self, project: Project) -> tuple[Decimal | None, Missing | None, str | None]:
        cell = project.cells.get("variance")
        number = read_number(cell)
        if number is None:
            return None, *self._no_figure(project, "variance", cell)
        factor = Decimal(1) if number.is_percent else self.units.variance_factor
        value = number.value * factor
        if abs(value) >= _LARGEST:
            return None, *self._no_figure(project, "variance", cell)
        return value.quantize(_FINEST, rounding=ROUND_HALF_UP), None, None

    def _no_figure(self, project: Project, name: str, cell: Any) -> tuple[Missing, str | None]:
        gone = missing_kind(cell)
        if gone.known:
            return gone, None
        text = gone.note or ""
        digits = sum(c.isdigit() for c in text)
        code = "gmpp-not-a-figure" if digits and 3 * digits >= len(text) / 2 else "gmpp-unknown-words"
        self._doubt(code, project, f"{name.replace('_', ' ')} {shown(text)}")
        return gone, text[:_TITLE]

    def _benefit(
        self, project: Project, item: str, name: str, position: Position, *, is_latest: bool
    ) -> None:
        amount, missing, _ = self.amount_quietly(project)
        prices = project.columns["benefits"].heading.price_year
        pounds = None if amount is None else round_pounds(amount)
        has_figure = amount is not None or (missing is not None and missing.kind == "withheld")
        if not is_latest:
            return
        text = words_of_paragraphs(project.cells.get("benefits_note"))
        benefit = Benefit(
            id=f"{item}.benefits",
            title=f"Benefits of {name}"[:_TITLE],
            description=self._cut(project, text, _NOTES) or None,
            item_ids=(item,),
            measure_id=measure("benefits", prices).id,
            category="economic",
            benefit_class="quantified" if has_figure else "qualitative",
            is_disbenefit=pounds is not None and pounds < 0,
            owner_role_id=f"{item}.owner",
            baseline_on=position.on,
            baseline_source=self.source[:_TITLE],
            whole_life_gbp=pounds,
            whole_life_missing=missing.kind if missing else None,
            price_base="nominal" if prices is None else "real",
            price_year=prices or None,
            status=(f"{missing.kind}: {missing.note}"[:_TITLE] if missing and missing.note else None),
        )
        self._put(benefit, project)

    def amount_quietly(self, project: Project) -> tuple[Decimal | None, Missing | None, str | None]:
        """Return the benefits' amount without saying a second time what is doubtful about it."""
        before = len(self.doubts)
        found = self.amount(project, "benefits")
        del self.doubts[before:]
        return found

    def _read(
        self,
        project: Project,
        item: str,
        position: Position,
        of: Measure,
        value: Decimal | None,
        missing: Missing | None,
        label: str | None,
    ) -> None:
        self.records["measures"].setdefault(of.id, (of, 0))
        reading = Reading(
            measure_id=of.id,
            item_id=item,
            period=position.on.replace(day=1),
            value=value,
            label=label,
            missing=missing.kind if missing else None,
            missing_note=missing.note[:_TITLE] if missing and missing.note else None,
            source=self.source[:_TITLE],
            read_on=position.on,
        )
        self.readings.append((reading, project.number))


def _same_project(one: Project, other: Project) -> bool:
    """Tell whether two lines with one id are one project: the same name and no different department."""
    names = {(p.words("name") or p.words("id")).casefold() for p in (one, other)}
    bodies = {found[0] for p in (one, other) if (found := department(p.cells.get("department")))}
    is_withheld = any(missing_kind(n).known and missing_kind(n).kind == "withheld" for n in names)
    return len(names) == 1 and len(bodies) <= 1 and not is_withheld


def words_of_paragraphs(cell: Any) -> str:
    """Return a long text with its paragraphs kept, each as one line."""
    if not isinstance(cell, str):
        return words(cell)
    return "\n".join(line for part in cell.splitlines() if (line := words(part)))
