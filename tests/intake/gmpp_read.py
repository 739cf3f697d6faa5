"""Reading a major projects return, and what is expected of it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import polars as pl
from returns_made import (
    IPA_2018,
    IPA_2021,
    IPA_2022,
    MPA_2014,
    NISTA_2025,
    Dialect,
    accounting,
    is_money,
    pounds_bare,
    pounds_m,
    real_projects,
)

from partnership.errors import Finding, has_errors
from partnership.intake._return_values import read_rating
from partnership.intake.returns import read_gmpp
from partnership.plan import Batch

PROJECTS = real_projects()


MILLION = Decimal(1_000_000)


def read(data: bytes, **more: Any) -> Batch:
    batch, findings = read_gmpp(data, "a return.csv", **more)
    assert batch is not None, findings
    assert not has_errors(findings), [str(f) for f in findings]
    return batch


def codes(findings: list[Finding]) -> set[str]:
    return {f.code for f in findings}


def by_title(batch: Batch, measure: str) -> dict[str, tuple[Any, Any, Any]]:
    """Project's title -> value, missing, label of one measure."""
    titles = dict(batch.frames["work_items"].select("id", "title").iter_rows())
    rows = batch.frames["readings"].filter(pl.col("measure_id").str.starts_with(measure))
    return {
        titles[i]: (v, m, lab)
        for i, v, m, lab in rows.select("item_id", "value", "missing", "label").iter_rows()
    }


def expected_money(name: str) -> dict[str, Decimal | None]:
    return {p["name"]: Decimal(p[name]) * MILLION if is_money(p[name]) else None for p in PROJECTS}


FIVE_POINT = ("Green", "Amber/Green", "Amber", "Amber/Red", "Red")


def five_point(i: int, project: dict[str, Any]) -> dict[str, Any]:
    if project["central"] and read_rating(project["central"]) is None:
        return project
    return {**project, "central": FIVE_POINT[i % 5]}


OLD = [five_point(i, p) for i, p in enumerate(PROJECTS)]


TITLE = [["Government Major Projects Portfolio data, September 2017"], []]


NOTES = [[], ["* Figures include non-government costs."], ["Source: departments"]]


DIALECTS = {
    "mpa-2014-transposed": (
        Dialect(MPA_2014, flipped=True, encoding="cp1252", money=pounds_m),
        OLD,
        (2014, 3),
    ),
    "mpa-2014-bare-pounds": (
        Dialect(MPA_2014, flipped=True, money=pounds_bare, date="%d.%m.%y"),
        OLD,
        (2014, 3),
    ),
    "mpa-2014-across": (
        Dialect(MPA_2014, separator=";", encoding="cp1252", money=accounting),
        OLD,
        (2014, 3),
    ),
    "ipa-2018-titled": (
        Dialect(IPA_2018, flipped=True, encoding="utf-16", above=TITLE, below=NOTES),
        OLD,
        (2017, 9),
    ),
    "ipa-2018-iso-dates": (Dialect(IPA_2018, flipped=True, separator="\t", date="%Y-%m-%d"), OLD, (2018, 3)),
    "ipa-2021": (Dialect(IPA_2021, encoding="utf-8-sig", date="%d %B %Y", below=NOTES[1:]), OLD, (2023, 3)),
    "ipa-2022-transposed": (Dialect(IPA_2022, flipped=True, encoding="utf-16-le"), PROJECTS, (2023, 3)),
    "nista-2025": (Dialect(NISTA_2025, separator="\t", date="%d-%b-%Y"), PROJECTS, (2023, 3)),
}


def written(rows: list[list[str]], separator: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode()
