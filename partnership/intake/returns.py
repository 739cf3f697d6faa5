"""Other people's tables: the return of the UK Government Major Projects Portfolio, whatever its year.

One reader reads every year by rules about headings, orientation and values; see ``docs/returns.md``.
Departments come out as agencies outside the partnership, projects as work items with their owners, total
baseline benefits as benefits, and ratings, costs and benefits as readings at the return's position. Missing
values keep their kind and their words, none of them is zero, and totals over what can be seen are called
partial.

Source: Government Major Projects Portfolio data, GOV.UK transparency data, Open Government Licence v3.0.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership.errors import Finding, has_errors
from partnership.intake._gmpp_findings import of_doubts, of_table, refusal, warning
from partnership.intake._gmpp_layout import Project, Table, read_table, vocabulary_fit
from partnership.intake._gmpp_measures import BENEFITS, WHOLE_LIFE_COST
from partnership.intake._gmpp_records import Assembly
from partnership.intake._gmpp_units import scale_of, units_of
from partnership.intake._gmpp_year import Position, position_of_line, position_of_table
from partnership.intake._grid_files import read_sheets
from partnership.intake._grids import Sheet
from partnership.partners import Partnership
from partnership.plan import Batch, Skipped
from partnership.records import MISSING_KINDS, Record
from partnership.tables import frame, row_key

if TYPE_CHECKING:
    import polars as pl

__all__ = ["read_gmpp", "reconcile_gmpp", "summarise_gmpp"]

_ORDER = ("partnership", "agencies", "role_holders", "measures", "work_items", "benefits")


def read_gmpp(
    data: bytes, name: str, *, year: int | None = None, with_partnership: bool = False
) -> tuple[Batch | None, list[Finding]]:
    """Read a major projects return of any year.

    Parameters
    ----------
    data : bytes
        The file: text of any usual encoding and separator, or a workbook.
    name : str
        Its name; only shown, never used to decide anything.
    year : int, optional
        The year in which the return's financial year ends, where the return does not say its own year or is
        wrong.
    with_partnership : bool
        Also bring the one partnership row that a new store needs.

    Returns
    -------
    tuple[Batch | None, list[Finding]]
        None when the file holds no return at all. ``rows_read`` counts lines: rows below the headings, or
        columns beside them; every one is kept as a project or skipped with its reason.
    """
    sheets, findings = read_sheets(data, vocabulary_fit)
    tables = [t for s in sheets if not s.is_hidden and (t := read_table(s))]
    findings += _hidden(sheets)
    if not tables:
        if sheets:
            found = "No line holds the headings of a major projects return (project name, rating, costs …)."
            do = "Check that it is the return, and that its headings are still there."
            findings.append(refusal("gmpp-no-headings", "file", found, do))
        return None, findings
    assembly = Assembly(source=f"Government Major Projects Portfolio return ({name[:120]})")
    skipped: list[Skipped] = []
    for table in tables:
        more, lost = _take(table, assembly, year)
        findings += more
        skipped += [*table.skipped, *lost]
    findings = _together(findings) + of_doubts(assembly.doubts)
    read = sum(len(t.projects) + len(t.skipped) for t in tables)
    if with_partnership and read > len(skipped):
        assembly.add_record(_partnership(assembly))
    batch = Batch(
        frames=_frames(assembly),
        rows_read=read,
        rows_kept=read - len(skipped),
        rows_blank=sum(t.blank for t in tables),
        skipped=tuple(skipped),
        source_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        kind="gmpp",
    )
    if not batch.rows_kept and not has_errors(findings):
        do = "Check that it is the return itself and not its contents page."
        findings.append(refusal("gmpp-no-projects", "file", "The return holds no project.", do))
    return batch, findings


def _together(findings: Iterable[Finding]) -> list[Finding]:
    """Say once what holds for several sheets."""
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    firsts: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.severity, finding.found, finding.do)
        firsts.setdefault(key, finding)
        places[key].append(finding.place)
    return [replace(f, place=", ".join(dict.fromkeys(places[key]))) for key, f in firsts.items()]


def _hidden(sheets: Iterable[Sheet]) -> list[Finding]:
    hidden = [t for s in sheets if s.is_hidden and (t := read_table(s))]
    do = "Show the sheet in Excel and save the workbook, if it is to be read."
    return [
        warning(
            "gmpp-hidden-sheet",
            t.sheet.name.strip(),
            f"A hidden sheet holds {len(t.projects):,} projects; it was not read.",
            do,
        )
        for t in hidden
    ]


def _take(table: Table, assembly: Assembly, year: int | None) -> tuple[list[Finding], list[Skipped]]:
    """Take over the projects of one table."""
    common, findings = position_of_table(table, year)
    positions = [(p, _position(p, common, year)) for p in table.projects]
    by_day: dict[dt.date, list[Project]] = defaultdict(list)
    for project, position in positions:
        if position:
            by_day[position.on].append(project)
    scales = {day: scale_of(table.columns, projects) for day, projects in by_day.items()}
    assembly.units = units_of(table)
    assembly.scales = {day: scale for day, (scale, _) in scales.items()}
    skipped = []
    for project, position in positions:
        if position is None:
            skipped.append(Skipped(project.place, "Nothing says the year of the return."))
        elif reason := assembly.add(project, position):
            skipped.append(Skipped(project.place, reason))
    if any(position is None for _, position in positions):
        found = f"Nothing in the return says its year ({len(skipped):,} projects have none)."
        do = "Load it again with --year and the year in which the return's financial year ends."
        findings.append(refusal("gmpp-no-year", table.sheet.name.strip() or "file", found, do))
    own = any(position_of_line(p) for p, _ in positions[:50])
    if own and year is None:
        findings = [f for f in findings if f.code != "gmpp-year-inferred"]
    latest = max((p for _, p in positions if p), key=lambda p: p.on, default=None)
    return findings + of_table(table, assembly.units, latest, scales.values()), skipped


def _position(project: Project, common: Position | None, year: int | None) -> Position | None:
    """Return a line's own position, made exact by the return's of the same year; the year asked for wins."""
    own = None if year is not None else position_of_line(project)
    if own is None or (
        common is not None and not own.is_stated and common.year == own.year and common.is_stated
    ):
        return common
    return own


def _partnership(assembly: Assembly) -> Partnership:
    items: list[Any] = [r for r, _ in assembly.records["work_items"].values()]
    days = sorted(d for i in items for d in (i.starts_on, i.due_on) if d)
    latest = max(r.read_on for r, _ in assembly.readings if r.read_on)
    return Partnership(
        id="GMPP",
        name="Government Major Projects Portfolio",
        bhag="The projects deliver the benefits for which they were approved",
        plan_starts_on=days[0] if days else latest,
        plan_ends_on=max(days[-1], latest) if days else latest,
    )


def _frames(assembly: Assembly) -> dict[str, pl.DataFrame]:
    frames = {t: _framed(t, list(assembly.records[t].values())) for t in _ORDER if assembly.records.get(t)}
    if assembly.readings:
        frames["readings"] = _framed("readings", assembly.readings)
    return frames


def _framed(table: str, rows: Sequence[tuple[Record, int]]) -> pl.DataFrame:
    import polars as pl

    return frame([r for r, _ in rows], table).with_columns(
        pl.Series("row_key", [row_key(r) for r, _ in rows], dtype=pl.String),
        pl.Series("_row", [n for _, n in rows], dtype=pl.Int64),
    )


def summarise_gmpp(batch: Batch) -> list[dict[str, Any]]:
    """Add up what can be seen of whole-life cost and benefits, and count what cannot.

    Parameters
    ----------
    batch : Batch
        What :func:`read_gmpp` returned.

    Returns
    -------
    list[dict]
        One entry for each figure and position: ``title``, ``measure_id``, ``position`` (day), ``rows``,
        ``numeric``, ``visible_gbp`` (Decimal pounds) and ``visible`` (the same in words), ``negative``,
        ``missing`` (kind to count) and ``partial`` (True when any is missing: the sum is then not the
        portfolio's total).
    """
    import polars as pl

    readings = batch.frames.get("readings")
    if readings is None:
        return []
    titles = dict(batch.frames["measures"].select("id", "name").iter_rows())
    summed = readings.filter(
        pl.col("measure_id").str.starts_with(WHOLE_LIFE_COST) | pl.col("measure_id").str.starts_with(BENEFITS)
    )
    out = []
    for (measure_id, day), group in sorted(
        summed.partition_by("measure_id", "read_on", as_dict=True).items()
    ):
        values = [v for v in group["value"] if v is not None]
        visible = sum(values, Decimal(0)).quantize(Decimal("0.01"))
        missing = {kind: int((group["missing"] == kind).sum()) for kind in MISSING_KINDS}
        out.append(
            {
                "title": titles[measure_id],
                "measure_id": measure_id,
                "position": day,
                "rows": group.height,
                "numeric": len(values),
                "visible_gbp": visible,
                "visible": f"£{visible / 1_000_000:,.2f}m",
                "negative": sum(v < 0 for v in values),
                "missing": missing,
                "partial": any(missing.values()),
            }
        )
    return out


def reconcile_gmpp(batch: Batch, stored: Mapping[str, pl.DataFrame]) -> Batch:
    """Fit a return to what is stored, so that returns can be loaded in any order.

    A project without a published number takes the id under which a project of the same name is stored.
    Departments, projects, owners and benefits that are stored from a later position are left as they are: a
    benefit keeps the newest return's value. Readings are by position and all stay. A department whose code
    another agency has takes another code.

    Parameters
    ----------
    batch : Batch
        What :func:`read_gmpp` returned.
    stored : Mapping[str, polars.DataFrame]
        Stored tables by name, as ``Store.table`` gives them.

    Returns
    -------
    Batch
        The batch with ids, codes and older rows settled; its counts do not change.
    """
    from partnership.intake._gmpp_merge import merged

    return merged(batch, stored)
